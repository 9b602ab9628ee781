//! Where the acquisition is maximized: everywhere, or within a trust region.

use super::grounds::{Grounds, Move};
use super::trust::Trust;
use crate::math::sobol::Sobol;
use crate::seed::{Seed, below, uniform};
use crate::surrogate::gp::{Axis, Gp};

/// A box of raw coordinates.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    /// A point from which candidates differ in some coordinates only, each with this probability.
    center: Option<(Vec<f64>, f64)>,
}

/// In more dimensions than this, a candidate within a trust region moves about this many coordinates.
const MOVED: f64 = 20.0;

impl Field {
    /// The whole cube.
    pub(super) fn whole(dimensions: usize) -> Field {
        Field {
            low: vec![0.0; dimensions],
            high: vec![1.0; dimensions],
            center: None,
        }
    }

    /// The box of a trust region around the seen point of lowest mean. Its sides have the lengthscales' proportions, with the region's length
    /// for their geometric mean. Categories are not bounded.
    pub(super) fn around(trust: &Trust, gp: &Gp, grounds: &Grounds) -> Field {
        let means = gp.means(gp.points());
        let best = (0..means.len())
            .min_by(|a, b| means[*a].total_cmp(&means[*b]))
            .unwrap_or(0);
        let center = gp.points()[best].clone();
        let ordered: Vec<usize> = (0..grounds.dim())
            .filter(|d| grounds.axes[*d] == Axis::Numeric)
            .collect();
        let log = |d: &usize| libm::log(gp.hyperparameters().lengthscales[*d]);
        let mean = ordered.iter().map(log).sum::<f64>() / ordered.len().max(1) as f64;
        let mut field = Field::whole(grounds.dim());
        for d in &ordered {
            let half = 0.5 * trust.length * libm::exp(log(d) - mean);
            field.low[*d] = (center[*d] - half).max(0.0);
            field.high[*d] = (center[*d] + half).min(1.0);
        }
        let share = (MOVED / grounds.dim().max(1) as f64).min(1.0);
        field.center = Some((center, share));
        field
    }

    /// `raw` moved to the nearest point inside.
    pub(super) fn clamp(&self, raw: &mut [f64]) {
        let bounds = self.low.iter().zip(&self.high);
        raw.iter_mut()
            .zip(bounds)
            .for_each(|(u, (low, high))| *u = u.clamp(*low, *high));
    }

    /// Whether coordinate `axis` may be `u`.
    pub(super) fn holds(&self, axis: usize, u: f64) -> bool {
        (self.low[axis]..=self.high[axis]).contains(&u)
    }

    /// Whether a legal input lies inside; discrete coordinates may lie as far out as half their spacing.
    pub(super) fn contains(&self, input: &[f64], grounds: &Grounds) -> bool {
        let inside = |axis: usize| {
            let slack = match grounds.moves[axis] {
                Move::Continuous => 0.0,
                Move::Levels(n) => 0.5 / n as f64,
            };
            input[axis] >= self.low[axis] - slack && input[axis] <= self.high[axis] + slack
        };
        (0..input.len()).all(inside)
    }

    /// `count` points spread evenly over it.
    pub(super) fn spread(&self, count: u32, seed: Seed) -> Vec<Vec<f64>> {
        let sobol = Sobol::new(self.low.len(), seed);
        let mut rng = seed.derive("moved", 0).fast_rng();
        let point = |i: u32| {
            let mut raw = sobol.point(i);
            for (d, u) in raw.iter_mut().enumerate() {
                *u = self.low[d] + *u * (self.high[d] - self.low[d]);
            }
            if let Some((center, share)) = &self.center
                && *share < 1.0
            {
                let forced = below(&mut rng, raw.len() as u64) as usize;
                for (d, u) in raw.iter_mut().enumerate() {
                    if d != forced && uniform(&mut rng) >= *share {
                        *u = center[d];
                    }
                }
            }
            raw
        };
        (0..count).map(point).collect()
    }
}
