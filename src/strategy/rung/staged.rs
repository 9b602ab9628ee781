//! Configurations that go on step by step, each step a job that continues the last, until a rule stops them. Another strategy says which
//! configurations to begin.

use super::{Ladder, Member, Step, fill, fraction, moved, resume, showing};
use crate::context::Context;
use crate::mind::{self, Mind};
use crate::registry::{Setting, SettingKind, Settings, find};
use crate::space::{Config, Space};
use crate::strategy::{Ask, Plan, STRATEGIES, Strategy};
use crate::trial::{Event, History, Job, Need, Outcome, Score};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The setting of who proposes configurations.
pub(in crate::strategy) const SAMPLER: Setting = Setting {
    id: "sampler",
    about: "The strategy that proposes configurations, with its defaults. To it a stopped configuration is one that failed. Random is the plain choice, \
            by which the saving can be seen alone.",
    kind: SettingKind::Choice(&["random", "bayes", "grid"]),
    default: "random",
};

/// A configuration's way.
#[derive(Clone, Debug, Default)]
pub(in crate::strategy) struct Trail {
    /// Its jobs, in order.
    pub(in crate::strategy) jobs: Vec<u32>,
    /// Their values (minimized), in order.
    pub(in crate::strategy) values: Vec<f64>,
    /// The value of each fold so far (minimized), where a step is a fold.
    pub(in crate::strategy) folds: Vec<f64>,
    /// Its last job's fidelity.
    pub(in crate::strategy) fidelity: f64,
    state: State,
    /// What the rule said last.
    verdict: Option<Verdict>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Pending,
    /// Told, and to be continued.
    Open,
    /// Whole, failed or stopped.
    Closed,
}

