//! What is optimized: a cross-validated model or a test function with known optimum.
#![forbid(unsafe_code)]

mod cross_validation;
pub mod function;

pub use cross_validation::{BuildModel, CrossValidation, Facts};

use crate::context::Context;
use crate::space::{Config, Space};
use crate::trial::{Direction, Job, Outcome};
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

    /// The outcomes of several jobs and the seconds each took, in their order; the same as one by one.
    fn evaluate_all(&self, jobs: &[&Job], clock: Clock, context: &Context) -> Vec<(Outcome, f64)> {
        let timed = |job: &&Job| {
            let start = clock();
            let outcome = self.evaluate(job, context);
            (outcome, clock() - start)
        };
        jobs.par_iter().map(timed).collect()
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
