//! Bayesian optimization with a Gaussian process.

mod belief;
mod choose;
mod data;
mod design;
mod grounds;
mod maximize;

use super::{Ask, Build, Plan, Recommendation, Strategy};
use crate::acquisition::{ACQUISITIONS, Acquisition};
use crate::context::Context;
use crate::mind::{Mind, Posterior};
use crate::registry::{Entry, Setting, SettingKind, Settings, find};
use crate::space::{Config, Space};
use crate::surrogate::gp::Gp;
use crate::trial::{History, Job, Origin};
use belief::Belief;
use data::{Data, Reading};
use grounds::Grounds;
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "bayes",
    title: "Bayesian optimization (GP)",
    about: "Learns a smooth map of the objective with a Gaussian process, says how sure it is everywhere, and tries next what is most \
            worth trying by its acquisition function. The fewest trials of all where each one is dear; its own thinking grows with the cube of the trials.",
    formula: "x⁺ = argmax α(x | μ, σ),  (μ, σ) from GP(m, k) with the Matérn-5/2 kernel",
    paper: "Snoek, Larochelle & Adams 2012, Practical Bayesian Optimization of Machine Learning Algorithms",
    settings: &[
        Setting {
            id: "acq",
            about: "How points are scored: log expected improvement, expected improvement, probability of improvement, confidence bound.",
            kind: SettingKind::Choice(&["logei", "ei", "pi", "ucb"]),
            default: "logei",
        },
        Setting {
            id: "xi",
            about: "For ei and pi: improvement counts only beyond this margin, in standard deviations of the values seen. More explores more.",
            kind: SettingKind::Float(0.0, 10.0),
            default: "0.01",
        },
        Setting {
            id: "kappa",
            about: "For ucb: how many standard deviations of optimism.",
            kind: SettingKind::Float(0.0, 100.0),
            default: "1.96",
        },
        Setting {
            id: "initial",
            about: "Points tried before the model decides; 0 is one more than there are parameters, at least 3.",
            kind: SettingKind::Int(0, 1000),
            default: "0",
        },
    ],
    build: |space, settings, plan| Ok(Box::new(Bayes::new(space, settings, plan)?)),
};

/// Finite spaces up to this size are searched exactly.
const EXACT: u64 = 3000;

struct Bayes {
    space: Arc<Space>,
    plan: Plan,
    grounds: Grounds,
    acquisition_id: &'static str,
    acquisition: Arc<dyn Acquisition>,
    initial: usize,
    /// Every configuration of a small finite space with its input.
    listed: Option<Vec<(Config, Vec<f64>)>>,
    /// The last fit and the data it is of.
    cache: Option<(Data, Result<Gp, String>)>,
}

impl Bayes {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Result<Bayes, String> {
        let entry = find(ACQUISITIONS, settings.choice("acq")).ok_or("no such acquisition function")?;
        let shared = ["xi", "kappa"].map(|id| (id.to_string(), settings.float(id).to_string()));
        let own: Vec<_> = shared
            .into_iter()
            .filter(|(id, _)| entry.settings.iter().any(|s| s.id == id))
            .collect();
        let (own, _) = Settings::check(entry.id, entry.settings, &own);
        let grounds = Grounds::new(space);
        // Conditions and forbidden combinations make a space smaller than the product of its domains.
        let listed = space
            .size_bound()
            .filter(|n| *n <= 10 * EXACT)
            .map(|_| space.list().map(|c| (grounds.input(&c), c)));
        let listed = listed.map(|all| all.map(|(x, c)| (c, x)).collect::<Vec<_>>());
        let initial = match settings.int("initial") {
            0 => design::size(grounds.dim(), plan.trials),
            set => set as usize,
        };
        Ok(Bayes {
            space: space.clone(),
            plan: plan.clone(),
            grounds,
            acquisition_id: entry.id,
            acquisition: Arc::from((entry.build)(&own)),
            initial,
            listed: listed.filter(|all| all.len() as u64 <= EXACT),
            cache: None,
        })
    }

    /// Why the model does not decide yet, if it does not.
    fn too_early(&self, reading: &Reading) -> Option<String> {
        if reading.asked < self.initial {
            return Some(String::new());
        }
        if reading.scored == 0 {
            return Some(format!("none of {} trials has given a value yet", reading.asked));
        }
        let needed = self.initial.div_ceil(2);
        (reading.told < needed)
            .then(|| format!("only {} trials are told, {needed} are needed for a model", reading.told))
    }

    /// The fitted model with fantasies for what is pending.
    fn belief(&mut self, reading: &Reading) -> Result<Belief, String> {
        if self.cache.as_ref().is_none_or(|(data, _)| *data != reading.data) {
            self.cache = Some((reading.data.clone(), belief::fit(&reading.data, &self.grounds)));
        }
        let gp = self
            .cache
            .as_ref()
            .map_or(Err("no fit".to_string()), |(_, gp)| gp.clone())?;
        Ok(Belief::new(gp, reading, &self.acquisition))
    }

