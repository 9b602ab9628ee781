//! What is optimized: a cross-validated model or a test function with known optimum.
#![forbid(unsafe_code)]

mod cross_validation;
pub mod function;

pub use cross_validation::{BuildModel, CrossValidation, Facts};

use crate::context::Context;
use crate::space::{Config, Space};
use crate::trial::{Direction, Job, Need, Outcome};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Seconds from any fixed moment. Only shown, never decided by.
pub type Clock = fn() -> f64;

/// Evaluates jobs.
pub trait Objective: Send + Sync {
    /// What is searched.
    fn space(&self) -> &Arc<Space>;

    /// Which values are better.
    fn direction(&self) -> Direction;

    /// The value of a job, or why there is none. A pure function of the configuration and fidelity.
    fn evaluate(&self, job: &Job, context: &Context) -> Outcome;

    /// As [`Objective::evaluate`], with what `need` asks for beside the value where [`Objective::meets`] says so.
    fn evaluate_for(&self, job: &Job, _need: Need, context: &Context) -> Outcome {
        self.evaluate(job, context)
    }

    /// The outcomes of several jobs and the seconds each took, in their order; the same as one by one.
    fn evaluate_all(&self, jobs: &[&Job], need: Need, clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        one_by_one(jobs, clock, |job| self.evaluate_for(job, need, context))
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
        }
    }

    /// Fits of one evaluation whose mean is the value.
    fn folds(&self) -> usize {
        1
    }

    /// The score of a configuration on rows that no trial has seen, after training on all others; `None` where there are no such rows.
    ///
    /// # Errors
    /// Why training failed.
    fn test(&self, _config: &Config, _context: &Context) -> Result<Option<TestScore>, String> {
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
fn one_by_one(jobs: &[&Job], clock: Clock, evaluate: impl Fn(&Job) -> Outcome + Sync) -> Vec<(Outcome, f64)> {
    let timed = |job: &&Job| {
        let start = clock();
        let outcome = evaluate(job);
        (outcome, clock() - start)
    };
    jobs.par_iter().map(timed).collect()
}

/// A score on held-out rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
