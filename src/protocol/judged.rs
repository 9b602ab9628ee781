//! What trained models decide, and what they are worth on rows that no trial has seen.

use serde::{Deserialize, Serialize};

/// Scores of the configurations that were a strategy's best, on rows that no trial has seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Which strategy, by position.
    pub lane: usize,
    /// Number of trials that were the best when they came in.
    pub wanted: u32,
    /// Those of them that are tested, the earliest first.
    pub tests: Vec<Tested>,
}

/// The test of one trial's configuration, trained on all rows that trials see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// The trial.
    pub trial: u32,
    /// The score.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Why there is no score, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What a trained model decides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial whose configuration it is.
    pub trial: u32,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Whether the rows judged are held out from all trials; else they are those it learned from.
    pub held_out: bool,
    /// Rows of each class that are taken for each: class × decision, row-major.
    pub counts: Vec<u32>,
    /// The same over a plane.
    pub regions: Regions,
    /// Whether the learning curve was asked for.
    pub curve: bool,
    /// How the model learned, if that was asked and it learns step by step.
    pub learning: Option<Learning>,
}

/// How a model learns on the first fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// What a stage is: "epoch".
    pub unit: String,
    /// The stages done, and the mean log loss then: on the rows it learns from, and on those held out from it.
    pub stages: Vec<(u32, f64, f64)>,
}

/// Decisions over a plane through the data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// What goes across and up.
    pub names: [String; 2],
    /// Where the axes begin.
    pub low: [f64; 2],
    /// Where they end.
    pub high: [f64; 2],
    /// Cells along a side.
    pub columns: usize,
    /// The class decided in the middle of each cell, row by row from the bottom.
    pub cells: Vec<u32>,
    /// Rows of the data: place, class, and what is decided.
    pub rows: Vec<(f64, f64, u32, u32)>,
}
