//! Trees that many forests share.
//!
//! Tree `i` depends on the rows, the seed, the criterion, the bootstrap, the features drawn and the smallest leaf: the [`Key`] of a grove.
//! The number of trees takes the first so many of it; the depth limit and the smallest node to split cut each of them short. So all
//! configurations that differ in these three only need one grove, and whether it is remembered or grown anew gives the same bits.

use super::{Forest, fitted};
use crate::context::Context;
use crate::dataset::{Key, Table};
use crate::math::tree::{Classes, Counts, Criterion, Cut, Limits, Node, Scratch, bootstrap, grow, n_log_n, work};
use crate::model::{Fitted, STOPPED};
use crate::seed::Seed;
use rayon::prelude::*;
use std::sync::Arc;

/// Neighbouring trees in one list of nodes.
#[derive(Debug)]
pub(super) struct Segment<const L: usize, const B: usize> {
    pub nodes: Vec<Node<Counts<L, B>>>,
    /// Where each tree begins.
    pub roots: Vec<u32>,
    /// Row visits of each whole tree.
    works: Vec<u64>,
    /// What the trees were grown under; a depth limit that no tree ran into is none.
    grown: Cut,
    /// Depth of the deepest tree.
    deepest: u32,
}

impl<const L: usize, const B: usize> Segment<L, B> {
    /// Whether its trees, cut at `cut`, are those that `cut` as a limit would have grown.
    fn serves(&self, cut: Cut) -> bool {
        cut.depth <= self.grown.depth && cut.split >= self.grown.split
    }

    fn bytes(&self) -> usize {
        size_of_val(&self.nodes[..]) + self.roots.len() * 12 + 64
    }
}

/// Everything that growing needs.
struct Grower<'a, const L: usize, const B: usize> {
    train: &'a Table,
    target: Classes<'a, L, B>,
    limits: Limits,
    bootstrap: bool,
    seed: Seed,
}

impl<const L: usize, const B: usize> Grower<'_, L, B> {
    fn segment(&self, from: usize, to: usize, context: &Context) -> Result<Segment<L, B>, String> {
        let codes = self.train.codes();
        let rows = self.train.rows();
        let mut scratch = Scratch::new(codes);
        let mut weights = vec![1; rows];
        let mut segment = Segment {
            nodes: Vec::new(),
            roots: Vec::with_capacity(to - from),
            works: Vec::with_capacity(to - from),
            grown: Cut {
                depth: u32::MAX,
                split: self.limits.split,
            },
            deepest: 0,
        };
        for tree in from..to {
            if context.stopped() {
                return Err(STOPPED.into());
            }
            let seed = self.seed.derive("tree", tree as u64);
            if self.bootstrap {
                bootstrap(&mut seed.derive("rows", 0).fast_rng(), &mut weights);
            }
            scratch.rows.resize(rows, 0);
            let mut drawn = 0;
            // Without a branch: a third of the rows is not drawn, nobody knows which.
            for (row, (&weight, &class)) in weights.iter().zip(self.train.y()).enumerate() {
                scratch.rows[drawn] = row as u32;
                scratch.cells[row] = Counts::row(class as usize, weight);
                drawn += usize::from(weight > 0);
            }
            scratch.rows.truncate(drawn);
            let root = segment.nodes.len();
            let (depth, capped) = grow(
                codes,
                &self.target,
                &self.limits,
                seed,
                &mut scratch,
                &mut segment.nodes,
            );
            segment.roots.push(root as u32);
            let work: u64 = segment.nodes[root..].iter().map(|node| u64::from(node.work)).sum();
            segment.works.push(work);
            segment.deepest = segment.deepest.max(depth);
            if capped {
                segment.grown.depth = self.limits.depth;
            }
            if tree == from {
                // Room for the others by the first one's size; growing the list later is the exception.
                segment.nodes.reserve((segment.nodes.len() + 8) * (to - from) * 5 / 4);
            }
        }
        segment.nodes.shrink_to_fit();
        Ok(segment)
    }

    /// Trees `from..to`, in pieces large enough to be worth a thread's while.
    fn segments(&self, from: usize, to: usize, context: &Context) -> Result<Vec<Arc<Segment<L, B>>>, String> {
        const WORTHWHILE: usize = 40_000;
        let a_tree = self.train.rows() * self.limits.features;
        #[allow(
            clippy::disallowed_methods,
            reason = "the pieces' size decides speed, never a result"
        )]
        let threads = rayon::current_num_threads();
        let least = (WORTHWHILE / a_tree.max(1)).max(1);
        let size = least.max((to - from).div_ceil(4 * threads));
        let starts: Vec<usize> = (from..to).step_by(size).collect();
        let piece = |&start: &usize| self.segment(start, to.min(start + size), context).map(Arc::new);
        if threads == 1 || starts.len() == 1 {
            starts.iter().map(piece).collect()
        } else {
            starts.par_iter().map(piece).collect()
        }
    }
}

