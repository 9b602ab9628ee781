//! Points chosen without a model: the initial design, and what is left when there is nothing to go by.

use super::data::Reading;
use super::grounds::Grounds;
use crate::math::sobol::Sobol;
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::strategy::Tried;
use crate::surrogate::gp::Axis;

/// How many points of the sequence are looked at for one that is legal and new.
const PATIENCE: u32 = 2000;

/// Size of the initial design if none is set: d + 1 points, as many as a linear trend needs, at least 3; at most half of the trials.
pub(super) fn size(dimensions: usize, trials: usize) -> usize {
    (dimensions + 1).max(3).min((trials / 2).max(1))
}

/// The next point of the design, from number `from` on, that is allowed and has not been asked, and what it is, for origins.
///
/// The design is a scrambled Sobol sequence, except that the first point lies in the middle of every numeric parameter: whoever sets a range
/// sets it around what they expect, and no other point is as near to all others. Categories have no middle; theirs are the sequence's.
pub(super) fn next(
    grounds: &Grounds,
    space: &Space,
    reading: &Reading,
    seed: Seed,
    from: usize,
) -> Option<(Config, &'static str)> {
    let sobol = Sobol::new(grounds.dim(), seed.derive("initial design", 0));
    let from = from as u32;
    let point = |i: u32| {
        let mut shares = sobol.point(i);
        let numeric = || {
            grounds
                .axes
                .iter()
                .enumerate()
                .filter(|(_, axis)| **axis == Axis::Numeric)
        };
        let is_middle = i == 0 && numeric().next().is_some();
        if is_middle {
            numeric().for_each(|(axis, _)| shares[axis] = 0.5);
        }
        // Without a prior, shares are coordinates.
        (grounds.config(&grounds.by_prior(&shares)), name(space, is_middle))
    };
    (from..from + PATIENCE)
        .map(point)
        .find(|(config, _)| space.is_allowed(config) && !reading.tried.contains(config))
}

fn name(space: &Space, is_middle: bool) -> &'static str {
    match (is_middle, space.has_prior()) {
        (true, false) => "the middle of every numeric range",
        (true, true) => "the middle of every numeric prior",
        (false, false) => "scrambled Sobol",
        (false, true) => "scrambled Sobol, drawn from the prior",
    }
}

/// A configuration that has not been asked, drawn at random; `None` if none is left or can be found.
pub(super) fn untried(space: &Space, tried: &Tried, seed: Seed) -> Option<Config> {
    tried.sample_untried(space, &mut seed.derive("untried", 0).rng(), 200)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{number, space};
    use crate::trial::{Direction, History};

    #[test]
    fn the_first_point_lies_in_the_middle_of_what_has_one() {
        let first = |params: &[(&str, &str)], seed: u64| {
            let space = space(params);
            let grounds = Grounds::new(&space);
            let reading = Reading::of(&History::new(space.clone(), Direction::Minimize), &grounds, 0);
            [0, 1].map(|from| next(&grounds, &space, &reading, Seed(seed), from).expect("room"))
        };
        let mixed = [("x", "1e-4..1.0~log"), ("n", "1..9"), ("k", "{a,b,c}")];
        let mut kinds = Vec::new();
        for seed in 0..12 {
            let [(config, design), (second, after)] = first(&mixed, seed);
            assert!((number(&config, "x") - 1e-2).abs() < 1e-12 && number(&config, "n") == 5.0);
            assert_eq!(
                (design, after),
                ("the middle of every numeric range", "scrambled Sobol")
            );
            assert!(config != second);
            kinds.push(config.get("k").cloned());
        }
        assert!(kinds.iter().any(|k| *k != kinds[0]), "categories have no middle");
        assert_eq!(first(&[("k", "{a,b,c}"), ("l", "{a,b}")], 1)[0].1, "scrambled Sobol");
    }
}
