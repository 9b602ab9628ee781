//! What every model must do, on every data set; and what cross-validation makes of it.
#![allow(clippy::disallowed_methods, reason = "pools of several sizes are what is compared")]
#![cfg(feature = "engine")]

use std::sync::Arc;
use tunescape::context::Context;
use tunescape::dataset::{Cv, DATASETS, Dataset, Fresh, METRICS, Split, Table};
use tunescape::model::{Encode, Fitted, MODELS, Model, Step};
use tunescape::objective::{BuildModel, CrossValidation, Objective, Task};
use tunescape::registry::{Entry, Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Condition, Config};
use tunescape::trial::{Job, Origin, Outcome};

/// The data set as a model sees it: encoded, and at most a thousand rows of it, so that the tests stay quick.
fn build(entry: &Entry<tunescape::dataset::Build>) -> Dataset {
    let mut data = (entry.build)(&Settings::defaults(entry.settings), Seed(1)).expect(entry.id);
    let few: Vec<usize> = (0..data.rows.rows().min(1000)).collect();
    let mut rows = data.rows.select(&few);
    if rows.columns().is_some() {
        let (x, features) = Encode.fit(&rows).expect(entry.id).apply(&rows);
        rows = rows.with_features(x, features).expect(entry.id);
    }
    data.rows = Arc::new(rows);
    data
}

fn in_pool<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool")
        .install(run)
}

#[test]
fn every_model_fits_every_data_set_with_the_same_bits_on_any_number_of_threads() {
    let mut rng = Seed(8).rng();
    let sets: Vec<Dataset> = DATASETS.iter().map(build).collect();
    for model in MODELS {
        let mut sum = 0.0;
        for data in &sets {
            // At most some two hundred rows, of all classes.
            let step = data.rows.rows().div_ceil(200);
            let rows = data
                .rows
                .select(&(0..data.rows.rows()).step_by(step).collect::<Vec<_>>());
            let space = (model.build.space)();
            let random = (0..3).map(|_| space.sample(&mut rng).expect("a configuration"));
            for config in random.chain([Config::default()]) {
                let name = format!("{} on {}: {config}", model.id, data.id);
                let made = (model.build.build)(&config).expect(&name);
                let run = |fidelity| {
                    let fitted = made.fit(&rows, fidelity, Seed(2), &Context::new()).expect(&name);
                    (fitted.predict(&rows), fitted.cost())
                };
                let (p, cost) = in_pool(1, || run(1.0));
                assert_eq!(p.len(), rows.rows() * rows.classes(), "{name}");
                for row in p.chunks(rows.classes()) {
                    assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}: {row:?}");
                    assert!(row.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)), "{name}: {row:?}");
                }
                assert!(in_pool(3, || run(1.0)) == (p, cost), "{name}, 3 threads");
                let cheap = run(0.2).1;
                // A solver may take many more steps on fewer rows, which a line then tells apart.
                let is_solved = ["logistic", "svm"].contains(&model.id);
                assert!(cheap > 0.0 && (cheap <= cost || is_solved), "{name}: {cheap} of {cost}");
            }
            // As good as the most frequent class at least, on rows it has seen.
            let fitted = (model.build.build)(&Config::default()).expect(model.id);
            let fitted = fitted.fit(&rows, 1.0, Seed(3), &Context::new()).expect(model.id);
            let accuracy = (METRICS[0].build.score)(&rows, &fitted.predict(&rows));
            let most = *rows.class_counts().iter().max().expect("classes") as f64 / rows.rows() as f64;
            // A network learns nothing from features as large as a penguin's weight in grams: it wants them scaled.
            assert!(
                accuracy >= most || model.id == "mlp",
                "{} on {}: {accuracy}",
                model.id,
                data.id
            );
            sum += accuracy;
        }
        // A straight or simple model misses some of the sets by design.
        let mean = sum / DATASETS.len() as f64;
        assert!(mean > 0.6, "{}: {mean} on average", model.id);
    }
}

#[test]
fn every_space_has_defaults_that_build() {
    for model in MODELS {
        let space = (model.build.space)();
        let mut defaults = Config::default();
        for param in space.params() {
            let holds = |c: &Condition| defaults.get(&c.parent).is_some_and(|value| c.values.contains(value));
            if param.when.iter().all(holds) {
                defaults = defaults.with(&param.name, param.default.clone().expect("a default"));
            }
        }
        let config = space.check(&defaults).expect(model.id);
        assert!((model.build.build)(&config).is_ok(), "{}", model.id);
        let odd = config.with("no such thing", tunescape::space::Value::None);
        assert!(
            (model.build.build)(&odd)
                .err()
                .expect(model.id)
                .contains("no such thing")
        );
    }
}

