//! Further pictures of the run, one at a time: parallel coordinates, what matters, distributions, folds, overfitting, decisions.

use super::act::Act;
use super::brush::Brushing;
use super::canvas::Picture;
use super::panel::Panel;
use super::picture::{Subject, key};
use super::shown::Shown;
use crate::plot::{Brush, Draw, PLOTS, applies};
use crate::registry::Entry;
use yew::prelude::*;

/// The pictures with panels of their own.
const ELSEWHERE: [&str; 3] = ["space", "best", "belief"];

/// Properties of [`More`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The picture chosen.
    pub picture: &'static str,
    /// The strategy looked at.
    pub lane: usize,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// Ranges brushed in parallel coordinates.
    pub brush: Vec<Brush>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel.
#[function_component]
pub fn More(props: &Props) -> Html {
    let view = props.shown.view();
    let offered: Vec<_> = PLOTS
        .iter()
        .filter(|p| !ELSEWHERE.contains(&p.id) && applies(p.id, &view, props.lane))
        .collect();
    let Some(now) = offered.iter().find(|p| p.id == props.picture).or(offered.first()) else {
        return Html::default();
    };
    let kind = now.id;
    let tab = |p: &&Entry<Draw>| {
        let kind = p.id;
        let on = kind == now.id;
        let choose = props.act.reform(move |_: MouseEvent| Act::Picture(kind));
        html! { <button key={kind} class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} title={p.about} onclick={choose}>{ p.title }</button> }
    };
    let subject = Subject {
        kind,
        lane: props.lane,
        chosen: props.chosen,
        brush: props.brush.clone(),
        dark: props.dark,
        ..Subject::default()
    };
    let name = view.lanes.get(props.lane).map_or("", |l| l.lane.title.as_str());
    let cheap = view.study.as_ref().is_some_and(|s| s.cheap);
    let title = if name.is_empty() {
        now.title.to_string()
    } else {
        format!("{}: {name}", now.title)
    };
    html! {
        <section class={classes!("more", props.panel.classes())} aria-labelledby="more">
            <div class="head">
                <h2 id="more">{ "A closer look" }{ " " }<small>{ if view.lanes.is_empty() { Html::default() } else { key(&view, props.lane, props.dark) } }{ name }</small></h2>
                <div class="tabs" role="group" aria-label="Picture">{ for offered.iter().map(tab) }</div>
                { props.panel.tools("A closer look", &props.act) }
            </div>
            <Picture shown={props.shown.clone()} {subject} {title} act={props.act.clone()} />
            <p class="note">
                { now.about }
                if kind == "parallel" {
                    { " Drag along an axis to keep only the trials in that range, here and in every other picture." }
                }
                if cheap {
                    { " Folds, overfitting, learning curves and decisions belong to trained models: a test function has none." }
                }
            </p>
            if kind == "parallel" || !props.brush.is_empty() {
                <Brushing shown={props.shown.clone()} brush={props.brush.clone()} act={props.act.clone()} />
            }
        </section>
    }
}
