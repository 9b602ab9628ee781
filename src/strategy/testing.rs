//! What the tests beside several strategies share.

use super::{Ask, Build, Plan, Strategy};
use crate::context::Context;
use crate::registry::{Entry, Settings};
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space};
use crate::trial::{Direction, History, Outcome};
use std::sync::Arc;

/// A space of these parameters: name and notation of the domain.
pub(super) fn space(domains: &[(&str, &str)]) -> Arc<Space> {
    let param = |(name, text): &(&str, &str)| Param::new(name, Domain::parse(text).expect("a domain"));
    Arc::new(Space::new(domains.iter().map(param).collect(), vec![]).expect("a space"))
}

/// A strategy with its defaults.
pub(super) fn build(entry: &Entry<Build>, space: &Arc<Space>, seed: u64, trials: usize) -> Box<dyn Strategy> {
    let plan = Plan::new(Seed(seed), trials);
    (entry.build)(space, &Settings::defaults(entry.settings), &plan).expect("built")
}

/// The first `count` configurations of a strategy that does not learn.
pub(super) fn first(entry: &Entry<Build>, space: &Arc<Space>, count: usize) -> Vec<Config> {
    let history = History::new(space.clone(), Direction::Minimize);
    match build(entry, space, 4, count).ask(&history, count, &Context::new()) {
        Ok(Ask::Jobs(jobs)) => jobs.into_iter().map(|job| job.config).collect(),
        other => panic!("{other:?}"),
    }
}

/// A whole search, one trial at a time.
pub(super) fn run(
    entry: &Entry<Build>,
    space: &Arc<Space>,
    seed: u64,
    trials: usize,
    objective: fn(&Config) -> f64,
) -> History {
    let mut strategy = build(entry, space, seed, trials);
    let mut history = History::new(space.clone(), Direction::Minimize);
    for _ in 0..trials {
        let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            break;
        };
        for job in jobs {
            let (id, value) = (job.id, objective(&job.config));
            history.ask(job);
            history.tell(id, Outcome::of(value)).expect("pending");
        }
    }
    history
}

/// In how many of 20 seeds a search ends below `target`.
pub(super) fn reached(
    entry: &Entry<Build>,
    domains: &[(&str, &str)],
    trials: usize,
    objective: fn(&Config) -> f64,
    target: f64,
) -> usize {
    let space = space(domains);
    let best = |seed| {
        run(entry, &space, seed, trials, objective)
            .best()
            .map(|(_, score)| score.value)
    };
    (0..20).filter(|seed| best(*seed).is_some_and(|v| v < target)).count()
}

/// The number of `config` by this name.
pub(super) fn number(config: &Config, name: &str) -> f64 {
    config.number(name).unwrap_or(f64::NAN)
}

/// Whether `config` has this word by this name.
pub(super) fn is(config: &Config, name: &str, word: &str) -> bool {
    config.get(name).is_some_and(|v| v.to_string() == word)
}
