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

fn problem<'a>(
    axes: &'a [Axis],
    observations: &'a Observations,
    priors: &'a Priors,
    coordinates: &'a Coordinates,
) -> Problem<'a> {
    Problem {
        axes,
        kernel: &Matern52,
        observations,
        priors,
        coordinates,
    }
}

/// Fitted by maximum a posteriori and conditioned.
fn fit_and_condition(axes: &[Axis], x: &[Vec<f64>], y: &[f64], input: bool) -> Gp {
    let priors = Priors::default_for(axes.len());
    let coordinates = Coordinates::new(axes, false, input);
    let observations = Observations::new(x, y);
    let start = [priors.start(axes.len())];
    let fitted = problem(axes, &observations, &priors, &coordinates)
        .fit(&start)
        .expect("regular");
    Gp::condition(axes, &Matern52, &observations, &fitted.hyperparameters, None).expect("regular")
}

fn fitted(n: usize) -> Gp {
    let (x, y) = sample(n);
    fit_and_condition(&AXES, &x, &y, true)
}

#[test]
fn batch_equals_single() {
    let gp = fitted(30);
    let (points, _) = sample(150);
    let means: Vec<f64> = gp.posterior_batch(&points).iter().map(|(mean, _)| *mean).collect();
    assert_eq!(gp.means(&points), means, "to the bit");
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
    let hyper = Hyperparameters::new(vec![0.5, 0.7, 1.0], 1.3, 1e-3, 0.4);
    let whole = Gp::new(&AXES, &Matern52, &x, &y, &hyper).expect("regular");
    let part = Gp::new(&AXES, &Matern52, &x[..19], &y[..19], &hyper).expect("regular");
    let grown = part.observe(&x[19], y[19]).expect("regular");
    let at = [0.2, 0.9, 0.0];
    let ((a, b), (c, d)) = (whole.posterior(&at), grown.posterior(&at));
    assert_eq!((a, b), (c, d));
    // So does conditioning again with what is known already.
    let observations = Observations::new(&x, &y);
    let grown = Gp::condition(&AXES, &Matern52, &observations, &hyper, Some(&part)).expect("regular");
    assert_eq!(grown.posterior(&at), (a, b));
}

#[test]
fn what_is_observed_again_is_known_better() {
    let hyper = Hyperparameters::new(vec![0.5], 1.0, 0.1, 0.0);
    let known = |x: &[Vec<f64>], y: &[f64]| {
        Gp::new(&[Axis::Numeric], &Matern52, x, y, &hyper)
            .expect("regular")
            .posterior(&[0.5])
    };
    let once = known(&[vec![0.5]], &[1.0]);
    let often = known(&vec![vec![0.5]; 4], &[0.9, 1.1, 1.0, 1.0]);
    assert!((once.0 - 1.0 / 1.1).abs() < 1e-12 && (often.0 - 1.0 / 1.025).abs() < 1e-12);
    assert!((often.1 - (1.0 - 1.0 / 1.025)).abs() < 1e-12);
}

#[test]
fn repeats_tell_the_size_of_the_noise() {
    // A smooth curve with a scatter of ±0.3 at twelve points observed twice.
    let x: Vec<Vec<f64>> = (0..24).map(|i| vec![f64::from(i / 2) / 11.0]).collect();
    let y: Vec<f64> = x
        .iter()
        .enumerate()
        .map(|(i, p)| libm::sin(3.0 * p[0]) + if i % 2 == 0 { 0.3 } else { -0.3 })
        .collect();
    let noise = fit_and_condition(&[Axis::Numeric], &x, &y, false)
        .hyperparameters()
        .noise;
    assert!((0.05..0.15).contains(&noise), "{noise}");
}

#[test]
fn evidence_prefers_the_warp_that_made_the_data() {
    let mut rng = Seed(9).rng();
    let x: Vec<Vec<f64>> = (0..30).map(|_| vec![uniform(&mut rng), uniform(&mut rng)]).collect();
    let smooth: Vec<f64> = x.iter().map(|p| libm::sin(4.0 * p[0]) + p[1]).collect();
    let stretched: Vec<f64> = smooth.iter().map(|v| libm::exp(2.5 * v) - 1.0).collect();
    let squeezed: Vec<f64> = x
        .iter()
        .map(|p| libm::sin(8.0 * kumaraswamy::warp([0.4, 2.0], p[0])) + p[1])
        .collect();
    let axes = [Axis::Numeric, Axis::Numeric];
    let priors = Priors::default_for(2);
    let evidence = |y: &[f64], output: bool, input: bool| {
        let observations = Observations::new(&x, y).standardized();
        let coordinates = Coordinates::new(&axes, output, input);
        problem(&axes, &observations, &priors, &coordinates)
            .fit(&[priors.start(2)])
            .expect("regular")
    };
    assert!(evidence(&smooth, false, false).log_evidence > evidence(&smooth, true, true).log_evidence);
    let warped = evidence(&stretched, true, false);
    assert!(warped.log_evidence > evidence(&stretched, false, false).log_evidence + 5.0);
    assert!(warped.hyperparameters.lambda < 0.6, "{warped:?}");
    assert!(evidence(&squeezed, false, true).log_evidence > evidence(&squeezed, false, false).log_evidence);
}

