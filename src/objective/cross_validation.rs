//! The cross-validated score of a model on a data set.

use super::checkpoints::{Checkpoints, Leg, trail};
use super::{Clock, Objective, Task, TestScore, Told, judge, learning, one_by_one};
use crate::context::Context;
use crate::dataset::{Cv, Dataset, Fold, Metric, Split, Table};
use crate::model::{Checkpoint, Fitted, Model, STOPPED};
use crate::protocol::Judged;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space};
use crate::trial::{Direction, Need, Outcome, Score};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Makes a model of a configuration: an entry's `build`, or a choice between several.
pub type BuildModel = Arc<dyn Fn(&Config) -> Result<Box<dyn Model>, String> + Send + Sync>;

/// Trains and scores a model on every fold of the training rows; the rows that the split holds out are left for [`Objective::test`].
///
/// Common random numbers: split, folds and the seed of every fit come from the study seed, the fold and the repetition, never from the
/// trial. The same configuration scores the same wherever it appears, and comparisons are paired.
pub struct CrossValidation {
    build: BuildModel,
    /// What the model is called in messages.
    model: String,
    space: Arc<Space>,
    metric: &'static Entry<Metric>,
    seed: Seed,
    train: Arc<Table>,
    held_out: Table,
    facts: Facts,
    folds: Vec<Fold>,
    /// The folds' tables, unless they are so many that they would fill the memory.
    tables: Vec<(Table, Table)>,
    /// Whether a share of the effort is a share of the training rows, rather than of the model's own trees or epochs.
    by_rows: bool,
    /// Results of the folds that are done, of configurations evaluated fold by fold and not finished yet.
    begun: Mutex<BTreeMap<String, Vec<Scores>>>,
    /// What the models of unfinished configurations have learned.
    checkpoints: Checkpoints,
}

/// Validation score, training score and cost of one fold.
type Scores = [f64; 3];

/// A leg and the model that it trains.
type Staffed<'a> = (Leg<'a>, Box<dyn Model>);

/// What training and scoring one fold gave.
struct Part {
    scores: Scores,
    /// How the score changes with each of the model's differentiable settings, where that was asked for.
    slopes: Vec<f64>,
    /// Where to go on from, if there is more to come.
    checkpoint: Option<Checkpoint>,
}

/// A task, made ready for its folds.
struct Plan<'a> {
    task: &'a Task<'a>,
    /// What is left of its trail, with a model each.
    legs: Vec<Staffed<'a>>,
    trail: Vec<Leg<'a>>,
    /// Where every fold goes on from.
    from: Option<Arc<Vec<Checkpoint>>>,
}

/// What there is to learn from, in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Rows of the data set.
    pub rows: usize,
    /// Features of every row.
    pub features: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Names of the features.
    pub feature_names: Vec<String>,
    /// Rows that trials see.
    pub train_rows: usize,
    /// Rows that only the test sees.
    pub test_rows: usize,
    /// Whether the test's rows are a fresh draw of a generated problem rather than rows held out.
    pub fresh_test: bool,
    /// Fits per configuration.
    pub fits: usize,
}

/// Why there is no such objective, and which word of a study is to blame: `data`, `split` or `cv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The word.
    pub key: &'static str,
    /// Why, and what is accepted.
    pub why: String,
}

impl Unfit {
    fn of(key: &'static str) -> impl Fn(String) -> Unfit {
        move |why| Unfit { key, why }
    }
}

/// Rows of a fresh draw: enough for an accuracy near 0.9 to be known within 0.01.
const FRESH_ROWS: usize = 4000;

/// Rows in a picture of decisions at most.
const MOST_SHOWN: usize = 600;

/// More values than this in all folds' tables together are not kept.
const MOST_KEPT: usize = 4 << 20;

impl CrossValidation {
    /// What a task's model is trained by with the whole effort.
    fn whole<'a>(&self, task: &'a Task<'a>) -> Result<Vec<Staffed<'a>>, String> {
        let own = (self.build)(&task.job.config)?;
        let mut legs = Vec::new();
        for leg in trail(task, &own.changeable()) {
            legs.push((leg, (self.build)(leg.config)?));
        }
        if let Some((leg, _)) = legs.last_mut() {
            leg.until = 1.0;
        }
        Ok(legs)
    }

