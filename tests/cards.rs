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
    let link = one("a").attribute("href").unwrap_or_default();
    assert!(link.starts_with("https://"), "{of}: its paper is at {link:?}");
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
