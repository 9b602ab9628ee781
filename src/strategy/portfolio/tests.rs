//! Who is chosen, and that it follows from the log alone.

use super::*;
use crate::registry::Settings;
use crate::strategy::Plan;
use crate::strategy::team::choice;
use crate::strategy::testing::{number, space};
use crate::trial::{Direction, Outcome};
use std::sync::Arc;

fn build(space: &Arc<crate::space::Space>, members: &str, rule: &str) -> Box<dyn Strategy> {
    let given = [("members", members), ("rule", rule)].map(|(n, v)| (n.to_string(), v.to_string()));
    let (settings, wrong) = Settings::check("portfolio", ENTRY.settings, &given);
    assert!(wrong.is_empty(), "{wrong:?}");
    (ENTRY.build)(space, &settings, &Plan::new(Seed(5), 40)).expect("built")
}

fn run(members: &str, rule: &str, trials: usize) -> History {
    let space = space(&[("x", "-5.0..10.0"), ("y", "0.0..15.0"), ("z", "0.0..1.0")]);
    let mut strategy = build(&space, members, rule);
    let mut history = History::new(space.clone(), Direction::Minimize);
    while history.jobs().len() < trials {
        let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
            panic!("no job")
        };
        for job in jobs {
            let at = |name: &str| number(&job.config, name);
            let value = (at("x") - 2.0) * (at("x") - 2.0) + (at("y") - 4.0) * (at("y") - 4.0) + 9.0 * at("z");
            let id = job.id;
            history.ask(job);
            history.tell(id, Outcome::of(value)).expect("pending");
        }
    }
    history
}

fn chosen_late(history: &History, name: &str) -> usize {
    let late = history.jobs().iter().skip(10).filter_map(choice);
    late.filter(|c| c.strategy == name).count()
}

#[test]
fn who_does_well_is_chosen_more_often_and_the_rest_still_sometimes() {
    for rule in ["hedge", "bandit"] {
        let history = run("random|bayes", rule, 50);
        let (good, other) = (chosen_late(&history, "bayes"), chosen_late(&history, "random"));
        assert!(good >= 2 * other && other > 0, "{rule}: {good} against {other}");
    }
}

#[test]
fn nominees_and_gains_stand_in_the_origin_with_the_member_s_own_reason() {
    let history = run("bayes|tpe|random", "hedge", 14);
    for job in history.jobs() {
        let chosen = choice(job).expect("a choice");
        assert_eq!(chosen.nominees.len(), 3);
        let own = chosen.nominees.iter().find(|n| n.strategy == chosen.strategy);
        assert_eq!(own.map(|n| &n.config), Some(&job.config));
        let chances = chosen.numbers.iter().filter(|(n, _)| n.starts_with("chance."));
        assert!((chances.map(|(_, v)| v).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(!matches!(
            chosen.origin,
            crate::trial::Origin::Chosen(_) | crate::trial::Origin::Person
        ));
    }
}

#[test]
fn a_member_that_has_nothing_left_is_passed_over() {
    let space = space(&[("n", "1..6"), ("k", "{a,b}")]);
    for rule in ["hedge", "bandit"] {
        let mut strategy = build(&space, "random|cmaes|bayes", rule);
        let mut history = History::new(space.clone(), Direction::Maximize);
        while let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 3, &Context::new()) {
            for job in jobs {
                let id = job.id;
                let value = number(&job.config, "n");
                history.ask(job);
                history.tell(id, Outcome::of(value)).expect("pending");
            }
        }
        assert_eq!(history.jobs().len(), 12, "{rule}");
        assert!(matches!(
            strategy.ask(&history, 1, &Context::new()),
            Ok(Ask::Finished(_))
        ));
    }
}
