//! A study: what a text asks for, and the loop ask → evaluate → record that carries it out.
//!
//! What the worker calls of a study is never inlined there: functions of their own can be fetched when they are needed.
#![forbid(unsafe_code)]

mod catalog;
mod comparison;
mod game;
mod held_out;
mod insight;
mod preset;
mod problem;
mod recipe;
mod resolve;
mod slow;
mod survey;

#[cfg(test)]
mod tests;

pub use catalog::{catalog, choices, entry};
pub use comparison::Repetition;
pub use preset::PRESETS;
pub use survey::Survey;

pub use crate::objective::Clock;

use crate::context::Context;
use crate::dataset::Csv;
use crate::objective::{Objective, Task};
use crate::protocol::{Crashed, Prepared, Trial, TrialLine, YOU};
use crate::space::Config;
use crate::spec::Refusal;
use crate::strategy::stopping::Stops;
use crate::strategy::{Ask, Plan, Strategy};
use crate::trial::{History, Job, Need, Origin, Outcome};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many proposals of a strategy that does not learn are evaluated at once, ahead of their turn: at first and at least, at most.
const AHEAD: (usize, usize) = (16, 256);

/// Looking ahead goes further where it took less than this, in seconds, and less far where it took four times as long: short trials
/// keep all threads busy only in large numbers, and nobody wants to wait for long ones in large numbers.
const SHORT: f64 = 0.004;

/// A study under way.
pub struct Study {
    prepared: Prepared,
    /// The table that `data=csv` means.
    csv: Option<Csv>,
    objective: Arc<dyn Objective>,
    lanes: Vec<Lane>,
    batch: usize,
    context: Context,
    clock: Clock,
    /// How far to look ahead now. Decides speed, never results.
    ahead: usize,
    known: Known,
    tests: held_out::Tests,
}

/// Outcomes that are known already, by configuration, fidelity and what was needed, with the seconds they took. With common random
/// numbers an outcome belongs to the configuration, whoever proposes it; and to those of its ancestors where it continues them.
type Known = BTreeMap<Key, (Outcome, f64)>;
type Key = (String, u64, Need);

/// One strategy with its own history.
struct Lane {
    label: String,
    strategy: Box<dyn Strategy>,
    /// What it was built for.
    plan: Plan,
    history: History,
    /// What its trials may take, in full-fidelity equivalents.
    trials: u32,
    /// What it needs of an evaluation.
    need: Need,
    /// What may stop it earlier.
    stops: Stops,
    /// Why it has nothing left to do.
    finished: Option<String>,
    /// Whether a person takes its turns.
    by_hand: bool,
    /// Whether it stands beside the plan: it has no turns, and holds a person's points that no strategy learns from.
    aside: bool,
}

impl Study {
    /// Checks a study text and sets up its study. What was refused of the text stands in [`Prepared::refused`]; the rest is in force.
    ///
    /// # Errors
    /// Everything that was refused, if no study can be made of the rest.
    pub fn prepare(text: &str, clock: Clock) -> Result<Study, Vec<Refusal>> {
        resolve::study(text, None, clock)
    }

    /// As [`Study::prepare`], with the table that `data=csv` means.
    ///
    /// # Errors
    /// As [`Study::prepare`].
    pub fn prepare_with(text: &str, csv: Option<&Csv>, clock: Clock) -> Result<Study, Vec<Refusal>> {
        resolve::study(text, csv, clock)
    }

    /// What would be refused of `text` that is not refused of `in_force` already. Both are set up as by [`Study::prepare_with`]: no second
    /// set of rules has to be kept like the first.
    #[inline(never)]
    pub fn refusals(text: &str, in_force: &str, csv: Option<&Csv>, clock: Clock) -> Vec<Refusal> {
        let of = |text| match Study::prepare_with(text, csv, clock) {
            Ok(study) => study.prepared.refused,
            Err(refused) => refused,
        };
        let mut refused = of(text);
        if !refused.is_empty() {
            let known = of(in_force);
            refused.retain(|r| !known.contains(r));
        }
        refused
    }

