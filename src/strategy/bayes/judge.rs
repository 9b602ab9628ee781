//! What a point is judged by: the processes that are held possible, their incumbents, the acquisition function, and what multiplies it.

use super::field::Field;
use super::grounds::Grounds;
use super::scale::Scale;
use crate::acquisition::{Acquisition, Moment, Needs, knowledge_gradient};
use crate::order;
use crate::seed::{Seed, below, normal, uniform};
use crate::surrogate::gp::{Expansion, Gp};
use std::sync::Arc;

/// Judges points at one moment of the search.
#[derive(Clone)]
pub(super) struct Judge {
    pub(super) scale: Scale,
    /// Where the best point is looked for.
    pub(super) field: Field,
    views: Vec<View>,
    acquisition: Arc<dyn Acquisition>,
    /// The function that was drawn, where the acquisition wants one.
    path: Option<Expansion>,
    factors: Vec<Arc<dyn Factor>>,
}

/// One process that is held possible: of other hyperparameters or other fantasies than the others. All have seen the same points.
#[derive(Clone)]
struct View {
    gp: Gp,
    /// The incumbent: the lowest posterior mean at any point seen.
    target: f64,
    acquisition: Arc<dyn Acquisition>,
    knowledge: Option<Alternatives>,
    /// The variance of the noise, where a point counts by what one more noisy value there can teach.
    noise: Option<f64>,
}

/// The points that could be recommended, for the knowledge gradient.
#[derive(Clone)]
struct Alternatives {
    means: Vec<f64>,
    covariances: Expansion,
}

/// Something that multiplies the acquisition, by its logarithm; what it multiplies a confidence bound or a drawn function by, it adds to it.
pub(super) trait Factor: Send + Sync {
    /// Its name in origins.
    fn name(&self) -> &'static str;
    /// Its logarithm at each input. An input's does not depend on its company.
    fn logs(&self, inputs: &[Vec<f64>]) -> Vec<f64>;
    /// Its logarithm at an input; its gradient is added.
    fn add_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64;
}

/// Judgement of one point, in the model's unit: mean and sd over all views.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) mean: f64,
    pub(super) sd: f64,
    pub(super) utility: f64,
}

/// Points by which the distribution of the minimum is estimated, and at which a drawn function is exact, over the space and near the best.
const SPREAD: u32 = 128;
const NEAR: usize = 64;
/// The points that could be recommended: those of lowest mean.
const ALTERNATIVES: usize = 24;
/// A variance of noise, in the unit of standardized values, that makes a difference. Where there is none, a model still takes a part of what
/// it cannot follow for noise.
const CONSIDERABLE: f64 = 0.03;
/// Logarithm of a gain too small for a number.
const NOTHING: f64 = -700.0;

impl Judge {
    /// A judge by `gps`, at least one, which have seen the told trials and imagined the pending ones. `seed` is the proposal's.
    pub(super) fn new(
        gps: Vec<Gp>,
        scale: Scale,
        acquisition: &Arc<dyn Acquisition>,
        grounds: &Grounds,
        field: Field,
        factors: Vec<Arc<dyn Factor>>,
        seed: Seed,
    ) -> Judge {
        let spread = match acquisition.needs() {
            Needs::Spread | Needs::Path => anchors(&gps[0], grounds, &field, seed),
            _ => Vec::new(),
        };
        let mut rng = seed.derive("path", 0).rng();
        let drawn = &gps[below(&mut rng, gps.len() as u64) as usize];
        let draws: Vec<f64> = spread.iter().map(|_| normal(&mut rng)).collect();
        let path = match acquisition.needs() {
            Needs::Path => drawn.path(&spread, &draws),
            _ => None,
        };
        let view = |gp: Gp| View::new(gp, acquisition, grounds.dim(), &spread);
        Judge {
            scale,
            field,
            path,
            views: gps.into_iter().map(view).collect(),
            acquisition: acquisition.clone(),
            factors,
        }
    }

    /// The same judge, to whom improvements count only beyond `margin`.
    pub(super) fn demanding(mut self, margin: f64) -> Judge {
        self.views.iter_mut().for_each(|view| view.target -= margin);
        self
    }

    /// The same judge, to whom a point under noise counts by what one more value there can teach: expected improvement is multiplied by
    /// 1 − τ/√(σ² + τ²), with the noise's variance τ² (Huang, Allen, Notz & Zeng 2006, augmented expected improvement). Without it a search
    /// stays where it is already sure, since noise leaves a little to hope for everywhere. Noise below [`CONSIDERABLE`] is left alone.
    pub(super) fn augmented(mut self) -> Judge {
        for view in &mut self.views {
            view.noise = Some(view.gp.hyperparameters().noise).filter(|noise| *noise > CONSIDERABLE);
        }
        self
    }

