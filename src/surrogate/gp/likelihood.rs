//! The log marginal likelihood of the data and its gradient: what hyperparameters are judged by.

use super::hyper::{Coordinates, Hyperparameters, Priors};
use super::kernel::{Axis, Kernel};
use super::kumaraswamy;
use super::observations::{Observations, Targets};
use crate::math::cholesky::Cholesky;
use crate::math::normal::HALF_LN_2PI;
use crate::math::rows::dot;

/// Training data, and room for everything an evaluation needs: evaluations allocate next to nothing.
pub(super) struct Data<'a> {
    axes: &'a [Axis],
    kernel: &'static dyn Kernel,
    observations: &'a Observations,
    pub(super) coordinates: &'a Coordinates,
    /// Inputs axis by axis, and as they are warped now.
    raw: Vec<Vec<f64>>,
    columns: Vec<Vec<f64>>,
    /// Outputs under this λ.
    targets: (f64, Targets),
    /// Of the pairs (1,0), (2,0), (2,1), (3,0)…: f(r²) and df/d(r²).
    correlation: Vec<f64>,
    slope: Vec<f64>,
    row: Vec<f64>,
    factor: Cholesky,
}

/// Which prior mean a likelihood is taken with.
#[derive(Clone, Copy)]
pub(super) enum Mean {
    /// This one.
    Known(f64),
    /// The one that maximizes the likelihood times Normal(0, sd²).
    Best(f64),
}

/// Step of the central difference by which the outputs' derivative by λ is taken.
const LAMBDA_STEP: f64 = 1e-4;

