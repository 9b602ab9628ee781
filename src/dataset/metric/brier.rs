//! Squared error of the predicted probabilities.

use super::{Metric, row_mean, row_mean_interval};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "brier",
    title: "Brier score",
    about: "Squared distance of the predicted probabilities from the truth, halved for two classes. It wants honest probabilities as the \
            log loss does, but one confident mistake costs at most 2. Its 95 % interval is the normal one of a mean over rows.",
    formula: "mean of Σₖ (p(k) − [true class is k])², halved for two classes",
    paper: "G. W. Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1-3.",
    settings: &[],
    build: Metric {
        direction: Direction::Minimize,
        classes: 1,
        bounds: (Some(0.0), Some(2.0)),
        score: |table, p| row_mean(errors(table, p)),
        interval: |table, p| row_mean_interval(errors(table, p)),
    },
};

fn errors<'a>(table: &'a Table, probabilities: &'a [f64]) -> impl Iterator<Item = f64> + Clone + 'a {
    let share = if table.classes() == 2 { 0.5 } else { 1.0 };
    let rows = probabilities.chunks_exact(table.classes()).zip(table.y());
    rows.map(move |(p, &class)| {
        let distance = |(k, &p): (usize, &f64)| {
            let truth = if k == class as usize { 1.0 } else { 0.0 };
            (p - truth) * (p - truth)
        };
        share * p.iter().enumerate().map(distance).sum::<f64>()
    })
}
