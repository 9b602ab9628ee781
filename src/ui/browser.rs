//! The few things of a browser that the page needs. What throws in a sandboxed frame (storage, history, clipboard) is guarded here.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlAnchorElement, HtmlElement, MessageChannel, MessagePort, Storage, Window};

/// The window.
///
/// # Panics
/// Outside a page; this code runs nowhere else.
pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document.
///
/// # Panics
/// Outside a page.
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Milliseconds since some fixed moment: for clocks that are shown, never for results.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// A one-time timer; dropping it cancels it.
pub struct Timeout {
    id: i32,
    _run: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `run` after `ms` milliseconds.
    pub fn new(ms: i32, run: impl FnOnce() + 'static) -> Timeout {
        let run = Closure::once(run);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(run.as_ref().unchecked_ref(), ms)
            .unwrap_or(0);
        Timeout { id, _run: run }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls `run` before the next repaint.
pub fn next_frame(run: impl FnOnce() + 'static) {
    let run = Closure::once_into_js(run);
    // Refused only where there is nothing to paint.
    let _ = window().request_animation_frame(run.unchecked_ref());
}

/// Calls `run` in a task of its own, soon: a frame or a click that waits meanwhile comes first.
pub fn soon(run: impl FnOnce() + 'static) {
    TASKS.with_borrow_mut(|tasks| tasks.push_back(Box::new(run)));
    DOORBELL.with(|bell| match bell {
        Some(port) => {
            let _ = port.post_message(&JsValue::NULL);
        }
        None => next_frame(next_task),
    });
}

/// Calls `run` once the next frame has begun, in a task of its own: the frame has enough to do with laying out and painting.
pub fn after_frame(run: impl FnOnce() + 'static) {
    next_frame(move || soon(run));
}

thread_local! {
    static TASKS: RefCell<VecDeque<Box<dyn FnOnce()>>> = RefCell::default();
    /// Begins the next task; also in the middle of one, where that waits for a part of the program.
    static NEXT: Function = Closure::<dyn Fn()>::new(next_task).into_js_value().unchecked_into();
    /// A message to this port does so; a timer would wait for some milliseconds.
    static DOORBELL: Option<MessagePort> = MessageChannel::new().ok().map(|channel| {
        NEXT.with(|next| channel.port1().set_onmessage(Some(next)));
        channel.port2()
    });
}

/// Whether the page waits for a part of its program, as it comes (`start.js`) or in the middle of something: then Firefox delivers messages,
/// but no timers.
fn waits() -> bool {
    Reflect::get(&window(), &"tunescapeWaits".into()).is_ok_and(|waits| waits.is_truthy())
}

fn next_task() {
    if waits() {
        // Again once a timer can.
        let _ = NEXT.with(|next| window().set_timeout_with_callback(next));
    } else if let Some(run) = TASKS.with_borrow_mut(VecDeque::pop_front) {
        run();
    }
}

/// Listens to an event of the window for as long as the page lives.
pub fn listen<E: JsCast + 'static>(event: &str, mut run: impl FnMut(E) + 'static) {
    let run = Closure::<dyn FnMut(JsValue)>::new(move |e: JsValue| run(e.unchecked_into()));
    let _ = window().add_event_listener_with_callback(event, run.as_ref().unchecked_ref());
    run.forget();
}

/// The address's hash without `#`.
pub fn hash() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_string()
}

/// The address of the page without hash.
pub fn page_address() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_string()
}

/// The value of a query key of the page's address.
pub fn query(key: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    let pairs = search.trim_start_matches('?').split('&');
    pairs
        .filter_map(|p| p.split_once('='))
        .find_map(|(k, v)| (k == key).then(|| v.to_string()))
}

/// Shows `hash` in the address without a new entry in the history.
pub fn replace_hash(hash: &str) {
    let Ok(history) = window().history() else { return };
    // Throws in some sandboxed frames: the address then stays as it is.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{hash}")));
}

/// The property `name` of `of`, unless it is missing or throws.
pub fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The global of this name.
pub fn global(name: &str) -> Option<JsValue> {
    get(&window(), name)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Remembers a word; whether that is allowed and there is room.
pub fn remember(key: &str, value: &str) -> bool {
    storage().is_some_and(|s| s.set_item(key, value).is_ok())
}

/// What was remembered.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Everything that is remembered, by its key.
pub fn remembered() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = 0..storage.length().unwrap_or(0);
    keys.filter_map(|i| storage.key(i).ok().flatten()).collect()
}

/// Forgets it.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// The browser's store of large things for this site, once it is open; `None` where there is none.
fn store() -> Option<JsValue> {
    let caches = global("caches")?;
    method(&caches, "open")?.call1(&caches, &"tunescape-kept".into()).ok()
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    get(of, name)?.dyn_into().ok()
}

/// Calls a method of what `promise` gives; what comes of it is promised.
fn then_call(promise: &JsValue, name: &'static str, args: Array) -> Option<JsValue> {
    let call = Closure::once_into_js(move |of: JsValue| -> Result<JsValue, JsValue> {
        let method: Function = Reflect::get(&of, &name.into())?.dyn_into()?;
        method.apply(&of, &args)
    });
    then(promise, &call, &JsValue::UNDEFINED)
}

