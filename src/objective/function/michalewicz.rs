//! Michalewicz' function.

use super::{Arguments, Function};
use crate::registry::Entry;
use std::f64::consts::PI;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "michalewicz",
    title: "Michalewicz",
    about: "Flat, but for narrow ravines that cross: the value between them says nothing about where they are. Each argument has more of them than the one before.",
    formula: "−Σ sin(xᵢ)·sin²⁰(i·xᵢ²/π)",
    paper: "Z. Michalewicz (1992), Genetic algorithms + data structures = evolution programs. Collected in S. Surjanovic, D. Bingham (2013), Virtual library of simulation experiments.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any { low: 0.0, high: PI },
        value,
        gradient,
        minimizers: |d| vec![(0..d).map(lowest).collect()],
        minimum: |d| (0..d).map(|i| -ravine(i, lowest(i))[0]).sum(),
        low: None,
    },
};

/// The i-th term and its derivative.
fn ravine(i: usize, x: f64) -> [f64; 2] {
    let k = (i + 1) as f64;
    let angle = k * x * x / PI;
    let (sine, wave) = (libm::sin(x), libm::sin(angle));
    let nineteenth = (0..19).fold(1.0, |power, _| power * wave);
    [
        sine * nineteenth * wave,
        libm::cos(x) * nineteenth * wave + sine * 20.0 * nineteenth * libm::cos(angle) * 2.0 * k * x / PI,
    ]
}

/// Where the i-th term is largest: the best of a fine grid, then bisection of the derivative between its neighbours.
fn lowest(i: usize) -> f64 {
    let step = PI / 4096.0;
    let grid = (0..=4096).map(|k| f64::from(k) * step);
    let best = grid.fold(
        0.0,
        |best, x| if ravine(i, x)[0] > ravine(i, best)[0] { x } else { best },
    );
    let (mut low, mut high) = ((best - step).max(0.0), (best + step).min(PI));
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if ravine(i, middle)[1] > 0.0 {
            low = middle
        } else {
            high = middle
        }
    }
    (low + high) / 2.0
}

fn value(x: &[f64]) -> f64 {
    -x.iter().enumerate().map(|(i, &x)| ravine(i, x)[0]).sum::<f64>()
}

fn gradient(x: &[f64]) -> Vec<f64> {
    x.iter().enumerate().map(|(i, &x)| -ravine(i, x)[1]).collect()
}
