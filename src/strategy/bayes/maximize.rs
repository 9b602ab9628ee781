//! Maximizing the acquisition over a mixed space: quasi-random and local candidates, the best of them refined by turns on the continuous
//! coordinates (L-BFGS) and on each discrete one (level by level). Every point that is scored is legal.

use super::grounds::{Grounds, Place};
use super::judge::{Judge, Score};
use crate::math::lbfgs::{self, Options};
use crate::math::sobol::Sobol;
use crate::seed::{Seed, below, normal, uniform};

/// Quasi-random candidates.
const SPREAD: u32 = 512;
/// Candidates near the best known points.
const NEAR: usize = 128;
/// Candidates that are refined, beside the incumbent.
const STARTS: usize = 5;
/// Most turns of continuous and discrete search.
const TURNS: usize = 20;

/// A scored legal point.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) score: Score,
}

/// Local maxima and good candidates, best first.
pub(super) fn maximize(judge: &Judge, grounds: &Grounds, seed: Seed) -> Vec<Found> {
    let (candidates, incumbent) = candidates(judge, grounds, seed);
    let mut found = scored(judge, candidates);
    sort(&mut found);
    let mut refined: Vec<Found> = Vec::new();
    for start in starts(&found, incumbent) {
        refined.push(refine(judge, grounds, start));
    }
    refined.extend(found);
    sort(&mut refined);
    refined
}

fn sort(found: &mut [Found]) {
    found.sort_by(|a, b| b.score.utility.total_cmp(&a.score.utility));
}

fn scored(judge: &Judge, places: Vec<Place>) -> Vec<Found> {
    let inputs: Vec<Vec<f64>> = places.iter().map(|p| p.input.clone()).collect();
    let scores = judge.scores(&inputs);
    places
        .into_iter()
        .zip(scores)
        .map(|(place, score)| Found { place, score })
        .collect()
}

/// Candidates from everywhere and near the three points of lowest mean, and the lowest of those itself.
fn candidates(judge: &Judge, grounds: &Grounds, seed: Seed) -> (Vec<Place>, Option<Found>) {
    let sobol = Sobol::new(grounds.dim(), seed.derive("candidates", 0));
    let mut places: Vec<Place> = (0..SPREAD).filter_map(|i| grounds.place(sobol.point(i))).collect();
    let known = judge.points();
    let scores = judge.scores(known);
    let mut order: Vec<usize> = (0..known.len()).collect();
    order.sort_by(|a, b| scores[*a].mean.total_cmp(&scores[*b].mean));
    let mut rng = seed.derive("near", 0).fast_rng();
    for i in 0..NEAR {
        // Half of them around the best, the others around the second and third.
        let rank = if i % 2 == 0 { 0 } else { 1 + (i / 2) % 2 };
        let mut raw = known[order[rank.min(order.len() - 1)]].clone();
        let width = libm::pow(10.0, -1.0 - 3.0 * uniform(&mut rng));
        let forced = below(&mut rng, raw.len().max(1) as u64) as usize;
        for (axis, u) in raw.iter_mut().enumerate() {
            if axis != forced && uniform(&mut rng) < 0.5 {
                continue;
            }
            let levels = grounds.alternatives(axis, *u);
            *u = if levels.is_empty() {
                (*u + width * normal(&mut rng)).clamp(0.0, 1.0)
            } else {
                levels[below(&mut rng, levels.len() as u64) as usize]
            };
        }
        places.extend(grounds.place(raw));
    }
    let incumbent = order.first().and_then(|i| {
        let place = grounds.place(known[*i].clone())?;
        Some(Found {
            place,
            score: scores[*i],
        })
    });
    (places, incumbent)
}

/// The best candidates that are not close to a better one, and the incumbent.
fn starts(sorted: &[Found], incumbent: Option<Found>) -> Vec<Found> {
    let mut chosen: Vec<Found> = Vec::new();
    for found in sorted {
        if chosen.len() == STARTS {
            break;
        }
        if chosen
            .iter()
            .all(|c| largest_difference(&c.place.input, &found.place.input) > 0.1)
        {
            chosen.push(found.clone());
        }
    }
    chosen.extend(incumbent);
    chosen
}

/// The largest difference of a coordinate.
pub(super) fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |m, (p, q)| m.max((p - q).abs()))
}

fn refine(judge: &Judge, grounds: &Grounds, start: Found) -> Found {
    let mut best = start;
    for _ in 0..TURNS {
        let before = best.score.utility;
        slide(judge, grounds, &mut best);
        if !grounds.has_levels() {
            break;
        }
        step(judge, grounds, &mut best);
        if best.score.utility <= before + 1e-9 * before.abs().max(1.0) {
            break;
        }
    }
    best
}

/// L-BFGS over the continuous coordinates, measured in lengthscales so that it is well conditioned.
fn slide(judge: &Judge, grounds: &Grounds, best: &mut Found) {
    let axes = grounds.sliding(&best.place);
    if axes.is_empty() {
        return;
    }
    let lengthscales = &judge.gp().hyperparameters().lengthscales;
    let units: Vec<f64> = axes.iter().map(|a| lengthscales[*a].min(1.0)).collect();
    let mut input = best.place.input.clone();
    let mut whole = vec![0.0; input.len()];
    let objective = |z: &[f64], gradient: &mut [f64]| {
        for (k, axis) in axes.iter().enumerate() {
            input[*axis] = (z[k] * units[k]).clamp(0.0, 1.0);
        }
        let utility = judge.utility_gradient(&input, &mut whole);
        for (k, axis) in axes.iter().enumerate() {
            gradient[k] = -whole[*axis] * units[k];
        }
        -utility
    };
    let start: Vec<f64> = axes
        .iter()
        .zip(&units)
        .map(|(a, unit)| best.place.input[*a] / unit)
        .collect();
    let bounds: Vec<(f64, f64)> = units.iter().map(|unit| (0.0, 1.0 / unit)).collect();
    let options = Options {
        iterations: 60,
        gradient_tolerance: 1e-6,
        value_tolerance: 1e-10,
    };
    let found = lbfgs::minimize(objective, &start, &bounds, options);
    let mut raw = best.place.raw.clone();
    for (k, axis) in axes.iter().enumerate() {
        raw[*axis] = (found.x[k] * units[k]).clamp(0.0, 1.0);
    }
    adopt(judge, grounds, best, vec![raw]);
}

/// Each discrete coordinate in turn to its best level.
fn step(judge: &Judge, grounds: &Grounds, best: &mut Found) {
    for axis in 0..grounds.dim() {
        let others = grounds.alternatives(axis, best.place.raw[axis]).into_iter().map(|u| {
            let mut raw = best.place.raw.clone();
            raw[axis] = u;
            raw
        });
        let others: Vec<Vec<f64>> = others.collect();
        adopt(judge, grounds, best, others);
    }
}

/// Goes to the best of `raws` that is legal, new to the model, and better.
fn adopt(judge: &Judge, grounds: &Grounds, best: &mut Found, raws: Vec<Vec<f64>>) {
    let known = |input: &Vec<f64>| judge.points().contains(input);
    let places: Vec<Place> = raws
        .into_iter()
        .filter_map(|raw| grounds.place(raw))
        .filter(|p| !known(&p.input))
        .collect();
    let best_is_known = known(&best.place.input);
    for found in scored(judge, places) {
        if found.score.utility > best.score.utility || best_is_known && known(&best.place.input) {
            *best = found;
        }
    }
}
