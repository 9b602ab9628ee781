//! The card of a data set or a test function: what it teaches, how large it is, where it comes from. Made from the catalog, not fetched.

use super::act::Act;
use super::card::frame;
use super::shown::Shown;
use crate::protocol::{CatalogEntry, Optimum, Prepared, TableFacts};
use crate::space::{Config, Value};
use crate::spec::{Call, StudyText};
use crate::view::View;
use crate::view::why::rounded;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`TargetCard`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The data set, or the function.
    pub entry: CatalogEntry,
    /// The key of the study text that names it.
    pub of: &'static str,
    /// What there is to show.
    pub shown: Shown,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The card.
#[function_component]
pub fn TargetCard(props: &Props) -> Html {
    let close = use_node_ref();
    {
        let close = close.clone();
        use_effect_with(props.entry.id.clone(), move |_| {
            if let Some(button) = close.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        });
    }
    let view = props.shown.view();
    let entry = &props.entry;
    let is_function = !entry.params.is_empty();
    let body = html! {
        <article class="target">
            <h2>{ &entry.title }</h2>
            <p class="plain">{ &entry.about }</p>
            <dl>
                { if is_function { function(props, &view) } else { table(props, &view) } }
                if !entry.paper.is_empty() { { row("Source", cited(&entry.paper), true) } }
                if !is_function { { row("Licence", licence(entry), false) } }
            </dl>
        </article>
    };
    frame(&close, body, &props.act)
}

/// The study in force, if it is about this: an edit takes a while to become one.
fn study<'a>(props: &Props, view: &'a View) -> Option<&'a Prepared> {
    let study = view.study.as_ref()?;
    let call = Call::parse(StudyText::parse(&study.text).0.get(props.of)?).ok()?;
    (call.id == props.entry.id).then_some(study)
}

fn row(name: &str, value: Html, notation: bool) -> Html {
    html! { <div><dt>{ name }</dt><dd translate={notation.then_some("no")}>{ value }</dd></div> }
}

fn table(props: &Props, view: &View) -> Html {
    let facts = study(props, view).and_then(|s| s.table.as_ref());
    let Some(facts) = facts else { return Html::default() };
    html! {
        <>
            { row("Rows", facts.rows.into(), true) }
            { row("Features", facts.features.into(), true) }
            { row("Classes", facts.classes.len().into(), true) }
            { row("Balance", balance(facts), true) }
        </>
    }
}

/// A bar for the rows of each class.
fn balance(facts: &TableFacts) -> Html {
    let most = facts.classes.iter().map(|c| c.1).max().unwrap_or(1).max(1);
    let bar = |(name, rows): &(String, u32)| {
        let share = f64::from(*rows) * 100.0 / f64::from(facts.rows.max(1));
        html! {
            <li key={name.clone()}>
                <span>{ name }</span>
                <span>{ format!("{rows} · {share:.0} %") }</span>
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width={(f64::from(*rows) * 100.0 / f64::from(most)).to_string()} height="8" /></svg>
            </li>
        }
    };
    html! { <ul class="balance">{ for facts.classes.iter().map(bar) }</ul> }
}

fn function(props: &Props, view: &View) -> Html {
    let entry = &props.entry;
    let study = study(props, view);
    // As searched, where it is; else as the catalog has it.
    let searched = study.map(|s| {
        s.space
            .params()
            .iter()
            .map(|p| (p.name.clone(), p.domain.to_string()))
            .collect()
    });
    let params: Vec<(String, String)> = searched.unwrap_or_else(|| entry.params.clone());
    let is_plain = params == entry.params;
    let domain = params
        .iter()
        .map(|(name, domain)| html! { <span class="line">{ format!("{name} {domain}") }</span> });
    html! {
        <>
            { row("Formula", html! { &entry.formula }, true) }
            { row("Domain", domain.collect(), true) }
            if let Some(minimum) = study.and_then(|s| s.minimum.as_ref()).filter(|_| is_plain) {
                { row("Minimum", html! { placed(minimum) }, true) }
            } else if let Some(best) = study.and_then(|s| s.optimum) {
                { row("Minimum", html! { rounded(best) }, true) }
            }
        </>
    }
}

/// A function's smallest value, and all places where it has it: `0.3979 at (-3.142, 12.28), (3.142, 2.275)`.
fn placed(optimum: &Optimum) -> String {
    let place = |at: &Config| {
        let word = |value: &Value| value.number().map_or_else(|| value.to_string(), rounded);
        let values: Vec<String> = at.0.iter().map(|(_, value)| word(value)).collect();
        format!("({})", values.join(", "))
    };
    let places: Vec<String> = optimum.at.iter().map(place).collect();
    format!("{} at {}", rounded(optimum.value), places.join(", "))
}

/// Under what terms the rows may be used: the words at the end of the source, or none where the rows are generated.
fn licence(entry: &CatalogEntry) -> Html {
    let known = ["CC BY 4.0", "CC0"].iter().find(|name| entry.paper.contains(**name));
    match known {
        Some(name) => html! { <span translate="no">{ *name }</span> },
        None => html! { "none is needed: the rows are generated here" },
    }
}

/// A source, its DOI as a link.
fn cited(source: &str) -> Html {
    let Some((before, rest)) = source.split_once("doi:") else {
        return html! { source };
    };
    let end = rest.find([',', ';', ' ']).unwrap_or(rest.len());
    // A sentence ends behind it, not in it.
    let doi = rest[..end].trim_end_matches('.');
    html! { <>{ before }<a href={format!("https://doi.org/{doi}")} target="_blank" rel="noopener">{ format!("doi:{doi}") }</a>{ &rest[doi.len()..] }</> }
}
