//! Tables of one's own.

use super::{cases, changed, changes};
use proptest::prelude::*;
use tunescape::dataset::Csv;
use tunescape::table::{Choices, Quote};

/// What a mind with ill intent would put between cells.
const PIECES: &[&str] = &[
    "a",
    "1",
    "1.5",
    "1,5",
    ",",
    ",,,",
    ";",
    "\t",
    "|",
    "\"",
    "\"\"",
    "'",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    " ",
    "NA",
    "?",
    "\u{feff}",
    "é",
    "\u{0}",
    "-",
    "1e999",
    "-1e-999",
    "inf",
    "NaN",
    "x,y\n",
    "0x1f",
    "\u{1F600}",
    "\u{2028}",
];

/// Cells that look like numbers, and some that only begin so.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "-.5e-3",
    "1e308",
    "-1.7976931348623157e308",
    "1e309",
    "1e999",
    "-1e999",
    "1e-400",
    "4.9e-324",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
    "1e",
    "--1",
    "1e5e5",
    "0x10",
    "1_000",
    "1.2.3",
    "+",
    ".",
    "9999999999999999e292",
];

/// A table that reads: rows of a number, a category, a number with gaps, and a class; perhaps in quotes.
fn tables() -> impl Strategy<Value = String> {
    let row = (
        -1e6..1e6f64,
        0..5usize,
        prop::option::of(-9..9i32),
        0..3usize,
        any::<bool>(),
    );
    (
        prop::collection::vec(row, 4..24),
        prop::sample::select(vec![',', ';', '\t', '|']),
    )
        .prop_map(|(rows, mark)| {
            let mut text = ["size", "colour", "count", "class"].join(&mark.to_string()) + "\n";
            for (i, (number, category, gap, class, quoted)) in rows.into_iter().enumerate() {
                let colour = ["red", "green", "light, dark", "a \"b\"", "two\nlines"][category];
                let colour = if quoted || category > 1 {
                    format!("\"{}\"", colour.replace('"', "\"\""))
                } else {
                    colour.into()
                };
                let gap = gap.map_or("NA".into(), |n| n.to_string());
                // Two classes at least.
                let class = if i < 2 { i } else { class };
                text += &format!("{number:.3}{mark}{colour}{mark}{gap}{mark}k{class}\n");
            }
            text
        })
}

fn choices() -> impl Strategy<Value = Choices> {
    let mark = prop::option::weighted(0.2, prop::sample::select(vec![',', ';', '\t', '|', 'x']));
    let quote = prop::option::weighted(
        0.2,
        prop::sample::select(vec![Quote::Double, Quote::Single, Quote::None]),
    );
    let column = || {
        prop::option::weighted(
            0.2,
            prop::sample::select(vec!["1", "2", "99", "size", "colour", "class", ""]),
        )
    };
    let flag = || prop::option::weighted(0.2, any::<bool>());
    (flag(), mark, quote, flag(), column(), column(), column()).prop_map(
        |(header, separator, quote, decimal_comma, target, group, without)| Choices {
            header,
            separator,
            quote,
            decimal_comma,
            target: target.map(String::from),
            group: group.map(String::from),
            without: without.map(String::from).into_iter().collect(),
        },
    )
}

/// Lines of a text, whatever ends them.
fn lines(bytes: &[u8]) -> usize {
    let ends = |i: &usize| bytes[*i] == b'\n' || bytes[*i] == b'\r' && bytes.get(i + 1) != Some(&b'\n');
    (0..bytes.len()).filter(ends).count() + 1
}

