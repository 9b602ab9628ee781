//! "Why this point?": one sentence for the trial looked at.

use super::numbers::{short, value_text};
use super::picture::key;
use super::shown::Shown;
use crate::trial::Outcome;
use crate::view::why::sentence;
use yew::prelude::*;

/// Properties of [`Why`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The strategy looked at: its latest trial is explained if none is chosen.
    pub lane: usize,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// Whether colours are for dark.
    pub dark: bool,
}

/// The sentence.
#[function_component]
pub fn Why(props: &Props) -> Html {
    let view = props.shown.view();
    let chosen = props.chosen.and_then(|(lane, id)| view.trial(lane, id));
    let Some(trial) = chosen.or_else(|| view.latest(props.lane)) else {
        let text = "Every trial has a reason. Press Run or Step, and the reason for the latest one, or for any you choose, stands here.";
        return html! { <div class="why"><h2>{ "Why this point?" }</h2><p class="sentence soft">{ text }</p></div> };
    };
    let title = view.lanes.get(trial.lane).map_or("", |l| l.lane.title.as_str());
    let config = trial
        .job
        .config
        .0
        .iter()
        .map(|(n, v)| format!("{n} = {}", short(&v.to_string())))
        .collect::<Vec<_>>()
        .join(", ");
    let result = match &trial.outcome {
        Outcome::Value(_) => format!("It scored {}.", value_text(trial)),
        Outcome::Failed { failed } => format!("It failed: {failed}."),
    };
    html! {
        <div class="why">
            <h2>{ "Why this point?" } <small>{ key(&view, trial.lane, props.dark) }{ format!("{title}, trial {}", trial.job.id + 1) }</small></h2>
            <p class="sentence"><b>{ config }</b>{ ". " }{ sentence(&trial.job.origin) }{ " " }{ result }</p>
        </div>
    }
}
