//! The study text: what a study is, in one line that fits a URL's hash, a preset, an embed and the command line.
//!
//! `key=value` pairs joined by `&`, percent-encoded where needed. This file reads and writes the notation; what the words mean
//! is checked where the registries are known, in the study.
#![forbid(unsafe_code)]

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest study text that is read, in bytes.
pub const LONGEST: usize = 16_384;

/// The keys a study has, and what each is, for messages and help. `p.NAME` and `prior.NAME` stand for any parameter.
pub const KEYS: &[(&str, &str)] = &[
    ("v", "format version: 1"),
    ("preset", "a preset's id; the other keys override it"),
    (
        "data",
        "a data set: iris, hypercube(n:1000,d:20); or csv, a table of one's own",
    ),
    (
        "fn",
        "a test function instead of data and model: branin, forrester(noise:0.1)",
    ),
    (
        "model",
        "the model to tune, its settings fixed in parentheses: forest(bootstrap:true); several, one of which is chosen: forest,svm",
    ),
    (
        "prep",
        "steps that prepare the data in every fold, or none: scale,pca(components:0.9)",
    ),
    (
        "p.NAME",
        "a parameter's domain: 10|50|none, 1..64, 1e-5..1~log, {a,b}, =5",
    ),
    (
        "prior.NAME",
        "where good values of a parameter are believed to lie: normal(0.01,0.1), center and spread as a share of its range; weights(rbf:3,linear:1)",
    ),
    (
        "split",
        "share of rows held out for the final test: 0.2, 0.2~stratified",
    ),
    ("cv", "how a configuration is validated: 5, 5x3, hold:0.2, loo"),
    ("metric", "the score: accuracy, logloss"),
    (
        "fidelity",
        "what a share of the effort is for a model: model, its own trees or epochs; rows, a share of the training rows",
    ),
    (
        "where",
        "inequalities between parameters, separated by ;: units*layers<=512;low+0.1<=high",
    ),
    (
        "s",
        "strategies with settings: grid(levels:5),random,bayes(acq:ei,xi:0.01)",
    ),
    (
        "n",
        "trials for each strategy, in full-fidelity equivalents: 1 to 100000",
    ),
    (
        "stop",
        "rules that stop a strategy before its trials are used: stagnation(trials:20,tolerance:0.001),cost(limit:1e9),regret",
    ),
    ("batch", "jobs a round: 1 to 64"),
    ("seed", "the study's seed: 0 to 4294967295"),
    ("reps", "seeds in a comparison, from the study's own upwards: 1 to 200"),
];

/// Keys that only the page reads: how the study is shown.
pub const PAGE_KEYS: &[(&str, &str)] = &[
    ("step", "trials to run at once on opening"),
    ("show", "the two parameters on the axes: x,y"),
    (
        "layer",
        "what lies beneath the points: points, truth, mean, uncertainty, acquisition, error",
    ),
    ("embed", "1: no header, starts when visible"),
    ("theme", "light or dark"),
    ("lang", "en or zh"),
    ("present", "1: large type for a room"),
    ("lesson", "a lesson that leads through the page: one-parameter"),
    (
        "play",
        "1: a person picks points, the truth hidden, against the strategies; over: at its end",
    ),
];

/// Something in a text that was not accepted, and what is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was refused, as given.
    pub what: String,
    /// Why, and what is accepted.
    pub why: String,
}

impl Refusal {
    /// `what`, shortened if it is long, with `why`, in which what is repeated of it is [`brief`].
    pub fn new(what: &str, why: impl Into<String>) -> Refusal {
        Refusal {
            what: cut(what, 80),
            why: brief(&why.into()),
        }
    }
}

/// Longest word, and longest passage in quotes, that a message repeats.
const ECHO: usize = 60;

/// A message in which what somebody typed may be repeated, with only the beginning of it where that is long: of each passage in quotes, and of
/// each word.
pub fn brief(message: &str) -> String {
    if message.len() <= ECHO {
        return message.to_string();
    }
    // Every second part stands in quotes; where a quote is not closed, the rest does not.
    let parts: Vec<&str> = message.split('"').collect();
    let is_quoted = |i: usize| i % 2 == 1 && i + 1 < parts.len();
    let words = |part: &str| {
        part.split(' ')
            .map(|word| cut(word, ECHO))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let part = |(i, part): (usize, &&str)| if is_quoted(i) { cut(part, ECHO) } else { words(part) };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join("\"")
}

/// At most `most` characters of a text, the last of which says that there were more.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// Key and value pairs in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyText {
    pairs: Vec<(String, String)>,
}

/// What needs no encoding in a URL's hash is left readable.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'&')
    .add(b'%')
    .add(b'#')
    .add(b'+');

