//! What predictions are measured by, with intervals for a score on held-out rows. One file a metric.

mod accuracy;
mod auc;
mod balanced;
mod brier;
mod f1;
mod log_loss;

use super::Table;
use crate::registry::Entry;
use crate::seed::{Seed, below};
use crate::trial::Direction;

/// A measure of predicted probabilities (rows × classes, row-major) against the classes of a table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Which scores are better.
    pub direction: Direction,
    /// How many classes must be among the rows, at least.
    pub classes: usize,
    /// The least and the greatest score there can be.
    pub bounds: (Option<f64>, Option<f64>),
    /// The score; NaN if a probability is, or if these rows have no such score.
    pub score: fn(&Table, &[f64]) -> f64,
    /// The ends of a 95 % interval of the score on as many new rows.
    pub interval: fn(&Table, &[f64]) -> (f64, f64),
}

/// Every metric.
pub static METRICS: &[Entry<Metric>] = &[
    accuracy::ENTRY,
    log_loss::ENTRY,
    balanced::ENTRY,
    f1::ENTRY,
    auc::ENTRY,
    brier::ENTRY,
];

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Resamples of the bootstrap: the standard deviation is known within 5 %.
const RESAMPLES: u64 = 200;

/// Whether a model gave no probabilities: it must not pass for one that always says the first class.
fn astray(probabilities: &[f64]) -> bool {
    probabilities.iter().any(|p| p.is_nan())
}

/// The most probable class of each row, the first of equals.
fn predicted<'a>(table: &Table, probabilities: &'a [f64]) -> impl Iterator<Item = u32> + 'a {
    let rows = probabilities.chunks_exact(table.classes());
    rows.map(|p| (1..p.len()).fold(0, |best, k| if p[k] > p[best] { k } else { best }) as u32)
}

/// The mean of a measure of single rows.
fn row_mean(rows: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = rows.fold((0.0, 0.0), |(sum, n), row| (sum + row, n + 1.0));
    sum / n
}

/// The normal interval of a mean over rows of a measure that is at least 0.
fn row_mean_interval(rows: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let mean = row_mean(rows.clone());
    let (squares, n) = rows.fold((0.0, 0.0), |(sum, n), row| (sum + (row - mean) * (row - mean), n + 1.0));
    if n < 2.0 {
        return (0.0, f64::MAX);
    }
    let half = Z * libm::sqrt(squares / (n - 1.0) / n);
    ((mean - half).max(0.0), mean + half)
}

/// The normal interval of a score in [0, 1] whose standard deviation is that over resampled rows (Efron 1979).
fn bootstrap(table: &Table, probabilities: &[f64], score: fn(&Table, &[f64]) -> f64) -> (f64, f64) {
    let (n, classes) = (table.rows(), table.classes());
    let resampled = |i: u64| {
        let mut rng = Seed(0).derive("bootstrap", i).fast_rng();
        let rows: Vec<usize> = (0..n).map(|_| below(&mut rng, n as u64) as usize).collect();
        let y = rows.iter().map(|&row| table.y()[row]).collect();
        let p: Vec<f64> = rows
            .iter()
            .flat_map(|&row| &probabilities[row * classes..][..classes])
            .copied()
            .collect();
        // A metric looks at classes only.
        let table = Table::new(vec![0.0; n], y, 1, classes).ok()?;
        Some(score(&table, &p)).filter(|s| s.is_finite())
    };
    let scores: Vec<f64> = (0..RESAMPLES).filter_map(resampled).collect();
    if scores.len() < 2 {
        return (0.0, 1.0);
    }
    let mean = row_mean(scores.iter().copied());
    let squares: f64 = scores.iter().map(|s| (s - mean) * (s - mean)).sum();
    let half = Z * libm::sqrt(squares / (scores.len() - 1) as f64);
    let middle = score(table, probabilities);
    ((middle - half).max(0.0), (middle + half).min(1.0))
}
