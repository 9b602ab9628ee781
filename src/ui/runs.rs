//! Runs that are kept by name, and files of runs.

use super::act::Act;
use super::file::FileButton;
use super::icon::icon;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A run that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Its study text.
    pub study: String,
    /// How many trials it has.
    pub trials: usize,
}

/// Properties of [`Runs`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// All that are kept.
    pub runs: Vec<Kept>,
    /// Whether there is a run to keep.
    pub can_keep: bool,
    /// A name for it.
    pub suggested: String,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The list.
#[function_component]
pub fn Runs(props: &Props) -> Html {
    let act = &props.act;
    let field = use_node_ref();
    let keep = {
        let (field, act, suggested) = (field.clone(), act.clone(), props.suggested.clone());
        Callback::from(move |_: MouseEvent| {
            let typed = field.cast::<HtmlInputElement>().map(|f| f.value()).unwrap_or_default();
            let name = typed.trim();
            act.emit(Act::KeepRun(if name.is_empty() {
                suggested.clone()
            } else {
                name.to_string()
            }));
        })
    };
    let close = act.reform(|_: MouseEvent| Act::Runs(false));
    html! {
        <div class="notice runs" role="group" aria-label="Runs">
            <div>
                <p class="make">
                    <input ref={field} type="text" maxlength="80" aria-label="Name of this run" placeholder={props.suggested.clone()} />
                    <button class="primary" disabled={!props.can_keep} onclick={keep}>{ "Keep this run" }</button>
                    <button disabled={!props.can_keep} onclick={act.reform(|_: MouseEvent| Act::Export)}>{ "Export as a file" }</button>
                    <FileButton text="Import a file" label="Import a run" accept=".json,application/json" onfile={act.reform(Act::File)} />
                </p>
                if props.runs.is_empty() {
                    <p class="note">{ "No run is kept yet. Kept runs stay in this browser; a file goes anywhere." }</p>
                } else {
                    <ul>{ for props.runs.iter().map(|run| one(run, act)) }</ul>
                }
            </div>
            <button class="bare" onclick={close} aria-label="Close" title="Close">{ icon("close") }</button>
        </div>
    }
}

fn one(run: &Kept, act: &Callback<Act>) -> Html {
    let open = {
        let name = run.name.clone();
        act.reform(move |_: MouseEvent| Act::OpenRun(name.clone()))
    };
    let delete = {
        let name = run.name.clone();
        act.reform(move |_: MouseEvent| Act::DeleteRun(name.clone()))
    };
    let rename = {
        let (old, act) = (run.name.clone(), act.clone());
        Callback::from(move |e: Event| {
            let input: HtmlInputElement = e.target_unchecked_into();
            let new = input.value().trim().to_string();
            if new.is_empty() {
                return input.set_value(&old);
            }
            act.emit(Act::RenameRun(old.clone(), new));
        })
    };
    let name = &run.name;
    html! {
        <li key={name.clone()}>
            <input type="text" maxlength="80" value={name.clone()} onchange={rename} aria-label={format!("Rename {name}")} />
            <span class="note" title={run.study.clone()}>{ format!("{} trials", run.trials) }</span>
            <button class="small" onclick={open} aria-label={format!("Open {name}")}>{ "Open" }</button>
            <button class="small" onclick={delete} aria-label={format!("Delete {name}")}>{ "Delete" }</button>
        </li>
    }
}
