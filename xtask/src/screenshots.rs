//! `cargo xtask screenshots`: the page's main states as pictures, at three widths in both themes, to be looked at.

use crate::browser::Browser;
use crate::build;
use crate::paths::Paths;
use crate::process::{run, say};
use anyhow::Result;

/// Makes them below the target directory; `states` names some, none means all.
///
/// # Errors
/// If the page does not build, something is missing, or a state is not reached.
pub fn command(paths: &Paths, states: &[String]) -> Result<()> {
    build::dist(paths)?;
    let into = paths.target.join("screenshots");
    run(Browser::find(paths)?
        .node()
        .arg("screenshots.mjs")
        .arg(&into)
        .args(states))?;
    say(&format!("the pictures are in {}", into.display()));
    Ok(())
}
