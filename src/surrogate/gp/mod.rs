//! Gaussian-process regression: a mean and an honest standard deviation at every point.
//!
//! | here | Rasmussen & Williams 2006, ch. 2 |
//! |---|---|
//! | `alpha` | α = K⁻¹(y − m) |
//! | `factor` | L, with K + σ²I = L Lᵀ |
//! | `cross` | k∗ |

mod hyper;
mod kernel;
mod likelihood;
mod matern52;

pub use hyper::{Hyperparameters, Priors};
pub use kernel::{Axis, Kernel};
pub use matern52::Matern52;

use crate::math::cholesky::Cholesky;
use crate::math::lbfgs::{self, Options};
use crate::math::rows::{add_rows, dot};
use likelihood::{Data, Mean};

/// A Gaussian process conditioned on data.
#[derive(Clone)]
pub struct Gp {
    axes: Vec<Axis>,
    kernel: &'static dyn Kernel,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    hyper: Hyperparameters,
    /// 1/ℓ² an axis.
    weights: Vec<f64>,
    factor: Cholesky,
    alpha: Vec<f64>,
}

/// A posterior at a point with its derivatives by the point's coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct PosteriorGradient {
    /// Mean μ.
    pub mean: f64,
    /// Variance σ² of the function, without noise.
    pub variance: f64,
    /// ∂μ/∂x, zero on categorical axes.
    pub mean_gradient: Vec<f64>,
    /// ∂σ²/∂x, zero on categorical axes.
    pub variance_gradient: Vec<f64>,
}

/// Points of one block of a batch: enough for SIMD, few enough for the cache.
const BLOCK: usize = 64;
/// Smallest posterior variance, as a share of the amplitude: below it, rounding speaks.
const RELATIVE_VARIANCE_FLOOR: f64 = 1e-12;

impl Gp {
    /// Conditions on outputs `y` at points `x` (n points of `axes.len()` coordinates) under known hyperparameters. If the covariance is
    /// singular to working precision, the noise is raised tenfold until it is not; [`Gp::hyperparameters`] tells.
    ///
    /// # Errors
    /// If there are no data, or none of a dozen such noises makes the covariance regular.
    pub fn new(
        axes: &[Axis],
        kernel: &'static dyn Kernel,
        x: &[Vec<f64>],
        y: &[f64],
        hyper: &Hyperparameters,
    ) -> Result<Gp, String> {
        if x.is_empty() || x.len() != y.len() {
            return Err(format!("{} points with {} values cannot be fitted", x.len(), y.len()));
        }
        let n = x.len();
        let weights = likelihood::inverse_squares(&hyper.lengthscales);
        let mut hyper = hyper.clone();
        let mut upper = vec![0.0; n * n];
        for i in 0..n {
            let row = &mut upper[i * n..(i + 1) * n];
            for j in i..n {
                row[j] = squared_distance(axes, &weights, &x[i], &x[j]);
            }
            kernel.correlate(&mut row[i..]);
            row[i..].iter_mut().for_each(|v| *v *= hyper.amplitude);
        }
        for _ in 0..12 {
            let mut noisy = upper.clone();
            (0..n).for_each(|i| noisy[i * n + i] += hyper.noise);
            if let Some(factor) = Cholesky::new(n, noisy) {
                let mut gp = Gp {
                    axes: axes.to_vec(),
                    kernel,
                    x: x.to_vec(),
                    y: y.to_vec(),
                    hyper,
                    weights,
                    factor,
                    alpha: Vec::new(),
                };
                gp.weigh();
                return Ok(gp);
            }
            hyper.noise = (hyper.noise * 10.0).max(1e-10 * hyper.amplitude);
        }
        Err(format!("the covariance of {n} points is not positive definite"))
    }

    /// Fits hyperparameters by maximum a posteriori and conditions on the data: L-BFGS over their logarithms from each of `starts`,
    /// of which the best result is kept.
    ///
    /// # Errors
    /// As [`Gp::new`].
    pub fn fit(
        axes: &[Axis],
        kernel: &'static dyn Kernel,
        x: &[Vec<f64>],
        y: &[f64],
        priors: &Priors,
        starts: &[Hyperparameters],
    ) -> Result<Gp, String> {
        let data = Data::new(axes, kernel, x, y);
        let bounds = priors.bounds(axes.len());
        let options = Options {
            iterations: 60,
            gradient_tolerance: 1e-2,
            value_tolerance: 1e-6,
        };
        let mut best: Option<lbfgs::Minimum> = None;
        for start in starts {
            let objective = |log: &[f64], gradient: &mut [f64]| match data.log_posterior(log, priors, gradient) {
                Some((value, _)) => {
                    gradient.iter_mut().for_each(|g| *g = -*g);
                    -value
                }
                None => f64::INFINITY,
            };
            let found = lbfgs::minimize(objective, &start.to_log(), &bounds, options);
            if found.value.is_finite() && best.as_ref().is_none_or(|b| found.value < b.value) {
                best = Some(found);
            }
        }
        let log = best.map_or_else(|| priors.start(axes.len()).to_log(), |b| b.x);
        let mean = data
            .log_posterior(&log, priors, &mut vec![0.0; log.len()])
            .map_or(0.0, |(_, mean)| mean);
        Gp::new(axes, kernel, x, y, &Hyperparameters::from_log(&log, mean))
    }

    /// This process with one more observation, under the same hyperparameters.
    ///
    /// # Errors
    /// If the covariance becomes singular to working precision, as by a point seen before without noise.
    pub fn observe(&self, x: &[f64], y: f64) -> Result<Gp, String> {
        let cross = self.cross(x);
        let factor = self
            .factor
            .grown(&cross, self.hyper.amplitude + self.hyper.noise)
            .ok_or("the point is too close to another one")?;
        let mut grown = Gp { factor, ..self.clone() };
        grown.x.push(x.to_vec());
        grown.y.push(y);
        grown.weigh();
        Ok(grown)
    }

