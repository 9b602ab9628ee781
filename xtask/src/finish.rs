//! Trunk's last hook: what `dist/` needs beside what Trunk bundles.

use crate::fingerprint::{Hash, files_below};
use crate::first_load;
use crate::paths::Paths;
use crate::sizes::{Part, part_of};
use crate::split;
use crate::wasm_opt::{self, Level};
use crate::workers::ENV_BUILD;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The headers of every file, wherever they can be set: isolation, which threads need; leave for isolated pages
/// elsewhere to embed this one; and leave for frames without an origin (`sandbox="allow-scripts"`) to fetch modules.
pub const HEADERS: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
];

/// Optimizes and splits the page's module in Trunk's staging directory, writes the file of headers for hosts that read one, and tells the service
/// worker what to keep.
///
/// # Errors
/// If it is not called by Trunk, or a file cannot be written.
pub fn hook(paths: &Paths) -> Result<()> {
    let staging = PathBuf::from(
        std::env::var_os("TRUNK_STAGING_DIR").context("hook-finish is for Trunk to call: use `cargo xtask build`")?,
    );
    // Listed first: splitting adds a file.
    let entries = fs::read_dir(&staging)?.collect::<std::io::Result<Vec<_>>>()?;
    for file in entries.into_iter().map(|entry| entry.path()) {
        if file.extension().is_some_and(|extension| extension == "wasm") {
            wasm_opt::optimize(paths, &file, Level::Small, false)?;
            split::split(&file, first_load::PAGE, &paths.whole().join("page.wasm"))?;
        }
    }
    let lines: String = HEADERS
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    fs::write(staging.join("_headers"), format!("/*\n{lines}")).context("cannot write _headers")?;
    keep_offline(&staging)
}

/// How the service worker's list begins, and the whole of it in the repository.
const NO_FILES: &str = r#"const FILES = { mark: "", page: [], threads: [], single: [] };"#;

/// Writes into the service worker which files there are, and a mark of what they hold.
fn keep_offline(staging: &Path) -> Result<()> {
    let script = staging.join("sw.js");
    let text = fs::read_to_string(&script).context("cannot read sw.js")?;
    ensure!(text.contains(NO_FILES), "www/sw.js has no line `{NO_FILES}`");
    let build = std::env::var(ENV_BUILD).unwrap_or_default();
    let (mut mark, mut page, mut threads, mut single) = (Hash::new(), Vec::new(), Vec::new(), Vec::new());
    for file in files_below(staging, std::slice::from_ref(&script))? {
        let name = file.strip_prefix(staging)?.to_string_lossy().replace('\\', "/");
        mark.add(name.as_bytes()).add(&fs::read(&file)?);
        // As the page asks for it, so that what it has just fetched need not be fetched again.
        let versioned = format!("{name}?v={build}");
        match part_of(&name) {
            Part::Page if name == "index.html" => page.push("./".to_string()),
            Part::Page | Part::Next | Part::Later => page.push(name),
            Part::Threads | Part::ThreadsNext | Part::ThreadsLater => threads.push(versioned),
            Part::Single | Part::SingleNext | Part::SingleLater => single.push(versioned),
            Part::Never => {}
        }
    }
    let list = format!(
        r#"const FILES = {{ mark: "{}", page: {page:?}, threads: {threads:?}, single: {single:?} }};"#,
        mark.hex()
    );
    fs::write(&script, text.replace(NO_FILES, &list)).context("cannot write sw.js")
}
