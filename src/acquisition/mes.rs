//! Max-value entropy search.

use super::{Acquisition, Build, Moment, Needs};
use crate::math::normal::{HALF_LN_2PI, cdf, erfcx, inverse_mills, log_cdf};
use crate::registry::Entry;

/// How much a look at f(x) tells of the minimum's value f*, over several values that f* may have.
struct Mes {
    /// Equally likely values of f*; without any, the incumbent.
    minima: Vec<f64>,
}

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "mes",
    title: "Max-value entropy search",
    about: "How much a trial is expected to tell about the best value there is, in nats: it looks where the answer would settle \
            most, which need not be where the answer would be best.",
    formula: "MES(x) = mean over f* of  γ φ(γ) / 2Φ(γ) − ln Φ(γ),  γ = (μ(x) − f*) / σ(x)",
    paper: "Wang & Jegelka 2017, Max-value Entropy Search for Efficient Bayesian Optimization",
    settings: &[],
    build: |_| Box::new(Mes { minima: Vec::new() }),
};

/// Values of f* that are averaged over: evenly spaced quantiles rather than draws.
const VALUES: usize = 16;

impl Acquisition for Mes {
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        let single = [target];
        let minima = if self.minima.is_empty() {
            &single
        } else {
            &self.minima[..]
        };
        let terms: Vec<(f64, f64, f64)> = minima
            .iter()
            .map(|minimum| {
                let gamma = (mean - minimum) / sd;
                let (value, slope) = log_information(gamma);
                (value, slope / sd, -slope * gamma / sd)
            })
            .collect();
        let top = terms.iter().fold(f64::NEG_INFINITY, |m, t| m.max(t.0));
        let (mut sum, mut by_mean, mut by_sd) = (0.0, 0.0, 0.0);
        for (value, m, s) in &terms {
            let weight = libm::exp(value - top);
            sum += weight;
            by_mean += weight * m;
            by_sd += weight * s;
        }
        (top + libm::log(sum / terms.len() as f64), by_mean / sum, by_sd / sum)
    }

    fn value(&self, utility: f64) -> f64 {
        libm::exp(utility)
    }

    fn needs(&self) -> Needs {
        Needs::Spread
    }

    fn at(&self, moment: &Moment) -> Option<Box<dyn Acquisition>> {
        Some(Box::new(Mes {
            minima: minima(moment.spread),
        }))
    }
}

/// ln (γ φ(γ) / 2Φ(γ) − ln Φ(γ)) and its derivative by γ. With r = φ/Φ, the derivative of what is in parentheses is −½ r (1 + γ² + γ r).
fn log_information(gamma: f64) -> (f64, f64) {
    if gamma > 8.0 {
        // Φ is 1 and −ln Φ is Φ(−γ) = φ(γ) R, R being Mills' ratio: φ can be taken out.
        let mills = 1.253_314_137_315_500_3 * erfcx(gamma / std::f64::consts::SQRT_2);
        let inner = 0.5 * gamma + mills;
        let slope = (0.5 + gamma * mills - 1.0) / inner;
        return (-0.5 * gamma * gamma - HALF_LN_2PI + libm::log(inner), slope - gamma);
    }
    let r = inverse_mills(gamma);
    let log = if gamma > 0.0 {
        libm::log1p(-cdf(-gamma))
    } else {
        log_cdf(gamma)
    };
    let information = 0.5 * gamma * r - log;
    let slope = -0.5 * r * (1.0 + gamma * (gamma + r));
    (libm::log(information), slope / information)
}

