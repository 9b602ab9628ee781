//! A text field that checks what is typed before it counts.

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

/// A labelled field; a text that is not accepted stays in it with an explanation, and the value in force stays in force.
#[function_component]
pub fn Field(props: &Props) -> Html {
    let error = use_state(|| None::<String>);
    let input = use_node_ref();
    {
        // What is in force changed from elsewhere: the field follows. Were it bound to the value, every word about what is typed would undo
        // the typing.
        let (input, error) = (input.clone(), error.clone());
        use_effect_with(props.value.clone(), move |value| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(value);
            }
            error.set(None);
        });
    }
    let change = {
        let (check, onset, error) = (props.check.clone(), props.onset.clone(), error.clone());
        Callback::from(move |e: Event| {
            let text = e.target_unchecked_into::<HtmlInputElement>().value().trim().to_string();
            match check.emit(text.clone()) {
                Ok(()) => {
                    error.set(None);
                    onset.emit(text);
                }
                Err(why) => error.set(Some(why)),
            }
        })
    };
    // What is not accepted is said while it is typed; it counts once it is left.
    let typed = {
        let (check, error) = (props.check.clone(), error.clone());
        Callback::from(move |e: InputEvent| {
            let text = e.target_unchecked_into::<HtmlInputElement>().value().trim().to_string();
            error.set(check.emit(text).err());
        })
    };
    let invalid = error.is_some();
    html! {
        <label class={classes!("field", props.inline.then_some("inline"), invalid.then_some("invalid"))}>
            <span class="name" translate={props.notation.then_some("no")}>{ &props.label }</span>
            <input ref={input} type="text" placeholder={props.placeholder.clone()} onchange={change} oninput={typed}
                aria-invalid={invalid.then_some("true")} inputmode={props.numeric.then_some("numeric")}
                aria-label={props.label.clone()} autocomplete="off" spellcheck="false" autocapitalize="off" />
            if let Some(why) = &*error {
                <span class="why-not" role="alert">{ "Accepted: " }{ accepted(why) }</span>
            } else if !props.note.is_empty() {
                <span class="note">{ &props.note }</span>
            }
        </label>
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

/// The part of a message that says what is accepted.
fn accepted(why: &str) -> &str {
    why.split_once("accepted: ").map_or(why, |(_, rest)| rest)
}
