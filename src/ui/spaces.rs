//! "Where each one looked": a panel for each strategy, all on the same axes.

use super::act::Act;
use super::canvas::Picture;
use super::compare::comparison;
use super::numbers::plain;
use super::picture::{Subject, key};
use super::shown::Shown;
use crate::plot::{Heat, viridis};
use crate::view::View;
use crate::view::why::rounded;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Spaces`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// Parameters on the axes.
    pub axes: Option<(String, Option<String>)>,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// The strategy looked at.
    pub lane: usize,
    /// Whether colours are for dark.
    pub dark: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panels.
#[function_component]
pub fn Spaces(props: &Props) -> Html {
    let view = props.shown.view();
    let remark = match (&view.study, &view.plane) {
        (Some(study), Some(_)) => format!("colour is the true {}, brighter is better", study.value_title),
        (Some(_), None) => "the ring is the latest or the chosen trial".to_string(),
        _ => String::new(),
    };
    html! {
        <section class="spaces" aria-labelledby="spaces">
            <div class="head">
                <h2 id="spaces">{ "Where each one looked" } <small>{ remark }</small></h2>
                { axes(props, &view) }
            </div>
            <div class={format!("figures of-{}", view.lanes.len())}>
                if view.lanes.is_empty() {
                    { for (0..3).map(|i| html! { <figure key={i}><figcaption><b>{ "\u{a0}" }</b></figcaption><div class="picture space"><canvas /></div></figure> }) }
                }
                { for (0..view.lanes.len()).map(|lane| figure(props, &view, lane)) }
            </div>
            { scale(&view) }
            if view.lanes.len() > 1 { { comparison(&view, props.lane, props.dark, &props.act) } }
        </section>
    }
}

fn figure(props: &Props, view: &View, lane: usize) -> Html {
    let of = &view.lanes[lane];
    let best = of.best(view.direction()).map(|(_, s)| rounded(s.value));
    let chosen = props.act.reform(move |_: MouseEvent| Act::Lane(lane));
    let subject = Subject {
        kind: "space",
        lane,
        chosen: props.chosen,
        axes: props.axes.clone(),
        dark: props.dark,
    };
    let current = lane == props.lane;
    // Settings tell two of a kind apart.
    let label = &of.lane.label;
    let name = if label.contains('(') {
        label.as_str()
    } else {
        plain(&of.lane.title)
    };
    html! {
        <figure key={lane}>
            <figcaption>
                <button class={classes!("bare", "name", current.then_some("on"))} onclick={chosen} aria-pressed={current.to_string()} title={format!("{} ({})", of.lane.label, lane + 1)}>
                    { key(view, lane, props.dark) }<b>{ name }</b>
                </button>
                // Several have a table below that says it, and need the room for their names.
                if view.lanes.len() == 1 {
                    <span>{ best.map_or(format!("{} trials", of.lane.trials), |b| format!("best {b}")) }</span>
                }
            </figcaption>
            <Picture shown={props.shown.clone()} {subject} title={format!("Where {} looked", of.lane.title)} act={props.act.clone()} />
        </figure>
    }
}

fn axes(props: &Props, view: &View) -> Html {
    let (Some(study), Some((x, y))) = (&view.study, props.axes.clone()) else {
        return Html::default();
    };
    let free: Vec<&str> = study
        .space
        .params()
        .iter()
        .filter(|p| !p.domain.is_fixed())
        .map(|p| p.name.as_str())
        .collect();
    let Some(y) = y.filter(|_| free.len() > 1) else {
        return Html::default();
    };
    let select = |name: &'static str, now: &str, set: Callback<Event>| {
        html! {
            <select aria-label={name} title={name} onchange={set}>
                { for free.iter().map(|p| html! { <option value={p.to_string()} selected={*p == now}>{ p }</option> }) }
            </select>
        }
    };
    let value = |e: &Event| e.target_unchecked_into::<HtmlSelectElement>().value();
    // Choosing what the other axis shows swaps the two.
    let set_x = {
        let (x, y) = (x.clone(), y.clone());
        props.act.reform(move |e: Event| {
            let new = value(&e);
            Act::Axes(new.clone(), Some(if new == y { x.clone() } else { y.clone() }))
        })
    };
    let set_y = {
        let (x, y) = (x.clone(), y.clone());
        props.act.reform(move |e: Event| {
            let new = value(&e);
            Act::Axes(if new == x { y.clone() } else { x.clone() }, Some(new))
        })
    };
    html! { <div class="axes">{ select("Across", &x, set_x) }<span aria-hidden="true">{ "×" }</span>{ select("Up", &y, set_y) }</div> }
}

/// What the colours of the truth mean.
fn scale(view: &View) -> Html {
    let Some(heat) = Heat::of(view) else {
        return Html::default();
    };
    let steps = (0..24).map(|i| {
        let (r, g, b) = viridis(f64::from(i) / 23.0);
        html! { <rect x={i.to_string()} y="0" width="1.05" height="1" fill={format!("#{r:02x}{g:02x}{b:02x}")} /> }
    });
    html! {
        <p class="scale">
            <span>{ rounded(heat.worst) }</span>
            <svg viewBox="0 0 24 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{ for steps }</svg>
            <span>{ rounded(heat.best) }</span>
        </p>
    }
}
