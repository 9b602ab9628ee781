//! What people would use otherwise, installed from PyPI into the tool cache, to time the same job beside ours.

use crate::paths::Paths;
use crate::process::{run, say, which};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The releases that the stored figures were measured with. Optuna's Gaussian process is left out: it needs gigabytes of other packages.
const PACKAGES: [&str; 3] = ["scikit-learn==1.9.1", "optuna==5.0.0", "egobox==1.0.0"];

/// The Python that has them, installed if need be.
///
/// # Errors
/// If there is no Python 3, or pip cannot install the packages.
pub fn python(paths: &Paths) -> Result<PathBuf> {
    let home = paths.tools.join(PACKAGES.join("-").replace("==", "-"));
    let python = home.join("bin").join("python");
    let mark = home.join(".complete");
    if mark.is_file() {
        return Ok(python);
    }
    say(&format!("installing {} from PyPI", PACKAGES.join(", ")));
    let system = which(&["python3", "python"]).context("`--peers` needs Python 3 on the path")?;
    run(Command::new(system).args(["-m", "venv"]).arg(&home))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PACKAGES))?;
    std::fs::write(&mark, "").with_context(|| format!("cannot write {}", mark.display()))?;
    Ok(python)
}

/// Seconds of one of the jobs in `benches/peers/classic.py`, as it says itself.
///
/// # Errors
/// If it fails.
pub fn seconds(paths: &Paths, python: &Path, job: &str) -> Result<f64> {
    let said = lines(paths, python, "classic.py", job)?;
    said.trim().parse().context("classic.py printed no number")
}

/// What a script in `benches/peers` prints about a job.
///
/// # Errors
/// If it fails.
pub fn lines(paths: &Paths, python: &Path, script: &str, job: &str) -> Result<String> {
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
