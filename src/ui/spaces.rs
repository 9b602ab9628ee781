//! "Where each one looked": a panel for each strategy, all on the same axes.

use super::act::Act;
use super::canvas::Picture;
use super::card::opener;
use super::compare::comparison;
use super::field::About;
use super::numbers::plain;
use super::panel::Panel;
use super::params::options;
use super::picture::{Subject, key};
use super::shown::Shown;
use super::swipe::Swiped;
use crate::plot::Brush;
use crate::plot::Heat;
use crate::space::Config;
use crate::view::story::story;
use crate::view::why::rounded;
use crate::view::{Layer, View};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Spaces`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// Parameters on the axes.
    pub axes: Option<(String, Option<String>)>,
    /// What lies beneath the points.
    pub layer: Layer,
    /// Whether the objective is shown along a parameter, where it had to be evaluated.
    pub truth: bool,
    /// Whether no strategy of the study keeps a model.
    pub mindless: bool,
    /// Ranges brushed in parallel coordinates.
    pub brush: Vec<Brush>,
    /// A point picked by hand.
    pub point: Option<Config>,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// The strategy looked at.
    pub lane: usize,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
    /// Whether nothing may be shown beneath the points.
    #[prop_or_default]
    pub blind: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panels.
#[function_component]
pub fn Spaces(props: &Props) -> Html {
    let view = props.shown.view();
    let remark = view.study.as_ref().map_or(String::new(), |study| match &props.axes {
        Some((x, None)) => {
            let slice = view.slice.as_ref().filter(|s| s.param == *x && !props.blind);
            let is_drawn = slice
                .and_then(|s| view.line(s))
                .is_some_and(|_| props.truth || study.cheap);
            upwards(is_drawn, &study.value_title)
        }
        _ => remark(props.layer, &study.value_title),
    });
    html! {
        <section class={classes!("spaces", props.panel.classes())} aria-labelledby="spaces">
            <div class="head">
                <h2 id="spaces">{ if props.blind { "Where you looked" } else { "Where each one looked" } }{ " " }<small>{ remark }</small></h2>
                { axes(props, &view) }
                { props.panel.tools("Where each one looked", &props.act) }
            </div>
            if !props.blind { <p class="story">{ story(&view).unwrap_or_default() }</p> }
            <Swiped lanes={view.lanes.len()} lane={props.lane} act={props.act.clone()}>
                if view.lanes.is_empty() {
                    { for (0..3).map(|i| html! { <figure key={i}><figcaption><b>{ "\u{a0}" }</b></figcaption><div class="picture space"><canvas /></div></figure> }) }
                }
                { for (0..view.lanes.len()).map(|lane| figure(props, &view, lane)) }
            </Swiped>
            if view.lanes.len() > 1 { { dots(props, &view) } }
            <div class="beneath">{ scale(props, &view) }if !props.blind { { layers(props, &view) } }</div>
            if view.lanes.len() > 1 { { comparison(&view, props.lane, props.dark, &props.act) } }
        </section>
    }
}

/// Which of the strategies is in sight where there is room for one: those beside it are a swipe or a tap away.
fn dots(props: &Props, view: &View) -> Html {
    let dot = |lane: usize| {
        let on = lane == props.lane;
        let look = props.act.reform(move |_: MouseEvent| Act::Lane(lane));
        let label = format!("Show {}", view.lanes[lane].lane.title);
        html! { <button key={lane} class={classes!("bare", on.then_some("on"))} aria-pressed={on.to_string()} aria-label={label} onclick={look}>{ key(view, lane, props.dark) }</button> }
    };
    html! { <div class="dots" role="group" aria-label="Strategy in sight">{ for (0..view.lanes.len()).map(dot) }</div> }
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
        layer: props.layer,
        truth: props.truth,
        point: props.point.clone(),
        brush: props.brush.clone(),
        dark: props.dark,
        ..Subject::default()
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
                    { key(view, lane, props.dark) }<b translate={label.contains('(').then_some("no")}>{ name }</b>
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
    let select = |name: &'static str, about: &'static str, now: &str, set: Callback<Event>| {
        html! {
            <About {about}><select aria-label={name} title={about} onchange={set}>
                { options(&free, now) }
            </select></About>
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
    html! { <div class="axes">
        { select("Across", "Which parameter runs from left to right in these pictures", &x, set_x) }<span aria-hidden="true">{ "×" }</span>
        { select("Up", "Which parameter runs from bottom to top in these pictures", &y, set_y) }
    </div> }
}

/// What the colours mean, in words.
fn remark(layer: Layer, title: &str) -> String {
    match layer {
        Layer::Plain => {
            format!("colour is a trial's {title}, later ones are larger")
        }
        Layer::Truth => format!("colour is the true {title}, brighter is better"),
        Layer::Mean => format!("colour is the {title} each model expects"),
        Layer::Sd => "colour is how unsure each model is".into(),
        Layer::Acquisition => "colour is how much each finds a point worth trying".into(),
        Layer::Error => "colour is how far each model is off: blue too low, orange too high".into(),
    }
}

/// What the heights mean where one parameter is searched: points have their strategy's colour there.
fn upwards(truth: bool, title: &str) -> String {
    if truth {
        format!("height is a trial's {title}, dotted the truth")
    } else {
        format!("height is a trial's {title}, later ones are larger")
    }
}

/// A bar of the colours with the values at its ends.
fn scale(props: &Props, view: &View) -> Html {
    let Some((x, Some(y))) = &props.axes else {
        return Html::default();
    };
    let Some(heat) = Heat::of(view, props.layer, props.lane, x, y) else {
        return html! { <p class="scale"></p> };
    };
    let steps = (0..24).map(|i| {
        let (r, g, b) = heat.tint(f64::from(i) / 23.0);
        html! { <rect x={i.to_string()} y="0" width="1.05" height="1" fill={format!("#{r:02x}{g:02x}{b:02x}")} /> }
    });
    // Every strategy's acquisition has a unit of its own.
    let (low, high) = match props.layer {
        Layer::Acquisition => ("less".into(), "more".into()),
        _ => (rounded(heat.worst), rounded(heat.best)),
    };
    html! {
        <p class="scale">
            <span>{ low }</span>
            <svg viewBox="0 0 24 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{ for steps }</svg>
            <span>{ high }</span>
            { growing(props, view) }
        </p>
    }
}

/// How far the objective is known that is evaluated in the background.
fn growing(props: &Props, view: &View) -> Html {
    let axes = props.axes.as_ref().and_then(|(x, y)| Some((x, y.as_ref()?)));
    let plane = axes
        .and_then(|(x, y)| view.plane(x, y))
        .filter(|_| props.layer.needs_truth());
    match plane.filter(|p| p.done < p.grid.len()) {
        Some(p) => html! { <span role="status">{ format!("{} % evaluated", p.done * 100 / p.grid.len()) }</span> },
        None => Html::default(),
    }
}

/// What to show beneath the points.
fn layers(props: &Props, view: &View) -> Html {
    if view.study.is_none() || props.axes.as_ref().is_none_or(|(_, y)| y.is_none()) {
        return Html::default();
    }
    let one = |&(layer, name): &(Layer, &'static str)| {
        let on = layer == props.layer;
        let choose = props.act.reform(move |_: MouseEvent| Act::Layer(layer));
        html! { <button key={name} class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={choose}>{ name }</button> }
    };
    let offered = Layer::ALL
        .iter()
        .filter(|(layer, _)| !(props.mindless && layer.needs_mind()));
    let card = opener(("control", "layers".into()), "Beneath the points", &props.act);
    html! { <div class="tabs layers" role="group" aria-label="Beneath the points">{ for offered.map(one) }{ card }</div> }
}
