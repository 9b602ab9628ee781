#![allow(clippy::unwrap_used)]

use super::choose::DIFFERENT;
use super::*;
use crate::seed::{Seed, uniform};
use crate::space::{Condition, Domain, Param, Value};
use crate::strategy::STRATEGIES;
use crate::trial::{Direction, Event, Outcome};
use std::collections::BTreeSet;

fn make(space: &Arc<Space>, settings: &[(&str, &str)], trials: usize) -> Box<dyn Strategy> {
    let given: Vec<_> = settings.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let entry = find(STRATEGIES, "bayes").unwrap();
    let (settings, refused) = Settings::check("bayes", entry.settings, &given);
    assert_eq!(refused, Vec::<String>::new());
    (entry.build)(space, &settings, &Plan { seed: Seed(42), trials }).unwrap()
}

fn space(params: Vec<Param>) -> Arc<Space> {
    Arc::new(Space::new(params, Vec::new()).unwrap())
}

fn words(list: &[&str]) -> Domain {
    Domain::Categorical(list.iter().map(|w| Value::Text(w.to_string())).collect())
}

fn line() -> Arc<Space> {
    space(vec![Param::new("x", Domain::float(0.0, 1.0))])
}

/// A conditional space with a log scale, integers, an ordered list and something forbidden.
fn mixed() -> Arc<Space> {
    let when = |name: &str, domain: Domain, parent: &str, value: &str| {
        let condition = Condition {
            parent: parent.into(),
            values: vec![Value::Text(value.into())],
        };
        Param {
            when: vec![condition],
            ..Param::new(name, domain)
        }
    };
    let log = Domain::Float {
        low: 1e-4,
        high: 10.0,
        log: true,
        step: None,
    };
    let params = vec![
        Param::new("kernel", words(&["rbf", "linear", "poly"])),
        Param::new("c", log.clone()),
        when("gamma", log, "kernel", "rbf"),
        when("degree", Domain::int(2, 5), "kernel", "poly"),
        Param::new(
            "depth",
            Domain::Ordinal(vec![Value::Int(2), Value::Int(8), Value::None]),
        ),
        Param::new("units", Domain::int(1, 200)),
        Param::new("fixed", Domain::Fixed(Value::Bool(true))),
    ];
    let forbidden = Config(vec![
        ("kernel".into(), Value::Text("linear".into())),
        ("depth".into(), Value::None),
    ]);
    Arc::new(Space::new(params, vec![forbidden]).unwrap())
}

fn finite(sizes: &[i64]) -> Arc<Space> {
    space(
        sizes
            .iter()
            .enumerate()
            .map(|(i, n)| Param::new(&format!("p{i}"), Domain::int(1, *n)))
            .collect(),
    )
}

fn forrester(x: f64) -> f64 {
    (6.0 * x - 2.0) * (6.0 * x - 2.0) * libm::sin(12.0 * x - 4.0)
}

/// A smooth made-up objective of whatever numbers and words a configuration has; every seventh trial fails.
fn judge(config: &Config, id: u32) -> Outcome {
    if id % 7 == 4 {
        return Outcome::failed("diverged");
    }
    let of = |(i, (_, v)): (usize, &(String, Value))| match v {
        Value::Text(word) => word.len() as f64 * 0.1,
        other => libm::sin(other.number().unwrap_or(3.0) * 0.37 + i as f64),
    };
    Outcome::of(config.0.iter().enumerate().map(of).sum())
}

/// Runs with up to `parallel` trials pending, told in a shuffled order; gives the history.
fn run(space: &Arc<Space>, strategy: &mut dyn Strategy, trials: u32, parallel: usize) -> History {
    let mut history = History::new(space.clone(), Direction::Maximize);
    let mut rng = Seed(3).rng();
    let mut pending: Vec<u32> = Vec::new();
    while history.next_id() < trials {
        match strategy
            .ask(&history, parallel - pending.len(), &Context::new())
            .unwrap()
        {
            Ask::Jobs(jobs) => {
                for job in jobs {
                    assert!(
                        space.check(&job.config).is_ok_and(|c| c == job.config),
                        "{}",
                        job.config
                    );
                    pending.push(job.id);
                    history.ask(job);
                }
            }
            Ask::Wait => assert!(!pending.is_empty()),
            Ask::Finished(_) => break,
        }
        let id = pending.swap_remove((uniform(&mut rng) * pending.len() as f64) as usize);
        let outcome = judge(&history.jobs()[id as usize].config, id);
        history.tell(id, outcome).unwrap();
    }
    for id in pending {
        history.tell(id, Outcome::of(0.5)).unwrap();
    }
    history
}

