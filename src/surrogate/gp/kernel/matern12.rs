//! The Matérn kernel with ν = 1/2, the exponential kernel: sample paths are continuous and nowhere smooth.

use super::{Kernel, root};
use crate::math::exp::exp;
use crate::registry::Entry;

/// f(r²) = exp(−r); df/d(r²) = −exp(−r) / 2r, taken as 0 at r = 0, where the path has a cusp.
///
/// Rasmussen & Williams 2006, equation 4.18.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matern12;

pub(super) const ENTRY: Entry<&'static dyn Kernel> = Entry {
    id: "matern12",
    title: "Matérn-1/2",
    about: "The roughest: continuous, but with a kink everywhere. For objectives that jump about between neighbours.",
    formula: "exp(−r)",
    paper: "Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, section 4.2",
    settings: &[],
    build: &Matern12,
};

impl Kernel for Matern12 {
    fn correlate(&self, squared: &mut [f64]) {
        squared.iter_mut().for_each(|v| *v = exp(-root(*v)));
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            let r = root(*v);
            *v = exp(-r);
            *d = if r > 0.0 { -0.5 * *v / r } else { 0.0 };
        }
    }
}
