//! The run as it stands, kept by the browser: after a reload or a crash it is there as it was.

use super::App;
use crate::ui::bridge::BUILD;
use crate::ui::browser::{self, now};
use crate::ui::notice::Notice;

/// Where it is kept.
const KEY: &str = "tunescape-run";
/// Longer runs are not kept: browsers give a page about 5 MB.
const MOST: usize = 2 << 20;
/// Time between two keepings while trials come in, in milliseconds.
const PACE: f64 = 2000.0;

impl App {
    /// What the kept lines belong to: trials of another build or question are not taken over.
    fn owner(&self) -> String {
        let game = if self.is_game() { " play" } else { "" };
        format!(
            "{BUILD} {} {}{game}",
            self.question.study(&self.catalog),
            self.table_owner()
        )
    }

    /// Keeps the run now.
    pub(super) fn keep(&mut self) {
        self.kept_at = now();
        let lines = {
            let view = self.view.borrow();
            if self.embedded || view.run != self.run || view.order.is_empty() {
                return;
            }
            view.trace().join("\n")
        };
        if lines.len() > MOST {
            return browser::forget(KEY);
        }
        if !browser::remember(KEY, &format!("{}\n{lines}", self.owner())) {
            let text = "This browser keeps nothing for this page: after a reload the run starts over.";
            // Said once: whoever has closed it knows.
            if !std::mem::replace(&mut self.forgetful, true) {
                self.notify(Notice::info("kept", text));
            }
        }
    }

    /// Keeps the run now and then while trials come in.
    pub(super) fn keep_going(&mut self) {
        if self.busy && now() - self.kept_at > PACE {
            self.keep();
        }
    }

    /// The lines kept of this very question, once in a page's life; a run that is begun anew is forgotten.
    pub(super) fn recall(&mut self) -> Vec<String> {
        let is_first = !std::mem::replace(&mut self.recalled, true);
        if self.embedded || !is_first || self.first_steps > 0 {
            if !self.embedded && !is_first {
                browser::forget(KEY);
            }
            return Vec::new();
        }
        let kept = browser::recall(KEY).unwrap_or_default();
        let Some((owner, lines)) = kept.split_once('\n').filter(|(owner, _)| *owner == self.owner()) else {
            return Vec::new();
        };
        debug_assert!(!owner.is_empty());
        let lines: Vec<String> = lines.lines().map(str::to_string).collect();
        let own = lines.iter().filter(|l| l.contains("\"strategy\":\"you\"")).count();
        let text = if self.is_game() {
            format!("The game from before is here again, with {own} trials of yours.")
        } else {
            format!(
                "The run from before is here again: {} trials. Reset starts over.",
                lines.len()
            )
        };
        self.notify(Notice::info("kept", &text));
        lines
    }
}
