//! Two features that matter among many that don't.

use super::Build;
use super::generated::{Problem, ROWS, SEED};
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::normal;
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "needle",
    title: "Needle",
    about: "Forty features of which two matter, and only together with the right weight: what feature selection and strong regularization are for.",
    formula: "class by the sign of x1 + x2; the other features are N(0, 1)",
    paper: "After I. Guyon, A. Elisseeff (2003), An introduction to variable and feature selection, JMLR 3.",
    settings: &[
        ROWS,
        SEED,
        Setting {
            id: "d",
            about: "Number of features.",
            kind: SettingKind::Int(2, 200),
            default: "40",
        },
    ],
    build: |settings, fresh| {
        let features = usize::try_from(settings.int("d")).unwrap_or(2);
        let problem = Problem {
            id: "needle",
            features: (0..features)
                .map(|i| {
                    if i < 2 {
                        format!("informative {}", i + 1)
                    } else {
                        format!("noise {}", i - 1)
                    }
                })
                .collect(),
            classes: 2,
            row: Arc::new(move |rng, class| {
                let mut row: Vec<f64> = (0..features).map(|_| normal(rng)).collect();
                // Mirrored to its class' side of the diagonal.
                if (row[0] + row[1] > 0.0) != (class == 1) {
                    row[0] = -row[0];
                    row[1] = -row[1];
                }
                row
            }),
        };
        problem.dataset(settings, fresh)
    },
};
