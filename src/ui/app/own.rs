//! A table of the visitor's own: taken in, handed to every worker, and never sent anywhere else.

use super::{App, State, runs};
use crate::protocol::{Command, Event};
use crate::spec::Refusal;
use crate::table::{Choices, Description};
use crate::ui::act::Act;
use crate::ui::browser::{self, get};
use crate::ui::notice::Notice;
use crate::ui::own::{Own, sentence};
use crate::view::View;
use js_sys::{JSON, Uint8Array};
use std::rc::Rc;
use web_sys::{DragEvent, File};
use yew::Callback;

/// Largest table that is read, in bytes; the worker holds to it, too.
const MOST: f64 = (20 << 20) as f64;

/// Where the browser keeps the table, and its name with what is said of it.
const KEY: &str = "tunescape-table";

/// Takes in what is dropped anywhere on the page, for as long as it lives.
pub(super) fn listen(act: &Callback<Act>) {
    let has_file = |e: &DragEvent| {
        e.data_transfer()
            .is_some_and(|d| d.types().includes(&"Files".into(), 0))
    };
    browser::listen("dragover", move |e: DragEvent| {
        if has_file(&e) {
            e.prevent_default();
        }
    });
    let act = act.clone();
    browser::listen("drop", move |e: DragEvent| {
        let file = e.data_transfer().and_then(|d| d.files()).and_then(|f| f.get(0));
        if let Some(file) = file {
            e.prevent_default();
            act.emit(Act::File(file));
        }
    });
}

impl App {
    /// Reads a file that was chosen or dropped.
    pub(super) fn open_file(&mut self, file: File) {
        let name = file.name();
        if file.size() > MOST {
            let why = format!("it has {:.0} MB; accepted: up to 20", file.size() / 1e6);
            return self.no_file(&name, &why);
        }
        let act = self.act.clone();
        browser::read(&file, move |read| {
            act.emit(match read {
                Ok(bytes) => Act::Table(name.clone(), bytes),
                Err(why) => Act::NoFile(name.clone(), why),
            });
        });
    }

    pub(super) fn no_file(&mut self, name: &str, why: &str) {
        let text = format!("{name} could not be read: {}", sentence(why));
        self.notify(Notice::error(
            "table",
            &text,
            "Everything else is as it was. Choose another file.",
        ));
    }

    /// Makes a table what is searched over; a file of a run is opened instead.
    pub(super) fn take_table(&mut self, name: String, bytes: Uint8Array) {
        if name.to_lowercase().ends_with(".json") {
            let text = String::from_utf8(bytes.to_vec()).unwrap_or_default();
            return self.open_run(&name, &text);
        }
        self.own = Some(Own::new(name, bytes, Choices::default()));
        self.own_recalled = true;
        self.keep_table(true);
        self.search_table();
        self.pause();
    }

    /// Hands the table to the worker and makes the question one about it.
    pub(super) fn search_table(&mut self) {
        self.hand_over_table(true);
        if !self.is_own() {
            let changes = self.question.target("csv", false, &self.catalog);
            self.question.edit(&changes, &self.catalog);
            self.write_address();
        }
    }

    /// The table is to be read otherwise.
    pub(super) fn correct(&mut self, choices: Choices) {
        if let Some(own) = &mut self.own {
            (own.choices, own.reading) = (choices, true);
            self.keep_table(false);
            self.hand_over_table(false);
        }
    }

    /// Keeps the table for after a reload: what is said of it, and its bytes if they are new.
    fn keep_table(&mut self, whole: bool) {
        let Some(own) = self.own.as_ref().filter(|_| !self.embedded) else {
            return;
        };
        let said = format!("{{\"name\":{},\"choices\":{}}}", runs::quoted(&own.name), own.said());
        let remembered = browser::remember(KEY, &said);
        if whole && remembered {
            let act = self.act.clone();
            browser::keep_bytes(KEY, &own.bytes, move |kept| act.emit(Act::TableKept(kept)));
        } else if whole {
            self.act.emit(Act::TableKept(false));
        }
    }

