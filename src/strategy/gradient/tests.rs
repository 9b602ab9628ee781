//! Known convergence, and refusals.

use super::*;
use crate::context::Context;
use crate::registry::Settings;
use crate::seed::Seed;
use crate::strategy::testing::space;
use crate::strategy::{Ask, Strategy};
use crate::trial::{History, Outcome, Score};
use std::sync::Arc;

fn build(space: &Arc<Space>, method: &str, seed: u64) -> Box<dyn Strategy> {
    let (settings, _) = Settings::check(
        "gradient",
        ENTRY.settings,
        &[("method".into(), method.into()), ("steps".into(), "60".into())],
    );
    (ENTRY.build)(space, &settings, &Plan::new(Seed(seed), 60)).expect("built")
}

/// Runs `trials`; the objective gives value and unit-cube gradient by unit coordinates.
fn run(method: &str, seed: u64, trials: usize, f: fn(&[f64]) -> (f64, Vec<f64>), direction: Direction) -> History {
    let space = space(&[("a", "0.0..1.0"), ("b", "0.0..1.0"), ("c", "=7"), ("d", "0.0..1.0")]);
    let mut strategy = build(&space, method, seed);
    let mut history = History::new(space.clone(), direction);
    while history.jobs().len() < trials {
        let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            break;
        };
        for job in jobs {
            let at = |name: &str| job.config.number(name).expect("a number");
            let (value, g) = f(&[at("a"), at("b"), at("d")]);
            let sign = |v: f64| direction.minimized(v);
            let gradient = vec![sign(g[0]), sign(g[1]), 0.0, sign(g[2])];
            let score = Score {
                value: sign(value),
                train: None,
                folds: Vec::new(),
                cost: None,
                gradient: Some(gradient),
            };
            let id = job.id;
            history.ask(job);
            history.tell(id, Outcome::Value(score)).expect("pending");
        }
    }
    history
}

/// A bent valley with its bottom at (0.6, 0.36, 1): at an end of the third coordinate.
fn valley(x: &[f64]) -> (f64, Vec<f64>) {
    let (bend, a, edge) = (x[1] - x[0] * x[0], x[0] - 0.6, 1.2 - x[2]);
    let value = 20.0 * bend * bend + a * a + edge * edge - 0.04;
    (value, vec![-80.0 * bend * x[0] + 2.0 * a, 40.0 * bend, -2.0 * edge])
}

#[test]
fn both_methods_reach_the_bottom_of_a_bent_valley_at_a_bound() {
    for (method, trials, target) in [("lbfgs", 40, 1e-6), ("adam", 60, 0.08)] {
        for seed in 0..5 {
            for direction in [Direction::Minimize, Direction::Maximize] {
                let history = run(method, seed, trials, valley, direction);
                let best = history.best().expect("a best").1.value;
                assert!(direction.minimized(best) < target, "{method} {seed}: {best}");
            }
        }
    }
}

#[test]
fn a_gradient_is_worth_more_than_its_value() {
    // Forty uniform draws come to 0.05 in the median.
    let history = run("lbfgs", 1, 15, valley, Direction::Minimize);
    assert!(history.best().expect("a best").1.value < 1e-3);
}

#[test]
fn starts_follow_each_other_and_their_paths_are_shown() {
    let waves = |x: &[f64]| {
        let wave = |u: f64| (1.0 - libm::cos(12.0 * u), 12.0 * libm::sin(12.0 * u));
        let parts: Vec<(f64, f64)> = x.iter().map(|u| wave(*u)).collect();
        (parts.iter().map(|p| p.0).sum(), parts.iter().map(|p| p.1).collect())
    };
    let history = run("lbfgs", 3, 60, waves, Direction::Minimize);
    let mut strategy = build(history.space(), "lbfgs", 3);
    let Mind::Path(paths) = strategy.mind(&history, &[]) else {
        panic!("no path")
    };
    assert!(paths.len() >= 3, "{} starts", paths.len());
    // Two descents may meet, in a corner for one, and the second costs no trial there.
    let mut ids: Vec<u32> = paths.iter().flat_map(|p| &p.steps).map(|s| s.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids, (0..60).collect::<Vec<u32>>());
    assert!(paths.iter().flat_map(|p| &p.steps).any(|s| !s.kept));
}

#[test]
fn what_cannot_move_is_named() {
    let space = space(&[("x", "0.0..1.0"), ("k", "{a,b}"), ("n", "1..9"), ("f", "=3")]);
    let why = (ENTRY.build)(&space, &Settings::defaults(ENTRY.settings), &Plan::new(Seed(1), 9)).err();
    let why = why.expect("refused");
    assert!(why.contains("k has categories, n goes by levels;"), "{why}");
}

#[test]
fn a_value_without_a_gradient_ends_it_and_a_failure_does_not() {
    let space = space(&[("x", "0.0..1.0"), ("y", "0.0..1.0")]);
    let first = |outcome: Outcome| {
        let mut strategy = build(&space, "lbfgs", 1);
        let mut history = History::new(space.clone(), Direction::Minimize);
        let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            panic!("no job")
        };
        jobs.into_iter().for_each(|job| history.ask(job));
        history.tell(0, outcome).expect("pending");
        strategy.ask(&history, 1, &Context::new())
    };
    let with = |gradient: Option<Vec<f64>>| {
        Outcome::Value(Score {
            value: 1.0,
            train: None,
            folds: Vec::new(),
            cost: None,
            gradient,
        })
    };
    for missing in [None, Some(vec![1.0]), Some(vec![1.0, f64::INFINITY])] {
        let Ok(Ask::Finished(why)) = first(with(missing)) else {
            panic!("it goes on")
        };
        assert!(why.contains("without a gradient"), "{why}");
    }
    for harmless in [Outcome::failed("diverged"), with(Some(vec![1e300, -1e300]))] {
        assert!(matches!(first(harmless), Ok(Ask::Jobs(_))));
    }
}
