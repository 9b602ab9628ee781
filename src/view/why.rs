//! One sentence for each origin: why this point.

pub use crate::space::rounded;
use crate::trial::{ModelOrigin, Origin};

/// A few words for the trial table.
pub fn short(origin: &Origin) -> String {
    match origin {
        Origin::Grid { cell, cells } => format!("cell {} of {cells}", cell + 1),
        Origin::Random {
            without_replacement: true,
        } => "uniform draw, untried".into(),
        Origin::Random {
            without_replacement: false,
        } => "uniform draw".into(),
        Origin::Initial { point, points, .. } => format!("initial design, {} of {points}", point + 1),
        Origin::Model(m) => format!(
            "{}: mean {}, sd {}",
            acquisition(&m.acquisition),
            rounded(m.mean),
            rounded(m.sd)
        ),
        Origin::Move(m) => m.name.clone(),
        Origin::Fallback { reason } => format!("fallback: {reason}"),
        Origin::Chosen(c) => format!("{}: {}", c.strategy, short(&c.origin)),
        Origin::Person => "chosen by hand".into(),
    }
}

/// A sentence that explains.
pub fn sentence(origin: &Origin) -> String {
    match origin {
        Origin::Grid { cell, cells } => {
            format!(
                "Cell {} of {cells} of the grid: its place was fixed before the first trial, whatever the others found.",
                cell + 1
            )
        }
        Origin::Random {
            without_replacement: true,
        } => {
            "Drawn uniformly from the configurations not tried before; what earlier trials found plays no part.".into()
        }
        Origin::Random {
            without_replacement: false,
        } => "Drawn uniformly from the whole space; what earlier trials found plays no part.".into(),
        Origin::Initial { point, points, design } => format!(
            "Point {} of {points} of the initial design ({design}): spread over the space so that the model has something to learn from.",
            point + 1
        ),
        Origin::Model(m) => model(m),
        Origin::Move(m) => m.why.clone(),
        Origin::Fallback { reason } => format!("Drawn at random, because {reason}."),
        Origin::Chosen(c) => format!("{} {}", c.why, sentence(&c.origin)),
        Origin::Person => "Chosen by hand; the strategy learns from it as from its own.".into(),
    }
}

fn model(m: &ModelOrigin) -> String {
    let mut text = format!(
        "It has the highest {} found. The model predicts {}, give or take {}, against {} for the best point so far",
        acquisition(&m.acquisition),
        rounded(m.mean),
        rounded(m.sd),
        rounded(m.incumbent)
    );
    // Which part of the acquisition speaks for the point: distance of the mean from the incumbent, in sd.
    let gap = (m.mean - m.incumbent).abs();
    text += if m.sd <= 0.0 || gap > 2.0 * m.sd {
        ": chosen for its prediction, the uncertainty there is small."
    } else if gap < 0.5 * m.sd {
        ": its prediction is close to the best, and the uncertainty there leaves room for better."
    } else {
        ": the prediction is not better, the uncertainty there is what makes it worth a look."
    };
    if let Some(next) = m
        .runners_up
        .first()
        .filter(|r| r.value.is_finite() && m.value.is_finite())
    {
        text += &format!(
            " Its {} is {}, the runner-up's {}.",
            acquisition(&m.acquisition),
            rounded(m.value),
            rounded(next.value)
        );
    }
    for (name, factor) in &m.factors {
        text += &match name.as_str() {
            "feasibility" => format!(
                " The probability that it fails at most one time in four, {}, is multiplied in.",
                rounded(*factor)
            ),
            "per cost" => format!(" It is divided by the expected cost, {}.", rounded(1.0 / factor)),
            other => format!(" The {other} multiplies it by {}, 1 being the most.", rounded(*factor)),
        };
    }
    if !m.note.is_empty() {
        text += " ";
        text += &m.note;
    }
    text
}

/// A number behind a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it is of.
    pub name: String,
    /// Whether that is a name of the notation, as it stands in the trace.
    pub notation: bool,
    /// The number, or several.
    pub value: String,
}

/// The numbers behind a reason, in order; none where chance or a person decided.
pub fn numbers(origin: &Origin) -> Vec<Number> {
    let number = |notation: bool, name: &str, value: String| Number {
        name: name.into(),
        notation,
        value,
    };
    let given =
        |of: &[(String, f64)]| -> Vec<Number> { of.iter().map(|(n, v)| number(true, n, rounded(*v))).collect() };
    match origin {
        Origin::Model(m) => {
            let all =
                |value: f64, mean: f64, sd: f64| format!("{} ({} ± {})", rounded(value), rounded(mean), rounded(sd));
            let mut of = vec![number(false, &acquisition(&m.acquisition), all(m.value, m.mean, m.sd))];
            of.extend(m.runners_up.iter().map(|r| {
                let value = format!("{}: {}", r.config.short(), all(r.value, r.mean, r.sd));
                number(false, "runner-up", value)
            }));
            of.push(number(false, "best point so far", rounded(m.incumbent)));
            of.extend(given(&m.factors));
            of.extend(given(&m.hyperparameters));
            of
        }
        Origin::Move(m) => given(&m.numbers),
        Origin::Chosen(c) => {
            let mut of = given(&c.numbers);
            of.extend(numbers(&c.origin));
            of
        }
        _ => Vec::new(),
    }
}

/// Name of an acquisition function, for people.
pub fn acquisition(id: &str) -> String {
    match id {
        "logei" => "log expected improvement".into(),
        "ei" => "expected improvement".into(),
        "pi" => "probability of improvement".into(),
        "ucb" => "confidence bound".into(),
        "thompson" => "value in a drawn function".into(),
        "mes" => "information about the best value".into(),
        "kg" => "knowledge gradient".into(),
        "eips" => "expected improvement per cost".into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{Config, Value};
    use crate::trial::RunnerUp;

    #[test]
    fn a_model_s_reason_names_the_runner_up_and_has_its_numbers() {
        let config = |x: f64| Config(vec![("x".into(), Value::Float(x))]);
        let mut origin = Box::new(ModelOrigin {
            acquisition: "ei".into(),
            value: 0.012,
            mean: 0.95,
            sd: 0.08,
            incumbent: 0.93,
            runners_up: vec![RunnerUp {
                config: config(0.123_456_789),
                value: 0.011,
                mean: 0.94,
                sd: 0.07,
            }],
            hyperparameters: vec![("noise".into(), 0.001)],
            factors: Vec::new(),
            note: String::new(),
        });
        let said = sentence(&Origin::Model(origin.clone()));
        assert!(
            said.ends_with(" Its expected improvement is 0.012, the runner-up's 0.011."),
            "{said}"
        );
        let told: Vec<(String, String)> = numbers(&Origin::Model(origin.clone()))
            .into_iter()
            .map(|n| (n.name, n.value))
            .collect();
        let is = |name: &str, value: &str| (name.to_string(), value.to_string());
        assert_eq!(
            told,
            [
                is("expected improvement", "0.012 (0.95 ± 0.08)"),
                is("runner-up", "x = 0.1235: 0.011 (0.94 ± 0.07)"),
                is("best point so far", "0.93"),
                is("noise", "0.001"),
            ]
        );
        origin.runners_up.clear();
        assert!(!sentence(&Origin::Model(origin)).contains("runner-up"));
        assert!(numbers(&Origin::Person).is_empty());
    }
}
