//! The cross-validated score of a model on a data set.

use super::{Clock, Objective, TestScore};
use crate::context::Context;
use crate::dataset::{Cv, Dataset, Fold, Metric, Split, Table};
use crate::model::{Model, STOPPED};
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::trial::{Direction, Job, Outcome, Score};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Makes a model of a configuration: an entry's `build`, or a choice between several.
pub type BuildModel = Arc<dyn Fn(&Config) -> Result<Box<dyn Model>, String> + Send + Sync>;

/// Trains and scores a model on every fold of the training rows; the rows that the split holds out are left for [`Objective::test`].
///
/// Common random numbers: split, folds and the seed of every fit come from the study seed, the fold and the repetition, never from the
/// trial. The same configuration scores the same wherever it appears, and comparisons are paired.
pub struct CrossValidation {
    build: BuildModel,
    space: Arc<Space>,
    metric: Metric,
    seed: Seed,
    train: Arc<Table>,
    held_out: Table,
    facts: Facts,
    folds: Vec<Fold>,
    /// The folds' tables, unless they are so many that they would fill the memory.
    tables: Vec<(Table, Table)>,
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

/// Rows of a fresh draw: enough for an accuracy near 0.9 to be known within 0.01.
const FRESH_ROWS: usize = 4000;

/// More values than this in all folds' tables together are not kept.
const MOST_KEPT: usize = 4 << 20;

impl CrossValidation {
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
        metric: Metric,
        seed: Seed,
    ) -> Result<CrossValidation, String> {
        let all = &dataset.rows;
        let names = &dataset.class_names;
        let parts = match split {
            Some(split) => split.draw(all, names, seed.derive("split", 0))?,
            None => Fold {
                train: (0..all.rows()).collect(),
                validate: Vec::new(),
                replicate: 0,
            },
        };
        let train = all.select(&parts.train);
        let held_out = match &dataset.fresh {
            Some(fresh) => fresh.draw(FRESH_ROWS)?,
            None => all.select(&parts.validate),
        };
        let folds = cv.draw(&train, names, seed.derive("folds", 0))?;
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
            space,
            metric,
            seed,
            train: Arc::new(train),
            held_out,
            facts,
            folds,
            tables,
        })
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

    fn select(&self, fold: &Fold) -> (Table, Table) {
        (self.train.select(&fold.train), self.train.select(&fold.validate))
    }

    /// Validation score, training score and cost of one fold.
    fn fold(&self, index: usize, model: &dyn Model, fidelity: f64, context: &Context) -> Result<[f64; 3], String> {
        if context.stopped() {
            return Err(STOPPED.into());
        }
        let fold = &self.folds[index];
        let made;
        let (train, validate) = match self.tables.get(index) {
            Some(tables) => tables,
            None => {
                made = self.select(fold);
                &made
            }
        };
        let per_replicate = self.folds.len() as u64 / (self.folds.last().map_or(0, |f| f.replicate) + 1);
        let seed = self
            .seed
            .derive("fit", index as u64 % per_replicate.max(1))
            .derive("replicate", fold.replicate);
        let fitted = model.fit(train, fidelity, seed, context)?;
        let score = |table: &Table| (self.metric.score)(table, &fitted.predict(table));
        let scores = [score(validate), score(train), fitted.cost()];
        if scores.iter().any(|s| !s.is_finite()) {
            return Err(format!("the score is {}, not a finite number", scores[0]));
        }
        Ok(scores)
    }
}

impl Objective for CrossValidation {
    fn space(&self) -> &Arc<Space> {
        &self.space
    }

    fn direction(&self) -> Direction {
        self.metric.direction
    }

    fn evaluate(&self, job: &Job, context: &Context) -> Outcome {
        let outcome = self.evaluate_all(&[job], || 0.0, context).pop();
        outcome.map_or_else(|| Outcome::failed(STOPPED), |(outcome, _)| outcome)
    }

    /// The mean over the folds. The reason of a failure is [`STOPPED`] if the context asked to stop: not an outcome to record.
    ///
    /// Threads take folds first and jobs within a fold only when no fold is left: models of one fold share what they remember, and two
    /// threads in the same fold would compute it twice.
    fn evaluate_all(&self, jobs: &[&Job], clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        let models: Vec<_> = jobs.iter().map(|job| (self.build)(&job.config)).collect();
        let fit = |index: usize, job: &Job, model: &Result<Box<dyn Model>, String>| {
            let start = clock();
            let scores = match model {
                Ok(model) => self.fold(index, &**model, job.fidelity, context),
                Err(why) => Err(why.clone()),
            };
            (scores, clock() - start)
        };
        let folds: Vec<Vec<_>> = (0..self.folds.len())
            .into_par_iter()
            .map(|index| {
                let pairs = jobs.par_iter().zip(&models);
                pairs.map(|(job, model)| fit(index, job, model)).collect()
            })
            .collect();
        let outcome = |(place, model): (usize, &Result<_, String>)| {
            let results: Vec<_> = folds.iter().map(|fold| &fold[place]).collect();
            let seconds = results.iter().map(|(_, seconds)| seconds).sum();
            let outcome = match model {
                Err(why) => Outcome::failed(why.as_str()),
                Ok(_) if context.stopped() => Outcome::failed(STOPPED),
                Ok(_) => mean(results.iter().map(|(scores, _)| scores)),
            };
            (outcome, seconds)
        };
        models.iter().enumerate().map(outcome).collect()
    }

    fn test(&self, config: &Config, context: &Context) -> Result<Option<TestScore>, String> {
        if self.held_out.rows() == 0 {
            return Ok(None);
        }
        let model = (self.build)(config)?;
        let fitted = model.fit(&self.train, 1.0, self.seed.derive("final", 0), context)?;
        let probabilities = fitted.predict(&self.held_out);
        let value = (self.metric.score)(&self.held_out, &probabilities);
        if !value.is_finite() {
            return Err(format!("the test score is {value}, not a finite number"));
        }
        let (low, high) = (self.metric.interval)(&self.held_out, &probabilities);
        Ok(Some(TestScore {
            value,
            low,
            high,
            rows: self.held_out.rows(),
        }))
    }
}

/// Means of the scores and the sum of the costs over the folds, or why one of them failed.
fn mean<'a>(results: impl Iterator<Item = &'a Result<[f64; 3], String>>) -> Outcome {
    let mut sums = [0.0; 3];
    let mut folds = Vec::new();
    for (index, result) in results.enumerate() {
        match result {
            Ok(scores) => {
                folds.push(scores[0]);
                sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
            }
            Err(why) => return Outcome::failed(format!("fold {}: {why}", index + 1)),
        }
    }
    let n = folds.len() as f64;
    Outcome::Value(Score {
        value: sums[0] / n,
        train: Some(sums[1] / n),
        folds,
        cost: Some(sums[2]),
        gradient: None,
    })
}
