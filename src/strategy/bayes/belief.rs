//! The fitted model together with what it is judged by: the incumbent and the acquisition function.

use super::data::{Data, Reading, Scale};
use super::grounds::Grounds;
use crate::acquisition::Acquisition;
use crate::surrogate::gp::{Gp, Hyperparameters, Matern52, Priors};
use std::sync::Arc;

/// What the strategy believes at one moment.
#[derive(Clone)]
pub(super) struct Belief {
    pub(super) gp: Gp,
    pub(super) scale: Scale,
    /// The incumbent: the lowest posterior mean at any point asked, in the model's unit.
    pub(super) target: f64,
    pub(super) acquisition: Arc<dyn Acquisition>,
}

/// Belief at one point, in the model's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) mean: f64,
    pub(super) sd: f64,
    pub(super) utility: f64,
}

static KERNEL: Matern52 = Matern52;

/// With more data than this, one good start is enough, and more would be slow.
const MANY: usize = 60;

/// Fits hyperparameters to the data.
///
/// # Errors
/// If the covariance stays singular.
pub(super) fn fit(data: &Data, grounds: &Grounds) -> Result<Gp, String> {
    let d = grounds.dim();
    let priors = Priors::default_for(d);
    let fresh = priors.start(d);
    // Short and noisy: where a fit goes that sees little structure.
    let rough = Hyperparameters {
        lengthscales: vec![0.2; d],
        noise: 0.1,
        ..fresh.clone()
    };
    let mut starts: Vec<Hyperparameters> = data.warm.iter().cloned().collect();
    if data.x.len() <= MANY || starts.is_empty() {
        starts.extend([fresh, rough]);
    } else if data.x.len().is_multiple_of(10) {
        starts.push(fresh);
    }
    Gp::fit(&grounds.axes, &KERNEL, &data.x, &data.y, &priors, &starts)
}

impl Belief {
    /// `gp`, fitted to the reading's data, with a fantasy for each pending trial.
    pub(super) fn new(gp: Gp, reading: &Reading, acquisition: &Arc<dyn Acquisition>) -> Belief {
        let mut belief = Belief {
            gp,
            scale: reading.scale,
            target: 0.0,
            acquisition: acquisition.clone(),
        };
        reading.pending.iter().for_each(|input| belief.fantasize(input));
        belief.aim();
        belief
    }

    /// Takes the posterior mean at `input` for its outcome (the kriging believer of Ginsbourger, Le Riche & Carraro 2010): the mean stays as it is
    /// everywhere, the uncertainty shrinks around the point, and the next choice goes elsewhere.
    fn fantasize(&mut self, input: &[f64]) {
        let (mean, _) = self.gp.posterior(input);
        // A point that is known exactly already teaches nothing.
        if let Ok(grown) = self.gp.observe(input, mean) {
            self.gp = grown;
        }
    }

    fn aim(&mut self) {
        let means = self
            .gp
            .posterior_batch(self.gp.points())
            .into_iter()
            .map(|(mean, _)| mean);
        self.target = means.fold(f64::INFINITY, f64::min);
    }

    /// This belief with one more pending trial.
    pub(super) fn with_pending(mut self, input: &[f64]) -> Belief {
        self.fantasize(input);
        self.aim();
        self
    }

    /// Belief at many points. A point's score does not depend on its company.
    pub(super) fn scores(&self, inputs: &[Vec<f64>]) -> Vec<Score> {
        let score = |(mean, variance): (f64, f64)| {
            let sd = libm::sqrt(variance);
            Score {
                mean,
                sd,
                utility: self.acquisition.utility(mean, sd, self.target).0,
            }
        };
        self.gp.posterior_batch(inputs).into_iter().map(score).collect()
    }

    /// The utility at a point and its gradient.
    pub(super) fn utility_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64 {
        let posterior = self.gp.posterior_gradient(input);
        let sd = libm::sqrt(posterior.variance);
        let (utility, by_mean, by_sd) = self.acquisition.utility(posterior.mean, sd, self.target);
        for (d, slot) in gradient.iter_mut().enumerate() {
            *slot = by_mean * posterior.mean_gradient[d] + by_sd * posterior.variance_gradient[d] / (2.0 * sd);
        }
        utility
    }

    /// The acquisition's own value for a score.
    pub(super) fn value(&self, score: Score) -> f64 {
        self.acquisition.value(score.mean, score.sd, self.target)
    }
}
