//! Maximizing the acquisition over a mixed space: quasi-random and local candidates, the best of them refined by turns on the continuous
//! coordinates (L-BFGS) and on each discrete one (level by level). Every point that is scored is legal.

use super::grounds::{Grounds, Place};
use super::judge::{Judge, Score};
use crate::math::lbfgs::{self, Options};
use crate::order;
use crate::seed::{Seed, below, normal, uniform};

/// How much is looked at.
#[derive(Clone, Copy)]
struct Effort {
    /// Quasi-random candidates.
    spread: u32,
    /// Candidates near the best known points.
    near: usize,
    /// Candidates that are refined, beside the incumbent.
    starts: usize,
}

/// Enough to find what eight times as much finds, in nearly all cases; the tests hold it to that.
const EFFORT: Effort = Effort {
    spread: 512,
    near: 128,
    starts: 5,
};
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
    search(judge, grounds, seed, EFFORT)
}

fn search(judge: &Judge, grounds: &Grounds, seed: Seed, effort: Effort) -> Vec<Found> {
    let (candidates, incumbent) = candidates(judge, grounds, seed, effort);
    let mut found = scored(judge, candidates);
    sort(&mut found);
    let mut refined: Vec<Found> = Vec::new();
    for start in starts(&found, incumbent, effort.starts) {
        refined.push(refine(judge, grounds, start));
    }
    refined.extend(found);
    sort(&mut refined);
    refined
}

