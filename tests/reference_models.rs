//! Models against scikit-learn on the same rows and folds (tests/reference/models.py).
#![cfg(feature = "engine")]

use serde_json::Value as Json;
use std::sync::LazyLock;
use tunescape::context::Context;
use tunescape::dataset::{Column, METRICS, Table};
use tunescape::model::{Encode, MODELS, Step};
use tunescape::registry::find;
use tunescape::seed::Seed;
use tunescape::space::{Config, Value};

static REFERENCE: LazyLock<Json> =
    LazyLock::new(|| serde_json::from_str(include_str!("reference/models.json")).expect("JSON"));

/// The rows of a data set, numbers divided by its unit where `scaled`. The penguins have gaps, and words in the last two columns.
fn rows(name: &str, data: &Json, scaled: bool) -> Table {
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
    if name == "penguins" {
        let mut columns = vec![Column { levels: 0, gaps: true }; 4];
        columns.extend([Column { levels: 3, gaps: false }, Column { levels: 2, gaps: true }]);
        let value = |(f, v): (usize, f64)| match v {
            v if v < 0.0 => f64::NAN,
            v if f < 4 => v,
            v => (v * unit).round(),
        };
        let x = rows
            .iter()
            .flat_map(|row| values(row).into_iter().enumerate().map(value));
        return Table::raw(x.collect(), y, columns, classes).expect("a table");
    }
    Table::new(rows.iter().flat_map(values).collect(), y, features, classes).expect("a table")
}

/// Probabilities of every row by the model that has not seen it: row i is validated in fold i mod 5.
fn validated(model: &str, config: &Config, table: &Table, seed: u64) -> Vec<f64> {
    let built = (find(MODELS, model).expect("a model").build.build)(config).unwrap_or_else(|e| panic!("{config}: {e}"));
    let k = table.classes();
    let mut all = vec![0.0; table.rows() * k];
    for fold in 0..5 {
        let (out, train): (Vec<usize>, Vec<usize>) = (0..table.rows()).partition(|row| row % 5 == fold);
        let (mut train, mut held) = (table.select(&train), table.select(&out));
        if table.columns().is_some() {
            let encoder = Encode.fit(&train).expect("raw columns");
            [train, held] = [train, held].map(|rows| {
                let (x, features) = encoder.apply(&rows);
                rows.with_features(x, features).expect("numbers")
            });
        }
        let fitted = built.fit(&train, 1.0, Seed(seed).derive("fold", fold as u64), &Context::new());
        let p = fitted.unwrap_or_else(|e| panic!("{config}: {e}")).predict(&held);
        for (row, p) in out.iter().zip(p.chunks(k)) {
            all[row * k..][..k].copy_from_slice(p);
        }
    }
    all
}

/// A case of the reference, with the model's own name for its settings.
struct Case {
    name: String,
    data: String,
    config: Config,
    table: Table,
    theirs: Json,
}

