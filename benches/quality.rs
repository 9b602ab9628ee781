//! Simple regret of `bayes` on standard test functions: `cargo bench --bench quality -- [PROBLEM…] [seeds=12] [evaluations=50] [bayes settings as key:value]`.
//!
//! Prints lines of problem, optimizer, evaluations, seeds, median, first and third quartile: the form of the figures of other optimizers.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(missing_docs)]

use std::sync::Arc;
use tunescape::context::Context;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Domain, Param, Space};
use tunescape::strategy::{Ask, Plan, STRATEGIES};
use tunescape::trial::{Direction, History, Outcome};

type Function = fn(&[f64]) -> f64;
/// Name, function, bounds, minimum.
type Problem = (&'static str, Function, Vec<(f64, f64)>, f64);

fn branin(x: &[f64]) -> f64 {
    let pi = std::f64::consts::PI;
    let a = x[1] - 5.1 / (4.0 * pi * pi) * x[0] * x[0] + 5.0 / pi * x[0] - 6.0;
    a * a + 10.0 * (1.0 - 1.0 / (8.0 * pi)) * libm::cos(x[0]) + 10.0
}

fn camel6(x: &[f64]) -> f64 {
    let (a, b) = (x[0] * x[0], x[1] * x[1]);
    (4.0 - 2.1 * a + a * a / 3.0) * a + x[0] * x[1] + (4.0 * b - 4.0) * b
}

fn hartmann6(x: &[f64]) -> f64 {
    const A: [[f64; 6]; 4] = [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ];
    const P: [[f64; 6]; 4] = [
        [1312.0, 1696.0, 5569.0, 124.0, 8283.0, 5886.0],
        [2329.0, 4135.0, 8307.0, 3736.0, 1004.0, 9991.0],
        [2348.0, 1451.0, 3522.0, 2883.0, 3047.0, 6650.0],
        [4047.0, 8828.0, 8732.0, 5743.0, 1091.0, 381.0],
    ];
    let term = |i: usize| -> f64 { (0..6).map(|j| A[i][j] * libm::pow(x[j] - 1e-4 * P[i][j], 2.0)).sum() };
    [1.0, 1.2, 3.0, 3.2]
        .iter()
        .enumerate()
        .map(|(i, c)| -c * libm::exp(-term(i)))
        .sum()
}

fn ackley5s(x: &[f64]) -> f64 {
    const SHIFT: [f64; 5] = [3.7, -8.1, 12.4, -2.9, 6.3];
    let z: Vec<f64> = x.iter().zip(SHIFT).map(|(x, s)| x - s).collect();
    let squares: f64 = z.iter().map(|v| v * v).sum();
    let waves: f64 = z.iter().map(|v| libm::cos(2.0 * std::f64::consts::PI * v)).sum();
    -20.0 * libm::exp(-0.2 * libm::sqrt(squares / 5.0)) - libm::exp(waves / 5.0) + 20.0 + std::f64::consts::E
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |key: &str, default: usize| {
        args.iter()
            .find_map(|a| a.strip_prefix(key)?.parse().ok())
            .unwrap_or(default)
    };
    let (seeds, evaluations) = (number("seeds=", 12), number("evaluations=", 50));
    let given: Vec<(String, String)> = args
        .iter()
        .filter_map(|a| a.split_once(':'))
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .collect();
    let entry = find(STRATEGIES, "bayes").expect("registered");
    let (settings, refused) = Settings::check("bayes", entry.settings, &given);
    assert!(refused.is_empty(), "{refused:?}");
    let wide = (-32.768, 32.768);
    let problems: [Problem; 4] = [
        (
            "branin",
            branin,
            vec![(-5.0, 10.0), (0.0, 15.0)],
            0.397_887_357_729_738_1,
        ),
        ("camel6", camel6, vec![(-3.0, 3.0), (-2.0, 2.0)], -1.031_628_453_489_877),
        ("hartmann6", hartmann6, vec![(0.0, 1.0); 6], -3.322_368_011_415_513),
        ("ackley5s", ackley5s, vec![wide; 5], 0.0),
    ];
    println!("problem,optimizer,evaluations,seeds,median,q1,q3");
    let named: Vec<&String> = args.iter().filter(|a| !a.contains(['=', ':'])).collect();
    for (name, function, bounds, optimum) in problems {
        if !named.is_empty() && !named.iter().any(|n| *n == name) {
            continue;
        }
        let names: Vec<String> = (0..bounds.len()).map(|i| format!("x{i}")).collect();
        let params = names
            .iter()
            .zip(&bounds)
            .map(|(n, (low, high))| Param::new(n, Domain::float(*low, *high)))
            .collect();
        let space = Arc::new(Space::new(params, Vec::new()).expect("a valid space"));
        let runs: Vec<Vec<f64>> = (0..seeds as u64)
            .map(|seed| {
                let plan = Plan {
                    seed: Seed(seed).derive("bench", 0),
                    trials: evaluations,
                };
                let mut strategy = (entry.build)(&space, &settings, &plan).expect("built");
                let mut history = History::new(space.clone(), Direction::Minimize);
                let mut best = f64::INFINITY;
                (0..evaluations)
                    .map(|_| {
                        let Ok(Ask::Jobs(mut jobs)) = strategy.ask(&history, 1, &Context::new()) else {
                            panic!("no job")
                        };
                        let job = jobs.remove(0);
                        let x: Vec<f64> = names.iter().filter_map(|n| job.config.number(n)).collect();
                        let (id, value) = (job.id, function(&x));
                        history.ask(job);
                        history.tell(id, Outcome::of(value)).expect("pending");
                        best = best.min(value);
                        best - optimum
                    })
                    .collect()
            })
            .collect();
        for at in [10, 20, 30, 50, 100].into_iter().filter(|at| *at <= evaluations) {
            let mut regrets: Vec<f64> = runs.iter().map(|r| r[at - 1]).collect();
            regrets.sort_by(f64::total_cmp);
            let quantile = |q: f64| {
                let place = q * (regrets.len() - 1) as f64;
                let (low, share) = (place as usize, place - libm::floor(place));
                regrets[low] + share * (regrets[(low + 1).min(regrets.len() - 1)] - regrets[low])
            };
            println!(
                "{name},tunescape,{at},{seeds},{:.3e},{:.3e},{:.3e}",
                quantile(0.5),
                quantile(0.25),
                quantile(0.75)
            );
        }
    }
}
