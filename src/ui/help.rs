//! The help: what this is, and the keys.

use super::act::Act;
use super::keys::KEYS;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether it is open.
    pub open: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The dialog.
#[function_component]
pub fn Help(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.open, move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else {
                return;
            };
            if *open && !dialog.open() {
                // Refused only if it is open already.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        });
    }
    let closed = props.act.reform(|_: Event| Act::Help(false));
    let close = props.act.reform(|_: MouseEvent| Act::Help(false));
    html! {
        <dialog ref={dialog} class="help" aria-labelledby="help" onclose={closed}>
            <h2 id="help">{ "Tunescape" }</h2>
            <p>{ "A model has settings that training does not learn: how many trees, how deep, how regular. Each strategy here proposes \
                such settings, this page trains real models with them, in your browser, on real data, and scores them by cross-validation. \
                The pictures show where each strategy looked, how good its best is after each trial, and, for those that learn a model of \
                the score, what they believed when they chose a point. Nothing is sent anywhere. The same study text and seed always give \
                the same trials, here and on the command line." }</p>
            <dl class="keys">{ for KEYS.iter().map(|(key, what)| html! { <div><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div> }) }</dl>
            <p>{ "Click a point in any picture, or a row of the table, to see why it was chosen and what its strategy believed then." }</p>
            <p class="languages">{ language(props, "zh", "中文") }{ language(props, "en", "English") }</p>
            <button class="primary" onclick={close}>{ "Close" }</button>
        </dialog>
    }
}

/// Opens the page in a language.
fn language(props: &Props, lang: &'static str, name: &'static str) -> Html {
    let speak = props.act.reform(move |_: MouseEvent| Act::Language(lang));
    html! { <button class="bare link" {lang} onclick={speak}>{ name }</button> }
}
