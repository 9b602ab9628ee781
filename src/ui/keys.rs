//! The keyboard.

use super::act::Act;
use super::browser;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};
use yew::Callback;

/// Keys and what they do, for the help.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "run or pause"),
    ("→", "one trial more, or one forward"),
    ("←", "one trial back"),
    ("R", "reset"),
    ("1–9", "choose a strategy"),
    ("P", "presenter mode: large type for a room"),
    ("0", "all panels as they were laid out"),
    ("Ctrl Z", "take back an edit; with Shift, make it again"),
    ("?", "help"),
    ("Esc", "shrink, close, let go of the chosen trial"),
];

/// Listens as long as the page lives.
pub fn listen(act: &Callback<Act>) {
    let act = act.clone();
    // A button that was clicked keeps the focus, but who clicks and then presses Space means the run, not that button again.
    let by_pointer = Rc::new(Cell::new(false));
    let clicked = by_pointer.clone();
    browser::listen("pointerdown", move |_: Event| clicked.set(true));
    browser::listen("keydown", move |event: KeyboardEvent| {
        let is_z = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("z");
        let typing = || {
            let at = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            at.is_some_and(|e| e.closest("input[type=text], textarea").ok().flatten().is_some())
        };
        // In a field the browser's own undo is meant.
        if is_z && !typing() {
            event.prevent_default();
            return act.emit(if event.shift_key() { Act::Redo } else { Act::Undo });
        }
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let key = event.key();
        if key == "Tab" {
            by_pointer.set(false);
        }
        let at = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let inside = |selector: &str| {
            at.as_ref()
                .is_some_and(|e| e.closest(selector).ok().flatten().is_some())
        };
        if key == "Escape" {
            // An open dialog closes itself.
            if !inside("dialog") {
                act.emit(Act::Escape);
            }
            return;
        }
        let own = key == " " && !by_pointer.get() && inside("button, a, summary, [tabindex]");
        if own || inside("input:not([type=checkbox]), select, textarea, dialog") {
            return;
        }
        if let Some(button) = at
            .as_ref()
            .filter(|_| key == " ")
            .and_then(|e| e.dyn_ref::<HtmlElement>())
        {
            let _ = button.blur();
        }
        let wanted = match key.as_str() {
            " " => Act::RunPause,
            "ArrowRight" => Act::Step,
            "ArrowLeft" => Act::Back,
            "r" | "R" => Act::Reset,
            "p" | "P" => Act::Present,
            "0" => Act::ResetPanels,
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
