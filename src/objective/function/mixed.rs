//! Words, whole numbers, and parameters that come and go.

use super::{Arguments, Function};
use crate::registry::Entry;
use crate::space::{Condition, Domain, Param, Value};

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "mixed",
    title: "Mixed and conditional",
    about: "A word that decides which of two other parameters counts, a whole number, and two numbers: the kinds of parameters that real models have, at no cost and with a known best. With bowl the best is easy to find and second best; with wave it is narrow and best.",
    formula: "bowl: 0.3 + (degree − 3)²/4; wave: 1 − cos²(π(phase − 0.7))·exp(−2(phase − 0.7)²); both + (units − 24)²/400 + (x − c)²/10 + (rate + 3)²/20, c = 1 for wave, −2 for bowl",
    paper: "Made for this program.",
    settings: super::SETTINGS,
    build: Function {
        arguments: Arguments::Params(params),
        value,
        gradient,
        minimizers: |_| vec![vec![1.0, 24.0, 1.0, -3.0, f64::NAN, 0.7]],
        minimum: |_| 0.0,
        low: None,
    },
};

fn params() -> Vec<Param> {
    let text = |word: &str| Value::Text(word.into());
    let when = |kind: &str| Condition {
        parent: "kind".into(),
        values: vec![text(kind)],
    };
    let child = |name, domain, kind| Param {
        when: vec![when(kind)],
        ..Param::new(name, domain)
    };
    vec![
        Param::new("kind", Domain::Categorical(vec![text("bowl"), text("wave")])),
        Param::new("units", Domain::int(1, 64)),
        Param::new("x", Domain::float(-5.0, 5.0)),
        Param::new("rate", Domain::float(-6.0, 0.0)),
        child("degree", Domain::int(1, 6), "bowl"),
        child("phase", Domain::float(0.0, 2.0), "wave"),
    ]
}

/// One minus the shape of the wave, with its derivative.
fn wave(phase: f64) -> [f64; 2] {
    let far = phase - 0.7;
    let angle = std::f64::consts::PI * far;
    let (cosine, decay) = (libm::cos(angle), libm::exp(-2.0 * far * far));
    let slope = 2.0 * cosine * libm::sin(angle) * std::f64::consts::PI + 4.0 * far * cosine * cosine;
    [1.0 - cosine * cosine * decay, slope * decay]
}

fn center(kind: f64) -> f64 {
    if kind == 1.0 { 1.0 } else { -2.0 }
}

fn value(v: &[f64]) -> f64 {
    let &[kind, units, x, rate, degree, phase] = v else {
        return f64::NAN;
    };
    let own = if kind == 1.0 {
        wave(phase)[0]
    } else {
        0.3 + (degree - 3.0) * (degree - 3.0) / 4.0
    };
    let far = x - center(kind);
    own + (units - 24.0) * (units - 24.0) / 400.0 + far * far / 10.0 + (rate + 3.0) * (rate + 3.0) / 20.0
}

fn gradient(v: &[f64]) -> Vec<f64> {
    let &[kind, _, x, rate, _, phase] = v else {
        return vec![f64::NAN; v.len()];
    };
    let own = if kind == 1.0 { wave(phase)[1] } else { 0.0 };
    vec![0.0, 0.0, (x - center(kind)) / 5.0, (rate + 3.0) / 10.0, 0.0, own]
}
