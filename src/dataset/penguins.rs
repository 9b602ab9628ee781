//! Penguins of three species, with gaps.

use super::packed::packed;
use super::unpack::Unpacker;
use super::{Build, Column, Dataset, Table};
use crate::registry::Entry;
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "penguins",
    title: "Penguins",
    about: "344 penguins by 6 features: four measurements, the island and the sex; 3 classes, 152 Adélie, 68 chinstrap and 124 gentoo. \
            Two features are words, 11 rows don't say the sex and two of them nothing at all: what is missing is filled in, and words are \
            encoded, inside every fold. A lesson in what real tables look like.",
    formula: "",
    paper: "A. M. Horst, A. P. Hill, K. B. Gorman (2020), palmerpenguins, doi:10.5281/zenodo.3960218, CC0; measured by K. B. Gorman, \
            T. D. Williams, W. R. Fraser (2014), PLoS ONE 9(3), e90081.",
    settings: &[],
    build: |_, _| {
        let mut packed = Unpacker::new(packed!("penguins")?, 7);
        let gap = |v: u32, value: f64| if v == 0 { f64::NAN } else { value };
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..344 {
            y.push(packed.number(0, 2, 0));
            let island = packed.number(1, 2, 0);
            let sex = packed.number(2, 2, 0);
            for (f, (times, over)) in [(1.0, 10.0), (1.0, 10.0), (1.0, 1.0), (25.0, 1.0)]
                .into_iter()
                .enumerate()
            {
                let v = packed.number(3 + f, 6, 4);
                x.push(gap(v, f64::from(v) * times / over));
            }
            x.extend([f64::from(island), gap(sex, f64::from(sex) - 1.0)]);
        }
        let number = Column { levels: 0, gaps: true };
        let columns = [number; 4]
            .into_iter()
            .chain([Column { levels: 3, gaps: false }, Column { levels: 2, gaps: true }]);
        Ok(Dataset {
            id: ENTRY.id,
            rows: Arc::new(Table::raw(x, y, columns.collect(), 3)?),
            feature_names: [
                "bill length (mm)",
                "bill depth (mm)",
                "flipper length (mm)",
                "body mass (g)",
                "island",
                "sex",
            ]
            .map(String::from)
            .to_vec(),
            class_names: ["Adélie", "chinstrap", "gentoo"].map(String::from).to_vec(),
            fresh: None,
        })
    },
};
