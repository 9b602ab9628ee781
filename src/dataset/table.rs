//! The rows a model sees.

use super::memo::{Key, Memo};
use crate::math::tree::Codes;
use crate::seed::{Seed, shuffle};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// Rows of finite numbers with a class each; or raw rows, which hold categories and gaps and are to be encoded first.
#[derive(Debug)]
pub struct Table {
    x: Vec<f64>,
    y: Vec<u32>,
    features: usize,
    classes: usize,
    /// What each feature of raw rows holds.
    columns: Option<Arc<Vec<Column>>>,
    /// Which rows belong together.
    groups: Option<Vec<u32>>,
    /// What features are called in messages; empty where one has no name.
    names: Option<Arc<Vec<String>>>,
    codes: OnceLock<Codes>,
    memo: Option<Memo>,
}

/// What a feature of raw rows holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Number of categories, whose codes are 0, 1, …; 0 for numbers.
    pub levels: u32,
    /// Whether a value may be missing: not a number.
    pub gaps: bool,
}

impl Column {
    /// Features that it is encoded as.
    pub fn width(&self) -> usize {
        let own = if self.levels > 2 { self.levels as usize } else { 1 };
        own + usize::from(self.gaps)
    }
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
            columns: None,
            groups: None,
            names: None,
            codes: OnceLock::new(),
            memo: None,
        })
    }

    /// Raw rows: a table whose features may be categories, and may have gaps.
    ///
    /// # Errors
    /// As [`Table::new`]; or if a value is none of its column's.
    pub fn raw(x: Vec<f64>, y: Vec<u32>, columns: Vec<Column>, classes: usize) -> Result<Table, String> {
        let features = columns.len();
        for (i, v) in x.iter().enumerate() {
            let column = columns[i % features];
            let fits = match column.levels {
                _ if v.is_nan() => column.gaps,
                0 => v.is_finite(),
                levels => *v >= 0.0 && *v < f64::from(levels) && libm::floor(*v) == *v,
            };
            if !fits {
                return Err(format!("row {}, feature {} is {v}", i / features, i % features));
            }
        }
        let filled = x.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
        let mut table = Table::new(filled, y, features, classes)?;
        (table.x, table.columns) = (x, Some(Arc::new(columns)));
        Ok(table)
    }

    /// This table with the group of every row: rows that belong together, such as those of one patient.
    ///
    /// # Errors
    /// If there are not as many as rows.
    pub fn grouped(mut self, groups: Vec<u32>) -> Result<Table, String> {
        if groups.len() != self.rows() {
            return Err(format!(
                "{} groups are not one for each of {} rows",
                groups.len(),
                self.rows()
            ));
        }
        self.groups = Some(groups);
        Ok(self)
    }

    /// The same rows with other features: the row-major `x`.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn with_features(&self, x: Vec<f64>, features: usize) -> Result<Table, String> {
        let mut table = Table::new(x, self.y.clone(), features, self.classes)?;
        table.groups = self.groups.clone();
        Ok(table)
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
            columns: self.columns.clone(),
            groups: self
                .groups
                .as_ref()
                .map(|groups| rows.iter().map(|&row| groups[row]).collect()),
            names: self.names.clone(),
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

    /// This table with what its features are called in messages.
    #[must_use]
    pub fn named(mut self, names: Vec<String>) -> Table {
        self.names = Some(Arc::new(names));
        self
    }

    /// What its features are called, if they were named; empty where one has no name.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_ref().map(|names| &names[..])
    }

    /// A feature in a message: by its name, or its number from 1.
    pub fn feature(&self, feature: usize) -> String {
        let name = self.names().and_then(|names| names.get(feature));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("feature \"{name}\""),
            None => format!("feature {}", feature + 1),
        }
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of classes, whether or not each occurs.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// What each feature holds, of raw rows.
    pub fn columns(&self) -> Option<&Arc<Vec<Column>>> {
        self.columns.as_ref()
    }

    /// The group of every row, if there are groups.
    pub fn groups(&self) -> Option<&[u32]> {
        self.groups.as_deref()
    }

    /// About how much memory the values take.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.x[..]) + size_of_val(&self.y[..])
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
