//! What every model must do, on every data set; and what cross-validation makes of it.
#![allow(clippy::disallowed_methods, reason = "pools of several sizes are what is compared")]
#![cfg(feature = "engine")]

use std::sync::Arc;
use tunescape::context::Context;
use tunescape::dataset::{Cv, DATASETS, Dataset, Fresh, METRICS, Split, Table};
use tunescape::model::{Fitted, MODELS, Model};
use tunescape::objective::{BuildModel, CrossValidation, Objective, Task};
use tunescape::registry::{Entry, Settings, find};
use tunescape::seed::Seed;
use tunescape::space::Config;
use tunescape::trial::{Job, Origin, Outcome};

fn build(entry: &Entry<tunescape::dataset::Build>) -> Dataset {
    (entry.build)(&Settings::defaults(entry.settings), Seed(1)).expect(entry.id)
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
    for data in DATASETS {
        let rows = build(data).rows;
        for model in MODELS {
            let space = (model.build.space)();
            let random = (0..4).map(|_| space.sample(&mut rng).expect("a configuration"));
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
                for threads in [2, 7] {
                    assert!(
                        in_pool(threads, || run(1.0)) == (p.clone(), cost),
                        "{name}, {threads} threads"
                    );
                }
                let cheap = run(0.2).1;
                assert!(cheap > 0.0 && cheap <= cost, "{name}: {cheap} of {cost}");
            }
            // Better than the most frequent class, on rows it has seen.
            let fitted = (model.build.build)(&Config::default()).expect(model.id);
            let fitted = fitted.fit(&rows, 1.0, Seed(3), &Context::new()).expect(model.id);
            let accuracy = (METRICS[0].build.score)(&rows, &fitted.predict(&rows));
            assert!(accuracy > 0.85, "{} on {}: {accuracy}", model.id, data.id);
        }
    }
}

#[test]
fn every_space_has_defaults_that_build() {
    for model in MODELS {
        let space = (model.build.space)();
        let defaults = space
            .params()
            .iter()
            .map(|p| (p.name.clone(), p.default.clone().expect("a default")));
        let config = space.check(&Config(defaults.collect())).expect(model.id);
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
    assert_eq!(result.err().as_deref(), Some("nothing to draw"));
}
