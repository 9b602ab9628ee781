//! The engine inside a browser, without the page: the stored traces, to the byte, as `tests/golden.rs` holds them natively.
#![cfg(target_arch = "wasm32")]

#[path = "../golden/mod.rs"]
mod golden;

use tunescape::number;
use tunescape::study::Study;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn traces_are_as_stored() {
    number::read_with(js_sys::Number::parse_float);
    golden::traces_are_as_stored();
}

#[wasm_bindgen_test]
fn nonsense_is_refused_without_a_trap() {
    number::read_with(js_sys::Number::parse_float);
    for text in ["data=nowhere", "%%%", "n=0&cv=80", "fn=branin&p.x1=5..1"] {
        let refused = match Study::prepare(text, || 0.0) {
            Ok(study) => study.prepared().refused.len(),
            Err(refused) => refused.len(),
        };
        assert!(refused > 0, "{text}");
    }
}
