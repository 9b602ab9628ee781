//! In the browser, where all of it comes from the script that loads the module.

mod script {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        pub safe fn seconds() -> f64;
        pub safe fn wants(text: *const u8, length: usize) -> u32;
        pub safe fn say(text: *const u8, length: usize);
    }
}

pub fn clock() -> f64 {
    script::seconds()
}

pub fn seconds() -> f64 {
    script::seconds()
}

pub fn alone(run: fn()) {
    run();
}

pub fn wants(word: &str) -> bool {
    script::wants(word.as_ptr(), word.len()) != 0
}

/// Nothing but the word is asked for here.
pub fn option(_name: &str) -> Option<String> {
    None
}

pub fn say(line: &str) {
    script::say(line.as_ptr(), line.len());
}
