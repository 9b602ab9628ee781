//! Tables of one's own: what is found in them, and what is refused.
#![cfg(feature = "engine")]

use tunescape::dataset::Csv;
use tunescape::study::Study;
use tunescape::table::{Choices, Quote};

fn read(text: &str) -> Csv {
    Csv::read(text.as_bytes(), &Choices::default()).unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn refused(bytes: &[u8]) -> String {
    Csv::read(bytes, &Choices::default()).expect_err("refused")
}

/// Name, kind and missing cells of every column.
fn columns(csv: &Csv) -> Vec<(&str, &str, usize)> {
    let columns = csv.description.columns.iter();
    columns.map(|c| (c.name.as_str(), c.kind.as_str(), c.missing)).collect()
}

#[test]
fn a_plain_table_is_read_as_it_stands() {
    let csv = read("a,b,species\n1,2.5,x\n-3,1e3,y\n+4,.5,x\n");
    let d = &csv.description;
    assert_eq!(
        (d.rows, d.header, d.separator, d.decimal_comma, d.encoding.as_str()),
        (3, true, ',', false, "UTF-8")
    );
    assert_eq!(
        columns(&csv),
        [("a", "number", 0), ("b", "number", 0), ("species", "target", 0)]
    );
    assert_eq!(d.classes, [("x".to_string(), 2), ("y".to_string(), 1)]);
    let data = csv.dataset();
    assert_eq!(data.rows.x(), [1.0, 2.5, -3.0, 1000.0, 4.0, 0.5]);
    assert_eq!(data.rows.y(), [0, 1, 0]);
    assert!(data.rows.columns().is_none() && data.feature_names == ["a", "b"]);
}

#[test]
fn separators_marks_quotes_and_line_ends_are_found() {
    let plain = read("a,b,c\n1.5,2,x\n3,4,y\n").dataset();
    for text in [
        "a;b;c\n1,5;2;x\n3;4;y\n",
        "a\tb\tc\r\n1.5\t2\tx\r\n3\t4\ty",
        "a|b|c\r1.5|2|x\r3|4|y\r",
        "\u{feff}a,b,c\n\n \"1.5\" , 2,\"x\"\n3,4,y\n\n",
        "\"a\",\"b\",\"c\"\n\"1.5\",\"2\",\"x\"\n\"3\",\"4\",\"y\"\n",
    ] {
        let csv = read(text);
        assert_eq!(csv.dataset().rows.x(), plain.rows.x(), "{text}");
        assert_eq!(csv.dataset().class_names, plain.class_names, "{text}");
        assert_eq!(csv.dataset().feature_names, plain.feature_names, "{text}");
    }
    // A point somewhere: then a comma is no decimal mark, and the column holds words.
    let mixed = read("a;b;c\n1,5;2.5;x\n3;4;y\n");
    assert!(!mixed.description.decimal_comma);
    assert_eq!(columns(&mixed)[0].1, "category");
    let quoted = read("name,c\n\"Smith, \"\"J.\"\"\",x\n\"two\nlines\",y\n");
    assert_eq!(quoted.description.columns[0].levels, ["Smith, \"J.\"", "two\nlines"]);
    // No header: all lines are rows, and columns have numbers.
    let headless = read("1,2,x\n3,4,y\n5,6,x\n");
    assert_eq!((headless.description.header, headless.description.rows), (false, 3));
    assert_eq!(headless.dataset().feature_names, ["column 1", "column 2"]);
    let words = read("red,x\nblue,y\nred,x\n");
    assert!(!words.description.header, "a word that comes again is no name");
}

#[test]
fn columns_have_different_names_whatever_the_header_says() {
    let choices = Choices {
        header: Some(true),
        ..Choices::default()
    };
    for (header, wanted) in [
        ("a (2),a,a", ["a (2)", "a", "a (3)"]),
        ("a,a (3),a", ["a", "a (3)", "a (3) (3)"]),
    ] {
        let text = format!("{header},kind\n1,2,3,x\n2,3,4,y\n");
        let csv = Csv::read(text.as_bytes(), &choices).expect("reads");
        assert_eq!(csv.dataset().feature_names, wanted);
    }
}

#[test]
fn categories_and_gaps_are_found_and_kept() {
    let csv = read("colour,size,class\nred,1,a\n,2,b\nblue,NA,a\nred,?,\ngreen,4,b\n");
    assert_eq!(
        columns(&csv),
        [("colour", "category", 1), ("size", "number", 1), ("class", "target", 0)]
    );
    assert_eq!(csv.description.columns[0].levels, ["blue", "green", "red"]);
    assert_eq!(csv.description.rows, 4);
    assert!(csv.description.notes[0].contains("1 rows without a class are left out, the first in line 5"));
    let rows = csv.dataset().rows;
    let columns = rows.columns().expect("raw");
    assert_eq!(
        (columns[0].levels, columns[0].gaps, columns[1].levels, columns[1].gaps),
        (3, true, 0, true)
    );
    assert!(rows.row(1)[0].is_nan() && rows.row(0)[0] == 2.0 && rows.row(2)[1].is_nan());
}

#[test]
fn quotes_are_found_and_can_be_said() {
    let read = |text: &str, quote: Option<Quote>| {
        let choices = Choices {
            quote,
            ..Choices::default()
        };
        let csv = Csv::read(text.as_bytes(), &choices)?;
        Ok::<_, String>((csv.description.quote, csv.description.columns.len()))
    };
    let single = "x,'a, b',kind\n1,'c, ''d''',p\n2,3,q\n";
    assert_eq!(read(single, None), Ok((Quote::Single, 3)));
    assert!(read(single, Some(Quote::None)).is_err_and(|why| why.contains("line 3: 3 cells")));
    // An apostrophe is no quote, and neither is one in a table with double quotes.
    assert_eq!(read("x,kind\n1,'tis\n2,don't\n", None), Ok((Quote::Double, 2)));
    assert_eq!(read("x,kind\n1,\"a\"\n2,'b'\n", None), Ok((Quote::Double, 2)));
    // An inch is a letter where that is said.
    let inches = "x,kind\n5\",\"p\n6\",\"q\n";
    assert!(read(inches, None).is_err_and(|why| why.contains("quote")));
    assert_eq!(read(inches, Some(Quote::None)), Ok((Quote::None, 2)));
}

#[test]
fn a_last_column_with_too_many_values_is_not_the_target() {
    let rows: Vec<String> = (0..70)
        .map(|i| format!("{},{},{i}.5", i % 3, if i % 2 == 0 { "a" } else { "b" }))
        .collect();
    let text = |head: &str| format!("{head}\n{}\n", rows.join("\n"));
    assert_eq!(read(&text("few,word,many")).description.target, "word");
    // A telling name counts for more; the columns are known although it is refused.
    let named = text("few,word,class");
    assert!(refused(named.as_bytes()).contains("70 different values"));
    let outline = Csv::outline(named.as_bytes(), &Choices::default()).expect("cells");
    let names: Vec<&str> = outline.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((outline.rows, names), (70, vec!["few", "word", "class"]));
}

#[test]
fn tables_are_told_apart() {
    let digest = |text: &str| read(text).description.digest;
    assert_eq!(digest("x,y\n1,a\n2,b\n"), digest("x,y\n1,a\n2,b\n"));
    assert_ne!(digest("x,y\n1,a\n2,b\n"), digest("x,y\n1,a\n3,b\n"));
}

#[test]
fn a_person_has_the_last_word() {
    let text = "id,kind,x,y\n1,a,0.5,7\n1,b,1.5,8\n2,a,2.5,7\n2,b,3.5,8\n";
    let choices = Choices {
        target: Some("kind".into()),
        group: Some("1".into()),
        without: vec!["y".into()],
        ..Choices::default()
    };
    let csv = Csv::read(text.as_bytes(), &choices).expect("reads");
    let kinds: Vec<&str> = columns(&csv).iter().map(|c| c.1).collect();
    assert_eq!(kinds, ["group", "target", "number", "left out"]);
    assert_eq!(csv.dataset().rows.groups(), Some(&[0, 0, 1, 1][..]));
    assert_eq!(csv.dataset().rows.x(), [0.5, 1.5, 2.5, 3.5]);
    let headless = Choices {
        header: Some(false),
        target: Some("2".into()),
        ..Choices::default()
    };
    assert_eq!(
        Csv::read(text.as_bytes(), &headless)
            .expect("reads")
            .description
            .classes
            .len(),
        3
    );
    for (choices, word) in [
        (
            Choices {
                target: Some("zzz".into()),
                ..Choices::default()
            },
            "accepted: id, kind, x, y, or a number from 1 to 4",
        ),
        (
            Choices {
                target: Some("9".into()),
                ..Choices::default()
            },
            "no column \"9\"",
        ),
        (
            Choices {
                target: Some("y".into()),
                group: Some("y".into()),
                ..Choices::default()
            },
            "both",
        ),
        (
            Choices {
                separator: Some('x'),
                ..Choices::default()
            },
            "separator",
        ),
        (
            Choices {
                separator: Some(';'),
                ..Choices::default()
            },
            "one column only",
        ),
        (
            Choices {
                without: vec!["id".into(), "kind".into(), "x".into()],
                ..Choices::default()
            },
            "no column is left",
        ),
    ] {
        let why = Csv::read(text.as_bytes(), &choices).expect_err(word);
        assert!(why.contains(word), "{why}");
    }
}

#[test]
fn what_is_no_table_is_refused_by_name_and_line() {
    let wide = format!("{}\n", vec!["1"; 10_000].join(","));
    let tall = "1,a\n".repeat(100_002);
    let many: String = (0..100).map(|i| format!("{i},{i}\n")).collect();
    for (bytes, word) in [
        (b"".as_slice(), "empty"),
        (b" \n\r\n ", "empty"),
        (b"PK\x03\x04\x00\x00", "line 1: a byte 0x03"),
        (b"a,b\n1,2\n\x00", "line 3: a byte 0x00"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"a,b\n1,x\n1,2,3\n", "line 3: 3 cells"),
        (b"a,b\n1\n2,y\n", "line 2: 1 cells"),
        (b"a,b\n1,\"x\n2,y\n", "line 2: a quote is opened and never closed"),
        (b"a,b\n1,\"x\"z\n", "line 2: text after a closing quote"),
        (b"just\nwords\n", "one column only"),
        (b"a,b\n", "0 class in 0 rows"),
        (b"a,b\n1,x\n", "\"b\" has 1 class in 1 rows"),
        (b"a,b\n1,x\n2,x\n", "\"b\" has 1 class in 2 rows"),
        (b"a,b\n,x\n,y\n", "no column is left"),
        (wide.as_bytes(), "line 1: more than 1000 columns"),
        (tall.as_bytes(), "more than 100000 rows"),
        (many.as_bytes(), "100 different values"),
        (&vec![b'x'; (20 << 20) + 1], "accepted: up to 20 MiB"),
    ] {
        let why = refused(bytes);
        assert!(why.contains(word), "{word}: {why}");
    }
}

#[test]
fn latin_1_is_read() {
    let csv = Csv::read(b"gr\xf6\xdfe,art\n1,\xe4\n2,b\n", &Choices::default()).expect("reads");
    assert_eq!(csv.description.encoding, "Latin-1");
    assert_eq!(columns(&csv)[0].0, "größe");
    assert_eq!(csv.description.classes[1].0, "ä");
}

#[test]
fn words_without_end_are_left_out_and_said() {
    let rows: String = (0..200).map(|i| format!("name {i},{i},{}\n", i % 2)).collect();
    let csv = read(&format!("who,n,class\n{rows}"));
    assert_eq!(columns(&csv)[0].1, "left out");
    assert!(
        csv.description.notes[0]
            .contains("\"who\" is left out: it has more than 64 different words, and line 2 is no number")
    );
    assert_eq!(csv.dataset().feature_names, ["n"]);
}

#[test]
fn a_study_searches_over_a_table_of_ones_own() {
    let rows: String = (0..90)
        .map(|i| {
            let class = i / 30;
            let colour = if i % 5 == 0 {
                ""
            } else {
                ["red", "green", "blue"][class]
            };
            format!("{}.5,{colour},c{class},{}\n", i % 30 + 10 * class, i / 3)
        })
        .collect();
    let text = format!("x,colour,class,who\n{rows}");
    let choices = Choices {
        group: Some("who".into()),
        ..Choices::default()
    };
    let csv = Csv::read(text.as_bytes(), &choices).expect("reads");
    for cv in ["3", "3~grouped"] {
        let study = format!("data=csv&model=forest&prep=scale&p.n_estimators=10..20&cv={cv}&s=random&n=3&reps=2");
        let mut study = Study::prepare_with(&study, Some(&csv), || 0.0).expect("a study");
        assert_eq!(study.prepared().refused, []);
        while !study.is_finished() {
            for trial in study.step(true) {
                assert!(trial.outcome.value().is_some_and(|v| v > 0.7), "{}", trial.line);
            }
        }
        assert!(study.report(0).expect("a report").test.is_some());
        let mut again = tunescape::study::Repetition::after(&study).expect("another seed");
        assert_eq!(again.finish(), Ok(()));
    }
    let without = Study::prepare("data=csv&s=random&n=1", || 0.0).expect("the rest");
    assert!(without.prepared().refused[0].why.contains("no table is there"));
}

#[test]
fn a_number_that_is_not_finite_is_refused_by_its_place() {
    for cell in ["inf", "-Infinity", "1e999", "∞"] {
        let why = refused(format!("a,b,class\n1,2,x\n3,{cell},y\n4,,x\n5,6,y\n").as_bytes());
        assert_eq!(
            why,
            format!(
                "line 3, column \"b\": \"{cell}\" is no finite number; accepted: a finite number, or an empty cell"
            )
        );
        // Among words it is one, and a column that is left out may hold anything.
        assert_eq!(
            columns(&read(&format!("a,b,class\n1,u,x\n3,{cell},y\n4,v,x\n")))[1].1,
            "category"
        );
        let choices = Choices {
            without: vec!["b".into()],
            ..Choices::default()
        };
        assert!(Csv::read(format!("a,b,class\n1,2,x\n3,{cell},y\n4,,x\n").as_bytes(), &choices).is_ok());
    }
}

#[test]
fn a_stray_word_among_numbers_is_said() {
    let rows: String = (0..90)
        .map(|i| {
            format!(
                "{},{},c{}\n",
                i,
                if i == 7 { "oops".into() } else { (i % 9).to_string() },
                i % 2
            )
        })
        .collect();
    let csv = read(&format!("a,b,class\n{rows}"));
    assert_eq!(columns(&csv)[1].1, "category");
    assert_eq!(
        csv.description.notes,
        ["column \"b\" is a category, though 89 of 90 cells are numbers: line 9 has \"oops\""]
    );
    // Too many different numbers to be categories.
    let rows: String = (0..90)
        .map(|i| {
            format!(
                "{},{},c{}\n",
                i,
                if i == 7 { "oops".into() } else { i.to_string() },
                i % 2
            )
        })
        .collect();
    let notes = read(&format!("a,b,class\n{rows}")).description.notes;
    assert!(notes[0].ends_with("and line 9 is no number: \"oops\""), "{notes:?}");
}

#[test]
fn columns_of_one_value_and_rows_that_repeat_are_said() {
    let rows: String = (0..20).map(|i| format!("{},7,red,c{}\n", i % 19, i % 19 % 2)).collect();
    assert_eq!(
        read(&format!("a,b,c,class\n{rows}")).description.notes,
        [
            "2 columns have one value only: \"b\", \"c\"",
            "1 rows repeat others, class and all: a fold may be scored on rows that it has learned"
        ]
    );
    let rows: String = (0..20).map(|i| format!("1,2,c{}\n", i % 2)).collect();
    let csv = read(&format!("a,b,class\n{rows}"));
    assert_eq!(
        csv.description.notes[0],
        "no column tells rows apart, each has one value only: \"a\", \"b\""
    );
    // The model that fails for it names the column, behind a step, too.
    for prep in ["none", "scale"] {
        let text = format!("data=csv&model=naive_bayes&prep={prep}&s=random&n=1");
        let mut study = Study::prepare_with(&text, Some(&csv), || 0.0).expect("a study");
        assert_eq!(study.notes(), csv.description.notes);
        let trial = study.step(false).remove(0);
        assert!(trial.line.contains("feature \\\"a\\\" has variance"), "{}", trial.line);
    }
}

#[test]
fn a_header_may_repeat_names_or_have_numbers_for_names() {
    let names = |text: &str| {
        let csv = read(text);
        let names: Vec<String> = csv.description.columns.iter().map(|c| c.name.clone()).collect();
        (csv.description.header, names.join(" "))
    };
    let numbers = "1,2,x\n3,4,y\n4,5,x\n5,6,y\n";
    assert_eq!(names(&format!("a,a,class\n{numbers}")), (true, "a a (2) class".into()));
    assert_eq!(
        names(&format!("2020,2021,class\n{numbers}")),
        (true, "2020 2021 class".into())
    );
    assert_eq!(
        names("2020,2021,class\n1.5,2.5,0\n3,4,1\n4,5,0\n5,6,1\n"),
        (true, "2020 2021 class".into())
    );
    // Rows like the others are none: a class that occurs again, words that repeat, a gap above numbers, a class of one row among others.
    for rows in [
        numbers.to_string(),
        format!("2020,2021,x\n{numbers}"),
        "u,u,x\nu,v,y\nv,u,x\n".into(),
        "?,u,u\n1,u,v\n2,v,u\n".into(),
        format!("1,2,z\n{numbers}1,2,w\n"),
        format!("1.5,2,z\n{numbers}"),
    ] {
        assert!(!names(&rows).0, "{rows}");
    }
}

#[test]
fn the_separator_that_excel_names_is_taken() {
    let csv = read("sep=;\r\na;b,c;class\r\n1;2;x\r\n3;4;y\r\n5;;x\r\n");
    assert_eq!((csv.description.separator, csv.description.rows), (';', 3));
    assert_eq!(columns(&csv)[1], ("b,c", "number", 1));
    // Lines are counted as in the file.
    let why = refused(b"sep=;\na;b;class\n1;2;x\n3;inf;y\n5;6;x\n");
    assert!(why.starts_with("line 4, column \"b\""), "{why}");
    assert!(refused(b"sep=#\na#b#class\n1#2#x\n").contains("the separator cannot be '#'"));
}
