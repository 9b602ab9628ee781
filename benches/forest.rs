//! Forests by the clock: `cargo bench --bench forest`. The figures to compare with are scikit-learn's on a quiet 2-core machine.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]

use rayon::ThreadPoolBuilder;
use std::sync::Arc;
use std::time::Instant;
use tunescape::context::Context;
use tunescape::dataset::{Cv, DATASETS, Dataset, METRICS, Split};
use tunescape::model::MODELS;
use tunescape::objective::{CrossValidation, Objective, Task};
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space, Value};
use tunescape::trial::{Job, Origin};

fn dataset(id: &str) -> Dataset {
    let entry = find(DATASETS, id).expect("a data set");
    (entry.build)(&Settings::defaults(entry.settings), Seed(42)).expect("builds")
}

/// The classic grid: 4 × 4 × 3 × 3 configurations.
fn grid() -> Space {
    let list = |text: &str| Domain::parse(text).expect("a domain");
    let params = [
        ("n_estimators", "10|50|100|200"),
        ("max_depth", "none|10|20|30"),
        ("min_samples_split", "2|5|10"),
        ("min_samples_leaf", "1|2|4"),
    ];
    Space::new(
        params.map(|(name, text)| Param::new(name, list(text))).into(),
        Vec::new(),
    )
    .expect("a space")
}

fn objective() -> CrossValidation {
    CrossValidation::new(
        &dataset("iris"),
        Arc::new(find(MODELS, "forest").expect("a model").build.build),
        Arc::new(grid()),
        Some(Split::parse("0.2").expect("a split")),
        Cv::parse("5").expect("folds"),
        find(METRICS, "accuracy").expect("a metric"),
        Seed(42),
    )
    .expect("an objective")
}

/// Seconds of the quickest of `repeats` runs of `run` on what `prepare` made: the figure that other load on the machine disturbs least.
fn quickest<T>(repeats: usize, prepare: impl Fn() -> T, run: impl Fn(&T)) -> f64 {
    let times = (0..repeats).map(|_| {
        let made = prepare();
        let start = Instant::now();
        run(&made);
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn search(objective: &CrossValidation) {
    let configs = objective.space().list();
    for (id, config) in configs.enumerate() {
        let job = Job {
            id: id as u32,
            config,
            fidelity: 1.0,
            parent: None,
            origin: Origin::Person,
        };
        assert!(objective.evaluate(&Task::new(&job), &Context::new()).value().is_some());
    }
}

fn fit(dataset: &Dataset, rows: usize, trees: i64) {
    let rows: Vec<usize> = (0..rows).collect();
    let config = Config::default().with("n_estimators", Value::Int(trees));
    let model = (MODELS[0].build.build)(&config).expect("a model");
    let table = dataset.rows.select(&rows);
    model.fit(&table, 1.0, Seed(1), &Context::new()).expect("fits");
}

fn main() {
    let (iris, hypercube) = (dataset("iris"), dataset("hypercube"));
    for threads in [1, 2] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let report = |what: &str, seconds: f64, peer: f64| {
                println!(
                    "{threads} thread(s)  {what:<40} {:>9.3} ms   scikit-learn {:>9.1} ms   {:>6.0} x",
                    seconds * 1e3,
                    peer * 1e3,
                    peer / seconds
                );
            };
            let grid = quickest(25, objective, search);
            report("Iris, 144 configurations x 5 folds", grid, 31.6);
            let forgetful = quickest(7, || objective().forgetful(), search);
            report("the same without memory", forgetful, 31.6);
            report(
                "Iris 120 rows, fit 100 trees",
                quickest(101, || (), |()| fit(&iris, 120, 100)),
                0.094,
            );
            let fit_hypercube = quickest(31, || (), |()| fit(&hypercube, 800, 100));
            report("hypercube 800 x 20, fit 100 trees", fit_hypercube, 0.1766);
        });
    }
}
