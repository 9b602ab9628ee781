//! Writing JSON text.

use crate::number;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use std::io::{self, Write};

/// The text of plain data with text keys, which always has one.
pub fn write(data: &impl Serialize) -> String {
    let mut text = Vec::new();
    let written = data.serialize(&mut Serializer::with_formatter(&mut text, Compact));
    debug_assert!(written.is_ok());
    String::from_utf8(text).unwrap_or_default()
}

/// The same texts as serde_json's own, without its table for numbers.
struct Compact;

impl Formatter for Compact {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number::json(value).as_bytes())
    }
}
