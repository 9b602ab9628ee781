//! Precision and recall in one number.

use super::{Metric, astray, bootstrap, predicted};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "f1",
    title: "Macro F1",
    about: "The harmonic mean of precision and recall of each class, averaged over the classes that occur among the true or the predicted \
            ones; a class that is never right counts 0. Its 95 % interval is a normal one by the bootstrap.",
    formula: "mean over classes of 2·tp / (2·tp + fp + fn)",
    paper: "C. J. van Rijsbergen (1979), Information Retrieval.",
    settings: &[],
    build: Metric {
        direction: Direction::Maximize,
        classes: 1,
        bounds: (Some(0.0), Some(1.0)),
        score: f1,
        interval: |table, p| bootstrap(table, p, f1),
    },
};

fn f1(table: &Table, probabilities: &[f64]) -> f64 {
    if astray(probabilities) {
        return f64::NAN;
    }
    // True positives, and how often a class is true or predicted.
    let mut counts = vec![(0.0, 0.0); table.classes()];
    for (best, &class) in predicted(table, probabilities).zip(table.y()) {
        counts[best as usize].1 += 1.0;
        counts[class as usize].1 += 1.0;
        counts[class as usize].0 += if best == class { 1.0 } else { 0.0 };
    }
    counts.retain(|(_, said)| *said > 0.0);
    counts.iter().map(|(right, said)| 2.0 * right / said).sum::<f64>() / counts.len() as f64
}