impl<'a> Data<'a> {
    pub(super) fn new(
        axes: &'a [Axis],
        kernel: &'static dyn Kernel,
        observations: &'a Observations,
        coordinates: &'a Coordinates,
    ) -> Data<'a> {
        let points = &observations.points;
        let n = points.len();
        let column = |d: usize| points.iter().map(|p| p[d]).collect();
        let raw: Vec<Vec<f64>> = (0..axes.len()).map(column).collect();
        let pairs = n * n.saturating_sub(1) / 2;
        Data {
            axes,
            kernel,
            observations,
            coordinates,
            columns: raw.clone(),
            raw,
            targets: (1.0, observations.targets(1.0)),
            correlation: vec![0.0; pairs],
            slope: vec![0.0; pairs],
            row: vec![0.0; n],
            factor: Cholesky::default(),
        }
    }

    /// r² of all pairs, into `correlation`.
    fn measure(&mut self, hyper: &Hyperparameters, weights: &[f64]) {
        for (axis, warp) in hyper.warps.iter().enumerate() {
            if *warp != [1.0, 1.0] {
                let warped = self.raw[axis].iter().map(|u| kumaraswamy::warp(*warp, *u));
                self.columns[axis].clear();
                self.columns[axis].extend(warped);
            }
        }
        self.correlation.fill(0.0);
        for ((axis, column), w) in self.axes.iter().zip(&self.columns).zip(weights) {
            let mut start = 0;
            for (i, own) in column.iter().enumerate() {
                let row = &mut self.correlation[start..start + i];
                add_squares(*axis, *w, *own, column, row);
                start += i;
            }
        }
    }

    /// Factors K + noise; `false` if it is singular.
    fn condition(&mut self, hyper: &Hyperparameters) -> bool {
        if self.targets.0 != hyper.lambda {
            self.targets = (hyper.lambda, self.observations.targets(hyper.lambda));
        }
        let (correlation, counts) = (&self.correlation, &self.observations.counts);
        self.factor.truncate(0);
        self.factor.extend(counts.len(), &mut |i, row| {
            let start = i * i.saturating_sub(1) / 2;
            let pairs = &correlation[start..start + i];
            row.iter_mut().zip(pairs).for_each(|(k, c)| *k = hyper.amplitude * c);
            row[i] = hyper.amplitude + hyper.noise / counts[i];
        })
    }

    /// Log likelihood, its mean and α = K⁻¹(y − m), once K is factored.
    fn weigh(&self, hyper: &Hyperparameters, mean: Mean) -> (f64, f64, Vec<f64>) {
        let targets = &self.targets.1;
        let n = targets.means.len();
        let mut half = self.factor.half_solve(&targets.means);
        let half_one = self.factor.half_solve(&vec![1.0; n]);
        let mean = match mean {
            Mean::Known(mean) => mean,
            Mean::Best(sd) => best_mean(&half_one, &half, sd),
        };
        half.iter_mut().zip(&half_one).for_each(|(h, o)| *h -= mean * o);
        let mut likelihood = -0.5 * dot(&half, &half) - 0.5 * self.factor.log_determinant() - n as f64 * HALF_LN_2PI;
        let repeats = self.observations.repeats();
        if repeats > 0.0 {
            let counts: f64 = self.observations.counts.iter().map(|c| libm::log(*c)).sum();
            likelihood -= repeats * (HALF_LN_2PI + 0.5 * libm::log(hyper.noise))
                + 0.5 * targets.within / hyper.noise
                + 0.5 * counts;
        }
        (
            likelihood + targets.log_jacobian,
            mean,
            self.factor.solve_transposed(&half),
        )
    }

    /// ln p(y | X, θ) = −½ (y−m)ᵀ K⁻¹ (y−m) − ½ ln det K − n/2 ln 2π, with K including the noise, and the mean used; `None` if K is
    /// singular. If outputs are warped here, the density is that of the values before.
    pub(super) fn log_marginal_likelihood(&mut self, hyper: &Hyperparameters, mean: Mean) -> Option<(f64, f64)> {
        self.measure(hyper, &inverse_squares(&hyper.lengthscales));
        self.kernel.correlate(&mut self.correlation);
        if !self.condition(hyper) {
            return None;
        }
        let (likelihood, mean, _) = self.weigh(hyper, mean);
        Some((likelihood, mean))
    }

    /// Log posterior density at a point of the coordinates.
    pub(super) fn log_posterior_value(&mut self, point: &[f64], priors: &Priors) -> Option<f64> {
        let hyper = self.coordinates.at(point, 0.0);
        let (likelihood, mean) = self.log_marginal_likelihood(&hyper, Mean::Best(priors.mean_sd))?;
        let z = mean / priors.mean_sd;
        let prior = self.coordinates.log_density(priors, point, &mut vec![0.0; point.len()]);
        Some(likelihood - 0.5 * z * z + prior)
    }

    /// Log posterior density at a point of the coordinates, its gradient into `gradient`, and the mean that is best with it.
    pub(super) fn log_posterior(&mut self, point: &[f64], priors: &Priors, gradient: &mut [f64]) -> Option<(f64, f64)> {
        let (likelihood, mean) = self.likelihood_gradient(point, Mean::Best(priors.mean_sd), gradient)?;
        let z = mean / priors.mean_sd;
        let prior = self.coordinates.log_density(priors, point, gradient);
        Some((likelihood - 0.5 * z * z + prior, mean))
    }

    /// Log marginal likelihood, its gradient by the coordinates into `gradient`, and the mean used.
    ///
    /// With α = K⁻¹(y−m), the gradient is ½ tr((ααᵀ − K⁻¹) ∂K/∂θ). A mean that is maximized out has no part in it (envelope theorem).
    pub(super) fn likelihood_gradient(
        &mut self,
        point: &[f64],
        mean: Mean,
        gradient: &mut [f64],
    ) -> Option<(f64, f64)> {
        let hyper = self.coordinates.at(point, 0.0);
        let weights = inverse_squares(&hyper.lengthscales);
        self.measure(&hyper, &weights);
        self.kernel.correlate_with_slope(&mut self.correlation, &mut self.slope);
        if !self.condition(&hyper) {
            return None;
        }
        let (likelihood, mean, alpha) = self.weigh(&hyper, mean);
        let n = alpha.len();

        // W = ααᵀ − K⁻¹ over pairs; `slope` becomes W · df/d(r²).
        let (mut by_amplitude, mut trace, mut noise) = (0.0, 0.0, 0.0);
        let row = &mut self.row;
        let mut start = 0;
        for i in 0..n {
            self.factor.precision_row(i, &mut row[..=i]);
            for j in 0..i {
                row[j] = alpha[i] * alpha[j] - row[j];
            }
            let own = alpha[i] * alpha[i] - row[i];
            trace += own;
            noise += own / self.observations.counts[i];
            by_amplitude += dot(&row[..i], &self.correlation[start..start + i]);
            let slope = &mut self.slope[start..start + i];
            slope.iter_mut().zip(&*row).for_each(|(s, w)| *s *= w);
            start += i;
        }
        let d = self.axes.len();
        for axis in 0..d {
            let sum = self.weighted_squares(axis);
            gradient[axis] = -2.0 * hyper.amplitude * weights[axis] * sum;
        }
        gradient[d] = hyper.amplitude * (by_amplitude + 0.5 * trace);
        gradient[d + 1] = 0.5 * hyper.noise * noise;
        if self.observations.repeats() > 0.0 {
            gradient[d + 1] += 0.5 * (self.targets.1.within / hyper.noise - self.observations.repeats());
        }
        if self.coordinates.output {
            gradient[self.coordinates.lambda()] = self.by_lambda(&hyper, &alpha);
        }
        let coordinates = self.coordinates;
        for (axis, slots) in coordinates
            .warped
            .iter()
            .zip(gradient[coordinates.warps()..].chunks_exact_mut(2))
        {
            let (by_a, by_b) = self.by_warp(*axis, hyper.warps[*axis]);
            let scale = 2.0 * hyper.amplitude * weights[*axis];
            slots.copy_from_slice(&[scale * by_a, scale * by_b]);
        }
        Some((likelihood, mean))
    }

    /// Σ slope · Δ² over pairs, along an axis.
    fn weighted_squares(&self, axis: usize) -> f64 {
        let (column, kind) = (&self.columns[axis], self.axes[axis]);
        let (mut sum, mut start) = (0.0, 0);
        for (i, own) in column.iter().enumerate() {
            sum += weighted_row(kind, *own, column, &self.slope[start..start + i]);
            start += i;
        }
        sum
    }

    /// ∂L/∂λ = −αᵀ ∂y/∂λ + ∂ ln J/∂λ − ∂W/∂λ / 2σ².
    fn by_lambda(&self, hyper: &Hyperparameters, alpha: &[f64]) -> f64 {
        let above = self.observations.targets(hyper.lambda + LAMBDA_STEP);
        let below = self.observations.targets(hyper.lambda - LAMBDA_STEP);
        let mut change = above.log_jacobian - below.log_jacobian - 0.5 * (above.within - below.within) / hyper.noise;
        for (i, a) in alpha.iter().enumerate() {
            change -= a * (above.means[i] - below.means[i]);
        }
        change / (2.0 * LAMBDA_STEP)
    }

    /// Σ slope · Δ · ∂Δ over pairs, by ln a and ln b of an axis.
    fn by_warp(&self, axis: usize, warp: [f64; 2]) -> (f64, f64) {
        let column = &self.columns[axis];
        let slopes: Vec<_> = self.raw[axis].iter().map(|u| kumaraswamy::slopes(warp, *u)).collect();
        let (mut by_a, mut by_b, mut start) = (0.0, 0.0, 0);
        for i in 0..column.len() {
            for j in 0..i {
                let weighted = self.slope[start + j] * (column[i] - column[j]);
                by_a += weighted * (slopes[i].1 - slopes[j].1);
                by_b += weighted * (slopes[i].2 - slopes[j].2);
            }
            start += i;
        }
        (by_a, by_b)
    }
}

