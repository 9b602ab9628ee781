//! Growing one tree, depth first, on rank codes.

use super::codes::Codes;
use super::draw::below;
use super::line::{Line, Part};
use super::{NO_SPLIT, Node};
use crate::seed::{Seed, uniform};

/// What a tree predicts, and how it weighs splits.
pub trait Target {
    /// A sum over rows: counts of classes, or moments of a number.
    type Cell: Copy + Default;

    /// The sum of two cells.
    fn plus(a: Self::Cell, b: Self::Cell) -> Self::Cell;

    /// What is left of `a` without its part `b`.
    fn minus(a: Self::Cell, b: Self::Cell) -> Self::Cell;

    /// Number of rows in the cell, each counted once whatever its weight.
    fn rows(cell: &Self::Cell) -> u32;

    /// Whether no split can improve on the cell.
    fn is_pure(&self, cell: &Self::Cell) -> bool;

    /// The first of the best splits of `node`, if any is better than `least`: its place in `lefts`, the sums of what goes left, and how
    /// good it is. What is compared must be the same for all splits of a node; larger is better.
    fn best(&self, node: &Self::Cell, lefts: &[Self::Cell], least: f64) -> Option<(usize, f64)>;

    /// For every two neighbours of the ascending `sums` a bound on how good a split of `node` is whose left side lies between them.
    fn bounds(&self, node: &Self::Cell, sums: &[Self::Cell], most: &mut [f64]);
}

/// When to stop, and how many features a node looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A node this deep is a leaf; the root's depth is 0.
    pub depth: u32,
    /// A node of fewer rows is a leaf; at least 2.
    pub split: u32,
    /// No child has fewer rows; at least 1.
    pub leaf: u32,
    /// Features drawn for a node; more only while all drawn ones are constant in it.
    pub features: usize,
    /// Whether a feature offers one split at a random place instead of its best (Geurts, Ernst & Wehenkel 2006).
    pub random: bool,
}

/// Memory that growing reuses from tree to tree: no allocation in the loop, because the allocator of threaded wasm is one lock.
#[derive(Debug)]
pub struct Scratch<C> {
    /// The rows to grow on, in any order; they are reordered.
    pub rows: Vec<u32>,
    /// What each row of the table contributes; only the entries of `rows` matter.
    pub cells: Vec<C>,
    line: Line<C>,
    order: Vec<u16>,
    open: Vec<Open<C>>,
}

#[derive(Debug)]
struct Open<C> {
    from: u32,
    to: u32,
    depth: u32,
    /// The node whose right child this is, or `u32::MAX`.
    right_of: u32,
    /// The root's own seed, or the parent's, from which the node's is derived if it is needed.
    seed: Seed,
    cell: C,
}

impl<C> Open<C> {
    fn seed(&self) -> Seed {
        match self.depth {
            0 => self.seed,
            _ => self.seed.derive("child", u64::from(self.right_of != u32::MAX)),
        }
    }
}

impl<C: Copy + Default> Scratch<C> {
    /// Memory for trees on `codes`.
    pub fn new(codes: &Codes) -> Scratch<C> {
        Scratch {
            rows: Vec::with_capacity(codes.rows()),
            cells: vec![C::default(); codes.rows()],
            line: Line::new(codes),
            order: Vec::with_capacity(codes.features()),
            open: Vec::new(),
        }
    }
}

struct Best<C> {
    score: f64,
    feature: u16,
    below: u16,
    threshold: Threshold,
    left: C,
}

/// Where a split lies: given, or midway to a rank above.
#[derive(Clone, Copy)]
enum Threshold {
    At(f64),
    Above(u16),
}

