//! Two arguments, of which one matters.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "one-matters",
    title: "One of two matters (2-D)",
    about: "A narrow valley across the first argument; the second hardly counts. A grid of 9 tries 3 values of what matters, 9 random points try 9: why random search beats grids as soon as some parameters matter more than others, and nobody knows which.",
    formula: "1 − exp(−(important − 0.37)²/(2·0.06²)) + 0.02·(unimportant − 0.5)²",
    paper: "After J. Bergstra, Y. Bengio (2012), Random search for hyper-parameter optimization, JMLR 13, 281-305, figure 1.",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Named(&[("important", 0.0, 1.0), ("unimportant", 0.0, 1.0)]),
        value,
        gradient,
        minimizers: |_| vec![vec![0.37, 0.5]],
        minimum: |_| 0.0,
        low: None,
    },
};

const WIDTH: f64 = 0.06;

fn value(x: &[f64]) -> f64 {
    let far = (x[0] - 0.37) / WIDTH;
    -libm::expm1(-far * far / 2.0) + 0.02 * (x[1] - 0.5) * (x[1] - 0.5)
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let far = (x[0] - 0.37) / WIDTH;
    vec![libm::exp(-far * far / 2.0) * far / WIDTH, 0.04 * (x[1] - 0.5)]
}
