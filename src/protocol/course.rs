//! The trials of a run as they come, and how each strategy stands.

use crate::trial::{Job, Outcome};
use serde::{Deserialize, Serialize};

/// One trial, as it is recorded. It travels as its line, which says the rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// Which strategy, by position.
    pub lane: usize,
    /// What was evaluated, and why.
    #[serde(skip)]
    pub job: Job,
    /// What came of it.
    #[serde(skip)]
    pub outcome: Outcome,
    /// Its line in the trace.
    pub line: String,
    /// Wall time of evaluation, in seconds: shown, never in the trace.
    pub seconds: f64,
}

/// A round to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which strategy, by position.
    pub lane: usize,
    /// What will be evaluated, and why.
    pub jobs: Vec<Job>,
    /// Of how many the outcome is known already, so that nothing is evaluated.
    pub known: u32,
    /// Fits of an evaluation.
    pub folds: u32,
}

/// One fit of a trial that is evaluated fold by fold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial's id.
    pub id: u32,
    /// The fold, from 0.
    pub fold: u32,
    /// Folds of a trial.
    pub folds: u32,
    /// Its score.
    pub value: f64,
}

/// A strategy's standing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Which strategy, by position.
    pub lane: usize,
    /// Why it has nothing left to do, if so.
    pub finished: Option<String>,
    /// The best observed trial.
    pub best: Option<u32>,
    /// How many distinct configurations share its value, itself included.
    pub ties: u32,
    /// The trial whose configuration the strategy recommends, if it differs from the best observed, with its model's mean and sd there.
    pub recommended: Option<(u32, f64, f64)>,
    /// The cheapest trial within one standard error of the best observed one, if it differs from that and is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_standard_error: Option<u32>,
    /// Score of the best observed configuration on held-out rows: value, 95 % interval, number of rows.
    pub test: Option<(f64, f64, f64, u32)>,
    /// Why there is no test score although there should be one.
    pub test_failed: Option<String>,
}
