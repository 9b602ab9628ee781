//! What is picked where, and why.

use super::*;
use crate::seed::Seed;
use crate::space::Space;
use crate::strategy::testing::{number, space};
use crate::strategy::{Facts, Plan};
use crate::trial::{Direction, Outcome};
use std::sync::Arc;

fn real(count: usize) -> Arc<Space> {
    let names: Vec<String> = (0..count).map(|i| format!("x{i}")).collect();
    space(&names.iter().map(|n| (n.as_str(), "0.0..1.0")).collect::<Vec<_>>())
}

/// Runs until `trials` full trials are spent; the value may depend on the fidelity.
fn run(space: &Arc<Space>, facts: Facts, trials: usize, value: fn(&Config, f64) -> f64) -> History {
    let plan = Plan {
        facts,
        ..Plan::new(Seed(2), trials)
    };
    let mut strategy = (ENTRY.build)(space, &crate::registry::Settings::default(), &plan).expect("built");
    let mut history = History::new(space.clone(), Direction::Minimize);
    while history.spent() < trials as f64 - 1e-9 {
        let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            break;
        };
        for job in jobs {
            let (id, value) = (job.id, value(&job.config, job.fidelity));
            history.ask(job);
            history.tell(id, Outcome::of(value)).expect("pending");
        }
    }
    history
}

/// The strategies in the order in which they came.
fn order(history: &History) -> Vec<&str> {
    let mut names: Vec<&str> = history
        .jobs()
        .iter()
        .filter_map(choice)
        .map(|c| c.strategy.as_str())
        .collect();
    names.dedup();
    names
}

fn bowl(config: &Config, fidelity: f64) -> f64 {
    let off = |name: &str, at: f64| (number(config, name) - at) * (number(config, name) - at);
    off("x0", 0.3) + off("x1", 0.7) + 0.1 * (1.0 - fidelity)
}

#[test]
fn each_kind_of_problem_gets_its_own() {
    let first = |space: Arc<Space>, facts: Facts| {
        let plan = Plan {
            facts,
            ..Plan::new(Seed(1), 40)
        };
        let history = History::new(space.clone(), Direction::Minimize);
        Terrain::new(&space, &plan).picks(&history).swap_remove(0)
    };
    let gradient = Facts {
        has_gradient: true,
        ..Facts::default()
    };
    assert_eq!(first(real(3), Facts::default()).name, "bayes");
    assert_eq!(first(real(3), gradient.clone()).name, "bayes");
    assert_eq!(first(real(12), gradient).name, "gradient");
    // At a hundred trials a map with lengthscales that grow with the dimension beats rules that move, at a hundred parameters too.
    assert_eq!(first(real(60), Facts::default()).name, "bayes");
    let forest = Facts {
        models: vec!["forest".into()],
        rows: Some(120),
        metric: Some("accuracy".into()),
        has_fidelity: true,
        ..Facts::default()
    };
    let looks = first(real(3), forest);
    assert!(
        looks.name == "bohb" && looks.why.contains("forest on 120 rows"),
        "{}",
        looks.why
    );
    let mixed = space(&[("k", "{a,b}"), ("x", "0.0..1.0")]);
    let why = first(mixed, Facts::default()).why;
    assert!(why.contains("1 of them without order"), "{why}");
}

#[test]
fn brief_looks_come_first_and_a_model_goes_on() {
    let facts = Facts {
        has_fidelity: true,
        ..Facts::default()
    };
    let history = run(&real(2), facts.clone(), 24, bowl);
    assert_eq!(order(&history), ["bohb", "bayes"]);
    let change = history.jobs().iter().filter_map(choice).find(|c| c.strategy == "bayes");
    assert!(change.is_some_and(|c| c.why.starts_with("From bohb to bayes: ")));
    assert!(
        history
            .best()
            .is_some_and(|(job, score)| job.fidelity >= 1.0 && score.value < 0.01)
    );
    // Where low fidelity shows the opposite, the looks end as soon as that is known.
    let reversed: fn(&Config, f64) -> f64 = |c, fidelity| (2.0 * fidelity - 1.0) * bowl(c, 1.0);
    let spent = |history: &History| {
        let looks = history
            .jobs()
            .iter()
            .filter(|j| choice(j).is_some_and(|c| c.strategy == "bohb"));
        looks.map(|j| history.price(j)).sum::<f64>()
    };
    let [misled, trusted] = [reversed, bowl].map(|value| spent(&run(&real(2), facts.clone(), 60, value)));
    assert!(misled < 0.8 * trusted, "{misled} of {trusted}");
}

#[test]
fn the_choice_reads_back_from_the_log_alone() {
    let history = run(&real(2), Facts::default(), 12, bowl);
    assert_eq!(order(&history), ["bayes"]);
    let inner = history.jobs().iter().map(|j| j.origin.own());
    assert!(inner.clone().any(|o| matches!(o, crate::trial::Origin::Model(_))));
}

#[test]
fn long_searches_take_turns_with_a_trust_region_where_some_parameter_is_real() {
    let history = run(&real(2), Facts::default(), 54, bowl);
    assert_eq!(order(&history), ["bayes", "turbo", "bayes", "turbo"]);
    assert_eq!(
        history
            .jobs()
            .iter()
            .filter_map(choice)
            .filter(|c| c.strategy == "turbo")
            .count(),
        2
    );
    let noisy = Facts {
        noise: Some(0.1),
        ..Facts::default()
    };
    assert_eq!(order(&run(&real(2), noisy, 54, bowl)), ["bayes"]);
    let along = |x0, x1| run(&space(&[("x0", x0), ("x1", x1)]), Facts::default(), 54, bowl);
    assert_eq!(order(&along("0.0..1.0", "1..40")), ["bayes", "turbo", "bayes", "turbo"]);
    assert_eq!(order(&along("1..40", "1..40")), ["bayes"]);
}
