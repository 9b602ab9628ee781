//! Every kind of axis, parameters that play no part, names and numbers out of the ordinary.

use super::believed::{belief, truth};
use super::make::{accuracy_of, fill, forest, log_float, prepared, scatter, space, words};
use super::{LONG, Push, focus};
use crate::plot::Focus;
use crate::space::{Condition, Config, Domain, Param, Space, Value};
use crate::trial::{Direction, Outcome};
use crate::view::View;
use std::f64::consts::PI;

pub(super) fn add(push: &mut Push) {
    let three = ["grid", "random", "bayes"];
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

    let names = words(&[
        "an extraordinarily long category name",
        "rbf",
        "短い名前と長い名前のカテゴリ",
        "sigmoid",
        "\u{1}odd\u{7}",
    ]);
    let deep = space(vec![
        (LONG, Domain::Categorical(names)),
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
    belief(&mut view, 0, Some(3), LONG, "ucb");
    push("long names", view, focus(0, LONG, Some("b")));

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
}
