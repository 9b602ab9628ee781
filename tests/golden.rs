//! Stored traces: a change of any bit, on any target, is seen. The browser tests hold both wasm builds to the native traces.
//!
//! After a change that is meant to alter traces, write them again with
//! `tunescape run STUDY --json | grep '"type":"trial"' > tests/golden/NAME.jsonl`, and say so in the changelog.

#[path = "golden/mod.rs"]
mod golden;

#[test]
fn traces_are_as_stored() {
    golden::traces_are_as_stored();
}