    /// What a person should know of the table that `data=csv` means, if it is what the study learns from.
    pub fn notes(&self) -> &[String] {
        let is_meant = crate::spec::StudyText::parse(&self.prepared.text).0.get("data") == Some("csv");
        self.csv
            .as_ref()
            .filter(|_| is_meant)
            .map_or(&[], |csv| &csv.description.notes)
    }

    /// The study as the page shows it.
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The history of a strategy.
    pub fn history(&self, lane: usize) -> Option<&History> {
        self.lanes.get(lane).map(|l| &l.history)
    }

    /// Whether no strategy has anything left to do.
    pub fn is_finished(&self) -> bool {
        self.turn().is_none()
    }

    /// Whose turn it is and which trial comes: the strategy that has spent the least, the first of equals.
    pub fn turn(&self) -> Option<(usize, u32)> {
        let is_open = |l: &Lane| l.finished.is_none() && !l.aside;
        let open = self.lanes.iter().enumerate().filter(|(_, l)| is_open(l));
        let least = open.min_by(|(_, a), (_, b)| a.history.spent().total_cmp(&b.history.spent()));
        least.map(|(i, l)| (i, l.history.next_id()))
    }

    /// Asks, evaluates and records one round of the strategy whose turn it is. `ahead` lets proposals that depend on no outcome be
    /// evaluated many at once; it changes speed, never results.
    #[inline(never)]
    pub fn step(&mut self, ahead: bool) -> Vec<Trial> {
        let Some((i, _)) = self.turn() else { return Vec::new() };
        if self.lanes[i].by_hand {
            return Vec::new();
        }
        let jobs = match self.round(i) {
            Ok(jobs) => jobs,
            Err(reason) => {
                self.lanes[i].finished = Some(reason);
                return Vec::new();
            }
        };
        let lane = &mut self.lanes[i];
        let left = lane.room();
        let asked = tasks(&lane.history, lane.need, &jobs);
        // Only when the last ones ahead are used up: looking ahead at every turn would evaluate one new job at a time.
        let is_new = asked.iter().any(|task| !self.known.contains_key(&known_key(task)));
        if ahead && is_new && !lane.strategy.is_adaptive() {
            let next = self.batch.max(self.ahead).min(left);
            if let Ok(Ask::Jobs(more)) = lane.strategy.ask(&lane.history, next, &self.context) {
                let start = (self.clock)();
                let more = tasks(&lane.history, lane.need, &more);
                evaluate(&*self.objective, &more, &mut self.known, &self.context, self.clock);
                self.ahead = match (self.clock)() - start {
                    spent if spent < SHORT => (2 * self.ahead).min(AHEAD.1),
                    spent if spent > 4.0 * SHORT => (self.ahead / 2).max(AHEAD.0),
                    _ => self.ahead,
                };
            }
        }
        evaluate(&*self.objective, &asked, &mut self.known, &self.context, self.clock);
        let keys: Vec<Key> = asked.iter().map(known_key).collect();
        let trials = jobs.into_iter().zip(keys).map(|(job, key)| {
            let (outcome, seconds) = self
                .known
                .get(&key)
                .cloned()
                .unwrap_or_else(|| (Outcome::failed("not evaluated"), 0.0));
            lane.record(i, job, outcome, seconds)
        });
        trials.collect()
    }

