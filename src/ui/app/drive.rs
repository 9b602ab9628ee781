//! Starting, running, pausing and restarting the worker.

use super::runs::Taken;
use super::{App, Want};
use crate::protocol::{Command, Crashed};
use crate::space::Config;
use crate::ui::act::{Act, Speed};
use crate::ui::bridge::{Bridge, Kind, Said};
use crate::ui::browser::Timeout;
use crate::ui::notice::Notice;
use crate::view::View;

/// How long a worker may take to rest before it is ended.
const STOP_PATIENCE: i32 = 100;
/// Time to look between two trials at slow speed.
const SLOW_PACE: i32 = 650;
/// Workers that may die in a row before the page stops starting new ones.
const MOST_FAILURES: u32 = 3;

/// A person's point that is being evaluated.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// Whose trial it is, by position.
    pub(super) lane: usize,
    /// The point.
    pub(super) config: Config,
    /// Whether it stands beside the plan.
    pub(super) aside: bool,
}

impl App {
    /// Ends the worker, if there is one, and starts another. It is prepared once it reports.
    pub(super) fn spawn(&mut self, kind: Kind) {
        self.bridge = None;
        self.number += 1;
        (self.ready, self.prepared) = (false, false);
        self.held.clear();
        self.leave_phases();
        self.rest();
        let act = self.act.clone();
        let said = yew::Callback::from(move |(number, said): (u32, Said)| act.emit(Act::Said(number, said)));
        self.bridge = Some(Bridge::start(kind, self.number, &said));
    }

    fn kind(&self) -> Kind {
        self.bridge.as_ref().map_or(Kind::Single, |b| b.kind)
    }

    /// The worker computes no more, or is gone.
    pub(super) fn rest(&mut self) {
        (self.busy, self.stop, self.pace) = (false, None, None);
        self.clock.stop();
        self.view.borrow_mut().running = false;
    }

    pub(super) fn send(&self, command: &Command) {
        if let Some(bridge) = &self.bridge {
            bridge.send(command);
        }
    }

    /// Sets up the study in a worker that is ready, with the trials the page has of this run.
    pub(super) fn prepare(&mut self, crashed: Option<Crashed>) {
        self.prepared = false;
        self.asked = None;
        self.lined = None;
        self.maps.clear();
        self.weighed = None;
        self.tested = None;
        self.judged = None;
        if self.lacks_table() {
            return;
        }
        let lines: Vec<String> = {
            let view = self.view.borrow();
            let lines = if view.run == self.run { view.trace() } else { Vec::new() };
            lines.into_iter().map(str::to_string).collect()
        };
        let lines = if lines.is_empty() {
            self.take_over().unwrap_or_else(|| self.recall())
        } else {
            lines
        };
        self.game_begins(!lines.is_empty());
        // A worker that takes trials over rests once it has them.
        self.restoring = !lines.is_empty();
        self.send(&Command::Prepare {
            run: self.run,
            text: self.question.study(&self.catalog),
            lines,
            crashed,
            person: self.is_game(),
        });
    }

    /// Begins a new run of the question as it stands. What is shown stays until the new study is there.
    pub(super) fn begin(&mut self) {
        self.begin_with(None);
    }

    /// As [`App::begin`], from trials that are known.
    pub(super) fn begin_with(&mut self, taken: Option<Taken>) {
        (self.edited, self.trying) = (None, None);
        self.held.clear();
        self.leave_phases();
        self.ghost = taken.as_ref().and_then(|t| t.ghost.clone());
        self.grown = taken.is_some();
        self.taken = taken;
        self.run += 1;
        self.forget_checked();
        (self.want, self.careful) = (Want::Rest, false);
        self.clock = Default::default();
        (self.chosen, self.past, self.point) = (None, None, None);
        self.brush.clear();
        self.notices.retain(|n| n.name == "threads" || n.name == "build");
        if self.busy {
            // At once: a worker in the middle of a trial is not waited for.
            self.spawn(self.kind());
        } else if self.ready {
            self.prepare(None);
        }
    }

