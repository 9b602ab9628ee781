//! A regression forest as a surrogate: extremely randomized trees on all data, their leaves' means and spread (Geurts, Ernst & Wehenkel
//! 2006; Hutter et al. 2011).
//!
//! mean(x) = average over trees of the mean of x's leaf; variance(x) = variance of these means: how far the trees disagree, which another value
//! could settle. How far the values within a leaf differ is no part of it: where that is noise, no value settles it.

mod effects;

use crate::seed::{Seed, below, uniform};
use rand_xoshiro::Xoshiro256PlusPlus;
use wide::f64x4;

/// What a coordinate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Split at a threshold.
    Ordered,
    /// Split into one value and all others.
    Category,
}

/// A node; its left child follows it. A leaf leads to itself.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Ordered: up to here goes left. Category: this value goes left.
    split: f64,
    right: u32,
    feature: u16,
    kind: Kind,
}

#[derive(Clone, Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    means: Vec<f64>,
}

/// Rows that go down a tree side by side: the steps of one do not wait for those of another.
const ABREAST: usize = 8;

/// A fitted forest.
#[derive(Clone, Debug)]
pub struct Forest {
    dim: usize,
    trees: Vec<Tree>,
}

impl Forest {
    /// `trees` trees on the row-major `x` (rows × kinds) and as many values `y`, at least one. Each tree draws a random split of every
    /// coordinate that varies in a node and takes the one that leaves least variance; nodes of fewer than `split` rows are leaves, and no leaf has
    /// fewer than `leaf` rows.
    pub fn fit(x: &[f64], y: &[f64], kinds: &[Kind], trees: usize, split: usize, leaf: usize, seed: Seed) -> Forest {
        let dim = kinds.len();
        let data = Data {
            columns: (0..dim)
                .map(|i| x.iter().skip(i).step_by(dim).copied().collect())
                .collect(),
            y,
            kinds,
            split,
            leaf,
        };
        let mut scratch = Scratch::default();
        let mut grow = |tree| data.grow(&mut seed.derive("tree", tree).fast_rng(), &mut scratch);
        Forest {
            dim,
            trees: (0..trees as u64).map(&mut grow).collect(),
        }
    }

    /// Mean and standard deviation at each of the rows of `x`.
    pub fn predict(&self, x: &[f64]) -> Vec<(f64, f64)> {
        // By row: sum and sum of squares of the leaves' means. Tree by tree, so that each stays at hand.
        let mut sums = vec![[0.0; 2]; x.len() / self.dim];
        for tree in &self.trees {
            let blocks = x.chunks(self.dim * ABREAST).zip(sums.chunks_mut(ABREAST));
            for (rows, sums) in blocks {
                let leaves = tree.leaves(rows, self.dim);
                for ([sum, squares], leaf) in sums.iter_mut().zip(leaves) {
                    let mean = tree.means[leaf as usize];
                    *sum += mean;
                    *squares += mean * mean;
                }
            }
        }
        let n = self.trees.len() as f64;
        let told = |[sum, squares]: [f64; 2]| {
            let mean = sum / n;
            let variance = (squares / n - mean * mean).max(0.0);
            (mean, libm::sqrt(variance))
        };
        sums.into_iter().map(told).collect()
    }
}

impl Tree {
    /// The leaves of up to [`ABREAST`] rows.
    fn leaves(&self, rows: &[f64], dim: usize) -> [u32; ABREAST] {
        let count = rows.len() / dim;
        let mut at = [0u32; ABREAST];
        let mut moving = true;
        while moving {
            moving = false;
            for (k, at) in at.iter_mut().enumerate().take(count) {
                let node = self.nodes[*at as usize];
                let value = rows[k * dim + usize::from(node.feature)];
                let next = if goes_left(node.kind, value, node.split) {
                    *at + 1
                } else {
                    node.right
                };
                moving |= next != *at;
                *at = next;
            }
        }
        at
    }
}

/// Without a branch, which could not be foreseen.
fn goes_left(kind: Kind, value: f64, split: f64) -> bool {
    (value <= split) & ((kind == Kind::Ordered) | (value == split))
}

