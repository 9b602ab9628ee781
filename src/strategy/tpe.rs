//! Tree-structured Parzen estimators: where good trials are dense and bad ones are not.

use super::{Ask, Build, Plan, Strategy, Tried, prior};
use crate::context::Context;
use crate::mind::{Densities, Mind};
use crate::order;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::space::{Config, Space};
use crate::surrogate::parzen::{Parzen, Point, Width, point};
use crate::trial::{History, Job, MoveOrigin, Origin, Outcome};
use std::sync::Arc;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "tpe",
    title: "TPE",
    about: "Splits the trials into the best few and the rest, estimates the density of each, draws candidates where the good ones are dense \
        and takes the one with the highest ratio of good to bad. Cheap at any number of trials, at home with categories, conditions and \
        many parameters; it models the densities of places rather than the values there, so that it learns more slowly than a Gaussian \
        process where the objective is smooth.",
    formula: "argmax l(x) / g(x), l and g Parzen estimators of good and bad trials",
    paper: "Bergstra, Bardenet, Bengio & Kégl 2011, Algorithms for hyper-parameter optimization, NeurIPS 24",
    settings: &[
        Setting {
            id: "multivariate",
            about: "Whether parameters are modelled together, each trial one kernel in all of them; or each by itself, as in the paper, \
                which cannot see that two parameters must fit each other.",
            kind: SettingKind::Choice(&["yes", "no"]),
            default: "yes",
        },
        Setting {
            id: "gamma",
            about: "Share of the trials that count as good, at most 25 of them. A fifth won over a tenth on the problems kept for choosing.",
            kind: SettingKind::Float(0.01, 0.5),
            default: "0.2",
        },
        Setting {
            id: "candidates",
            about: "Candidates drawn from the good density: more of them follow the ratio more closely, fewer explore more.",
            kind: SettingKind::Int(1, 1000),
            default: "24",
        },
        Setting {
            id: "initial",
            about: "Uniform draws to begin with.",
            kind: SettingKind::Int(2, 1000),
            default: "10",
        },
        prior::SETTING,
    ],
    build: |space, settings, plan: &Plan| Ok(Box::new(Tpe::new(space, settings, plan))),
};

/// Good trials at most, and trials of full weight: older ones of the rest fade.
const MOST: usize = 25;

struct Tpe {
    space: Arc<Space>,
    /// Number of configurations, if it is finite.
    size: Option<u64>,
    plan: Plan,
    joint: bool,
    gamma: f64,
    candidates: i64,
    initial: usize,
    /// How long a person's prior is believed.
    beta: f64,
}

/// The two densities and what they were made of.
struct Model {
    good: Parzen,
    bad: Parzen,
    /// Ids of the good trials, the best first.
    chosen: Vec<u32>,
    rest: usize,
}

impl Tpe {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Tpe {
        Tpe {
            space: space.clone(),
            size: space.size(),
            plan: plan.clone(),
            joint: settings.choice("multivariate") == "yes",
            gamma: settings.float("gamma"),
            candidates: settings.int("candidates"),
            initial: settings.int("initial") as usize,
            beta: prior::beta(settings, plan.trials),
        }
    }

