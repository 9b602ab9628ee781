//! `tunescape run` and `tunescape plot`.
#![allow(
    clippy::disallowed_methods,
    reason = "wall time is shown, and the command reads the clock"
)]

use crate::{Refused, say};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;
use tunescape::dataset::{Csv, MOST_CSV_BYTES};
use tunescape::order::sort_by;
use tunescape::plot::{Focus, Frame, Theme};
use tunescape::protocol::{Comparison, Event, Report};
use tunescape::study::{Repetition, Study};
use tunescape::table::{Choices, Quote};
use tunescape::trial::{Outcome, Score};
use tunescape::view::why::{rounded, sentence};
use tunescape::view::{Layer, View};

/// Seconds since the first call.
pub fn clock() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// A table of one's own, which `data=csv` means.
#[derive(clap::Args)]
pub struct TableOptions {
    /// A file of comma-separated values, for data=csv
    #[arg(long, value_name = "FILE")]
    csv: Option<std::path::PathBuf>,
    /// The column to predict, by name or number from 1
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    target: Option<String>,
    /// The column of groups, for split=0.2~grouped and cv=5~grouped
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    group: Option<String>,
    /// A column to leave out; can be given several times
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    without: Vec<String>,
    /// Whether the first line names the columns, where it is not found out: yes or no
    #[arg(long, value_name = "YES|NO", requires = "csv", value_parser = |v: &str| word(v, &[("yes", true), ("no", false)]))]
    header: Option<bool>,
    /// What stands between cells: comma, semicolon, tab or bar
    #[arg(long, value_name = "SEPARATOR", requires = "csv", value_parser = |v: &str| word(v, SEPARATORS))]
    separator: Option<char>,
    /// What stands around a cell with a separator in it: double, single or none
    #[arg(long, value_name = "QUOTE", requires = "csv", value_parser = |v: &str| word(v, QUOTES))]
    quote: Option<Quote>,
    /// What stands before decimals: point or comma
    #[arg(long, value_name = "MARK", requires = "csv", value_parser = |v: &str| word(v, &[("comma", true), ("point", false)]))]
    decimal: Option<bool>,
}

/// Separators by name, and as they are.
const SEPARATORS: &[(&str, char)] = &[
    ("comma", ','),
    ("semicolon", ';'),
    ("tab", '\t'),
    ("bar", '|'),
    (",", ','),
    (";", ';'),
    ("\t", '\t'),
    ("|", '|'),
];

const QUOTES: &[(&str, Quote)] = &[
    ("double", Quote::Double),
    ("single", Quote::Single),
    ("none", Quote::None),
];

/// What one of some words means.
fn word<T: Copy>(given: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == given);
    let named = words.iter().map(|(word, _)| *word).filter(|w| w.len() > 1);
    found
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| format!("accepted: {}", named.collect::<Vec<_>>().join(", ")))
}

impl TableOptions {
    fn read(&self) -> Result<Option<Csv>, Refused> {
        let Some(path) = &self.csv else { return Ok(None) };
        let named = |why: String| Refused::usage(format!("{}: {why}", path.display()));
        let size = std::fs::metadata(path).map_err(|e| named(e.to_string()))?.len();
        if size > MOST_CSV_BYTES as u64 {
            return Err(named(format!(
                "{size} bytes; accepted: up to {} MiB",
                MOST_CSV_BYTES >> 20
            )));
        }
        let bytes = std::fs::read(path).map_err(|e| named(e.to_string()))?;
        let choices = Choices {
            target: self.target.clone(),
            group: self.group.clone(),
            without: self.without.clone(),
            header: self.header,
            separator: self.separator,
            quote: self.quote,
            decimal_comma: self.decimal,
        };
        Csv::read(&bytes, &choices).map(Some).map_err(named)
    }
}

/// Sets up a study; anything refused in its text ends the command.
fn prepare(text: &str, csv: Option<&Csv>) -> Result<Study, Refused> {
    let named = |refused: &[tunescape::spec::Refusal]| {
        let lines: Vec<String> = refused.iter().map(|r| r.to_string()).collect();
        Refused::usage(format!("this study was refused\n  {}", lines.join("\n  ")))
    };
    let study = Study::prepare_with(text, csv, clock).map_err(|refused| named(&refused))?;
    if study.prepared().refused.is_empty() {
        Ok(study)
    } else {
        Err(named(&study.prepared().refused))
    }
}

