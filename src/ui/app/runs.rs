//! Whole runs: kept by name in the browser, saved as files, and opened again.

use super::App;
use crate::order;
use crate::question::Question;
use crate::table::Choices;
use crate::ui::bridge::BUILD;
use crate::ui::browser::{self, get};
use crate::ui::notice::Notice;
use crate::ui::runs::Kept;
use crate::view::Ghost;
use js_sys::{Array, JSON};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Before a run's name in the browser's storage.
const KEY: &str = "tunescape-kept:";

/// Trials that a study begins with.
pub(super) struct Taken {
    /// Their lines.
    pub(super) lines: Vec<String>,
    /// The table they belong to: its digest, and what was said of it.
    pub(super) table: Option<(String, Choices)>,
    /// The run they are forked from.
    pub(super) ghost: Option<Rc<Ghost>>,
}

/// The runs that are kept, by name.
pub(super) fn kept() -> Vec<Kept> {
    let one = |key: String| {
        let name = key.strip_prefix(KEY)?.to_string();
        let text = browser::recall(&key)?;
        // The file's first line says what it is, each further one is a trial.
        let study = get(
            &JSON::parse(
                text.lines()
                    .next()?
                    .strip_suffix(",\"trials\":[")
                    .map(|l| l.to_string() + "}")?
                    .as_str(),
            )
            .ok()?,
            "study",
        )?
        .as_string()?;
        Some(Kept {
            name,
            study,
            trials: text.lines().count().saturating_sub(2),
        })
    };
    let mut all: Vec<Kept> = browser::remembered().into_iter().filter_map(one).collect();
    order::sort_by(&mut all, |a, b| a.name.cmp(&b.name));
    all
}

/// A text as JSON has it.
pub(super) fn quoted(text: &str) -> String {
    JSON::stringify(&text.into()).map_or("\"\"".into(), String::from)
}

impl App {
    /// The run as a file: a line of JSON for what it is, and one for each trial.
    fn run_file(&self) -> String {
        let table = self.own.as_ref().filter(|_| self.is_own());
        let table = table.and_then(|own| Some((own, own.found.as_ref()?)));
        let table = table.map_or("null".to_string(), |(own, found)| {
            format!(
                "{{\"name\":{},\"digest\":{},\"choices\":{}}}",
                quoted(&own.name),
                quoted(&found.digest),
                own.said()
            )
        });
        format!(
            "{{\"tunescape\":1,\"build\":{},\"study\":{},\"page\":{},\"table\":{table},\"trials\":[\n{}\n]}}\n",
            quoted(BUILD),
            quoted(&self.question.study(&self.catalog)),
            quoted(&self.question.page.to_string()),
            self.view.borrow().trace().join(",\n")
        )
    }

    pub(super) fn export(&self) {
        let name = self.question.preset.as_deref().unwrap_or("study");
        browser::download(&format!("tunescape-{name}.json"), "application/json", &self.run_file());
    }

    pub(super) fn keep_run(&mut self, name: &str) {
        self.store(name, &self.run_file());
    }

    fn store(&mut self, name: &str, text: &str) -> bool {
        let stored = browser::remember(&format!("{KEY}{name}"), text);
        if stored {
            self.notices.retain(|n| n.name != "runs");
        } else {
            let text = format!(
                "The browser has no room for \"{name}\", or keeps nothing for this page. The run itself goes on."
            );
            self.notify(Notice::error(
                "runs",
                &text,
                "Delete a run that is kept, or export this one as a file.",
            ));
        }
        self.runs = Some(kept());
        stored
    }

    pub(super) fn rename_run(&mut self, old: &str, new: &str) {
        let text = browser::recall(&format!("{KEY}{old}"));
        if let Some(text) = text.filter(|_| old != new) {
            // Where there is no room for two, the old one makes room.
            browser::forget(&format!("{KEY}{old}"));
            if !self.store(new, &text) {
                self.store(old, &text);
            }
        }
    }

    pub(super) fn delete_run(&mut self, name: &str) {
        browser::forget(&format!("{KEY}{name}"));
        self.runs = Some(kept());
    }

    pub(super) fn reopen(&mut self, name: &str) {
        match browser::recall(&format!("{KEY}{name}")) {
            Some(text) => self.open_run(name, &text),
            None => self.runs = Some(kept()),
        }
    }

    /// Opens a run from its file's text.
    pub(super) fn open_run(&mut self, name: &str, text: &str) {
        let Some((study, taken)) = parsed(text) else {
            let text = format!("{name} is no run of Tunescape: accepted is a file that Export has written.");
            return self.notify(Notice::error("runs", &text, "Everything is as it was."));
        };
        let (question, refused) = Question::read(&study, &self.catalog);
        self.entering.clear();
        self.remember_run();
        self.question = question;
        self.write_address();
        let words = format!("{name} is here again, with {} trials.", taken.lines.len());
        self.begin_with(Some(taken));
        self.runs = None;
        self.notify(Notice::info("runs", &words));
        if !refused.is_empty() {
            self.notify(Notice::refused(&refused, true));
        }
    }

    /// The run as it stands, to begin with again.
    pub(super) fn as_taken(&mut self) -> Taken {
        // Before its study is there, a run is what it begins with.
        if let Some(taken) = self.taken.take() {
            return taken;
        }
        let view = self.view.borrow();
        let lines = if view.run == self.run { view.trace() } else { Vec::new() };
        let own = self.own.as_ref().filter(|_| self.is_own());
        let table = own.and_then(|own| Some((own.found.as_ref()?.digest.clone(), own.choices.clone())));
        Taken {
            lines: lines.into_iter().map(str::to_string).collect(),
            table,
            ghost: self.ghost.clone(),
        }
    }

    /// The lines that the study begins with, if somebody brought some; those of another table are not taken over.
    pub(super) fn take_over(&mut self) -> Option<Vec<String>> {
        let taken = self.taken.take()?;
        let digest = self.own.as_ref().and_then(|own| Some(&own.found.as_ref()?.digest));
        let other = taken
            .table
            .as_ref()
            .is_some_and(|(of, _)| self.is_own() && Some(of) != digest);
        if other {
            let text = "The trials of this run belong to another table: they are not taken over.";
            self.notify(Notice::error(
                "runs",
                text,
                "Drop the table they belong to, then open the run again.",
            ));
            return Some(Vec::new());
        }
        Some(taken.lines)
    }
}

/// What a file says: the study with the page's keys, and its trials.
fn parsed(text: &str) -> Option<(String, Taken)> {
    let run = JSON::parse(text).ok()?;
    get(&run, "tunescape").filter(|v| v.as_f64() == Some(1.0))?;
    let word = |name: &str| get(&run, name).and_then(|v| v.as_string());
    let study = word("study")?;
    let page = word("page").filter(|p| !p.is_empty());
    let lines: Array = get(&run, "trials")?.dyn_into().ok()?;
    let line = |v: JsValue| JSON::stringify(&v).ok().map(String::from);
    let table = get(&run, "table").and_then(|t| {
        let choices = get(&t, "choices").and_then(|c| serde_wasm_bindgen::from_value(c).ok());
        Some((get(&t, "digest")?.as_string()?, choices.unwrap_or_default()))
    });
    let taken = Taken {
        lines: lines.iter().map(line).collect::<Option<_>>()?,
        table,
        ghost: None,
    };
    Some((page.map_or(study.clone(), |page| format!("{study}&{page}")), taken))
}
