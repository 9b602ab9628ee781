//! How likely a point is not to fail, learned from the trials that did.

use super::belief;
use super::grounds::Grounds;
use super::judge::Factor;
use crate::math::normal::{inverse_mills, log_cdf};
use crate::surrogate::gp::Gp;

/// The probability that x fails at most one time in four, Φ((¼ − μ(x)) / √(σ²(x) + s²)), for a Gaussian process on 0 and 1 of which 1 is a
/// failure (least-squares classification; Rasmussen & Williams 2006, section 6.5). Asked for no more than one success in two, a search whose
/// best lies on the border of a failing region spends nearly all its trials just beyond it. Chance failures, the same everywhere, change
/// little; failures that a region explains close in on its border. s keeps every point open: nothing falls below some e⁻⁶⁰, and where
/// little is known the variance is large.
pub(super) struct Feasibility {
    gp: Gp,
    /// ¼ in the process's unit.
    limit: f64,
}

/// How often a point may fail.
const LIMIT: f64 = 0.25;
/// s², in the variance of the zeros and ones.
const OPEN: f64 = 0.01;

impl Feasibility {
    /// Learns from inputs that `succeeded` and that `failed`. `None` if all did or none did: then nothing tells good from bad.
    pub(super) fn of(succeeded: &[Vec<f64>], failed: &[Vec<f64>], grounds: &Grounds) -> Option<Feasibility> {
        if succeeded.is_empty() || failed.is_empty() {
            return None;
        }
        // Of many, the newest of both kinds.
        let most = (belief::BESIDE / 2).max(belief::BESIDE.saturating_sub(succeeded.len()));
        let failed = &failed[failed.len().saturating_sub(most)..];
        let most = belief::BESIDE.saturating_sub(failed.len());
        let succeeded = &succeeded[succeeded.len().saturating_sub(most)..];
        let n = (succeeded.len() + failed.len()) as f64;
        let share = failed.len() as f64 / n;
        let sd = libm::sqrt(share * (1.0 - share));
        let x: Vec<Vec<f64>> = succeeded.iter().chain(failed).cloned().collect();
        let y: Vec<f64> = (0..x.len())
            .map(|i| (f64::from(u8::from(i >= succeeded.len())) - share) / sd)
            .collect();
        Some(Feasibility {
            gp: belief::plain(&x, &y, grounds).ok()?,
            limit: (LIMIT - share) / sd,
        })
    }

    fn z(&self, mean: f64, variance: f64) -> f64 {
        (self.limit - mean) / libm::sqrt(variance + OPEN)
    }
}

impl Factor for Feasibility {
    fn name(&self) -> &'static str {
        "feasibility"
    }

    fn logs(&self, inputs: &[Vec<f64>]) -> Vec<f64> {
        let all = self.gp.posterior_batch(inputs).into_iter();
        all.map(|(mean, variance)| log_cdf(self.z(mean, variance))).collect()
    }

    fn add_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64 {
        let at = self.gp.posterior_gradient(input);
        let z = self.z(at.mean, at.variance);
        let square = at.variance + OPEN;
        let slope = inverse_mills(z);
        for (d, slot) in gradient.iter_mut().enumerate() {
            *slot -= slope * (at.mean_gradient[d] / libm::sqrt(square) + 0.5 * z * at.variance_gradient[d] / square);
        }
        log_cdf(z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::space;

    #[test]
    fn of_many_trials_both_kinds_are_kept() {
        let grounds = Grounds::new(&space(&[("x", "0.0..1.0")]));
        let at =
            |from: f64, n: usize| -> Vec<Vec<f64>> { (0..n).map(|i| vec![from + 0.4 * i as f64 / n as f64]).collect() };
        for (good, bad) in [(3, 2000), (2000, 3), (900, 900)] {
            let (good, bad) = (at(0.0, good), at(0.6, bad));
            let learned = Feasibility::of(&good, &bad, &grounds).expect("both kinds");
            let newest = [good.last(), bad.last()].map(|x| x.expect("some").clone());
            let p = learned.logs(&newest);
            assert!(
                p[0] > -0.5 && p[1] < -1.0,
                "{} good, {} bad: {p:?}",
                good.len(),
                bad.len()
            );
        }
        assert!(Feasibility::of(&at(0.0, 5), &[], &grounds).is_none());
        assert!(Feasibility::of(&[], &at(0.0, 5), &grounds).is_none());
    }
}
