//! Sequential model-based algorithm configuration: a forest as the surrogate, expected improvement by local search.

mod leaves;
mod model;
mod rows;
mod search;

use self::model::Model;
use self::rows::Rows;
use self::search::{Candidate, STARTS, Search, listed};
use super::{Ask, Build, Plan, Recommendation, Strategy, Tried, prior};
use crate::acquisition::{ACQUISITIONS, Acquisition};
use crate::context::Context;
use crate::math::sobol::Sobol;
use crate::mind::{Mind, Posterior};
use crate::registry::{Entry, Setting, SettingKind, Settings, find};
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::trial::{History, Job, ModelOrigin, Origin, RunnerUp};
use std::sync::Arc;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "smac",
    title: "SMAC (random forest)",
    about: "Fits a forest of random trees to the trials and looks for the highest log expected improvement: among random points, and by \
        local search from the best trials, one parameter changed at a time. Where values turn out noisy, the leaves of its trees average \
        several, so that a lucky one is not believed. Every few trials it takes a random point instead, in case the forest is wrong. At \
        home with categories, conditions, steps and many trials; where the objective is smooth, a Gaussian process sees more in the same \
        trials.",
    formula: "argmax log EI(x) under mean and spread of the trees' predictions",
    paper: "Hutter, Hoos & Leyton-Brown 2011, Sequential model-based optimization for general algorithm configuration, LION 5",
    settings: &[
        Setting {
            id: "trees",
            about: "Number of trees: more of them make mean and spread smoother.",
            kind: SettingKind::Int(2, 200),
            default: "30",
        },
        Setting {
            id: "random",
            about: "Every so many-th trial is a random draw; 0 is never.",
            kind: SettingKind::Int(0, 1000),
            default: "8",
        },
        Setting {
            id: "initial",
            about: "Points of the initial design; 0 takes three for each parameter, at least 5, at most a quarter of the trials.",
            kind: SettingKind::Int(0, 1000),
            default: "0",
        },
        prior::SETTING,
    ],
    build: |space, settings, plan: &Plan| Ok(Box::new(Smac::new(space, settings, plan)?)),
};

struct Smac {
    space: Arc<Space>,
    plan: Plan,
    trees: usize,
    random: usize,
    initial: usize,
    rows: Rows,
    /// Number of configurations, if it is finite.
    size: Option<u64>,
    /// Every allowed row, if they are few.
    listed: Option<Vec<f64>>,
    acquisition: Box<dyn Acquisition>,
    /// How long a person's prior is believed.
    beta: f64,
}

impl Smac {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Result<Smac, String> {
        let entry = find(ACQUISITIONS, "logei").ok_or("log expected improvement is missing")?;
        let free = space.params().iter().filter(|p| !p.domain.is_fixed()).count();
        let initial = match settings.int("initial") {
            0 => (3 * free).max(5).min((plan.trials / 4).max(2)),
            set => set as usize,
        };
        let (rows, size) = (Rows::new(space), space.size());
        Ok(Smac {
            space: space.clone(),
            plan: plan.clone(),
            trees: settings.int("trees") as usize,
            random: settings.int("random") as usize,
            initial,
            listed: listed(space, size, &rows),
            rows,
            size,
            acquisition: (entry.build)(&Settings::defaults(entry.settings)),
            beta: prior::beta(settings, plan.trials),
        })
    }

    fn model(&self, history: &History, since: &[Job], id: u32) -> Option<Model> {
        Model::fit(&self.rows, self.trees, STARTS, history, since, self.seed(id))
    }

    /// The search for trial `id`.
    fn search<'a>(&'a self, model: &'a Model, id: u32) -> Search<'a> {
        let chosen = (id as usize).saturating_sub(self.initial);
        Search {
            rows: &self.rows,
            model,
            acquisition: &*self.acquisition,
            prior: self.space.has_prior().then(|| prior::power(self.beta, chosen)),
        }
    }

    fn seed(&self, id: u32) -> Seed {
        self.plan.seed.derive("proposal", u64::from(id))
    }

