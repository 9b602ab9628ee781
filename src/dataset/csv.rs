//! A table of the visitor's own, from text: what it is found to hold, shown for correction, and the data set it makes.
//!
//! Nothing is guessed silently: header, separator, decimal mark, target and every column's kind stand in the [`Description`], and each can
//! be said instead in the [`Choices`].

mod cells;
mod columns;
mod text;

use super::{Dataset, Table};
use crate::table::{Choices, ColumnDescription, Description};
use columns::{Kind, Read};
use std::sync::Arc;

/// Longest text that is read, in bytes.
pub const MOST_BYTES: usize = 20 << 20;
/// Most rows.
pub const MOST_ROWS: usize = 100_000;
/// Most columns.
pub const MOST_COLUMNS: usize = 1_000;
/// Most different words of a column that still is a category.
pub const MOST_LEVELS: usize = 64;
/// Most classes.
pub const MOST_CLASSES: usize = 64;
/// Most features after encoding times rows: 128 MiB of numbers.
const MOST_VALUES: usize = 16 << 20;

/// A table that was read, ready to be a data set.
#[derive(Clone, Debug)]
pub struct Csv {
    /// What was found.
    pub description: Description,
    rows: Arc<Table>,
    feature_names: Vec<String>,
}

impl Csv {
    /// Reads `bytes`, UTF-8 or else Latin-1, under `choices`.
    ///
    /// # Errors
    /// What cannot be read, with the line where it stands, and what is accepted.
    pub fn read(bytes: &[u8], choices: &Choices) -> Result<Csv, String> {
        let (text, encoding) = text::decode(bytes)?;
        let separator = match choices.separator {
            Some(c) if cells::SEPARATORS.contains(&c) => c,
            Some(c) => {
                return Err(format!(
                    "the separator cannot be {c:?}; accepted: comma, semicolon, tab, bar"
                ));
            }
            None => cells::separator(&text),
        };
        let grid = cells::Grid::read(&text, separator)?;
        let (header, comma) = columns::guess(&grid, choices);
        let names = columns::names(&grid, header);
        let place = |what: &str, wanted: &str| columns::place(&names, what, wanted);
        let target = match &choices.target {
            Some(wanted) => place("target", wanted)?,
            None => columns::likely_target(&grid, &names, header),
        };
        let group = choices
            .group
            .as_ref()
            .map(|wanted| place("group", wanted))
            .transpose()?;
        if group == Some(target) {
            return Err(format!("column \"{}\" cannot be both target and group", names[target]));
        }
        let without: Vec<usize> = choices
            .without
            .iter()
            .map(|wanted| place("left out", wanted))
            .collect::<Result<_, _>>()?;
        let mut read = Read::of(&grid, header, comma, target, &names[target])?;
        let mut columns = Vec::new();
        let (mut kept, mut feature_names): (Vec<columns::Values>, Vec<String>) = Default::default();
        for (place, name) in names.iter().enumerate() {
            let mut values = read.column(&grid, place);
            if place == target {
                values.kind = Kind::Other("target");
            } else if group == Some(place) {
                values.kind = Kind::Other("group");
            } else if without.contains(&place) {
                values.kind = Kind::Other("left out");
            }
            let kind = match &values.kind {
                Kind::Number => "number",
                Kind::Category => "category",
                Kind::Other(kind) => kind,
                Kind::Useless(why) => {
                    read.notes.push(format!("column \"{name}\" is left out: {why}"));
                    "left out"
                }
            };
            columns.push(ColumnDescription {
                name: name.clone(),
                kind: kind.into(),
                missing: values.missing,
                levels: values.levels.iter().take(12).cloned().collect(),
            });
            if matches!(values.kind, Kind::Number | Kind::Category) {
                feature_names.push(name.clone());
                kept.push(values);
            }
        }
        let rows = read.table(&kept)?;
        let rows = match group {
            Some(place) => rows.grouped(read.groups(&grid, place))?,
            None => rows,
        };
        let counts = rows.class_counts();
        Ok(Csv {
            description: Description {
                rows: rows.rows(),
                header,
                separator,
                decimal_comma: comma,
                encoding: encoding.into(),
                columns,
                target: names[target].clone(),
                classes: read.classes.into_iter().zip(counts).collect(),
                notes: read.notes,
            },
            rows: Arc::new(rows),
            feature_names,
        })
    }

    /// The data set.
    pub fn dataset(&self) -> Dataset {
        Dataset {
            id: "csv",
            rows: self.rows.clone(),
            feature_names: self.feature_names.clone(),
            class_names: self.description.classes.iter().map(|(name, _)| name.clone()).collect(),
            fresh: None,
        }
    }
}
