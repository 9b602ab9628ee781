//! The log marginal likelihood of the data and its gradient: what hyperparameters are judged by.

use super::hyper::{Hyperparameters, Priors};
use super::kernel::{Axis, Kernel};
use crate::math::cholesky::Cholesky;
use crate::math::normal::HALF_LN_2PI;
use crate::math::rows::dot;

/// Training data with everything that does not depend on hyperparameters: squared differences of all pairs, axis by axis.
pub(super) struct Data<'a> {
    n: usize,
    y: &'a [f64],
    kernel: &'a dyn Kernel,
    /// Δ² of the pairs (1,0), (2,0), (2,1), (3,0)…, an axis after another.
    squared: Vec<Vec<f64>>,
}

impl<'a> Data<'a> {
    pub(super) fn new(axes: &[Axis], kernel: &'a dyn Kernel, x: &[Vec<f64>], y: &'a [f64]) -> Data<'a> {
        let n = x.len();
        let column = |(d, axis): (usize, &Axis)| {
            let pairs = (1..n).flat_map(|i| (0..i).map(move |j| (i, j)));
            let delta = pairs.map(|(i, j)| axis.difference(x[i][d], x[j][d]));
            delta.map(|delta| delta * delta).collect()
        };
        Data {
            n,
            y,
            kernel,
            squared: axes.iter().enumerate().map(column).collect(),
        }
    }

    /// r² of all pairs.
    fn distances(&self, inverse_squares: &[f64]) -> Vec<f64> {
        let mut r2 = vec![0.0; self.n * self.n.saturating_sub(1) / 2];
        for (column, w) in self.squared.iter().zip(inverse_squares) {
            r2.iter_mut().zip(column).for_each(|(r, s)| *r += w * s);
        }
        r2
    }

    /// K + noise as an upper triangle.
    fn covariance(&self, correlation: &[f64], amplitude: f64, noise: f64) -> Vec<f64> {
        let n = self.n;
        let mut k = vec![0.0; n * n];
        let mut pair = 0;
        for i in 0..n {
            for j in 0..i {
                k[j * n + i] = amplitude * correlation[pair];
                pair += 1;
            }
            k[i * n + i] = amplitude + noise;
        }
        k
    }

    /// ln p(y | X, θ) = −½ (y−m)ᵀ K⁻¹ (y−m) − ½ ln det K − n/2 ln 2π, with K including the noise; `None` if K is singular.
    pub(super) fn log_marginal_likelihood(&self, hyper: &Hyperparameters) -> Option<f64> {
        let mut correlation = self.distances(&inverse_squares(&hyper.lengthscales));
        self.kernel.correlate(&mut correlation);
        let factor = Cholesky::new(self.n, self.covariance(&correlation, hyper.amplitude, hyper.noise))?;
        let residual: Vec<f64> = self.y.iter().map(|y| y - hyper.mean).collect();
        let half = factor.half_solve(&residual);
        Some(-0.5 * dot(&half, &half) - 0.5 * factor.log_determinant() - self.n as f64 * HALF_LN_2PI)
    }

    /// Log posterior density of θ = (ln ℓ…, ln amplitude, ln noise), its gradient into `gradient`, and the mean that is best with it.
    pub(super) fn log_posterior(&self, log: &[f64], priors: &Priors, gradient: &mut [f64]) -> Option<(f64, f64)> {
        let (likelihood, mean) = self.likelihood_gradient(log, Mean::Best(priors), gradient)?;
        let z = mean / priors.mean_sd;
        Some((likelihood - 0.5 * z * z + priors.log_density(log, gradient), mean))
    }

    /// Log marginal likelihood at θ, its gradient into `gradient`, and the mean used.
    ///
    /// With α = K⁻¹(y−m), the gradient is ½ tr((ααᵀ − K⁻¹) ∂K/∂θ). A mean that is maximized out has no part in it (envelope theorem).
    pub(super) fn likelihood_gradient(&self, log: &[f64], mean: Mean, gradient: &mut [f64]) -> Option<(f64, f64)> {
        let (n, d) = (self.n, self.squared.len());
        let hyper = Hyperparameters::from_log(log, 0.0);
        let weights = inverse_squares(&hyper.lengthscales);
        let mut correlation = self.distances(&weights);
        let mut slope = vec![0.0; correlation.len()];
        self.kernel.correlate_with_slope(&mut correlation, &mut slope);
        let factor = Cholesky::new(n, self.covariance(&correlation, hyper.amplitude, hyper.noise))?;

        let mut half = factor.half_solve(self.y);
        let half_one = factor.half_solve(&vec![1.0; n]);
        let mean = match mean {
            Mean::Known(mean) => mean,
            Mean::Best(priors) => best_mean(&half_one, &half, priors.mean_sd),
        };
        half.iter_mut().zip(&half_one).for_each(|(h, o)| *h -= mean * o);
        let alpha = factor.solve_transposed(&half);
        let likelihood = -0.5 * dot(&half, &half) - 0.5 * factor.log_determinant() - n as f64 * HALF_LN_2PI;

        // W = ααᵀ − K⁻¹ over pairs; `slope` becomes W · df/d(r²).
        let (mut by_amplitude, mut trace) = (0.0, 0.0);
        let mut row = vec![0.0; n];
        let mut start = 0;
        for i in 0..n {
            factor.precision_row(i, &mut row[..=i]);
            for j in 0..i {
                row[j] = alpha[i] * alpha[j] - row[j];
            }
            trace += alpha[i] * alpha[i] - row[i];
            by_amplitude += dot(&row[..i], &correlation[start..start + i]);
            slope[start..start + i].iter_mut().zip(&row).for_each(|(s, w)| *s *= w);
            start += i;
        }
        for i in 0..d {
            gradient[i] = -2.0 * hyper.amplitude * weights[i] * dot(&slope, &self.squared[i]);
        }
        gradient[d] = hyper.amplitude * (by_amplitude + 0.5 * trace);
        gradient[d + 1] = 0.5 * hyper.noise * trace;
        Some((likelihood, mean))
    }
}

