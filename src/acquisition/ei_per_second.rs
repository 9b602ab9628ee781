//! Expected improvement per unit of cost.

use super::log_ei::log_expected_improvement;
use super::{Acquisition, Build, Needs};
use crate::registry::Entry;

/// ln (EI / cost) = ln EI − ln cost; the second term comes from a model of the cost, by whoever scores.
struct EiPerSecond;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "eips",
    title: "Expected improvement per second",
    about: "Expected improvement divided by what a trial is expected to cost, by a second model of the logarithm of the cost: of two points \
            that promise as much, the cheaper one. Where no trial has told its cost, it is log expected improvement.",
    formula: "ln EI(x) − E[ln c(x)],  c the cost of a trial",
    paper: "Snoek, Larochelle & Adams 2012, Practical Bayesian Optimization of Machine Learning Algorithms, section 3.2",
    settings: &[],
    build: |_| Box::new(EiPerSecond),
};

impl Acquisition for EiPerSecond {
    fn utility(&self, mean: f64, sd: f64, target: f64) -> (f64, f64, f64) {
        log_expected_improvement(mean, sd, target)
    }

    fn value(&self, utility: f64) -> f64 {
        utility
    }

    fn needs(&self) -> Needs {
        Needs::Cost
    }
}