    /// A point chosen without the model, or nothing if no untried one is left.
    fn without_model(&self, reading: &Reading, id: u32, reason: String) -> Option<(Config, Origin)> {
        let points = self.initial as u32;
        if let Some(config) = design::next(&self.grounds, &self.space, reading, self.plan.seed, reading.asked) {
            let origin = if reason.is_empty() {
                Origin::Initial {
                    point: reading.asked as u32,
                    points,
                    design: design::NAME.into(),
                }
            } else {
                Origin::Fallback {
                    reason: format!("{reason}: the initial design goes on"),
                }
            };
            return Some((config, origin));
        }
        let seed = self.plan.seed.derive("proposal", u64::from(id));
        let config = design::untried(&self.space, &reading.tried, seed)?;
        let reason = if reason.is_empty() {
            "the initial design has no new point here".to_string()
        } else {
            reason
        };
        Some((
            config,
            Origin::Fallback {
                reason: format!("{reason}: a random untried point"),
            },
        ))
    }
}

impl Strategy for Bayes {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        let mut reading = Reading::of(history, &self.grounds);
        let mut belief: Option<Result<Belief, String>> = None;
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room {
            let id = history.next_id() + jobs.len() as u32;
            let proposal = if let Some(reason) = self.too_early(&reading) {
                self.without_model(&reading, id, reason)
            } else {
                let current = match belief.take() {
                    Some(known) => known,
                    None => self.belief(&reading),
                };
                if context.stopped() {
                    return Ok(Ask::Wait);
                }
                let proposal = match &current {
                    Ok(current) => match self.best(current, &reading, id) {
                        ranked if ranked.is_empty() => {
                            let seed = self.plan.seed.derive("proposal", u64::from(id));
                            let reason =
                                "every good point of the model has been tried: a random untried point".to_string();
                            design::untried(&self.space, &reading.tried, seed).map(|c| (c, Origin::Fallback { reason }))
                        }
                        ranked => Some((ranked[0].0.clone(), self.origin(current, &ranked))),
                    },
                    Err(reason) => self.without_model(&reading, id, reason.clone()),
                };
                belief = Some(match (current, &proposal) {
                    (Ok(current), Some((config, _))) => Ok(current.with_pending(&self.grounds.input(config))),
                    (current, _) => current,
                });
                proposal
            };
            let Some((config, origin)) = proposal else { break };
            reading.tried.insert(&config);
            reading.asked += 1;
            reading.pending.push(self.grounds.input(&config));
            jobs.push(Job {
                id,
                config,
                fidelity: 1.0,
                parent: None,
                origin,
            });
        }
        if !jobs.is_empty() {
            return Ok(Ask::Jobs(jobs));
        }
        if reading.pending.is_empty() {
            return Ok(Ask::Finished(format!(
                "all {} configurations have been tried",
                reading.tried.len()
            )));
        }
        Ok(Ask::Wait)
    }

    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        let reading = Reading::of(history, &self.grounds);
        if reading.scored == 0 || reading.scored < 2 && self.too_early(&reading).is_some() {
            return Mind::Nothing("the model needs two values to say anything".into());
        }
        let belief = match self.belief(&reading) {
            Ok(belief) => belief,
            Err(reason) => return Mind::Nothing(reason),
        };
        let inputs: Vec<Vec<f64>> = at.iter().map(|config| self.grounds.input(config)).collect();
        let scores = belief.scores(&inputs);
        Mind::Posterior(Posterior {
            mean: scores.iter().map(|s| belief.scale.value(s.mean)).collect(),
            sd: scores.iter().map(|s| belief.scale.sd(s.sd)).collect(),
            acquisition: scores.iter().map(|s| belief.value(*s)).collect(),
            acquisition_id: self.acquisition_id.to_string(),
            noise_sd: belief.scale.sd(libm::sqrt(belief.gp.hyperparameters().noise)),
        })
    }

    fn samples(&mut self, history: &History, at: &[Config], count: usize) -> Vec<Vec<f64>> {
        let reading = Reading::of(history, &self.grounds);
        if reading.scored == 0 || reading.scored < 2 && self.too_early(&reading).is_some() {
            return Vec::new();
        }
        let Ok(belief) = self.belief(&reading) else {
            return Vec::new();
        };
        let inputs: Vec<Vec<f64>> = at.iter().map(|config| self.grounds.input(config)).collect();
        let seed = self.plan.seed.derive("samples", u64::from(history.next_id()));
        let drawn = belief.gp.samples(&inputs, count, &mut seed.rng());
        let valued = |sample: Vec<f64>| sample.into_iter().map(|v| belief.scale.value(v)).collect();
        drawn.into_iter().map(valued).collect()
    }

    /// The tried configuration with the best posterior mean, which a lucky draw of the noise cannot fool.
    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        let observed = history.best().map(|(job, _)| Recommendation {
            id: job.id,
            belief: None,
        })?;
        let reading = Reading::of(history, &self.grounds);
        let Ok(belief) = self.belief(&reading) else {
            return Some(observed);
        };
        let full: Vec<&Job> = history
            .scored()
            .map(|(job, _)| job)
            .filter(|job| job.fidelity >= 1.0)
            .collect();
        let inputs: Vec<Vec<f64>> = full.iter().map(|job| self.grounds.input(&job.config)).collect();
        let scores = belief.scores(&inputs);
        let best = full.iter().zip(scores).min_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
        let recommended = best.map(|(job, score)| Recommendation {
            id: job.id,
            belief: Some((belief.scale.value(score.mean), belief.scale.sd(score.sd))),
        });
        Some(recommended.unwrap_or(observed))
    }
}

#[cfg(test)]
mod tests;
