//! The settings of an entry, as a form made from the catalog.

use super::act::Act;
use super::card::opener;
use super::field::Field;
use crate::protocol::{CatalogEntry, CatalogSetting};
use crate::question::Changes;
use crate::spec::Call;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Settings`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What has the settings.
    pub entry: CatalogEntry,
    /// The settings given; all others are at their default.
    pub call: Call,
    /// The edit of the study text that a call with other settings stands for.
    pub edit: Callback<Call, Changes>,
    /// The call with other settings.
    pub onset: Callback<Call>,
    /// What is wanted beside.
    pub act: Callback<Act>,
}

/// Settings folded away under a summary that names what differs from the default.
#[function_component]
pub fn Settings(props: &Props) -> Html {
    let given = &props.call.settings;
    let summary = if given.is_empty() {
        "settings".to_string()
    } else {
        given
            .iter()
            .map(|(k, v)| format!("{k} {v}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    html! {
        <details class="settings">
            <summary translate={(!given.is_empty()).then_some("no")}>{ summary }</summary>
            <p class="note">{ &props.entry.about }</p>
            { for props.entry.settings.iter().map(|s| one(props, s)) }
        </details>
    }
}

/// Settings whose words have cards, and the folder of these.
const CARDS: [(&str, &str); 2] = [("acq", "acquisition"), ("kernel", "kernel")];

fn one(props: &Props, setting: &CatalogSetting) -> Html {
    let given = props
        .call
        .settings
        .iter()
        .find(|(k, _)| *k == setting.id)
        .map(|(_, v)| v.clone());
    let value = given.unwrap_or_else(|| setting.default.clone());
    let with = {
        let (call, id, default) = (props.call.clone(), setting.id.clone(), setting.default.clone());
        move |value: String| {
            let mut call = call.clone();
            call.settings.retain(|(k, _)| *k != id);
            if !value.is_empty() && value != default {
                call.settings.push((id.clone(), value));
            }
            call
        }
    };
    let (edit, set) = (props.edit.reform(with.clone()), props.onset.reform(with));
    let label = setting.id.clone();
    if setting.choices.is_empty() {
        let accepted = setting.accepted.clone();
        let check = Callback::from(move |text: String| {
            // The worker knows the range; what would break the notation is caught here.
            if text.contains(['(', ')', ',', ':', '&']) {
                Err(format!("accepted: {accepted}"))
            } else {
                Ok(())
            }
        });
        let note = format!("{} Accepted: {}", setting.about, setting.accepted);
        return html! { <Field key={label.clone()} label={label.clone()} {value} placeholder={setting.default.clone()} {note} {check} {edit} onset={set} notation=true /> };
    }
    let choose = set.reform(|e: Event| e.target_unchecked_into::<HtmlSelectElement>().value());
    // What is chosen here has a card of its own.
    let folder = CARDS.iter().find(|(id, _)| *id == setting.id).map(|c| c.1);
    let card = folder.map(|folder| opener((folder, value.clone()), &value, &props.act));
    html! {
        <div class="carded" key={label.clone()}>
        <label class="field">
            <span class="name" translate="no">{ &label }</span>
            <select aria-label={label.clone()} onchange={choose}>
                { for setting.choices.iter().map(|c| html! { <option value={c.clone()} selected={*c == value} translate="no">{ c }</option> }) }
            </select>
            <span class="note">{ &setting.about }</span>
        </label>
        { for card }
        </div>
    }
}