    /// The densities of `history` and of the jobs handed out since: what has no value, failed or pending, is bad.
    fn model(&self, history: &History, since: &[Job]) -> Model {
        let direction = history.direction();
        let told = history.trials().map(|(job, outcome)| {
            let value = outcome.and_then(Outcome::value);
            (job, value.map_or(f64::INFINITY, |v| direction.minimized(v)))
        });
        let trials: Vec<(&Job, f64)> = told.chain(since.iter().map(|job| (job, f64::INFINITY))).collect();
        let points: Vec<Point> = trials.iter().map(|(job, _)| point(&self.space, &job.config)).collect();
        let mut order: Vec<usize> = (0..trials.len()).collect();
        // What was tried with less effort is told apart from full effort by coming after it.
        order::sort_by(&mut order, |&a, &b| {
            let rank = |i: usize| (trials[i].1 == f64::INFINITY, trials[i].0.fidelity < 1.0);
            rank(a).cmp(&rank(b)).then(trials[a].1.total_cmp(&trials[b].1))
        });
        let scored = trials.iter().filter(|t| t.1 < f64::INFINITY).count();
        let share = libm::ceil(self.gamma * trials.len() as f64) as usize;
        let good = share.clamp(1, MOST).min(scored.max(1));
        let chosen: Vec<u32> = order[..good].iter().map(|&i| trials[i].0.id).collect();
        let density = |mut members: Vec<usize>| {
            members.sort_unstable();
            let kernels: Vec<&Point> = members.iter().map(|&i| &points[i]).collect();
            let width = if self.joint { Width::Scott } else { Width::Neighbour };
            Parzen::new(&self.space, &kernels, &weights(kernels.len()), width, self.joint)
        };
        Model {
            good: density(order[..good].to_vec()),
            bad: density(order[good..].to_vec()),
            chosen,
            rest: trials.len() - good,
        }
    }

    /// ln of what a person's prior multiplies the ratio of densities by, at trial `id`.
    fn log_prior(&self, config: &Config, id: u32) -> f64 {
        let power = prior::power(self.beta, (id as usize).saturating_sub(self.initial));
        power * self.space.log_prior(config)
    }

    /// The candidates for trial `id` that are allowed and untried, with the logarithms of both densities.
    fn candidates(&self, model: &Model, tried: &Tried, id: u32) -> Vec<(Config, f64, f64)> {
        let mut rng = self.plan.seed.derive("proposal", u64::from(id)).rng();
        let draws = (0..self.candidates).map(|_| self.space.at_unit(&model.good.sample(&mut rng)));
        let new = |config: &Config| self.space.is_allowed(config) && !tried.contains(config);
        let configs: Vec<Config> = draws.filter(new).collect();
        let points: Vec<Point> = configs.iter().map(|config| point(&self.space, config)).collect();
        let (good, bad) = (model.good.log_densities(&points), model.bad.log_densities(&points));
        let pairs = good.into_iter().zip(bad);
        configs
            .into_iter()
            .zip(pairs)
            .map(|(c, (good, bad))| (c, good, bad))
            .collect()
    }

    /// The best of the candidates.
    fn best(&self, model: &Model, tried: &Tried, id: u32) -> Option<(Config, f64, f64)> {
        let mut best: Option<(Config, f64, f64)> = None;
        let mut top = f64::NEG_INFINITY;
        for (config, good, bad) in self.candidates(model, tried, id) {
            let score = good - bad + self.log_prior(&config, id);
            if score > top {
                top = score;
                best = Some((config, good, bad));
            }
        }
        best
    }

    fn origin(&self, model: &Model, good: f64, bad: f64, prior: Option<f64>) -> Origin {
        let times = libm::exp(good - bad);
        let (n, rest) = (model.chosen.len(), model.rest);
        let times_text = crate::space::rounded(times);
        let times_prior = prior.map_or(String::new(), |factor| {
            format!(
                " The ratio is multiplied by {}, the prior's part.",
                crate::space::rounded(factor)
            )
        });
        let numbers = [("log good density", good), ("log bad density", bad)].into_iter();
        let numbers = numbers.chain(prior.map(|factor| ("prior", factor)));
        Origin::Move(Box::new(MoveOrigin {
            name: format!("densities good : bad = {times_text} : 1"),
            why: format!(
                "Of {} candidates drawn where the best {n} of {} trials are dense, it has the highest ratio: {times_text} times as dense \
                 in good trials as in the other {rest}.{times_prior}",
                self.candidates,
                n + rest,
            ),
            from: model.chosen.clone(),
            numbers: numbers.map(|(name, v)| (name.to_string(), v)).collect(),
        }))
    }
}

/// Weights of kernels from the oldest to the newest: the newest 25 count fully, older ones the less the older they are.
fn weights(n: usize) -> Vec<f64> {
    let old = n.saturating_sub(MOST);
    let weight = |i: usize| {
        if i >= old {
            return 1.0;
        }
        let first = 1.0 / n as f64;
        first + (1.0 - first) * i as f64 / old as f64
    };
    (0..n).map(weight).collect()
}