    /// Inputs seen, pending ones included.
    pub(super) fn points(&self) -> &[Vec<f64>] {
        self.views[0].gp.points()
    }

    /// The first view's process: for its hyperparameters.
    pub(super) fn gp(&self) -> &Gp {
        &self.views[0].gp
    }

    /// The incumbent that improvement is measured against, in the model's unit.
    pub(super) fn target(&self) -> f64 {
        self.views.iter().map(|v| v.target).sum::<f64>() / self.views.len() as f64
    }

    /// The acquisition's own value for a score.
    pub(super) fn value(&self, score: Score) -> f64 {
        self.acquisition.value(score.utility)
    }

    /// What multiplies the acquisition at `input`, by name.
    pub(super) fn factors(&self, input: &[f64]) -> Vec<(String, f64)> {
        let one = [input.to_vec()];
        let of = |f: &Arc<dyn Factor>| (f.name().to_string(), libm::exp(f.logs(&one)[0]));
        let mut factors: Vec<(String, f64)> = self.factors.iter().map(of).collect();
        let view = &self.views[0];
        if view.noise.is_some() {
            let sd = libm::sqrt(view.gp.posterior(input).1);
            factors.push(("news of one more noisy value".into(), libm::exp(view.news(sd).0)));
        }
        factors
    }

    /// Judgement of many points. A point's score does not depend on its company.
    pub(super) fn scores(&self, inputs: &[Vec<f64>]) -> Vec<Score> {
        let moments: Vec<Vec<(f64, f64)>> = self.views.iter().map(|v| v.gp.posterior_batch(inputs)).collect();
        let factors: Vec<Vec<f64>> = self.factors.iter().map(|f| f.logs(inputs)).collect();
        let score = |(i, input): (usize, &Vec<f64>)| {
            let n = self.views.len() as f64;
            let mean = moments.iter().map(|m| m[i].0).sum::<f64>() / n;
            let variance = moments
                .iter()
                .map(|m| m[i].1 + (m[i].0 - mean) * (m[i].0 - mean))
                .sum::<f64>()
                / n;
            let mut utility = match &self.path {
                Some(path) => self.acquisition.utility(path.values(input)[0], 1.0, 0.0).0,
                None => {
                    let each = self.views.iter().zip(&moments);
                    self.average(each.map(|(view, m)| view.utility(input, m[i].0, m[i].1)).collect())
                        .0
                }
            };
            utility += factors.iter().map(|f| f[i]).sum::<f64>();
            Score {
                mean,
                sd: libm::sqrt(variance),
                utility,
            }
        };
        inputs.iter().enumerate().map(score).collect()
    }

    /// The means of [`Judge::scores`] alone, which are cheap.
    pub(super) fn means(&self, inputs: &[Vec<f64>]) -> Vec<f64> {
        let each: Vec<Vec<f64>> = self.views.iter().map(|v| v.gp.means(inputs)).collect();
        let mean = |i: usize| each.iter().map(|m| m[i]).sum::<f64>() / each.len() as f64;
        (0..inputs.len()).map(mean).collect()
    }

    /// The utility at a point and its gradient.
    pub(super) fn utility_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut utility = match &self.path {
            Some(path) => {
                let (value, slope) = path.gradients(input).swap_remove(0);
                let (utility, by_mean, _) = self.acquisition.utility(value, 1.0, 0.0);
                gradient.iter_mut().zip(slope).for_each(|(g, s)| *g += by_mean * s);
                utility
            }
            None => {
                let each: Vec<(f64, Vec<f64>)> = self.views.iter().map(|v| v.utility_gradient(input)).collect();
                let (utility, weights) = self.average(each.iter().map(|e| e.0).collect());
                for (weight, (_, slope)) in weights.iter().zip(&each) {
                    gradient.iter_mut().zip(slope).for_each(|(g, s)| *g += weight * s);
                }
                utility
            }
        };
        for factor in &self.factors {
            utility += factor.add_gradient(input, gradient);
        }
        utility
    }

    /// The mean over the views, and how much each one's change counts: a mean of exponentials where utilities are logarithms.
    fn average(&self, utilities: Vec<f64>) -> (f64, Vec<f64>) {
        let n = utilities.len() as f64;
        if let [only] = utilities[..] {
            return (only, vec![1.0]);
        }
        if !self.acquisition.is_log() {
            return (utilities.iter().sum::<f64>() / n, vec![1.0 / n; utilities.len()]);
        }
        let top = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = utilities.iter().map(|u| libm::exp(u - top)).collect();
        let sum: f64 = weights.iter().sum();
        (top + libm::log(sum / n), weights.into_iter().map(|w| w / sum).collect())
    }
}

