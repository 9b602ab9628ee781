//! Milliseconds of one fit of every model, beside scikit-learn's on a quiet machine. `cargo bench --bench models [WORD]` for lines with the
//! word, in processor time; with `--wall` by the clock. `cargo xtask bench` runs the same in the browser.
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

mod host;

use host::{clock, say, seconds, wants};
use tunescape::context::Context;
use tunescape::dataset::{DATASETS, Table};
use tunescape::model::MODELS;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::Config;

/// The first rows of a data set.
fn table(id: &str, settings: &[(&str, &str)], rows: usize) -> Table {
    let entry = find(DATASETS, id).expect("a data set");
    let given: Vec<(String, String)> = settings.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let (settings, refused) = Settings::check(id, entry.settings, &given);
    assert!(refused.is_empty(), "{refused:?}");
    let all = (entry.build)(&settings, Seed(42)).expect("builds").rows;
    // Every fifth row is left out, so that all classes are there.
    let chosen: Vec<usize> = (0..all.rows()).filter(|row| row % 5 != 4).take(rows).collect();
    all.select(&chosen)
}

/// Seconds of a stretch at least, and how many are timed.
const LONG_ENOUGH: f64 = 0.1;
const STRETCHES: u32 = 5;

/// Milliseconds of a run: the mean over a stretch of runs, of several stretches the fastest, which other load has touched least.
fn fastest(mut run: impl FnMut()) -> f64 {
    let mut stretch = |runs: u32| {
        let (start, begin) = (seconds(), clock());
        (0..runs).for_each(|_| run());
        let (spent, passed) = (seconds() - start, clock() - begin);
        // Some systems count a thread's time only when it pauses: then the clock's is as good.
        if spent < LONG_ENOUGH && passed > 3.0 {
            passed
        } else {
            spent
        }
    };
    let mut runs = 1;
    let mut least = stretch(runs);
    while least < LONG_ENOUGH {
        runs *= 2;
        least = stretch(runs);
    }
    for _ in 1..STRETCHES {
        let spent = stretch(runs);
        least = if spent < least { spent } else { least };
    }
    least * 1e3 / f64::from(runs)
}

fn main() {
    host::alone(bench);
}

fn bench() {
    let iris = table("iris", &[], 120);
    let cube = table("hypercube", &[], 800);
    // Configuration, whether it is the prediction of the training rows that is timed, and scikit-learn's milliseconds on both sets.
    let lines: &[(&str, &str, bool, [f64; 2])] = &[
        ("forest", r#"{"n_estimators":100}"#, false, [94.0, 177.0]),
        ("extra", r#"{"n_estimators":100}"#, false, [f64::NAN; 2]),
        ("tree", "{}", false, [f64::NAN; 2]),
        ("boosting", r#"{"max_iter":100}"#, false, [58.0, 154.0]),
        ("mlp", r#"{"epochs":200}"#, false, [166.0, 980.0]),
        ("mlp", r#"{"epochs":200,"activation":"tanh"}"#, false, [f64::NAN; 2]),
        ("logistic", "{}", false, [11.4, 1.77]),
        ("svm", r#"{"probability":false}"#, false, [0.87, 6.9]),
        ("svm", "{}", false, [f64::NAN; 2]),
        ("knn", r#"{"n_neighbors":5}"#, true, [0.34, 2.9]),
        ("naive_bayes", "{}", false, [f64::NAN; 2]),
    ];
    for (model, config, predicts, theirs) in lines.iter().filter(|line| wants(line.0)) {
        let config: Config = serde_json::from_str(config).expect("a configuration");
        let built = (find(MODELS, model).expect("a model").build.build)(&config).expect("builds");
        for (name, table, theirs) in [
            ("iris 120 x 4", &iris, theirs[0]),
            ("hypercube 800 x 20", &cube, theirs[1]),
        ] {
            // Without what the table keeps, as ranks of its values.
            let all: Vec<usize> = (0..table.rows()).collect();
            let fit = |table: &Table| built.fit(table, 1.0, Seed(1), &Context::new()).expect("fits");
            let ms = if *predicts {
                let fitted = fit(table);
                fastest(|| drop(fitted.predict(table)))
            } else {
                fastest(|| drop(fit(&table.select(&all))))
            };
            let config = if config.0.is_empty() {
                String::new()
            } else {
                config.to_string()
            };
            let beside = if theirs.is_nan() {
                String::new()
            } else {
                format!("   scikit-learn {theirs:>7.2} ms   {:>6.1} x", theirs / ms)
            };
            say(&format!("{model:<12} {config:<20} {name:<19} {ms:>9.3} ms{beside}"));
        }
    }
}
