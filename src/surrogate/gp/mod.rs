//! Gaussian-process regression: a mean and an honest standard deviation at every point.
//!
//! | here | Rasmussen & Williams 2006, ch. 2 |
//! |---|---|
//! | `alpha` | α = K⁻¹(y − m) |
//! | `factor` | L, with K + σ²I = L Lᵀ |
//! | `cross` | k∗ |

mod hyper;
mod joint;
mod kernel;
mod likelihood;
mod matern52;
mod posterior;
mod samples;

pub use hyper::{Hyperparameters, Priors};
pub use joint::Expansion;
pub use kernel::{Axis, Kernel};
pub use matern52::Matern52;
pub use posterior::PosteriorGradient;

use crate::math::cholesky::Cholesky;
use crate::math::lbfgs::{self, Options};
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
