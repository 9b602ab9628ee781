//! `cargo xtask doctor`: what is here, what is missing, and how it would come.

use crate::install;
use crate::paths::Paths;
use crate::process::{capture, which};
use crate::toolchain::{self, Compiler, Compilers};
use crate::tools::{self, BINARYEN, CargoTool, TRUNK, WASM_BINDGEN};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Prints it all; installs nothing.
///
/// # Errors
/// None at present.
pub fn command(paths: &Paths) -> Result<()> {
    println!("target directory  {}", paths.target.display());
    println!("tool cache        {}\n", paths.tools.display());

    println!("compilers");
    for compiler in toolchain::candidates() {
        println!(
            "  {} ({}): {}",
            compiler.origin,
            compiler.bin.display(),
            compiler.version
        );
        println!("    {}", abilities(&compiler));
    }
    let Compilers { plain, threads } = Compilers::find();
    chosen("page and single-thread worker", plain.as_ref(), false);
    chosen("threaded worker", threads.as_ref(), true);
    if plain.is_none() || threads.is_none() {
        println!(
            "  would be installed, the first way that is open:\n{}",
            install::by_hand()
        );
    }

    println!("\ntools for build and serve");
    cargo_tool(paths, &TRUNK);
    cargo_tool(paths, &WASM_BINDGEN);
    let how = format!("npm install binaryen@{BINARYEN}, into the cache");
    line(
        "wasm-opt",
        tools::wasm_opt(paths),
        &format!("binaryen {BINARYEN}"),
        &how,
    );
    program("node", tools::node(), "install Node 18 or newer, with npm");
    program("npm", which(&["npm"]), "comes with Node");

    println!("\ntools for test and bench");
    program(
        "chromium",
        tools::chromium(),
        "apt-get install chromium, or set CHROMIUM",
    );
    program(
        "firefox",
        tools::firefox(),
        "apt-get install firefox-esr, or set FIREFOX; for one test that is skipped without it",
    );
    program(
        "chromedriver",
        tools::chromedriver(),
        "apt-get install chromium-driver, or set CHROMEDRIVER; for wasm tests only",
    );
    let modules = paths.root.join("tests/browser/node_modules");
    line(
        "playwright-core",
        Some(modules).filter(|dir| dir.is_dir()),
        "",
        "npm ci in tests/browser",
    );
    Ok(())
}

fn abilities(compiler: &Compiler) -> String {
    let yes = |has: bool, what: &str| format!("{} {what}", if has { "has" } else { "lacks" });
    [
        yes(compiler.has_target, "the browser's standard library"),
        yes(compiler.has_source, "the standard library's source"),
        yes(compiler.usable(), "what it takes otherwise (version, wasm linker)"),
    ]
    .join(", ")
}

fn chosen(what: &str, compiler: Option<&Compiler>, threads: bool) {
    match compiler {
        Some(c) if c.builds_std(threads) => println!("  {what}: {}, building the standard library along", c.origin),
        Some(c) => println!("  {what}: {}", c.origin),
        None => println!("  {what}: MISSING"),
    }
}

fn cargo_tool(paths: &Paths, tool: &CargoTool) {
    let lock = if tool.locked { " --locked" } else { "" };
    let how = format!(
        "cargo install {} --version {}{lock}, into the cache, {}",
        tool.package, tool.version, tool.takes
    );
    line(tool.program, tool.found(paths), tool.version, &how);
}

fn program(name: &str, found: Option<PathBuf>, how: &str) {
    let version = found
        .as_ref()
        .and_then(|path| capture(Command::new(path).arg("--version")))
        .unwrap_or_default();
    line(name, found, &version, how);
}

fn line(name: &str, found: Option<PathBuf>, version: &str, how: &str) {
    match found {
        Some(path) => println!("  {name:16}{version} ({})", path.display()),
        None => println!("  {name:16}MISSING: {how}"),
    }
}
