//! A trial's line in the trace: what the command line prints, the page downloads, and a study is restored from.

use crate::space::Config;
use crate::trial::{Job, Origin, Outcome, Score};
use serde::{Deserialize, Serialize};

/// One trial line as it is read: from JSON text natively, from a parsed object on the page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
pub struct TrialLine {
    /// The strategy's label.
    pub strategy: String,
    /// What was evaluated, and why.
    pub job: Job,
    /// What came of it.
    pub outcome: Outcome,
}

/// A line's fields in their order. It carries no wall time, so that the same study gives the same bytes everywhere. The outcome's fields
/// stand beside the others one by one: serde's own flattening would buffer every line and make the worker larger.
#[derive(Deserialize)]
#[cfg_attr(feature = "engine", derive(Serialize))]
struct Fields {
    #[serde(rename = "type")]
    kind: Kind,
    strategy: String,
    id: u32,
    config: Config,
    fidelity: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<u32>,
    origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    train: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    folds: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gradient: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Trial,
}

#[cfg(feature = "engine")]
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
        let (score, failed) = match outcome.clone() {
            Outcome::Value(score) => (Some(score), None),
            Outcome::Failed { failed } => (None, Some(failed)),
        };
        let value = score.as_ref().map(|s| s.value);
        let Score {
            train,
            folds,
            cost,
            gradient,
            ..
        } = score.unwrap_or(Score {
            value: 0.0,
            train: None,
            folds: Vec::new(),
            cost: None,
            gradient: None,
        });
        let strategy = strategy.to_string();
        let fields = Fields {
            kind: Kind::Trial,
            strategy,
            id,
            config,
            fidelity,
            parent,
            origin,
            value,
            train,
            folds,
            cost,
            gradient,
            failed,
        };
        super::json::write(&fields)
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<TrialLine, String> {
        serde_json::from_str(text).map_err(|e| format!("not a trial line: {e}"))
    }
}

impl TryFrom<Fields> for TrialLine {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<TrialLine, &'static str> {
        let Fields {
            kind: Kind::Trial,
            strategy,
            id,
            config,
            fidelity,
            parent,
            origin,
            train,
            folds,
            cost,
            gradient,
            ..
        } = fields;
        let outcome = match (fields.value, fields.failed) {
            (Some(value), None) => Outcome::Value(Score {
                value,
                train,
                folds,
                cost,
                gradient,
            }),
            (None, Some(failed)) => Outcome::Failed { failed },
            _ => return Err("it needs either \"value\" or \"failed\""),
        };
        let job = Job {
            id,
            config,
            fidelity,
            parent,
            origin,
        };
        Ok(TrialLine { strategy, job, outcome })
    }
}
