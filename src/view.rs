//! Folds the worker's events into what is shown. Pure: the page and the command line draw from the same view.
#![forbid(unsafe_code)]

pub mod code;
pub mod csv;
pub mod filter;
pub mod game;
mod layer;
pub mod lesson;
mod line;
pub mod slow;
pub mod sort;
pub mod story;
pub mod why;

pub use layer::Layer;
pub use line::Line;

use crate::protocol::{
    Choice, Comparison, Event, HeldOut, Importance, Judged, Lane, Map, Plane, Prepared, Report, Slice, Trial,
};
use crate::spec::Refusal;
use crate::trial::{Direction, Outcome, Score, price};
use std::rc::Rc;

/// Planes kept, so that looking at other axes and back costs nothing.
const PLANES: usize = 12;

/// What there is to show of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The run whose events are folded; others are stale and dropped.
    pub run: u32,
    /// The study, once prepared.
    pub study: Option<Prepared>,
    /// Trials and standing of each strategy, in the study's order.
    pub lanes: Vec<LaneView>,
    /// All trials in the order they came in, as (lane, id).
    pub order: Vec<(usize, u32)>,
    /// Whether the worker is computing trials.
    pub running: bool,
    /// Whether every strategy is done.
    pub finished: bool,
    /// What was refused of the study text.
    pub refused: Vec<Refusal>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// The trial under way.
    pub under_way: Option<(usize, u32)>,
    /// The latest belief asked for.
    pub slice: Option<Slice>,
    /// The objective over two parameters, or along one, as far as it is known: the one asked for last stands last.
    pub planes: Vec<Plane>,
    /// What strategies believe over two parameters: the latest answer of each.
    pub maps: Vec<Map>,
    /// What another strategy was asked last, in place of which strategy and trial, and as which call.
    pub wondered: Option<(usize, Option<u32>, String)>,
    /// What it would choose: the answer to that.
    pub choice: Option<Choice>,
    /// What parameters explain: the latest answer.
    pub importance: Option<Importance>,
    /// What a trained model decides: the latest answer.
    pub judged: Option<Judged>,
    /// Test scores of what was the best: the latest answer of each strategy.
    pub held_out: Vec<HeldOut>,
    /// The run that this one was forked from.
    pub ghost: Option<Rc<Ghost>>,
    /// How the strategies compare over several seeds, as far as that is done.
    pub comparison: Option<Comparison>,
    /// The round under way in slow motion.
    pub slow: Option<slow::Slow>,
}

/// One strategy's part of a [`View`].
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// Who it is.
    pub lane: Lane,
    /// Its trials, by id.
    pub trials: Vec<Trial>,
    /// Best value at full fidelity up to and including each trial; `None` while there is none.
    pub best_so_far: Vec<Option<f64>>,
    /// What its trials took, in full-fidelity equivalents.
    pub spent: f64,
    /// Its latest standing.
    pub report: Option<Report>,
}

impl LaneView {
    /// The trial with this id.
    pub fn trial(&self, id: u32) -> Option<&Trial> {
        self.trials.get(id as usize)
    }

    /// A strategy that has done nothing yet.
    fn of(lane: &Lane) -> LaneView {
        LaneView {
            lane: lane.clone(),
            trials: vec![],
            best_so_far: vec![],
            spent: 0.0,
            report: None,
        }
    }

    /// Whether the plan has trials for it: not for a person's points beside the strategies.
    pub fn is_planned(&self) -> bool {
        self.lane.trials > 0
    }

    /// The best observed trial at full fidelity (at lower ones, if none is full), the earliest of equals, with its score.
    pub fn best(&self, direction: Direction) -> Option<(&Trial, &Score)> {
        let rank = |t: &Trial, s: &Score| (t.job.fidelity < 1.0, direction.minimized(s.value));
        let scored = self.trials.iter().filter_map(|t| score(t).map(|s| (t, s)));
        scored.fold(None, |best, (t, s)| match best {
            Some((b, v)) if rank(b, v) <= rank(t, s) => best,
            _ => Some((t, s)),
        })
    }
}

/// One strategy of an earlier run, beside the one that took its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// The strategy in its place, by position.
    pub lane: usize,
    /// The first trial that the two do not share.
    pub from: u32,
    /// What it did.
    pub of: LaneView,
}

impl View {
    /// The earlier run of a strategy.
    pub fn ghost_of(&self, lane: usize) -> Option<&Ghost> {
        self.ghost.as_deref().filter(|g| g.lane == lane)
    }
}

/// A trial's score, unless it failed.
pub fn score(trial: &Trial) -> Option<&Score> {
    match &trial.outcome {
        Outcome::Value(score) => Some(score),
        Outcome::Failed { .. } => None,
    }
}

