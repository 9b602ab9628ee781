//! Talks to the worker: starts it in the right build, sends commands, hands on what it says.

use super::browser::{self, Timeout, get, global};
use super::wire;
use crate::protocol::{Command, Event};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// The page's build id; the worker's must be the same.
pub const BUILD: &str = match option_env!("TUNESCAPE_BUILD") {
    Some(id) => id,
    None => "dev",
};

/// How long the threaded build may take to report before the single-thread build is tried.
const THREADS_PATIENCE: i32 = 5_000;
/// How long the single-thread build may take before the page says that something is wrong.
const SINGLE_PATIENCE: i32 = 30_000;

/// How far the report of an error or a panic may be ahead of the worker's own messages, in milliseconds.
const OVERTAKING: i32 = 60;

/// The two builds of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A pool over shared memory, of this many threads.
    Threads(u32),
    /// One thread: runs anywhere.
    Single,
}

impl Kind {
    /// The build for this page: threads where the page is isolated, unless `?threads=` says otherwise or it is embedded.
    pub fn choose(embedded: bool) -> Kind {
        let isolated = global("crossOriginIsolated").is_some_and(|v| v.is_truthy());
        let possible = isolated && global("SharedArrayBuffer").is_some() && !is_opaque();
        match browser::query("threads").and_then(|n| n.parse::<u32>().ok()) {
            Some(0) => Kind::Single,
            Some(n) if possible => Kind::Threads(n.min(64)),
            None if possible && !embedded => Kind::Threads(processors()),
            _ => Kind::Single,
        }
    }
}

fn processors() -> u32 {
    let count = global("navigator").and_then(|n| get(&n, "hardwareConcurrency"));
    count.and_then(|n| n.as_f64()).map_or(1, |n| (n as u32).clamp(1, 64))
}

/// Whether the page's origin is opaque, as in a frame with `sandbox="allow-scripts"`.
fn is_opaque() -> bool {
    global("origin").and_then(|o| o.as_string()).is_none_or(|o| o == "null")
}

/// What comes from a worker.
#[derive(Clone, Debug)]
pub enum Said {
    /// An event of the protocol.
    Event(Box<Event>),
    /// It could not start, or took too long.
    NotStarted(String),
    /// It died: the message of its panic or error.
    Died(String),
    /// It sent what the page cannot read.
    Unreadable(String),
}

/// A running worker. Dropping it ends the worker at once, and nothing of it is heard any more.
pub struct Bridge {
    /// Which build it is.
    pub kind: Kind,
    worker: Option<Worker>,
    patience: Option<Timeout>,
    /// Where a panic is told: a pool thread's own error would reach nobody.
    panics: Option<BroadcastChannel>,
    _handlers: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Bridge {
    /// Starts a worker; `said` hears what it says, each with the worker's number, so that the words of an ended one can be told apart.
    pub fn start(kind: Kind, number: u32, said: &Callback<(u32, Said)>) -> Bridge {
        let emit = {
            let said = said.clone();
            move |what: Said| said.emit((number, what))
        };
        let heard = emit.clone();
        let message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let (heard, data) = (heard.clone(), event.unchecked_ref::<MessageEvent>().data());
            // In the page's own queue, which stands while the page waits for a part of its program.
            browser::soon(move || heard(wire::read(data)));
        });
        // A report can overtake what the worker said before: that is heard first, or the wrong trial is blamed.
        let late = Rc::new(RefCell::new(None));
        let heard = emit.clone();
        let died = move |text: String| {
            let heard = heard.clone();
            let last = move || browser::soon(move || heard(Said::Died(text)));
            late.replace(Some(Timeout::new(OVERTAKING, last)));
        };
        let last = died.clone();
        let error = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let text = get(&event, "message").and_then(|m| m.as_string());
            last(text.unwrap_or_else(|| "it stopped without a message".into()));
        });
        let panic = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            died(get(&event, "data").and_then(|m| m.as_string()).unwrap_or_default());
        });
        // A name of its own, or two tabs would hear each other's panics.
        let name = format!("tunescape-{}-{number}", browser::now());
        let panics = BroadcastChannel::new(&name).ok();
        if let Some(channel) = &panics {
            channel.set_onmessage(Some(panic.as_ref().unchecked_ref()));
        }
        let worker = open(&address(kind, &name));
        if let Ok(worker) = &worker {
            worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        }
        // A refusal comes late too, so that whoever starts the worker has it in hand by then.
        let (wait, why) = match (&worker, kind) {
            (Err(why), _) => (0, why.clone()),
            (Ok(_), Kind::Threads(_)) => (THREADS_PATIENCE, "no answer within 5 s".into()),
            (Ok(_), Kind::Single) => (SINGLE_PATIENCE, "no answer within 30 s".into()),
        };
        let late = move || emit(Said::NotStarted(why));
        Bridge {
            kind,
            worker: worker.ok(),
            patience: Some(Timeout::new(wait, late)),
            panics,
            _handlers: [message, error, panic],
        }
    }

    /// The worker reported in time.
    pub fn is_ready(&mut self) {
        self.patience = None;
    }

    /// Sends a command.
    pub fn send(&self, command: &Command) {
        self.send_beside(command, None);
    }

    /// Sends a command with bytes beside it.
    pub fn send_beside(&self, command: &Command, bytes: Option<&Uint8Array>) {
        // As plain objects: a configuration as a JavaScript map would be lost in JSON.
        let message = command
            .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            .ok();
        let text = message.and_then(|m| js_sys::JSON::stringify(&m).ok());
        if let (Some(worker), Some(text)) = (&self.worker, text) {
            let _ = match bytes {
                Some(bytes) => worker.post_message(&Array::of2(&text, bytes)),
                None => worker.post_message(&text),
            };
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        if let Some(channel) = &self.panics {
            channel.set_onmessage(None);
            channel.close();
        }
        if let Some(worker) = &self.worker {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }
}

fn address(kind: Kind, panics: &str) -> String {
    let (kind, threads) = match kind {
        Kind::Threads(n) => ("threads", n),
        Kind::Single => ("single", 1),
    };
    let base = browser::document().base_uri().ok().flatten().unwrap_or_default();
    let name = format!("worker-start.js?kind={kind}&threads={threads}&v={BUILD}&panics={panics}");
    web_sys::Url::new_with_base(&name, &base).map_or(name, |url| url.href())
}

/// A module worker where the origin allows one; else a classic worker from a `blob:` that imports the module.
fn open(url: &str) -> Result<Worker, String> {
    if !is_opaque() {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        if let Ok(worker) = Worker::new_with_options(url, &options) {
            return Ok(worker);
        }
    }
    // A rejected import would go unheard: it is reported as an error of the worker.
    let text =
        format!("import(\"{url}\").catch(e => {{ postMessage({{type: \"failed_start\", message: String(e)}}); }})");
    let bag = web_sys::BlobPropertyBag::new();
    bag.set_type("text/javascript");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &bag);
    let blob = blob.map_err(|_| "this browser allows no worker here".to_string())?;
    let blob = web_sys::Url::create_object_url_with_blob(&blob).map_err(|_| "no blob address".to_string())?;
    Worker::new(&blob).map_err(|e| get(&e, "message").and_then(|m| m.as_string()).unwrap_or_default())
}
