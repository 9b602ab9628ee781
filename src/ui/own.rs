//! A table of the visitor's own: where it is put, and what was found in it, for correction.

use super::act::Act;
use super::file::FileButton;
use super::searched::selected;
use crate::spec::brief;
use crate::table::{Choices, ColumnDescription, Description, Quote};
use js_sys::{JSON, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

/// What can stand between cells, with its name.
const SEPARATORS: [(char, &str); 4] = [(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "bar")];
/// Columns offered at most: more make the page slow, and nobody reads them.
const MOST: usize = 200;

/// The table as far as the page knows it. Its bytes stay in the browser's memory, where a worker that is started anew finds them.
#[derive(Clone, Debug)]
pub struct Own {
    /// The file's name.
    pub name: String,
    /// The file.
    pub bytes: Uint8Array,
    /// What the person says of it.
    pub choices: Choices,
    /// What was found in it last.
    pub found: Option<Rc<Description>>,
    /// Why it cannot be read under these choices.
    pub refused: Option<String>,
    /// Whether the worker has not answered yet.
    pub reading: bool,
    /// Whether the browser keeps it, as far as is known.
    pub kept: bool,
}

impl PartialEq for Own {
    fn eq(&self, other: &Own) -> bool {
        // The bytes by who they are: comparing twenty million takes time.
        let (a, b): (&JsValue, &JsValue) = (self.bytes.as_ref(), other.bytes.as_ref());
        a == b
            && (&self.name, &self.choices, &self.found) == (&other.name, &other.choices, &other.found)
            && (&self.refused, self.reading, self.kept) == (&other.refused, other.reading, other.kept)
    }
}

impl Own {
    /// A table that nobody has read yet.
    pub fn new(name: String, bytes: Uint8Array, choices: Choices) -> Own {
        Own {
            name,
            bytes,
            choices,
            found: None,
            refused: None,
            reading: true,
            kept: true,
        }
    }

    /// What the person says of it, as JSON.
    pub fn said(&self) -> String {
        let choices = self.choices.serialize(&Serializer::json_compatible()).ok();
        let text = choices.and_then(|choices| JSON::stringify(&choices).ok());
        text.map_or("{}".into(), String::from)
    }

    /// Whether `data=csv` means something.
    pub fn is_there(&self) -> bool {
        self.found.is_some() && self.refused.is_none() && !self.reading
    }
}

/// Properties of [`OwnTable`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The table, if one was given.
    pub own: Option<Own>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The form.
#[function_component]
pub fn OwnTable(props: &Props) -> Html {
    let area = use_node_ref();
    let read = {
        let (area, act) = (area.clone(), props.act.clone());
        Callback::from(move |_: MouseEvent| {
            let text = area.cast::<HtmlTextAreaElement>().map(|area| area.value());
            if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                act.emit(pasted(&text));
            }
        })
    };
    // A table is read as it comes: in the field a long one would stop the page.
    let act = props.act.clone();
    let paste = Callback::from(move |e: Event| {
        let clip = e.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let text = clip.and_then(|clip| clip.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| text.contains('\n')) {
            e.prevent_default();
            act.emit(pasted(&text));
        }
    });
    let own = props.own.as_ref();
    let forget = props.act.reform(|_: MouseEvent| Act::ForgetTable);
    html! {
        <div class="own" role="group" aria-label="Your table">
            <p class="note">{ own.map_or("Drop a file here, or choose one".into(), |own| format!("{}: drop or choose another", own.name)) }</p>
            <FileButton text="Choose a file" label="Choose a table" accept=".csv,.tsv,.txt,text/csv" onfile={props.act.reform(Act::File)} />
            <details>
                <summary>{ "or paste its text" }</summary>
                <textarea ref={area} rows="4" aria-label="Text of the table" spellcheck="false" onpaste={paste} />
                <button class="small" onclick={read}>{ "Read it" }</button>
            </details>
            <p class="note">{ "Up to 20 MB and 100,000 rows. It stays on this machine." }</p>
            if let Some(own) = own {
                if own.kept {
                    <p class="note">{ "This browser keeps it until you forget it or give another." }{ " " }<button class="small" onclick={forget}>{ "Forget this table" }</button></p>
                } else {
                    <p class="why-not" role="alert">{ "This browser does not keep the table: after a reload, give it again." }</p>
                }
                { corrections(own, &props.act) }
            }
        </div>
    }
}

fn pasted(text: &str) -> Act {
    Act::Table("pasted text".into(), Uint8Array::from(text.as_bytes()))
}

