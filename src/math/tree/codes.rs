//! Feature values as ranks.

/// Every feature's values replaced by their ranks among its distinct values, feature by feature.
///
/// A tree only asks how values are ordered. With ranks, a node counts its rows per rank instead of sorting them, and all trees
/// on the same rows share one sort.
#[derive(Debug)]
pub struct Codes {
    rows: usize,
    columns: Vec<u16>,
    values: Vec<Vec<f64>>,
}

impl Codes {
    /// More rows than this could have more distinct values than a rank can number.
    pub const MOST_ROWS: usize = 65_535;

    /// Ranks of the row-major `x`, rows × features, of finite numbers, at most [`Codes::MOST_ROWS`] rows.
    pub fn of(x: &[f64], features: usize) -> Codes {
        let rows = x.len().checked_div(features).unwrap_or(0);
        debug_assert!(rows <= Codes::MOST_ROWS, "the caller bounds the rows");
        let mut columns = Vec::with_capacity(rows * features);
        let mut values = Vec::with_capacity(features);
        for feature in 0..features {
            let column = || x.iter().skip(feature).step_by(features).copied();
            let mut distinct: Vec<f64> = column().collect();
            distinct.sort_unstable_by(f64::total_cmp);
            distinct.dedup();
            columns.extend(column().map(|v| distinct.partition_point(|&d| d < v) as u16));
            values.push(distinct);
        }
        Codes { rows, columns, values }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.values.len()
    }

    /// The rank of every row in `feature`.
    pub fn column(&self, feature: usize) -> &[u16] {
        &self.columns[feature * self.rows..(feature + 1) * self.rows]
    }

    /// The distinct values of `feature`, ascending: the value of rank `c` at position `c`.
    pub fn values(&self, feature: usize) -> &[f64] {
        &self.values[feature]
    }

    /// The largest number of distinct values of any feature.
    pub fn widest(&self) -> usize {
        self.values.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// The threshold between ranks `below` and `above` of a feature: midway, and never as large as the upper value, so that
    /// `value <= threshold` tells them apart whatever the rounding.
    pub fn threshold(&self, feature: usize, below: u16, above: u16) -> f64 {
        let (a, b) = (
            self.values[feature][usize::from(below)],
            self.values[feature][usize::from(above)],
        );
        let middle = a / 2.0 + b / 2.0;
        if middle >= b || middle < a { a } else { middle }
    }
}
