//! Tunescape: real hyperparameter optimization, in a browser tab and on the command line.

pub mod context;
pub mod mind;
pub mod registry;
pub mod seed;
pub mod space;
pub mod trial;
