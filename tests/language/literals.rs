//! Every text that stands in the sources of what the page shows: string literals of more than one word, or with a capital.

use std::fs;
use std::path::{Path, PathBuf};

/// Code whose texts no page shows, and why.
const UNSEEN: [&str; 11] = [
    // The command line speaks English.
    "bin/tunescape",
    // Files that the command alone reads.
    "space/file.rs",
    // Tests and what they stand on.
    "tests.rs",
    "/tests/",
    "plot/examples/",
    "strategy/testing.rs",
    // Code of other languages.
    "view/code",
    // How models share work.
    "model/forest/",
    // Arithmetic, whose errors are told in other words by whoever asked for it.
    "math/",
    "surrogate/gp/fit.rs",
    "surrogate/gp/mod.rs",
];

/// What a literal follows that is no text for people: attributes, names of papers, formulas, and what a broken program says of itself.
const BEFORE: [&str; 22] = [
    "expect(",
    "panic!(",
    "unreachable!(",
    "assert!(",
    "debug_assert!(",
    "paper:",
    "formula:",
    "class=",
    "classes!(",
    "id=",
    "type=",
    "rel=",
    "key:",
    "viewBox=",
    "#[serde(",
    "skip_serializing_if =",
    "skip_serializing_if=",
    "inside(",
    "matches(",
    "media(",
    "const FONT: &str =",
    "query_selector(",
];

/// Folders whose entries say about themselves only what cards say on the page.
const CARDED: [&str; 4] = [
    "acquisition/",
    "surrogate/gp/kernel/",
    "strategy/stopping/",
    "model/step/",
];

/// A text in the sources: where it stands, and with `{}` for what changes.
pub struct Literal {
    pub file: String,
    pub text: String,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// Reads an escape behind a backslash; `None` for the end of a line, which is nothing with all space that follows.
fn escaped(code: &mut std::iter::Peekable<std::str::Chars>) -> Option<char> {
    match code.next()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'u' => {
            let hex: String = code.by_ref().skip(1).take_while(|c| *c != '}').collect();
            u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32)
        }
        '\n' => {
            while code.next_if(|c| c.is_whitespace()).is_some() {}
            None
        }
        other => Some(other),
    }
}

/// Every plain string literal of a source, with the code before it.
fn strings(source: &str) -> Vec<(String, String)> {
    let mut code = source.chars().peekable();
    let (mut out, mut before) = (Vec::new(), String::new());
    while let Some(c) = code.next() {
        match c {
            '/' if code.peek() == Some(&'/') => while code.next_if(|c| *c != '\n').is_some() {},
            // Raw strings are notation: their texts are files of other languages.
            '#' if before.ends_with('r') && code.peek() == Some(&'"') => {
                code.next();
                let mut last = ' ';
                for c in code.by_ref() {
                    if (last, c) == ('"', '#') {
                        break;
                    }
                    last = c;
                }
            }
            '\'' => {
                // A character, not a lifetime.
                let rest: String = code.clone().take(12).collect();
                let length = match rest.strip_prefix('\\') {
                    Some(escape) => escape[1..].find('\'').map(|i| i + 2 + escape[..1].len()),
                    None => rest.chars().nth(1).filter(|c| *c == '\'').map(|_| 2),
                };
                for _ in 0..length.unwrap_or(0) {
                    code.next();
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = code.next().filter(|c| *c != '"') {
                    match c {
                        '\\' => text.extend(escaped(&mut code)),
                        c => text.push(c),
                    }
                }
                out.push((text, before.clone()));
                before.clear();
            }
            c => before.push(c),
        }
    }
    out
}

/// The text of a format with `{}` for every place.
fn places(format: &str) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.next_if_eq(&'{').is_none() => {
                chars.by_ref().find(|c| *c == '}');
                out += "{}";
            }
            '}' => {
                chars.next_if_eq(&'}');
                out.push('}');
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether people would take it for words: at least one word beside something else, or one with a capital.
pub fn is_text(text: &str) -> bool {
    let is_word = |w: &str| {
        let w = w.trim_matches([',', ';', ':', '.', '?', '!', '(', ')', '"']);
        w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase() || c == '’' || c == '\'')
    };
    let parts: Vec<&str> = text.split_whitespace().collect();
    let mut letters = text.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && letters.next().is_some_and(|c| c.is_ascii_lowercase());
    parts.len() > 1 && parts.iter().any(|w| is_word(w)) || parts.len() == 1 && begins
}

/// All of them.
pub fn all() -> Vec<Literal> {
    let src = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut out = Vec::new();
    for path in files {
        let file = path
            .strip_prefix(&src)
            .expect("below src")
            .to_string_lossy()
            .replace('\\', "/");
        if UNSEEN.iter().any(|u| file.contains(u)) {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source");
        let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (text, before) in strings(code) {
            let before = before.trim_end();
            let text = places(&text);
            let unseen = BEFORE.iter().any(|b| before.ends_with(b))
                || before.ends_with("about:") && CARDED.iter().any(|c| file.starts_with(c));
            if is_text(&text) && !unseen {
                out.push(Literal {
                    file: file.clone(),
                    text,
                });
            }
        }
    }
    out
}
