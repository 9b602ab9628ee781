//! The order of the trial table.

use crate::protocol::Trial;
use crate::space::Value;
use crate::view::{View, score, why};
use std::cmp::Ordering;

/// What a table is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// The trial's number within its strategy.
    Trial,
    /// The strategy.
    Strategy,
    /// A parameter.
    Param(String),
    /// The value.
    Value,
    /// The training score.
    Train,
    /// The reason.
    Why,
}

impl Column {
    /// Its heading.
    pub fn name(&self) -> &str {
        match self {
            Column::Trial => "trial",
            Column::Strategy => "strategy",
            Column::Param(name) => name,
            Column::Value => "value",
            Column::Train => "train",
            Column::Why => "why",
        }
    }
}

/// Which of two trials comes first; what has no number comes after what has one, what is absent after all.
pub fn compare(column: &Column, view: &View, a: &Trial, b: &Trial) -> Ordering {
    let number = |of: fn(&Trial) -> Option<f64>| numbers(of(a), of(b));
    match column {
        Column::Trial => a.job.id.cmp(&b.job.id),
        Column::Strategy => {
            let label = |t: &Trial| view.lanes.get(t.lane).map(|l| l.lane.label.clone());
            label(a).cmp(&label(b))
        }
        Column::Param(name) => values(a.job.config.get(name), b.job.config.get(name)),
        Column::Value => number(|t| t.outcome.value()),
        Column::Train => number(|t| score(t).and_then(|s| s.train)),
        Column::Why => why::short(&a.job.origin).cmp(&why::short(&b.job.origin)),
    }
}

fn numbers(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let word = |v: Option<&Value>| v.map(Value::to_string);
    let absent = a.is_none().cmp(&b.is_none());
    let number = |v: Option<&Value>| v.and_then(Value::number);
    absent
        .then_with(|| numbers(number(a), number(b)))
        .then_with(|| word(a).cmp(&word(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_before_words_and_words_before_nothing() {
        let (two, ten, word) = (Value::parse("2"), Value::parse("10"), Value::parse("auto"));
        let mut all = [None, Some(&word), Some(&ten), Some(&two)];
        all.sort_by(|a, b| values(*a, *b));
        assert_eq!(all, [Some(&two), Some(&ten), Some(&word), None]);
        assert_eq!(numbers(None, Some(1.0)), Ordering::Greater);
        assert_eq!(numbers(Some(f64::NAN), Some(1.0)), Ordering::Greater);
    }
}