/// What a rule says of a configuration after a step.
#[derive(Clone, Debug)]
pub(in crate::strategy) enum Verdict {
    /// It goes on: why, compared with which trials, and the numbers behind it.
    GoOn(String, Vec<u32>, Vec<(&'static str, f64)>),
    /// It is stopped: why.
    Stop(String),
}

/// Decides after each step whether to go on. It sees the outcomes in the order in which they came in.
pub(in crate::strategy) trait Rule {
    /// A value came in for the last step of `trail`, which is number `step` (from 0) of `steps`.
    fn told(&mut self, trail: &Trail, step: usize, steps: usize) -> Verdict;
}

/// Makes the rule for one reading of a log.
pub(in crate::strategy) type MakeRule = Box<dyn Fn() -> Box<dyn Rule> + Send>;

/// Steps with a rule around a sampler.
pub(in crate::strategy) struct Staged {
    ladder: Ladder,
    need: Need,
    sampler: Box<dyn Strategy>,
    rule: MakeRule,
}

/// A log as this strategy reads it.
struct Reading {
    trails: Vec<Trail>,
    /// The history as the sampler sees it: a trial a configuration.
    sampled: History,
}

impl Staged {
    /// Goes up `ladder` with the sampler that `settings` name.
    ///
    /// # Errors
    /// If the sampler cannot search the space.
    pub(in crate::strategy) fn new(
        space: &Arc<Space>,
        settings: &Settings,
        plan: &Plan,
        ladder: Ladder,
        need: Need,
        rule: MakeRule,
    ) -> Result<Staged, String> {
        let id = settings.choice("sampler");
        let entry = find(STRATEGIES, id).ok_or_else(|| format!("there is no sampler \"{id}\""))?;
        let own = Plan {
            seed: plan.seed.derive("sampler", 0),
            ..plan.clone()
        };
        let sampler = (entry.build)(space, &Settings::defaults(entry.settings), &own)?;
        Ok(Staged {
            ladder,
            need,
            sampler,
            rule,
        })
    }

    fn read(&self, history: &History) -> Reading {
        let mut rule = (self.rule)();
        let mut trails: Vec<Trail> = Vec::new();
        let mut sampled = History::new(history.space().clone(), history.direction());
        // The trail of every job, by id.
        let mut of_job: BTreeMap<u32, usize> = BTreeMap::new();
        for event in history.log() {
            match event {
                Event::Asked(job) => {
                    let parent = job.parent.and_then(|id| history.jobs().get(id as usize));
                    let known = parent
                        .filter(|p| p.config == job.config)
                        .and_then(|p| of_job.get(&p.id));
                    let index = known.copied().unwrap_or(trails.len());
                    if index == trails.len() {
                        trails.push(Trail::default());
                        let id = sampled.next_id();
                        sampled.ask(Job {
                            id,
                            fidelity: 1.0,
                            parent: None,
                            ..job.clone()
                        });
                    }
                    of_job.insert(job.id, index);
                    trails[index].jobs.push(job.id);
                    trails[index].fidelity = job.fidelity;
                    trails[index].state = State::Pending;
                }
                Event::Told(id, outcome) => {
                    let Some(&index) = of_job.get(id) else { continue };
                    let trail = &mut trails[index];
                    trail.state = State::Open;
                    let ends = match outcome {
                        Outcome::Failed { .. } => Some(outcome.clone()),
                        Outcome::Value(score) => {
                            trail.learn(score, history, &self.ladder);
                            let step = self.ladder.rung_of(trail.fidelity);
                            let verdict = step.map(|step| rule.told(trail, step, self.ladder.len()));
                            let stopped = match &verdict {
                                Some(Verdict::Stop(why)) => Some(Outcome::failed(why.clone())),
                                _ => None,
                            };
                            trail.verdict = verdict;
                            if trail.fidelity >= 1.0 {
                                Some(outcome.clone())
                            } else {
                                stopped
                            }
                        }
                    };
                    if let Some(outcome) = ends {
                        trail.state = State::Closed;
                        // Told once at most: a trail that is closed gets no more jobs of ours; one of somebody else's may repeat.
                        let _ = sampled.tell(index as u32, outcome);
                    }
                }
            }
        }
        // Who is to continue may have been overtaken: somebody else tried the same with more effort.
        for (index, trail) in trails.iter_mut().enumerate().filter(|(_, t)| t.state == State::Open) {
            let last = &history.jobs()[trail.jobs[trail.jobs.len() - 1] as usize];
            let next = self.ladder.above(last.fidelity);
            let overtook = |job: &&Job| job.config == last.config && job.fidelity == next;
            let Some(other) = history.jobs().iter().find(overtook) else {
                continue;
            };
            trail.state = State::Closed;
            if let (Some(outcome), true) = (history.outcome(other.id), next >= 1.0) {
                let _ = sampled.tell(index as u32, outcome.clone());
            }
        }
        Reading { trails, sampled }
    }

    fn decide(&mut self, now: &History, context: &Context) -> Result<Step, String> {
        let reading = self.read(now);
        if let Some(trail) = reading.trails.iter().find(|t| t.state == State::Open) {
            return Ok(self.go_on(now, trail));
        }
        Ok(match self.sampler.ask(&reading.sampled, 1, context)? {
            Ask::Jobs(jobs) => match jobs.into_iter().next() {
                Some(job) => Step::Go(Job {
                    id: now.next_id(),
                    fidelity: self.ladder.fidelities[0],
                    ..job
                }),
                None => Step::Wait,
            },
            Ask::Wait => Step::Wait,
            // What is under way may have to go on.
            Ask::Finished(_) if reading.trails.iter().any(|t| t.state == State::Pending) => Step::Wait,
            Ask::Finished(reason) => Step::Finished(reason),
        })
    }

    fn go_on(&self, now: &History, trail: &Trail) -> Step {
        let parent = &now.jobs()[trail.jobs[trail.jobs.len() - 1] as usize];
        let fidelity = self.ladder.above(parent.fidelity);
        let (why, compared, numbers) = match &trail.verdict {
            Some(Verdict::GoOn(why, compared, numbers)) => (why.clone(), compared.clone(), numbers.clone()),
            _ => (
                "It was begun by somebody else, and goes on.".into(),
                Vec::new(),
                Vec::new(),
            ),
        };
        let from = [vec![parent.id], compared].concat();
        let name = format!("goes on to {}", fraction(fidelity));
        Step::Go(resume(now, parent, fidelity, moved(name, why, from, &numbers)))
    }
}

impl Trail {
    fn learn(&mut self, score: &Score, history: &History, ladder: &Ladder) {
        let direction = history.direction();
        let value = direction.minimized(score.value);
        let before = self.values.last().copied();
        self.values.push(value);
        let Some(step) = ladder.rung_of(self.fidelity) else {
            return;
        };
        if score.folds.len() == step + 1 {
            self.folds = score.folds.iter().map(|v| direction.minimized(*v)).collect();
        } else if self.folds.len() == step && self.values.len() == step + 1 {
            // The value is the mean over the folds so far: the new fold is what moved it.
            let k = step as f64;
            self.folds.push((k + 1.0) * value - k * before.unwrap_or(0.0));
        }
    }
}

impl Strategy for Staged {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now, context))
    }

    /// One bracket: every step's trials, and which of them went on.
    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        let mut rungs: Vec<Vec<Member>> = vec![Vec::new(); self.ladder.len()];
        for trail in self.read(history).trails {
            for (i, id) in trail.jobs.iter().enumerate() {
                let job = &history.jobs()[*id as usize];
                let Some(rung) = self.ladder.rung_of(job.fidelity) else {
                    continue;
                };
                let mut member = Member::of(history, job, true);
                member.promoted = i + 1 < trail.jobs.len();
                rungs[rung].push(member);
            }
        }
        let shown = rungs.iter().zip(&self.ladder.fidelities);
        Mind::Rungs(vec![mind::Bracket {
            title: "steps".into(),
            rungs: shown
                .map(|(members, fidelity)| showing(history, *fidelity, members))
                .collect(),
        }])
    }

    fn need(&self) -> Need {
        self.need
    }
}
