//! Holds the house to its plan: imports go down the floors, and two walls are crossed by none.
//!
//! The plan itself is described in ARCHITECTURE.md.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Rooms by floor, from the bottom.
const FLOORS: &[&[&str]] = &[
    &[
        "context", "math", "number", "order", "seed", "space", "table", "trial", "mind", "registry",
    ],
    &["surrogate", "acquisition", "dataset", "spec"],
    &["strategy", "model", "protocol"],
    &["objective", "question", "view"],
    &["study", "plot"],
    &["ui"],
    &["bin"],
];

/// Crates that know a browser.
const BROWSER: &[&str] = &[
    "web_sys",
    "js_sys",
    "yew",
    "wasm_bindgen",
    "serde_wasm_bindgen",
    "plotters_canvas",
    "gloo",
];

/// The rooms the page's thread may see: no room that computes.
const SEEN_BY_UI: &[&str] = &[
    "ui", "question", "view", "plot", "protocol", "spec", "context", "number", "order", "seed", "space", "table",
    "trial", "mind", "registry",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for path in entries.map(|e| e.expect("a directory entry").path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file without comments, and without the tests at its end, which may look anywhere.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable source file");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("").to_string();
    let without = |line: &str| line.split("//").next().unwrap_or("").to_string();
    text.lines().map(without).collect::<Vec<_>>().join("\n")
}

/// Every source file with its room and its code.
fn rooms() -> Vec<(PathBuf, String, String)> {
    let src = root().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let room = |path: &PathBuf| {
        let first = path
            .strip_prefix(&src)
            .expect("below src")
            .components()
            .next()
            .expect("a component");
        first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
    };
    let is_test =
        |p: &PathBuf| p.file_stem().is_some_and(|s| s == "tests") || p.components().any(|c| c.as_os_str() == "tests");
    files
        .into_iter()
        .filter(|p| !is_test(p))
        .map(|p| (p.clone(), room(&p), code(&p)))
        .filter(|(_, r, _)| r != "lib")
        .collect()
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("the room {room} is on no floor: give it one"))
}

/// Rooms that `code` names through `prefix`, `crate::` or `tunescape::`.
fn named(code: &str, prefix: &str) -> Vec<String> {
    let word = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => names.push(word(rest)),
            // `use crate::{a, b::c}`: the first word after each comma of the outermost level.
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (i, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphabetic() => {
                            names.push(word(&list[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

#[test]
fn imports_go_down_the_floors() {
    let mut crossings = Vec::new();
    for (path, room, code) in rooms().iter().filter(|(_, room, _)| room != "bin") {
        for other in named(code, "crate::") {
            let known = FLOORS.iter().any(|rooms| rooms.contains(&other.as_str()));
            if known && other != *room && floor(&other) >= floor(room) && floor(room) > 0 {
                crossings.push(format!(
                    "{} (floor {}) imports {other} (floor {})",
                    path.display(),
                    floor(room) + 1,
                    floor(&other) + 1
                ));
            }
        }
    }
    assert!(crossings.is_empty(), "{}", crossings.join("\n"));
}

#[test]
fn only_the_page_and_the_binaries_know_a_browser() {
    let mut crossings = Vec::new();
    for (path, _, code) in rooms().iter().filter(|(_, room, _)| room != "ui" && room != "bin") {
        let knows = |name: &&&str| code.contains(&format!("{name}::")) || code.contains(&format!("use {name}"));
        crossings.extend(
            BROWSER
                .iter()
                .filter(knows)
                .map(|name| format!("{} knows {name}", path.display())),
        );
    }
    assert!(crossings.is_empty(), "{}", crossings.join("\n"));
}

#[test]
fn the_page_sees_no_room_that_computes() {
    let mut crossings = Vec::new();
    for (path, _, code) in rooms()
        .iter()
        .filter(|(p, room, _)| room == "ui" || p.ends_with("bin/app.rs"))
    {
        let seen = named(code, "crate::").into_iter().chain(named(code, "tunescape::"));
        let wrong = seen.filter(|name| floor_known(name) && !SEEN_BY_UI.contains(&name.as_str()));
        crossings.extend(wrong.map(|name| format!("{} sees {name}", path.display())));
    }
    assert!(crossings.is_empty(), "{}", crossings.join("\n"));
}

fn floor_known(name: &str) -> bool {
    FLOORS.iter().any(|rooms| rooms.contains(&name))
}

/// Names of all packages in the tree of normal dependencies for `features`.
fn dependencies(features: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args([
        "tree",
        "--offline",
        "--locked",
        "--package",
        "tunescape",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    let output = command.args(features).output().expect("cargo tree runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|l| l.split(' ').next())
        .map(|n| n.replace('-', "_"))
        .collect()
}

#[test]
fn the_native_dependency_tree_holds_no_browser_crate() {
    let native = dependencies(&[]);
    assert!(
        native.contains(&"nalgebra".to_string()),
        "cargo tree lists dependencies: {native:?}"
    );
    let found: Vec<_> = native.iter().filter(|n| BROWSER.contains(&n.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn no_strategy_or_model_can_be_linked_into_the_page() {
    // The page is built with the feature `page` alone, and every room that computes needs `engine`.
    let page = dependencies(&["--no-default-features", "--features", "page"]);
    for engine_only in ["nalgebra", "rayon", "rand_xoshiro", "rand_chacha"] {
        assert!(
            !page.contains(&engine_only.to_string()),
            "the page's tree holds {engine_only}"
        );
    }
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs");
    for room in [
        "math",
        "surrogate",
        "acquisition",
        "dataset",
        "strategy",
        "model",
        "objective",
        "study",
    ] {
        let gated = format!("#[cfg(feature = \"engine\")]\npub mod {room};");
        assert!(lib.contains(&gated), "{room} is compiled without the engine");
    }
}

#[test]
fn every_room_of_the_core_forbids_unsafe_code() {
    let src = root().join("src");
    for room in FLOORS.iter().take(5).flat_map(|f| f.iter()) {
        let folder = src.join(room).join("mod.rs");
        let path = if folder.exists() {
            folder
        } else {
            src.join(format!("{room}.rs"))
        };
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(text.contains("#![forbid(unsafe_code)]"), "{}", path.display());
    }
}
