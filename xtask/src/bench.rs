//! `cargo xtask bench`: how fast, how small, beside what people would use otherwise. Figures are printed, never asserted.

use crate::browser::Browser;
use crate::build;
use crate::paths::Paths;
use crate::peers;
use crate::process::{native_cargo, run, say};
use crate::sides::{ASKS, FITS};
use crate::sizes;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rounds of which the median is taken; every round times each contestant once, in turn.
const ROUNDS: usize = 5;
/// Rounds that include the peers, which take half a minute each.
const PEER_ROUNDS: usize = 2;

/// A job of a fraction of a second, and one of seconds: what the page itself takes shows in the first alone.
const GRID: &str = "preset=classic-grid";
const LONG: &str = "data=hypercube&model=forest&cv=5&metric=logloss&s=random&n=100&seed=1";
const LONG_ROUNDS: usize = 2;

/// What is timed in the browser, and what `bench.mjs` calls it.
const IN_BROWSER: [(&str, &str); 8] = [
    ("browser, threads", "threads"),
    ("browser, threads, second run", "threads again"),
    ("browser, one thread", "single"),
    ("browser, one thread, second run", "single again"),
    ("worker alone, threads", "threads, engine"),
    ("worker alone, threads, warm", "threads, engine warm"),
    ("worker alone, one thread", "single, engine"),
    ("worker alone, one thread, warm", "single, engine warm"),
];

/// Times of one contestant, in seconds.
struct Row {
    name: &'static str,
    times: Vec<f64>,
}

/// The parts that can be asked for by name. The last is long, and runs only then.
const PARTS: &[&str] = &["grid", "page", "native", "fits", "asks", "scale"];

/// Runs the benches: the classic grid everywhere in turns, the page's figures, native benches, single fits, single suggestions; or those
/// named. With peers, scikit-learn, Optuna and egobox do the same beside them.
///
/// # Errors
/// If an option is unknown, something is missing, or a contestant fails.
pub fn command(paths: &Paths, args: &[String]) -> Result<()> {
    let (options, parts): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with('-'));
    if let Some(other) = options.iter().find(|option| **option != "--peers") {
        bail!("`bench` takes --peers, but got `{other}`");
    }
    if let Some(other) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("`bench` has no part `{other}`; accepted: {}", PARTS.join(", "));
    }
    let wants = |part: &str| match parts.is_empty() {
        true => part != "scale",
        false => parts.iter().any(|other| *other == part),
    };
    let python = if options.is_empty() {
        None
    } else {
        Some(peers::python(paths)?)
    };
    if ["grid", "page", "fits", "asks"].into_iter().any(wants) {
        build::dist(paths)?;
        let browser = Browser::find(paths)?;
        if wants("grid") {
            grid(paths, &browser, python.as_deref())?;
        }
        if wants("page") {
            say("the page");
            print_page(&sizes::in_words(&paths.dist())?, &measured(&browser, &["page"])?);
        }
        if wants("fits") {
            say("single fits, one thread");
            FITS.table(paths, &browser, python.as_deref())?;
        }
        if wants("asks") {
            say("single suggestions in 4 dimensions, one thread");
            ASKS.table(paths, &browser, python.as_deref())?;
        }
    }
    if wants("native") {
        say("native benches");
        native_bench(paths, &["--bench", "forest", "--bench", "gp"])?;
    }
    if wants("scale") {
        say("from 1,000 rows to 100,000, one thread");
        for model in ["tree", "forest", "boosting"] {
            native_bench(paths, &["--bench", "scale", "--", model])?;
            if let Some(python) = &python {
                print!("{}", peers::lines(paths, python, "scale.py", model)?);
            }
        }
        native_bench(paths, &["--bench", "scale", "--", "memory"])?;
    }
    Ok(())
}

/// The classic grid, and a longer job, everywhere in turns.
fn grid(paths: &Paths, browser: &Browser, python: Option<&Path>) -> Result<()> {
    let native = native_command(paths, true)?;
    say("the classic grid, in turns");
    let peer = python.map(|python| move || peers::seconds(paths, python, "grid"));
    let rows = in_turns(&native, browser, GRID, ROUNDS, peer)?;
    println!("\nclassic-grid: 144 configurations × 5 folds = 720 forests");
    print_rows(&rows);
    let rows = in_turns(&native, browser, LONG, LONG_ROUNDS, None::<fn() -> Result<f64>>)?;
    println!("\na long job: 100 configurations × 5 folds of forests on 1000 × 20, nothing shared");
    print_rows(&rows);
    Ok(())
}

fn native_bench(paths: &Paths, args: &[&str]) -> Result<()> {
    run(native_cargo()
        .args(["bench", "--quiet", "--locked", "--package", "tunescape"])
        .args(args)
        .current_dir(&paths.root))
}

