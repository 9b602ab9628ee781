//! Feature values as ranks.

/// Every feature's values replaced by their ranks among its distinct values, feature by feature.
///
/// A tree only asks how values are ordered. With ranks, a node counts its rows per rank instead of sorting them, and all trees
/// on the same rows share one sort. A feature of more distinct values than there are ranks has neighbouring values share a rank.
#[derive(Debug)]
pub struct Codes {
    rows: usize,
    columns: Vec<u16>,
    /// The smallest and the largest value of every rank.
    values: Vec<Vec<(f64, f64)>>,
    /// The row of every rank, of the features whose values are all distinct.
    orders: Vec<Option<Vec<u16>>>,
}

impl Codes {
    /// More rows than this would need sums of more digits than a number has.
    pub const MOST_ROWS: usize = 200_000;

    /// Ranks of a feature.
    const MOST_RANKS: usize = 1 << 16;

    /// Ranks of the row-major `x`, rows × features, of finite numbers, at most [`Codes::MOST_ROWS`] rows.
    pub fn of(x: &[f64], features: usize) -> Codes {
        let rows = x.len().checked_div(features).unwrap_or(0);
        debug_assert!(rows <= Codes::MOST_ROWS, "the caller bounds the rows");
        let mut columns = vec![0; rows * features];
        let mut values = Vec::with_capacity(features);
        let mut orders = Vec::with_capacity(features);
        let mut sorted: Vec<(u64, u32)> = Vec::with_capacity(rows);
        for feature in 0..features {
            let column = x.iter().skip(feature).step_by(features).zip(0..);
            sorted.clear();
            sorted.extend(column.map(|(value, row)| (key(*value), row)));
            sorted.sort_unstable();
            let distinct = sorted.chunk_by(|a, b| a.0 == b.0).count().max(1);
            let mut ranks: Vec<(f64, f64)> = Vec::with_capacity(distinct.min(Codes::MOST_RANKS));
            for (place, equal) in sorted.chunk_by(|a, b| a.0 == b.0).enumerate() {
                let rank = if distinct > Codes::MOST_RANKS {
                    (place as u64 * Codes::MOST_RANKS as u64 / distinct as u64) as usize
                } else {
                    place
                };
                let value = x[equal[0].1 as usize * features + feature];
                match ranks.get_mut(rank) {
                    Some((_, highest)) => *highest = value,
                    None => ranks.push((value, value)),
                }
                for (_, row) in equal {
                    columns[feature * rows + *row as usize] = rank as u16;
                }
            }
            let distinct = distinct == rows && rows <= Codes::MOST_RANKS;
            orders.push(distinct.then(|| sorted.iter().map(|(_, row)| *row as u16).collect()));
            values.push(ranks);
        }
        Codes {
            rows,
            columns,
            values,
            orders,
        }
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

    /// Number of ranks of `feature`.
    pub fn ranks(&self, feature: usize) -> usize {
        self.values[feature].len()
    }

    /// The row of every rank of a feature, if no two rows have the same.
    pub(super) fn order(&self, feature: usize) -> Option<&[u16]> {
        self.orders[feature].as_deref()
    }

    /// The largest number of ranks of any feature.
    pub(super) fn widest(&self) -> usize {
        self.values.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// The threshold between ranks `below` and `above` of a feature: midway, and never as large as the upper value, so that
    /// `value <= threshold` tells them apart whatever the rounding.
    pub fn threshold(&self, feature: usize, below: u16, above: u16) -> f64 {
        let (a, b) = (
            self.values[feature][usize::from(below)].1,
            self.values[feature][usize::from(above)].0,
        );
        let middle = a / 2.0 + b / 2.0;
        if middle >= b || middle < a { a } else { middle }
    }

    /// A threshold at the share `at`, in [0, 1), of the way from rank `low` to a larger rank `high`, and the last rank below it.
    pub fn cut(&self, feature: usize, low: u16, high: u16, at: f64) -> (f64, u16) {
        let ranks = &self.values[feature][usize::from(low)..=usize::from(high)];
        let (from, to) = (ranks[0].0, ranks[ranks.len() - 1].0);
        let drawn = from * (1.0 - at) + to * at;
        // Rounding must not step outside; the highest rank lies above.
        let below = ranks[1..ranks.len() - 1].partition_point(|(lowest, _)| *lowest <= drawn);
        let (_, highest) = ranks[below];
        let threshold = if drawn > highest && drawn < ranks[below + 1].0 {
            drawn
        } else {
            highest
        };
        (threshold, low + below as u16)
    }
}

/// Bits in the order of the numbers; both zeros are one.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}
