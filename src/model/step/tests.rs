use super::*;
use crate::context::Context;
use crate::dataset::Column;
use crate::model::{Model, Pipeline};
use crate::registry::find;
use crate::seed::{Seed, below, normal};
use serde_json::Value as Json;
use std::sync::Arc;

fn reference() -> Json {
    serde_json::from_str(include_str!("../../../tests/reference/steps.json")).expect("JSON")
}

fn rows(json: &Json) -> Vec<Vec<f64>> {
    serde_json::from_value(json.clone()).expect("rows")
}

/// The reference's training rows and the others.
fn tables() -> (Table, Table) {
    let reference = reference();
    let x = rows(&reference["x"]);
    let y: Vec<u32> = serde_json::from_value(reference["y"].clone()).expect("classes");
    let all = Table::new(x.concat(), y, 7, 3).expect("a table");
    let part = |from: usize, to: usize| all.select(&(from..to).collect::<Vec<_>>());
    (part(0, 45), part(45, 60))
}

fn build(id: &str, pairs: &[(&str, Value)]) -> Box<dyn Step> {
    let config = Config(
        pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
    );
    (find(STEPS, id).expect(id).build.build)(&config).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn steps_are_those_of_scikit_learn() {
    let (train, other) = tables();
    for case in reference()["cases"].as_array().expect("cases") {
        let config: Config = serde_json::from_value(case["config"].clone()).expect("a configuration");
        let id = case["step"].as_str().expect("a step");
        let step = (find(STEPS, id).expect(id).build.build)(&config).expect(id);
        let transform = step.fit(&train).expect(id);
        for (table, theirs) in [(&train, rows(&case["train"])), (&other, rows(&case["other"]))] {
            let (values, features) = transform.apply(table);
            assert_eq!(
                (features, values.len()),
                (theirs[0].len(), theirs.len() * theirs[0].len()),
                "{id} {config}"
            );
            for (a, b) in values.iter().zip(theirs.iter().flatten()) {
                assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{id} {config}: {a} and {b}");
            }
        }
    }
}

#[test]
fn the_features_of_highest_score_are_kept_in_their_order() {
    let (train, _) = tables();
    for (score, name) in [("anova", "anova"), ("mutual", "mutual")] {
        let theirs: Vec<f64> = serde_json::from_value(reference()[name].clone()).expect("scores");
        let ours = |f| {
            if name == "anova" {
                select::anova(&train, f)
            } else {
                select::mutual(&train, f)
            }
        };
        // The constant feature, 4, has no F: it ranks last here, as its 0 does there.
        for f in (0..7).filter(|&f| f != 4 || name == "mutual") {
            assert!(
                (ours(f) - theirs[f]).abs() < 1e-9 * theirs[f].max(1.0),
                "{name} {f}: {} {}",
                ours(f),
                theirs[f]
            );
        }
        let mut ranked: Vec<usize> = (0..7).collect();
        ranked.sort_by(|&a, &b| theirs[b].total_cmp(&theirs[a]));
        for k in 1..=9 {
            let step = build(
                "select",
                &[("k", Value::Int(k as i64)), ("score", Value::Text(score.into()))],
            );
            let mut kept = ranked[..k.min(7)].to_vec();
            kept.sort_unstable();
            assert_eq!(
                step.fit(&train).expect("fits").apply(&train),
                keep(&train, &kept),
                "{name}, {k}"
            );
        }
    }
}

#[test]
fn odd_data_go_through_every_step_or_are_refused_by_name() {
    let one = |x: Vec<f64>, y: Vec<u32>, d| Table::new(x, y, d, 2).expect("a table");
    let tables = [
        ("one row", one(vec![1.0, 2.0], vec![1], 2)),
        ("constant features", one(vec![0.3; 12], vec![0, 1, 0, 1, 0, 1], 2)),
        ("one class", one((0..12).map(f64::from).collect(), vec![0; 6], 2)),
        (
            "more features than rows",
            one((0..40).map(|i| f64::from(i * i % 17)).collect(), vec![0, 1], 20),
        ),
    ];
    let mut rng = Seed(4).rng();
    for (name, table) in &tables {
        for entry in STEPS {
            let space = (entry.build.space)();
            for _ in 0..20 {
                let config = space.sample(&mut rng).expect("a configuration");
                let step = (entry.build.build)(&config).expect(entry.id);
                let (values, features) = step.fit(table).expect(name).apply(table);
                assert_eq!(values.len(), table.rows() * features, "{} on {name}", entry.id);
                assert!(
                    features > 0 && values.iter().all(|v| v.is_finite()),
                    "{} on {name}: {config}",
                    entry.id
                );
            }
        }
    }
    let two = one(vec![1.0, 2.0, 4.0, 8.0], vec![0, 1], 2);
    let components = |count| build("pca", &[("components", Value::Int(count))]).fit(&two);
    let both = components(2).expect("fits").apply(&two);
    assert_eq!(both.1, 1, "two rows differ in one direction");
    let why = components(3).err().expect("refused");
    assert!(
        why.contains("components cannot be 3 of 2 features; accepted: up to 2"),
        "{why}"
    );
    let wide = one(vec![1.0; 300], vec![0], 300);
    for (id, word) in [
        ("pca", "300 features are too many"),
        ("polynomial", "would become 45450"),
    ] {
        assert!(build(id, &[]).fit(&wide).err().expect(id).contains(word));
    }
    for (id, name, value) in [
        ("scale", "method", Value::Text("odd".into())),
        ("pca", "components", Value::Int(0)),
        ("select", "k", Value::Float(1.5)),
        ("polynomial", "degree", Value::Int(3)),
        ("scale", "colour", Value::None),
    ] {
        let config = Config(vec![(name.into(), value)]);
        let why = (find(STEPS, id).expect(id).build.build)(&config).err().expect(id);
        assert!(why.contains("accepted") && why.contains(name), "{why}");
    }
}

#[test]
fn equal_keys_mean_equal_steps() {
    let mut keys: Vec<(Key, String)> = Vec::new();
    let mut rng = Seed(6).rng();
    for entry in STEPS {
        let space = (entry.build.space)();
        assert!((entry.build.build)(&Config::default()).is_ok());
        for _ in 0..60 {
            let config = space.sample(&mut rng).expect("a configuration");
            let key = (entry.build.build)(&config).expect(entry.id).key();
            let text = format!("{}({config})", entry.id);
            assert!(keys.iter().all(|(k, t)| (*k == key) == (*t == text)), "{text}");
            if keys.iter().all(|(k, _)| *k != key) {
                keys.push((key, text));
            }
        }
    }
}

#[test]
fn gaps_and_categories_become_numbers_that_training_rows_alone_decide() {
    let columns = vec![
        Column { levels: 0, gaps: true },
        Column { levels: 3, gaps: true },
        Column { levels: 2, gaps: false },
    ];
    const GAP: f64 = f64::NAN;
    let x = vec![1.0, 0.0, 1.0, 3.0, GAP, 0.0, 8.0, 2.0, 1.0, GAP, 1.0, 0.0];
    let all = Table::raw(x, vec![0, 1, 0, 1], columns.clone(), 2).expect("a table");
    let (train, other) = (all.select(&[0, 1, 2]), all.select(&[3]));
    let encoder = Encode.fit(&train).expect("fits");
    assert_eq!(
        encoder.apply(&train).0,
        [
            [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
            [3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            [8.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0]
        ]
        .concat()
    );
    assert_eq!(encoder.apply(&other), (vec![3.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0], 7));
    let nothing = Table::raw(vec![GAP], vec![0], columns[..1].to_vec(), 1).expect("a table");
    assert_eq!(Encode.fit(&nothing).expect("fits").apply(&nothing).0, [0.0, 1.0]);
    for wrong in [
        vec![f64::INFINITY, 0.0, 0.0],
        vec![0.0, 3.0, 0.0],
        vec![0.0, 0.5, 0.0],
        vec![0.0, 0.0, GAP],
    ] {
        assert!(Table::raw(wrong, vec![0], columns.clone(), 1).is_err());
    }
}

fn accuracy(model: &dyn Model, train: &Table, other: &Table) -> f64 {
    let fitted = model.fit(train, 1.0, Seed(1), &Context::new()).expect("fits");
    let p = fitted.predict(other);
    let right = p
        .chunks(2)
        .zip(other.y())
        .filter(|(p, y)| u32::from(p[1] > p[0]) == **y)
        .count();
    right as f64 / other.rows() as f64
}

fn forest() -> Box<dyn Model> {
    (find(crate::model::MODELS, "forest").expect("a model").build.build)(&Config::default()).expect("builds")
}

/// The classic trap (Hastie, Tibshirani, Friedman 2009, 7.10.2): thousands of features that mean nothing, of which the best are selected.
/// Selected on all rows, they predict rows that were "held out"; selected within the fold, nothing can.
#[test]
fn selecting_within_the_fold_does_not_leak() {
    let mut rng = Seed(12).rng();
    let (n, d) = (60, 3000);
    let x = (0..n * d).map(|_| normal(&mut rng)).collect();
    let y = (0..n).map(|_| below(&mut rng, 2) as u32).collect();
    let all = Table::new(x, y, d, 2).expect("a table");
    let (train, other) = (
        all.select(&(0..40).collect::<Vec<_>>()),
        all.select(&(40..n).collect::<Vec<_>>()),
    );
    let select = || build("select", &[("k", Value::Int(20))]);
    let honest = accuracy(&Pipeline::new(vec![select()], forest()), &train, &other);
    let leaking = select().fit(&all).expect("fits");
    let behind = |table: &Table| {
        let (x, features) = leaking.apply(table);
        table.with_features(x, features).expect("a table")
    };
    let leaked = accuracy(&*forest(), &behind(&train), &behind(&other));
    assert!(leaked >= 0.75, "the trap is none: {leaked}");
    assert!(honest <= 0.6, "{honest}");
}

#[test]
fn a_memory_changes_no_bit_and_all_rows_are_treated_alike() {
    let (train, other) = tables();
    let steps = || {
        vec![
            build("scale", &[]),
            build("polynomial", &[]),
            build("pca", &[("components", Value::Int(4))]),
        ]
    };
    let pipeline = Pipeline::new(steps(), forest());
    let run = |train: &Table, other: &Table| {
        let fitted = pipeline.fit(train, 1.0, Seed(1), &Context::new()).expect("fits");
        (fitted.predict(other), fitted.predict(train), fitted.cost())
    };
    let plain = run(&train, &other);
    let all = |table: &Table| table.select(&(0..table.rows()).collect::<Vec<_>>()).remembering();
    let (kept_train, kept_other) = (Arc::new(all(&train)), Arc::new(all(&other)));
    for _ in 0..3 {
        assert!(run(&kept_train, &kept_other) == plain);
    }
    assert!(
        run(&train, &other).2
            > forest()
                .fit(&train, 1.0, Seed(1), &Context::new())
                .expect("fits")
                .cost()
    );
    // One row alone comes out as it does among the others.
    assert_eq!(run(&train, &other.select(&[3])).0, plain.0[9..12]);
}

#[test]
fn what_overflows_in_a_step_is_a_failure_that_says_so() {
    let huge = Table::new(vec![1e200, -1e200, 3.0], vec![0, 1, 0], 1, 2).expect("a table");
    let pipeline = Pipeline::new(vec![build("polynomial", &[])], forest());
    let why = pipeline
        .fit(&huge, 1.0, Seed(1), &Context::new())
        .err()
        .expect("refused");
    assert!(why.contains("not a finite number"), "{why}");
    let fine = Table::new(vec![1.0, 2.0], vec![0, 1], 1, 2).expect("a table");
    let fitted = pipeline.fit(&fine, 1.0, Seed(1), &Context::new()).expect("fits");
    assert!(fitted.predict(&huge).iter().all(|p| p.is_nan()));
}
