//! The rational quadratic kernel: a mixture of squared exponentials of all lengthscales.

use super::Kernel;
use crate::registry::Entry;

/// f(r²) = (1 + r²/2α)^−α with α = 1; df/d(r²) = −½ (1 + r²/2α)^(−α−1).
///
/// Rasmussen & Williams 2006, equation 4.19. With a free α the kernel tends to the squared exponential as α grows; 1 is its heavy-tailed
/// member, and the one that adds something beside that.
#[derive(Clone, Copy, Debug, Default)]
pub struct RationalQuadratic;

pub(super) const ENTRY: Entry<&'static dyn Kernel> = Entry {
    id: "rq",
    title: "Rational quadratic",
    about: "A mixture of squared exponentials of all lengthscales (α = 1): smooth, with a long memory.",
    formula: "1 / (1 + r²/2)",
    paper: "Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, section 4.2",
    settings: &[],
    build: &RationalQuadratic,
};

impl Kernel for RationalQuadratic {
    fn correlate(&self, squared: &mut [f64]) {
        squared.iter_mut().for_each(|v| *v = 1.0 / (1.0 + 0.5 * *v));
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            *v = 1.0 / (1.0 + 0.5 * *v);
            *d = -0.5 * *v * *v;
        }
    }
}
