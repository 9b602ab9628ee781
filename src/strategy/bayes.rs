//! Bayesian optimization with a Gaussian process.

mod belief;
mod choose;
mod cost;
mod data;
mod design;
mod explore;
mod feasibility;
mod field;
mod grounds;
mod judge;
mod maximize;
mod pending;
mod person;
mod record;
mod repeats;
mod scale;
mod trust;

use super::{Ask, Build, Plan, Recommendation, Strategy, prior};
use crate::acquisition::{ACQUISITIONS, Acquisition, Needs};
use crate::context::Context;
use crate::mind::{Mind, Posterior};
use crate::registry::{Entry, Setting, SettingKind, Settings, find};
use crate::space::{Config, Space};
use crate::surrogate::gp::Gp;
use crate::trial::{History, Job, Origin};
use belief::{Model, Modelling};
use cost::Cost;
use data::{Data, Reading};
use feasibility::Feasibility;
use field::Field;
use grounds::Grounds;
use judge::{Factor, Judge};
use maximize::Found;
use pending::Batch;
pub(in crate::strategy) use pending::SETTING as BATCH;
use person::Person;
use repeats::Repeats;
use scale::Scale;
use std::sync::Arc;
use trust::Trust;

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
            about: "How points are scored: log expected improvement, expected improvement, probability of improvement, confidence bound, \
                    Thompson sampling, max-value entropy search, knowledge gradient, expected improvement per second.",
            kind: SettingKind::Choice(&["logei", "ei", "pi", "ucb", "thompson", "mes", "kg", "eips"]),
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
            id: "schedule",
            about: "For ucb: how κ changes with the trials: constant, growing with the logarithm of their number, or decaying as one over its root.",
            kind: SettingKind::Choice(&["constant", "growing", "decaying"]),
            default: "constant",
        },
        BATCH,
        repeats::SETTING,
        prior::SETTING,
        belief::KERNEL,
        belief::PRIOR,
        belief::LENGTHSCALE,
        belief::NOISE,
        belief::WARP_OUTPUT,
        belief::WARP_INPUT,
        belief::HYPER,
        belief::SAMPLES,
        explore::SETTING,
        Setting {
            id: "augment",
            about: "For logei: where the model sees considerable noise in a space that is not small and finite, a point counts by what one more noisy \
                    value there can teach (Huang et al. 2006), so that the search does not stay where it is already sure.",
            kind: SettingKind::Choice(&["auto", "never"]),
            default: "auto",
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
    grounds: Arc<Grounds>,
    acquisition_id: &'static str,
    acquisition: Arc<dyn Acquisition>,
    batch: Batch,
    /// Every so many-th point explores, once the valley is measured out; 0 is none.
    explore: u32,
    /// Whether expected improvement is augmented under noise.
    augments: bool,
    modelling: Modelling,
    /// How often a configuration may be evaluated again.
    replicates: usize,
    /// How long a person's prior is believed.
    beta: f64,
    initial: usize,
    /// Whether it searches within trust regions.
    is_local: bool,
    /// Every configuration of a small finite space with its input.
    listed: Option<Vec<(Config, Vec<f64>)>>,
    /// The last fit and the data it is of.
    cache: Option<(Data, Result<Model, String>)>,
}

/// The model at one moment of an ask.
struct Thought {
    /// The processes that are held possible, with what is imagined of pending trials.
    gps: Vec<Gp>,
    scale: Scale,
    /// The values told, in the model's unit.
    told: Vec<f64>,
    hyperparameters: Vec<(String, f64)>,
    factors: Vec<Arc<dyn Factor>>,
    trust: Option<Trust>,
    /// What is to be said beside the numbers.
    note: String,
}

/// Builds the variant that searches within trust regions. What it has no settings for is as by default.
pub(super) fn within_trust_regions(
    space: &Arc<Space>,
    settings: &Settings,
    plan: &Plan,
) -> Result<Box<dyn Strategy>, String> {
    let shared = ["acq", "initial", "batch", "beta"].map(|id| (id.to_string(), settings.choice(id).to_string()));
    let (whole, _) = Settings::check(ENTRY.id, ENTRY.settings, &shared);
    let mut bayes = Bayes::new(space, &whole, plan)?;
    bayes.is_local = true;
    // A region that is measured out shrinks and ends: looking elsewhere is its own affair.
    bayes.explore = 0;
    if settings.int("initial") == 0 {
        bayes.initial = (2 * bayes.grounds.dim()).max(4).min((plan.trials / 3).max(2));
    }
    Ok(Box::new(bayes))
}

