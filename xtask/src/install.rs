//! Installing what is missing, with the machine's own package managers, and saying so.

use crate::paths::Paths;
use crate::process::{capture, native_cargo, run, run_within, say, which};
use crate::toolchain::{Compiler, Compilers, NIGHTLY, WASM, debian_linker_package};
use crate::tools::{self, BINARYEN, CargoTool, TRUNK, WASM_BINDGEN};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Debian's compiler for the browser with the standard library's source.
const DEBIAN_COMPILER: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// Rustup gives up on a slow network itself; this only ends a hang.
const RUSTUP_LIMIT: Duration = Duration::from_secs(600);

/// Both compilers, installed if need be: through rustup where it can download, else through Debian's packages.
///
/// # Errors
/// If neither way is open; the message says exactly what to install.
pub fn compilers() -> Result<(Compiler, Compiler)> {
    if let Some(found) = complete(Compilers::find()) {
        return Ok(found);
    }
    let rustup = with_rustup();
    if let Err(error) = &rustup {
        say(&format!(
            "rustup cannot provide a compiler for the browser here ({error:#})"
        ));
    }
    if let Some(found) = complete(Compilers::find()) {
        return Ok(found);
    }
    let debian = with_debian();
    if let Err(error) = &debian {
        say(&format!("nor can Debian's packages ({error:#})"));
    }
    complete(Compilers::find()).with_context(|| {
        format!(
            "no compiler for the browser. Install one of these, then call again:\n{}",
            by_hand()
        )
    })
}

/// What a person would type to get the compilers.
pub fn by_hand() -> String {
    format!(
        "  rustup target add {WASM} && rustup toolchain install {NIGHTLY} --profile minimal --component rust-src --target {WASM}\n  \
         apt-get install --no-install-recommends {} lld-22",
        DEBIAN_COMPILER.join(" ")
    )
}

fn complete(found: Compilers) -> Option<(Compiler, Compiler)> {
    Some((found.plain?, found.threads?))
}

fn with_rustup() -> Result<()> {
    if which(&["rustup"]).is_none() {
        bail!("rustup is not installed");
    }
    say(&format!(
        "asking rustup for the target {WASM}, and for {NIGHTLY} with the standard library's source"
    ));
    run_within(Command::new("rustup").args(["target", "add", WASM]), RUSTUP_LIMIT)?;
    let nightly = [
        "toolchain",
        "install",
        NIGHTLY,
        "--profile",
        "minimal",
        "--component",
        "rust-src",
        "--target",
        WASM,
        "--no-self-update",
    ];
    run_within(Command::new("rustup").args(nightly), RUSTUP_LIMIT)
}

fn with_debian() -> Result<()> {
    apt(&DEBIAN_COMPILER)?;
    apt(&[&debian_linker_package()])
}

/// Installs Debian packages, as root or through sudo.
///
/// # Errors
/// If this is not Debian, if there is no way to root, or if a package is not there.
fn apt(packages: &[&str]) -> Result<()> {
    if which(&["apt-get"]).is_none() {
        bail!("apt-get is not here");
    }
    let root = capture(Command::new("id").arg("-u")).as_deref() == Some("0");
    if !root && which(&["sudo"]).is_none() {
        bail!(
            "apt-get needs root: as root, run `apt-get install --no-install-recommends {}`",
            packages.join(" ")
        );
    }
    let apt_get = || {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
        command
    };
    say(&format!("installing Debian's {} through apt-get", packages.join(" ")));
    if let Err(error) = run(apt_get().arg("update")) {
        say(&format!("going on with the package lists that are here ({error:#})"));
    }
    run(apt_get()
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages))
}

/// The tools of `build`, each built into the cache once.
///
/// # Errors
/// If one is missing and cannot be installed.
pub fn build_tools(paths: &Paths) -> Result<()> {
    tools::node().context(
        "Node is not installed: `wasm-opt` and the browser tests run in it. Install node (18 or newer) with npm",
    )?;
    wasm_opt(paths)?;
    cargo_tool(paths, &WASM_BINDGEN)?;
    cargo_tool(paths, &TRUNK)
}

fn cargo_tool(paths: &Paths, tool: &CargoTool) -> Result<()> {
    if tool.found(paths).is_some() {
        return Ok(());
    }
    say(&format!(
        "installing {} {} into the cache (once; {} on two cores)",
        tool.package, tool.version, tool.takes
    ));
    // A place of its own that outlives an interruption: the next call goes on where this one stopped.
    let work = paths.tools.join("build").join(tool.package);
    let mut install = native_cargo();
    install
        .args(["install", tool.package, "--version", tool.version, "--root"])
        .arg(tool.home(paths));
    if tool.locked {
        install.arg("--locked");
    }
    // These only ever shuffle files about: half the optimization builds in half the time.
    install
        .env("CARGO_TARGET_DIR", &work)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    install
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    run(install.current_dir(std::env::temp_dir()))?;
    if tool.found(paths).is_none() {
        bail!(
            "`cargo install {}` succeeded without installing `{}`",
            tool.package,
            tool.program
        );
    }
    // Only space is lost when this fails.
    let _ = fs::remove_dir_all(&work);
    Ok(())
}

fn wasm_opt(paths: &Paths) -> Result<()> {
    if tools::wasm_opt(paths).is_some() {
        return Ok(());
    }
    say(&format!(
        "installing the npm package binaryen {BINARYEN} into the cache (once)"
    ));
    let home = tools::binaryen_home(paths);
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    run(npm()?
        .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
        .arg(&home)
        .arg(format!("binaryen@{BINARYEN}")))?;
    tools::wasm_opt(paths)
        .context("npm installed binaryen without a `wasm-opt`")
        .map(drop)
}

/// npm, quiet.
///
/// # Errors
/// If it is not installed.
pub fn npm() -> Result<Command> {
    let npm = which(&["npm"]).context("npm is not installed: install it with Node")?;
    let mut command = Command::new(npm);
    command.args(["--loglevel", "error"]);
    Ok(command)
}

/// A browser for tests and benchmarks.
///
/// # Errors
/// If none is here and Debian's cannot be installed.
pub fn chromium() -> Result<PathBuf> {
    if tools::chromium().is_none() {
        apt(&["chromium"]).context("no Chromium for the browser tests: install one, or set CHROMIUM to its path")?;
    }
    tools::chromium().context("Chromium was installed, but is not on the path: set CHROMIUM to its path")
}

/// A second browser for the built page: its one test is skipped where there is none to be had.
pub fn firefox() -> Option<PathBuf> {
    if tools::firefox().is_none()
        && let Err(error) = apt(&["firefox-esr"])
    {
        say(&format!("no Firefox ({error:#}): its tests are skipped"));
    }
    tools::firefox()
}

/// The browser's WebDriver, for wasm-bindgen's test runner.
///
/// # Errors
/// If none is here and Debian's cannot be installed.
pub fn chromedriver() -> Result<PathBuf> {
    if tools::chromedriver().is_none() {
        apt(&["chromium-driver"])
            .context("no chromedriver for the wasm tests: install it, or set CHROMEDRIVER to its path")?;
    }
    tools::chromedriver().context("chromedriver was installed, but is not on the path: set CHROMEDRIVER to its path")
}
