//! Which strategies search: those of the study with their settings, the same one again with others, and a menu of the rest.

use super::act::Act;
use super::card::opener;
use super::icon::icon;
use super::picture::key;
use super::searched::{change, enter};
use super::settings::Settings;
use super::shown::Shown;
use crate::protocol::{Catalog, CatalogEntry};
use crate::question::{Question, join};
use crate::spec::Call;
use crate::view::View;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Strategies side by side at most.
const MOST: usize = 6;

/// Properties of [`Strategies`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The question as it stands.
    pub question: Question,
    /// What there is to choose.
    pub catalog: Rc<Catalog>,
    /// What there is to show.
    pub shown: Shown,
    /// Whether colours are for dark.
    pub dark: bool,
    /// The strategy looked at.
    pub lane: usize,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The list.
#[function_component]
pub fn Strategies(props: &Props) -> Html {
    let calls = props.question.strategies();
    let entry = |call: &Call| props.catalog.strategies.iter().find(|e| e.id == call.id);
    let last = |i: usize| !calls[i + 1..].iter().any(|call| call.id == calls[i].id);
    html! {
        <div class="strategies" role="group" aria-labelledby="strategies">
            <h2 id="strategies">{ "Strategies" }</h2>
            { for (0..calls.len()).filter_map(|i| Some(chosen(props, &calls, entry(&calls[i])?, i, last(i)))) }
            { menu(props, &calls) }
            { reasons(props) }
        </div>
    }
}

/// The part of a menu that has the strategies which cannot run on the study.
pub fn unfit(view: &View, entries: &[&CatalogEntry]) -> Html {
    if entries.is_empty() {
        return Html::default();
    }
    let option = |e: &&CatalogEntry| {
        let why = view.unfit(&e.id).unwrap_or_default().to_string();
        html! { <option key={e.id.clone()} value={e.id.clone()} title={why} disabled=true>{ &e.title }</option> }
    };
    html! { <optgroup label="Cannot run on this study">{ for entries.iter().map(option) }</optgroup> }
}

/// Why some cannot run: a menu shows no reasons where nothing hovers.
fn reasons(props: &Props) -> Html {
    let view = props.shown.view();
    let strategies = props.catalog.strategies.iter();
    let unable: Vec<_> = strategies
        .filter_map(|e| Some((&e.title, view.unfit(&e.id)?)))
        .collect();
    if unable.is_empty() {
        return Html::default();
    }
    let reason = |(title, why): &(&String, &str)| html! { <li><b>{ title }</b>{ ": " }<span>{ why }</span></li> };
    html! {
        <details class="unfit note">
            <summary>{ "Which ones cannot run on this study" }</summary>
            <ul>{ for unable.iter().map(reason) }</ul>
        </details>
    }
}

fn put(calls: &[Call]) -> Act {
    Act::Set(vec![("s".into(), Some(join(calls)))])
}

/// The strategies that are not in the study yet.
fn menu(props: &Props, calls: &[Call]) -> Html {
    if calls.len() >= MOST {
        return html! { <p class="note">{ format!("{MOST} side by side are the most.") }</p> };
    }
    let rest = props.catalog.strategies.iter();
    let rest = rest.filter(|e| calls.iter().all(|call| call.id != e.id));
    let view = props.shown.view();
    let (rest, unable): (Vec<_>, Vec<_>) = rest.partition(|e| view.unfit(&e.id).is_none());
    let calls = calls.to_vec();
    let add = props.act.reform(move |e: Event| {
        let select = e.target_unchecked_into::<HtmlSelectElement>();
        let id = select.value();
        // Back to its own title, whatever comes of the choice.
        select.set_selected_index(0);
        let mut calls = calls.clone();
        calls.push(Call {
            id,
            settings: Vec::new(),
        });
        put(&calls)
    });
    html! {
        <select class="add" aria-label="Add a strategy" onchange={add}>
            <option value="" selected=true disabled=true>{ "Add a strategy …" }</option>
            { for rest.iter().map(|e| html! { <option key={e.id.clone()} value={e.id.clone()} title={e.about.clone()}>{ &e.title }</option> }) }
            { unfit(&view, &unable) }
        </select>
    }
}

/// The strategy at position `i`; behind the last of its kind stands the way to one more.
fn chosen(props: &Props, calls: &[Call], entry: &CatalogEntry, i: usize, last: bool) -> Html {
    let view = props.shown.view();
    let call = calls[i].clone();
    let mut fewer = calls.to_vec();
    fewer.remove(i);
    // Without any strategy there is no study: the last one stays.
    let only = fewer.is_empty();
    let remove = props.act.reform(move |_: Event| put(&fewer));
    // Two alike would find the same: the second begins with another value of a choice.
    let again = twin(entry, &call, calls)
        .filter(|_| last && calls.len() < MOST)
        .map(|twin| {
            let mut more = calls.to_vec();
            more.insert(i + 1, twin);
            props.act.reform(move |_: MouseEvent| put(&more))
        });
    let edit = {
        let calls = calls.to_vec();
        Callback::from(move |call: Call| {
            let mut calls = calls.clone();
            calls[i] = call;
            change("s", join(&calls))
        })
    };
    let onset = enter(&props.act, &edit);
    let name = if call.settings.is_empty() {
        entry.title.clone()
    } else {
        format!("{}, {}", entry.title, short(&call))
    };
    html! {
        <div class="strategy" key={format!("{i} {}", entry.id)}>
            <label class="chip" title={entry.about.clone()}>
                <input type="checkbox" checked=true onchange={remove} disabled={only} aria-label={name.clone()} />
                if view.lanes.get(i).is_some_and(|l| l.lane.id == entry.id) { { key(&view, i, props.dark) } }
                <span>{ &entry.title }</span>
            </label>
            <span class="more-of">{ opener(("strategy", entry.id.clone()), &entry.title, &props.act) }
            if let Some(again) = again {
                <button class="bare" onclick={again} aria-label={format!("{} again, with other settings", entry.title)} title="The same again, with other settings">{ icon("plus") }</button>
            }</span>
            if !entry.settings.is_empty() { <Settings entry={entry.clone()} {call} {edit} {onset} act={props.act.clone()} /> }
        </div>
    }
}

fn short(call: &Call) -> String {
    call.settings
        .iter()
        .map(|(k, v)| format!("{k} {v}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A call of the same strategy that is not in the list yet, if its choices give one.
fn twin(entry: &CatalogEntry, call: &Call, calls: &[Call]) -> Option<Call> {
    let with = |id: &str, value: &str| {
        let mut twin = call.clone();
        twin.settings.retain(|(k, _)| k != id);
        twin.settings.push((id.to_string(), value.to_string()));
        twin
    };
    let options = entry
        .settings
        .iter()
        .flat_map(|s| s.choices.iter().filter(|c| **c != s.default).map(|c| with(&s.id, c)));
    options.into_iter().find(|t| !calls.contains(t))
}