impl View {
    /// An empty view of run `run`.
    pub fn new(run: u32) -> View {
        View { run, ..View::default() }
    }

    /// Asks what another strategy would choose: what one before it said is gone.
    pub fn wonder(&mut self, lane: usize, trial: Option<u32>, call: &str) {
        self.wondered = Some((lane, trial, call.to_string()));
        self.choice = None;
    }

    /// Takes in one event. Events of another run change nothing.
    pub fn fold(&mut self, event: Event) {
        match event {
            Event::Ready { .. } | Event::Table { .. } => {}
            Event::Prepared { run, study } if run == self.run => {
                self.lanes = study.lanes.iter().map(LaneView::of).collect();
                self.order.clear();
                self.refused = study.refused.clone();
                (self.error, self.finished, self.running) = (None, false, false);
                (self.slice, self.under_way, self.comparison) = (None, None, None);
                self.slow = None;
                self.planes.clear();
                self.maps.clear();
                self.held_out.clear();
                (self.importance, self.choice, self.judged) = (None, None, None);
                self.wondered = None;
                self.study = Some(*study);
            }
            Event::Joined { run, lane } if run == self.run => {
                if let Some(study) = &mut self.study {
                    self.lanes.push(LaneView::of(&lane));
                    study.lanes.push(lane);
                }
            }
            Event::Refused { run, refused } if run == self.run => self.refused = refused,
            Event::Began { run, lane, id } if run == self.run => {
                self.running = true;
                self.under_way = Some((lane, id));
            }
            Event::Proposed { run, proposal } if run == self.run => self.slow = Some(slow::Slow::new(*proposal)),
            Event::Fold { run, fit } if run == self.run => {
                if let Some(slow) = &mut self.slow {
                    slow.fits.push(fit);
                }
            }
            Event::Trials { run, trials } if run == self.run => trials.into_iter().for_each(|t| self.add(t)),
            Event::Report { run, report } if run == self.run => {
                if let Some(lane) = self.lanes.get_mut(report.lane) {
                    lane.report = Some(*report);
                }
            }
            Event::Belief { run, slice } if run == self.run => self.slice = Some(*slice),
            Event::Importance { run, importance } if run == self.run => self.importance = Some(importance),
            Event::Judged { run, judged } if run == self.run => self.judged = Some(*judged),
            Event::HeldOut { run, held_out } if run == self.run => {
                self.held_out.retain(|h| h.lane != held_out.lane);
                self.held_out.push(held_out);
            }
            Event::Choice { run, choice } if run == self.run => {
                // Of another question asked meanwhile nothing is shown.
                let is_own = |(lane, trial, call): &(usize, Option<u32>, String)| {
                    (*lane, *trial, call) == (choice.lane, choice.trial, &choice.asked)
                };
                if self.wondered.as_ref().is_some_and(is_own) {
                    self.choice = Some(*choice);
                }
            }
            Event::Map { run, map } if run == self.run => {
                self.maps.retain(|m| m.lane != map.lane);
                self.maps.push(*map);
            }
            Event::Truth { run, plane } if run == self.run => {
                self.planes.retain(|p| p.grid != plane.grid);
                // A cut goes through every trial that is looked at: those must not push out what took longer.
                let alike = |p: &Plane| p.grid.is_line() == plane.grid.is_line();
                if self.planes.iter().filter(|p| alike(p)).count() >= PLANES
                    && let Some(first) = self.planes.iter().position(alike)
                {
                    self.planes.remove(first);
                }
                self.planes.push(*plane);
            }
            Event::Comparison { run, comparison } if run == self.run => self.comparison = Some(*comparison),
            Event::Rests { run, finished } if run == self.run => {
                (self.running, self.finished, self.under_way) = (false, finished, None);
            }
            Event::Failed { run, message } if run == self.run => {
                (self.running, self.error) = (false, Some(message));
            }
            _ => {}
        }
    }

    fn add(&mut self, trial: Trial) {
        let direction = self.direction();
        let Some(lane) = self.lanes.get_mut(trial.lane) else {
            return;
        };
        // Trials come in id order; one that is here already (after a restart) is not added twice.
        if trial.job.id as usize != lane.trials.len() {
            return;
        }
        let before = lane.best_so_far.last().copied().flatten();
        // A value at less than full effort is no candidate for the best.
        let value = trial.outcome.value().filter(|_| trial.job.fidelity >= 1.0);
        let now = match (before, value) {
            (Some(a), Some(b)) => Some(if direction.better(b, a) { b } else { a }),
            (a, b) => a.or(b),
        };
        lane.best_so_far.push(now);
        let parent = trial.job.parent.and_then(|id| lane.trials.get(id as usize));
        lane.spent += price(&trial.job, parent.map(|t| &t.job));
        lane.report = None;
        self.order.push((trial.lane, trial.job.id));
        self.under_way = None;
        lane.trials.push(trial);
    }

