//! The logarithm of expected improvement.

use super::{Acquisition, Build};
use crate::math::normal::log_h;
use crate::registry::Entry;

/// ln EI = ln σ + ln h(z), z = (target − μ)/σ, h(z) = φ(z) + z Φ(z).
struct LogEi;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "logei",
    title: "Log expected improvement",
    about: "Expected improvement on a logarithmic scale: the same choice in theory, and in practice a better one, because it still tells \
            better from worse where the expected improvement itself is too small for a number.",
    formula: "ln EI(x) = ln σ(x) + ln( φ(z) + z Φ(z) ),  z = (f* − μ(x)) / σ(x)",
    paper: "Ament, Daulton, Eriksson, Balandat & Bakshy 2023, Unexpected Improvements to Expected Improvement",
    settings: &[],
    build: |_| Box::new(LogEi),
};

impl Acquisition for LogEi {
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        log_expected_improvement(mean, sd, target)
    }

    fn value(&self, utility: f64) -> f64 {
        utility
    }
}

/// ln EI below `target` and its derivatives by mean and sd. With g = d ln h/dz: ∂μ = −g/σ, ∂σ = (1 − z g)/σ.
pub(super) fn log_expected_improvement(mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
    let z = (target - mean) / sd;
    let (value, slope) = log_h(z);
    (libm::log(sd) + value, -slope / sd, (1.0 - z * slope) / sd)
}
