//! Panels: each can be folded to its title, or enlarged to the whole window.

use super::act::Act;
use super::browser;
use super::icon::icon;
use yew::prelude::*;

/// Under which the folded ones are remembered.
const KEY: &str = "tunescape-folded";

/// All panels, in the order of the page.
pub const PANELS: [&str; 7] = ["searched", "spaces", "best", "belief", "why", "trials", "more"];

/// How much of a panel is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    /// As the page is laid out.
    #[default]
    Open,
    /// Its title alone.
    Folded,
    /// It alone, in the whole window.
    Large,
}

/// One panel and how much of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panel {
    /// One of [`PANELS`].
    pub id: &'static str,
    /// How much is shown.
    pub fold: Fold,
    /// Whether a symbol of a card stands for it.
    pub lit: bool,
}

impl Panel {
    /// What the style sheet knows it by.
    pub fn classes(self) -> Classes {
        let fold = match self.fold {
            Fold::Open => None,
            Fold::Folded => Some("folded"),
            Fold::Large => Some("large"),
        };
        classes!("panel", fold, self.lit.then_some("lit"))
    }

    /// The buttons at the end of its title.
    pub fn tools(self, name: &str, act: &Callback<Act>) -> Html {
        let id = self.id;
        let button = |label: String,
                      sign: &str,
                      class: &'static str,
                      expanded: Option<bool>,
                      act: Callback<MouseEvent>| {
            html! {
                <button class={classes!("bare", class)} aria-label={format!("{label}: {name}")} title={label} aria-expanded={expanded.map(|e| e.to_string())} onclick={act}>{ icon(sign) }</button>
            }
        };
        let folded = self.fold == Fold::Folded;
        let large = self.fold == Fold::Large;
        let fold = act.reform(move |_: MouseEvent| Act::Fold(id));
        let enlarge = act.reform(move |_: MouseEvent| Act::Enlarge((!large).then_some(id)));
        html! {
            <div class="folds">
                if !large {
                    { button(if folded { "Unfold" } else { "Fold" }.into(), if folded { "unfold" } else { "fold" }, "fold", Some(!folded), fold) }
                }
                { button(if large { "Shrink" } else { "Enlarge" }.into(), if large { "shrink" } else { "enlarge" }, "enlarge", None, enlarge) }
            </div>
        }
    }
}

/// Which panels are not as the page is laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panels {
    folded: Vec<&'static str>,
    large: Option<&'static str>,
}

impl Panels {
    /// As they were left.
    pub fn recalled() -> Panels {
        let kept = browser::recall(KEY).unwrap_or_default();
        let folded = PANELS.into_iter().filter(|id| kept.split(' ').any(|k| k == *id));
        Panels {
            folded: folded.collect(),
            large: None,
        }
    }

    /// One of them; `light` names what is lit.
    pub fn of(&self, id: &'static str, light: Option<&str>) -> Panel {
        let fold = if self.large == Some(id) {
            Fold::Large
        } else if self.folded.contains(&id) {
            Fold::Folded
        } else {
            Fold::Open
        };
        let lit = light == Some(id);
        Panel { id, fold, lit }
    }

    /// Whether one has the window for itself.
    pub fn is_enlarged(&self) -> bool {
        self.large.is_some()
    }

    /// Whether any is not as laid out.
    pub fn is_changed(&self) -> bool {
        self.large.is_some() || !self.folded.is_empty()
    }

    /// Folds an open panel, opens a folded one.
    pub fn toggle(&mut self, id: &'static str) {
        if !self.folded.contains(&id) {
            self.folded.push(id);
        } else {
            self.folded.retain(|f| *f != id);
        }
        browser::remember(KEY, &self.folded.join(" "));
    }

    /// Gives one the whole window, or all their places again.
    pub fn enlarge(&mut self, id: Option<&'static str>) {
        self.large = id;
    }

    /// All as laid out.
    pub fn reset(&mut self) {
        *self = Panels::default();
        browser::forget(KEY);
    }
}
