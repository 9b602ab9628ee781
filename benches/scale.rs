//! How the cost of a fit grows from 1,000 rows to 100,000, one thread: `cargo bench --bench scale -- [tree | forest | boosting]`. And the
//! memory of a forest of 1000 trees, or as many as said, cross-validated on 100,000 × 20: `cargo bench --bench scale -- memory [TREES]`.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]

use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use std::time::Instant;
use tunescape::context::Context;
use tunescape::dataset::{Cv, DATASETS, Dataset, METRICS};
use tunescape::model::{MODELS, Model};
use tunescape::objective::{CrossValidation, Objective, Task};
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space, Value};
use tunescape::trial::{Job, Origin};

fn hypercube(rows: usize) -> Dataset {
    let entry = find(DATASETS, "hypercube").expect("a data set");
    let (settings, refused) = Settings::check(entry.id, entry.settings, &[("n".into(), rows.to_string())]);
    assert!(refused.is_empty(), "{refused:?}");
    (entry.build)(&settings, Seed(42)).expect("builds")
}

fn model(id: &str, config: &Config) -> Box<dyn Model> {
    (find(MODELS, id).expect("a model").build.build)(config).expect("builds")
}

/// Seconds for which this thread has run, where the system says so: other load on the machine does not count. Else those since `begin`.
fn seconds(begin: Instant) -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(|| begin.elapsed().as_secs_f64(), |n| n * 1e-9)
}

/// Seconds of one fit for more and more rows, and how they grow: n log n is a power a little above 1.
fn curve(id: &str) {
    let config = match id {
        "forest" => Config::default().with("n_estimators", Value::Int(100)),
        "boosting" => Config::default()
            .with("max_iter", Value::Int(100))
            .with("early_stopping", Value::Bool(false)),
        _ => Config::default(),
    };
    let model = model(id, &config);
    let mut before: Option<(usize, f64)> = None;
    for rows in [1_000, 3_000, 10_000, 30_000, 100_000] {
        let table = hypercube(rows).rows;
        let begin = Instant::now();
        let start = seconds(begin);
        // Without what the table keeps, as ranks of its values; and as often as some tenths of a second take, for the counter is coarse.
        let all: Vec<usize> = (0..rows).collect();
        let mut runs = 0.0;
        while seconds(begin) - start < 0.3 && begin.elapsed().as_secs() < 20 {
            let fresh = table.select(&all);
            model.fit(&fresh, 1.0, Seed(1), &Context::new()).expect("fits");
            runs += 1.0;
        }
        let spent = (seconds(begin) - start) / runs;
        let power = before.map_or_else(String::new, |(fewer, less)| {
            let power = (spent / less).ln() / (rows as f64 / fewer as f64).ln();
            format!("   grows as rows to the power of {power:.2}")
        });
        println!("{id:<10} {rows:>7} rows {spent:>10.4} s{power}");
        before = Some((rows, spent));
    }
}

/// The most memory that this process has had so far, in bytes, where the system says so.
fn peak() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn memory(trees: i64) {
    const ROWS: usize = 100_000;
    let data = hypercube(ROWS);
    let config = Config::default().with("n_estimators", Value::Int(trees));
    let list = Domain::parse(&format!("{trees}")).expect("a domain");
    let space = Space::new(vec![Param::new("n_estimators", list)], Vec::new()).expect("a space");
    let forest = Arc::new(find(MODELS, "forest").expect("a model").build.build);
    let accuracy = find(METRICS, "accuracy").expect("a metric");
    let folds = Cv::parse("5").expect("folds");
    let objective =
        CrossValidation::new(&data, forest, Arc::new(space), None, folds, accuracy, Seed(42)).expect("an objective");
    let job = Job {
        id: 0,
        config,
        fidelity: 1.0,
        parent: None,
        origin: Origin::Person,
    };
    let start = Instant::now();
    let value = objective.evaluate(&Task::new(&job), &Context::new()).value();
    println!(
        "a forest of {trees} trees, cross-validated in 5 folds on {ROWS} × 20: accuracy {:.4}, {:.0} s, at most {:.0} MiB",
        value.unwrap_or(f64::NAN),
        start.elapsed().as_secs_f64(),
        peak().unwrap_or(f64::NAN) / 1024.0 / 1024.0
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    match args.first().map(String::as_str) {
        Some("memory") => memory(args.get(1).and_then(|trees| trees.parse().ok()).unwrap_or(1000)),
        chosen => {
            let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
            let all = ["tree", "forest", "boosting"];
            pool.install(|| {
                all.into_iter()
                    .filter(|id| chosen.is_none_or(|c| c == *id))
                    .for_each(curve)
            });
        }
    }
}
