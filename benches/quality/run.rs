//! One run: a strategy on a problem with a seed.

use crate::problems::Problem;
use std::sync::Arc;
use tunescape::context::Context;
use tunescape::registry::{Settings, find, ids};
use tunescape::seed::{Seed, normal};
use tunescape::space::Space;
use tunescape::spec::Call;
use tunescape::strategy::{Ask, Facts, Plan, STRATEGIES, Strategy};
use tunescape::trial::{Direction, History, Outcome};

/// A strategy's regrets on a problem: for every seed, at every mark.
pub type Regrets = Vec<Vec<f64>>;

/// Refuses what no registry knows.
pub fn check(call: &Call) -> Result<(), String> {
    let entry =
        find(STRATEGIES, &call.id).ok_or_else(|| format!("no strategy \"{}\": {}", call.id, ids(STRATEGIES)))?;
    let (_, refused) = Settings::check(entry.id, entry.settings, &call.settings);
    if refused.is_empty() {
        Ok(())
    } else {
        Err(refused.join("; "))
    }
}

/// The strategy of a call, for a plan of so many evaluations.
pub fn built(
    call: &Call,
    space: &Arc<Space>,
    seed: u64,
    trials: usize,
    facts: Facts,
) -> Result<Box<dyn Strategy>, String> {
    let entry = find(STRATEGIES, &call.id).ok_or("no such strategy")?;
    let (settings, _) = Settings::check(entry.id, entry.settings, &call.settings);
    let seed = Seed(seed).derive("bench", 0);
    let plan = Plan {
        facts,
        ..Plan::new(seed, trials)
    };
    (entry.build)(space, &settings, &plan)
}

/// Simple regret at each of `marks`: of the best value so far, or under noise of the recommended configuration's true value. A run that
/// has tried everything stays at its best.
///
/// Trials are asked for in rounds of `batch`, and those of a round are told together at its end.
pub fn regrets(problem: &Problem, call: &Call, seed: u64, marks: &[usize], batch: usize) -> Result<Vec<f64>, String> {
    let last = marks.last().copied().unwrap_or(0);
    let mut strategy = built(call, &problem.space, seed, last, Facts::default())?;
    let mut history = History::new(problem.space.clone(), Direction::Minimize);
    let mut noise = Seed(seed).derive("noise", 0).rng();
    let (mut best, mut regrets) = (f64::INFINITY, Vec::new());
    let mut round: Vec<(u32, f64)> = Vec::new();
    for count in 1..=last {
        if round.is_empty() {
            match strategy.ask(&history, batch.min(last + 1 - count), &Context::new())? {
                Ask::Jobs(jobs) => {
                    for job in jobs {
                        round.push((job.id, (problem.value)(&job.config)));
                        history.ask(job);
                    }
                    for (id, value) in &round {
                        history.tell(*id, Outcome::of(value + problem.noise * normal(&mut noise)))?;
                    }
                    round.reverse();
                }
                Ask::Finished(_) => {}
                Ask::Wait => return Err("it waits for nothing".into()),
            }
        }
        if let Some((_, value)) = round.pop() {
            best = best.min(value);
        }
        if marks.contains(&count) {
            let recommended = (problem.noise > 0.0).then(|| strategy.recommend(&history)).flatten();
            let chosen = recommended.map(|r| (problem.value)(&history.jobs()[r.id as usize].config));
            regrets.push((chosen.unwrap_or(best) - problem.optimum).max(0.0));
        }
    }
    Ok(regrets)
}
