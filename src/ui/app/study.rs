//! The study text: read from the address, changed by the controls, written back.

use super::runs::Taken;
use super::{App, Part};
use crate::question::Question;
use crate::spec::StudyText;
use crate::ui::act::Act;
use crate::ui::browser::{self, Timeout};
use crate::ui::lesson::Turn;
use crate::ui::notice::Notice;
use crate::ui::theme;
use crate::view::Layer;

/// Edits that follow each other this closely begin one run.
const DEBOUNCE: i32 = 250;
/// Edits that can be taken back.
const MOST_EDITS: usize = 100;

/// What an edit was made of.
pub(super) struct Edit {
    question: Question,
    /// Its run, where the question alone does not give that again.
    run: Option<Taken>,
}

impl App {
    /// Opens what the address says.
    pub(super) fn read_address(&mut self) {
        if self.catalog.presets.is_empty() {
            return;
        }
        // Edits of another question that were still to be taken in.
        self.entering.clear();
        let (question, refused) = Question::read(&browser::hash(), &self.catalog);
        let page = &question.page;
        let mut odd = refused;
        let pair = |v: &str| match v.split_once(',') {
            Some((x, y)) => (x.to_string(), Some(y.to_string())),
            None => (v.to_string(), None),
        };
        self.axes = page.get("show").map(pair);
        if let Some(name) = page.get("layer") {
            self.layer = Layer::ALL.iter().find(|l| l.1 == name).map(|l| l.0);
            if self.layer.is_none() {
                let all: Vec<_> = Layer::ALL.iter().map(|l| l.1).collect();
                odd.push(crate::spec::Refusal::new(
                    name,
                    format!("no layer of this name; accepted: {}", all.join(", ")),
                ));
            }
        }
        if let Some(word) = page.get("play").filter(|w| !matches!(*w, "1" | "over")) {
            odd.push(crate::spec::Refusal::new(
                &format!("play={word}"),
                "accepted: 1, a game to play",
            ));
        }
        if let Some(word @ ("light" | "dark")) = page.get("theme") {
            self.dark = theme::set(word == "dark");
        }
        self.present = page.get("present") == Some("1");
        theme::present(self.present);
        let steps = page.get("step").map(str::parse::<u32>);
        if let (Some(Err(_)), Some(text)) = (&steps, page.get("step")) {
            odd.push(crate::spec::Refusal::new(
                text,
                "step needs a number of trials, such as step=20",
            ));
        }
        if self.question != Question::default() && self.question.text != question.text {
            self.remember_edit();
        }
        self.first_steps = steps.and_then(Result::ok).unwrap_or(0);
        let lesson = page.get("lesson").map(str::to_string);
        self.question = question;
        if self
            .question
            .page
            .get("play")
            .is_some_and(|w| !matches!(w, "1" | "over"))
        {
            self.question.page.set("play", None);
        }
        // Trials to run on opening are done once; a shared link gets its own number.
        self.question.page.set("step", None);
        self.begin();
        match lesson {
            // Reading the address again, in a lesson, is not opening it again.
            Some(name) if self.course.is_none() => self.turn(Turn::Open(name)),
            Some(_) => {}
            None => self.course = None,
        }
        if !odd.is_empty() {
            self.notify(Notice::refused(&odd, true));
        }
    }

    pub(super) fn open_preset(&mut self, id: &str) {
        let mut page = self.question.page.clone();
        page.set("show", None);
        let (question, _) = Question::read(&format!("preset={id}"), &self.catalog);
        let hash = question.short(&self.catalog, &page);
        // A new entry in the history: the browser's Back leads to the preset before.
        if browser::hash() == hash || browser::window().location().set_hash(&hash).is_err() {
            self.question = Question { page, ..question };
            self.begin();
        }
    }

    /// Takes in edits; the new run begins when they have come to rest.
    pub(super) fn edit(&mut self, changes: &[(String, Option<String>)]) {
        let mut edited = self.question.clone();
        edited.edit(changes, &self.catalog);
        if edited == self.question {
            return;
        }
        self.remember_edit();
        self.question = edited;
        self.edited();
    }

