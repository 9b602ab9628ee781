//! The three sets of problems. The suite is what figures of other optimizers exist for; settings are chosen on the tuning set, and judged on
//! the third, which no setting was ever chosen by.

use crate::functions;
use crate::statistics::quantile;
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;
use tunescape::seed::Seed;
use tunescape::space::{Condition, Config, Domain, Param, Space, Value};

/// Which problems.
#[derive(Clone, Copy)]
pub enum Set {
    /// Those with figures of other optimizers.
    Suite,
    /// Those by which nothing is ever chosen.
    Judging,
    /// Those by which settings are chosen.
    Tuning,
}

type Objective = Box<dyn Fn(&Config) -> f64 + Send + Sync>;

/// Something to minimize, with its known minimum.
pub struct Problem {
    pub name: String,
    pub space: Arc<Space>,
    /// The true value.
    pub value: Objective,
    pub optimum: f64,
    /// Standard deviation of the noise that a trial's value has beyond the true one.
    pub noise: f64,
}

/// Draws by which the spread of a problem's values is known.
const DRAWS: usize = 1000;

impl Problem {
    /// Adds noise whose standard deviation is this share of the spread of the values: of their interquartile range by 1.349, over draws that are
    /// the same every time.
    pub fn add_noise(&mut self, share: f64) {
        let mut rng = Seed(0).derive("spread", 0).rng();
        let draws = (0..DRAWS).filter_map(|_| self.space.sample(&mut rng));
        let values: Vec<f64> = draws.map(|config| (self.value)(&config)).collect();
        self.noise += share * (quantile(&values, 0.75) - quantile(&values, 0.25)) / 1.349;
    }
}

type Function = fn(&[f64]) -> f64;

fn function(name: &str, function: Function, bounds: &[(f64, f64)], optimum: f64) -> Problem {
    let names: Vec<String> = (0..bounds.len()).map(|i| format!("x{i}")).collect();
    let params = names
        .iter()
        .zip(bounds)
        .map(|(n, (low, high))| Param::new(n, Domain::float(*low, *high)));
    let space = Space::new(params.collect(), Vec::new()).expect("a valid space");
    let value = move |config: &Config| {
        let x: Vec<f64> = names.iter().filter_map(|n| config.number(n)).collect();
        function(&x)
    };
    Problem {
        name: name.into(),
        space: Arc::new(space),
        value: Box::new(value),
        optimum,
        noise: 0.0,
    }
}

type Look = Box<dyn Fn(&Config) -> Vec<f64> + Send + Sync>;

/// A table's configurations, and its accuracies.
pub struct Lookup {
    pub space: Space,
    /// Where the curve of a configuration was looked at; one place without curves.
    pub epochs: Vec<f64>,
    /// The accuracy at each of them.
    pub look: Look,
}

/// Reads a table: every axis an integer index, `max_features` a category.
pub fn lookup(folder: &Path, name: &str) -> Lookup {
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a table");
    let json: Json = serde_json::from_str(&text).expect("a table in JSON");
    let axes = json["axes"].as_object().expect("axes");
    let words = |n: usize| (0..n).map(|i| Value::Text(format!("c{i}"))).collect();
    // serde_json sorts an object's keys, so the nesting order is read from the text.
    let mut order: Vec<&String> = axes.keys().collect();
    order.sort_by_key(|axis| text.find(&format!("\"{axis}\":")));
    let param = |axis: &String| {
        let n = axes[axis].as_array().expect("levels").len();
        let domain = if axis == "max_features" {
            Domain::Categorical(words(n))
        } else {
            Domain::int(0, n as i64 - 1)
        };
        Param::new(axis, domain)
    };
    let params: Vec<Param> = order.into_iter().map(param).collect();
    let number = |v: &Json| v.as_f64().expect("a number");
    let epochs = json["epochs"]
        .as_array()
        .map_or(vec![1.0], |e| e.iter().map(number).collect());
    let (accuracy, domains) = (json["acc"].clone(), params.clone());
    let look = move |config: &Config| {
        let level = |p: &Param| config.get(&p.name).and_then(|v| p.domain.level_of(v)).expect("a level") as usize;
        let found = domains.iter().fold(&accuracy, |part, p| &part[level(p)]);
        found
            .as_array()
            .map_or_else(|| vec![number(found)], |curve| curve.iter().map(number).collect())
    };
    Lookup {
        space: Space::new(params, Vec::new()).expect("a valid space"),
        epochs,
        look: Box::new(look),
    }
}

