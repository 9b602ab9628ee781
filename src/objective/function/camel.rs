//! The six-hump camel: two arguments, six minima, two of them global.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "camel",
    title: "Six-hump camel (2-D)",
    about: "Six dents in a valley, the two deepest of which mirror each other: a search that trusts its first dent may stay in a wrong one.",
    formula: "(4 − 2.1·x1² + x1⁴/3)·x1² + x1·x2 + (4·x2² − 4)·x2²",
    paper: "L. C. W. Dixon, G. P. Szegő (1978), The global optimization problem: an introduction, Towards Global Optimisation 2.",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Named(&[("x1", -3.0, 3.0), ("x2", -2.0, 2.0)]),
        value,
        gradient,
        minimizers: |_| vec![vec![A, -B], vec![-A, B]],
        minimum: |_| -1.031_628_453_489_877,
        low: None,
    },
};

/// The global minimizers are (A, −B) and (−A, B).
const A: f64 = 0.089_842_010_8;
const B: f64 = 0.712_656_403_8;

fn value(x: &[f64]) -> f64 {
    let (a, b) = (x[0] * x[0], x[1] * x[1]);
    (4.0 - 2.1 * a + a * a / 3.0) * a + x[0] * x[1] + (4.0 * b - 4.0) * b
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let (a, b) = (x[0] * x[0], x[1] * x[1]);
    vec![
        (8.0 - 8.4 * a + 2.0 * a * a) * x[0] + x[1],
        x[0] + (16.0 * b - 8.0) * x[1],
    ]
}
