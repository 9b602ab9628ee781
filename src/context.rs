//! What long computations share: a flag that asks them to stop.
#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Handed to everything that may take long. Cloning shares the flag.
#[derive(Clone, Debug, Default)]
pub struct Context {
    stop: Arc<AtomicBool>,
}

impl Context {
    /// A context whose stop flag is down.
    pub fn new() -> Context {
        Context::default()
    }

    /// Asks every computation under this context to end soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether to end: polled at every tree, epoch, restart and fold.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
