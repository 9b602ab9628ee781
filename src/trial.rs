//! Jobs, where they came from, what came of them, and the history of both.
#![forbid(unsafe_code)]

mod choice;
mod fields;

use crate::space::{Config, Space};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether smaller or larger values are better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Smaller is better.
    #[default]
    Minimize,
    /// Larger is better.
    Maximize,
}

impl Direction {
    /// `value` with its sign changed if needed, so that smaller is better.
    pub fn minimized(self, value: f64) -> f64 {
        if self == Direction::Minimize { value } else { -value }
    }

    /// Whether `a` is strictly better than `b`.
    pub fn better(self, a: f64, b: f64) -> bool {
        self.minimized(a) < self.minimized(b)
    }
}

/// What to evaluate, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Number of the trial within its history, from 0.
    pub id: u32,
    /// The configuration.
    pub config: Config,
    /// Share of the full effort, in (0, 1].
    pub fidelity: f64,
    /// The job whose work this one continues: of the same configuration, unless the strategy needs [`Need::Lineage`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// Why it was chosen.
    pub origin: Origin,
}

impl Job {
    /// A job with the whole effort that continues none.
    pub fn full(id: u32, config: Config, origin: Origin) -> Job {
        Job {
            id,
            config,
            fidelity: 1.0,
            parent: None,
            origin,
        }
    }
}

/// What a strategy needs to know of an evaluation beside its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Nothing.
    #[default]
    Value,
    /// The gradient, in unit-cube coordinates.
    Gradient,
    /// That a fidelity of k/K means the first k of the K folds, each trained with the whole effort.
    Folds,
    /// That a job goes on from what its parent has learned, with its own settings, though the parent had others: population-based
    /// training. The value then depends on the ancestors, too.
    Lineage,
}

/// Why a job was chosen, with the numbers behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "fields::Fields")]
pub enum Origin {
    /// A cell of a grid.
    Grid {
        /// Number of the cell in the order of visiting, from 0.
        cell: u64,
        /// Number of cells.
        cells: u64,
    },
    /// A uniform draw.
    Random {
        /// Whether it was drawn from the configurations not tried before, because the space is finite.
        without_replacement: bool,
    },
    /// One of the points that a model-based search begins with.
    Initial {
        /// Number of the point in its design, from 0.
        point: u32,
        /// Size of the design.
        points: u32,
        /// Name of the design.
        design: String,
    },
    /// The best point by a model.
    Model(Box<ModelOrigin>),
    /// A step of the strategy's own rule: a reflection, a mutation, a promotion.
    Move(Box<MoveOrigin>),
    /// What a strategy does when its own method cannot propose.
    Fallback {
        /// Why the method could not.
        reason: String,
    },
    /// Another strategy's proposal, chosen by one that has several at hand.
    Chosen(Box<ChosenOrigin>),
    /// Told from outside: a person's or another program's own point.
    Person,
}

impl Origin {
    /// The reason of the strategy that made the point, whoever chose that strategy.
    pub fn own(&self) -> &Origin {
        match self {
            Origin::Chosen(chosen) => chosen.origin.own(),
            own => own,
        }
    }

    /// The configurations named in it with values of the space's own types: a browser's JSON knows no difference between `0.0` and `0`.
    #[must_use]
    pub fn typed(mut self, space: &Space) -> Origin {
        self.type_by(space);
        self
    }

    fn type_by(&mut self, space: &Space) {
        let typed = |config: &mut Config| {
            if let Ok(checked) = space.check(config) {
                *config = checked;
            }
        };
        match self {
            Origin::Model(model) => model.runners_up.iter_mut().for_each(|r| typed(&mut r.config)),
            Origin::Chosen(chosen) => {
                chosen.nominees.iter_mut().for_each(|n| typed(&mut n.config));
                chosen.origin.type_by(space);
            }
            _ => {}
        }
    }
}

/// Why a strategy was chosen, and that strategy's own reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChosenOrigin {
    /// Id of the strategy whose proposal it is.
    pub strategy: String,
    /// One true sentence: why this strategy.
    pub why: String,
    /// The numbers behind the choice, and what the chooser carries on, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<(String, f64)>,
    /// What every strategy asked proposed, the chosen one among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nominees: Vec<Nominee>,
    /// Why that strategy proposed the point.
    pub origin: Origin,
}