/// Quantiles of the minimum of a function with these means and sds at points of its space, taken as independent: a Gumbel distribution
/// with the same quartiles, as in the paper.
fn minima(spread: &[(f64, f64)]) -> Vec<f64> {
    // ln P(f* > y)
    let log_above = |y: f64| spread.iter().map(|(mean, sd)| log_cdf((mean - y) / sd)).sum::<f64>();
    let low = spread.iter().map(|(m, s)| m - 8.0 * s).fold(f64::INFINITY, f64::min);
    let high = spread.iter().map(|(m, s)| m + 8.0 * s).fold(f64::INFINITY, f64::min);
    if !(low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    // The value below which f* lies with probability 1 − p.
    let exceeded = |p: f64| {
        let (mut a, mut b) = (low, high);
        for _ in 0..60 {
            let middle = 0.5 * (a + b);
            if log_above(middle) > libm::log(p) {
                a = middle
            } else {
                b = middle
            }
        }
        0.5 * (a + b)
    };
    let double = |p: f64| libm::log(-libm::log(p));
    let (q1, q2, q3) = (exceeded(0.75), exceeded(0.5), exceeded(0.25));
    // f* = a + b ln(−ln u) for uniform u, of which small f* belong to u near 1.
    let b = ((q3 - q1) / (double(0.25) - double(0.75))).max(1e-9);
    let a = q2 - b * double(0.5);
    (0..VALUES)
        .map(|i| a + b * double((i as f64 + 0.5) / VALUES as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::normal::pdf;
    use crate::seed::{Seed, normal};

    #[test]
    fn information_meets_itself_and_its_definition() {
        for gamma in [-30.0, -3.0, -0.5, 0.0, 0.7, 4.0, 7.9] {
            let direct = gamma * pdf(gamma) / (2.0 * cdf(gamma)) - libm::log(cdf(gamma));
            if gamma < 6.0 {
                assert!((log_information(gamma).0 - libm::log(direct)).abs() < 1e-6, "{gamma}");
            }
            let h = 1e-5;
            let numeric = (log_information(gamma + h).0 - log_information(gamma - h).0) / (2.0 * h);
            assert!((log_information(gamma).1 - numeric).abs() < 1e-4, "{gamma}");
        }
        let (below, above) = (log_information(8.0 - 1e-9), log_information(8.0 + 1e-9));
        assert!((below.0 - above.0).abs() < 1e-6 && (below.1 - above.1).abs() < 1e-6);
    }

    #[test]
    fn information_is_what_truncation_takes_from_the_entropy() {
        // H(N(0,1)) − H(N(0,1) given f ≥ f*), by Monte Carlo over the truncated density: E[ln p(f) − ln φ(f)] of it is −ln Φ(γ), and the
        // entropy of the rest is ½ ln 2π + ½ E[f²].
        let mut rng = Seed(3).rng();
        for floor in [-1.0, 0.3] {
            let kept: Vec<f64> = (0..200_000).map(|_| normal(&mut rng)).filter(|f| *f >= floor).collect();
            let square = kept.iter().map(|f| f * f).sum::<f64>() / kept.len() as f64;
            let share = kept.len() as f64 / 200_000.0;
            let entropy = HALF_LN_2PI + 0.5 * square + libm::log(share);
            let lost = HALF_LN_2PI + 0.5 - entropy;
            assert!((libm::exp(log_information(-floor).0) - lost).abs() < 0.01, "{floor}");
        }
    }

    #[test]
    fn minima_have_the_quartiles_of_the_smallest_value() {
        let spread: Vec<(f64, f64)> = (0..50)
            .map(|i| (f64::from(i) * 0.02, 0.3 + 0.01 * f64::from(i)))
            .collect();
        let mut rng = Seed(9).rng();
        let mut drawn: Vec<f64> = (0..4000)
            .map(|_| {
                spread
                    .iter()
                    .map(|(m, s)| m + s * normal(&mut rng))
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let mut values = minima(&spread);
        values.sort_unstable_by(f64::total_cmp);
        for (value, quantile) in [
            (values[3] + values[4], 0.25),
            (values[7] + values[8], 0.5),
            (values[11] + values[12], 0.75),
        ] {
            let expected = drawn[(quantile * 4000.0) as usize];
            assert!(
                (0.5 * value - expected).abs() < 0.05,
                "{quantile}: {} {expected}",
                0.5 * value
            );
        }
        assert_eq!(minima(&[]), Vec::<f64>::new());
    }
}
