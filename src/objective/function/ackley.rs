//! Ackley's function, shifted.

use super::{Arguments, Function, origin, shifted};
use crate::registry::Entry;
use std::f64::consts::{E, PI};

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "ackley",
    title: "Ackley, shifted",
    about: "An almost flat plain full of ripples, with one funnel: far from it no slope points anywhere. Its minimum is shifted off the middle of the box, where many designs put their first point.",
    formula: "−20·exp(−0.2·√(Σz²/d)) − exp(Σcos(2πz)/d) + 20 + e, z = x − s",
    paper: "D. H. Ackley (1987), A connectionist machine for genetic hillclimbing. Collected in S. Surjanovic, D. Bingham (2013), Virtual library of simulation experiments.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any {
            low: -32.768,
            high: 32.768,
        },
        value,
        gradient,
        minimizers: |d| origin(d, &SHIFTS),
        minimum: |_| 0.0,
        low: None,
    },
};

const SHIFTS: [f64; 5] = [3.7, -8.1, 12.4, -2.9, 6.3];

/// The shifted argument, the root of its mean square, and the wave.
fn parts(x: &[f64]) -> (Vec<f64>, f64, f64) {
    let (z, d) = (shifted(x, &SHIFTS), x.len() as f64);
    let root = libm::sqrt(z.iter().map(|v| v * v).sum::<f64>() / d);
    let wave = libm::exp(z.iter().map(|v| libm::cos(2.0 * PI * v)).sum::<f64>() / d);
    (z, root, wave)
}

fn value(x: &[f64]) -> f64 {
    let (_, root, wave) = parts(x);
    -20.0 * libm::exp(-0.2 * root) - wave + 20.0 + E
}

/// At the very bottom, where there is a tip, 0.
fn gradient(x: &[f64]) -> Vec<f64> {
    let (z, root, wave) = parts(x);
    let d = x.len() as f64;
    let funnel = if root > 0.0 {
        4.0 * libm::exp(-0.2 * root) / (d * root)
    } else {
        0.0
    };
    z.iter()
        .map(|v| funnel * v + wave * 2.0 * PI / d * libm::sin(2.0 * PI * v))
        .collect()
}
