//! Data sets, splits and metrics.
#![forbid(unsafe_code)]
