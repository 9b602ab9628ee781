//! "What is searched": the question, as a form built from the catalog.

use super::act::Act;
use super::card::opener;
use super::domains;
use super::field::Field;
use super::icon::icon;
use super::own::{Own, OwnTable};
use super::panel::Panel;
use super::priors;
use super::settings::Settings;
use super::shown::Shown;
use super::strategies::Strategies;
use crate::protocol::{Catalog, CatalogEntry};
use crate::question::{Changes, Question, entry, join};
use crate::spec::{Call, StudyText};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Searched`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show: the study in force.
    pub shown: Shown,
    /// The question as it stands.
    pub question: Question,
    /// Whether there is an edit to take back, and one to make again.
    pub undo: (bool, bool),
    /// The table that `data=csv` means.
    pub own: Option<Own>,
    /// What there is to choose.
    pub catalog: Rc<Catalog>,
    /// Whether colours are for dark.
    pub dark: bool,
    /// The strategy looked at.
    pub lane: usize,
    /// How much of it is shown.
    pub panel: Panel,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The form.
#[function_component]
pub fn Searched(props: &Props) -> Html {
    let waiting = props.catalog.presets.is_empty();
    html! {
        <section class={classes!("searched", props.panel.classes(), waiting.then_some("waiting"))} aria-labelledby="searched">
            <div class="head"><h2 id="searched">{ "What is searched" }</h2>
                <div class="undo">
                    <button class="bare" disabled={!props.undo.0} onclick={props.act.reform(|_: MouseEvent| Act::Undo)} aria-label="Undo" title="Take back the latest edit (Ctrl Z)">{ icon("undo") }</button>
                    <button class="bare" disabled={!props.undo.1} onclick={props.act.reform(|_: MouseEvent| Act::Redo)} aria-label="Redo" title="Make it again (Ctrl Shift Z)">{ icon("redo") }</button>
                </div>
                { props.panel.tools("What is searched", &props.act) }</div>
            { target(props) }
            { model(props) }
            { domains::fields(props) }
            { priors::fields(props) }
            { carded(props, "Conditions", "where", word(props, "Conditions", "where", "x1+x2<=10")) }
            if is_trained(props) {
                { carded(props, "Preparation", "prep", word(props, "Preparation", "prep", "scale,pca")) }
            }
            <div class="two">
                { carded(props, "Trials", "trials", count(props, "Trials", "n", 100_000)) }
                { carded(props, "Repeats", "reps", count(props, "Repeats", "reps", 200)) }
                { carded(props, "Stop early", "stop", word(props, "Stop early", "stop", "stagnation")) }
                if is_trained(props) {
                    { carded(props, "Folds", "cv", word(props, "Folds", "cv", "5")) }
                    { carded(props, "Test split", "split", word(props, "Test split", "split", "0.2")) }
                    { carded(props, "Metric", "metric", metric(props)) }
                }
            </div>
            { facts(props) }
            <Strategies question={props.question.clone()} catalog={props.catalog.clone()} shown={props.shown.clone()}
                dark={props.dark} lane={props.lane} act={props.act.clone()} />
        </section>
    }
}

/// Whether a model is trained: else a test function is evaluated.
pub fn is_trained(props: &Props) -> bool {
    props.question.text.get("fn").is_none()
}

/// Carries out what an edit says.
pub fn enter<T: 'static>(act: &Callback<Act>, edit: &Callback<T, Changes>) -> Callback<T> {
    let edit = edit.clone();
    act.reform(move |value| Act::Set(edit.emit(value)))
}

/// What was chosen.
pub fn selected(e: &Event) -> String {
    e.target_unchecked_into::<HtmlSelectElement>().value()
}

/// A new value of a key of the study text; an empty one removes it.
pub fn change(key: &str, value: String) -> Changes {
    vec![(key.to_string(), (!value.is_empty()).then_some(value))]
}

/// Sets a key of the study text; an empty value removes it.
pub fn set(key: &str, value: String) -> Act {
    Act::Set(change(key, value))
}

fn option(entry: &CatalogEntry, value: String, selected: bool) -> Html {
    html! { <option key={value.clone()} {value} {selected} title={entry.about.clone()}>{ &entry.title }</option> }
}

/// Data sets and test functions in one list: what is searched over.
fn target(props: &Props) -> Html {
    let (text, catalog) = (&props.question.text, &props.catalog);
    let function = text.get("fn").is_some();
    let key = if function { "fn" } else { "data" };
    let call = props.question.call(key);
    let id = call.as_ref().map_or("", |c| c.id.as_str());
    let list = if function {
        &catalog.functions
    } else {
        &catalog.datasets
    };
    let known = entry(list, id);
    let is_own = !function && id == "csv";
    let choose = props.act.reform(|e: Event| {
        let value = selected(&e);
        let (kind, id) = value.split_once(' ').unwrap_or(("data", &value));
        Act::Target(id.to_string(), kind == "fn")
    });
    let one = |kind: &'static str, is: bool| {
        let id = id.to_string();
        move |e: &CatalogEntry| option(e, format!("{kind} {}", e.id), is && e.id == id)
    };
    html! {
        <>
            <div class="carded">
            <label class="field">
                <span class="name">{ "Data" }</span>
                <select aria-label="Data" onchange={choose}>
                    if known.is_none() && !is_own { <option value="" selected=true disabled=true>{ if id.is_empty() { "…" } else { id } }</option> }
                    <optgroup label="Data sets">{ for catalog.datasets.iter().map(one("data", !function)) }</optgroup>
                    <optgroup label="Your own"><option value="data csv" selected={is_own}>{ "A table of your own (CSV)" }</option></optgroup>
                    <optgroup label="Test functions">{ for catalog.functions.iter().map(one("fn", function)) }</optgroup>
                </select>
                if let Some(known) = known { <span class="note about" title={known.about.clone()}>{ &known.about }</span> }
            </label>
            if let Some(known) = known { { opener((key, known.id.clone()), &known.title, &props.act) } }
            </div>
            if is_own { <OwnTable own={props.own.clone()} act={props.act.clone()} /> }
            { settings(props, key, known, call) }
        </>
    }
}

fn model(props: &Props) -> Html {
    if !is_trained(props) {
        return Html::default();
    }
    let text = props.question.text.get("model").unwrap_or_default().to_string();
    let call = props.question.call("model");
    let id = call.as_ref().map_or("", |c| c.id.as_str());
    let known = entry(&props.catalog.models, id);
    let without_space = props.question.without_space();
    let choose = props.act.reform(move |e: Event| {
        let mut changes = without_space.clone();
        changes.push(("model".into(), Some(selected(&e))));
        Act::Set(changes)
    });
    html! {
        <>
            <label class="field">
                <span class="name">{ "Model" }</span>
                <select aria-label="Model" title="What is trained: its settings are what is searched" onchange={choose}>
                    if known.is_none() { <option value="" selected=true disabled=true>{ if text.is_empty() { "…" } else { &text } }</option> }
                    { for props.catalog.models.iter().map(|e| option(e, e.id.clone(), e.id == id)) }
                </select>
            </label>
            { settings(props, "model", known, call) }
        </>
    }
}

/// The settings of what is called at `key`, folded away.
fn settings(props: &Props, key: &'static str, known: Option<&CatalogEntry>, call: Option<Call>) -> Html {
    let (Some(known), Some(call)) = (known.filter(|k| !k.settings.is_empty()), call) else {
        return Html::default();
    };
    let edit = Callback::from(move |call: Call| change(key, join(&[call])));
    let onset = enter(&props.act, &edit);
    html! { <Settings entry={known.clone()} {call} {edit} {onset} act={props.act.clone()} /> }
}

/// A control with the card that explains it.
pub fn carded(props: &Props, title: &str, card: &str, control: Html) -> Html {
    html! { <div class="carded">{ control }{ opener(("control", card.to_string()), title, &props.act) }</div> }
}

/// The value in force at `key`: as written, else as the study understood it.
fn in_force(props: &Props, key: &str) -> String {
    let own = props.question.text.get(key).map(str::to_string);
    let view = props.shown.view();
    own.or_else(|| {
        StudyText::parse(&view.study.as_ref()?.text)
            .0
            .get(key)
            .map(str::to_string)
    })
    .unwrap_or_default()
}

/// A whole number from 1.
fn count(props: &Props, label: &str, key: &'static str, most: u32) -> Html {
    let check = Callback::from(move |text: String| match text.parse::<u32>() {
        Ok(n) if (1..=most).contains(&n) => Ok(()),
        _ => Err(format!("accepted: a whole number from 1 to {most}")),
    });
    let edit = Callback::from(move |text: String| change(key, text));
    let onset = enter(&props.act, &edit);
    html! { <Field label={label.to_string()} value={in_force(props, key)} {check} {edit} {onset} numeric=true /> }
}

/// A word whose notation the worker knows.
fn word(props: &Props, label: &str, key: &'static str, placeholder: &str) -> Html {
    let check = Callback::from(|_: String| Ok(()));
    let edit = Callback::from(move |text: String| change(key, text));
    let onset = enter(&props.act, &edit);
    html! { <Field label={label.to_string()} value={in_force(props, key)} placeholder={placeholder.to_string()} {check} {edit} {onset} /> }
}

fn metric(props: &Props) -> Html {
    let now = in_force(props, "metric");
    let choose = props.act.reform(|e: Event| set("metric", selected(&e)));
    html! {
        <label class="field">
            <span class="name">{ "Metric" }</span>
            <select aria-label="Metric" onchange={choose}>
                if entry(&props.catalog.metrics, &now).is_none() {
                    <option value="" selected=true>{ if now.is_empty() { "the data set's own" } else { &now } }</option>
                }
                { for props.catalog.metrics.iter().map(|e| option(e, e.id.clone(), e.id == now)) }
            </select>
        </label>
    }
}

fn facts(props: &Props) -> Html {
    let view = props.shown.view();
    let facts = view.study.as_ref().map(|s| s.facts.clone()).unwrap_or_default();
    let one = |(name, value): &(String, String)| html! { <div><dt>{ name }</dt><dd translate={(name == "Formula").then_some("no")}>{ value }</dd></div> };
    html! { <dl class="facts">{ for facts.iter().map(one) }</dl> }
}
