//! The knowledge gradient over a list of alternatives.

use super::log_ei::log_expected_improvement;
use super::{Acquisition, Build, Needs};
use crate::math::normal::{cdf, pdf};
use crate::order;
use crate::registry::Entry;

/// How much lower the lowest posterior mean is expected to be after one more trial.
struct KnowledgeGradient;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "kg",
    title: "Knowledge gradient",
    about: "How much better the best prediction is expected to become by a trial, wherever that best then lies: under noise a trial may be \
            worth its cost for what it says about other points. The points that count are the best ones tried and the point itself.",
    formula: "KG(x) = minᵢ μ(xᵢ) − E[ minᵢ (μ(xᵢ) + b(xᵢ) Z) ],  b(xᵢ) = cov(f(xᵢ), f(x)) / √(σ²(x) + σ²_noise),  Z ~ N(0, 1)",
    paper: "Frazier, Powell & Dayanik 2009, The Knowledge-Gradient Policy for Correlated Normal Beliefs",
    settings: &[],
    build: |_| Box::new(KnowledgeGradient),
};

/// Against one alternative of known value, it is expected improvement: what it is without covariances.
impl Acquisition for KnowledgeGradient {
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        log_expected_improvement(mean, sd, target)
    }

    fn value(&self, utility: f64) -> f64 {
        libm::exp(utility)
    }

    fn needs(&self) -> Needs {
        Needs::Covariances
    }
}

/// A knowledge gradient with its derivatives by each alternative's mean and slope.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    /// minᵢ aᵢ − E[minᵢ (aᵢ + bᵢ Z)], never negative.
    pub value: f64,
    /// By each aᵢ.
    pub by_mean: Vec<f64>,
    /// By each bᵢ.
    pub by_slope: Vec<f64>,
}

/// The knowledge gradient of alternatives with means `a`, whose posterior means will move by `b` times a standard normal number.
///
/// The lower envelope of the lines aᵢ + bᵢ z is found by going through them in the order of their slopes; line i is lowest on an interval
/// [lᵢ, uᵢ], where its expectation is aᵢ (Φ(uᵢ) − Φ(lᵢ)) − bᵢ (φ(uᵢ) − φ(lᵢ)).
pub fn knowledge_gradient(a: &[f64], b: &[f64]) -> Knowledge {
    let n = a.len().min(b.len());
    let mut none = Knowledge {
        value: 0.0,
        by_mean: vec![0.0; n],
        by_slope: vec![0.0; n],
    };
    let Some(best) = (0..n).min_by(|i, j| a[*i].total_cmp(&a[*j])) else {
        return none;
    };
    // From the steepest rise, lowest at z = −∞, to the steepest fall; of parallel lines the lowest.
    let mut order: Vec<usize> = (0..n).collect();
    order::sort_by(&mut order, |i, j| b[*j].total_cmp(&b[*i]).then(a[*i].total_cmp(&a[*j])));
    order.dedup_by(|later, kept| b[*later] == b[*kept]);
    // Lines of the envelope, each with the z from which on it is lowest.
    let mut envelope: Vec<(usize, f64)> = Vec::new();
    for i in order {
        let mut from = f64::NEG_INFINITY;
        while let Some(&(top, since)) = envelope.last() {
            from = (a[i] - a[top]) / (b[top] - b[i]);
            if from > since {
                break;
            }
            envelope.pop();
            from = f64::NEG_INFINITY;
        }
        envelope.push((i, from));
    }
    let tails = |z: f64| if z.is_infinite() { 0.0 } else { pdf(z) };
    for (k, &(i, from)) in envelope.iter().enumerate() {
        let to = envelope.get(k + 1).map_or(f64::INFINITY, |next| next.1);
        let share = cdf(to) - cdf(from);
        none.by_mean[i] = -share;
        none.by_slope[i] = tails(to) - tails(from);
    }
    none.by_mean[best] += 1.0;
    // Crossing by crossing, each a gain of (difference of slopes) · h(−|z|): sums of positive numbers, without cancellation.
    let gain = |w: &[(usize, f64)]| {
        let z = -libm::fabs(w[1].1);
        (b[w[0].0] - b[w[1].0]) * libm::exp(crate::math::normal::log_h(z).0)
    };
    none.value = envelope.windows(2).map(gain).sum();
    none
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, normal};

    /// Means and slopes of some alternatives.
    fn cases() -> Vec<(Vec<f64>, Vec<f64>)> {
        let mut rng = Seed(4).rng();
        let mut cases = vec![
            (vec![0.0, 1.0], vec![0.5, -0.5]),
            (vec![0.3, 0.3, 0.3], vec![0.0, 0.2, -0.4]),
            (vec![-1.0, 2.0, 0.0], vec![0.1, 0.1, 0.1]),
        ];
        for n in [3, 8, 20] {
            let mut draw = || (0..n).map(|_| normal(&mut rng)).collect();
            cases.push((draw(), draw()));
        }
        cases
    }

    #[test]
    fn agrees_with_monte_carlo_and_its_derivatives_with_differences() {
        let mut rng = Seed(5).rng();
        let draws: Vec<f64> = (0..100_000).map(|_| normal(&mut rng)).collect();
        for (a, b) in cases() {
            let lowest = |z: f64| a.iter().zip(&b).map(|(a, b)| a + b * z).fold(f64::INFINITY, f64::min);
            let expected = lowest(0.0) - draws.iter().map(|z| lowest(*z)).sum::<f64>() / draws.len() as f64;
            let found = knowledge_gradient(&a, &b);
            assert!(
                (found.value - expected).abs() < 0.02,
                "{a:?} {b:?}: {found:?} {expected}"
            );
            for i in 0..a.len() {
                let moved = |by_a: f64, by_b: f64| {
                    let (mut a, mut b) = (a.clone(), b.clone());
                    a[i] += by_a;
                    b[i] += by_b;
                    knowledge_gradient(&a, &b).value
                };
                let step = 1e-6;
                // Where two alternatives are equally good or parallel, there is a kink and nothing to compare.
                let kink = (0..a.len()).any(|j| j != i && (a[i] == a[j] || b[i] == b[j]));
                if !kink {
                    let numeric = (moved(step, 0.0) - moved(-step, 0.0)) / (2.0 * step);
                    assert!(
                        (found.by_mean[i] - numeric).abs() < 1e-4,
                        "{a:?} {b:?} mean {i}: {numeric} {found:?}"
                    );
                    let numeric = (moved(0.0, step) - moved(0.0, -step)) / (2.0 * step);
                    assert!(
                        (found.by_slope[i] - numeric).abs() < 1e-4,
                        "{a:?} {b:?} slope {i}: {numeric} {found:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_is_gained_where_no_mean_can_overtake() {
        assert_eq!(knowledge_gradient(&[0.0, 1.0], &[0.3, 0.3]).value, 0.0);
        assert_eq!(knowledge_gradient(&[], &[]).value, 0.0);
        assert!(knowledge_gradient(&[0.0, 30.0], &[0.0, 1.0]).value >= 0.0);
    }
}
