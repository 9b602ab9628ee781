//! A portfolio: several strategies share one history, and whoever has done well is chosen more often.

mod gains;

use super::rung::{Step, fill};
use super::team::{Team, chosen, seen_by};
use super::{Ask, Build, Recommendation, Strategy};
use crate::context::Context;
use crate::mind::Mind;
use crate::order;
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{Seed, uniform};
use crate::space::{Config, rounded};
use crate::trial::{History, Job, Nominee};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "portfolio",
    title: "Portfolio",
    about: "Several strategies search together: each learns from all trials, and for each trial one of them is chosen by what their proposals have been \
            worth so far. No single strategy is best everywhere; a portfolio comes close to the best of its members without knowing which that is, and \
            pays for finding out. Hedge asks every member and judges all their proposals by a Gaussian process, also those that were not tried; \
            the bandit asks only the chosen one and judges by what came of it.",
    formula: "hedge: P(i) ∝ exp(η g_i), g_i ← m g_i − μ(x_i);  bandit: argmax r̄_i + c √(2 ln N / N_i)",
    paper: "Hoffman, Brochu & de Freitas 2011, Portfolio allocation for Bayesian optimization, UAI; Auer, Cesa-Bianchi & Fischer 2002, Finite-time analysis of the multiarmed bandit problem, Machine Learning 47",
    settings: &[
        Setting {
            id: "members",
            about: "The strategies, with their defaults. By default three that differ most in what they go by: a smooth map, densities, and a distribution that moves.",
            kind: SettingKind::Words(&[
                "bayes",
                "tpe",
                "smac",
                "cmaes",
                "de",
                "evolution",
                "annealing",
                "nelder_mead",
                "sobol",
                "random",
            ]),
            default: "bayes|tpe|cmaes",
        },
        Setting {
            id: "rule",
            about: "How one is chosen: hedge, at random by gains over all proposals; bandit, the highest bound on the reward of its own. Hedge learns more of each trial, but every member has to think.",
            kind: SettingKind::Choice(&["hedge", "bandit"]),
            default: "hedge",
        },
        Setting {
            id: "eta",
            about: "η for hedge: how much a gain of one standard deviation of the values seen speaks for a member.",
            kind: SettingKind::Float(0.0, 100.0),
            default: "0.4",
        },
        Setting {
            id: "explore",
            about: "c for the bandit: how much having been asked seldom speaks for a member.",
            kind: SettingKind::Float(0.0, 100.0),
            default: "0.3",
        },
        Setting {
            id: "memory",
            about: "m: what remains of gains and rewards at each trial. Below 1, who is good late can overtake who was good early.",
            kind: SettingKind::Float(0.0, 1.0),
            default: "0.8",
        },
    ],
    build: |space, settings, plan| {
        let members: Vec<String> = settings.words("members").iter().map(ToString::to_string).collect();
        let mut team = Team::new(space, plan);
        members.iter().try_for_each(|m| team.member(m).map(|_| ()))?;
        Ok(Box::new(Portfolio {
            seed: plan.seed,
            team,
            members,
            is_hedge: settings.choice("rule") == "hedge",
            eta: settings.float("eta"),
            explore: settings.float("explore"),
            memory: settings.float("memory"),
        }))
    },
};

/// Whose model judges proposals that were not tried.
const JUDGE: &str = "bayes";

struct Portfolio {
    seed: Seed,
    team: Team,
    members: Vec<String>,
    is_hedge: bool,
    eta: f64,
    explore: f64,
    memory: f64,
}

/// What the members answered, as far as they were asked.
#[derive(Default)]
struct Answers {
    jobs: Vec<(usize, Job)>,
    is_waiting: bool,
    /// The first reason why a member has nothing left.
    finished: Option<String>,
}

impl Answers {
    fn none(self) -> Result<Step, String> {
        match self.finished {
            _ if self.is_waiting => Ok(Step::Wait),
            Some(reason) => Ok(Step::Finished(reason)),
            None => Err("no member has a proposal".into()),
        }
    }
}

impl Portfolio {
    fn hear(&mut self, member: usize, now: &History, context: &Context, answers: &mut Answers) -> Result<(), String> {
        match self.team.ask(&self.members[member], now, context)? {
            Ask::Jobs(jobs) => answers.jobs.extend(jobs.into_iter().next().map(|job| (member, job))),
            Ask::Wait => answers.is_waiting = true,
            Ask::Finished(reason) => {
                answers.finished.get_or_insert(reason);
            }
        }
        Ok(())
    }

    /// The judge's means at some configurations, smaller is better; nothing while it has no model.
    fn judged(&mut self, now: &History, at: &[Config]) -> Result<Option<Vec<f64>>, String> {
        let mind = self.team.member(JUDGE)?.mind(&seen_by(now, JUDGE), at);
        Ok(match mind {
            Mind::Posterior(p) => Some(p.mean.iter().map(|m| now.direction().minimized(*m)).collect()),
            _ => None,
        })
    }

