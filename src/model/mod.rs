//! Models that are tuned. One file each.
#![forbid(unsafe_code)]