struct Data<'a> {
    /// The rows' values, coordinate by coordinate.
    columns: Vec<Vec<f64>>,
    y: &'a [f64],
    kinds: &'a [Kind],
    split: usize,
    leaf: usize,
}

/// Rows that are looked at side by side.
const LANES: usize = 4;

/// Memory for a node's rows side by side: what they say, and where they lie along a coordinate. For a split 0 and NaN, which is on no side
/// of it, fill them up to a multiple of [`LANES`].
#[derive(Default)]
struct Scratch {
    y: Vec<f64>,
    along: Vec<f64>,
}

impl Scratch {
    /// The smallest and the largest value along the coordinate.
    #[inline(never)]
    fn range(&self) -> (f64, f64) {
        let (mut low, mut high) = (f64x4::splat(f64::MAX), f64x4::splat(f64::MIN));
        for value in self.along.as_chunks::<LANES>().0 {
            let value = f64x4::new(*value);
            low = value.simd_lt(low).bitselect(value, low);
            high = value.simd_gt(high).bitselect(value, high);
        }
        let least = |a: f64, b: f64| if b < a { b } else { a };
        let most = |a: f64, b: f64| if b > a { b } else { a };
        (
            low.to_array().into_iter().fold(f64::MAX, least),
            high.to_array().into_iter().fold(f64::MIN, most),
        )
    }

    /// How many rows go left, and the sum over them. Without a branch, which nobody could foresee: a random split is like a coin.
    #[inline(never)]
    fn left(&self, kind: Kind, split: f64) -> (f64, f64) {
        match kind {
            Kind::Ordered => self.tally(|value| value.simd_le(f64x4::splat(split))),
            Kind::Category => self.tally(|value| value.simd_eq(f64x4::splat(split))),
        }
    }

    #[inline(always)]
    fn tally(&self, left: impl Fn(f64x4) -> f64x4) -> (f64, f64) {
        let (mut count, mut sum) = (f64x4::ZERO, f64x4::ZERO);
        let rows = self
            .along
            .as_chunks::<LANES>()
            .0
            .iter()
            .zip(self.y.as_chunks::<LANES>().0);
        for (value, y) in rows {
            let goes = left(f64x4::new(*value));
            count += goes & f64x4::ONE;
            sum += goes & f64x4::new(*y);
        }
        let added = |lanes: f64x4| {
            let [a, b, c, d] = lanes.to_array();
            (a + c) + (b + d)
        };
        (added(count), added(sum))
    }
}

