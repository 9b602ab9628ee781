//! `cargo xtask`: everything around the code. Each command finds or installs what it needs, says what it does,
//! and sets every variable itself, so that no file of the repository depends on one machine.

mod bench;
mod browser;
mod browser_tests;
mod build;
mod doctor;
mod fingerprint;
mod finish;
mod first_load;
mod install;
mod paths;
mod peers;
mod process;
mod quality;
mod rule;
mod screenshots;
mod serve;
mod sides;
mod sizes;
mod split;
mod test;
mod toolchain;
mod tools;
mod wasm_opt;
mod workers;

use anyhow::{Result, bail};
use paths::Paths;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N] [--watch]   install what is missing, build, and serve dist/ with isolation headers
  build                        install what is missing, and build the static page into dist/
  test [STAGE…]                run every test, or only the stages lint, native, wasm, browser
  bench [--peers] [PART…]      run the benchmarks: grid, page, native, fits, asks, and, only if named, scale
  quality [STRATEGIES] [--judge | --tune | --curves] [--problems A,B] [--seeds N] [--evaluations N] [--csv | --brief]
                               measure search quality, beside other optimizers
  screenshots [STATE…]         the page's main states as pictures, three widths in both themes
  first-load                   observe anew which functions are needed until the page can be used
  doctor                       show what is here, what is missing, and how it would be installed

The target directory is CARGO_TARGET_DIR, or target/. Tools are kept in the user's cache directory.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = args.split_first() else {
        println!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    let paths = Paths::find()?;
    match command.as_str() {
        "serve" => serve::command(&paths, rest)?,
        "build" => {
            reject_extra(rest)?;
            build::dist(&paths)?;
        }
        "test" => return test::command(&paths, rest),
        "bench" => bench::command(&paths, rest)?,
        "quality" => quality::command(&paths, rest)?,
        "screenshots" => screenshots::command(&paths, rest)?,
        "first-load" => {
            reject_extra(rest)?;
            first_load::command(&paths)?;
        }
        "doctor" => {
            reject_extra(rest)?;
            doctor::command(&paths)?;
        }
        // Called back by Trunk's hooks, see Trunk.toml.
        "hook-workers" => workers::hook(&paths)?,
        "hook-finish" => finish::hook(&paths)?,
        "help" | "-h" | "--help" => println!("{USAGE}"),
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn reject_extra(rest: &[String]) -> Result<()> {
    match rest.first() {
        Some(extra) => bail!("this command takes no argument, but got `{extra}`\n\n{USAGE}"),
        None => Ok(()),
    }
}
