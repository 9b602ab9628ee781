//! Probability of improvement.

use super::{Acquisition, Build, XI};
use crate::math::normal::{inverse_mills, log_cdf};
use crate::registry::Entry;

/// PI = Φ(z), z = (target − ξ − μ)/σ.
struct Pi {
    xi: f64,
}

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "pi",
    title: "Probability of improvement",
    about: "How likely a point is to beat the incumbent by the margin ξ, no matter by how much more. Greedy: it likes small, safe steps.",
    formula: "PI(x) = P(f(x) < f* − ξ) = Φ( (f* − ξ − μ(x)) / σ(x) )",
    paper: "Kushner 1964, A New Method of Locating the Maximum Point of an Arbitrary Multipeak Curve in the Presence of Noise",
    settings: &[XI],
    build: |settings| {
        Box::new(Pi {
            xi: settings.float("xi"),
        })
    },
};

impl Acquisition for Pi {
    /// ln Φ(z): near 1 it is flat to the last bit exactly where Φ is.
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        let z = (target - self.xi - mean) / sd;
        let slope = inverse_mills(z);
        (log_cdf(z), -slope / sd, -z * slope / sd)
    }

    fn value(&self, utility: f64) -> f64 {
        libm::exp(utility)
    }
}
