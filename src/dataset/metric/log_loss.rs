//! Surprise of the predicted probabilities.

use super::{Metric, row_mean, row_mean_interval};
use crate::dataset::Table;
use crate::registry::Entry;
use crate::trial::Direction;

pub(super) const ENTRY: Entry<Metric> = Entry {
    id: "logloss",
    title: "Log loss",
    about: "How surprised the predicted probabilities are by the true classes: it punishes confident mistakes. Probabilities are \
            clipped to [2.2e-16, 1 - 2.2e-16]. Its 95 % interval is the normal one of a mean over rows.",
    formula: "mean of -ln p(true class)",
    paper: "I. J. Good (1952), Rational decisions, J. Royal Statistical Society B 14, 107-114.",
    settings: &[],
    build: Metric {
        direction: Direction::Minimize,
        classes: 1,
        bounds: (Some(0.0), None),
        score: |table, p| row_mean(losses(table, p)),
        interval: |table, p| row_mean_interval(losses(table, p)),
    },
};

fn losses<'a>(table: &'a Table, probabilities: &'a [f64]) -> impl Iterator<Item = f64> + Clone + 'a {
    let rows = probabilities.chunks_exact(table.classes()).zip(table.y());
    // `clamp` keeps NaN.
    rows.map(|(p, &class)| -libm::log(p[class as usize].clamp(f64::EPSILON, 1.0 - f64::EPSILON)))
}
