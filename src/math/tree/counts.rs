//! What a node of a classification tree knows of its rows: how many of each class, packed into few words.

use super::gini;
use super::grow::Target;

/// Weighted rows of each class and the number of rows, in lanes of `B` bits: lane 0 counts rows, lane `k + 1` the weight of class `k`.
///
/// A whole word is added at once, so that 16 bits count up to three classes with one addition a row, and 21 bits up to two. Lanes cannot overflow while the
/// total weight stays below 2 to the power of `B`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts<const L: usize, const B: usize>(pub [u64; L]);

impl<const L: usize, const B: usize> Default for Counts<L, B> {
    fn default() -> Self {
        Counts([0; L])
    }
}

impl<const L: usize, const B: usize> Counts<L, B> {
    /// Lanes of a word.
    const A_WORD: usize = 64 / B;

    /// Most classes that fit.
    pub const CLASSES: usize = L * Self::A_WORD - 1;

    /// One row of `class` that counts `weight` times.
    pub fn row(class: usize, weight: u32) -> Self {
        let mut words = [0; L];
        words[0] = 1;
        words[(class + 1) / Self::A_WORD] += u64::from(weight) << (B * ((class + 1) % Self::A_WORD));
        Counts(words)
    }

    #[inline(always)]
    fn lane(&self, lane: usize) -> u64 {
        (self.0[lane / Self::A_WORD] >> (B * (lane % Self::A_WORD))) & ((1 << B) - 1)
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> u32 {
        self.lane(0) as u32
    }

    /// Weight of `class`.
    pub fn class(&self, class: usize) -> u32 {
        self.lane(class + 1) as u32
    }

    /// The weights of all lanes for classes, unused ones included, which are zero.
    #[inline(always)]
    fn lanes(&self) -> impl Iterator<Item = u64> + '_ {
        (1..L * Self::A_WORD).map(|lane| self.lane(lane))
    }

    /// The shares of the classes, each row counting as much as its class's weight.
    pub fn shares(&self, weights: Option<&[f64]>, shares: &mut [f64]) {
        let weight = |class: usize| weights.map_or(1.0, |weights| weights[class]);
        let mut total = 0.0;
        for (class, share) in shares.iter_mut().enumerate() {
            *share = f64::from(self.class(class)) * weight(class);
            total += *share;
        }
        shares.iter_mut().for_each(|share| *share /= total);
    }
}

/// How good a split is.
#[derive(Clone, Copy, Debug)]
pub enum Criterion<'a> {
    /// Gini's impurity 1 − Σ p².
    Gini,
    /// Shannon's entropy −Σ p ln p, from a table of `n ln n` for n = 0 up to the total weight.
    Entropy(&'a [f64]),
    /// Gini's impurity or Shannon's entropy of rows that weigh as much as their class.
    Weighted {
        /// Whether it is the entropy.
        entropy: bool,
        /// The weight of every class.
        weights: &'a [f64],
    },
}

/// `n ln n`, with 0 at 0.
fn n_log_n_of(n: f64) -> f64 {
    if n == 0.0 { 0.0 } else { n * libm::log(n) }
}

/// `n ln n` for n = 0..=most, with 0 at 0: entropies of counts without a logarithm in the inner loop.
pub fn n_log_n(most: usize) -> Vec<f64> {
    (0..=most).map(|n| n_log_n_of(n as f64)).collect()
}

/// Trees that tell classes apart.
#[derive(Clone, Copy, Debug)]
pub struct Classes<'a, const L: usize, const B: usize>(pub Criterion<'a>);

impl<const L: usize, const B: usize> Target for Classes<'_, L, B> {
    type Cell = Counts<L, B>;

    #[inline(always)]
    fn plus(mut a: Counts<L, B>, b: Counts<L, B>) -> Counts<L, B> {
        for i in 0..L {
            a.0[i] += b.0[i];
        }
        a
    }

    #[inline(always)]
    fn minus(mut a: Counts<L, B>, b: Counts<L, B>) -> Counts<L, B> {
        for i in 0..L {
            a.0[i] -= b.0[i];
        }
        a
    }

    #[inline(always)]
    fn rows(cell: &Counts<L, B>) -> u32 {
        cell.rows()
    }

    fn is_pure(&self, cell: &Counts<L, B>) -> bool {
        cell.lanes().filter(|&weight| weight > 0).count() <= 1
    }

    #[inline(always)]
    fn best(&self, node: &Counts<L, B>, lefts: &[Counts<L, B>], least: f64) -> Option<(usize, f64)> {
        if let (Criterion::Gini, 1, 16 | 21) = (self.0, L, B) {
            return gini::best(node, lefts, least);
        }
        let (mut best, mut most) = (None, least);
        for (place, left) in lefts.iter().enumerate() {
            let score = self.score(left, &Self::minus(*node, *left));
            if score > most {
                (best, most) = (Some((place, score)), score);
            }
        }
        best
    }

    #[inline(always)]
    fn bounds(&self, node: &Counts<L, B>, sums: &[Counts<L, B>], most: &mut [f64]) {
        match (self.0, L, B) {
            (Criterion::Gini, 1, 16 | 21) => gini::bounds(node, sums, most),
            _ => most.fill(f64::INFINITY),
        }
    }

    #[inline(always)]
    fn is_bounded(&self, node: &Counts<L, B>) -> bool {
        matches!((self.0, L, B), (Criterion::Gini, 1, 16 | 21)) && !gini::has_three(node)
    }
}

impl<const L: usize, const B: usize> Classes<'_, L, B> {
    /// The weighted impurity of the children with its sign changed, up to a constant of the node.
    #[inline(always)]
    pub(super) fn score(&self, left: &Counts<L, B>, right: &Counts<L, B>) -> f64 {
        match self.0 {
            // n (1 − Σ p²) = n − Σ count² / n, and the sum of both n is the node's. Both sides over one denominator: the whole numbers
            // stay below 2^53, so the one division is the only rounding, and splits that are equally good compare as equal.
            Criterion::Gini => {
                let side = |cell: &Counts<L, B>| {
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
                let side = |cell: &Counts<L, B>| {
                    let (mut sum, mut total) = (0.0, 0usize);
                    for count in cell.lanes() {
                        sum += table[count as usize];
                        total += count as usize;
                    }
                    sum - table[total]
                };
                side(left) + side(right)
            }
            Criterion::Weighted { entropy, weights } => {
                weighted(left, entropy, weights) + weighted(right, entropy, weights)
            }
        }
    }
}

/// Σ w² / Σ w, or Σ w ln w − (Σ w) ln Σ w, over the weights of the classes in a cell.
fn weighted<const L: usize, const B: usize>(cell: &Counts<L, B>, entropy: bool, weights: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (count, weight) in cell.lanes().zip(weights) {
        let weight = count as i64 as f64 * weight;
        sum += if entropy { n_log_n_of(weight) } else { weight * weight };
        total += weight;
    }
    if entropy { sum - n_log_n_of(total) } else { sum / total }
}
