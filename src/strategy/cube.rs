//! The unit cube of the parameters that can vary, and the moves that rules make in it.

use crate::math::sobol::Sobol;
use crate::seed::{below, normal};
use crate::space::{Config, Domain, Space, Value};
use rand::Rng;
use std::sync::Arc;

/// What one coordinate stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A range without gaps.
    Continuous,
    /// This many values in an order.
    Ordered(u64),
    /// This many values without order: equal shares of [0, 1].
    Categories(u64),
}

/// Most points of a sequence that are looked at for one that is allowed.
const PATIENCE: u32 = 1000;

/// One coordinate in [0, 1] for each parameter with more than one value.
#[derive(Clone, Debug)]
pub(super) struct Cube {
    space: Arc<Space>,
    searched: Vec<usize>,
    kinds: Vec<Kind>,
}

impl Cube {
    pub(super) fn new(space: &Arc<Space>) -> Cube {
        let params = space.params();
        let searched: Vec<usize> = (0..params.len()).filter(|i| !params[*i].domain.is_fixed()).collect();
        let kind = |i: &usize| match (params[*i].domain.is_categorical(), params[*i].domain.size()) {
            (true, size) => Kind::Categories(size.unwrap_or(1)),
            (false, Some(size)) => Kind::Ordered(size),
            (false, None) => Kind::Continuous,
        };
        Cube {
            kinds: searched.iter().map(kind).collect(),
            space: space.clone(),
            searched,
        }
    }

    pub(super) fn space(&self) -> &Arc<Space> {
        &self.space
    }

    /// Number of coordinates.
    pub(super) fn dim(&self) -> usize {
        self.searched.len()
    }

    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Name of the parameter of coordinate `axis`.
    pub(super) fn name(&self, axis: usize) -> &str {
        &self.space.params()[self.searched[axis]].name
    }

    /// The configuration at a point; it may be forbidden.
    pub(super) fn config(&self, point: &[f64]) -> Config {
        let mut unit = vec![0.5; self.space.dim()];
        self.searched.iter().zip(point).for_each(|(i, u)| unit[*i] = *u);
        self.space.at_unit(&unit)
    }

    /// The point of a configuration; coordinates of inactive parameters are taken from `otherwise`.
    pub(super) fn point(&self, config: &Config, otherwise: &[f64]) -> Vec<f64> {
        let place = |(i, u): (&usize, &f64)| {
            let param = &self.space.params()[*i];
            config.get(&param.name).map_or(*u, |v| param.domain.to_unit(v))
        };
        self.searched.iter().zip(otherwise).map(place).collect()
    }

    /// The coordinates' part of a vector over all parameters; `None` if it has another length.
    pub(super) fn part(&self, whole: &[f64]) -> Option<Vec<f64>> {
        (whole.len() == self.space.dim()).then(|| self.searched.iter().map(|i| whole[*i]).collect())
    }

    /// The coordinates whose parameters are active in `config`.
    pub(super) fn active(&self, config: &Config) -> Vec<usize> {
        (0..self.dim())
            .filter(|axis| config.get(self.name(*axis)).is_some())
            .collect()
    }

    /// The level of a discrete coordinate at `u`.
    pub(super) fn level(&self, axis: usize, u: f64) -> u64 {
        let domain = &self.space.params()[self.searched[axis]].domain;
        domain.level_of(&domain.at_unit(u)).unwrap_or(0)
    }

    /// Where the level of a discrete coordinate lies.
    pub(super) fn at_level(&self, axis: usize, level: u64) -> f64 {
        let domain = &self.space.params()[self.searched[axis]].domain;
        domain.to_unit(&domain.level(level))
    }

