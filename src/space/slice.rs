//! Cuts through a space: the configurations along one parameter, or over two.

use super::{Config, Param, Space};

/// Most levels that are shown one by one.
const LEVELS: u64 = 64;

impl Space {
    /// Positions along `param` in its unit interval: the levels of a short discrete domain (then `true`), else `points` evenly spaced ones.
    pub fn positions(param: &Param, points: usize) -> (Vec<f64>, bool) {
        match param.domain.size() {
            Some(size) if size <= LEVELS => (
                (0..size)
                    .map(|k| param.domain.to_unit(&param.domain.level(k)))
                    .collect(),
                true,
            ),
            _ => (
                (0..points).map(|i| i as f64 / (points.max(2) - 1) as f64).collect(),
                false,
            ),
        }
    }

    /// `config` with the parameter at `index` moved to `u` in its unit interval. Parameters that become active take their default,
    /// else the middle of their domain; those that become inactive are left out. The result may be forbidden.
    pub fn moved(&self, config: &Config, moves: &[(usize, f64)]) -> Config {
        let mut moved = Config(Vec::with_capacity(self.dim()));
        for (i, param) in self.params().iter().enumerate() {
            if !Space::is_active(param, &moved) {
                continue;
            }
            let value = match moves.iter().find(|(index, _)| *index == i) {
                Some((_, u)) => param.domain.at_unit(*u),
                None => {
                    let usual = || param.default.clone().unwrap_or_else(|| param.domain.at_unit(0.5));
                    config.get(&param.name).cloned().unwrap_or_else(usual)
                }
            };
            moved.0.push((param.name.clone(), value));
        }
        moved
    }
}