/// Adds w · Δ² between `own` and each of `others` to `row`.
pub(super) fn add_squares(axis: Axis, w: f64, own: f64, others: &[f64], row: &mut [f64]) {
    match axis {
        Axis::Numeric => row.iter_mut().zip(others).for_each(|(r, other)| {
            let delta = own - other;
            *r += w * (delta * delta);
        }),
        Axis::Categorical => row.iter_mut().zip(others).for_each(|(r, other)| {
            *r += if own == *other { 0.0 } else { w };
        }),
    }
}

/// Σ slope · Δ² between `own` and each of `others`, in four lanes.
fn weighted_row(axis: Axis, own: f64, others: &[f64], slope: &[f64]) -> f64 {
    let square = |other: f64| {
        let delta = axis.difference(own, other);
        delta * delta
    };
    if axis == Axis::Categorical {
        return slope.iter().zip(others).map(|(s, other)| s * square(*other)).sum();
    }
    let others = &others[..slope.len()];
    let (heads, rest) = slope.as_chunks::<4>();
    let (near, far) = others.as_chunks::<4>();
    let mut lanes = [0.0; 4];
    for (s, other) in heads.iter().zip(near) {
        for l in 0..4 {
            let delta = own - other[l];
            lanes[l] += s[l] * (delta * delta);
        }
    }
    let rest: f64 = rest.iter().zip(far).map(|(s, other)| s * square(*other)).sum();
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]) + rest
}

