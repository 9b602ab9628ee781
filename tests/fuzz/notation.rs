//! The study text.

use super::{cases, changed, changes};
use proptest::prelude::*;
use tunescape::dataset::{Cv, Split};
use tunescape::space::{Constraint, Domain, Prior};
use tunescape::spec::{Call, KEYS, PAGE_KEYS, Refusal, StudyText};
use tunescape::study::{PRESETS, Study};

/// Words and marks of the notation, and what has no place in it. Data stay small, so that preparing is all there is to it.
const PIECES: &[&str] = &[
    "data=",
    "model=",
    "prep=",
    "p.",
    "prior.",
    "cv=",
    "split=",
    "metric=",
    "s=",
    "n=",
    "batch=",
    "seed=",
    "reps=",
    "stop=",
    "where=",
    "fn=",
    "preset=",
    "fidelity=",
    "v=",
    "lang=",
    "&",
    "=",
    "(",
    ")",
    ",",
    ":",
    "|",
    "..",
    "~log",
    "~step:",
    "~plain",
    "~grouped",
    "{",
    "}",
    "%",
    "%2",
    "%26",
    "%00",
    "#",
    ";",
    "<=",
    "*",
    "+",
    "forest",
    "svm",
    "knn",
    "naive_bayes",
    "scale",
    "pca",
    "iris",
    "csv",
    "branin",
    "mixed",
    "ackley(d:",
    "levy(d:3)",
    "bayes",
    "random",
    "grid",
    "hyperband",
    "gradient",
    "regret",
    "stagnation(trials:",
    "0",
    "1",
    "-1",
    "30",
    "1e999",
    "-1e-999",
    "99999999999999999999",
    "0.5",
    "none",
    "nan",
    "x1",
    "kind",
    "svm.C",
    "n_estimators",
    "normal(",
    "weights(",
    "\u{0}",
    "é",
    "\n",
    "hold:",
    "loo",
    "classic-grid",
    "low:reversed",
    "noise:",
    "rows",
    "v=1",
    "accuracy",
    "logloss",
];

const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "0.2",
    "1e999",
    "nan",
    "99999999999999999999",
    "4294967295",
    "none",
    "true",
    "x",
    "1..9",
    "9..1",
    "0..0",
    "1..1e300",
    "-1e308..1e308",
    "0.1..0.9~log",
    "-1..1~log",
    "1..9~step:0",
    "1..9~step:2",
    "1e-5..1~log~log",
    "1|2|none",
    "1|1",
    "{a,b}",
    "{}",
    "{a,a}",
    "=5",
    "=",
    "5x3",
    "5~plain",
    "1001",
    "2x101",
    "hold:0.5",
    "hold:1",
    "loo",
    "0.5~stratified",
    "iris",
    "iris(n:5)",
    "penguins",
    "xor(n:60)",
    "csv",
    "hypercube(n:80,d:5,seed:1)",
    "hypercube(n:-5)",
    "nothing",
    "forest",
    "forest,svm",
    "forest,forest",
    "forest(n_estimators:0)",
    "knn(k:1e9)",
    "scale",
    "scale,scale",
    "pca(components:0.9)",
    "select(k:99)",
    "branin",
    "branin(noise:-1)",
    "forrester(low:reversed)",
    "ackley(d:3)",
    "ackley(d:1000000)",
    "random",
    "grid",
    "grid(levels:0)",
    "grid(levels:9999999)",
    "bayes(acq:ei)",
    "bayes(xi:nope)",
    "random,random,random,random,random,random,random",
    "gradient",
    "hyperband(eta:1)",
    "tpe",
    "accuracy",
    "logloss",
    "auc",
    "stagnation(trials:0)",
    "stagnation",
    "regret",
    "cost(limit:-1)",
    "normal(0.5,0.1)",
    "normal(1e999,0)",
    "weights(a:1,b:-1)",
    "x1<=x2",
    "x1*x1*x1>1e999",
    "n_estimators+max_depth<=50",
    "<",
    "a<b;",
    "rows",
    "model",
    "race-iris",
    "forrester",
];

