//! Time of one suggestion at several numbers of trials: `cargo bench --bench ask -- [tpe,smac] [dimensions=4] [trials=50,200,1000]`.
//!
//! The trials before are random ones, told as a person's; then twenty suggestions follow, each told. Fastest, median and slowest of those in which
//! a Gaussian process was fitted anew, and of the others: the origin tells how many values the last fit was of.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(missing_docs)]

use std::sync::Arc;
use std::time::Instant;
use tunescape::context::Context;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space};
use tunescape::spec::Call;
use tunescape::strategy::{Ask, Plan, STRATEGIES};
use tunescape::trial::{Direction, History, Job, Origin, Outcome};

/// Suggestions that are timed.
const ASKED: usize = 20;

/// The sum of a bowl and a ripple.
fn objective(space: &Space, config: &Config) -> Outcome {
    let x = space.to_unit(config);
    let bowl: f64 = x.iter().map(|v| (v - 0.3) * (v - 0.3)).sum();
    Outcome::of(bowl + 0.1 * libm::sin(9.0 * x[0]))
}

/// Whether the model was fitted to all that was told before this job.
fn is_refit(history: &History, job: &Job) -> bool {
    let Origin::Model(origin) = &job.origin else {
        return false;
    };
    let told = history.scored().count() as f64;
    origin
        .hyperparameters
        .iter()
        .any(|(name, value)| name == "fitted" && *value == told)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let given = |key: &str| args.iter().find_map(|a| a.strip_prefix(key)).map(str::to_string);
    let strategies = args
        .iter()
        .find(|a| !a.contains('='))
        .map_or("tpe,smac", String::as_str);
    let dimensions: usize = given("dimensions=").and_then(|n| n.parse().ok()).unwrap_or(4);
    let trials = given("trials=").unwrap_or("50,100,200,400,1000".into());
    let param = |i: usize| Param::new(&format!("x{i}"), Domain::float(0.0, 1.0));
    let space = Arc::new(Space::new((0..dimensions).map(param).collect(), vec![]).expect("a valid space"));
    for call in Call::parse_list(strategies).expect("strategies") {
        let entry = find(STRATEGIES, &call.id).expect("a known strategy");
        let (settings, _) = Settings::check(entry.id, entry.settings, &call.settings);
        for n in trials.split(',').filter_map(|n| n.parse::<usize>().ok()) {
            let plan = Plan::new(Seed(1), n + ASKED);
            let mut strategy = (entry.build)(&space, &settings, &plan).expect("built");
            let mut history = History::new(space.clone(), Direction::Minimize);
            let mut rng = Seed(2).rng();
            for id in 0..n as u32 {
                let config = space.sample(&mut rng).expect("a configuration");
                let outcome = objective(&space, &config);
                history.ask(Job {
                    id,
                    config,
                    fidelity: 1.0,
                    parent: None,
                    origin: Origin::Person,
                });
                history.tell(id, outcome).expect("pending");
            }
            let mut times: [Vec<f64>; 2] = Default::default();
            for _ in 0..ASKED {
                let start = Instant::now();
                let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
                    break;
                };
                let took = start.elapsed().as_secs_f64() * 1e3;
                for job in jobs {
                    times[usize::from(is_refit(&history, &job))].push(took);
                    let (id, outcome) = (job.id, objective(&space, &job.config));
                    history.ask(job);
                    history.tell(id, outcome).expect("pending");
                }
            }
            for (times, kind) in times.iter_mut().zip(["without refit", "with refit"]) {
                times.sort_by(f64::total_cmp);
                if let (Some(median), Some(slowest)) = (times.get(times.len() / 2), times.last()) {
                    println!(
                        "{call} in {dimensions} dimensions at {n} trials, {} asks {kind}: fastest {:.2} ms, median {median:.2} ms, slowest {slowest:.2} ms",
                        times.len(),
                        times[0]
                    );
                }
            }
        }
    }
}
