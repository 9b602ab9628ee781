//! The confidence bound.

use super::{Acquisition, Build};
use crate::registry::{Entry, Setting, SettingKind};

/// κσ − μ on minimized values: minus the lower confidence bound.
struct Ucb {
    kappa: f64,
}

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "ucb",
    title: "Confidence bound",
    about: "Optimism in the face of uncertainty: how good a point could well be, κ standard deviations better than expected. \
            κ = 0 only exploits, a large κ mostly explores. The upper bound when maximizing, the lower one when minimizing.",
    formula: "UCB(x) = κ σ(x) − μ(x)  (μ of the minimized values)",
    paper: "Srinivas, Krause, Kakade & Seeger 2010, Gaussian Process Optimization in the Bandit Setting; Cox & John 1992",
    settings: &[Setting {
        id: "kappa",
        about: "How many standard deviations of optimism. 1.96 bounds a 95 % interval.",
        kind: SettingKind::Float(0.0, 100.0),
        default: "1.96",
    }],
    build: |settings| {
        Box::new(Ucb {
            kappa: settings.float("kappa"),
        })
    },
};

impl Acquisition for Ucb {
    fn value(&self, mean: f64, sd: f64, _target: f64) -> f64 {
        self.kappa * sd - mean
    }

    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        (self.value(mean, sd, target), -1.0, self.kappa)
    }
}
