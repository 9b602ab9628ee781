//! The cards in `www/cards/`: one for every strategy, acquisition function and kernel, each well-formed, and nothing in them that the page's
//! policy forbids.

use roxmltree::{Document, Node};
use std::fs;
use std::path::PathBuf;
use tunescape::acquisition::ACQUISITIONS;
use tunescape::plot::Light;
use tunescape::strategy::STRATEGIES;
use tunescape::surrogate::gp::KERNELS;

/// Panels of the page that a symbol may stand for: the page's own list is compiled with the page alone.
const PANELS: [&str; 7] = ["searched", "spaces", "best", "belief", "why", "trials", "more"];

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/cards").join(name)
}

/// Folder of the cards, and (id, title) of what they are about.
fn registries() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    vec![
        ("strategy", STRATEGIES.iter().map(|e| (e.id, e.title)).collect()),
        ("acquisition", ACQUISITIONS.iter().map(|e| (e.id, e.title)).collect()),
        ("kernel", KERNELS.iter().map(|e| (e.id, e.title)).collect()),
    ]
}

#[test]
fn every_entry_has_a_card_and_every_card_an_entry() {
    for (name, entries) in registries() {
        let files = fs::read_dir(folder(name)).expect("the folder of the cards");
        let mut found: Vec<String> = files
            .map(|f| f.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        let mut wanted: Vec<String> = entries.iter().map(|(id, _)| format!("{id}.html")).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "www/cards/{name}");
    }
}

/// Addresses that stay: a DOI, or the archive or the proceedings that the paper is in.
const LASTING: [&str; 5] = [
    "https://doi.org/10.",
    "https://arxiv.org/abs/",
    "https://jmlr.org/papers/v",
    "https://proceedings.mlr.press/v",
    "https://proceedings.neurips.cc/paper/",
];

/// Checks the link of a card: it lasts, opens beside the page, and names who wrote the paper and when. Returns these words.
fn paper(card: &Document, of: &str) -> String {
    let links: Vec<Node> = card.descendants().filter(|n| n.has_tag_name("a")).collect();
    let [link] = links.as_slice() else {
        panic!("{of} has {} links instead of one", links.len())
    };
    let address = link.attribute("href").unwrap_or_default();
    assert!(LASTING.iter().any(|l| address.starts_with(l)), "{of}: {address}");
    assert_eq!(link.attribute("target"), Some("_blank"), "{of}");
    assert_eq!(link.attribute("rel"), Some("noopener"), "{of}");
    let said = words(*link);
    let year: Option<u32> = said.rsplit_once(' ').and_then(|(_, year)| year.parse().ok());
    let year = year.unwrap_or_else(|| panic!("{of}: {said:?} ends with no year"));
    // The archive's numbers begin with the year, and nothing is published before it is there.
    if let Some(id) = address.strip_prefix("https://arxiv.org/abs/") {
        let there = id.get(..2).and_then(|y| y.parse::<u32>().ok()).map(|y| 2000 + y);
        assert!(
            there.is_some_and(|there| there <= year),
            "{of}: {address} is not of {year}"
        );
    }
    said
}

#[test]
fn cards_name_the_paper_of_their_entry_at_a_lasting_address() {
    let papers = STRATEGIES.iter().map(|e| ("strategy", e.id, e.paper));
    let papers = papers.chain(ACQUISITIONS.iter().map(|e| ("acquisition", e.id, e.paper)));
    for (name, id, of_entry) in papers.chain(KERNELS.iter().map(|e| ("kernel", e.id, e.paper))) {
        let text = fs::read_to_string(folder(name).join(format!("{id}.html"))).expect("a card");
        let said = paper(&Document::parse(&text).expect("a card"), &format!("{name}/{id}"));
        let (authors, year) = said.rsplit_once(' ').expect("authors and a year");
        let first = authors.split([',', ' ']).next().unwrap_or_default();
        let from = of_entry.find(first);
        let from = from.unwrap_or_else(|| panic!("{name}/{id}: {first} is not in {of_entry:?}"));
        assert!(
            of_entry[from..].contains(year),
            "{name}/{id}: {year} is not in {of_entry:?}"
        );
    }
}

