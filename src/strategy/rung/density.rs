//! Two kernel densities, of good and of other configurations, and the point where they differ most (BOHB's model).

use super::Ladder;
use crate::order;
use crate::seed::{Seed, below, normal, uniform};
use crate::space::{Config, Space};
use crate::strategy::Tried;
use crate::trial::{History, Job};

/// How the densities are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::strategy) struct Density {
    /// Share of proposals that stay uniform.
    pub(in crate::strategy) random: f64,
    /// Share of the trials that count as good.
    pub(in crate::strategy) good: f64,
    /// Draws from the good density, of which the best ratio is taken.
    pub(in crate::strategy) draws: usize,
}

/// A proposal and what it was chosen by.
pub(super) struct Found {
    pub(super) config: Config,
    pub(super) ratio: f64,
    pub(super) good: usize,
    pub(super) bad: usize,
    pub(super) fidelity: f64,
    pub(super) draws: usize,
    pub(super) from: Vec<u32>,
}

/// Bandwidths are widened by this for drawing, so that the search does not close in too early (the paper's factor).
const WIDER: f64 = 3.0;
/// Least bandwidth, in the unit interval.
const LEAST: f64 = 1e-3;

/// A product kernel density: Gaussians cut off at the ends of [0, 1], and for categories the kernel of Aitchison & Aitken (1976).
struct Kernels {
    points: Vec<Vec<f64>>,
    widths: Vec<f64>,
    /// Number of categories, where a coordinate has no order.
    categories: Vec<Option<f64>>,
}

impl Kernels {
    fn of(points: Vec<Vec<f64>>, space: &Space) -> Kernels {
        let (n, d) = (points.len() as f64, space.dim());
        // Scott's rule.
        let factor = libm::pow(n, -1.0 / (4.0 + d as f64));
        let width = |i: usize| {
            let mean = points.iter().map(|p| p[i]).sum::<f64>() / n;
            let variance = points.iter().map(|p| (p[i] - mean) * (p[i] - mean)).sum::<f64>() / n;
            (libm::sqrt(variance) * factor).max(LEAST)
        };
        let category = |i: usize| {
            let domain = &space.params()[i].domain;
            domain.size().filter(|_| domain.is_categorical()).map(|n| n as f64)
        };
        Kernels {
            widths: (0..d).map(width).collect(),
            categories: (0..d).map(category).collect(),
            points,
        }
    }

    /// The density at `x`, with a floor for places far from every point.
    fn at(&self, x: &[f64]) -> f64 {
        let kernel = |p: &Vec<f64>| {
            let one = |i: usize| match self.categories[i] {
                Some(n) => {
                    let other = self.share(i, n);
                    if p[i] == x[i] {
                        1.0 - other
                    } else {
                        other / (n - 1.0).max(1.0)
                    }
                }
                None => gaussian(x[i], p[i], self.widths[i]),
            };
            (0..x.len()).map(one).product::<f64>()
        };
        (self.points.iter().map(kernel).sum::<f64>() / self.points.len() as f64).max(1e-32)
    }

    /// The weight that a category's kernel gives to the other categories.
    fn share(&self, axis: usize, categories: f64) -> f64 {
        self.widths[axis].min((categories - 1.0) / categories)
    }

    /// A draw with wider kernels.
    fn draw(&self, rng: &mut impl rand::Rng) -> Vec<f64> {
        let point = &self.points[below(rng, self.points.len() as u64) as usize];
        let one = |(i, p): (usize, &f64)| match self.categories[i] {
            Some(n) if uniform(rng) < (WIDER * self.share(i, n)).min(1.0) => uniform(rng),
            Some(_) => *p,
            None => {
                let width = WIDER * self.widths[i];
                // Draws beyond the ends are repeated; where the kernel is flat over the interval, uniform will do.
                let inside = (0..20)
                    .map(|_| p + width * normal(rng))
                    .find(|u| (0.0..=1.0).contains(u));
                inside.unwrap_or_else(|| uniform(rng))
            }
        };
        point.iter().enumerate().map(one).collect()
    }
}

fn gaussian(x: f64, center: f64, width: f64) -> f64 {
    use crate::math::normal::{cdf, pdf};
    let z = |v: f64| (v - center) / width;
    pdf(z(x)) / (width * (cdf(z(1.0)) - cdf(z(0.0))).max(1e-12))
}

/// The best of the draws, or nothing while no rung has enough trials.
pub(super) fn propose(model: &Density, now: &History, ladder: &Ladder, tried: &Tried, seed: Seed) -> Option<Found> {
    let space = now.space();
    let least = space.dim() + 1;
    let direction = now.direction();
    for &fidelity in ladder.fidelities.iter().rev() {
        let at = |job: &Job| (job.fidelity - fidelity).abs() < 1e-9;
        let mut told: Vec<(u32, f64, Vec<f64>)> = Vec::new();
        for (job, outcome) in now.trials().filter(|(job, _)| at(job)) {
            // A failure is as bad as can be.
            let value = outcome.map(|o| o.value().map_or(f64::INFINITY, |v| direction.minimized(v)));
            told.extend(value.map(|v| (job.id, v, space.to_unit(&job.config))));
        }
        if told.len() < 2 * least + 1 {
            continue;
        }
        order::sort_by(&mut told, |a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let good = least.max(libm::ceil(model.good * told.len() as f64) as usize);
        if told.iter().take(good).any(|(_, v, _)| !v.is_finite()) {
            continue;
        }
        let from = told.iter().take(good).map(|(id, _, _)| *id).collect();
        let mut points: Vec<Vec<f64>> = told.into_iter().map(|(_, _, unit)| unit).collect();
        let others = Kernels::of(points.split_off(good), space);
        let best = Kernels::of(points, space);
        let mut rng = seed.derive("draws", 0).rng();
        let mut found: Option<(Config, f64)> = None;
        for _ in 0..model.draws {
            let config = space.at_unit(&best.draw(&mut rng));
            if !space.is_allowed(&config) || tried.contains(&config) {
                continue;
            }
            let unit = space.to_unit(&config);
            let ratio = best.at(&unit) / others.at(&unit);
            if found.as_ref().is_none_or(|(_, r)| ratio > *r) {
                found = Some((config, ratio));
            }
        }
        let bad = others.points.len();
        return found.map(|(config, ratio)| Found {
            config,
            ratio,
            good,
            bad,
            fidelity,
            draws: model.draws,
            from,
        });
    }
    None
}
