//! `cargo xtask quality`: search quality of strategies, beside other optimizers. A bench in the core does the work; see `benches/quality/`.

use crate::paths::Paths;
use crate::process::{native_cargo, run, say};
use anyhow::Result;

/// Builds and runs the bench with the given arguments.
///
/// # Errors
/// If it does not build, or refuses an argument.
pub fn command(paths: &Paths, args: &[String]) -> Result<()> {
    say("search quality: median simple regret over seeds, beside other optimizers (marked *)");
    run(native_cargo()
        .args([
            "bench",
            "--quiet",
            "--locked",
            "--package",
            "tunescape",
            "--bench",
            "quality",
            "--",
        ])
        .args(args)
        .current_dir(&paths.root))
}