impl Bayes {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Result<Bayes, String> {
        let entry = find(ACQUISITIONS, settings.choice("acq")).ok_or("no such acquisition function")?;
        let own: Vec<(String, String)> = entry
            .settings
            .iter()
            .map(|s| (s.id.to_string(), settings.choice(s.id).to_string()))
            .collect();
        let (own, _) = Settings::check(entry.id, entry.settings, &own);
        let grounds = Arc::new(Grounds::new(space));
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
        let listed = listed.filter(|all| all.len() as u64 <= EXACT);
        Ok(Bayes {
            space: space.clone(),
            plan: plan.clone(),
            grounds,
            acquisition_id: entry.id,
            acquisition: Arc::from((entry.build)(&own)),
            batch: Batch::of(settings.choice("batch")),
            explore: settings.int("explore") as u32,
            // Where each of a few configurations comes once, noise is mostly what the model cannot follow.
            augments: entry.id == "logei" && settings.choice("augment") == "auto" && listed.is_none(),
            modelling: Modelling::new(settings, plan.seed)?,
            replicates: settings.int("replicates") as usize,
            beta: prior::beta(settings, plan.trials),
            initial,
            is_local: false,
            listed,
            cache: None,
        })
    }

    /// The trust region, where there are some.
    fn trust(&self, history: &History) -> Option<Trust> {
        self.is_local
            .then(|| Trust::of(history, self.initial, self.grounds.dim()))
    }

