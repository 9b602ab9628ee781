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
