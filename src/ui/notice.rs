//! Notices: what happened, what is kept, what to do.

use super::act::Act;
use super::icon::icon;
use crate::spec::{Refusal, brief};
use yew::prelude::*;

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// A later notice of the same name replaces it.
    pub name: String,
    error: bool,
    text: String,
    items: Vec<(String, String)>,
    todo: String,
}

impl Notice {
    /// Something that only is to be known.
    pub fn info(name: &str, text: &str) -> Notice {
        Notice {
            name: name.into(),
            error: false,
            text: brief(text),
            items: Vec::new(),
            todo: String::new(),
        }
    }

    /// Something that went wrong, and what to do.
    pub fn error(name: &str, text: &str, todo: &str) -> Notice {
        Notice {
            error: true,
            todo: todo.into(),
            ..Notice::info(name, text)
        }
    }

    /// What was refused of a text, one by one.
    pub fn refused(refused: &[Refusal], rest_runs: bool) -> Notice {
        let text = if rest_runs {
            "Not all of the study text is accepted. Everything else is in force; this was left out:"
        } else {
            "This study text holds nothing that can be run. Change what is searched, or choose a preset:"
        };
        let items = refused.iter().map(|r| (r.what.clone(), r.why.clone())).collect();
        Notice {
            items,
            ..Notice::error("refused", text, "")
        }
    }

    /// This notice with the items of another.
    pub fn with(mut self, other: Notice) -> Notice {
        self.items.extend(
            other
                .items
                .into_iter()
                .filter(|i| !self.items.contains(i))
                .collect::<Vec<_>>(),
        );
        self
    }
}

/// Properties of [`Notices`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// All that are open.
    pub notices: Vec<Notice>,
    /// The position shown, if it is past, and the number of trials there are.
    pub past: Option<(usize, usize)>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The notices above the page's panels.
#[function_component]
pub fn Notices(props: &Props) -> Html {
    let one = |n: &Notice| {
        let name = n.name.clone();
        let close = props.act.reform(move |_: MouseEvent| Act::Dismiss(name.clone()));
        html! {
            <div class={classes!("notice", n.error.then_some("bad"))} key={n.name.clone()} role={if n.error { "alert" } else { "note" }}>
                <div>
                    <p>{ &n.text }{ " " }<b>{ &n.todo }</b></p>
                    if !n.items.is_empty() {
                        <ul>{ for n.items.iter().map(|(what, why)| html! { <li><code>{ what }</code>{ ": " }{ why }</li> }) }</ul>
                    }
                </div>
                <button class="bare" onclick={close} aria-label="Dismiss" title="Dismiss">{ icon("close") }</button>
            </div>
        }
    };
    let scrub = props.act.reform(|e: InputEvent| {
        let input: web_sys::HtmlInputElement = e.target_unchecked_into();
        Act::Scrub(input.value().parse().unwrap_or(0))
    });
    let now = props.act.reform(|_: MouseEvent| Act::Scrub(usize::MAX));
    html! {
        <div class="notices" role="region" aria-label="Notices">
            { for props.notices.iter().map(one) }
            if let Some((at, all)) = props.past {
                <div class="notice past" role="note">
                    <label>
                        { format!("Shown as it was after trial {at} of {all}") }
                        <input type="range" min="0" max={all.to_string()} value={at.to_string()} oninput={scrub} aria-label="Position in the run" />
                    </label>
                    <button onclick={now}>{ "Back to now" }</button>
                </div>
            }
        </div>
    }
}