/// What was read fits together, or what was refused is said, at a line that there is.
fn holds(bytes: &[u8], choices: &Choices) -> Result<(), TestCaseError> {
    let outline = Csv::outline(bytes, choices);
    let csv = match Csv::read(bytes, choices) {
        Ok(csv) => csv,
        Err(why) => {
            prop_assert!(why.len() > 10 && why.len() < 4000, "{}", why);
            if let Some(line) = why.strip_prefix("line ").and_then(|rest| rest.split([':', ',']).next()) {
                let line: usize = line.parse().expect("a number");
                prop_assert!((1..=lines(bytes)).contains(&line), "{why} of {} lines", lines(bytes));
            }
            return Ok(());
        }
    };
    let (data, found) = (csv.dataset(), &csv.description);
    let names = |columns: &[tunescape::table::ColumnDescription]| -> Vec<String> {
        columns.iter().map(|column| column.name.clone()).collect()
    };
    prop_assert_eq!(
        outline.map(|outline| names(&outline.columns)),
        Ok(names(&found.columns))
    );
    let mut different = names(&found.columns);
    different.sort();
    different.dedup();
    prop_assert_eq!(different.len(), found.columns.len());
    prop_assert_eq!(data.feature_names.len(), data.rows.features());
    prop_assert_eq!(found.rows, data.rows.rows());
    prop_assert_eq!(data.class_names.len(), data.rows.classes());
    prop_assert!(data.rows.class_counts().iter().all(|&count| count > 0));
    prop_assert!(data.rows.columns().is_some() || data.rows.x().iter().all(|value| value.is_finite()));
    prop_assert!(data.rows.x().iter().all(|value| !value.is_infinite()));
    again(&csv)
}