    /// The jobs of a strategy's next round, or why it has nothing left to do.
    fn round(&mut self, i: usize) -> Result<Vec<Job>, String> {
        let lane = &mut self.lanes[i];
        if let Some(reason) = lane.stops.check(&lane.history, &self.context) {
            return Err(reason);
        }
        match lane
            .strategy
            .ask(&lane.history, self.batch.min(lane.room()), &self.context)
        {
            Ok(Ask::Jobs(mut jobs)) if !jobs.is_empty() => match lane.affordable(&jobs) {
                0 => Err(format!(
                    "{} of {} full trials are spent, and the next one needs more than is left",
                    rounded(lane.history.spent()),
                    lane.trials
                )),
                affordable => {
                    jobs.truncate(affordable);
                    Ok(jobs)
                }
            },
            // Everything asked has been told, so there is nothing to wait for.
            Ok(Ask::Jobs(_) | Ask::Wait) => Err("the strategy has nothing to propose".into()),
            Ok(Ask::Finished(reason)) => Err(reason),
            Err(reason) => Err(format!("this space cannot be searched: {reason}")),
        }
    }

    /// Evaluates a configuration chosen by hand as a strategy's next trial, which it learns from as from its own.
    ///
    /// # Errors
    /// If there is no such strategy, the space does not have the configuration, or nothing is left to spend.
    #[inline(never)]
    pub fn attempt(&mut self, lane: usize, config: &Config) -> Result<Trial, String> {
        let l = self.lanes.get_mut(lane).ok_or("there is no such strategy")?;
        let config = l.history.space().check(config)?;
        let job = Job::full(l.history.next_id(), config, Origin::Person);
        if l.affordable(std::slice::from_ref(&job)) == 0 {
            return Err(format!(
                "all {} trials of {} are done: plan more to try a point of your own",
                l.trials, l.label
            ));
        }
        let task = l.task(&job);
        let key = known_key(&task);
        evaluate(&*self.objective, &[task], &mut self.known, &self.context, self.clock);
        let known = self.known.get(&key).cloned();
        let (outcome, seconds) = known.unwrap_or_else(|| (Outcome::failed("not evaluated"), 0.0));
        Ok(l.record(lane, job, outcome, seconds))
    }

    /// Takes over trials of the same study from their lines, and a trial that killed its worker as failed. Lines that do not fit are
    /// left out and said.
    #[inline(never)]
    pub fn restore(
        &mut self,
        lines: Vec<Result<TrialLine, String>>,
        crashed: Option<Crashed>,
    ) -> (Vec<Trial>, Vec<String>) {
        let (mut trials, mut refused) = (Vec::new(), Vec::new());
        for line in lines {
            match line.and_then(|line| self.adopt(line)) {
                Ok(trial) => trials.push(trial),
                Err(why) => refused.push(why),
            }
        }
        let crash = crashed.and_then(|c| {
            if c.config.is_some() && c.lane == self.lanes.len() {
                self.join();
            }
            let lane = self
                .lanes
                .get_mut(c.lane)
                .filter(|l| l.history.next_id() == c.id && l.finished.is_none())?;
            let job = match c.config {
                Some(config) => Job::full(c.id, lane.history.space().check(&config).ok()?, Origin::Person),
                None => match lane.strategy.ask(&lane.history, 1, &self.context) {
                    Ok(Ask::Jobs(jobs)) => jobs.into_iter().next()?,
                    _ => return None,
                },
            };
            let outcome = Outcome::failed("crashed: the worker died while it was evaluated");
            self.known.insert(known_key(&lane.task(&job)), (outcome.clone(), 0.0));
            Some(lane.record(c.lane, job, outcome, 0.0))
        });
        trials.extend(crash);
        (trials, refused)
    }

    fn adopt(&mut self, line: TrialLine) -> Result<Trial, String> {
        let i = self.lanes.iter().position(|l| l.label == line.strategy);
        let Some(i) = i.or_else(|| (line.strategy == YOU).then(|| self.join())) else {
            return Err(format!("a trial of \"{}\", which is not in this study", line.strategy));
        };
        let lane = &mut self.lanes[i];
        let mut job = line.job;
        job.config = lane.history.space().check(&job.config)?;
        job.origin = job.origin.typed(lane.history.space());
        let is_fit = job.fidelity > 0.0 && job.fidelity <= 1.0 && job.parent.is_none_or(|parent| parent < job.id);
        if job.id != lane.history.next_id() || !is_fit || lane.affordable(std::slice::from_ref(&job)) == 0 {
            return Err(format!("trial {} of \"{}\" is out of order", job.id, line.strategy));
        }
        self.known
            .insert(known_key(&lane.task(&job)), (line.outcome.clone(), 0.0));
        Ok(lane.record(i, job, line.outcome, 0.0))
    }
}

