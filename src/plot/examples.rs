//! Views for tests, folded from real events.

use super::{Across, Focus};
use crate::mind::{Bracket, Densities, Fate, Gaussian, Member, Mind, Path, Posterior, Rung, Waypoint};
use crate::protocol::{Event, Grid, Importance, Judged, Lane, Learning, Map, Plane, Prepared, Slice, Trial};
use crate::space::{Condition, Config, Domain, Param, Space, Value};
use crate::trial::{ChosenOrigin, Direction, Job, Nominee, Origin, Outcome, Score};
use crate::view::{Layer, View};
use std::f64::consts::PI;

/// A number in [0, 1) that looks random: pictures need no better.
pub(super) fn scatter(i: u32, salt: u32) -> f64 {
    let mixed = (u64::from(i) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = mixed ^ (u64::from(salt) + 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 32)) & 0xffff) as f64 / 65536.0
}

/// A study about to be folded.
pub(super) struct Example {
    pub(super) name: &'static str,
    pub(super) view: View,
    pub(super) focus: Focus,
}

pub(super) fn log_float(low: f64, high: f64) -> Domain {
    Domain::Float {
        low,
        high,
        log: true,
        step: None,
    }
}

pub(super) fn words(names: &[&str]) -> Vec<Value> {
    names.iter().map(|n| Value::parse(n)).collect()
}

pub(super) fn space(params: Vec<(&str, Domain)>) -> Space {
    Space::new(params.into_iter().map(|(n, d)| Param::new(n, d)).collect(), vec![]).expect("a space")
}

/// A prepared study without trials.
pub(super) fn prepared(space: Space, direction: Direction, title: &str, lanes: &[&str], trials: u32) -> View {
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
    let study = Prepared {
        text: String::new(),
        preset: None,
        refused: vec![],
        facts: vec![],
        value_title: title.into(),
        direction,
        space,
        configurations: None,
        optimum: None,
        cheap: true,
        staged: false,
        trials,
        reps: 1,
        lanes: lanes.iter().enumerate().map(lane).collect(),
    };
    view.fold(Event::Prepared {
        run: 1,
        study: Box::new(study),
    });
    view
}

