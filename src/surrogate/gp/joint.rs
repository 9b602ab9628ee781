//! What a Gaussian process says of several points together: joint posteriors, functions drawn from it, covariances as functions.

use super::metric::Metric;
use super::{Axis, Gp};
use crate::math::cholesky::Cholesky;
use crate::math::rows::{add_rows, dot};

/// Functions gᵢ(x) = cᵢ + Σⱼ wᵢⱼ k(x, pⱼ) that share their points p.
#[derive(Clone)]
pub struct Expansion {
    metric: Metric,
    /// The points axis by axis, warped.
    columns: Vec<Vec<f64>>,
    count: usize,
    /// (cᵢ, wᵢ), the amplitude of the kernel multiplied in.
    functions: Vec<(f64, Vec<f64>)>,
}

impl Expansion {
    fn distances(&self, warped: &[f64]) -> Vec<f64> {
        let mut squared = vec![0.0; self.count];
        self.metric.squares(warped, &self.columns, &mut squared);
        squared
    }

    /// Each function's value at `x`.
    pub fn values(&self, x: &[f64]) -> Vec<f64> {
        let mut k = self.distances(&self.metric.warped(x));
        self.metric.kernel.correlate(&mut k);
        self.functions.iter().map(|(c, w)| c + dot(w, &k)).collect()
    }

    /// Each function's value at `x` and its gradient by the coordinates, zero on categorical axes.
    pub fn gradients(&self, x: &[f64]) -> Vec<(f64, Vec<f64>)> {
        let warped = self.metric.warped(x);
        let mut k = self.distances(&warped);
        let mut slope = vec![0.0; k.len()];
        self.metric.kernel.correlate_with_slope(&mut k, &mut slope);
        let of = |(c, w): &(f64, Vec<f64>)| {
            let by = |(d, axis): (usize, &Axis)| match axis {
                Axis::Categorical => 0.0,
                Axis::Numeric => {
                    let change = |(j, u): (usize, &f64)| w[j] * slope[j] * (warped[d] - u);
                    let sum: f64 = self.columns[d].iter().enumerate().map(change).sum();
                    2.0 * self.metric.weights[d] * self.metric.slope(d, x[d]) * sum
                }
            };
            (c + dot(w, &k), self.metric.axes.iter().enumerate().map(by).collect())
        };
        self.functions.iter().map(of).collect()
    }
}

