//! Points chosen without a model: the initial design, and what is left when there is nothing to go by.

use super::data::Reading;
use super::grounds::Grounds;
use crate::math::sobol::Sobol;
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::strategy::Tried;

/// How many points of the sequence are looked at for one that is legal and new.
const PATIENCE: u32 = 2000;

/// Name of the design in origins.
pub(super) fn name(space: &Space) -> &'static str {
    if space.has_prior() {
        "scrambled Sobol, drawn from the prior"
    } else {
        "scrambled Sobol"
    }
}

/// Size of the initial design if none is set: d + 1 points, as many as a linear trend needs, at least 3; at most half of the trials.
pub(super) fn size(dimensions: usize, trials: usize) -> usize {
    (dimensions + 1).max(3).min((trials / 2).max(1))
}

/// The next point of the sequence, from number `from` on, that is allowed and has not been asked.
pub(super) fn next(grounds: &Grounds, space: &Space, reading: &Reading, seed: Seed, from: usize) -> Option<Config> {
    let sobol = Sobol::new(grounds.dim(), seed.derive("initial design", 0));
    let from = from as u32;
    // Without a prior, shares are coordinates.
    let configs = (from..from + PATIENCE).map(|i| grounds.config(&grounds.by_prior(&sobol.point(i))));
    configs
        .into_iter()
        .find(|config| space.is_allowed(config) && !reading.tried.contains(config))
}

/// A configuration that has not been asked, drawn at random; `None` if none is left or can be found.
pub(super) fn untried(space: &Space, tried: &Tried, seed: Seed) -> Option<Config> {
    tried.sample_untried(space, &mut seed.derive("untried", 0).rng(), 200)
}