impl StudyText {
    /// Reads a study text, with or without a leading `#`. What cannot be read is refused by name; the rest still counts.
    pub fn parse(text: &str) -> (StudyText, Vec<Refusal>) {
        let mut study = StudyText::default();
        let mut refused = Vec::new();
        let text = text.strip_prefix('#').unwrap_or(text);
        if text.len() > LONGEST {
            refused.push(Refusal::new(
                text,
                format!("the text is {} bytes long; at most {LONGEST} are accepted", text.len()),
            ));
            return (study, refused);
        }
        for part in text.split('&').filter(|p| !p.is_empty()) {
            let Some((key, value)) = part.split_once('=') else {
                refused.push(Refusal::new(
                    part,
                    "no \"=\" in it; accepted: key=value pairs joined by &",
                ));
                continue;
            };
            match (decode(key), decode(value)) {
                (Some(key), Some(_)) if key.is_empty() => refused.push(Refusal::new(part, unknown_key())),
                (Some(key), Some(_)) if !is_known(&key) => refused.push(Refusal::new(&key, unknown_key())),
                (Some(key), Some(_)) if study.get(&key).is_some() => {
                    refused.push(Refusal::new(part, "this key stands twice; the first counts"));
                }
                (Some(key), Some(value)) => study.pairs.push((key, value)),
                _ => refused.push(Refusal::new(
                    part,
                    "not readable: a broken percent code or control characters",
                )),
            }
        }
        (study, refused)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// Sets `key`, or removes it.
    pub fn set(&mut self, key: &str, value: Option<&str>) {
        match (self.pairs.iter().position(|(k, _)| k == key), value) {
            (Some(i), Some(value)) => self.pairs[i].1 = value.to_string(),
            (Some(i), None) => {
                self.pairs.remove(i);
            }
            (None, Some(value)) => self.pairs.push((key.to_string(), value.to_string())),
            (None, None) => {}
        }
    }

    /// All pairs, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The domains given: parameter name and notation, in order.
    pub fn domains(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .filter_map(|(k, v)| k.strip_prefix("p.").map(|name| (name, v.as_str())))
    }

    /// The priors given: parameter name and notation, in order.
    pub fn priors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .filter_map(|(k, v)| k.strip_prefix("prior.").map(|name| (name, v.as_str())))
    }

    /// Whether this text, on top of `base`, is about another problem: another function, model or steps, or data in place of a function.
    pub fn is_other_problem(&self, base: &StudyText) -> bool {
        let other = |key: &&str| self.get(key).is_some_and(|value| base.get(key) != Some(value));
        let stays = base
            .get("fn")
            .filter(|_| self.get("data").or(self.get("model")).is_none());
        let is_function = self.get("fn").or(stays).is_some();
        ["fn", "model", "prep"].iter().any(other) || is_function != base.get("fn").is_some()
    }

    /// Drops what is said of parameters by name: another problem has others.
    pub fn drop_parameters(&mut self) {
        self.pairs.retain(|(key, _)| !is_of_parameter(key));
    }

    /// This text on top of `base`: its pairs override, new ones follow.
    #[must_use]
    pub fn over(&self, base: &StudyText) -> StudyText {
        let mut whole = base.clone();
        self.pairs.iter().for_each(|(k, v)| whole.set(k, Some(v)));
        whole
    }

    /// This text without pairs that `base` has with the same value.
    #[must_use]
    pub fn beyond(&self, base: &StudyText) -> StudyText {
        let differs = |(k, v): &&(String, String)| base.get(k) != Some(v);
        StudyText {
            pairs: self.pairs.iter().filter(differs).cloned().collect(),
        }
    }
}

impl fmt::Display for StudyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (key, value)) in self.pairs.iter().enumerate() {
            let (key, value) = (utf8_percent_encode(key, ENCODED), utf8_percent_encode(value, ENCODED));
            write!(f, "{}{key}={value}", if i == 0 { "" } else { "&" })?;
        }
        Ok(())
    }
}

/// Whether a key says something of one parameter: its domain, or a prior.
pub fn is_of_parameter(key: &str) -> bool {
    key.starts_with("p.") || key.starts_with("prior.")
}

fn decode(text: &str) -> Option<String> {
    // A "%" that starts no two-digit code is broken, not literal.
    let broken = text.match_indices('%').any(|(i, _)| {
        let code = text.as_bytes().get(i + 1..i + 3);
        !code.is_some_and(|c| c.iter().all(u8::is_ascii_hexdigit))
    });
    let plain = percent_decode_str(text).decode_utf8().ok()?;
    (!broken && !plain.chars().any(char::is_control)).then(|| plain.into_owned())
}

fn is_known(key: &str) -> bool {
    let named = |(k, _): &(&str, &str)| *k == key && !k.ends_with(".NAME");
    let of_parameter = ["p.", "prior."]
        .iter()
        .any(|p| key.strip_prefix(p).is_some_and(|name| !name.is_empty()));
    KEYS.iter().chain(PAGE_KEYS).any(named) || of_parameter
}

