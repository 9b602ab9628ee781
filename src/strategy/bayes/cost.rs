//! What a trial is expected to cost, for acquisition functions that divide by it.

use super::belief;
use super::grounds::Grounds;
use super::judge::Factor;
use crate::surrogate::gp::Gp;
use crate::trial::History;

/// One by the cost: a Gaussian process on the logarithms of the costs told.
pub(super) struct Cost {
    gp: Gp,
    center: f64,
    spread: f64,
}

/// Fewer costs than this say nothing of their dependence on the parameters.
const FEWEST: usize = 3;

impl Cost {
    /// Learns from the trials at full fidelity whose cost is known and positive.
    ///
    /// # Errors
    /// If they are too few.
    pub(super) fn of(history: &History, grounds: &Grounds) -> Result<Cost, String> {
        let known = history.scored().filter(|(job, _)| job.fidelity >= 1.0);
        let known = known.filter_map(|(job, score)| Some((grounds.input(&job.config), score.cost?)));
        let (x, logs): (Vec<Vec<f64>>, Vec<f64>) = known
            .filter(|(_, cost)| *cost > 0.0 && cost.is_finite())
            .map(|(input, cost)| (input, libm::log(cost)))
            .unzip();
        if x.len() < FEWEST {
            return Err(format!(
                "Only {} trials have told a cost, so costs play no part yet: it is plain log expected improvement.",
                x.len()
            ));
        }
        let n = x.len() as f64;
        let center = logs.iter().sum::<f64>() / n;
        let variance = logs.iter().map(|l| (l - center) * (l - center)).sum::<f64>() / n;
        let spread = libm::sqrt(variance).max(1e-9);
        let y: Vec<f64> = logs.iter().map(|l| (l - center) / spread).collect();
        Ok(Cost {
            gp: belief::plain(&x, &y, grounds)?,
            center,
            spread,
        })
    }
}

impl Factor for Cost {
    fn name(&self) -> &'static str {
        "per cost"
    }

    fn logs(&self, inputs: &[Vec<f64>]) -> Vec<f64> {
        let all = self.gp.posterior_batch(inputs).into_iter();
        all.map(|(mean, _)| -(self.center + self.spread * mean)).collect()
    }

    fn add_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64 {
        let at = self.gp.posterior_gradient(input);
        for (slot, slope) in gradient.iter_mut().zip(&at.mean_gradient) {
            *slot -= self.spread * slope;
        }
        -(self.center + self.spread * at.mean)
    }
}
