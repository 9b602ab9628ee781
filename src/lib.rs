//! Tunescape: real hyperparameter optimization, in a browser tab and on the command line.
//!
//! Rooms and floors are described in ARCHITECTURE.md: a module imports from lower floors only.

// Floor 1: what everything speaks.
pub mod context;
#[cfg(feature = "engine")]
pub mod math;
pub mod mind;
pub mod number;
pub mod order;
pub mod registry;
pub mod seed;
pub mod space;
pub mod table;
pub mod trial;

// Floor 2: beliefs, scores of points, data; what a study is.
#[cfg(feature = "engine")]
pub mod acquisition;
#[cfg(feature = "engine")]
pub mod dataset;
pub mod spec;
#[cfg(feature = "engine")]
pub mod surrogate;

// Floor 3: who proposes, what is trained, what is said.
#[cfg(feature = "engine")]
pub mod model;
pub mod protocol;
#[cfg(feature = "engine")]
pub mod strategy;

// Floor 4: what is optimized, what is shown.
#[cfg(feature = "engine")]
pub mod objective;
pub mod question;
pub mod view;

// Floor 5: the loop, the pictures.
#[cfg(feature = "plot")]
pub mod plot;
#[cfg(feature = "engine")]
pub mod study;

// Floor 6: the page.
#[cfg(feature = "page")]
pub mod ui;
