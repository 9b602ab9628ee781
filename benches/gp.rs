//! Milliseconds of what a suggestion of `bayes` consists of, by the number of values, beside scikit-learn's stored figures:
//! `cargo bench --bench gp`. What whole suggestions take, the bench `ask` measures.
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

mod host;

use host::{clock, say};
use tunescape::seed::{Seed, uniform};
use tunescape::surrogate::gp::{Axis, Coordinates, Gp, Matern52, Observations, Priors, Problem};

const DIMENSIONS: usize = 4;
/// Runs of which the fastest counts.
const RUNS: usize = 5;
/// Values, and milliseconds of a fit from three starts and of a thousand predictions with their sd by scikit-learn 1.9.1 on a quiet machine.
const MARKS: [(usize, f64, f64); 4] = [
    (50, 52.6, 1.7),
    (100, 86.0, 3.2),
    (200, 732.0, 7.4),
    (400, 3932.0, 20.0),
];

/// The sum of a bowl and a ripple.
fn objective(x: &[f64]) -> f64 {
    let bowl: f64 = x.iter().map(|v| (v - 0.3) * (v - 0.3)).sum();
    bowl + 0.1 * libm::sin(9.0 * x[0])
}

/// A result, and the milliseconds of the fastest of several runs.
fn timed<T>(work: impl Fn() -> T) -> (T, f64) {
    let run = || {
        let start = clock();
        let result = work();
        (result, (clock() - start) * 1e3)
    };
    (1..RUNS).fold(run(), |best, _| {
        let next = run();
        if next.1 < best.1 { next } else { best }
    })
}

fn main() {
    host::alone(bench);
}

fn bench() {
    let mut rng = Seed(2).rng();
    let mut point = || (0..DIMENSIONS).map(|_| uniform(&mut rng)).collect::<Vec<f64>>();
    let x: Vec<Vec<f64>> = (0..MARKS[MARKS.len() - 1].0).map(|_| point()).collect();
    let y: Vec<f64> = x.iter().map(|x| objective(x)).collect();
    let points: Vec<Vec<f64>> = (0..1000).map(|_| point()).collect();
    let axes = [Axis::Numeric; DIMENSIONS];
    let priors = Priors::default_for(DIMENSIONS);
    let coordinates = Coordinates::new(&axes, false, false);
    say("| values | fit | scikit-learn's fit | conditioning | one row more | 1000 predictions | scikit-learn's |");
    say("|---|---|---|---|---|---|---|");
    for (n, their_fit, their_predictions) in MARKS {
        let all = Observations::new(&x[..n], &y[..n]).standardized();
        let problem = Problem {
            axes: &axes,
            kernel: &Matern52,
            observations: &all,
            priors: &priors,
            coordinates: &coordinates,
        };
        let start = [priors.start(DIMENSIONS)];
        let (fitted, fit) = timed(|| problem.fit(&start).expect("regular"));
        let condition = || Gp::condition(&axes, &Matern52, &all, &fitted.hyperparameters, None).expect("regular");
        let (gp, conditioning) = timed(condition);
        let (_, copy) = timed(|| gp.clone());
        let (_, grown) = timed(|| gp.clone().observe(&[0.123; DIMENSIONS], 0.0).is_ok());
        let (_, predictions) = timed(|| gp.posterior_batch(&points));
        let more = (grown - copy).max(0.0);
        say(&format!(
            "| {n} | {fit:.2} | {their_fit} | {conditioning:.2} | {more:.3} | {predictions:.2} | {their_predictions} |"
        ));
    }
}