    /// Asks the browser for the table it keeps, once; whether there may be one.
    fn recall_table(&mut self) -> bool {
        let is_first = !std::mem::replace(&mut self.own_recalled, true);
        let may = is_first && !self.embedded && browser::recall(KEY).is_some();
        if may {
            let act = self.act.clone();
            browser::kept_bytes(KEY, move |bytes| act.emit(Act::KeptTable(bytes)));
        }
        may
    }

    /// The browser's answer: the table, unless another came in meanwhile.
    pub(super) fn kept_table(&mut self, bytes: Option<Uint8Array>) {
        let said = browser::recall(KEY).and_then(|said| JSON::parse(&said).ok());
        let name = said.as_ref().and_then(|said| get(said, "name")?.as_string());
        match (bytes, name) {
            _ if self.own.is_some() => {}
            (Some(bytes), Some(name)) => {
                let choices = said.and_then(|said| serde_wasm_bindgen::from_value(get(&said, "choices")?).ok());
                self.own = Some(Own::new(name, bytes, choices.unwrap_or_default()));
                self.hand_over_table(true);
            }
            _ => {
                let taken = self.taken.take();
                self.begin_with(taken);
            }
        }
    }

    /// Forgets the table, here and in the browser.
    pub(super) fn forget_table(&mut self) {
        self.own = None;
        browser::forget(KEY);
        browser::forget_bytes(KEY);
        if self.is_own() {
            self.begin();
        }
    }

    /// Sends the table to the worker, with its bytes if it has not got them yet.
    pub(super) fn hand_over_table(&self, whole: bool) {
        if let (Some(own), Some(bridge), true) = (&self.own, &self.bridge, self.ready) {
            let choices = own.choices.clone();
            let command = Command::Table { choices, bytes: None };
            bridge.send_beside(&command, whole.then_some(&own.bytes));
        }
    }

    /// The worker has read the table, or cannot.
    pub(super) fn table_read(&mut self, found: Option<Description>, refused: Option<String>) {
        let Some(own) = &mut self.own else { return };
        let is_new = std::mem::replace(&mut own.reading, false);
        own.found = found.map(Rc::new).or(own.found.take());
        own.refused = refused;
        let of = self.taken.as_ref().and_then(|t| t.table.clone());
        let is_said_otherwise = |(digest, choices): &(String, Choices)| {
            is_new && own.found.as_ref().is_some_and(|f| f.digest == *digest) && own.choices != *choices
        };
        if let Some((_, choices)) = of.filter(is_said_otherwise) {
            // A run that waits for its table knows how that is to be read.
            self.correct(choices);
        } else if is_new && self.is_own() {
            let taken = self.taken.take();
            self.begin_with(taken);
        }
    }

    /// Whether the question is about a table of the visitor's own.
    pub(super) fn is_own(&self) -> bool {
        self.question.text.get("data") == Some("csv")
    }

    /// Says that there is no table yet, if that is so: then there is no study.
    pub(super) fn lacks_table(&mut self) -> bool {
        let is_there = self.own.as_ref().is_some_and(Own::is_there);
        if !self.is_own() || is_there {
            return false;
        }
        if self.own.is_none() && self.recall_table() {
            return true;
        }
        let (text, todo) = match &self.own {
            Some(own) if own.reading => return true,
            Some(own) => (
                format!("{} cannot be read: {}", own.name, sentence(own.refused.as_deref().unwrap_or_default())),
                "Correct what is said of it under What is searched, or drop another file.",
            ),
            None => (
                "This study is about a table of the visitor's own. The table itself is not in the address, and it never leaves the machine it is on.".into(),
                "Drop the file anywhere on this page, or choose it under What is searched.",
            ),
        };
        self.notify(Notice::error("table", &text, todo));
        let mut view = View::new(self.run);
        let refused = vec![Refusal::new("data=csv", "no table is there")];
        view.fold(Event::Refused { run: self.run, refused });
        self.view.replace(view);
        debug_assert!(self.state() == State::Refused);
        true
    }

    /// What trials of this table belong to; empty for other data.
    pub(super) fn table_owner(&self) -> String {
        match self.own.as_ref().and_then(|own| Some((own, own.found.as_ref()?))) {
            Some((own, found)) if self.is_own() => format!("{} {:?}", found.digest, own.choices),
            _ => String::new(),
        }
    }
}
