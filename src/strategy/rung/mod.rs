//! What methods with several fidelities share: rungs, brackets, density models, and jobs that continue others.

mod brackets;
mod density;
mod ladder;
mod member;
mod staged;

pub(super) use brackets::{Bracket, Brackets, Schedule, hyperband_sizes, shown};
pub(super) use density::Density;
pub(super) use ladder::{ETA, Ladder, RUNGS, fraction};
pub(super) use member::{Member, by_value, carried, showing};
pub(super) use staged::{Rule, SAMPLER, Staged, Trail, Verdict};

use super::{Ask, Tried};
use crate::space::Config;
use crate::trial::{History, Job, MoveOrigin, Origin};

/// One decision.
pub(super) enum Step {
    /// Evaluate this.
    Go(Job),
    /// A pending trial must be told first.
    Wait,
    /// Nothing is left, and why.
    Finished(String),
}

/// Decides up to `room` times, each time with the jobs decided before as pending ones.
pub(super) fn fill(
    history: &History,
    room: usize,
    decide: &mut dyn FnMut(&History) -> Result<Step, String>,
) -> Result<Ask, String> {
    let mut now = history.clone();
    let mut jobs = Vec::new();
    while jobs.len() < room {
        match decide(&now)? {
            Step::Go(job) => {
                now.ask(job.clone());
                jobs.push(job);
            }
            Step::Wait if jobs.is_empty() => return Ok(Ask::Wait),
            Step::Finished(reason) if jobs.is_empty() => return Ok(Ask::Finished(reason)),
            Step::Wait | Step::Finished(_) => break,
        }
    }
    Ok(Ask::Jobs(jobs))
}

/// A step by a rule.
pub(super) fn moved(name: String, why: String, from: Vec<u32>, numbers: &[(&str, f64)]) -> Origin {
    // What JSON cannot carry is no number to go on with.
    let finite = numbers.iter().filter(|(_, v)| v.is_finite());
    Origin::Move(Box::new(MoveOrigin {
        name,
        why,
        from,
        numbers: finite.map(|(n, v)| (n.to_string(), *v)).collect(),
    }))
}

/// A job that begins something new.
pub(super) fn begin(now: &History, config: Config, fidelity: f64, origin: Origin) -> Job {
    Job {
        id: now.next_id(),
        config,
        fidelity,
        parent: None,
        origin,
    }
}

/// A job that continues `parent`.
pub(super) fn resume(now: &History, parent: &Job, fidelity: f64, origin: Origin) -> Job {
    Job {
        id: now.next_id(),
        config: parent.config.clone(),
        fidelity,
        parent: Some(parent.id),
        origin,
    }
}

/// What to do when no configuration is new any more: the best one of the highest rung that is not at full effort yet continues.
pub(super) fn climb(now: &History, ladder: &Ladder) -> Step {
    let direction = now.direction();
    // The furthest trial of each configuration: what it has reached.
    let mut furthest: std::collections::BTreeMap<String, &Job> = std::collections::BTreeMap::new();
    for job in now.jobs() {
        let kept = furthest.entry(job.config.key()).or_insert(job);
        if job.fidelity >= kept.fidelity {
            *kept = job;
        }
    }
    let mut is_pending = false;
    let mut best: Option<(&Job, f64)> = None;
    for job in furthest.values() {
        match now.outcome(job.id) {
            None => is_pending = true,
            Some(outcome) => {
                let Some(value) = outcome.value().filter(|_| job.fidelity < 1.0) else {
                    continue;
                };
                let rank = |job: &Job, value: f64| (-job.fidelity, direction.minimized(value), job.id);
                if best.is_none_or(|(b, v)| rank(job, value) < rank(b, v)) {
                    best = Some((job, value));
                }
            }
        }
    }
    match best {
        Some((job, value)) => {
            let fidelity = ladder.above(job.fidelity);
            let why = format!(
                "No configuration is new any more, so the best one that has not had the full effort continues: its value was {value} at {} of it.",
                fraction(job.fidelity)
            );
            let name = format!("on to {}", fraction(fidelity));
            let rung = ladder.rung_of(fidelity).unwrap_or(0) as f64;
            Step::Go(resume(
                now,
                job,
                fidelity,
                moved(name, why, vec![job.id], &[("rung", rung)]),
            ))
        }
        None if is_pending => Step::Wait,
        None => Step::Finished(exhausted(now)),
    }
}

fn exhausted(now: &History) -> String {
    let full = Tried::of(now);
    full.exhausted(now.space().size())
        .unwrap_or_else(|| "every configuration has been tried with the full effort, or failed on the way".into())
}
