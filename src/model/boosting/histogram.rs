//! A node's rows in the bins of one feature.

use super::bins::PLACES;
use super::sum::Sum;

/// Sums and numbers of rows, bin by bin.
#[derive(Clone)]
pub(super) struct Histogram {
    pub sums: [Sum; PLACES],
    pub rows: [u32; PLACES],
}

impl Histogram {
    pub const EMPTY: Histogram = Histogram {
        sums: [Sum::ZERO; PLACES],
        rows: [0; PLACES],
    };

    /// Adds the slopes of these rows to their bins, or takes them out.
    #[inline(always)]
    pub fn change(&mut self, column: &[u8], rows: &[u32], slopes: &[Sum], change: impl Fn(&mut Histogram, u8, Sum)) {
        for (&row, &slope) in rows.iter().zip(slopes) {
            change(self, column[row as usize], slope);
        }
    }

    #[inline(always)]
    pub fn add(&mut self, bin: u8, slope: Sum) {
        self.sums[usize::from(bin)] += slope;
        self.rows[usize::from(bin)] += 1;
    }

    #[inline(always)]
    pub fn take(&mut self, bin: u8, slope: Sum) {
        self.sums[usize::from(bin)] -= slope;
        self.rows[usize::from(bin)] -= 1;
    }

    /// The bins of which the splits behind them leave at least `leaf` rows on both sides, of the first `count`, where so many rows go left
    /// and right anyway.
    pub fn open(&self, count: usize, leaf: u32, left: u32, right: u32) -> std::ops::Range<usize> {
        let rows = &self.rows[..count];
        let (mut first, mut before) = (0, left);
        while first < count && before + rows[first] < leaf {
            before += rows[first];
            first += 1;
        }
        let (mut end, mut after) = (count, right);
        while end > first && after < leaf {
            end -= 1;
            after += rows[end];
        }
        first..end
    }
}
