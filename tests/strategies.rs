//! Conformance: every strategy of the registry, on every kind of space, with failures, pending trials and a person's own points.

use std::sync::Arc;
use tunescape::context::Context;
use tunescape::mind::Mind;
use tunescape::registry::{Entry, Settings};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space, SpaceFile};
use tunescape::strategy::{Ask, Build, Plan, STRATEGIES, Strategy};
use tunescape::trial::{Direction, History, Job, Need, Origin, Outcome};

/// A space of every kind, by name.
fn spaces() -> Vec<(&'static str, Arc<Space>)> {
    let texts = [
        (
            "continuous",
            r#"{"params":[{"name":"x","type":"float","low":-5,"high":10},{"name":"y","type":"float","low":0,"high":1}]}"#,
        ),
        (
            "log",
            r#"{"params":[{"name":"lr","type":"float","low":1e-5,"high":1,"log":true},{"name":"n","type":"int","low":1,"high":512,"log":true}]}"#,
        ),
        (
            "integer",
            r#"{"params":[{"name":"a","type":"int","low":-3,"high":40},{"name":"b","type":"int","low":0,"high":100,"step":5}]}"#,
        ),
        (
            "categorical",
            r#"{"params":[{"name":"k","type":"categorical","choices":["a","b","c"]},{"name":"x","type":"float","low":0,"high":1}]}"#,
        ),
        (
            "conditional",
            r#"{"params":[{"name":"kernel","type":"categorical","choices":["rbf","linear"]},
            {"name":"gamma","type":"float","low":1e-4,"high":10,"log":true,"when":{"kernel":["rbf"]}},
            {"name":"c","type":"float","low":0.01,"high":100,"log":true}],"forbidden":[]}"#,
        ),
        (
            "mixed",
            r#"{"params":[{"name":"x","type":"float","low":-5,"high":10},{"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
            {"name":"units","type":"int","low":1,"high":64},{"name":"kernel","type":"categorical","choices":["rbf","linear"]},
            {"name":"depth","type":"ordinal","values":[2,4,8,null]},
            {"name":"gamma","type":"float","low":1e-4,"high":10,"log":true,"when":{"kernel":["rbf"]}}],
            "forbidden":[{"kernel":"linear","units":64}]}"#,
        ),
        (
            "finite",
            r#"{"params":[{"name":"a","type":"int","low":1,"high":4},{"name":"b","type":"categorical","choices":["u","v","w"]}],
            "forbidden":[{"a":2,"b":"v"}]}"#,
        ),
        ("single", r#"{"params":[{"name":"a","type":"fixed","value":3}]}"#),
    ];
    let read = |text: &str| {
        serde_json::from_str::<SpaceFile>(text)
            .expect("a space file")
            .space()
            .expect("a space")
    };
    texts.iter().map(|(name, text)| (*name, Arc::new(read(text)))).collect()
}

fn build(entry: &Entry<Build>, space: &Arc<Space>, seed: u64) -> Box<dyn Strategy> {
    accepted(entry, space, seed).unwrap_or_else(|e| panic!("{}: {e}", entry.id))
}

fn accepted(entry: &Entry<Build>, space: &Arc<Space>, seed: u64) -> Result<Box<dyn Strategy>, String> {
    let plan = Plan::new(Seed(seed), 24);
    (entry.build)(space, &Settings::defaults(entry.settings), &plan)
}

/// The kinds of space that a strategy searches: all of them, but for one that goes by gradients.
fn searched(entry: &Entry<Build>) -> Vec<(&'static str, Arc<Space>)> {
    let mut spaces = spaces();
    spaces.retain(|(name, space)| match accepted(entry, space, 1) {
        Ok(_) => true,
        Err(why) => {
            let is_real = ["continuous", "single"].contains(name);
            let named = space.params().iter().any(|p| why.contains(&p.name));
            assert!(
                entry.id == "gradient" && !is_real && named,
                "{} on {name}: {why}",
                entry.id
            );
            false
        }
    });
    spaces
}

/// What an objective reports to a strategy that needs it: the value, and the gradient of [`value`] or any other.
fn reported(need: Need, outcome: Outcome, gradient: impl FnOnce() -> Vec<f64>) -> Outcome {
    match outcome {
        Outcome::Value(mut score) if need == Need::Gradient => {
            score.gradient = Some(gradient());
            Outcome::Value(score)
        }
        other => other,
    }
}

