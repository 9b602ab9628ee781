//! What a node of a classification tree knows of its rows: how many of each class, packed into few words.

use super::grow::Target;

/// Weighted rows of each class and the number of rows, in lanes of 16 bits: lane 0 counts rows, lane `k + 1` the weight of class `k`.
///
/// A whole word is added at once, so `L = 1` counts up to three classes with one addition a row. Lanes cannot overflow while the
/// total weight stays at or below 65,535.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts<const L: usize>(pub [u64; L]);

impl<const L: usize> Default for Counts<L> {
    fn default() -> Self {
        Counts([0; L])
    }
}

impl<const L: usize> Counts<L> {
    /// Most classes that fit.
    pub const CLASSES: usize = 4 * L - 1;

    /// One row of `class` that counts `weight` times.
    pub fn row(class: usize, weight: u32) -> Self {
        let mut words = [0; L];
        words[0] = 1;
        words[(class + 1) / 4] += u64::from(weight) << (16 * ((class + 1) % 4));
        Counts(words)
    }

    /// Number of rows.
    pub fn rows(&self) -> u32 {
        (self.0[0] & 0xffff) as u32
    }

    /// Weight of `class`.
    pub fn class(&self, class: usize) -> u32 {
        ((self.0[(class + 1) / 4] >> (16 * ((class + 1) % 4))) & 0xffff) as u32
    }

    /// The weights of all lanes for classes, unused ones included, which are zero.
    fn lanes(&self) -> impl Iterator<Item = u64> + '_ {
        (1..4 * L).map(|lane| (self.0[lane / 4] >> (16 * (lane % 4))) & 0xffff)
    }

    /// Total weight.
    pub fn total(&self) -> u32 {
        self.lanes().sum::<u64>() as u32
    }
}

/// How good a split is.
#[derive(Clone, Copy, Debug)]
pub enum Criterion<'a> {
    /// Gini's impurity 1 − Σ p².
    Gini,
    /// Shannon's entropy −Σ p ln p, from a table of `n ln n` for n = 0 up to the total weight.
    Entropy(&'a [f64]),
}

/// `n ln n` for n = 0..=most, with 0 at 0: entropies of counts without a logarithm in the inner loop.
pub fn n_log_n(most: usize) -> Vec<f64> {
    let term = |n: usize| if n == 0 { 0.0 } else { n as f64 * libm::log(n as f64) };
    (0..=most).map(term).collect()
}

impl<const L: usize> Target for (Criterion<'_>, std::marker::PhantomData<Counts<L>>) {
    type Cell = Counts<L>;

    #[inline(always)]
    fn plus(a: Counts<L>, b: Counts<L>) -> Counts<L> {
        Counts(std::array::from_fn(|i| a.0[i] + b.0[i]))
    }

    #[inline(always)]
    fn minus(a: Counts<L>, b: Counts<L>) -> Counts<L> {
        Counts(std::array::from_fn(|i| a.0[i] - b.0[i]))
    }

    #[inline(always)]
    fn rows(cell: &Counts<L>) -> u32 {
        cell.rows()
    }

    fn is_pure(&self, cell: &Counts<L>) -> bool {
        cell.lanes().filter(|&weight| weight > 0).count() <= 1
    }

    /// The weighted impurity of the children with its sign changed, up to a constant of the node.
    #[inline(always)]
    fn score(&self, left: &Counts<L>, right: &Counts<L>) -> f64 {
        match self.0 {
            // n (1 − Σ p²) = n − Σ count² / n, and the sum of both n is the node's. Both sides over one denominator: the whole numbers
            // stay below 2^53, so the one division is the only rounding, and splits that are equally good compare as equal.
            Criterion::Gini => {
                let side = |cell: &Counts<L>| {
                    let (mut squares, mut total) = (0u64, 0u64);
                    for count in cell.lanes() {
                        squares += count * count;
                        total += count;
                    }
                    (squares, total)
                };
                let ((a, m), (b, n)) = (side(left), side(right));
                // Through i64, whose conversion is one instruction.
                (a * n + b * m) as i64 as f64 / (m * n) as i64 as f64
            }
            // n · entropy = n ln n − Σ count ln count.
            Criterion::Entropy(table) => {
                let side = |cell: &Counts<L>| {
                    let (mut sum, mut total) = (0.0, 0usize);
                    for count in cell.lanes() {
                        sum += table[count as usize];
                        total += count as usize;
                    }
                    sum - table[total]
                };
                side(left) + side(right)
            }
        }
    }
}
