//! The page: yew components over a [`View`](crate::view::View), and a worker that computes.
//!
//! The page never computes: it folds the worker's events and draws at most once a frame. It knows the catalog that the worker
//! sends, and no algorithm.
#![forbid(unsafe_code)]

mod act;
mod app;
mod belief;
mod best;
mod bridge;
mod browser;
mod brush;
mod canvas;
mod card;
mod check;
mod clock;
mod compare;
mod controls;
mod domains;
mod fatal;
mod field;
mod file;
mod help;
mod icon;
mod keys;
mod lesson;
mod more;
mod notice;
mod numbers;
mod own;
mod painter;
mod panel;
mod params;
mod picture;
mod play;
mod priors;
mod progress;
mod runs;
mod searched;
mod settings;
mod share;
mod shown;
mod slow;
mod spaces;
mod strategies;
mod surface;
mod swipe;
mod table;
mod target;
mod theme;
mod verdict;
mod why;
mod wire;

/// Starts the page in the element `app`.
pub fn start() {
    fatal::install();
    #[cfg(target_arch = "wasm32")]
    crate::number::read_with(js_sys::Number::parse_float);
    let Some(root) = browser::document().get_element_by_id("app") else {
        fatal::show("the page has no place for the app");
        return;
    };
    if let Some(words) = browser::translator() {
        crate::plot::text::speak(words);
    }
    yew::Renderer::<app::App>::with_root(root).render();
}