    /// What is learned from: all trials, or those of a region.
    fn reading(&self, history: &History, trust: Option<Trust>) -> Reading {
        Reading::of(history, &self.grounds, trust.map_or(0, |t| t.from))
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

    /// The fitted model, with outcomes imagined for what is pending.
    fn think(&mut self, history: &History, trust: Option<Trust>, reading: &Reading) -> Result<Thought, String> {
        if self.cache.as_ref().is_none_or(|(data, _)| *data != reading.data) {
            let before = self.cache.take().and_then(|(_, model)| model.ok());
            let (data, scale) = (&reading.data, reading.scale);
            let model = self.modelling.model(data, scale, &self.grounds, before.as_ref());
            self.cache = Some((reading.data.clone(), model));
        }
        let known = self.cache.as_ref().ok_or("no fit")?;
        let model = known.1.as_ref().map_err(String::clone)?;
        let mut thought = Thought {
            gps: model.gps.clone(),
            scale: model.scale,
            told: model.told.clone(),
            hyperparameters: model.record.named(&self.grounds),
            factors: Vec::new(),
            trust,
            note: trust.map_or(String::new(), |t| t.words()),
        };
        if let Some(feasibility) = Feasibility::of(&reading.data.x, &reading.failed, &self.grounds) {
            thought.factors.push(Arc::new(feasibility));
        }
        if self.acquisition.needs() == Needs::Cost {
            match Cost::of(history, &self.grounds) {
                Ok(cost) => thought.factors.push(Arc::new(cost)),
                Err(why) => thought.note = [thought.note, why].join(" ").trim().to_string(),
            }
        }
        for (index, input) in reading.pending.iter().enumerate() {
            self.imagine(&mut thought, input, index);
        }
        Ok(thought)
    }

    /// Imagines an outcome of the pending trial at `input`, the `index`-th.
    fn imagine(&self, thought: &mut Thought, input: &[f64], index: usize) {
        let gps = std::mem::take(&mut thought.gps);
        thought.gps = self.batch.imagine(gps, input, index, &thought.told, self.plan.seed);
    }

    /// What proposal `id` is judged by.
    fn judge(&self, thought: &Thought, reading: &Reading, id: u32) -> Judge {
        let seed = self.plan.seed.derive("proposal", u64::from(id));
        let (gps, mut factors) = (thought.gps.clone(), thought.factors.clone());
        if self.space.has_prior() {
            let chosen = reading.asked.saturating_sub(self.initial);
            factors.push(Arc::new(Person {
                grounds: self.grounds.clone(),
                power: prior::power(self.beta, chosen),
            }));
        }
        let field = match &thought.trust {
            Some(trust) => Field::around(trust, &gps[0], &self.grounds),
            None => Field::whole(self.grounds.dim()),
        };
        let judge = Judge::new(
            gps,
            thought.scale,
            &self.acquisition,
            &self.grounds,
            field,
            factors,
            seed,
        );
        if self.augments { judge.augmented() } else { judge }
    }

    /// What proposal `id` is decided by, the untried points it ranks best first, and why it explores, if it does.
    fn decision(
        &self,
        thought: &Thought,
        reading: &Reading,
        repeats: &Repeats,
        id: u32,
    ) -> (Judge, Vec<(Config, Found)>, &'static str) {
        let judge = self.judge(thought, reading, id);
        if let Some(margin) = self.beyond_plateau(reading) {
            let judge = judge.demanding(margin);
            let ranked = self.best(&judge, reading, repeats, id);
            return (judge, ranked, explore::BEYOND_PLATEAU);
        }
        let ranked = self.best(&judge, reading, repeats, id);
        let is_due = self.may_explore(id)
            && ranked
                .first()
                .is_some_and(|r| r.1.score.utility < libm::log(explore::MEASURED_OUT));
        if !is_due {
            return (judge, ranked, "");
        }
        let judge = judge.demanding(explore::EXPLORED);
        let ranked = self.best(&judge, reading, repeats, id);
        (judge, ranked, explore::ELSEWHERE)
    }

    fn explores(&self) -> bool {
        self.acquisition_id == "logei" && self.explore > 0
    }

    /// Whether proposal `id` explores if the valley is measured out.
    fn may_explore(&self, id: u32) -> bool {
        self.explores() && id % self.explore == self.explore - 1
    }

    /// What a point has to improve by, on a plateau. Where the space is small and finite, each configuration comes once, and a plateau uses
    /// itself up.
    fn beyond_plateau(&self, reading: &Reading) -> Option<f64> {
        let may_last = self.explores() && self.listed.is_none();
        may_last.then(|| explore::beyond_plateau(&reading.data))?
    }

    /// A point chosen by the model, or at random if every good one has been tried; nothing if no untried one is left.
    fn by_model(&self, thought: &Thought, reading: &Reading, repeats: &Repeats, id: u32) -> Option<(Config, Origin)> {
        let (judge, ranked, why) = self.decision(thought, reading, repeats, id);
        if let Some((config, _)) = ranked.first() {
            let note = [&thought.note, why, &repeats.words(config)].map(str::trim).join(" ");
            return Some((config.clone(), self.origin(&judge, &ranked, thought, note.trim())));
        }
        let seed = self.plan.seed.derive("proposal", u64::from(id));
        let reason = "every good point of the model has been tried: a random untried point".to_string();
        design::untried(&self.space, &reading.tried, seed).map(|c| (c, Origin::Fallback { reason }))
    }

    /// A point chosen without the model, or nothing if no untried one is left.
    fn without_model(
        &self,
        trust: Option<Trust>,
        reading: &Reading,
        id: u32,
        reason: String,
    ) -> Option<(Config, Origin)> {
        let points = self.initial as u32;
        // Every trust region begins with points of its own.
        let seed = match trust.map_or(0, |t| t.number) {
            0 => self.plan.seed,
            n => self.plan.seed.derive("region", u64::from(n)),
        };
        if let Some((config, design)) = design::next(&self.grounds, &self.space, reading, seed, reading.asked) {
            let origin = if reason.is_empty() {
                Origin::Initial {
                    point: reading.asked as u32,
                    points,
                    design: design.into(),
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
        let trust = self.trust(history);
        let mut reading = self.reading(history, trust);
        let mut repeats = Repeats::of(history, self.replicates, trust.map_or(0, |t| t.from));
        let mut thought: Option<Result<Thought, String>> = None;
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room {
            let id = history.next_id() + jobs.len() as u32;
            let proposal = match self.too_early(&reading) {
                Some(reason) => self.without_model(trust, &reading, id, reason),
                None => {
                    let now = match thought.take() {
                        Some(known) => known,
                        None => self.think(history, trust, &reading),
                    };
                    if context.stopped() {
                        return Ok(Ask::Wait);
                    }
                    let proposal = match &now {
                        Ok(now) => self.by_model(now, &reading, &repeats, id),
                        Err(reason) => self.without_model(trust, &reading, id, reason.clone()),
                    };
                    thought = Some(now);
                    proposal
                }
            };
            let Some((config, origin)) = proposal else { break };
            let input = self.grounds.input(&config);
            if let Some(Ok(thought)) = &mut thought {
                self.imagine(thought, &input, reading.pending.len());
            }
            reading.tried.insert(&config);
            repeats.asked(&config, id);
            reading.asked += 1;
            reading.pending.push(input);
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
        let trust = self.trust(history);
        let reading = self.reading(history, trust);
        if reading.scored == 0 || reading.scored < 2 && self.too_early(&reading).is_some() {
            return Mind::Nothing("the model needs two values to say anything".into());
        }
        let judge = match self.think(history, trust, &reading) {
            Ok(thought) if self.may_explore(history.next_id()) || self.beyond_plateau(&reading).is_some() => {
                let repeats = Repeats::of(history, self.replicates, trust.map_or(0, |t| t.from));
                self.decision(&thought, &reading, &repeats, history.next_id()).0
            }
            Ok(thought) => self.judge(&thought, &reading, history.next_id()),
            Err(reason) => return Mind::Nothing(reason),
        };
        let inputs: Vec<Vec<f64>> = at.iter().map(|config| self.grounds.input(config)).collect();
        let scores = judge.scores(&inputs);
        Mind::Posterior(Posterior {
            mean: scores.iter().map(|s| judge.scale.value(s.mean)).collect(),
            sd: scores.iter().map(|s| judge.scale.sd(s.mean, s.sd)).collect(),
            acquisition: scores.iter().map(|s| judge.value(*s)).collect(),
            acquisition_id: self.acquisition_id.to_string(),
            noise_sd: judge.scale.sd(0.0, libm::sqrt(judge.gp().hyperparameters().noise)),
        })
    }

    fn samples(&mut self, history: &History, at: &[Config], count: usize) -> Vec<Vec<f64>> {
        let trust = self.trust(history);
        let reading = self.reading(history, trust);
        if reading.scored == 0 || reading.scored < 2 && self.too_early(&reading).is_some() {
            return Vec::new();
        }
        let Ok(thought) = self.think(history, trust, &reading) else {
            return Vec::new();
        };
        let inputs: Vec<Vec<f64>> = at.iter().map(|config| self.grounds.input(config)).collect();
        let seed = self.plan.seed.derive("samples", u64::from(history.next_id()));
        let drawn = thought.gps[0].samples(&inputs, count, &mut seed.rng());
        let valued = |sample: Vec<f64>| sample.into_iter().map(|v| thought.scale.value(v)).collect();
        drawn.into_iter().map(valued).collect()
    }

    /// The tried configuration with the best posterior mean, which a lucky draw of the noise cannot fool.
    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        let observed = history.best().map(|(job, _)| Recommendation {
            id: job.id,
            belief: None,
        })?;
        // A local model knows nothing of the regions before.
        if self.is_local {
            return Some(observed);
        }
        let reading = self.reading(history, None);
        let Ok(thought) = self.think(history, None, &reading) else {
            return Some(observed);
        };
        let judge = self.judge(&thought, &reading, history.next_id());
        let full: Vec<&Job> = history
            .scored()
            .map(|(job, _)| job)
            .filter(|job| job.fidelity >= 1.0)
            .collect();
        let inputs: Vec<Vec<f64>> = full.iter().map(|job| self.grounds.input(&job.config)).collect();
        let scores = judge.scores(&inputs);
        let best = full.iter().zip(scores).min_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
        let recommended = best.map(|(job, score)| Recommendation {
            id: job.id,
            belief: Some((judge.scale.value(score.mean), judge.scale.sd(score.mean, score.sd))),
        });
        Some(recommended.unwrap_or(observed))
    }
}

#[cfg(test)]
mod tests;