    /// The borders of the share of [0, 1] that belongs to the level at `u` of an ordered coordinate; `None` at the ends of the domain.
    pub(super) fn borders(&self, axis: usize, u: f64) -> (Option<f64>, Option<f64>) {
        let (Kind::Ordered(count), level) = (self.kinds[axis], self.level(axis, u)) else {
            return (None, None);
        };
        let domain = &self.space.params()[self.searched[axis]].domain;
        // Values round to the nearest on their own scale, not on the unit one: on a logarithmic scale the border is not half way.
        let border = |below: u64| {
            let values = [domain.level(below), domain.level(below + 1)].map(|v| v.number());
            match (domain, values) {
                (Domain::Ordinal(_), _) => (below + 1) as f64 / count as f64,
                (_, [Some(a), Some(b)]) => domain.to_unit(&Value::Float(0.5 * (a + b))),
                _ => 0.5 * (self.at_level(axis, below) + self.at_level(axis, below + 1)),
            }
        };
        (
            level.checked_sub(1).map(border),
            (level + 1 < count).then(|| border(level)),
        )
    }

    /// A move of one coordinate: a normal step of standard deviation `size`, thrown back at the ends; at least one level on a discrete
    /// scale; any other category, each as likely, where there is no order.
    pub(super) fn step(&self, axis: usize, u: f64, size: f64, rng: &mut impl Rng) -> f64 {
        match self.kinds[axis] {
            Kind::Continuous => reflected(u + size * normal(rng)),
            Kind::Ordered(count) => {
                let own = self.level(axis, u);
                let to = self.level(axis, reflected(self.at_level(axis, own) + size * normal(rng)));
                // Where the step falls short of the next level, it goes there, on either side that exists.
                let up = own == 0 || own + 1 < count && below(rng, 2) == 0;
                let next = if up { own + 1 } else { own - 1 };
                self.at_level(axis, if to == own { next } else { to })
            }
            Kind::Categories(count) => {
                let other = below(rng, count - 1);
                self.at_level(axis, if other >= self.level(axis, u) { other + 1 } else { other })
            }
        }
    }

    /// The next point of a sequence, from number `from` on, that is allowed; `from` moves behind it.
    pub(super) fn next_allowed(&self, sequence: &Sobol, from: &mut u32) -> Vec<f64> {
        let first = *from;
        loop {
            let point = sequence.point(*from);
            *from += 1;
            if *from - first > PATIENCE || self.space.is_allowed(&self.config(&point)) {
                return point;
            }
        }
    }
}

/// `u` thrown back into [0, 1] at the end it passed.
fn reflected(u: f64) -> f64 {
    let inside = if u < 0.0 {
        -u
    } else if u > 1.0 {
        2.0 - u
    } else {
        u
    };
    inside.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::space::Param;

    fn cube(texts: &[&str]) -> Cube {
        let params = texts.iter().map(|t| Param::new(t, Domain::parse(t).expect("a domain")));
        Cube::new(&Arc::new(Space::new(params.collect(), vec![]).expect("a space")))
    }

    #[test]
    fn levels_change_at_their_borders() {
        let cube = cube(&["1..9", "1..512~log", "0.5..4.0~step:0.5", "2|4|8|16"]);
        for axis in 0..cube.dim() {
            let Kind::Ordered(count) = cube.kinds()[axis] else {
                panic!("coordinate {axis}")
            };
            for level in 0..count {
                let (low, high) = cube.borders(axis, cube.at_level(axis, level));
                assert_eq!((low.is_none(), high.is_none()), (level == 0, level + 1 == count));
                let sides = |u: f64| (cube.level(axis, u - 1e-9), cube.level(axis, u + 1e-9));
                assert!(low.is_none_or(|u| sides(u) == (level - 1, level)), "{axis} {level}");
                assert!(high.is_none_or(|u| sides(u) == (level, level + 1)), "{axis} {level}");
            }
        }
    }

    #[test]
    fn a_step_always_moves_and_stays_inside() {
        let cube = cube(&["0.0..1.0", "1..3", "1..512~log", "{a,b,c}", "{p,q}"]);
        let mut rng = Seed(1).rng();
        for axis in 0..cube.dim() {
            let mut u = 0.1;
            for _ in 0..200 {
                let to = cube.step(axis, u, 0.001, &mut rng);
                assert!((0.0..=1.0).contains(&to));
                let moved =
                    to != u && (cube.kinds()[axis] == Kind::Continuous || cube.level(axis, to) != cube.level(axis, u));
                assert!(moved, "coordinate {axis} at {u}");
                u = to;
            }
        }
    }
}
