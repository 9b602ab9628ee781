//! Four squares.

use super::Build;
use super::generated::{Problem, ROWS, SEED, noise, plane};
use crate::registry::Entry;
use crate::seed::{normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "xor",
    title: "Exclusive or",
    about: "Four squares, diagonal ones of one class: neither feature alone says anything, so that choosing features one by one fails.",
    formula: "class = [x > 0] xor [y > 0], x, y ~ U(−1, 1), plus noise",
    paper: "M. Minsky, S. Papert (1969), Perceptrons.",
    settings: &[ROWS, noise("0.15"), SEED],
    build: |settings, fresh| {
        let noise = settings.float("noise");
        let problem = Problem {
            id: "xor",
            features: plane(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                let right = uniform(rng) < 0.5;
                let up = right != (class == 1);
                let mut side = |high: bool| {
                    let v = uniform(rng);
                    if high { v } else { -v }
                };
                let (x, y) = (side(right), side(up));
                vec![x + noise * normal(rng), y + noise * normal(rng)]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
