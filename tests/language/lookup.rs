//! What `www/lang.js` does with a text, for tests without a browser: both are held to `cases.json`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A key with places.
struct Pattern {
    parts: Vec<String>,
    into: String,
    strict: bool,
}

/// A language's words.
pub struct Language {
    words: BTreeMap<String, String>,
    patterns: Vec<Pattern>,
    known: RefCell<BTreeMap<String, Way>>,
}

/// A way to say a text: what comes out, what of it has no words, and which names were left as they are.
#[derive(Clone, Debug, Default)]
pub struct Way {
    pub out: String,
    pub lacks: Vec<String>,
    pub names: Vec<String>,
}

impl Way {
    fn known(out: impl Into<String>) -> Way {
        let out = out.into();
        Way { out, ..Way::default() }
    }

    fn cost(&self) -> usize {
        self.lacks.iter().map(|t| t.encode_utf16().count()).sum()
    }
}

fn together(ways: Vec<Way>, join: impl FnOnce(Vec<&str>) -> String) -> Way {
    Way {
        out: tidy(&join(ways.iter().map(|w| w.out.as_str()).collect())),
        lacks: ways.iter().flat_map(|w| w.lacks.clone()).collect(),
        names: ways.iter().flat_map(|w| w.names.clone()).collect(),
    }
}

/// Two letters in a row.
fn has_word(text: &str) -> bool {
    let mut pairs = text.as_bytes().windows(2);
    pairs.any(|two| two.iter().all(u8::is_ascii_alphabetic))
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_mark(c: char) -> bool {
    ('\u{3001}'..='\u{303f}').contains(&c) || ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

fn is_wide(c: char) -> bool {
    ('\u{3001}'..='\u{9fff}').contains(&c) || is_mark(c)
}

/// Between Chinese and Latin stands a space, beside a full-width mark or between Chinese none.
fn tidy(text: &str) -> String {
    let latin = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        if c == ' ' {
            let last = out.chars().next_back();
            let next = chars.clone().find(|c| *c != ' ');
            let drop = last.is_some_and(|l| is_mark(l) || is_wide(l) && !is_chinese(l))
                || last.is_some_and(is_chinese) && next.is_some_and(is_wide)
                || next.is_some_and(is_mark);
            if !drop {
                out.push(c);
            }
            continue;
        }
        out.push(c);
        if is_chinese(c) && next.is_some_and(latin) || (latin(c) || c == '%') && next.is_some_and(is_chinese) {
            out.push(' ');
        }
    }
    out
}

/// Whether a sentence ends at the start of `text` and another begins.
fn ends(text: &str) -> bool {
    let mut chars = text.chars();
    let (mark, space, next) = (chars.next(), chars.next(), chars.next());
    matches!(mark, Some('.' | '!' | '?'))
        && space == Some(' ')
        && next.is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// A text cut between sentences.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (i, _) in text.char_indices() {
        if i >= from && ends(&text[i..]) {
            out.push(&text[from..=i]);
            from = i + 2;
        }
    }
    out.push(&text[from..]);
    out
}

/// A name such as `bayes(acq:ei)`.
fn is_name(text: &str) -> bool {
    let plain = |t: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '#' | '-');
        !t.is_empty() && t.chars().all(is_part)
    };
    match text.split_once('(') {
        Some((id, rest)) => plain(id) && rest.ends_with(')') && !rest.contains(' '),
        None => plain(text),
    }
}

/// Whether this stands behind a title: settings, a number of several alike, a number or a share.
fn is_tail(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit() || c == '.');
    let unsigned = |t: &str| digits(t.strip_prefix('-').unwrap_or(t));
    let number = |t: &str| match t.split_once('e') {
        Some((mantissa, exponent)) => unsigned(mantissa) && unsigned(exponent),
        None => unsigned(t),
    };
    let counted = |t: &str| t.strip_prefix('#').is_some_and(digits);
    let settings = |t: &str| {
        let inner = t.strip_prefix('(').and_then(|t| t.split_once(')'));
        inner.is_some_and(|(inner, rest)| {
            inner.contains(':') && !inner.contains([' ', '(']) && (rest.is_empty() || counted(rest))
        })
    };
    number(text) || counted(text) || settings(text)
}

