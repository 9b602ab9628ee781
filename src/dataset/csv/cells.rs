//! From text to cells.

use super::{MOST_COLUMNS, MOST_ROWS, text};
use crate::table::Quote;
use std::borrow::Cow;

/// What can stand between cells.
pub(super) const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Every line has the same number of cells.
pub(super) struct Grid<'a> {
    cells: Vec<Cow<'a, str>>,
    pub columns: usize,
    /// The line in the text where each row begins, from 1.
    pub lines: Vec<usize>,
}

impl<'a> Grid<'a> {
    /// Cells between `separator`s, in `quote`s or not (RFC 4180); empty lines are skipped.
    ///
    /// # Errors
    /// A line with another number of cells than the first, a quote that is not closed, or too much of either.
    /// The first line of `text` is line `first` of the table.
    pub(super) fn read(text: &'a str, separator: char, quote: Quote, first: usize) -> Result<Grid<'a>, String> {
        let mut grid = Grid {
            cells: Vec::new(),
            columns: 0,
            lines: Vec::new(),
        };
        let mut reader = Reader::new(text, separator, quote);
        reader.line = first;
        while !reader.rest.is_empty() {
            let (line, start) = (reader.line, grid.cells.len());
            loop {
                let (cell, ends) = reader.cell()?;
                grid.cells.push(cell);
                if grid.cells.len() - start > MOST_COLUMNS {
                    return Err(format!(
                        "line {line}: more than {MOST_COLUMNS} columns; accepted: 2 to {MOST_COLUMNS}"
                    ));
                }
                if ends {
                    break;
                }
            }
            let width = grid.cells.len() - start;
            if width == 1 && grid.cells[start].is_empty() {
                grid.cells.truncate(start);
                continue;
            }
            if grid.columns == 0 {
                grid.columns = width;
            }
            if width != grid.columns {
                return Err(format!(
                    "line {line}: {width} cells between {separator:?}, but {} in the first line; a cell with {separator:?} in it needs quotes",
                    grid.columns
                ));
            }
            grid.lines.push(line);
            if grid.lines.len() > MOST_ROWS + 1 {
                return Err(format!(
                    "line {line}: more than {MOST_ROWS} rows; accepted: up to {MOST_ROWS}"
                ));
            }
        }
        if grid.columns < 2 {
            return Err(format!(
                "one column only, with {separator:?} between cells; accepted: at least 2, with comma, semicolon, tab or bar between them"
            ));
        }
        Ok(grid)
    }

    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The cell without blanks around it.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        self.cells[row * self.columns + column].trim()
    }
}

struct Reader<'a> {
    rest: &'a str,
    separator: char,
    quote: Option<char>,
    line: usize,
    /// Cells in quotes so far.
    quoted: usize,
}