impl Gp {
    /// Covariance of the function at two points before any data.
    fn prior_covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let mut k = [0.0];
        let columns: Vec<Vec<f64>> = self.metric.warped(b).into_iter().map(|u| vec![u]).collect();
        self.metric.squares(&self.metric.warped(a), &columns, &mut k);
        self.metric.kernel.correlate(&mut k);
        self.hyper.amplitude * k[0]
    }

    /// Means at m points and the upper triangle of their m × m posterior covariance, row-major, without noise.
    pub fn joint(&self, points: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
        let m = points.len();
        let crosses: Vec<Vec<f64>> = points.iter().map(|p| self.cross(p)).collect();
        let halves: Vec<Vec<f64>> = crosses.iter().map(|c| self.factor.half_solve(c)).collect();
        let means = crosses.iter().map(|c| self.hyper.mean + dot(c, &self.alpha)).collect();
        let mut covariance = vec![0.0; m * m];
        for i in 0..m {
            for j in i..m {
                covariance[i * m + j] = self.prior_covariance(&points[i], &points[j]) - dot(&halves[i], &halves[j]);
            }
        }
        (means, covariance)
    }

    /// A function drawn from the posterior: exactly at the `anchors`, one standard normal number of `draws` each; elsewhere the mean given
    /// its values there (Matheron's rule with finitely many anchors; Wilson et al. 2020). `None` if the anchors' covariance stays singular.
    pub fn path(&self, anchors: &[Vec<f64>], draws: &[f64]) -> Option<Expansion> {
        let m = anchors.len();
        let (_, covariance) = self.joint(anchors);
        let factor = (0..5).find_map(|k| {
            let jitter = self.hyper.amplitude * libm::pow(10.0, f64::from(2 * k) - 8.0);
            let mut regular = covariance.clone();
            (0..m).for_each(|i| regular[i * m + i] += jitter);
            Cholesky::new(m, &regular)
        })?;
        // Values at the anchors deviate from their means by L z, so their weights are C⁻¹ L z = L⁻ᵀ z.
        let weights = factor.solve_transposed(draws);
        let mut functions = self.conditioned_kernels(anchors, &[weights]);
        let (constant, own) = &mut functions[0];
        *constant = self.hyper.mean;
        let amplitude = self.hyper.amplitude;
        own.iter_mut().zip(&self.alpha).for_each(|(w, a)| *w += amplitude * a);
        Some(self.expansion(anchors, functions))
    }

    /// The posterior covariance of f(x) with f at each of `references`, as functions of x.
    pub fn covariances(&self, references: &[Vec<f64>]) -> Expansion {
        let m = references.len();
        let unit = |i: usize| (0..m).map(|j| f64::from(u8::from(i == j))).collect();
        let rows: Vec<Vec<f64>> = (0..m).map(unit).collect();
        self.expansion(references, self.conditioned_kernels(references, &rows))
    }

    /// Weights on the data and on `points` of Σⱼ wⱼ cov(f(x), f(pⱼ) | data), for each row w.
    fn conditioned_kernels(&self, points: &[Vec<f64>], rows: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
        let crosses: Vec<Vec<f64>> = points.iter().map(|p| self.cross(p)).collect();
        let row = |w: &Vec<f64>| {
            let mut together = vec![0.0; self.x.len()];
            add_rows(&mut together, w, |j| &crosses[j]);
            let solved = self.factor.solve_transposed(&self.factor.half_solve(&together));
            let all = solved.into_iter().map(|v| -v).chain(w.iter().copied());
            (0.0, all.map(|v| v * self.hyper.amplitude).collect())
        };
        rows.iter().map(row).collect()
    }

    fn expansion(&self, points: &[Vec<f64>], functions: Vec<(f64, Vec<f64>)>) -> Expansion {
        let warped: Vec<Vec<f64>> = points.iter().map(|p| self.metric.warped(p)).collect();
        let column = |(d, own): (usize, &Vec<f64>)| own.iter().copied().chain(warped.iter().map(|p| p[d])).collect();
        Expansion {
            metric: self.metric.clone(),
            columns: self.columns.iter().enumerate().map(column).collect(),
            count: self.x.len() + points.len(),
            functions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, normal};
    use crate::surrogate::gp::{Hyperparameters, Matern52};

    fn process() -> Gp {
        let x: Vec<Vec<f64>> = (0..7)
            .map(|i| vec![f64::from(i) / 6.0, f64::from(i % 3) / 2.0, f64::from(i % 2)])
            .collect();
        let y: Vec<f64> = x.iter().map(|p| libm::sin(5.0 * p[0]) + p[1] - 0.3 * p[2]).collect();
        let warps = vec![[1.3, 0.7], [1.0, 1.0], [1.0, 1.0]];
        let hyper = Hyperparameters {
            warps,
            ..Hyperparameters::new(vec![0.4, 0.8, 1.5], 1.7, 1e-3, 0.2)
        };
        let axes = [Axis::Numeric, Axis::Numeric, Axis::Categorical];
        Gp::new(&axes, &Matern52, &x, &y, &hyper).expect("regular")
    }

    fn anchors() -> Vec<Vec<f64>> {
        (0..5)
            .map(|i| vec![0.13 * f64::from(i), 0.9 - 0.2 * f64::from(i), f64::from(i % 2)])
            .collect()
    }

    #[test]
    fn joint_and_single_posteriors_agree() {
        let gp = process();
        let (means, covariance) = gp.joint(&anchors());
        for (i, point) in anchors().iter().enumerate() {
            let (mean, variance) = gp.posterior(point);
            assert!((means[i] - mean).abs() < 1e-12 && (covariance[i * 6] - variance).abs() < 1e-12);
            let with = gp.covariances(&anchors()).values(point);
            for j in i..5 {
                assert!((with[j] - covariance[i * 5 + j]).abs() < 1e-12, "{i} {j}");
            }
        }
    }

    #[test]
    fn observing_shrinks_by_the_covariance() {
        // Conditioning on one more exact value moves the mean elsewhere by cov / variance of it.
        let gp = process();
        let (at, other) = (vec![0.45, 0.3, 0.0], vec![0.5, 0.5, 1.0]);
        let (mean, variance) = gp.posterior(&at);
        let noise = gp.hyperparameters().noise;
        let moved = gp.observe(&at, mean + 1.0).expect("regular").posterior(&other).0 - gp.posterior(&other).0;
        let covariance = gp.covariances(&[other]).values(&at)[0];
        assert!((moved - covariance / (variance + noise)).abs() < 1e-9);
    }

    #[test]
    fn paths_have_the_posteriors_moments_and_true_gradients() {
        let gp = process();
        let mut rng = Seed(2).rng();
        let (means, covariance) = gp.joint(&anchors());
        let mut draws = Vec::new();
        for _ in 0..4000 {
            let z: Vec<f64> = (0..5).map(|_| normal(&mut rng)).collect();
            draws.push(gp.path(&anchors(), &z).expect("regular"));
        }
        for i in 0..5 {
            let values: Vec<f64> = draws.iter().map(|path| path.values(&anchors()[i])[0]).collect();
            let mean = values.iter().sum::<f64>() / 4000.0;
            let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 4000.0;
            let expected = covariance[i * 6];
            assert!((mean - means[i]).abs() < 4.0 * libm::sqrt(expected / 4000.0), "{i}");
            assert!((variance / expected - 1.0).abs() < 0.1, "{i}: {variance} {expected}");
        }
        let x = [0.31, 0.62, 1.0];
        let gradient = draws[0].gradients(&x)[0].clone();
        assert_eq!(gradient.0, draws[0].values(&x)[0]);
        for d in 0..2 {
            let at = |h: f64| {
                let mut moved = x;
                moved[d] += h;
                draws[0].values(&moved)[0]
            };
            assert!((gradient.1[d] - (at(1e-6) - at(-1e-6)) / 2e-6).abs() < 1e-6);
        }
        assert_eq!(gradient.1[2], 0.0);
    }
}
