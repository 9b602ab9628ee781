//! Time of one suggestion (fit and acquisition) at several numbers of trials: `cargo bench --bench gp -- [dimensions=4]`.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(missing_docs)]

use std::sync::Arc;
use std::time::Instant;
use tunescape::context::Context;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Domain, Param, Space};
use tunescape::strategy::{Ask, Plan, STRATEGIES};
use tunescape::surrogate::gp::{Axis, Gp, Matern52, Priors};
use tunescape::trial::{Direction, History, Outcome};

/// The sum of a bowl and a ripple, with a little noise.
fn objective(x: &[f64], id: u32) -> f64 {
    let bowl: f64 = x.iter().map(|v| (v - 0.3) * (v - 0.3)).sum();
    bowl + 0.1 * libm::sin(9.0 * x[0]) + 0.01 * libm::sin(f64::from(id) * 77.7)
}

fn main() {
    let dimensions: usize = std::env::args()
        .find_map(|a| a.strip_prefix("dimensions=")?.parse().ok())
        .unwrap_or(4);
    let names: Vec<String> = (0..dimensions).map(|i| format!("x{i}")).collect();
    let params = names.iter().map(|n| Param::new(n, Domain::float(0.0, 1.0))).collect();
    let space = Arc::new(Space::new(params, Vec::new()).expect("a valid space"));
    let entry = find(STRATEGIES, "bayes").expect("registered");
    let plan = Plan::new(Seed(1), 410);
    let mut strategy = (entry.build)(&space, &Settings::defaults(entry.settings), &plan).expect("built");
    let mut history = History::new(space.clone(), Direction::Minimize);
    let mut times = Vec::new();
    for _ in 0..210u32 {
        let start = Instant::now();
        let Ok(Ask::Jobs(mut jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            panic!("no job")
        };
        times.push(start.elapsed().as_secs_f64() * 1e3);
        let job = jobs.remove(0);
        let x: Vec<f64> = names.iter().filter_map(|n| job.config.number(n)).collect();
        let id = job.id;
        history.ask(job);
        history.tell(id, Outcome::of(objective(&x, id))).expect("pending");
    }
    for at in [20, 50, 100, 200] {
        let mut near: Vec<f64> = times[at - 5..at + 5].to_vec();
        near.sort_by(f64::total_cmp);
        println!(
            "suggestion at {at} trials: median {:.1} ms, slowest of ten {:.1} ms",
            near[5], near[9]
        );
    }
    let axes = vec![Axis::Numeric; dimensions];
    let x: Vec<Vec<f64>> = history.jobs().iter().map(|j| space.to_unit(&j.config)).collect();
    let y: Vec<f64> = history.scored().map(|(_, s)| s.value).collect();
    let priors = Priors::default_for(dimensions);
    for n in [50, 100, 200] {
        let start = Instant::now();
        let gp = Gp::fit(&axes, &Matern52, &x[..n], &y[..n], &priors, &[priors.start(dimensions)]).expect("regular");
        let fit = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let conditioned = Gp::new(&axes, &Matern52, &x[..n], &y[..n], gp.hyperparameters()).expect("regular");
        let condition = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let points: Vec<Vec<f64>> = x.iter().cycle().take(1000).cloned().collect();
        let all = conditioned.posterior_batch(&points);
        let batch = start.elapsed().as_secs_f64() * 1e3;
        println!(
            "n {n}: cold fit {fit:.1} ms, conditioning {condition:.2} ms, {} predictions {batch:.2} ms",
            all.len()
        );
    }
}
