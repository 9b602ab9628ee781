//! Share of correct rows.

use super::{Metric, Z, astray, predicted};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "accuracy",
    title: "Accuracy",
    about: "Share of rows whose most probable class is the true one; of equally probable classes the first is taken. Its 95 % \
            interval is Wilson's.",
    formula: "correct / rows",
    paper: "Interval: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.",
    settings: &[],
    build: Metric {
        direction: Direction::Maximize,
        classes: 1,
        bounds: (Some(0.0), Some(1.0)),
        score: accuracy,
        interval: |table, p| wilson(correct(table, p), table.rows()),
    },
};

fn correct(table: &Table, probabilities: &[f64]) -> usize {
    let rows = predicted(table, probabilities).zip(table.y());
    rows.filter(|(best, class)| best == *class).count()
}

fn accuracy(table: &Table, probabilities: &[f64]) -> f64 {
    if astray(probabilities) {
        return f64::NAN;
    }
    correct(table, probabilities) as f64 / table.rows() as f64
}

/// Wilson's 95 % score interval for `successes` of `n`.
fn wilson(successes: usize, n: usize) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (n as f64, successes as f64 / n as f64);
    let z2 = Z * Z / n;
    let middle = share + z2 / 2.0;
    let half = Z * libm::sqrt((share * (1.0 - share) + z2 / 4.0) / n);
    // Exact at the ends, where rounding could step outside.
    let low = if successes == 0 {
        0.0
    } else {
        (middle - half) / (1.0 + z2)
    };
    let high = if share == 1.0 {
        1.0
    } else {
        (middle + half) / (1.0 + z2)
    };
    (low, high)
}
