//! Whether the first line of a table names its columns.

use super::MOST_CLASSES;
use super::cells::Grid;
use super::columns::{is_missing, number};
use crate::table::Choices;
use std::collections::BTreeMap;

/// Whether the first line is a header, and whether decimals stand behind a comma.
pub(super) fn guess(grid: &Grid, choices: &Choices) -> (bool, bool) {
    let rows = || 1..grid.rows().min(200);
    let cells = |row: usize| (0..grid.columns).map(move |c| (row, c));
    let comma = choices.decimal_comma.unwrap_or_else(|| {
        // Sure only where no cell has a point, and cells with a comma are numbers throughout.
        let with = |mark| {
            rows().flat_map(cells).filter(move |&(r, c)| {
                let cell = grid.cell(r, c);
                cell.contains(mark) && number(cell, true).is_some()
            })
        };
        with(',').next().is_some() && with('.').next().is_none()
    });
    let header = choices.header.unwrap_or_else(|| {
        let first: Vec<&str> = (0..grid.columns).map(|c| grid.cell(0, c)).collect();
        let repeats = |i: usize| !first[i].is_empty() && first[..i].contains(&first[i]);
        let is_number = |i: usize| number(first[i], comma).is_some();
        let all = || 0..grid.columns;
        if !all().any(|i| is_number(i) || repeats(i)) {
            // Names are no numbers, all different, and stand above a column that has numbers, or words that don't repeat the name.
            let above = all().any(|c| rows().any(|r| number(grid.cell(r, c), comma).is_some()));
            let repeated = all().any(|c| !first[c].is_empty() && rows().any(|r| grid.cell(r, c) == first[c]));
            return above || !repeated;
        }
        // Names may repeat, or be whole numbers such as years, where another one is no value of its column.
        let year = |i: usize| !is_number(i) || !repeats(i) && first[i].bytes().all(|b| b.is_ascii_digit());
        let is_name = |c: usize| stands_apart(grid, c, comma, !all().any(is_number));
        all().all(year) && all().any(is_name)
    });
    (header, comma)
}

/// Whether the first cell of a column is no value like the others: a word above numbers only; or, in the last column, one above classes of
/// several rows each. Where the other first cells are `words`, too, the former is enough; where they may be numbers, it is a whole row's
/// word that tells, and one stray word in a column of numbers must not pass for it.
fn stands_apart(grid: &Grid, column: usize, comma: bool, words: bool) -> bool {
    let first = grid.cell(0, column);
    if is_missing(first) || number(first, comma).is_some() {
        return false;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in (1..grid.rows())
        .map(|row| grid.cell(row, column))
        .filter(|cell| !is_missing(cell))
    {
        *counts.entry(cell).or_default() += 1;
        if counts.len() > MOST_CLASSES && !words {
            return false;
        }
    }
    let numbers = !counts.is_empty() && counts.keys().all(|cell| number(cell, comma).is_some());
    let classes = column + 1 == grid.columns
        && (2..=MOST_CLASSES).contains(&counts.len())
        && !counts.contains_key(first)
        && counts.values().all(|rows| *rows > 1);
    words && numbers || classes
}
