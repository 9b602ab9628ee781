//! What each parameter may be: a field each, in the study text's notation.

use super::field::Field;
use super::question::entry;
use super::searched::{Props, carded, enter, is_trained};
use crate::space::Domain;
use yew::prelude::*;

/// A field for the domain of each parameter.
pub fn fields(props: &Props) -> Html {
    let view = props.shown.view();
    let text = &props.question.text;
    let call = props.question.call("model").or_else(|| props.question.call("fn"));
    let id = call.map(|c| c.id).unwrap_or_default();
    let list = if is_trained(props) {
        &props.catalog.models
    } else {
        &props.catalog.functions
    };
    let mut params: Vec<(String, String)> = entry(list, &id).map(|m| m.params.clone()).unwrap_or_default();
    // What the study searches stands first in force; a model the catalog does not describe is described by its study.
    let space = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    if params.is_empty() {
        params = space.iter().map(|p| (p.name.clone(), p.domain.to_string())).collect();
    }
    let defaults = entry(list, &id).map(|m| m.defaults.clone()).unwrap_or_default();
    let field = |name: &str, value: String, placeholder: String, note: String| {
        let (question, of) = (props.question.clone(), name.to_string());
        let edit = Callback::from(move |text: String| question.domain(&of, text));
        let onset = enter(&props.act, &edit);
        html! { <Field key={name.to_string()} label={name.to_string()} {value} {placeholder} {note} check={check()} {edit} {onset} notation=true /> }
    };
    let one = |(i, (name, default)): (usize, &(String, String))| {
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
        let placeholder = match defaults.get(i).filter(|value| idle && !value.is_empty()) {
            Some(value) => format!("not searched: {value}"),
            None => shortened(default),
        };
        field(name, value, placeholder, note)
    };
    // What the model takes further is searched only where it is named; what is accepted is said where it is refused.
    let further: Vec<(String, String)> = entry(list, &id).map(|m| m.further.clone()).unwrap_or_default();
    let other = |(name, _): &(String, String)| {
        let own = text.get(&format!("p.{name}")).map(str::to_string);
        let fixed = props.question.fixed(name).map(|value| format!("={value}"));
        let value = own.or(fixed).unwrap_or_default();
        field(name, value, "not searched".to_string(), String::new())
    };
    let fields = html! {
        <div class="domains" role="group" aria-label="Parameters">
            { for params.iter().enumerate().map(one) }
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
