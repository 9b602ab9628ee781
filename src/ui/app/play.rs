//! A game: the person's turns, what they may see and do meanwhile, and its end.

use super::drive::Tried;
use super::{App, Want};
use crate::protocol::Command;
use crate::question::Question;
use crate::space::Config;
use crate::ui::act::Act;
use crate::ui::notice::Notice;
use crate::ui::play::{Rival, Turn};
use crate::view::View;
use crate::view::game::{blindfolded, player};
use std::cell::RefCell;
use std::rc::Rc;

/// The page's key, and what it says while a game is on and at its end.
const KEY: &str = "play";
const ON: &str = "1";
const OVER: &str = "over";

impl App {
    /// Whether a person takes part.
    pub(super) fn is_game(&self) -> bool {
        self.question.page.get(KEY).is_some()
    }

    /// Whether they may not see anything but their own trials.
    pub(super) fn is_blind(&self) -> bool {
        let view = self.view.borrow();
        // Where there is no study, there is nothing to hide, but something to mend.
        let is_refused = view.run == self.run && view.study.is_none() && !view.refused.is_empty();
        self.question.page.get(KEY) == Some(ON) && !is_refused
    }

    pub(super) fn play(&mut self, turn: Turn) {
        match turn {
            Turn::Choose(open) => (self.choosing, self.sharing, self.runs) = (open, None, None),
            Turn::Start(text) => self.start(text.as_deref()),
            Turn::Again => self.start(None),
            Turn::GiveUp => {
                self.reveal();
                self.give_up();
            }
            Turn::Leave => self.leave(),
        }
    }

    /// Begins a game about a study text, or the question as it is: under a new number, which moves a test function.
    fn start(&mut self, text: Option<&str>) {
        if self.catalog.presets.is_empty() {
            return;
        }
        // The one other place where chance enters.
        let Ok(drawn) = getrandom::u32() else {
            let text = "This browser gives no random numbers here.";
            return self.notify(Notice::error("seed", text, "Open a game by its address instead."));
        };
        let number = (1000 + drawn % 9000).to_string();
        let mut question = match text {
            Some(text) => Question {
                page: self.question.page.clone(),
                ..Question::read(text, &self.catalog).0
            },
            None => self.question.clone(),
        };
        let mut changes = vec![("seed".to_string(), Some(number.clone()))];
        if let Some(mut call) = question.call("fn") {
            call.settings.retain(|(name, _)| name != "variant");
            call.settings.push(("variant".into(), number));
            changes.push(("fn".into(), Some(call.to_string())));
        }
        question.edit(&changes, &self.catalog);
        question.page.set(KEY, Some(ON));
        ["lesson", "layer", "step"]
            .iter()
            .for_each(|key| question.page.set(key, None));
        if text.is_some() {
            question.page.set("show", None);
            self.axes = None;
        }
        self.remember_edit();
        self.question = question;
        (self.course, self.choosing, self.sharing) = (None, false, None);
        (self.layer, self.lane) = (None, None);
        self.write_address();
        self.begin();
    }

    /// Shows everything from now on.
    fn reveal(&mut self) {
        self.question.page.set(KEY, Some(OVER));
        (self.point, self.chosen, self.lane) = (None, None, None);
        self.blind = None;
        self.write_address();
        self.keep();
        self.ask_truth();
    }

    /// Lets the strategies go on to their ends.
    fn give_up(&mut self) {
        if self.prepared {
            (self.want, self.busy) = (Want::Run, true);
            self.clock.start();
            self.send(&Command::GiveUp { run: self.run });
        }
    }

    /// Goes on without the person; what the strategies have found stays.
    fn leave(&mut self) {
        self.question.page.set(KEY, None);
        self.blind = None;
        self.write_address();
        let lines = {
            let view = self.view.borrow();
            let you = player(&view);
            let others = view.order.iter().filter(|o| Some(o.0) != you);
            others
                .filter_map(|&(lane, id)| Some(view.trial(lane, id)?.line.clone()))
                .collect()
        };
        self.begin_with(Some(super::runs::Taken {
            lines,
            table: None,
            ghost: None,
        }));
    }

