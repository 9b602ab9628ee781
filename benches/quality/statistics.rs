//! Quantiles, ranks, and two tests.

use tunescape::math::normal::cdf;
use tunescape::seed::{Seed, below, uniform};

/// Resamples of a bootstrap.
const RESAMPLES: usize = 4000;

/// The `q`-quantile, linearly between order statistics.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = q * (sorted.len() - 1) as f64;
    let (low, share) = (place as usize, place - libm::floor(place));
    sorted[low] + share * (sorted[(low + 1).min(sorted.len() - 1)] - sorted[low])
}

/// A sample of regrets: our own, or what is known of another's.
#[derive(Clone, Debug)]
pub enum Sample {
    /// One value a seed.
    Own(Vec<f64>),
    /// Number of seeds, first quartile, median, third quartile.
    Known(usize, [f64; 3]),
}

impl Sample {
    pub fn quartiles(&self) -> [f64; 3] {
        match self {
            Sample::Own(values) => [0.25, 0.5, 0.75].map(|q| quantile(values, q)),
            Sample::Known(_, quartiles) => *quartiles,
        }
    }

    pub fn median(&self) -> f64 {
        self.quartiles()[1]
    }

    pub fn seeds(&self) -> usize {
        match self {
            Sample::Own(values) => values.len(),
            Sample::Known(seeds, _) => *seeds,
        }
    }

    /// The median of a sample of the same size drawn again. Of another optimizer only quartiles are known: its values are drawn from
    /// the distribution whose quantiles lie on straight lines through them, the outer quarters as wide as the inner ones (not below 0).
    /// The outer quarters have next to no weight in a median.
    fn median_again(&self, rng: &mut impl rand::Rng) -> f64 {
        let again: Vec<f64> = match self {
            Sample::Own(values) => values
                .iter()
                .map(|_| values[below(rng, values.len() as u64) as usize])
                .collect(),
            Sample::Known(seeds, [low, middle, high]) => (0..*seeds)
                .map(|_| {
                    let place = 4.0 * (uniform(rng) - 0.5);
                    let side = if place < 0.0 { middle - low } else { high - middle };
                    (middle + place * side).max(0.0)
                })
                .collect(),
        };
        quantile(&again, 0.5)
    }
}

/// The upper 95 % bound of median(a) − median(b), and the share of resamples in which it is positive (half of those in which it is 0).
pub fn bootstrap(a: &Sample, b: &Sample) -> (f64, f64) {
    let mut rng = Seed(1).derive("bootstrap", 0).fast_rng();
    let differences: Vec<f64> = (0..RESAMPLES)
        .map(|_| a.median_again(&mut rng) - b.median_again(&mut rng))
        .collect();
    let share = |holds: fn(f64) -> bool| differences.iter().filter(|d| holds(**d)).count() as f64 / RESAMPLES as f64;
    (
        quantile(&differences, 0.95),
        share(|d| d > 0.0) + 0.5 * share(|d| d == 0.0),
    )
}

/// One-sided p of "the values of `a` are not larger than those of `b`": Mann & Whitney 1947, by the normal approximation with ties.
pub fn larger(a: &[f64], b: &[f64]) -> f64 {
    let pooled: Vec<f64> = a.iter().chain(b).copied().collect();
    let ranks = ranks(&pooled);
    let (n, m) = (a.len() as f64, b.len() as f64);
    let statistic = ranks[..a.len()].iter().sum::<f64>() - n * (n + 1.0) / 2.0;
    let mean_rank = (n + m + 1.0) / 2.0;
    // The variance of the ranks as they are, which accounts for ties.
    let spread: f64 = ranks.iter().map(|r| (r - mean_rank) * (r - mean_rank)).sum();
    let sd = libm::sqrt(n * m * spread / ((n + m) * (n + m - 1.0)));
    if sd == 0.0 {
        1.0
    } else {
        cdf(-(statistic - n * m / 2.0 - 0.5) / sd)
    }
}

/// Ranks from 1, the mean of their ranks for equal values.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let count = |holds: &dyn Fn(f64) -> bool| values.iter().filter(|v| holds(**v)).count() as f64;
    values
        .iter()
        .map(|v| count(&|w| w < *v) + (count(&|w| w == *v) + 1.0) / 2.0)
        .collect()
}