fn assert_no_repeats(history: &History) {
    let keys: BTreeSet<String> = history.jobs().iter().map(|j| j.config.key()).collect();
    assert_eq!(keys.len(), history.jobs().len());
}

#[test]
fn a_fresh_instance_repeats_every_decision() {
    for (space, parallel) in [(mixed(), 1), (mixed(), 3), (line(), 2), (finite(&[4, 5]), 2)] {
        let history = run(&space, &mut *make(&space, &[], 24), 24, parallel);
        assert_no_repeats(&history);
        for (k, event) in history.log().iter().enumerate() {
            if let Event::Asked(job) = event {
                let asked = make(&space, &[], 24).ask(&history.at(k), 1, &Context::new()).unwrap();
                // Asking for several at once is asking for one several times.
                assert_eq!(asked, Ask::Jobs(vec![job.clone()]), "job {}", job.id);
            }
        }
    }
}

#[test]
fn a_live_instance_is_not_confused_by_other_histories() {
    let space = mixed();
    let mut live = make(&space, &[], 20);
    let history = run(&space, &mut *live, 16, 1);
    for k in [20, 32, 14, 26] {
        let context = Context::new();
        let fresh = make(&space, &[], 20).ask(&history.at(k), 2, &context);
        assert_eq!(live.ask(&history.at(k), 2, &context), fresh);
    }
}

#[test]
fn finite_spaces_are_tried_once_each_and_then_finished() {
    for acquisition in ACQUISITIONS.iter().map(|e| e.id) {
        let space = finite(&[2, 3]);
        let mut strategy = make(&space, &[("acq", acquisition)], 50);
        let history = run(&space, &mut *strategy, 50, 1);
        assert_eq!(history.jobs().len(), 6);
        assert_no_repeats(&history);
        let last = strategy.ask(&history, 1, &Context::new()).unwrap();
        assert_eq!(last, Ask::Finished("all 6 configurations have been tried".into()));
    }
}

#[test]
fn waits_while_the_last_are_pending() {
    let space = finite(&[2, 3]);
    let mut history = History::new(space.clone(), Direction::Minimize);
    let mut strategy = make(&space, &[], 50);
    let Ask::Jobs(jobs) = strategy.ask(&history, 10, &Context::new()).unwrap() else {
        panic!("jobs")
    };
    assert_eq!(jobs.len(), 6);
    jobs.into_iter().for_each(|job| history.ask(job));
    assert_eq!(strategy.ask(&history, 1, &Context::new()).unwrap(), Ask::Wait);
}

#[test]
fn a_batch_is_spread_out() {
    let space = line();
    let mut strategy = make(&space, &[], 30);
    let mut history = History::new(space.clone(), Direction::Minimize);
    for _ in 0..6 {
        let Ask::Jobs(jobs) = strategy.ask(&history, 1, &Context::new()).unwrap() else {
            panic!("a job")
        };
        let (id, x) = (jobs[0].id, jobs[0].config.number("x").unwrap());
        history.ask(jobs[0].clone());
        history.tell(id, Outcome::of(forrester(x))).unwrap();
    }
    let Ask::Jobs(jobs) = strategy.ask(&history, 4, &Context::new()).unwrap() else {
        panic!("jobs")
    };
    let mut xs: Vec<f64> = jobs.iter().map(|j| j.config.number("x").unwrap()).collect();
    xs.sort_by(f64::total_cmp);
    assert!(xs.windows(2).all(|w| w[1] - w[0] > 0.01), "{xs:?}");
}