/// The gradient of [`value`] in unit coordinates.
fn slope(space: &Space, config: &Config) -> Vec<f64> {
    let weigh = |(i, u): (usize, f64)| 2.0 * (i + 1) as f64 * (u - 0.3);
    space.to_unit(config).into_iter().enumerate().map(weigh).collect()
}

/// Something that depends on every coordinate.
fn value(space: &Space, config: &Config) -> f64 {
    let weigh = |(i, u): (usize, f64)| (i + 1) as f64 * (u - 0.3) * (u - 0.3);
    space.to_unit(config).into_iter().enumerate().map(weigh).sum()
}

/// Runs a strategy for some rounds of two jobs: of which the second is told a round later, every seventh trial fails, and a person
/// adds a point of their own in between. Checks each job on the way.
fn live(entry: &Entry<Build>, name: &str, space: &Arc<Space>, direction: Direction) -> (History, Vec<(usize, Ask)>) {
    lived(entry, build(entry, space, 11), name, space, direction)
}

/// [`live`] with a strategy of whatever settings.
fn lived(
    entry: &Entry<Build>,
    mut strategy: Box<dyn Strategy>,
    name: &str,
    space: &Arc<Space>,
    direction: Direction,
) -> (History, Vec<(usize, Ask)>) {
    let mut history = History::new(space.clone(), direction);
    let mut answers = Vec::new();
    let mut late: Option<u32> = None;
    for round in 0..12 {
        if round == 4
            && let Some(config) = space.sample(&mut Seed(5).rng())
        {
            let id = history.next_id();
            let outcome = Outcome::of(value(space, &config));
            history.ask(Job {
                id,
                config,
                fidelity: 1.0,
                parent: None,
                origin: Origin::Person,
            });
            history.tell(id, outcome).expect("a pending trial");
        }
        let answer = strategy
            .ask(&history, 2, &Context::new())
            .unwrap_or_else(|e| panic!("{} on {name}: {e}", entry.id));
        answers.push((history.log().len(), answer.clone()));
        let jobs = match answer {
            Ask::Jobs(jobs) => jobs,
            Ask::Wait if late.is_some() => Vec::new(),
            Ask::Wait => panic!("{} on {name} waits for nothing", entry.id),
            Ask::Finished(reason) => {
                assert!(!reason.is_empty());
                break;
            }
        };
        assert!(jobs.len() <= 2);
        for job in &jobs {
            assert_eq!(job.id, history.next_id(), "{} on {name}", entry.id);
            assert_eq!(
                space.check(&job.config).as_ref(),
                Ok(&job.config),
                "{} on {name}",
                entry.id
            );
            assert!(job.fidelity > 0.0 && job.fidelity <= 1.0);
            if space.size().is_some() {
                let repeated = history
                    .jobs()
                    .iter()
                    .any(|j| j.config == job.config && j.fidelity == job.fidelity);
                assert!(!repeated, "{} on {name} repeats {}", entry.id, job.config);
            }
            history.ask(job.clone());
        }
        let due = late.into_iter().chain(jobs.first().map(|j| j.id));
        for id in due.collect::<Vec<_>>() {
            let config = &history.jobs()[id as usize].config;
            let outcome = if id % 7 == 3 {
                Outcome::failed("diverged")
            } else {
                reported(strategy.need(), Outcome::of(value(space, config)), || {
                    slope(space, config)
                })
            };
            history.tell(id, outcome).expect("a pending trial");
        }
        late = jobs.get(1).map(|j| j.id);
    }
    (history, answers)
}

#[test]
fn a_fresh_instance_asked_with_any_prefix_answers_as_the_live_one_did() {
    for entry in STRATEGIES {
        for (name, space) in searched(entry) {
            let (history, answers) = live(entry, name, &space, Direction::Maximize);
            for (k, answer) in answers {
                let again = build(entry, &space, 11).ask(&history.at(k), 2, &Context::new());
                assert_eq!(again, Ok(answer), "{} on {name} after {k} log lines", entry.id);
            }
        }
    }
}

