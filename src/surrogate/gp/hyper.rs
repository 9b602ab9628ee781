//! Hyperparameters of a Gaussian process, and what is believed of them beforehand.

use super::Axis;
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
    /// Yeo–Johnson's λ of the outputs; 1 leaves them as they are.
    pub lambda: f64,
    /// Kumaraswamy's (a, b) of each axis; empty if inputs are left as they are. (1, 1) leaves an axis as it is.
    pub warps: Vec<[f64; 2]>,
}

/// Beliefs about hyperparameters before any data, for outputs of mean 0 and variance 1 and inputs in the unit cube.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priors {
    /// ln ℓ ~ Normal(location, scale²) for every axis.
    pub lengthscale: (f64, f64),
    /// How alike the axes are taken to be: the precision of ln ℓ around the mean of all axes' ln ℓ, beside the former. 0 is not at all.
    pub alike: f64,
    /// Amplitude ~ Gamma(shape, rate).
    pub amplitude: (f64, f64),
    /// Noise variance ~ Gamma(shape, rate).
    pub noise: (f64, f64),
    /// Noise variance is never below.
    pub noise_floor: f64,
    /// Mean ~ Normal(0, sd²).
    pub mean_sd: f64,
    /// The lengthscale of every axis, where it is known rather than looked for.
    pub known_lengthscale: Option<f64>,
    /// The noise variance, where it is known rather than looked for.
    pub known_noise: Option<f64>,
}

/// λ ~ Normal(1, sd²), within bounds.
const LAMBDA_SD: f64 = 0.5;
const LAMBDA_BOUNDS: (f64, f64) = (-1.0, 3.0);
/// ln a and ln b ~ Normal(0, sd²), within bounds.
const WARP_SD: f64 = 0.75;
const WARP_BOUND: f64 = 1.6;

impl Priors {
    /// The defaults in `dimensions` dimensions.
    ///
    /// - Lengthscales LogNormal(½ + ½ ln max(1, d/6), 1), mode 0.6 up to six dimensions: distances in the unit cube grow with √d, so lengthscales
    ///   must, or everything is far from everything (Hvarfner, Hellsten & Nardi 2024, "Vanilla Bayesian optimization performs great in high
    ///   dimensions"; theirs is LogNormal(√2 + ½ ln d, √3)). With the few parameters most studies have, growth from the first on is too sure
    ///   of a smooth objective and stays in the first valley (`docs/ablation.md`).
    /// - The logarithms of all lengthscales vary by 1/√2 around their mean, beside that: a few values of an objective with ripples or noise
    ///   are else explained by one axis, along which everything changes at once, and a search stays beside its best (`docs/ablation.md`).
    /// - Amplitude Gamma(2, 1): around the variance of standardized outputs, never zero.
    /// - Noise Gamma(1.1, 30): mostly little, but tests of a learner are noisy and data may say so. The floor keeps matrices regular
    ///   and is low enough to interpolate an exact objective.
    pub fn default_for(dimensions: usize) -> Priors {
        let d = dimensions.max(1) as f64;
        Priors {
            lengthscale: (0.5 + 0.5 * libm::log((d / 6.0).max(1.0)), 1.0),
            alike: 2.0,
            amplitude: (2.0, 1.0),
            noise: (1.1, 30.0),
            noise_floor: 1e-10,
            mean_sd: 1.0,
            known_lengthscale: None,
            known_noise: None,
        }
    }

    /// Puts what is known in its place.
    pub fn impose(&self, hyper: &mut Hyperparameters) {
        if let Some(known) = self.known_lengthscale {
            hyper.lengthscales.fill(known);
        }
        if let Some(known) = self.known_noise {
            hyper.noise = known;
        }
    }

    /// Where a fit without data would go: the mode of each prior, except that noise starts small.
    pub fn start(&self, dimensions: usize) -> Hyperparameters {
        let (location, scale) = self.lengthscale;
        let lengthscales = vec![libm::exp(location - scale * scale); dimensions];
        Hyperparameters::new(lengthscales, 1.0, self.noise_floor.max(1e-3), 0.0)
    }
}

impl Hyperparameters {
    /// Without warps.
    pub fn new(lengthscales: Vec<f64>, amplitude: f64, noise: f64, mean: f64) -> Hyperparameters {
        Hyperparameters {
            lengthscales,
            amplitude,
            noise,
            mean,
            lambda: 1.0,
            warps: Vec::new(),
        }
    }
}

/// Which hyperparameters a fit moves, and their coordinates: (ln ℓ₁ … ln ℓ_d, ln amplitude, ln noise), then λ if outputs are warped, then
/// (ln a, ln b) of each numeric axis if inputs are.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinates {
    dimensions: usize,
    /// Whether λ is fitted.
    pub output: bool,
    /// Axes whose warp is fitted.
    pub warped: Vec<usize>,
}

impl Coordinates {
    /// Coordinates for a process on `axes`.
    pub fn new(axes: &[Axis], output: bool, input: bool) -> Coordinates {
        let numeric = (0..axes.len()).filter(|d| axes[*d] == Axis::Numeric);
        Coordinates {
            dimensions: axes.len(),
            output,
            warped: if input { numeric.collect() } else { Vec::new() },
        }
    }

    /// Number of coordinates.
    pub fn count(&self) -> usize {
        self.warps() + 2 * self.warped.len()
    }

    /// Where λ stands, or would.
    pub(super) fn lambda(&self) -> usize {
        self.dimensions + 2
    }

    /// Where warps begin.
    pub(super) fn warps(&self) -> usize {
        self.dimensions + 2 + usize::from(self.output)
    }

