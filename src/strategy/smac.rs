//! Sequential model-based algorithm configuration: a forest as the surrogate, expected improvement by local search.

use super::{Ask, Build, Plan, Strategy, Tried};
use crate::acquisition::{ACQUISITIONS, Acquisition};
use crate::context::Context;
use crate::math::sobol::Sobol;
use crate::mind::{Mind, Posterior};
use crate::registry::{Entry, Setting, SettingKind, Settings, find};
use crate::seed::{Seed, normal};
use crate::space::{Config, Space};
use crate::surrogate::forest::{Forest, Kind};
use crate::trial::{Direction, History, Job, ModelOrigin, Origin, Outcome, RunnerUp};
use std::sync::Arc;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "smac",
    title: "SMAC (random forest)",
    about: "Fits a forest of random trees to the trials and looks for the highest log expected improvement: among random points, and by \
        local search from the best trials, one parameter changed at a time. Every few trials it takes a random point instead, in case the \
        forest is wrong. At home with categories, conditions, steps and many trials; where the objective is smooth, a Gaussian process \
        sees more in the same trials.",
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
    ],
    build: |space, settings, plan: &Plan| Ok(Box::new(Smac::new(space, settings, plan)?)),
};

/// Random candidates, and trials from which local search starts.
const DRAWS: usize = 600;
const STARTS: usize = 8;
/// Neighbours of a point along each ordered parameter, and how far they lie.
const NEIGHBOURS: usize = 4;
const REACH: f64 = 0.1;
/// Where the coordinate of an inactive parameter lies: outside.
const INACTIVE: f64 = -1.0;

struct Smac {
    space: Arc<Space>,
    plan: Plan,
    trees: usize,
    random: usize,
    initial: usize,
    kinds: Vec<Kind>,
    acquisition: Box<dyn Acquisition>,
}

/// The forest and what turns its scale into the objective's.
struct Model {
    forest: Forest,
    /// The best value on the model's scale: what improvement is measured against.
    target: f64,
    low: f64,
    scale: f64,
    direction: Direction,
}

/// A candidate with what the model says of it.
#[derive(Clone)]
struct Candidate {
    config: Config,
    mean: f64,
    sd: f64,
    utility: f64,
}

impl Smac {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Result<Smac, String> {
        let entry = find(ACQUISITIONS, "logei").ok_or("log expected improvement is missing")?;
        let kind = |categorical| if categorical { Kind::Category } else { Kind::Ordered };
        let free = space.params().iter().filter(|p| !p.domain.is_fixed()).count();
        let initial = match settings.int("initial") {
            0 => (3 * free).max(5).min((plan.trials / 4).max(2)),
            set => set as usize,
        };
        Ok(Smac {
            space: space.clone(),
            plan: plan.clone(),
            trees: settings.int("trees") as usize,
            random: settings.int("random") as usize,
            initial,
            kinds: space.params().iter().map(|p| kind(p.domain.is_categorical())).collect(),
            acquisition: (entry.build)(&Settings::defaults(entry.settings)),
        })
    }

    fn input(&self, config: &Config) -> Vec<f64> {
        let place = |p: &crate::space::Param| config.get(&p.name).map_or(INACTIVE, |v| p.domain.to_unit(v));
        self.space.params().iter().map(place).collect()
    }

