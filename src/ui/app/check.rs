//! Whether an edit would be accepted: the worker knows, and is asked while it is typed.

use super::App;
use crate::protocol::Command;
use crate::spec::Refusal;
use crate::ui::check::Checked;
use crate::ui::question::Changes;
use std::rc::Rc;

impl App {
    /// Asks the worker about an edit. If it is busy, it answers later, and whoever enters the edit meanwhile hears of it afterwards.
    pub(super) fn check(&mut self, changes: Changes) {
        let mut edited = self.question.clone();
        edited.edit(&changes, &self.catalog);
        let (text, in_force) = (edited.study(&self.catalog), self.question.study(&self.catalog));
        if text == in_force || !self.ready {
            return;
        }
        self.checking = Some((text.clone(), changes));
        self.send(&Command::Check {
            run: self.run,
            text,
            in_force,
        });
    }

    /// Hands an answer to the fields, unless more was typed meanwhile.
    pub(super) fn hear_checked(&mut self, text: &str, refused: Vec<Refusal>) {
        if let Some((_, changes)) = self.checking.take_if(|(asked, _)| asked == text) {
            self.checked = Some(Rc::new(Checked { changes, refused }));
        }
    }

    /// What was said of another question no longer holds.
    pub(super) fn forget_checked(&mut self) {
        (self.checking, self.checked) = (None, None);
    }
}
