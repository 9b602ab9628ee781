//! Growing one tree, depth first, on rank codes.

use super::codes::Codes;
use super::draw::below;
use super::{NO_SPLIT, Node};
use crate::seed::Seed;

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

    /// How good it is to split a node into these two: larger is better.
    fn score(&self, left: &Self::Cell, right: &Self::Cell) -> f64;
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
}

/// Memory that growing reuses from tree to tree: no allocation in the loop, because the allocator of threaded wasm is one lock.
#[derive(Debug)]
pub struct Scratch<C> {
    /// The rows to grow on, in any order; they are reordered.
    pub rows: Vec<u16>,
    /// What each row of the table contributes; only the entries of `rows` matter.
    pub cells: Vec<C>,
    histogram: Vec<C>,
    occupied: Vec<u64>,
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
    seed: Seed,
    cell: C,
}

impl<C: Copy + Default> Scratch<C> {
    /// Memory for trees on `codes`.
    pub fn new(codes: &Codes) -> Scratch<C> {
        Scratch {
            rows: Vec::with_capacity(codes.rows()),
            cells: vec![C::default(); codes.rows()],
            histogram: vec![C::default(); codes.widest().next_multiple_of(64)],
            occupied: vec![0; codes.widest().div_ceil(64)],
            order: Vec::with_capacity(codes.features()),
            open: Vec::new(),
        }
    }
}

struct Best<C> {
    score: f64,
    feature: u16,
    below: u16,
    above: u16,
    left: C,
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
        T::plus(sum, scratch.cells[usize::from(row)])
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
        if rows < limits.split || rows < 2 * limits.leaf || target.is_pure(&node.cell) {
            continue;
        }
        if node.depth >= limits.depth {
            capped = true;
            continue;
        }
        let (best, visited) = search(codes, target, limits, &node, scratch);
        nodes[index].work = rows * (visited + 1);
        let Some(best) = best else { continue };
        nodes[index].feature = best.feature;
        nodes[index].threshold = codes.threshold(usize::from(best.feature), best.below, best.above);
        let column = codes.column(usize::from(best.feature));
        let slice = &mut scratch.rows[node.from as usize..node.to as usize];
        // Lomuto's partition without a branch on the comparison, which no predictor could guess.
        let mut lefts = 0;
        for i in 0..slice.len() {
            let row = slice[i];
            slice.swap(i, lefts);
            lefts += usize::from(column[usize::from(row)] <= best.below);
        }
        let middle = node.from + lefts as u32;
        let child = |from, to, right_of, cell, side| Open {
            from,
            to,
            depth: node.depth + 1,
            right_of,
            seed: node.seed.derive("child", side),
            cell,
        };
        let right = T::minus(node.cell, best.left);
        scratch.open.push(child(middle, node.to, index as u32, right, 1));
        scratch.open.push(child(node.from, middle, u32::MAX, best.left, 0));
    }
    (deepest, capped)
}

/// The best split among the drawn features, the first of equals, and how many features were drawn.
fn search<T: Target>(
    codes: &Codes,
    target: &T,
    limits: &Limits,
    node: &Open<T::Cell>,
    scratch: &mut Scratch<T::Cell>,
) -> (Option<Best<T::Cell>>, u32) {
    let features = codes.features();
    let mut rng = node.seed.fast_rng();
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
        varies |= scan(codes, target, limits, node, scratch, feature, &mut best);
    }
    (best, visited as u32)
}

/// Looks at every split of one feature; whether the feature varies in the node.
#[inline(always)]
fn scan<T: Target>(
    codes: &Codes,
    target: &T,
    limits: &Limits,
    node: &Open<T::Cell>,
    scratch: &mut Scratch<T::Cell>,
    feature: u16,
    best: &mut Option<Best<T::Cell>>,
) -> bool {
    let column = codes.column(usize::from(feature));
    let words = codes.values(usize::from(feature)).len().div_ceil(64);
    let Scratch {
        rows,
        cells,
        histogram,
        occupied,
        ..
    } = scratch;
    let rows = &rows[node.from as usize..node.to as usize];
    if words == 1 {
        // The usual case of few distinct values: the set of occupied ranks stays in a register.
        let mut set = 0u64;
        for &row in rows {
            let code = usize::from(column[usize::from(row)]) & 63;
            histogram[code] = T::plus(histogram[code], cells[usize::from(row)]);
            set |= 1 << code;
        }
        occupied[0] = set;
    } else {
        for &row in rows {
            let code = usize::from(column[usize::from(row)]);
            histogram[code] = T::plus(histogram[code], cells[usize::from(row)]);
            occupied[code >> 6] |= 1 << (code & 63);
        }
    }
    let total = rows.len() as u32;
    let (mut left, mut last) = (T::Cell::default(), None);
    let mut varies = false;
    for (word, set) in occupied[..words].iter_mut().enumerate() {
        while *set != 0 {
            let code = (word << 6) + set.trailing_zeros() as usize;
            *set &= *set - 1;
            if let Some(last) = last {
                varies = true;
                let lefts = T::rows(&left);
                if lefts >= limits.leaf && total - lefts >= limits.leaf {
                    let score = target.score(&left, &T::minus(node.cell, left));
                    if best.as_ref().is_none_or(|b| score > b.score) {
                        *best = Some(Best {
                            score,
                            feature,
                            below: last,
                            above: code as u16,
                            left,
                        });
                    }
                }
            }
            left = T::plus(left, histogram[code]);
            histogram[code] = T::Cell::default();
            last = Some(code as u16);
        }
    }
    varies
}
