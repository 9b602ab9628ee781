//! How well the probabilities rank.

use super::{Metric, astray, bootstrap};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "auc",
    title: "ROC AUC",
    about: "The probability that a row of a class is given more of it than a row of another class, ties counting half; of more than two \
            classes the mean over each against the rest. Only the ranking counts, not the probabilities themselves. A class that has no row \
            or all rows is left out; rows of a single class have no such score. Its 95 % interval is a normal one by the bootstrap.",
    formula: "mean over classes k of P(p(k | x) > p(k | x′)), x of class k, x′ of another",
    paper: "J. A. Hanley, B. J. McNeil (1982), The meaning and use of the area under a ROC curve, Radiology 143, 29-36.",
    settings: &[],
    build: Metric {
        direction: Direction::Maximize,
        classes: 2,
        bounds: (Some(0.0), Some(1.0)),
        score: auc,
        interval: |table, p| bootstrap(table, p, auc),
    },
};

fn auc(table: &Table, probabilities: &[f64]) -> f64 {
    if astray(probabilities) {
        return f64::NAN;
    }
    let areas: Vec<f64> = (0..table.classes())
        .filter_map(|class| area(table, probabilities, class))
        .collect();
    areas.iter().sum::<f64>() / areas.len() as f64
}

/// The area of one class against the rest, by the sum of the ranks of its rows; `None` if it has none or all.
fn area(table: &Table, probabilities: &[f64], class: usize) -> Option<f64> {
    let mut rows: Vec<(f64, bool)> = probabilities
        .chunks_exact(table.classes())
        .zip(table.y())
        .map(|(p, &y)| (p[class], y as usize == class))
        .collect();
    let positives = rows.iter().filter(|row| row.1).count() as f64;
    let negatives = rows.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut ranks, mut before) = (0.0, 0.0);
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let n = tied.len() as f64;
        // Tied rows share the middle of their ranks.
        let rank = before + (n + 1.0) / 2.0;
        ranks += rank * tied.iter().filter(|row| row.1).count() as f64;
        before += n;
    }
    Some((ranks - positives * (positives + 1.0) / 2.0) / (positives * negatives))
}
