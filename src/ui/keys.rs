//! The keyboard.

use super::act::Act;
use super::browser;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

/// Keys and what they do, for the help.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "run or pause"),
    ("→", "one trial more, or one forward"),
    ("←", "one trial back"),
    ("R", "reset"),
    ("1–9", "choose a strategy"),
    ("?", "help"),
    ("Esc", "close, let go of the chosen trial"),
];

/// Listens as long as the page lives.
pub fn listen(act: &Callback<Act>) {
    let act = act.clone();
    browser::listen("keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let key = event.key();
        let at = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let inside = |selector: &str| {
            at.as_ref()
                .is_some_and(|e| e.closest(selector).ok().flatten().is_some())
        };
        if key == "Escape" {
            // An open dialog closes itself.
            if !inside("dialog") {
                act.emit(Act::Share(false));
                act.emit(Act::Unselect);
            }
            return;
        }
        if inside("input, select, textarea, dialog") || (key == " " && inside("button, a, summary, [tabindex]")) {
            return;
        }
        let wanted = match key.as_str() {
            " " => Act::RunPause,
            "ArrowRight" => Act::Step,
            "ArrowLeft" => Act::Back,
            "r" | "R" => Act::Reset,
            "?" => Act::Help(true),
            k => match k.parse::<usize>() {
                Ok(n @ 1..=9) => Act::Lane(n - 1),
                _ => return,
            },
        };
        event.prevent_default();
        act.emit(wanted);
    });
}
