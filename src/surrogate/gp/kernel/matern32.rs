//! The Matérn kernel with ν = 3/2: sample paths are differentiable once.

use super::{Kernel, root};
use crate::math::exp::exp;
use crate::registry::Entry;

/// f(r²) = (1 + √3 r) exp(−√3 r); df/d(r²) = −(3/2) exp(−√3 r).
///
/// Rasmussen & Williams 2006, equation 4.17.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matern32;

pub(super) const ENTRY: Entry<&'static dyn Kernel> = Entry {
    id: "matern32",
    title: "Matérn-3/2",
    about: "Rougher than the default: differentiable once. For objectives with sharp bends.",
    formula: "(1 + √3 r) exp(−√3 r)",
    paper: "Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, section 4.2",
    settings: &[],
    build: &Matern32,
};

impl Kernel for Matern32 {
    fn correlate(&self, squared: &mut [f64]) {
        for v in squared {
            let s = root(3.0 * *v);
            *v = (1.0 + s) * exp(-s);
        }
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            let s = root(3.0 * *v);
            let decay = exp(-s);
            *v = (1.0 + s) * decay;
            *d = -1.5 * decay;
        }
    }
}
