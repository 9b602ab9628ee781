//! What a Gaussian process says at new points.

use super::likelihood::add_squares;
use super::{Axis, Gp};
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
    /// r² between a warped point and the data.
    fn distances(&self, warped: &[f64]) -> Vec<f64> {
        let mut squared = vec![0.0; self.x.len()];
        self.metric.squares(warped, &self.columns, &mut squared);
        squared
    }

    /// Covariances of the function at `x` with it at the data.
    pub(super) fn cross(&self, x: &[f64]) -> Vec<f64> {
        let mut k = self.distances(&self.metric.warped(x));
        self.metric.kernel.correlate(&mut k);
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

    /// [`Gp::posterior`] at many points, faster. What it says of a point does not depend on the others.
    pub fn posterior_batch(&self, points: &[Vec<f64>]) -> Vec<(f64, f64)> {
        let n = self.x.len();
        let mut result = Vec::with_capacity(points.len());
        let mut cross = vec![0.0; n * BLOCK];
        let mut half = vec![0.0; n * BLOCK];
        for block in points.chunks(BLOCK) {
            let width = block.len();
            let (cross, half) = (&mut cross[..n * width], &mut half[..n * width]);
            let mean = self.block_means(block, cross);
            self.factor.half_solve_block(cross, width, half);
            let mut variance = vec![self.hyper.amplitude; width];
            for row in half.chunks_exact(width) {
                variance.iter_mut().zip(row).for_each(|(v, h)| *v -= h * h);
            }
            result.extend(mean.into_iter().zip(variance.into_iter().map(|v| self.floor(v))));
        }
        result
    }

    /// The means of [`Gp::posterior_batch`] alone, to the bit: n steps a point instead of n².
    pub fn means(&self, points: &[Vec<f64>]) -> Vec<f64> {
        let mut cross = vec![0.0; self.x.len() * BLOCK];
        let blocks = points.chunks(BLOCK);
        blocks
            .flat_map(|block| self.block_means(block, &mut cross[..self.x.len() * block.len()]))
            .collect()
    }

    /// The means at the points of a block. Their covariances with the data go to `cross`, a row a datum.
    fn block_means(&self, block: &[Vec<f64>], cross: &mut [f64]) -> Vec<f64> {
        let width = block.len();
        cross.fill(0.0);
        let warped: Vec<Vec<f64>> = block.iter().map(|p| self.metric.warped(p)).collect();
        for (d, column) in self.columns.iter().enumerate() {
            let across: Vec<f64> = warped.iter().map(|p| p[d]).collect();
            for (row, own) in cross.chunks_exact_mut(width).zip(column) {
                add_squares(self.metric.axes[d], self.metric.weights[d], *own, &across, row);
            }
        }
        self.metric.kernel.correlate(cross);
        cross.iter_mut().for_each(|v| *v *= self.hyper.amplitude);
        let mut mean = vec![self.hyper.mean; width];
        add_rows(&mut mean, &self.alpha, |i| &cross[i * width..(i + 1) * width]);
        mean
    }

    /// Posterior at `x` with derivatives: ∂μ/∂x = Jᵀα and ∂σ²/∂x = −2 JᵀK⁻¹k∗, J being ∂k∗/∂x.
    pub fn posterior_gradient(&self, x: &[f64]) -> PosteriorGradient {
        let warped = self.metric.warped(x);
        let mut cross = self.distances(&warped);
        let mut slope = vec![0.0; cross.len()];
        self.metric.kernel.correlate_with_slope(&mut cross, &mut slope);
        cross.iter_mut().for_each(|v| *v *= self.hyper.amplitude);
        let half = self.factor.half_solve(&cross);
        let mut by_variance = self.factor.solve_transposed(&half);
        let raw = self.hyper.amplitude - dot(&half, &half);
        let mut result = PosteriorGradient {
            mean: self.hyper.mean + dot(&cross, &self.alpha),
            variance: self.floor(raw),
            mean_gradient: vec![0.0; x.len()],
            variance_gradient: vec![0.0; x.len()],
        };
        // `cross` and `by_variance` become slope · α and slope · K⁻¹k∗.
        for (j, s) in slope.iter().enumerate() {
            cross[j] = s * self.alpha[j];
            by_variance[j] *= s;
        }
        for (d, axis) in self.metric.axes.iter().enumerate() {
            if *axis == Axis::Categorical {
                continue;
            }
            let scale = 2.0 * self.hyper.amplitude * self.metric.weights[d] * self.metric.slope(d, x[d]);
            // Into `slope`: the differences along the axis.
            slope
                .iter_mut()
                .zip(&self.columns[d])
                .for_each(|(s, u)| *s = warped[d] - u);
            result.mean_gradient[d] = scale * dot(&slope, &cross);
            // On its floor the variance is constant.
            if raw > result.variance * 0.999 {
                result.variance_gradient[d] = -2.0 * scale * dot(&slope, &by_variance);
            }
        }
        result
    }
}
