//! From raw columns to finite numbers: categories encoded, gaps filled.

use super::{Step, Transform, column, quantile, sorted};
use crate::dataset::{Column, Key, Table};
use std::sync::Arc;

/// What stands before every model where the data have categories or gaps.
///
/// A number that is missing becomes the median of the training rows, with a feature beside it that says so. A category becomes one feature
/// a level, 1 at its own and 0 at the others, of two levels the second only; one that is missing has a feature of its own. Every model gets
/// the same, trees too: they lose little by it, and models stay comparable.
pub struct Encode;

impl Step for Encode {
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String> {
        let Some(columns) = train.columns().cloned() else {
            return Err("the data are encoded already".into());
        };
        let middle = |f: usize| quantile(&sorted(column(train, f).filter(|v| !v.is_nan())), 0.5);
        Ok(Box::new(Encoder {
            medians: (0..columns.len()).map(middle).collect(),
            columns,
        }))
    }

    fn key(&self) -> Key {
        ("encode", [0; 8])
    }
}

struct Encoder {
    columns: Arc<Vec<Column>>,
    medians: Vec<f64>,
}

impl Transform for Encoder {
    fn apply(&self, x: &Table) -> (Vec<f64>, usize) {
        let width = self.columns.iter().map(Column::width).sum();
        let mut values = Vec::with_capacity(x.rows() * width);
        for row in (0..x.rows()).map(|row| x.row(row)) {
            for ((column, &v), &median) in self.columns.iter().zip(row).zip(&self.medians) {
                match column.levels {
                    0 => values.push(if v.is_nan() { median } else { v }),
                    2 => values.push(f64::from(u8::from(v == 1.0))),
                    levels => values.extend((0..levels).map(|k| f64::from(u8::from(v == f64::from(k))))),
                }
                if column.gaps {
                    values.push(f64::from(u8::from(v.is_nan())));
                }
            }
        }
        (values, width)
    }

    fn origin(&self, feature: usize) -> Option<usize> {
        let mut end = 0;
        self.columns.iter().position(|column| {
            end += column.width();
            feature < end
        })
    }
}
