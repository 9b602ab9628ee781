//! A trial in slow motion, phase by phase, in words with its true numbers.

use super::View;
use super::why::{acquisition, rounded, sentence, short};
use crate::protocol::{Fit, Proposal, Trial};
use crate::space::Config;
use crate::trial::{Job, Origin, Outcome};

/// What happens in a trial, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The strategy says which point.
    Propose,
    /// And why.
    Explain,
    /// The point is evaluated.
    Train,
    /// What came of it is known.
    Learn,
}

impl Phase {
    /// All, in order, with their names.
    pub const ALL: [(Phase, &'static str); 4] = [
        (Phase::Propose, "propose"),
        (Phase::Explain, "explain"),
        (Phase::Train, "train"),
        (Phase::Learn, "learn"),
    ];
}

/// A round under way in slow motion.
#[derive(Clone, Debug, PartialEq)]
pub struct Slow {
    /// What was proposed.
    pub proposal: Proposal,
    /// The folds done so far.
    pub fits: Vec<Fit>,
}

impl Slow {
    /// A round of which nothing is evaluated yet.
    pub fn new(proposal: Proposal) -> Slow {
        Slow {
            proposal,
            fits: Vec::new(),
        }
    }

    /// The first job of the round that is not recorded yet, or its last one.
    pub fn job(&self, view: &View) -> Option<&Job> {
        let done = view.lanes.get(self.proposal.lane).map_or(0, |l| l.trials.len()) as u32;
        let jobs = &self.proposal.jobs;
        jobs.iter().find(|j| j.id >= done).or(jobs.last())
    }
}

impl View {
    /// The point that a strategy has proposed in slow motion and that is not evaluated yet.
    pub fn proposed(&self, lane: usize) -> Option<&Config> {
        let slow = self.slow.as_ref().filter(|s| s.proposal.lane == lane)?;
        let job = slow.job(self)?;
        (self.trial(lane, job.id).is_none()).then_some(&job.config)
    }
}

/// What happens now, in a sentence or two.
pub fn words(view: &View, slow: &Slow, phase: Phase) -> String {
    let Some(job) = slow.job(view) else {
        return String::new();
    };
    let lane = view.lanes.get(slow.proposal.lane);
    let label = lane.map_or("", |l| l.lane.label.as_str());
    match phase {
        Phase::Propose => format!(
            "{label} proposes {}{}",
            configuration(&job.config),
            grounds(job, slow.proposal.jobs.len())
        ),
        Phase::Explain => sentence(&job.origin),
        Phase::Train => training(view, slow),
        Phase::Learn => match view.trial(slow.proposal.lane, job.id) {
            Some(trial) => learned(view, trial),
            None => String::new(),
        },
    }
}

fn configuration(config: &Config) -> String {
    let pair = |(name, value): &(String, crate::space::Value)| {
        let value = value.number().map_or_else(|| value.to_string(), rounded);
        format!("{name} = {value}")
    };
    config.0.iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// The number that speaks for the point, or what it is.
fn grounds(job: &Job, jobs: usize) -> String {
    let own = match job.origin.own() {
        Origin::Model(m) => format!(
            ", where {} is highest: {}.",
            acquisition(&m.acquisition),
            rounded(m.value)
        ),
        origin => format!(": {}.", short(origin)),
    };
    match jobs {
        0 | 1 => own,
        n => format!("{own} It is one of {n} of this round."),
    }
}

/// How far the evaluation is.
fn training(view: &View, slow: &Slow) -> String {
    let jobs = slow.proposal.jobs.len() as u32;
    if slow.proposal.known >= jobs {
        return "Its value is known already, from another trial with the same configuration: nothing is trained again."
            .into();
    }
    if view.study.as_ref().is_some_and(|s| s.cheap) {
        return "The function is evaluated there, once.".into();
    }
    let folds = slow.proposal.folds;
    let fits = (jobs - slow.proposal.known) * folds;
    match slow.fits.last() {
        None => format!("The model is trained and scored, fold by fold: 0 of {fits} done."),
        Some(fit) => format!(
            "The model is trained and scored, fold by fold: {} of {fits} done, the last one scored {}.",
            slow.fits.len(),
            rounded(fit.value)
        ),
    }
}

/// What the trial has changed.
fn learned(view: &View, trial: &Trial) -> String {
    let result = match &trial.outcome {
        Outcome::Value(score) => format!("The value is {}.", rounded(score.value)),
        Outcome::Failed { failed } => format!("It failed: {failed}."),
    };
    let best = view.lanes.get(trial.lane).and_then(|l| l.best(view.direction()));
    let standing = match best {
        Some((best, _)) if best.job.id == trial.job.id => "That is the best so far.".to_string(),
        Some((best, score)) => format!("The best stays {}, of trial {}.", rounded(score.value), best.job.id + 1),
        None => String::new(),
    };
    let model = match trial.job.origin.own() {
        Origin::Model(_) => "The model is fitted anew with this point.",
        Origin::Grid { .. } | Origin::Random { .. } => "What comes next does not depend on it.",
        _ => "What comes next may depend on it.",
    };
    [result.as_str(), standing.as_str(), model]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