impl View {
    fn new(gp: Gp, acquisition: &Arc<dyn Acquisition>, dimensions: usize, spread: &[Vec<f64>]) -> View {
        let means = gp.means(gp.points());
        let moments: Vec<(f64, f64)> = match acquisition.needs() {
            Needs::Spread => gp.posterior_batch(spread),
            _ => Vec::new(),
        };
        let moment = Moment {
            trials: gp.points().len(),
            dimensions,
            spread: &moments.into_iter().map(|(m, v)| (m, libm::sqrt(v))).collect::<Vec<_>>(),
        };
        let knowledge = (acquisition.needs() == Needs::Covariances).then(|| {
            let mut order: Vec<usize> = (0..means.len()).collect();
            order::sort_by(&mut order, |a, b| means[*a].total_cmp(&means[*b]));
            order.truncate(ALTERNATIVES);
            let points: Vec<Vec<f64>> = order.iter().map(|i| gp.points()[*i].clone()).collect();
            Alternatives {
                means: order.iter().map(|i| means[*i]).collect(),
                covariances: gp.covariances(&points),
            }
        });
        View {
            target: means.iter().copied().fold(f64::INFINITY, f64::min),
            acquisition: acquisition.at(&moment).map_or_else(|| acquisition.clone(), Arc::from),
            knowledge,
            noise: None,
            gp,
        }
    }

    /// ln(1 − r) with r = τ/√(σ² + τ²), and its derivative by σ; 1 − r is (σ²/s²)/(1 + r) with s² = σ² + τ², which stays exact for small σ.
    fn news(&self, sd: f64) -> (f64, f64) {
        let Some(noise) = self.noise else { return (0.0, 0.0) };
        let square = sd * sd + noise;
        let r = libm::sqrt(noise / square);
        let value = 2.0 * libm::log(sd) - libm::log(square) - libm::log1p(r);
        (value, 2.0 / sd - (2.0 - r / (1.0 + r)) * sd / square)
    }

    fn utility(&self, input: &[f64], mean: f64, variance: f64) -> f64 {
        let Some(known) = &self.knowledge else {
            let sd = libm::sqrt(variance);
            return self.acquisition.utility(mean, sd, self.target).0 + self.news(sd).0;
        };
        let sd = libm::sqrt(variance + self.gp.hyperparameters().noise);
        let (mut a, mut b) = (known.means.clone(), known.covariances.values(input));
        a.push(mean);
        b.push(variance);
        b.iter_mut().for_each(|c| *c /= sd);
        log_gain(knowledge_gradient(&a, &b).value)
    }

    fn utility_gradient(&self, input: &[f64]) -> (f64, Vec<f64>) {
        let at = self.gp.posterior_gradient(input);
        let Some(known) = &self.knowledge else {
            let sd = libm::sqrt(at.variance);
            let (utility, by_mean, by_sd) = self.acquisition.utility(at.mean, sd, self.target);
            let (news, news_by_sd) = self.news(sd);
            let (utility, by_sd) = (utility + news, by_sd + news_by_sd);
            let slopes = at.mean_gradient.iter().zip(&at.variance_gradient);
            let gradient = slopes.map(|(m, v)| by_mean * m + by_sd * v / (2.0 * sd)).collect();
            return (utility, gradient);
        };
        // bᵢ = cᵢ / s with s² = σ² + noise, so ∂bᵢ = ∂cᵢ / s − bᵢ ∂σ² / 2s².
        let square = at.variance + self.gp.hyperparameters().noise;
        let s = libm::sqrt(square);
        let covariances = known.covariances.gradients(input);
        let mut a = known.means.clone();
        a.push(at.mean);
        let own = (at.variance, at.variance_gradient.clone());
        let all: Vec<(f64, Vec<f64>)> = covariances.into_iter().chain([own]).collect();
        let b: Vec<f64> = all.iter().map(|(c, _)| c / s).collect();
        let found = knowledge_gradient(&a, &b);
        let utility = log_gain(found.value);
        let mut gradient = vec![0.0; input.len()];
        if utility > NOTHING {
            for (d, slot) in gradient.iter_mut().enumerate() {
                let spread = at.variance_gradient[d] / (2.0 * square);
                let by = |((c, b), weight): ((&(f64, Vec<f64>), &f64), &f64)| weight * (c.1[d] / s - b * spread);
                let moved: f64 = all.iter().zip(&b).zip(&found.by_slope).map(by).sum();
                let own = found.by_mean[a.len() - 1] * at.mean_gradient[d];
                *slot = (moved + own) / found.value;
            }
        }
        (utility, gradient)
    }
}

