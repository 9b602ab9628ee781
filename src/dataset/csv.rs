//! A table of the visitor's own, from text: what it is found to hold, shown for correction, and the data set it makes.
//!
//! Nothing is guessed silently: header, separator, decimal mark, target and every column's kind stand in the [`Description`], and each can
//! be said instead in the [`Choices`].

mod cells;
mod columns;
mod header;
mod remarks;
mod text;

use super::{Dataset, Table};
use crate::table::{Choices, ColumnDescription, Description, Quote};
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

/// Cells, and what stands above and between them.
struct Outline<'a> {
    grid: cells::Grid<'a>,
    separator: char,
    quote: Quote,
    header: bool,
    comma: bool,
    names: Vec<String>,
}

impl<'a> Outline<'a> {
    fn of(text: &'a str, choices: &Choices) -> Result<Outline<'a>, String> {
        let (named, text, first) = match cells::named_separator(text) {
            Some((separator, rest)) => (Some(separator), rest, 2),
            None => (None, text, 1),
        };
        let quote = choices.quote.unwrap_or_else(|| cells::quote(text));
        let separator = match choices.separator.or(named) {
            Some(c) if cells::SEPARATORS.contains(&c) => c,
            Some(c) => {
                return Err(format!(
                    "the separator cannot be {c:?}; accepted: comma, semicolon, tab, bar"
                ));
            }
            None => cells::separator(text, quote),
        };
        let grid = cells::Grid::read(text, separator, quote, first)?;
        let (header, comma) = header::guess(&grid, choices);
        let names = columns::names(&grid, header);
        Ok(Outline {
            grid,
            separator,
            quote,
            header,
            comma,
            names,
        })
    }
}

/// FNV-1a, 64 bits: tells tables apart, keeps no secret.
fn digest(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

impl Csv {
    /// Reads `bytes`, UTF-8 or else Latin-1, under `choices`.
    ///
    /// # Errors
    /// What cannot be read, with the line where it stands, and what is accepted.
    pub fn read(bytes: &[u8], choices: &Choices) -> Result<Csv, String> {
        let (text, encoding) = text::decode(bytes)?;
        let Outline {
            grid,
            separator,
            quote,
            header,
            comma,
            names,
        } = Outline::of(&text, choices)?;
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
            let mut values = read.column(&grid, place, name);
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
                Kind::Refused(why) => return Err(why.clone()),
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
                read.notes.extend(values.stray.take());
                feature_names.push(name.clone());
                kept.push(values);
            }
        }
        read.remark(&kept, &feature_names);
        let rows = read.table(&kept)?;
        let rows = match group {
            Some(place) => rows.grouped(read.groups(&grid, place))?,
            None => rows,
        };
        let counts = rows.class_counts();
        Ok(Csv {
            description: Description {
                digest: digest(bytes),
                rows: rows.rows(),
                header,
                separator,
                quote,
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

    /// What can be said of a table that [`Csv::read`] refuses for what is in its columns: their names, so that another target can be chosen.
    ///
    /// # Errors
    /// If not even its cells can be told apart.
    pub fn outline(bytes: &[u8], choices: &Choices) -> Result<Description, String> {
        let (text, encoding) = text::decode(bytes)?;
        let outline = Outline::of(&text, choices)?;
        let column = |name: String| ColumnDescription {
            name,
            kind: String::new(),
            missing: 0,
            levels: Vec::new(),
        };
        Ok(Description {
            digest: digest(bytes),
            rows: outline.grid.rows() - usize::from(outline.header),
            header: outline.header,
            separator: outline.separator,
            quote: outline.quote,
            decimal_comma: outline.comma,
            encoding: encoding.into(),
            target: outline.names[columns::likely_target(&outline.grid, &outline.names, outline.header)].clone(),
            columns: outline.names.into_iter().map(column).collect(),
            classes: Vec::new(),
            notes: Vec::new(),
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
