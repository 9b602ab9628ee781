//! A trial's line in the trace: what the command line prints, the page downloads, and a study is restored from.

use crate::space::Config;
use crate::trial::{Job, Origin, Outcome};
use serde::{Deserialize, Serialize};

/// One trial line. It carries no wall time, so that the same study gives the same bytes everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialLine {
    #[serde(rename = "type")]
    kind: Kind,
    /// The strategy's label.
    pub strategy: String,
    /// The trial's number within its strategy.
    pub id: u32,
    /// What was evaluated.
    pub config: Config,
    /// At which share of the full effort.
    pub fidelity: f64,
    /// Which trial it continued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// Why.
    pub origin: Origin,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Trial,
}

impl TrialLine {
    /// The line of a trial, compact JSON.
    pub fn write(strategy: &str, job: &Job, outcome: &Outcome) -> String {
        let Job {
            id,
            config,
            fidelity,
            parent,
            origin,
        } = job.clone();
        let line = TrialLine {
            kind: Kind::Trial,
            strategy: strategy.to_string(),
            id,
            config,
            fidelity,
            parent,
            origin,
            outcome: outcome.clone(),
        };
        // Plain data with text keys and finite numbers always serializes.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<TrialLine, String> {
        serde_json::from_str(text).map_err(|e| format!("not a trial line: {e}"))
    }

    /// The job it records.
    pub fn job(&self) -> Job {
        Job {
            id: self.id,
            config: self.config.clone(),
            fidelity: self.fidelity,
            parent: self.parent,
            origin: self.origin.clone(),
        }
    }
}
