//! Accuracy with every class counting the same.

use super::{Metric, astray, bootstrap, predicted};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "balanced",
    title: "Balanced accuracy",
    about: "The share of each class's rows that are found, averaged over the classes: always saying the most frequent class gains nothing. \
            A class without rows is left out. Its 95 % interval is a normal one by the bootstrap.",
    formula: "mean over classes of correct / rows of the class",
    paper: "K. H. Brodersen et al. (2010), The balanced accuracy and its posterior distribution, ICPR.",
    settings: &[],
    build: Metric {
        direction: Direction::Maximize,
        classes: 1,
        bounds: (Some(0.0), Some(1.0)),
        score: balanced,
        interval: |table, p| bootstrap(table, p, balanced),
    },
};

fn balanced(table: &Table, probabilities: &[f64]) -> f64 {
    if astray(probabilities) {
        return f64::NAN;
    }
    let mut counts = vec![(0.0, 0.0); table.classes()];
    for (best, &class) in predicted(table, probabilities).zip(table.y()) {
        let (found, rows) = &mut counts[class as usize];
        *rows += 1.0;
        *found += if best == class { 1.0 } else { 0.0 };
    }
    counts.retain(|(_, rows)| *rows > 0.0);
    counts.iter().map(|(found, rows)| found / rows).sum::<f64>() / counts.len() as f64
}