#[test]
fn the_shown_acquisition_is_the_one_decided_by() {
    for acquisition in ACQUISITIONS.iter().map(|e| e.id) {
        let space = line();
        let mut strategy = make(&space, &[("acq", acquisition)], 30);
        let mut history = History::new(space.clone(), Direction::Maximize);
        let grid: Vec<Config> = (0..=2000).map(|i| space.at_unit(&[f64::from(i) / 2000.0])).collect();
        for _ in 0..14 {
            let Ask::Jobs(jobs) = strategy.ask(&history, 1, &Context::new()).unwrap() else {
                panic!("a job")
            };
            let job = jobs[0].clone();
            if let Origin::Model(origin) = &job.origin {
                let at: Vec<Config> = std::iter::once(job.config.clone()).chain(grid.clone()).collect();
                let Mind::Posterior(mind) = strategy.mind(&history, &at) else {
                    panic!("a posterior")
                };
                assert!((mind.acquisition[0] - origin.value).abs() <= 1e-9 * origin.value.abs());
                assert!((mind.mean[0] - origin.mean).abs() < 1e-9 && (mind.sd[0] - origin.sd).abs() < 1e-9);
                let best = mind.acquisition.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                assert!(
                    best <= origin.value + 1e-6 * best.abs().max(1.0),
                    "{acquisition}: {best} {}",
                    origin.value
                );
                for other in &origin.runners_up {
                    assert!(other.value <= origin.value);
                    assert!((other.config.number("x").unwrap() - job.config.number("x").unwrap()).abs() > DIFFERENT);
                }
            }
            let (id, x) = (job.id, job.config.number("x").unwrap());
            history.ask(job);
            history.tell(id, Outcome::of(-forrester(x))).unwrap();
        }
    }
}

#[test]
fn finds_forresters_minimum() {
    let space = line();
    let mut strategy = make(&space, &[], 20);
    let mut history = History::new(space.clone(), Direction::Minimize);
    for _ in 0..20 {
        let Ask::Jobs(jobs) = strategy.ask(&history, 1, &Context::new()).unwrap() else {
            panic!("a job")
        };
        let (id, x) = (jobs[0].id, jobs[0].config.number("x").unwrap());
        history.ask(jobs[0].clone());
        history.tell(id, Outcome::of(forrester(x))).unwrap();
    }
    // The minimum is −6.02074 at 0.757249.
    assert!(history.best().unwrap().1.value < -6.0207);
    let recommended = strategy.recommend(&history).unwrap();
    assert!((history.jobs()[recommended.id as usize].config.number("x").unwrap() - 0.757_249).abs() < 1e-3);
    assert!((recommended.belief.unwrap().0 + 6.02).abs() < 0.01);
}

#[test]
fn odd_outcomes_and_spaces_do_no_harm() {
    let wide = |d: usize| {
        space(
            (0..d)
                .map(|i| Param::new(&format!("x{i}"), Domain::float(-1.0, 1.0)))
                .collect(),
        )
    };
    let outcomes: [fn(u32) -> Outcome; 5] = [
        |_| Outcome::of(7.0),
        |i| Outcome::of(if i % 2 == 0 { 1e308 } else { -1e308 }),
        |i| Outcome::of(1e-300 * f64::from(i)),
        |_| Outcome::failed("always"),
        |i| {
            if i == 0 {
                Outcome::of(1.0)
            } else {
                Outcome::failed("all but one")
            }
        },
    ];
    for d in [1, 20] {
        for (k, outcome) in outcomes.iter().enumerate() {
            let space = wide(d);
            let mut strategy = make(&space, &[("initial", "2")], 12);
            let mut history = History::new(space.clone(), Direction::Minimize);
            for _ in 0..12 {
                let Ask::Jobs(jobs) = strategy.ask(&history, 1, &Context::new()).unwrap() else {
                    panic!("a job")
                };
                let text = serde_json::to_string(&jobs[0]).unwrap();
                assert!(!text.contains(":null"), "case {k}, {d} dimensions: {text}");
                history.ask(jobs[0].clone());
                history.tell(jobs[0].id, outcome(jobs[0].id)).unwrap();
            }
            assert_no_repeats(&history);
        }
    }
    let fixed = space(vec![Param::new("a", Domain::Fixed(Value::Int(3)))]);
    let history = run(&fixed, &mut *make(&fixed, &[], 5), 5, 1);
    assert_eq!(history.jobs().len(), 1);
}

#[test]
fn learns_from_a_persons_points() {
    let space = line();
    let mut history = History::new(space.clone(), Direction::Minimize);
    for i in 0..6 {
        let config = space.at_unit(&[f64::from(i) / 5.0]);
        let value = forrester(config.number("x").unwrap());
        let id = history.next_id();
        history.ask(Job {
            id,
            config,
            fidelity: 1.0,
            parent: None,
            origin: Origin::Person,
        });
        history.tell(id, Outcome::of(value)).unwrap();
    }
    let Ask::Jobs(jobs) = make(&space, &[], 30).ask(&history, 1, &Context::new()).unwrap() else {
        panic!("a job")
    };
    assert!(matches!(jobs[0].origin, Origin::Model(_)));
}
