//! Models that are tuned. One file or folder each.
#![forbid(unsafe_code)]

mod forest;
mod params;
mod pipeline;
mod step;

pub use params::Params;
pub use pipeline::Pipeline;
pub use step::{Encode, STEPS, Step, StepKind, Transform};

use crate::context::Context;
use crate::dataset::Table;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Space};

/// What a model says when it ended early because it was asked to: the result is to be thrown away.
pub const STOPPED: &str = "stopped";

/// A classifier with its parameters set, not fitted yet.
pub trait Model: Send + Sync {
    /// Learns from the rows of `train` with a share `fidelity`, in (0, 1], of the full effort. A pure function of these and the seed.
    ///
    /// # Errors
    /// Why nothing could be learned; [`STOPPED`] if the context asked to stop.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String>;
}

/// A classifier that has learned.
pub trait Fitted: Send + Sync {
    /// The probability of every class for each row: rows × classes, row-major.
    fn predict(&self, x: &Table) -> Vec<f64>;

    /// What fitting cost, in operations counted deterministically: whatever was shared with other fits is counted in full.
    fn cost(&self) -> f64;
}

/// How a model is searched and built.
#[derive(Clone, Copy, Debug)]
pub struct ModelKind {
    /// The parameters worth searching, with the model's own defaults.
    pub space: fn() -> Space,
    /// The model of a configuration; absent parameters take their defaults.
    pub build: fn(&Config) -> Result<Box<dyn Model>, String>,
}

/// Every model.
pub static MODELS: &[Entry<ModelKind>] = &[forest::ENTRY];
