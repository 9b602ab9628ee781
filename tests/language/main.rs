//! The page's other languages, `www/lang/*.json`: every name of the catalog, every card and every lesson has its words there.

mod literals;
mod lookup;
mod spoken;

use literals::Literal;
use lookup::{Language, Names};
use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tunescape::spec::{KEYS, PAGE_KEYS};
use tunescape::study::catalog;
use tunescape::view::lesson::Lesson;

/// Literals that look like words and are never shown.
const NOT_SHOWN: &[&str] = &[
    // Features of data with more than two, of which pictures show principal components.
    "{} error",
    "concave points",
    "fractal dimension",
    "row {} column {}",
    "noise {}",
    "sepal length (cm)",
    "sepal width (cm)",
    "petal length (cm)",
    "petal width (cm)",
    "bill length (mm)",
    "bill depth (mm)",
    "flipper length (mm)",
    "body mass (g)",
    "malic acid",
    "alcalinity of ash",
    "total phenols",
    "nonflavanoid phenols",
    "colour intensity",
    "OD280/OD315 of diluted wines",
    // Ids of models.
    "mlp, logistic",
    "boosting, mlp",
    // Names of numbers in origins, of random streams and of keys.
    "step size",
    "steps taken",
    "in order",
    "log good density",
    "log bad density",
    "strategy {}",
    "Escape",
    "ArrowRight",
    "ArrowLeft",
    "Enter",
    "Files",
    "Response",
    "None",
    // What a broken program says of itself, and what the browser is asked.
    "Checkpoint({} bytes)",
    "the last word of functions that may fail",
    "the parts of one decision",
    "the parts of one job",
    "the parts of one comparison",
    "strategies are checked as they are read",
    "jobs are numbered in order",
    "the page has no place for the app",
    "Fields",
    "SharedArrayBuffer",
    "import(\"{}\").catch(e => { postMessage({type: \"failed_start\", message: String(e)}); })",
    "input[type=text], textarea",
    "figures of-{}",
    "data csv",
];

type Words = BTreeMap<String, String>;

fn www(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www").join(path)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let list = fs::read_dir(www(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let mut all: Vec<PathBuf> = list.map(|f| f.expect("a file").path()).collect();
    all.sort();
    all
}

/// The numbers of a lesson's text as places, as the page meets them.
fn places(text: &str) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out += "{}";
        out += part.split_once('}').map_or("", |p| p.1);
    }
    out
}

/// Everything that has to be in a language, with where it comes from.
fn wanted() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut want = |of: &str, text: &str| all.push((of.to_string(), text.to_string()));
    let catalog = catalog();
    for (of, entries) in [
        ("strategy", &catalog.strategies),
        ("model", &catalog.models),
        ("data set", &catalog.datasets),
        ("function", &catalog.functions),
        ("metric", &catalog.metrics),
        ("preset", &catalog.presets),
    ] {
        for entry in entries {
            want(of, &entry.title);
            // Models and metrics are explained by their names on the page.
            if !["model", "metric"].contains(&of) {
                want(of, &entry.about);
            }
            entry.settings.iter().for_each(|s| want(of, &s.about));
        }
    }
    for folder in ["cards/strategy", "cards/acquisition", "cards/kernel", "cards/control"] {
        for file in files(folder) {
            let text = fs::read_to_string(&file).expect("a card");
            let card = Document::parse(&text).expect("a well-formed card");
            let said = |n: &Node| n.has_tag_name("h2") || n.has_tag_name("dd") || n.attribute("class") == Some("plain");
            for node in card.descendants().filter(said) {
                want(&file.display().to_string(), node.text().unwrap_or_default());
            }
        }
    }
    for file in files("lessons") {
        let lesson: Lesson = read(&file);
        let mut want = |text: &str| want(&file.display().to_string(), &places(text));
        want(&lesson.title);
        for step in &lesson.steps {
            want(&step.title);
            want(&step.text);
            if let Some(question) = &step.question {
                want(&question.ask);
                want(&question.reveal);
                question.choices.iter().for_each(|c| want(&c.say));
            }
        }
    }
    all
}

