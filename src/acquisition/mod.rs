//! Acquisition functions: how much a point is worth trying, given a belief. One file each.
#![forbid(unsafe_code)]

mod ei;
mod ei_per_second;
mod knowledge;
mod log_ei;
mod mes;
mod pi;
mod thompson;
mod ucb;

pub use knowledge::{Knowledge, knowledge_gradient};

use crate::registry::{Entry, Setting, SettingKind, Settings};

/// Scores a point by the posterior there. Everything is on the model's own scale: values to be minimized, standardized.
pub trait Acquisition: Send + Sync {
    /// What is maximized at posterior `mean` and `sd` (positive), given the incumbent's value `target`: larger is more worth trying. With
    /// its derivatives by mean and sd. It neither under- nor overflows.
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64);

    /// The acquisition's own value for a utility: a strictly increasing function of it.
    fn value(&self, utility: f64) -> f64;

    /// Whether the utility is a logarithm. If so, several beliefs are averaged, and factors multiplied, on the scale of its exponential.
    fn is_log(&self) -> bool {
        true
    }

    /// What it has to be told beside mean, sd and incumbent.
    fn needs(&self) -> Needs {
        Needs::Moments
    }

    /// This function at one moment of a search, if the moment plays a part.
    fn at(&self, _moment: &Moment) -> Option<Box<dyn Acquisition>> {
        None
    }
}

/// What an acquisition function has to be told beside mean and sd of a point and the incumbent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Moments,
    /// Mean and sd at points spread over the space, in [`Moment::spread`].
    Spread,
    /// A function drawn from the posterior: its value is taken for the mean.
    Path,
    /// The covariances of a point with those that could be recommended: scored by [`Knowledge`].
    Covariances,
    /// What a trial costs: its logarithm is taken off the utility.
    Cost,
}

/// A moment of a search, for those functions that change with it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Trials the belief rests on, pending ones included.
    pub trials: usize,
    /// Parameters that are searched.
    pub dimensions: usize,
    /// Mean and sd at points spread over the space, where [`Acquisition::needs`] asks for them.
    pub spread: &'a [(f64, f64)],
}

/// How an acquisition function is built from its settings.
pub type Build = fn(&Settings) -> Box<dyn Acquisition>;

/// How far beyond the incumbent improvement begins.
const XI: Setting = Setting {
    id: "xi",
    about: "Improvement counts only beyond this margin, in standard deviations of the values seen: more explores more.",
    kind: SettingKind::Float(0.0, 10.0),
    default: "0.01",
};

/// Every acquisition function, in the order of menus.
pub static ACQUISITIONS: &[Entry<Build>] = &[
    log_ei::ENTRY,
    ei::ENTRY,
    pi::ENTRY,
    ucb::ENTRY,
    thompson::ENTRY,
    mes::ENTRY,
    knowledge::ENTRY,
    ei_per_second::ENTRY,
];

#[cfg(test)]
mod tests;
