//! Handwritten digits.

use super::packed::packed;
use super::unpack::Unpacker;
use super::{Build, Dataset, Table};
use crate::registry::Entry;
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "digits",
    title: "Digits",
    about: "1797 handwritten digits, 64 features: 8 × 8 squares with 0 to 16 of ink each; 10 classes of 174 to 183 rows. Some squares are \
            always empty, most are correlated, and no single one tells much: kernels and networks beat trees here, and there is something \
            to tune.",
    formula: "",
    paper: "E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, \
            doi:10.24432/C50P49, CC BY 4.0; the test part, as in scikit-learn.",
    settings: &[],
    build: |_, _| {
        let mut packed = Unpacker::new(packed!("digits")?, 1 + 6 * 6 * 8);
        let coarse = |ink: u32| (ink as usize).div_ceil(4).min(4) + usize::from(ink == 16);
        let (mut x, mut y) = (Vec::with_capacity(1797 * 64), Vec::with_capacity(1797));
        for _ in 0..1797 {
            y.push(packed.number(0, 4, 0));
            let mut above = [0; 8];
            for _ in 0..8 {
                let mut left = 0;
                for (j, above) in above.iter_mut().enumerate() {
                    left = packed.number(1 + (coarse(left) * 6 + coarse(*above)) * 8 + j, 5, 0);
                    *above = left;
                    x.push(f64::from(left));
                }
            }
        }
        Ok(Dataset {
            id: ENTRY.id,
            rows: Arc::new(Table::new(x, y, 64, 10)?),
            feature_names: (0..64)
                .map(|i| format!("row {} column {}", i / 8 + 1, i % 8 + 1))
                .collect(),
            class_names: (0..10).map(|k| k.to_string()).collect(),
            fresh: None,
        })
    },
};