/// Names of the notation, from the catalog.
fn names() -> Names {
    let mut names = Names::default();
    let catalog = catalog();
    let entries = [
        &catalog.strategies,
        &catalog.models,
        &catalog.steps,
        &catalog.datasets,
        &catalog.functions,
        &catalog.metrics,
    ];
    for entry in entries
        .into_iter()
        .chain([&catalog.acquisitions, &catalog.stopping, &catalog.presets])
        .flatten()
    {
        names.add(&entry.id);
        for setting in &entry.settings {
            names.add(&setting.id);
            names.add(&setting.default);
            setting.choices.iter().for_each(|c| names.add(c));
        }
        for (name, domain) in &entry.params {
            names.add(name);
            names.add(domain);
        }
    }
    for (key, _) in KEYS.iter().chain(PAGE_KEYS) {
        names.add(key);
    }
    names
}

fn language(file: &Path) -> Language {
    Language::parse(&fs::read_to_string(file).expect("words"))
}

#[test]
fn nothing_of_catalog_cards_and_lessons_is_missing() {
    for file in files("lang") {
        let words: Words = read(&file);
        let missing: Vec<_> = wanted()
            .into_iter()
            .filter(|(_, text)| !words.contains_key(text))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", file.display());
    }
}

/// A text that is put together is in the language as one pattern, so every part of it stands in a key.
#[test]
fn every_text_of_the_sources_is_in_a_key() {
    for file in files("lang") {
        let words: Words = read(&file);
        let keys = words.keys().map(String::as_str).collect::<Vec<_>>().join("\n");
        let has = |text: &str| keys.contains(text.trim_matches([' ', ',', ';', '.', ':']));
        let has_all = |mut parts: Vec<&str>| {
            parts.retain(|p| literals::is_text(p));
            parts.iter().all(|p| has(p))
        };
        let is_there = |l: &Literal| {
            let sentences = lookup::sentences(l.text.trim());
            // What only makes part of a text is heard in the runs below.
            let is_heard = !l.file.starts_with("ui/");
            has(&l.text)
                || has_all(sentences.clone())
                || is_heard && has_all(sentences.iter().flat_map(|s| s.split("{}")).collect())
        };
        let missing: Vec<_> = literals::all()
            .into_iter()
            .filter(|l| !NOT_SHOWN.contains(&l.text.as_str()) && !is_there(l))
            .map(|l| format!("{}: {:?}", l.file, l.text))
            .collect();
        assert_none(&file, &missing);
    }
}

/// Names every text that a language lacks.
fn assert_none(file: &Path, missing: &[String]) {
    assert!(
        missing.is_empty(),
        "{}: {}\n{}",
        file.display(),
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn nothing_that_strategies_and_pictures_say_is_missing() {
    let mut names = names();
    let said = spoken::all(&mut names);
    for file in files("lang") {
        let language = language(&file);
        let mut missing = Vec::new();
        for said in &said {
            let left: Vec<_> = language
                .missing(&said.text)
                .into_iter()
                .filter(|t| !names.all(t))
                .collect();
            if !left.is_empty() {
                missing.push(format!("{}\n    {}\n    lacks {left:?}", said.place, said.text));
            }
        }
        assert_none(&file, &missing);
    }
}

#[test]
fn texts_are_looked_up_as_in_the_browser() {
    let language = language(&www("lang/zh.json"));
    let cases: BTreeMap<String, String> =
        read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/language/cases.json"));
    for (text, wanted) in cases {
        assert_eq!(language.look(&text).out, wanted, "{text}");
    }
}

#[test]
fn every_number_has_its_place() {
    for file in files("lang") {
        let words: Words = read(&file);
        for (key, text) in &words {
            let given = key.matches("{}").count();
            let mut taken: Vec<usize> = Vec::new();
            for part in text.split('{').skip(1) {
                let place = part
                    .split_once('}')
                    .unwrap_or_else(|| panic!("{key}: an open place in {text}"))
                    .0;
                taken.push(place.parse().unwrap_or(taken.len()));
            }
            taken.sort_unstable();
            assert_eq!(taken, (0..given).collect::<Vec<_>>(), "{key} => {text}");
        }
    }
}
