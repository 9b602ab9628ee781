//! A button that opens a file. The browser's own control has its own look, and speaks the browser's language, not the page's.

use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`FileButton`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What stands on it.
    pub text: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The kinds of files that are offered.
    pub accept: &'static str,
    /// The file chosen.
    pub onfile: Callback<File>,
}

/// The button: the control itself lies over it unseen, so that pointer, keyboard and a file dropped on it reach it.
#[function_component]
pub fn FileButton(props: &Props) -> Html {
    let onfile = props.onfile.clone();
    let onchange = Callback::from(move |e: Event| {
        let input: HtmlInputElement = e.target_unchecked_into();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            onfile.emit(file);
        }
        // The same file again is a change, too.
        input.set_value("");
    });
    html! {
        <label class="file">
            <span>{ props.text }</span>
            <input type="file" accept={props.accept} aria-label={props.label} title={props.label} {onchange} />
        </label>
    }
}
