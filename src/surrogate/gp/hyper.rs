//! Hyperparameters of a Gaussian process, and what is believed of them beforehand.

use crate::math::normal::HALF_LN_2PI;

/// Hyperparameters, in the units of the inputs and of the (standardized) outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Hyperparameters {
    /// ℓᵢ, one an axis.
    pub lengthscales: Vec<f64>,
    /// Prior variance of the function.
    pub amplitude: f64,
    /// Variance of the noise of one observation.
    pub noise: f64,
    /// Prior mean of the function, the same everywhere.
    pub mean: f64,
}

/// Beliefs about hyperparameters before any data, for outputs of mean 0 and variance 1 and inputs in the unit cube.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priors {
    /// ln ℓ ~ Normal(location, scale²) for every axis.
    pub lengthscale: (f64, f64),
    /// Amplitude ~ Gamma(shape, rate).
    pub amplitude: (f64, f64),
    /// Noise variance ~ Gamma(shape, rate).
    pub noise: (f64, f64),
    /// Noise variance is never below.
    pub noise_floor: f64,
    /// Mean ~ Normal(0, sd²).
    pub mean_sd: f64,
}

impl Priors {
    /// The defaults in `dimensions` dimensions.
    ///
    /// - Lengthscales LogNormal(½ + ½ ln d, 1), mode 0.6 √d: distances in the unit cube grow with √d, so lengthscales must, or everything is
    ///   far from everything (Hvarfner, Hellsten & Nardi 2024, "Vanilla Bayesian optimization performs great in high dimensions"; theirs
    ///   is LogNormal(√2 + ½ ln d, √3), which with few data leaves more room for extremes: on Ackley-5 its quartiles were wider).
    /// - Amplitude Gamma(2, 1): around the variance of standardized outputs, never zero.
    /// - Noise Gamma(1.1, 30): mostly little, but tests of a learner are noisy and data may say so. The floor keeps matrices regular
    ///   and is low enough to interpolate an exact objective.
    pub fn default_for(dimensions: usize) -> Priors {
        let d = dimensions.max(1) as f64;
        Priors {
            lengthscale: (0.5 + 0.5 * libm::log(d), 1.0),
            amplitude: (2.0, 1.0),
            noise: (1.1, 30.0),
            noise_floor: 1e-10,
            mean_sd: 1.0,
        }
    }

    /// Where a fit without data would go: the mode of each prior, except that noise starts small.
    pub fn start(&self, dimensions: usize) -> Hyperparameters {
        let (location, scale) = self.lengthscale;
        Hyperparameters {
            lengthscales: vec![libm::exp(location - scale * scale); dimensions],
            amplitude: 1.0,
            noise: (1e-3_f64).max(self.noise_floor),
            mean: 0.0,
        }
    }

    /// Log density at (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise), of the hyperparameters themselves rather than of their logarithms,
    /// up to the Gammas' constants; adds its derivative by those logarithms to `gradient`.
    pub fn log_density(&self, log: &[f64], gradient: &mut [f64]) -> f64 {
        let d = log.len() - 2;
        let (location, scale) = self.lengthscale;
        let mut sum = 0.0;
        for i in 0..d {
            let z = (log[i] - location) / scale;
            sum -= log[i] + 0.5 * z * z + libm::log(scale) + HALF_LN_2PI;
            gradient[i] -= 1.0 + z / scale;
        }
        for (i, (shape, rate)) in [(d, self.amplitude), (d + 1, self.noise)] {
            let value = libm::exp(log[i]);
            sum += (shape - 1.0) * log[i] - rate * value;
            gradient[i] += shape - 1.0 - rate * value;
        }
        sum
    }

    /// Bounds of (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise) within which a fit stays.
    pub fn bounds(&self, dimensions: usize) -> Vec<(f64, f64)> {
        let ln = libm::log;
        let mut bounds = vec![(ln(5e-3), ln(1e3)); dimensions];
        bounds.push((ln(1e-3), ln(1e3)));
        bounds.push((ln(self.noise_floor), ln(10.0)));
        bounds
    }
}

impl Hyperparameters {
    /// (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise): the coordinates of a fit.
    pub fn to_log(&self) -> Vec<f64> {
        let all = self.lengthscales.iter().chain([&self.amplitude, &self.noise]);
        all.map(|v| libm::log(*v)).collect()
    }

    /// Back from [`Hyperparameters::to_log`], with the mean given.
    pub fn from_log(log: &[f64], mean: f64) -> Hyperparameters {
        let value = |i: usize| libm::exp(log[i]);
        let d = log.len() - 2;
        Hyperparameters {
            lengthscales: (0..d).map(value).collect(),
            amplitude: value(d),
            noise: value(d + 1),
            mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn density_matches_its_gradient() {
        let priors = Priors::default_for(3);
        let at = [0.1, -1.0, 2.0, 0.3, -6.0];
        let mut gradient = vec![0.0; 5];
        priors.log_density(&at, &mut gradient);
        for i in 0..5 {
            let moved = |step: f64| {
                let mut x = at;
                x[i] += step;
                priors.log_density(&x, &mut [0.0; 5])
            };
            assert!(
                (gradient[i] - (moved(1e-5) - moved(-1e-5)) / 2e-5).abs() < 1e-7,
                "coordinate {i}"
            );
        }
    }

    #[test]
    fn logarithms_go_there_and_back() {
        let own = Hyperparameters {
            lengthscales: vec![0.3, 2.0],
            amplitude: 1.5,
            noise: 1e-4,
            mean: 0.2,
        };
        let back = Hyperparameters::from_log(&own.to_log(), 0.2);
        assert!((back.lengthscales[1] - 2.0).abs() < 1e-12 && (back.noise - 1e-4).abs() < 1e-15);
    }
}
