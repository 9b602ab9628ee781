//! What the machine gives to a bench that runs natively and in the browser: clocks, one thread, the chosen word, the output.
#![allow(dead_code, reason = "a bench uses what it needs")]

#[cfg_attr(target_arch = "wasm32", path = "browser.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "native.rs")]
mod machine;

pub use machine::*;
