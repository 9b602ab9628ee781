//! Pictures, drawn through plotters from a [`View`](crate::view::View) on any backend: canvas, SVG.
#![forbid(unsafe_code)]
