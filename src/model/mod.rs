//! Models that are tuned. One file or folder each.
#![forbid(unsafe_code)]

mod boosting;
mod checkpoint;
mod forest;
mod knn;
mod logistic;
mod mlp;
mod naive_bayes;
mod params;
mod pipeline;
mod step;
mod svm;

pub use checkpoint::Checkpoint;
pub use params::Params;
pub use pipeline::Pipeline;
pub use step::{Encode, STEPS, Step, StepKind, Transform};

use crate::context::Context;
use crate::dataset::Table;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Space, Value};

/// What a model says when it ended early because it was asked to: the result is to be thrown away.
pub const STOPPED: &str = "stopped";

/// A classifier with its parameters set, not fitted yet.
pub trait Model: Send + Sync {
    /// Learns from the rows of `train` with a share `fidelity`, in (0, 1], of the full effort: of its epochs or trees, or of the rows
    /// ([`Table::share`]) where it has neither. Schedules run over the full effort, so that less of it is a beginning of more. A pure
    /// function of these and the seed.
    ///
    /// # Errors
    /// Why nothing could be learned; [`STOPPED`] if the context asked to stop.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String>;

    /// What [`Fitted::predict`] gives for each of `tables` after [`Model::fit`], and its cost, to the bit: for models that need less memory
    /// if only their predictions are wanted.
    ///
    /// # Errors
    /// As [`Model::fit`].
    fn fit_predict(
        &self,
        train: &Table,
        tables: &[&Table],
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Vec<Vec<f64>>, f64), String> {
        predictions(&*self.fit(train, fidelity, seed, context)?, tables)
    }

    /// As [`Model::fit`] with the whole effort on `fewer` rows, a share of `all`: settings that count rows mean a share of them, too.
    ///
    /// # Errors
    /// As [`Model::fit`].
    fn fit_share(&self, fewer: &Table, _all: usize, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        self.fit(fewer, 1.0, seed, context)
    }

    /// As [`Model::fit`], from where a fit of the same rows and seed with no more fidelity stood. If that was this model's own, the
    /// result has the bits of [`Model::fit`]. It may have been a model whose settings named in [`Model::changeable`] were others: what
    /// it had learned is kept, and these settings hold from here on. Cost counts from the very beginning.
    ///
    /// # Errors
    /// As [`Model::fit`].
    fn resume(
        &self,
        _from: &Checkpoint,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        self.fit(train, fidelity, seed, context)
    }

    /// Settings that may change between a checkpoint and its continuation; none for a model that does not continue.
    fn changeable(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the whole effort consists of and how many of them, in the order of learning: ("epoch", 60). `None` for a model that does not
    /// learn step by step.
    fn stages(&self) -> Option<(&'static str, u32)> {
        None
    }

    /// Settings by which [`Model::hypergradient`] is known; none for a model without one.
    fn differentiable(&self) -> Vec<String> {
        Vec::new()
    }

    /// What [`Model::fit`] gives, bit for bit, and how the mean log loss on the rows of `validate` changes with each setting of
    /// [`Model::differentiable`], in its order: derivatives by the settings' values themselves, not their logarithms.
    ///
    /// # Errors
    /// As [`Model::fit`]; and if the model has no hypergradient.
    fn hypergradient(
        &self,
        _train: &Table,
        _validate: &Table,
        _fidelity: f64,
        _seed: Seed,
        _context: &Context,
    ) -> Result<(Box<dyn Fitted>, Vec<f64>), String> {
        Err("this model has no hypergradient".into())
    }
}

/// A classifier that has learned.
pub trait Fitted: Send + Sync {
    /// The probability of every class for each row: rows × classes, row-major.
    fn predict(&self, x: &Table) -> Vec<f64>;

    /// What fitting cost, in operations counted deterministically: whatever was shared with other fits is counted in full.
    fn cost(&self) -> f64;

    /// Where [`Model::resume`] can go on from; `None` for a model that has nothing to continue, or shares its work otherwise.
    fn checkpoint(&self) -> Option<Checkpoint> {
        None
    }
}

/// What a model predicts for each of `tables`, and what fitting it cost.
#[allow(clippy::unnecessary_wraps, reason = "the last word of functions that may fail")]
fn predictions(fitted: &dyn Fitted, tables: &[&Table]) -> Result<(Vec<Vec<f64>>, f64), String> {
    Ok((
        tables.iter().map(|table| fitted.predict(table)).collect(),
        fitted.cost(),
    ))
}

/// How a model is searched and built.
#[derive(Clone, Copy, Debug)]
pub struct ModelKind {
    /// The parameters worth searching, with the model's own defaults.
    pub space: fn() -> Space,
    /// Every parameter that it takes: those of the space, and further ones that are searched only where asked for.
    pub names: &'static [&'static str],
    /// The model of a configuration; absent parameters take their defaults.
    pub build: fn(&Config) -> Result<Box<dyn Model>, String>,
}

impl ModelKind {
    /// What is taken beyond the space.
    pub fn beyond(&self) -> Vec<&'static str> {
        beyond(&(self.space)(), self.names).collect()
    }

    /// The same, each with what it accepts in the model's own words.
    pub fn further(&self) -> Vec<(&'static str, String)> {
        // A model says what it accepts where it refuses, and none takes this for a value.
        let nothing = |name: &str| Config(vec![(name.to_string(), Value::Text("?".into()))]);
        let accepted = |name: &'static str| {
            let why = (self.build)(&nothing(name)).err().unwrap_or_default();
            let accepted = why.split_once("accepted: ").map_or("", |(_, accepted)| accepted);
            (name, accepted.to_string())
        };
        self.beyond().into_iter().map(accepted).collect()
    }
}

/// Those of the names that are no parameters of the space.
pub fn beyond(space: &Space, names: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    names.iter().copied().filter(|name| space.index(name).is_none())
}

/// Every model.
pub static MODELS: &[Entry<ModelKind>] = &[
    forest::ENTRY,
    forest::extra::ENTRY,
    forest::tree::ENTRY,
    boosting::ENTRY,
    mlp::ENTRY,
    logistic::ENTRY,
    svm::ENTRY,
    knn::ENTRY,
    naive_bayes::ENTRY,
];
