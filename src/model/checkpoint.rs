//! Where training stood.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A model's own state to continue from. Cloning shares it.
#[derive(Clone)]
pub struct Checkpoint {
    state: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

impl Checkpoint {
    /// A state of about `bytes` bytes.
    pub fn new<T: Any + Send + Sync>(state: Arc<T>, bytes: usize) -> Checkpoint {
        Checkpoint { state, bytes }
    }

    /// The state, if it is a `T`.
    pub fn state<T: Any>(&self) -> Option<&T> {
        self.state.downcast_ref()
    }

    /// What it takes to keep.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint({} bytes)", self.bytes)
    }
}
