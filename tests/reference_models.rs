//! Models against scikit-learn on the same rows and folds (tests/reference/models.py).
#![cfg(feature = "engine")]

use serde_json::Value as Json;
use tunescape::context::Context;
use tunescape::dataset::{METRICS, Table};
use tunescape::model::MODELS;
use tunescape::registry::find;
use tunescape::seed::Seed;
use tunescape::space::Config;

fn reference() -> Json {
    serde_json::from_str(include_str!("reference/models.json")).expect("JSON")
}

/// The rows of a data set, divided by its unit where `scaled`.
fn rows(data: &Json, scaled: bool) -> Table {
    let unit = if scaled {
        data["unit"].as_f64().expect("a unit")
    } else {
        1.0
    };
    let rows = data["x"].as_array().expect("rows");
    let values = |row: &Json| -> Vec<f64> {
        let values = row.as_array().expect("a row").iter();
        values.map(|v| v.as_f64().expect("a number") / unit).collect()
    };
    let y = data["y"].as_array().expect("classes").iter();
    let y: Vec<u32> = y.map(|v| v.as_u64().expect("a class") as u32).collect();
    let features = values(&rows[0]).len();
    let classes = 1 + y.iter().max().copied().expect("rows") as usize;
    Table::new(rows.iter().flat_map(values).collect(), y, features, classes).expect("a table")
}

/// Probabilities of every row by the model that has not seen it: row i is validated in fold i mod 5.
fn validated(model: &str, config: &Config, table: &Table, seed: u64) -> Vec<f64> {
    let built = (find(MODELS, model).expect("a model").build.build)(config).unwrap_or_else(|e| panic!("{config}: {e}"));
    let k = table.classes();
    let mut all = vec![0.0; table.rows() * k];
    for fold in 0..5 {
        let (out, train): (Vec<usize>, Vec<usize>) = (0..table.rows()).partition(|row| row % 5 == fold);
        let fitted = built.fit(
            &table.select(&train),
            1.0,
            Seed(seed).derive("fold", fold as u64),
            &Context::new(),
        );
        let p = fitted
            .unwrap_or_else(|e| panic!("{config}: {e}"))
            .predict(&table.select(&out));
        for (row, p) in out.iter().zip(p.chunks(k)) {
            all[row * k..][..k].copy_from_slice(p);
        }
    }
    all
}

/// A case of the reference, with the model's own name for its settings.
struct Case {
    name: String,
    config: Config,
    table: Table,
    theirs: Json,
}

fn cases(model: &str, scaled: bool) -> Vec<Case> {
    let reference = reference();
    let all = reference["models"][model].as_array().expect("cases").clone();
    assert!(all.len() >= 15, "{model}: {} cases", all.len());
    all.into_iter()
        .map(|theirs| {
            let data = theirs["data"].as_str().expect("a name");
            let config: Config = serde_json::from_value(theirs["config"].clone()).expect("a configuration");
            Case {
                name: format!("{model} on {data}: {config}"),
                config,
                table: rows(&reference["data"][data], scaled),
                theirs,
            }
        })
        .collect()
}

fn votes(p: &[f64], classes: usize) -> Vec<u8> {
    let most = |p: &[f64]| (1..classes).fold(0, |best, k| if p[k] > p[best] { k } else { best });
    p.chunks(classes).map(|p| b'0' + most(p) as u8).collect()
}

/// How many rows have another class than theirs, of those where theirs is no matter of chance.
fn differing(p: &[f64], case: &Case) -> usize {
    let theirs = case.theirs["votes"].as_str().expect("votes").bytes();
    votes(p, case.table.classes())
        .into_iter()
        .zip(theirs)
        .filter(|(a, b)| *b != b'.' && a != b)
        .count()
}

fn score(metric: &str, table: &Table, p: &[f64]) -> f64 {
    (find(METRICS, metric).expect("a metric").build.score)(table, p)
}

/// Whether every ninth row has their probabilities.
fn same_probabilities(p: &[f64], case: &Case, tolerance: f64, skip: impl Fn(usize) -> bool) -> bool {
    let classes = case.table.classes();
    let theirs = case.theirs["p"].as_array().expect("rows").iter().enumerate();
    let mut rows = theirs.filter(|(i, _)| !skip(i * 9));
    let near = |ours: f64, theirs: &Json| (theirs.as_f64().expect("a number") - ours).abs() <= tolerance;
    rows.all(|(i, row)| (0..classes).all(|k| near(p[i * 9 * classes + k], &row[k])))
}

#[test]
fn neighbours_are_those_of_scikit_learn() {
    for case in cases("knn", false) {
        let p = validated("knn", &case.config, &case.table, 1);
        assert_eq!(differing(&p, &case), 0, "{}", case.name);
        let tied = |row: usize| case.theirs["votes"].as_str().expect("votes").as_bytes()[row] == b'.';
        assert!(same_probabilities(&p, &case, 1e-11, tied), "{}", case.name);
    }
}

#[test]
fn naive_bayes_is_that_of_scikit_learn() {
    for case in cases("naive_bayes", true) {
        let p = validated("naive_bayes", &case.config, &case.table, 1);
        assert_eq!(differing(&p, &case), 0, "{}", case.name);
        assert!(same_probabilities(&p, &case, 1e-9, |_| false), "{}", case.name);
    }
}

#[test]
fn logistic_regression_is_that_of_scikit_learn() {
    for case in cases("logistic", true) {
        let p = validated("logistic", &case.config, &case.table, 1);
        assert!(differing(&p, &case) <= 1, "{}", case.name);
        assert!(same_probabilities(&p, &case, 1e-4, |_| false), "{}", case.name);
    }
}