/// Pairs of a key of the notation, or nearly, and a value that stands somewhere in it.
fn pairs() -> impl Strategy<Value = String> {
    let known = KEYS
        .iter()
        .chain(PAGE_KEYS)
        .map(|(key, _)| *key)
        .filter(|key| !key.ends_with(".NAME"));
    let others = [
        "p.x1",
        "p.x2",
        "p.x",
        "p.n_estimators",
        "p.max_depth",
        "p.svm.C",
        "p.k",
        "p.",
        "p.model",
        "p.scale.method",
        "prior.x1",
        "prior.max_depth",
        "prior.",
        "x",
        "Data",
        " n",
    ];
    let keys: Vec<&str> = known.chain(others).collect();
    let pair = (prop::sample::select(keys), prop::sample::select(VALUES));
    prop::collection::vec(pair, 0..9).prop_map(|pairs| {
        pairs
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    })
}

/// Every refusal is of something that the text says or should say, and tells why.
fn named(text: &str, refused: &[Refusal]) -> Result<(), TestCaseError> {
    let (own, _) = StudyText::parse(text);
    for Refusal { what, why } in refused {
        prop_assert!(why.len() > 3 && what.chars().count() <= 80, "{what}: {why}");
        let shown = what.strip_suffix('…').unwrap_or(what);
        let key = shown.split('=').next().unwrap_or(shown);
        let is_key = KEYS.iter().chain(PAGE_KEYS).any(|(known, _)| *known == key) || own.get(key).is_some();
        let given = text.contains(shown)
            || own.to_string().contains(shown)
            || own.pairs().iter().any(|(_, v)| v.contains(shown));
        // A strategy is named by its label, which spells what differs from the defaults.
        let called = own
            .get("s")
            .is_some_and(|s| s.contains(shown.split(['(', '#']).next().unwrap_or(shown)));
        // An encoded key is shown as it reads.
        let unknown = text.contains('%') && why.starts_with("unknown key");
        prop_assert!(
            !what.is_empty() && (is_key || given || called || unknown),
            "{what}: {why}\nof {text}"
        );
    }
    Ok(())
}

