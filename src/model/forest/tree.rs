//! One decision tree.

use super::sizes::Draws;
use super::{Forest, tree_params};
use crate::context::Context;
use crate::dataset::Table;
use crate::model::{Fitted, Model, ModelKind, Params};
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Space, Value};

pub(crate) const ENTRY: Entry<ModelKind> = Entry {
    id: "tree",
    title: "Decision tree",
    about: "One tree of questions about single features, each the one that separates the classes best among the rows that reach it. \
            Easy to read and quick to overfit: depth and leaf size are everything.",
    formula: "p(k | x) = share of class k in the leaf of x",
    paper: "L. Breiman, J. Friedman, R. Olshen & C. Stone (1984), Classification and Regression Trees, Wadsworth. Semantics of \
            scikit-learn's DecisionTreeClassifier.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &[
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "max_features",
    "criterion",
    "splitter",
    "class_weight",
];

/// A forest of one tree that sees all features of all rows.
struct Tree(Forest);

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("tree", NAMES, config)?;
    let tree = Forest {
        id: ENTRY.id,
        trees: 1,
        features: Draws::All,
        bootstrap: false,
        ..Forest::DEFAULT
    };
    Ok(Box::new(Tree(tree.with(&params)?)))
}

fn space() -> Space {
    Space::new(tree_params(Value::None), Vec::new()).expect("the tree's own space is valid")
}

impl Model for Tree {
    /// `fidelity` is the share of the rows.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let fewer;
        let rows = if fidelity < 1.0 {
            fewer = train.share(fidelity, seed.derive("rows", 0));
            &fewer
        } else {
            train
        };
        self.0.fit(rows, 1.0, seed, context)
    }
}
