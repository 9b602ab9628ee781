//! Forrester's function: one argument, one local and one global minimum.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "forrester",
    title: "Forrester (1-D)",
    about: "One argument, a flat local minimum and a narrow global one: small enough to see everything a surrogate believes.",
    formula: "(6x − 2)²·sin(12x − 4)",
    paper: "Forrester, Sóbester & Keane 2008, Engineering Design via Surrogate Modelling",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Named(&[("x", 0.0, 1.0)]),
        value,
        minimizers: |_| vec![vec![0.757_248_757_841_856]],
        minimum: |_| -6.020_740_055_767_083,
        gradient,
        low: Some(low),
    },
};

fn value(x: &[f64]) -> f64 {
    let slope = 6.0 * x[0] - 2.0;
    slope * slope * libm::sin(12.0 * x[0] - 4.0)
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let (slope, angle) = (6.0 * x[0] - 2.0, 12.0 * x[0] - 4.0);
    vec![12.0 * slope * (libm::sin(angle) + slope * libm::cos(angle))]
}

/// The low-fidelity form of the book, f/2 + 10 (x − 1/2) − 5, reached in proportion to what is missing of the effort, z < 1.
fn low(x: &[f64], z: f64) -> f64 {
    let missing = 1.0 - z;
    (1.0 - 0.5 * missing) * value(x) + missing * (10.0 * (x[0] - 0.5) - 5.0)
}
