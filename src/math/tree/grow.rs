//! Growing one tree, depth first, on rank codes.

use super::codes::Codes;
use super::draw::below;
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
    histogram: Vec<C>,
    /// The ranks that occur in a node, a bit each, and the words of these that are not empty.
    occupied: Vec<u64>,
    words: [u64; WORDS],
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

/// Words of 64 bits that say which of 2¹⁶ ranks occur, 64 to a word of these.
const WORDS: usize = 16;

/// Nodes of up to so many rows count for every row how many others have a smaller rank: with few rows that is quicker than sets.
const FEW: usize = 32;

impl<C: Copy + Default> Scratch<C> {
    /// Memory for trees on `codes`.
    pub fn new(codes: &Codes) -> Scratch<C> {
        Scratch {
            rows: Vec::with_capacity(codes.rows()),
            cells: vec![C::default(); codes.rows()],
            histogram: vec![C::default(); codes.widest().next_multiple_of(64)],
            occupied: vec![0; codes.widest().div_ceil(64)],
            words: [0; WORDS],
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
        let seed = node.seed();
        let (best, visited) = search(codes, target, limits, &node, seed, scratch);
        nodes[index].work = rows * (visited + 1);
        let Some(best) = best else { continue };
        nodes[index].feature = best.feature;
        nodes[index].threshold = match best.threshold {
            Threshold::At(threshold) => threshold,
            Threshold::Above(above) => codes.threshold(usize::from(best.feature), best.below, above),
        };
        let column = codes.column(usize::from(best.feature));
        let slice = &mut scratch.rows[node.from as usize..node.to as usize];
        // Lomuto's partition without a branch on the comparison, which no predictor could guess.
        let mut lefts = 0;
        for i in 0..slice.len() {
            let row = slice[i];
            slice.swap(i, lefts);
            lefts += usize::from(column[row as usize] <= best.below);
        }
        let middle = node.from + lefts as u32;
        let child = |from, to, right_of, cell| Open {
            from,
            to,
            depth: node.depth + 1,
            right_of,
            seed,
            cell,
        };
        let right = T::minus(node.cell, best.left);
        scratch.open.push(child(middle, node.to, index as u32, right));
        scratch.open.push(child(node.from, middle, u32::MAX, best.left));
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
        let mut sweep = Sweep {
            target,
            leaf: limits.leaf,
            node: node.cell,
            total: node.to - node.from,
            feature,
            left: T::Cell::default(),
            last: None,
            best: &mut best,
        };
        varies |= if limits.random {
            sweep.draw(codes, node, scratch, &mut rng)
        } else if sweep.total as usize <= FEW {
            sweep.few(codes, node, scratch)
        } else {
            sweep.many(codes, node, scratch)
        };
    }
    (best, visited as u32)
}

/// A look at the splits of one feature, from small ranks to large.
struct Sweep<'a, T: Target> {
    target: &'a T,
    leaf: u32,
    node: T::Cell,
    total: u32,
    feature: u16,
    /// The sum over the ranks so far.
    left: T::Cell,
    /// The last of them.
    last: Option<u16>,
    best: &'a mut Option<Best<T::Cell>>,
}

