//! A model behind steps that prepare the data.

use super::{Checkpoint, Fitted, Model, Step, Transform};
use crate::context::Context;
use crate::dataset::{Key, Table};
use crate::seed::Seed;
use std::sync::Arc;

/// A model that sees the data through steps, each learned from the training rows as the step before left them.
pub struct Pipeline {
    steps: Vec<Box<dyn Step>>,
    model: Box<dyn Model>,
}

impl Pipeline {
    /// `model` behind `steps`.
    pub fn new(steps: Vec<Box<dyn Step>>, model: Box<dyn Model>) -> Pipeline {
        Pipeline { steps, model }
    }

    /// The training rows as the model sees them, and how others become so.
    fn prepare(&self, train: &Table) -> Result<(Option<Arc<Table>>, Vec<Learned>), String> {
        let (mut table, mut learned): (Option<Arc<Table>>, Vec<Learned>) = (None, Vec::new());
        for step in &self.steps {
            let step = Learned::of(&**step, table.as_deref().unwrap_or(train))?;
            table = Some(step.train.clone());
            learned.push(step);
        }
        Ok((table, learned))
    }
}

impl Model for Pipeline {
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let (table, steps) = self.prepare(train)?;
        let model = self
            .model
            .fit(table.as_deref().unwrap_or(train), fidelity, seed, context)?;
        Ok(Prepared::boxed(steps, model))
    }

    fn fit_predict(
        &self,
        train: &Table,
        tables: &[&Table],
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Vec<Vec<f64>>, f64), String> {
        let (table, steps) = self.prepare(train)?;
        let behind: Result<Vec<_>, String> = tables.iter().map(|table| through(&steps, table)).collect();
        let behind = behind?;
        let tables: Vec<&Table> = behind
            .iter()
            .zip(tables)
            .map(|(behind, table)| behind.as_deref().unwrap_or(table))
            .collect();
        let train = table.as_deref().unwrap_or(train);
        let (predicted, cost) = self.model.fit_predict(train, &tables, fidelity, seed, context)?;
        Ok((predicted, cost + values(&steps)))
    }

    fn fit_share(&self, fewer: &Table, all: usize, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let (table, steps) = self.prepare(fewer)?;
        let model = self
            .model
            .fit_share(table.as_deref().unwrap_or(fewer), all, seed, context)?;
        Ok(Prepared::boxed(steps, model))
    }

    fn resume(
        &self,
        from: &Checkpoint,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        let (table, steps) = self.prepare(train)?;
        let train = table.as_deref().unwrap_or(train);
        let model = self.model.resume(from, train, fidelity, seed, context)?;
        Ok(Prepared::boxed(steps, model))
    }

    /// Those of the model: what it has learned belongs to the data behind the steps.
    fn changeable(&self) -> Vec<String> {
        self.model.changeable()
    }

    fn stages(&self) -> Option<(&'static str, u32)> {
        self.model.stages()
    }

    fn differentiable(&self) -> Vec<String> {
        self.model.differentiable()
    }

    fn hypergradient(
        &self,
        train: &Table,
        validate: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Box<dyn Fitted>, Vec<f64>), String> {
        let (table, steps) = self.prepare(train)?;
        let rows = through(&steps, validate)?;
        let (train, validate) = (table.as_deref().unwrap_or(train), rows.as_deref().unwrap_or(validate));
        let (model, slopes) = self.model.hypergradient(train, validate, fidelity, seed, context)?;
        Ok((Prepared::boxed(steps, model), slopes))
    }
}

/// A step that has learned, with the training rows behind it.
#[derive(Clone)]
struct Learned {
    transform: Arc<dyn Transform>,
    train: Arc<Table>,
    /// The table it learned from, where it has a name.
    of: Option<u64>,
    /// What other tables remember their rows behind the step by, where that has a name.
    key: Option<Key>,
}

impl Learned {
    /// The step learned from `train`, or remembered: models of one fold share it, and what they remember of its rows.
    fn of(step: &dyn Step, train: &Table) -> Result<Learned, String> {
        let key = step.key();
        if let Some(known) = train.recall::<Learned>(&key) {
            return Ok((*known).clone());
        }
        let transform: Arc<dyn Transform> = step.fit(train)?.into();
        let (name, [a, b, c, d, e, f, g, _]) = key;
        let behind = behind(&*transform, train)?;
        let learned = Learned {
            transform,
            train: Arc::new(if train.id().is_some() {
                behind.remembering()
            } else {
                behind
            }),
            of: train.id(),
            key: train.id().map(|id| (name, [a, b, c, d, e, f, g, id + 1])),
        };
        train.remember(key, Arc::new(learned.clone()), learned.train.bytes());
        Ok(learned)
    }

    /// The rows of `x` behind the step.
    fn apply(&self, x: &Table) -> Result<Arc<Table>, String> {
        if x.id().is_some() && x.id() == self.of {
            return Ok(self.train.clone());
        }
        if let Some(known) = self.key.as_ref().and_then(|key| x.recall::<Table>(key)) {
            return Ok(known);
        }
        let table = behind(&*self.transform, x)?;
        match self.key.filter(|_| x.id().is_some()) {
            None => Ok(Arc::new(table)),
            Some(key) => {
                let table = Arc::new(table.remembering());
                x.remember(key, table.clone(), table.bytes());
                Ok(table)
            }
        }
    }
}

fn behind(transform: &dyn Transform, x: &Table) -> Result<Table, String> {
    let (values, features) = transform.apply(x);
    let behind = x.with_features(values, features)?;
    Ok(match x.names() {
        Some(names) => {
            let name = |f| transform.origin(f).and_then(|from| names.get(from).cloned());
            behind.named((0..features).map(|f| name(f).unwrap_or_default()).collect())
        }
        None => behind,
    })
}

/// The rows of `x` behind all steps; `None` if there are no steps.
fn through(steps: &[Learned], x: &Table) -> Result<Option<Arc<Table>>, String> {
    let mut table: Option<Arc<Table>> = None;
    for step in steps {
        table = Some(step.apply(table.as_deref().unwrap_or(x))?);
    }
    Ok(table)
}

/// A fitted model and the steps before it.
struct Prepared {
    steps: Vec<Learned>,
    model: Box<dyn Fitted>,
    cost: f64,
}

/// Values that the steps have looked at.
fn values(steps: &[Learned]) -> f64 {
    steps.iter().map(|step| step.train.x().len()).sum::<usize>() as f64
}

impl Prepared {
    fn boxed(steps: Vec<Learned>, model: Box<dyn Fitted>) -> Box<dyn Fitted> {
        Box::new(Prepared {
            cost: model.cost() + values(&steps),
            steps,
            model,
        })
    }
}

impl Fitted for Prepared {
    /// Not a number throughout where a row does not come through the steps as finite numbers.
    fn predict(&self, x: &Table) -> Vec<f64> {
        match through(&self.steps, x) {
            Ok(table) => self.model.predict(table.as_deref().unwrap_or(x)),
            Err(_) => vec![f64::NAN; x.rows() * x.classes()],
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        self.model.checkpoint()
    }

    fn cost(&self) -> f64 {
        self.cost
    }
}