/// Which prior mean a likelihood is taken with.
#[derive(Clone, Copy)]
pub(super) enum Mean<'a> {
    /// This one.
    Known(f64),
    /// The one that maximizes the likelihood times its prior.
    Best(&'a Priors),
}

/// argmax of likelihood times Normal(0, sd²): 1ᵀK⁻¹y / (1ᵀK⁻¹1 + 1/sd²), from L⁻¹1 and L⁻¹y.
fn best_mean(half_one: &[f64], half_y: &[f64], sd: f64) -> f64 {
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
    use crate::surrogate::gp::Matern52;

    #[test]
    fn gradient_matches_differences() {
        let mut rng = Seed(5).rng();
        let x: Vec<Vec<f64>> = (0..14)
            .map(|i| vec![uniform(&mut rng), uniform(&mut rng), f64::from(i % 3)])
            .collect();
        let y: Vec<f64> = x
            .iter()
            .map(|p| p[0] * 3.0 - p[1] * p[1] + p[2] + uniform(&mut rng))
            .collect();
        let axes = [Axis::Numeric, Axis::Numeric, Axis::Categorical];
        let data = Data::new(&axes, &Matern52, &x, &y);
        let priors = Priors::default_for(3);
        let at = vec![-0.7, 0.2, 0.4, 0.1, -3.0];
        let mut gradient = vec![0.0; 5];
        let (value, mean) = data.log_posterior(&at, &priors, &mut gradient).expect("regular");
        for i in 0..5 {
            let moved = |step: f64| {
                let mut p = at.clone();
                p[i] += step;
                data.log_posterior(&p, &priors, &mut [0.0; 5]).expect("regular").0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (gradient[i] - slope).abs() < 1e-6,
                "coordinate {i}: {} and {slope}",
                gradient[i]
            );
        }
        // The parts add up, and no other mean is better.
        let posterior = |mean: f64| {
            let likelihood = data
                .log_marginal_likelihood(&Hyperparameters::from_log(&at, mean))
                .expect("regular");
            likelihood - 0.5 * mean * mean + priors.log_density(&at, &mut [0.0; 5])
        };
        assert!((posterior(mean) - value).abs() < 1e-9);
        assert!(posterior(mean + 0.01) < value && posterior(mean - 0.01) < value);
    }
}