/// Times a study natively and in the browser, each contestant once a round, in turn.
fn in_turns(
    native: &Path,
    browser: &Browser,
    study: &str,
    rounds: usize,
    peer: Option<impl Fn() -> Result<f64>>,
) -> Result<Vec<Row>> {
    let row = |name| Row {
        name,
        times: Vec::new(),
    };
    let native_names = ["scikit-learn, all cores", "native, one core", "native, all cores"];
    let names = native_names.into_iter().chain(IN_BROWSER.map(|(name, _)| name));
    let mut rows: Vec<Row> = names.map(row).collect();
    for round in 0..rounds {
        if let Some(peer) = peer.as_ref().filter(|_| round < PEER_ROUNDS) {
            rows[0].times.push(peer()?);
        }
        rows[1].times.push(native_seconds(native, study, Some(1))?);
        rows[2].times.push(native_seconds(native, study, None)?);
        let times = measured(browser, &["run", study])?;
        for (row, (_, kind)) in rows[native_names.len()..].iter_mut().zip(IN_BROWSER) {
            row.times
                .push(times[kind].as_f64().context("the browser gave no time")?);
        }
    }
    Ok(rows)
}

/// Builds the `tunescape` command and says where it is.
///
/// # Errors
/// If it does not build.
pub fn native_command(paths: &Paths, release: bool) -> Result<PathBuf> {
    let mut cargo = native_cargo();
    cargo
        .args(["build", "--quiet", "--locked", "--package", "tunescape"])
        .current_dir(&paths.root);
    if release {
        cargo.arg("--release");
    }
    run(&mut cargo)?;
    let folder = paths.target.join(if release { "release" } else { "debug" });
    Ok(folder.join(format!("tunescape{}", std::env::consts::EXE_SUFFIX)))
}

/// Seconds of a study natively, as it says itself: without the start of the process.
fn native_seconds(command: &Path, study: &str, threads: Option<usize>) -> Result<f64> {
    let mut command = Command::new(command);
    command.args(["run", study, "--json"]);
    if let Some(threads) = threads {
        command.env("RAYON_NUM_THREADS", threads.to_string());
    }
    let output = command.output().context("the tunescape command did not start")?;
    let text = String::from_utf8(output.stdout)?;
    let done: Value = serde_json::from_str(text.lines().last().context("it printed nothing")?)?;
    done["seconds"].as_f64().context("its last line has no seconds")
}

/// What `bench.mjs` says about one of its jobs.
///
/// # Errors
/// If it fails.
pub fn measured(browser: &Browser, args: &[&str]) -> Result<Value> {
    let output = browser
        .node()
        .arg("bench.mjs")
        .args(args)
        .output()
        .context("node did not start")?;
    if !output.status.success() {
        bail!("bench.mjs failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    serde_json::from_str(text.lines().last().context("bench.mjs printed nothing")?).context("bench.mjs printed no JSON")
}

/// The middle one, or the mean of the middle two.
fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if n == 0 {
        f64::NAN
    } else {
        (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0
    }
}

fn print_rows(rows: &[Row]) {
    // Beside native code on as many cores. A worker alone has them all.
    let native = |name: &str| median(&rows[if name.contains(" one ") { 1 } else { 2 }].times);
    println!(
        "{:<34} {:>10} {:>10} {:>10} {:>10}",
        "", "median s", "least", "most", "× native"
    );
    for row in rows.iter().filter(|row| !row.times.is_empty()) {
        let (least, most) = row
            .times
            .iter()
            .fold((f64::MAX, 0.0_f64), |(a, b), &t| (a.min(t), b.max(t)));
        let middle = median(&row.times);
        println!(
            "{:<34} {middle:>10.3} {least:>10.3} {most:>10.3} {:>10.2}",
            row.name,
            middle / native(row.name)
        );
    }
    if !rows[0].times.is_empty() {
        println!(
            "the browser is {:.0} × faster than scikit-learn in a first run, {:.0} × in a second",
            median(&rows[0].times) / median(&rows[3].times),
            median(&rows[0].times) / median(&rows[4].times)
        );
    }
}

fn print_page(sizes: &str, page: &Value) {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let kilobytes = |value: &Value| number(value) / 1000.0;
    println!("\nthe page\n{sizes}");
    println!(
        "{:<52} {:>10.0} ms",
        "first contentful paint",
        number(&page["load"]["paint"])
    );
    println!("{:<52} {:>10.0} ms", "ready to run", number(&page["load"]["ready"]));
    println!(
        "{:<52} {:>10.2} s",
        "race-iris, press of Run to the end",
        number(&page["race"])
    );
    println!("\nthe page's thread: longest task by the clock and by its own processor time, pictures a second");
    let watched = [
        ("race-iris, threads on all cores", &page["longest"]["threads"]),
        ("race-iris, one thread", &page["longest"]["single"]),
        ("four strategies, threads on all cores", &page["four"]["running"]),
        ("10,000 trials come in", &page["myriad"]["running"]),
        ("10,000 trials are stepped through", &page["myriad"]["later"]),
    ];
    for (name, task) in watched {
        println!(
            "{name:<52} {:>10.0} ms {:>10.0} ms {:>10.0}",
            number(&task["clock"]),
            number(&task["work"]),
            number(&task["frames"])
        );
    }
    println!();
    let memory = &page["memory"];
    let (before, after) = (kilobytes(&memory["before"]), kilobytes(&memory["after"]));
    println!(
        "{:<52} {before:>10.0} kB → {after:.0} kB",
        "heap of the page, before and after 100 resets"
    );
}
