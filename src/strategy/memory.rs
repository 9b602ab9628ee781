//! A history as a memory: what came of each configuration, kept up as the history grows.

use crate::space::{Config, Space};
use crate::trial::{History, Outcome};
use std::collections::BTreeMap;

/// What is known of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// The first trial of its configuration at full fidelity; `None` if it is forbidden and so was never tried.
    pub(super) id: Option<u32>,
    /// Its value, smaller is better; infinite if it failed or is forbidden.
    pub(super) value: f64,
}

/// What is known of a configuration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Known {
    Untried,
    Pending,
    Told(Seen),
}

/// A trial as it was when it was last looked at.
#[derive(Debug)]
struct Trial {
    config: Config,
    is_full: bool,
    /// Smaller is better; `None` is pending.
    value: Option<f64>,
    /// As it was reported.
    gradient: Option<Vec<f64>>,
}

/// Trials at full fidelity by configuration. Those at lower ones are not comparable and do not count.
#[derive(Debug, Default)]
pub(super) struct Memory {
    trials: Vec<Trial>,
    first: BTreeMap<String, u32>,
}

impl Memory {
    /// Reads what is new in `history`. `false` if it is no continuation of what was read before: then all else that was concluded
    /// from this memory is void.
    pub(super) fn follow(&mut self, history: &History) -> bool {
        let now = |outcome: Option<&Outcome>| outcome.map(|o| cost(history, o));
        let slope = |outcome: Option<&Outcome>| match outcome {
            Some(Outcome::Value(score)) => score.gradient.clone(),
            _ => None,
        };
        let goes_on = |(trial, (job, outcome)): (&Trial, (&crate::trial::Job, Option<&Outcome>))| {
            let same = || trial.value == now(outcome) && trial.gradient == slope(outcome);
            (trial.value.is_none() || same()) && trial.is_full == (job.fidelity >= 1.0) && trial.config == job.config
        };
        let continued =
            self.trials.len() <= history.jobs().len() && self.trials.iter().zip(history.trials()).all(goes_on);
        if !continued {
            *self = Memory::default();
        }
        for (k, (job, outcome)) in history.trials().enumerate() {
            let value = now(outcome);
            if let Some(trial) = self.trials.get_mut(k) {
                if trial.value.is_none() {
                    (trial.value, trial.gradient) = (value, slope(outcome));
                }
                continue;
            }
            let is_full = job.fidelity >= 1.0;
            if is_full {
                self.first.entry(job.config.key()).or_insert(job.id);
            }
            self.trials.push(Trial {
                config: job.config.clone(),
                is_full,
                value,
                gradient: slope(outcome),
            });
        }
        continued
    }

    /// The gradient that a trial reported, in the objective's own sign.
    pub(super) fn gradient(&self, id: u32) -> Option<&[f64]> {
        self.trials.get(id as usize)?.gradient.as_deref()
    }

    /// What is known of `config`.
    pub(super) fn of(&self, config: &Config, space: &Space) -> Known {
        match self.first.get(&config.key()) {
            Some(&id) => match self.trials[id as usize].value {
                Some(value) => Known::Told(Seen { id: Some(id), value }),
                None => Known::Pending,
            },
            None if space.is_allowed(config) => Known::Untried,
            None => Known::Told(Seen {
                id: None,
                value: f64::INFINITY,
            }),
        }
    }
}

/// The value of an outcome, smaller is better, infinite for failures.
pub(super) fn cost(history: &History, outcome: &Outcome) -> f64 {
    let value = outcome.value().map(|v| history.direction().minimized(v));
    value.filter(|v| !v.is_nan()).unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::space;
    use crate::trial::{Direction, Job, Origin};

    #[test]
    fn another_history_is_told_from_a_continuation() {
        let space = space(&[("x", "1..9")]);
        let make = |values: &[f64]| {
            let mut history = History::new(space.clone(), Direction::Minimize);
            for (id, value) in (0..).zip(values) {
                history.ask(Job::full(id, space.at_unit(&[f64::from(id) / 10.0]), Origin::Person));
                if value.is_finite() {
                    history.tell(id, Outcome::of(*value)).expect("pending");
                }
            }
            history
        };
        let mut memory = Memory::default();
        let pending = f64::INFINITY;
        assert!(memory.follow(&make(&[1.0, pending])));
        assert!(memory.follow(&make(&[1.0, 2.0, 3.0])), "told and grown");
        assert!(!memory.follow(&make(&[1.0, 2.5, 3.0])), "another value");
        assert!(!memory.follow(&make(&[1.0])), "shorter");
        assert_eq!(memory.of(&space.at_unit(&[0.9]), &space), Known::Untried);
    }
}