#[test]
fn every_control_that_the_page_explains_has_a_card_with_a_paper() {
    let mut found = Vec::new();
    for file in fs::read_dir(folder("control")).expect("the folder of the cards") {
        let path = file.expect("a file").path();
        let of = path.display().to_string();
        let text = fs::read_to_string(&path).expect("a card");
        let card = Document::parse(&text).unwrap_or_else(|e| panic!("{of}: {e}"));
        let plain: Vec<String> = card
            .descendants()
            .filter(|n| n.attribute("class") == Some("plain"))
            .map(words)
            .collect();
        assert!(
            plain.len() == 1 && plain[0].ends_with('.') && !plain[0].contains(". "),
            "{of}: one sentence, not {plain:?}"
        );
        paper(&card, &of);
        found.push(path.file_stem().expect("a name").to_string_lossy().into_owned());
    }
    // The page names a card where its control stands.
    let page = ["searched", "domains", "priors", "spaces"].map(|f| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/ui/{f}.rs"));
        fs::read_to_string(path).expect("a source")
    });
    for name in &found {
        assert!(
            page.iter().any(|p| p.contains(&format!("\"{name}\""))),
            "no control opens {name}"
        );
    }
    found.sort();
    assert_eq!(
        found,
        [
            "cv",
            "layers",
            "metric",
            "parameters",
            "prep",
            "priors",
            "reps",
            "split",
            "stop",
            "trials",
            "where"
        ]
    );
}

#[test]
fn cards_are_well_formed_and_explain_every_symbol_they_name() {
    for (name, entries) in registries() {
        for (id, title) in entries {
            let text = fs::read_to_string(folder(name).join(format!("{id}.html"))).expect("a card");
            let card = Document::parse(&text).unwrap_or_else(|e| panic!("{name}/{id}: {e}"));
            check(&card, &format!("{name}/{id}"), title);
        }
    }
}

fn words(node: Node) -> String {
    node.descendants()
        .filter(Node::is_text)
        .filter_map(|n| n.text())
        .collect()
}

fn check(card: &Document, of: &str, title: &str) {
    let all = |tag: &str| -> Vec<Node> { card.descendants().filter(|n| n.has_tag_name(tag)).collect() };
    let one = |tag: &str| *all(tag).first().unwrap_or_else(|| panic!("{of} has no {tag}"));
    assert!(words(one("h2")) == title, "{of} is called {title}");
    let plain = words(one("p"));
    assert!(
        plain.ends_with('.') && plain.matches(". ").count() == 0 && plain.len() < 160,
        "{of}: one plain sentence, not {plain:?}"
    );
    let formulas: Vec<Node> = all("math")
        .into_iter()
        .filter(|m| m.attribute("display") == Some("block"))
        .collect();
    assert!(!formulas.is_empty(), "{of} has no formula");
    let parts = || formulas.iter().flat_map(|f| f.descendants());
    let in_formula = |symbol: &str| parts().any(|n| n.attribute("data-symbol") == Some(symbol));
    let rows: Vec<Node> = all("div");
    assert!(!rows.is_empty(), "{of} explains no symbol");
    for row in &rows {
        let symbol = row
            .attribute("data-symbol")
            .unwrap_or_else(|| panic!("{of}: a row without a symbol"));
        assert!(
            in_formula(symbol),
            "{of} explains {symbol}, which is not in the formula"
        );
        if let Some(light) = row.attribute("data-light") {
            assert!(
                PANELS.contains(&light) || Light::named(light).is_some(),
                "{of}: nothing is called {light}"
            );
        }
        let said = row
            .children()
            .find(|n| n.has_tag_name("dd"))
            .map(words)
            .unwrap_or_default();
        assert!(said.len() > 10, "{of} says nothing of {symbol}");
    }
    for node in parts().filter_map(|n| n.attribute("data-symbol")) {
        assert!(
            rows.iter().any(|r| r.attribute("data-symbol") == Some(node)),
            "{of} does not explain {node}"
        );
    }
    for node in card.descendants().filter(Node::is_element) {
        assert!(
            !["script", "style", "img", "iframe"].contains(&node.tag_name().name()),
            "{of}: {node:?}"
        );
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(
                name != "style" && !name.starts_with("on"),
                "{of}: the policy forbids {name}"
            );
        }
    }
}
