//! The trust region of TuRBO, worked out from the log: it doubles after successes, halves after failures, and begins anew elsewhere.

use crate::trial::{Event, History, Origin, Outcome};

/// Length of a region: at first, at most, and what ends it.
const FIRST: f64 = 0.8;
const LONGEST: f64 = 1.6;
const SHORTEST: f64 = 0.007_812_5;
/// Successes in a row that double it.
const SUCCESSES: u32 = 3;
/// A success is better by more than this share of the standard deviation of the region's values.
const MARGIN: f64 = 1e-3;

/// A region at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trust {
    /// Number of the region, from 0.
    pub(super) number: u32,
    /// Id of its first trial: it learns from none before.
    pub(super) from: u32,
    /// Side of its box, before lengthscales shape it.
    pub(super) length: f64,
    /// Successes and failures in a row.
    pub(super) successes: u32,
    pub(super) failures: u32,
}

/// The values of a region so far: their number, mean and sum of squared deviations (Welford 1962), and the best.
#[derive(Default)]
struct Values {
    told: usize,
    count: f64,
    mean: f64,
    squares: f64,
    best: Option<f64>,
}

impl Values {
    /// Takes in a minimized value; whether it is better than all before by the margin.
    fn add(&mut self, value: f64) -> bool {
        let sd = libm::sqrt(self.squares / self.count.max(1.0));
        let is_better = self.best.is_none_or(|best| value < best - MARGIN * sd);
        self.count += 1.0;
        let off = value - self.mean;
        self.mean += off / self.count;
        self.squares += off * (value - self.mean);
        self.best = Some(self.best.map_or(value, |best| best.min(value)));
        is_better
    }
}

impl Trust {
    fn new(number: u32, from: u32) -> Trust {
        Trust {
            number,
            from,
            length: FIRST,
            successes: 0,
            failures: 0,
        }
    }

    /// Failures in a row that halve a region: as many as there are dimensions, at least 4.
    pub(super) fn patience(dimensions: usize) -> u32 {
        dimensions.max(4) as u32
    }

    /// The region after `history`, if each begins with `initial` points. Outcomes count in the order in which they came in. What a person or
    /// another strategy proposed changes what is to be beaten, but is no success or failure of the region: it may lie anywhere.
    pub(super) fn of(history: &History, initial: usize, dimensions: usize) -> Trust {
        let mut trust = Trust::new(0, 0);
        let mut values = Values::default();
        let mut asked = 0;
        for event in history.log() {
            let (id, outcome) = match event {
                Event::Asked(_) => {
                    asked += 1;
                    continue;
                }
                Event::Told(id, outcome) => (*id, outcome),
            };
            let Some(job) = history.jobs().get(id as usize) else {
                continue;
            };
            if job.fidelity < 1.0 || id < trust.from {
                continue;
            }
            values.told += 1;
            let value = Outcome::value(outcome).filter(|v| v.is_finite());
            let is_better = value.is_some_and(|v| values.add(history.direction().minimized(v)));
            if values.told <= initial || job.origin == Origin::Person {
                continue;
            }
            (trust.successes, trust.failures) = if is_better {
                (trust.successes + 1, 0)
            } else {
                (0, trust.failures + 1)
            };
            if trust.successes == SUCCESSES {
                trust.length = (2.0 * trust.length).min(LONGEST);
                trust.successes = 0;
            } else if trust.failures == Trust::patience(dimensions) {
                trust.length *= 0.5;
                trust.failures = 0;
            }
            if trust.length < SHORTEST {
                trust = Trust::new(trust.number + 1, asked);
                values = Values::default();
            }
        }
        trust
    }

    /// What an origin says of it.
    pub(super) fn words(&self) -> String {
        format!(
            "Only trust region {} was searched, of side {} around its best point; {} successes and {} failures in a row so far.",
            self.number + 1,
            crate::space::rounded(self.length),
            self.successes,
            self.failures
        )
    }

    /// Its numbers by name, for an origin.
    pub(super) fn numbers(&self) -> [(String, f64); 4] {
        [
            ("region.number", f64::from(self.number)),
            ("region.length", self.length),
            ("region.successes", f64::from(self.successes)),
            ("region.failures", f64::from(self.failures)),
        ]
        .map(|(name, v)| (name.to_string(), v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::space;
    use crate::trial::{Direction, Job, Origin};

    /// The region after trials with these values, NaN a failed one, after two initial points in two dimensions; `whose` says whose each is.
    fn after_all(values: &[f64], whose: fn(usize) -> Origin) -> Trust {
        let space = space(&[("x", "0.0..1.0"), ("y", "0.0..1.0")]);
        let mut history = History::new(space.clone(), Direction::Minimize);
        for (id, value) in (0..).zip(values) {
            let config = space.at_unit(&[0.5, f64::from(id) / 1000.0]);
            history.ask(Job::full(id, config, whose(id as usize)));
            history.tell(id, Outcome::of(*value)).expect("pending");
        }
        Trust::of(&history, 2, 2)
    }

    fn own() -> Origin {
        Origin::Fallback { reason: String::new() }
    }

    fn after(values: &[f64]) -> Trust {
        after_all(values, |_| own())
    }

    #[test]
    fn what_others_try_is_no_failure_of_the_region() {
        let mut values = vec![9.0, 8.0];
        values.extend([20.0; 40]);
        assert_eq!(after_all(&values, |_| Origin::Person), Trust::new(0, 0));
        // Own ones between them count alone, and have to beat what others have found.
        let turns = |id: usize| if id.is_multiple_of(2) { own() } else { Origin::Person };
        let trust = after_all(&[9.0, 8.0, 7.0, 3.0, 6.0, 30.0, 2.0, 31.0], turns);
        assert_eq!(
            (trust.successes, trust.failures),
            (1, 0),
            "7 beats 8, 6 does not beat 3, 2 does"
        );
    }

    #[test]
    fn grows_shrinks_and_begins_anew() {
        assert_eq!(after(&[9.0, 8.0]), Trust::new(0, 0));
        let better = after(&[9.0, 8.0, 7.0, 6.0]);
        assert_eq!((better.length, better.successes, better.failures), (0.8, 2, 0));
        assert_eq!(after(&[9.0, 8.0, 7.0, 6.0, 5.0]).length, 1.6);
        let mut values = vec![9.0, 8.0];
        values.extend([8.5, f64::NAN, 8.0, 8.2]);
        let worse = after(&values);
        assert_eq!(
            (worse.length, worse.failures),
            (0.4, 0),
            "four failures, a tie and a failed trial among them"
        );
        // Seven halvings from 0.8: below the shortest.
        values.extend(std::iter::repeat_n(8.3, 4 * 6));
        assert_eq!(after(&values), Trust::new(1, values.len() as u32));
        // Two initial points of the next one, then a failure: what the first region reached does not count.
        values.extend([20.0, 21.0, 22.0]);
        let next = after(&values);
        assert_eq!((next.number, next.failures), (1, 1));
    }
}
