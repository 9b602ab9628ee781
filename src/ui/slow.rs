//! The strip of slow motion: whose trial it is, which of its four phases, and what happens in it.

use super::picture::key;
use super::shown::Shown;
use crate::view::slow::{Phase, words};
use yew::prelude::*;

/// Properties of [`Strip`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The phase.
    pub phase: Phase,
    /// Whether colours are for dark.
    pub dark: bool,
}

/// The strip.
#[function_component]
pub fn Strip(props: &Props) -> Html {
    let view = props.shown.view();
    let Some(slow) = &view.slow else { return Html::default() };
    let (lane, id) = (slow.proposal.lane, slow.job(&view).map_or(0, |j| j.id));
    let title = view.lanes.get(lane).map_or("", |l| l.lane.title.as_str());
    let step = |&(phase, name): &(Phase, &'static str)| {
        let now = phase == props.phase;
        html! { <li key={name} class={classes!(now.then_some("on"))} aria-current={now.then_some("step")}>{ name }</li> }
    };
    let fits = slow.fits.len();
    let all = (slow.proposal.jobs.len() as u32).saturating_sub(slow.proposal.known) * slow.proposal.folds;
    let trains = props.phase == Phase::Train && all > 1;
    html! {
        <section class="slow" aria-label="Slow motion">
            <div class="whose">{ key(&view, lane, props.dark) }<b>{ format!("{title}, trial {}", id + 1) }</b></div>
            <ol class="phases">{ for Phase::ALL.iter().map(step) }</ol>
            <p role="status">{ words(&view, slow, props.phase) }</p>
            <progress class={classes!("bar", (!trains).then_some("unseen"))} aria-label="Folds" value={if trains { fits.to_string() } else { "0".into() }} max={all.max(1).to_string()} aria-hidden={(!trains).then_some("true")} />
        </section>
    }
}
