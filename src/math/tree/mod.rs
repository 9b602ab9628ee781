//! Decision trees on rank-coded features (Breiman, Friedman, Olshen & Stone 1984), shared by models and surrogates.
//!
//! [`grow()`] appends the nodes of one tree to a list, for any [`Target`]; [`Router`] sends rows down. Trees are cut short while
//! routing, so that one grown tree serves every depth limit below its own.

mod codes;
mod counts;
mod draw;
mod gini;
mod grow;
mod line;
mod route;

#[cfg(test)]
mod tests;

pub use codes::Codes;
pub use counts::{Classes, Counts, Criterion, n_log_n};
pub use draw::{below, bootstrap};
pub use grow::{Limits, Scratch, Target, grow};
pub use route::{Cut, Router, work};

/// The `feature` of a leaf.
pub const NO_SPLIT: u16 = u16::MAX;

/// One node. Its left child follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<C> {
    /// Rows at most this large go left.
    pub threshold: f64,
    /// The sum over the node's rows.
    pub cell: C,
    /// Position of the right child.
    pub right: u32,
    /// Row visits that searching its split took.
    pub work: u32,
    /// The feature to compare, or [`NO_SPLIT`].
    pub feature: u16,
}
