//! Growing one tree, the most worthwhile leaf first, on histograms.

use super::bins::{Bins, MISSING, PLACES};
use super::histogram::Histogram;
use super::sum::{Scale, Slope, Sum};
use super::sweep::{FEW, Search, Split, Splits};
use crate::seed::{Seed, below};
use rayon::prelude::*;

/// Sums in all histograms of a tree together, at most; with more, none is kept, and every node is summed feature by feature.
const MOST_SUMS: usize = 4 << 20;

/// Additions from which threads share the features of a node.
const WORTHWHILE: usize = 1 << 16;

/// When to stop, and how leaves are valued.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Most leaves.
    pub leaves: u32,
    /// A node this deep is a leaf; the root's depth is 0.
    pub depth: u32,
    /// No child has fewer rows.
    pub leaf: u32,
    /// Pulls leaves toward 0.
    pub l2: f64,
    /// Leaves count this much.
    pub rate: f64,
    /// Features that a node draws.
    pub features: usize,
}

/// A node of a tree; the root is the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Node {
    /// Up to here goes left.
    pub threshold: f64,
    /// The score of a leaf.
    pub value: f64,
    /// The left child; the right one follows it. 0 in a leaf.
    pub left: u32,
    pub feature: u16,
    /// The last bin that goes left.
    bin: u8,
    /// Whether a missing value goes left.
    pub missing_left: bool,
}

impl Node {
    fn takes_left(&self, bin: u8) -> bool {
        if bin == MISSING {
            self.missing_left
        } else {
            bin <= self.bin
        }
    }
}

/// The score that a tree gives to a row by `left`, which says for a node that is not a leaf whether the row goes left.
#[inline(always)]
pub(super) fn score(nodes: &[Node], left: impl Fn(&Node) -> bool) -> f64 {
    let mut node = &nodes[0];
    while node.left != 0 {
        node = &nodes[node.left as usize + usize::from(!left(node))];
    }
    node.value
}

/// The score that a tree gives to a row of the bins it was grown on.
pub(super) fn score_of_row(nodes: &[Node], bins: &Bins, row: usize) -> f64 {
    score(nodes, |node| {
        node.takes_left(bins.column(usize::from(node.feature))[row])
    })
}

/// A leaf that may be split.
struct Leaf {
    node: u32,
    from: u32,
    to: u32,
    depth: u32,
    sum: Sum,
    split: Option<Split>,
    histogram: Option<Vec<Histogram>>,
}

/// Grows trees on the same rows.
pub(super) struct Grower<'a> {
    bins: &'a Bins,
    limits: Limits,
    /// Whether nodes of many rows keep histograms.
    keeps: bool,
    /// Histograms to use again.
    spare: Vec<Vec<Histogram>>,
    /// What every row brings to a sum.
    rounded: Vec<Sum>,
    /// The same of a node's rows, side by side.
    near: Vec<Sum>,
    splits: Box<Splits>,
    /// Additions so far.
    pub cost: u64,
}

