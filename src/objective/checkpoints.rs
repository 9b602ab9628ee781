//! What unfinished configurations have learned, kept for a while.
//!
//! A kept checkpoint saves time and changes no result: what is missing is learned again, along the same trail, with the same bits.

use super::Task;
use crate::model::Checkpoint;
use crate::space::Config;
use crate::trial::Need;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All kept checkpoints together take at most about this many bytes.
const MOST_BYTES: usize = 48 << 20;

/// A configuration and the fidelity up to which it trains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leg<'a> {
    pub config: &'a Config,
    pub until: f64,
}

/// What a task is trained by: one leg, unless it continues another configuration. A setting that is not `changeable` starts afresh, and
/// so does less fidelity than there has been.
pub(super) fn trail<'a>(task: &Task<'a>, changeable: &[String]) -> Vec<Leg<'a>> {
    let leg = |job: &'a crate::trial::Job| Leg {
        config: &job.config,
        until: job.fidelity,
    };
    let mut trail = Vec::new();
    if task.need == Need::Lineage {
        task.lineage
            .iter()
            .for_each(|job| extend(&mut trail, leg(job), changeable));
    }
    extend(&mut trail, leg(task.job), changeable);
    trail
}

fn extend<'a>(trail: &mut Vec<Leg<'a>>, next: Leg<'a>, changeable: &[String]) {
    let Some(last) = trail.last_mut() else {
        trail.push(next);
        return;
    };
    if next.until >= last.until && last.config == next.config {
        last.until = next.until;
        return;
    }
    if next.until < last.until || !continues(last.config, next.config, changeable) {
        trail.clear();
    }
    trail.push(next);
}

/// Whether only settings that may change differ.
fn continues(from: &Config, to: &Config, changeable: &[String]) -> bool {
    let held = |a: &Config, b: &Config| {
        let mut fixed = a.0.iter().filter(|(name, _)| !changeable.contains(name));
        fixed.all(|(name, value)| b.get(name) == Some(value))
    };
    held(from, to) && held(to, from)
}

/// The legs in words, the last one without its end: so that what was kept of it at any fidelity stands side by side.
fn name(trail: &[Leg]) -> String {
    let mut name = String::new();
    for (i, leg) in trail.iter().enumerate() {
        name += &leg.config.key();
        if i + 1 < trail.len() {
            name += &format!("\n{:x}\n", leg.until.to_bits());
        }
    }
    name
}

/// The name of a trail and the bits of its end, which order positive numbers as they are.
type Place = (String, u64);

/// A checkpoint a fold, and when it was used last.
struct Set {
    folds: Arc<Vec<Checkpoint>>,
    used: u64,
}

#[derive(Default)]
struct Kept {
    sets: BTreeMap<Place, Set>,
    bytes: usize,
    /// Number of the next use, to tell which was used least recently.
    uses: u64,
}

impl Kept {
    fn forget(&mut self, place: &Place) {
        if let Some(set) = self.sets.remove(place) {
            self.bytes -= size(&set.folds);
        }
    }
}

fn size(set: &[Checkpoint]) -> usize {
    set.iter().map(Checkpoint::bytes).sum()
}

#[derive(Default)]
pub(super) struct Checkpoints(Mutex<Kept>);

impl Checkpoints {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while holding the lock; and whatever is lost is learned again.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The leg that is under way and the folds' checkpoints in it: as far along the trail as is kept.
    pub(super) fn farthest(&self, trail: &[Leg]) -> Option<(usize, Arc<Vec<Checkpoint>>)> {
        let mut kept = self.kept();
        kept.uses += 1;
        let now = kept.uses;
        (0..trail.len()).rev().find_map(|leg| {
            let name = name(&trail[..=leg]);
            let upto = (name.clone(), trail[leg].until.to_bits());
            let (_, set) = kept.sets.range_mut((name, 0)..=upto).next_back()?;
            set.used = now;
            Some((leg, set.folds.clone()))
        })
    }

