//! The Matérn kernel with ν = 5/2: sample paths are twice differentiable, smooth enough to follow and rough enough to be honest.

use super::{Kernel, root};
use crate::math::exp::exp;
use crate::registry::Entry;

/// f(r²) = (1 + √5 r + 5r²/3) exp(−√5 r); df/d(r²) = −(5/6) (1 + √5 r) exp(−√5 r), finite at r = 0.
///
/// Rasmussen & Williams 2006, equation 4.17; for hyperparameters recommended by Snoek, Larochelle & Adams 2012.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matern52;

pub(super) const ENTRY: Entry<&'static dyn Kernel> = Entry {
    id: "matern52",
    title: "Matérn-5/2",
    about: "Differentiable twice: smooth enough to follow a valley, rough enough not to be sure of what was not tried.",
    formula: "(1 + √5 r + 5r²/3) exp(−√5 r)",
    paper: "Snoek, Larochelle & Adams 2012, Practical Bayesian Optimization of Machine Learning Algorithms",
    settings: &[],
    build: &Matern52,
};

impl Kernel for Matern52 {
    fn correlate(&self, squared: &mut [f64]) {
        for v in squared {
            let s = root(5.0 * *v);
            *v = (1.0 + s + s * s / 3.0) * exp(-s);
        }
    }

    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]) {
        for (v, d) in squared.iter_mut().zip(slope) {
            let s = root(5.0 * *v);
            let decay = exp(-s);
            *d = -5.0 / 6.0 * (1.0 + s) * decay;
            *v = (1.0 + s + s * s / 3.0) * decay;
        }
    }
}
