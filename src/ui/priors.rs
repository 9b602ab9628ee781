//! Where good values are believed to lie, before any trial: a field for each parameter searched, folded away.

use super::field::Field;
use super::searched::{Props, carded, change, enter};
use crate::space::{Domain, Param, Prior};
use crate::view::why::rounded;
use yew::prelude::*;

/// A field for the prior of each parameter; the summary names those that are given.
pub fn fields(props: &Props) -> Html {
    let view = props.shown.view();
    let space = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    let given: Vec<String> = props
        .question
        .text
        .priors()
        .map(|(name, prior)| format!("{name} {prior}"))
        .collect();
    let summary = if given.is_empty() {
        "beliefs before any trial".to_string()
    } else {
        given.join(", ")
    };
    let searched = space.iter().filter(|p| !p.domain.is_fixed());
    let fields = html! {
        <details class="settings priors">
            <summary translate={(!given.is_empty()).then_some("no")}>{ summary }</summary>
            { for searched.map(|param| one(props, param)) }
        </details>
    };
    carded(props, "Beliefs", "priors", fields)
}

fn one(props: &Props, param: &Param) -> Html {
    let key = format!("prior.{}", param.name);
    let value = props.question.text.get(&key).unwrap_or_default().to_string();
    let domain = param.domain.clone();
    let placeholder = example(&domain);
    let check = Callback::from(move |text: String| match text.as_str() {
        "" => Ok(()),
        text => Prior::parse(text, &domain).map(|_| ()),
    });
    let label = key.clone();
    let edit = Callback::from(move |text: String| change(&key, text));
    let onset = enter(&props.act, &edit);
    html! { <Field key={param.name.clone()} {label} {value} {placeholder} {check} {edit} {onset} notation=true /> }
}

/// A prior that fits the domain: around its middle, or for the first of a list.
fn example(domain: &Domain) -> String {
    match domain {
        Domain::Float { .. } | Domain::Int { .. } => {
            let middle = domain.at_unit(0.5).number().map_or(String::new(), rounded);
            format!("normal({middle},0.1)")
        }
        Domain::Fixed(_) => String::new(),
        Domain::Ordinal(values) | Domain::Categorical(values) => {
            let first = values.first().map_or(String::new(), ToString::to_string);
            format!("weights({first}:3)")
        }
    }
}