fn sort(found: &mut [Found]) {
    order::sort_by(found, |a, b| b.score.utility.total_cmp(&a.score.utility));
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
fn candidates(judge: &Judge, grounds: &Grounds, seed: Seed, effort: Effort) -> (Vec<Place>, Option<Found>) {
    let spread = judge.field.spread(effort.spread, seed.derive("candidates", 0));
    let mut places: Vec<Place> = spread.into_iter().filter_map(|raw| grounds.place(raw)).collect();
    let known = judge.points();
    let means = judge.means(known);
    let mut order: Vec<usize> = (0..known.len()).collect();
    order::sort_by(&mut order, |a, b| means[*a].total_cmp(&means[*b]));
    let mut rng = seed.derive("near", 0).fast_rng();
    for i in 0..effort.near {
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
        judge.field.clamp(&mut raw);
        places.extend(grounds.place(raw));
    }
    let incumbent = order.first().and_then(|i| {
        let place = grounds.place(known[*i].clone())?;
        Some(Found {
            place,
            score: judge.scores(&known[*i..=*i])[0],
        })
    });
    (places, incumbent)
}

/// The best candidates that are not close to a better one, and the incumbent.
fn starts(sorted: &[Found], incumbent: Option<Found>, most: usize) -> Vec<Found> {
    let mut chosen: Vec<Found> = Vec::new();
    for found in sorted {
        if chosen.len() == most {
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
    let (low, high) = (&judge.field.low, &judge.field.high);
    let units: Vec<f64> = axes.iter().map(|a| lengthscales[*a].min(1.0)).collect();
    let mut input = best.place.input.clone();
    let mut whole = vec![0.0; input.len()];
    let objective = |z: &[f64], gradient: &mut [f64]| {
        for (k, axis) in axes.iter().enumerate() {
            input[*axis] = (z[k] * units[k]).clamp(low[*axis], high[*axis]);
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
    let bounds: Vec<(f64, f64)> = axes
        .iter()
        .zip(&units)
        .map(|(a, unit)| (low[*a] / unit, high[*a] / unit))
        .collect();
    let options = Options {
        iterations: 60,
        gradient_tolerance: 1e-6,
        value_tolerance: 1e-10,
    };
    let found = lbfgs::minimize(objective, &start, &bounds, options);
    let mut raw = best.place.raw.clone();
    for (k, axis) in axes.iter().enumerate() {
        raw[*axis] = (found.x[k] * units[k]).clamp(low[*axis], high[*axis]);
    }
    adopt(judge, grounds, best, vec![raw]);
}

/// Each discrete coordinate in turn to its best level.
fn step(judge: &Judge, grounds: &Grounds, best: &mut Found) {
    for axis in 0..grounds.dim() {
        let others = grounds.alternatives(axis, best.place.raw[axis]).into_iter();
        let others = others.filter(|u| judge.field.holds(axis, *u)).map(|u| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquisition::{ACQUISITIONS, Acquisition};
    use crate::registry::{Settings, find};
    use crate::seed::uniform;
    use crate::space::{Condition, Domain, Param, Space, Value};
    use crate::strategy::bayes::field::Field;
    use crate::strategy::bayes::scale::Scale;
    use crate::surrogate::gp::{Gp, Hyperparameters, Matern52};
    use crate::trial::Direction;
    use std::sync::Arc;

    fn cube(dimensions: usize) -> Arc<Space> {
        let params = (0..dimensions).map(|i| Param::new(&format!("x{i}"), Domain::float(0.0, 1.0)));
        Arc::new(Space::new(params.collect(), vec![]).expect("a space"))
    }

    fn conditional() -> Arc<Space> {
        let words = ["a", "b", "c"].map(|w| Value::Text(w.into()));
        let when = |name: &str, domain: Domain, value: usize| Param {
            when: vec![Condition {
                parent: "kind".into(),
                values: vec![words[value].clone()],
            }],
            ..Param::new(name, domain)
        };
        let params = vec![
            Param::new("kind", Domain::Categorical(words.to_vec())),
            when("u", Domain::float(0.0, 1.0), 0),
            when("v", Domain::float(0.0, 1.0), 0),
            when("n", Domain::int(1, 200), 1),
            Param::new("m", Domain::int(1, 9)),
            Param::new("w", Domain::float(0.0, 1.0)),
        ];
        Arc::new(Space::new(params, vec![]).expect("a space"))
    }

    /// A belief after `n` points of a bumpy bowl, more of them near its lowest as a search would have.
    fn judge(grounds: &Grounds, n: usize, seed: u64) -> Judge {
        let d = grounds.dim();
        let mut rng = Seed(seed).rng();
        let x: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let raw = (0..d).map(|_| {
                    let u = uniform(&mut rng);
                    if i % 2 == 0 { u } else { 0.6 + 0.2 * (u - 0.5) }
                });
                grounds.place(raw.collect()).expect("legal").input
            })
            .collect();
        let y: Vec<f64> = x
            .iter()
            .map(|p| {
                let terms = p.iter().enumerate().map(|(i, u)| {
                    let u = u - 0.6;
                    u * u + 0.05 * libm::sin(20.0 * u + i as f64)
                });
                terms.sum::<f64>()
            })
            .collect();
        let scale = Scale::of(Direction::Minimize, &y);
        let mean = y.iter().sum::<f64>() / n as f64;
        let sd = libm::sqrt(y.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64);
        let y: Vec<f64> = y.iter().map(|v| (v - mean) / sd).collect();
        let hyper = Hyperparameters::new(vec![0.3 * libm::sqrt(d as f64); d], 1.0, 1e-4, 0.0);
        let gp = Gp::new(&grounds.axes, &Matern52, &x, &y, &hyper).expect("regular");
        let entry = find(ACQUISITIONS, "logei").expect("registered");
        let acquisition: Arc<dyn Acquisition> = Arc::from((entry.build)(&Settings::defaults(entry.settings)));
        Judge::new(
            vec![gp],
            scale,
            &acquisition,
            grounds,
            Field::whole(d),
            Vec::new(),
            Seed(seed),
        )
    }

    #[test]
    fn finds_what_eight_times_the_effort_finds() {
        let much = Effort {
            spread: 8 * EFFORT.spread,
            near: 8 * EFFORT.near,
            starts: 8 * EFFORT.starts,
        };
        for (name, space, n) in [
            ("2", cube(2), 15),
            ("6", cube(6), 40),
            ("20", cube(20), 60),
            ("conditional", conditional(), 40),
        ] {
            let grounds = Grounds::new(&space);
            let short: Vec<f64> = (0..12)
                .map(|seed| {
                    let judge = judge(&grounds, n, seed);
                    let best = |effort| search(&judge, &grounds, Seed(seed), effort)[0].score.utility;
                    best(much) - best(EFFORT)
                })
                .collect();
            // In logarithms: 0.05 is five per cent of the expected improvement.
            let missed = short.iter().filter(|s| **s > 0.05).count();
            println!("{name}: {short:?}");
            assert!(missed <= 2, "{name}: {missed} of 12 missed, {short:?}");
        }
    }
}
