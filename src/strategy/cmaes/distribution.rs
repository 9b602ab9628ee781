//! The search distribution N(m, σ² A C A) and how a generation changes it.
//!
//! C's Cholesky factor stands where the usual form has its symmetric root: the sampling distribution is the same, and the step size's path
//! lives in the factor's coordinates (Krause, Arbonès & Igel 2016, "CMA-ES with optimal covariance update and storage complexity").

use super::rates::Rates;
use crate::math::cholesky::Cholesky;
use crate::math::rows::dot;
use crate::seed::normal;
use rand::Rng;

/// Squared ratios of the factor's diagonal beyond this are numerically degenerate.
const CONDITION: f64 = 1e14;

pub(super) struct Distribution {
    /// m, in unit coordinates.
    pub(super) mean: Vec<f64>,
    /// σ, the overall step size.
    pub(super) sigma: f64,
    /// The diagonal of A: stretches kept by the margins of discrete coordinates.
    pub(super) stretch: Vec<f64>,
    /// C, row-major.
    covariance: Vec<f64>,
    factor: Option<Cholesky>,
    step_path: Vec<f64>,
    covariance_path: Vec<f64>,
    generations: f64,
    /// Generations since the factor was computed.
    age: f64,
}

impl Distribution {
    /// Round, around `mean`.
    pub(super) fn new(mean: Vec<f64>, sigma: f64) -> Distribution {
        let n = mean.len();
        let mut covariance = vec![0.0; n * n];
        (0..n).for_each(|i| covariance[i * n + i] = 1.0);
        Distribution {
            sigma,
            stretch: vec![1.0; n],
            factor: Cholesky::new(n, &covariance),
            covariance,
            step_path: vec![0.0; n],
            covariance_path: vec![0.0; n],
            generations: 0.0,
            age: 0.0,
            mean,
        }
    }

    /// x = m + σ A L z.
    pub(super) fn sample(&self, rng: &mut impl Rng) -> Vec<f64> {
        let z: Vec<f64> = self.mean.iter().map(|_| normal(rng)).collect();
        let y = self.factor.as_ref().map_or_else(|| z.clone(), |f| f.half_product(&z));
        let scaled = self.stretch.iter().zip(&y).map(|(a, y)| self.sigma * a * y);
        self.mean.iter().zip(scaled).map(|(m, s)| m + s).collect()
    }

    /// Standard deviation of coordinate `i`.
    pub(super) fn sd(&self, i: usize) -> f64 {
        self.sigma * self.stretch[i] * libm::sqrt(self.covariance[i * self.mean.len() + i])
    }

    /// The largest standard deviation.
    pub(super) fn widest(&self) -> f64 {
        (0..self.mean.len()).map(|i| self.sd(i)).fold(0.0, f64::max)
    }

    /// A C A, by rows: σ² times this is the covariance of the points.
    pub(super) fn shape(&self) -> Vec<Vec<f64>> {
        let n = self.mean.len();
        let entry = |i: usize, j: usize| self.stretch[i] * self.covariance[i * n + j] * self.stretch[j];
        (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
    }

    /// Whether numbers no longer carry it.
    pub(super) fn is_degenerate(&self) -> bool {
        let Some(factor) = &self.factor else { return true };
        let diagonal = (0..factor.len()).map(|i| 1.0 / factor.inverse_row(i)[i]);
        let (low, high) = diagonal.fold((f64::INFINITY, 0.0_f64), |(l, h), d| (l.min(d), h.max(d)));
        high * high > CONDITION * low * low || !self.sigma.is_finite()
    }

    /// Learns from a generation's points, best first.
    pub(super) fn update(&mut self, ranked: &[&[f64]], rates: &Rates) {
        let (n, sigma) = (self.mean.len(), self.sigma);
        if n == 0 {
            return;
        }
        let Some(factor) = &self.factor else { return };
        let step = |x: &&[f64]| -> Vec<f64> {
            (0..n)
                .map(|j| (x[j] - self.mean[j]) / (sigma * self.stretch[j]))
                .collect()
        };
        let steps: Vec<Vec<f64>> = ranked.iter().map(step).collect();
        let parents = rates.weights.iter().zip(&steps).take(rates.parents());
        let mut drift = vec![0.0; n];
        parents.for_each(|(w, y)| drift.iter_mut().zip(y).for_each(|(d, y)| *d += w * y));

        for (j, drift) in drift.iter().enumerate() {
            self.mean[j] = (self.mean[j] + sigma * self.stretch[j] * drift).clamp(0.0, 1.0);
        }
        self.generations += 1.0;
        let expected = libm::sqrt(n as f64) * (1.0 - 1.0 / (4.0 * n as f64) + 1.0 / (21.0 * (n * n) as f64));
        let gain = libm::sqrt(rates.step * (2.0 - rates.step) * rates.effective);
        let whitened = factor.half_solve(&drift);
        for (p, w) in self.step_path.iter_mut().zip(&whitened) {
            *p = (1.0 - rates.step) * *p + gain * w;
        }
        let length = libm::sqrt(dot(&self.step_path, &self.step_path));
        let change = rates.step / rates.damping * (length / expected - 1.0);
        self.sigma *= libm::exp(change.min(1.0));
        // While the step size's path is long, σ is about to grow: the covariance need not.
        let settled = libm::sqrt(1.0 - libm::pow(1.0 - rates.step, 2.0 * self.generations));
        let stalled = length / settled >= (1.4 + 2.0 / (n as f64 + 1.0)) * expected;
        let gain = if stalled {
            0.0
        } else {
            libm::sqrt(rates.path * (2.0 - rates.path) * rates.effective)
        };
        for (p, d) in self.covariance_path.iter_mut().zip(&drift) {
            *p = (1.0 - rates.path) * *p + gain * d;
        }
        let lost = if stalled {
            rates.rank_one * rates.path * (2.0 - rates.path)
        } else {
            0.0
        };
        let kept = 1.0 + lost - rates.rank_one - rates.rank_mu * rates.weights.iter().sum::<f64>();
        let scaled = |(w, y): (&f64, &Vec<f64>)| {
            if *w >= 0.0 {
                return *w;
            }
            // A bad step counts by its direction only, whatever its length.
            let white = factor.half_solve(y);
            w * n as f64 / dot(&white, &white).max(1e-12)
        };
        let weights: Vec<f64> = rates.weights.iter().zip(&steps).map(scaled).collect();
        for i in 0..n {
            let row = &mut self.covariance[i * n..(i + 1) * n];
            let pull = rates.rank_one * self.covariance_path[i];
            row.iter_mut()
                .zip(&self.covariance_path)
                .for_each(|(c, p)| *c = kept * *c + pull * p);
            for (w, y) in weights.iter().zip(&steps) {
                let pull = rates.rank_mu * w * y[i];
                row.iter_mut().zip(y).for_each(|(c, y)| *c += pull * y);
            }
        }
        // A few generations with many dimensions change C little: its factor may be that old.
        self.age += 1.0;
        if self.age >= 1.0 / (10.0 * n as f64 * (rates.rank_one + rates.rank_mu)) {
            self.factor = Cholesky::new(n, &self.covariance);
            self.age = 0.0;
        }
        // Wider than the cube there is nothing to find.
        let widest = self.widest();
        if widest > 1.0 {
            self.sigma /= widest;
        }
    }
}