/// Runs a study to its end and folds what happens into a view. `each` sees every trial line as it is recorded.
fn finish(study: &mut Study, mut each: impl FnMut(&str) -> Result<(), Refused>) -> Result<View, Refused> {
    let mut view = View::new(0);
    view.fold(Event::Prepared {
        run: 0,
        study: Box::new(study.prepared().clone()),
    });
    while !study.is_finished() {
        let trials = study.step(true);
        trials.iter().try_for_each(|trial| each(&trial.line))?;
        view.fold(Event::Trials { run: 0, trials });
    }
    for lane in 0..view.lanes.len() {
        if let Some(report) = study.report(lane) {
            view.fold(Event::Report {
                run: 0,
                report: Box::new(report),
            });
        }
    }
    view.fold(Event::Rests { run: 0, finished: true });
    Ok(view)
}

/// Runs a study and prints a report, or JSON lines.
pub fn run(text: &str, table: &TableOptions, as_json: bool) -> Result<(), Refused> {
    let start = clock();
    let csv = table.read()?;
    // Giving a table means it, unless the text says otherwise.
    let meant = csv.is_some()
        && !text
            .split('&')
            .any(|pair| pair.starts_with("data=") || pair.starts_with("fn="));
    let whole = if meant {
        format!("{text}&data=csv")
    } else {
        text.to_string()
    };
    let mut study = prepare(&whole, csv.as_ref())?;
    // In a report they stand among the facts.
    let notes = study.notes().iter().filter(|_| as_json);
    notes
        .map(|note| json!({"type": "note", "note": note}))
        .try_for_each(|line| say(&line.to_string()))?;
    let view = finish(&mut study, |line| if as_json { say(line) } else { Ok(()) })?;
    let comparison = compare(&study)?;
    let seconds = clock() - start;
    if as_json {
        if let Some(comparison) = &comparison {
            say(&comparison_line(&view, comparison).to_string())?;
        }
        return say(&done(&view, seconds).to_string());
    }
    report(&view)?;
    if let Some(comparison) = &comparison {
        report_comparison(&view, comparison)?;
    }
    say(&format!("\n{} trials in {seconds:.2} s", view.order.len()))
}

/// The study again with all its other seeds, if it asks for more than one.
fn compare(study: &Study) -> Result<Option<Comparison>, Refused> {
    let Some(mut repetition) = Repetition::after(study) else {
        return Ok(None);
    };
    let named = |refused: Vec<tunescape::spec::Refusal>| {
        let lines: Vec<String> = refused.iter().map(|r| r.to_string()).collect();
        Refused::failure(format!(
            "with another seed this study was refused\n  {}",
            lines.join("\n  ")
        ))
    };
    repetition.finish().map_err(named)?;
    Ok(Some(repetition.standing()))
}

fn comparison_line(view: &View, comparison: &Comparison) -> Value {
    let label = |lane: usize| &view.lanes[lane].lane.label;
    let lane = |(i, band): (usize, &tunescape::protocol::Band)| json!({"strategy": label(i), "median": band.median, "low": band.low, "high": band.high, "last": band.last});
    let pair = |p: &tunescape::protocol::Pair| json!({"strategy": label(p.a), "other": label(p.b), "better": p.seeds[0], "equal": p.seeds[1], "worse": p.seeds[2], "p": p.p});
    json!({
        "type": "comparison",
        "seeds": comparison.done,
        "lanes": comparison.lanes.iter().enumerate().map(lane).collect::<Vec<_>>(),
        "pairs": comparison.pairs.iter().map(pair).collect::<Vec<_>>(),
    })
}

fn report_comparison(view: &View, comparison: &Comparison) -> Result<(), Refused> {
    say(&format!("\nOver {} seeds, the best value at the end", comparison.done))?;
    let title = |lane: usize| &view.lanes[lane].lane.title;
    for (lane, band) in comparison.lanes.iter().enumerate() {
        let end = |curve: &[f64]| curve.last().map_or("–".to_string(), |v| rounded(*v));
        say(&format!(
            "  {}: median {}, quartiles {} to {}",
            title(lane),
            end(&band.median),
            end(&band.low),
            end(&band.high)
        ))?;
    }
    comparison.pairs.iter().try_for_each(|pair| {
        let [better, equal, worse] = pair.seeds;
        say(&format!(
            "  {} against {}: better on {better}, equal on {equal}, worse on {worse} seeds; signed-rank p = {}",
            title(pair.a),
            title(pair.b),
            rounded(pair.p)
        ))
    })
}

