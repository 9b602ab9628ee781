//! The best split of one feature of a node.

use super::bins::{MISSING, PLACES};
use super::grow::Limits;
use super::histogram::{BLOCK, Histogram, Spread};
use super::sum::{Scale, Sum};

/// No child has a smaller Hessian: its value would be anything.
const LEAST_HESSIAN: f64 = 1e-3;

/// A hair below one: what is above a bound before rounding is above so much of it after.
const ALMOST: f64 = 1.0 - 1e-12;

/// Bins up to one go left.
#[derive(Clone, Copy)]
pub(super) struct Split {
    pub gain: f64,
    pub feature: u16,
    pub bin: u8,
    pub missing_left: bool,
    pub left: Sum,
}

/// A node that is to be split, and the best split so far.
#[derive(Clone, Copy)]
pub(super) struct Search {
    scale: Scale,
    sum: Sum,
    gradient: f64,
    hessian: f64,
    l2: f64,
    /// Rows that each side must have.
    leaf: u32,
    /// What a split must exceed to gain anything.
    own: f64,
    /// The gain of the best.
    most: f64,
    pub best: Option<Split>,
}

impl Search {
    pub fn new(limits: Limits, scale: Scale, sum: Sum) -> Search {
        let (gradient, hessian) = (scale.gradient(&sum), scale.hessian(&sum));
        Search {
            scale,
            sum,
            gradient,
            hessian,
            l2: limits.l2,
            leaf: limits.leaf.max(1),
            own: gradient * gradient / (hessian + limits.l2),
            most: 0.0,
            best: None,
        }
    }

    /// Looks at a feature's `count` bins: missing values to the right, and if there are any, to the left.
    ///
    /// Only those blocks of bins are looked into in which there may be a better split than any so far or between two blocks.
    #[inline(never)]
    pub fn dense(&mut self, feature: u16, histogram: &Histogram, count: usize) {
        let missing = histogram.bins[usize::from(MISSING)];
        let blocks = count.div_ceil(BLOCK);
        for missing_left in [false, true] {
            if missing_left && missing.rows() == 0 {
                return;
            }
            let mut left = if missing_left { missing } else { Sum::ZERO };
            let mut ends = [self.end(left, 0); PLACES / BLOCK + 1];
            let mut floor = self.most;
            for (block, (end, spread)) in ends[1..].iter_mut().zip(&histogram.blocks[..blocks]).enumerate() {
                left += spread.sum;
                // Missing values are last in the last block.
                if block == PLACES / BLOCK - 1 {
                    left -= missing;
                }
                *end = self.end(left, spread.size);
                if self.is_open(left) {
                    let gain = self.gain(end.gradient, end.hessian);
                    floor = if gain > floor { gain } else { floor };
                }
            }
            let bar = (floor + self.own) * ALMOST;
            for (block, pair) in ends[..=blocks].windows(2).enumerate() {
                let (from, to) = (&pair[0], &pair[1]);
                let opens = to.left.rows() >= self.leaf && self.sum.rows() - from.left.rows() >= self.leaf;
                if opens && self.reaches(from, to, bar) {
                    let mut left = from.left;
                    let bins = block * BLOCK..count.min((block + 1) * BLOCK);
                    for (bin, sum) in bins.clone().zip(&histogram.bins[bins]) {
                        left += *sum;
                        self.offer(left, feature, bin, missing_left);
                    }
                }
            }
        }
    }

    /// The same from the rows of a node and their bins: so few that most bins are empty. `sums` is memory, all zero.
    #[inline(never)]
    pub fn sparse(&mut self, feature: u16, column: &[u8], rows: &[u32], near: &[Spread], sums: &mut [Sum; PLACES]) {
        const LAST: u64 = 1 << 63;
        let mut occupied = [0u64; PLACES / 64];
        for (&row, spread) in rows.iter().zip(near) {
            let bin = usize::from(column[row as usize]);
            sums[bin] += spread.sum;
            occupied[bin >> 6] |= 1 << (bin & 63);
        }
        let has_missing = occupied[3] & LAST != 0;
        occupied[3] &= !LAST;
        let missing = std::mem::take(&mut sums[usize::from(MISSING)]);
        for missing_left in [false, true] {
            if missing_left && !has_missing {
                return;
            }
            let is_last = missing_left == has_missing;
            let mut left = if missing_left { missing } else { Sum::ZERO };
            for (word, mut set) in occupied.into_iter().enumerate() {
                while set != 0 {
                    let bin = (word << 6 | set.trailing_zeros() as usize) % PLACES;
                    set &= set - 1;
                    left += sums[bin];
                    if is_last {
                        sums[bin] = Sum::ZERO;
                    }
                    self.offer(left, feature, bin, missing_left);
                }
            }
        }
    }

    /// Considers the split behind a bin.
    #[inline(always)]
    fn offer(&mut self, left: Sum, feature: u16, bin: usize, missing_left: bool) {
        if !self.is_open(left) {
            return;
        }
        let (g, h) = (self.scale.gradient(&left), self.scale.hessian(&left));
        // A better one is rare, and a product tells sooner than a division.
        let (above, below) = self.fraction(g, h);
        if above <= (self.most + self.own) * ALMOST * below {
            return;
        }
        let gain = self.gain(g, h);
        if gain > self.most {
            self.most = gain;
            self.best = Some(Split {
                gain,
                feature,
                bin: bin as u8,
                missing_left,
                left,
            });
        }
    }

    /// Whether both sides have rows enough.
    #[inline(always)]
    fn is_open(&self, left: Sum) -> bool {
        left.rows() >= self.leaf && self.sum.rows() - left.rows() >= self.leaf
    }

    /// What a split gains, before what is taken from it, as a fraction: both sides over one denominator.
    #[inline(always)]
    fn fraction(&self, g: f64, h: f64) -> (f64, f64) {
        let (other_g, other_h) = (self.gradient - g, self.hessian - h);
        let (a, b) = (h + self.l2, other_h + self.l2);
        (g * g * b + other_g * other_g * a, a * b)
    }

    #[inline(always)]
    fn gain(&self, g: f64, h: f64) -> f64 {
        if h < LEAST_HESSIAN || self.hessian - h < LEAST_HESSIAN {
            return 0.0;
        }
        let (above, below) = self.fraction(g, h);
        above / below - self.own
    }

    /// Whether a split between two ends of blocks may exceed `bar`. What goes left there is what goes left before the block, and of the
    /// block's gradients at most all that are positive or all that are negative. The gain is convex in gradient and Hessian, so it is
    /// largest at a corner of what they may be.
    #[inline(always)]
    fn reaches(&self, from: &End, to: &End, bar: f64) -> bool {
        if from.hessian < LEAST_HESSIAN || self.hessian - to.hessian < LEAST_HESSIAN {
            return true;
        }
        let change = to.gradient - from.gradient;
        let size = to.size / ALMOST;
        let (low, high) = (
            from.gradient - (size - change) / 2.0,
            from.gradient + (size + change) / 2.0,
        );
        [(low, from), (low, to), (high, from), (high, to)]
            .into_iter()
            .any(|(g, end)| {
                let (above, below) = self.fraction(g, end.hessian);
                above >= bar * below
            })
    }

    fn end(&self, left: Sum, size: u64) -> End {
        End {
            left,
            gradient: self.scale.gradient(&left),
            hessian: self.scale.hessian(&left),
            size: self.scale.size(size),
        }
    }
}

/// What is left of the end of a block, and the sum of the sizes of the block's gradients.
#[derive(Clone, Copy)]
struct End {
    left: Sum,
    gradient: f64,
    hessian: f64,
    size: f64,
}