    /// What a task's model says of each table's rows, after training on all rows that trials see, with the whole effort.
    fn finally(&self, task: &Task, tables: &[&Table], context: &Context) -> Result<Vec<Vec<f64>>, String> {
        let legs = self.whole(task)?;
        let seed = self.seed.derive("final", 0);
        match &legs[..] {
            [(leg, model)] => Ok(model.fit_predict(&self.train, tables, leg.until, seed, context)?.0),
            legs => {
                let fitted = train_along(legs, None, &self.train, seed, context)?;
                Ok(tables.iter().map(|table| fitted.predict(table)).collect())
            }
        }
    }

    /// An objective over `space` whose models `build` makes. Without a `split` every row of the data set is for trials.
    ///
    /// # Errors
    /// If the split or the folds cannot be drawn from the data.
    pub fn new(
        dataset: &Dataset,
        build: BuildModel,
        space: Arc<Space>,
        split: Option<Split>,
        cv: Cv,
        metric: &'static Entry<Metric>,
        seed: Seed,
    ) -> Result<CrossValidation, Unfit> {
        let all = &dataset.rows;
        let names = &dataset.class_names;
        let parts = match split {
            Some(split) => split
                .draw(all, names, seed.derive("split", 0))
                .map_err(Unfit::of("split"))?,
            None => Fold {
                train: (0..all.rows()).collect(),
                validate: Vec::new(),
                replicate: 0,
            },
        };
        let train = all.select(&parts.train).named(dataset.feature_names.clone());
        let held_out = match &dataset.fresh {
            Some(fresh) => fresh.draw(FRESH_ROWS).map_err(Unfit::of("data"))?,
            None => all.select(&parts.validate),
        };
        let folds = cv
            .draw(&train, names, seed.derive("folds", 0))
            .and_then(|folds| meets_metric(&folds, &train, metric).map(|()| folds))
            .map_err(Unfit::of("cv"))?;
        let facts = Facts {
            rows: all.rows(),
            features: all.features(),
            classes: names.clone(),
            feature_names: dataset.feature_names.clone(),
            train_rows: train.rows(),
            test_rows: held_out.rows(),
            fresh_test: dataset.fresh.is_some(),
            fits: folds.len(),
        };
        let kept = folds.len() * train.x().len() <= MOST_KEPT;
        let tables = |fold: &Fold| {
            let part = |rows: &[usize]| train.select(rows).remembering();
            (part(&fold.train), part(&fold.validate))
        };
        let tables = if kept {
            folds.iter().map(tables).collect()
        } else {
            Vec::new()
        };
        Ok(CrossValidation {
            build,
            model: "this model".into(),
            space,
            metric,
            seed,
            train: Arc::new(train),
            held_out,
            facts,
            folds,
            tables,
            by_rows: false,
            begun: Mutex::default(),
            checkpoints: Checkpoints::default(),
        })
    }

    /// This objective with fidelity as the share of the training rows: of every class the first rows of one fixed shuffle, so that more
    /// effort sees all the rows that less effort saw. At full fidelity nothing changes.
    #[must_use]
    pub fn by_rows(mut self) -> CrossValidation {
        self.by_rows = true;
        self
    }

    /// This objective with its model's name, for messages.
    #[must_use]
    pub fn called(mut self, model: &str) -> CrossValidation {
        self.model = model.to_string();
        self
    }

    /// This objective without memory: every fit from nothing. The same results, later.
    #[must_use]
    pub fn forgetful(mut self) -> CrossValidation {
        if !self.tables.is_empty() {
            self.tables = self.folds.iter().map(|fold| self.select(fold)).collect();
        }
        self
    }

    /// Rows, features, classes.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// `done`, completed to the first `wanted` folds.
    fn score_folds(
        &self,
        task: &Task,
        mut done: Vec<Scores>,
        wanted: usize,
        context: &Context,
    ) -> Result<Vec<Scores>, String> {
        let leg = Leg {
            config: &task.job.config,
            until: 1.0,
        };
        let plan = Plan {
            task,
            legs: vec![(leg, (self.build)(leg.config)?)],
            trail: Vec::new(),
            from: None,
        };
        let first = done.len();
        let results: Vec<Result<Part, String>> = (first..wanted)
            .into_par_iter()
            .map(|index| self.fold(index, &plan, context))
            .collect();
        if context.stopped() {
            return Err(STOPPED.into());
        }
        for (i, result) in results.into_iter().enumerate() {
            let part = result.map_err(|why| format!("fold {}: {why}", first + i + 1))?;
            done.push(part.scores);
        }
        Ok(done)
    }

