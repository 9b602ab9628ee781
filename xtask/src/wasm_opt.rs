//! Binaryen's `wasm-opt` on what was built; Trunk would download one.

use crate::fingerprint::Hash;
use crate::paths::Paths;
use crate::process::run;
use crate::tools::{self, BINARYEN};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What to optimize for.
#[derive(Debug, Clone, Copy)]
pub enum Level {
    /// The page: it is fetched before anything can be clicked.
    Small,
    /// The workers.
    Fast,
}

/// What rustc turns on by default, and SIMD. None of the passes reorders floating-point arithmetic.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Optimizes a module in place. The result is kept, so that the same module is optimized once.
///
/// # Errors
/// If `wasm-opt` is not installed or refuses the module.
pub fn optimize(paths: &Paths, module: &Path, level: Level, threads: bool) -> Result<()> {
    let flag = match level {
        Level::Small => "-Oz",
        Level::Fast => "-O3",
    };
    // With the names, by which the module is split afterwards; and a function that rustc has left by itself stays so, though it has one
    // caller: it may stand in another part.
    let mut args = vec![flag, "--debuginfo", "--one-caller-inline-max-function-size=60"];
    args.extend(FEATURES);
    args.extend(threads.then_some("--enable-threads"));

    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let mut hash = Hash::new();
    hash.add(&bytes).add(args.join(" ").as_bytes()).add(BINARYEN.as_bytes());
    let kept = paths.target.join("wasm-opt").join(format!("{}.wasm", hash.hex()));
    if !kept.is_file() {
        fs::create_dir_all(paths.target.join("wasm-opt"))?;
        let node = tools::node().context("Node is not installed: `wasm-opt` runs in it")?;
        let script = tools::wasm_opt(paths).context("wasm-opt is not installed")?;
        // Written under another name first: an interruption must not leave half a module to be found.
        let unfinished = kept.with_extension(format!("{}.part", std::process::id()));
        run(Command::new(node)
            .arg(script)
            .args(args)
            .arg(module)
            .arg("-o")
            .arg(&unfinished))?;
        fs::rename(&unfinished, &kept)?;
    }
    fs::copy(&kept, module)
        .with_context(|| format!("cannot write {}", module.display()))
        .map(drop)
}