/// What one of several strategies proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nominee {
    /// The strategy's id.
    pub strategy: String,
    /// Its proposal.
    pub config: Config,
}

/// A step by a rule, explained by the strategy that took it, so that a new strategy needs no words elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoveOrigin {
    /// A few words for a table: `mutation of 12`.
    pub name: String,
    /// One true sentence: why this point.
    pub why: String,
    /// The trials it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<u32>,
    /// The numbers behind it, and what the strategy carries on, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<(String, f64)>,
}

/// A model's reasons, with the fitted hyperparameters, so that the fit can be repeated and continued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelOrigin {
    /// Id of the acquisition function.
    pub acquisition: String,
    /// Its value at the point.
    pub value: f64,
    /// The model's mean of the objective there, in the objective's own sign and unit.
    pub mean: f64,
    /// The model's standard deviation there, without the noise of an observation.
    pub sd: f64,
    /// The incumbent's value that improvement is measured against, in the objective's own sign.
    pub incumbent: f64,
    /// The next best candidates that differ from the point.
    pub runners_up: Vec<RunnerUp>,
    /// The fitted hyperparameters, by name: `lengthscale` per parameter, `amplitude`, `noise`.
    pub hyperparameters: Vec<(String, f64)>,
    /// What else the acquisition is multiplied by at the point, by name: `feasibility`, `per cost`, `prior`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<(String, f64)>,
    /// What else there is to say, in whole sentences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A candidate that came close.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// Its configuration.
    pub config: Config,
    /// Its acquisition value.
    #[serde(deserialize_with = "fields::number")]
    pub value: f64,
    /// The model's mean there.
    #[serde(deserialize_with = "fields::number")]
    pub mean: f64,
    /// The model's standard deviation there.
    #[serde(deserialize_with = "fields::number")]
    pub sd: f64,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// It gave a value.
    Value(Score),
    /// It gave none.
    Failed {
        /// Why, in words.
        failed: String,
    },
}

/// A value and what is known beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The value to optimize, in its own sign.
    pub value: f64,
    /// The same measure on the training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train: Option<f64>,
    /// The value of each fold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<f64>,
    /// What it cost, in operations counted deterministically; or in the outside program's own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// The gradient in unit-cube coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Vec<f64>>,
}

impl Outcome {
    /// A bare value.
    pub fn of(value: f64) -> Outcome {
        Outcome::Value(Score {
            value,
            train: None,
            folds: Vec::new(),
            cost: None,
            gradient: None,
        })
    }

    /// A failure.
    pub fn failed(reason: impl Into<String>) -> Outcome {
        Outcome::Failed { failed: reason.into() }
    }

    /// The value, unless it failed.
    pub fn value(&self) -> Option<f64> {
        match self {
            Outcome::Value(score) => Some(score.value),
            Outcome::Failed { .. } => None,
        }
    }
}

/// One line of a history's log.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A job was handed out.
    Asked(Job),
    /// A job's outcome came in.
    Told(u32, Outcome),
}

/// A space and an append-only log of what was asked and told.
#[derive(Clone, Debug)]
pub struct History {
    space: Arc<Space>,
    direction: Direction,
    log: Vec<Event>,
    jobs: Vec<Job>,
    outcomes: Vec<Option<Outcome>>,
    spent: f64,
    /// Keys of the configurations asked at full fidelity, kept up so that nobody goes through the whole log for them.
    tried: Arc<BTreeSet<String>>,
}

impl History {
    /// An empty history.
    pub fn new(space: Arc<Space>, direction: Direction) -> History {
        History {
            space,
            direction,
            log: Vec::new(),
            jobs: Vec::new(),
            outcomes: Vec::new(),
            spent: 0.0,
            tried: Arc::default(),
        }
    }

    /// The space.
    pub fn space(&self) -> &Arc<Space> {
        &self.space
    }

    /// Which values are better.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The log so far.
    pub fn log(&self) -> &[Event] {
        &self.log
    }

    /// The history as it was after `k` log lines.
    #[must_use]
    pub fn at(&self, k: usize) -> History {
        let mut past = History::new(self.space.clone(), self.direction);
        self.log.iter().take(k).for_each(|event| past.push(event.clone()));
        past
    }

