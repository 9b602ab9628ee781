//! Hartmann's function of six arguments.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "hartmann6",
    title: "Hartmann (6-D)",
    about: "Four wells in six dimensions, the deepest narrow: large enough that a grid is hopeless, smooth enough that a Gaussian process is at home.",
    formula: "−Σᵢ αᵢ exp(−Σⱼ Aᵢⱼ (xⱼ − Pᵢⱼ)²)",
    paper: "L. C. W. Dixon, G. P. Szegő (1978), The global optimization problem: an introduction, Towards Global Optimisation 2.",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Named(&[
            ("x1", 0.0, 1.0),
            ("x2", 0.0, 1.0),
            ("x3", 0.0, 1.0),
            ("x4", 0.0, 1.0),
            ("x5", 0.0, 1.0),
            ("x6", 0.0, 1.0),
        ]),
        value,
        gradient,
        minimizers: |_| vec![MINIMIZER.to_vec()],
        minimum: |_| -3.322_368_011_415_515,
        low: None,
    },
};

const MINIMIZER: [f64; 6] = [
    0.201_689_5,
    0.150_010_7,
    0.476_874,
    0.275_332_4,
    0.311_651_6,
    0.657_300_5,
];

const ALPHA: [f64; 4] = [1.0, 1.2, 3.0, 3.2];

const A: [[f64; 6]; 4] = [
    [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
    [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
    [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
    [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
];

/// In ten thousandths.
const P: [[f64; 6]; 4] = [
    [1312.0, 1696.0, 5569.0, 124.0, 8283.0, 5886.0],
    [2329.0, 4135.0, 8307.0, 3736.0, 1004.0, 9991.0],
    [2348.0, 1451.0, 3522.0, 2883.0, 3047.0, 6650.0],
    [4047.0, 8828.0, 8732.0, 5743.0, 1091.0, 381.0],
];

fn well(i: usize, x: &[f64]) -> f64 {
    let term = |j: usize| A[i][j] * (x[j] - 1e-4 * P[i][j]) * (x[j] - 1e-4 * P[i][j]);
    ALPHA[i] * libm::exp(-(0..6).map(term).sum::<f64>())
}

fn value(x: &[f64]) -> f64 {
    -(0..4).map(|i| well(i, x)).sum::<f64>()
}

fn gradient(x: &[f64]) -> Vec<f64> {
    let slope = |j: usize| {
        (0..4)
            .map(|i| 2.0 * A[i][j] * (x[j] - 1e-4 * P[i][j]) * well(i, x))
            .sum()
    };
    (0..6).map(slope).collect()
}
