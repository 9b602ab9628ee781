//! Two half circles.

use super::Build;
use super::generated::{Problem, ROWS, SEED, noise, plane};
use crate::registry::Entry;
use crate::seed::{normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "moons",
    title: "Two moons",
    about: "Two half circles that reach into each other: no straight line parts them, and a model that follows every row follows the noise. Two features, so that decision regions can be seen.",
    formula: "(cos t, sin t) and (1 − cos t, 1/2 − sin t), t ~ U(0, π), plus noise",
    paper: "As scikit-learn describes make_moons, with other random numbers.",
    settings: &[ROWS, noise("0.25"), SEED],
    build: |settings, fresh| {
        let noise = settings.float("noise");
        let problem = Problem {
            id: "moons",
            features: plane(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                let t = std::f64::consts::PI * uniform(rng);
                let (x, y) = if class == 0 {
                    (libm::cos(t), libm::sin(t))
                } else {
                    (1.0 - libm::cos(t), 0.5 - libm::sin(t))
                };
                vec![x + noise * normal(rng), y + noise * normal(rng)]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
