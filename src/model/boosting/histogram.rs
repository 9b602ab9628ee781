//! A feature's sums by bins, and by blocks of bins.

use super::bins::PLACES;
use super::sum::Sum;

/// Bins of a block.
pub(super) const BLOCK: usize = 16;

/// Sums over rows of whose gradients the sizes are known, too: that bounds what any part of them sums to.
#[derive(Clone, Copy, Default)]
pub(super) struct Spread {
    pub sum: Sum,
    /// Of the gradients without their signs.
    pub size: u64,
}

impl Spread {
    pub fn row(sum: Sum) -> Spread {
        Spread {
            sum,
            size: sum.gradient_size(),
        }
    }
}

/// A node's rows in the bins of one feature.
#[derive(Clone)]
pub(super) struct Histogram {
    pub bins: [Sum; PLACES],
    pub blocks: [Spread; PLACES / BLOCK],
}

impl Histogram {
    pub const EMPTY: Histogram = Histogram {
        bins: [Sum::ZERO; PLACES],
        blocks: [Spread {
            sum: Sum::ZERO,
            size: 0,
        }; PLACES / BLOCK],
    };

    #[inline(always)]
    pub fn add(&mut self, bin: u8, row: Spread) {
        self.bins[usize::from(bin)] += row.sum;
        let block = &mut self.blocks[usize::from(bin) / BLOCK];
        block.sum += row.sum;
        block.size += row.size;
    }

    #[inline(always)]
    pub fn take(&mut self, bin: u8, row: Spread) {
        self.bins[usize::from(bin)] -= row.sum;
        let block = &mut self.blocks[usize::from(bin) / BLOCK];
        block.sum -= row.sum;
        block.size -= row.size;
    }
}