    /// The history as it was just before the job `id` was asked.
    #[must_use]
    pub fn before(&self, id: u32) -> History {
        let asked = |event: &Event| matches!(event, Event::Asked(job) if job.id == id);
        self.at(self.log.iter().position(asked).unwrap_or(self.log.len()))
    }

    /// The id that the next job will have.
    pub fn next_id(&self) -> u32 {
        self.jobs.len() as u32
    }

    /// Appends a job. Its id must be [`History::next_id`].
    pub fn ask(&mut self, job: Job) {
        debug_assert_eq!(job.id, self.next_id(), "jobs are numbered in order");
        self.push(Event::Asked(job));
    }

    /// Appends an outcome.
    ///
    /// # Errors
    /// If there is no such job, or it has an outcome already.
    pub fn tell(&mut self, id: u32, outcome: Outcome) -> Result<(), String> {
        match self.outcomes.get(id as usize) {
            None => Err(format!("no trial has the id {id}; {} were asked", self.jobs.len())),
            Some(Some(_)) => Err(format!("trial {id} has been told already")),
            Some(None) => {
                self.push(Event::Told(id, outcome));
                Ok(())
            }
        }
    }

    fn push(&mut self, event: Event) {
        match &event {
            Event::Asked(job) => {
                self.spent += self.price(job);
                if job.fidelity >= 1.0 {
                    Arc::make_mut(&mut self.tried).insert(job.config.key());
                }
                self.jobs.push(job.clone());
                self.outcomes.push(None);
            }
            Event::Told(id, outcome) => self.outcomes[*id as usize] = Some(outcome.clone()),
        }
        self.log.push(event);
    }

    /// What `job` takes, in full-fidelity equivalents: its fidelity, less what its parent has done.
    pub fn price(&self, job: &Job) -> f64 {
        price(job, job.parent.and_then(|id| self.jobs.get(id as usize)))
    }

    /// What all jobs asked so far take, in full-fidelity equivalents: the number of jobs, if all are at full fidelity.
    pub fn spent(&self) -> f64 {
        self.spent
    }

    /// What a trial cost beyond what its parent had cost, in the objective's own unit; never negative.
    /// `None` if that is not known.
    pub fn own_cost(&self, id: u32) -> Option<f64> {
        let cost = |id: u32| match self.outcome(id) {
            Some(Outcome::Value(score)) => score.cost,
            _ => None,
        };
        let job = self.jobs.get(id as usize)?;
        let before = job.parent.and_then(cost);
        Some((cost(id)? - before.unwrap_or(0.0)).max(0.0))
    }

    /// Keys of the configurations asked at full fidelity, pending and failed ones included.
    pub fn tried(&self) -> &Arc<BTreeSet<String>> {
        &self.tried
    }

    /// All jobs, by id.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The outcome of a job, if it has come in.
    pub fn outcome(&self, id: u32) -> Option<&Outcome> {
        self.outcomes.get(id as usize).and_then(Option::as_ref)
    }

    /// Jobs with their outcomes, by id; `None` is pending.
    pub fn trials(&self) -> impl Iterator<Item = (&Job, Option<&Outcome>)> {
        self.jobs.iter().zip(self.outcomes.iter().map(Option::as_ref))
    }

    /// Jobs that gave a value, with it, by id.
    pub fn scored(&self) -> impl Iterator<Item = (&Job, &Score)> {
        self.trials().filter_map(|(job, outcome)| match outcome {
            Some(Outcome::Value(score)) => Some((job, score)),
            _ => None,
        })
    }

    /// The best observed trial at full fidelity (at lower ones, if none is full); the earliest of equals.
    pub fn best(&self) -> Option<(&Job, &Score)> {
        let rank = |job: &Job, score: &Score| (job.fidelity < 1.0, self.direction.minimized(score.value));
        self.scored().fold(None, |best, (job, score)| match best {
            Some((b, s)) if rank(b, s) <= rank(job, score) => best,
            _ => Some((job, score)),
        })
    }
}

/// What `job` takes after `parent`, in full-fidelity equivalents: a job that continues another pays the difference.
pub fn price(job: &Job, parent: Option<&Job>) -> f64 {
    (job.fidelity - parent.map_or(0.0, |p| p.fidelity)).max(0.0)
}
