//! The rows a model sees.

use super::memo::{Key, Memo};
use crate::math::tree::Codes;
use crate::seed::{Seed, shuffle};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// Rows of finite numbers with a class each.
#[derive(Debug)]
pub struct Table {
    x: Vec<f64>,
    y: Vec<u32>,
    features: usize,
    classes: usize,
    codes: OnceLock<Codes>,
    memo: Option<Memo>,
}

impl Table {
    /// A table of the row-major `x` (rows × features) and the classes `y`, each in 0..`classes`.
    ///
    /// # Errors
    /// If there is no feature, the lengths disagree, a value is not finite, a class is out of range, or there are more than 200,000 rows.
    pub fn new(x: Vec<f64>, y: Vec<u32>, features: usize, classes: usize) -> Result<Table, String> {
        if features == 0 || x.len() != y.len() * features {
            return Err(format!(
                "{} values are not {} rows of {features} features",
                x.len(),
                y.len()
            ));
        }
        if y.len() > Codes::MOST_ROWS {
            return Err(format!("{} rows are too many; at most {}", y.len(), Codes::MOST_ROWS));
        }
        if let Some(i) = x.iter().position(|v| !v.is_finite()) {
            let (row, feature) = (i / features, i % features);
            return Err(format!("row {row}, feature {feature} is {}, not a finite number", x[i]));
        }
        if let Some(row) = y.iter().position(|&class| class as usize >= classes) {
            return Err(format!("row {row} has class {}, of {classes} classes", y[row]));
        }
        Ok(Table {
            x,
            y,
            features,
            classes,
            codes: OnceLock::new(),
            memo: None,
        })
    }

    /// Rows whose class nobody knows, to predict: a grid of points for a picture.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn unlabelled(x: Vec<f64>, features: usize, classes: usize) -> Result<Table, String> {
        let rows = x.len().checked_div(features).unwrap_or(0);
        Table::new(x, vec![0; rows], features, classes.max(1))
    }

    /// The rows at `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Table {
        Table {
            x: rows.iter().flat_map(|&row| self.row(row)).copied().collect(),
            y: rows.iter().map(|&row| self.y[row]).collect(),
            features: self.features,
            classes: self.classes,
            codes: OnceLock::new(),
            memo: None,
        }
    }

    /// A share, in (0, 1], of the rows of every class, rounded up: the first ones of a shuffle that the seed fixes, so that a larger share
    /// has all the rows that a smaller one has. They stay in order.
    #[must_use]
    pub fn share(&self, share: f64, seed: Seed) -> Table {
        let mut members = vec![Vec::new(); self.classes];
        for (row, &class) in self.y.iter().enumerate() {
            members[class as usize].push(row);
        }
        for (class, members) in members.iter_mut().enumerate() {
            shuffle(&mut seed.derive("class", class as u64).rng(), members);
            members.truncate(libm::ceil(share * members.len() as f64 - 1e-9) as usize);
        }
        let mut rows = members.concat();
        rows.sort_unstable();
        self.select(&rows)
    }

    /// This table with a memory: worth it where many fits see the same rows.
    #[must_use]
    pub fn remembering(mut self) -> Table {
        self.memo = Some(Memo::new());
        self
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of classes, whether or not each occurs.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// All values, row-major.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The values of one row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.x[row * self.features..(row + 1) * self.features]
    }

    /// The class of every row.
    pub fn y(&self) -> &[u32] {
        &self.y
    }

    /// How many rows each class has.
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes];
        self.y.iter().for_each(|&class| counts[class as usize] += 1);
        counts
    }

    /// The values as ranks, made on first use and shared by all fits.
    pub fn codes(&self) -> &Codes {
        self.codes.get_or_init(|| Codes::of(&self.x, self.features))
    }

    /// Names this table in keys, if it has a memory; two tables never have the same number.
    pub fn id(&self) -> Option<u64> {
        self.memo.as_ref().map(Memo::id)
    }

    /// What was remembered under `key`, if it still is.
    pub fn recall<T: Any + Send + Sync>(&self, key: &Key) -> Option<Arc<T>> {
        self.memo.as_ref()?.recall(key)
    }

    /// Remembers a value that is a pure function of this table and `key`, of about `bytes` bytes; for a while, if there is a memory.
    pub fn remember<T: Any + Send + Sync>(&self, key: Key, value: Arc<T>, bytes: usize) {
        if let Some(memo) = &self.memo {
            memo.remember(key, value, bytes);
        }
    }
}