fn unknown_key() -> String {
    let keys: Vec<_> = KEYS.iter().chain(PAGE_KEYS).map(|(k, _)| *k).collect();
    format!("unknown key; accepted: {}", keys.join(", "))
}

/// A registry entry named with settings: `bayes(acq:ei,xi:0.01)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The entry's id.
    pub id: String,
    /// Names and values of the settings given.
    pub settings: Vec<(String, String)>,
}

impl Call {
    /// Reads a list of calls separated by commas.
    ///
    /// # Errors
    /// What cannot be read and what is accepted.
    pub fn parse_list(text: &str) -> Result<Vec<Call>, String> {
        let mut calls = Vec::new();
        let mut depth = 0usize;
        let mut start = 0;
        for (i, c) in text.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return Err(format!("\"{text}\" closes a parenthesis that was not opened")),
                ')' => depth -= 1,
                ',' if depth == 0 => {
                    calls.push(Call::parse(&text[start..i])?);
                    start = i + 1;
                }
                _ => {}
            }
        }
        calls.push(Call::parse(&text[start..])?);
        Ok(calls)
    }

    /// Reads one call.
    ///
    /// # Errors
    /// What cannot be read and what is accepted.
    pub fn parse(text: &str) -> Result<Call, String> {
        let wrong = || format!("\"{text}\" cannot be read; accepted: a name, or name(setting:value,setting:value)");
        let (id, inner) = match text.split_once('(') {
            None => (text, None),
            Some((id, rest)) => (id, Some(rest.strip_suffix(')').ok_or_else(wrong)?)),
        };
        let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !is_name(id) {
            return Err(wrong());
        }
        let mut settings: Vec<(String, String)> = Vec::new();
        for pair in inner.unwrap_or("").split(',').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once(':').ok_or_else(wrong)?;
            if !is_name(name) || value.is_empty() || value.contains(['(', ')']) {
                return Err(wrong());
            }
            if settings.iter().any(|(earlier, _)| earlier == name) {
                return Err(format!("\"{text}\" gives {name} twice; accepted: each setting once"));
            }
            settings.push((name.to_string(), value.to_string()));
        }
        Ok(Call {
            id: id.to_string(),
            settings,
        })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if !self.settings.is_empty() {
            let inner: Vec<String> = self.settings.iter().map(|(k, v)| format!("{k}:{v}")).collect();
            write!(f, "({})", inner.join(","))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_what_was_typed_a_message_repeats_the_beginning() {
        let long = "ab".repeat(2500);
        let spaced = "a b ".repeat(2000);
        for why in [
            format!("unknown model \"{long}\"; accepted: knn, svm"),
            format!("\"{spaced}\" is no domain; accepted: 1..64"),
            format!("{long}<=3: \"x\" is no parameter; accepted: x1"),
        ] {
            let refusal = Refusal::new(&why, why.clone());
            assert!(
                refusal.what.chars().count() <= 80 && refusal.why.len() < 140,
                "{refusal}"
            );
            let (_, end) = why.split_once("accepted").expect("what is accepted");
            assert!(refusal.why.contains('…') && refusal.why.ends_with(end), "{refusal}");
        }
        let plain = "n=0: 0 is out of range; accepted: a whole number from 1 to 100000, such as \"30\", or \"";
        assert_eq!(brief(plain), plain);
    }

    #[test]
    fn overriding_keeps_the_order_and_names_what_it_refuses() {
        let (base, _) = StudyText::parse("data=iris&n=40&s=grid");
        let (own, refused) = StudyText::parse("#n=12&zzz=1&n=3&junk&p.max_depth=2%7C4%7cnone&x=%zz");
        assert_eq!(
            own.over(&base).to_string(),
            "data=iris&n=12&s=grid&p.max_depth=2|4|none"
        );
        let whats: Vec<_> = refused.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(whats, ["zzz", "n=3", "junk", "x=%zz"]);
    }

    #[test]
    fn calls_read_back_as_written() {
        let text = "grid(levels:5),random,bayes(acq:ei,xi:0.01)";
        let calls = Call::parse_list(text).expect("a list of calls");
        assert_eq!(calls.iter().map(Call::to_string).collect::<Vec<_>>().join(","), text);
        for wrong in ["", "a(", "a)", "a(b)", "a,,b", "a(b:1", "a b", "a(b:(c))", "a(b:1,b:2)"] {
            assert!(Call::parse_list(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_what_was_read_reads_back(text in ".{0,120}") {
            let (study, _) = StudyText::parse(&text);
            let (again, refused) = StudyText::parse(&study.to_string());
            prop_assert_eq!(&again, &study);
            prop_assert_eq!(refused, vec![]);
        }
    }
}