    /// The next point without the model: of the design, or at random.
    fn without_model(&self, tried: &Tried, asked: usize, id: u32, reason: &str) -> Result<(Config, Origin), String> {
        if asked < self.initial {
            let sobol = Sobol::new(self.space.dim(), self.plan.seed.derive("initial design", 0));
            let from = asked as u32;
            let points = (from..from + 2000).map(|i| self.space.at_unit(&self.space.by_prior(&sobol.point(i))));
            let mut legal = points.filter(|config| self.space.is_allowed(config) && !tried.contains(config));
            if let Some(config) = legal.next() {
                let origin = Origin::Initial {
                    point: from,
                    points: self.initial as u32,
                    design: "scrambled Sobol".into(),
                };
                return Ok((config, origin));
            }
        }
        let mut rng = self.seed(id).derive("draw", 0).rng();
        let config = tried.sample_untried(&self.space, &mut rng, 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let reason = reason.to_string();
        Ok((config, Origin::Fallback { reason }))
    }

    fn origin(&self, model: &Model, ranked: &[Candidate], id: u32) -> Origin {
        let runner = |c: &Candidate| RunnerUp {
            config: c.config.clone(),
            value: c.utility,
            mean: model.value(c.mean),
            sd: model.sd(c.mean, c.sd),
        };
        let best = runner(&ranked[0]);
        Origin::Model(Box::new(ModelOrigin {
            acquisition: "logei".into(),
            value: best.value,
            mean: best.mean,
            sd: best.sd,
            incumbent: model.value(model.target),
            runners_up: ranked.iter().skip(1).take(3).map(runner).collect(),
            hyperparameters: vec![("trees".into(), self.trees as f64)],
            factors: (self.search(model, id).prior)
                .map(|power| libm::exp(power * self.space.log_prior(&ranked[0].config)))
                .map(|factor| vec![("prior".into(), factor)])
                .unwrap_or_default(),
            note: String::new(),
        }))
    }
}

impl Strategy for Smac {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room && tried.exhausted(self.size).is_none() {
            if context.stopped() {
                return Ok(Ask::Wait);
            }
            let id = history.next_id() + jobs.len() as u32;
            let asked = history.jobs().len() + jobs.len();
            let (config, origin) = if asked < self.initial {
                self.without_model(&tried, asked, id, "the initial design has no new point here")?
            } else if self.random > 0 && (asked - self.initial) % self.random == self.random - 1 {
                let reason = format!("every {}th trial is, in case the forest is wrong", self.random);
                self.without_model(&tried, asked, id, &reason)?
            } else {
                match self.model(history, &jobs, id) {
                    None => self.without_model(&tried, asked, id, "no trial has given a value yet")?,
                    Some(model) => {
                        let mut rng = self.seed(id).derive("candidates", 0).fast_rng();
                        let ranked = self
                            .search(&model, id)
                            .best(self.listed.as_deref(), &tried, 4, &mut rng);
                        match ranked.first() {
                            Some(best) => (best.config.clone(), self.origin(&model, &ranked, id)),
                            None => {
                                self.without_model(&tried, asked, id, "every candidate of the forest had been tried")?
                            }
                        }
                    }
                }
            };
            tried.insert(&config);
            jobs.push(Job::full(id, config, origin));
        }
        Ok(tried.answer(jobs, self.size))
    }

    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        let Some(model) = self.model(history, &[], history.next_id()) else {
            return Mind::Nothing("a forest needs a trial with a value".into());
        };
        let candidates = self.search(&model, history.next_id()).at(at);
        Mind::Posterior(Posterior {
            mean: candidates.iter().map(|c| model.value(c.mean)).collect(),
            sd: candidates.iter().map(|c| model.sd(c.mean, c.sd)).collect(),
            acquisition: candidates.iter().map(|c| c.utility).collect(),
            acquisition_id: "logei".into(),
            noise_sd: 0.0,
        })
    }

    /// The best observed; under noise the tried configuration of the forest's lowest mean, which a lucky value alone does not make.
    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        let observed = history.best().map(|(job, _)| Recommendation {
            id: job.id,
            belief: None,
        })?;
        let Some(model) = self.model(history, &[], history.next_id()).filter(|m| m.is_noisy) else {
            return Some(observed);
        };
        let full = history.scored().map(|(job, _)| job).filter(|job| job.fidelity >= 1.0);
        let full: Vec<&Job> = full.collect();
        let rows: Vec<f64> = full.iter().flat_map(|job| self.rows.of(&job.config)).collect();
        let told = full.iter().zip(model.forest.predict(&rows));
        let best = told.min_by(|a, b| a.1.0.total_cmp(&b.1.0));
        Some(best.map_or(observed, |(job, (mean, sd))| Recommendation {
            id: job.id,
            belief: Some((model.value(mean), model.sd(mean, sd))),
        }))
    }

    fn at_most(&self) -> Option<u64> {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::normal;
    use crate::strategy::testing::{number, space};
    use crate::trial::{Direction, Outcome};
    use rayon::prelude::*;

    /// A run of 60 trials on a bowl under this noise: how far from the bowl's best place the observed best is, and what is recommended.
    fn off(noise: f64, seed: u64) -> [f64; 2] {
        let space = space(&[("x", "0.0..1.0"), ("y", "0.0..1.0")]);
        let settings = Settings::defaults(ENTRY.settings);
        let mut smac = Smac::new(&space, &settings, &Plan::new(Seed(seed), 60)).expect("a strategy");
        let mut history = History::new(space, Direction::Minimize);
        let mut rng = Seed(seed).rng();
        let bowl = |config: &Config| {
            let (x, y) = (number(config, "x") - 0.3, number(config, "y") - 0.6);
            x * x + y * y
        };
        for id in 0..60 {
            let Ok(Ask::Jobs(jobs)) = smac.ask(&history, 1, &Context::new()) else {
                panic!("a proposal");
            };
            let value = bowl(&jobs[0].config) + noise * normal(&mut rng);
            jobs.into_iter().for_each(|job| history.ask(job));
            history.tell(id, Outcome::of(value)).expect("pending");
        }
        let observed = history.best().expect("values").0.id;
        let recommended = smac.recommend(&history).expect("values").id;
        [observed, recommended].map(|id| bowl(&history.jobs()[id as usize].config))
    }

    #[test]
    fn a_lucky_value_under_noise_is_not_recommended() {
        // Twenty runs say nothing: in most of them the two are the same trial.
        let runs: Vec<[f64; 2]> = (0..100).into_par_iter().map(|seed| off(0.3, seed)).collect();
        let [observed, recommended] = [0, 1].map(|k| runs.iter().map(|run| run[k]).sum::<f64>() / 100.0);
        assert!(recommended < 0.95 * observed, "{recommended} for {observed}");
        let nearer = |a: usize, b: usize| runs.iter().filter(|run| run[a] < run[b]).count();
        assert!(nearer(1, 0) > nearer(0, 1), "{runs:?}");
        for seed in 0..3 {
            let [observed, recommended] = off(0.0, seed);
            assert!(observed == recommended, "exact values are believed");
        }
    }
}
