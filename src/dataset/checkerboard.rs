//! Squares of alternating class.

use super::Build;
use super::generated::{Problem, ROWS, SEED, noise, plane};
use crate::registry::Entry;
use crate::seed::{normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "checkerboard",
    title: "Checkerboard",
    about: "Four by four squares of alternating class: a landscape in which too smooth and too detailed models both lose, with an optimum between.",
    formula: "class = (⌊x⌋ + ⌊y⌋) mod 2, x, y in [0, 4), plus noise",
    paper: "A common teaching example; no single source.",
    settings: &[ROWS, noise("0.1"), SEED],
    build: |settings, fresh| {
        let noise = settings.float("noise");
        let problem = Problem {
            id: "checkerboard",
            features: plane(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                let x = libm::floor(4.0 * uniform(rng));
                // Of the four squares of this column, the two of the class.
                let y = 2.0 * libm::floor(2.0 * uniform(rng)) + ((x as usize + class) % 2) as f64;
                vec![
                    x + uniform(rng) + noise * normal(rng),
                    y + uniform(rng) + noise * normal(rng),
                ]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
