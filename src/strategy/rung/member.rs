//! Trials as members of a rung.

use crate::mind;
use crate::order;
use crate::trial::{History, Job, Origin, Outcome};

/// A trial in a rung.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::strategy) struct Member {
    pub(in crate::strategy) id: u32,
    /// What came of it: nothing yet, a value (minimized), or a failure.
    pub(in crate::strategy) told: Option<Option<f64>>,
    /// Whether another trial continues it.
    pub(in crate::strategy) promoted: bool,
    /// Whether the rung's own plan asked for it.
    pub(in crate::strategy) planned: bool,
}

impl Member {
    pub(in crate::strategy) fn of(history: &History, job: &Job, planned: bool) -> Member {
        let value = |outcome: &Outcome| outcome.value().map(|v| history.direction().minimized(v));
        Member {
            id: job.id,
            told: history.outcome(job.id).map(value),
            promoted: false,
            planned,
        }
    }

    /// Its value, smaller is better.
    pub(in crate::strategy) fn value(&self) -> Option<f64> {
        self.told.flatten()
    }
}

/// Those with a value, the best first, the earlier of equals first.
pub(in crate::strategy) fn by_value(members: &[Member]) -> Vec<&Member> {
    let mut ranked: Vec<(&Member, f64)> = members.iter().filter_map(|m| m.value().map(|v| (m, v))).collect();
    order::sort_by(&mut ranked, |a, b| a.1.total_cmp(&b.1).then(a.0.id.cmp(&b.0.id)));
    ranked.into_iter().map(|(m, _)| m).collect()
}

/// A number that an origin carries.
pub(in crate::strategy) fn carried(job: &Job, name: &str) -> Option<f64> {
    match &job.origin {
        Origin::Move(origin) => origin.numbers.iter().find(|(n, _)| n == name).map(|(_, v)| *v),
        _ => None,
    }
}

/// A rung for pictures: values in the objective's own sign.
pub(in crate::strategy) fn showing(history: &History, fidelity: f64, members: &[Member]) -> mind::Rung {
    let show = |m: &Member| mind::Member {
        id: m.id,
        value: m.value().map(|v| history.direction().minimized(v)),
        fate: match m.told {
            _ if m.promoted => mind::Fate::Promoted,
            None => mind::Fate::Pending,
            Some(None) => mind::Fate::Failed,
            Some(Some(_)) => mind::Fate::Stays,
        },
    };
    mind::Rung {
        fidelity,
        members: members.iter().map(show).collect(),
    }
}
