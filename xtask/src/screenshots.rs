//! `cargo xtask screenshots`: the page's main states as pictures, at three widths in both themes, to be looked at.

use crate::build;
use crate::install;
use crate::paths::Paths;
use crate::process::{run, say};
use crate::test::node_modules;
use crate::tools;
use anyhow::{Context, Result};
use std::process::Command;

/// Makes them below the target directory; `states` names some, none means all.
///
/// # Errors
/// If the page does not build, something is missing, or a state is not reached.
pub fn command(paths: &Paths, states: &[String]) -> Result<()> {
    build::dist(paths)?;
    let dir = paths.root.join("tests").join("browser");
    node_modules(&dir)?;
    let chromium = install::chromium()?;
    let node = tools::node().context("Node is not installed")?;
    let into = paths.target.join("screenshots");
    run(Command::new(node)
        .arg("screenshots.mjs")
        .arg(&into)
        .args(states)
        .current_dir(&dir)
        .env("TUNESCAPE_DIST", paths.dist())
        .env("TUNESCAPE_CHROMIUM", chromium))?;
    say(&format!("the pictures are in {}", into.display()));
    Ok(())
}
