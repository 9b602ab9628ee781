//! "Best so far": the curve, who is who, and what was found.

use super::act::Act;
use super::canvas::Picture;
use super::field::About;
use super::numbers::Numbers;
use super::panel::Panel;
use super::picture::{Subject, key};
use super::shown::Shown;
use crate::plot::{Across, Brush, Measure};
use crate::trial::Direction;
use crate::view::View;
use web_sys::HtmlSelectElement;
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
    /// What the best value is drawn over.
    pub across: Across,
    /// Ranges brushed in parallel coordinates.
    pub brush: Vec<Brush>,
    /// Whether the distance from the optimum is drawn.
    pub regret: Option<bool>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
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
        across: props.across,
        regret: props.regret,
        brush: props.brush.clone(),
        dark: props.dark,
        ..Subject::default()
    };
    // The axis says what it is of, unless that is the distance from the optimum.
    let remark = view
        .study
        .as_ref()
        .map(|s| match (Measure::of(&view, props.regret).is_regret(), s.direction) {
            (true, _) => s.value_title.clone(),
            (false, Direction::Maximize) => "higher is better".to_string(),
            (false, Direction::Minimize) => "lower is better".to_string(),
        });
    let entry = |i: usize| {
        let look = props.act.reform(move |_: MouseEvent| Act::Lane(i));
        let title = view.lanes[i].lane.label.clone();
        html! {
            <li key={i}><button class={classes!("bare", (i == lane).then_some("on"))} onclick={look} title={view.lanes[i].lane.title.clone()}>
                { key(&view, i, props.dark) }<span translate="no">{ title }</span>
            </button></li>
        }
    };
    html! {
        <section class={classes!("best", props.panel.classes())} aria-labelledby="best">
            <div class="head"><h2 id="best">{ "Best so far" }{ " " }<small>{ remark }</small></h2>{ options(props, &view) }{ props.panel.tools("Best so far", &props.act) }</div>
            <Picture shown={props.shown.clone()} {subject} title="Best so far" act={props.act.clone()} />
            <ul class="legend">{ for (0..view.lanes.len()).map(entry) }</ul>
            <Numbers shown={props.shown.clone()} {lane} act={props.act.clone()} />
        </section>
    }
}

/// What the choice of the horizontal axis is for.
const OVER: &str =
    "What the best value is drawn over: how many trials, what their training cost, or how many seconds they took";

/// What it is drawn over, and whether as distance from the optimum.
fn options(props: &Props, view: &View) -> Html {
    let Some(study) = &view.study else {
        return Html::default();
    };
    let choose = props.act.reform(|e: Event| {
        let name = e.target_unchecked_into::<HtmlSelectElement>().value();
        Act::Across(
            Across::ALL
                .iter()
                .find(|a| a.1 == name)
                .map_or(Across::default(), |a| a.0),
        )
    });
    let trained = !study.cheap;
    let offered = Across::ALL.iter().filter(|a| trained || a.0 != Across::Cost);
    let option = |&(across, name): &(Across, &'static str)| {
        html! { <option key={name} value={name} selected={across == props.across}>{ name }</option> }
    };
    let regret = props.regret.unwrap_or(true);
    let toggle = props.act.reform(move |_: MouseEvent| Act::Regret(!regret));
    html! {
        <div class="axes">
            if study.optimum.is_some() {
                <button class={classes!("small", regret.then_some("on"))} aria-pressed={regret.to_string()} title="Distance from the known optimum, on a logarithmic scale" onclick={toggle}>{ "log regret" }</button>
            }
            <About about={OVER}><select aria-label="Drawn over" title={OVER} onchange={choose}>{ for offered.map(option) }</select></About>
        </div>
    }
}
