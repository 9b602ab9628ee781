use super::*;
use proptest::prelude::*;

fn kernel_space() -> Space {
    let mut gamma = Param::new("gamma", Domain::Ordinal(vec![Value::Float(0.1), Value::Int(1)]));
    gamma.when = vec![Condition {
        parent: "kernel".into(),
        values: vec![Value::Text("rbf".into())],
    }];
    let kernel = Param::new(
        "kernel",
        Domain::Categorical(vec![Value::Text("rbf".into()), Value::Text("linear".into())]),
    );
    let units = Param::new("units", Domain::int(1, 3));
    let forbidden = Config(vec![
        ("kernel".into(), Value::Text("linear".into())),
        ("units".into(), Value::Int(3)),
    ]);
    Space::new(vec![kernel, gamma, units], vec![forbidden]).expect("a valid space")
}

#[test]
fn inequalities_are_kept_by_checking_sampling_listing_and_files() {
    let text = r#"{"params":[{"name":"units","type":"int","low":1,"high":64},{"name":"layers","type":"int","low":1,"high":16},
        {"name":"k","type":"categorical","choices":["a","b"]}],"where":["units*layers<=128"]}"#;
    let space = serde_json::from_str::<SpaceFile>(text).unwrap().space().unwrap();
    let product = |c: &Config| c.number("units").unwrap() * c.number("layers").unwrap();
    let fits = (1..=64u64).map(|u| (128 / u).min(16)).sum::<u64>() * 2;
    assert_eq!(space.size(), Some(fits));
    assert!(space.list().all(|c| product(&c) <= 128.0));
    let mut rng = crate::seed::Seed(1).rng();
    assert!((0..500).all(|_| space.sample(&mut rng).is_some_and(|c| product(&c) <= 128.0)));
    let config = |u: i64| {
        Config(vec![
            ("units".into(), Value::Int(u)),
            ("layers".into(), Value::Int(4)),
            ("k".into(), Value::Text("a".into())),
        ])
    };
    assert!(space.check(&config(32)).is_ok());
    assert!(space.check(&config(33)).unwrap_err().contains("units*layers<=128"));
    let again: Space = serde_json::from_str(&serde_json::to_string(&space).unwrap()).unwrap();
    assert_eq!(again, space);
    for (wrong, why) in [
        ("k<1", "not numbers"),
        ("zzz<1", "no parameter"),
        ("units<0", "no configuration"),
        ("1<2", "names no parameter"),
    ] {
        let refused = space
            .clone()
            .constrained(vec![Constraint::parse(wrong).unwrap()])
            .unwrap_err();
        assert!(refused.contains(why), "{wrong}: {refused}");
    }
}

#[test]
fn lists_each_allowed_configuration_once() {
    let space = kernel_space();
    let keys: std::collections::BTreeSet<String> = space.list().map(|c| c.key()).collect();
    // rbf: 2 gammas × 3 units; linear: no gamma, 2 units.
    assert_eq!((space.list().count(), keys.len(), space.size()), (8, 8, Some(8)));
}

