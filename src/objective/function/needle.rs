//! A needle in a haystack.

use super::{Arguments, Function, origin};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "needle",
    title: "Needle in a haystack",
    about: "A wide friendly bowl, and elsewhere a hole a few hundredths wide that is deeper: what every strategy learns leads away from it. Nobody finds it but by luck or by covering everything, and the more arguments the less: no free lunch.",
    formula: "(0.2 + Σ(x − 0.7)²/d)·(1 − exp(−Σ(x − b)²/(2·0.03²))), b = 0.23, 0.31, …",
    paper: "D. H. Wolpert, W. G. Macready (1997), No free lunch theorems for optimization, IEEE Transactions on Evolutionary Computation 1, 67-82.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any { low: 0.0, high: 1.0 },
        value,
        gradient,
        minimizers: |d| origin(d, &HOLE),
        minimum: |_| 0.0,
        low: None,
    },
};

const HOLE: [f64; 3] = [0.23, 0.31, 0.17];
const WIDTH: f64 = 0.03;

/// The bowl, and what the hole leaves of it.
fn parts(x: &[f64]) -> (f64, f64) {
    let bowl = x.iter().map(|v| (v - 0.7) * (v - 0.7)).sum::<f64>() / x.len() as f64;
    let far: f64 = x.iter().zip(HOLE.iter().cycle()).map(|(v, h)| (v - h) * (v - h)).sum();
    (0.2 + bowl, -libm::expm1(-far / (2.0 * WIDTH * WIDTH)))
}

fn value(x: &[f64]) -> f64 {
    let (bowl, left) = parts(x);
    bowl * left
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let (bowl, left) = parts(x);
    let slope = |(v, h): (&f64, &f64)| {
        2.0 * (v - 0.7) / x.len() as f64 * left + bowl * (1.0 - left) * (v - h) / (WIDTH * WIDTH)
    };
    x.iter().zip(HOLE.iter().cycle()).map(slope).collect()
}
