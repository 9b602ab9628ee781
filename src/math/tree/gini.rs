//! Gini's impurity of up to three classes whose counts share a word, several splits at once.

use super::counts::Counts;
use crate::math::first_best::first_best;

/// Splits that are scored together.
const BLOCK: usize = 32;

/// The first of the best splits of `node` by Gini's impurity, if any is better than `least`.
///
/// With l of N rows on the left, lₖ of them of class k, of which the node has Aₖ, the impurity falls by Σ dₖ² / (N² l (N − l)), where
/// dₖ = lₖ N − Aₖ l. What is compared is Σ dₖ² / (l (N − l)): below 19,000 rows all whole numbers in it are exact, so the division is the
/// only rounding, and splits that are equally good compare as equal; with more, what is compared is rounded, the same everywhere. For two classes, one term of the two equal ones is enough.
#[inline(never)]
pub(super) fn best<const L: usize, const B: usize>(
    node: &Counts<L, B>,
    lefts: &[Counts<L, B>],
    least: f64,
) -> Option<(usize, f64)> {
    if B == 21 {
        return Two::<21, 42, 21>::new(node.0[0]).best(lefts, least);
    }
    match present(node) {
        [true, true, true] => {
            let (a, b) = (lane::<16, 16>(node.0[0]), lane::<32, 16>(node.0[0]));
            let all = a + b + lane::<48, 16>(node.0[0]);
            scan(lefts, least, |word| {
                let (l, m) = (lane::<16, 16>(word), lane::<32, 16>(word));
                let left = l + m + lane::<48, 16>(word);
                let (d, e) = (l * all - a * left, m * all - b * left);
                let f = d + e;
                (d * d + e * e + f * f) / (left * (all - left))
            })
        }
        [true, true, false] => Two::<16, 32, 16>::new(node.0[0]).best(lefts, least),
        [true, false, _] => Two::<16, 48, 16>::new(node.0[0]).best(lefts, least),
        [false, ..] => Two::<32, 48, 16>::new(node.0[0]).best(lefts, least),
    }
}

/// See [`Target::bounds`](super::Target::bounds). The score is convex in the counts on the left, so it is largest at a corner of what lies
/// between two sums: where all rows of some of the classes come first.
#[inline(never)]
pub(super) fn bounds<const L: usize, const B: usize>(node: &Counts<L, B>, sums: &[Counts<L, B>], most: &mut [f64]) {
    if B == 21 {
        return Two::<21, 42, 21>::new(node.0[0]).bounds(sums, most);
    }
    match present(node) {
        [true, true, true] => most.fill(f64::INFINITY),
        [true, true, false] => Two::<16, 32, 16>::new(node.0[0]).bounds(sums, most),
        [true, false, _] => Two::<16, 48, 16>::new(node.0[0]).bounds(sums, most),
        [false, ..] => Two::<32, 48, 16>::new(node.0[0]).bounds(sums, most),
    }
}

/// Whether rows of three classes are in a node.
#[inline(always)]
pub(super) fn has_three<const L: usize, const B: usize>(node: &Counts<L, B>) -> bool {
    B == 16 && present(node) == [true; 3]
}

fn present<const L: usize, const B: usize>(node: &Counts<L, B>) -> [bool; 3] {
    [16, 32, 48].map(|shift| (node.0[0] >> shift) & 0xffff > 0)
}

/// The weight of so many bits that stands so many bits up in a word: whole, in few instructions that work on several words at once.
#[inline(always)]
fn lane<const SHIFT: u32, const BITS: u32>(word: u64) -> f64 {
    const UNIT: u64 = 0x4330_0000_0000_0000;
    f64::from_bits(UNIT | (word >> SHIFT) & ((1 << BITS) - 1)) - f64::from_bits(UNIT)
}

/// A node of two classes, whose weights of so many bits stand at these shifts.
struct Two<const FIRST: u32, const SECOND: u32, const BITS: u32> {
    first: f64,
    all: f64,
}

impl<const FIRST: u32, const SECOND: u32, const BITS: u32> Two<FIRST, SECOND, BITS> {
    #[inline(always)]
    fn new(node: u64) -> Self {
        let first = lane::<FIRST, BITS>(node);
        Two {
            first,
            all: first + lane::<SECOND, BITS>(node),
        }
    }

    #[inline(always)]
    fn best<const L: usize, const B: usize>(&self, lefts: &[Counts<L, B>], least: f64) -> Option<(usize, f64)> {
        scan(lefts, least, |word| {
            let (first, second) = (lane::<FIRST, BITS>(word), lane::<SECOND, BITS>(word));
            let (d, sides) = self.parts(first, second);
            d * d / sides
        })
    }

    /// d, and the product of what is left and right.
    #[inline(always)]
    fn parts(&self, first: f64, second: f64) -> (f64, f64) {
        let left = first + second;
        (first * self.all - self.first * left, left * (self.all - left))
    }

    #[inline(always)]
    fn bounds<const L: usize, const B: usize>(&self, sums: &[Counts<L, B>], most: &mut [f64]) {
        // With nothing on one side, d is 0: any divisor will do.
        let score = |first, second| {
            let (d, sides) = self.parts(first, second);
            d * d / if sides > 1.0 { sides } else { 1.0 }
        };
        let larger = |a: f64, b: f64| if a > b { a } else { b };
        for ((from, to), most) in sums.iter().zip(&sums[1..]).zip(most) {
            let (a, b) = (lane::<FIRST, BITS>(from.0[0]), lane::<SECOND, BITS>(from.0[0]));
            let (c, d) = (lane::<FIRST, BITS>(to.0[0]), lane::<SECOND, BITS>(to.0[0]));
            let corners = larger(larger(score(a, b), score(c, d)), larger(score(a, d), score(c, b)));
            // With very many rows the numbers are rounded.
            *most = corners * (1.0 + 1e-12);
        }
    }
}

#[inline(always)]
fn scan<const L: usize, const B: usize>(
    lefts: &[Counts<L, B>],
    least: f64,
    score: impl Fn(u64) -> f64,
) -> Option<(usize, f64)> {
    let (mut best, mut most) = (None, least);
    let mut scores = [0.0; BLOCK];
    for (block, lefts) in lefts.chunks(BLOCK).enumerate() {
        let scores = &mut scores[..lefts.len()];
        scores
            .iter_mut()
            .zip(lefts)
            .for_each(|(to, left)| *to = score(left.0[0]));
        if let Some((place, score)) = first_best(scores, most) {
            (best, most) = (Some((block * BLOCK + place, score)), score);
        }
    }
    best
}