/// A table of cross-validated accuracies; the value is normalized regret.
fn table(folder: &Path, name: &str) -> Problem {
    let Lookup { space, look, .. } = lookup(folder, name);
    let (low, high) = space
        .list()
        .map(|c| look(&c)[0])
        .fold((f64::MAX, f64::MIN), |(l, h), a| (l.min(a), h.max(a)));
    let value = move |config: &Config| (high - look(config)[0]) / (high - low);
    Problem {
        name: name.into(),
        space: Arc::new(space),
        value: Box::new(value),
        optimum: 0.0,
        noise: 0.0,
    }
}

/// The problems that figures of other optimizers exist for.
pub fn suite(folder: &Path) -> Vec<Problem> {
    let mut problems = vec![
        function(
            "branin",
            functions::branin,
            &[(-5.0, 10.0), (0.0, 15.0)],
            0.397_887_357_729_738_1,
        ),
        function(
            "camel6",
            functions::camel6,
            &[(-3.0, 3.0), (-2.0, 2.0)],
            -1.031_628_453_489_877,
        ),
        function(
            "hartmann6",
            functions::hartmann6,
            &[(0.0, 1.0); 6],
            -3.322_368_011_415_513,
        ),
        function("ackley5s", functions::ackley5s, &[(-32.768, 32.768); 5], 0.0),
    ];
    for name in ["mlp_iris", "mlp_wine", "rf_iris", "rf_wine", "svm_iris", "svm_wine"] {
        problems.push(table(folder, name));
    }
    problems
}

fn words(list: &[&str]) -> Domain {
    Domain::Categorical(list.iter().map(|w| Value::Text((*w).into())).collect())
}

fn logarithmic(low: f64, high: f64) -> Domain {
    Domain::Float {
        low,
        high,
        log: true,
        step: None,
    }
}

fn when(parent: &str, value: &str) -> Vec<Condition> {
    vec![Condition {
        parent: parent.into(),
        values: vec![Value::Text(value.into())],
    }]
}

fn own(name: &str, params: Vec<Param>, noise: f64, value: impl Fn(&Config) -> f64 + Send + Sync + 'static) -> Problem {
    let space = Arc::new(Space::new(params, Vec::new()).expect("a valid space"));
    Problem {
        name: name.into(),
        space,
        value: Box::new(value),
        optimum: 0.0,
        noise,
    }
}

fn number(config: &Config, name: &str) -> f64 {
    config.number(name).expect("an active number")
}

fn is(config: &Config, name: &str, word: &str) -> bool {
    config.get(name) == Some(&Value::Text(word.into()))
}

/// A parameter that is searched where `parent` has one of `values`.
fn below(parent: &str, values: &[&str], name: &str, domain: Domain) -> Param {
    Param {
        when: vec![Condition {
            parent: parent.into(),
            values: values.iter().map(|v| Value::Text((*v).into())).collect(),
        }],
        ..Param::new(name, domain)
    }
}

fn squared(v: f64) -> f64 {
    v * v
}

/// Learners with parameters of their own, two levels deep: the best is the one that is the hardest to set.
fn nested_tune() -> Problem {
    let params = vec![
        Param::new("learner", words(&["net", "tree", "neighbours"])),
        below("learner", &["net"], "rate", logarithmic(1e-5, 1.0)),
        below("learner", &["net"], "step", words(&["plain", "momentum"])),
        below("step", &["momentum"], "memory", Domain::float(0.0, 1.0)),
        below("learner", &["tree"], "depth", Domain::int(1, 30)),
        below("learner", &["neighbours"], "count", Domain::int(1, 60)),
        Param::new("share", Domain::float(0.0, 1.0)),
    ];
    let value = |c: &Config| {
        let shared = 0.2 * squared(number(c, "share") - 0.3);
        let own = match () {
            () if is(c, "learner", "tree") => 0.08 + 0.0008 * squared(number(c, "depth") - 9.0),
            () if is(c, "learner", "neighbours") => 0.14 + 0.004 * libm::fabs(number(c, "count") - 12.0),
            () if is(c, "step", "plain") => 0.05 + 0.09 * squared(libm::log10(number(c, "rate")) + 1.3),
            () => {
                let rate = libm::log10(number(c, "rate")) + 2.6;
                0.10 * squared(rate) + 0.3 * squared(number(c, "memory") - 0.85 + 0.1 * rate)
            }
        };
        own + shared
    };
    own("nested_tune", params, 0.0, value)
}