/// argmax of likelihood times Normal(0, sd²): 1ᵀK⁻¹y / (1ᵀK⁻¹1 + 1/sd²), from L⁻¹1 and L⁻¹y.
pub(super) fn best_mean(half_one: &[f64], half_y: &[f64], sd: f64) -> f64 {
    dot(half_one, half_y) / (dot(half_one, half_one) + 1.0 / (sd * sd))
}

/// 1/ℓ² of each axis.
pub(super) fn inverse_squares(lengthscales: &[f64]) -> Vec<f64> {
    lengthscales.iter().map(|l| 1.0 / (l * l)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, uniform};
    use crate::surrogate::gp::KERNELS;

    const AXES: [Axis; 3] = [Axis::Numeric, Axis::Numeric, Axis::Categorical];

    /// Fourteen points, three of them observed twice.
    fn observations() -> Observations {
        let mut rng = Seed(5).rng();
        let mut x: Vec<Vec<f64>> = (0..14)
            .map(|i| vec![uniform(&mut rng), uniform(&mut rng), f64::from(i % 3)])
            .collect();
        x.extend_from_within(2..5);
        let y: Vec<f64> = x
            .iter()
            .map(|p| p[0] * 3.0 - p[1] * p[1] + p[2] + uniform(&mut rng))
            .collect();
        Observations::new(&x, &y)
    }

    #[test]
    fn gradient_matches_differences() {
        let priors = Priors::default_for(3);
        let plain = [-0.7, 0.2, 0.4, 0.1, -3.0];
        let all = [-0.7, 0.2, 0.4, 0.1, -3.0, 0.6, 0.3, -0.4, -0.2, 0.5];
        for entry in KERNELS {
            for (warps, at) in [(false, &plain[..]), (true, &all[..])] {
                let observations = if warps {
                    observations().standardized()
                } else {
                    observations()
                };
                let coordinates = Coordinates::new(&AXES, warps, warps);
                let mut data = Data::new(&AXES, entry.build, &observations, &coordinates);
                let mut gradient = vec![0.0; at.len()];
                let (value, mean) = data.log_posterior(at, &priors, &mut gradient).expect("regular");
                assert!((data.log_posterior_value(at, &priors).expect("regular") - value).abs() < 1e-9);
                for i in 0..at.len() {
                    let mut moved = |step: f64| {
                        let mut p = at.to_vec();
                        p[i] += step;
                        data.log_posterior_value(&p, &priors).expect("regular")
                    };
                    let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                    assert!(
                        (gradient[i] - slope).abs() < 1e-5 * (1.0 + slope.abs()),
                        "{}, coordinate {i}: {} and {slope}",
                        entry.id,
                        gradient[i]
                    );
                }
                // The parts add up, and no other mean is better.
                let mut posterior = |mean: f64| {
                    let hyper = coordinates.at(at, mean);
                    let known = data
                        .log_marginal_likelihood(&hyper, Mean::Known(mean))
                        .expect("regular");
                    known.0 - 0.5 * mean * mean + coordinates.log_density(&priors, at, &mut [0.0; 10])
                };
                assert!((posterior(mean) - value).abs() < 1e-9);
                assert!(posterior(mean + 0.01) < value && posterior(mean - 0.01) < value);
            }
        }
    }

    #[test]
    fn repeats_have_the_likelihood_of_all_observations() {
        // Two observations at one point and one elsewhere: a normal density in three dimensions, by hand.
        let (y, hyper) = ([0.3, 0.9, -0.4], Hyperparameters::new(vec![0.5], 1.3, 0.2, 0.1));
        let axes = [Axis::Numeric];
        let all = Observations::new(&[vec![0.2], vec![0.2], vec![0.7]], &y);
        let coordinates = Coordinates::new(&axes, false, false);
        let rbf = KERNELS.iter().find(|k| k.id == "rbf").expect("registered").build;
        let mut data = Data::new(&axes, rbf, &all, &coordinates);
        let ours = data
            .log_marginal_likelihood(&hyper, Mean::Known(0.1))
            .expect("regular")
            .0;
        let far = 1.3 * libm::exp(-0.5);
        let full = [1.5, 1.3, far, 0.0, 1.5, far, 0.0, 0.0, 1.5];
        let factor = Cholesky::new(3, &full).expect("regular");
        let half = factor.half_solve(&y.map(|v| v - 0.1));
        let theirs = -0.5 * dot(&half, &half) - 0.5 * factor.log_determinant() - 3.0 * HALF_LN_2PI;
        assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
    }
}
