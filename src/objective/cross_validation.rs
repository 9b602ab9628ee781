//! The cross-validated score of a model on a data set.

use super::{Clock, Objective, TestScore, one_by_one};
use crate::context::Context;
use crate::dataset::{Cv, Dataset, Fold, Metric, Split, Table};
use crate::model::{Model, STOPPED};
use crate::seed::{Seed, shuffle};
use crate::space::{Config, Space};
use crate::trial::{Direction, Job, Need, Outcome, Score};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

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
    /// Whether a share of the effort is a share of the training rows, rather than of the model's own trees or epochs.
    by_rows: bool,
    /// Results of the folds that are done, of configurations evaluated fold by fold and not finished yet.
    begun: Mutex<BTreeMap<String, Vec<Scores>>>,
}

/// Validation score, training score and cost of one fold.
type Scores = [f64; 3];

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
            by_rows: false,
            begun: Mutex::default(),
        })
    }

    /// This objective with fidelity as the share of the training rows: of every class the first rows of one fixed shuffle, so that more
    /// effort sees all the rows that less effort saw. At full fidelity nothing changes.
    #[must_use]
    pub fn by_rows(mut self) -> CrossValidation {
        self.by_rows = true;
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
        config: &Config,
        mut done: Vec<Scores>,
        wanted: usize,
        context: &Context,
    ) -> Result<Vec<Scores>, String> {
        let model = (self.build)(config)?;
        let first = done.len();
        let results: Vec<Result<Scores, String>> = (first..wanted)
            .into_par_iter()
            .map(|index| self.fold(index, &*model, 1.0, context))
            .collect();
        if context.stopped() {
            return Err(STOPPED.into());
        }
        for (i, result) in results.into_iter().enumerate() {
            done.push(result.map_err(|why| format!("fold {}: {why}", first + i + 1))?);
        }
        Ok(done)
    }

    fn select(&self, fold: &Fold) -> (Table, Table) {
        (self.train.select(&fold.train), self.train.select(&fold.validate))
    }

    /// A share of the rows of `train`, at least one of every class that it has.
    fn share(&self, train: &Table, index: usize, fidelity: f64) -> Table {
        let mut rows = Vec::new();
        for class in 0..train.classes() {
            let mut members: Vec<usize> = (0..train.rows())
                .filter(|&row| train.y()[row] as usize == class)
                .collect();
            let purpose = self.seed.derive("rows", index as u64).derive("class", class as u64);
            shuffle(&mut purpose.rng(), &mut members);
            members.truncate(libm::ceil(fidelity * members.len() as f64 - 1e-9) as usize);
            rows.extend(members);
        }
        rows.sort_unstable();
        train.select(&rows)
    }

    fn fold(&self, index: usize, model: &dyn Model, fidelity: f64, context: &Context) -> Result<Scores, String> {
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
        let fewer;
        let (train, fidelity) = if self.by_rows && fidelity < 1.0 {
            fewer = self.share(train, index, fidelity);
            (&fewer, 1.0)
        } else {
            (train, fidelity)
        };
        let fitted = model.fit(train, fidelity, seed, context)?;
        let score = |table: &Table| (self.metric.score)(table, &fitted.predict(table));
        let scores = [score(validate), score(train), fitted.cost()];
        if scores.iter().any(|s| !s.is_finite()) {
            return Err(format!("the score is {}, not a finite number", scores[0]));
        }
        Ok(scores)
    }
}

/// The mean over folds.
fn outcome(folds: &[Scores]) -> Outcome {
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
        gradient: None,
    })
}

impl Objective for CrossValidation {
    fn space(&self) -> &Arc<Space> {
        &self.space
    }

    fn direction(&self) -> Direction {
        self.metric.direction
    }

    fn evaluate(&self, job: &Job, context: &Context) -> Outcome {
        let outcome = self.evaluate_all(&[job], Need::Value, || 0.0, context).pop();
        outcome.map_or_else(|| Outcome::failed(STOPPED), |(outcome, _)| outcome)
    }

    fn evaluate_for(&self, job: &Job, need: Need, context: &Context) -> Outcome {
        if need != Need::Folds {
            return self.evaluate(job, context);
        }
        let all = self.folds.len();
        let wanted = (libm::ceil(job.fidelity * all as f64 - 1e-9) as usize).clamp(1, all);
        let key = job.config.key();
        // What is missing of the parent's work, after a restart of the worker, is done again, with the same bits.
        let begun = self.begun.lock().ok().and_then(|mut begun| begun.remove(&key));
        let begun = begun.filter(|folds| folds.len() <= wanted).unwrap_or_default();
        match self.score_folds(&job.config, begun, wanted, context) {
            Err(why) => Outcome::failed(why),
            Ok(folds) => {
                let outcome = outcome(&folds);
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
    fn evaluate_all(&self, jobs: &[&Job], need: Need, clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        if need == Need::Folds {
            return one_by_one(jobs, clock, |job| self.evaluate_for(job, need, context));
        }
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
        let collected = |(place, model): (usize, &Result<_, String>)| {
            let results: Vec<&(Result<Scores, String>, f64)> = folds.iter().map(|fold| &fold[place]).collect();
            let seconds = results.iter().map(|(_, seconds)| seconds).sum();
            let outcome = match model {
                Err(why) => Outcome::failed(why.as_str()),
                Ok(_) if context.stopped() => Outcome::failed(STOPPED),
                Ok(_) => {
                    let named = |(index, (scores, _)): (usize, &&(Result<Scores, String>, f64))| {
                        scores.clone().map_err(|why| format!("fold {}: {why}", index + 1))
                    };
                    let scores: Result<Vec<Scores>, String> = results.iter().enumerate().map(named).collect();
                    scores.map_or_else(Outcome::failed, |folds| outcome(&folds))
                }
            };
            (outcome, seconds)
        };
        models.iter().enumerate().map(collected).collect()
    }

    fn meets(&self, need: Need) -> Result<(), String> {
        match need {
            Need::Value => Ok(()),
            Need::Gradient => Err("a cross-validated model reports no gradient; test functions do".into()),
            Need::Folds if self.folds.len() > 1 => Ok(()),
            Need::Folds => Err("it needs at least 2 folds, such as cv=5".into()),
        }
    }

    fn folds(&self) -> usize {
        self.folds.len()
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
