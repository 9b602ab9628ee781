//! Round clusters.

use super::Build;
use super::generated::{Problem, ROWS, SEED, plane};
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{Seed, normal, uniform};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "blobs",
    title: "Blobs",
    about: "One round cluster a class, centres drawn at random: where the clusters touch no model can do better than their overlap, and \
            simple models do as well as any.",
    formula: "x = centre + sd·z, centre ~ U(−5, 5)², z ~ N(0, I)",
    paper: "As scikit-learn describes make_blobs, with other random numbers.",
    settings: &[
        ROWS,
        SEED,
        Setting {
            id: "classes",
            about: "Number of classes.",
            kind: SettingKind::Int(2, 10),
            default: "4",
        },
        Setting {
            id: "sd",
            about: "Standard deviation of every cluster.",
            kind: SettingKind::Float(0.01, 10.0),
            default: "1.2",
        },
    ],
    build: |settings, fresh| {
        let classes = usize::try_from(settings.int("classes")).unwrap_or(2);
        let sd = settings.float("sd");
        let mut rng = Seed(settings.int("seed").unsigned_abs()).derive("centres", 0).rng();
        let mut coordinate = || 10.0 * uniform(&mut rng) - 5.0;
        let centres: Vec<(f64, f64)> = (0..classes).map(|_| (coordinate(), coordinate())).collect();
        let problem = Problem {
            id: "blobs",
            features: plane(),
            classes,
            row: Arc::new(move |rng, class| {
                let (x, y) = centres[class];
                vec![x + sd * normal(rng), y + sd * normal(rng)]
            }),
        };
        problem.dataset(settings, fresh)
    },
};
