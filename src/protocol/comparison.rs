//! Strategies compared over seeds.

use serde::{Deserialize, Serialize};

/// The same study with several seeds: data splits, folds and strategies all drawn anew, the same for every strategy of one seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Seeds wanted.
    pub reps: u32,
    /// Seeds done.
    pub done: u32,
    /// One for each strategy, in the study's order.
    pub lanes: Vec<Band>,
    /// Every two strategies, paired by seed.
    pub pairs: Vec<Pair>,
}

/// Best value so far at full fidelity after 1, 2, … full-fidelity equivalents of trials, over the seeds; NaN where there is none yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Lower quartile of the values.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub low: Vec<f64>,
    /// Median.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub median: Vec<f64>,
    /// Upper quartile.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub high: Vec<f64>,
    /// The value at the end, a seed each.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub last: Vec<f64>,
}

/// Two strategies at the end of their trials, paired by seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The one, by position.
    pub a: usize,
    /// The other, by position.
    pub b: usize,
    /// Seeds on which `a` was better, equal, worse.
    pub seeds: [u32; 3],
    /// Two-sided p of Wilcoxon's signed-rank test on the differences.
    pub p: f64,
}