fn cases(model: &str, scaled: bool) -> Vec<Case> {
    let all = REFERENCE["models"][model].as_array().expect("cases");
    all.iter()
        .map(|theirs| {
            let data = theirs["data"].as_str().expect("a name");
            let config: Config = serde_json::from_value(theirs["config"].clone()).expect("a configuration");
            Case {
                name: format!("{model} on {data}: {config}"),
                data: data.into(),
                config,
                table: rows(data, &REFERENCE["data"][data], scaled),
                theirs: theirs.clone(),
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

/// Whether every model's comparison notices `value` in place of the setting of cases on a small set, so that it could fail at all.
fn notices(model: &str, scaled: bool, setting: &str, value: Value, agrees: impl Fn(&Case) -> bool) {
    let wrong = cases(model, scaled)
        .into_iter()
        .filter(|case| case.data == "cube")
        .take(8);
    let noticed = wrong.map(|mut case| {
        case.config = case.config.with(setting, value.clone());
        agrees(&case)
    });
    let noticed: Vec<bool> = noticed.map(|agrees| !agrees).collect();
    let count = noticed.iter().filter(|noticed| **noticed).count();
    assert!(
        2 * count > noticed.len(),
        "{model}: {setting}={value:?} noticed in {noticed:?}"
    );
}

#[test]
fn every_model_is_compared_on_every_data_set() {
    for model in MODELS {
        let all = cases(model.id, false);
        for data in ["iris", "wine", "cancer", "digits", "moons", "cube", "penguins"] {
            let count = all.iter().filter(|case| case.data == data).count();
            let least = match (model.id, data) {
                // Of one setting, which is not 0 where a feature is constant.
                ("naive_bayes", "digits" | "penguins") => 4,
                ("naive_bayes", _) => 5,
                // Batches of wine are never of one size; tests/training.rs compares on it.
                ("mlp", "wine") => 0,
                ("svm" | "forest" | "extra" | "boosting" | "mlp" | "tree", "digits") => 4,
                _ => 12,
            };
            assert!(count >= least, "{} on {data}: {count} cases", model.id);
        }
    }
}

/// Whether the rows that are no matter of choice have their class, their probabilities and their loss.
fn neighbours_agree(case: &Case) -> bool {
    let p = validated("knn", &case.config, &case.table, 1);
    let is_tied = |row: usize| case.theirs["votes"].as_str().expect("votes").as_bytes()[row] == b'.';
    let untied: Vec<usize> = (0..case.table.rows()).filter(|row| !is_tied(*row)).collect();
    let k = case.table.classes();
    let of_untied: Vec<f64> = untied.iter().flat_map(|&row| p[row * k..][..k].to_vec()).collect();
    let loss = score("logloss", &case.table.select(&untied), &of_untied);
    let theirs = case.theirs["logloss"].as_f64().expect("a number");
    differing(&p, case) == 0 && same_probabilities(&p, case, 1e-11, is_tied) && (loss - theirs).abs() < 1e-9
}

#[test]
fn neighbours_are_those_of_scikit_learn() {
    for case in cases("knn", false) {
        assert!(neighbours_agree(&case), "{}", case.name);
    }
    notices("knn", false, "n_neighbors", Value::Int(6), neighbours_agree);
}

fn naive_bayes_agrees(case: &Case) -> bool {
    let p = validated("naive_bayes", &case.config, &case.table, 1);
    differing(&p, case) == 0 && same_probabilities(&p, case, 1e-9, |_| false)
}

#[test]
fn naive_bayes_is_that_of_scikit_learn() {
    for case in cases("naive_bayes", true) {
        assert!(naive_bayes_agrees(&case), "{}", case.name);
    }
    notices(
        "naive_bayes",
        true,
        "var_smoothing",
        Value::Float(0.05),
        naive_bayes_agrees,
    );
}

fn logistic_agrees(case: &Case) -> bool {
    let p = validated("logistic", &case.config, &case.table, 1);
    differing(&p, case) <= 1 && same_probabilities(&p, case, 1e-4, |_| false)
}

#[test]
fn logistic_regression_is_that_of_scikit_learn() {
    for case in cases("logistic", true) {
        assert!(logistic_agrees(&case), "{}", case.name);
    }
    notices("logistic", true, "C", Value::Float(0.5), logistic_agrees);
}

/// How many rows have another class, if that is within the tolerance of both and the loss is not worse than theirs.
fn support_vectors_agree(case: &Case) -> Option<usize> {
    let p = validated("svm", &case.config, &case.table, 1);
    let here = differing(&p, case);
    // Calibration draws its own folds. Ours have equal shares of the classes; theirs, where they have not, can turn odds around.
    let ours = score("logloss", &case.table, &p);
    let theirs = case.theirs["logloss"].as_f64().expect("a number");
    println!("{} {here} {ours:.4} {theirs:.4}", case.name);
    // Where votes are wrong though the calibrated odds are right, ours follow the votes: that costs up to ln 2 a row.
    let slack = 0.02 + std::f64::consts::LN_2 * (1.0 - score("accuracy", &case.table, &p));
    // Both stop within the same tolerance of the optimum, not at the same point: a row on the boundary may fall to either side.
    (here <= 1 + case.table.rows() / 100 && ours < slack + 1.12 * theirs).then_some(here)
}

#[test]
fn support_vectors_vote_as_those_of_scikit_learn() {
    let (mut rows, mut different) = (0, 0);
    for case in cases("svm", true) {
        let here = support_vectors_agree(&case);
        different += here.unwrap_or_else(|| panic!("{}", case.name));
        rows += case.table.rows();
    }
    println!("svm: {different} of {rows} rows differ");
    assert!(different * 500 <= rows, "{different} of {rows}");
    notices("svm", true, "C", Value::Float(0.01), |case| {
        support_vectors_agree(case).is_some()
    });
}

/// Whether no more rows than rounding explains have another class, of those on which their trees of all seeds agree: the others hang on
/// equally good splits.
fn trees_agree(case: &Case) -> bool {
    let p = validated("tree", &case.config, &case.table, 1);
    let different = differing(&p, case);
    let votes = case.theirs["votes"].as_str().expect("votes").bytes();
    let untied = votes.filter(|v| *v != b'.').count();
    println!("{}: {different} of {untied} rows", case.name);
    // Eight seeds don't find all ties; on the generated set, there are hardly any. Weights that are no whole numbers leave a rounding
    // error between equally good splits, which decides for all of their seeds alike.
    let is_exact = case.data == "cube" && !case.name.contains("balanced");
    different <= if is_exact { 0 } else { untied / 50 }
}

#[test]
fn trees_ask_what_those_of_scikit_learn_ask() {
    for case in cases("tree", false) {
        assert!(trees_agree(&case), "{}", case.name);
    }
    notices("tree", false, "max_depth", Value::Int(2), trees_agree);
}

/// The scores of a case whose mean over seeds is not theirs, within the noise of both.
fn means_apart(model: &str, case: &Case) -> Vec<String> {
    // Few on the larger sets, for time.
    let seeds = if case.table.rows() >= 300 { 4 } else { 8 };
    let config = match model {
        "mlp" => case.config.clone(),
        _ => case.config.clone().with("n_estimators", Value::Int(25)),
    };
    let run = |seed| validated(model, &config, &case.table, seed);
    let runs: Vec<Vec<f64>> = (0..seeds).map(run).collect();
    let mut apart = Vec::new();
    for metric in ["accuracy", "logloss"] {
        let scores: Vec<f64> = runs.iter().map(|p| score(metric, &case.table, p)).collect();
        let mean = scores.iter().sum::<f64>() / seeds as f64;
        let variance = scores.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (seeds - 1) as f64;
        let theirs: [f64; 2] = [0, 1].map(|i| case.theirs[metric][i].as_f64().expect("a number"));
        // A variance of so few seeds is not less than half of theirs, of six seeds.
        let error = (variance.max(3.0 * theirs[1] * theirs[1]) / seeds as f64 + theirs[1] * theirs[1]).sqrt();
        let off = (mean - theirs[0]).abs() / error.max(0.002);
        println!("{} {metric} {mean:.4} {:.4} {off:.1}", case.name, theirs[0]);
        // A leaf of rows of one class that another falls into costs infinity, whose share is all noise.
        if off > 3.5 && !(metric == "logloss" && theirs[0] > 0.6) {
            apart.push(format!("{} {metric}: {mean} and {theirs:?}", case.name));
        }
    }
    apart
}

/// Whether mean scores over seeds are theirs, accuracy and log loss of every case, and not where `setting` has another value.
fn means_agree(model: &str, scaled: bool, setting: &str, value: Value) {
    let all = cases(model, scaled);
    let apart: Vec<String> = all.iter().flat_map(|case| means_apart(model, case)).collect();
    // Of so many comparisons at three and a half standard errors of so few seeds, one in a hundred is off by chance.
    assert!(apart.len() * 25 <= all.len(), "{apart:#?}");
    notices(model, scaled, setting, value, |case| {
        means_apart(model, case).is_empty()
    });
}

#[test]
fn forests_score_as_those_of_scikit_learn() {
    means_agree("forest", false, "max_depth", Value::Int(2));
}

#[test]
fn extremely_randomized_trees_score_as_those_of_scikit_learn() {
    means_agree("extra", false, "max_depth", Value::Int(2));
}

#[test]
fn networks_score_as_those_of_scikit_learn_with_and_without_weight_decay() {
    means_agree("mlp", true, "learning_rate", Value::Float(0.0015));
}

/// How many rows have another class, if those are few and the loss is near theirs.
fn boosting_agrees(case: &Case) -> Option<usize> {
    let config = case.config.clone().with("early_stopping", Value::Bool(false));
    let p = validated("boosting", &config, &case.table, 1);
    let here = differing(&p, case);
    let ours = score("logloss", &case.table, &p);
    let theirs = case.theirs["logloss"].as_f64().expect("a number");
    println!("{} {here} {ours:.4} {theirs:.4}", case.name);
    (here <= 2 + case.table.rows() / 40 && (ours - theirs).abs() < 0.02 + 0.08 * theirs).then_some(here)
}

#[test]
fn boosting_scores_as_that_of_scikit_learn() {
    let (mut rows, mut different) = (0, 0);
    for case in cases("boosting", false) {
        let here = boosting_agrees(&case);
        different += here.unwrap_or_else(|| panic!("{}", case.name));
        rows += case.table.rows();
    }
    println!("boosting: {different} of {rows} rows differ");
    assert!(different * 100 <= rows, "{different} of {rows}");
    notices("boosting", false, "learning_rate", Value::Float(0.02), |case| {
        boosting_agrees(case).is_some()
    });
}
