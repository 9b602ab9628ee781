//! The forest of a history, and what turns its scale into the objective's.

use super::leaves;
use super::rows::Rows;
use crate::order;
use crate::seed::Seed;
use crate::surrogate::forest::{Forest, Kind};
use crate::trial::{Direction, History, Job, Outcome};

/// Differences below this share of the range are as good as none.
const FLOOR: f64 = 0.03;

/// A fitted model. Its scale is ln(share of the range above the best + a floor): differences among good values are enlarged.
pub(super) struct Model {
    pub(super) forest: Forest,
    /// What improvement is measured against, on the model's scale: the lowest prediction at any trial. Where each value has a leaf of its own
    /// that is the best value; under noise a lucky one is not believed.
    pub(super) target: f64,
    /// Whether the values are too noisy for leaves of their own.
    pub(super) is_noisy: bool,
    /// The rows of the best trials, the best first.
    pub(super) best: Vec<Vec<f64>>,
    low: f64,
    half: f64,
    direction: Direction,
}

impl Model {
    /// Of the trials at full fidelity: those at lower ones are not comparable. Failed ones count as the worst value, pending ones and
    /// `since` as what the told ones predict there. `None` before the first value. Keeps the rows of the `starts` best.
    pub(super) fn fit(
        rows: &Rows,
        trees: usize,
        starts: usize,
        history: &History,
        since: &[Job],
        seed: Seed,
    ) -> Option<Model> {
        let direction = history.direction();
        let finite = |outcome: &Outcome| {
            outcome
                .value()
                .map(|v| direction.minimized(v))
                .filter(|v| v.is_finite())
        };
        let trials = || history.trials().filter(|(job, _)| job.fidelity >= 1.0);
        let values = trials().filter_map(|(_, outcome)| finite(outcome?));
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        // Half of each, so that a range of huge values does not overflow.
        let half = if high > low { high / 2.0 - low / 2.0 } else { 0.5 };
        let scaled = |value: f64| libm::log((value / 2.0 - low / 2.0) / half + FLOOR);
        let (mut x, mut y, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for (job, outcome) in trials() {
            let row = rows.of(&job.config);
            match outcome {
                None => pending.extend(row),
                Some(outcome) => {
                    x.extend(row);
                    y.push(finite(outcome).map_or(libm::log(1.0 + FLOOR), scaled));
                }
            }
        }
        since.iter().for_each(|job| pending.extend(rows.of(&job.config)));
        let mut order: Vec<usize> = (0..y.len()).collect();
        order::sort_by(&mut order, |&a, &b| y[a].total_cmp(&y[b]));
        let dim = rows.dim();
        let best = order.iter().take(starts).map(|i| x[i * dim..(i + 1) * dim].to_vec());
        let best: Vec<Vec<f64>> = best.collect();
        let kind = |axis| {
            if rows.is_categorical(axis) {
                Kind::Category
            } else {
                Kind::Ordered
            }
        };
        let kinds: Vec<Kind> = (0..dim).map(kind).collect();
        let leaf = leaves::least_rows(&x, &y, &kinds, seed);
        let mut forest = Forest::fit(&x, &y, &kinds, trees, 2 * leaf, leaf, seed);
        let predicted = forest.predict(&x);
        let target = predicted.iter().map(|(mean, _)| *mean).fold(f64::INFINITY, f64::min);
        if !pending.is_empty() {
            y.extend(forest.predict(&pending).iter().map(|(mean, _)| mean));
            x.extend(pending);
            forest = Forest::fit(&x, &y, &kinds, trees, 2 * leaf, leaf, seed);
        }
        Some(Model {
            forest,
            target,
            is_noisy: leaf > 1,
            best,
            low,
            half,
            direction,
        })
    }

    /// A value on the model's scale in the objective's own unit and sign.
    pub(super) fn value(&self, scaled: f64) -> f64 {
        let share = libm::exp(scaled) - FLOOR;
        self.direction.minimized(self.low + 2.0 * share * self.half)
    }

    /// A standard deviation at `mean` in the objective's unit: half the distance between the ends of mean ± sd.
    pub(super) fn sd(&self, mean: f64, sd: f64) -> f64 {
        (self.value(mean + sd) / 2.0 - self.value(mean - sd) / 2.0).abs()
    }
}
