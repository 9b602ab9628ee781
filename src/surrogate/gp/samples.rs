//! Functions drawn from a Gaussian process.

use super::Gp;
use crate::math::cholesky::Cholesky;
use crate::seed::normal;

/// Added to the diagonal as a share of the amplitude, tenfold until the covariance is regular: neighbours on a smooth function are all but
/// equal.
const JITTER: f64 = 1e-9;

impl Gp {
    /// `count` draws of the function at `points` from their joint posterior N(μ, K∗∗ − K∗K⁻¹K∗ᵀ), without the noise of an observation. Cubic in
    /// the number of points. Empty if the covariance stays singular.
    pub fn samples(&self, points: &[Vec<f64>], count: usize, rng: &mut impl rand::Rng) -> Vec<Vec<f64>> {
        let n = points.len();
        let (means, covariance) = self.joint(points);
        let mut jitter = JITTER * self.hyper.amplitude;
        let factor = (0..6).find_map(|_| {
            let mut regular = covariance.clone();
            (0..n).for_each(|i| regular[i * n + i] += jitter);
            jitter *= 10.0;
            Cholesky::new(n, &regular)
        });
        let Some(factor) = factor else { return Vec::new() };
        let draw = |_| {
            let z: Vec<f64> = (0..n).map(|_| normal(rng)).collect();
            let deviations = factor.half_product(&z);
            means.iter().zip(deviations).map(|(m, d)| m + d).collect()
        };
        (0..count).map(draw).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::Seed;
    use crate::surrogate::gp::{Axis, Gp, Hyperparameters, Matern52};

    static KERNEL: Matern52 = Matern52;

    #[test]
    fn samples_have_the_posteriors_moments_and_are_smooth() {
        let hyper = Hyperparameters::new(vec![0.3], 1.5, 1e-4, 0.2);
        let x = [vec![0.1], vec![0.5], vec![0.6]];
        let gp = Gp::new(&[Axis::Numeric], &KERNEL, &x, &[1.0, -0.5, 0.3], &hyper).expect("a process");
        let points: Vec<Vec<f64>> = (0..9).map(|i| vec![f64::from(i) / 8.0]).collect();
        let samples = gp.samples(&points, 4000, &mut Seed(3).rng());
        for (i, point) in points.iter().enumerate() {
            let (mean, variance) = gp.posterior(point);
            let drawn = samples.iter().map(|s| s[i]).sum::<f64>() / 4000.0;
            let spread = samples.iter().map(|s| (s[i] - drawn) * (s[i] - drawn)).sum::<f64>() / 4000.0;
            let sd = libm::sqrt(variance);
            assert!(
                (drawn - mean).abs() < 0.08 * sd + 1e-3,
                "mean {drawn} for {mean} at {i}"
            );
            assert!(
                (libm::sqrt(spread) - sd).abs() < 0.06 * sd + 1e-3,
                "sd {spread} for {variance} at {i}"
            );
        }
        // Neighbours move together: that is what tells a function from independent draws.
        let both = samples.iter().map(|s| {
            let (a, b) = (s[7] - gp.posterior(&points[7]).0, s[8] - gp.posterior(&points[8]).0);
            a * b
        });
        assert!(both.sum::<f64>() / 4000.0 > 0.1);
    }
}
