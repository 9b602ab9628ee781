//! A study as the page shows it.

use super::Optimum;
use crate::space::Space;
use crate::spec::Refusal;
use crate::trial::Direction;
use serde::{Deserialize, Serialize};

/// A study as set up, with everything the page shows of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// The text that was understood, with the preset's keys spelled out.
    pub text: String,
    /// The preset it began from.
    pub preset: Option<String>,
    /// What was refused of the text; the rest is in force.
    pub refused: Vec<Refusal>,
    /// Facts for the page's left side: name and value, in order.
    pub facts: Vec<(String, String)>,
    /// The table, where a model is trained.
    pub table: Option<TableFacts>,
    /// What the value is: "cross-validated accuracy".
    pub value_title: String,
    /// The least and the greatest value there can be, where there is such a bound.
    #[serde(default)]
    pub bounds: (Option<f64>, Option<f64>),
    /// Which values are better.
    pub direction: Direction,
    /// What is searched.
    pub space: Space,
    /// Number of configurations, if finite and countable.
    pub configurations: Option<u64>,
    /// The best value there is, where known.
    pub optimum: Option<f64>,
    /// Where the test function is smallest, with its settings as they are by default.
    #[serde(default)]
    pub minimum: Option<Optimum>,
    /// Whether the objective is so cheap that its truth can be shown.
    pub cheap: bool,
    /// Rows held out from all trials, for the test; 0 where there are none.
    pub test_rows: u32,
    /// Whether the data have categories or gaps, which every model sees encoded and filled.
    pub raw: bool,
    /// Whether a model is among those searched that learns step by step.
    pub staged: bool,
    /// Values that a full trial's value is the mean of: with one alone there is no spread to show.
    pub folds: u32,
    /// Trials planned for each strategy.
    pub trials: u32,
    /// Seeds that the strategies are compared over; 1 is this run alone.
    pub reps: u32,
    /// The strategies.
    pub lanes: Vec<Lane>,
    /// Those of the catalog that cannot run on this study, by id, and why.
    #[serde(default)]
    pub unfit: Vec<(String, String)>,
}

impl Prepared {
    /// Why a strategy cannot run on this study, if that is known.
    pub fn unfit(&self, id: &str) -> Option<&str> {
        let known = self.unfit.iter().find(|(unfit, _)| unfit == id);
        known.map(|(_, why)| why.as_str())
    }
}

#[cfg(test)]
impl Prepared {
    /// A cheap study of a value, for tests.
    pub fn example(space: Space, direction: Direction, lanes: Vec<Lane>, trials: u32) -> Prepared {
        Prepared {
            text: String::new(),
            preset: None,
            refused: Vec::new(),
            facts: Vec::new(),
            table: None,
            value_title: "value".into(),
            bounds: (None, None),
            direction,
            space,
            configurations: None,
            optimum: None,
            minimum: None,
            cheap: true,
            test_rows: 0,
            raw: false,
            staged: false,
            folds: 1,
            trials,
            reps: 1,
            lanes,
            unfit: Vec::new(),
        }
    }
}

/// What a table of rows is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFacts {
    /// Rows, those of the test included.
    pub rows: u32,
    /// Features.
    pub features: u32,
    /// Classes, and how many rows each has.
    pub classes: Vec<(String, u32)>,
}

/// One strategy of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The strategy's id.
    pub id: String,
    /// Unique name within the study: the call as written, `bayes(acq:ei)`.
    pub label: String,
    /// Name for people.
    pub title: String,
    /// Trials it will make at most: fewer than planned where it covers a finite space.
    pub trials: u32,
}
