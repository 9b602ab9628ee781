//! The best split of one feature of a node.
//!
//! Three steps: what lies left of every split that leaves rows enough on both sides, side by side; which sixteen of them hold one that may
//! be better than the best so far, several at once; and only those one by one.

use super::bins::{MISSING, PLACES};
use super::grow::Limits;
use super::histogram::Histogram;
use super::sum::Sum;
use std::ops::{Add, Mul, Range, Sub};
use wide::f64x2;

/// No child has a smaller Hessian: its value would be anything.
const LEAST_HESSIAN: f64 = 1e-3;

/// A hair below one: what is above a bound before rounding is above so much of it after.
const ALMOST: f64 = 1.0 - 1e-12;

/// Splits that are looked at together.
const TOGETHER: usize = 16;

/// Rows of a node that is searched without a histogram, at most. A byte counts those of a bin.
pub(super) const FEW: u32 = 128;

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
    sum: Sum,
    rows: u32,
    l2: f64,
    /// Rows that each side must have.
    leaf: u32,
    /// What a split must exceed to gain anything.
    own: f64,
    /// The gain of the best.
    most: f64,
    pub best: Option<Split>,
}

/// Memory of a search.
pub(super) struct Splits {
    /// What lies left of a feature's splits, of which there are any number, and the bins that they are behind.
    left: [Sum; PLACES],
    bins: [u8; PLACES],
    /// By bins; all zero between two features.
    sums: [Sum; PLACES],
    rows: [u8; PLACES],
}

impl Splits {
    pub const EMPTY: Splits = Splits {
        left: [Sum::ZERO; PLACES],
        bins: [0; PLACES],
        sums: [Sum::ZERO; PLACES],
        rows: [0; PLACES],
    };
}

impl Search {
    pub fn new(limits: Limits, sum: Sum, rows: u32) -> Search {
        Search {
            sum,
            rows,
            l2: limits.l2,
            leaf: limits.leaf.max(1),
            own: sum.gradient() * sum.gradient() / (sum.hessian() + limits.l2),
            most: 0.0,
            best: None,
        }
    }

    /// Looks at a feature's `count` bins: missing values to the right, and if there are any, to the left.
    pub fn dense(&mut self, feature: u16, histogram: &Histogram, count: usize, splits: &mut Splits) {
        let last = usize::from(MISSING);
        let (missing, lacking) = (histogram.sums[last], histogram.rows[last]);
        let open = histogram.open(count, self.leaf, 0, lacking);
        let found = add_up(&histogram.sums, open.clone(), Sum::ZERO, &mut splits.left);
        self.choose(feature, false, splits, found, |place| (open.start + place) as u8);
        if lacking > 0 {
            let open = histogram.open(count, self.leaf, lacking, 0);
            let found = add_up(&histogram.sums, open.clone(), missing, &mut splits.left);
            self.choose(feature, true, splits, found, |place| (open.start + place) as u8);
        }
    }

    /// The same from at most [`FEW`] rows of a node and their bins: most are empty.
    pub fn sparse(&mut self, feature: u16, column: &[u8], rows: &[u32], near: &[Sum], splits: &mut Splits) {
        put(column, rows, near, splits);
        let mut occupied = occupied(&splits.rows);
        let last = usize::from(MISSING);
        let (missing, lacking) = (splits.sums[last], u32::from(splits.rows[last]));
        occupied[last >> 6] &= !(1 << (last & 63));
        let found = self.gather(&occupied, Sum::ZERO, 0, lacking == 0, splits);
        self.choose(feature, false, splits, found, |place| splits.bins[place]);
        if lacking > 0 {
            let found = self.gather(&occupied, missing, lacking, true, splits);
            self.choose(feature, true, splits, found, |place| splits.bins[place]);
            splits.sums[last] = Sum::ZERO;
        }
        splits.rows = [0; PLACES];
    }

    /// What is left of every split behind an occupied bin that leaves rows enough on both sides, from what goes left anyway; how many
    /// these are. The last time, no sums are left behind.
    #[inline(never)]
    fn gather(
        &self,
        occupied: &[u64; PLACES / 64],
        mut left: Sum,
        mut rows: u32,
        last: bool,
        splits: &mut Splits,
    ) -> usize {
        let mut found = 0;
        let more = self.rows - 2 * self.leaf;
        for (word, &set) in occupied.iter().enumerate() {
            let mut set = set;
            while set != 0 {
                let bin = (word << 6 | set.trailing_zeros() as usize) % PLACES;
                set &= set - 1;
                left += splits.sums[bin];
                rows += u32::from(splits.rows[bin]);
                if last {
                    splits.sums[bin] = Sum::ZERO;
                }
                if rows.wrapping_sub(self.leaf) <= more {
                    splits.left[found % PLACES] = left;
                    splits.bins[found % PLACES] = bin as u8;
                    found += 1;
                }
            }
        }
        found
    }