impl<T: Target> Sweep<'_, T> {
    /// Goes on to the next rank that occurs.
    #[inline(always)]
    fn next(&mut self, code: u16, cell: T::Cell) {
        if let Some(last) = self.last {
            self.offer(last, Threshold::Above(code));
        }
        self.left = T::plus(self.left, cell);
        self.last = Some(code);
    }

    /// Offers the split behind the rows in `self.left`.
    #[inline(always)]
    fn offer(&mut self, below: u16, threshold: Threshold) {
        let lefts = T::rows(&self.left);
        if lefts >= self.leaf && self.total - lefts >= self.leaf {
            let score = self.target.score(&self.left, &T::minus(self.node, self.left));
            if self.best.as_ref().is_none_or(|b| score > b.score) {
                *self.best = Some(Best {
                    score,
                    feature: self.feature,
                    below,
                    threshold,
                    left: self.left,
                });
            }
        }
    }

    /// Every split of a node of at most [`FEW`] rows. This and the others say whether the feature varies in the node.
    #[inline(always)]
    fn few(&mut self, codes: &Codes, node: &Open<T::Cell>, scratch: &mut Scratch<T::Cell>) -> bool {
        let column = codes.column(usize::from(self.feature));
        let rows = &scratch.rows[node.from as usize..node.to as usize];
        let mut own = [0; FEW];
        for (own, &row) in own.iter_mut().zip(rows) {
            *own = column[row as usize];
        }
        // Equal ranks share a place, and the places up to the next rank stay empty.
        let mut places = [0u16; FEW];
        let eights = own.as_chunks::<8>().0.iter().zip(places.as_chunks_mut::<8>().0);
        for (eight, places) in eights.take(rows.len().div_ceil(8)) {
            for &other in &own[..rows.len()] {
                for lane in 0..8 {
                    places[lane] += u16::from(other < eight[lane]);
                }
            }
        }
        let mut sorted = [0; FEW];
        for ((&place, &code), &row) in places.iter().zip(&own).zip(rows) {
            let place = usize::from(place) % FEW;
            sorted[place] = code;
            scratch.histogram[place] = T::plus(scratch.histogram[place], scratch.cells[row as usize]);
        }
        let first = sorted[0];
        for (&code, sum) in sorted.iter().zip(&mut scratch.histogram[..rows.len()]) {
            if T::rows(sum) > 0 {
                self.next(code, *sum);
                *sum = T::Cell::default();
            }
        }
        self.last != Some(first)
    }

    /// Every split of a node of many rows.
    #[inline(always)]
    fn many(&mut self, codes: &Codes, node: &Open<T::Cell>, scratch: &mut Scratch<T::Cell>) -> bool {
        let column = codes.column(usize::from(self.feature));
        let Scratch {
            rows,
            cells,
            histogram,
            occupied,
            words,
            ..
        } = scratch;
        let rows = &rows[node.from as usize..node.to as usize];
        if codes.ranks(usize::from(self.feature)) <= 64 {
            // The usual case of few distinct values: the set of occupied ranks stays in a register.
            let mut set = 0u64;
            for &row in rows {
                let code = usize::from(column[row as usize]) & 63;
                histogram[code] = T::plus(histogram[code], cells[row as usize]);
                set |= 1 << code;
            }
            occupied[0] = set;
            words[0] = 1;
        } else {
            for &row in rows {
                let code = usize::from(column[row as usize]);
                histogram[code] = T::plus(histogram[code], cells[row as usize]);
                occupied[code >> 6] |= 1 << (code & 63);
                words[code >> 12] |= 1 << ((code >> 6) & 63);
            }
        }
        let mut first = None;
        for (i, word) in words.iter_mut().enumerate() {
            while *word != 0 {
                let at = (i << 6) + word.trailing_zeros() as usize;
                *word &= *word - 1;
                let mut set = std::mem::take(&mut occupied[at]);
                while set != 0 {
                    let code = (at << 6) + set.trailing_zeros() as usize;
                    set &= set - 1;
                    first = first.or(Some(code as u16));
                    self.next(code as u16, std::mem::take(&mut histogram[code]));
                }
            }
        }
        self.last != first
    }

    /// One split at a random place between the smallest and the largest value in the node.
    #[inline(always)]
    fn draw(
        &mut self,
        codes: &Codes,
        node: &Open<T::Cell>,
        scratch: &Scratch<T::Cell>,
        rng: &mut impl rand::Rng,
    ) -> bool {
        let feature = usize::from(self.feature);
        let column = codes.column(feature);
        let rows = &scratch.rows[node.from as usize..node.to as usize];
        let (low, high) = rows.iter().fold((u16::MAX, 0), |(low, high), &row| {
            let code = column[row as usize];
            (code.min(low), code.max(high))
        });
        if low >= high {
            return false;
        }
        let (threshold, below) = codes.cut(feature, low, high, uniform(rng));
        for &row in rows {
            if column[row as usize] <= below {
                self.left = T::plus(self.left, scratch.cells[row as usize]);
            }
        }
        self.offer(below, Threshold::At(threshold));
        true
    }
}
