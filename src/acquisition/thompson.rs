//! Thompson sampling.

use super::{Acquisition, Build, Needs};
use crate::registry::Entry;

/// Minus a function drawn from the posterior; its value at the point comes as the mean.
struct Thompson;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "thompson",
    title: "Thompson sampling",
    about: "Draws one function that the belief holds possible and goes to its best point. So each point is tried as often as it is \
            believed to be the best: chance does the exploring, and several choices at once come out different by themselves.",
    formula: "α(x) = −g(x),  g ~ GP posterior",
    paper: "Thompson 1933, On the Likelihood that One Unknown Probability Exceeds Another; for Gaussian processes Kandasamy et al. 2018",
    settings: &[],
    build: |_| Box::new(Thompson),
};

impl Acquisition for Thompson {
    fn utility(&self, mean: f64, _sd: f64, _target: f64) -> (f64, f64, f64) {
        (-mean, -1.0, 0.0)
    }

    fn value(&self, utility: f64) -> f64 {
        utility
    }

    fn is_log(&self) -> bool {
        false
    }

    fn needs(&self) -> Needs {
        Needs::Path
    }
}