#[test]
fn check_refuses_what_is_wrong_by_name() {
    let space = kernel_space();
    let config = |text: &str| -> Config { serde_json::from_str(text).expect("valid JSON") };
    for (text, word) in [
        (r#"{"kernel":"poly","units":1}"#, "kernel"),
        (r#"{"kernel":"linear","units":1,"gamma":1}"#, "gamma"),
        (r#"{"kernel":"rbf","units":1}"#, "gamma is missing"),
        (r#"{"kernel":"linear","units":3}"#, "forbidden"),
        (r#"{"kernel":"linear","units":1.5}"#, "units"),
        (r#"{"kernel":"linear","units":1,"zzz":1}"#, "zzz"),
    ] {
        let error = space.check(&config(text)).expect_err(text);
        assert!(error.contains(word), "{text}: {error}");
    }
    let checked = space
        .check(&config(r#"{"units":2.0,"gamma":0.1,"kernel":"rbf"}"#))
        .expect("valid");
    assert_eq!(checked.key(), "kernel=rbf, gamma=0.1, units=2");
}

#[test]
fn the_notation_reads_back_as_written() {
    for text in [
        "10|50|none",
        "1..64",
        "1..64~log",
        "0.1..0.9",
        "1e-5..1.0~log",
        "{rbf,linear}",
        "=5",
        "0..1.5~step:0.25",
        "=none",
        "2..20~step:2",
        "1.0..5.0",
    ] {
        let domain = Domain::parse(text).expect(text);
        assert_eq!(Domain::parse(&domain.to_string()), Ok(domain), "{text}");
    }
    for text in [
        "",
        "5..1",
        "0..1~log",
        "a..b",
        "{}",
        "1|1",
        "1..2~what",
        "{a",
        "=",
        "1..nan",
        "1..1e999",
    ] {
        assert!(Domain::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_space_file_reads_back_as_written() {
    let text =
        serde_json::to_string(&SpaceFile::of(&kernel_space(), crate::trial::Direction::Maximize)).expect("serializes");
    let file: SpaceFile = serde_json::from_str(&text).expect(&text);
    assert_eq!(file.direction, crate::trial::Direction::Maximize);
    assert_eq!(file.space(), Ok(kernel_space()));
}

fn domains() -> impl Strategy<Value = Domain> {
    prop_oneof![
        (-1e3..1e3f64, 1e-3..1e3f64).prop_map(|(low, width)| Domain::float(low, low + width)),
        (1e-6..1e3f64, 1.0..1e6f64).prop_map(|(low, ratio)| Domain::Float {
            low,
            high: low * ratio,
            log: true,
            step: None
        }),
        (-9..9i64, 0..90i64, 1..4i64).prop_map(|(low, width, step)| Domain::Int {
            low,
            high: low + width,
            log: false,
            step
        }),
        (1..9i64, 0..90i64).prop_map(|(low, width)| Domain::Int {
            low,
            high: low + width,
            log: true,
            step: 1
        }),
        (1..9i64).prop_map(|n| Domain::Ordinal((0..n).map(Value::Int).collect())),
    ]
}

proptest! {
    #[test]
    fn a_unit_coordinate_gives_a_value_that_is_accepted_and_comes_back(domain in domains(), u in 0.0..1.0f64) {
        let value = domain.at_unit(u);
        prop_assert_eq!(domain.check(&value), Ok(value.clone()));
        let back = domain.at_unit(domain.to_unit(&value));
        match (back.number(), value.number()) {
            (Some(a), Some(b)) => prop_assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{} {}", a, b),
            _ => prop_assert_eq!(back, value),
        }
    }

    #[test]
    fn every_level_is_reached_from_its_place_in_the_unit_interval(domain in domains()) {
        if let Some(size) = domain.size() {
            for k in 0..size.min(50) {
                let value = domain.level(k);
                prop_assert_eq!(domain.level_of(&value), Some(k));
                prop_assert_eq!(domain.at_unit(domain.to_unit(&value)), value);
            }
        }
    }

    #[test]
    fn no_text_makes_the_notation_panic(text in ".{0,40}") {
        let _ = Domain::parse(&text);
    }
}

#[test]
fn a_value_is_typed_in_few_digits_unless_that_means_another_level() {
    let of = |domain: &str, value: f64| {
        let domain = Domain::parse(domain).expect("a domain");
        domain.typed(&domain.check(&Value::Float(value)).expect("a value of it"))
    };
    assert_eq!(of("1e-5..1~log", 0.794_328_234_7), "0.7943");
    // The nearest short number is no value of it.
    assert_eq!(of("0.12344999..1", 0.123_449_99), "0.12344999");
    assert_eq!(of("1..9999999", 1_234_567.0), "1234567");
    assert_eq!(of("10000000..99999999", 12_345_678.0), "12345678");
}
