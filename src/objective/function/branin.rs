//! Branin's function: two arguments, three equal minima.

use super::Function;
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "branin",
    title: "Branin (2-D)",
    about: "A valley with three equally deep minima: a search that finds one should still wonder about the others.",
    formula: "(x2 − 5.1/(4π²)·x1² + 5/π·x1 − 6)² + 10·(1 − 1/(8π))·cos(x1) + 10",
    paper: "Branin 1972; Dixon & Szegő 1978, Towards Global Optimisation 2",
    settings: super::SETTINGS,
    build: Function {
        domain: &[("x1", -5.0, 10.0), ("x2", 0.0, 15.0)],
        value,
        minimizers: &[
            &[-std::f64::consts::PI, 12.275],
            &[std::f64::consts::PI, 2.275],
            &[3.0 * std::f64::consts::PI, 2.475],
        ],
        minimum: 0.397_887_357_729_738_16,
    },
};

fn value(x: &[f64]) -> f64 {
    use std::f64::consts::PI;
    let valley = x[1] - 5.1 / (4.0 * PI * PI) * x[0] * x[0] + 5.0 / PI * x[0] - 6.0;
    valley * valley + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::cos(x[0]) + 10.0
}
