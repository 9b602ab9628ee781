//! Quality by cost: learning curves, on which methods of several fidelities are judged by what they have found at full fidelity.

use crate::problems::{Lookup, Set, lookup};
use crate::run::built;
use crate::statistics::{Sample, bootstrap, quantile};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use tunescape::context::Context;
use tunescape::space::{Config, Space};
use tunescape::spec::Call;
use tunescape::strategy::{Ask, Facts};
use tunescape::trial::{Direction, History, Outcome};

/// Normalized regret of configurations by fidelity.
struct Curve {
    name: &'static str,
    space: Arc<Space>,
    value: Value,
}

type Value = Box<dyn Fn(&Config, f64) -> f64 + Send + Sync>;

/// What everything may cost, in evaluations at full fidelity, and the steps in which it is looked at: a third.
const COST: usize = 30;
const STEPS: usize = 3 * COST;
/// Costs whose regrets are printed.
const SHOWN: [usize; 7] = [2, 3, 5, 10, 15, 20, 30];

/// The learning curves of a set: the suite's table, and the same with its low fidelities reversed, on purpose: there good looks bad; and
/// tables of our own multilayer perceptron, one by which settings are chosen and one that judges.
fn curves(folder: &Path, set: Set) -> Vec<Curve> {
    let make = |folder: &Path, table: &str, name: &'static str, reversed: bool| {
        let Lookup { space, epochs, look } = lookup(folder, table);
        let longest = epochs.last().copied().unwrap_or(1.0);
        let full: Vec<f64> = space.list().map(|c| look(&c)[epochs.len() - 1]).collect();
        let (low, high) = full
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), a| (l.min(*a), h.max(*a)));
        let value = move |config: &Config, fidelity: f64| {
            let scores = look(config);
            let regret = |accuracy: f64| (high - accuracy) / (high - low);
            if reversed && fidelity < 1.0 {
                return 1.0 - regret(scores[epochs.len() - 1]);
            }
            // The last mark of the curve that this effort reaches.
            let reached = epochs.iter().filter(|e| **e <= fidelity * longest + 1e-6).count();
            regret(scores[reached.max(1) - 1])
        };
        Curve {
            name,
            space: Arc::new(space),
            value: Box::new(value),
        }
    };
    let own = folder.join("../tables");
    match set {
        Set::Suite => vec![
            make(folder, "mlpcurve_wine", "mlpcurve_wine", false),
            make(folder, "mlpcurve_wine", "mlpcurve_reversed", true),
        ],
        Set::Judging => vec![make(&own, "mlpcurve_digits", "mlpcurve_digits", false)],
        Set::Tuning => vec![make(&own, "mlpcurve_cancer", "mlpcurve_cancer", false)],
    }
}

/// The regret of the recommended configuration at full fidelity, at every third of an evaluation spent.
fn run(curve: &Curve, call: &Call, seed: u64) -> Result<Vec<f64>, String> {
    let facts = Facts {
        has_fidelity: true,
        ..Facts::default()
    };
    let mut strategy = built(call, &curve.space, seed, COST, facts)?;
    let mut history = History::new(curve.space.clone(), Direction::Minimize);
    let mut regrets = vec![1.0; STEPS + 1];
    while let Ask::Jobs(jobs) = strategy.ask(&history, 1, &Context::new())? {
        for job in jobs {
            let (id, value) = (job.id, (curve.value)(&job.config, job.fidelity));
            history.ask(job);
            history.tell(id, Outcome::of(value))?;
        }
        let spent = libm::ceil(3.0 * history.spent() - 1e-6) as usize;
        if spent > STEPS {
            break;
        }
        let found = strategy
            .recommend(&history)
            .map(|r| &history.jobs()[r.id as usize].config);
        let regret = found.map_or(1.0, |config| (curve.value)(config, 1.0));
        regrets[spent..].fill(regret);
    }
    Ok(regrets)
}

/// Runs `calls` on every curve, and prints medians by cost beside random search at full fidelity.
pub fn report(folder: &Path, set: Set, calls: &[Call], seeds: usize) -> Result<(), String> {
    let random = Call::parse_list("random")?;
    for curve in curves(folder, set) {
        println!(
            "\n### {}: median regret at full fidelity (quartiles) by cost, in full evaluations\n",
            curve.name
        );
        let heads: Vec<String> = SHOWN.iter().map(ToString::to_string).collect();
        println!(
            "| strategy | {} | as good as random at {COST} from | at a third of that no worse |",
            heads.join(" | ")
        );
        println!("|---|{}---|---|", "---|".repeat(SHOWN.len()));
        let mut yardstick: Option<(Vec<f64>, f64)> = None;
        let others = calls.iter().filter(|c| c.id != "random");
        for call in random.iter().chain(others) {
            let runs: Vec<Vec<f64>> = (0..seeds as u64)
                .into_par_iter()
                .map(|seed| run(&curve, call, seed).map_err(|e| format!("{call} on {}: {e}", curve.name)))
                .collect::<Result<_, String>>()?;
            let at = |step: usize| runs.iter().map(|r| r[step]).collect::<Vec<f64>>();
            let columns: Vec<String> = SHOWN
                .iter()
                .map(|cost| {
                    let [low, middle, high] = [0.25, 0.5, 0.75].map(|q| quantile(&at(3 * cost), q));
                    format!("{middle:.4} ({low:.4}–{high:.4})")
                })
                .collect();
            let (last, unit) = yardstick.get_or_insert_with(|| (at(STEPS), quantile(&at(30), 0.5)));
            let goal = quantile(last, 0.5);
            let reached = (0..=STEPS).find(|step| (*step..=STEPS).all(|s| quantile(&at(s), 0.5) <= goal + 1e-12));
            let reached = reached.map_or("–".to_string(), |step| format!("{:.1}", step as f64 / 3.0));
            let (bound, _) = bootstrap(&Sample::Own(at(STEPS / 3)), &Sample::Own(last.clone()));
            let fits = if bound <= 0.01 * *unit { "yes" } else { "no" };
            println!("| {call} | {} | {reached} | {fits} |", columns.join(" | "));
        }
    }
    Ok(())
}
