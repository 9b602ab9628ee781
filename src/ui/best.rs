//! "Best so far": the curve, who is who, and what was found.

use super::act::Act;
use super::canvas::Picture;
use super::numbers::Numbers;
use super::picture::{Subject, key};
use super::shown::Shown;
use yew::prelude::*;

/// Properties of [`Best`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// The strategy looked at, if one was chosen.
    pub lane: Option<usize>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel on the right.
#[function_component]
pub fn Best(props: &Props) -> Html {
    let view = props.shown.view();
    let lane = props
        .lane
        .filter(|&l| l < view.lanes.len())
        .or_else(|| view.leader())
        .unwrap_or(0);
    let subject = Subject {
        kind: "best",
        lane,
        chosen: props.chosen,
        dark: props.dark,
        ..Subject::default()
    };
    let remark = view.study.as_ref().map(|s| s.value_title.clone()).unwrap_or_default();
    let entry = |i: usize| {
        let look = props.act.reform(move |_: MouseEvent| Act::Lane(i));
        let title = view.lanes[i].lane.label.clone();
        html! {
            <li key={i}><button class={classes!("bare", (i == lane).then_some("on"))} onclick={look} title={view.lanes[i].lane.title.clone()}>
                { key(&view, i, props.dark) }{ title }
            </button></li>
        }
    };
    html! {
        <section class="best" aria-labelledby="best">
            <h2 id="best">{ "Best so far" } <small>{ remark }</small></h2>
            <Picture shown={props.shown.clone()} {subject} title="Best so far" act={props.act.clone()} />
            <ul class="legend">{ for (0..view.lanes.len()).map(entry) }</ul>
            <Numbers shown={props.shown.clone()} {lane} act={props.act.clone()} />
        </section>
    }
}
