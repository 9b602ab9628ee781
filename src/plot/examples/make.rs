//! Studies and trials for pictures.

use crate::protocol::{Event, Lane, Prepared, Trial};
use crate::space::{Config, Domain, Param, Space, Value};
use crate::trial::{Direction, Job, Origin, Outcome};
use crate::view::View;

/// A number in [0, 1) that looks random: pictures need no better.
pub(in crate::plot) fn scatter(i: u32, salt: u32) -> f64 {
    let mixed = (u64::from(i) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = mixed ^ (u64::from(salt) + 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 32)) & 0xffff) as f64 / 65536.0
}

pub(in crate::plot) fn log_float(low: f64, high: f64) -> Domain {
    Domain::Float {
        low,
        high,
        log: true,
        step: None,
    }
}

pub(in crate::plot) fn words(names: &[&str]) -> Vec<Value> {
    names.iter().map(|n| Value::parse(n)).collect()
}

pub(in crate::plot) fn space(params: Vec<(&str, Domain)>) -> Space {
    Space::new(params.into_iter().map(|(n, d)| Param::new(n, d)).collect(), vec![]).expect("a space")
}

/// A prepared study without trials.
pub(in crate::plot) fn prepared(space: Space, direction: Direction, title: &str, lanes: &[&str], trials: u32) -> View {
    let mut view = View::new(1);
    let title_of = |id: &str| match id {
        "grid" => "Grid search".to_string(),
        "random" => "Random search".to_string(),
        "bayes" => "Bayesian optimization".to_string(),
        other => other.to_string(),
    };
    let lane = |(i, id): (usize, &&str)| Lane {
        id: id.to_string(),
        label: format!("{id}{i}"),
        title: title_of(id),
        trials,
    };
    let lanes = lanes.iter().enumerate().map(lane).collect();
    let study = Prepared {
        value_title: title.into(),
        ..Prepared::example(space, direction, lanes, trials)
    };
    view.fold(Event::Prepared {
        run: 1,
        study: Box::new(study),
    });
    view
}

/// Adds a trial of `lane` at a point of the unit cube.
pub(in crate::plot) fn add(view: &mut View, lane: usize, point: &[f64], value: impl Fn(&Config) -> Outcome) {
    let config = view.study.as_ref().expect("a study").space.at_unit(point);
    let job = Job {
        id: view.lanes[lane].trials.len() as u32,
        fidelity: 1.0,
        parent: None,
        origin: Origin::Random {
            without_replacement: false,
        },
        config,
    };
    let outcome = value(&job.config);
    let trial = Trial {
        lane,
        job,
        outcome,
        line: String::new(),
        seconds: 0.01,
    };
    view.fold(Event::Trials {
        run: 1,
        trials: vec![trial],
    });
}

/// A smooth objective between 0.4 and 1 on the unit cube, best near (0.45, 0.6).
pub(in crate::plot) fn accuracy(u: f64, v: f64) -> f64 {
    let ridge = libm::exp(-8.0 * (v - 0.9 + 0.6 * u) * (v - 0.9 + 0.6 * u));
    let edge = 1.0 / (1.0 + libm::exp(-14.0 * (u - 0.2)));
    0.4 + 0.59 * ridge * edge
}

pub(in crate::plot) fn accuracy_of(view: &View, config: &Config) -> Outcome {
    let unit = view.study.as_ref().expect("a study").space.to_unit(config);
    Outcome::of(accuracy(unit[0], unit.get(1).copied().unwrap_or(0.6)))
}

/// Fills every lane: a grid on lattice points, others scattered.
pub(in crate::plot) fn fill(view: &mut View, trials: u32, value: &dyn Fn(&View, u32, &Config) -> Outcome) {
    let dim = view.study.as_ref().expect("a study").space.dim();
    for i in 0..trials {
        for lane in 0..view.lanes.len() {
            let side = libm::ceil(libm::pow(f64::from(trials), 1.0 / dim as f64)) as u32;
            let lattice = |d: usize| (f64::from(i / side.pow(d as u32) % side) + 0.5) / f64::from(side);
            let near = |d: usize| 0.45 + 0.15 * d as f64 + (scatter(i, 50 + d as u32) - 0.5) * 0.5;
            let point: Vec<f64> = (0..dim)
                .map(|d| match view.lanes[lane].lane.id.as_str() {
                    "grid" => lattice(d),
                    "bayes" if i > 4 => near(d),
                    _ => scatter(i, (lane * 10 + d) as u32),
                })
                .collect();
            let outcome = value(view, i, &view.study.as_ref().expect("a study").space.at_unit(&point));
            add(view, lane, &point, |_| outcome.clone());
        }
    }
}

pub(in crate::plot) fn svm(lanes: &[&str]) -> View {
    let space = space(vec![("C", log_float(1e-2, 1e4)), ("gamma", log_float(1e-5, 10.0))]);
    prepared(space, Direction::Maximize, "cross-validated accuracy", lanes, 30)
}

pub(in crate::plot) fn forest(lanes: &[&str]) -> View {
    let depth = Domain::Ordinal(words(&["2", "4", "8", "16", "32", "none"]));
    let space = space(vec![
        ("max_depth", depth),
        ("criterion", Domain::Categorical(words(&["gini", "entropy"]))),
        (
            "n_estimators",
            Domain::Int {
                low: 1,
                high: 200,
                log: true,
                step: 1,
            },
        ),
        ("max_features", Domain::float(0.1, 0.9)),
        ("min_samples_leaf", Domain::int(1, 6)),
    ]);
    prepared(space, Direction::Maximize, "cross-validated accuracy", lanes, 40)
}
