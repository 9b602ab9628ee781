//! scikit-learn, installed from PyPI into the tool cache, to time the same job beside ours.

use crate::paths::Paths;
use crate::process::{run, say, which};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release the figures in the README were measured with.
const SCIKIT_LEARN: &str = "scikit-learn==1.9.1";

/// The Python that has scikit-learn, installed if need be.
///
/// # Errors
/// If there is no Python 3, or pip cannot install the package.
pub fn python(paths: &Paths) -> Result<PathBuf> {
    let home = paths.tools.join(SCIKIT_LEARN.replace("==", "-"));
    let python = home.join("bin").join("python");
    let mark = home.join(".complete");
    if mark.is_file() {
        return Ok(python);
    }
    say(&format!("installing {SCIKIT_LEARN} from PyPI"));
    let system = which(&["python3", "python"]).context("`--peers` needs Python 3 on the path")?;
    run(Command::new(system).args(["-m", "venv"]).arg(&home))?;
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        SCIKIT_LEARN,
    ]))?;
    std::fs::write(&mark, "").with_context(|| format!("cannot write {}", mark.display()))?;
    Ok(python)
}

/// Seconds of one of the jobs in `benches/peers/classic.py`, as it says itself.
///
/// # Errors
/// If it fails.
pub fn seconds(paths: &Paths, python: &Path, job: &str) -> Result<f64> {
    let said = said(paths, python, "classic.py", job)?;
    said.trim().parse().context("classic.py printed no number")
}

/// Lines about one model's fits, as `benches/peers/models.py` prints them.
///
/// # Errors
/// If it fails.
pub fn fits(paths: &Paths, python: &Path, model: &str) -> Result<String> {
    said(paths, python, "models.py", model)
}

/// Lines about one model's fits on more and more rows, as `benches/peers/scale.py` prints them.
///
/// # Errors
/// If it fails.
pub fn scale(paths: &Paths, python: &Path, model: &str) -> Result<String> {
    said(paths, python, "scale.py", model)
}

fn said(paths: &Paths, python: &Path, script: &str, job: &str) -> Result<String> {
    let path = paths.root.join("benches").join("peers").join(script);
    let output = Command::new(python)
        .arg(path)
        .arg(job)
        .output()
        .context("Python did not start")?;
    if !output.status.success() {
        bail!("{script} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
