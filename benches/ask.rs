//! Milliseconds of one suggestion after several numbers of trials, beside other optimizers' on a quiet machine:
//! `cargo bench --bench ask -- [WORD] [strategies=bayes,tpe,smac] [dimensions=4] [trials=50,100,200,400,1000]`, in processor time; with
//! `--wall` by the clock. `cargo xtask bench` runs the same in the browser.
//!
//! The trials before are random ones, told as a person's, as `benches/peers/asks.py` tells them to others; then twenty suggestions follow, each
//! told. Medians of the first, in which a model is fitted from nothing, of those in which it is fitted again, and of those that add to an
//! earlier fit: the origin tells how many values the last fit was of.
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

mod host;

use host::{option, say, seconds, wants};
use std::sync::Arc;
use tunescape::context::Context;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space};
use tunescape::spec::Call;
use tunescape::strategy::{Ask, Plan, STRATEGIES, Strategy};
use tunescape::trial::{Direction, History, Job, Origin, Outcome};

/// Suggestions that are timed.
const ASKED: usize = 20;

/// What another optimizer takes for a suggestion in 4 dimensions.
struct Peer {
    name: &'static str,
    /// Which strategy of ours it stands beside.
    strategy: &'static str,
    /// Numbers of trials, and milliseconds.
    figures: &'static [(usize, f64)],
}

const PEERS: [Peer; 2] = [
    Peer {
        name: "Optuna GP",
        strategy: "bayes",
        figures: &[(50, 81.0), (100, 97.0), (200, 237.0)],
    },
    Peer {
        name: "Optuna TPE",
        strategy: "tpe",
        figures: &[(50, 1.6), (100, 2.0), (200, 2.5)],
    },
];

/// The sum of a bowl and a ripple.
fn objective(space: &Space, config: &Config) -> Outcome {
    let x = space.to_unit(config);
    let bowl: f64 = x.iter().map(|v| (v - 0.3) * (v - 0.3)).sum();
    Outcome::of(bowl + 0.1 * libm::sin(9.0 * x[0]))
}

/// Whether the model was fitted to all that was told before this job; `None` where its origin tells of no fit, as there is one for every
/// suggestion.
fn is_refit(history: &History, job: &Job) -> Option<bool> {
    let Origin::Model(origin) = &job.origin else {
        return None;
    };
    let fitted = origin.hyperparameters.iter().find(|(name, _)| name == "fitted");
    fitted.map(|(_, value)| *value == history.scored().count() as f64)
}

fn main() {
    host::alone(bench);
}

fn bench() {
    let dimensions = option("dimensions").map_or(4, |n| n.parse().expect("a number of dimensions"));
    let trials = option("trials").unwrap_or_else(|| "50,100,200,400,1000".into());
    let trials: Vec<usize> = trials
        .split(',')
        .map(|n| n.parse().expect("numbers of trials"))
        .collect();
    let strategies = option("strategies").unwrap_or_else(|| "bayes,tpe,smac".into());
    let param = |i: usize| Param::new(&format!("x{i}"), Domain::float(0.0, 1.0));
    let space = Arc::new(Space::new((0..dimensions).map(param).collect(), vec![]).expect("a valid space"));
    for call in Call::parse_list(&strategies).expect("strategies") {
        if !wants(&call.id) {
            continue;
        }
        let name = call.to_string();
        let entry = find(STRATEGIES, &call.id).expect("a known strategy");
        let (settings, refused) = Settings::check(entry.id, entry.settings, &call.settings);
        assert!(refused.is_empty(), "{refused:?}");
        for &n in &trials {
            let mut strategy = (entry.build)(&space, &settings, &Plan::new(Seed(1), n + ASKED)).expect("built");
            let peer = PEERS.iter().find(|peer| peer.strategy == name && dimensions == 4);
            let theirs = peer.and_then(|peer| {
                let (_, ms) = peer.figures.iter().find(|(trials, _)| *trials == n)?;
                Some((peer.name, *ms))
            });
            for (kind, mut times) in suggestions(&space, &mut *strategy, n) {
                times.sort_by(f64::total_cmp);
                let Some(ms) = times.get(times.len() / 2) else { continue };
                let beside = theirs.map_or_else(String::new, |(name, theirs)| {
                    format!("   {name} {theirs:>7.2} ms   {:>6.1} x", theirs / ms)
                });
                say(&format!("{name:<12} {n:>4} trials, {kind:<15} {ms:>9.3} ms{beside}"));
            }
        }
    }
}

/// Milliseconds of suggestions after so many random trials, by what was done for them.
fn suggestions(space: &Arc<Space>, strategy: &mut dyn Strategy, trials: usize) -> [(&'static str, Vec<f64>); 4] {
    let mut history = History::new(space.clone(), Direction::Minimize);
    let mut rng = Seed(2).rng();
    let tell = |history: &mut History, job: Job| {
        let (id, outcome) = (job.id, objective(space, &job.config));
        history.ask(job);
        history.tell(id, outcome).expect("pending");
    };
    for id in 0..trials as u32 {
        let job = Job {
            id,
            config: space.sample(&mut rng).expect("a configuration"),
            fidelity: 1.0,
            parent: None,
            origin: Origin::Person,
        };
        tell(&mut history, job);
    }
    let kinds = ["first fit", "fitted again", "added to a fit", "suggestion"];
    let mut times = kinds.map(|kind| (kind, Vec::new()));
    for asked_before in 0..ASKED {
        let start = seconds();
        let asked = strategy.ask(&history, 1, &Context::new());
        let took = (seconds() - start) * 1e3;
        let Ok(Ask::Jobs(jobs)) = asked else { break };
        for job in jobs {
            let kind = match is_refit(&history, &job) {
                Some(true) if asked_before == 0 => 0,
                Some(true) => 1,
                Some(false) => 2,
                None => 3,
            };
            times[kind].1.push(took);
            tell(&mut history, job);
        }
    }
    times
}