    /// The forest of a history; failed trials count as the worst value, pending ones and `since` as what the told ones predict there.
    fn model(&self, history: &History, since: &[Job], seed: Seed) -> Option<Model> {
        let direction = history.direction();
        let values = || history.scored().map(|(_, s)| direction.minimized(s.value));
        let (low, high) = values().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        // Half of each, so that a range of huge values does not overflow.
        let scale = if high > low { high / 2.0 - low / 2.0 } else { 0.5 };
        let scaled = |value: f64| (value / 2.0 - low / 2.0) / scale;
        let (mut x, mut y, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for (job, outcome) in history.trials() {
            let input = self.input(&job.config);
            match outcome {
                None => pending.push(input),
                Some(Outcome::Value(score)) => {
                    x.extend(input);
                    y.push(transformed(scaled(direction.minimized(score.value))));
                }
                Some(Outcome::Failed { .. }) => {
                    x.extend(input);
                    y.push(transformed(1.0));
                }
            }
        }
        pending.extend(since.iter().map(|job| self.input(&job.config)));
        let target = y.iter().copied().fold(f64::MAX, f64::min);
        let fit = |x: &[f64], y: &[f64]| Forest::fit(x, y, &self.kinds, self.trees, 2, seed);
        let mut forest = fit(&x, &y);
        if !pending.is_empty() {
            for input in pending {
                y.push(forest.predict(&input).0);
                x.extend(input);
            }
            forest = fit(&x, &y);
        }
        Some(Model {
            forest,
            target,
            low,
            scale,
            direction,
        })
    }

    fn candidate(&self, model: &Model, config: Config) -> Candidate {
        let (mean, sd) = model.forest.predict(&self.input(&config));
        let utility = self.acquisition.utility(mean, sd.max(1e-9), model.target).0;
        Candidate {
            config,
            mean,
            sd,
            utility,
        }
    }

    /// Untried candidates, the best first.
    fn ranked(&self, model: &Model, history: &History, tried: &Tried, seed: Seed) -> Vec<Candidate> {
        let mut rng = seed.derive("candidates", 0).fast_rng();
        let is_new = |config: &Config| self.space.is_allowed(config) && !tried.contains(config);
        let mut found: Vec<Candidate> = Vec::new();
        if self.space.size().is_some_and(|n| n <= DRAWS as u64) {
            let all = self.space.list().filter(&is_new);
            found.extend(all.map(|config| self.candidate(model, config)));
        } else {
            let draws = (0..DRAWS).filter_map(|_| self.space.sample(&mut rng));
            found.extend(draws.filter(&is_new).map(|config| self.candidate(model, config)));
            let mut best: Vec<(&Job, f64)> = history
                .scored()
                .map(|(job, s)| (job, model.direction.minimized(s.value)))
                .collect();
            best.sort_by(|a, b| a.1.total_cmp(&b.1));
            found.sort_by(|a, b| b.utility.total_cmp(&a.utility));
            let drawn = found.iter().take(2).map(|c| c.config.clone());
            let starts: Vec<Config> = best
                .iter()
                .take(STARTS)
                .map(|(job, _)| job.config.clone())
                .chain(drawn)
                .collect();
            for start in starts {
                found.extend(self.climb(model, start, &is_new, &mut rng));
            }
        }
        found.sort_by(|a, b| b.utility.total_cmp(&a.utility));
        found.dedup_by(|a, b| a.config == b.config);
        found
    }

    /// Local search: to the best neighbour as long as it is better; the untried points on the way.
    fn climb(
        &self,
        model: &Model,
        start: Config,
        is_new: &impl Fn(&Config) -> bool,
        rng: &mut impl rand::Rng,
    ) -> Vec<Candidate> {
        let mut path: Vec<Candidate> = Vec::new();
        let mut here = start;
        let mut height = f64::NEG_INFINITY;
        for _ in 0..20 {
            let next = self
                .neighbours(&here, rng)
                .into_iter()
                .filter(|config| is_new(config))
                .map(|config| self.candidate(model, config))
                .max_by(|a, b| a.utility.total_cmp(&b.utility));
            match next {
                Some(next) if next.utility > height => {
                    (here, height) = (next.config.clone(), next.utility);
                    path.push(next);
                }
                _ => break,
            }
        }
        path
    }

    /// Configurations that differ in one parameter, and in what depends on it.
    fn neighbours(&self, config: &Config, rng: &mut impl rand::Rng) -> Vec<Config> {
        let here = self.space.to_unit(config);
        let mut all = Vec::new();
        for (i, param) in self.space.params().iter().enumerate() {
            if param.domain.is_fixed() || config.get(&param.name).is_none() {
                continue;
            }
            let mut moved = |u: f64| {
                let mut point = here.clone();
                point[i] = u;
                let config = self.space.at_unit(&point);
                if !all.contains(&config) {
                    all.push(config);
                }
            };
            match param.domain.size() {
                // Every other category; the two levels next to it.
                Some(n) if param.domain.is_categorical() => {
                    (0..n).for_each(|k| moved(param.domain.to_unit(&param.domain.level(k))));
                }
                size => {
                    if let Some((n, k)) = size.zip(config.get(&param.name).and_then(|v| param.domain.level_of(v))) {
                        for k in [k.wrapping_sub(1), k + 1].into_iter().filter(|k| *k < n) {
                            moved(param.domain.to_unit(&param.domain.level(k)));
                        }
                    }
                    for _ in 0..NEIGHBOURS {
                        moved((here[i] + REACH * normal(rng)).clamp(0.0, 1.0));
                    }
                }
            }
        }
        all.retain(|c| c != config);
        all
    }

    fn seed(&self, id: u32) -> Seed {
        self.plan.seed.derive("proposal", u64::from(id))
    }

    /// The next point without the model: of the design, or at random.
    fn without_model(&self, tried: &Tried, asked: usize, id: u32, reason: &str) -> Result<(Config, Origin), String> {
        if asked < self.initial {
            let sobol = Sobol::new(self.space.dim(), self.plan.seed.derive("initial design", 0));
            let from = asked as u32;
            let points = (from..from + 2000).map(|i| self.space.at_unit(&sobol.point(i)));
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

    fn origin(&self, model: &Model, ranked: &[Candidate]) -> Origin {
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
            factors: Vec::new(),
            note: String::new(),
        }))
    }
}

