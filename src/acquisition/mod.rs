//! Acquisition functions: how much a point is worth trying, given a belief. One file each.
#![forbid(unsafe_code)]

mod ei;
mod log_ei;
mod pi;
mod ucb;

use crate::registry::{Entry, Setting, SettingKind, Settings};

/// Scores a point by the posterior there. Everything is on the model's own scale: values to be minimized, standardized.
pub trait Acquisition: Send + Sync {
    /// The score at posterior `mean` and `sd` (positive), given the incumbent's value `target`: larger is more worth trying.
    fn value(&self, mean: f64, sd: f64, target: f64) -> f64;

    /// A strictly increasing function of [`Acquisition::value`] that neither under- nor overflows where the value would, with its
    /// derivatives by mean and sd: what is maximized.
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64);
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
pub static ACQUISITIONS: &[Entry<Build>] = &[log_ei::ENTRY, ei::ENTRY, pi::ENTRY, ucb::ENTRY];

#[cfg(test)]
mod tests;