#[test]
fn draws_of_hyperparameters_surround_the_most_probable_ones() {
    let (x, y) = sample(20);
    let priors = Priors::default_for(3);
    let coordinates = Coordinates::new(&AXES, false, false);
    let observations = Observations::new(&x, &y).standardized();
    let all = problem(&AXES, &observations, &priors, &coordinates);
    let best = all.fit(&[priors.start(3)]).expect("regular");
    let best = best.hyperparameters;
    let draws = all.sample(&best, 12, Seed(1));
    assert_eq!(draws.len(), 12);
    for d in 0..2 {
        let of = |h: &Hyperparameters| libm::log(h.lengthscales[d]);
        let (low, high) = draws
            .iter()
            .map(of)
            .fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        assert!(
            low < of(&best) + 0.3 && of(&best) - 0.3 < high && high - low > 0.05,
            "{low} {high} {}",
            of(&best)
        );
    }
}

#[test]
fn short_chains_draw_from_the_posterior_that_is_maximized() {
    // Six exact values of a smooth curve, under an output warp that all draws share.
    let x: Vec<Vec<f64>> = (0..6).map(|i| vec![f64::from(i * i) / 25.0]).collect();
    let y: Vec<f64> = x.iter().map(|p| libm::exp(libm::sin(5.0 * p[0]))).collect();
    let axes = [Axis::Numeric];
    let priors = Priors::default_for(1);
    let coordinates = Coordinates::new(&axes, true, false);
    let observations = Observations::new(&x, &y).standardized();
    let all = problem(&axes, &observations, &priors, &coordinates);
    let best = all.fit(&[priors.start(1)]).expect("regular").hyperparameters;

    // Means and sds of (ln ℓ, ln amplitude, ln noise) on a grid.
    const STEPS: usize = 48;
    let bounds = coordinates.bounds(&priors);
    let at = |i: usize, k: usize| bounds[i].0 + (bounds[i].1 - bounds[i].0) * (k as f64 + 0.5) / STEPS as f64;
    let mut data = Data::new(&axes, &Matern52, &observations, &coordinates);
    let mut cells = Vec::new();
    for k in 0..STEPS * STEPS * STEPS {
        let point = [
            at(0, k % STEPS),
            at(1, k / STEPS % STEPS),
            at(2, k / STEPS / STEPS),
            best.lambda,
        ];
        let density = data.log_posterior_value(&point, &priors).unwrap_or(f64::NEG_INFINITY);
        cells.push((point, density));
    }
    let top = cells.iter().map(|c| c.1).fold(f64::MIN, f64::max);
    let weights: Vec<f64> = cells.iter().map(|c| libm::exp(c.1 - top)).collect();
    let total: f64 = weights.iter().sum();
    let expected = |f: &dyn Fn(&[f64]) -> f64| {
        let terms = cells.iter().zip(&weights).map(|(c, w)| f(&c.0) * w);
        terms.sum::<f64>() / total
    };

    let chains = (0..150).flat_map(|seed| all.sample(&best, 4, Seed(seed)));
    let draws: Vec<Hyperparameters> = chains.collect();
    assert!(draws.iter().all(|h| h.lambda == best.lambda));
    let draws: Vec<Vec<f64>> = draws.iter().map(|h| coordinates.of(h)).collect();
    for i in 0..3 {
        let mean = expected(&|p| p[i]);
        let sd = libm::sqrt(expected(&|p| (p[i] - mean) * (p[i] - mean)));
        let n = draws.len() as f64;
        let drawn = draws.iter().map(|p| p[i]).sum::<f64>() / n;
        let spread = libm::sqrt(draws.iter().map(|p| (p[i] - drawn) * (p[i] - drawn)).sum::<f64>() / n);
        assert!(
            (drawn - mean).abs() < 0.25 * sd && (0.75..1.33).contains(&(spread / sd)),
            "coordinate {i}: {drawn} ± {spread}, on the grid {mean} ± {sd}"
        );
    }
}

#[test]
fn repeated_points_without_noise_still_fit() {
    // So close that rounding cannot tell them apart.
    let x: Vec<Vec<f64>> = (0..6).map(|i| vec![0.5 + 1e-12 * f64::from(i)]).collect();
    let y = vec![1.0; 6];
    let hyper = Hyperparameters::new(vec![1.0], 1.0, 0.0, 0.0);
    let gp = Gp::new(&[Axis::Numeric], &Matern52, &x, &y, &hyper).expect("noise is raised");
    assert!((gp.posterior(&[0.5]).0 - 1.0).abs() < 1e-3);
}

#[test]
fn a_fit_tells_relevant_from_irrelevant_axes() {
    let mut rng = Seed(4).rng();
    let x: Vec<Vec<f64>> = (0..40).map(|_| vec![uniform(&mut rng), uniform(&mut rng)]).collect();
    let y: Vec<f64> = x.iter().map(|p| libm::sin(9.0 * p[0])).collect();
    let gp = fit_and_condition(&[Axis::Numeric, Axis::Numeric], &x, &y, false);
    let ell = &gp.hyperparameters().lengthscales;
    assert!(ell[1] > 3.0 * ell[0], "{ell:?}");
    assert!(gp.hyperparameters().noise < 1e-3);
}
