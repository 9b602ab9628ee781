//! Slow motion: each trial in four phases. What they show comes from the worker as it happens; each stays long enough to be read.

use super::{App, Want};
use crate::protocol::{Command, Event};
use crate::ui::act::{Act, Speed};
use crate::ui::browser::Timeout;
use crate::view::slow::Phase;

/// How long each phase is shown at least, in milliseconds. Only training can take longer: it lasts until its result is there.
fn hold(phase: Phase) -> i32 {
    match phase {
        Phase::Propose => 1400,
        Phase::Explain => 2600,
        Phase::Train => 1400,
        Phase::Learn => 2000,
    }
}

impl App {
    pub(super) fn is_slow(&self) -> bool {
        self.speed == Speed::SlowMotion && !self.is_game()
    }

    /// Begins a trial in slow motion: the worker is asked what it will be.
    pub(super) fn propose(&mut self) {
        if let Want::Trials(n) = self.want {
            self.want = if n > 1 { Want::Trials(n - 1) } else { Want::Rest };
        }
        self.busy = true;
        self.clock.start();
        self.send(&Command::Propose { run: self.run });
    }

    /// Takes in an event of a trial in slow motion. Gives it back if it is to be taken in as any other.
    pub(super) fn take_slowly(&mut self, event: Event) -> Option<Event> {
        match event {
            Event::Proposed { run, .. } => {
                // A pause that is on its way is answered next.
                if run == self.run && self.stop.is_none() {
                    self.rest();
                    if self.is_slow() {
                        self.view.borrow_mut().fold(event);
                        self.enter_phase(Phase::Propose);
                        self.ask_frame_now();
                    } else {
                        self.pump();
                    }
                }
                None
            }
            // Results come as fast as they come: they wait until training has been seen.
            Event::Trials { run, .. } | Event::Report { run, .. } | Event::Rests { run, .. }
                if run == self.run
                    && self.phase == Some(Phase::Train)
                    && self.pace.is_some()
                    && self.stop.is_none() =>
            {
                self.held.push(event);
                None
            }
            Event::Trials { run, .. } if run == self.run && self.phase == Some(Phase::Train) => {
                self.phase = Some(Phase::Learn);
                Some(event)
            }
            event => Some(event),
        }
    }

    fn enter_phase(&mut self, phase: Phase) {
        self.phase = Some(phase);
        self.hold_phase(phase);
    }

    fn hold_phase(&mut self, phase: Phase) {
        let act = self.act.clone();
        self.pace = Some(Timeout::new(hold(phase), move || act.emit(Act::Pace)));
    }

    /// A phase has been seen long enough.
    pub(super) fn next_phase(&mut self) {
        match self.phase {
            Some(Phase::Propose) => self.enter_phase(Phase::Explain),
            Some(Phase::Explain) => {
                self.enter_phase(Phase::Train);
                self.busy = true;
                self.clock.start();
                self.send(&Command::Train { run: self.run });
            }
            // Without a result yet, the result ends the phase.
            Some(Phase::Train) => self.release(),
            Some(Phase::Learn) => {
                self.leave_phases();
                self.pump();
            }
            None => self.pump(),
        }
    }

    /// The worker rests after a trial in slow motion: what was learned is looked at. Says whether that is so.
    pub(super) fn learns(&mut self) -> bool {
        let learns = self.phase == Some(Phase::Learn) && self.is_slow();
        if learns {
            self.hold_phase(Phase::Learn);
        }
        learns
    }

    /// Run or Step was pressed while a phase stood still.
    pub(super) fn go_on_slowly(&mut self) {
        if let Want::Trials(n) = self.want {
            self.want = if n > 1 { Want::Trials(n - 1) } else { Want::Rest };
        }
        self.next_phase();
    }

    /// Another speed: what is under way at the old one ends first.
    pub(super) fn set_speed(&mut self, speed: Speed) {
        let changed = std::mem::replace(&mut self.speed, speed) != speed;
        if !changed || self.is_game() {
            return;
        }
        self.leave_phases();
        if self.busy && self.want == Want::Run && speed.is_paced() {
            self.send(&Command::Pause { run: self.run });
        } else {
            self.pump();
        }
    }

    /// Takes in what was held back.
    pub(super) fn release(&mut self) {
        for event in std::mem::take(&mut self.held) {
            self.hear(crate::ui::bridge::Said::Event(Box::new(event)));
        }
    }

    /// No phase is shown any more; what was held back counts.
    pub(super) fn leave_phases(&mut self) {
        if self.phase.is_some() {
            (self.phase, self.pace) = (None, None);
            self.release();
            self.view.borrow_mut().slow = None;
        }
    }
}