impl Strategy for Tpe {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room && tried.exhausted(self.size).is_none() {
            let id = history.next_id() + jobs.len() as u32;
            let asked = history.jobs().len() + jobs.len();
            let scored = history.scored().next().is_some();
            let found = if asked < self.initial || !scored {
                None
            } else {
                let model = self.model(history, &jobs);
                let best = self.best(&model, &tried, id);
                best.map(|(config, good, bad)| {
                    let prior = self.space.has_prior().then(|| libm::exp(self.log_prior(&config, id)));
                    (config, self.origin(&model, good, bad, prior))
                })
            };
            let (config, origin) = match found {
                Some(found) => found,
                None => {
                    let mut rng = self.plan.seed.derive("draw", u64::from(id)).rng();
                    let config = prior::draw(&self.space, &tried, &mut rng);
                    let config = config.or_else(|| tried.sample_untried(&self.space, &mut rng, 1000));
                    let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
                    let origin = if asked < self.initial {
                        Origin::Initial {
                            point: asked as u32,
                            points: self.initial as u32,
                            design: if self.space.has_prior() {
                                "draws from the prior"
                            } else {
                                "uniform draws"
                            }
                            .into(),
                        }
                    } else if scored {
                        let reason = "every candidate had been tried or was forbidden".into();
                        Origin::Fallback { reason }
                    } else {
                        let reason = format!("none of {asked} trials has given a value yet");
                        Origin::Fallback { reason }
                    };
                    (config, origin)
                }
            };
            tried.insert(&config);
            jobs.push(Job::full(id, config, origin));
        }
        Ok(tried.answer(jobs, self.size))
    }

    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        if history.scored().nth(1).is_none() {
            return Mind::Nothing("two densities need two trials with a value".into());
        }
        let model = self.model(history, &[]);
        let points: Vec<Point> = at.iter().map(|config| point(&self.space, config)).collect();
        let (good, bad) = (model.good.log_densities(&points), model.bad.log_densities(&points));
        // The draws to begin with are not chosen among candidates.
        let candidates = if history.jobs().len() < self.initial {
            Vec::new()
        } else {
            self.candidates(&model, &Tried::of(history), history.next_id())
        };
        let rated = candidates.into_iter().map(|(config, g, b)| (config, libm::exp(g - b)));
        Mind::Densities(Densities {
            candidates: rated.filter(|(_, ratio)| ratio.is_finite()).collect(),
            ratio: good.iter().zip(&bad).map(|(g, b)| libm::exp(g - b)).collect(),
            good: good.into_iter().map(libm::exp).collect(),
            bad: bad.into_iter().map(libm::exp).collect(),
        })
    }

    fn at_most(&self) -> Option<u64> {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{build, is, number, run, space};

    #[test]
    fn the_candidates_it_tells_are_those_it_chooses_among() {
        let space = space(&[("x", "0..1"), ("kind", "a,b,c")]);
        let value = |c: &Config| number(c, "x") + if is(c, "kind", "b") { 0.0 } else { 0.3 };
        let history = run(&ENTRY, &space, 7, 16, value);
        let mut strategy = build(&ENTRY, &space, 7, 16);
        for job in history.jobs() {
            let mind = strategy.mind(&history.before(job.id), &[]);
            let candidates = match mind {
                Mind::Densities(densities) => densities.candidates,
                _ => Vec::new(),
            };
            if job.id < 10 {
                assert!(candidates.is_empty(), "trial {} is drawn uniformly", job.id);
                continue;
            }
            let top = candidates
                .iter()
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .expect("candidates");
            assert_eq!(top.0, job.config, "trial {}", job.id);
            assert!(candidates.len() > 1);
        }
    }

    #[test]
    fn old_trials_fade() {
        assert_eq!(weights(3), [1.0; 3]);
        let w = weights(50);
        assert_eq!((w[0], w[25], w[49]), (0.02, 1.0, 1.0));
        assert!(w.windows(2).all(|p| p[0] <= p[1]));
    }
}
