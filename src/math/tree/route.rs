//! Sending rows down a tree.

use super::grow::Target;
use super::{NO_SPLIT, Node};

/// Where a tree is cut short: as if it had been grown with these limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Nodes this deep are leaves.
    pub depth: u32,
    /// Nodes of fewer rows are leaves.
    pub split: u32,
}

impl Cut {
    #[inline(always)]
    fn ends<T: Target>(&self, node: &Node<T::Cell>, depth: u32) -> bool {
        node.feature == NO_SPLIT || depth >= self.depth || T::rows(&node.cell) < self.split
    }
}

/// Row visits that growing the tree at `root` took, cut at `cut`.
pub fn work<T: Target>(nodes: &[Node<T::Cell>], root: usize, cut: Cut, open: &mut Vec<(u32, u32)>) -> u64 {
    let mut sum = 0;
    open.clear();
    open.push((root as u32, 0));
    while let Some((index, depth)) = open.pop() {
        let node = &nodes[index as usize];
        if depth < cut.depth && T::rows(&node.cell) >= cut.split {
            sum += u64::from(node.work);
            if node.feature != NO_SPLIT {
                open.push((node.right, depth + 1));
                open.push((index + 1, depth + 1));
            }
        }
    }
    sum
}

/// Sends a block of rows down together: each node splits its rows in one pass, and a leaf is met once for all its rows.
#[derive(Debug, Default)]
pub struct Router {
    rows: Vec<u32>,
    open: Vec<(u32, u32, u32, u32)>,
}

impl Router {
    /// Calls `leaf` with each leaf's sum and the rows that reach it, of all rows of the row-major `x`.
    pub fn route<T: Target>(
        &mut self,
        nodes: &[Node<T::Cell>],
        root: usize,
        cut: Cut,
        x: &[f64],
        features: usize,
        mut leaf: impl FnMut(&T::Cell, &[u32]),
    ) {
        let rows = x.len().checked_div(features).unwrap_or(0);
        // The order is left as the tree before left it: any permutation of the rows will do.
        if self.rows.len() != rows {
            self.rows = (0..rows as u32).collect();
        }
        self.open.clear();
        self.open.push((root as u32, 0, 0, rows as u32));
        while let Some((index, depth, from, to)) = self.open.pop() {
            let node = &nodes[index as usize];
            let slice = &mut self.rows[from as usize..to as usize];
            if cut.ends::<T>(node, depth) {
                leaf(&node.cell, slice);
                continue;
            }
            let feature = usize::from(node.feature);
            let mut lefts = 0;
            for i in 0..slice.len() {
                let row = slice[i];
                slice.swap(i, lefts);
                lefts += usize::from(x[row as usize * features + feature] <= node.threshold);
            }
            let middle = from + lefts as u32;
            if middle < to {
                self.open.push((node.right, depth + 1, middle, to));
            }
            if from < middle {
                self.open.push((index + 1, depth + 1, from, middle));
            }
        }
    }
}
