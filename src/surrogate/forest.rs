//! A regression forest as a surrogate: extremely randomized trees on all data, their leaves' means and spread (Geurts, Ernst & Wehenkel
//! 2006; Hutter et al. 2011).
//!
//! mean(x) = average over trees of the mean of x's leaf; variance(x) = variance of these means + average of the leaves' variances.

use crate::math::tree::NO_SPLIT;
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

/// A node; its left child follows it.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u16,
    /// Ordered: up to here goes left. Category: this value goes left.
    split: f64,
    right: u32,
    mean: f64,
    variance: f64,
}

/// A fitted forest.
#[derive(Clone, Debug)]
pub struct Forest {
    kinds: Vec<Kind>,
    trees: Vec<Vec<Node>>,
}

impl Forest {
    /// `trees` trees on the row-major `x` (rows × kinds) and as many values `y`, at least one. Each tree draws a random split of every
    /// coordinate that varies in a node and takes the one that leaves least variance; nodes of fewer than `split` rows are leaves.
    pub fn fit(x: &[f64], y: &[f64], kinds: &[Kind], trees: usize, split: usize, seed: Seed) -> Forest {
        let grow = |tree: usize| {
            let mut rng = seed.derive("tree", tree as u64).fast_rng();
            let mut rows: Vec<u32> = (0..y.len() as u32).collect();
            let mut nodes = Vec::with_capacity(2 * y.len());
            let data = Data { x, y, kinds, split };
            data.grow(&mut rows, &mut nodes, &mut rng);
            nodes
        };
        Forest {
            kinds: kinds.to_vec(),
            trees: (0..trees).map(grow).collect(),
        }
    }

    /// Mean and standard deviation at `x`.
    pub fn predict(&self, x: &[f64]) -> (f64, f64) {
        let (mut sum, mut squares, mut within) = (0.0, 0.0, 0.0);
        for nodes in &self.trees {
            let leaf = self.leaf(nodes, x);
            sum += leaf.mean;
            squares += leaf.mean * leaf.mean;
            within += leaf.variance;
        }
        let n = self.trees.len() as f64;
        let mean = sum / n;
        let variance = (squares / n - mean * mean).max(0.0) + within / n;
        (mean, libm::sqrt(variance))
    }

    fn leaf<'a>(&self, nodes: &'a [Node], x: &[f64]) -> &'a Node {
        let mut at = 0;
        loop {
            let node = &nodes[at];
            if node.feature == NO_SPLIT {
                return node;
            }
            let feature = usize::from(node.feature);
            at = if goes_left(self.kinds[feature], x[feature], node.split) {
                at + 1
            } else {
                node.right as usize
            };
        }
    }
}

fn goes_left(kind: Kind, value: f64, split: f64) -> bool {
    match kind {
        Kind::Ordered => value <= split,
        Kind::Category => value == split,
    }
}

struct Data<'a> {
    x: &'a [f64],
    y: &'a [f64],
    kinds: &'a [Kind],
    split: usize,
}

impl Data<'_> {
    fn value(&self, row: u32, feature: usize) -> f64 {
        self.x[row as usize * self.kinds.len() + feature]
    }

    fn grow(&self, rows: &mut [u32], nodes: &mut Vec<Node>, rng: &mut Xoshiro256PlusPlus) {
        let n = rows.len() as f64;
        let mean = rows.iter().map(|&r| self.y[r as usize]).sum::<f64>() / n;
        let deviation = |r: &u32| (self.y[*r as usize] - mean) * (self.y[*r as usize] - mean);
        let variance = rows.iter().map(deviation).sum::<f64>() / n;
        let index = nodes.len();
        nodes.push(Node {
            feature: NO_SPLIT,
            split: 0.0,
            right: 0,
            mean,
            variance,
        });
        if rows.len() < self.split || variance <= 0.0 {
            return;
        }
        let Some((feature, split)) = self.best(rows, rng) else {
            return;
        };
        nodes[index].feature = feature as u16;
        nodes[index].split = split;
        let kind = self.kinds[feature];
        let mut left = 0;
        for i in 0..rows.len() {
            if goes_left(kind, self.value(rows[i], feature), split) {
                rows.swap(i, left);
                left += 1;
            }
        }
        let (left, right) = rows.split_at_mut(left);
        self.grow(left, nodes, rng);
        nodes[index].right = nodes.len() as u32;
        self.grow(right, nodes, rng);
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
        let forest = Forest::fit(&x, &y, &[Kind::Ordered], 200, 2, Seed(1));
        for (x, y) in x.iter().zip(y) {
            let (mean, sd) = forest.predict(&[*x]);
            assert!((mean - y).abs() < 1e-9 && sd < 1e-6, "{x}: {mean} ± {sd}");
        }
        // Halfway every tree says one neighbour or the other, as a coin would.
        let (mean, sd) = forest.predict(&[0.3]);
        assert!((mean - 1.5).abs() < 0.5 && (sd - 1.5).abs() < 0.2, "{mean} ± {sd}");
    }

    #[test]
    fn a_category_is_told_from_all_others() {
        let x = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        let y = [1.0, 9.0, 1.0, 1.0, 9.0, 1.0];
        let forest = Forest::fit(&x, &y, &[Kind::Category], 20, 2, Seed(1));
        assert_eq!(forest.predict(&[1.0]), (9.0, 0.0));
        assert_eq!(forest.predict(&[2.0]), (1.0, 0.0));
    }

    #[test]
    fn equal_rows_make_one_leaf_with_their_spread() {
        let forest = Forest::fit(&[0.5, 0.5, 0.5], &[1.0, 2.0, 3.0], &[Kind::Ordered], 5, 2, Seed(1));
        let (mean, sd) = forest.predict(&[0.1]);
        assert!((mean - 2.0).abs() < 1e-12 && (sd - libm::sqrt(2.0 / 3.0)).abs() < 1e-12);
    }
}
