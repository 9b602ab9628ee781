//! The stage of `cargo xtask test` that tries the built page in browsers.

use crate::bench::native_command;
use crate::browser::Browser;
use crate::build;
use crate::install;
use crate::paths::Paths;
use crate::process::{run, say};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files at once: with more, two cores are so busy that threads may not start in time.
const AT_ONCE: &str = "--test-concurrency=2";

/// The reporter of `tests/browser/` that says how each test ended in a form to be read.
const REPORTER: &str = "./outcomes.mjs";

/// When more tests than this fail, that is no accident, and none of them is asked again.
const ACCIDENTS: usize = 4;

/// All files in Chromium, then in Firefox, where there is one; what to remark at the end.
///
/// A test that fails is asked again, alone. If it passes then, it is remarked as flaky, with its error, and the stage
/// passes: there is a defect in it or in the page that wants looking into, but nothing that says it came with this state.
///
/// # Errors
/// Names what failed, in both browsers.
pub fn stage(paths: &Paths) -> Result<Vec<String>> {
    build::dist(paths)?;
    let files = files(&paths.root.join("tests").join("browser"))?;
    if files.is_empty() {
        say("there are no browser tests (tests/browser/*.test.mjs)");
        return Ok(Vec::new());
    }
    let command = native_command(paths, false)?;
    let browser = Browser::find(paths)?;
    let chromium = Runner {
        browser: "Chromium",
        node: Box::new(|| {
            let mut node = browser.node();
            node.env("TUNESCAPE_COMMAND", &command);
            node
        }),
        report: paths.target.join("browser-tests.jsonl"),
    };
    let in_chromium = chromium.all(&files);
    let Some(path) = install::firefox() else {
        return in_chromium;
    };
    let firefox = Runner {
        browser: "Firefox",
        node: Box::new(|| {
            let mut node = (chromium.node)();
            node.env("TUNESCAPE_BROWSER", "firefox").env("TUNESCAPE_FIREFOX", &path);
            node
        }),
        report: chromium.report.clone(),
    };
    match (in_chromium, firefox.all(&files)) {
        (Ok(a), Ok(b)) => Ok([a, b].concat()),
        (Err(a), Err(b)) => bail!("{a:#}\n{b:#}"),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut files = entries
        .map(|entry| entry.map(|e| e.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// Node's test runner, leading one browser.
struct Runner<'a> {
    browser: &'static str,
    /// Node, told where everything is.
    node: Box<dyn Fn() -> Command + 'a>,
    /// Where [`REPORTER`] writes.
    report: PathBuf,
}

impl Runner<'_> {
    /// Runs the files, and once more, alone, what failed; names what is flaky.
    fn all(&self, files: &[PathBuf]) -> Result<Vec<String>> {
        let mut failed = self.outcomes(&[], files)?;
        failed.retain(|outcome| outcome.error.is_some());
        let is_accident = failed.len() <= ACCIDENTS;
        let (flaky, lasting): (Vec<Outcome>, Vec<Outcome>) = failed
            .into_iter()
            .partition(|failure| is_accident && self.passes_alone(failure));
        if !lasting.is_empty() {
            let lines: Vec<String> = lasting.iter().map(Outcome::shown).collect();
            bail!("in {} failed:\n  {}", self.browser, lines.join("\n  "));
        }
        Ok(flaky
            .iter()
            .map(|failure| {
                format!(
                    "flaky in {}, passed when asked again alone: {}",
                    self.browser,
                    failure.shown()
                )
            })
            .collect())
    }

    fn passes_alone(&self, failure: &Outcome) -> bool {
        say(&format!("in {}, once more, alone: {}", self.browser, failure.shown()));
        let again = self.outcomes(&failure.options(), std::slice::from_ref(&failure.file));
        again.is_ok_and(|outcomes| {
            let was_asked = outcomes
                .iter()
                .any(|o| failure.is_of_the_file() || o.name == failure.name);
            was_asked && outcomes.iter().all(|o| o.error.is_none())
        })
    }

    /// Runs tests, shown to people as they go.
    ///
    /// # Errors
    /// If that fails without a test that did.
    fn outcomes(&self, options: &[String], files: &[PathBuf]) -> Result<Vec<Outcome>> {
        let mut node = (self.node)();
        node.args([
            "--test",
            AT_ONCE,
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
        ])
        .arg(format!("--test-reporter={REPORTER}"))
        .arg(format!("--test-reporter-destination={}", self.report.display()))
        .args(options)
        .args(files);
        let ended = run(&mut node).with_context(|| format!("in {}", self.browser));
        let text =
            fs::read_to_string(&self.report).with_context(|| format!("cannot read {}", self.report.display()))?;
        let outcomes = text.lines().map(Outcome::read).collect::<Result<Vec<_>>>()?;
        if outcomes.iter().all(|outcome| outcome.error.is_none()) {
            ended?;
        }
        Ok(outcomes)
    }
}

/// How a test ended, or a file that broke off.
struct Outcome {
    file: PathBuf,
    name: String,
    error: Option<String>,
}

impl Outcome {
    /// Reads a line of [`REPORTER`].
    fn read(line: &str) -> Result<Outcome> {
        let value: Value = serde_json::from_str(line).with_context(|| format!("{REPORTER} wrote `{line}`"))?;
        let field = |key: &str| value[key].as_str().map(str::to_string);
        Ok(Outcome {
            file: field("file").unwrap_or_default().into(),
            name: field("name").unwrap_or_default(),
            error: field("error"),
        })
    }

    fn is_of_the_file(&self) -> bool {
        Path::new(&self.name) == self.file
    }

    /// What makes the runner ask it alone.
    fn options(&self) -> Vec<String> {
        if self.is_of_the_file() {
            return Vec::new();
        }
        let mut pattern = String::new();
        for c in self.name.chars() {
            if !c.is_alphanumeric() && !c.is_whitespace() && c.is_ascii() {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        vec![format!("--test-name-pattern=/^{pattern}$/")]
    }

    fn shown(&self) -> String {
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let error = self.error.as_deref().unwrap_or_default();
        format!("{file}: {}: {}", self.name, error.lines().next().unwrap_or_default())
    }
}
