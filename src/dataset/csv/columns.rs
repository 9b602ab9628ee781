//! From cells to columns: what each holds, and the table they make.

use super::cells::Grid;
use super::{MOST_CLASSES, MOST_LEVELS, MOST_VALUES};
use crate::dataset::{Column, Table};
use crate::number;
use crate::order;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for a missing value.
pub(super) fn is_missing(cell: &str) -> bool {
    matches!(
        cell,
        "" | "NA" | "N/A" | "n/a" | "na" | "NaN" | "nan" | "NULL" | "null" | "?" | "-" | "None" | "none"
    )
}

/// A cell as a finite number.
pub(super) fn number(cell: &str, comma: bool) -> Option<f64> {
    // Words such as "inf" and "nan" are numbers to the parser, but not here.
    if !cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',')) {
        return None;
    }
    let read = if comma && cell.contains(',') {
        if cell.contains('.') {
            return None;
        }
        number::read(&cell.replace(',', "."))
    } else {
        number::read(cell)
    };
    read.filter(|v| v.is_finite())
}

/// Whether a cell is meant as a number that is not finite: it spells infinity, or is beyond all numbers.
fn is_infinite(cell: &str, comma: bool) -> bool {
    let word = cell.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let digits = cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let read = || {
        number::read(&if comma {
            cell.replace(',', ".")
        } else {
            cell.to_string()
        })
    };
    matches!(word.as_str(), "inf" | "infinity" | "∞") || digits && read().is_some_and(|v| v.is_infinite())
}

/// A cell for a message, shortened if it is long.
fn quoted(cell: &str) -> String {
    let short: String = cell.chars().filter(|c| !c.is_control()).take(40).collect();
    let more = if cell.chars().count() > 40 { "…" } else { "" };
    format!("\"{short}{more}\"")
}

/// A name for each column: the header's, or its number.
pub(super) fn names(grid: &Grid, header: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(grid.columns);
    for column in 0..grid.columns {
        let given = if header { grid.cell(0, column) } else { "" };
        let short: String = given.chars().filter(|c| !c.is_control()).take(60).collect();
        let mut name = if short.is_empty() {
            format!("column {}", column + 1)
        } else {
            short
        };
        // A header may hold even such a name.
        while names.contains(&name) {
            name = format!("{name} ({})", column + 1);
        }
        names.push(name);
    }
    names
}

/// The column that `wanted` names, or numbers from 1.
pub(super) fn place(names: &[String], what: &str, wanted: &str) -> Result<usize, String> {
    let by_name = names.iter().position(|name| name == wanted.trim());
    let by_number = || {
        wanted
            .trim()
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=names.len()).contains(n))
            .map(|n| n - 1)
    };
    by_name.or_else(by_number).ok_or_else(|| {
        let few: Vec<&str> = names.iter().take(20).map(String::as_str).collect();
        let more = if names.len() > few.len() { ", …" } else { "" };
        format!(
            "no column \"{wanted}\" ({what}); accepted: {}{more}, or a number from 1 to {}",
            few.join(", "),
            names.len()
        )
    })
}

/// Words that a column to predict is often called by.
const TARGETS: [&str; 8] = [
    "target",
    "class",
    "label",
    "y",
    "species",
    "outcome",
    "diagnosis",
    "category",
];

/// The column to predict, if nobody says: one with a telling name, else the last, or, if that has too many values, the last before it
/// with few enough, of words rather than numbers.
pub(super) fn likely_target(grid: &Grid, names: &[String], header: bool) -> usize {
    let named = |wanted: &&str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let found = if header { TARGETS.iter().find_map(named) } else { None };
    // Counted until it is too many.
    let values = |column: usize| {
        let mut values = BTreeSet::new();
        for row in usize::from(header)..grid.rows() {
            let cell = grid.cell(row, column);
            if !is_missing(cell) {
                values.insert(cell);
            }
            if values.len() > MOST_CLASSES {
                break;
            }
        }
        values.len()
    };
    let last = grid.columns - 1;
    let other = || {
        let few: Vec<usize> = (0..last)
            .rev()
            .filter(|c| (2..=MOST_CLASSES).contains(&values(*c)))
            .collect();
        let cell = |column: usize| grid.cell(usize::from(header).min(grid.rows() - 1), column);
        let words = few.iter().copied().find(|c| number(cell(*c), true).is_none());
        words.or(few.first().copied()).filter(|_| values(last) > MOST_CLASSES)
    };
    found.or_else(other).unwrap_or(last)
}

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number,
    Category,
    /// It cannot be learned from.
    Useless(String),
    /// It has another part.
    Other(&'static str),
    /// The table cannot be read so.
    Refused(String),
}

