//! `cargo xtask test`: every check there is, in stages that can be asked for one by one.

use crate::browser_tests;
use crate::build;
use crate::install;
use crate::paths::Paths;
use crate::process::{native_cargo, run, say};
use crate::toolchain::WASM;
use crate::tools::WASM_BINDGEN;
use crate::workers;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// A named part of the checks.
struct Stage {
    name: &'static str,
    about: &'static str,
    /// Does them; what to remark at the end though all went well.
    run: fn(&Paths) -> Result<Vec<String>>,
}

/// All stages, the quickest to complain first.
const STAGES: [Stage; 4] = [
    Stage {
        name: "lint",
        about: "format, clippy, documentation",
        run: |paths| lint(paths).map(|()| Vec::new()),
    },
    Stage {
        name: "native",
        about: "cargo test",
        run: |paths| native(paths).map(|()| Vec::new()),
    },
    Stage {
        name: "wasm",
        about: "the page builds; wasm tests in a browser",
        run: |paths| wasm(paths).map(|()| Vec::new()),
    },
    Stage {
        name: "browser",
        about: "the built page in a browser",
        run: browser_tests::stage,
    },
];

/// Runs the stages asked for, or all; a failed stage does not keep the others from running.
///
/// # Errors
/// If a stage's name is unknown.
pub fn command(paths: &Paths, args: &[String]) -> Result<ExitCode> {
    let known = STAGES.map(|stage| stage.name).join(", ");
    if let Some(unknown) = args
        .iter()
        .find(|arg| STAGES.iter().all(|stage| stage.name != arg.as_str()))
    {
        bail!("`test` has the stages {known}, but got `{unknown}`");
    }
    let mut rows: Vec<(&Stage, Duration, Result<Vec<String>>)> = Vec::new();
    for stage in STAGES
        .iter()
        .filter(|stage| args.is_empty() || args.iter().any(|arg| arg == stage.name))
    {
        say(&format!("== {}: {}", stage.name, stage.about));
        let start = Instant::now();
        let result = (stage.run)(paths);
        if let Err(error) = &result {
            say(&format!("stage {} failed: {error:#}", stage.name));
        }
        rows.push((stage, start.elapsed(), result));
    }
    println!();
    for (stage, time, result) in &rows {
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        println!(
            "{:8} {verdict:6} {:7.1} s   {}",
            stage.name,
            time.as_secs_f64(),
            stage.about
        );
    }
    // What went wrong stands at the end, where one looks, however much a stage has printed.
    for (stage, _, result) in &rows {
        match result {
            Ok(remarks) => remarks.iter().for_each(|remark| println!("{}: {remark}", stage.name)),
            Err(error) => println!("{} failed: {error:#}", stage.name),
        }
    }
    if rows.iter().all(|(_, _, result)| result.is_ok()) {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// A cargo command at the top level.
fn cargo(paths: &Paths, args: &[&str]) -> Command {
    let mut command = native_cargo();
    command.args(args).current_dir(&paths.root);
    command
}

/// Everything compiles natively, so that one clippy serves the page and the worker, too.
fn lint(paths: &Paths) -> Result<()> {
    run(&mut cargo(paths, &["fmt", "--all", "--check"])).context("`cargo fmt --all` mends this")?;
    let clippy = |args: &[&str]| {
        run(cargo(paths, &["clippy", "--quiet", "--locked"])
            .args(args)
            .args(["--", "-D", "warnings"]))
    };
    clippy(&["--workspace", "--all-targets"])?;
    clippy(&[
        "--package",
        "tunescape",
        "--no-default-features",
        "--features",
        "page",
        "--lib",
        "--bin",
        "app",
    ])?;
    clippy(&[
        "--package",
        "tunescape",
        "--no-default-features",
        "--features",
        "worker",
        "--lib",
        "--bin",
        "worker",
    ])?;
    run(cargo(
        paths,
        &[
            "doc",
            "--quiet",
            "--locked",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ],
    )
    .env("RUSTDOCFLAGS", "-D warnings"))
}

fn native(paths: &Paths) -> Result<()> {
    run(&mut cargo(paths, &["test", "--locked", "--workspace"]))
}

/// The target directory of `tests/` that holds tests for the browser; `cargo test` finds it by its `main.rs`.
const WASM_TESTS: &str = "wasm";

fn wasm(paths: &Paths) -> Result<()> {
    build::dist(paths)?;
    let main = paths.root.join("tests").join(WASM_TESTS).join("main.rs");
    if !main.is_file() {
        say("there are no wasm tests (tests/wasm/main.rs)");
        return Ok(());
    }
    let (plain, _) = install::compilers()?;
    let chromium = install::chromium()?;
    let driver = install::chromedriver()?;
    let runner = WASM_BINDGEN.bin(paths).join("wasm-bindgen-test-runner");
    let mut flags = workers::path_flags(&plain)?;
    flags.push(workers::SIMD.to_string());
    let mut test = plain.cargo(false);
    // The default profile: a worker's would abort where the test harness unwinds, and need a second standard library.
    test.args(["test", "--locked", "--package", "tunescape", "--target", WASM])
        .args(["--no-default-features", "--features", "worker", "--test", WASM_TESTS])
        .current_dir(&paths.root)
        .env("CARGO_TARGET_DIR", paths.wasm_target())
        // Compiled in increments, a function of another unit was found missing, which here shows only when the browser links.
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
        .env("CHROMEDRIVER", driver)
        .env("CHROME_BIN", chromium);
    run(&mut test)
}

/// Installs the packages of the lock file, unless those are what is there.
///
/// # Errors
/// If there is no lock file, or npm fails.
pub fn node_modules(dir: &Path) -> Result<()> {
    let wanted = fs::read(dir.join("package-lock.json")).context("tests/browser/package-lock.json is missing")?;
    let mark = dir.join("node_modules").join(".tunescape-lock");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the browser tests' npm packages");
    run(install::npm()?.args(["ci", "--no-audit", "--no-fund"]).current_dir(dir))?;
    fs::write(&mark, wanted).with_context(|| format!("cannot write {}", mark.display()))
}
