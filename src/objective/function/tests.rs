use super::*;
use crate::seed::uniform;
use crate::trial::Job;

/// The entry as an objective, with these settings.
fn objective(entry: &Entry<Function>, given: &[(&str, &str)], domains: &[(String, Domain)]) -> FunctionObjective {
    let given: Vec<_> = given.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let (settings, refused) = Settings::check(entry.id, entry.settings, &given);
    assert!(refused.is_empty(), "{refused:?}");
    FunctionObjective::new(entry, &settings, domains, Seed(9)).expect(entry.id)
}

/// Every function, those of any number of arguments with several numbers.
fn sizes(entry: &Entry<Function>) -> Vec<FunctionObjective> {
    match entry.build.arguments {
        Arguments::Any { .. } => ["1", "2", "5"]
            .iter()
            .map(|d| objective(entry, &[("d", d)], &[]))
            .collect(),
        _ => vec![objective(entry, &[], &[])],
    }
}

#[test]
fn every_function_is_smallest_at_its_minimizers_and_nowhere_smaller() {
    for entry in FUNCTIONS {
        for f in sizes(entry) {
            let d = f.own.len();
            let minimum = f
                .optimum()
                .unwrap_or_else(|| panic!("{}: the minimizers are in the box", entry.id));
            assert!(!entry.formula.is_empty() && !entry.paper.is_empty() && !entry.about.is_empty());
            for x in (f.function.minimizers)(d) {
                let value = (f.function.value)(&x);
                assert!(
                    (value - minimum).abs() < 1e-6,
                    "{} at {x:?}: {value} and {minimum}",
                    entry.id
                );
                // A minimizer inside the box is stationary: small steps do not go down.
                for i in (0..d).filter(|&i| matches!(f.own[i].domain, Domain::Float { .. }) && !x[i].is_nan()) {
                    for step in [-1e-4, 1e-4] {
                        let mut near = x.clone();
                        near[i] += step;
                        assert!((f.function.value)(&near) >= value - 1e-9, "{} near {x:?}", entry.id);
                    }
                }
            }
            let mut rng = Seed(1).rng();
            for _ in 0..20_000 {
                let config = f.space.sample(&mut rng).expect("a configuration");
                let value = f.truth(&config);
                assert!(value >= minimum - 1e-9, "{} at {config}: {value}", entry.id);
            }
        }
    }
}

/// Minima from the literature: Surjanovic & Bingham (2013), Virtual library of simulation experiments; for Michalewicz' function
/// Vanaret et al. (2014), Certified global minima for a benchmark of difficult optimization problems.
#[test]
fn minima_are_those_of_the_literature() {
    for (id, d, minimum) in [
        ("branin", 2, 0.397_887),
        ("camel", 2, -1.031_628),
        ("goldstein-price", 2, 3.0),
        ("hartmann6", 6, -3.322_368),
        ("ackley", 7, 0.0),
        ("rastrigin", 3, 0.0),
        ("griewank", 4, 0.0),
        ("styblinski-tang", 5, -195.830_83),
        ("michalewicz", 2, -1.801_303_41),
        ("michalewicz", 5, -4.687_658_18),
        ("michalewicz", 10, -9.660_151_72),
    ] {
        let entry = crate::registry::find(FUNCTIONS, id).expect(id);
        assert!(
            ((entry.build.minimum)(d) - minimum).abs() < 2e-6,
            "{id}: {}",
            (entry.build.minimum)(d)
        );
    }
}

fn job(config: Config, fidelity: f64) -> Job {
    Job {
        id: 0,
        config,
        fidelity,
        parent: None,
        origin: crate::trial::Origin::Person,
    }
}

#[test]
fn gradients_agree_with_finite_differences_in_unit_coordinates() {
    for entry in FUNCTIONS {
        let plain = objective(entry, &[], &[]);
        // Each argument on a logarithmic scale, where the box allows it, is another map to the unit cube.
        let logarithmic = plain.own.iter().filter_map(|p| match p.domain {
            Domain::Float { high, .. } if p.when.is_empty() && high > 0.0 => Some((
                p.name.clone(),
                Domain::Float {
                    low: high / 100.0,
                    high,
                    log: true,
                    step: None,
                },
            )),
            _ => None,
        });
        let logarithmic: Vec<_> = logarithmic.collect();
        for domains in [Vec::new(), logarithmic] {
            let f = objective(entry, &[], &domains);
            let mut rng = Seed(2).rng();
            for _ in 0..50 {
                let u: Vec<f64> = f.own.iter().map(|_| 0.01 + 0.98 * uniform(&mut rng)).collect();
                let job = job(f.space().at_unit(&u), 1.0);
                let task = Task {
                    need: Need::Gradient,
                    ..Task::new(&job)
                };
                let outcome = f.evaluate(&task, &Context::new());
                let Outcome::Value(score) = outcome else {
                    panic!("{}", entry.id)
                };
                for (i, g) in score.gradient.expect("a gradient").iter().enumerate() {
                    let continuous = f.space.params()[i].domain.size().is_none();
                    let at = |shift: f64| {
                        let mut near = u.clone();
                        near[i] += shift;
                        f.truth(&f.space().at_unit(&near))
                    };
                    let difference = if continuous { (at(1e-6) - at(-1e-6)) / 2e-6 } else { 0.0 };
                    assert!(
                        (g - difference).abs() <= 1e-4 * (1.0 + g.abs()),
                        "{} at {u:?}: {g} {difference}",
                        entry.id
                    );
                }
            }
        }
    }
}