    /// A task's models, and how far their work is done already.
    fn plan<'a>(&self, task: &'a Task<'a>) -> Result<Plan<'a>, String> {
        let own = (self.build)(&task.job.config)?;
        let trail = trail(task, &own.changeable());
        // Another share of the rows is another training set; and a hypergradient is of the whole training.
        let fresh = task.need == Need::Gradient || self.by_rows && task.job.fidelity < 1.0;
        let (first, from) = match self.checkpoints.farthest(&trail) {
            Some((leg, set)) if !fresh => (leg, Some(set)),
            _ => (0, None),
        };
        let (last, before) = trail.split_last().ok_or("there is nothing to train")?;
        let mut legs = Vec::with_capacity(trail.len() - first);
        for leg in before.iter().skip(first) {
            legs.push((*leg, (self.build)(leg.config)?));
        }
        legs.push((*last, own));
        Ok(Plan {
            task,
            legs,
            trail,
            from,
        })
    }

    fn select(&self, fold: &Fold) -> (Table, Table) {
        (self.train.select(&fold.train), self.train.select(&fold.validate))
    }

    /// The seed of a fold's fit.
    fn seed(&self, index: usize) -> Seed {
        let per_replicate = self.folds.len() as u64 / (self.folds.last().map_or(0, |f| f.replicate) + 1);
        self.seed
            .derive("fit", index as u64 % per_replicate.max(1))
            .derive("replicate", self.folds[index].replicate)
    }

    fn fold(&self, index: usize, plan: &Plan, context: &Context) -> Result<Part, String> {
        if context.stopped() {
            return Err(STOPPED.into());
        }
        let made;
        let (train, validate) = match self.tables.get(index) {
            Some(tables) => tables,
            None => {
                made = self.select(&self.folds[index]);
                &made
            }
        };
        let seed = self.seed(index);
        let from = plan.from.as_ref().and_then(|set| set.get(index));
        let unfinished = plan.trail.last().is_some_and(|leg| leg.until < 1.0) && !self.by_rows;
        let tables = [validate, train];
        let of = |fitted: Box<dyn Fitted>| {
            let predicted = tables.iter().map(|table| fitted.predict(table)).collect();
            let checkpoint = if unfinished { fitted.checkpoint() } else { None };
            (predicted, fitted.cost(), checkpoint)
        };
        let mut slopes = Vec::new();
        let (predicted, cost, checkpoint): (Vec<Vec<f64>>, f64, Option<Checkpoint>) = match &plan.legs[..] {
            [.., (leg, model)] if plan.task.need == Need::Gradient => {
                let (fitted, found) = model.hypergradient(train, validate, leg.until, seed, context)?;
                slopes = found;
                of(fitted)
            }
            [.., (leg, model)] if self.by_rows && leg.until < 1.0 => {
                let fewer = train.share(leg.until, self.seed.derive("rows", index as u64));
                of(model.fit_share(&fewer, train.rows(), seed, context)?)
            }
            [(leg, model)] if from.is_none() && !unfinished => {
                let (predicted, cost) = model.fit_predict(train, &tables, leg.until, seed, context)?;
                (predicted, cost, None)
            }
            legs => of(train_along(legs, from, train, seed, context)?),
        };
        let score = |i: usize| (self.metric.build.score)(tables[i], &predicted[i]);
        let scores = [score(0), score(1), cost];
        if scores.iter().any(|s| !s.is_finite()) {
            return Err(format!("the score is {}, not a finite number", scores[0]));
        }
        Ok(Part {
            scores,
            slopes,
            checkpoint,
        })
    }

    /// What came of all folds of a task.
    fn collect(&self, plan: &Plan, parts: Vec<Result<Part, String>>) -> Result<Outcome, String> {
        let (mut scores, mut slopes, mut checkpoints) = (Vec::new(), Vec::new(), Vec::new());
        for (index, part) in parts.into_iter().enumerate() {
            let part = part.map_err(|why| format!("fold {}: {why}", index + 1))?;
            scores.push(part.scores);
            slopes.push(part.slopes);
            checkpoints.extend(part.checkpoint);
        }
        if plan.task.need != Need::Lineage {
            self.checkpoints.passed(&plan.trail);
        }
        if checkpoints.len() == self.folds.len() {
            self.checkpoints.keep(&plan.trail, checkpoints);
        }
        let gradient = match plan.legs.last() {
            Some((leg, model)) if plan.task.need == Need::Gradient => {
                Some(self.gradient(leg.config, &model.differentiable(), &slopes)?)
            }
            _ => None,
        };
        Ok(outcome(&scores, gradient))
    }