    /// Starts over: the same study from no trials, shown at once.
    pub(super) fn reset(&mut self) {
        let study = self.view.borrow().study.clone();
        let edited = self.edited.is_some();
        self.begin();
        if let (Some(study), false) = (study, edited) {
            let planes = self.view.borrow().planes.clone();
            let mut view = View::new(self.run);
            view.fold(crate::protocol::Event::Prepared {
                run: self.run,
                study: Box::new(study),
            });
            view.planes = planes;
            self.view.replace(view);
        }
    }

    pub(super) fn run_pause(&mut self) {
        self.past = None;
        if self.edited.is_some() {
            self.begin();
        } else if self.is_under_way() {
            return self.pause();
        }
        (self.chosen, self.point) = (None, None);
        self.want = Want::Run;
        self.pump();
    }

    /// Whether trials come in until somebody stops them. A step ends by itself, and so does what a pause was sent to: who presses Run
    /// meanwhile means what comes after.
    pub(super) fn is_under_way(&self) -> bool {
        self.want == Want::Run || self.pace.is_some() || (self.busy && self.is_slow())
    }

    /// Stops: politely first, then by ending the worker. The page has all trials.
    pub(super) fn pause(&mut self) {
        self.want = Want::Rest;
        self.pace = None;
        self.release();
        if self.busy && self.stop.is_none() {
            self.send(&Command::Pause { run: self.run });
            let act = self.act.clone();
            self.stop = Some(Timeout::new(STOP_PATIENCE, move || act.emit(Act::HardStop)));
        }
    }

    pub(super) fn hard_stop(&mut self) {
        if self.busy {
            self.view.borrow_mut().under_way = None;
            self.trying = None;
            self.spawn(self.kind());
        }
    }

    pub(super) fn step(&mut self) {
        if self.forward() {
            return;
        }
        if self.edited.is_some() {
            self.begin();
        }
        if self.is_under_way() {
            return self.pause();
        }
        self.chosen = None;
        // Of steps asked for while one is under way the last counts: a key held down goes as fast as the trials.
        self.want = Want::Trials(1);
        self.pump();
    }

    /// Evaluates the point picked by hand: as a trial of the strategy looked at, which learns from it as from its own, or beside the plan.
    pub(super) fn try_point(&mut self, learns: bool) {
        if self.is_game() {
            return self.try_in_game();
        }
        let Some(config) = self.point.clone() else { return };
        let lane = {
            let view = self.view.borrow();
            let own = view.lanes.iter().position(|l| !l.is_planned());
            match learns {
                true => self.lane_of(&view),
                // Where the first such point opens its lane.
                false => own.unwrap_or(view.lanes.len()),
            }
        };
        if self.past.is_some() || self.busy || !self.prepared || self.edited.is_some() {
            return;
        }
        self.point = None;
        self.want = Want::Rest;
        let aside = !learns;
        self.evaluate(Tried { lane, config, aside });
    }

    /// Has the worker evaluate a person's point.
    pub(super) fn evaluate(&mut self, tried: Tried) {
        self.trying = Some(tried.clone());
        self.tried = self.is_game().then(|| self.own_trials());
        self.busy = true;
        self.clock.start();
        let run = self.run;
        let Tried { lane, config, aside } = tried;
        self.send(&Command::Try {
            run,
            lane,
            config,
            aside,
        });
    }

