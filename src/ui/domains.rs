//! What each parameter may be: a field each, in the study text's notation.

use super::field::Field;
use super::searched::{Props, carded, enter};
use crate::question::entry;
use crate::space::Domain;
use crate::spec::StudyText;
use yew::prelude::*;

/// A parameter as the catalog describes it.
struct Described {
    name: String,
    /// Where it is searched by default.
    domain: String,
    /// Its value where it is not searched, if it has one.
    value: String,
}

/// A field for the domain of each parameter.
pub fn fields(props: &Props) -> Html {
    let view = props.shown.view();
    let (text, catalog) = (&props.question.text, &props.catalog);
    let study = view.study.as_ref();
    let space = study.map(|s| s.space.params()).unwrap_or_default();
    let mut described: Vec<Described> = Vec::new();
    let mut further: Vec<String> = Vec::new();
    for part in props.question.parts() {
        let list = match part.key {
            "fn" => &catalog.functions,
            "model" => &catalog.models,
            _ => &catalog.steps,
        };
        let Some(entry) = entry(list, &part.call.id) else {
            continue;
        };
        let full = |name: &String| format!("{}{name}", part.prefix);
        described.extend(entry.params.iter().enumerate().map(|(i, (name, domain))| Described {
            name: full(name),
            domain: domain.clone(),
            value: entry.defaults.get(i).cloned().unwrap_or_default(),
        }));
        further.extend(entry.further.iter().map(|(name, _)| full(name)));
    }
    // The rest by the study, if it is one of the same: the choice of the model, ahead of all, and a function's further dimensions.
    let same = study.map(|s| StudyText::parse(&s.text).0);
    let same = same.is_some_and(|s| ["fn", "model", "prep"].iter().all(|key| s.get(key) == text.get(key)));
    for param in space.iter().filter(|_| same) {
        if described.iter().all(|d| d.name != param.name) && !further.contains(&param.name) {
            let place = if param.name == "model" { 0 } else { described.len() };
            let (name, domain) = (param.name.clone(), param.domain.to_string());
            let value = String::new();
            described.insert(place, Described { name, domain, value });
        }
    }
    let field = |name: &str, value: String, placeholder: String, note: String| {
        let (question, of) = (props.question.clone(), name.to_string());
        let edit = Callback::from(move |text: String| question.domain(&of, text));
        let onset = enter(&props.act, &edit);
        html! { <Field key={name.to_string()} label={name.to_string()} {value} {placeholder} {note} check={check()} {edit} {onset} notation=true /> }
    };
    let one = |param: &Described| {
        let (name, default) = (&param.name, &param.domain);
        let own = text.get(&format!("p.{name}")).map(str::to_string);
        let searched = space.iter().find(|p| p.name == *name).map(|p| p.domain.to_string());
        // What the model's parentheses fix; else, what neither the text nor the study names keeps the model's own value.
        let fixed = props.question.fixed(name).filter(|_| own.is_none());
        let idle = own.is_none() && searched.is_none() && fixed.is_none() && !space.is_empty();
        let value = own
            .or(fixed.as_ref().map(|value| format!("={value}")))
            .or(searched)
            .unwrap_or_else(|| if idle { String::new() } else { default.clone() });
        let note = if fixed.is_some() {
            "fixed, not searched".to_string()
        } else if idle || value == *default {
            String::new()
        } else {
            format!("default {}", shortened(default))
        };
        let placeholder = match idle && !param.value.is_empty() {
            true => format!("not searched: {}", param.value),
            false => shortened(default),
        };
        field(name, value, placeholder, note)
    };
    // What the model takes further is searched only where it is named; what is accepted is said where it is refused.
    let other = |name: &String| {
        let own = text.get(&format!("p.{name}")).map(str::to_string);
        let fixed = props.question.fixed(name).map(|value| format!("={value}"));
        let value = own.or(fixed).unwrap_or_default();
        field(name, value, "not searched".to_string(), String::new())
    };
    let fields = html! {
        <div class="domains" role="group" aria-label="Parameters">
            { for described.iter().map(one) }
            if !further.is_empty() {
                <details class="settings">
                    <summary>{ "Further settings" }</summary>
                    { for further.iter().map(other) }
                </details>
            }
        </div>
    };
    carded(props, "Parameters", "parameters", fields)
}

/// Whether a text is a domain at all. Which parameters take whole numbers only the worker knows.
fn check() -> Callback<String, Result<(), String>> {
    Callback::from(|text: String| match text.as_str() {
        "" => Ok(()),
        text => Domain::parse_real(text).map(|_| ()),
    })
}

/// A long list by its ends.
fn shortened(domain: &str) -> String {
    let words: Vec<&str> = domain.split('|').collect();
    match words.as_slice() {
        [a, b, .., y, z] if words.len() > 6 => format!("{a}|{b}|…|{y}|{z}"),
        _ => domain.to_string(),
    }
}
