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

    /// Whether [`Target::bounds`] says anything about splits of `node`.
    fn is_bounded(&self, node: &Self::Cell) -> bool;
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
    near: Near<C>,
}

/// Rows of a node whose ranks are brought together.
const NEAR: usize = 8192;

/// What is known of the rows of one node, side by side: in a long table each row lies in memory far from the next, and is visited again in
/// every node below.
#[derive(Debug)]
struct Near<C> {
    /// The part of the rows: they are numbered from 0 within it.
    from: u32,
    to: u32,
    /// Their ranks, feature by feature, and their cells.
    columns: Vec<u16>,
    cells: Vec<C>,
}

impl<C: Copy> Near<C> {
    fn none() -> Near<C> {
        Near {
            from: 0,
            to: 0,
            columns: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Whether a node's rows are in it.
    fn holds(&self, node: &Open<C>) -> bool {
        self.from <= node.from && node.to <= self.to
    }

    /// Brings the rows of a node together.
    fn gather(&mut self, codes: &Codes, cells: &[C], node: &Open<C>, rows: &mut [u32]) {
        (self.from, self.to) = (node.from, node.to);
        self.columns.clear();
        for feature in 0..codes.features() {
            let column = codes.column(feature);
            self.columns.extend(rows.iter().map(|&row| column[row as usize]));
        }
        self.cells.clear();
        self.cells.extend(rows.iter().map(|&row| cells[row as usize]));
        rows.iter_mut().zip(0..).for_each(|(row, own)| *row = own);
    }

    /// The ranks of its rows in `feature`.
    fn column(&self, feature: usize) -> &[u16] {
        let rows = self.cells.len();
        &self.columns[feature * rows..(feature + 1) * rows]
    }
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
            near: Near::none(),
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
    scratch.near = Near {
        to: 0,
        from: 0,
        ..std::mem::replace(&mut scratch.near, Near::none())
    };
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
        let is_far = codes.rows() > 8 * NEAR && !scratch.near.holds(&node);
        if is_far && rows as usize <= NEAR {
            let slice = &mut scratch.rows[node.from as usize..node.to as usize];
            scratch.near.gather(codes, &scratch.cells, &node, slice);
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
            let feature = usize::from(best.feature);
            let column = if scratch.near.holds(&node) {
                scratch.near.column(feature)
            } else {
                codes.column(feature)
            };
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
    let near = scratch.near.holds(node).then_some(&scratch.near);
    let cells = near.map_or(&scratch.cells[..], |near| &near.cells);
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
        let column = near.map_or_else(
            || codes.column(usize::from(feature)),
            |near| near.column(usize::from(feature)),
        );
        let part = Part {
            rows: &scratch.rows[node.from as usize..node.to as usize],
            column,
            // By numbers of the whole table.
            order: codes.order(usize::from(feature)).filter(|_| near.is_none()),
            ranks: codes.ranks(usize::from(feature)),
            cells,
            sum: node.cell,
            leaf: limits.leaf,
        };
        varies |= if limits.random {
            draw(codes, target, part, feature, &mut rng, &mut best)
        } else {
            let least = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
            let (found, varies) = scratch.line.split(target, part, least);
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
#[inline(always)]
fn draw<T: Target>(
    codes: &Codes,
    target: &T,
    part: Part<'_, T::Cell>,
    feature: u16,
    rng: &mut impl rand::Rng,
    best: &mut Option<Best<T::Cell>>,
) -> bool {
    let Part { rows, column, .. } = part;
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
            left = T::plus(left, part.cells[row as usize]);
        }
    }
    let lefts = T::rows(&left);
    if lefts >= part.leaf && rows.len() as u32 - lefts >= part.leaf {
        let least = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
        if let Some((_, score)) = target.best(&part.sum, &[left], least) {
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