/// Values between the best, 0, and the worst, 1, with differences among good ones enlarged.
fn transformed(value: f64) -> f64 {
    libm::log(value + FLOOR)
}

/// Differences below this share of the range are as good as none.
const FLOOR: f64 = 0.03;

impl Model {
    /// A value on the model's scale in the objective's own unit and sign.
    fn value(&self, scaled: f64) -> f64 {
        let share = libm::exp(scaled) - FLOOR;
        self.direction.minimized(self.low + 2.0 * share * self.scale)
    }

    /// A standard deviation at `mean` in the objective's unit: half the distance between the ends of mean ± sd.
    fn sd(&self, mean: f64, sd: f64) -> f64 {
        (self.value(mean + sd) / 2.0 - self.value(mean - sd) / 2.0).abs()
    }
}

impl Strategy for Smac {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        let size = self.space.size();
        let mut tried = Tried::of(history);
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room && tried.exhausted(size).is_none() {
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
                match self.model(history, &jobs, self.seed(id)) {
                    None => self.without_model(&tried, asked, id, "no trial has given a value yet")?,
                    Some(model) => {
                        let ranked = self.ranked(&model, history, &tried, self.seed(id));
                        match ranked.first() {
                            Some(best) => (best.config.clone(), self.origin(&model, &ranked)),
                            None => {
                                self.without_model(&tried, asked, id, "every candidate of the forest had been tried")?
                            }
                        }
                    }
                }
            };
            tried.insert(&config);
            jobs.push(Job {
                id,
                config,
                fidelity: 1.0,
                parent: None,
                origin,
            });
        }
        match tried.exhausted(size) {
            Some(reason) if jobs.is_empty() => Ok(Ask::Finished(reason)),
            _ => Ok(Ask::Jobs(jobs)),
        }
    }

    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        let Some(model) = self.model(history, &[], self.seed(history.next_id())) else {
            return Mind::Nothing("a forest needs a trial with a value".into());
        };
        let candidates: Vec<Candidate> = at.iter().map(|config| self.candidate(&model, config.clone())).collect();
        Mind::Posterior(Posterior {
            mean: candidates.iter().map(|c| model.value(c.mean)).collect(),
            sd: candidates.iter().map(|c| model.sd(c.mean, c.sd)).collect(),
            acquisition: candidates.iter().map(|c| c.utility).collect(),
            acquisition_id: "logei".into(),
            noise_sd: 0.0,
        })
    }

    fn at_most(&self) -> Option<u64> {
        self.space.size()
    }
}
