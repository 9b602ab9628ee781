//! The squared exponential kernel: sample paths are smooth without end.

use super::Kernel;
use crate::math::exp::exp;
use crate::registry::Entry;

/// f(r²) = exp(−r²/2); df/d(r²) = −f/2.
///
/// Rasmussen & Williams 2006, equation 4.9.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rbf;

pub(super) const ENTRY: Entry<&'static dyn Kernel> = Entry {
    id: "rbf",
    title: "Squared exponential (RBF)",
    about: "The smoothest: every derivative exists. Learns fastest where that is true, and is too sure of itself where it is not.",
    formula: "exp(−r²/2)",
    paper: "Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, section 4.2",
    settings: &[],
    build: &Rbf,
};

impl Kernel for Rbf {
    fn correlate(&self, squared: &mut [f64]) {
        squared.iter_mut().for_each(|v| *v = exp(-0.5 * *v));
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            *v = exp(-0.5 * *v);
            *d = -0.5 * *v;
        }
    }
}
