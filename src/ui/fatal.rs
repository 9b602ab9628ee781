//! What is shown if the page itself fails: never a silent death.

use super::browser::document;

/// Shows every panic in words.
pub fn install() {
    // By the framework: a hook that it does not know of it replaces by its own, which writes to the console alone.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let text = panic.payload().downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.payload().downcast_ref::<&str>().copied());
        // No place: the page is built without them.
        show(text.unwrap_or("no message"));
    }));
}

/// Puts the message above everything, without the framework that may have failed.
pub fn show(what: &str) {
    let document = document();
    let (Some(body), Ok(notice), Ok(link)) = (
        document.body(),
        document.create_element("div"),
        document.create_element("button"),
    ) else {
        return;
    };
    notice.set_class_name("fatal");
    let _ = notice.set_attribute("role", "alert");
    notice.set_text_content(Some(&format!(
        "The page itself has failed: {what}. The address still holds the whole study, seed included: reload, press Run, and \
         the same trials come again. "
    )));
    link.set_text_content(Some("Reload"));
    let reload = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(|| {
        let _ = super::browser::window().location().reload();
    });
    let _ = link.add_event_listener_with_callback("click", wasm_bindgen::JsCast::unchecked_ref(reload.as_ref()));
    reload.forget();
    let _ = notice.append_child(&link);
    let _ = body.append_child(&notice);
}