/// The study of a text, or refusals that name what is wrong; and the study's own text is that study again, of which nothing is refused.
fn prepares(text: &str) -> Result<Option<Study>, TestCaseError> {
    let study = match Study::prepare(text, || 0.0) {
        Ok(study) => study,
        Err(refused) => {
            prop_assert!(!refused.is_empty());
            named(text, &refused)?;
            return Ok(None);
        }
    };
    named(text, &study.prepared().refused)?;
    let whole = study.prepared().text.clone();
    match Study::prepare(&whole, || 0.0) {
        Err(refused) => return Err(TestCaseError::fail(format!("{whole} of {text}: {refused:?}"))),
        Ok(again) => {
            let (first, second) = (study.prepared(), again.prepared());
            // What strategies refused stands in the text still.
            let left = |refused: &[Refusal]| refused.iter().filter(|r| !whole.contains(&r.what)).count();
            prop_assert_eq!(left(&second.refused), 0, "{:?} of {}", second.refused, whole);
            prop_assert_eq!(&second.text, &first.text);
            prop_assert_eq!(&second.space, &first.space);
            prop_assert_eq!(&second.lanes, &first.lanes);
            prop_assert_eq!(&second.facts, &first.facts);
        }
    }
    Ok(Some(study))
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn pairs_are_prepared_or_named(text in pairs()) {
        prepares(&text)?;
    }

    #[test]
    fn pieces_are_prepared_or_named(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16)) {
        prepares(&pieces.concat())?;
    }

    #[test]
    fn letters_are_prepared_or_named(text in ".{0,200}") {
        prepares(&text)?;
    }

    #[test]
    fn lists_of_calls_read_back(text in "[a-c0-9(),:=._ -]{0,40}") {
        if let Ok(calls) = Call::parse_list(&text) {
            let again = calls.iter().map(Call::to_string).collect::<Vec<_>>().join(",");
            prop_assert_eq!(Call::parse_list(&again), Ok(calls), "{} of {}", again, text);
        }
    }

    #[test]
    fn domains_and_what_is_said_of_them_read_back(domain in part(), prior in part(), u in 0.0..1.0f64) {
        match Domain::parse(&domain) {
            Err(why) => prop_assert!(why.contains(&format!("\"{domain}\"")) && why.contains("accepted"), "{why}"),
            Ok(read) => {
                prop_assert_eq!(Domain::parse(&read.to_string()), Ok(read.clone()), "{} of {}", read, domain);
                let value = read.at_unit(u);
                prop_assert_eq!(read.check(&value), Ok(value.clone()));
                prop_assert!((0.0..=1.0).contains(&read.to_unit(&value)));
                match Prior::parse(&prior, &read) {
                    Err(why) => prop_assert!(why.contains("accepted"), "{why}"),
                    Ok(prior) => {
                        prop_assert!((0.0..=1.0).contains(&prior.quantile(u)));
                        prop_assert!(prior.log_density(u) <= 0.0 && prior.log_density(u).is_finite());
                        prop_assert_eq!(Prior::parse(&prior.to_string(), &read), Ok(prior));
                    }
                }
            }
        }
    }

    #[test]
    fn inequalities_and_ways_of_validation_read_back(text in part()) {
        match Constraint::parse_list(&text) {
            Err(why) => prop_assert!(why.contains("accepted"), "{why}"),
            Ok(list) => {
                let again = list.iter().map(Constraint::to_string).collect::<Vec<_>>().join(";");
                prop_assert_eq!(Constraint::parse_list(&again), Ok(list), "{} of {}", again, text);
            }
        }
        match Cv::parse(&text) {
            Err(why) => prop_assert!(why.contains(&format!("\"{text}\"")) && why.contains("accepted"), "{why}"),
            Ok(cv) => prop_assert_eq!(Cv::parse(&cv.to_string()), Ok(cv)),
        }
        match Split::parse(&text) {
            Err(why) => prop_assert!(why.contains("accepted"), "{why}"),
            Ok(split) => prop_assert_eq!(Split::parse(&split.to_string()), Ok(split)),
        }
    }
}

/// Some of the values, as they are or in pieces.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(VALUES).prop_map(String::from),
        prop::collection::vec(prop::sample::select(PIECES), 0..6).prop_map(|pieces| pieces.concat()),
        "[0-9.eE+|{},~:a-d<>=*;x -]{0,24}",
    ]
}

proptest! {
    #![proptest_config(cases(400))]

    /// Presets of small data.
    #[test]
    fn presets_that_were_tampered_with(which in any::<prop::sample::Index>(), changes in changes(PIECES)) {
        let small: Vec<&str> = PRESETS.iter().map(|preset| preset.build).filter(|text| !text.contains("digits")).collect();
        let text = changed(small[which.index(small.len())], &changes);
        prepares(&String::from_utf8_lossy(&text))?;
    }

    /// What is accepted also runs, whatever is asked for.
    #[test]
    fn what_is_accepted_runs(text in pairs()) {
        let text = format!("{text}&fn=branin&n=3").replace("d:1000000", "d:30");
        let Some(mut study) = prepares(&text)? else { return Ok(()) };
        for _ in 0..12 {
            study.step(true);
        }
    }
}

#[test]
fn texts_without_end_are_refused_at_once() {
    let many: String = (0..10_000).map(|i| format!("p.x{i}=1..9&")).collect();
    let long = format!("p.x={}", vec!["1"; 7_000].join("|"));
    let deep = format!("s={}", "(".repeat(16_000));
    for text in [
        &many,
        &long,
        &deep,
        &"&".repeat(16_384),
        &"%41".repeat(5_000),
        &"s=".repeat(8_000),
    ] {
        prepares(text).expect("named");
    }
    let (_, refused) = StudyText::parse(&many);
    assert!(refused[0].why.contains("at most 16384"), "{}", refused[0]);
}
