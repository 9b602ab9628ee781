//! The space as the model and its maximizer walk on it: unit coordinates of the parameters that can vary, snapped to legal values.

use crate::space::{Config, Domain, Space};
use crate::surrogate::gp::Axis;
use std::sync::Arc;

/// How one searched coordinate may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Anywhere in [0, 1].
    Continuous,
    /// To one of this many levels.
    Levels(u64),
}

/// Discrete coordinates with at most this many levels are searched level by level.
const FEW_LEVELS: u64 = 16;

/// A point that can be proposed: raw coordinates (those of inactive parameters kept, should they become active) and the model's input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) raw: Vec<f64>,
    pub(super) input: Vec<f64>,
}

/// Which parameters vary, and how.
pub(super) struct Grounds {
    space: Arc<Space>,
    /// Positions of the parameters that are not fixed.
    searched: Vec<usize>,
    pub(super) axes: Vec<Axis>,
    pub(super) moves: Vec<Move>,
    /// No conditions, nothing forbidden: coordinates can be snapped one by one.
    plain: bool,
}

impl Grounds {
    pub(super) fn new(space: &Arc<Space>) -> Grounds {
        let params = space.params();
        let searched: Vec<usize> = (0..params.len()).filter(|i| !params[*i].domain.is_fixed()).collect();
        let domain = |i: &usize| &params[*i].domain;
        Grounds {
            axes: searched
                .iter()
                .map(domain)
                .map(|d| {
                    if d.is_categorical() {
                        Axis::Categorical
                    } else {
                        Axis::Numeric
                    }
                })
                .collect(),
            moves: searched
                .iter()
                .map(domain)
                .map(|d| d.size().map_or(Move::Continuous, Move::Levels))
                .collect(),
            plain: space.is_unrestricted() && params.iter().all(|p| p.when.is_empty()),
            space: space.clone(),
            searched,
        }
    }

    /// Number of searched coordinates.
    pub(super) fn dim(&self) -> usize {
        self.searched.len()
    }

    /// Names of the searched parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.searched.iter().map(|i| self.space.params()[*i].name.as_str())
    }

    /// The model's input for a configuration: inactive parameters lie at 0.5.
    pub(super) fn input(&self, config: &Config) -> Vec<f64> {
        let unit = self.space.to_unit(config);
        self.searched.iter().map(|i| unit[*i]).collect()
    }

    /// Coordinates below which these shares of a person's priors lie.
    pub(super) fn by_prior(&self, shares: &[f64]) -> Vec<f64> {
        let unit = self.space.by_prior(&self.whole(shares));
        self.searched.iter().map(|i| unit[*i]).collect()
    }

    /// ln of a person's prior at an input, 0 at best; and its slope by the coordinates, where wanted.
    pub(super) fn log_prior(&self, input: &[f64], slope: Option<&mut [f64]>) -> f64 {
        let config = self.config(input);
        if let Some(slope) = slope {
            for (axis, slot) in slope.iter_mut().enumerate() {
                let param = &self.space.params()[self.searched[axis]];
                let active = param.prior.as_ref().filter(|_| config.get(&param.name).is_some());
                *slot = active.map_or(0.0, |prior| prior.slope(input[axis]));
            }
        }
        self.space.log_prior(&config)
    }

    fn whole(&self, raw: &[f64]) -> Vec<f64> {
        let mut unit = vec![0.5; self.space.dim()];
        self.searched.iter().zip(raw).for_each(|(i, u)| unit[*i] = *u);
        unit
    }

    /// The configuration at raw coordinates, forbidden or not.
    pub(super) fn config(&self, raw: &[f64]) -> Config {
        self.space.at_unit(&self.whole(raw))
    }

    fn domain(&self, axis: usize) -> &Domain {
        &self.space.params()[self.searched[axis]].domain
    }

    /// Raw coordinates snapped to what is legal, or `None` if the combination is forbidden.
    pub(super) fn place(&self, raw: Vec<f64>) -> Option<Place> {
        if !self.plain {
            let config = self.config(&raw);
            return self.space.is_allowed(&config).then(|| Place {
                input: self.input(&config),
                raw,
            });
        }
        let snap = |(axis, u): (usize, &f64)| match self.moves[axis] {
            Move::Continuous => u.clamp(0.0, 1.0),
            Move::Levels(_) => self.domain(axis).to_unit(&self.domain(axis).at_unit(*u)),
        };
        let input = raw.iter().enumerate().map(snap).collect();
        Some(Place { raw, input })
    }

    /// Which coordinates are continuous and active at `place`.
    pub(super) fn sliding(&self, place: &Place) -> Vec<usize> {
        let continuous = (0..self.dim()).filter(|axis| self.moves[*axis] == Move::Continuous);
        if self.plain {
            return continuous.collect();
        }
        let config = self.config(&place.raw);
        continuous
            .filter(|axis| config.get(&self.space.params()[self.searched[*axis]].name).is_some())
            .collect()
    }

    /// Where else coordinate `axis` may go from `u`: every other level if they are few or without order, else levels at doubling distances.
    pub(super) fn alternatives(&self, axis: usize, u: f64) -> Vec<f64> {
        let Move::Levels(count) = self.moves[axis] else {
            return Vec::new();
        };
        let domain = self.domain(axis);
        let own = domain.level_of(&domain.at_unit(u)).unwrap_or(0);
        let unit = |level: u64| domain.to_unit(&domain.level(level));
        if count <= FEW_LEVELS || domain.is_categorical() {
            return (0..count).filter(|level| *level != own).map(unit).collect();
        }
        let distances = std::iter::successors(Some(1u64), |d| Some(d * 2)).take_while(|d| *d < count);
        let both = distances.flat_map(|d| [own.checked_sub(d), own.checked_add(d).filter(|level| *level < count)]);
        both.flatten().map(unit).collect()
    }

    /// Whether some coordinate is discrete.
    pub(super) fn has_levels(&self) -> bool {
        self.moves.iter().any(|m| *m != Move::Continuous)
    }
}
