//! The ranges that are kept of parallel coordinates, and a way to set them without dragging.

use super::act::Act;
use super::shown::Shown;
use crate::plot::{Brush, brushed, readings};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`Brushing`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The ranges.
    pub brush: Vec<Brush>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// How many trials are kept, and the ends of one range.
#[function_component]
pub fn Brushing(props: &Props) -> Html {
    let wanted = use_state(|| None::<String>);
    let view = props.shown.view();
    let readings = readings(&view);
    let own = wanted.as_ref().or(props.brush.last().map(|b| &b.0));
    let axis = readings.iter().find(|r| Some(&r.0) == own).or(readings.first());
    let Some((name, read)) = axis else {
        return Html::default();
    };
    let (low, high) = props
        .brush
        .iter()
        .find(|b| b.0 == *name)
        .map_or((0.0, 1.0), |b| (b.1, b.2));
    let choose = {
        let wanted = wanted.clone();
        Callback::from(move |e: Event| wanted.set(Some(e.target_unchecked_into::<HtmlSelectElement>().value())))
    };
    let end = |label: &'static str, at: f64, moved: fn(f64, f64, f64) -> (f64, f64)| {
        let param = name.clone();
        let input = props.act.reform(move |e: InputEvent| {
            let share = e.target_unchecked_into::<HtmlInputElement>().value_as_number() / 100.0;
            let (low, high) = moved(share, low, high);
            Act::Brush(param.clone(), low, high)
        });
        let said = read(at);
        html! {
            <label>{ label }<input type="range" min="0" max="100" step="1" value={(at * 100.0).round().to_string()} aria-valuetext={said.clone()} oninput={input} /><output>{ said }</output></label>
        }
    };
    let within = brushed(&view, &props.brush);
    let all = view.order.len();
    let kept = view
        .order
        .iter()
        .filter_map(|&(lane, id)| view.trial(lane, id))
        .filter(|t| within(t))
        .count();
    let clear = props.act.reform(|_: MouseEvent| Act::Unbrush);
    html! {
        <div class="brushing note" role="group" aria-label="Trials that are kept">
            <select aria-label="Keep only a range of" onchange={choose}>
                { for readings.iter().map(|r| html! { <option key={r.0.clone()} value={r.0.clone()} selected={r.0 == *name}>{ &r.0 }</option> }) }
            </select>
            { end("from", low, |share, _, high| (share.min(high - 0.01).max(0.0), high)) }
            { end("to", high, |share, low, _| (low, share.max(low + 0.01).min(1.0))) }
            if !props.brush.is_empty() {
                <span role="status">{ format!("{kept} of {all} trials are kept") }</span>
                <button class="bare link" onclick={clear}>{ "Keep all" }</button>
            }
        </div>
    }
}