fn job() -> Job {
    Job {
        id: 0,
        config: Config::default(),
        fidelity: 1.0,
        parent: None,
        origin: Origin::Person,
    }
}

fn cross_validation(data: &Dataset, build: BuildModel, cv: &str) -> CrossValidation {
    CrossValidation::new(
        data,
        build,
        Arc::new((MODELS[0].build.space)()),
        Some(Split::parse("0.2").expect("a split")),
        Cv::parse(cv).expect("folds"),
        &METRICS[0],
        Seed(4),
    )
    .expect("an objective")
}

#[test]
fn a_score_is_the_mean_of_its_folds_on_any_number_of_threads() {
    let iris = build(&DATASETS[0]);
    let objective = cross_validation(&iris, Arc::new(MODELS[0].build.build), "4x2");
    let facts = objective.facts();
    assert_eq!(
        (facts.rows, facts.train_rows, facts.test_rows, facts.fits),
        (150, 120, 30, 8)
    );
    let outcome = in_pool(1, || objective.evaluate(&Task::new(&job()), &Context::new()));
    let Outcome::Value(score) = &outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(score.folds.len(), 8);
    assert!((score.value - score.folds.iter().sum::<f64>() / 8.0).abs() < 1e-15);
    assert!(score.train.expect("a training score") > score.value);
    assert!(score.cost.expect("a cost") > 0.0);
    for threads in [2, 7] {
        let objective = cross_validation(&iris, Arc::new(MODELS[0].build.build), "4x2");
        assert_eq!(
            in_pool(threads, || objective.evaluate(&Task::new(&job()), &Context::new())),
            outcome
        );
    }
    let test = objective
        .test(&Task::new(&job()), &Context::new())
        .expect("fits")
        .expect("rows");
    assert!(
        test.rows == 30 && test.low < test.value && test.value <= test.high && test.value > 0.8,
        "{test:?}"
    );
}

#[test]
fn a_generated_problem_is_tested_on_fresh_rows() {
    let data = build(find(DATASETS, "hypercube").expect("a data set"));
    let objective = cross_validation(&data, Arc::new(MODELS[0].build.build), "hold:0.25");
    assert!(objective.facts().fresh_test && objective.facts().train_rows == 800);
    let test = objective
        .test(&Task::new(&job()), &Context::new())
        .expect("fits")
        .expect("rows");
    assert_eq!(test.rows, objective.facts().test_rows);
    assert!(test.high - test.low < 0.03 && test.value > 0.85, "{test:?}");
}

