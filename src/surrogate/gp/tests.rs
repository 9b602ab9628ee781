#![allow(clippy::unwrap_used)]

use super::*;
use crate::seed::{Seed, uniform};

fn sample(n: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let mut rng = Seed(11).rng();
    let x: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            vec![
                uniform(&mut rng),
                uniform(&mut rng),
                f64::from(u32::try_from(i % 2).unwrap()),
            ]
        })
        .collect();
    let y = x
        .iter()
        .map(|p| libm::sin(5.0 * p[0]) + p[1] * p[1] + 0.5 * p[2])
        .collect();
    (x, y)
}

const AXES: [Axis; 3] = [Axis::Numeric, Axis::Numeric, Axis::Categorical];

fn fitted(n: usize) -> Gp {
    let (x, y) = sample(n);
    let priors = Priors::default_for(3);
    Gp::fit(&AXES, &Matern52, &x, &y, &priors, &[priors.start(3)]).expect("regular")
}

#[test]
fn batch_equals_single() {
    let gp = fitted(30);
    let (points, _) = sample(150);
    for (point, (mean, variance)) in points.iter().zip(gp.posterior_batch(&points)) {
        let single = gp.posterior(point);
        assert!((single.0 - mean).abs() < 1e-9 && (single.1 - variance).abs() < 1e-9);
    }
}

#[test]
fn gradient_matches_differences() {
    let gp = fitted(25);
    let at = [0.41, 0.77, 1.0];
    let gradient = gp.posterior_gradient(&at);
    assert!((gradient.mean - gp.posterior(&at).0).abs() < 1e-12);
    for d in 0..2 {
        let moved = |step: f64| {
            let mut x = at;
            x[d] += step;
            gp.posterior(&x)
        };
        let (up, down) = (moved(1e-5), moved(-1e-5));
        assert!((gradient.mean_gradient[d] - (up.0 - down.0) / 2e-5).abs() < 1e-6);
        assert!((gradient.variance_gradient[d] - (up.1 - down.1) / 2e-5).abs() < 1e-6);
    }
}

#[test]
fn observing_equals_conditioning_anew() {
    let (x, y) = sample(20);
    let hyper = Hyperparameters {
        lengthscales: vec![0.5, 0.7, 1.0],
        amplitude: 1.3,
        noise: 1e-3,
        mean: 0.4,
    };
    let whole = Gp::new(&AXES, &Matern52, &x, &y, &hyper).expect("regular");
    let part = Gp::new(&AXES, &Matern52, &x[..19], &y[..19], &hyper).expect("regular");
    let grown = part.observe(&x[19], y[19]).expect("regular");
    let at = [0.2, 0.9, 0.0];
    let ((a, b), (c, d)) = (whole.posterior(&at), grown.posterior(&at));
    assert!((a - c).abs() < 1e-9 && (b - d).abs() < 1e-9);
}

#[test]
fn repeated_points_without_noise_still_fit() {
    let x = vec![vec![0.5]; 6];
    let y = vec![1.0; 6];
    let hyper = Hyperparameters {
        lengthscales: vec![1.0],
        amplitude: 1.0,
        noise: 0.0,
        mean: 0.0,
    };
    let gp = Gp::new(&[Axis::Numeric], &Matern52, &x, &y, &hyper).expect("noise is raised");
    assert!((gp.posterior(&[0.5]).0 - 1.0).abs() < 1e-3);
}

#[test]
fn a_fit_tells_relevant_from_irrelevant_axes() {
    let mut rng = Seed(4).rng();
    let x: Vec<Vec<f64>> = (0..40).map(|_| vec![uniform(&mut rng), uniform(&mut rng)]).collect();
    let y: Vec<f64> = x.iter().map(|p| libm::sin(9.0 * p[0])).collect();
    let priors = Priors::default_for(2);
    let axes = [Axis::Numeric, Axis::Numeric];
    let gp = Gp::fit(&axes, &Matern52, &x, &y, &priors, &[priors.start(2)]).expect("regular");
    let ell = &gp.hyperparameters().lengthscales;
    assert!(ell[1] > 3.0 * ell[0], "{ell:?}");
    assert!(gp.hyperparameters().noise < 1e-3);
}
