//! A bounded memory of what was computed from a table, shared by all tables of the process.
//!
//! It may save time and never changes a result: whatever is kept must be a pure function of the table and the key.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All kept values together take at most about this many bytes. A browser tab shares its memory with the page.
pub const MOST_BYTES: usize = 48 << 20;

/// What a kept value belongs to, beside its table: a purpose and the numbers it depends on.
pub type Key = (&'static str, [u64; 8]);

#[derive(Default)]
struct Kept {
    values: BTreeMap<(u64, Key), (Arc<dyn Any + Send + Sync>, usize)>,
    bytes: usize,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    values: BTreeMap::new(),
    bytes: 0,
});

fn kept() -> MutexGuard<'static, Kept> {
    // Nothing panics while holding the lock; and a half-made change would only lose time.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The part of the memory that belongs to one table; dropping it frees the part.
#[derive(Debug)]
pub(super) struct Memo(u64);

impl Memo {
    pub(super) fn new() -> Memo {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Memo(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Names the table in keys of other tables' memos.
    pub(super) fn id(&self) -> u64 {
        self.0
    }

    pub(super) fn recall<T: Any + Send + Sync>(&self, key: &Key) -> Option<Arc<T>> {
        let value = kept().values.get(&(self.0, *key))?.0.clone();
        value.downcast().ok()
    }

    pub(super) fn remember<T: Any + Send + Sync>(&self, key: Key, value: Arc<T>, bytes: usize) {
        if bytes > MOST_BYTES {
            return;
        }
        // Freed after the lock is: what is dropped may be a table with a memo of its own.
        let mut dropped = BTreeMap::new();
        let mut memory = kept();
        let before = memory.values.remove(&(self.0, key));
        memory.bytes -= before.as_ref().map_or(0, |(_, bytes)| *bytes);
        if memory.bytes + bytes > MOST_BYTES {
            dropped = std::mem::take(&mut memory.values);
            memory.bytes = 0;
        }
        memory.bytes += bytes;
        memory.values.insert((self.0, key), (value, bytes));
        drop(memory);
        drop((before, dropped));
    }
}

impl Drop for Memo {
    fn drop(&mut self) {
        const FIRST: Key = ("", [0; 8]);
        let mut memory = kept();
        let mut mine = memory.values.split_off(&(self.0, FIRST));
        let mut others = mine.split_off(&(self.0 + 1, FIRST));
        memory.values.append(&mut others);
        memory.bytes -= mine.values().map(|(_, bytes)| bytes).sum::<usize>();
        drop(memory);
    }
}

/// Bytes kept now, in all.
pub fn bytes() -> usize {
    kept().bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_bounded_and_freed_with_its_table() {
        let (a, b) = (Memo::new(), Memo::new());
        for i in 0..100 {
            a.remember(("test", [i; 8]), Arc::new(i), MOST_BYTES / 10);
            assert!(bytes() <= MOST_BYTES);
        }
        assert_eq!(a.recall::<u64>(&("test", [99; 8])).as_deref(), Some(&99));
        assert_eq!(a.recall::<u64>(&("test", [0; 8])), None);
        assert_eq!(b.recall::<u64>(&("test", [99; 8])), None);
        b.remember(("test", [1; 8]), Arc::new(7u64), 8);
        drop(a);
        assert!(bytes() < MOST_BYTES / 10 || kept().values.len() > 1);
        assert_eq!(b.recall::<u64>(&("test", [1; 8])).as_deref(), Some(&7));
        // A kept value may have a memo itself; replacing it frees that memo, too.
        for _ in 0..2 {
            let inner = Memo::new();
            inner.remember(("inner", [0; 8]), Arc::new(1u64), 8);
            b.remember(("test", [2; 8]), Arc::new(inner), 8);
        }
    }
}
