//! Styblinski and Tang's function.

use super::{Arguments, Function};
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "styblinski-tang",
    title: "Styblinski–Tang",
    about: "Every argument for itself has two dents, one a little deeper: 2^d minima in all, and strategies that look at arguments one by one shine.",
    formula: "Σ(x⁴ − 16x² + 5x)/2",
    paper: "M. A. Styblinski, T.-S. Tang (1990), Experiments in nonconvex optimization, Neural Networks 3, 467-483.",
    settings: super::SIZED,
    build: Function {
        arguments: Arguments::Any { low: -5.0, high: 5.0 },
        value,
        gradient,
        minimizers: |d| vec![vec![-2.903_534_027_771_177; d]],
        minimum: |d| -39.166_165_703_771_42 * d as f64,
        low: None,
    },
};

fn value(x: &[f64]) -> f64 {
    x.iter().map(|v| (v * v * v * v - 16.0 * v * v + 5.0 * v) / 2.0).sum()
}

fn gradient(x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| 2.0 * v * v * v - 16.0 * v + 2.5).collect()
}
