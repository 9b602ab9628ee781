//! Expected improvement.

use super::log_ei::log_expected_improvement;
use super::{Acquisition, Build, XI};
use crate::registry::Entry;

/// EI = σ (φ(z) + z Φ(z)), z = (target − ξ − μ)/σ; its logarithm is maximized.
struct Ei {
    xi: f64,
}

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "ei",
    title: "Expected improvement",
    about: "How much better than the incumbent a point is on average, counting worse as zero. Weighs large improvements against likely ones.",
    formula: "EI(x) = E[max(f* − ξ − f(x), 0)] = σ(x) ( φ(z) + z Φ(z) ),  z = (f* − ξ − μ(x)) / σ(x)",
    paper: "Jones, Schonlau & Welch 1998, Efficient Global Optimization of Expensive Black-Box Functions; after Močkus 1974",
    settings: &[XI],
    build: |settings| {
        Box::new(Ei {
            xi: settings.float("xi"),
        })
    },
};

impl Acquisition for Ei {
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        log_expected_improvement(mean, sd, target - self.xi)
    }

    fn value(&self, utility: f64) -> f64 {
        libm::exp(utility)
    }
}