/// The same kind of problem with other parts.
fn nested_judge() -> Problem {
    let params = vec![
        Param::new("booster", words(&["trees", "dropped", "linear"])),
        below("booster", &["trees", "dropped"], "depth", Domain::int(1, 16)),
        below("booster", &["trees", "dropped"], "rate", logarithmic(1e-3, 1.0)),
        below("booster", &["dropped"], "drop", Domain::float(0.0, 0.9)),
        below("booster", &["linear"], "penalty", words(&["l1", "l2"])),
        below("booster", &["linear"], "lambda", logarithmic(1e-6, 1e2)),
        Param::new("scaling", words(&["none", "range", "spread"])),
        Param::new("rows", Domain::float(0.2, 1.0)),
    ];
    let value = |c: &Config| {
        let scaled = if is(c, "scaling", "none") { 1.0 } else { 0.0 };
        let rows = 0.15 * squared(number(c, "rows") - 0.75);
        if is(c, "booster", "linear") {
            let off = libm::log10(number(c, "lambda")) + if is(c, "penalty", "l1") { 3.0 } else { 0.5 };
            return rows + 0.09 + 0.10 * scaled + 0.012 * squared(off);
        }
        // A smaller rate wants less depth taken away.
        let (depth, rate) = (number(c, "depth") - 6.0, libm::log10(number(c, "rate")) + 1.2);
        let tree = 0.004 * squared(depth) + 0.12 * squared(rate + 0.08 * depth);
        if is(c, "booster", "trees") {
            return rows + 0.04 + 0.01 * scaled + tree;
        }
        rows + 0.01 * scaled + 1.3 * tree + 0.4 * squared(number(c, "drop") - 0.2)
    };
    own("nested_judge", params, 0.0, value)
}

/// Small problems by which settings are chosen.
pub fn tuning() -> Vec<Problem> {
    let mixed = vec![
        Param::new("rate", logarithmic(1e-5, 1.0)),
        Param::new(
            "units",
            Domain::Int {
                low: 4,
                high: 256,
                log: true,
                step: 1,
            },
        ),
        Param::new("act", words(&["relu", "tanh", "elu"])),
        Param::new("drop", Domain::float(0.0, 0.8)),
    ];
    // Each activation has its own best rate; the narrowest valley is the deepest.
    let mixed_value = |c: &Config| {
        let (rate, units) = (libm::log10(number(c, "rate")), libm::log2(number(c, "units")));
        let (best, floor, steep) = match () {
            () if is(c, "act", "relu") => (-2.4, 0.0, 1.2),
            () if is(c, "act", "tanh") => (-3.3, 0.2, 0.6),
            () => (-1.6, 0.4, 0.9),
        };
        let drop = number(c, "drop") - 0.25;
        floor + steep * (rate - best) * (rate - best) + 0.08 * (units - 6.0) * (units - 6.0) + 2.0 * drop * drop
    };
    let conditional = vec![
        Param::new("kind", words(&["a", "b", "c"])),
        Param {
            when: when("kind", "a"),
            ..Param::new("ax", Domain::float(-3.0, 3.0))
        },
        Param {
            when: when("kind", "a"),
            ..Param::new("ay", Domain::float(-3.0, 3.0))
        },
        Param {
            when: when("kind", "b"),
            ..Param::new("bx", logarithmic(1e-3, 1e3))
        },
        Param {
            when: when("kind", "c"),
            ..Param::new("cn", Domain::int(1, 30))
        },
        Param::new("shared", Domain::float(0.0, 1.0)),
    ];
    let conditional_value = |c: &Config| {
        let shared = number(c, "shared");
        let own = match () {
            () if is(c, "kind", "a") => {
                let (x, y) = (number(c, "ax") - 1.1, number(c, "ay") + 0.6);
                0.4 * (x * x + y * y + x * y)
            }
            () if is(c, "kind", "b") => 0.25 + libm::fabs(libm::log10(number(c, "bx")) - 0.7),
            () => 0.15 + 0.05 * libm::fabs(number(c, "cn") - 22.0),
        };
        own + 1.5 * (shared - 0.65) * (shared - 0.65)
    };
    let level = |n: i64| Domain::int(0, n - 1);
    let tied = vec![
        Param::new("a", level(12)),
        Param::new("b", level(8)),
        Param::new("c", words(&["p", "q", "r"])),
    ];
    // Few distinct values, as cross-validated accuracies have.
    let tied_value = |c: &Config| {
        let off = if is(c, "c", "q") { 0.0 } else { 2.3 };
        let (a, b) = (number(c, "a") - 8.0, number(c, "b") - 2.0);
        libm::floor(0.15 * a * a + 0.3 * b * b + 0.1 * a * b + off) / 4.0
    };
    vec![
        function(
            "goldstein_log",
            functions::goldstein_log,
            &[(-2.0, 2.0); 2],
            1.098_612_288_668_11,
        ),
        function(
            "hartmann3",
            functions::hartmann3,
            &[(0.0, 1.0); 3],
            -3.862_779_787_332_66,
        ),
        function("rastrigin3", functions::rastrigin3, &[(-5.12, 5.12); 3], 0.0),
        function("shekel4", functions::shekel4, &[(0.0, 10.0); 4], -10.536_409_816_692),
        function("salomon5", functions::salomon5, &[(-25.0, 25.0); 5], 0.0),
        function("trid6", functions::trid6, &[(-36.0, 36.0); 6], 0.0),
        function("wells6", functions::wells6, &[(0.0, 1.0); 6], -1.077_473_181_583_8),
        function("bowl15", functions::bowl15, &[(0.0, 1.0); 15], 0.0),
        own("mixed_tune", mixed, 0.0, mixed_value),
        own("conditional_tune", conditional, 0.0, conditional_value),
        own("tied_tune", tied, 0.0, tied_value),
        nested_tune(),
    ]
}

