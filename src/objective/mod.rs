//! What is optimized: a cross-validated model or a test function with known optimum.
#![forbid(unsafe_code)]

mod checkpoints;
mod cross_validation;
pub mod function;
mod judge;
mod learning;

pub use cross_validation::{BuildModel, CrossValidation, Facts, Unfit};

use crate::context::Context;
use crate::protocol::Judged;
use crate::space::{Config, Space};
use crate::trial::{Direction, Job, Need, Outcome};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Seconds from any fixed moment. Only shown, never decided by.
pub type Clock = fn() -> f64;

/// Hears of each fit of an evaluation: its number from 0, how many there are, and its score.
pub type Told<'a> = &'a mut dyn FnMut(usize, usize, f64);

/// A job to evaluate.
#[derive(Clone, Debug)]
pub struct Task<'a> {
    /// The job.
    pub job: &'a Job,
    /// The jobs whose work it continues, root first, its parent last.
    pub lineage: Vec<&'a Job>,
    /// What is asked for beside the value, where [`Objective::meets`] says so.
    pub need: Need,
}

impl<'a> Task<'a> {
    /// A job that continues none, of which the value is asked.
    pub fn new(job: &'a Job) -> Task<'a> {
        Task {
            job,
            lineage: Vec::new(),
            need: Need::Value,
        }
    }

    /// A job whose ancestors `find` knows by id.
    pub fn within(job: &'a Job, need: Need, find: impl Fn(u32) -> Option<&'a Job>) -> Task<'a> {
        let parent = |job: &&'a Job| job.parent.filter(|id| *id < job.id).and_then(&find);
        let mut lineage: Vec<&Job> = std::iter::successors(parent(&job), parent).collect();
        lineage.reverse();
        Task { job, lineage, need }
    }
}

/// Evaluates jobs.
pub trait Objective: Send + Sync {
    /// What is searched.
    fn space(&self) -> &Arc<Space>;

    /// Which values are better.
    fn direction(&self) -> Direction;

    /// The value of a job, or why there is none: a pure function of the configuration and fidelity; and of those of the ancestors, if the
    /// task needs [`Need::Lineage`]. What ancestors have learned is remembered for a while, and learned again, with the same bits, if not.
    fn evaluate(&self, task: &Task, context: &Context) -> Outcome;

    /// The outcomes of several jobs and the seconds each took, in their order; the same as one by one.
    fn evaluate_all(&self, tasks: &[Task], clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        one_by_one(tasks, clock, |task| self.evaluate(task, context))
    }

    /// The same outcome as [`Objective::evaluate`], fit by fit where there are several: `told` hears of each that is done, with its number from
    /// 0, how many there are, and its score.
    fn evaluate_telling(&self, task: &Task, context: &Context, told: Told) -> Outcome {
        let outcome = self.evaluate(task, context);
        if let Some(value) = outcome.value() {
            told(0, 1, value);
        }
        outcome
    }

    /// Whether it can give what a strategy needs.
    ///
    /// # Errors
    /// Why not.
    fn meets(&self, need: Need) -> Result<(), String> {
        match need {
            Need::Value => Ok(()),
            Need::Gradient => Err("this objective reports no gradient; test functions do".into()),
            Need::Folds => Err("this objective has no folds; a model validated on several folds does".into()),
            Need::Lineage => Err("this objective learns nothing that could be continued; a model does".into()),
        }
    }

    /// Fits of one evaluation whose mean is the value.
    fn folds(&self) -> usize {
        1
    }

    /// The score of a task's configuration on rows that no trial has seen, after training on all others with the whole effort; `None` where
    /// there are no such rows.
    ///
    /// # Errors
    /// Why training failed.
    fn test(&self, _task: &Task, _context: &Context) -> Result<Option<TestScore>, String> {
        Ok(None)
    }

    /// What the model of a task's configuration decides, trained as for the test: on the rows that no trial has seen, or on those it learned
    /// from, where there are no others; and over a plane through them. With a `curve`, how it learned, too. `None` where nothing is trained.
    ///
    /// # Errors
    /// Why training failed, or what cannot be shown.
    fn judge(&self, _task: &Task, _curve: bool, _context: &Context) -> Result<Option<Judged>, String> {
        Ok(None)
    }

    /// The best value there is, where known.
    fn optimum(&self) -> Option<f64> {
        None
    }

    /// The noiseless value, where it is so cheap that a picture may ask for thousands.
    fn truth(&self, _config: &Config) -> Option<f64> {
        None
    }
}

/// Outcomes with their seconds, jobs evaluated in parallel and each for itself.
fn one_by_one(tasks: &[Task], clock: Clock, evaluate: impl Fn(&Task) -> Outcome + Sync) -> Vec<(Outcome, f64)> {
    let timed = |task: &Task| {
        let start = clock();
        let outcome = evaluate(task);
        (outcome, clock() - start)
    };
    tasks.par_iter().map(timed).collect()
}

/// A score on held-out rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TestScore {
    /// The score.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Number of held-out rows.
    pub rows: usize,
}
