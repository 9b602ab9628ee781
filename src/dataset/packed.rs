//! Where the bytes of packed data sets come from: they stand inside the command, and as files beside the page, whose worker fetches one
//! when a study first needs it, so that nobody waits for data that is not looked at.

/// The bytes of `packed/NAME.bin`.
///
/// # Errors
/// In a worker: if they could not be fetched, or are not what this build was made with.
#[cfg(feature = "embedded")]
macro_rules! packed {
    ($name:literal) => {
        Ok::<&'static [u8], String>(include_bytes!(concat!("packed/", $name, ".bin")))
    };
}

/// The bytes of `packed/NAME.bin`.
///
/// # Errors
/// If they could not be fetched, or are not what this build was made with.
#[cfg(not(feature = "embedded"))]
macro_rules! packed {
    ($name:literal) => {{
        // Taken while compiling: of the bytes only this number gets into the program.
        const MARK: u64 = crate::dataset::packed::mark(include_bytes!(concat!("packed/", $name, ".bin")));
        crate::dataset::packed::fetched($name, MARK)
    }};
}

pub(super) use packed;

use std::sync::{Mutex, OnceLock, PoisonError};

/// A number that tells files apart: 64-bit FNV-1a. It stands in the address, so that a browser can keep a file for as long as it is
/// the right one, and damaged bytes are noticed.
#[cfg_attr(feature = "embedded", allow(dead_code))]
pub(super) const fn mark(bytes: &[u8]) -> u64 {
    let (mut hash, mut i) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

/// Fetches a file by its address relative to the page's folder, and waits for it.
pub type Fetch = fn(&str) -> Result<Vec<u8>, String>;

static FETCH: OnceLock<Fetch> = OnceLock::new();
/// What was fetched, for as long as the worker lives: a study that is reset needs its data again.
static KEPT: Mutex<Vec<(&str, &[u8])>> = Mutex::new(Vec::new());

/// Tells how files are fetched, where they are not inside the program. Said once, before the first study.
pub fn fetch_with(fetch: Fetch) {
    FETCH.get_or_init(|| fetch);
}

#[cfg_attr(feature = "embedded", allow(dead_code))]
pub(super) fn fetched(name: &'static str, wanted: u64) -> Result<&'static [u8], String> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, bytes)) = kept.iter().find(|k| k.0 == name) {
        return Ok(bytes);
    }
    let fetch = FETCH.get().ok_or("nothing here can fetch data sets")?;
    let bytes = fetch(&format!("data/{name}.bin?v={wanted:016x}"))
        .map_err(|why| format!("its data could not be fetched: {why}. Check the connection, then press Reset"))?;
    if mark(&bytes) != wanted {
        return Err("what was fetched is not its data: a new version may have been published. Reload the page".into());
    }
    let bytes: &'static [u8] = bytes.leak();
    kept.push((name, bytes));
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn a_changed_or_shortened_file_is_told_from_the_right_one() {
        let digits: &[u8] = include_bytes!("packed/digits.bin");
        let mut other = digits.to_vec();
        other[1000] ^= 1;
        assert_ne!(mark(digits), mark(&other));
        assert_ne!(mark(digits), mark(&digits[..digits.len() - 1]));
        // The published test value of the algorithm.
        assert_eq!(mark(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