    /// The mean over folds of the slopes by the settings `names`, in unit-cube coordinates: 0 along everything else.
    fn gradient(&self, config: &Config, names: &[String], slopes: &[Vec<f64>]) -> Result<Vec<f64>, String> {
        let along = |param: &Param| {
            let place = names.iter().position(|name| *name == param.name);
            let (Some(place), Some(value)) = (place, config.number(&param.name)) else {
                return 0.0;
            };
            let slope = param.domain.slope(value);
            if slope == 0.0 {
                return 0.0;
            }
            let sum: f64 = slopes.iter().filter_map(|fold| fold.get(place)).sum();
            sum / slopes.len() as f64 * slope
        };
        let gradient: Vec<f64> = self.space.params().iter().map(along).collect();
        match gradient.iter().all(|slope| slope.is_finite()) {
            true => Ok(gradient),
            false => Err("the hypergradient overflows".into()),
        }
    }

    /// The settings of `what` that every model of this space has. Several models are told apart by a word in the space.
    fn common(&self, what: fn(&dyn Model) -> Vec<String>) -> Vec<String> {
        let dim = self.space.dim();
        let words = self.space.params().iter().filter_map(|p| p.domain.size());
        let most = words.max().unwrap_or(1).min(16) as usize;
        let tries = (0..most).map(|i| self.space.at_unit(&vec![(i as f64 + 0.5) / most as f64; dim]));
        let mut all: Option<Vec<String>> = None;
        for model in tries.filter_map(|config| (self.build)(&config).ok()) {
            let own = what(&*model);
            all = Some(all.map_or(own.clone(), |all| all.into_iter().filter(|n| own.contains(n)).collect()));
        }
        all.unwrap_or_default()
    }

    /// Why hypergradients cannot be given, if so.
    fn meets_gradient(&self) -> Result<(), String> {
        if self.metric.id != "logloss" {
            return Err(format!(
                "hypergradients are of the log loss, not of metric={}; accepted: metric=logloss",
                self.metric.id
            ));
        }
        let known = self.common(|model| model.differentiable());
        if known.is_empty() {
            return Err(format!(
                "{} has no hypergradient; accepted: {}",
                self.model, DIFFERENTIABLE
            ));
        }
        let params = self.space.params().iter();
        let smooth = |p: &Param| known.contains(&p.name) && matches!(p.domain, Domain::Float { step: None, .. });
        if !params.clone().any(smooth) {
            return Err(format!(
                "no searched parameter has a hypergradient; those of {} are {}, in a range without steps",
                self.model,
                known.join(", ")
            ));
        }
        Ok(())
    }

    /// Why a model cannot go on with other settings, if so.
    fn meets_lineage(&self) -> Result<(), String> {
        if self.by_rows {
            return Err("another share of the rows is learned afresh; accepted: fidelity=model".into());
        }
        let known = self.common(|model| model.changeable());
        if known.is_empty() {
            return Err(format!(
                "{} does not go on with other settings; accepted: {}",
                self.model, CHANGEABLE
            ));
        }
        let stuck = |p: &&Param| !p.domain.is_fixed() && !known.contains(&p.name);
        match self.space.params().iter().find(stuck) {
            Some(param) => Err(format!(
                "{} does not go on with another {}; those that may change are {}",
                self.model,
                param.name,
                known.join(", ")
            )),
            None => Ok(()),
        }
    }
}

/// How many classes are among the rows.
fn present(classes: impl Iterator<Item = u32>) -> usize {
    classes.collect::<BTreeSet<u32>>().len()
}

/// Whether every fold has as many classes as the metric needs, among the rows to train on and among those to score.
fn meets_metric(folds: &[Fold], train: &Table, metric: &Entry<Metric>) -> Result<(), String> {
    let classes = metric.build.classes;
    let short = |rows: &[usize]| classes > 1 && present(rows.iter().map(|&row| train.y()[row])) < classes;
    match folds
        .iter()
        .position(|fold| short(&fold.validate) || short(&fold.train))
    {
        None => Ok(()),
        Some(fold) => Err(format!(
            "fold {} holds one class only, and {} needs {classes}; accepted: stratified folds, fewer folds or another metric",
            fold + 1,
            metric.title
        )),
    }
}