    fn weigh(&mut self) {
        let residual: Vec<f64> = self.y.iter().map(|y| y - self.hyper.mean).collect();
        self.alpha = self.factor.solve_transposed(&self.factor.half_solve(&residual));
    }

    /// The hyperparameters it was conditioned under.
    pub fn hyperparameters(&self) -> &Hyperparameters {
        &self.hyper
    }

    /// The points it was conditioned on.
    pub fn points(&self) -> &[Vec<f64>] {
        &self.x
    }

    /// ln p(y | X, θ).
    pub fn log_marginal_likelihood(&self) -> f64 {
        let data = Data::new(&self.axes, self.kernel, &self.x, &self.y);
        data.log_marginal_likelihood(&self.hyper).unwrap_or(f64::NEG_INFINITY)
    }

    /// Gradient of [`Gp::log_marginal_likelihood`] by (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise).
    pub fn log_marginal_likelihood_gradient(&self) -> Vec<f64> {
        let data = Data::new(&self.axes, self.kernel, &self.x, &self.y);
        let mut gradient = vec![0.0; self.axes.len() + 2];
        // Regular, because it was when this process was conditioned.
        let _ = data.likelihood_gradient(&self.hyper.to_log(), Mean::Known(self.hyper.mean), &mut gradient);
        gradient
    }

    /// Covariances of the function at `x` with it at the data.
    fn cross(&self, x: &[f64]) -> Vec<f64> {
        let mut k: Vec<f64> = self
            .x
            .iter()
            .map(|p| squared_distance(&self.axes, &self.weights, x, p))
            .collect();
        self.kernel.correlate(&mut k);
        k.iter_mut().for_each(|v| *v *= self.hyper.amplitude);
        k
    }

    fn floor(&self, variance: f64) -> f64 {
        variance.max(RELATIVE_VARIANCE_FLOOR * self.hyper.amplitude)
    }

    /// Mean and variance of the function at `x`, without the noise of an observation.
    pub fn posterior(&self, x: &[f64]) -> (f64, f64) {
        let cross = self.cross(x);
        let half = self.factor.half_solve(&cross);
        let variance = self.hyper.amplitude - dot(&half, &half);
        (self.hyper.mean + dot(&cross, &self.alpha), self.floor(variance))
    }

    /// [`Gp::posterior`] at many points, faster.
    pub fn posterior_batch(&self, points: &[Vec<f64>]) -> Vec<(f64, f64)> {
        let n = self.x.len();
        let mut result = Vec::with_capacity(points.len());
        for block in points.chunks(BLOCK) {
            let width = block.len();
            let mut cross = vec![0.0; n * width];
            for (row, train) in cross.chunks_exact_mut(width).zip(&self.x) {
                for (v, point) in row.iter_mut().zip(block) {
                    *v = squared_distance(&self.axes, &self.weights, point, train);
                }
            }
            self.kernel.correlate(&mut cross);
            cross.iter_mut().for_each(|v| *v *= self.hyper.amplitude);
            let mut mean = vec![self.hyper.mean; width];
            add_rows(&mut mean, &self.alpha, |i| &cross[i * width..(i + 1) * width]);
            let mut variance = vec![self.hyper.amplitude; width];
            for row in self.factor.half_solve_block(&cross, width).chunks_exact(width) {
                variance.iter_mut().zip(row).for_each(|(v, h)| *v -= h * h);
            }
            result.extend(mean.into_iter().zip(variance.into_iter().map(|v| self.floor(v))));
        }
        result
    }

    /// Posterior at `x` with derivatives: ∂μ/∂x = Jᵀα and ∂σ²/∂x = −2 JᵀK⁻¹k∗, J being ∂k∗/∂x.
    pub fn posterior_gradient(&self, x: &[f64]) -> PosteriorGradient {
        let mut cross: Vec<f64> = self
            .x
            .iter()
            .map(|p| squared_distance(&self.axes, &self.weights, x, p))
            .collect();
        let mut slope = vec![0.0; cross.len()];
        self.kernel.correlate_with_slope(&mut cross, &mut slope);
        cross.iter_mut().for_each(|v| *v *= self.hyper.amplitude);
        let half = self.factor.half_solve(&cross);
        let solved = self.factor.solve_transposed(&half);
        let raw = self.hyper.amplitude - dot(&half, &half);
        let mut result = PosteriorGradient {
            mean: self.hyper.mean + dot(&cross, &self.alpha),
            variance: self.floor(raw),
            mean_gradient: vec![0.0; x.len()],
            variance_gradient: vec![0.0; x.len()],
        };
        for (d, axis) in self.axes.iter().enumerate() {
            if *axis == Axis::Categorical {
                continue;
            }
            let scale = 2.0 * self.hyper.amplitude * self.weights[d];
            let (mut mean, mut variance) = (0.0, 0.0);
            for (j, point) in self.x.iter().enumerate() {
                let change = scale * slope[j] * (x[d] - point[d]);
                mean += change * self.alpha[j];
                variance -= 2.0 * change * solved[j];
            }
            result.mean_gradient[d] = mean;
            // On its floor the variance is constant.
            result.variance_gradient[d] = if raw > result.variance * 0.999 { variance } else { 0.0 };
        }
        result
    }
}

fn squared_distance(axes: &[Axis], weights: &[f64], a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for d in 0..axes.len() {
        let delta = axes[d].difference(a[d], b[d]);
        sum += weights[d] * delta * delta;
    }
    sum
}

#[cfg(test)]
mod tests;