fn log_gain(gain: f64) -> f64 {
    if gain > 0.0 {
        libm::log(gain).max(NOTHING)
    } else {
        NOTHING
    }
}

/// Points over the whole field and near the best one seen, all legal.
fn anchors(gp: &Gp, grounds: &Grounds, field: &Field, seed: Seed) -> Vec<Vec<f64>> {
    let mut raws = field.spread(SPREAD, seed.derive("anchors", 0));
    let means = gp.means(gp.points());
    let best = (0..means.len()).min_by(|a, b| means[*a].total_cmp(&means[*b]));
    let mut rng = seed.derive("anchors", 1).fast_rng();
    if let Some(best) = best.map(|i| &gp.points()[i]) {
        for _ in 0..NEAR {
            let width = libm::pow(10.0, -0.5 - 2.0 * uniform(&mut rng));
            let mut moved: Vec<f64> = best.iter().map(|u| u + width * normal(&mut rng)).collect();
            field.clamp(&mut moved);
            raws.push(moved);
        }
    }
    raws.into_iter()
        .filter_map(|raw| grounds.place(raw))
        .map(|p| p.input)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquisition::ACQUISITIONS;
    use crate::registry::Settings;
    use crate::strategy::bayes::feasibility::Feasibility;
    use crate::strategy::testing::space;
    use crate::surrogate::gp::{Hyperparameters, Matern52};
    use crate::trial::Direction;

    #[test]
    fn gradients_match_differences_for_every_acquisition_several_views_and_factors() {
        let grounds = Grounds::new(&space(&[("a", "0.0..1.0"), ("b", "-2.0..3.0"), ("c", "{u,v}")]));
        let x: Vec<Vec<f64>> = (0..9)
            .map(|i| {
                vec![
                    f64::from(i) / 8.0,
                    f64::from(i * 5 % 9) / 8.0,
                    0.25 + 0.5 * f64::from(i % 2),
                ]
            })
            .collect();
        let y: Vec<f64> = x.iter().map(|p| libm::sin(6.0 * p[0]) + p[1] * p[1] - p[2]).collect();
        let hyper = |lengthscale: f64| Hyperparameters::new(vec![lengthscale, 0.7, 1.0], 1.3, 5e-2, 0.1);
        let gp = |l| Gp::new(&grounds.axes, &Matern52, &x, &y, &hyper(l)).expect("regular");
        let factor = Feasibility::of(&x[3..], &x[..3], &grounds).expect("both kinds");
        let factors: Vec<Arc<dyn Factor>> = vec![Arc::new(factor)];
        for entry in ACQUISITIONS {
            for views in [vec![gp(0.3)], vec![gp(0.3), gp(0.5)]] {
                let acquisition: Arc<dyn Acquisition> = Arc::from((entry.build)(&Settings::defaults(entry.settings)));
                let scale = Scale::of(Direction::Minimize, &y);
                let mut judge = Judge::new(
                    views,
                    scale,
                    &acquisition,
                    &grounds,
                    Field::whole(3),
                    factors.clone(),
                    Seed(1),
                );
                if entry.id == "logei" {
                    let plain = judge.scores(&[vec![0.42, 0.31, 0.75]])[0].utility;
                    judge = judge.augmented();
                    assert!(judge.scores(&[vec![0.42, 0.31, 0.75]])[0].utility < plain);
                }
                let at = [0.42, 0.31, 0.75];
                let mut gradient = [9.0; 3];
                let utility = judge.utility_gradient(&at, &mut gradient);
                let value = |d: usize, h: f64| {
                    let mut moved = at.to_vec();
                    moved[d] += h;
                    judge.scores(&[moved])[0].utility
                };
                assert!((utility - value(0, 0.0)).abs() < 1e-9, "{}", entry.id);
                for (d, slope) in gradient[..2].iter().enumerate() {
                    let numeric = (value(d, 1e-6) - value(d, -1e-6)) / 2e-6;
                    assert!(
                        (slope - numeric).abs() < 1e-4 * (1.0 + numeric.abs()),
                        "{} by {d}: {slope} {numeric}",
                        entry.id
                    );
                }
                assert_eq!(gradient[2], 0.0, "{}", entry.id);
            }
        }
    }
}
