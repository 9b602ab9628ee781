//! Goldstein and Price's function: two arguments, values over six orders of magnitude.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "goldstein-price",
    title: "Goldstein–Price (2-D)",
    about: "A deep bowl at (0, −1) with three shallower ones around it, and walls of a million: a surrogate that believes in one scale of values is deceived by the walls.",
    formula: "(1 + (x1+x2+1)²·(19 − 14x1 + 3x1² − 14x2 + 6x1x2 + 3x2²)) · (30 + (2x1−3x2)²·(18 − 32x1 + 12x1² + 48x2 − 36x1x2 + 27x2²))",
    paper: "A. A. Goldstein, J. F. Price (1971), On descent from local minima, Mathematics of Computation 25, 569-574.",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Named(&[("x1", -2.0, 2.0), ("x2", -2.0, 2.0)]),
        value,
        gradient,
        minimizers: |_| vec![vec![0.0, -1.0]],
        minimum: |_| 3.0,
        low: None,
    },
};

/// The two factors, each with its derivatives: 1 + u²p and 30 + v²q.
fn factors(x: &[f64]) -> [[f64; 3]; 2] {
    let (a, b) = (x[0], x[1]);
    let u = a + b + 1.0;
    let p = 19.0 - 14.0 * a + 3.0 * a * a - 14.0 * b + 6.0 * a * b + 3.0 * b * b;
    // p is the same function of both arguments.
    let dp = -14.0 + 6.0 * (a + b);
    let du = 2.0 * u * p + u * u * dp;
    let v = 2.0 * a - 3.0 * b;
    let q = 18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b - 36.0 * a * b + 27.0 * b * b;
    let (qa, qb) = (-32.0 + 24.0 * a - 36.0 * b, 48.0 - 36.0 * a + 54.0 * b);
    [
        [1.0 + u * u * p, du, du],
        [30.0 + v * v * q, 4.0 * v * q + v * v * qa, -6.0 * v * q + v * v * qb],
    ]
}

fn value(x: &[f64]) -> f64 {
    let [f, g] = factors(x);
    f[0] * g[0]
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let [f, g] = factors(x);
    vec![f[1] * g[0] + f[0] * g[1], f[2] * g[0] + f[0] * g[2]]
}
