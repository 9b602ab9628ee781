//! The Gaussian process and the normal tails against values by scikit-learn and mpmath (`tests/reference/gp.py`).
#![cfg(feature = "engine")]

use serde_json::Value;
use tunescape::math::normal::{erfcx, inverse_mills, log_cdf, log_h};
use tunescape::registry::find;
use tunescape::surrogate::gp::{Axis, Gp, Hyperparameters, KERNELS};

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/gp.json")).expect("valid JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(|v| v.as_f64().expect("a number"))
        .collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("a list").iter().map(numbers).collect()
}

fn near(ours: f64, theirs: f64, tolerance: f64) -> bool {
    (ours - theirs).abs() <= tolerance * (1.0 + theirs.abs())
}

#[test]
fn posterior_and_likelihood_are_scikit_learns() {
    for case in reference()["cases"].as_array().expect("a list") {
        let of = |name: &str| case[name].as_f64().expect("a number");
        let hyper = Hyperparameters::new(numbers(&case["lengthscales"]), of("amplitude"), of("noise"), 0.0);
        let kernel = find(KERNELS, case["kernel"].as_str().expect("a name"))
            .expect("registered")
            .build;
        let mut axes = vec![Axis::Numeric; hyper.lengthscales.len()];
        if case["categorical_last"] == true {
            axes[hyper.lengthscales.len() - 1] = Axis::Categorical;
        }
        let gp = Gp::new(&axes, kernel, &rows(&case["x"]), &numbers(&case["y"]), &hyper).expect("regular");
        let (means, sds) = (numbers(&case["mean"]), numbers(&case["sd"]));
        for (i, point) in rows(&case["at"]).iter().enumerate() {
            let (mean, variance) = gp.posterior(point);
            assert!(near(mean, means[i], 1e-9), "mean {mean}, scikit-learn {}", means[i]);
            assert!(
                near(variance, sds[i] * sds[i], 1e-9),
                "variance {variance}, scikit-learn {}",
                sds[i] * sds[i]
            );
        }
        let theirs = case["log_marginal_likelihood"].as_f64().expect("a number");
        assert!(near(gp.log_marginal_likelihood(), theirs, 1e-10));
        let gradients = gp
            .log_marginal_likelihood_gradient()
            .into_iter()
            .zip(numbers(&case["gradient"]));
        for (ours, theirs) in gradients {
            assert!(near(ours, theirs, 1e-8), "gradient {ours}, scikit-learn {theirs}");
        }
    }
}

#[test]
fn tails_are_exact_to_thirteen_digits() {
    let reference = reference();
    for row in rows(&reference["tails"]) {
        let [z, expected_log_h, expected_slope, expected_log_cdf] = row[..] else {
            panic!("four columns")
        };
        let (value, slope) = log_h(z);
        assert!(
            near(value, expected_log_h, 1e-13),
            "log h({z}) = {value}, exactly {expected_log_h}"
        );
        assert!(
            near(slope, expected_slope, 1e-12),
            "slope at {z}: {slope}, exactly {expected_slope}"
        );
        assert!(near(log_cdf(z), expected_log_cdf, 1e-13), "log cdf({z})");
        // φ/Φ from the same columns: Φ/h and h give it back.
        let mills = libm::exp(-0.5 * z * z - 0.918_938_533_204_672_8 - expected_log_cdf);
        assert!(
            z < -30.0 || (inverse_mills(z) - mills).abs() <= 1e-10 * mills,
            "mills({z})"
        );
    }
    for row in rows(&reference["erfcx"]) {
        assert!(near(erfcx(row[0]), row[1], 1e-13), "erfcx({})", row[0]);
    }
}