/// Settings that take other paths than the defaults.
const VARIANTS: &[(&str, &[(&str, &str)])] = &[
    ("bayes", &[("acq", "ei"), ("batch", "liar-min")]),
    ("bayes", &[("acq", "pi"), ("batch", "liar-mean")]),
    (
        "bayes",
        &[("acq", "ucb"), ("schedule", "growing"), ("batch", "liar-max")],
    ),
    ("bayes", &[("acq", "ucb"), ("schedule", "decaying")]),
    ("bayes", &[("acq", "thompson")]),
    ("bayes", &[("acq", "mes"), ("batch", "fantasies")]),
    ("bayes", &[("acq", "kg"), ("batch", "believer")]),
    ("bayes", &[("acq", "eips")]),
    ("turbo", &[("acq", "logei"), ("initial", "3")]),
];

#[test]
fn variants_answer_as_live_and_respect_constraints_and_priors() {
    let text = r#"{"params":[{"name":"x","type":"float","low":0,"high":1,"prior":"normal(0.2,0.1)"},
        {"name":"k","type":"categorical","choices":["a","b","c"],"prior":"weights(a:4)"},{"name":"n","type":"int","low":1,"high":20},
        {"name":"y","type":"float","low":1e-3,"high":1,"log":true,"when":{"k":["a","b"]}}],"where":["x+0.05*n<=1.2"]}"#;
    let file: SpaceFile = serde_json::from_str(text).expect("a space file");
    let mut all = spaces();
    all.retain(|(name, _)| ["mixed", "finite"].contains(name));
    all.push(("believed", Arc::new(file.space().expect("a space"))));
    for (id, given) in VARIANTS {
        let entry = tunescape::registry::find(STRATEGIES, id).expect("registered");
        let given: Vec<_> = given.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let (settings, refused) = Settings::check(id, entry.settings, &given);
        assert_eq!(refused, Vec::<String>::new());
        for (name, space) in &all {
            let plan = Plan::new(Seed(11), 24);
            let make = || (entry.build)(space, &settings, &plan).expect("built");
            let (history, answers) = lived(entry, make(), name, space, Direction::Minimize);
            for (k, answer) in answers.into_iter().step_by(3) {
                let again = make().ask(&history.at(k), 2, &Context::new());
                assert_eq!(again, Ok(answer), "{id} {given:?} on {name} after {k} log lines");
            }
        }
    }
}

#[test]
fn a_finite_space_is_covered_once_and_then_finished() {
    for entry in STRATEGIES {
        let finite = searched(entry).into_iter().find(|(name, _)| *name == "finite");
        let Some((_, space)) = finite else { continue };
        let mut strategy = build(entry, &space, 3);
        let mut history = History::new(space.clone(), Direction::Minimize);
        // Those of several fidelities see a configuration again with more effort, and need not see all of them with the whole.
        let jobs_at_most = 11 * 6;
        while let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) {
            for job in jobs {
                let (id, outcome) = (job.id, Outcome::of(value(&space, &job.config)));
                history.ask(job);
                history.tell(id, outcome).expect("a pending trial");
            }
            assert!(history.jobs().len() <= jobs_at_most, "{} does not end", entry.id);
        }
        let key = |j: &Job| (j.config.key(), j.fidelity.to_bits());
        let keys: std::collections::BTreeSet<_> = history.jobs().iter().map(key).collect();
        assert_eq!(keys.len(), history.jobs().len(), "{} repeats itself", entry.id);
        if history.jobs().iter().all(|j| j.fidelity >= 1.0) {
            assert_eq!(keys.len(), 11, "{}", entry.id);
        }
        assert!(
            matches!(strategy.ask(&history, 1, &Context::new()), Ok(Ask::Finished(_))),
            "{}",
            entry.id
        );
    }
}

