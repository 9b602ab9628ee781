//! Griewank's function, shifted.

use super::{Arguments, Function, origin, shifted};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "griewank",
    title: "Griewank, shifted",
    about: "A wide bowl with thousands of small dents: from afar it looks smooth, and only near the bottom the dents matter. Its minimum is shifted off the middle of the box.",
    formula: "1 + Σz²/4000 − Π cos(zᵢ/√i), z = x − s",
    paper: "A. O. Griewank (1981), Generalized descent for global optimization, Journal of Optimization Theory and Applications 34, 11-39.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any {
            low: -600.0,
            high: 600.0,
        },
        value,
        gradient,
        minimizers: |d| origin(d, &SHIFTS),
        minimum: |_| 0.0,
        low: None,
    },
};

const SHIFTS: [f64; 3] = [170.0, -90.0, 310.0];

/// zᵢ/√i.
fn angles(z: &[f64]) -> Vec<f64> {
    z.iter()
        .enumerate()
        .map(|(i, v)| v / libm::sqrt(i as f64 + 1.0))
        .collect()
}

fn value(x: &[f64]) -> f64 {
    let z = shifted(x, &SHIFTS);
    let waves: f64 = angles(&z).iter().map(|a| libm::cos(*a)).product();
    1.0 + z.iter().map(|v| v * v).sum::<f64>() / 4000.0 - waves
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let z = shifted(x, &SHIFTS);
    let angles = angles(&z);
    let slope = |i: usize| {
        let others = angles.iter().enumerate().filter(|(j, _)| *j != i);
        let others: f64 = others.map(|(_, a)| libm::cos(*a)).product();
        z[i] / 2000.0 + libm::sin(angles[i]) / libm::sqrt(i as f64 + 1.0) * others
    };
    (0..z.len()).map(slope).collect()
}