/// Calls `done` once `promise` is settled: with what it gives, or nothing, also where there is no promise.
fn settle(promise: Option<JsValue>, done: impl Fn(Option<JsValue>) + Clone + 'static) {
    let (said, failed) = (done.clone(), done.clone());
    let yes = Closure::once_into_js(move |value: JsValue| said(Some(value)));
    let no = Closure::once_into_js(move |_: JsValue| failed(None));
    if promise.and_then(|promise| then(&promise, &yes, &no)).is_none() {
        done(None);
    }
}

/// Keeps bytes under a name beyond the page's life, then says whether that is allowed and there is room.
pub fn keep_bytes(name: &str, bytes: &Uint8Array, done: impl Fn(bool) + Clone + 'static) {
    let attempt = || {
        let response: Function = global("Response")?.dyn_into().ok()?;
        let response = Reflect::construct(&response, &Array::of1(bytes)).ok()?;
        then_call(&store()?, "put", Array::of2(&name.into(), &response))
    };
    settle(attempt(), move |kept| done(kept.is_some()));
}

/// The bytes that were kept under a name.
pub fn kept_bytes(name: &str, done: impl Fn(Option<Uint8Array>) + Clone + 'static) {
    let attempt = || {
        let response = then_call(&store()?, "match", Array::of1(&name.into()))?;
        then_call(&response, "arrayBuffer", Array::new())
    };
    settle(attempt(), move |buffer| {
        done(buffer.map(|buffer| Uint8Array::new(&buffer)))
    });
}

/// Forgets what was kept under a name.
pub fn forget_bytes(name: &str) {
    if let Some(store) = store() {
        let _ = then_call(&store, "delete", Array::of1(&name.into()));
    }
}

/// Copies `text`, then calls `done` with whether it worked.
pub fn copy(text: &str, done: impl Fn(bool) + Clone + 'static) {
    let attempt = || {
        let clipboard = get(&global("navigator")?, "clipboard")?;
        let write: Function = get(&clipboard, "writeText")?.dyn_into().ok()?;
        write.call1(&clipboard, &text.into()).ok()?.dyn_into::<Promise>().ok()
    };
    let Some(promise) = attempt() else { return done(false) };
    let failed = done.clone();
    let yes = Closure::once_into_js(move |_: JsValue| done(true));
    let no = Closure::once_into_js(move |_: JsValue| failed(false));
    then(&promise, &yes, &no);
}

/// Calls one of two functions when `promise` is settled; what they give is promised.
fn then(promise: &JsValue, yes: &JsValue, no: &JsValue) -> Option<JsValue> {
    let then: Function = get(promise, "then")?.dyn_into().ok()?;
    then.call2(promise, yes, no).ok()
}

/// Fetches a file of the site, by its address relative to the page, and calls `done` with its text; `None` if there is none to be had.
pub fn fetch_text(path: &str, done: impl Fn(Option<String>) + Clone + 'static) {
    let attempt = || {
        let fetch: Function = global("fetch")?.dyn_into().ok()?;
        let answer = fetch.call1(&window(), &path.into()).ok()?;
        let text = Closure::once_into_js(|answer: JsValue| {
            let is_ok = get(&answer, "ok").is_some_and(|ok| ok.is_truthy());
            let text = get(&answer, "text")
                .filter(|_| is_ok)
                .and_then(|f| f.dyn_into::<Function>().ok());
            text.and_then(|text| text.call0(&answer).ok()).unwrap_or(JsValue::NULL)
        });
        let text = then(&answer, &text, &JsValue::UNDEFINED)?;
        let (said, failed) = (done.clone(), done.clone());
        let yes = Closure::once_into_js(move |text: JsValue| said(text.as_string()));
        let no = Closure::once_into_js(move |_: JsValue| failed(None));
        then(&text, &yes, &no)
    };
    if attempt().is_none() {
        done(None);
    }
}

/// Reads a file, then calls `done` with its bytes or why it cannot be read.
pub fn read(file: &web_sys::Blob, done: impl Fn(Result<Uint8Array, String>) + Clone + 'static) {
    let promise = file.array_buffer();
    let failed = done.clone();
    let yes = Closure::once_into_js(move |buffer: JsValue| done(Ok(Uint8Array::new(&buffer))));
    let no = Closure::once_into_js(move |e: JsValue| {
        let why = get(&e, "message").and_then(|m| m.as_string());
        failed(Err(why.unwrap_or_else(|| "the browser cannot open it".into())));
    });
    let then = Reflect::get(&promise, &"then".into()).and_then(|f| f.dyn_into::<Function>());
    if let Ok(then) = then {
        let _ = then.call2(&promise, &yes, &no);
    }
}

/// Offers `text` as a file.
pub fn download(name: &str, mime: &str, text: &str) {
    let bag = web_sys::BlobPropertyBag::new();
    bag.set_type(mime);
    let parts = Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &bag) else {
        return;
    };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// What gives a text in the page's language, where that is not English; `www/lang.js` does the same for everything that is no picture.
pub fn translator() -> Option<crate::plot::text::Words> {
    translate()?;
    Some(|text| {
        let other = translate().and_then(|f| f.call1(&JsValue::NULL, &text.into()).ok()?.as_string());
        other.unwrap_or_else(|| text.to_string())
    })
}

fn translate() -> Option<Function> {
    global("tunescapeTranslate")?.dyn_into().ok()
}

/// Whether a media query holds.
pub fn media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|m| m.matches())
}

/// The root element, `<html>`.
pub fn root() -> Option<HtmlElement> {
    document().document_element().map(JsCast::unchecked_into)
}