    /// The question as it is can be come back to.
    pub(super) fn remember_edit(&mut self) {
        let now = self.standing(self.grown);
        self.remember(now);
    }

    /// As [`App::remember_edit`], with the trials of the run.
    pub(super) fn remember_run(&mut self) {
        let now = self.standing(true);
        self.remember(now);
    }

    fn remember(&mut self, now: Edit) {
        let (past, future) = &mut self.undone;
        past.push(now);
        if past.len() > MOST_EDITS {
            past.remove(0);
        }
        future.clear();
    }

    fn standing(&mut self, with_run: bool) -> Edit {
        // While an edit has not come to rest, the run is still that of the question before it.
        let with_run = with_run && self.edited.is_none();
        Edit {
            question: self.question.clone(),
            run: with_run.then(|| self.as_taken()),
        }
    }

    pub(super) fn undo(&mut self) {
        if let Some(before) = self.undone.0.pop() {
            let now = self.standing(self.grown);
            self.undone.1.push(now);
            self.come_back_to(before);
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(after) = self.undone.1.pop() {
            // What was forked from leads there again.
            let now = self.standing(self.grown || after.run.is_some());
            self.undone.0.push(now);
            self.come_back_to(after);
        }
    }

    fn come_back_to(&mut self, edit: Edit) {
        self.question = edit.question;
        match edit.run {
            Some(run) => {
                self.write_address();
                self.begin_with(Some(run));
            }
            None => self.edited(),
        }
    }

    fn edited(&mut self) {
        self.write_address();
        let act = self.act.clone();
        self.edited = Some(Timeout::new(DEBOUNCE, move || act.emit(Act::Begin)));
    }

    pub(super) fn new_seed(&mut self) {
        // The one place where chance enters: everything after follows from this number.
        match getrandom::u32() {
            Ok(seed) => {
                self.edit(&[("seed".into(), Some(seed.to_string()))]);
                self.begin();
            }
            Err(_) => self.notify(Notice::error(
                "seed",
                "This browser gives no random numbers here.",
                "Type a seed instead.",
            )),
        }
    }

    pub(super) fn write_address(&self) {
        browser::replace_hash(&self.question.hash(&self.catalog));
    }

    /// After the worker understood the text: if it refused parts, the form shows what is in force.
    pub(super) fn understood(&mut self) {
        let view = self.view.borrow();
        let Some(study) = &view.study else { return };
        if study.refused.is_empty() {
            return;
        }
        let notice = Notice::refused(&study.refused, true);
        let (mut text, _) = StudyText::parse(&study.text);
        text.set("v", None);
        text.set("preset", None);
        drop(view);
        self.question.text = text;
        self.question.edit(&[], &self.catalog);
        // After a reload the same text is in force, and the trials belong to it.
        self.write_address();
        let own = self.notices.iter().find(|n| n.name == notice.name).cloned();
        self.notify(match own {
            Some(earlier) => earlier.with(notice),
            None => notice,
        });
    }

    /// A link to what is shown: the study and how far it ran.
    pub(super) fn link(&self) -> String {
        let mut page = self.question.page.clone();
        let done = self.past.as_ref().map_or(self.view.borrow().order.len(), |p| p.trials);
        let steps = done.to_string();
        page.set("step", (done > 0 && !self.is_game()).then_some(steps.as_str()));
        if self.is_game() {
            page.set("play", Some("1"));
        }
        page.set("embed", None);
        format!(
            "{}#{}",
            browser::page_address(),
            self.question.short(&self.catalog, &page)
        )
    }

    /// All trials as a table for spreadsheets.
    pub(super) fn download_csv(&self) {
        let name = self.question.preset.as_deref().unwrap_or("study");
        let text = crate::view::csv::csv(&self.shown(Part::Trials).view());
        browser::download(&format!("tunescape-{name}.csv"), "text/csv", &text);
    }

    /// The trace as a file: the command line's format, the same bytes.
    pub(super) fn download(&self) {
        let mut text = self.view.borrow().trace().join("\n");
        text.push('\n');
        let name = self.question.preset.as_deref().unwrap_or("study");
        browser::download(&format!("tunescape-{name}.jsonl"), "application/x-ndjson", &text);
    }
}
