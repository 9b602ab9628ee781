//! Random forest (Breiman 2001) with scikit-learn's parameters and semantics.

pub(super) mod extra;
mod fitted;
mod grove;
mod sizes;
pub(super) mod tree;

use super::params::whole;
use super::{Fitted, Model, ModelKind, Params, predictions};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::tree::Counts;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};
use sizes::{Draws, Size};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "forest",
    title: "Random forest",
    about: "Many trees, each grown on its own resample of the rows and looking at a few random features at every node; their leaf \
            frequencies are averaged. Hard to get wrong: most settings change little, and more trees never hurt on average.",
    formula: "p(k | x) = mean over trees of the share of class k in the leaf of x",
    paper: "L. Breiman (2001), Random forests, Machine Learning 45, 5-32. Semantics of scikit-learn's RandomForestClassifier.",
    settings: &[],
    build: ModelKind {
        space: || forest_space(true),
        names: NAMES,
        build,
    },
};

/// A forest to be grown.
#[derive(Clone, Copy, Debug)]
struct Forest {
    /// Id of the entry, for messages.
    id: &'static str,
    trees: u32,
    depth: u32,
    split: Size,
    leaf: Size,
    features: Draws,
    entropy: bool,
    /// Whether every tree sees a resample of the rows.
    bootstrap: bool,
    /// Whether features offer one random split each.
    random: bool,
    /// Whether classes weigh the same in sum.
    balanced: bool,
}

const NAMES: &[&str] = &[
    "n_estimators",
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "max_features",
    "criterion",
    "bootstrap",
    "class_weight",
];

impl Forest {
    const DEFAULT: Forest = Forest {
        id: ENTRY.id,
        trees: 100,
        depth: u32::MAX,
        split: Size::Count(2),
        leaf: Size::Count(1),
        features: Draws::Sqrt,
        entropy: false,
        bootstrap: true,
        random: false,
        balanced: false,
    };

    /// `self` with what `params` gives.
    fn with(self, params: &Params) -> Result<Forest, String> {
        Ok(Forest {
            id: self.id,
            trees: params.count("n_estimators", self.trees, 1)?,
            depth: params.read(
                "max_depth",
                self.depth,
                "none or a whole number from 1",
                |value| match value {
                    Value::None => Some(u32::MAX),
                    value => whole(value).filter(|depth| *depth >= 1),
                },
            )?,
            split: params.read(
                "min_samples_split",
                self.split,
                "a number of rows from 2, or a share of them in (0, 1)",
                |value| Size::read(value, 2),
            )?,
            leaf: params.read(
                "min_samples_leaf",
                self.leaf,
                "a number of rows from 1, or a share of them in (0, 1)",
                |value| Size::read(value, 1),
            )?,
            features: params.read(
                "max_features",
                self.features,
                "sqrt, log2, none, a number of features from 1, or a share of them in (0, 1]",
                Draws::read,
            )?,
            entropy: params.word("criterion", self.entropy, &[("gini", false), ("entropy", true)])?,
            bootstrap: params.word("bootstrap", self.bootstrap, &[("true", true), ("false", false)])?,
            random: params.word("splitter", self.random, &[("best", false), ("random", true)])?,
            balanced: params.balanced()?,
        })
    }
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("forest", NAMES, config)?;
    Ok(Box::new(Forest::DEFAULT.with(&params)?))
}

/// The parameters of a single tree worth searching, with the model's own defaults.
fn tree_params(features: Value) -> Vec<Param> {
    let text = |word: &str| Value::Text(word.to_string());
    let depths = (1..=20).map(Value::Int).chain([Value::None]).collect();
    vec![
        param("max_depth", Domain::Ordinal(depths), Value::None),
        param("min_samples_split", Domain::int(2, 20), Value::Int(2)),
        param("min_samples_leaf", Domain::int(1, 10), Value::Int(1)),
        param(
            "max_features",
            Domain::Categorical(vec![text("sqrt"), text("log2"), Value::None]),
            features,
        ),
        param(
            "criterion",
            Domain::Categorical(vec![text("gini"), text("entropy")]),
            text("gini"),
        ),
    ]
}

fn param(name: &str, domain: Domain, default: Value) -> Param {
    Param {
        default: Some(default),
        ..Param::new(name, domain)
    }
}

fn forest_space(bootstrap: bool) -> Space {
    let mut params = vec![param("n_estimators", Domain::int(10, 200), Value::Int(100))];
    params.extend(tree_params(Value::Text("sqrt".into())));
    params.push(param(
        "bootstrap",
        Domain::Categorical(vec![Value::Bool(true), Value::Bool(false)]),
        Value::Bool(bootstrap),
    ));
    Space::new(params, Vec::new()).expect("the forest's own space is valid")
}

/// Calls a function of the grove for the number of classes and rows: the fewest words a node are by far the fastest.
macro_rules! of_width {
    ($forest:expr, $train:expr, $function:ident($($argument:expr),*)) => {{
        let narrow = $train.rows() < 1 << 16;
        let middling = $train.rows() < 1 << 21;
        match $train.classes() {
            k if narrow && k <= Counts::<1, 16>::CLASSES => grove::$function::<1, 16>($($argument),*),
            k if narrow && k <= Counts::<4, 16>::CLASSES => grove::$function::<4, 16>($($argument),*),
            k if middling && k <= Counts::<1, 21>::CLASSES => grove::$function::<1, 21>($($argument),*),
            k if k <= Counts::<2, 32>::CLASSES => grove::$function::<2, 32>($($argument),*),
            k if k <= Counts::<32, 32>::CLASSES => grove::$function::<32, 32>($($argument),*),
            k => Err(format!(
                "{}: {k} classes are too many; accepted: up to {}",
                $forest.id,
                Counts::<32, 32>::CLASSES
            )),
        }
    }};
}

/// Trees times rows from which a forest does not stay in memory as a whole where only its predictions are wanted.
const MANY: u64 = 20_000_000;

impl Forest {
    fn share_of_trees(&self, fidelity: f64) -> usize {
        // A hair less before rounding up: 0.1 of 30 trees are 3, though the product is a little more.
        libm::ceil(fidelity * f64::from(self.trees) - 1e-9).max(1.0) as usize
    }
}

impl Model for Forest {
    /// `fidelity` is the share of the trees.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        if train.rows() == 0 {
            return Err(format!("{}: there are no rows to train on", self.id));
        }
        of_width!(self, train, fit(self, train, fidelity, seed, context))
    }

    fn fit_predict(
        &self,
        train: &Table,
        tables: &[&Table],
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Vec<Vec<f64>>, f64), String> {
        if (self.share_of_trees(fidelity) as u64).saturating_mul(train.rows() as u64) < MANY {
            return predictions(&*self.fit(train, fidelity, seed, context)?, tables);
        }
        of_width!(self, train, fit_predict(self, train, tables, fidelity, seed, context))
    }
}
