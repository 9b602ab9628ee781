//! The Matérn kernel with ν = 5/2: sample paths are twice differentiable, smooth enough to follow and rough enough to be honest.

use super::kernel::Kernel;

/// f(r²) = (1 + √5 r + 5r²/3) exp(−√5 r); df/d(r²) = −(5/6) (1 + √5 r) exp(−√5 r), finite at r = 0.
///
/// Rasmussen & Williams 2006, equation 4.17; for hyperparameters recommended by Snoek, Larochelle & Adams 2012.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matern52;

impl Kernel for Matern52 {
    fn correlate(&self, squared: &mut [f64]) {
        for v in squared {
            let s = libm::sqrt(5.0 * *v);
            *v = (1.0 + s + s * s / 3.0) * libm::exp(-s);
        }
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            let s = libm::sqrt(5.0 * *v);
            let decay = libm::exp(-s);
            *d = -5.0 / 6.0 * (1.0 + s) * decay;
            *v = (1.0 + s + s * s / 3.0) * decay;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_is_the_derivative() {
        let mut slope = [0.0];
        Matern52.correlate_with_slope(&mut [0.0], &mut slope);
        assert_eq!(slope[0], -5.0 / 6.0);
        for r2 in [1e-4, 0.1, 1.0, 7.0] {
            let at = |r2: f64| {
                let mut v = [r2];
                Matern52.correlate(&mut v);
                v[0]
            };
            Matern52.correlate_with_slope(&mut [r2], &mut slope);
            assert!((slope[0] - (at(r2 * 1.0001) - at(r2 * 0.9999)) / (r2 * 2e-4)).abs() < 1e-5);
        }
    }
}