/// Grows a tree on `scratch.rows` and appends its nodes, root first, every left child right behind its parent. Gives its depth,
/// and whether the depth limit made a leaf of a node that would have been split.
///
/// Nodes draw from streams of their own, derived from their parents'. So a smaller depth or a larger `split` gives the same tree cut
/// short: one grown tree serves all of them, to the bit.
pub fn grow<T: Target>(
    codes: &Codes,
    target: &T,
    limits: &Limits,
    seed: Seed,
    scratch: &mut Scratch<T::Cell>,
    nodes: &mut Vec<Node<T::Cell>>,
) -> (u32, bool) {
    let (mut deepest, mut capped) = (0, false);
    let all = scratch.rows.iter().fold(T::Cell::default(), |sum, &row| {
        T::plus(sum, scratch.cells[row as usize])
    });
    scratch.open.clear();
    scratch.open.push(Open {
        from: 0,
        to: scratch.rows.len() as u32,
        depth: 0,
        right_of: u32::MAX,
        seed,
        cell: all,
    });
    let ends = |cell: &T::Cell| {
        let rows = T::rows(cell);
        rows < limits.split || rows < 2 * limits.leaf || target.is_pure(cell)
    };
    while let Some(node) = scratch.open.pop() {
        let index = nodes.len();
        if let Some(parent) = nodes.get_mut(node.right_of as usize) {
            parent.right = index as u32;
        }
        nodes.push(Node {
            threshold: 0.0,
            cell: node.cell,
            right: 0,
            work: 0,
            feature: NO_SPLIT,
        });
        deepest = deepest.max(node.depth);
        let rows = node.to - node.from;
        if ends(&node.cell) {
            continue;
        }
        if node.depth >= limits.depth {
            capped = true;
            continue;
        }
        let seed = node.seed();
        let (best, visited) = search(codes, target, limits, &node, seed, scratch);
        nodes[index].work = rows * (visited + 1);
        let Some(best) = best else { continue };
        nodes[index].feature = best.feature;
        nodes[index].threshold = match best.threshold {
            Threshold::At(threshold) => threshold,
            Threshold::Above(above) => codes.threshold(usize::from(best.feature), best.below, above),
        };
        let (left, right) = (best.left, T::minus(node.cell, best.left));
        // Which rows the children have matters only where they are split further.
        if !ends(&left) || !ends(&right) {
            let column = codes.column(usize::from(best.feature));
            let slice = &mut scratch.rows[node.from as usize..node.to as usize];
            // Lomuto's partition without a branch on the comparison, which no predictor could guess.
            let mut lefts = 0;
            for i in 0..slice.len() {
                let row = slice[i];
                slice.swap(i, lefts);
                lefts += usize::from(column[row as usize] <= best.below);
            }
        }
        let middle = node.from + T::rows(&left);
        let child = |from, to, right_of, cell| Open {
            from,
            to,
            depth: node.depth + 1,
            right_of,
            seed,
            cell,
        };
        scratch.open.push(child(middle, node.to, index as u32, right));
        scratch.open.push(child(node.from, middle, u32::MAX, left));
    }
    (deepest, capped)
}

/// The best split among the drawn features, the first of equals, and how many features were drawn.
fn search<T: Target>(
    codes: &Codes,
    target: &T,
    limits: &Limits,
    node: &Open<T::Cell>,
    seed: Seed,
    scratch: &mut Scratch<T::Cell>,
) -> (Option<Best<T::Cell>>, u32) {
    let features = codes.features();
    let mut rng = seed.fast_rng();
    scratch.order.clear();
    scratch.order.extend(0..features as u16);
    let mut best: Option<Best<T::Cell>> = None;
    let (mut visited, mut varies) = (0, false);
    while visited < features && (visited < limits.features || !varies) {
        let drawn = if features - visited > 1 {
            visited + below(&mut rng, (features - visited) as u32) as usize
        } else {
            visited
        };
        scratch.order.swap(visited, drawn);
        let feature = scratch.order[visited];
        visited += 1;
        varies |= if limits.random {
            draw(codes, target, limits, node, feature, scratch, &mut rng, &mut best)
        } else {
            let part = Part {
                rows: &scratch.rows[node.from as usize..node.to as usize],
                cells: &scratch.cells,
                sum: node.cell,
                leaf: limits.leaf,
            };
            let least = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
            let (found, varies) = scratch.line.split(codes, usize::from(feature), target, part, least);
            if let Some(found) = found {
                best = Some(Best {
                    score: found.score,
                    feature,
                    below: found.below,
                    threshold: Threshold::Above(found.above),
                    left: found.left,
                });
            }
            varies
        };
    }
    (best, visited as u32)
}

/// One split at a random place between the smallest and the largest value in the node; whether there is one.
#[allow(clippy::too_many_arguments, reason = "the inner half of a loop, named")]
#[inline(always)]
fn draw<T: Target>(
    codes: &Codes,
    target: &T,
    limits: &Limits,
    node: &Open<T::Cell>,
    feature: u16,
    scratch: &Scratch<T::Cell>,
    rng: &mut impl rand::Rng,
    best: &mut Option<Best<T::Cell>>,
) -> bool {
    let column = codes.column(usize::from(feature));
    let rows = &scratch.rows[node.from as usize..node.to as usize];
    let (low, high) = rows.iter().fold((u16::MAX, 0), |(low, high), &row| {
        let code = column[row as usize];
        (code.min(low), code.max(high))
    });
    if low >= high {
        return false;
    }
    let (threshold, below) = codes.cut(usize::from(feature), low, high, uniform(rng));
    let mut left = T::Cell::default();
    for &row in rows {
        if column[row as usize] <= below {
            left = T::plus(left, scratch.cells[row as usize]);
        }
    }
    let lefts = T::rows(&left);
    if lefts >= limits.leaf && node.to - node.from - lefts >= limits.leaf {
        let least = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
        if let Some((_, score)) = target.best(&node.cell, &[left], least) {
            *best = Some(Best {
                score,
                feature,
                below,
                threshold: Threshold::At(threshold),
                left,
            });
        }
    }
    true
}