#[test]
fn a_belief_has_a_number_for_each_configuration_and_leaves_the_next_proposal_alone() {
    for entry in STRATEGIES {
        for (name, space) in searched(entry) {
            let (history, _) = live(entry, name, &space, Direction::Minimize);
            let mut rng = Seed(1).rng();
            let at: Vec<Config> = (0..20).filter_map(|_| space.sample(&mut rng)).collect();
            let mut strategy = build(entry, &space, 11);
            match strategy.mind(&history, &at) {
                Mind::Nothing(why) => assert!(!why.is_empty()),
                Mind::Path(paths) => {
                    let mut steps = paths.iter().flat_map(|p| &p.steps);
                    assert!(paths.iter().all(|p| !p.steps.is_empty()) && steps.all(|s| s.id < history.next_id()));
                }
                Mind::Rungs(brackets) => {
                    let rungs = brackets.iter().flat_map(|b| &b.rungs);
                    let members: Vec<u32> = rungs.flat_map(|r| &r.members).map(|m| m.id).collect();
                    let distinct: std::collections::BTreeSet<u32> = members.iter().copied().collect();
                    assert!(
                        !members.is_empty() && distinct.len() == members.len(),
                        "{} on {name}",
                        entry.id
                    );
                }
                Mind::Densities(d) => {
                    let positive = |v: &[f64]| v.len() == at.len() && v.iter().all(|x| x.is_finite() && *x >= 0.0);
                    assert!(positive(&d.good) && positive(&d.bad), "{} on {name}: {d:?}", entry.id);
                    assert!(d.ratio.len() == at.len() && d.ratio.iter().all(|r| !r.is_nan()));
                }
                Mind::Gaussian(g) => {
                    let d = g.params.len();
                    assert!(g.params.iter().all(|name| space.index(name).is_some()), "{}", entry.id);
                    assert!(g.mean.len() == d && g.mean.iter().all(|m| (0.0..=1.0).contains(m)) && g.sigma > 0.0);
                    assert!(
                        g.covariance.len() == d
                            && (0..d).all(|i| g.covariance[i].len() == d && g.covariance[i][i] > 0.0)
                    );
                }
                Mind::Posterior(p) => {
                    let finite = |v: &[f64]| v.len() == at.len() && v.iter().all(|x| x.is_finite());
                    assert!(finite(&p.mean) && finite(&p.sd), "{} on {name}: {p:?}", entry.id);
                    assert!(p.acquisition.len() == at.len() && p.acquisition.iter().all(|a| !a.is_nan()));
                    assert!(p.sd.iter().all(|&sd| sd >= 0.0));
                }
            }
            let after = strategy.ask(&history, 1, &Context::new());
            assert_eq!(
                after,
                build(entry, &space, 11).ask(&history, 1, &Context::new()),
                "{} on {name}",
                entry.id
            );
        }
    }
}

#[test]
fn another_seed_gives_another_search_where_chance_plays_a_part() {
    for entry in STRATEGIES.iter().filter(|e| e.id != "grid") {
        let (name, space) = spaces().swap_remove(0);
        // Two trials: the first of some lies in the middle, whatever the seed.
        let first = |seed| {
            build(entry, &space, seed).ask(&History::new(space.clone(), Direction::Minimize), 2, &Context::new())
        };
        assert_ne!(first(1), first(2), "{} on {name}", entry.id);
    }
}

#[test]
fn every_entry_describes_itself() {
    for entry in STRATEGIES {
        assert!(
            !entry.title.is_empty() && entry.about.len() > 40 && !entry.paper.is_empty(),
            "{}",
            entry.id
        );
        for setting in entry.settings {
            let given = [(setting.id.to_string(), setting.default.to_string())];
            let (_, refused) = Settings::check(entry.id, entry.settings, &given);
            assert!(
                refused.is_empty() && !setting.about.is_empty(),
                "{}: {refused:?}",
                entry.id
            );
        }
    }
}

/// Runs up to `trials` one at a time; `outcome` says what comes of each.
fn run(entry: &Entry<Build>, space: &Arc<Space>, trials: u32, outcome: impl Fn(u32) -> Outcome) -> History {
    let mut strategy = build(entry, space, 2);
    let mut history = History::new(space.clone(), Direction::Minimize);
    for _ in 0..trials {
        match strategy.ask(&history, 1, &Context::new()) {
            Ok(Ask::Jobs(jobs)) => {
                for job in jobs {
                    let id = job.id;
                    assert_eq!(space.check(&job.config).as_ref(), Ok(&job.config), "{}", entry.id);
                    history.ask(job);
                    let slopes = || (0..space.dim()).map(|i| f64::from(id % 5) - i as f64).collect();
                    let outcome = reported(strategy.need(), outcome(id), slopes);
                    history.tell(id, outcome).expect("a pending trial");
                }
            }
            Ok(Ask::Finished(_)) => break,
            other => panic!("{}: {other:?}", entry.id),
        }
    }
    history
}

