//! Reads what comes from the worker.

use super::bridge::Said;
use super::browser::get;
use crate::protocol::Event;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// What a message says. The start script's own reports come before any event of the protocol.
pub fn read(data: JsValue) -> Said {
    let word = |name: &str| get(&data, name).and_then(|v| v.as_string());
    match word("type").as_deref() {
        Some("failed_start") => Said::NotStarted(word("message").unwrap_or_default()),
        Some(kind) => match event(kind, &data) {
            Ok(event) => Said::Event(Box::new(event)),
            Err(e) => Said::Unreadable(format!("{kind}: {e}")),
        },
        None => Said::Unreadable("a message without type".into()),
    }
}

/// Reads an event by its tag, field by field: the derived reader of a tagged enum first copies everything into a form of its
/// own, which costs time for every trial and a tenth of the page's size.
fn event(kind: &str, data: &JsValue) -> Result<Event, String> {
    fn field<T: DeserializeOwned>(data: &JsValue, name: &str) -> Result<T, String> {
        let value = js_sys::Reflect::get(data, &name.into()).unwrap_or_default();
        serde_wasm_bindgen::from_value(value).map_err(|e| format!("{name}: {e}"))
    }
    let run = || field::<u32>(data, "run");
    Ok(match kind {
        "ready" => Event::Ready {
            build: field(data, "build")?,
            threads: field(data, "threads")?,
            catalog: field(data, "catalog")?,
        },
        "prepared" => Event::Prepared {
            run: run()?,
            study: field(data, "study")?,
        },
        "refused" => Event::Refused {
            run: run()?,
            refused: field(data, "refused")?,
        },
        "began" => Event::Began {
            run: run()?,
            lane: field(data, "lane")?,
            id: field(data, "id")?,
        },
        "trials" => Event::Trials {
            run: run()?,
            trials: field(data, "trials")?,
        },
        "report" => Event::Report {
            run: run()?,
            report: field(data, "report")?,
        },
        "belief" => Event::Belief {
            run: run()?,
            slice: field(data, "slice")?,
        },
        "truth" => Event::Truth {
            run: run()?,
            plane: field(data, "plane")?,
        },
        "rests" => Event::Rests {
            run: run()?,
            finished: field(data, "finished")?,
        },
        "failed" => Event::Failed {
            run: run()?,
            message: field(data, "message")?,
        },
        _ => return Err("no event of this protocol".into()),
    })
}
