//! Branin's function: two arguments, three equal minima.

use super::{Arguments, Function};
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
        arguments: Arguments::Named(&[("x1", -5.0, 10.0), ("x2", 0.0, 15.0)]),
        value,
        minimizers: |_| {
            vec![
                vec![-std::f64::consts::PI, 12.275],
                vec![std::f64::consts::PI, 2.275],
                vec![3.0 * std::f64::consts::PI, 2.475],
            ]
        },
        minimum: |_| 0.397_887_357_729_738_16,
        gradient,
        low: Some(low),
    },
};

fn value(x: &[f64]) -> f64 {
    use std::f64::consts::PI;
    let valley = x[1] - 5.1 / (4.0 * PI * PI) * x[0] * x[0] + 5.0 / PI * x[0] - 6.0;
    valley * valley + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::cos(x[0]) + 10.0
}

fn gradient(x: &[f64]) -> Vec<f64> {
    use std::f64::consts::PI;
    let (b, c) = (5.1 / (4.0 * PI * PI), 5.0 / PI);
    let valley = x[1] - b * x[0] * x[0] + c * x[0] - 6.0;
    vec![
        2.0 * valley * (c - 2.0 * b * x[0]) - 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::sin(x[0]),
        2.0 * valley,
    ]
}

/// The three constants of the valley and the wave shifted by what is missing of the effort, z < 1 (Kandasamy et al. 2017, Multi-fidelity
/// Bayesian optimisation with continuous approximations): b − 0.01 (1 − z), c − 0.1 (1 − z), t + 0.05 (1 − z).
fn low(x: &[f64], z: f64) -> f64 {
    use std::f64::consts::PI;
    let missing = 1.0 - z;
    let (b, c) = (5.1 / (4.0 * PI * PI) - 0.01 * missing, 5.0 / PI - 0.1 * missing);
    let t = 1.0 / (8.0 * PI) + 0.05 * missing;
    let valley = x[1] - b * x[0] * x[0] + c * x[0] - 6.0;
    valley * valley + 10.0 * (1.0 - t) * libm::cos(x[0]) + 10.0
}