    /// Lets the worker do what is wanted, if it can.
    pub(super) fn pump(&mut self) {
        // What is shown until the new study is there may be an earlier run, at its end.
        let finished = {
            let view = self.view.borrow();
            view.run == self.run && view.finished
        };
        if finished {
            self.want = Want::Rest;
        }
        if !self.ready || !self.prepared || self.busy || self.pace.is_some() {
            return;
        }
        // The worker that was to evaluate it is gone.
        if let Some(tried) = self.trying.take() {
            return self.evaluate(tried);
        }
        if self.is_slow() {
            return match self.want {
                _ if self.phase.is_some() => self.go_on_slowly(),
                Want::Rest => {}
                _ => self.propose(),
            };
        }
        let trials = match (self.want, self.speed) {
            (Want::Rest, _) => return,
            (Want::Run, Speed::Slow) if !self.is_game() => Some(1),
            (Want::Run, _) => None,
            (Want::Trials(n), _) => Some(n),
        };
        if self.want != Want::Run {
            self.want = Want::Rest;
        }
        self.busy = true;
        self.clock.start();
        // Single steps are told one by one anyway.
        let (run, careful) = (self.run, self.careful || trials.is_some());
        self.send(&Command::Advance { run, trials, careful });
    }

    /// The worker rests: at slow speed it goes on after a while.
    pub(super) fn rested(&mut self) {
        self.rest();
        self.keep();
        self.ask_frame_now();
        if self.learns() {
            return;
        }
        if self.want == Want::Run && self.speed == Speed::Slow && !self.view.borrow().finished {
            let act = self.act.clone();
            self.pace = Some(Timeout::new(SLOW_PACE, move || act.emit(Act::Pace)));
        } else {
            self.pump();
        }
    }

    /// The worker could not start: without threads it may.
    pub(super) fn not_started(&mut self, why: &str) {
        if matches!(self.kind(), Kind::Threads(_)) {
            let text = format!("Threads did not start here ({why}). One thread is used; nothing else changes.");
            self.notify(Notice::info("threads", &text));
            return self.spawn(Kind::Single);
        }
        let text = format!("The part of the page that computes did not start: {why}.");
        self.notify(Notice::error(
            "worker",
            &text,
            "Reload the page, or try a current browser.",
        ));
    }

    /// The worker died: another takes over with the page's trials.
    pub(super) fn died(&mut self, why: &str) {
        if !self.ready {
            return self.not_started(why);
        }
        let (under_way, kept) = {
            let view = self.view.borrow();
            (view.under_way, view.order.len())
        };
        // What killed a worker while it set up its study will kill the next one too.
        self.failures = if self.prepared { 1 } else { self.failures + 1 };
        // Only at full pace can several trials have been under way. A person's point in a game is tried twice, as theirs are few.
        let alone = self.careful || self.want != Want::Run || (self.speed.is_paced() && !self.is_game());
        let crashed = under_way.filter(|_| self.busy).map(|(lane, id)| Crashed {
            lane,
            id,
            config: self.trying_now(lane),
        });
        let text = format!("The worker stopped unexpectedly: {why}. All {kept} trials are kept.");
        if self.failures >= MOST_FAILURES {
            (self.bridge, self.want) = (None, Want::Rest);
            self.rest();
            return self.notify(Notice::error(
                "worker",
                &text,
                "Choose another preset or reload the page.",
            ));
        }
        let search = crashed.is_some() && !alone;
        let todo = match crashed {
            Some(_) if search => "Another goes on from them, one trial at a time, to find the one at fault.",
            Some(_) if self.is_game() => "The trial under way is recorded as failed and not tried again.",
            Some(_) => "The trial under way is recorded as failed and not tried again. Press Run to go on.",
            None => "Press Run to go on.",
        };
        self.notify(Notice::error("worker", &text, todo));
        self.spawn(self.kind());
        self.careful = search;
        if search {
            self.want = Want::Run;
        } else {
            // In a game nobody presses Run: the others follow.
            self.want = if self.is_game() { Want::Run } else { Want::Rest };
            self.trying = self.trying.take().filter(|_| crashed.is_none());
            self.crashed = crashed;
        }
    }

    /// A person's point, if it is what is under way for this strategy.
    fn trying_now(&self, lane: usize) -> Option<Config> {
        self.trying
            .as_ref()
            .filter(|t| t.lane == lane)
            .map(|t| t.config.clone())
    }
}
