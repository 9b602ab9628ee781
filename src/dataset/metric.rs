//! What predictions are measured by, with intervals for a score on held-out rows.

use super::Table;
use crate::registry::Entry;
use crate::trial::Direction;

/// A measure of predicted probabilities (rows × classes, row-major) against the classes of a table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Which scores are better.
    pub direction: Direction,
    /// The score.
    pub score: fn(&Table, &[f64]) -> f64,
    /// The ends of a 95 % interval of the score on as many new rows.
    pub interval: fn(&Table, &[f64]) -> (f64, f64),
}

/// Every metric.
pub static METRICS: &[Entry<Metric>] = &[
    Entry {
        id: "accuracy",
        title: "Accuracy",
        about: "Share of rows whose most probable class is the true one; of equally probable classes the first is taken. Its 95 % \
                interval is Wilson's.",
        formula: "correct / rows",
        paper: "Interval: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.",
        settings: &[],
        build: Metric {
            direction: Direction::Maximize,
            score: accuracy,
            interval: |table, p| wilson(correct(table, p), table.rows()),
        },
    },
    Entry {
        id: "logloss",
        title: "Log loss",
        about: "How surprised the predicted probabilities are by the true classes: it punishes confident mistakes. Probabilities are \
                clipped to [2.2e-16, 1 - 2.2e-16]. Its 95 % interval is the normal one of a mean over rows.",
        formula: "mean of -ln p(true class)",
        paper: "I. J. Good (1952), Rational decisions, J. Royal Statistical Society B 14, 107-114.",
        settings: &[],
        build: Metric {
            direction: Direction::Minimize,
            score: log_loss,
            interval: log_loss_interval,
        },
    },
];

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

fn correct(table: &Table, probabilities: &[f64]) -> usize {
    let rows = probabilities.chunks_exact(table.classes()).zip(table.y());
    rows.filter(|(p, class)| {
        let best = (1..p.len()).fold(0, |best, k| if p[k] > p[best] { k } else { best });
        best == **class as usize
    })
    .count()
}

fn accuracy(table: &Table, probabilities: &[f64]) -> f64 {
    // A model that went astray must not pass for one that always says the first class.
    if probabilities.iter().any(|p| p.is_nan()) {
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

fn losses<'a>(table: &'a Table, probabilities: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let rows = probabilities.chunks_exact(table.classes()).zip(table.y());
    // `clamp` keeps NaN.
    rows.map(|(p, &class)| -libm::log(p[class as usize].clamp(f64::EPSILON, 1.0 - f64::EPSILON)))
}

fn log_loss(table: &Table, probabilities: &[f64]) -> f64 {
    losses(table, probabilities).sum::<f64>() / table.rows() as f64
}

fn log_loss_interval(table: &Table, probabilities: &[f64]) -> (f64, f64) {
    let n = table.rows() as f64;
    let mean = log_loss(table, probabilities);
    if table.rows() < 2 {
        return (0.0, f64::MAX);
    }
    let squares: f64 = losses(table, probabilities).map(|l| (l - mean) * (l - mean)).sum();
    let half = Z * libm::sqrt(squares / (n - 1.0) / n);
    ((mean - half).max(0.0), mean + half)
}
