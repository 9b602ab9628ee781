//! A person's prior in a model-based search: strong at first, forgotten as trials come in (πBO; Hvarfner et al. 2022).

use super::Tried;
use crate::registry::{Setting, SettingKind, Settings};
use crate::seed::uniform;
use crate::space::{Config, Space};

/// How long a prior is believed.
pub(super) const SETTING: Setting = Setting {
    id: "beta",
    about: "Where parameters have a prior: what is maximized is multiplied by the prior to the power of this by the number of trials the \
            model has chosen. Larger believes it longer; 0 takes a tenth of the trials planned, as in the paper.",
    kind: SettingKind::Float(0.0, 10_000.0),
    default: "0",
};

/// The setting's value, its default worked out.
pub(super) fn beta(settings: &Settings, trials: usize) -> f64 {
    match settings.float("beta") {
        0.0 => trials as f64 / 10.0,
        set => set,
    }
}

/// The power of the prior at the model's `chosen`-th choice, from 0.
pub(super) fn power(beta: f64, chosen: usize) -> f64 {
    beta / (chosen as f64 + 1.0)
}

/// An untried configuration drawn from the prior, where the space has one; of a hundred draws, the first that is allowed and new.
pub(super) fn draw(space: &Space, tried: &Tried, rng: &mut impl rand::Rng) -> Option<Config> {
    if !space.has_prior() {
        return None;
    }
    let mut fresh = (0..100).map(|_| {
        let shares: Vec<f64> = (0..space.dim()).map(|_| uniform(rng)).collect();
        space.at_unit(&space.by_prior(&shares))
    });
    fresh.find(|config| space.is_allowed(config) && !tried.contains(config))
}
