//! All trials, the newest first: the same data as the pictures.

use super::act::Act;
use super::browser;
use super::panel::Panel;
use super::picture::key;
use super::shown::Shown;
use crate::order;
use crate::plot::{Brush, brushed};
use crate::protocol::Trial;
use crate::space::{Config, Value};
use crate::view::filter::{Filter, reason, value_text};
use crate::view::sort::{self, Column};
use crate::view::why;
use crate::view::{View, score};
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// Rows shown unless all are wanted.
const ROWS: usize = 40;
/// Rows shown while trials come in: what is in sight. Those below it follow once the run rests, a frame after it.
const ROWS_IN_SIGHT: usize = 14;
/// More parameters than this share one column.
const COLUMNS: usize = 4;

/// What the filter understands.
const FILTER: &str =
    "Only the trials are listed whose row has these words, or for which these comparisons hold: value<0.1 max_depth>3";

/// Properties of [`Table`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// Ranges brushed in parallel coordinates: only what lies within is listed.
    pub brush: Vec<Brush>,
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
    let sort = use_state(|| None::<(Column, bool)>);
    let filter = use_state(String::new);
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
    let rests = use_state(|| false);
    {
        let rests = rests.clone();
        use_effect_with(view.running, move |&running| {
            browser::after_frame(move || rests.set(!running));
        });
    }
    let rows = match (*all, *rests && !view.running) {
        (_, false) => ROWS_IN_SIGHT,
        (true, true) => view.order.len(),
        (false, true) => ROWS,
    };
    let kept = brushed(&view, &props.brush);
    let wanted = Filter::read(&filter, &view);
    let listed = view.order.iter().enumerate().rev();
    let listed = listed.filter_map(|(i, &(lane, id))| Some((i, view.trial(lane, id)?)));
    let mut listed: Vec<(usize, &Trial)> = listed.filter(|(_, t)| kept(t) && wanted.keeps(&view, t)).collect();
    // The order of coming is there already; a stable sort keeps it among equals.
    if let Some((column, down)) = &*sort {
        order::sort_by(&mut listed, |a, b| {
            let order = sort::compare(column, &view, a.1, b.1);
            if *down { order.reverse() } else { order }
        });
    }
    let found = listed.len();
    let hidden = found.saturating_sub(rows);
    listed.truncate(rows);
    let trained = view.study.as_ref().is_some_and(|s| !s.cheap);
    let head = |column: Column, content: Html| {
        let now = sort.as_ref().filter(|s| s.0 == column).map(|s| s.1);
        let said = now.map(|down| if down { "descending" } else { "ascending" });
        let sort = sort.clone();
        let name = column.name().to_string();
        let is_param = matches!(column, Column::Param(_));
        // Up, down, and as they came.
        let turn = Callback::from(move |_: MouseEvent| {
            sort.set(match now {
                None => Some((column.clone(), false)),
                Some(false) => Some((column.clone(), true)),
                Some(true) => None,
            });
        });
        html! {
            <th scope="col" class={is_param.then_some("param")} aria-sort={said}>
                <button class="bare sort" onclick={turn} title={format!("Sort by {name}")}>{ content }if let Some(down) = now { <span aria-hidden="true">{ if down { "▾" } else { "▴" } }</span> }</button>
            </th>
        }
    };
    let plain = |column: Column| {
        let name = column.name().to_string();
        head(column, html! { name })
    };
    let typed = {
        let filter = filter.clone();
        Callback::from(move |e: InputEvent| filter.set(e.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let more = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    // All but what has a line of its own where there is little room.
    let columns = 3 + names.len() + usize::from(trained);
    html! {
        <div class={classes!("trials", props.panel.classes())}>
            <div class="head"><h2>{ "Trials" }</h2>
                <input class="filter" type="search" aria-label="Filter trials" title={FILTER} placeholder="value<0.1, or words"
                    aria-invalid={wanted.wrong.is_some().then_some("true")} value={(*filter).clone()} oninput={typed} />{ props.panel.tools("Trials", &props.act) }</div>
            <p class="why-not note" role="status">{ wanted.wrong.unwrap_or_default() }</p>
            <div class="rows" role="region" aria-label="Table of trials" tabindex="0"><table class={classes!(format!("of-{columns}"), (names.len() != 1 && names.len() != 2).then_some("many"), (names.len() > 1).then_some("apart"))}>
                <thead><tr>
                    { plain(Column::Trial) }{ plain(Column::Strategy) }
                    if names.is_empty() { <th scope="col" class="config">{ "configuration" }</th> }
                    { for names.iter().map(|n| head(Column::Param(n.clone()), html! { <span translate="no">{ breakable(n) }</span> })) }
                    { plain(Column::Value) }if trained { { plain(Column::Train) } }{ plain(Column::Why) }
                </tr></thead>
                <tbody>
                    { for listed.iter().map(|(i, trial)| row(props, &view, &names, *i, trial)) }
                    if found == 0 { <tr class="none"><td colspan="9">{ if view.order.is_empty() { "No trials yet." } else { "No trial is like that." } }</td></tr> }
                </tbody>
            </table></div>
            <p class="foot">
                if hidden > 0 { <button class="small" onclick={more}>{ format!("Show all {found}") }</button> }
                if !view.order.is_empty() { <button class="small" onclick={props.act.reform(|_: MouseEvent| Act::Csv)}>{ "Download CSV" }</button> }
            </p>
        </div>
    }
}

/// A name that may break after its underscores: columns are as wide as their values.
fn breakable(name: &str) -> Html {
    let part = |part: &str| html! { <>{ part.to_string() }<wbr /></> };
    html! { <>{ for name.split_inclusive('_').map(part) }</> }
}

/// The part of a configuration that is searched; of several models the one chosen is named once, not with each of its parameters.
fn searched(view: &View, config: &Config) -> String {
    let params = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    let model = config.get("model").map(|id| format!("{id}."));
    let free = params.iter().filter(|p| !p.domain.is_fixed());
    let pair = |(name, value): (&str, &Value)| {
        let name = model
            .as_ref()
            .and_then(|m| name.strip_prefix(m.as_str()))
            .unwrap_or(name);
        format!("{name} = {}", value.short())
    };
    let pairs = free.filter_map(|p| Some((p.name.as_str(), config.get(&p.name)?)));
    pairs.map(pair).collect::<Vec<_>>().join(", ")
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
    let cell = |name: &String| html! { <td class="param" translate="no">{ trial.job.config.get(name).map_or("–".into(), |v| v.short()) }</td> };
    let reason = reason(trial);
    let train = score(trial).and_then(|s| s.train).map_or("–".into(), why::rounded);
    html! {
        <tr key={i} class={classes!(on.then_some("on"), trial.outcome.value().is_none().then_some("bad"))} onclick={choose} onkeydown={pressed}
            tabindex="0" aria-current={on.then_some("true")}>
            <td>{ id + 1 }</td>
            <td class="who" translate="no">{ key(view, lane, props.dark) }{ title }</td>
            if names.is_empty() { <td class="config" translate="no" title={trial.job.config.short()}><span>{ searched(view, &trial.job.config) }</span></td> }
            { for names.iter().map(cell) }
            <td>{ value_text(trial) }</td>
            if trained { <td>{ train }</td> }
            <td class="reason"><span>{ reason }</span></td>
        </tr>
    }
}