impl<'a> Reader<'a> {
    fn new(rest: &'a str, separator: char, quote: Quote) -> Reader<'a> {
        Reader {
            rest,
            separator,
            quote: quote.mark(),
            line: 1,
            quoted: 0,
        }
    }

    /// The next cell, and whether it ends the line.
    fn cell(&mut self) -> Result<(Cow<'a, str>, bool), String> {
        if let Some(mark) = self.quote
            && let Some(inner) = self.rest.trim_start_matches(' ').strip_prefix(mark)
        {
            self.quoted += 1;
            return self.in_quotes(inner, mark);
        }
        let end = self.rest.find([self.separator, '\n', '\r']).unwrap_or(self.rest.len());
        let cell = &self.rest[..end];
        self.rest = &self.rest[end..];
        let ends = self.end(self.line)?;
        Ok((Cow::Borrowed(cell), ends))
    }

    fn in_quotes(&mut self, inner: &'a str, mark: char) -> Result<(Cow<'a, str>, bool), String> {
        let begins = self.line;
        let mut text = Cow::Borrowed("");
        let mut from = inner;
        loop {
            let Some(end) = from.find(mark) else {
                return Err(format!("line {begins}: a quote is opened and never closed"));
            };
            text += &from[..end];
            from = &from[end + 1..];
            match from.strip_prefix(mark) {
                // A quote in a quoted cell stands twice.
                Some(more) => {
                    text.to_mut().push(mark);
                    from = more;
                }
                None => break,
            }
        }
        self.line += text::ends(text.as_bytes());
        self.rest = from.trim_start_matches(' ');
        let ends = self.end(begins)?;
        Ok((text, ends))
    }

    /// Steps over what follows a cell that began in line `begins`: whether that was the end of the line.
    fn end(&mut self, begins: usize) -> Result<bool, String> {
        let mut rest = self.rest.chars();
        match rest.next() {
            None => return Ok(true),
            Some(c) if c == self.separator => {
                self.rest = rest.as_str();
                return Ok(false);
            }
            Some('\r') if rest.as_str().starts_with('\n') => _ = rest.next(),
            Some('\n' | '\r') => {}
            Some(_) => {
                let line = self.line;
                return Err(if line == begins {
                    format!("line {line}: text after a closing quote")
                } else {
                    format!("line {line}: text after a closing quote, which was opened in line {begins}")
                });
            }
        }
        self.rest = rest.as_str();
        self.line += 1;
        Ok(true)
    }
}

/// The separator that a first line `sep=;` names, as Excel writes it, and what follows that line.
pub(super) fn named_separator(text: &str) -> Option<(char, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    // Blanks may be the separator itself.
    let line = line.trim_end_matches('\r').trim_matches('"');
    let mut named = line
        .get(..4)
        .filter(|key| key.eq_ignore_ascii_case("sep="))
        .map(|_| line[4..].chars())?;
    match (named.next(), named.next()) {
        (Some(separator), None) => Some((separator, rest)),
        _ => None,
    }
}

/// The first lines: what is guessed is guessed from them.
fn sample(text: &str) -> &str {
    text.char_indices().nth(20_000).map_or(text, |(at, _)| &text[..at])
}

/// Single quotes where no cell is in double ones and every one that begins with a single one also ends with it; else double ones.
pub(super) fn quote(text: &str) -> Quote {
    let sample = sample(text);
    let quoted = |separator: char, quote: Quote| {
        let mut reader = Reader::new(sample, separator, quote);
        while !reader.rest.is_empty() {
            if reader.cell().is_err() {
                // A cut sample's last cell may be open.
                return if sample.len() < text.len() {
                    reader.quoted.saturating_sub(1)
                } else {
                    0
                };
            }
        }
        reader.quoted
    };
    let separator = separator(text, Quote::Single);
    let is_single = quoted(separator, Quote::Double) == 0 && quoted(separator, Quote::Single) > 0;
    if is_single { Quote::Single } else { Quote::Double }
}

/// The separator that cuts the first lines most evenly into most cells; the comma, if none does.
pub(super) fn separator(text: &str, quote: Quote) -> char {
    let sample = sample(text);
    let score = |separator: char| {
        let mut reader = Reader::new(sample, separator, quote);
        let mut widths = Vec::new();
        'lines: while !reader.rest.is_empty() && widths.len() < 50 {
            let mut width = 1;
            loop {
                match reader.cell() {
                    Ok((_, true)) => break,
                    Ok((_, false)) => width += 1,
                    Err(_) => break 'lines,
                }
            }
            widths.push(width);
        }
        // A cut sample's last line may be short.
        if sample.len() < text.len() && widths.len() > 1 {
            widths.pop();
        }
        let first = widths.first().copied().unwrap_or(1);
        let same = widths.iter().filter(|w| **w == first).count();
        (first > 1 && same * 10 >= widths.len() * 9, first)
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|s| score(*s));
    best.filter(|s| score(*s).1 > 1).unwrap_or(',')
}
