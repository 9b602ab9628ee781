//! A table of the visitor's own: what a person says of it, and what was found in it. Read it is in the data room.
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};

/// What a person says of a table instead of having it found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// Whether the first line names the columns.
    pub header: Option<bool>,
    /// What stands between cells: comma, semicolon, tab or bar.
    pub separator: Option<char>,
    /// What stands around a cell that holds a separator.
    pub quote: Option<Quote>,
    /// Whether decimals stand behind a comma.
    pub decimal_comma: Option<bool>,
    /// The column to predict, by name or by number from 1.
    pub target: Option<String>,
    /// The column that says which rows belong together.
    pub group: Option<String>,
    /// Columns to leave out.
    pub without: Vec<String>,
}

/// What can stand around a cell; within it, it stands twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quote {
    /// `"`.
    #[default]
    Double,
    /// `'`.
    Single,
    /// Nothing: every quotation mark is a letter.
    None,
}

impl Quote {
    /// All, with the name for people.
    pub const ALL: [(Quote, &'static str); 3] = [
        (Quote::Double, "double \""),
        (Quote::Single, "single '"),
        (Quote::None, "none"),
    ];

    /// The mark itself.
    pub fn mark(self) -> Option<char> {
        match self {
            Quote::Double => Some('"'),
            Quote::Single => Some('\''),
            Quote::None => None,
        }
    }
}

/// What was found in a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// FNV-1a of the bytes, in hexadecimal: trials belong to one table.
    pub digest: String,
    /// Rows without the header.
    pub rows: usize,
    /// Whether the first line names the columns.
    pub header: bool,
    /// What stands between cells.
    pub separator: char,
    /// What stands around a cell that holds a separator.
    pub quote: Quote,
    /// Whether decimals stand behind a comma.
    pub decimal_comma: bool,
    /// How the bytes were read: UTF-8 or Latin-1.
    pub encoding: String,
    /// The columns.
    pub columns: Vec<ColumnDescription>,
    /// The column to predict.
    pub target: String,
    /// The classes, each with its number of rows.
    pub classes: Vec<(String, usize)>,
    /// What a person should know: rows and columns that are left out, and why.
    pub notes: Vec<String>,
}

/// One column as found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// What it is: target, group, number, category, or left out.
    pub kind: String,
    /// Cells without a value.
    pub missing: usize,
    /// Its categories, if it has them, the first few.
    pub levels: Vec<String>,
}
