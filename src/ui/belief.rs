//! What the chosen strategy believes, cut along one parameter.

use super::act::Act;
use super::canvas::Picture;
use super::panel::Panel;
use super::params::{MANY, options};
use super::picture::{Subject, key};
use super::shown::Shown;
use crate::mind::Mind;
use crate::plot::{Brush, Light};
use crate::space::Config;
use crate::view::View;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Belief`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The strategy looked at.
    pub lane: usize,
    /// Whether no strategy of the study keeps a model: then words do.
    pub mindless: bool,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// The parameter along which it is cut.
    pub cut: Option<String>,
    /// Whether functions drawn from the posterior are shown.
    pub samples: bool,
    /// Whether the objective is shown along the cut.
    pub truth: bool,
    /// The part of the picture that is lit.
    pub light: Option<Light>,
    /// Whether the cut goes through the best configuration.
    pub through_best: bool,
    /// Ranges brushed in parallel coordinates.
    pub brush: Vec<Brush>,
    /// A point picked by hand: the cut goes through it.
    pub point: Option<Config>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel.
#[function_component]
pub fn Belief(props: &Props) -> Html {
    let view = props.shown.view();
    let title = view
        .lanes
        .get(props.lane)
        .map_or("it".to_string(), |l| l.lane.title.clone());
    let slice = view.slice.as_ref().filter(|s| s.lane == props.lane);
    let params = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    let tab = |name: &str| {
        let cut = name.to_string();
        let on = props.cut.as_deref() == Some(name);
        let choose = props.act.reform(move |_: MouseEvent| Act::Cut(cut.clone()));
        html! { <button key={name.to_string()} class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={choose} translate="no">{ name }</button> }
    };
    let free: Vec<&str> = params
        .iter()
        .filter(|p| !p.domain.is_fixed())
        .map(|p| p.name.as_str())
        .collect();
    let axes = props.cut.clone().map(|cut| (cut, None));
    let subject = Subject {
        kind: "belief",
        lane: props.lane,
        chosen: props.chosen,
        axes,
        samples: props.samples,
        truth: props.truth,
        light: props.light,
        brush: props.brush.clone(),
        dark: props.dark,
        ..Subject::default()
    };
    let remark = match slice.map(|s| (&s.mind, s.trial)) {
        // The picture says why.
        Some((Mind::Nothing(_), _)) => String::new(),
        Some((_, Some(id))) => {
            // In slow motion it is the one to come.
            let number = id + 1;
            match (view.trial(props.lane, id).is_some(), props.point.is_some()) {
                (true, false) => format!("when it chose trial {number}"),
                (true, true) => format!("when it chose trial {number}, through the point picked"),
                (false, false) => format!("when it chooses trial {number}"),
                (false, true) => format!("when it chooses trial {number}, through the point picked"),
            }
        }
        Some((_, None)) => "before its first trial".into(),
        None => String::new(),
    };
    let rungs = slice.is_some_and(|s| matches!(s.mind, Mind::Rungs(_)));
    let descent = slice.is_some_and(|s| matches!(s.mind, Mind::Path(_)));
    let why = slice
        .and_then(|s| s.mind.words())
        .unwrap_or_else(|| "this strategy keeps no model".into());
    html! {
        <div class={classes!("belief", props.panel.classes())} role="group" aria-labelledby="belief">
            <div class="head"><h2 id="belief">{ "What " }{ if view.lanes.is_empty() { Html::default() } else { key(&view, props.lane, props.dark) } }{ format!("{title} believes") }{ " " }<small>{ remark }</small>{ growing(props, &view) }</h2>{ props.panel.tools("What it believes", &props.act) }</div>
            if props.mindless {
                <p class="soft">{ format!("Nothing: {why}. Add a strategy with a model to see what it expects, and where.") }</p>
            } else {
                // Rungs are not along a parameter.
                if !rungs {
                    <div class="tabs" role="group" aria-label="Cut along">
                        if free.len() < MANY { { for free.iter().map(|name| tab(name)) } } else { { menu(props, &free) } }
                        <span class="gap"></span>
                        // A descent is not cut through a configuration.
                        if props.point.is_none() && !descent { { toggle(props, "through the best", THROUGH, props.through_best, Act::ThroughBest) } }
                        // A cheap one is always shown.
                        if slice.is_some_and(|s| s.has_truth() && s.truth.is_none()) {
                            { toggle(props, "the truth", TRUTH, props.truth, Act::Truth) }
                        }
                        if slice.is_some_and(|s| !s.samples.is_empty()) { { toggle(props, "samples", SAMPLES, props.samples, Act::Samples) } }
                    </div>
                }
                <Picture shown={props.shown.clone()} {subject} title={format!("What {title} believes")} act={props.act.clone()} />
            }
        </div>
    }
}

/// The parameters in one menu.
fn menu(props: &Props, free: &[&str]) -> Html {
    let choose = props
        .act
        .reform(|e: Event| Act::Cut(e.target_unchecked_into::<HtmlSelectElement>().value()));
    let now = props.cut.as_deref().unwrap_or_default();
    html! { <label class="cut"><span>{ "Cut along" }</span><select onchange={choose}>{ options(free, now) }</select></label> }
}

/// How far the objective is known that is evaluated in the background.
fn growing(props: &Props, view: &View) -> Html {
    let line = view.slice.as_ref().and_then(|s| view.line(s)).filter(|_| props.truth);
    match line.filter(|l| !l.is_whole()) {
        Some(l) => {
            html! { <>{ " " }<small class="growing" role="status">{ format!("{} % evaluated", l.points.len() * 100 / l.all) }</small></> }
        }
        None => Html::default(),
    }
}

const THROUGH: &str = "Cut through the best configuration instead of the one explained";
const SAMPLES: &str = "Functions drawn from its posterior: each is one way the objective might run";
const TRUTH: &str = "The objective along this cut, evaluated in the background while no trial is";

/// A button that is on or off.
fn toggle(props: &Props, name: &'static str, about: &'static str, on: bool, act: fn(bool) -> Act) -> Html {
    let choose = props.act.reform(move |_: MouseEvent| act(!on));
    html! { <button class={classes!(on.then_some("on"))} title={about} aria-pressed={on.to_string()} onclick={choose}>{ name }</button> }
}
