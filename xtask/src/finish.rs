//! Trunk's last hook: what `dist/` needs beside what Trunk bundles.

use crate::paths::Paths;
use crate::wasm_opt::{self, Level};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// The headers of every file, wherever they can be set: isolation, which threads need; leave for isolated pages
/// elsewhere to embed this one; and leave for frames without an origin (`sandbox="allow-scripts"`) to fetch modules.
pub const HEADERS: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
];

/// Optimizes the page's module in Trunk's staging directory, and writes the file of headers for hosts that read one.
///
/// # Errors
/// If it is not called by Trunk, or a file cannot be written.
pub fn hook(paths: &Paths) -> Result<()> {
    let staging = PathBuf::from(
        std::env::var_os("TRUNK_STAGING_DIR").context("hook-finish is for Trunk to call: use `cargo xtask build`")?,
    );
    for entry in fs::read_dir(&staging)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "wasm") {
            wasm_opt::optimize(paths, &file, Level::Small, false)?;
        }
    }
    let lines: String = HEADERS
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    fs::write(staging.join("_headers"), format!("/*\n{lines}")).context("cannot write _headers")
}
