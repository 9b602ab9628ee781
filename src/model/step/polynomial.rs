//! Products of features.

use super::{Step, StepKind, Transform, words};
use crate::dataset::{Key, Table};
use crate::model::Params;
use crate::registry::Entry;
use crate::space::{Condition, Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<StepKind> = Entry {
    id: "polynomial",
    title: "Polynomial features",
    about: "Adds the products of every two features, and their squares unless only interactions are wanted: what is a curve in the old \
            features is a plane in the new ones, so that a linear model can draw it. Degree 1 adds nothing. The number of features grows as \
            a square, and large values grow as squares, too: scale first.",
    formula: "(x₁, …, x_d) → (x₁, …, x_d, x₁², x₁x₂, …, x_d²)",
    paper: "Semantics of scikit-learn's PolynomialFeatures without the constant.",
    settings: &[],
    build: StepKind { space, build },
};

/// More features than this would fill the memory of a tab.
const MOST: usize = 4096;

struct Polynomial {
    quadratic: bool,
    squares: bool,
}

fn space() -> Space {
    let degree = Param {
        default: Some(Value::Int(2)),
        ..Param::new("degree", Domain::int(1, 2))
    };
    let mut interactions = words("interactions", &["false", "true"]);
    interactions.when.push(Condition {
        parent: "degree".into(),
        values: vec![Value::Int(2)],
    });
    Space::new(vec![degree, interactions], Vec::new()).expect("a valid space")
}

fn build(config: &Config) -> Result<Box<dyn Step>, String> {
    let params = Params::of("polynomial", &["degree", "interactions"], config)?;
    let quadratic = params.read("degree", true, "1 or 2", |value| match value.number() {
        Some(1.0) => Some(false),
        Some(2.0) => Some(true),
        _ => None,
    })?;
    Ok(Box::new(Polynomial {
        quadratic,
        squares: params.word("interactions", true, &[("false", true), ("true", false)])?,
    }))
}

impl Step for Polynomial {
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String> {
        self.width(train.features())?;
        Ok(Box::new(Polynomial { ..*self }))
    }

    fn width(&self, d: usize) -> Result<Option<usize>, String> {
        match self.of(d) {
            features if features > MOST => Err(format!(
                "polynomial: {d} features would become {features}; accepted: up to {MOST}, so select some or reduce them by pca first"
            )),
            features => Ok(Some(features)),
        }
    }

    fn key(&self) -> Key {
        (
            "polynomial",
            [u64::from(self.quadratic), u64::from(self.squares), 0, 0, 0, 0, 0, 0],
        )
    }
}

impl Polynomial {
    /// How many features become of `d`.
    fn of(&self, d: usize) -> usize {
        match (self.quadratic, self.squares) {
            (false, _) => d,
            (true, true) => d + d * (d + 1) / 2,
            (true, false) => d + d * (d - 1) / 2,
        }
    }
}

impl Transform for Polynomial {
    fn apply(&self, x: &Table) -> (Vec<f64>, usize) {
        let features = self.of(x.features());
        let mut values = Vec::with_capacity(x.rows() * features);
        for row in (0..x.rows()).map(|row| x.row(row)) {
            values.extend_from_slice(row);
            for (i, v) in row.iter().enumerate().filter(|_| self.quadratic) {
                values.extend(row[i + usize::from(!self.squares)..].iter().map(|w| v * w));
            }
        }
        (values, features)
    }

    fn origin(&self, feature: usize) -> Option<usize> {
        // Products stand behind the features themselves; how many there are, only their names tell.
        Some(feature)
    }
}