/// Adds a trial of `lane` at a point of the unit cube.
pub(super) fn add(view: &mut View, lane: usize, point: &[f64], value: impl Fn(&Config) -> Outcome) {
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

/// Adds a trial of the first strategy with some of the effort, with folds and a training score.
fn climb(view: &mut View, point: &[f64], fidelity: f64, parent: Option<u32>, works: bool) {
    let config = view.study.as_ref().expect("a study").space.at_unit(point);
    let value = accuracy(point[0], point[1]);
    let score = Score {
        value,
        train: Some(value + 0.05),
        folds: vec![value - 0.03, value, value + 0.03],
        cost: Some(1e6 * fidelity),
        gradient: None,
    };
    let job = Job {
        id: view.lanes[0].trials.len() as u32,
        fidelity,
        parent,
        origin: Origin::Person,
        config,
    };
    let outcome = if works {
        Outcome::Value(score)
    } else {
        Outcome::failed("out of memory")
    };
    let trial = Trial {
        lane: 0,
        job,
        outcome,
        line: String::new(),
        seconds: 0.02,
    };
    view.fold(Event::Trials {
        run: 1,
        trials: vec![trial],
    });
}

/// Adds trials of the first strategy that were drawn from the proposals of others, the third of which has no luck; one is a person's.
fn draw_from_members(view: &mut View, trials: u32) {
    let ids = ["bayes", "tpe", "cmaes"];
    for i in 0..trials {
        let config = |salt: u32| {
            let space = &view.study.as_ref().expect("a study").space;
            space.at_unit(&[scatter(i, salt), scatter(i, salt + 9)])
        };
        let odds = [0.45 + 0.2 * scatter(i, 3), 0.3, 0.05];
        let taken = usize::from(scatter(i, 4) > odds[0]);
        let named = |what: &str, v: [f64; 3]| {
            ids.map(|id| format!("{what}.{id}"))
                .into_iter()
                .zip(v)
                .collect::<Vec<_>>()
        };
        let nominees = (0..3).map(|m| Nominee {
            strategy: ids[m].into(),
            config: config(m as u32),
        });
        let chosen = ChosenOrigin {
            strategy: ids[taken].into(),
            why: "Drawn from 3 proposals.".into(),
            numbers: [named("gain", [0.4, 0.1, -2.0]), named("chance", odds)].concat(),
            nominees: nominees.collect(),
            origin: Origin::Random {
                without_replacement: false,
            },
        };
        let job = Job {
            id: i,
            fidelity: 1.0,
            parent: None,
            origin: if i == 7 {
                Origin::Person
            } else {
                Origin::Chosen(Box::new(chosen))
            },
            config: config(taken as u32),
        };
        let outcome = if i == 9 {
            Outcome::failed("out of memory")
        } else {
            accuracy_of(view, &job.config)
        };
        let trial = Trial {
            lane: 0,
            job,
            outcome,
            line: String::new(),
            seconds: 0.01,
        };
        let trials = vec![trial];
        view.fold(Event::Trials { run: 1, trials });
    }
}

/// A smooth objective between 0.4 and 1 on the unit cube, best near (0.45, 0.6).
pub(super) fn accuracy(u: f64, v: f64) -> f64 {
    let ridge = libm::exp(-8.0 * (v - 0.9 + 0.6 * u) * (v - 0.9 + 0.6 * u));
    let edge = 1.0 / (1.0 + libm::exp(-14.0 * (u - 0.2)));
    0.4 + 0.59 * ridge * edge
}

pub(super) fn accuracy_of(view: &View, config: &Config) -> Outcome {
    let unit = view.study.as_ref().expect("a study").space.to_unit(config);
    Outcome::of(accuracy(unit[0], unit.get(1).copied().unwrap_or(0.6)))
}

/// Fills every lane: a grid on lattice points, others scattered.
pub(super) fn fill(view: &mut View, trials: u32, value: &dyn Fn(&View, u32, &Config) -> Outcome) {
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

/// A plane of truth over two parameters.
pub(super) fn truth(view: &mut View, x: &str, y: &str, cells: u32, value: impl Fn(f64, f64) -> f64) {
    let middle = |i: u32| (f64::from(i) + 0.5) / f64::from(cells);
    let values = (0..cells * cells)
        .map(|i| value(middle(i % cells), middle(i / cells)))
        .collect();
    let plane = Plane {
        grid: grid(x, y, cells),
        done: (cells * cells) as usize,
        values,
    };
    view.fold(Event::Truth {
        run: 1,
        plane: Box::new(plane),
    });
}

fn grid(x: &str, y: &str, cells: u32) -> Grid {
    Grid {
        x: x.into(),
        y: y.into(),
        columns: cells as usize,
        rows: cells as usize,
        through: None,
    }
}

/// What `lane` believes over two parameters: mean as given, unsure towards one corner, the acquisition a hill.
fn map(view: &mut View, lane: usize, x: &str, y: &str, mind: Mind, mean: impl Fn(f64, f64) -> f64) {
    let grid = grid(x, y, 20);
    let at = |value: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let cell = |i: usize| {
            let (u, v) = grid.middle(i);
            value(u, v)
        };
        (0..grid.len()).map(cell).collect()
    };
    let hill = |u: f64, v: f64| -20.0 * ((u - 0.7) * (u - 0.7) + (v - 0.3) * (v - 0.3)) - 1.0;
    let values = match &mind {
        Mind::Posterior(_) => [at(&mean), at(&|u, v| 0.01 + 0.1 * u * v), at(&hill)].concat(),
        Mind::Densities(_) => at(&|u, v| libm::exp(hill(u, v))),
        _ => Vec::new(),
    };
    let next = view.study.as_ref().map(|s| s.space.at_unit(&vec![0.7; s.space.dim()]));
    let map = Map {
        lane,
        trial: None,
        grid,
        mind,
        next,
        values,
    };
    view.fold(Event::Map {
        run: 1,
        map: Box::new(map),
    });
}

/// A belief along `param` that chose `trial`.
pub(super) fn belief(view: &mut View, lane: usize, trial: Option<u32>, param: &str, acquisition: &str) {
    let study = view.study.as_ref().expect("a study");
    let domain = study.space.params()[study.space.index(param).expect("the parameter")]
        .domain
        .clone();
    let through = match trial {
        Some(id) => view.trial(lane, id).expect("the trial").job.config.clone(),
        None => study.space.at_unit(&vec![0.5; study.space.dim()]),
    };
    let levels = domain.size().filter(|n| *n <= 24);
    let us: Vec<f64> = match levels {
        Some(n) => (0..n).map(|k| domain.to_unit(&domain.level(k))).collect(),
        None => (0..=96).map(|i| f64::from(i) / 96.0).collect(),
    };
    let mean: Vec<f64> = us.iter().map(|u| 0.75 + 0.2 * libm::sin(5.5 * u)).collect();
    let chosen = through.get(param).map_or(0.5, |v| domain.to_unit(v));
    let sd: Vec<f64> = us.iter().map(|u| 0.02 + 0.08 * (libm::sin(9.0 * u)).abs()).collect();
    let improvement = |u: &f64| 0.03 * libm::exp(-60.0 * (u - chosen) * (u - chosen)) + 0.004 * u;
    let log = acquisition.starts_with("log");
    let score = |u: &f64| if log { libm::log(improvement(u)) } else { improvement(u) };
    let waves = |k: u32| us.iter().map(move |u| 0.7 + 0.1 * libm::sin(7.0 * u + f64::from(k)));
    let samples = (0..3)
        .map(|k| waves(k).step_by(if levels.is_some() { 1 } else { 2 }).collect())
        .collect();
    let posterior = Posterior {
        acquisition: us.iter().map(score).collect(),
        mean,
        sd,
        acquisition_id: acquisition.into(),
        noise_sd: 0.01,
    };
    let truth = Some(us.iter().map(|u| accuracy(*u, 0.5)).collect());
    let mind = Mind::Posterior(posterior);
    let slice = Slice {
        lane,
        trial,
        param: param.into(),
        through,
        us,
        discrete: levels.is_some(),
        mind,
        truth,
        samples,
    };
    view.fold(Event::Belief {
        run: 1,
        slice: Box::new(slice),
    });
}

fn focus(lane: usize, x: &str, y: Option<&str>) -> Focus {
    Focus {
        lane,
        x: x.into(),
        y: y.map(Into::into),
        ..Focus::default()
    }
}

fn svm(lanes: &[&str]) -> View {
    let space = space(vec![("C", log_float(1e-2, 1e4)), ("gamma", log_float(1e-5, 10.0))]);
    prepared(space, Direction::Maximize, "cross-validated accuracy", lanes, 30)
}

fn forest(lanes: &[&str]) -> View {
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

/// Every kind of view that a picture must survive, with its name.
pub(super) fn all() -> Vec<Example> {
    let mut all = Vec::new();
    let mut push = |name, view, focus| all.push(Example { name, view, focus });
    let three = ["grid", "random", "bayes"];
    push("empty", View::new(1), focus(0, "x", None));
    push("prepared", svm(&three), focus(1, "C", Some("gamma")));

    let mut view = svm(&three);
    fill(&mut view, 1, &|v, _, c| accuracy_of(v, c));
    push("one", view, focus(1, "C", Some("gamma")));

    let mut view = svm(&three);
    fill(&mut view, 16, &|v, _, c| accuracy_of(v, c));
    push("svm", view.clone(), focus(0, "C", Some("gamma")));
    belief(&mut view, 2, Some(12), "C", "logei");
    truth(&mut view, "C", "gamma", 40, accuracy);
    push("svm mapped", view.clone(), focus(2, "C", Some("gamma")));
    push("svm turned", view.clone(), focus(1, "gamma", Some("C")));
    belief(&mut view, 2, Some(12), "gamma", "ei");
    push("svm other slice", view.clone(), focus(2, "C", Some("gamma")));
    push(
        "samples",
        view.clone(),
        Focus {
            samples: true,
            ..focus(2, "C", Some("gamma"))
        },
    );
    if let Some(slice) = &mut view.slice {
        slice.through = view.study.as_ref().expect("a study").space.at_unit(&[0.1, 0.9]);
    }
    push("slice through another point", view, focus(2, "C", Some("gamma")));

    let mut view = svm(&three);
    fill(&mut view, 16, &|v, _, c| accuracy_of(v, c));
    truth(&mut view, "C", "gamma", 40, accuracy);
    map(
        &mut view,
        2,
        "C",
        "gamma",
        Mind::Posterior(Posterior::default()),
        |u, v| accuracy(u, v) + 0.05 * (u - v),
    );
    for (layer, title) in [
        (Layer::Plain, "layer: plain"),
        (Layer::Mean, "layer: mean"),
        (Layer::Sd, "layer: sd"),
        (Layer::Acquisition, "layer: acquisition"),
        (Layer::Error, "layer: error"),
    ] {
        let point = view.study.as_ref().map(|s| s.space.at_unit(&[0.2, 0.8]));
        push(
            title,
            view.clone(),
            Focus {
                layer,
                point,
                ..focus(2, "C", Some("gamma"))
            },
        );
    }
    push(
        "layer of one without model",
        view.clone(),
        Focus {
            layer: Layer::Mean,
            ..focus(1, "C", Some("gamma"))
        },
    );
    map(
        &mut view,
        1,
        "gamma",
        "C",
        Mind::Nothing("this strategy keeps no model".into()),
        |_, _| 0.0,
    );
    push(
        "layer of nothing",
        view.clone(),
        Focus {
            layer: Layer::Mean,
            ..focus(1, "C", Some("gamma"))
        },
    );
    let gaussian = Gaussian {
        params: vec!["gamma".into(), "C".into()],
        mean: vec![0.3, 0.9],
        covariance: vec![vec![1.0, 0.6], vec![0.6, 1.0]],
        sigma: 0.15,
    };
    map(&mut view, 2, "C", "gamma", Mind::Gaussian(gaussian), |_, _| 0.0);
    push("ellipse", view.clone(), focus(2, "C", Some("gamma")));
    let step = |id: u32, kept: bool| Waypoint { id, kept };
    let descent = Path {
        steps: vec![
            step(0, true),
            step(5, true),
            step(6, false),
            step(9, true),
            step(99, true),
        ],
    };
    map(
        &mut view,
        1,
        "C",
        "gamma",
        Mind::Path(vec![descent, Path::default()]),
        |_, _| 0.0,
    );
    push("descent", view.clone(), focus(1, "C", Some("gamma")));
    view.planes.clear();
    push(
        "ellipse on nothing",
        view,
        Focus {
            layer: Layer::Plain,
            ..focus(2, "C", Some("gamma"))
        },
    );

    let mut view = svm(&three);
    fill(&mut view, 3, &|_, _, _| Outcome::failed("did not converge"));
    belief(&mut view, 2, Some(2), "C", "ei");
    push("failed", view, focus(2, "C", Some("gamma")));

    let mut view = forest(&["grid", "random", "bayes", "bayes", "cmaes", "tpe", "hyperband"]);
    let some_fail = |v: &View, i: u32, c: &Config| {
        if i % 7 == 3 {
            Outcome::failed("out of memory")
        } else {
            accuracy_of(v, c)
        }
    };
    fill(&mut view, 40, &some_fail);
    belief(&mut view, 2, Some(20), "max_depth", "ei");
    for (name, lane, x, y) in [
        ("ordinal by category", 1, "max_depth", "criterion"),
        ("integers by ordinal", 2, "n_estimators", "max_depth"),
        ("linear by integers", 5, "max_features", "min_samples_leaf"),
        ("category by linear", 6, "criterion", "max_features"),
        ("twin", 3, "max_features", "n_estimators"),
    ] {
        push(name, view.clone(), focus(lane, x, Some(y)));
    }
    push("category and value", view.clone(), focus(4, "criterion", None));
    belief(&mut view, 3, Some(7), "min_samples_leaf", "pi");
    push(
        "belief of few integers",
        view,
        Focus {
            trial: Some(7),
            samples: true,
            ..focus(3, "max_features", Some("criterion"))
        },
    );

    let one = || {
        prepared(
            space(vec![("x", Domain::float(0.0, 1.0))]),
            Direction::Minimize,
            "forrester",
            &three,
            20,
        )
    };
    let forrester = |u: f64| (6.0 * u - 2.0) * (6.0 * u - 2.0) * libm::sin(12.0 * u - 4.0);
    let mut view = one();
    view.study.as_mut().expect("a study").optimum = Some(-6.020_740);
    fill(&mut view, 9, &|_, i, c| match i {
        4 => Outcome::failed("nan"),
        _ => Outcome::of(forrester(c.number("x").unwrap_or(0.0))),
    });
    belief(&mut view, 2, Some(6), "x", "logei");
    if let Some(slice) = &mut view.slice {
        slice.truth = Some(slice.us.iter().map(|u| forrester(*u)).collect());
        if let Mind::Posterior(p) = &mut slice.mind {
            p.mean = slice.us.iter().map(|u| forrester(*u) * 0.8 + 1.0).collect();
            p.sd = slice.us.iter().map(|u| 3.0 * libm::sin(9.0 * u).abs() + 0.1).collect();
        }
    }
    push("one parameter", view.clone(), focus(2, "x", None));
    view.slice.as_mut().expect("a slice").mind = Mind::Nothing(
        "Random search has no model: every draw is made without looking at what earlier trials found.".into(),
    );
    push("no mind", view.clone(), focus(2, "x", None));
    for (name, param, sigma) in [
        ("search distribution", "x", 0.2),
        ("search distribution, converged", "x", 1e-9),
        ("search distribution of others", "y", 0.2),
    ] {
        view.slice.as_mut().expect("a slice").mind = Mind::Gaussian(Gaussian {
            params: vec![param.into()],
            mean: vec![0.7],
            covariance: vec![vec![1.0]],
            sigma,
        });
        push(name, view.clone(), focus(2, "x", None));
    }

    for (name, value) in [
        ("equal", 0.5),
        ("zero", 0.0),
        ("huge", 1.7e308),
        ("tiny", 3e-310),
        ("not a number", f64::NAN),
        ("infinite", f64::INFINITY),
    ] {
        let mut view = one();
        fill(&mut view, 12, &|_, i, _| {
            Outcome::of(if i == 5 && value == 1.7e308 { -value } else { value })
        });
        belief(&mut view, 2, Some(6), "x", "ei");
        if let Some(Slice {
            mind: Mind::Posterior(p),
            ..
        }) = &mut view.slice
        {
            p.mean.iter_mut().for_each(|m| *m = value);
            p.sd.iter_mut()
                .for_each(|s| *s = if value.is_finite() { 0.0 } else { value });
            p.acquisition.iter_mut().for_each(|a| *a = value);
        }
        push(name, view, focus(2, "x", None));
    }

    let mut view = svm(&["tpe", "random"]);
    fill(&mut view, 12, &|v, _, c| accuracy_of(v, c));
    belief(&mut view, 0, Some(11), "C", "ei");
    if let (Some(slice), Some(study)) = (&mut view.slice, &view.study) {
        let hill = |at: f64| {
            slice
                .us
                .iter()
                .map(|u| libm::exp(-20.0 * (u - at) * (u - at)))
                .collect::<Vec<_>>()
        };
        let (good, bad) = (hill(0.4), hill(0.7));
        let candidate = |i: u32| {
            let config = study.space.at_unit(&[0.3 + 0.3 * scatter(i, 2), scatter(i, 3)]);
            (config, 4.0 * scatter(i, 4))
        };
        slice.mind = Mind::Densities(Densities {
            ratio: good.iter().zip(&bad).map(|(g, b)| g / (b + 0.1)).collect(),
            good,
            bad,
            candidates: (0..24).map(candidate).collect(),
        });
    }
    push("densities with candidates", view, focus(0, "C", Some("gamma")));

    let long = "a_parameter_with_a_name_that_goes_on_<and>_on_&_on_beyond_every_reasonable_measure";
    let names = words(&[
        "an extraordinarily long category name",
        "rbf",
        "短い名前と長い名前のカテゴリ",
        "sigmoid",
        "\u{1}odd\u{7}",
    ]);
    let deep = space(vec![
        (long, Domain::Categorical(names)),
        ("b", Domain::float(-1e9, 1e9)),
    ]);
    let title = "mean absolute percentage error of the cross-validated prediction on standardized targets";
    let mut view = prepared(
        deep,
        Direction::Minimize,
        title,
        &["a strategy whose title is far too long for a legend", "random"],
        200,
    );
    fill(&mut view, 60, &|_, i, _| Outcome::of(1e7 * scatter(i, 3) + 1e9));
    belief(&mut view, 0, Some(3), long, "ucb");
    push("long names", view, focus(0, long, Some("b")));

    let plain = space(vec![
        ("x1", Domain::float(-5.0, 10.0)),
        ("x2", Domain::float(0.0, 15.0)),
    ]);
    let mut view = prepared(plain, Direction::Minimize, "branin", &three, 40);
    view.study.as_mut().expect("a study").optimum = Some(0.397_887);
    let branin = |x: f64, y: f64| {
        let bowl = y - 5.1 / (4.0 * PI * PI) * x * x + 5.0 / PI * x - 6.0;
        bowl * bowl + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::cos(x) + 10.0
    };
    let number = |c: &Config, name: &str| c.number(name).unwrap_or(0.0);
    fill(&mut view, 25, &|_, _, c| {
        Outcome::of(branin(number(c, "x1"), number(c, "x2")))
    });
    truth(&mut view, "x1", "x2", 48, |u, v| branin(15.0 * u - 5.0, 15.0 * v));
    push(
        "branin",
        view,
        Focus {
            hover: Some((200.0, 150.0)),
            ..focus(2, "x1", Some("x2"))
        },
    );

    let kernel = Param::new("kernel", Domain::Categorical(words(&["rbf", "linear", "poly"])));
    let when = |name: &str, domain: Domain, of: &str| Param {
        when: vec![Condition {
            parent: "kernel".into(),
            values: words(&[of]),
        }],
        ..Param::new(name, domain)
    };
    let params = vec![
        kernel,
        when("gamma", log_float(1e-4, 10.0), "rbf"),
        when("degree", Domain::int(2, 5), "poly"),
    ];
    let conditional = Space::new(params, vec![]).expect("a space");
    let mut view = prepared(conditional, Direction::Minimize, "log loss", &["random", "bayes"], 1000);
    fill(&mut view, 24, &|_, i, _| {
        Outcome::of(if i == 0 { 30.0 } else { 0.3 + scatter(i, 9) * 0.2 })
    });
    push("inactive across", view.clone(), focus(0, "gamma", Some("kernel")));
    push("inactive both", view.clone(), focus(0, "gamma", Some("degree")));
    belief(&mut view, 1, Some(9), "gamma", "ei");
    push("inactive upwards", view, focus(1, "kernel", Some("gamma")));

    let mut view = svm(&["hyperband", "random"]);
    for (i, (fidelity, parent)) in [
        (1.0 / 9.0, None),
        (1.0 / 9.0, None),
        (1.0 / 9.0, None),
        (1.0 / 3.0, Some(1)),
        (1.0, Some(3)),
        (1.0, None),
    ]
    .into_iter()
    .enumerate()
    {
        climb(&mut view, &[0.2 + 0.1 * i as f64, 0.6], fidelity, parent, i != 2);
    }
    belief(&mut view, 0, Some(4), "C", "ei");
    let member = |id: u32, fate: Fate| Member {
        id,
        value: (fate != Fate::Failed && fate != Fate::Pending).then_some(0.6 + 0.05 * f64::from(id)),
        fate,
    };
    let rung = |fidelity: f64, members: Vec<Member>| Rung { fidelity, members };
    let bracket = |title: &str| Bracket {
        title: title.into(),
        rungs: vec![
            rung(
                1.0 / 9.0,
                vec![
                    member(0, Fate::Stays),
                    member(1, Fate::Promoted),
                    member(2, Fate::Failed),
                ],
            ),
            rung(1.0 / 3.0, vec![member(3, Fate::Promoted)]),
            rung(1.0, vec![member(4, Fate::Stays), member(5, Fate::Pending)]),
        ],
    };
    for (name, count) in [("rungs", 1), ("many brackets", 9)] {
        if let Some(slice) = &mut view.slice {
            slice.mind = Mind::Rungs((0..count).map(|i| bracket(&format!("bracket {}", i + 1))).collect());
        }
        push(
            name,
            view.clone(),
            Focus {
                trial: Some(3),
                ..focus(0, "C", Some("gamma"))
            },
        );
    }
    view.importance = Some(Importance {
        lane: 0,
        trials: 5,
        shares: vec![
            ("gamma".into(), 0.61, 0.2),
            (long.into(), 0.2, 0.4),
            ("C".into(), 0.0, 0.0),
        ],
    });
    let brush = vec![("C".to_string(), 0.2, 0.45)];
    for (name, across, regret) in [
        ("over cost", Across::Cost, None),
        ("over seconds", Across::Seconds, Some(true)),
    ] {
        push(
            name,
            view.clone(),
            Focus {
                across,
                regret,
                brush: brush.clone(),
                ..focus(0, "C", Some("gamma"))
            },
        );
    }

    let best = super::best::standing(&view.lanes[0], view.direction()).map_or(0, |(_, id)| id);
    for (name, learning) in [
        (
            "learning curve",
            Some(
                (1..=40)
                    .map(|i| (i, 1.1 / f64::from(i), 0.4 + scatter(i, 5) * 0.02))
                    .collect(),
            ),
        ),
        ("one stage", Some(vec![(1, 0.7, 0.8)])),
        ("no stages", None),
    ] {
        view.judged = Some(Judged {
            lane: 0,
            trial: best,
            classes: ["a", "b"].map(String::from).into(),
            held_out: true,
            counts: vec![9, 1, 2, 8],
            learning: learning.map(|stages| Learning {
                unit: "epoch".into(),
                stages,
            }),
            ..Judged::default()
        });
        push(name, view.clone(), focus(0, "C", Some("gamma")));
    }

    let mut view = svm(&["portfolio", "tpe"]);
    draw_from_members(&mut view, 24);
    push(
        "portfolio",
        view,
        Focus {
            trial: Some(5),
            ..focus(0, "C", Some("gamma"))
        },
    );

    let odd = space(vec![
        ("fixed", Domain::Fixed(Value::Int(3))),
        ("x", log_float(0.02, 0.05)),
        ("z", Domain::float(1e-12, 3e-12)),
    ]);
    let mut view = prepared(odd, Direction::Minimize, "branin", &["random"], 50);
    view.study.as_mut().expect("a study").optimum = Some(0.397_887);
    fill(&mut view, 50, &|_, i, _| {
        Outcome::of(0.397_887 + libm::exp(-f64::from(i) / 4.0) * 100.0 * scatter(i, 1))
    });
    push("short log", view.clone(), focus(0, "x", Some("z")));
    push("fixed", view.clone(), focus(0, "fixed", Some("x")));
    push("unknown parameter", view, focus(0, "gone", Some("also gone")));
    all
}
