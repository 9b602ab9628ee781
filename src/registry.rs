//! Self-describing entries: what every strategy, model, data set, test function, acquisition and picture says of itself.
//!
//! A registry is an explicit slice of [`Entry`]s. Menus, forms, the command line, the catalog and the conformance
//! tests are all derived from it, so that adding one thing is one file and one line.
#![forbid(unsafe_code)]

use std::fmt;

/// One thing a person can choose by name. `B` is how it is built.
#[derive(Clone, Copy, Debug)]
pub struct Entry<B: 'static> {
    /// Name in the study text, lower case.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// One paragraph: what it does and when it helps.
    pub about: &'static str,
    /// Its formula in plain text, or empty.
    pub formula: &'static str,
    /// Source paper, or origin and licence of data; may be empty.
    pub paper: &'static str,
    /// The settings it takes in parentheses.
    pub settings: &'static [Setting],
    /// How to build it.
    pub build: B,
}

/// One named setting of an [`Entry`].
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Name in the study text.
    pub id: &'static str,
    /// What it does, why its default is what it is.
    pub about: &'static str,
    /// What is accepted.
    pub kind: SettingKind,
    /// Default, in the study text's notation.
    pub default: &'static str,
}

/// What a [`Setting`] accepts.
#[derive(Clone, Copy, Debug)]
pub enum SettingKind {
    /// An integer within bounds, both included.
    Int(i64, i64),
    /// A finite number within bounds, both included.
    Float(f64, f64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Some of these words, at least one and none twice, joined by `|`.
    Words(&'static [&'static str]),
}

impl fmt::Display for SettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingKind::Int(low, high) => write!(f, "an integer from {low} to {high}"),
            SettingKind::Float(low, high) => write!(f, "a number from {low} to {high}"),
            SettingKind::Choice(words) => write!(f, "one of {}", words.join(", ")),
            SettingKind::Words(words) => write!(f, "some of {}, joined by |", words.join(", ")),
        }
    }
}

impl SettingKind {
    fn check(&self, text: &str) -> bool {
        match self {
            SettingKind::Int(low, high) => text.parse::<i64>().is_ok_and(|v| (*low..=*high).contains(&v)),
            SettingKind::Float(low, high) => crate::number::read(text).is_some_and(|v| v >= *low && v <= *high),
            SettingKind::Choice(words) => words.contains(&text),
            SettingKind::Words(words) => {
                let given: Vec<&str> = text.split('|').collect();
                let once = |(i, word): (usize, &&str)| words.contains(word) && !given[..i].contains(word);
                given.iter().enumerate().all(once)
            }
        }
    }
}

/// Checked settings of one entry: every setting has a valid value, given or default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: Vec<(&'static str, String)>,
}

impl Settings {
    /// Checks `given` (name, value) pairs against `known`, completing by defaults.
    ///
    /// # Errors
    /// One message a refused pair, naming it and what is accepted. The valid pairs still take effect in the returned
    /// settings, so that a page can open with them.
    pub fn check(owner: &str, known: &'static [Setting], given: &[(String, String)]) -> (Settings, Vec<String>) {
        let mut refused = Vec::new();
        let mut values: Vec<(&'static str, String)> = known.iter().map(|s| (s.id, s.default.to_string())).collect();
        for (name, value) in given {
            match known.iter().position(|s| s.id == name) {
                None if known.is_empty() => refused.push(format!("{owner} takes no settings, so not \"{name}\"")),
                None => {
                    let names: Vec<_> = known.iter().map(|s| s.id).collect();
                    refused.push(format!(
                        "{owner} has no setting \"{name}\"; accepted: {}",
                        names.join(", ")
                    ));
                }
                Some(i) if known[i].kind.check(value) => values[i].1 = value.clone(),
                Some(i) => {
                    refused.push(format!(
                        "{owner}: {name} cannot be \"{value}\"; accepted: {}",
                        known[i].kind
                    ));
                }
            }
        }
        (Settings { values }, refused)
    }

    fn raw(&self, id: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == id).map_or("", |(_, v)| v)
    }

    /// The integer setting `id`; 0 if the entry has none of that name.
    pub fn int(&self, id: &str) -> i64 {
        self.raw(id).parse().unwrap_or(0)
    }

    /// The number setting `id`; 0 if the entry has none of that name.
    pub fn float(&self, id: &str) -> f64 {
        crate::number::read(self.raw(id)).unwrap_or(0.0)
    }

    /// The word setting `id`; empty if the entry has none of that name.
    pub fn choice(&self, id: &str) -> &str {
        self.raw(id)
    }

    /// The words of the setting `id`.
    pub fn words(&self, id: &str) -> Vec<&str> {
        self.raw(id).split('|').collect()
    }

    /// The defaults of `known`.
    pub fn defaults(known: &'static [Setting]) -> Settings {
        Settings::check("", known, &[]).0
    }

    /// Name and value of every setting that differs from the default in `known`, in its order.
    pub fn changed(&self, known: &'static [Setting]) -> Vec<(&'static str, &str)> {
        let pairs = self.values.iter().zip(known);
        pairs
            .filter(|((_, v), s)| v != s.default)
            .map(|((name, v), _)| (*name, v.as_str()))
            .collect()
    }
}

/// Finds an entry by its id.
pub fn find<'a, B>(entries: &'a [Entry<B>], id: &str) -> Option<&'a Entry<B>> {
    entries.iter().find(|e| e.id == id)
}

/// The ids of a registry, for messages: `a, b, c`.
pub fn ids<B>(entries: &[Entry<B>]) -> String {
    entries.iter().map(|e| e.id).collect::<Vec<_>>().join(", ")
}
