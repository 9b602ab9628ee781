//! Whether an edit would be accepted: the worker knows, and is asked while it is typed.

use super::App;
use crate::protocol::Command;
use crate::question::Changes;
use crate::spec::Refusal;
use crate::ui::act::Act;
use crate::ui::browser::Timeout;
use crate::ui::check::Checked;
use std::rc::Rc;
use yew::Callback;

/// How long an edit that was entered waits for the worker's word, in milliseconds.
const PATIENCE: i32 = 1000;

/// An edit that was entered before anybody has said whether it would be accepted.
pub(super) struct Entering {
    number: u32,
    /// The text it would make.
    text: String,
    changes: Changes,
    then: Callback<()>,
    /// Ends the waiting; dropped with it.
    _patience: Timeout,
}

impl App {
    /// Asks the worker about an edit. If it is busy, it answers later, and whoever enters the edit meanwhile hears of it afterwards.
    pub(super) fn check(&mut self, changes: Changes) {
        if let Some(text) = self.ask_about(&changes) {
            self.checking = Some((text, changes));
        }
    }

    /// Takes in an edit once the worker has accepted it; one that it refuses stays in its field. A worker at work is not waited for.
    pub(super) fn take_in(&mut self, changes: Changes, then: Callback<()>) {
        let asked = if self.busy { None } else { self.ask_about(&changes) };
        let Some(text) = asked else {
            return then.emit(());
        };
        self.entered += 1;
        let (number, act) = (self.entered, self.act.clone());
        self.entering.push(Entering {
            number,
            text,
            changes,
            then,
            _patience: Timeout::new(PATIENCE, move || act.emit(Act::Unheard(number))),
        });
    }

    /// An edit has waited long enough: what is wrong with it is told by a notice.
    pub(super) fn unheard(&mut self, number: u32) {
        if let Some(at) = self.entering.iter().position(|e| e.number == number) {
            self.entering.remove(at).then.emit(());
        }
    }

    /// Asks about an edit, and gives the text it would make; `None` if it changes nothing, or nobody is there to ask.
    fn ask_about(&self, changes: &Changes) -> Option<String> {
        let mut edited = self.question.clone();
        edited.edit(changes, &self.catalog);
        let (text, in_force) = (edited.study(&self.catalog), self.question.study(&self.catalog));
        if text == in_force || !self.ready {
            return None;
        }
        self.send(&Command::Check {
            run: self.run,
            text: text.clone(),
            in_force,
        });
        Some(text)
    }

    /// Hands an answer to the fields, unless more was typed meanwhile, and takes in what was entered before it came.
    pub(super) fn hear_checked(&mut self, text: &str, refused: Vec<Refusal>) {
        let asked = self
            .checking
            .take_if(|(asked, _)| asked == text)
            .map(|(_, changes)| changes);
        let entered = self.entering.iter().position(|e| e.text == text);
        let entered = entered.map(|at| self.entering.remove(at));
        let changes = asked.or_else(|| entered.as_ref().map(|e| e.changes.clone()));
        let is_fine = refused.is_empty();
        if let Some(changes) = changes {
            self.checked = Some(Rc::new(Checked { changes, refused }));
        }
        if let Some(entered) = entered.filter(|_| is_fine) {
            entered.then.emit(());
        }
    }

    /// What was said of another question no longer holds.
    pub(super) fn forget_checked(&mut self) {
        (self.checking, self.checked) = (None, None);
    }
}