impl<'a> Grower<'a> {
    pub fn new(bins: &'a Bins, limits: Limits) -> Grower<'a> {
        // A histogram in use belongs to a leaf of more than a few rows.
        let leaves = (limits.leaves as usize).min(bins.rows() / FEW as usize + 1);
        Grower {
            bins,
            limits,
            keeps: bins.features() * PLACES * leaves <= MOST_SUMS,
            spare: Vec::new(),
            rounded: Vec::new(),
            near: Vec::new(),
            splits: Box::new(Splits::EMPTY),
            cost: 0,
        }
    }

    /// Grows a tree on `rows`, which are reordered, of which `slopes` has all; and calls `leaf` with every leaf's value and rows.
    pub fn grow(
        &mut self,
        slopes: &[Slope],
        rows: &mut [u32],
        seed: Seed,
        mut leaf: impl FnMut(f64, &[u32]),
    ) -> Vec<Node> {
        let mut nodes = vec![LEAF];
        let scale = Scale::of(slopes);
        self.rounded.clear();
        self.rounded.extend(slopes.iter().map(|slope| scale.round(*slope)));
        let mut sum = Sum::ZERO;
        rows.iter().for_each(|&row| sum += self.rounded[row as usize]);
        let mut root = Leaf {
            node: 0,
            from: 0,
            to: rows.len() as u32,
            depth: 0,
            sum,
            split: None,
            histogram: None,
        };
        if self.may_split(&root) {
            if self.keeps && rows.len() as u32 > FEW {
                root.histogram = Some(self.summed(rows));
            }
            self.search(&mut root, rows, scale, seed);
        }
        let mut leaves = vec![root];
        while leaves.len() < self.limits.leaves as usize {
            // The first of equals.
            let gain = |leaf: &Leaf| leaf.split.map_or(0.0, |split| split.gain);
            let best = (1..leaves.len()).fold(0, |best, i| {
                if gain(&leaves[i]) > gain(&leaves[best]) {
                    i
                } else {
                    best
                }
            });
            let Some(split) = leaves[best].split else { break };
            let parent = leaves.swap_remove(best);
            let left = nodes.len() as u32;
            let node = &mut nodes[parent.node as usize];
            node.left = left;
            node.feature = split.feature;
            node.bin = split.bin;
            node.threshold = self.bins.threshold(usize::from(split.feature), split.bin);
            node.missing_left = split.missing_left;
            let taken = *node;
            let column = self.bins.column(usize::from(split.feature));
            let slice = &mut rows[parent.from as usize..parent.to as usize];
            let mut lefts = 0;
            for i in 0..slice.len() {
                let row = slice[i];
                slice.swap(i, lefts);
                lefts += usize::from(taken.takes_left(column[row as usize]));
            }
            // Where nothing was missing, what is goes with the majority.
            if !self.bins.has_missing(usize::from(split.feature)) {
                node.missing_left = 2 * lefts > slice.len();
            }
            nodes.extend([LEAF; 2]);
            let middle = parent.from + lefts as u32;
            let child = |node, from, to, sum| Leaf {
                node,
                from,
                to,
                depth: parent.depth + 1,
                sum,
                split: None,
                histogram: None,
            };
            let mut children = [
                child(left, parent.from, middle, split.left),
                child(left + 1, middle, parent.to, parent.sum - split.left),
            ];
            if leaves.len() + 2 < self.limits.leaves as usize {
                self.share(parent.histogram, &mut children, rows);
                for child in &mut children {
                    if self.may_split(child) {
                        self.search(child, rows, scale, seed);
                    }
                    if child.split.is_none() {
                        self.spare.extend(child.histogram.take());
                    }
                }
            } else {
                self.spare.extend(parent.histogram);
            }
            leaves.extend(children);
        }
        for mut done in leaves {
            let rows = &rows[done.from as usize..done.to as usize];
            let sum = rows
                .iter()
                .fold(Slope::default(), |sum, &row| sum + slopes[row as usize]);
            let value = -self.limits.rate * sum.gradient / (sum.hessian + self.limits.l2 + f64::EPSILON);
            nodes[done.node as usize].value = value;
            leaf(value, rows);
            self.spare.extend(done.histogram.take());
        }
        nodes
    }

    fn may_split(&self, leaf: &Leaf) -> bool {
        let rows = leaf.to - leaf.from;
        // In u64: the smallest leaf may be any number.
        u64::from(rows) >= 2 * u64::from(self.limits.leaf.max(1)) && leaf.depth < self.limits.depth
    }

    /// Gives the children that need one a histogram: the larger one its parent's, without the smaller one's rows.
    fn share(&mut self, parent: Option<Vec<Histogram>>, children: &mut [Leaf; 2], rows: &[u32]) {
        let Some(mut histogram) = parent else { return };
        let [a, b] = children;
        let (small, large) = if a.to - a.from <= b.to - b.from { (a, b) } else { (b, a) };
        let own = &rows[small.from as usize..small.to as usize];
        let needs = |leaf: &Leaf| leaf.to - leaf.from > FEW && self.may_split(leaf);
        let (small_needs, large_needs) = (needs(small), needs(large));
        if small_needs {
            small.histogram = Some(self.summed(own));
        }
        if large_needs {
            self.sum_up(own, &mut histogram, Histogram::take);
            large.histogram = Some(histogram);
        } else {
            self.spare.push(histogram);
        }
    }

    fn summed(&mut self, rows: &[u32]) -> Vec<Histogram> {
        let mut histogram = self.spare.pop().unwrap_or_default();
        histogram.clear();
        histogram.resize(self.bins.features(), Histogram::EMPTY);
        self.sum_up(rows, &mut histogram, Histogram::add);
        histogram
    }

    /// Adds every row to its bin in every feature, or takes it out.
    #[inline(always)]
    fn sum_up(&mut self, rows: &[u32], histograms: &mut [Histogram], change: impl Fn(&mut Histogram, u8, Sum) + Sync) {
        self.gather(rows);
        self.cost += (rows.len() * self.bins.features()) as u64;
        let (bins, near) = (self.bins, &self.near);
        let feature = |(feature, histogram): (usize, &mut Histogram)| {
            histogram.change(bins.column(feature), rows, near, &change);
        };
        if rows.len() * bins.features() < WORTHWHILE {
            histograms.iter_mut().enumerate().for_each(feature);
        } else {
            histograms.par_iter_mut().enumerate().for_each(feature);
        }
    }

    /// Puts the slopes of these rows side by side.
    fn gather(&mut self, rows: &[u32]) {
        self.near.clear();
        self.near.extend(rows.iter().map(|&row| self.rounded[row as usize]));
    }

    /// Finds the leaf's best split, the first of equals.
    fn search(&mut self, leaf: &mut Leaf, rows: &[u32], scale: Scale, seed: Seed) {
        let rows = &rows[leaf.from as usize..leaf.to as usize];
        let all = self.bins.features();
        let mut drawn: Vec<usize> = (0..all).collect();
        if self.limits.features < all {
            let mut rng = seed.derive("node", u64::from(leaf.node)).fast_rng();
            for i in 0..self.limits.features {
                drawn.swap(i, i + below(&mut rng, (all - i) as u64) as usize);
            }
            drawn.truncate(self.limits.features);
            drawn.sort_unstable();
        }
        if leaf.histogram.is_none() {
            self.gather(rows);
            self.cost += (rows.len() * drawn.len()) as u64;
        }
        let search = Search::new(self.limits, scale, leaf.sum, leaf.to - leaf.from);
        let (bins, near) = (self.bins, &self.near);
        let look = |search: &mut Search, feature: usize, splits: &mut Splits| match &leaf.histogram {
            Some(histogram) => search.dense(feature as u16, &histogram[feature], bins.count(feature), splits),
            None if rows.len() <= FEW as usize => {
                search.sparse(feature as u16, bins.column(feature), rows, near, splits);
            }
            None => {
                let mut histogram = Histogram::EMPTY;
                histogram.change(bins.column(feature), rows, near, Histogram::add);
                search.dense(feature as u16, &histogram, bins.count(feature), splits);
            }
        };
        let work = if leaf.histogram.is_some() { PLACES } else { rows.len() };
        leaf.split = if work * drawn.len() < WORTHWHILE {
            let mut search = search;
            let splits = &mut *self.splits;
            drawn.iter().for_each(|&feature| look(&mut search, feature, splits));
            search.best
        } else {
            let each = drawn.par_iter().map_init(
                || Box::new(Splits::EMPTY),
                |splits, &feature| {
                    let mut search = search;
                    look(&mut search, feature, splits);
                    search.best
                },
            );
            let first_best = |a: Split, b: Split| if b.gain > a.gain { b } else { a };
            each.collect::<Vec<_>>().into_iter().flatten().reduce(first_best)
        };
    }
}

const LEAF: Node = Node {
    threshold: 0.0,
    value: 0.0,
    left: 0,
    feature: 0,
    bin: 0,
    missing_left: false,
};
