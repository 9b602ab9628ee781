//! Rastrigin's function, shifted.

use super::{Arguments, Function, origin, shifted};
use crate::registry::Entry;
use std::f64::consts::PI;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "rastrigin",
    title: "Rastrigin, shifted",
    about: "A bowl covered with regular dents, about ten along each argument: going downhill ends in the nearest one. Its minimum is shifted off the middle of the box.",
    formula: "10·d + Σ(z² − 10·cos(2πz)), z = x − s",
    paper: "L. A. Rastrigin (1974), Systems of extremal control. Collected in S. Surjanovic, D. Bingham (2013), Virtual library of simulation experiments.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any { low: -5.12, high: 5.12 },
        value,
        gradient,
        minimizers: |d| origin(d, &SHIFTS),
        minimum: |_| 0.0,
        low: None,
    },
};

const SHIFTS: [f64; 3] = [1.3, -0.8, 0.4];

fn value(x: &[f64]) -> f64 {
    shifted(x, &SHIFTS)
        .iter()
        .map(|z| 10.0 + z * z - 10.0 * libm::cos(2.0 * PI * z))
        .sum()
}

fn gradient(x: &[f64]) -> Vec<f64> {
    shifted(x, &SHIFTS)
        .iter()
        .map(|z| 2.0 * z + 20.0 * PI * libm::sin(2.0 * PI * z))
        .collect()
}
