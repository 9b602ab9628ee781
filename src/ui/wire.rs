//! Reads what comes from the worker.

use super::bridge::Said;
use super::browser::get;
use crate::protocol::{Event, Map, Plane, Trial, TrialLine};
use js_sys::{Array, Float64Array, JSON};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// What a message says: a text, or a text with numbers beside it. The start script's own reports are plain objects and come before.
pub fn read(message: JsValue) -> Said {
    let (text, numbers) = match message.dyn_ref::<Array>() {
        Some(both) => (both.get(0), both.get(1).dyn_into::<Float64Array>().ok()),
        None => (message, None),
    };
    let data = text.as_string().map_or(Ok(text), |t| JSON::parse(&t));
    let Ok(data) = data else {
        return Said::Unreadable("a text that is no JSON".into());
    };
    let word = |name: &str| get(&data, name).and_then(|v| v.as_string());
    match word("type").as_deref() {
        Some("failed_start") => Said::NotStarted(word("message").unwrap_or_default()),
        Some(kind) => match event(kind, &data, numbers) {
            Ok(event) => Said::Event(Box::new(event)),
            Err(e) => Said::Unreadable(format!("{kind}: {e}")),
        },
        None => Said::Unreadable("a message without type".into()),
    }
}

/// Reads an event by its tag, field by field: the derived reader of a tagged enum first copies everything into a form of its
/// own, which costs time for every trial and a tenth of the page's size.
fn event(kind: &str, data: &JsValue, numbers: Option<Float64Array>) -> Result<Event, String> {
    // Never inlined: what reads events that come late need not be there at first.
    #[inline(never)]
    fn field<T: DeserializeOwned>(data: &JsValue, name: &str) -> Result<T, String> {
        let value = js_sys::Reflect::get(data, &name.into()).unwrap_or_default();
        serde_wasm_bindgen::from_value(value).map_err(|e| format!("{name}: {e}"))
    }
    let run = || field::<u32>(data, "run");
    let beside = || numbers.as_ref().map(Float64Array::to_vec).unwrap_or_default();
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
        "joined" => Event::Joined {
            run: run()?,
            lane: field(data, "lane")?,
        },
        "refused" => Event::Refused {
            run: run()?,
            refused: field(data, "refused")?,
        },
        "checked" => Event::Checked {
            run: run()?,
            text: field(data, "text")?,
            refused: field(data, "refused")?,
        },
        "began" => Event::Began {
            run: run()?,
            lane: field(data, "lane")?,
            id: field(data, "id")?,
        },
        "proposed" => Event::Proposed {
            run: run()?,
            proposal: field(data, "proposal")?,
        },
        "fold" => Event::Fold {
            run: run()?,
            fit: field(data, "fit")?,
        },
        "trials" => Event::Trials {
            run: run()?,
            trials: trials(field(data, "trials")?)?,
        },
        "table" => Event::Table {
            found: field(data, "found")?,
            refused: field(data, "refused")?,
        },
        "report" => Event::Report {
            run: run()?,
            report: field(data, "report")?,
        },
        "belief" => Event::Belief {
            run: run()?,
            slice: field(data, "slice")?,
        },
        "importance" => Event::Importance {
            run: run()?,
            importance: field(data, "importance")?,
        },
        "judged" => Event::Judged {
            run: run()?,
            judged: field(data, "judged")?,
        },
        "held_out" => Event::HeldOut {
            run: run()?,
            held_out: field(data, "held_out")?,
        },
        "choice" => Event::Choice {
            run: run()?,
            choice: field(data, "choice")?,
        },
        "map" => Event::Map {
            run: run()?,
            map: Box::new(Map {
                values: beside(),
                ..field(data, "map")?
            }),
        },
        "truth" => Event::Truth {
            run: run()?,
            plane: Box::new(Plane {
                values: beside(),
                ..field(data, "plane")?
            }),
        },
        "comparison" => Event::Comparison {
            run: run()?,
            comparison: field(data, "comparison")?,
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

/// A trial as it travels.
#[derive(Deserialize)]
struct Packed {
    lane: usize,
    line: String,
    seconds: f64,
}

#[inline(never)]
fn trials(packed: Vec<Packed>) -> Result<Vec<Trial>, String> {
    let unpack = |Packed { lane, line, seconds }| {
        let parsed = JSON::parse(&line).map_err(|_| "a line that is no JSON".to_string())?;
        let TrialLine { job, outcome, .. } =
            serde_wasm_bindgen::from_value(parsed).map_err(|e| format!("a trial's line: {e}"))?;
        Ok(Trial {
            lane,
            job,
            outcome,
            line,
            seconds,
        })
    };
    packed.into_iter().map(unpack).collect()
}
