//! From bytes to text.

use super::MOST_BYTES;
use std::borrow::Cow;

/// The text of `bytes` and the name of its encoding. What is not UTF-8 is taken for Latin-1, in which every byte is a letter.
///
/// # Errors
/// If there is nothing, too much, or bytes that are in no text.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!(
            "the table is {} bytes long; accepted: up to {} MiB",
            bytes.len(),
            MOST_BYTES >> 20
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("the table is in UTF-16; accepted: UTF-8 or Latin-1".into());
    }
    let odd = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c);
    if let Some(at) = bytes.iter().position(odd) {
        let line = ends(&bytes[..at]) + 1;
        return Err(format!(
            "line {line}: a byte {:#04x} that is in no text; accepted: a table as text, not a spreadsheet or an archive",
            bytes[at]
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("the table is empty; accepted: lines of cells, at least 2 rows and 2 columns".into());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), "UTF-8")),
        Err(_) => Ok((Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()), "Latin-1")),
    }
}

/// How many lines end in `bytes`: by a line feed, a carriage return, or both.
pub(super) fn ends(bytes: &[u8]) -> usize {
    let next = bytes.iter().skip(1).map(Some).chain([None]);
    let ends = |(byte, next): &(&u8, Option<&u8>)| **byte == b'\n' || **byte == b'\r' && *next != Some(&b'\n');
    bytes.iter().zip(next).filter(ends).count()
}
