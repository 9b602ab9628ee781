//! Random forest (Breiman 2001) with scikit-learn's parameters and semantics.

mod fitted;
mod grove;

use super::params::whole;
use super::{Fitted, Model, ModelKind, Params};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::tree::Counts;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "forest",
    title: "Random forest",
    about: "Many trees, each grown on its own resample of the rows and looking at a few random features at every node; their leaf \
            frequencies are averaged. Hard to get wrong: most settings change little, and more trees never hurt on average.",
    formula: "p(k | x) = mean over trees of the share of class k in the leaf of x",
    paper: "L. Breiman (2001), Random forests, Machine Learning 45, 5-32. Semantics of scikit-learn's RandomForestClassifier.",
    settings: &[],
    build: ModelKind { space, build },
};

/// A number of rows, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Size {
    Count(u32),
    Share(f64),
}

impl Size {
    /// In rows, shares rounded up.
    fn of(self, rows: usize) -> u32 {
        match self {
            Size::Count(count) => count,
            Size::Share(share) => libm::ceil(share * rows as f64) as u32,
        }
    }

    fn read(value: &Value, least: u32) -> Option<Size> {
        match value {
            Value::Float(share) if *share > 0.0 && *share < 1.0 => Some(Size::Share(*share)),
            value => whole(value).filter(|n| *n >= least).map(Size::Count),
        }
    }
}

/// How many features a node draws.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Draws {
    Sqrt,
    Log2,
    All,
    Size(Size),
}

impl Draws {
    fn of(self, features: usize) -> usize {
        let drawn = match self {
            Draws::Sqrt => features.isqrt(),
            Draws::Log2 => features.ilog2() as usize,
            Draws::All => features,
            Draws::Size(Size::Count(count)) => count as usize,
            // Shares are rounded down here, as scikit-learn does.
            Draws::Size(Size::Share(share)) => (share * features as f64) as usize,
        };
        drawn.clamp(1, features)
    }
}

/// A forest to be grown.
#[derive(Clone, Copy, Debug)]
struct Forest {
    trees: u32,
    depth: u32,
    split: Size,
    leaf: Size,
    features: Draws,
    entropy: bool,
    bootstrap: bool,
}

const NAMES: &[&str] = &[
    "n_estimators",
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "max_features",
    "criterion",
    "bootstrap",
];

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("forest", NAMES, config)?;
    Ok(Box::new(Forest {
        trees: params.count("n_estimators", 100, 1)?,
        depth: params.read(
            "max_depth",
            u32::MAX,
            "none or a whole number from 1",
            |value| match value {
                Value::None => Some(u32::MAX),
                value => whole(value).filter(|depth| *depth >= 1),
            },
        )?,
        split: params.read(
            "min_samples_split",
            Size::Count(2),
            "a number of rows from 2, or a share of them in (0, 1)",
            |value| Size::read(value, 2),
        )?,
        leaf: params.read(
            "min_samples_leaf",
            Size::Count(1),
            "a number of rows from 1, or a share of them in (0, 1)",
            |value| Size::read(value, 1),
        )?,
        features: params.read(
            "max_features",
            Draws::Sqrt,
            "sqrt, log2, none, a number of features from 1, or a share of them in (0, 1]",
            |value| match value {
                Value::None => Some(Draws::All),
                Value::Text(word) if word == "sqrt" => Some(Draws::Sqrt),
                Value::Text(word) if word == "log2" => Some(Draws::Log2),
                Value::Float(1.0) => Some(Draws::All),
                value => Size::read(value, 1).map(Draws::Size),
            },
        )?,
        entropy: params.word("criterion", false, &[("gini", false), ("entropy", true)])?,
        bootstrap: params.word("bootstrap", true, &[("true", true), ("false", false)])?,
    }))
}

fn space() -> Space {
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    let text = |word: &str| Value::Text(word.to_string());
    let depths = (1..=20).map(Value::Int).chain([Value::None]).collect();
    Space::new(
        vec![
            param("n_estimators", Domain::int(10, 200), Value::Int(100)),
            param("max_depth", Domain::Ordinal(depths), Value::None),
            param("min_samples_split", Domain::int(2, 20), Value::Int(2)),
            param("min_samples_leaf", Domain::int(1, 10), Value::Int(1)),
            param(
                "max_features",
                Domain::Categorical(vec![text("sqrt"), text("log2"), Value::None]),
                text("sqrt"),
            ),
            param(
                "criterion",
                Domain::Categorical(vec![text("gini"), text("entropy")]),
                text("gini"),
            ),
            param(
                "bootstrap",
                Domain::Categorical(vec![Value::Bool(true), Value::Bool(false)]),
                Value::Bool(true),
            ),
        ],
        Vec::new(),
    )
    .expect("the forest's own space is valid")
}

impl Model for Forest {
    /// `fidelity` is the share of the trees.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        if train.rows() == 0 {
            return Err("forest: there are no rows to train on".into());
        }
        // Words per node by the number of classes: the narrowest is by far the fastest.
        match train.classes() {
            k if k <= Counts::<1>::CLASSES => grove::fit::<1>(self, train, fidelity, seed, context),
            k if k <= Counts::<4>::CLASSES => grove::fit::<4>(self, train, fidelity, seed, context),
            k if k <= Counts::<16>::CLASSES => grove::fit::<16>(self, train, fidelity, seed, context),
            k => Err(format!(
                "forest: {k} classes are too many; accepted: up to {}",
                Counts::<16>::CLASSES
            )),
        }
    }
}
