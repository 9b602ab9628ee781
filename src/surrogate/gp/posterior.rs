//! What a Gaussian process says at new points.

use super::{Axis, Gp, squared_distance};
use crate::math::rows::{add_rows, dot};

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
    /// Covariances of the function at `x` with it at the data.
    pub(super) fn cross(&self, x: &[f64]) -> Vec<f64> {
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