/// The models that have hypergradients, and those that go on with other settings, for messages. Written out: to find them, all models would
/// have to be built, and a worker that only sets a study up would need the code of each.
const DIFFERENTIABLE: &str = "mlp, logistic";
const CHANGEABLE: &str = "boosting, mlp";

/// Trains along the legs of a trail, from a checkpoint in the first one if there is one.
fn train_along(
    legs: &[(Leg, Box<dyn Model>)],
    from: Option<&Checkpoint>,
    train: &Table,
    seed: Seed,
    context: &Context,
) -> Result<Box<dyn Fitted>, String> {
    let mut at = from.cloned();
    let mut fitted = None;
    for (leg, model) in legs {
        let trained = match &at {
            Some(checkpoint) => model.resume(checkpoint, train, leg.until, seed, context)?,
            None => model.fit(train, leg.until, seed, context)?,
        };
        at = if legs.len() > 1 { trained.checkpoint() } else { None };
        fitted = Some(trained);
    }
    fitted.ok_or_else(|| "there is nothing to train".into())
}

/// The mean over folds.
fn outcome(folds: &[Scores], gradient: Option<Vec<f64>>) -> Outcome {
    let mut sums = [0.0; 3];
    for scores in folds {
        sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
    }
    let n = folds.len() as f64;
    Outcome::Value(Score {
        value: sums[0] / n,
        train: Some(sums[1] / n),
        folds: folds.iter().map(|scores| scores[0]).collect(),
        cost: Some(sums[2]),
        gradient,
    })
}

impl Objective for CrossValidation {
    fn space(&self) -> &Arc<Space> {
        &self.space
    }

    fn direction(&self) -> Direction {
        self.metric.build.direction
    }

    fn evaluate(&self, task: &Task, context: &Context) -> Outcome {
        if task.need != Need::Folds {
            let outcome = self.evaluate_all(std::slice::from_ref(task), || 0.0, context).pop();
            return outcome.map_or_else(|| Outcome::failed(STOPPED), |(outcome, _)| outcome);
        }
        let all = self.folds.len();
        let wanted = (libm::ceil(task.job.fidelity * all as f64 - 1e-9) as usize).clamp(1, all);
        let key = task.job.config.key();
        // What is missing of the parent's work, after a restart of the worker, is done again, with the same bits.
        let begun = self.begun.lock().ok().and_then(|mut begun| begun.remove(&key));
        let begun = begun.filter(|folds| folds.len() <= wanted).unwrap_or_default();
        match self.score_folds(task, begun, wanted, context) {
            Err(why) => Outcome::failed(why),
            Ok(folds) => {
                let outcome = outcome(&folds, None);
                if wanted < all
                    && let Ok(mut begun) = self.begun.lock()
                {
                    begun.insert(key, folds);
                }
                outcome
            }
        }
    }

    /// The mean over the folds. The reason of a failure is [`STOPPED`] if the context asked to stop: not an outcome to record.
    ///
    /// Threads take folds first and jobs within a fold only when no fold is left: models of one fold share what they remember, and two
    /// threads in the same fold would compute it twice.
    fn evaluate_all(&self, tasks: &[Task], clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        if tasks.iter().any(|task| task.need == Need::Folds) {
            return one_by_one(tasks, clock, |task| self.evaluate(task, context));
        }
        let plans: Vec<_> = tasks.iter().map(|task| self.plan(task)).collect();
        let fit = |index: usize, plan: &Result<Plan, String>| {
            let start = clock();
            let part = match plan {
                Ok(plan) => self.fold(index, plan, context),
                Err(why) => Err(why.clone()),
            };
            (part, clock() - start)
        };
        let mut folds: Vec<std::vec::IntoIter<_>> = (0..self.folds.len())
            .into_par_iter()
            .map(|index| {
                plans
                    .par_iter()
                    .map(|plan| fit(index, plan))
                    .collect::<Vec<_>>()
                    .into_iter()
            })
            .collect();
        let collected = |plan: &Result<Plan, String>| {
            let (parts, seconds): (Vec<_>, Vec<f64>) = folds.iter_mut().filter_map(Iterator::next).unzip();
            let outcome = match plan {
                Err(why) => Outcome::failed(why.as_str()),
                Ok(_) if context.stopped() => Outcome::failed(STOPPED),
                Ok(plan) => self.collect(plan, parts).unwrap_or_else(Outcome::failed),
            };
            (outcome, seconds.iter().sum())
        };
        plans.iter().map(collected).collect()
    }