/// Writes down what was read, every cell in quotes, and reads it again: the same table, to the bit.
fn again(csv: &Csv) -> Result<(), TestCaseError> {
    let (data, found) = (csv.dataset(), &csv.description);
    let kinds = || {
        found
            .columns
            .iter()
            .filter(|column| ["number", "category"].contains(&column.kind.as_str()))
    };
    // A description holds the first few categories only.
    let columns: Vec<_> = kinds().collect();
    let levels: Vec<usize> = match data.rows.columns() {
        Some(columns) => columns.iter().map(|column| column.levels as usize).collect(),
        None => vec![0; data.rows.features()],
    };
    if levels
        .iter()
        .zip(&columns)
        .any(|(all, column)| *all != column.levels.len())
    {
        return Ok(());
    }
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = String::new();
    for name in data
        .feature_names
        .iter()
        .map(String::as_str)
        .chain(["what is to be predicted"])
    {
        text += &format!("{},", quoted(name));
    }
    text.pop();
    for (row, class) in data.rows.x().chunks(data.rows.features()).zip(data.rows.y()) {
        text.push('\n');
        for ((value, levels), column) in row.iter().zip(&levels).zip(&columns) {
            let cell = match (value.is_nan(), levels) {
                (true, _) => String::new(),
                (false, 0) => format!("{value:e}"),
                (false, _) => column.levels[*value as usize].clone(),
            };
            text += &format!("{},", quoted(&cell));
        }
        text += &quoted(&data.class_names[*class as usize]);
    }
    let choices = Choices {
        header: Some(true),
        separator: Some(','),
        quote: Some(Quote::Double),
        decimal_comma: Some(found.decimal_comma && !levels.contains(&0)),
        target: Some((columns.len() + 1).to_string()),
        ..Choices::default()
    };
    let second = match Csv::read(text.as_bytes(), &choices) {
        Ok(second) => second.dataset(),
        Err(why) => return Err(TestCaseError::fail(format!("{why} in\n{text}"))),
    };
    let bits = |x: &[f64]| -> Vec<u64> { x.iter().map(|value| (value + 0.0).to_bits()).collect() };
    prop_assert_eq!(bits(second.rows.x()), bits(data.rows.x()), "{}", text);
    prop_assert_eq!(second.rows.y(), data.rows.y());
    prop_assert_eq!(&second.class_names, &data.class_names);
    prop_assert_eq!(&second.feature_names, &data.feature_names);
    Ok(())
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), choices in choices()) {
        holds(&bytes, &choices)?;
    }

    /// No control characters among them, so that they come as far as the cells, in UTF-8 or not.
    #[test]
    fn letters(bytes in prop::collection::vec(prop_oneof![Just(b','), Just(b'\n'), Just(b'"'), Just(b'1'), 32..=255u8], 0..200), choices in choices()) {
        holds(&bytes, &choices)?;
    }

    #[test]
    fn pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60), choices in choices()) {
        holds(pieces.concat().as_bytes(), &choices)?;
    }

    #[test]
    fn tables_that_were_tampered_with(table in tables(), changes in changes(PIECES), choices in choices()) {
        holds(&changed(&table, &changes), &choices)?;
    }

    #[test]
    fn a_table_written_with_quotes_reads_back(cells in prop::collection::vec(prop::collection::vec("[a-z,;\"\n ]{1,6}", 3), 2..20)) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |(i, row): (usize, &Vec<String>)| format!("{},{}\n", row.iter().map(quoted).collect::<Vec<_>>().join(","), i % 2);
        let text: String = cells.iter().enumerate().map(line).collect();
        let choices = Choices { header: Some(false), separator: Some(','), ..Choices::default() };
        let blank = (0..3).all(|c| cells.iter().all(|row| row[c].trim().is_empty()));
        prop_assume!(!blank);
        let csv = Csv::read(text.as_bytes(), &choices).expect("reads");
        prop_assert_eq!(csv.description.rows, cells.len());
        for column in 0..3 {
            for level in &csv.description.columns[column].levels {
                prop_assert!(cells.iter().any(|row| row[column].trim() == level));
            }
        }
    }

    #[test]
    fn numbers_of_every_size(cells in prop::collection::vec((prop::sample::select(NUMBERS), prop::sample::select(NUMBERS)), 3..20)) {
        let text: String = cells.iter().enumerate().map(|(i, (a, b))| format!("{a};{b};k{}\n", i % 2)).collect();
        holds(format!("a;b;kind\n{text}").as_bytes(), &Choices::default())?;
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn every_beginning_of_a_table(table in tables()) {
        for to in (0..table.len()).step_by(5) {
            holds(&table.as_bytes()[..to], &Choices::default())?;
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_named(rows in 2..40usize, at in 0.0..1.0f64) {
        let bad = (at * rows as f64) as usize;
        let row = |i: usize| format!("{i},\"word{},k{}\n", if i == bad { "" } else { "\"" }, i % 2);
        let text: String = (0..rows).map(row).collect();
        let text = format!("a,b,kind\n{text}");
        let choices = Choices { separator: Some(','), quote: Some(Quote::Double), ..Choices::default() };
        let why = Csv::read(text.as_bytes(), &choices).expect_err("an open quote");
        let opened = bad + 2;
        let whys = match bad + 1 == rows {
            true => format!("line {opened}: a quote is opened and never closed"),
            // It swallows all up to the next quote.
            false => format!("line {}: text after a closing quote, which was opened in line {opened}", opened + 1),
        };
        prop_assert!(why.starts_with(&whys), "{why}");
    }

    #[test]
    fn a_line_of_another_width_is_named(rows in 2..60usize, at in 0.0..1.0f64, cells in 2..6usize, wide in 1..9usize) {
        prop_assume!(wide != cells);
        let bad = (at * rows as f64) as usize + 1;
        let line = |i: usize| vec![(i % 3).to_string(); if i == bad { wide } else { cells }].join(",") + "\n";
        let text: String = (0..=rows).map(line).collect();
        let choices = Choices { separator: Some(','), header: Some(false), ..Choices::default() };
        let why = Csv::read(text.as_bytes(), &choices).expect_err("ragged");
        prop_assert!(why.starts_with(&format!("line {}: {wide} cells", bad + 1)) && why.contains(&format!("{cells} in the first line")), "{why}");
    }

    #[test]
    fn ten_thousand_columns_are_named(before in 0..5usize, cell in prop::sample::select(vec!["1", "", "\"a\"", "é"])) {
        let text = "1,a\n".repeat(before) + &vec![cell; 10_000].join(",");
        let choices = Choices { separator: Some(','), ..Choices::default() };
        let why = Csv::read(text.as_bytes(), &choices).expect_err("too wide");
        prop_assert!(why.starts_with(&format!("line {}: more than 1000 columns", before + 1)), "{why}");
    }

    #[test]
    fn a_byte_that_is_in_no_text_is_named(table in tables(), at in 0.0..1.0f64, byte in prop::sample::select(vec![0u8, 1, 7, 8, 14, 27, 31])) {
        let mut bytes = table.into_bytes();
        let at = (at * bytes.len() as f64) as usize;
        bytes.insert(at, byte);
        let why = Csv::read(&bytes, &Choices::default()).expect_err("binary");
        prop_assert!(why.starts_with(&format!("line {}: a byte {byte:#04x}", lines(&bytes[..at]))), "{why}");
    }
}