/// A column's values, a category's as places among its levels; gaps are not a number.
pub(super) struct Values {
    pub kind: Kind,
    pub missing: usize,
    pub levels: Vec<String>,
    /// What a person should know of a category that is nearly all numbers.
    pub stray: Option<String>,
    pub values: Vec<f64>,
}

/// The rows that have a class.
pub(super) struct Read {
    pub rows: Vec<usize>,
    pub y: Vec<u32>,
    pub classes: Vec<String>,
    pub notes: Vec<String>,
    comma: bool,
}

/// Among how many cells one that is no number is a stray word rather than a category.
const STRAY: usize = 5;

impl Read {
    /// Finds the rows and classes.
    ///
    /// # Errors
    /// A target of one class, or of too many.
    pub(super) fn of(grid: &Grid, header: bool, comma: bool, target: usize, name: &str) -> Result<Read, String> {
        let all = usize::from(header)..grid.rows();
        let rows: Vec<usize> = all.clone().filter(|&row| !is_missing(grid.cell(row, target))).collect();
        let mut notes = Vec::new();
        if rows.len() < all.len() {
            let first = all.clone().find(|&row| is_missing(grid.cell(row, target))).unwrap_or(0);
            notes.push(format!(
                "{} rows without a class are left out, the first in line {}",
                all.len() - rows.len(),
                grid.lines[first]
            ));
        }
        let mut levels = Levels::default();
        for &row in &rows {
            levels.count(grid.cell(row, target));
        }
        if levels.0.len() < 2 {
            return Err(format!(
                "the target \"{name}\" has {} class in {} rows; accepted: 2 to {MOST_CLASSES} classes",
                levels.0.len(),
                rows.len()
            ));
        }
        if levels.0.len() > MOST_CLASSES {
            return Err(format!(
                "the target \"{name}\" has {} different values; accepted: 2 to {MOST_CLASSES} classes; is another column meant?",
                levels.0.len()
            ));
        }
        let classes = levels.sorted(comma);
        let codes: BTreeMap<&str, u32> = classes.iter().map(String::as_str).zip(0..).collect();
        let y = rows
            .iter()
            .map(|&row| codes.get(grid.cell(row, target)).copied().unwrap_or(0))
            .collect();
        Ok(Read {
            rows,
            y,
            classes,
            notes,
            comma,
        })
    }

    /// Reads a column: numbers, if all its cells are, else categories. Numbers that are not finite are refused.
    pub(super) fn column(&self, grid: &Grid, column: usize, name: &str) -> Values {
        let cells = || self.rows.iter().map(|&row| grid.cell(row, column));
        let missing = cells().filter(|cell| is_missing(cell)).count();
        let mut values = Values {
            kind: Kind::Number,
            missing,
            levels: Vec::new(),
            stray: None,
            values: Vec::with_capacity(self.rows.len()),
        };
        if missing == self.rows.len() {
            values.kind = Kind::Useless("it has no values".into());
            return values;
        }
        let is_stray = |cell: &str| !is_missing(cell) && number(cell, self.comma).is_none();
        let Some(first) = self.rows.iter().find(|&&row| is_stray(grid.cell(row, column))) else {
            let value = |cell| number(cell, self.comma).unwrap_or(f64::NAN);
            values.values = cells()
                .map(|cell| if is_missing(cell) { f64::NAN } else { value(cell) })
                .collect();
            return values;
        };
        let (line, text) = (grid.lines[*first], quoted(grid.cell(*first, column)));
        let strays = cells().filter(|cell| is_stray(cell)).count();
        let filled = self.rows.len() - missing;
        let infinite = cells().filter(|cell| is_infinite(cell, self.comma)).count();
        if infinite == strays && strays < filled {
            values.kind = Kind::Refused(format!(
                "line {line}, column \"{name}\": {text} is no finite number; accepted: a finite number, or an empty cell"
            ));
            return values;
        }
        if filled > 3 && (strays == 1 || strays * STRAY <= filled) {
            values.stray = Some(format!(
                "column \"{name}\" is a category, though {} of {filled} cells are numbers: line {line} has {text}",
                filled - strays
            ));
        }
        self.categories(grid, column, &mut values);
        values
    }

