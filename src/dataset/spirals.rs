//! Two arms wound around each other.

use super::Build;
use super::generated::{Problem, ROWS, SEED, noise, plane};
use crate::registry::Entry;
use crate::seed::{normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "spirals",
    title: "Two spirals",
    about: "Two arms wound around each other: easy for neighbours and narrow kernels, hard for anything smooth or linear. Shows what a kernel width or a hidden layer is for.",
    formula: "r·(cos(t + kπ), sin(t + kπ)), t ~ U(0, 3π) by area, r = t/(3π), plus noise",
    paper: "After K. J. Lang, M. J. Witbrock (1988), Learning to tell two spirals apart.",
    settings: &[ROWS, noise("0.03"), SEED],
    build: |settings, fresh| {
        let noise = settings.float("noise");
        let problem = Problem {
            id: "spirals",
            features: plane(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                // The root spreads rows evenly along the arm.
                let share = libm::sqrt(uniform(rng));
                let t = std::f64::consts::PI * (3.0 * share + class as f64);
                vec![
                    share * libm::cos(t) + noise * normal(rng),
                    share * libm::sin(t) + noise * normal(rng),
                ]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
