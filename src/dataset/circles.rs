//! A circle inside another.

use super::Build;
use super::generated::{Problem, ROWS, SEED, noise, plane};
use crate::registry::Entry;
use crate::seed::{normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "circles",
    title: "Two circles",
    about: "A circle inside another: each feature alone says little, their squares say all.",
    formula: "r·(cos t, sin t), r = 1 or 1/2, t ~ U(0, 2π), plus noise",
    paper: "As scikit-learn describes make_circles, with other random numbers.",
    settings: &[ROWS, noise("0.15"), SEED],
    build: |settings, fresh| {
        let noise = settings.float("noise");
        let problem = Problem {
            id: "circles",
            features: plane(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                let t = 2.0 * std::f64::consts::PI * uniform(rng);
                let radius = if class == 0 { 1.0 } else { 0.5 };
                vec![
                    radius * libm::cos(t) + noise * normal(rng),
                    radius * libm::sin(t) + noise * normal(rng),
                ]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
