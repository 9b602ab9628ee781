//! Milliseconds of single fits, one thread, by the clock: native, in the browser, and scikit-learn's.

use crate::bench::measured;
use crate::browser::Browser;
use crate::install;
use crate::paths::Paths;
use crate::peers;
use crate::process::native_cargo;
use crate::toolchain::WASM;
use crate::wasm_opt::{self, Level};
use crate::workers;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The models whose fits are timed.
const MODELS: &[&str] = &[
    "forest",
    "extra",
    "tree",
    "boosting",
    "mlp",
    "logistic",
    "svm",
    "knn",
    "naive_bayes",
];

/// Times every model natively, then in the browser, then with scikit-learn: side by side, so that the machine's mood is the same for all.
///
/// # Errors
/// If something does not build or a contestant fails.
pub fn table(paths: &Paths, browser: &Browser, python: Option<&Path>) -> Result<()> {
    let module = module(paths)?;
    println!(
        "{:<54} {:>10} {:>10} {:>9} {:>14} {:>8}",
        "", "native ms", "browser ms", "× native", "scikit-learn", "×"
    );
    for model in MODELS {
        let native = native(paths, model)?;
        let file = module.to_str().context("a path that is no text")?;
        let said = measured(browser, &["fits", file, model])?;
        let said: Vec<&str> = said["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for line in native.lines() {
            let (name, own) = parts(line).with_context(|| format!("no time in `{line}`"))?;
            let there = said
                .iter()
                .filter_map(|line| parts(line))
                .find(|(other, _)| *other == name);
            let (_, there) = there.with_context(|| format!("the browser gave no time of {name}"))?;
            // The stored figure, where there is one, stands behind the native time.
            let stored = line
                .split_once("scikit-learn")
                .and_then(|(_, rest)| number(rest.trim()));
            let beside = stored.map_or_else(String::new, |ms| format!("{ms:>14.2} {:>8.1}", ms / there));
            println!("{name:<54} {own:>10.3} {there:>10.3} {:>9.2} {beside}", there / own);
        }
        if let Some(python) = python {
            print!("{}", peers::fits(paths, python, model)?);
        }
    }
    println!(
        "scikit-learn: its stored medians of a quiet machine, and how many times as long as in the browser they are"
    );
    Ok(())
}

/// What a line is about, and its milliseconds.
fn parts(line: &str) -> Option<(&str, f64)> {
    let (before, _) = line.split_once(" ms")?;
    let (name, ms) = before.rsplit_once(' ')?;
    Some((name.trim(), ms.parse().ok()?))
}

fn number(text: &str) -> Option<f64> {
    text.split(' ').next()?.parse().ok()
}

/// The lines of the native bench about a model.
fn native(paths: &Paths, model: &str) -> Result<String> {
    let mut cargo = native_cargo();
    cargo
        .args(["bench", "--quiet", "--locked", "--package", "tunescape"])
        .args(["--bench", "models", "--", model, "--wall"])
        .current_dir(&paths.root);
    said(&mut cargo)
}

/// The same bench as the workers are built.
fn module(paths: &Paths) -> Result<PathBuf> {
    let (plain, _) = install::compilers()?;
    let mut flags = vec![workers::SIMD.to_string()];
    flags.extend(workers::path_flags(&plain)?);
    let mut cargo = plain.cargo(false);
    cargo
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "tunescape",
            "--bench",
            "models",
        ])
        .args([
            "--profile",
            "worker",
            "--target",
            WASM,
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(["--no-default-features", "--features", "engine"])
        .current_dir(&paths.root)
        .env("CARGO_TARGET_DIR", paths.wasm_target())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let messages = said(&mut cargo)?;
    let built = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let built = built
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back();
    let built = built.context("cargo names no module of the bench")?;
    let module = paths.target.join("models-bench.wasm");
    std::fs::copy(&built, &module).with_context(|| format!("cannot write {}", module.display()))?;
    wasm_opt::optimize(paths, &module, Level::Fast, false)?;
    Ok(module)
}

/// Runs a command and gives what it prints; its complaints are shown.
fn said(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cargo did not start")?;
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    Ok(String::from_utf8(output.stdout)?)
}
