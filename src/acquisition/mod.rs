//! Acquisition functions: how much a point is worth trying, given a belief.
#![forbid(unsafe_code)]
