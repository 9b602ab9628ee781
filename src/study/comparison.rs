//! The same study with several seeds: one run proves nothing.

use super::{Clock, Study};
use crate::dataset::Csv;
use crate::math::signed_rank;
use crate::protocol::{Band, Comparison, Pair};
use crate::spec::{Refusal, StudyText};
use crate::trial::{Direction, History, Outcome};
use rayon::prelude::*;

/// Repeats a study with the seeds after its own. Split, folds, noise and strategies are drawn anew for every seed, the same for all
/// strategies of one seed: comparisons are paired.
pub struct Repetition {
    text: StudyText,
    /// The table that `data=csv` means.
    csv: Option<Csv>,
    seed: u32,
    reps: u32,
    direction: Direction,
    clock: Clock,
    /// Curves of every seed done: a strategy each, the best value after 1, 2, … full trials.
    done: Vec<Vec<Vec<f64>>>,
    under_way: Option<Study>,
}

impl Repetition {
    /// What is left to repeat after `study` has ended with the first seed; `None` if the text asks for no other, or a person took part, who
    /// cannot be repeated.
    #[inline(never)]
    pub fn after(study: &Study) -> Option<Repetition> {
        let prepared = study.prepared();
        let (mut text, _) = StudyText::parse(&prepared.text);
        text.set("reps", None);
        let seed = text.get("seed")?.parse().ok()?;
        (prepared.reps > 1 && !study.is_game()).then(|| Repetition {
            text,
            csv: study.csv.clone(),
            seed,
            reps: prepared.reps,
            direction: prepared.direction,
            clock: study.clock,
            done: vec![curves(study)],
            under_way: None,
        })
    }

    /// Whether every seed is done.
    pub fn is_finished(&self) -> bool {
        self.done.len() as u32 >= self.reps
    }

    /// One round of one strategy of the seed under way. Says whether that seed is done with it.
    ///
    /// # Errors
    /// Why there is no study with the next seed. There never is one then, so this is the end.
    #[inline(never)]
    pub fn step(&mut self) -> Result<bool, Vec<Refusal>> {
        let mut study = match self.under_way.take() {
            Some(study) => study,
            None => with_seed(
                &self.text,
                self.csv.as_ref(),
                self.seed.wrapping_add(self.done.len() as u32),
                self.clock,
            )?,
        };
        study.step(true);
        if study.is_finished() {
            self.done.push(curves(&study));
            return Ok(true);
        }
        self.under_way = Some(study);
        Ok(false)
    }

    /// Runs every seed to its end, several at once; the same result as step by step.
    ///
    /// # Errors
    /// Why there is no study with one of the seeds.
    pub fn finish(&mut self) -> Result<(), Vec<Refusal>> {
        let (text, csv, seed, clock) = (&self.text, self.csv.as_ref(), self.seed, self.clock);
        let whole = |repetition: u32| {
            let mut study = with_seed(text, csv, seed.wrapping_add(repetition), clock)?;
            while !study.is_finished() {
                study.step(true);
            }
            Ok(curves(&study))
        };
        let left = self.done.len() as u32..self.reps;
        let curves: Result<Vec<_>, Vec<Refusal>> = left.into_par_iter().map(whole).collect();
        self.done.extend(curves?);
        Ok(())
    }

    /// How the strategies compare over the seeds done.
    #[inline(never)]
    pub fn standing(&self) -> Comparison {
        let lanes = self.done.first().map_or(0, Vec::len);
        let last = |lane: usize| -> Vec<f64> {
            let ends = self.done.iter().map(|seed| seed[lane].last().copied());
            ends.map(|end| end.unwrap_or(f64::NAN)).collect()
        };
        let pairs = (0..lanes).flat_map(|b| (0..b).map(move |a| (a, b)));
        Comparison {
            reps: self.reps,
            done: self.done.len() as u32,
            lanes: (0..lanes).map(|lane| self.band(lane, last(lane))).collect(),
            pairs: pairs.map(|(a, b)| self.pair(a, b, &last(a), &last(b))).collect(),
        }
    }

    /// A value that is not there, or not a number, is worse than any.
    fn rank(&self, value: f64) -> f64 {
        if value.is_nan() {
            f64::INFINITY
        } else {
            self.direction.minimized(value)
        }
    }

    fn band(&self, lane: usize, last: Vec<f64>) -> Band {
        let length = self.done.iter().map(|seed| seed[lane].len()).max().unwrap_or(0);
        let mut band = Band {
            last,
            ..Band::default()
        };
        for at in 0..length {
            // A strategy that ended early, in a finite space, keeps its last value.
            let here = |seed: &Vec<Vec<f64>>| seed[lane].get(at).or(seed[lane].last()).copied();
            let mut ranks: Vec<f64> = self.done.iter().filter_map(here).map(|v| self.rank(v)).collect();
            ranks.sort_unstable_by(f64::total_cmp);
            let mut quartiles = [0.25, 0.5, 0.75].map(|q| self.direction.minimized(quantile(&ranks, q)));
            if self.direction == Direction::Maximize {
                quartiles.reverse();
            }
            let plain = quartiles.map(|v| if v.is_finite() { v } else { f64::NAN });
            band.low.push(plain[0]);
            band.median.push(plain[1]);
            band.high.push(plain[2]);
        }
        band
    }