    fn evaluate_telling(&self, task: &Task, context: &Context, told: Told) -> Outcome {
        if task.need == Need::Folds {
            // Folds done earlier are not done again, so these are told once they all are there.
            let outcome = self.evaluate(task, context);
            let folds = match &outcome {
                Outcome::Value(score) => score.folds.as_slice(),
                Outcome::Failed { .. } => &[],
            };
            folds.iter().enumerate().for_each(|(i, v)| told(i, folds.len(), *v));
            return outcome;
        }
        let plan = match self.plan(task) {
            Ok(plan) => plan,
            Err(why) => return Outcome::failed(why),
        };
        let all = self.folds.len();
        let fit = |index: usize| {
            let part = self.fold(index, &plan, context);
            if let Ok(part) = &part {
                told(index, all, part.scores[0]);
            }
            part
        };
        let parts = (0..all).map(fit).collect();
        if context.stopped() {
            return Outcome::failed(STOPPED);
        }
        self.collect(&plan, parts).unwrap_or_else(Outcome::failed)
    }

    fn meets(&self, need: Need) -> Result<(), String> {
        match need {
            Need::Value => Ok(()),
            Need::Gradient => self.meets_gradient(),
            Need::Lineage => self.meets_lineage(),
            Need::Folds if self.folds.len() > 1 => Ok(()),
            Need::Folds => Err("it needs at least 2 folds, such as cv=5".into()),
        }
    }

    fn folds(&self) -> usize {
        self.folds.len()
    }

    fn test(&self, task: &Task, context: &Context) -> Result<Option<TestScore>, String> {
        if self.held_out.rows() == 0 {
            return Ok(None);
        }
        let probabilities = self.finally(task, &[&self.held_out], context)?.concat();
        let value = (self.metric.build.score)(&self.held_out, &probabilities);
        if present(self.held_out.y().iter().copied()) < self.metric.build.classes {
            return Err(format!(
                "the {} rows held out are of one class only, and {} needs {}; accepted: a larger or a stratified split, or another metric",
                self.held_out.rows(),
                self.metric.title,
                self.metric.build.classes
            ));
        }
        if !value.is_finite() {
            return Err(format!("the test score is {value}, not a finite number"));
        }
        let (low, high) = (self.metric.build.interval)(&self.held_out, &probabilities);
        Ok(Some(TestScore {
            value,
            low,
            high,
            rows: self.held_out.rows(),
        }))
    }

    fn judge(&self, task: &Task, curve: bool, context: &Context) -> Result<Option<Judged>, String> {
        let held_out = self.held_out.rows() > 0;
        let shown = if held_out { &self.held_out } else { &*self.train };
        let plane = judge::Plane::of(&self.train, &self.facts.feature_names)?;
        let cells = plane.cells(&self.train)?;
        let classes = self.train.classes();
        let predicted = self.finally(task, &[shown, &cells], context)?;
        let learning = if curve {
            let (train, validate) = self.select(&self.folds[0]);
            learning::curve(&self.whole(task)?, [&train, &validate], self.seed(0), context)?
        } else {
            None
        };
        let [own, over] = [0, 1].map(|i| judge::decisions(&predicted[i], classes));
        let mut counts = vec![0; classes * classes];
        for (is, said) in shown.y().iter().zip(&own) {
            counts[*is as usize * classes + *said as usize] += 1;
        }
        Ok(Some(Judged {
            lane: 0,
            trial: task.job.id,
            classes: self.facts.classes.clone(),
            held_out,
            counts,
            regions: plane.regions(over, shown, &own, MOST_SHOWN),
            curve,
            learning,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MODELS;

    #[test]
    fn the_models_named_in_messages_are_those_that_can() {
        let able = |what: fn(&dyn Model) -> Vec<String>| {
            let built = MODELS
                .iter()
                .map(|entry| (entry.id, (entry.build.build)(&Config::default())));
            let can = built.filter(|(_, model)| model.as_ref().is_ok_and(|m| !what(&**m).is_empty()));
            can.map(|(id, _)| id).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(able(|model| model.differentiable()), DIFFERENTIABLE);
        assert_eq!(able(|model| model.changeable()), CHANGEABLE);
    }
}
