//! What every kernel here is: a stationary function of a scaled squared distance. One file each.
//!
//! With axes i and lengthscales ℓᵢ, r² = Σᵢ Δᵢ² / ℓᵢ², where Δᵢ is the difference of coordinates or, on a categorical axis, 0 for equal
//! categories and 1 for others (Hamming distance). A kernel is amplitude · f(r²) with f(0) = 1. Every axis, categorical ones too, has its own
//! lengthscale: automatic relevance determination (ARD).

mod matern12;
mod matern32;
mod matern52;
mod rational_quadratic;
mod rbf;

pub use matern12::Matern12;
pub use matern32::Matern32;
pub use matern52::Matern52;
pub use rational_quadratic::RationalQuadratic;
pub use rbf::Rbf;

use crate::registry::Entry;

/// What one coordinate of an input means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// A number: coordinates differ by their difference.
    Numeric,
    /// A category: coordinates are the same or not.
    Categorical,
}

impl Axis {
    /// Δ between two coordinates.
    pub fn difference(self, a: f64, b: f64) -> f64 {
        match self {
            Axis::Numeric => a - b,
            Axis::Categorical => f64::from(u8::from(a != b)),
        }
    }
}

/// Where distances end: beyond, every correlation is as good as none.
const FAR: f64 = 700.0;

/// The root of a scaled squared distance, at most [`FAR`]: several at once, as [`crate::math::exp::exp`] is.
#[inline(always)]
fn root(squared: f64) -> f64 {
    let root = squared.sqrt();
    if root > FAR { FAR } else { root }
}

/// A correlation f(r²) with f(0) = 1.
pub trait Kernel: Send + Sync {
    /// Replaces each r² by f(r²).
    fn correlate(&self, squared: &mut [f64]);

    /// Replaces each r² by f(r²) and writes the derivative df/d(r²) beside it.
    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]);
}

/// Every kernel, in the order of menus.
pub static KERNELS: &[Entry<&'static dyn Kernel>] = &[
    matern52::ENTRY,
    matern32::ENTRY,
    matern12::ENTRY,
    rbf::ENTRY,
    rational_quadratic::ENTRY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_the_derivatives() {
        for entry in KERNELS {
            let at = |r2: f64| {
                let (mut value, mut slope) = ([r2], [0.0]);
                entry.build.correlate_with_slope(&mut value, &mut slope);
                let mut alone = [r2];
                entry.build.correlate(&mut alone);
                assert_eq!(value, alone, "{}", entry.id);
                (value[0], slope[0])
            };
            assert!(at(0.0).0 == 1.0 && at(0.0).1.is_finite(), "{}", entry.id);
            for r2 in [1e-4, 0.1, 1.0, 7.0] {
                let difference = (at(r2 * 1.0001).0 - at(r2 * 0.9999).0) / (r2 * 2e-4);
                assert!((at(r2).1 / difference - 1.0).abs() < 1e-5, "{} at {r2}", entry.id);
            }
            let (near, far) = (at(1e6).0, at(1e300).0);
            assert!(
                (0.0..1e-3).contains(&near) && (0.0..=near).contains(&far),
                "{}",
                entry.id
            );
        }
    }
}