    fn pair(&self, a: usize, b: usize, ends: &[f64], others: &[f64]) -> Pair {
        let mut seeds = [0; 3];
        let mut differences = Vec::new();
        for (x, y) in ends.iter().zip(others) {
            let (x, y) = (self.rank(*x), self.rank(*y));
            seeds[if x < y {
                0
            } else if x == y {
                1
            } else {
                2
            }] += 1;
            // Of two infinities there is no difference.
            differences.push(if x == y { 0.0 } else { x - y });
        }
        Pair {
            a,
            b,
            seeds,
            p: signed_rank::p_value(&differences),
        }
    }
}

fn with_seed(text: &StudyText, csv: Option<&Csv>, seed: u32, clock: Clock) -> Result<Study, Vec<Refusal>> {
    let mut text = text.clone();
    text.set("seed", Some(&seed.to_string()));
    Study::prepare_with(&text.to_string(), csv, clock)
}

/// The `q`-quantile of sorted values, linearly between order statistics.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let (low, share) = (libm::floor(place), place - libm::floor(place));
    let (a, b) = (sorted[low as usize], sorted[(low as usize + 1).min(sorted.len() - 1)]);
    if share == 0.0 || a == b { a } else { a + share * (b - a) }
}

fn curves(study: &Study) -> Vec<Vec<f64>> {
    study.lanes.iter().map(|lane| curve(&lane.history)).collect()
}

/// The best value at full fidelity once 1, 2, … full-fidelity equivalents are spent; NaN while there is none.
fn curve(history: &History) -> Vec<f64> {
    let mut curve = Vec::new();
    let (mut best, mut spent) = (f64::NAN, 0.0);
    for (job, outcome) in history.trials() {
        spent += history.price(job);
        // What this trial runs past was reached without it.
        while ((curve.len() + 1) as f64) < spent + super::TOLERANCE {
            curve.push(best);
        }
        let value = outcome.and_then(Outcome::value).filter(|_| job.fidelity >= 1.0);
        if let Some(value) = value.filter(|v| best.is_nan() || history.direction().better(*v, best)) {
            best = value;
        }
        let in_time = libm::fabs(spent - curve.len() as f64) < super::TOLERANCE;
        if let Some(last) = curve.last_mut().filter(|_| in_time) {
            *last = best;
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repetition(text: &str) -> Repetition {
        let mut study = Study::prepare(text, || 0.0).expect("a study");
        while !study.is_finished() {
            study.step(true);
        }
        Repetition::after(&study).expect("several seeds")
    }

    #[test]
    fn step_by_step_and_all_at_once_agree_and_each_seed_is_a_study_of_its_own() {
        let text = "fn=branin(noise:1)&s=random,sobol&n=6&seed=4294967294&reps=4";
        let (mut whole, mut steps) = (repetition(text), repetition(text));
        whole.finish().expect("four studies");
        while !steps.is_finished() {
            steps.step().expect("a study");
        }
        let standing = whole.standing();
        assert_eq!(standing, steps.standing());
        assert_eq!((standing.done, standing.reps, standing.lanes.len()), (4, 4, 2));
        // The seeds go on from 0 after the last one.
        let alone = Study::prepare("fn=branin(noise:1)&s=random,sobol&n=6&seed=1", || 0.0);
        let mut alone = alone.expect("a study");
        while !alone.is_finished() {
            alone.step(true);
        }
        for lane in 0..2 {
            let best = alone.history(lane).and_then(|h| h.best()).map(|(_, s)| s.value);
            assert_eq!(Some(standing.lanes[lane].last[3]), best);
        }
    }

    #[test]
    fn a_band_holds_its_median_and_pairs_count_every_seed() {
        let mut repetition = repetition("data=wine&model=forest&p.n_estimators=2..9&cv=3&s=random,sobol&n=5&reps=5");
        repetition.finish().expect("five studies");
        let standing = repetition.standing();
        for band in &standing.lanes {
            assert_eq!((band.median.len(), band.last.len()), (5, 5));
            for ((low, median), high) in band.low.iter().zip(&band.median).zip(&band.high) {
                assert!(low <= median && median <= high);
            }
            // Accuracy only grows.
            assert!(band.median.windows(2).all(|w| w[0] <= w[1]));
        }
        let [pair] = &standing.pairs[..] else {
            panic!("one pair")
        };
        assert_eq!((pair.a, pair.b, pair.seeds.iter().sum::<u32>()), (0, 1, 5));
        assert!(pair.p > 0.0 && pair.p <= 1.0);
    }

    #[test]
    fn one_seed_is_no_comparison_and_partial_trials_do_not_count() {
        let study = Study::prepare("fn=branin&s=random&n=2", || 0.0).expect("a study");
        assert!(Repetition::after(&study).is_none());
        let text = "data=iris&model=forest&p.n_estimators=3..30&s=halving&n=4&cv=3&reps=2";
        let repetition = repetition(text);
        let curve = &repetition.done[0][0];
        assert!(
            curve.len() <= 4 && curve[0].is_nan() && curve.last().is_some_and(|v| !v.is_nan()),
            "{curve:?}"
        );
    }
}
