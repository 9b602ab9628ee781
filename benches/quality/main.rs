//! Search quality: simple regret of strategies, beside figures of other optimizers.
//!
//! `cargo bench --bench quality -- [STRATEGIES] [--judge | --tune | --curves] [--problems a,b] [--seeds 20] [--evaluations 100] [--batch 1] [--noise 0.2] [--csv | --runs | --brief | --criterion]`
//!
//! Strategies are in the study text's notation: `bayes,tpe(gamma:0.1)`. Three sets of problems, see `problems.rs`: without a flag the suite;
//! `--judge` other ones, by which nothing was ever chosen; `--tune` those by which settings are chosen. Other optimizers are marked `*`.
//! `--noise` adds noise to every problem of the set, its standard deviation that share of the spread of the problem's values; regret is then that
//! of the recommended configuration, and other optimizers have no figures. `--runs` prints every seed's regrets, for comparisons in pairs.
//! `--criterion` prints only how each strategy fulfils what is asked of it, see `criterion.rs`.
//! `--curves` is quality by cost on learning curves, see `curves.rs`, of the same three sets.
#![allow(missing_docs)]
#![forbid(unsafe_code)]

mod criterion;
mod curves;
mod functions;
mod peers;
mod problems;
mod report;
mod run;
mod statistics;

use problems::{Problem, Set};
use rayon::prelude::*;
use report::Cell;
use run::Regrets;
use statistics::Sample;
use std::path::Path;
use std::process::ExitCode;
use tunescape::spec::Call;

const MARKS: [usize; 5] = [10, 20, 30, 50, 100];

fn main() -> ExitCode {
    match command(&std::env::args().skip(1).filter(|a| a != "--bench").collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("quality: {why}");
            ExitCode::from(2)
        }
    }
}

fn command(args: &[String]) -> Result<(), String> {
    let mut strategies = "random,bayes,tpe,smac".to_string();
    let (mut seeds, mut evaluations, mut batch) = (20, 100, 1);
    let mut noise = 0.0;
    let mut only: Vec<String> = Vec::new();
    let mut flags: Vec<&str> = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{arg} needs a value"));
        let number = |text: &String| {
            text.parse::<usize>()
                .ok()
                .filter(|n| *n > 0)
                .ok_or(format!("{arg} needs a number"))
        };
        match arg.as_str() {
            "--seeds" => seeds = number(value()?)?,
            "--evaluations" => evaluations = number(value()?)?,
            "--batch" => batch = number(value()?)?,
            "--noise" => {
                let share = value()?.parse::<f64>().ok().filter(|share| *share > 0.0);
                noise = share.ok_or("--noise needs a number above 0")?;
            }
            "--problems" => only = value()?.split(',').map(str::to_string).collect(),
            "--judge" | "--tune" | "--curves" | "--csv" | "--runs" | "--brief" | "--criterion" => flags.push(arg),
            other if other.starts_with('-') => return Err(format!("unknown option {other}")),
            list => strategies = list.to_string(),
        }
    }
    let calls = Call::parse_list(&strategies)?;
    calls.iter().try_for_each(run::check)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/quality/peers");
    let set = match () {
        () if flags.contains(&"--judge") => Set::Judging,
        () if flags.contains(&"--tune") => Set::Tuning,
        () => Set::Suite,
    };
    if flags.contains(&"--curves") {
        return curves::report(&folder, set, &calls, seeds);
    }
    let mut problems = match set {
        Set::Judging => problems::judging(),
        Set::Tuning => problems::tuning(),
        Set::Suite => problems::suite(&folder),
    };
    if let Some(unknown) = only.iter().find(|name| problems.iter().all(|p| p.name != **name)) {
        let known: Vec<&str> = problems.iter().map(|p| p.name.as_str()).collect();
        return Err(format!("no problem \"{unknown}\"; accepted: {}", known.join(", ")));
    }
    problems.retain(|p| only.is_empty() || only.contains(&p.name));
    let mut known = peers::read(&folder.join("quality.csv"));
    if noise > 0.0 {
        problems.iter_mut().for_each(|problem| problem.add_noise(noise));
        known.clear();
    }
    let mut marks: Vec<usize> = MARKS.into_iter().filter(|m| *m <= evaluations).collect();
    if marks.last() != Some(&evaluations) {
        marks.push(evaluations);
    }
    let cells = cells(&problems, &calls, seeds, &marks, batch, &known)?;
    let ours: Vec<String> = calls.iter().map(Call::to_string).collect();
    if flags.contains(&"--csv") {
        report::csv(&cells, &ours);
        return Ok(());
    }
    if flags.contains(&"--runs") {
        report::runs(&cells);
        return Ok(());
    }
    if flags.contains(&"--criterion") {
        criterion::report(&cells, &ours);
        return Ok(());
    }
    if !flags.contains(&"--brief") {
        report::regrets(&cells, &marks);
    }
    report::mean_ranks(&cells, &marks);
    report::standings(&cells, &ours);
    criterion::report(&cells, &ours);
    Ok(())
}

/// Runs everything, in parallel over strategies, problems and seeds; the results do not depend on how.
fn cells(
    problems: &[Problem],
    calls: &[Call],
    seeds: usize,
    marks: &[usize],
    batch: usize,
    known: &[peers::Figure],
) -> Result<Vec<Cell>, String> {
    let mut work: Vec<(usize, usize, u64)> = Vec::new();
    for problem in 0..problems.len() {
        (0..calls.len()).for_each(|call| work.extend((0..seeds as u64).map(|seed| (problem, call, seed))));
    }
    let done: Regrets = work
        .par_iter()
        .map(|(problem, call, seed)| {
            let (problem, call) = (&problems[*problem], &calls[*call]);
            run::regrets(problem, call, *seed, marks, batch).map_err(|e| format!("{call} on {}: {e}", problem.name))
        })
        .collect::<Result<_, String>>()?;
    let mut cells = Vec::new();
    for (p, problem) in problems.iter().enumerate() {
        for (m, mark) in marks.iter().enumerate() {
            let own = calls.iter().enumerate().map(|(c, call)| {
                let from = (p * calls.len() + c) * seeds;
                (
                    call.to_string(),
                    Sample::Own(done[from..from + seeds].iter().map(|run| run[m]).collect()),
                )
            });
            let theirs = known
                .iter()
                .filter(|f| f.problem == problem.name && f.evaluations == *mark);
            let theirs = theirs.map(|f| (format!("{}*", f.optimizer), f.sample.clone()));
            cells.push(Cell {
                problem: problem.name.clone(),
                evaluations: *mark,
                entries: own.chain(theirs).collect(),
            });
        }
    }
    Ok(cells)
}
