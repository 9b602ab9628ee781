//! Search strategies: what to evaluate next, given all that is known. One file each.
#![forbid(unsafe_code)]

mod annealing;
mod asha;
mod auto;
mod bayes;
mod bohb;
mod cmaes;
mod cube;
mod de;
mod dehb;
mod evolution;
mod folds;
mod gradient;
mod grid;
mod halton;
mod halving;
mod hyperband;
mod lhs;
mod median;
mod memory;
mod nelder_mead;
mod pbt;
mod person;
mod portfolio;
mod prior;
mod random;
mod replay;
mod rung;
mod smac;
mod sobol;
mod spread;
pub mod stopping;
mod team;
#[cfg(test)]
mod testing;
mod tpe;
mod tried;
mod turbo;

pub use person::Person;
pub use tried::Tried;

use crate::context::Context;
use crate::mind::Mind;
use crate::registry::{Entry, Settings};
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::trial::{History, Job, Need};
use std::sync::Arc;

/// A strategy's answer to "what next?".
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Evaluate these. Their ids continue the history's, in order.
    Jobs(Vec<Job>),
    /// Nothing until a pending trial is told.
    Wait,
    /// Nothing any more, and why.
    Finished(String),
}

/// A strategy's choice of a final configuration, among those tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation {
    /// The trial whose configuration is recommended.
    pub id: u32,
    /// The strategy's own mean and standard deviation there, in the objective's unit, if a model chose it.
    pub belief: Option<(f64, f64)>,
}

/// What a strategy knows of the study beside its history.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The root of its own randomness: proposal number `i` draws from `seed.derive("proposal", i)`.
    pub seed: Seed,
    /// Trials it may expect to get, for schedules.
    pub trials: usize,
    /// What is known of the objective.
    pub facts: Facts,
}

impl Plan {
    /// A plan that knows nothing of the objective.
    pub fn new(seed: Seed, trials: usize) -> Plan {
        Plan {
            seed,
            trials,
            facts: Facts::default(),
        }
    }
}

/// What is known of an objective before the first trial; an outside program's says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Ids of the models that are tuned.
    pub models: Vec<String>,
    /// Rows that trials see.
    pub rows: Option<usize>,
    /// Id of the metric.
    pub metric: Option<String>,
    /// Standard deviation of the noise of one value, if it is known.
    pub noise: Option<f64>,
    /// Whether a share of the effort shows a share of the truth, for a share of the cost.
    pub has_fidelity: bool,
    /// Whether it reports gradients.
    pub has_gradient: bool,
}

/// Proposes jobs. A decision is a pure function of the history, the settings and the plan: a fresh instance asked with any
/// prefix of a history answers as the live one did. What an instance remembers may save time, never change a result.
pub trait Strategy: Send {
    /// Up to `room` jobs to evaluate next (`room` is at least 1). Pending trials and trials that others proposed are in the history too.
    ///
    /// # Errors
    /// Why this strategy cannot search this space.
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String>;

    /// What it believes at `at`, given the history: what its next `ask` would decide by.
    fn mind(&mut self, _history: &History, _at: &[Config]) -> Mind {
        Mind::Nothing("this strategy keeps no model: it does not learn from outcomes".into())
    }

    /// `count` functions drawn from the posterior of [`Strategy::mind`], a value at each of `at`; none where its model has no joint distribution.
    fn samples(&mut self, _history: &History, _at: &[Config], _count: usize) -> Vec<Vec<f64>> {
        Vec::new()
    }

    /// The configuration it recommends: the best observed, unless its model knows better.
    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        history.best().map(|(job, _)| Recommendation {
            id: job.id,
            belief: None,
        })
    }

    /// Whether its proposals depend on outcomes. Those of a strategy that does not can be evaluated ahead.
    fn is_adaptive(&self) -> bool {
        true
    }

    /// What it needs to know of an evaluation beside its value.
    fn need(&self) -> Need {
        Need::Value
    }

    /// How many proposals it can make at most, if that is known.
    fn at_most(&self) -> Option<u64> {
        None
    }
}

/// How a strategy is built for a space.
pub type Build = fn(&Arc<Space>, &Settings, &Plan) -> Result<Box<dyn Strategy>, String>;

/// The strategies that need more of an evaluation than its value, and what: so that it is known without building them which of them a study
/// can run. `auto` needs only what is there.
pub const NEEDS: [(&str, Need); 3] = [
    ("gradient", Need::Gradient),
    ("pbt", Need::Lineage),
    ("folds", Need::Folds),
];

/// Every strategy, in the order of menus.
pub static STRATEGIES: &[Entry<Build>] = &[
    grid::ENTRY,
    random::ENTRY,
    sobol::ENTRY,
    halton::ENTRY,
    lhs::ENTRY,
    bayes::ENTRY,
    turbo::ENTRY,
    tpe::ENTRY,
    smac::ENTRY,
    cmaes::ENTRY,
    de::ENTRY,
    evolution::ENTRY,
    annealing::ENTRY,
    nelder_mead::ENTRY,
    gradient::ENTRY,
    halving::ENTRY,
    hyperband::ENTRY,
    asha::ENTRY,
    bohb::ENTRY,
    dehb::ENTRY,
    pbt::ENTRY,
    portfolio::ENTRY,
    auto::ENTRY,
    median::ENTRY,
    folds::ENTRY,
];