    fn categories(&self, grid: &Grid, column: usize, values: &mut Values) {
        let cells = || self.rows.iter().map(|&row| grid.cell(row, column));
        let mut levels = Levels::default();
        for cell in cells().filter(|cell| !is_missing(cell)) {
            levels.count(cell);
            if levels.0.len() > MOST_LEVELS {
                let odd = self.rows.iter().find(|&&row| {
                    let cell = grid.cell(row, column);
                    !is_missing(cell) && number(cell, self.comma).is_none()
                });
                let (line, text) = odd.map_or((0, String::new()), |&row| {
                    (grid.lines[row], quoted(grid.cell(row, column)))
                });
                values.kind = Kind::Useless(format!(
                    "it has more than {MOST_LEVELS} different words, and line {line} is no number: {text}"
                ));
                return;
            }
        }
        values.kind = Kind::Category;
        values.levels = levels.sorted(self.comma);
        let codes: BTreeMap<&str, f64> = values
            .levels
            .iter()
            .map(String::as_str)
            .zip((0..).map(f64::from))
            .collect();
        values.values = cells()
            .map(|cell| {
                if is_missing(cell) {
                    f64::NAN
                } else {
                    codes.get(cell).copied().unwrap_or(f64::NAN)
                }
            })
            .collect();
    }

    /// The table of the columns kept: raw, unless all are numbers without gaps.
    ///
    /// # Errors
    /// If there is no column, or too much for the memory.
    pub(super) fn table(&self, kept: &[Values]) -> Result<Table, String> {
        if kept.is_empty() {
            return Err(
                "no column is left to learn from; accepted: at least one of numbers or categories beside the target"
                    .into(),
            );
        }
        let column = |values: &Values| Column {
            levels: values.levels.len() as u32,
            gaps: values.missing > 0,
        };
        let columns: Vec<Column> = kept.iter().map(column).collect();
        let width: usize = columns.iter().map(Column::width).sum();
        if width.saturating_mul(self.rows.len()) > MOST_VALUES {
            return Err(format!(
                "{} rows of {width} features, categories encoded, are too much; accepted: up to {MOST_VALUES} values in all",
                self.rows.len()
            ));
        }
        let x: Vec<f64> = (0..self.rows.len())
            .flat_map(|row| kept.iter().map(move |values| values.values[row]))
            .collect();
        let plain = columns.iter().all(|c| c.levels == 0 && !c.gaps);
        if plain {
            Table::new(x, self.y.clone(), columns.len(), self.classes.len())
        } else {
            Table::raw(x, self.y.clone(), columns, self.classes.len())
        }
    }

    /// The group of every row: equal cells, equal groups.
    pub(super) fn groups(&self, grid: &Grid, column: usize) -> Vec<u32> {
        let mut codes: BTreeMap<&str, u32> = BTreeMap::new();
        let code = |&row: &usize| {
            let next = codes.len() as u32;
            *codes.entry(grid.cell(row, column)).or_insert(next)
        };
        self.rows.iter().map(code).collect()
    }
}

/// Different words.
#[derive(Default)]
struct Levels<'a>(BTreeSet<&'a str>);

impl<'a> Levels<'a> {
    fn count(&mut self, cell: &'a str) {
        self.0.insert(cell);
    }

    /// In the order of their numbers, if all are numbers, else of the alphabet.
    fn sorted(&self, comma: bool) -> Vec<String> {
        let mut words: Vec<&str> = self.0.iter().copied().collect();
        if words.iter().all(|w| number(w, comma).is_some()) {
            order::sort_by(&mut words, |a, b| {
                number(a, comma)
                    .unwrap_or(0.0)
                    .total_cmp(&number(b, comma).unwrap_or(0.0))
            });
        }
        words.into_iter().map(String::from).collect()
    }
}
