//! When each rule stops, and what it says.

use super::*;
use crate::registry::Settings;
use crate::seed::{Seed, normal};
use crate::strategy::testing::{number, space};
use crate::trial::{Direction, Job, Origin, Outcome, Score};

fn rule(text: &str, space: &Arc<Space>) -> Stops {
    let calls = read(text).expect(text);
    Stops::new(&calls, space, &Plan::new(Seed(1), 50)).expect(text)
}

fn one() -> Arc<Space> {
    space(&[("x", "0.0..1.0")])
}

fn history(space: &Arc<Space>) -> History {
    History::new(space.clone(), Direction::Maximize)
}

fn add(history: &mut History, u: f64, fidelity: f64, outcome: Outcome) {
    let id = history.next_id();
    history.ask(Job {
        id,
        config: history.space().at_unit(&[u]),
        fidelity,
        parent: None,
        origin: Origin::Person,
    });
    history.tell(id, outcome).expect("pending");
}

fn scored(value: f64, folds: Vec<f64>, cost: Option<f64>) -> Outcome {
    Outcome::Value(Score {
        value,
        train: None,
        folds,
        cost,
        gradient: None,
    })
}

#[test]
fn every_entry_describes_itself_and_builds_with_its_defaults() {
    for entry in STOPPING {
        assert!(entry.about.len() > 40 && !entry.title.is_empty());
        for setting in entry.settings {
            let given = [(setting.id.to_string(), setting.default.to_string())];
            assert!(Settings::check(entry.id, entry.settings, &given).1.is_empty());
        }
        let space = one();
        assert_eq!(rule(entry.id, &space).check(&history(&space), &Context::new()), None);
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    for (text, part) in [
        ("never", "accepted: cost, stagnation, regret"),
        ("cost(limit:much)", "limit"),
        ("cost(", "cannot be read"),
        ("stagnation(trials:0)", "1 to 100000"),
    ] {
        assert!(read(text).err().is_some_and(|why| why.contains(part)), "{text}");
    }
}

#[test]
fn cost_is_what_is_reported_or_else_full_trials() {
    let space = one();
    let mut stops = rule("cost(limit:10)", &space);
    let mut reported = history(&space);
    for k in 0..4 {
        add(&mut reported, 0.2, 1.0, scored(1.0, Vec::new(), Some(3.0)));
        let why = stops.check(&reported, &Context::new());
        assert_eq!(why.is_some(), k == 3, "{why:?}");
    }
    let why = stops.check(&reported, &Context::new()).expect("a reason");
    assert!(why.contains("cost 12") && why.contains("limit is 10"), "{why}");
    let mut plain = history(&space);
    for k in 0..20 {
        add(&mut plain, 0.2, 0.5, Outcome::of(1.0));
        assert_eq!(stops.check(&plain, &Context::new()).is_some(), k == 19);
    }
}

#[test]
fn stagnation_counts_what_was_told_since_the_last_real_improvement() {
    let space = one();
    let mut stops = rule("stagnation(trials:3,tolerance:0.5)", &space);
    let mut h = history(&space);
    let values = [1.0, 1.4, 1.6, 0.0, 2.0, f64::NAN, 2.1];
    let stopped = values.map(|v| {
        add(&mut h, 0.3, 1.0, Outcome::of(v));
        stops.check(&h, &Context::new()).is_some()
    });
    // 1.6 is the first that is 0.5 better than 1; 2 and 2.1 are not enough beyond it.
    assert_eq!(stopped, [false, false, false, false, false, true, true]);
    let why = stops.check(&h, &Context::new()).expect("a reason");
    assert!(why.contains("better than 1.6 by more than 0.5"), "{why}");
    let mut failing = history(&space);
    (0..3).for_each(|_| add(&mut failing, 0.3, 1.0, Outcome::failed("no")));
    let why = stops.check(&failing, &Context::new()).expect("a reason");
    assert!(why.contains("no value"), "{why}");
}

/// A smooth hill over [0, 1], told at even points with folds that spread by `noise`.
fn hill(noise: f64, trials: usize) -> Option<String> {
    let space = one();
    let mut stops = rule("regret", &space);
    let mut h = history(&space);
    let mut rng = Seed(3).rng();
    for k in 0..trials {
        let u = ((k * 21) % 50) as f64 / 49.0;
        let x = number(&space.at_unit(&[u]), "x");
        let center = 1.0 - 4.0 * (x - 0.6) * (x - 0.6) + 0.3 * noise * normal(&mut rng);
        let folds: Vec<f64> = [-1.2, -0.6, 0.0, 0.6, 1.2].iter().map(|s| center + noise * s).collect();
        let value = folds.iter().sum::<f64>() / 5.0;
        add(&mut h, u, 1.0, scored(value, folds, None));
    }
    stops.check(&h, &Context::new())
}

#[test]
fn the_regret_bound_stops_under_noise_and_not_while_much_is_left() {
    let why = hill(0.1, 50).expect("nothing is left to gain beyond the noise");
    assert!(why.contains("over its folds"), "{why}");
    assert_eq!(hill(0.1, 19), None, "too few values");
    // One even sweep of a quarter of the range, with hardly any noise: the rest may be better.
    let space = one();
    let mut stops = rule("regret(least:5)", &space);
    let mut h = history(&space);
    for k in 0..6 {
        let u = f64::from(k) / 20.0;
        add(&mut h, u, 1.0, scored(u, vec![u - 1e-4, u + 1e-4], None));
    }
    assert_eq!(stops.check(&h, &Context::new()), None);
}
