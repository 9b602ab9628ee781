//! Surrogate models of an objective.
#![forbid(unsafe_code)]

pub mod forest;
pub mod gp;
pub mod parzen;
