//! What the worker says, taken in.

use super::{App, Want};
use crate::protocol::{Command, Event, Plane, Trial};
use crate::ui::bridge::{BUILD, Said};
use crate::ui::notice::Notice;
use crate::view::{Layer, View};
use std::rc::Rc;

impl App {
    pub(super) fn hear(&mut self, said: Said) {
        match said {
            Said::Event(event) => self.take(*event),
            Said::NotStarted(why) => self.not_started(&why),
            Said::Died(why) => self.died(&why),
            Said::Unreadable(what) => {
                let text = format!("The worker sent something that the page cannot read ({what}).");
                self.notify(Notice::error(
                    "build",
                    &text,
                    "Reload the page: its parts may be of different builds.",
                ));
            }
        }
    }

    fn take(&mut self, event: Event) {
        let Some(event) = self.take_slowly(event) else { return };
        match event {
            Event::Ready {
                build,
                threads,
                catalog,
            } => self.is_ready(&build, threads, *catalog),
            Event::Prepared { run, study } if run == self.run => {
                // A worker that took over knows the trials; the page has them anyway, with their times.
                let kept = self.kept();
                let mut view = View::new(run);
                view.fold(Event::Prepared { run, study });
                view.fold(Event::Trials { run, trials: kept });
                // A worker that took over sees the same objective.
                view.planes = self.kept_planes();
                view.ghost = self.ghost.clone();
                self.view.replace(view);
                self.prepared = !self.restoring;
                self.understood();
                self.ask_truth();
                if self.first_steps > 0 && !self.is_game() {
                    self.want = Want::Trials(std::mem::take(&mut self.first_steps));
                }
                self.pump();
            }
            Event::Refused { run, refused } if run == self.run => {
                self.want = Want::Rest;
                self.notify(Notice::refused(&refused, false));
                let mut view = View::new(run);
                view.fold(Event::Refused { run, refused });
                self.view.replace(view);
            }
            Event::Checked { run, text, refused } if run == self.run => self.hear_checked(&text, refused),
            Event::Table { found, refused } => self.table_read(found.map(|f| *f), refused),
            Event::Rests { run, .. } if run == self.run => {
                self.view.borrow_mut().fold(event);
                // It rested before it heard of the person's latest point, which is still to come.
                if self.trying.is_some() && self.is_own_under_way() && !self.restoring {
                    return self.ask_frame_now();
                }
                let restored = std::mem::take(&mut self.restoring);
                if restored {
                    self.prepared = true;
                    // It could not be asked before.
                    self.ask_truth();
                } else {
                    self.trying = None;
                }
                if self.is_game() {
                    self.game_rests(restored);
                }
                self.rested();
            }
            Event::Failed { run, ref message } if run == self.run => {
                // Of a question, a point or trials taken over: the run itself goes on, or can.
                self.trying = None;
                let text = format!("The worker could not do one thing: {message}. The trials so far are kept.");
                self.notify(Notice::error("run", &text, "Run goes on from them; Reset starts over."));
            }
            Event::Belief { run, .. }
            | Event::Map { run, .. }
            | Event::Truth { run, .. }
            | Event::Choice { run, .. }
            | Event::Judged { run, .. }
            | Event::HeldOut { run, .. }
            | Event::Importance { run, .. }
                if run == self.run =>
            {
                if let Some(past) = &self.past {
                    past.view.borrow_mut().fold(event.clone());
                }
                self.view.borrow_mut().fold(event);
            }
            event => {
                if let (Event::Trials { trials, .. }, Some(tried)) = (&event, &self.trying)
                    && let Some(t) = trials
                        .iter()
                        .find(|t| t.lane == tried.lane && t.job.config == tried.config)
                {
                    // What stands beside the plan is no strategy's latest: how it scored is told, though its strategy stays in sight.
                    if tried.aside {
                        self.chosen = Some((t.lane, t.job.id));
                    }
                    self.trying = None;
                }
                self.view.borrow_mut().fold(event);
            }
        }
    }

    fn is_ready(&mut self, build: &str, threads: u32, catalog: crate::protocol::Catalog) {
        if let Some(bridge) = &mut self.bridge {
            bridge.is_ready();
        }
        if build != BUILD {
            let text = "The page and its worker are of different builds: a new version was published meanwhile.";
            self.notify(Notice::error(
                "build",
                text,
                "Reload the page to get both from the same build.",
            ));
        }
        (self.ready, self.threads) = (true, threads);
        if self.catalog.presets.is_empty() {
            self.catalog = Rc::new(catalog);
            // Who pressed Run before there was anything to run has not changed their mind.
            let want = self.want;
            self.read_address();
            self.want = want;
            // A table may have been dropped before anybody was there to read it.
            if self.own.is_some() {
                self.search_table();
            }
        } else {
            self.hand_over_table(true);
            let crashed = self.crashed.take();
            self.prepare(crashed);
        }
    }

    /// The trials of this run, in the order they came.
    fn kept(&self) -> Vec<Trial> {
        let view = self.view.borrow();
        let order: &[(usize, u32)] = if view.run == self.run { &view.order } else { &[] };
        order
            .iter()
            .filter_map(|&(lane, id)| view.trial(lane, id).cloned())
            .collect()
    }

    /// The objective as far as it is known, for the same study.
    fn kept_planes(&self) -> Vec<Plane> {
        let view = self.view.borrow();
        if view.run == self.run {
            view.planes.clone()
        } else {
            Vec::new()
        }
    }

    /// Asks for the objective itself over the axes shown, where that is wanted and not known yet.
    pub(super) fn ask_truth(&self) {
        let blind = self.is_blind();
        let mut view = self.view.borrow_mut();
        let cheap = view.study.as_ref().is_some_and(|s| s.cheap);
        let wanted = self.prepared && !blind && (cheap || self.layer.is_some_and(Layer::needs_truth));
        let (true, Some((x, Some(y)))) = (wanted, self.axes_of(&view)) else {
            return;
        };
        let through = self.plane_through(&view);
        let is_whole = view.raise_plane(&x, &y, through.as_ref());
        if let Some(past) = &self.past {
            past.view.borrow_mut().raise_plane(&x, &y, through.as_ref());
        }
        if !is_whole {
            let run = self.run;
            let y = Some(y);
            self.send(&Command::Truth { run, x, y, through });
        }
    }
}
