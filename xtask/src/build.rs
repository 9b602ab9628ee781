//! `cargo xtask build`: Trunk bundles the page, and calls back for the workers and the last touches.

use crate::fingerprint;
use crate::install;
use crate::paths::{ENV_TARGET, Paths};
use crate::process::{run, say};
use crate::sizes;
use crate::tools::{self, ENV_NODE, TRUNK, WASM_BINDGEN};
use crate::workers::{self, ENV_BUILD};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Tells Trunk's hooks which program to call back; without it they go through `cargo xtask`.
const ENV_SELF: &str = "TUNESCAPE_XTASK";
/// In `dist/`: what it was built from. A page can be asked for it, too.
const STAMP: &str = "build.json";

/// Builds `dist/` unless it is what these sources give already. Returns whether it built.
///
/// # Errors
/// If something is missing and cannot be installed, or a build fails.
pub fn dist(paths: &Paths) -> Result<bool> {
    let built = dist_quietly(paths)?;
    if !built {
        say("dist/ is up to date");
    }
    Ok(built)
}

/// [`dist`] that says nothing when there is nothing to do.
///
/// # Errors
/// As [`dist`].
pub fn dist_quietly(paths: &Paths) -> Result<bool> {
    let start = Instant::now();
    let (plain, threads) = install::compilers()?;
    install::build_tools(paths)?;
    let id = fingerprint::build_id(paths, &plain, &threads)?;
    let stamp = format!(
        "{{\"build\":\"{id}\",\"inputs\":\"{}\"}}\n",
        fingerprint::page_inputs(paths, &id)?
    );
    let stamp_file = paths.dist().join(STAMP);
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(false);
    }

    say(&format!("building the page with {}", plain.version));
    let trunk = TRUNK.found(paths).context("trunk is not installed")?;
    let mut command = Command::new(trunk);
    plain.apply(&mut command, false);
    prepend_path(&mut command, &WASM_BINDGEN.bin(paths));
    command
        .args(["build", "--config"])
        .arg(paths.root.join("Trunk.toml"))
        .current_dir(&paths.root)
        // Trunk reads this common variable as a flag of its own, and stumbles over its value.
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE")
        .env("CARGO_TARGET_DIR", paths.wasm_target())
        .env("CARGO_ENCODED_RUSTFLAGS", workers::shipped_flags(&plain)?.join("\x1f"))
        .env(ENV_BUILD, &id)
        .env(ENV_TARGET, &paths.target)
        .env(
            ENV_SELF,
            std::env::current_exe().context("cannot find this very program")?,
        );
    if let Some(node) = tools::node() {
        command.env(ENV_NODE, node);
    }
    run(&mut command)?;
    fs::write(&stamp_file, stamp).with_context(|| format!("cannot write {}", stamp_file.display()))?;
    say(&format!(
        "built dist/ in {:.1} s ({})",
        start.elapsed().as_secs_f64(),
        sizes::in_words(&paths.dist())?
    ));
    Ok(true)
}

/// Puts a directory right behind the first one of the path the command already has.
fn prepend_path(command: &mut Command, dir: &Path) {
    let current = command
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then_some(value).flatten());
    let mut dirs: Vec<_> = std::env::split_paths(current.unwrap_or_default()).collect();
    dirs.insert(dirs.len().min(1), dir.to_path_buf());
    if let Ok(joined) = std::env::join_paths(dirs) {
        command.env("PATH", joined);
    }
}
