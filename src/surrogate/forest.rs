//! A regression forest as a surrogate: extremely randomized trees on all data, their leaves' means and spread (Geurts, Ernst & Wehenkel
//! 2006; Hutter et al. 2011).
//!
//! mean(x) = average over trees of the mean of x's leaf; variance(x) = variance of these means: how far the trees disagree, which another value
//! could settle. How far the values within a leaf differ is no part of it: where that is noise, no value settles it.

mod effects;

use crate::seed::{Seed, below, uniform};
use rand_xoshiro::Xoshiro256PlusPlus;

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

/// What the rows of a node say.
#[derive(Clone, Copy, Debug)]
struct Summary {
    mean: f64,
    variance: f64,
}

#[derive(Clone, Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    summaries: Vec<Summary>,
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
        let data = Data {
            x,
            y,
            kinds,
            split,
            leaf,
        };
        Forest {
            dim: kinds.len(),
            trees: (0..trees)
                .map(|tree| data.grow(&mut seed.derive("tree", tree as u64).fast_rng()))
                .collect(),
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
                    let mean = tree.summaries[leaf as usize].mean;
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
    x: &'a [f64],
    y: &'a [f64],
    kinds: &'a [Kind],
    split: usize,
    leaf: usize,
}

impl Data<'_> {
    fn value(&self, row: u32, feature: usize) -> f64 {
        self.x[row as usize * self.kinds.len() + feature]
    }

    fn grow(&self, rng: &mut Xoshiro256PlusPlus) -> Tree {
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
            let summary = self.summary(own);
            tree.summaries.push(summary);
            let found = if own.len() < self.split || summary.variance <= 0.0 {
                None
            } else {
                self.best(own, rng)
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
            let kind = self.kinds[feature];
            let mut left = 0;
            for i in 0..own.len() {
                if goes_left(kind, self.value(own[i], feature), split) {
                    own.swap(i, left);
                    left += 1;
                }
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

    fn summary(&self, rows: &[u32]) -> Summary {
        let n = rows.len() as f64;
        let mean = rows.iter().map(|&r| self.y[r as usize]).sum::<f64>() / n;
        let deviation = |r: &u32| (self.y[*r as usize] - mean) * (self.y[*r as usize] - mean);
        Summary {
            mean,
            variance: rows.iter().map(deviation).sum::<f64>() / n,
        }
    }

    /// The best of one random split for each coordinate that varies, the first of equals.
    fn best(&self, rows: &[u32], rng: &mut Xoshiro256PlusPlus) -> Option<(usize, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        for (feature, &kind) in self.kinds.iter().enumerate() {
            let values = rows.iter().map(|&r| self.value(r, feature));
            let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
            if low >= high {
                continue;
            }
            let split = match kind {
                // Short of the highest, so that both sides hold rows.
                Kind::Ordered => {
                    let split = low + uniform(rng) * (high - low);
                    if split < high { split } else { low }
                }
                Kind::Category => self.value(rows[below(rng, rows.len() as u64) as usize], feature),
            };
            let (mut count, mut sum, mut total) = (0.0, 0.0, 0.0);
            for &row in rows {
                let y = self.y[row as usize];
                total += y;
                if goes_left(kind, self.value(row, feature), split) {
                    count += 1.0;
                    sum += y;
                }
            }
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
            let least = |tree: &Tree| tree.summaries.iter().map(|s| s.mean).fold(f64::MAX, f64::min);
            forest.trees.iter().map(least).fold(f64::MAX, f64::min)
        };
        assert!(
            (lowest(1) + 2.0).abs() < 1e-12,
            "a single outlier has a leaf of its own"
        );
        assert!(lowest(3) >= 0.0, "one of three rows at most");
    }
}
