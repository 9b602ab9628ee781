//! Models that train step by step or know their own derivatives: against scikit-learn, from checkpoints, along lineages, by hypergradients.
#![cfg(feature = "engine")]

use serde_json::Value as Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tunescape::context::Context;
use tunescape::dataset::{Cv, DATASETS, Dataset, METRICS, Table};
use tunescape::model::{Checkpoint, Fitted, MODELS, Model};
use tunescape::objective::{BuildModel, CrossValidation, Objective, Task};
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Config, Domain, Param, Space, Value};
use tunescape::trial::{Job, Need, Origin, Outcome, Score};

fn dataset(id: &str) -> Dataset {
    let entry = find(DATASETS, id).expect("a data set");
    (entry.build)(&Settings::defaults(entry.settings), Seed(1)).expect(id)
}

fn config(json: &str) -> Config {
    serde_json::from_str(json).expect("a configuration")
}

fn model(id: &str, config: &Config) -> Box<dyn Model> {
    (find(MODELS, id).expect("a model").build.build)(config).unwrap_or_else(|why| panic!("{config}: {why}"))
}

fn refused(id: &str, json: &str) -> String {
    let built = (find(MODELS, id).expect("a model").build.build)(&config(json));
    built.err().unwrap_or_else(|| panic!("{json} was built"))
}

fn fit(id: &str, json: &str, table: &Table) -> Result<Vec<f64>, String> {
    let fitted = model(id, &config(json)).fit(table, 1.0, Seed(3), &Context::new())?;
    Ok(fitted.predict(table))
}

fn standardized(table: &Table) -> Table {
    let (n, d) = (table.rows(), table.features());
    let mut x = table.x().to_vec();
    for j in 0..d {
        let column = || (0..n).map(|i| table.row(i)[j]);
        let mean = column().sum::<f64>() / n as f64;
        let sd = (column().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64).sqrt();
        (0..n).for_each(|i| x[i * d + j] = (x[i * d + j] - mean) / sd);
    }
    Table::new(x, table.y().to_vec(), d, table.classes()).expect("a table")
}

/// Probabilities of every row by the model that has not seen it: row i is validated in fold i mod 5.
fn validated(model: &dyn Model, table: &Table, seed: u64) -> Vec<f64> {
    let k = table.classes();
    let mut all = vec![0.0; table.rows() * k];
    for fold in 0..5 {
        let (out, train): (Vec<usize>, Vec<usize>) = (0..table.rows()).partition(|row| row % 5 == fold);
        let seed = Seed(seed).derive("fold", fold as u64);
        let fitted = model.fit(&table.select(&train), 1.0, seed, &Context::new());
        let p = fitted.expect("fits").predict(&table.select(&out));
        for (row, p) in out.iter().zip(p.chunks(k)) {
            all[row * k..][..k].copy_from_slice(p);
        }
    }
    all
}

fn score(metric: &str, table: &Table, p: &[f64]) -> f64 {
    (find(METRICS, metric).expect("a metric").build.score)(table, p)
}

