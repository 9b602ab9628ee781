//! Milliseconds of single jobs, one thread, by the clock: native, in the browser, and others'.

use crate::bench::measured;
use crate::browser::Browser;
use crate::install;
use crate::paths::Paths;
use crate::peers;
use crate::process::native_cargo;
use crate::wasm_opt::{self, Level};
use crate::workers;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A bench that runs natively and, built for WebAssembly, in the browser.
pub struct Sides {
    /// Its file in `benches`.
    bench: &'static str,
    /// What it measures, a word each.
    words: &'static [&'static str],
    /// What times others with a word, in `benches/peers`.
    peers: &'static str,
}

/// Single fits of every model.
pub const FITS: Sides = Sides {
    bench: "models",
    words: &[
        "forest",
        "extra",
        "tree",
        "boosting",
        "mlp",
        "logistic",
        "svm",
        "knn",
        "naive_bayes",
    ],
    peers: "models.py",
};

/// Single suggestions of the strategies with a model.
pub const ASKS: Sides = Sides {
    bench: "ask",
    words: &["bayes", "tpe", "smac"],
    peers: "asks.py",
};

impl Sides {
    /// Times every word natively, then in the browser, then others': side by side, so that the machine's mood is the same for all.
    ///
    /// # Errors
    /// If something does not build or a contestant fails.
    pub fn table(&self, paths: &Paths, browser: &Browser, python: Option<&Path>) -> Result<()> {
        let module = self.module(paths)?;
        println!(
            "{:<54} {:>10} {:>10} {:>9}   stored of others on a quiet machine, × browser",
            "", "native ms", "browser ms", "× native"
        );
        for word in self.words {
            let native = self.native(paths, word)?;
            let file = module.to_str().context("a path that is no text")?;
            let said = measured(browser, &["side", file, word])?;
            let said: Vec<Line> = said["lines"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|line| Line::parse(line.as_str()?))
                .collect();
            for line in native.lines() {
                let Line { name, ms, stored } = Line::parse(line).with_context(|| format!("no time in `{line}`"))?;
                let there = said.iter().find(|other| other.name == name);
                let there = there.with_context(|| format!("the browser gave no time of {name}"))?.ms;
                let beside = stored.map_or_else(String::new, |(who, theirs)| {
                    format!("{who:<14} {theirs:>8.2} {:>8.1}", theirs / there)
                });
                println!("{name:<54} {ms:>10.3} {there:>10.3} {:>9.2}   {beside}", there / ms);
            }
            if let Some(python) = python {
                for line in peers::lines(paths, python, self.peers, word)?.lines() {
                    println!("{line}{}", beside(line, &said));
                }
            }
        }
        Ok(())
    }

    /// The lines of the native bench about a word.
    fn native(&self, paths: &Paths, word: &str) -> Result<String> {
        let mut cargo = native_cargo();
        cargo
            .args(["bench", "--quiet", "--locked", "--package", "tunescape"])
            .args(["--bench", self.bench, "--", word, "--wall"])
            .current_dir(&paths.root);
        said(&mut cargo)
    }

    /// The same bench as the workers are built.
    fn module(&self, paths: &Paths) -> Result<PathBuf> {
        let (plain, _) = install::compilers()?;
        let mut flags = vec![workers::SIMD.to_string()];
        flags.extend(workers::path_flags(&plain)?);
        let mut cargo = workers::cargo(paths, &plain, false, &flags, ["--bench", self.bench], "engine");
        cargo
            .args(["--message-format", "json-render-diagnostics"])
            .env("CARGO_TARGET_DIR", paths.wasm_target());
        let messages = said(&mut cargo)?;
        let built = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let built = built
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back();
        let built = built.context("cargo names no module of the bench")?;
        let module = paths.target.join(format!("{}-bench.wasm", self.bench));
        std::fs::copy(&built, &module).with_context(|| format!("cannot write {}", module.display()))?;
        wasm_opt::optimize(paths, &module, Level::Fast, false)?;
        Ok(module)
    }
}

/// A line of a bench: what it is about, its milliseconds, and whose stored ones stand behind them.
struct Line<'a> {
    name: &'a str,
    ms: f64,
    stored: Option<(&'a str, f64)>,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Line<'a>> {
        let named = |text: &'a str| -> Option<(&'a str, f64)> {
            let (name, ms) = text.rsplit_once(' ')?;
            Some((name.trim(), ms.parse().ok()?))
        };
        let mut times = line.split(" ms");
        let (name, ms) = named(times.next()?)?;
        let stored = times.next().and_then(named);
        Some(Line { name, ms, stored })
    }
}

/// How many times the browser's time of the same job, the first of its kind, fits into another's.
fn beside(theirs: &str, browser: &[Line]) -> String {
    let same = |line: &&Line, job: &str| line.name.ends_with(job.trim());
    Line::parse(theirs)
        .and_then(|their| {
            let (_, job) = their.name.split_once(' ')?;
            let ours = browser.iter().find(|line| same(line, job))?;
            Some(format!(", {:.1} × browser", their.ms / ours.ms))
        })
        .unwrap_or_default()
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
