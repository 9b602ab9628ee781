//! Measurements of cell nuclei.

use super::packed::packed;
use super::unpack::Unpacker;
use super::{Build, Dataset, Table};
use crate::registry::Entry;
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "cancer",
    title: "Breast cancer",
    about: "569 biopsies by 30 features: ten measurements of the cell nuclei, each as mean, standard error and worst; 2 classes, 212 \
            malignant and 357 benign. Many features say the same in other units, so that strong regularization, selection or principal \
            components lose nothing; most models pass 95 %, and what is left is a matter of a few rows.",
    formula: "",
    paper: "W. Wolberg, O. Mangasarian, N. Street, W. Street (1993), Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning \
            Repository, doi:10.24432/C5DW2B, CC BY 4.0; as in scikit-learn.",
    settings: &[],
    build: |_, _| {
        let mut packed = Unpacker::new(packed!("cancer")?, 31 + 30 * 16);
        let (mut x, mut y) = (Vec::with_capacity(569 * 30), Vec::with_capacity(569));
        for _ in 0..569 {
            y.push(packed.number(0, 1, 0));
            for f in 0..30 {
                let power = packed.number(1 + f, 4, 0);
                let digits = f64::from(packed.number(31 + f * 16 + power as usize, 5, 9));
                // Divided by a whole power of ten, so that each is the nearest number to its decimal.
                x.push(digits / libm::pow(10.0, 8.0 - f64::from(power)));
            }
        }
        let names = ["mean", "error", "worst"].iter().flat_map(|kind| {
            MEASURED.iter().map(move |name| {
                if *kind == "error" {
                    format!("{name} error")
                } else {
                    format!("{kind} {name}")
                }
            })
        });
        Ok(Dataset {
            id: ENTRY.id,
            rows: Arc::new(Table::new(x, y, 30, 2)?),
            feature_names: names.collect(),
            class_names: vec!["malignant".into(), "benign".into()],
            fresh: None,
        })
    },
};

const MEASURED: [&str; 10] = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
];
