//! Linear algebra, optimizers and special functions, the same bits on every target.
#![forbid(unsafe_code)]

pub mod tree;