fn test_of(report: Option<&Report>) -> Value {
    match report.map(|r| (r.test, &r.test_failed)) {
        Some((Some((value, low, high, rows)), _)) => json!({"value": value, "low": low, "high": high, "rows": rows}),
        Some((None, Some(why))) => json!({"failed": why}),
        _ => Value::Null,
    }
}

fn done(view: &View, seconds: f64) -> Value {
    let best = view.leader().and_then(|i| {
        let lane = &view.lanes[i];
        let (trial, score) = lane.best(view.direction())?;
        Some(json!({"strategy": lane.lane.label, "config": trial.job.config, "value": score.value, "test": test_of(lane.report.as_ref())}))
    });
    json!({"type": "done", "best": best, "trials": view.order.len(), "seconds": seconds})
}

/// Mean and standard deviation over folds, as text.
fn spread(score: &Score) -> String {
    let n = score.folds.len() as f64;
    if n < 2.0 {
        return rounded(score.value);
    }
    let variance = score
        .folds
        .iter()
        .map(|f| (f - score.value) * (f - score.value))
        .sum::<f64>()
        / (n - 1.0);
    format!("{} ± {} over {n} folds", rounded(score.value), rounded(variance.sqrt()))
}

/// Reasons that are told one by one.
const REASONS: usize = 3;

/// How many trials failed and why, the most frequent reasons first.
fn failures<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Vec<String> {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for outcome in outcomes {
        let Outcome::Failed { failed } = outcome else { continue };
        match reasons.iter_mut().find(|(reason, _)| reason == failed) {
            Some((_, times)) => *times += 1,
            None => reasons.push((failed, 1)),
        }
    }
    let trials = |n: usize| {
        if n == 1 {
            "1 trial".into()
        } else {
            format!("{n} trials")
        }
    };
    let total: usize = reasons.iter().map(|(_, times)| times).sum();
    sort_by(&mut reasons, |a, b| b.1.cmp(&a.1));
    let told = reasons.iter().take(REASONS).enumerate();
    let mut lines: Vec<String> = told
        .map(|(i, (reason, times))| match i {
            0 if *times == total => format!("  failed      {}: {reason}", trials(total)),
            0 => format!("  failed      {}; {times} of them: {reason}", trials(total)),
            _ => format!("              {times} of them: {reason}"),
        })
        .collect();
    if reasons.len() > REASONS {
        let others = reasons.iter().skip(REASONS).map(|(_, times)| times).sum();
        lines.push(format!(
            "              and {} for other reasons, see --json",
            trials(others)
        ));
    }
    lines
}

fn report(view: &View) -> Result<(), Refused> {
    let Some(study) = &view.study else { return Ok(()) };
    study
        .facts
        .iter()
        .try_for_each(|(name, value)| say(&format!("{name:<12} {value}")))?;
    let size = study
        .configurations
        .map_or(String::new(), |n| format!(", {n} configurations"));
    say(&format!("{:<12} {} parameters{size}", "Space", study.space.dim()))?;
    for param in study.space.params() {
        say(&format!("{:<12}   {} = {}", "", param.name, param.domain))?;
    }
    for lane in &view.lanes {
        say(&format!("\n{} · {} trials", lane.lane.title, lane.trials.len()))?;
        for line in failures(lane.trials.iter().map(|trial| &trial.outcome)) {
            say(&line)?;
        }
        let Some((best, score)) = lane.best(view.direction()) else {
            say("  no trial gave a value")?;
            continue;
        };
        say(&format!("  best        {}: {}", study.value_title, spread(score)))?;
        say(&format!("  at          {}", best.job.config))?;
        say(&format!(
            "  why         trial {}. {}",
            best.job.id + 1,
            sentence(&best.job.origin)
        ))?;
        let Some(report) = &lane.report else { continue };
        if report.ties > 1 {
            say(&format!(
                "  ties        {} configurations share the best score; the first found is shown",
                report.ties
            ))?;
        }
        if let Some((id, mean, sd)) = report.recommended {
            let config = lane.trial(id).map(|t| t.job.config.to_string()).unwrap_or_default();
            say(&format!(
                "  recommended {config}\n              its model's mean there is {} ± {}",
                rounded(mean),
                rounded(sd)
            ))?;
        }
        if let Some(trial) = report.one_standard_error.and_then(|id| lane.trial(id))
            && let (Outcome::Value(own), Some(cost)) = (&trial.outcome, score.cost)
            && let Some(share) = own.cost.map(|c| c / cost).filter(|s| s.is_finite())
        {
            say(&format!(
                "  frugal      {}\n              the cheapest within one standard error of the best: {}, for {} of its cost",
                trial.job.config,
                rounded(own.value),
                rounded(share)
            ))?;
        }
        if let Some((value, low, high, rows)) = report.test {
            let (value, low, high) = (rounded(value), rounded(low), rounded(high));
            say(&format!(
                "  test        {value}, 95 % interval {low} to {high}, on {rows} held-out rows"
            ))?;
        }
        if let Some(why) = &report.test_failed {
            say(&format!("  test        failed: {why}"))?;
        }
        if let Some(why) = &report.finished {
            say(&format!("  ended       {why}"))?;
        }
    }
    Ok(())
}

