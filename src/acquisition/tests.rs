use super::*;
use crate::seed::{Seed, normal};

/// (mean, sd, target) from a sure improvement to a hopeless one.
const CASES: [(f64, f64, f64); 6] = [
    (-1.0, 0.5, 0.0),
    (0.0, 1.0, 0.0),
    (0.4, 0.3, 0.2),
    (1.0, 0.2, 0.0),
    (3.0, 0.1, -1.0),
    (5.0, 0.02, -2.0),
];

#[test]
fn derivatives_match_differences() {
    for entry in ACQUISITIONS {
        let acquisition = (entry.build)(&Settings::defaults(entry.settings));
        for (mean, sd, target) in CASES {
            let (value, by_mean, by_sd) = acquisition.utility(mean, sd, target);
            let step = 1e-7 * sd;
            let at = |m: f64, s: f64| acquisition.utility(m, s, target).0;
            let numeric_mean = (at(mean + step, sd) - at(mean - step, sd)) / (2.0 * step);
            let numeric_sd = (at(mean, sd + step) - at(mean, sd - step)) / (2.0 * step);
            let tolerance = |v: f64| 1e-4 * (1.0 + v.abs()) + 1e-8 * value.abs() / step * 1e-7;
            assert!(
                (by_mean - numeric_mean).abs() < tolerance(by_mean),
                "{}: {by_mean} {numeric_mean}",
                entry.id
            );
            assert!(
                (by_sd - numeric_sd).abs() < tolerance(by_sd),
                "{}: {by_sd} {numeric_sd}",
                entry.id
            );
        }
    }
}

#[test]
fn values_rank_as_utilities_do_and_utilities_stay_finite() {
    for entry in ACQUISITIONS {
        let acquisition = (entry.build)(&Settings::defaults(entry.settings));
        let ranked: Vec<f64> = [-7.0, -0.3, 0.0, 2.0].iter().map(|u| acquisition.value(*u)).collect();
        assert!(ranked.windows(2).all(|w| w[0] < w[1]), "{}: {ranked:?}", entry.id);
        for sd in [1e-8, 1.0] {
            let (value, by_mean, by_sd) = acquisition.utility(1e3, sd, -1e3);
            assert!(
                value.is_finite() && by_mean.is_finite() && by_sd.is_finite(),
                "{}",
                entry.id
            );
        }
    }
}

#[test]
fn closed_forms_agree_with_monte_carlo() {
    let draws: Vec<f64> = {
        let mut rng = Seed(8).rng();
        (0..200_000).map(|_| normal(&mut rng)).collect()
    };
    let average = |f: &dyn Fn(f64) -> f64| draws.iter().map(|z| f(*z)).sum::<f64>() / draws.len() as f64;
    let build = |id: &str| {
        let entry = crate::registry::find(ACQUISITIONS, id).expect("registered");
        (entry.build)(&Settings::defaults(entry.settings))
    };
    for (mean, sd, target) in [(-1.0, 0.5, 0.0), (0.0, 1.0, 0.0), (0.4, 0.3, 0.2), (0.5, 0.4, 0.0)] {
        let improvement = |margin: f64| average(&|z| (target - margin - mean - sd * z).max(0.0));
        let chance = average(&|z| f64::from(u8::from(mean + sd * z < target - 0.01)));
        let value = |id: &str| build(id).value(build(id).utility(mean, sd, target).0);
        assert!((value("ei") - improvement(0.01)).abs() < 5e-3 * sd);
        assert!((libm::exp(value("logei")) - improvement(0.0)).abs() < 5e-3 * sd);
        assert!((value("pi") - chance).abs() < 5e-3);
    }
}
