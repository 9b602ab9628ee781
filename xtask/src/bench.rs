//! `cargo xtask bench`: the native benchmarks.

use crate::paths::Paths;
use crate::process::{native_cargo, run, say};
use anyhow::{Result, bail};

/// Runs what `benches/` holds.
///
/// # Errors
/// If an option is unknown or a benchmark fails.
pub fn command(paths: &Paths, args: &[String]) -> Result<()> {
    let mut peers = false;
    for arg in args {
        match arg.as_str() {
            "--peers" => peers = true,
            other => bail!("`bench` takes --peers, but got `{other}`"),
        }
    }
    native(paths)?;
    if peers {
        say("there is no comparison with peers yet");
    }
    Ok(())
}

fn native(paths: &Paths) -> Result<()> {
    if !paths.root.join("benches").is_dir() {
        say("there are no native benchmarks yet");
        return Ok(());
    }
    run(native_cargo()
        .args(["bench", "--package", "tunescape"])
        .current_dir(&paths.root))
}