/// Problems that judge: nothing is ever chosen by them.
pub fn judging() -> Vec<Problem> {
    let mixed = vec![
        Param::new("depth", Domain::int(1, 24)),
        Param::new("rate", logarithmic(1e-4, 1.0)),
        Param::new("loss", words(&["l1", "l2", "huber", "quantile"])),
        Param::new(
            "rows",
            Domain::Float {
                low: 0.1,
                high: 1.0,
                log: false,
                step: Some(0.1),
            },
        ),
        Param::new("bins", Domain::Ordinal([16, 32, 64, 128, 256].map(Value::Int).to_vec())),
    ];
    let mixed_value = |c: &Config| {
        let depth = number(c, "depth");
        let rate = libm::log10(number(c, "rate"));
        // Deep trees want small rates: a slanted valley.
        let slanted = rate + 1.0 + 0.08 * (depth - 6.0);
        let loss = ["huber", "l2", "quantile", "l1"]
            .iter()
            .position(|w| is(c, "loss", w))
            .unwrap_or(0) as f64;
        let bins = libm::log2(number(c, "bins")) - 7.0;
        let rows = number(c, "rows") - 0.7;
        slanted * slanted + 0.01 * (depth - 6.0) * (depth - 6.0) + 0.12 * loss + 0.03 * bins * bins + 0.5 * rows * rows
    };
    let conditional = vec![
        Param::new("model", words(&["svm", "forest", "linear"])),
        Param {
            when: when("model", "svm"),
            ..Param::new("kernel", words(&["rbf", "poly"]))
        },
        Param {
            when: when("model", "svm"),
            ..Param::new("c", logarithmic(1e-3, 1e3))
        },
        Param {
            when: when("kernel", "rbf"),
            ..Param::new("gamma", logarithmic(1e-4, 10.0))
        },
        Param {
            when: when("kernel", "poly"),
            ..Param::new("degree", Domain::int(2, 6))
        },
        Param {
            when: when("model", "forest"),
            ..Param::new("leaf", Domain::int(1, 40))
        },
        Param {
            when: when("model", "forest"),
            ..Param::new("share", Domain::float(0.05, 1.0))
        },
        Param {
            when: when("model", "linear"),
            ..Param::new("alpha", logarithmic(1e-6, 10.0))
        },
    ];
    let conditional_value = |c: &Config| {
        let square = |v: f64| v * v;
        if is(c, "model", "linear") {
            return 0.30 + 0.05 * square(libm::log10(number(c, "alpha")) + 2.0);
        }
        if is(c, "model", "forest") {
            return 0.10 + 0.004 * number(c, "leaf") + 0.5 * square(number(c, "share") - 0.35);
        }
        let cost = libm::log10(number(c, "c"));
        if is(c, "kernel", "poly") {
            return 0.18 + 0.06 * libm::fabs(number(c, "degree") - 3.0) + 0.03 * square(cost);
        }
        // The deepest place: a ridge in (log c, log gamma).
        let gamma = libm::log10(number(c, "gamma"));
        0.10 * square(cost + gamma + 0.4) + 0.03 * square(cost - 1.2)
    };
    let mut noisy = function("noisy_dixon3", functions::dixon3, &[(-4.0, 4.0); 3], 0.0);
    noisy.noise = 0.5;
    vec![
        function("rosenbrock4", functions::rosenbrock4, &[(-2.0, 3.0); 4], 0.0),
        function("levy4", functions::levy4, &[(-10.0, 10.0); 4], 0.0),
        function(
            "styblinski5",
            functions::styblinski5,
            &[(-5.0, 5.0); 5],
            -195.830_828_518_85,
        ),
        function("griewank3", functions::griewank3, &[(-60.0, 60.0); 3], 0.0),
        own("mixed_judge", mixed, 0.0, mixed_value),
        own("conditional_judge", conditional, 0.0, conditional_value),
        noisy,
        nested_judge(),
    ]
}