/// Fills the places of `parts` from the start of `text` on, each with as little as fits.
fn fill<'a>(text: &'a str, parts: &[String], found: &mut Vec<&'a str>) -> bool {
    let Some((next, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    let last = rest.is_empty();
    for (start, c) in text.char_indices() {
        // A place does not reach into the next sentence.
        if ends(&text[start..]) {
            return false;
        }
        let stop = start + c.len_utf8();
        let after = &text[stop..];
        if last && after != next || !after.starts_with(next.as_str()) {
            continue;
        }
        found.push(&text[..stop]);
        if last || fill(&after[next.len()..], rest, found) {
            return true;
        }
        found.pop();
    }
    false
}

impl Language {
    /// Reads `www/lang/NAME.json`.
    pub fn parse(json: &str) -> Language {
        let table: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).expect("a table of words");
        let (mut words, mut patterns) = (BTreeMap::new(), Vec::new());
        for (key, into) in &table {
            let into = into.as_str().expect("a text").to_string();
            if key.contains("{}") {
                patterns.push(Pattern {
                    parts: key.split("{}").map(str::to_string).collect(),
                    into,
                    strict: key.chars().filter(char::is_ascii_alphabetic).count() < 4,
                });
            } else {
                words.insert(key.clone(), into);
            }
        }
        // What says more goes first. (The browser counts in UTF-16 units.)
        let size = |p: &Pattern| p.parts.iter().map(|t| t.encode_utf16().count() + 2).sum::<usize>();
        patterns.sort_by_key(|p| std::cmp::Reverse(size(p)));
        Language {
            words,
            patterns,
            known: RefCell::default(),
        }
    }

    fn by_pattern(&self, p: &Pattern, text: &str) -> Option<Way> {
        let rest = text.strip_prefix(p.parts[0].as_str())?;
        let mut found = Vec::new();
        if !text.ends_with(p.parts[p.parts.len() - 1].as_str()) || !fill(rest, &p.parts[1..], &mut found) {
            return None;
        }
        let way = together(found.into_iter().map(|t| self.look(t)).collect(), |said| {
            let mut pieces = p.into.split('{');
            let mut out = pieces.next().unwrap_or_default().to_string();
            for (at, piece) in pieces.enumerate() {
                let (place, after) = piece.split_once('}').expect("a place that is closed");
                out += said[place.parse().unwrap_or(at)];
                out += after;
            }
            out
        });
        (!p.strict || way.lacks.is_empty()).then_some(way)
    }

    /// Parts that are said each for itself.
    fn each(&self, parts: Vec<&str>, there: &str, end: &str) -> Option<Way> {
        (parts.len() > 1).then(|| {
            let ways = parts.into_iter().map(|t| self.look(t)).collect();
            together(ways, |out| out.join(there) + end)
        })
    }

    /// Sentences, of which those that are known together stay together.
    fn merged<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let parts = sentences(text);
        let mut out = Vec::new();
        let (mut i, mut from) = (0, 0);
        while i < parts.len() {
            let end = |j: usize| from + parts[i..j].iter().map(|p| p.len() + 1).sum::<usize>() - 1;
            let mut j = parts.len();
            while j > i + 1 && !self.words.contains_key(&text[from..end(j)]) {
                j -= 1;
            }
            let stop = end(j);
            out.push(&text[from..stop]);
            (i, from) = (j, stop + 1);
        }
        out
    }

    fn list(&self, text: &str, here: &str, there: &str) -> Option<Way> {
        let (body, end) = text.strip_suffix('.').map_or((text, ""), |body| (body, "。"));
        let parts: Vec<&str> = body.split(here).collect();
        if parts.len() < 2 {
            return None;
        }
        // A list of names alone stays as it is.
        let is_changed = parts.iter().any(|t| self.look(t).out != *t);
        self.each(parts, if is_changed { there } else { here }, end)
    }

    /// The way that leaves the least unsaid: by a pattern, as lines, as sentences, or as a list.
    fn best(&self, text: &str) -> Way {
        let mut way = Way {
            lacks: vec![text.to_string()],
            ..Way::known(text)
        };
        let ways = [
            &|| self.each(text.split('\n').collect(), "\n", "") as Option<Way>,
            &|| self.each(self.merged(text), " ", ""),
            &|| self.list(text, "; ", "；"),
        ] as [&dyn Fn() -> Option<Way>; 3];
        let patterns = self.patterns.iter().map(|p| self.by_pattern(p, text));
        let last = std::iter::once_with(|| self.list(text, ", ", "，"));
        for found in ways.iter().map(|w| w()).chain(patterns).chain(last).flatten() {
            if found.cost() < way.cost() {
                way = found;
            }
            if way.lacks.is_empty() {
                break;
            }
        }
        way
    }

    /// The way to say a text.
    pub fn look(&self, text: &str) -> Way {
        if !has_word(text) {
            return Way::known(text);
        }
        if let Some(found) = self.words.get(text) {
            return Way::known(found);
        }
        if let Some(found) = self.known.borrow().get(text) {
            return found.clone();
        }
        // A title before settings, a number, or a share.
        let (body, share) = text.strip_suffix(" %").map_or((text, ""), |body| (body, " %"));
        let named = body.rsplit_once(' ').filter(|(_, tail)| is_tail(tail));
        let named = named.and_then(|(head, tail)| Some((self.words.get(head)?, tail)));
        let mut way = match named {
            Some((head, tail)) => Way::known(tidy(&format!("{head} {tail}{share}"))),
            None => self.best(text),
        };
        if way.out == text && is_name(text) {
            way = Way::known(text);
            way.names.push(text.to_string());
        }
        self.known.borrow_mut().insert(text.to_string(), way.clone());
        way
    }

    /// What of `text` there are no words for, names of the notation among it.
    pub fn missing(&self, text: &str) -> BTreeSet<String> {
        let way = self.look(text.trim());
        way.lacks.into_iter().chain(way.names).collect()
    }
}

/// Names of the notation: parameters, settings, choices, ids. What consists of them is the same in every language.
#[derive(Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// Takes in every word of a text that is notation.
    pub fn add(&mut self, notation: &str) {
        self.0.extend(Names::words(notation).map(str::to_string));
    }

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|t| t.chars().any(|c| c.is_ascii_alphabetic()))
    }

    /// Whether a text has no word but these; digits with an exponent or a unit are none.
    pub fn all(&self, text: &str) -> bool {
        Names::words(text).all(|w| self.0.contains(w) || w.starts_with(|c: char| c.is_ascii_digit()))
    }
}
