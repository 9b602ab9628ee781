//! A text field that checks what is typed before it counts.

use super::act::Act;
use super::browser::Timeout;
use super::check::Checker;
use crate::question::Changes;
use crate::spec::Refusal;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Field`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its name.
    pub label: String,
    /// The value in force.
    pub value: String,
    /// Shown while it is empty.
    #[prop_or_default]
    pub placeholder: String,
    /// A word under the field, such as its default.
    #[prop_or_default]
    pub note: String,
    /// Says what is accepted, if the text is not.
    pub check: Callback<String, Result<(), String>>,
    /// The new value.
    pub onset: Callback<String>,
    /// The edit of the study text that a text stands for: whether it would be accepted, the worker knows.
    #[prop_or_default]
    pub edit: Option<Callback<String, Changes>>,
    /// Whether the label stands beside the field.
    #[prop_or_default]
    pub inline: bool,
    /// Whether its name is one of the study text's, the same in every language.
    #[prop_or_default]
    pub notation: bool,
    /// Whether a phone should show digits.
    #[prop_or_default]
    pub numeric: bool,
}

/// Time after the last key before the worker is asked, in milliseconds.
const PAUSE: i32 = 200;

/// A labelled field; a text that is not accepted stays in it with an explanation, and the value in force stays in force.
#[function_component]
pub fn Field(props: &Props) -> Html {
    let wrong = use_state(Vec::<Refusal>::new);
    let input = use_node_ref();
    let checker = use_context::<Checker>();
    let pause = use_mut_ref(|| None::<Timeout>);
    {
        // What is in force changed from elsewhere: the field follows. Were it bound to the value, every word about what is typed would undo
        // the typing.
        let (input, wrong) = (input.clone(), wrong.clone());
        use_effect_with(props.value.clone(), move |value| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(value);
            }
            wrong.set(Vec::new());
        });
    }
    let edit = props.edit.clone();
    // What is wrong with a text by the field's own check, else by what the worker has said of it.
    let judge = {
        let (check, edit, checker) = (props.check.clone(), edit.clone(), checker.clone());
        move |text: &str| match (check.emit(text.into()), &edit, &checker) {
            (Err(why), ..) => vec![Refusal::new("", accepted(&why))],
            (Ok(()), Some(edit), Some(checker)) => named(checker, &edit.emit(text.into())),
            _ => Vec::new(),
        }
    };
    {
        // The answer is about what was typed some time ago: it counts if that stands there still.
        let (input, wrong, check, edit) = (input.clone(), wrong.clone(), props.check.clone(), edit.clone());
        use_effect_with(checker.clone(), move |checker| {
            let refuses = |c: &&Checker| c.checked.as_ref().is_some_and(|c| !c.refused.is_empty());
            let (Some(checker), Some(edit)) = (checker.as_ref().filter(refuses), edit) else {
                return;
            };
            let typed = input.cast::<HtmlInputElement>().map(|input| input.value());
            let typed = typed.map(|typed| typed.trim().to_string()).unwrap_or_default();
            let found = named(checker, &edit.emit(typed.clone()));
            if !found.is_empty() && check.emit(typed).is_ok() {
                wrong.set(found);
            }
        });
    }
    let change = {
        let (judge, wrong, pause) = (judge.clone(), wrong.clone(), pause.clone());
        let (onset, in_force) = (props.onset.clone(), props.value.clone());
        let (edit, checker) = (edit.clone(), checker.clone());
        Callback::from(move |e: Event| {
            pause.take();
            let text = e.target_unchecked_into::<HtmlInputElement>().value().trim().to_string();
            let found = judge(&text);
            // Who types what is in force already changes nothing.
            if found.is_empty() && text != in_force {
                let changes = edit.as_ref().map(|edit| edit.emit(text.clone()));
                match (&checker, changes) {
                    // Entered before the worker has said anything of it: that decides.
                    (Some(checker), Some(changes)) if !checker.knows(&changes) => {
                        let onset = onset.clone();
                        let then = Callback::from(move |()| onset.emit(text.clone()));
                        checker.act.emit(Act::Enter(changes, then));
                    }
                    _ => onset.emit(text),
                }
            }
            wrong.set(found);
        })
    };
    // What is not accepted is said while it is typed; it counts once it is left.
    let typed = {
        let wrong = wrong.clone();
        Callback::from(move |e: InputEvent| {
            let text = e.target_unchecked_into::<HtmlInputElement>().value().trim().to_string();
            let found = judge(&text);
            let ask = match (&edit, &checker) {
                (Some(edit), Some(checker)) if found.is_empty() => Some((edit.emit(text), checker.act.clone())),
                _ => None,
            };
            pause.replace(ask.map(|(changes, act)| Timeout::new(PAUSE, move || act.emit(Act::Check(changes)))));
            wrong.set(found);
        })
    };
    let invalid = !wrong.is_empty();
    html! {
        <label class={classes!("field", props.inline.then_some("inline"), invalid.then_some("invalid"))}>
            <span class="name" translate={props.notation.then_some("no")}>{ &props.label }</span>
            <input ref={input} type="text" placeholder={props.placeholder.clone()} onchange={change} oninput={typed}
                aria-invalid={invalid.then_some("true")} inputmode={props.numeric.then_some("numeric")}
                aria-label={props.label.clone()} autocomplete="off" spellcheck="false" autocapitalize="off" />
            if invalid {
                <span class="why-not" role="alert">{ for wrong.iter().map(said) }</span>
            } else if !props.note.is_empty() {
                <span class="note">{ &props.note }</span>
            }
        </label>
    }
}

/// What the worker has said of an edit. What is refused of the edit itself needs no name: it stands in the field.
fn named(checker: &Checker, changes: &Changes) -> Vec<Refusal> {
    let own = |r: &Refusal| {
        let value = |(key, value): &(String, Option<String>)| Some(format!("{key}={}", value.as_ref()?));
        changes
            .iter()
            .filter_map(value)
            .any(|v| Refusal::new(&v, "").what == r.what)
    };
    let name = |r: &Refusal| if own(r) { Refusal::new("", &r.why) } else { r.clone() };
    checker.refused(changes).iter().map(name).collect()
}

fn said(refusal: &Refusal) -> Html {
    html! { <span>if !refusal.what.is_empty() { <code>{ &refusal.what }</code>{ ": " } }{ &refusal.why }</span> }
}

/// The part of a message that says what is accepted: what is wrong stands in the field.
fn accepted(why: &str) -> String {
    match why.split_once("accepted: ") {
        Some((_, rest)) => format!("Accepted: {rest}"),
        None => why.to_string(),
    }
}

/// Properties of [`About`].
#[derive(Properties, PartialEq)]
pub struct AboutProps {
    /// What the control is for, in a plain sentence.
    pub about: &'static str,
    /// The control.
    pub children: Html,
}

/// A control that cannot show its own title to who comes by keyboard: what is around it does.
#[function_component]
pub fn About(props: &AboutProps) -> Html {
    html! { <span class="about" title={props.about}>{ props.children.clone() }</span> }
}