    /// The coordinates of `hyper`; warps it does not have are none.
    pub fn of(&self, hyper: &Hyperparameters) -> Vec<f64> {
        let all = hyper.lengthscales.iter().chain([&hyper.amplitude, &hyper.noise]);
        let mut point: Vec<f64> = all.map(|v| libm::log(*v)).collect();
        if self.output {
            point.push(hyper.lambda);
        }
        for axis in &self.warped {
            let warp = hyper.warps.get(*axis).unwrap_or(&[1.0, 1.0]);
            point.extend(warp.map(libm::log));
        }
        point
    }

    /// Back from [`Coordinates::of`], with the mean given.
    pub fn at(&self, point: &[f64], mean: f64) -> Hyperparameters {
        let value = |i: usize| libm::exp(point[i]);
        let d = self.dimensions;
        let mut warps = Vec::new();
        if !self.warped.is_empty() {
            warps = vec![[1.0, 1.0]; d];
            let pairs = point[self.warps()..].chunks_exact(2);
            for (axis, pair) in self.warped.iter().zip(pairs) {
                warps[*axis] = [libm::exp(pair[0]), libm::exp(pair[1])];
            }
        }
        Hyperparameters {
            lengthscales: (0..d).map(value).collect(),
            amplitude: value(d),
            noise: value(d + 1),
            mean,
            lambda: if self.output { point[self.lambda()] } else { 1.0 },
            warps,
        }
    }

    /// Bounds within which a fit stays.
    pub fn bounds(&self, priors: &Priors) -> Vec<(f64, f64)> {
        let ln = libm::log;
        let unless = |known: Option<f64>, low: f64, high: f64| (ln(known.unwrap_or(low)), ln(known.unwrap_or(high)));
        let mut bounds = vec![unless(priors.known_lengthscale, 5e-3, 1e3); self.dimensions];
        bounds.push((ln(1e-3), ln(1e3)));
        bounds.push(unless(priors.known_noise, priors.noise_floor, 10.0));
        if self.output {
            bounds.push(LAMBDA_BOUNDS);
        }
        bounds.resize(self.count(), (-WARP_BOUND, WARP_BOUND));
        bounds
    }

    /// Log density of the priors at a point, of the hyperparameters themselves rather than of their logarithms, up to constants of the
    /// Gammas and of how alike the lengthscales are; adds its derivative by the coordinates to `gradient`.
    pub fn log_density(&self, priors: &Priors, point: &[f64], gradient: &mut [f64]) -> f64 {
        let d = self.dimensions;
        let (location, scale) = priors.lengthscale;
        let mut sum = 0.0;
        for i in 0..d {
            let z = (point[i] - location) / scale;
            sum -= point[i] + 0.5 * z * z + libm::log(scale) + HALF_LN_2PI;
            gradient[i] -= 1.0 + z / scale;
        }
        if priors.alike > 0.0 {
            let mean = point[..d].iter().sum::<f64>() / d as f64;
            for i in 0..d {
                let off = point[i] - mean;
                sum -= 0.5 * priors.alike * off * off;
                gradient[i] -= priors.alike * off;
            }
        }
        for (i, (shape, rate)) in [(d, priors.amplitude), (d + 1, priors.noise)] {
            let value = libm::exp(point[i]);
            sum += (shape - 1.0) * point[i] - rate * value;
            gradient[i] += shape - 1.0 - rate * value;
        }
        let mut normal = |i: usize, center: f64, sd: f64| {
            let z = (point[i] - center) / sd;
            sum -= 0.5 * z * z + libm::log(sd) + HALF_LN_2PI;
            gradient[i] -= z / sd;
        };
        if self.output {
            normal(self.lambda(), 1.0, LAMBDA_SD);
        }
        (self.warps()..self.count()).for_each(|i| normal(i, 0.0, WARP_SD));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: [Axis; 3] = [Axis::Numeric, Axis::Categorical, Axis::Numeric];

    #[test]
    fn density_matches_its_gradient() {
        let priors = Priors::default_for(3);
        let coordinates = Coordinates::new(&AXES, true, true);
        let at = [0.1, -1.0, 2.0, 0.3, -6.0, 0.4, 0.1, -0.3, 0.2, 0.7];
        let mut gradient = vec![0.0; 10];
        coordinates.log_density(&priors, &at, &mut gradient);
        for i in 0..10 {
            let moved = |step: f64| {
                let mut x = at;
                x[i] += step;
                coordinates.log_density(&priors, &x, &mut [0.0; 10])
            };
            assert!(
                (gradient[i] - (moved(1e-5) - moved(-1e-5)) / 2e-5).abs() < 1e-7,
                "coordinate {i}"
            );
        }
    }

    #[test]
    fn coordinates_go_there_and_back() {
        let own = Hyperparameters {
            lengthscales: vec![0.3, 2.0, 1.0],
            amplitude: 1.5,
            noise: 1e-4,
            mean: 0.2,
            lambda: 0.7,
            warps: vec![[1.2, 0.8], [1.0, 1.0], [0.5, 2.0]],
        };
        let coordinates = Coordinates::new(&AXES, true, true);
        let point = coordinates.of(&own);
        assert_eq!(
            (point.len(), coordinates.bounds(&Priors::default_for(3)).len()),
            (10, 10)
        );
        let back = coordinates.at(&point, 0.2);
        assert!((back.lengthscales[1] - 2.0).abs() < 1e-12 && (back.noise - 1e-4).abs() < 1e-15);
        assert!(back.lambda == 0.7 && (back.warps[2][1] - 2.0).abs() < 1e-12 && back.warps[1] == [1.0, 1.0]);
        let plain = Coordinates::new(&AXES, false, false);
        assert!(plain.at(&plain.of(&own), 0.0).warps.is_empty());
    }
}
