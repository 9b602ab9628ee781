//! Stop when the model's bound on what is left to gain is below the noise.

use super::{BuildStopping, Stopping};
use crate::context::Context;
use crate::math::sobol::Sobol;
use crate::mind::{Mind, Posterior};
use crate::order;
use crate::registry::{Entry, Setting, SettingKind, Settings, find};
use crate::seed::{Seed, normal};
use crate::space::{Config, Space, rounded};
use crate::strategy::{STRATEGIES, Strategy};
use crate::trial::{History, Score};
use std::sync::Arc;

/// The registry's entry.
pub(super) const ENTRY: Entry<BuildStopping> = Entry {
    id: "regret",
    title: "Regret bound",
    about: "Stops when a Gaussian process says that no more can be gained than the value of the best configuration is uncertain itself: \
            going on would fit the noise of cross-validation. The bound is the difference of an optimistic view of the whole space and a \
            pessimistic one of what was tried. Where values come without folds, the noise is the model's own.",
    formula: "stop when min over tried of (μ + √β σ) − min over all of (μ − √β σ) ≤ ε;  ε² = (1/k + 1/(k − 1)) s², s² the variance over k folds",
    paper: "Makarova, Shen, Perrone, Klein, Faddoul, Krause, Seeger & Archambeau 2022, Automatic termination for hyperparameter optimization, AutoML; Nadeau & Bengio 2003, Inference for the generalization error, Machine Learning 52",
    settings: &[
        Setting {
            id: "least",
            about: "Values at full effort before it may stop: a model of few is sure of what it has not seen.",
            kind: SettingKind::Int(2, 10_000),
            default: "20",
        },
        Setting {
            id: "delta",
            about: "δ, how likely the bound may be wrong: β = 2 log(d n² π²/6δ)/5, divided by five as in the paper.",
            kind: SettingKind::Float(1e-6, 0.5),
            default: "0.1",
        },
        Setting {
            id: "tolerance",
            about: "ε in the objective's own unit; 0 takes the noise.",
            kind: SettingKind::Float(0.0, 1e300),
            default: "0",
        },
    ],
    build: |space, settings, plan| {
        let entry = find(STRATEGIES, "bayes").ok_or("there is no model for a regret bound")?;
        Ok(Box::new(Regret {
            model: (entry.build)(space, &Settings::defaults(entry.settings), plan)?,
            space: space.clone(),
            seed: plan.seed.derive("regret", 0),
            least: settings.int("least") as usize,
            delta: settings.float("delta"),
            tolerance: settings.float("tolerance"),
            last: None,
        }))
    },
};

/// Points at which the optimistic view is looked up, and around the lowest of them again.
const POINTS: u32 = 1000;
const LOWEST: usize = 8;
const NEAR: usize = 24;
/// How near, in unit coordinates, one round after the other.
const ROUNDS: [f64; 2] = [0.05, 0.01];

struct Regret {
    model: Box<dyn Strategy>,
    space: Arc<Space>,
    seed: Seed,
    least: usize,
    delta: f64,
    tolerance: f64,
    /// Log lines and answer of the last time: only saves asking the model again while nothing is told.
    last: Option<(History, Option<String>)>,
}

impl Regret {
    /// Upper and lower confidence bounds at some configurations, smaller is better.
    fn bounds(&mut self, history: &History, at: &[Config], beta: f64) -> Option<(Vec<(f64, f64)>, Posterior)> {
        let Mind::Posterior(posterior) = self.model.mind(history, at) else {
            return None;
        };
        let means = posterior.mean.iter().map(|m| history.direction().minimized(*m));
        let both = means.zip(&posterior.sd).map(|(m, sd)| (m - beta * sd, m + beta * sd));
        Some((both.collect(), posterior))
    }

    /// The lowest lower bound found in the space.
    fn lowest(&mut self, history: &History, beta: f64) -> Option<f64> {
        let sobol = Sobol::new(self.space.dim(), self.seed.derive("points", 0));
        let mut at: Vec<Config> = (0..POINTS).map(|i| self.space.at_unit(&sobol.point(i))).collect();
        let mut lowest: Vec<(f64, Config)> = Vec::new();
        for round in 0..=ROUNDS.len() {
            at.retain(|c| self.space.is_allowed(c));
            if at.is_empty() {
                break;
            }
            let (bounds, _) = self.bounds(history, &at, beta)?;
            lowest.extend(bounds.into_iter().map(|(low, _)| low).zip(at));
            lowest.retain(|(low, _)| low.is_finite());
            order::sort_by(&mut lowest, |a, b| a.0.total_cmp(&b.0));
            lowest.truncate(LOWEST);
            let Some(size) = ROUNDS.get(round) else { break };
            let mut rng = self.seed.derive("near", round as u64).rng();
            let mut near = |config: &Config| -> Config {
                let unit = self.space.to_unit(config);
                let moved = unit.iter().map(|u| (u + size * normal(&mut rng)).clamp(0.0, 1.0));
                self.space.at_unit(&moved.collect::<Vec<_>>())
            };
            at = lowest
                .iter()
                .flat_map(|(_, c)| (0..NEAR).map(|_| near(c)).collect::<Vec<_>>())
                .collect();
        }
        lowest.first().map(|(low, _)| *low)
    }

    fn judge(&mut self, history: &History) -> Option<String> {
        let full = history.scored().filter(|(job, _)| job.fidelity >= 1.0);
        let tried: Vec<Config> = full.map(|(job, _)| job.config.clone()).collect();
        if tried.len() < self.least {
            return None;
        }
        let (_, best) = history.best()?;
        let (n, d) = (tried.len() as f64, self.space.dim() as f64);
        let pi = std::f64::consts::PI;
        let beta = libm::sqrt(0.4 * libm::log(d * n * n * pi * pi / (6.0 * self.delta)));
        let (bounds, posterior) = self.bounds(history, &tried, beta)?;
        let sure = bounds.iter().map(|b| b.1).fold(f64::INFINITY, f64::min);
        let seen = bounds.iter().map(|b| b.0).fold(f64::INFINITY, f64::min);
        let regret = sure - self.lowest(history, beta)?.min(seen);
        let (noise, of) = match fold_noise(best) {
            _ if self.tolerance > 0.0 => (self.tolerance, "the tolerance"),
            Some(noise) => (noise, "the noise of the best value over its folds"),
            None => (posterior.noise_sd, "the noise of one value by the model"),
        };
        (regret <= noise).then(|| {
            format!(
                "stopped by the regret bound: after {} values at most {} is left to gain by the model, no more than {of}, {}",
                tried.len(),
                rounded(regret),
                rounded(noise)
            )
        })
    }
}

/// The standard deviation of a mean over folds, corrected for the training rows that folds share.
fn fold_noise(score: &Score) -> Option<f64> {
    let k = score.folds.len() as f64;
    if k < 2.0 {
        return None;
    }
    let mean = score.folds.iter().map(|f| f / k).sum::<f64>();
    let variance = score
        .folds
        .iter()
        .map(|f| (f - mean) * (f - mean) / (k - 1.0))
        .sum::<f64>();
    Some(libm::sqrt((1.0 / k + 1.0 / (k - 1.0)) * variance))
}

impl Stopping for Regret {
    fn check(&mut self, history: &History, _context: &Context) -> Option<String> {
        if let Some((known, answer)) = &self.last
            && known.log() == history.log()
        {
            return answer.clone();
        }
        let answer = self.judge(history);
        self.last = Some((history.clone(), answer.clone()));
        answer
    }
}
