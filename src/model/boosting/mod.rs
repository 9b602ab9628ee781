//! Gradient boosting on histograms with scikit-learn's parameters and semantics.

mod bins;
mod estimate;
mod grow;
mod histogram;
mod learned;
mod loss;
mod sum;
mod sweep;
mod train;

use super::params::whole;
use super::{Model, ModelKind, Params};
use crate::registry::Entry;
use crate::space::{Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "boosting",
    title: "Histogram gradient boosting",
    about: "Trees one after another, each fitted to what the ones before still get wrong, and counted only a little. Often the most exact \
            model on tables, if learning rate, number of trees and their size are tuned together: a smaller rate wants more trees.",
    formula: "F ← F + rate · tree; leaf = −Σg / (Σh + l2), gain = G²ₗ/(Hₗ + l2) + G²ᵣ/(Hᵣ + l2) − G²/(H + l2)",
    paper: "J. H. Friedman (2001), Greedy function approximation: a gradient boosting machine, Annals of Statistics 29, 1189-1232; G. Ke \
            et al. (2017), LightGBM, NeurIPS 30. Semantics of scikit-learn's HistGradientBoostingClassifier, with subsample.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &[
    "learning_rate",
    "max_iter",
    "max_leaf_nodes",
    "max_depth",
    "min_samples_leaf",
    "l2_regularization",
    "max_features",
    "subsample",
    "max_bins",
    "class_weight",
    "early_stopping",
    "validation_fraction",
    "n_iter_no_change",
    "tol",
];

/// A classifier to be boosted.
#[derive(Clone, Copy, Debug)]
struct Boosting {
    rate: f64,
    iterations: u32,
    leaves: u32,
    depth: u32,
    leaf: u32,
    l2: f64,
    /// Share of the features that a node looks at.
    features: f64,
    /// Share of the rows that a tree is grown on.
    subsample: f64,
    bins: u32,
    balanced: bool,
    early: Early,
    validation: f64,
    patience: u32,
    tolerance: f64,
}

/// Whether to stop when the loss of rows held out no longer falls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Early {
    Yes,
    No,
    /// With more than 10,000 rows.
    Auto,
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("boosting", NAMES, config)?;
    let share = |v: f64| v > 0.0 && v <= 1.0;
    let none_or = |name, default, least: u32| {
        let accepted = format!("none or a whole number from {least}");
        params.read(name, default, &accepted, |value| match value {
            Value::None => Some(u32::MAX),
            value => whole(value).filter(|n| *n >= least),
        })
    };
    let early = [("auto", Early::Auto), ("true", Early::Yes), ("false", Early::No)];
    Ok(Box::new(Boosting {
        rate: params.number("learning_rate", 0.1, "a number above 0", |v| v > 0.0)?,
        iterations: params.count("max_iter", 100, 1)?,
        leaves: none_or("max_leaf_nodes", 31, 2)?,
        depth: none_or("max_depth", u32::MAX, 1)?,
        leaf: params.count("min_samples_leaf", 20, 1)?,
        l2: params.number("l2_regularization", 0.0, "a number from 0", |v| v >= 0.0)?,
        features: params.number("max_features", 1.0, "a share in (0, 1]", share)?,
        subsample: params.number("subsample", 1.0, "a share in (0, 1]", share)?,
        bins: params.read("max_bins", 255, "a whole number from 2 to 255", |value| {
            whole(value).filter(|n| (2..=255).contains(n))
        })?,
        balanced: params.balanced()?,
        early: params.word("early_stopping", Early::Auto, &early)?,
        validation: params.number("validation_fraction", 0.1, "a share in (0, 1)", |v| v > 0.0 && v < 1.0)?,
        patience: params.count("n_iter_no_change", 10, 1)?,
        tolerance: params.number("tol", 1e-7, "a number from 0", |v| v >= 0.0)?,
    }))
}

fn space() -> Space {
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    let log = |low, high| Domain::Float {
        low,
        high,
        log: true,
        step: None,
    };
    let ints = |low, high| Domain::Int {
        low,
        high,
        log: true,
        step: 1,
    };
    Space::new(
        vec![
            param("learning_rate", log(0.01, 0.5), Value::Float(0.1)),
            param("max_iter", ints(10, 300), Value::Int(100)),
            param("max_leaf_nodes", ints(2, 64), Value::Int(31)),
            param("min_samples_leaf", ints(1, 50), Value::Int(20)),
            param("l2_regularization", log(1e-6, 100.0), Value::Float(1e-6)),
            param("subsample", Domain::float(0.5, 1.0), Value::Float(1.0)),
        ],
        Vec::new(),
    )
    .expect("the model's own space is valid")
}