#[test]
fn hostile_outcomes_do_no_harm() {
    let outcomes: [fn(u32) -> Outcome; 4] = [
        |_| Outcome::failed("diverged"),
        |_| Outcome::of(1.0),
        |id| Outcome::of(if id % 2 == 0 { 1e300 } else { -1e300 }),
        |id| {
            if id % 3 == 0 {
                Outcome::of(f64::NAN)
            } else {
                Outcome::of(f64::from(id))
            }
        },
    ];
    for entry in STRATEGIES {
        for (name, space) in searched(entry) {
            for (kind, outcome) in outcomes.iter().enumerate() {
                let history = run(entry, &space, 40, outcome);
                let all = space.size().unwrap_or(40).min(40);
                // A grid may have fewer cells than the space has configurations.
                let enough = history.jobs().len() as u64 >= if entry.id == "grid" { 1 } else { all };
                assert!(
                    enough,
                    "{} on {name}, outcomes {kind}: {} trials",
                    entry.id,
                    history.jobs().len()
                );
                let key = |j: &Job| (j.config.key(), j.fidelity.to_bits());
                let distinct: std::collections::BTreeSet<_> = history.jobs().iter().map(key).collect();
                assert_eq!(
                    distinct.len(),
                    history.jobs().len(),
                    "{} on {name}, outcomes {kind}",
                    entry.id
                );
            }
        }
    }
}

#[test]
fn two_hundred_parameters_and_points_told_twice_do_no_harm() {
    let params = (0..200).map(|i| Param::new(&format!("x{i}"), Domain::float(-1.0, 2.0)));
    let space = Arc::new(Space::new(params.collect(), vec![]).expect("a space"));
    for entry in STRATEGIES.iter().filter(|e| e.id != "grid") {
        assert_eq!(
            run(entry, &space, 30, |id| Outcome::of(f64::from(id % 7))).jobs().len(),
            30,
            "{}",
            entry.id
        );
    }
    let (_, space) = spaces().swap_remove(5);
    for entry in STRATEGIES.iter().filter(|e| accepted(e, &space, 2).is_ok()) {
        let mut history = run(entry, &space, 12, |id| Outcome::of(f64::from(id % 5)));
        for value in [3.0, f64::NAN, -7.0] {
            let (id, config) = (history.next_id(), history.jobs()[1].config.clone());
            history.ask(Job {
                id,
                config,
                fidelity: 1.0,
                parent: None,
                origin: Origin::Person,
            });
            history.tell(id, Outcome::of(value)).expect("a pending trial");
        }
        let Ok(Ask::Jobs(jobs)) = build(entry, &space, 2).ask(&history, 3, &Context::new()) else {
            panic!("{} gives up", entry.id)
        };
        let is_new = |job: &Job| {
            let mut before = history.jobs().iter();
            before.all(|old| old.config != job.config || old.fidelity != job.fidelity)
        };
        assert!(!jobs.is_empty() && jobs.iter().all(is_new), "{}", entry.id);
    }
}

#[test]
fn ten_thousand_trials_leave_room_for_one_more() {
    // What is refitted at every trial by a Gaussian process is held elsewhere.
    let quick = [
        "tpe",
        "smac",
        "cmaes",
        "de",
        "evolution",
        "annealing",
        "nelder_mead",
        "sobol",
        "halton",
        "lhs",
        "random",
    ];
    let (name, space) = spaces().swap_remove(5);
    let mut history = History::new(space.clone(), Direction::Minimize);
    let mut rng = Seed(9).rng();
    for id in 0..10_000 {
        let Some(config) = space.sample(&mut rng) else { continue };
        let outcome = match id % 10 {
            0 => Outcome::failed("diverged"),
            _ => Outcome::of(value(&space, &config)),
        };
        history.ask(Job {
            id,
            config,
            fidelity: 1.0,
            parent: None,
            origin: Origin::Person,
        });
        history.tell(id, outcome).expect("a pending trial");
    }
    for entry in STRATEGIES.iter().filter(|e| quick.contains(&e.id)) {
        let answer = build(entry, &space, 1).ask(&history, 1, &Context::new());
        assert!(
            matches!(&answer, Ok(Ask::Jobs(jobs)) if jobs.len() == 1),
            "{} on {name}: {answer:?}",
            entry.id
        );
    }
}