    /// Keeps the checkpoints of all folds at the end of a trail; the least recently used ones make room.
    pub(super) fn keep(&self, trail: &[Leg], set: Vec<Checkpoint>) {
        let (Some(last), bytes) = (trail.last(), size(&set)) else {
            return;
        };
        if bytes > MOST_BYTES {
            return;
        }
        let mut kept = self.kept();
        kept.uses += 1;
        let place = (name(trail), last.until.to_bits());
        kept.forget(&place);
        kept.bytes += bytes;
        let (folds, used) = (Arc::new(set), kept.uses);
        kept.sets.insert(place, Set { folds, used });
        while kept.bytes > MOST_BYTES {
            let oldest = kept.sets.iter().min_by_key(|(_, set)| set.used);
            let Some(oldest) = oldest.map(|(place, _)| place.clone()) else {
                break;
            };
            kept.forget(&oldest);
        }
    }

    /// Drops what was kept of the last leg before its end: the trail has gone on from there.
    pub(super) fn passed(&self, trail: &[Leg]) {
        let Some(last) = trail.last() else { return };
        let mut kept = self.kept();
        let name = name(trail);
        let end = (name.clone(), last.until.to_bits());
        let before: Vec<Place> = kept
            .sets
            .range((name, 0)..end)
            .map(|(place, _)| place.clone())
            .collect();
        before.iter().for_each(|place| kept.forget(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Value;
    use crate::trial::{Job, Origin};

    fn config(rate: f64, units: i64) -> Config {
        Config::default()
            .with("rate", Value::Float(rate))
            .with("units", Value::Int(units))
    }

    fn job(id: u32, config: Config, fidelity: f64) -> Job {
        Job {
            id,
            config,
            fidelity,
            parent: id.checked_sub(1),
            origin: Origin::Person,
        }
    }

    #[test]
    fn a_trail_changes_settings_that_may_and_starts_afresh_otherwise() {
        let jobs = [
            job(0, config(0.1, 8), 0.2),
            job(1, config(0.1, 8), 0.4),
            job(2, config(0.2, 8), 0.6),
            job(3, config(0.2, 9), 0.8),
            job(4, config(0.3, 9), 0.7),
        ];
        let changeable = ["rate".to_string()];
        let ends = |last: usize, need| {
            let task = Task::within(&jobs[last], need, |id| jobs.get(id as usize));
            let legs = trail(&task, &changeable);
            legs.iter().map(|leg| leg.until).collect::<Vec<_>>()
        };
        assert_eq!(ends(1, Need::Lineage), [0.4]);
        assert_eq!(ends(2, Need::Lineage), [0.4, 0.6]);
        assert_eq!(ends(2, Need::Value), [0.6]);
        assert_eq!(ends(3, Need::Lineage), [0.8]);
        assert_eq!(ends(4, Need::Lineage), [0.7]);
    }

    #[test]
    fn the_memory_is_bounded_and_gives_the_farthest() {
        let (a, b) = (config(0.1, 8), config(0.2, 8));
        let leg = |config, until| Leg { config, until };
        let set = |bytes| vec![Checkpoint::new(Arc::new(bytes), bytes)];
        let memory = Checkpoints::default();
        memory.keep(&[leg(&a, 0.25)], set(8));
        memory.keep(&[leg(&a, 0.5)], set(9));
        memory.keep(&[leg(&a, 0.5), leg(&b, 0.75)], set(10));
        let farthest = |trail: &[Leg]| {
            let (leg, set) = memory.farthest(trail)?;
            Some((leg, *set[0].state::<usize>()?))
        };
        assert_eq!(farthest(&[leg(&a, 0.4)]), Some((0, 8)));
        assert_eq!(farthest(&[leg(&a, 1.0)]), Some((0, 9)));
        assert_eq!(farthest(&[leg(&a, 0.5), leg(&b, 0.6)]), Some((0, 9)));
        assert_eq!(farthest(&[leg(&a, 0.5), leg(&b, 1.0)]), Some((1, 10)));
        assert_eq!(farthest(&[leg(&b, 1.0)]), None);
        memory.passed(&[leg(&a, 0.5)]);
        assert_eq!(farthest(&[leg(&a, 0.4)]), None);
        memory.keep(&[leg(&b, 0.1)], set(MOST_BYTES - 8));
        assert!(memory.kept().bytes <= MOST_BYTES && farthest(&[leg(&b, 0.1)]).is_some());
        memory.keep(&[leg(&a, 0.1)], set(MOST_BYTES + 1));
        assert_eq!(farthest(&[leg(&a, 0.1)]), None);
    }
}
