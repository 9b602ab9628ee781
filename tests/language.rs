//! The page's other languages, `www/lang/*.json`: every name of the catalog, every card and every lesson has its words there.

use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tunescape::study::catalog;
use tunescape::view::lesson::Lesson;

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
    for folder in ["cards/strategy", "cards/acquisition", "cards/kernel"] {
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

/// Names that are the same in every language.
fn is_name(text: &str) -> bool {
    ["BOHB", "CMA-ES", "DEHB", "Hyperband", "TPE"].contains(&text)
}

#[test]
fn nothing_of_catalog_cards_and_lessons_is_missing() {
    for file in files("lang") {
        let words: Words = read(&file);
        let missing: Vec<_> = wanted()
            .into_iter()
            .filter(|(_, text)| !words.contains_key(text) && !is_name(text))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", file.display());
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
