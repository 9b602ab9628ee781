//! All trials, the newest first: the same data as the pictures.

use super::act::Act;
use super::numbers::{short, value_text};
use super::panel::Panel;
use super::picture::key;
use super::shown::Shown;
use crate::protocol::Trial;
use crate::space::Config;
use crate::trial::Outcome;
use crate::view::why;
use crate::view::{View, score};
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Rows shown unless all are wanted.
const ROWS: usize = 60;
/// Rows shown while trials come in: what is in sight.
const ROWS_RUNNING: usize = 14;
/// More parameters than this share one column.
const COLUMNS: usize = 4;

/// Properties of [`Table`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The table.
#[function_component]
pub fn Table(props: &Props) -> Html {
    let all = use_state(|| false);
    let view = props.shown.view();
    let names: Vec<String> = view
        .study
        .as_ref()
        .map(|s| {
            s.space
                .params()
                .iter()
                .filter(|p| !p.domain.is_fixed())
                .map(|p| p.name.clone())
                .collect()
        })
        .unwrap_or_default();
    let names = if names.len() > COLUMNS { Vec::new() } else { names };
    let rows = match (*all, view.running) {
        (_, true) => ROWS_RUNNING,
        (true, false) => view.order.len(),
        (false, false) => ROWS,
    };
    let hidden = view.order.len().saturating_sub(rows);
    let newest = view.order.iter().enumerate().rev().take(rows);
    let trained = view.study.as_ref().is_some_and(|s| !s.cheap);
    let head = |name: &str| html! { <th scope="col">{ name }</th> };
    let more = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    html! {
        <div class={classes!("trials", props.panel.classes())}>
            <div class="head"><h2>{ "Trials" }</h2>{ props.panel.tools("Trials", &props.act) }</div>
            <div class="rows" role="region" aria-label="Table of trials" tabindex="0"><table class={classes!((names.len() > 2).then_some("many"))}>
                <thead><tr>
                    { head("trial") }{ head("strategy") }
                    if names.is_empty() { { head("configuration") } }
                    { for names.iter().map(|n| parameter(n)) }
                    { head("value") }if trained { { head("train") } }{ head("why") }
                </tr></thead>
                <tbody>
                    { for newest.filter_map(|(i, &(lane, id))| Some(row(props, &view, &names, i, view.trial(lane, id)?))) }
                    if view.order.is_empty() { <tr class="none"><td colspan="9">{ "No trials yet." }</td></tr> }
                </tbody>
            </table></div>
            <p class="foot">
                if hidden > 0 { <button class="small" onclick={more}>{ format!("Show all {}", view.order.len()) }</button> }
                if !view.order.is_empty() { <button class="small" onclick={props.act.reform(|_: MouseEvent| Act::Csv)}>{ "Download CSV" }</button> }
            </p>
        </div>
    }
}

/// A name that may break after its underscores: columns are as wide as their values.
fn parameter(name: &str) -> Html {
    let part = |part: &str| html! { <>{ part.to_string() }<wbr /></> };
    html! { <th scope="col">{ for name.split_inclusive('_').map(part) }</th> }
}

/// A configuration in one cell, its numbers as short as in columns of their own.
fn settings(config: &Config) -> String {
    let each = config
        .0
        .iter()
        .map(|(name, value)| format!("{name}={}", short(&value.to_string())));
    each.collect::<Vec<_>>().join(", ")
}

fn row(props: &Props, view: &View, names: &[String], i: usize, trial: &Trial) -> Html {
    let (lane, id) = (trial.lane, trial.job.id);
    let on = props.chosen == Some((lane, id));
    let choose = props.act.reform(move |_: MouseEvent| Act::Select(lane, id));
    let pressed = {
        let act = props.act.clone();
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Enter" {
                act.emit(Act::Select(lane, id));
            }
        })
    };
    let trained = view.study.as_ref().is_some_and(|s| !s.cheap);
    let title = view.lanes.get(lane).map_or("", |l| l.lane.label.as_str());
    let cell =
        |name: &String| html! { <td>{ trial.job.config.get(name).map_or("–".into(), |v| short(&v.to_string())) }</td> };
    let reason = match &trial.outcome {
        Outcome::Failed { failed } => format!("failed: {failed}"),
        Outcome::Value(_) => why::short(&trial.job.origin),
    };
    let train = score(trial).and_then(|s| s.train).map_or("–".into(), why::rounded);
    html! {
        <tr key={i} class={classes!(on.then_some("on"), trial.outcome.value().is_none().then_some("bad"))} onclick={choose} onkeydown={pressed}
            tabindex="0" aria-current={on.then_some("true")}>
            <td>{ id + 1 }</td>
            <td class="who">{ key(view, lane, props.dark) }{ title }</td>
            if names.is_empty() { <td class="config">{ settings(&trial.job.config) }</td> }
            { for names.iter().map(cell) }
            <td>{ value_text(trial) }</td>
            if trained { <td>{ train }</td> }
            <td class="reason">{ reason }</td>
        </tr>
    }
}