/// Says the share of each class among the rows it saw; or goes astray.
struct Odd(&'static str);

impl Model for Odd {
    fn fit(&self, train: &Table, _: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        match self.0 {
            "stop" => context.stop(),
            "fail" if train.row(0)[0] < 1e9 => return Err(format!("no luck with {}", seed.0 > 0)),
            _ => {}
        }
        Ok(Box::new(Odd(self.0)))
    }
}

impl Fitted for Odd {
    fn predict(&self, x: &Table) -> Vec<f64> {
        vec![if self.0 == "nan" { f64::NAN } else { 0.5 }; x.rows() * x.classes()]
    }

    fn cost(&self) -> f64 {
        1.0
    }
}

#[test]
fn failures_say_where_and_why() {
    let iris = build(&DATASETS[0]);
    for (kind, words) in [
        ("fail", "fold 1: no luck"),
        ("nan", "fold 1: the score is NaN"),
        ("stop", "stopped"),
        ("build", "cannot build"),
    ] {
        let build: BuildModel = Arc::new(move |_| match kind {
            "build" => Err("cannot build".to_string()),
            kind => Ok(Box::new(Odd(kind))),
        });
        let outcome = cross_validation(&iris, build, "3").evaluate(&Task::new(&job()), &Context::new());
        let Outcome::Failed { failed } = &outcome else {
            panic!("{outcome:?}")
        };
        assert!(failed.contains(words), "{kind}: {failed}");
    }
    let fine: BuildModel = Arc::new(|_| Ok(Box::new(Odd("fine"))));
    assert!(
        cross_validation(&iris, fine, "loo")
            .evaluate(&Task::new(&job()), &Context::new())
            .value()
            .is_some()
    );
}

#[test]
fn fresh_draws_are_open_to_other_problems() {
    struct Nothing;
    impl Fresh for Nothing {
        fn draw(&self, _: usize) -> Result<Table, String> {
            Err("nothing to draw".into())
        }
    }
    let mut iris = build(&DATASETS[0]);
    iris.fresh = Some(Arc::new(Nothing));
    let result = CrossValidation::new(
        &iris,
        Arc::new(MODELS[0].build.build),
        Arc::new((MODELS[0].build.space)()),
        Some(Split::parse("0.2").expect("a split")),
        Cv::parse("5").expect("folds"),
        &METRICS[0],
        Seed(4),
    );
    assert_eq!(
        result.err().map(|unfit| (unfit.key, unfit.why)),
        Some(("data", "nothing to draw".into()))
    );
}

/// What a model makes of odd rows: probabilities of its own training rows, or why there are none.
fn on_odd_rows(model: &Entry<tunescape::model::ModelKind>, config: &Config, table: &Table) -> Result<Vec<f64>, String> {
    let fitted = (model.build.build)(config)?.fit(table, 1.0, Seed(1), &Context::new())?;
    Ok(fitted.predict(table))
}

#[test]
fn odd_rows_give_probabilities_or_a_reason() {
    let table = |x: Vec<f64>, y: Vec<u32>, features| Table::new(x, y, features, 3).expect("a table");
    let wide = |from: f64| (0..40).map(|i| from * f64::from(i % 7 - 3)).collect::<Vec<f64>>();
    let mixed: Vec<u32> = (0..20).map(|i| i % 3).collect();
    let cases = [
        ("no rows", table(Vec::new(), Vec::new(), 2)),
        ("one row", table(vec![1.0, 2.0], vec![1], 2)),
        ("two rows", table(vec![1.0, 2.0, 2.0, 1.0], vec![1, 0], 2)),
        ("one class", table(wide(1.0), vec![2; 20], 2)),
        (
            "two classes of three",
            table(wide(1.0), mixed.iter().map(|y| y / 2 * 2).collect(), 2),
        ),
        ("constant features", table(vec![5.0; 40], mixed.clone(), 2)),
        (
            "equal rows of all classes",
            table([[1.0, 2.0]; 20].concat(), mixed.clone(), 2),
        ),
        (
            "a class of one row",
            table(wide(1.0), (0..20).map(|i| u32::from(i == 7)).collect(), 2),
        ),
        ("huge numbers", table(wide(1e300), mixed.clone(), 2)),
        ("tiny numbers", table(wide(1e-300), mixed.clone(), 2)),
        (
            "one feature, and it is negative zero",
            table([-0.0, 0.0].repeat(10), mixed, 1),
        ),
    ];
    let mut rng = Seed(6).rng();
    for model in MODELS {
        let space = (model.build.space)();
        let mut configs = vec![Config::default()];
        configs.extend((0..4).map(|_| space.sample(&mut rng).expect("a configuration")));
        for (name, table) in &cases {
            for config in &configs {
                let name = format!("{} on {name}: {config}", model.id);
                match on_odd_rows(model, config, table) {
                    Ok(p) => {
                        assert_eq!(p.len(), table.rows() * 3, "{name}");
                        assert!(table.rows() > 0, "{name}");
                        let rows = p.chunks(3).all(|p| (p.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                        assert!(rows, "{name}: {p:?}");
                        // A class without a row is never predicted.
                        let counts = table.class_counts();
                        let absent = |p: &[f64]| (0..3).all(|k| counts[k] > 0 || p[k] == 0.0);
                        assert!(
                            model.id == "mlp" || model.id == "logistic" || p.chunks(3).all(absent),
                            "{name}: {p:?}"
                        );
                    }
                    Err(why) => assert!(why.starts_with(model.id) && why.len() > 20, "{name}: {why}"),
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let iris = build(&DATASETS[0]).rows;
    for (model, text, words) in [
        ("knn", r#"{"n_neighbors":151}"#, ["151", "up to 150"]),
        (
            "knn",
            r#"{"metric":"cosine"}"#,
            ["cosine", "euclidean, manhattan, chebyshev"],
        ),
        ("svm", r#"{"C":0}"#, ["C", "above 0"]),
        ("svm", r#"{"gamma":"wide"}"#, ["gamma", "scale, auto"]),
        ("svm", r#"{"kernel":"poly","degree":101}"#, ["degree", "100"]),
        ("svm", r#"{"class_weight":"even"}"#, ["class_weight", "none, balanced"]),
        ("boosting", r#"{"learning_rate":-1}"#, ["learning_rate", "above 0"]),
        ("boosting", r#"{"max_leaf_nodes":1}"#, ["max_leaf_nodes", "from 2"]),
        ("boosting", r#"{"subsample":1.5}"#, ["subsample", "(0, 1]"]),
        (
            "boosting",
            r#"{"learning_rate":1e308}"#,
            ["learning_rate", "beyond all numbers"],
        ),
        ("naive_bayes", r#"{"var_smoothing":-1}"#, ["var_smoothing", "from 0"]),
        ("tree", r#"{"bootstrap":true}"#, ["bootstrap", "max_depth"]),
        ("extra", r#"{"max_depth":0}"#, ["max_depth", "from 1"]),
    ] {
        let config: Config = serde_json::from_str(text).expect(text);
        let entry = find(MODELS, model).expect(model);
        let why = on_odd_rows(entry, &config, &iris).expect_err(text);
        assert!(words.iter().all(|word| why.contains(word)), "{model} {text}: {why}");
    }
}

#[test]
fn a_hard_margin_on_noise_ends() {
    let mut rng = Seed(3).fast_rng();
    let x: Vec<f64> = (0..400).map(|_| tunescape::seed::normal(&mut rng)).collect();
    let y: Vec<u32> = (0..200).map(|_| tunescape::seed::below(&mut rng, 2) as u32).collect();
    let table = Table::new(x, y, 2, 2).expect("a table");
    let config: Config = serde_json::from_str(r#"{"C":1e6,"probability":false}"#).expect("a configuration");
    assert!(on_odd_rows(find(MODELS, "svm").expect("a model"), &config, &table).is_ok());
}

#[test]
fn machines_converge_on_features_of_very_different_sizes() {
    let cancer = build(find(DATASETS, "cancer").expect("a data set")).rows;
    // How many rows of the folds scikit-learn 1.9.1 hits, row i in fold i mod 5. It takes up to 114 million steps a fit.
    for (text, folds, theirs) in [
        (r#"{"kernel":"linear","C":1,"probability":false}"#, 5, 539),
        (r#"{"kernel":"linear","C":10,"probability":false}"#, 5, 545),
        (
            r#"{"kernel":"poly","C":4.473956440097811,"gamma":0.00012750321149424925,"probability":false}"#,
            1,
            107,
        ),
    ] {
        let config: Config = serde_json::from_str(text).expect(text);
        let model = (find(MODELS, "svm").expect("a model").build.build)(&config).expect(text);
        let mut hits = 0_i64;
        for fold in 0..folds {
            let (out, train): (Vec<usize>, Vec<usize>) = (0..cancer.rows()).partition(|row| row % 5 == fold);
            let fitted = model.fit(&cancer.select(&train), 1.0, Seed(1), &Context::new());
            let out = cancer.select(&out);
            let p = fitted.expect(text).predict(&out);
            let is_hit = |(p, y): &(&[f64], &u32)| (p[1] > p[0]) == (**y == 1);
            hits += p.chunks(2).zip(out.y()).filter(is_hit).count() as i64;
        }
        // Both stop within the same tolerance of the optimum, not at the same point.
        assert!((hits - theirs).abs() <= 4, "{text}: {hits} rows, theirs {theirs}");
    }
}

#[test]
fn a_machine_that_does_not_converge_is_refused() {
    let mut rng = Seed(4).fast_rng();
    let x: Vec<f64> = (0..60).map(|_| tunescape::seed::normal(&mut rng)).collect();
    let y: Vec<u32> = (0..30).map(|row| row % 2).collect();
    let table = Table::new(x, y, 2, 2).expect("a table");
    // No number of steps gets below rounding errors.
    let text = r#"{"tol":1e-300,"probability":false}"#;
    let config: Config = serde_json::from_str(text).expect(text);
    let why = on_odd_rows(find(MODELS, "svm").expect("a model"), &config, &table).expect_err(text);
    let words = ["svm: not converged after", "steps; accepted: a smaller C", "prep=scale"];
    assert!(words.iter().all(|word| why.contains(word)), "{why}");
}

/// The boosting of a configuration.
fn boosting(text: &str) -> Box<dyn Model> {
    let config: Config = serde_json::from_str(text).expect(text);
    (find(MODELS, "boosting").expect("a model").build.build)(&config).expect(text)
}

#[test]
fn boosting_goes_on_where_it_stood_with_the_same_bits() {
    let iris = build(&DATASETS[0]).rows;
    let context = Context::new();
    for text in [
        r#"{"max_iter":20}"#,
        r#"{"max_iter":20,"subsample":0.7,"max_features":0.5,"early_stopping":true,"n_iter_no_change":30}"#,
        r#"{"max_iter":20,"class_weight":"balanced","max_bins":9,"min_samples_leaf":3}"#,
    ] {
        // With what a table remembers, and without.
        let all: Vec<usize> = (0..iris.rows()).collect();
        for table in [iris.select(&all), iris.select(&all).remembering()] {
            let model = boosting(text);
            let whole = model.fit(&iris.select(&all), 1.0, Seed(5), &context).expect(text);
            let fit = |fidelity| model.fit(&table, fidelity, Seed(5), &context).expect(text);
            let half = fit(0.5);
            assert_eq!(fit(1.0).predict(&table), whole.predict(&table), "{text}");
            // Half of a run that has gone further since is still half.
            let again = fit(0.5);
            assert_eq!(again.predict(&table), half.predict(&table), "{text}");
            for half in [half, again] {
                let from = half.checkpoint().expect("a checkpoint");
                let resumed = model.resume(&from, &table, 1.0, Seed(5), &context).expect(text);
                assert_eq!(resumed.predict(&table), whole.predict(&table), "{text}");
                assert_eq!(resumed.cost(), whole.cost(), "{text}");
                // With other settings from there on it is another model, and what is remembered stays.
                let faster = boosting(
                    &text
                        .replace("20,", "20,\"learning_rate\":0.5,")
                        .replace("20}", "20,\"learning_rate\":0.5}"),
                );
                let other = faster.resume(&from, &table, 1.0, Seed(5), &context).expect(text);
                assert_ne!(other.predict(&table), whole.predict(&table), "{text}");
                assert_eq!(fit(1.0).predict(&table), whole.predict(&table), "{text}");
            }
        }
    }
}

#[test]
fn boosting_takes_the_first_of_equal_features_however_many_there_are() {
    // So many copies that no histograms are kept, of features with few values: hundreds of rows share each.
    const ROWS: u64 = 4000;
    let value = |row: u64, salt: u64| (row.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(salt as u32) >> 61) as f64;
    let rows = |copies: usize| {
        let pair = |row| [value(row, 3), value(row, 20)];
        let x = (0..ROWS).flat_map(|row| pair(row).repeat(copies)).collect();
        let y = (0..ROWS).map(|row| u32::from(value(row, 3) + value(row, 20) + value(row, 41) > 10.0));
        Table::new(x, y.collect(), 2 * copies, 2).expect("a table")
    };
    let said = |rows: &Table| {
        let model = boosting(r#"{"max_iter":3}"#);
        model
            .fit(rows, 1.0, Seed(1), &Context::new())
            .expect("fits")
            .predict(rows)
    };
    assert_eq!(said(&rows(1)), said(&rows(300)));
}

#[test]
fn boosting_stops_when_rows_held_out_say_so() {
    let wine = build(find(DATASETS, "wine").expect("a data set")).rows;
    let fit = |text| {
        boosting(text)
            .fit(&wine, 1.0, Seed(2), &Context::new())
            .expect(text)
            .cost()
    };
    let (long, stopped) = (
        fit(r#"{"max_iter":400,"learning_rate":0.3}"#),
        fit(
            r#"{"max_iter":400,"learning_rate":0.3,"early_stopping":true,"validation_fraction":0.3,"n_iter_no_change":5}"#,
        ),
    );
    assert!(stopped < 0.5 * long, "{stopped} of {long}");
}

#[test]
fn a_large_forest_that_is_not_kept_predicts_the_same() {
    let data = build(find(DATASETS, "hypercube").expect("a data set")).rows;
    let part = data.select(&(0..50).collect::<Vec<_>>());
    // Trees times rows beyond what is kept: 1,000 rows.
    for text in [
        r#"{"n_estimators":20001,"max_depth":1,"max_features":1,"bootstrap":false}"#,
        r#"{"n_estimators":40002,"max_depth":1,"max_features":1,"class_weight":"balanced"}"#,
    ] {
        let config: Config = serde_json::from_str(text).expect(text);
        let model = (find(MODELS, "extra").expect("a model").build.build)(&config).expect(text);
        let fidelity = if text.contains("40002") { 0.5 } else { 1.0 };
        let kept = model.fit(&data, fidelity, Seed(1), &Context::new()).expect(text);
        let (predicted, cost) = model
            .fit_predict(&data, &[&part, &data], fidelity, Seed(1), &Context::new())
            .expect(text);
        assert_eq!(predicted[0], kept.predict(&part));
        assert_eq!(predicted[1].len(), 2000);
        assert_eq!(cost, kept.cost());
    }
}