#[test]
fn the_mixed_function_has_words_and_parameters_that_come_and_go() {
    let entry = crate::registry::find(FUNCTIONS, "mixed").expect("a function");
    let domain = |text: &str| vec![("kind".to_string(), Domain::parse(text).expect("a domain"))];
    let one = objective(entry, &[], &domain("{wave,bowl}"));
    let two = objective(entry, &[], &[]);
    let mut rng = Seed(3).rng();
    for _ in 0..100 {
        // The order of the words in a text changes no value.
        let config = one.space.sample(&mut rng).expect("a configuration");
        assert_eq!(one.truth(&config), two.truth(&config));
    }
    for wrong in ["1..2", "{wave,square}", "=1"] {
        assert!(
            FunctionObjective::new(entry, &Settings::defaults(SETTINGS), &domain(wrong), Seed(1)).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn low_fidelity_is_biased_ever_less_or_reversed_on_purpose() {
    for entry in FUNCTIONS.iter().filter(|e| e.build.low.is_some()) {
        let value = |low: &str, u: f64, fidelity: f64| {
            let (settings, _) = Settings::check("f", SETTINGS, &[("low".into(), low.into())]);
            let f = FunctionObjective::new(entry, &settings, &[], Seed(1)).expect("an objective");
            let config = f.space().at_unit(&vec![u; f.space().dim()]);
            let outcome = f.evaluate(&Task::new(&job(config, fidelity)), &Context::new());
            outcome.value().expect("a value")
        };
        for i in 0..20 {
            let u = (f64::from(i) + 0.5) / 20.0;
            let bias = |fidelity| (value("own", u, fidelity) - value("own", u, 1.0)).abs();
            assert!(bias(1.0 - 1e-9) < 1e-6 && bias(0.9) <= bias(0.1), "{} at {u}", entry.id);
            assert_eq!(value("reversed", u, 0.25), -0.5 * value("own", u, 1.0));
            assert_eq!(value("reversed", u, 1.0), value("own", u, 1.0));
        }
    }
}

#[test]
fn noise_has_its_standard_deviation_and_belongs_to_the_point() {
    let entry = &FUNCTIONS[0];
    let (settings, _) = Settings::check("f", SETTINGS, &[("noise".into(), "0.5".into())]);
    let objective = FunctionObjective::new(entry, &settings, &[], Seed(9)).expect("an objective");
    let mut squares = 0.0;
    for i in 0..2000 {
        let config = objective.space().at_unit(&[f64::from(i) / 2000.0]);
        let truth = objective.truth(&config);
        let job = |id| Job::full(id, config.clone(), crate::trial::Origin::Person);
        let (a, b) = (
            objective.evaluate(&Task::new(&job(0)), &Context::new()),
            objective.evaluate(&Task::new(&job(7)), &Context::new()),
        );
        assert_eq!(a, b);
        squares += (a.value().expect("a value") - truth) * (a.value().expect("a value") - truth);
    }
    let sd = (squares / 2000.0_f64).sqrt();
    assert!((sd - 0.5).abs() < 0.03, "{sd}");
}

#[test]
fn a_variant_has_the_same_smallest_value_elsewhere() {
    for entry in FUNCTIONS {
        let own = objective(entry, &[], &[]);
        for number in ["1", "17", "4711"] {
            let variant = objective(entry, &[("variant", number)], &[]);
            let minimum = variant
                .optimum()
                .unwrap_or_else(|| panic!("{}: the minimizers are in the box", entry.id));
            assert_eq!(Some(minimum), own.optimum());
            for x in (entry.build.minimizers)(own.own.len()) {
                let back = |(x, moved): (f64, &Option<Moved>)| moved.map_or(x, |m| m.back(x));
                let place: Vec<f64> = x.iter().copied().zip(&variant.moved).map(back).collect();
                let value = variant.truth(&config(&variant.own, &place));
                assert!(
                    (value - minimum).abs() < 1e-6,
                    "{} {number}: {value} at {place:?}",
                    entry.id
                );
            }
            let mut rng = Seed(3).rng();
            let mut other = 0;
            for _ in 0..200 {
                let config = variant.space.sample(&mut rng).expect("a configuration");
                let value = variant.truth(&config);
                assert!(value >= minimum - 1e-9, "{} at {config}: {value}", entry.id);
                other += usize::from((value - own.truth(&config)).abs() > 1e-9);
            }
            assert!(other > 20, "{} {number} is where it was", entry.id);
        }
    }
}

#[test]
fn the_gradient_of_a_variant_is_that_of_its_values() {
    for id in ["branin", "forrester", "hartmann6", "ackley"] {
        let entry = crate::registry::find(FUNCTIONS, id).expect(id);
        let f = objective(entry, &[("variant", "5")], &[]);
        let mut rng = Seed(4).rng();
        for _ in 0..20 {
            let at = f.space.to_unit(&f.space.sample(&mut rng).expect("a configuration"));
            let gradient = f.unit_gradient(&f.space.at_unit(&at));
            for i in 0..at.len() {
                let value = |step: f64| {
                    let mut near = at.clone();
                    near[i] = (near[i] + step).clamp(0.0, 1.0);
                    (f.truth(&f.space.at_unit(&near)), near[i])
                };
                let ((a, u), (b, v)) = (value(1e-6), value(-1e-6));
                let numeric = (a - b) / (u - v);
                assert!(
                    (numeric - gradient[i]).abs() < 1e-3 * (1.0 + numeric.abs()),
                    "{id} along {i}: {numeric} and {}",
                    gradient[i]
                );
            }
        }
    }
}