#[test]
fn support_vectors_vote_as_those_of_scikit_learn() {
    let (mut rows, mut different) = (0, 0);
    for case in cases("svm", true) {
        let p = validated("svm", &case.config, &case.table, 1);
        let here = differing(&p, &case);
        // Both stop within the same tolerance of the optimum, not at the same point: a row on the boundary may fall to either side.
        assert!(here <= 1 + case.table.rows() / 100, "{}: {here} rows", case.name);
        (rows, different) = (rows + case.table.rows(), different + here);
        // Calibration draws its own folds. Ours have equal shares of the classes; theirs, where they have not, can turn odds around.
        let (ours, theirs) = (
            score("logloss", &case.table, &p),
            case.theirs["logloss"].as_f64().expect("a number"),
        );
        println!("{} {here} {ours:.4} {theirs:.4}", case.name);
        // Where votes are wrong though the calibrated odds are right, ours follow the votes: that costs up to ln 2 a row.
        let slack = 0.02 + std::f64::consts::LN_2 * (1.0 - score("accuracy", &case.table, &p));
        assert!(ours < slack + 1.12 * theirs, "{}: {ours} and {theirs}", case.name);
    }
    println!("svm: {different} of {rows} rows differ");
    assert!(different * 500 <= rows, "{different} of {rows}");
}

#[test]
fn trees_ask_what_those_of_scikit_learn_ask() {
    for case in cases("tree", false) {
        let p = validated("tree", &case.config, &case.table, 1);
        // Only rows on which their trees of all seeds agree: the others hang on equally good splits.
        let different = differing(&p, &case);
        let untied = case.theirs["votes"]
            .as_str()
            .expect("votes")
            .bytes()
            .filter(|v| *v != b'.')
            .count();
        println!("{}: {different} of {untied} rows", case.name);
        // Eight seeds don't find all ties; on the generated set, there are hardly any. Weights that are no whole numbers leave a rounding
        // error between equally good splits, which decides for all of their seeds alike.
        let is_exact = case.name.contains("cube") && !case.name.contains("balanced");
        let allowed = if is_exact { 0 } else { untied / 50 };
        assert!(different <= allowed, "{}: {different} of {untied} rows", case.name);
    }
}

/// Whether a mean score over seeds is theirs, within the noise of both.
fn means_agree(model: &str, scaled: bool) {
    let mut far = Vec::new();
    let mut count = 0;
    for case in cases(model, scaled) {
        // Few on the larger sets, for time.
        let seeds = if case.table.rows() == 500 { 5 } else { 10 };
        let config = match model {
            "mlp" => case.config.clone(),
            _ => case
                .config
                .clone()
                .with("n_estimators", tunescape::space::Value::Int(25)),
        };
        let runs: Vec<Vec<f64>> = (0..seeds)
            .map(|seed| validated(model, &config, &case.table, seed))
            .collect();
        for metric in ["accuracy", "logloss"] {
            let scores: Vec<f64> = runs.iter().map(|p| score(metric, &case.table, p)).collect();
            let mean = scores.iter().sum::<f64>() / seeds as f64;
            let variance = scores.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (seeds - 1) as f64;
            let theirs: [f64; 2] = [0, 1].map(|i| case.theirs[metric][i].as_f64().expect("a number"));
            let error = (variance / seeds as f64 + theirs[1] * theirs[1]).sqrt();
            let off = (mean - theirs[0]).abs() / error.max(0.002);
            println!("{} {metric} {mean:.4} {:.4} {off:.1}", case.name, theirs[0]);
            count += 1;
            // A leaf of rows of one class that another falls into costs infinity, whose share is all noise.
            if off > 3.5 && !(metric == "logloss" && theirs[0] > 0.6) {
                far.push(format!("{} {metric}: {mean} and {theirs:?}", case.name));
            }
        }
    }
    // Of so many comparisons at three and a half standard errors of so few seeds, one in a hundred is off by chance.
    assert!(far.len() * 50 <= count, "{far:#?}");
}

#[test]
fn forests_score_as_those_of_scikit_learn() {
    means_agree("forest", false);
}

#[test]
fn extremely_randomized_trees_score_as_those_of_scikit_learn() {
    means_agree("extra", false);
}

#[test]
fn networks_score_as_those_of_scikit_learn_with_and_without_weight_decay() {
    means_agree("mlp", true);
}

#[test]
fn boosting_scores_as_that_of_scikit_learn() {
    let (mut rows, mut different) = (0, 0);
    for case in cases("boosting", false) {
        let config = case
            .config
            .clone()
            .with("early_stopping", tunescape::space::Value::Bool(false));
        let p = validated("boosting", &config, &case.table, 1);
        let here = differing(&p, &case);
        let (ours, theirs) = (
            score("logloss", &case.table, &p),
            case.theirs["logloss"].as_f64().expect("a number"),
        );
        println!("{} {here} {ours:.4} {theirs:.4}", case.name);
        (rows, different) = (rows + case.table.rows(), different + here);
        assert!(here <= 2 + case.table.rows() / 40, "{}: {here} rows", case.name);
        assert!(
            (ours - theirs).abs() < 0.02 + 0.08 * theirs,
            "{}: {ours} and {theirs}",
            case.name
        );
    }
    println!("boosting: {different} of {rows} rows differ");
    assert!(different * 100 <= rows, "{different} of {rows}");
}