/// The remembered trees of a key, from tree 0 on, without gaps.
struct Grove<const L: usize, const B: usize> {
    segments: Vec<Arc<Segment<L, B>>>,
    /// The widest limits asked for so far: what is grown next is grown for these, so that alternating limits don't grow in turns.
    widest: Cut,
}

/// What a forest comes to on some rows.
struct Setup<'a, const L: usize, const B: usize> {
    forest: &'a Forest,
    train: &'a Table,
    seed: Seed,
    trees: usize,
    leaf: u32,
    features: usize,
    cut: Cut,
    weights: Option<Vec<f64>>,
    /// `n ln n`, where the criterion needs it.
    table: Arc<Vec<f64>>,
}

impl<'a, const L: usize, const B: usize> Setup<'a, L, B> {
    fn new(forest: &'a Forest, train: &'a Table, fidelity: f64, seed: Seed) -> Self {
        let rows = train.rows();
        Setup {
            forest,
            train,
            seed,
            trees: forest.share_of_trees(fidelity),
            leaf: forest.leaf.of(rows).max(1),
            features: forest.features.of(train.features()),
            // A share can come out below 2 rows; and a node too small for two leaves is never split.
            cut: Cut {
                depth: forest.depth,
                split: forest.split.of(rows).max(2),
            },
            weights: forest.balanced.then(|| balanced(train)),
            table: if forest.entropy && !forest.balanced {
                entropy_table(train)
            } else {
                Arc::default()
            },
        }
    }

    /// Under which limits trees are grown for every cut up to `widest`.
    fn grower(&self, widest: Cut) -> Grower<'_, L, B> {
        let criterion = match (&self.weights, self.forest.entropy) {
            (Some(weights), entropy) => Criterion::Weighted { entropy, weights },
            (None, false) => Criterion::Gini,
            (None, true) => Criterion::Entropy(&self.table),
        };
        Grower {
            train: self.train,
            target: Classes(criterion),
            limits: Limits {
                depth: widest.depth,
                split: widest.split,
                leaf: self.leaf,
                features: self.features,
                random: self.forest.random,
            },
            bootstrap: self.forest.bootstrap,
            seed: self.seed,
        }
    }

    /// What a grove is named by.
    fn name(&self) -> [u64; 4] {
        let forest = self.forest;
        let flags = [forest.entropy, forest.bootstrap, forest.random, forest.balanced];
        let flags = flags.iter().fold(0, |bits, flag| bits << 1 | u64::from(*flag));
        [self.seed.0, flags, u64::from(self.leaf), self.features as u64]
    }
}