    /// Considers the first `found` splits, from left to right.
    #[inline(never)]
    fn choose(&mut self, feature: u16, missing_left: bool, splits: &Splits, found: usize, bin: impl Fn(usize) -> u8) {
        let together = splits.left.chunks_exact(TOGETHER).take(found.div_ceil(TOGETHER));
        for (chunk, left) in together.enumerate() {
            let bar = (self.most + self.own) * ALMOST;
            if !self.any_exceeds(left, bar) {
                continue;
            }
            let from = chunk * TOGETHER;
            for (place, &left) in (from..found).zip(left) {
                if !self.exceeds(&left, (self.most + self.own) * ALMOST) {
                    continue;
                }
                let gain = self.gain(&left);
                if gain > self.most {
                    self.most = gain;
                    self.best = Some(Split {
                        gain,
                        feature,
                        bin: bin(place),
                        missing_left,
                        left,
                    });
                }
            }
        }
    }

    /// Whether what any of the splits gains, before what is taken from it, may be above a bar: without the division, two at once.
    #[inline(always)]
    fn any_exceeds(&self, left: &[Sum], bar: f64) -> bool {
        let (bar, sum) = (f64x2::splat(bar), Sum::apart([self.sum; 2]));
        let mut may = f64x2::ZERO;
        for pair in left.as_chunks::<2>().0 {
            let (above, below) = fraction(Sum::apart(*pair), sum, f64x2::splat(self.l2));
            may |= above.simd_gt(bar * below);
        }
        may.any()
    }

    /// The same of one split.
    #[inline(always)]
    fn exceeds(&self, left: &Sum, bar: f64) -> bool {
        let (above, below) = self.fraction(left);
        above > bar * below
    }

    /// What a split gains that has this to the left.
    #[inline(always)]
    fn gain(&self, left: &Sum) -> f64 {
        if left.hessian() < LEAST_HESSIAN || self.sum.hessian() - left.hessian() < LEAST_HESSIAN {
            return 0.0;
        }
        let (above, below) = self.fraction(left);
        above / below - self.own
    }

    /// The same before what is taken from it, as a fraction.
    #[inline(always)]
    fn fraction(&self, left: &Sum) -> (f64, f64) {
        let sum = (self.sum.gradient(), self.sum.hessian());
        fraction((left.gradient(), left.hessian()), sum, self.l2)
    }
}

/// What splits gain that have `(g, h)` to the left, before what is taken from it, as a fraction: both sides over one denominator.
#[inline(always)]
fn fraction<N>((g, h): (N, N), sum: (N, N), l2: N) -> (N, N)
where
    N: Copy + Add<Output = N> + Sub<Output = N> + Mul<Output = N>,
{
    let (other_g, other_h) = (sum.0 - g, sum.1 - h);
    let (a, b) = (h + l2, other_h + l2);
    (g * g * b + other_g * other_g * a, a * b)
}

/// What is left of the splits behind the bins of a range, from what goes left anyway; how many these are.
#[inline(never)]
fn add_up(sums: &[Sum; PLACES], open: Range<usize>, start: Sum, left: &mut [Sum; PLACES]) -> usize {
    let mut total = start;
    sums[..open.start].iter().for_each(|sum| total += *sum);
    let sums = &sums[open];
    // By fours, so that an addition need not wait for all before it: they are exact in any order.
    for (sums, left) in sums.chunks(4).zip(left.chunks_mut(4)) {
        let mut part = Sum::ZERO;
        for (sum, left) in sums.iter().zip(left) {
            part += *sum;
            *left = total;
            *left += part;
        }
        total += part;
    }
    sums.len()
}

/// Sums up a node's rows by their bins.
#[inline(never)]
fn put(column: &[u8], rows: &[u32], near: &[Sum], splits: &mut Splits) {
    for (&row, &slope) in rows.iter().zip(near) {
        let bin = usize::from(column[row as usize]);
        splits.sums[bin] += slope;
        splits.rows[bin] += 1;
    }
}

/// A bit for every bin that has rows, at most 128 of them.
#[inline(never)]
fn occupied(rows: &[u8; PLACES]) -> [u64; PLACES / 64] {
    let mut occupied = [0; PLACES / 64];
    let (eights, _) = rows.as_chunks::<8>();
    let (words, _) = eights.as_chunks::<8>();
    for (word, eights) in occupied.iter_mut().zip(words) {
        for (place, eight) in eights.iter().enumerate() {
            // The highest bit of every byte, then all eight side by side in the highest byte.
            let some = (u64::from_le_bytes(*eight) + 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101;
            *word |= some.wrapping_mul(0x0102_0408_1020_4080) >> 56 << (8 * place);
        }
    }
    occupied
}