/// What was found, each thing with what may be said instead.
fn corrections(own: &Own, act: &Callback<Act>) -> Html {
    let found = own.found.as_deref();
    let set = |change: fn(&mut Choices, String)| {
        let choices = own.choices.clone();
        act.reform(move |e: Event| {
            let mut choices = choices.clone();
            change(&mut choices, selected(&e));
            Act::Choices(choices)
        })
    };
    // Other cells make other columns: what was said of the old ones is void.
    fn anew(choices: &mut Choices) {
        (choices.target, choices.group) = (None, None);
        choices.without.clear();
    }
    let header = own.choices.header.or(found.map(|f| f.header));
    let separator = own.choices.separator.or(found.map(|f| f.separator));
    let quote = own.choices.quote.or(found.map(|f| f.quote));
    let comma = own.choices.decimal_comma.or(found.map(|f| f.decimal_comma));
    let names: Vec<&str> = found.iter().flat_map(|f| &f.columns).map(|c| c.name.as_str()).collect();
    let target = own.choices.target.as_deref().or(found.map(|f| f.target.as_str()));
    let separators = SEPARATORS.map(|(c, name)| (c.to_string(), name, Some(c) == separator));
    let quotes = Quote::ALL.map(|(q, name)| (name.to_string(), name, Some(q) == quote));
    let yes_no = |yes, no, is: Option<bool>| {
        [
            ("yes".into(), yes, is == Some(true)),
            ("no".into(), no, is == Some(false)),
        ]
    };
    let on_header = set(|c, v| {
        anew(c);
        c.header = Some(v == "yes");
    });
    let on_separator = set(|c, v| {
        anew(c);
        c.separator = v.chars().next();
    });
    let on_quote = set(|c, v| {
        anew(c);
        c.quote = Quote::ALL.iter().find(|q| q.1 == v).map(|q| q.0);
    });
    let on_comma = set(|c, v| c.decimal_comma = Some(v == "yes"));
    let on_target = set(|c, v| {
        c.without.retain(|w| *w != v);
        c.group = c.group.take().filter(|g| *g != v);
        c.target = Some(v);
    });
    let on_group = set(|c, v| c.group = (!v.is_empty()).then_some(v));
    let columns = |now: Option<&str>| {
        names
            .iter()
            .map(|n| (n.to_string(), *n, Some(*n) == now))
            .collect::<Vec<_>>()
    };
    let groups: Vec<_> = [(String::new(), "none", own.choices.group.is_none())]
        .into_iter()
        .chain(
            columns(own.choices.group.as_deref())
                .into_iter()
                .filter(|c| Some(c.1) != target),
        )
        .collect();
    html! {
        <>
            if own.reading { <p class="note" role="status">{ "Reading the table …" }</p> }
            if let Some(why) = &own.refused { <p class="why-not" role="alert">{ format!("This cannot be read: {}", brief(&sentence(why))) }</p> }
            if let Some(found) = found.filter(|_| own.refused.is_none()) { <p class="note" role="status">{ in_short(found) }</p> }
            <div class="two">
                { choice("First line", yes_no("names the columns", "is a row", header), on_header) }
                { choice("Separator", separators, on_separator) }
                { choice("Quotes", quotes, on_quote) }
                { choice("Decimals", yes_no("comma", "point", comma), on_comma) }
                if !names.is_empty() {
                    { choice("Target", columns(target), on_target) }
                    { choice("Groups", groups, on_group) }
                }
            </div>
            if let Some(found) = found.filter(|_| own.refused.is_none()) { { used(own, found, act) } }
        </>
    }
}

fn choice<'a>(
    label: &'static str,
    options: impl IntoIterator<Item = (String, &'a str, bool)>,
    onchange: Callback<Event>,
) -> Html {
    let options: Vec<_> = options.into_iter().collect();
    let unknown = options.iter().all(|o| !o.2);
    let option = |(value, name, is): (String, &'a str, bool)| html! { <option key={value.clone()} {value} selected={is}>{ name }</option> };
    html! {
        <label class="field"><span class="name">{ label }</span><select aria-label={label} {onchange}>
            if unknown { <option value="" selected=true disabled=true>{ "?" }</option> }
            { for options.into_iter().map(option) }
        </select></label>
    }
}

/// With an end, if it has none.
pub fn sentence(why: &str) -> String {
    let end = if why.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{why}{end}")
}

fn in_short(found: &Description) -> String {
    let named = found.classes.iter().take(6).map(|(name, n)| format!("{name} {n}"));
    let more = (found.classes.len() > 6).then(|| "…".to_string());
    let classes: Vec<String> = named.chain(more).collect();
    format!(
        "{} rows, {}. {} classes: {}.",
        found.rows,
        found.encoding,
        found.classes.len(),
        classes.join(", ")
    )
}

/// The columns, each of which can be left out, and what a person should know.
fn used(own: &Own, found: &Description, act: &Callback<Act>) -> Html {
    let features = found
        .columns
        .iter()
        .filter(|c| matches!(c.kind.as_str(), "number" | "category"));
    let one = |column: &ColumnDescription| {
        let name = column.name.clone();
        let is_out = own.choices.without.contains(&name);
        let is_feature = is_out || matches!(column.kind.as_str(), "number" | "category");
        let choices = own.choices.clone();
        let toggle = {
            let name = name.clone();
            act.reform(move |_: Event| {
                let mut choices = choices.clone();
                choices.without.retain(|w| *w != name);
                if !is_out {
                    choices.without.push(name.clone());
                }
                Act::Choices(choices)
            })
        };
        let gaps = if column.missing > 0 {
            format!(", {} missing", column.missing)
        } else {
            String::new()
        };
        html! {
            <li key={name.clone()}>
                <label class="chip" title={column.levels.join(", ")}>
                    <input type="checkbox" checked={is_feature && !is_out} disabled={!is_feature} onchange={toggle} aria-label={format!("Use column {name}")} />
                    <span><b translate="no">{ &name }</b>{ format!(" {}{gaps}", column.kind) }</span>
                </label>
            </li>
        }
    };
    html! {
        <>
            <details class="columns">
                <summary>{ format!("{} of {} columns are used", features.count(), found.columns.len()) }</summary>
                <ul>{ for found.columns.iter().take(MOST).map(one) }</ul>
                if found.columns.len() > MOST { <p class="note">{ format!("The first {MOST} are shown; all count.") }</p> }
            </details>
            if !found.notes.is_empty() {
                <ul class="note">{ for found.notes.iter().take(8).map(|n| html! { <li>{ n }</li> }) }</ul>
            }
        </>
    }
}