    /// A run begins: a game whose trials are not here cannot be shown at its end, so it is played from its start.
    pub(super) fn game_begins(&mut self, has_trials: bool) {
        if self.is_game() && !has_trials {
            self.question.page.set(KEY, Some(ON));
            self.write_address();
        }
        self.tried = None;
    }

    /// The worker rests in a game: it is the person's turn, or over. A worker that has just taken over trials goes on first.
    pub(super) fn game_rests(&mut self, restored: bool) {
        self.tried = None;
        self.want = Want::Rest;
        let (finished, over) = (self.view.borrow().finished, !self.is_blind());
        if finished && !over {
            self.reveal();
        } else if restored && over && !finished {
            self.give_up();
        } else if restored && !finished {
            self.want = Want::Run;
        }
    }

    /// Makes the view that a person may see.
    pub(super) fn blindfold(&mut self) {
        let view = self.view.borrow();
        let is_there = view.run == self.run && view.study.is_some();
        let seen = || {
            if is_there {
                blindfolded(&view)
            } else {
                View::new(self.run)
            }
        };
        let blind = self.is_blind().then(|| Rc::new(RefCell::new(seen())));
        drop(view);
        self.blind = blind;
        if self.blind.is_some() && is_there && self.point.is_none() {
            self.pick(&[]);
        }
    }

    /// Whether a person under the blindfold may do this: nothing that shows, undoes or changes the game.
    pub(super) fn allows(&self, act: &Act) -> bool {
        !self.is_blind()
            || !matches!(
                act,
                Act::Reset
                    | Act::RunPause
                    | Act::Step
                    | Act::Back
                    | Act::Scrub(_)
                    | Act::Preset(_)
                    | Act::Set(_)
                    | Act::Target(..)
                    | Act::File(_)
                    | Act::Undo
                    | Act::Redo
                    | Act::Runs(true)
                    | Act::Fork
                    | Act::NewSeed
                    | Act::Layer(_)
                    | Act::WhatIf(_)
                    | Act::Export
                    | Act::Download
                    | Act::Visible
            )
    }

    /// Evaluates the point picked as the person's next trial; the strategies follow with one each.
    pub(super) fn try_in_game(&mut self) {
        let Some(config) = self.point.clone().filter(|c| self.can_try_in_game(c)) else {
            return;
        };
        self.want = Want::Run;
        self.evaluate(Tried {
            lane: 0,
            config,
            aside: false,
        });
    }

    /// Whether a point that the person has chosen in a game is not evaluated yet.
    pub(super) fn is_own_under_way(&self) -> bool {
        self.tried.is_some_and(|before| self.own_trials() <= before)
    }

    pub(super) fn own_trials(&self) -> usize {
        self.view.borrow().lanes.first().map_or(0, |l| l.trials.len())
    }

    /// Whether the person can evaluate a point: one that is not tried, while there is a trial left and none of theirs under way.
    fn can_try_in_game(&self, config: &Config) -> bool {
        let view = self.view.borrow();
        let is_open = |l: &crate::view::LaneView| {
            self.is_new(config) && l.trials.len() < l.lane.trials as usize && !self.is_own_under_way()
        };
        self.can_play() && view.lanes.first().is_some_and(is_open)
    }

    /// Whether the person has not tried this point.
    pub(super) fn is_new(&self, config: &Config) -> bool {
        let view = self.view.borrow();
        let own = view.lanes.first().into_iter().flat_map(|l| &l.trials);
        own.into_iter().all(|t| t.job.config != *config)
    }

    pub(super) fn can_play(&self) -> bool {
        self.is_blind() && self.prepared && self.edited.is_none()
    }

    /// How far everybody else is.
    pub(super) fn rivals(&self) -> Vec<Rival> {
        let view = self.view.borrow();
        let you = player(&view);
        let others = view.lanes.iter().enumerate().filter(|(i, _)| Some(*i) != you);
        let rival = |(_, l): (usize, &crate::view::LaneView)| Rival {
            label: l.lane.label.clone(),
            spent: (l.spent + 1e-9) as u32,
        };
        others.map(rival).collect()
    }
}
