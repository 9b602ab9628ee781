//! Gaussian-process regression: a mean and an honest standard deviation at every point.
//!
//! | here | Rasmussen & Williams 2006, ch. 2 |
//! |---|---|
//! | `alpha` | α = K⁻¹(y − m) |
//! | `factor` | L, with K + σ²I = L Lᵀ |
//! | `cross` | k∗ |

mod fit;
mod hyper;
mod joint;
mod kernel;
mod kumaraswamy;
mod likelihood;
mod metric;
mod observations;
mod output;
mod posterior;
mod samples;
mod slice;

pub use fit::{Fitting, Problem};
pub use hyper::{Coordinates, Hyperparameters, Priors};
pub use joint::Expansion;
pub use kernel::{Axis, KERNELS, Kernel, Matern12, Matern32, Matern52, RationalQuadratic, Rbf};
pub use observations::Observations;
pub use output::Output;
pub use posterior::PosteriorGradient;

use crate::math::cholesky::Cholesky;
use likelihood::{Data, Mean};
use metric::Metric;

/// A Gaussian process conditioned on data.
#[derive(Clone)]
pub struct Gp {
    metric: Metric,
    /// The distinct points, as they were given.
    x: Vec<Vec<f64>>,
    /// The points axis by axis, warped.
    columns: Vec<Vec<f64>>,
    /// How many observations each point's value is the mean of.
    counts: Vec<f64>,
    y: Vec<f64>,
    hyper: Hyperparameters,
    factor: Cholesky,
    alpha: Vec<f64>,
}

impl Gp {
    /// Conditions on outputs `y` at points `x` (n points of `axes.len()` coordinates) under known hyperparameters. Points observed several
    /// times count once, by their mean and with less noise. If the covariance is singular to working precision, the noise is raised tenfold
    /// until it is not; [`Gp::hyperparameters`] tells.
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
        if x.len() != y.len() {
            return Err(format!("{} points with {} values cannot be fitted", x.len(), y.len()));
        }
        Gp::condition(axes, kernel, &Observations::new(x, y), hyper, None)
    }

    /// [`Gp::new`] on observations. What `before`, conditioned earlier, has in common with them is not computed again; the result is the same.
    ///
    /// # Errors
    /// As [`Gp::new`].
    pub fn condition(
        axes: &[Axis],
        kernel: &'static dyn Kernel,
        observations: &Observations,
        hyper: &Hyperparameters,
        before: Option<&Gp>,
    ) -> Result<Gp, String> {
        let n = observations.points.len();
        if n == 0 {
            return Err("a process needs data".into());
        }
        let mut hyper = hyper.clone();
        let mut gp = Gp {
            metric: Metric::new(axes, kernel, &hyper),
            x: observations.points.clone(),
            columns: vec![Vec::with_capacity(n); axes.len()],
            counts: observations.counts.clone(),
            y: observations.targets(hyper.lambda).means,
            hyper: hyper.clone(),
            factor: Cholesky::default(),
            alpha: Vec::new(),
        };
        observations
            .points
            .iter()
            .for_each(|point| gp.add_column_entries(point));
        let alike = |before: &&Gp| {
            before.metric == gp.metric && before.hyper.amplitude == hyper.amplitude && before.hyper.noise == hyper.noise
        };
        if let Some(before) = before.filter(alike) {
            let mut pairs = before.x.iter().zip(&gp.x).zip(before.counts.iter().zip(&gp.counts));
            let other = pairs.position(|((a, b), (c, d))| a != b || c != d);
            gp.factor = before.factor.clone();
            gp.factor.truncate(other.unwrap_or(n));
        }
        for _ in 0..12 {
            let mut factor = std::mem::take(&mut gp.factor);
            let grown = factor.extend(n, &mut |i, row| gp.covariance_row(i, &hyper, row));
            if grown {
                gp.factor = factor;
                gp.hyper = hyper;
                gp.weigh();
                return Ok(gp);
            }
            hyper.noise = (hyper.noise * 10.0).max(1e-10 * hyper.amplitude);
        }
        Err(format!("the covariance of {n} points is not positive definite"))
    }

    fn add_column_entries(&mut self, point: &[f64]) {
        let warped = self.metric.warped(point);
        self.columns
            .iter_mut()
            .zip(warped)
            .for_each(|(column, u)| column.push(u));
    }

    /// Row i of K + noise, up to its diagonal.
    fn covariance_row(&self, i: usize, hyper: &Hyperparameters, row: &mut [f64]) {
        let own: Vec<f64> = self.columns.iter().map(|column| column[i]).collect();
        self.metric.squares(&own, &self.columns, &mut row[..i]);
        self.metric.kernel.correlate(&mut row[..i]);
        row[..i].iter_mut().for_each(|v| *v *= hyper.amplitude);
        row[i] = hyper.amplitude + hyper.noise / self.counts[i];
    }

    /// This process with the mean that is best for its data under Normal(0, sd²).
    #[must_use]
    pub fn centered(mut self, sd: f64) -> Gp {
        let half_one = self.factor.half_solve(&vec![1.0; self.y.len()]);
        self.hyper.mean = likelihood::best_mean(&half_one, &self.factor.half_solve(&self.y), sd);
        self.weigh();
        self
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
        grown.add_column_entries(x);
        grown.x.push(x.to_vec());
        grown.counts.push(1.0);
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

    /// The distinct points it was conditioned on.
    pub fn points(&self) -> &[Vec<f64>] {
        &self.x
    }

    /// ln p(y | X, θ), of the means where points were observed several times.
    pub fn log_marginal_likelihood(&self) -> f64 {
        let residual: Vec<f64> = self.y.iter().map(|y| y - self.hyper.mean).collect();
        let half = self.factor.half_solve(&residual);
        let constant = residual.len() as f64 * crate::math::normal::HALF_LN_2PI;
        -0.5 * half.iter().map(|h| h * h).sum::<f64>() - 0.5 * self.factor.log_determinant() - constant
    }

    /// Gradient of [`Gp::log_marginal_likelihood`] by (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise).
    pub fn log_marginal_likelihood_gradient(&self) -> Vec<f64> {
        let coordinates = Coordinates::new(&self.metric.axes, false, false);
        let observations = Observations::new(&self.x, &self.y);
        let mut data = Data::new(&self.metric.axes, self.metric.kernel, &observations, &coordinates);
        let mut gradient = vec![0.0; coordinates.count()];
        // Regular, because it was when this process was conditioned.
        let _ = data.likelihood_gradient(
            &coordinates.of(&self.hyper),
            Mean::Known(self.hyper.mean),
            &mut gradient,
        );
        gradient
    }
}

#[cfg(test)]
mod tests;