impl Data<'_> {
    fn grow(&self, rng: &mut Xoshiro256PlusPlus, scratch: &mut Scratch) -> Tree {
        let mut rows: Vec<u32> = (0..self.y.len() as u32).collect();
        let mut tree = Tree::default();
        // Ranges of rows whose node is still to be made, with the parent whose right child it is; the next one on top. No recursion:
        // a chain of categories, each split from all others, is as deep as there are rows.
        let mut open: Vec<(usize, usize, Option<usize>)> = vec![(0, rows.len(), None)];
        while let Some((from, to, parent)) = open.pop() {
            let index = tree.nodes.len();
            if let Some(parent) = parent {
                tree.nodes[parent].right = index as u32;
            }
            let own = &mut rows[from..to];
            scratch.y.clear();
            scratch.y.extend(own.iter().map(|&row| self.y[row as usize]));
            let total: f64 = scratch.y.iter().sum();
            let mean = total / own.len() as f64;
            let square = |y: &f64| (y - mean) * (y - mean);
            let variance = scratch.y.iter().map(square).sum::<f64>() / own.len() as f64;
            tree.means.push(mean);
            let found = if own.len() < self.split || variance <= 0.0 {
                None
            } else {
                self.best(own, total, rng, scratch)
            };
            let Some((feature, split)) = found else {
                tree.nodes.push(Node {
                    split: f64::NEG_INFINITY,
                    right: index as u32,
                    feature: 0,
                    kind: Kind::Ordered,
                });
                continue;
            };
            let (kind, column) = (self.kinds[feature], &self.columns[feature]);
            let mut left = 0;
            for i in 0..own.len() {
                let (row, other) = (own[i], own[left]);
                let goes = goes_left(kind, column[row as usize], split);
                (own[left], own[i]) = if goes { (row, other) } else { (other, row) };
                left += usize::from(goes);
            }
            tree.nodes.push(Node {
                split,
                right: 0,
                feature: feature as u16,
                kind,
            });
            open.push((from + left, to, Some(index)));
            open.push((from, from + left, None));
        }
        tree
    }

    /// The best of one random split for each coordinate that varies, the first of equals; `total` is the sum over the rows.
    fn best(
        &self,
        rows: &[u32],
        total: f64,
        rng: &mut Xoshiro256PlusPlus,
        scratch: &mut Scratch,
    ) -> Option<(usize, f64)> {
        let padded = rows.len().next_multiple_of(LANES);
        scratch.y.resize(padded, 0.0);
        let mut best: Option<(f64, usize, f64)> = None;
        for (feature, (&kind, column)) in self.kinds.iter().zip(&self.columns).enumerate() {
            scratch.along.clear();
            scratch.along.extend(rows.iter().map(|&row| column[row as usize]));
            scratch.along.resize(padded, f64::NAN);
            let (low, high) = scratch.range();
            if low >= high {
                continue;
            }
            let split = match kind {
                // Short of the highest, so that both sides hold rows.
                Kind::Ordered => {
                    let split = low + uniform(rng) * (high - low);
                    if split < high { split } else { low }
                }
                Kind::Category => scratch.along[below(rng, rows.len() as u64) as usize],
            };
            let (count, sum) = scratch.left(kind, split);
            let others = rows.len() as f64 - count;
            if count.min(others) < self.leaf as f64 {
                continue;
            }
            let gain = sum * sum / count + (total - sum) * (total - sum) / others;
            if best.is_none_or(|b| gain > b.0) {
                best = Some((gain, feature, split));
            }
        }
        best.map(|(_, feature, split)| (feature, split))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_interpolates_single_rows_and_is_unsure_between_them() {
        let x = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
        let y = [1.0, 0.0, 3.0, 2.0, 5.0, 4.0];
        let forest = Forest::fit(&x, &y, &[Kind::Ordered], 200, 2, 1, Seed(1));
        for (x, y) in x.iter().zip(y) {
            let (mean, sd) = forest.predict(&[*x])[0];
            assert!((mean - y).abs() < 1e-9 && sd < 1e-6, "{x}: {mean} ± {sd}");
        }
        // Halfway every tree says one neighbour or the other, as a coin would.
        let (mean, sd) = forest.predict(&[0.3])[0];
        assert!((mean - 1.5).abs() < 0.5 && (sd - 1.5).abs() < 0.2, "{mean} ± {sd}");
    }

    #[test]
    fn a_category_is_told_from_all_others() {
        let x = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        let y = [1.0, 9.0, 1.0, 1.0, 9.0, 1.0];
        let forest = Forest::fit(&x, &y, &[Kind::Category], 20, 2, 1, Seed(1));
        assert_eq!(forest.predict(&[1.0, 2.0]), [(9.0, 0.0), (1.0, 0.0)]);
    }

    #[test]
    fn what_differs_at_the_same_place_is_no_doubt_of_the_trees() {
        let forest = Forest::fit(&[0.5, 0.5, 0.5], &[1.0, 2.0, 3.0], &[Kind::Ordered], 5, 2, 1, Seed(1));
        let (mean, sd) = forest.predict(&[0.1])[0];
        assert!((mean - 2.0).abs() < 1e-12 && sd < 1e-6);
    }

    #[test]
    fn no_leaf_is_smaller_than_allowed() {
        let x: Vec<f64> = (0..20).map(|i| f64::from(i) / 19.0).collect();
        let mut y = vec![1.0; 20];
        y[7] = -2.0;
        let lowest = |leaf| {
            let forest = Forest::fit(&x, &y, &[Kind::Ordered], 50, 2 * leaf, leaf, Seed(1));
            let least = |tree: &Tree| tree.means.iter().copied().fold(f64::MAX, f64::min);
            forest.trees.iter().map(least).fold(f64::MAX, f64::min)
        };
        assert!(
            (lowest(1) + 2.0).abs() < 1e-12,
            "a single outlier has a leaf of its own"
        );
        assert!(lowest(3) >= 0.0, "one of three rows at most");
    }
}