    fn hedge(&mut self, now: &History, context: &Context) -> Result<Step, String> {
        let mut answers = Answers::default();
        for member in 0..self.members.len() {
            self.hear(member, now, context, &mut answers)?;
        }
        if answers.jobs.is_empty() {
            return answers.none();
        }
        let mut gains = vec![0.0; self.members.len()];
        if let Some(last) = gains::carried(now, &self.members) {
            gains = last.gains;
            let at: Vec<Config> = last.nominees.iter().map(|(_, config)| config.clone()).collect();
            let means = self.judged(now, &at)?;
            let means = last.nominees.iter().map(|(m, _)| *m).zip(means.unwrap_or_default());
            let rewards = gains::rewards(now, &means.collect::<Vec<_>>(), self.members.len());
            gains
                .iter_mut()
                .zip(rewards)
                .for_each(|(g, r)| *g = self.memory * *g + r);
        }
        let able: Vec<usize> = answers.jobs.iter().map(|(m, _)| *m).collect();
        let odds = gains::softmax(&able.iter().map(|m| self.eta * gains[*m]).collect::<Vec<_>>());
        let seed = self.seed.derive("choice", u64::from(now.next_id()));
        let mut left = uniform(&mut seed.rng());
        let drawn = odds.iter().position(|p| {
            left -= p;
            left < 0.0
        });
        let drawn = drawn.unwrap_or(able.len() - 1);
        let nominees = answers.jobs.iter().map(|(m, job)| Nominee {
            strategy: self.members[*m].clone(),
            config: job.config.clone(),
        });
        let nominees: Vec<Nominee> = nominees.collect();
        let named = |what: &str, m: usize| format!("{what}.{}", self.members[m]);
        let mut numbers: Vec<(String, f64)> = (0..gains.len()).map(|m| (named("gain", m), gains[m])).collect();
        numbers.extend(able.iter().zip(&odds).map(|(m, p)| (named("chance", *m), *p)));
        let (member, job) = answers.jobs.swap_remove(drawn);
        let why = format!(
            "Drawn from {} proposals, with a chance of {} for {}, by what the model thinks of each one's proposals so far.",
            able.len(),
            rounded(odds[drawn]),
            self.members[member]
        );
        Ok(Step::Go(chosen(
            Job {
                id: now.next_id(),
                ..job
            },
            &self.members[member],
            why,
            numbers,
            nominees,
        )))
    }

    fn bandit(&mut self, now: &History, context: &Context) -> Result<Step, String> {
        let arms = gains::arms(now, &self.members, self.memory);
        let bounds: Vec<f64> = arms.iter().map(|a| a.bound(&arms, self.explore)).collect();
        let mut order: Vec<usize> = (0..arms.len()).collect();
        order::sort_by(&mut order, |a, b| bounds[*b].total_cmp(&bounds[*a]).then(a.cmp(b)));
        let mut answers = Answers::default();
        for member in order {
            self.hear(member, now, context, &mut answers)?;
            let Some((_, job)) = answers.jobs.pop() else { continue };
            let (name, arm) = (&self.members[member], &arms[member]);
            let why = if arm.asked == 0.0 {
                format!("{name} has not been asked yet, and each gets its turn.")
            } else {
                format!(
                    "{name} has the highest bound: its trials were worth {} of 1 on average, and with its share of the latest trials it may be {}.",
                    rounded(arm.reward / arm.asked),
                    rounded(bounds[member])
                )
            };
            let named = |what: &str, m: usize| format!("{what}.{}", self.members[m]);
            let numbers = (0..arms.len()).map(|m| (named("bound", m), bounds[m])).collect();
            let nominee = Nominee {
                strategy: name.clone(),
                config: job.config.clone(),
            };
            let id = now.next_id();
            return Ok(Step::Go(chosen(Job { id, ..job }, name, why, numbers, vec![nominee])));
        }
        answers.none()
    }
}

impl Strategy for Portfolio {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| {
            if self.is_hedge {
                self.hedge(now, context)
            } else {
                self.bandit(now, context)
            }
        })
    }

    /// The judge's belief: what gains are made of.
    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        if !self.is_hedge {
            return Mind::Nothing(
                "the bandit judges its members by what came of their trials, and has no model of its own".into(),
            );
        }
        match self.team.member(JUDGE) {
            Ok(judge) => judge.mind(&seen_by(history, JUDGE), at),
            Err(why) => Mind::Nothing(why),
        }
    }

    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        let judge = if self.is_hedge {
            self.team.member(JUDGE).ok()
        } else {
            None
        };
        match judge {
            Some(judge) => judge.recommend(&seen_by(history, JUDGE)),
            None => history.best().map(|(job, _)| Recommendation {
                id: job.id,
                belief: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