#[test]
fn logistic_regression_agrees_with_scikit_learn() {
    let reference: Json = serde_json::from_str(include_str!("reference/logistic.json")).expect("JSON");
    let cases = reference["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 28);
    for case in cases {
        let all = dataset(case["data"].as_str().expect("a name")).rows;
        let (y, classes) = match case["two"] == true {
            true => (all.y().iter().map(|&k| u32::from(k == 1)).collect(), 2),
            false => (all.y().to_vec(), 3),
        };
        let table = Table::new(all.x().to_vec(), y, all.features(), classes).expect("a table");
        let weight = if case["balanced"] == true { "balanced" } else { "none" };
        let own = Config::default()
            .with("C", Value::Float(case["C"].as_f64().expect("a number")))
            .with("class_weight", Value::parse(weight))
            .with("fit_intercept", Value::Bool(case["intercept"] == true));
        let p = validated(&*model("logistic", &own), &table, 1);
        let theirs = case["p"].as_array().expect("rows").iter();
        for (row, theirs) in theirs.enumerate() {
            for (k, theirs) in theirs.as_array().expect("a row").iter().enumerate() {
                let ours = p[row * 6 * classes + k];
                let far = (ours - theirs.as_f64().expect("a number")).abs();
                assert!(far < 1e-4, "{own} on {}: row {row}, {ours} and {theirs}", case["data"]);
            }
        }
        let accuracy = score("accuracy", &table, &p);
        let theirs = case["accuracy"].as_f64().expect("a number");
        assert!(
            (accuracy - theirs).abs() < 1.5 / table.rows() as f64,
            "{own}: {accuracy} and {theirs}"
        );
    }
}

#[test]
fn networks_score_as_those_of_scikit_learn_within_noise() {
    const SEEDS: u64 = 6;
    let reference: Json = serde_json::from_str(include_str!("reference/mlp.json")).expect("JSON");
    let cases = reference["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 24);
    for case in cases {
        let table = standardized(&dataset(case["data"].as_str().expect("a name")).rows);
        let own: Config = serde_json::from_value(case["config"].clone()).expect("a configuration");
        let made = model("mlp", &own);
        let runs: Vec<Vec<f64>> = (0..SEEDS).map(|seed| validated(&*made, &table, seed)).collect();
        // Their penalty is larger in the last batch, so that only classes can be compared where it counts. tests/reference_models.rs compares
        // losses with batches of one size.
        let penalized = own.get("weight_decay").is_some();
        for metric in ["accuracy", "logloss"].into_iter().take(if penalized { 1 } else { 2 }) {
            let mean = runs.iter().map(|p| score(metric, &table, p)).sum::<f64>() / SEEDS as f64;
            let theirs = |i: usize| case[metric][i].as_f64().expect("a number");
            let error = theirs(1) * (1.0 / 8.0 + 1.0 / SEEDS as f64).sqrt();
            assert!(
                (mean - theirs(0)).abs() < 3.5 * error + 0.005,
                "{own} on {}: {metric} {mean}, theirs {} with error {error}",
                case["data"],
                theirs(0)
            );
        }
    }
}

#[test]
fn networks_continue_with_the_bits_of_a_fresh_run() {
    let table = standardized(&dataset("wine").rows);
    for json in [
        r#"{"epochs":10,"dropout":0.3,"schedule":"cosine"}"#,
        r#"{"epochs":10,"solver":"sgd","learning_rate":0.05,"hidden_layers":2,"schedule":"step","activation":"tanh"}"#,
        r#"{"epochs":10,"batch_size":100000,"activation":"logistic","schedule":"linear"}"#,
    ] {
        let made = model("mlp", &config(json));
        let fit = |fidelity| made.fit(&table, fidelity, Seed(5), &Context::new()).expect(json);
        let on = |from: &dyn Fitted, fidelity| {
            let from = from.checkpoint().expect("a checkpoint");
            made.resume(&from, &table, fidelity, Seed(5), &Context::new())
                .expect(json)
        };
        let (whole, third) = (fit(1.0), fit(0.3));
        assert_ne!(whole.predict(&table), third.predict(&table));
        let end = on(&*on(&*third, 0.7), 1.0);
        assert_eq!(end.predict(&table), whole.predict(&table), "{json}");
        assert_eq!(end.cost(), whole.cost());
        assert!((third.cost() / whole.cost() - 0.3).abs() < 1e-12);
        // A checkpoint of another shape, or beyond what is asked, is of no use and does no harm.
        let other = model("mlp", &config(r#"{"epochs":10,"hidden_units":5}"#));
        let other = other.fit(&table, 0.5, Seed(5), &Context::new()).expect("fits");
        assert_eq!(on(&*other, 1.0).predict(&table), whole.predict(&table));
        assert_eq!(on(&*whole, 0.3).predict(&table), third.predict(&table));
    }
}

fn objective(data: &str, build: BuildModel, space: &[(&str, &str)], metric: &str) -> CrossValidation {
    let param = |(name, domain): &(&str, &str)| Param::new(name, Domain::parse(domain).expect("a domain"));
    CrossValidation::new(
        &Dataset {
            rows: Arc::new(standardized(&dataset(data).rows)),
            ..dataset(data)
        },
        build,
        Arc::new(Space::new(space.iter().map(param).collect(), Vec::new()).expect("a space")),
        None,
        Cv::parse("3").expect("folds"),
        find(METRICS, metric).expect("a metric"),
        Seed(4),
    )
    .expect("an objective")
}

fn of(id: &str) -> BuildModel {
    Arc::new(find(MODELS, id).expect("a model").build.build)
}

fn job(id: u32, config: Config, fidelity: f64, parent: Option<u32>) -> Job {
    Job {
        id,
        config,
        fidelity,
        parent,
        origin: Origin::Person,
    }
}

fn evaluate(objective: &CrossValidation, jobs: &[Job], id: usize, need: Need) -> Score {
    let task = Task::within(&jobs[id], need, |id| jobs.get(id as usize));
    match objective.evaluate(&task, &Context::new()) {
        Outcome::Value(score) => score,
        Outcome::Failed { failed } => panic!("{failed}"),
    }
}

/// Counts the steps that all models of a test train.
struct Steps(Arc<AtomicUsize>);
struct Walked(usize);

impl Model for Steps {
    fn fit(&self, _: &Table, fidelity: f64, _: Seed, _: &Context) -> Result<Box<dyn Fitted>, String> {
        let steps = (fidelity * 100.0).round() as usize;
        self.0.fetch_add(steps, Ordering::Relaxed);
        Ok(Box::new(Walked(steps)))
    }

    fn resume(
        &self,
        from: &Checkpoint,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        let done = *from.state::<usize>().ok_or("not mine")?;
        self.fit(train, fidelity - done as f64 / 100.0, seed, context)?;
        Ok(Box::new(Walked((fidelity * 100.0).round() as usize)))
    }
}

impl Fitted for Walked {
    fn predict(&self, x: &Table) -> Vec<f64> {
        vec![1.0 / x.classes() as f64; x.rows() * x.classes()]
    }

    fn cost(&self) -> f64 {
        self.0 as f64
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        Some(Checkpoint::new(Arc::new(self.0), 8))
    }
}

#[test]
fn a_promoted_trial_trains_only_the_difference() {
    let steps = Arc::new(AtomicUsize::new(0));
    let shared = steps.clone();
    let build: BuildModel = Arc::new(move |_| Ok(Box::new(Steps(shared.clone()))));
    let make = || objective("iris", build.clone(), &[("a", "0..1")], "accuracy");
    let one = config(r#"{"a":0.5}"#);
    let jobs = [
        job(0, one.clone(), 0.2, None),
        job(1, one.clone(), 0.5, Some(0)),
        job(2, one.clone(), 1.0, Some(1)),
    ];
    let first = make();
    for (id, all) in [(0, 20), (1, 50), (2, 100)] {
        let score = evaluate(&first, &jobs, id, Need::Value);
        assert_eq!(steps.load(Ordering::Relaxed), 3 * all, "three folds");
        // What it costs is what its work takes, remembered or not.
        assert_eq!(score.cost, Some(3.0 * all as f64));
    }
    // Another worker begins from nothing, with the same result.
    steps.store(0, Ordering::Relaxed);
    assert_eq!(
        evaluate(&make(), &jobs, 2, Need::Value),
        evaluate(&make(), &jobs, 2, Need::Value)
    );
    assert_eq!(steps.load(Ordering::Relaxed), 600);
}

#[test]
fn promoted_networks_score_as_fresh_ones() {
    let space = [("learning_rate", "1e-4..0.1~log"), ("epochs", "=8")];
    let make = || objective("wine", of("mlp"), &space, "logloss");
    let one = config(r#"{"learning_rate":0.01,"epochs":8}"#);
    let jobs = [
        job(0, one.clone(), 0.25, None),
        job(1, one.clone(), 0.5, Some(0)),
        job(2, one.clone(), 1.0, Some(1)),
    ];
    let kept = make();
    for id in 0..3 {
        assert_eq!(
            evaluate(&kept, &jobs, id, Need::Value),
            evaluate(&make(), &jobs, id, Need::Value)
        );
    }
}

#[test]
fn a_lineage_goes_on_with_other_settings_and_is_learned_again_with_the_same_bits() {
    let space = [
        ("learning_rate", "1e-4..0.1~log"),
        ("dropout", "0..0.5"),
        ("epochs", "=8"),
    ];
    let make = || objective("wine", of("mlp"), &space, "logloss");
    assert_eq!(make().meets(Need::Lineage), Ok(()));
    let at = |rate: f64, dropout: f64| {
        Config::default()
            .with("learning_rate", Value::Float(rate))
            .with("dropout", Value::Float(dropout))
            .with("epochs", Value::Int(8))
    };
    let jobs = [
        job(0, at(0.01, 0.0), 0.25, None),
        job(1, at(0.03, 0.2), 0.5, Some(0)),
        job(2, at(0.03, 0.2), 0.75, Some(1)),
        job(3, at(0.003, 0.1), 1.0, Some(2)),
        // A sibling from the same parent.
        job(4, at(0.1, 0.0), 1.0, Some(0)),
    ];
    let kept = make();
    let along: Vec<Score> = (0..5).map(|id| evaluate(&kept, &jobs, id, Need::Lineage)).collect();
    for (id, known) in along.iter().enumerate() {
        assert_eq!(*known, evaluate(&make(), &jobs, id, Need::Lineage), "job {id}");
    }
    // The same settings from the beginning are another thing, and cost the same.
    let fresh = evaluate(&make(), &jobs, 3, Need::Value);
    assert_ne!(fresh.value, along[3].value);
    assert_eq!(fresh.cost, along[3].cost);
    // The final test is of the lineage, too.
    let words = |objective: CrossValidation| objective.meets(Need::Lineage).expect_err("a refusal");
    let said = words(objective("wine", of("mlp"), &[("hidden_units", "4..8")], "logloss").called("mlp"));
    assert!(
        said.contains("another hidden_units") && said.contains("learning_rate"),
        "{said}"
    );
    let said = words(objective("wine", of("forest"), &[("max_depth", "4..8")], "logloss").called("forest"));
    assert!(said.contains("forest") && said.contains("mlp"), "{said}");
}

#[test]
fn hypergradients_agree_with_finite_differences_in_unit_coordinates() {
    let rate = ("learning_rate", "1e-4..0.3~log");
    let decay = ("weight_decay", "1e-5..1~log");
    for (id, space, json, step) in [
        ("logistic", vec![("C", "1e-3..1e3~log")], r#"{"C":0.3}"#, 1e-3),
        (
            "logistic",
            vec![("C_1", "1e-3..1e3~log"), ("C", "0.01..10"), ("C_3", "1e-3..1e3~log")],
            r#"{"C_1":0.02,"C":1.5,"C_3":0.6}"#,
            1e-3,
        ),
        (
            "mlp",
            vec![
                rate,
                decay,
                ("epochs", "=12"),
                ("hidden_units", "4..16"),
                ("activation", "=tanh"),
            ],
            r#"{"learning_rate":0.01,"weight_decay":0.03,"epochs":12,"hidden_units":8,"activation":"tanh"}"#,
            1e-6,
        ),
        (
            "mlp",
            vec![
                decay,
                rate,
                ("epochs", "=12"),
                ("solver", "=sgd"),
                ("dropout", "=0.2"),
                ("schedule", "=cosine"),
            ],
            r#"{"weight_decay":0.01,"learning_rate":0.05,"epochs":12,"solver":"sgd","dropout":0.2,"schedule":"cosine"}"#,
            1e-7,
        ),
    ] {
        let objective = objective("wine", of(id), &space, "logloss");
        assert_eq!(objective.meets(Need::Gradient), Ok(()));
        let space = objective.space().clone();
        let here = space.check(&config(json)).expect(json);
        let score = evaluate(&objective, &[job(0, here.clone(), 1.0, None)], 0, Need::Gradient);
        let plain = evaluate(&objective, &[job(0, here.clone(), 1.0, None)], 0, Need::Value);
        assert_eq!(
            (score.value, &score.folds, score.cost),
            (plain.value, &plain.folds, plain.cost)
        );
        let gradient = score.gradient.expect("a gradient");
        for (i, param) in space.params().iter().enumerate() {
            if !matches!(param.domain, Domain::Float { .. }) {
                assert_eq!(gradient[i], 0.0, "{}", param.name);
                continue;
            }
            let at = |by: f64| {
                let mut unit = space.to_unit(&here);
                unit[i] += by;
                evaluate(&objective, &[job(0, space.at_unit(&unit), 1.0, None)], 0, Need::Value).value
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            assert!(
                (slope - gradient[i]).abs() < 1e-4 * slope.abs() + 1e-5,
                "{id}, {}: {} but finite differences say {slope}",
                param.name,
                gradient[i]
            );
        }
    }
}

#[test]
fn hypergradients_are_refused_by_name() {
    let words = |objective: CrossValidation| objective.meets(Need::Gradient).expect_err("a refusal");
    let said = words(objective("iris", of("logistic"), &[("C", "0.1..1")], "accuracy"));
    assert!(said.contains("metric=accuracy") && said.contains("logloss"), "{said}");
    let said = words(objective("iris", of("knn"), &[("n_neighbors", "1..9")], "logloss").called("knn"));
    assert!(
        said.starts_with("knn has no hypergradient") && said.contains("mlp, logistic"),
        "{said}"
    );
    let said = words(objective("iris", of("mlp"), &[("hidden_units", "1..9")], "logloss").called("mlp"));
    assert!(said.contains("learning_rate"), "{said}");
}

#[test]
fn odd_rows_are_learned_from_or_refused_in_words() {
    let table = |x: Vec<f64>, y: Vec<u32>| Table::new(x, y, 2, 3).expect("a table");
    let fine = [
        ("one row", table(vec![1.0, 2.0], vec![2])),
        ("one class", table(vec![1.0, 2.0, 3.0, 4.0], vec![1, 1])),
        ("constant features", table(vec![5.0; 12], vec![0, 1, 2, 0, 1, 2])),
        (
            "an absent class",
            table(vec![0.0, 1.0, 1.0, 0.0, 0.1, 0.9], vec![0, 2, 0]),
        ),
        ("the same row twice", table(vec![1.0, 1.0, 1.0, 1.0], vec![0, 1])),
    ];
    for (name, table) in &fine {
        for id in ["mlp", "logistic"] {
            let p = fit(id, r#"{}"#, table).unwrap_or_else(|why| panic!("{id}, {name}: {why}"));
            for row in p.chunks(3) {
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{id}, {name}: {row:?}");
            }
        }
    }
    let huge = table(vec![1e300, -1e300, 1e300, 1e300, -1e300, 0.0], vec![0, 1, 2]);
    let said = fit("logistic", "{}", &huge).expect_err("an overflow");
    assert!(said.contains("feature 0") && said.contains("too large"), "{said}");
    let empty = fine[0].1.select(&[]);
    for id in ["mlp", "logistic"] {
        assert!(fit(id, "{}", &empty).expect_err("nothing").contains("no rows"), "{id}");
    }
    let wine = dataset("wine").rows;
    let said = fit(
        "mlp",
        r#"{"solver":"sgd","learning_rate":1000,"weight_decay":1}"#,
        &wine,
    )
    .expect_err("divergence");
    assert!(
        said.contains("diverged in epoch") && said.contains("learning_rate"),
        "{said}"
    );
    let said = fit("mlp", r#"{"hidden_units":4096,"hidden_layers":2}"#, &wine).expect_err("too many");
    assert!(said.contains("more than 1048576 weights"), "{said}");
    let said = fit("logistic", r#"{"C_16":1}"#, &wine).expect_err("too many groups");
    assert!(said.contains("16 groups") && said.contains("13 features"), "{said}");
    assert!(refused("logistic", r#"{"C":0}"#).contains("1e-12 to 1e12"));
    assert!(refused("mlp", r#"{"hidden_units":100000}"#).contains("from 1 to 4096"));
    assert!(refused("mlp", r#"{"dropout":1}"#).contains("below 1"));
    assert!(refused("mlp", r#"{"learning_rate":-1}"#).contains("above 0"));
    assert!(refused("mlp", r#"{"batch_size":0}"#).contains("whole number from 1"));
}

#[test]
fn a_larger_share_of_rows_has_all_of_a_smaller_one() {
    let rows = dataset("wine").rows;
    let keys = |share: f64| -> Vec<Vec<u64>> {
        let part = rows.share(share, Seed(9));
        (0..part.rows())
            .map(|i| part.row(i).iter().map(|v| v.to_bits()).collect())
            .collect()
    };
    let (small, large) = (keys(0.1), keys(0.4));
    assert!(small.iter().all(|row| large.contains(row)) && small.len() < large.len());
    assert_eq!(rows.share(0.1, Seed(9)).class_counts(), [6, 8, 5]);
    assert_eq!(keys(1.0).len(), rows.rows());
}

#[test]
fn population_based_training_goes_on_from_its_parents_and_is_restored() {
    use tunescape::study::Study;
    let text = "data=iris&model=mlp(epochs:10)&prep=scale(method:standard)&cv=3&split=0.2&metric=logloss&s=pbt(population:4)&n=6\
                &p.learning_rate=1e-4..0.3~log&p.dropout=0..0.5";
    let run = |study: &mut Study| {
        let mut trials = Vec::new();
        while !study.is_finished() {
            trials.extend(study.step(true));
        }
        trials
    };
    let mut whole = Study::prepare(text, || 0.0).expect("a study");
    assert_eq!(whole.prepared().refused, []);
    let trials = run(&mut whole);
    let other = |job: &Job| {
        job.parent
            .is_some_and(|id| trials[id as usize].job.config != job.config)
    };
    let copies = trials.iter().filter(|trial| other(&trial.job)).count();
    assert!(copies > 0, "nobody copied");
    // Another worker has the first lines and none of what was learned for them.
    let mut again = Study::prepare(text, || 0.0).expect("a study");
    let half = trials.len() / 2;
    let lines = trials[..half]
        .iter()
        .map(|trial| tunescape::protocol::TrialLine::read(&trial.line));
    let (_, refused) = again.restore(lines.collect(), None);
    assert_eq!(refused, Vec::<String>::new());
    let rest: Vec<String> = run(&mut again).into_iter().map(|trial| trial.line).collect();
    assert_eq!(
        rest,
        trials[half..]
            .iter()
            .map(|trial| trial.line.clone())
            .collect::<Vec<_>>()
    );
    // What cannot go on is refused by name.
    let forest = Study::prepare("data=iris&model=forest&s=pbt,random&n=6", || 0.0).expect("a study");
    let said = format!("{:?}", forest.prepared().refused);
    assert!(said.contains("forest does not go on with other settings"), "{said}");
}

#[test]
fn presets_of_networks_and_hypergradients_run() {
    use tunescape::study::Study;
    for preset in ["mlp", "hyperband-mlp", "hypergradient"] {
        let mut study = Study::prepare(&format!("preset={preset}&n=4"), || 0.0).expect(preset);
        assert_eq!(study.prepared().refused, [], "{preset}");
        while !study.is_finished() {
            for trial in study.step(true) {
                assert!(trial.outcome.value().is_some(), "{preset}: {}", trial.line);
            }
        }
    }
}