    /// Which values are better.
    pub fn direction(&self) -> Direction {
        self.study.as_ref().map_or(Direction::Minimize, |s| s.direction)
    }

    /// Why a strategy cannot run on the study, if that is known.
    pub fn unfit(&self, id: &str) -> Option<&str> {
        self.study.as_ref()?.unfit(id)
    }

    /// Those that the plan has trials for.
    pub fn planned(&self) -> impl Iterator<Item = &LaneView> {
        self.lanes.iter().filter(|l| l.is_planned())
    }

    /// Trials done and planned, over all strategies, in full-fidelity equivalents.
    pub fn progress(&self) -> (usize, usize) {
        let done = self.planned().map(|l| (l.spent + 1e-9) as usize).sum();
        let all = self.planned().map(|l| l.lane.trials as usize).sum::<usize>();
        (done, all.max(done))
    }

    /// Trials of the plan that have been made, whatever their effort.
    pub fn made(&self) -> usize {
        self.planned().map(|l| l.trials.len()).sum()
    }

    /// The trial at `(lane, id)`.
    pub fn trial(&self, lane: usize, id: u32) -> Option<&Trial> {
        self.lanes.get(lane).and_then(|l| l.trial(id))
    }

    /// The score of a trial's configuration on rows that no trial has seen, if it was the best and is tested.
    pub fn test_of(&self, lane: usize, id: u32) -> Option<f64> {
        let known = self.held_out.iter().find(|h| h.lane == lane);
        let own = known.and_then(|h| h.tests.iter().find(|t| t.trial == id && t.failed.is_none()));
        let report = self.lanes.get(lane)?.report.as_ref();
        let best = report.filter(|r| r.best == Some(id)).and_then(|r| r.test).map(|t| t.0);
        own.map(|t| t.value).or(best)
    }

    /// The latest trial of a strategy.
    pub fn latest(&self, lane: usize) -> Option<&Trial> {
        self.lanes.get(lane).and_then(|l| l.trials.last())
    }

    /// Smallest and largest value of all trials.
    pub fn value_range(&self) -> Option<(f64, f64)> {
        let values = self
            .lanes
            .iter()
            .flat_map(|l| &l.trials)
            .filter_map(|t| t.outcome.value());
        values.fold(None, |range, v| match range {
            None => Some((v, v)),
            Some((low, high)) => Some((low.min(v), high.max(v))),
        })
    }

    /// The strategy with the best observed value, the first of equals.
    pub fn leader(&self) -> Option<usize> {
        let direction = self.direction();
        let bests = self
            .lanes
            .iter()
            .enumerate()
            .filter_map(|(i, l)| l.best(direction).map(|(_, s)| (i, s.value)));
        let leader = bests.fold(None, |best: Option<(usize, f64)>, (i, v)| match best {
            Some((_, b)) if !direction.better(v, b) => best,
            _ => Some((i, v)),
        });
        leader.map(|(i, _)| i)
    }

    /// The whole trace, a line each, in the order of recording, which the study alone decides.
    pub fn trace(&self) -> Vec<&str> {
        self.order
            .iter()
            .filter_map(|&(lane, id)| self.trial(lane, id))
            .map(|t| t.line.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_an_earlier_question_is_not_shown() {
        let answer = |view: &mut View, asked: &str, answer: Result<_, String>| {
            view.fold(Event::Choice {
                run: 1,
                choice: Box::new(Choice {
                    lane: 0,
                    trial: Some(3),
                    asked: asked.into(),
                    call: asked.into(),
                    answer,
                }),
            });
            view.choice.as_ref().map(|c| c.asked.clone())
        };
        let mut view = View::new(1);
        view.wonder(0, Some(3), "median");
        assert_eq!(answer(&mut view, "median", Err("no".into())).as_deref(), Some("median"));
        view.wonder(0, Some(3), "folds");
        assert_eq!(view.choice, None, "the old answer is gone at once");
        assert_eq!(answer(&mut view, "median", Err("no".into())), None);
        assert_eq!(answer(&mut view, "folds", Err("no".into())).as_deref(), Some("folds"));
        view.wonder(0, Some(4), "folds");
        assert_eq!(answer(&mut view, "folds", Err("no".into())), None);
    }
}