/// Sums of shares such as 1/3 are exact to far less than this.
const TOLERANCE: f64 = 1e-9;

impl Lane {
    /// What is left to spend, in full-fidelity equivalents.
    fn left(&self) -> f64 {
        f64::from(self.trials) - self.history.spent()
    }

    /// The most jobs that what is left may pay for, if each has the whole effort.
    fn room(&self) -> usize {
        (libm::ceil(self.left() - TOLERANCE) as usize).max(1)
    }

    /// A job of this strategy, with its ancestors.
    fn task<'a>(&'a self, job: &'a Job) -> Task<'a> {
        Task::within(job, self.need, |id| self.history.jobs().get(id as usize))
    }

    /// How many of `jobs`, from the first, what is left pays for.
    fn affordable(&self, jobs: &[Job]) -> usize {
        let mut left = self.left() + TOLERANCE;
        let price = |job: &Job| match job.parent.and_then(|id| id.checked_sub(self.history.next_id())) {
            Some(within) => crate::trial::price(job, jobs.get(within as usize)),
            None => self.history.price(job),
        };
        let pays = |job: &&Job| {
            left -= price(job);
            left >= 0.0
        };
        jobs.iter().take_while(pays).count()
    }

    /// Writes a trial down; the last one planned finishes the strategy.
    fn record(&mut self, index: usize, job: Job, outcome: Outcome, seconds: f64) -> Trial {
        let line = TrialLine::write(&self.label, &job, &outcome);
        self.history.ask(job.clone());
        // It was asked just now, so it is there and untold.
        let told = self.history.tell(job.id, outcome.clone());
        debug_assert_eq!(told, Ok(()));
        if self.left() < TOLERANCE {
            self.finished = Some(format!("all {} trials are done", self.trials));
        }
        Trial {
            lane: index,
            job,
            outcome,
            line,
            seconds,
        }
    }
}

/// Jobs asked together, with their ancestors: one may continue another.
fn tasks<'a>(history: &'a History, need: Need, jobs: &'a [Job]) -> Vec<Task<'a>> {
    let find = |id: u32| match id.checked_sub(history.next_id()) {
        Some(within) => jobs.get(within as usize),
        None => history.jobs().get(id as usize),
    };
    jobs.iter().map(|job| Task::within(job, need, find)).collect()
}

fn known_key(task: &Task) -> Key {
    let job = task.job;
    let need = match task.need {
        // All folds of a full trial are what everybody gets, and so is what continues nobody.
        Need::Folds if job.fidelity >= 1.0 => Need::Value,
        Need::Lineage if task.lineage.is_empty() => Need::Value,
        need => need,
    };
    let mut name = String::new();
    if need == Need::Lineage {
        for ancestor in &task.lineage {
            name += &format!("{}\n{:x}\n", ancestor.config.key(), ancestor.fidelity.to_bits());
        }
    }
    (name + &job.config.key(), job.fidelity.to_bits(), need)
}

fn rounded(spent: f64) -> f64 {
    libm::round(spent * 1000.0) / 1000.0
}

/// Evaluates the tasks that are not known yet, in parallel.
fn evaluate(objective: &dyn Objective, tasks: &[Task], known: &mut Known, context: &Context, clock: Clock) {
    let new = |task: &&Task| !known.contains_key(&known_key(task));
    let new: Vec<Task> = tasks.iter().filter(new).cloned().collect();
    // Waking the threads for nothing costs as much as several short trials.
    if new.is_empty() {
        return;
    }
    let outcomes = objective.evaluate_all(&new, clock, context);
    known.extend(new.iter().map(known_key).zip(outcomes));
}