/// Cells of a map along a continuous side.
const MAP_CELLS: u32 = 64;

/// Runs a study and draws one picture of it.
pub fn plot(
    kind: &str,
    text: &str,
    output: &Path,
    strategy: usize,
    layer: Option<&str>,
    dark: bool,
) -> Result<(), Refused> {
    let named = |name: &str| {
        let all = Layer::ALL.iter();
        let found = all.clone().find(|(_, title)| *title == name);
        let titles = || all.map(|(_, title)| *title).collect::<Vec<_>>().join(", ");
        found
            .map(|(layer, _)| *layer)
            .ok_or_else(|| Refused::usage(format!("--layer {name}: accepted: {}", titles())))
    };
    let layer = layer.map(named).transpose()?;
    let plots = tunescape::plot::PLOTS;
    if tunescape::registry::find(plots, kind).is_none() {
        return Err(Refused::usage(format!(
            "unknown plot \"{kind}\"; accepted: {}",
            tunescape::registry::ids(plots)
        )));
    }
    let mut study = prepare(text, None)?;
    let lanes = study.prepared().lanes.len();
    if !(1..=lanes).contains(&strategy) {
        return Err(Refused::usage(format!("--strategy {strategy}: accepted: 1 to {lanes}")));
    }
    let mut view = finish(&mut study, |_| Ok(()))?;
    if let Some(comparison) = compare(&study)? {
        view.fold(Event::Comparison {
            run: 0,
            comparison: Box::new(comparison),
        });
    }
    let (x, y) = tunescape::plot::default_axes(&view);
    let slice = study.believe(strategy - 1, None, &x, None).map_err(Refused::failure)?;
    view.fold(Event::Belief {
        run: 0,
        slice: Box::new(slice),
    });
    view.fold(Event::Importance {
        run: 0,
        importance: study.importance(strategy - 1, None).map_err(Refused::failure)?,
    });
    if kind == "gaps" {
        while study.test_next(strategy - 1) {}
        view.fold(Event::HeldOut {
            run: 0,
            held_out: study.tested(strategy - 1),
        });
    }
    if matches!(kind, "confusion" | "regions" | "learning") {
        view.fold(Event::Judged {
            run: 0,
            judged: Box::new(
                study
                    .judge(strategy - 1, None, kind == "learning")
                    .map_err(Refused::failure)?,
            ),
        });
    }
    if let Some(y) = &y {
        if view.study.as_ref().is_some_and(|s| s.cheap) || layer.is_some_and(Layer::needs_truth) {
            let mut survey = study.survey(&x, Some(y), None).map_err(Refused::failure)?;
            while !survey.is_finished() {
                study.survey_on(&mut survey, 1.0, clock);
            }
            view.fold(Event::Truth {
                run: 0,
                plane: Box::new(survey.plane()),
            });
        }
        for lane in 0..lanes {
            let map = study
                .map(lane, None, (&x, y), None, MAP_CELLS)
                .map_err(Refused::failure)?;
            view.fold(Event::Map {
                run: 0,
                map: Box::new(map),
            });
        }
    }
    let frame = Frame {
        width: 720,
        height: 480,
        scale: 1.0,
        theme: if dark { Theme::Dark } else { Theme::Light },
    };
    let focus = Focus {
        lane: strategy - 1,
        trial: None,
        x,
        y,
        layer: layer.unwrap_or_default(),
        samples: true,
        ..Focus::default()
    };
    let svg = tunescape::plot::svg(kind, &view, &focus, &frame).map_err(Refused::failure)?;
    std::fs::write(output, svg).map_err(|e| Refused::failure(format!("cannot write {}: {e}", output.display())))
}