pub(super) fn fit<const L: usize, const B: usize>(
    forest: &Forest,
    train: &Table,
    fidelity: f64,
    seed: Seed,
    context: &Context,
) -> Result<Box<dyn Fitted>, String> {
    let setup = Setup::<L, B>::new(forest, train, fidelity, seed);
    let (trees, cut, name) = (setup.trees, setup.cut, setup.name());
    let key: Key = ("forest", [name[0], name[1], name[2], name[3], L as u64, B as u64, 0, 0]);
    let known = train.recall::<Grove<L, B>>(&key);
    let widest = known.as_ref().map_or(cut, |grove| Cut {
        depth: grove.widest.depth.max(cut.depth),
        split: grove.widest.split.min(cut.split),
    });
    let mut segments: Vec<Arc<Segment<L, B>>> = Vec::new();
    let mut have = 0;
    for segment in known.iter().flat_map(|grove| &grove.segments) {
        if have >= trees || !segment.serves(cut) {
            break;
        }
        have += segment.roots.len();
        segments.push(segment.clone());
    }
    if have < trees {
        segments.extend(setup.grower(widest).segments(have, trees, context)?);
        let grove = Grove {
            segments: segments.clone(),
            widest,
        };
        let bytes = segments.iter().map(|s| s.bytes()).sum();
        train.remember(key, Arc::new(grove), bytes);
    }
    // A limit that no tree reaches is no limit: such configurations share predictions, too.
    let unlimited = segments
        .iter()
        .all(|s| s.grown.depth == u32::MAX && s.deepest <= cut.depth);
    let cut = Cut {
        depth: if unlimited { u32::MAX } else { cut.depth },
        ..cut
    };
    Ok(Box::new(fitted::Grown {
        cost: cost(train, &segments, trees, cut),
        train: train.id().map(|id| (id, name)),
        segments,
        trees,
        cut,
        weights: setup.weights,
    }))
}

/// What [`fit`] and predicting `tables` gives, and the cost, to the bit: but trees are dropped as soon as they have voted.
pub(super) fn fit_predict<const L: usize, const B: usize>(
    forest: &Forest,
    train: &Table,
    tables: &[&Table],
    fidelity: f64,
    seed: Seed,
    context: &Context,
) -> Result<(Vec<Vec<f64>>, f64), String> {
    const TREES: usize = 16;
    let setup = Setup::<L, B>::new(forest, train, fidelity, seed);
    let grower = setup.grower(setup.cut);
    let none = |table: &&Table| vec![0.0; table.rows() * table.classes()];
    let mut sums: Vec<Vec<f64>> = tables.iter().map(none).collect();
    let mut visits = 0.0;
    for from in (0..setup.trees).step_by(TREES) {
        let to = setup.trees.min(from + TREES);
        let segments = grower.segments(from, to, context)?;
        let part = fitted::Grown {
            cost: cost(train, &segments, to - from, setup.cut),
            train: None,
            segments,
            trees: to - from,
            cut: setup.cut,
            weights: setup.weights.clone(),
        };
        for (table, sums) in tables.iter().zip(&mut sums) {
            part.add(0, table, sums);
        }
        visits += part.cost;
    }
    for sum in sums.iter_mut().flatten() {
        *sum /= setup.trees as f64;
    }
    Ok((sums, visits))
}

/// The row visits that growing these trees takes, and one of every row a tree for the bootstrap.
fn cost<const L: usize, const B: usize>(train: &Table, segments: &[Arc<Segment<L, B>>], trees: usize, cut: Cut) -> f64 {
    let mut open = Vec::new();
    let each = segments.iter().flat_map(|segment| {
        let whole = cut.depth == u32::MAX && cut.split == segment.grown.split;
        (0..segment.roots.len()).map(move |tree| (segment, tree, whole))
    });
    let visits: u64 = each
        .take(trees)
        .map(|(segment, tree, whole)| {
            if whole {
                segment.works[tree]
            } else {
                work::<Classes<'_, L, B>>(&segment.nodes, segment.roots[tree] as usize, cut, &mut open)
            }
        })
        .sum();
    (visits + (trees * train.rows()) as u64) as f64
}

fn entropy_table(train: &Table) -> Arc<Vec<f64>> {
    const KEY: Key = ("n ln n", [0; 8]);
    train.recall(&KEY).unwrap_or_else(|| {
        let table = Arc::new(n_log_n(train.rows()));
        train.remember(KEY, Arc::clone(&table), table.len() * 8);
        table
    })
}

/// Weights by which all classes that occur count the same in sum.
fn balanced(train: &Table) -> Vec<f64> {
    let counts = train.class_counts();
    let present = counts.iter().filter(|count| **count > 0).count();
    let weight = |count: &usize| train.rows() as f64 / (present * (*count).max(1)) as f64;
    counts.iter().map(weight).collect()
}
