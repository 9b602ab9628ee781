//! Tunescape: real hyperparameter optimization, in a browser tab and on the command line.
//!
//! Rooms and floors are described in ARCHITECTURE.md: a module imports from lower floors only.

// Floor 1: what everything speaks.
pub mod context;
#[cfg(feature = "engine")]
pub mod math;
pub mod mind;
pub mod registry;
pub mod seed;
pub mod space;
pub mod trial;

// Floor 2: beliefs, scores of points, data.
#[cfg(feature = "engine")]
pub mod acquisition;
#[cfg(feature = "engine")]
pub mod dataset;
#[cfg(feature = "engine")]
pub mod surrogate;

// Floor 3: who proposes, what is trained.
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
pub mod strategy;

// Floor 4: what is optimized.
#[cfg(feature = "engine")]
pub mod objective;
