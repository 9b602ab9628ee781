//! Configurations as rows of numbers, one a parameter: what a forest reads, and what candidates are until one of them is proposed.

use crate::seed::uniform;
use crate::space::{Config, Domain, Space, Value};
use std::sync::Arc;

/// Where the coordinate of an inactive parameter lies: outside.
const INACTIVE: f64 = -1.0;

/// What one coordinate stands for.
#[derive(Clone, Debug)]
struct Axis {
    /// Number of values, if finite.
    size: Option<u64>,
    categorical: bool,
    /// It is active where each of these coordinates has one of the places beside it.
    when: Vec<(usize, Vec<f64>)>,
}

/// The map between configurations and rows of unit coordinates. Discrete values lie in the middle of their share, inactive ones outside.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    space: Arc<Space>,
    axes: Vec<Axis>,
    /// Nothing is forbidden.
    free: bool,
}

impl Rows {
    pub(super) fn new(space: &Arc<Space>) -> Rows {
        let axis = |param: &crate::space::Param| Axis {
            size: param.domain.size(),
            categorical: param.domain.is_categorical(),
            when: param
                .when
                .iter()
                .filter_map(|c| {
                    let parent = space.index(&c.parent)?;
                    let place = |v: &Value| space.params()[parent].domain.to_unit(v);
                    Some((parent, c.values.iter().map(place).collect()))
                })
                .collect(),
        };
        Rows {
            axes: space.params().iter().map(axis).collect(),
            free: space.is_unrestricted(),
            space: space.clone(),
        }
    }

    /// ln of a person's prior at a row, 0 at best.
    pub(super) fn log_prior(&self, row: &[f64]) -> f64 {
        let active = self.space.params().iter().zip(row).filter(|(_, u)| **u >= 0.0);
        active
            .filter_map(|(p, u)| Some(p.prior.as_ref()?.log_density(*u)))
            .sum()
    }

    /// Length of a row.
    pub(super) fn dim(&self) -> usize {
        self.axes.len()
    }

    fn domain(&self, axis: usize) -> &Domain {
        &self.space.params()[axis].domain
    }

    pub(super) fn is_categorical(&self, axis: usize) -> bool {
        self.axes[axis].categorical
    }

    /// The row of a configuration.
    pub(super) fn of(&self, config: &Config) -> Vec<f64> {
        let mut next = 0;
        let params = self.space.params().iter();
        let place = |param: &crate::space::Param| {
            // A checked configuration has the space's order.
            let value = match config.0.get(next) {
                Some((name, value)) if *name == param.name => {
                    next += 1;
                    Some(value)
                }
                _ => config.get(&param.name),
            };
            value.map_or(INACTIVE, |v| param.domain.to_unit(v))
        };
        params.map(place).collect()
    }

    /// The configuration of a row.
    pub(super) fn config(&self, row: &[f64]) -> Config {
        self.space.at_unit(row)
    }

    /// Whether a row's configuration is not forbidden.
    pub(super) fn is_allowed(&self, row: &[f64]) -> bool {
        self.free || self.space.is_allowed(&self.config(row))
    }

    /// Makes a row of any point of the unit cube: values to the middle of their share, what is inactive outside, and what has become
    /// active without a place to a random one.
    fn settle(&self, row: &mut [f64], rng: &mut impl rand::Rng) {
        for (i, axis) in self.axes.iter().enumerate() {
            let active = axis.when.iter().all(|(parent, places)| places.contains(&row[*parent]));
            if !active {
                row[i] = INACTIVE;
                continue;
            }
            if row[i] < 0.0 {
                row[i] = uniform(rng);
            }
            row[i] = self.snapped(i, row[i]);
        }
    }

    fn snapped(&self, axis: usize, u: f64) -> f64 {
        match (self.domain(axis), self.axes[axis].size) {
            (_, None) => u,
            (Domain::Categorical(_) | Domain::Ordinal(_), Some(n)) => {
                let level = ((u * n as f64) as u64).min(n - 1);
                (level as f64 + 0.5) / n as f64
            }
            (domain, _) => domain.to_unit(&domain.at_unit(u)),
        }
    }

    /// A uniform draw; it may be forbidden.
    pub(super) fn draw(&self, rng: &mut impl rand::Rng) -> Vec<f64> {
        let mut row = vec![INACTIVE; self.dim()];
        self.settle(&mut row, rng);
        row
    }

    /// Appends to `into` the rows that differ from `row` in coordinate `axis`, and in what depends on it: every other category; the
    /// levels next to it; `draws` normal steps of standard deviation `reach` along an order.
    pub(super) fn around(
        &self,
        row: &[f64],
        axis: usize,
        draws: usize,
        reach: f64,
        rng: &mut impl rand::Rng,
        into: &mut Vec<f64>,
    ) {
        let here = row[axis];
        let Axis { size, categorical, .. } = self.axes[axis];
        if size == Some(1) || here < 0.0 {
            return;
        }
        let mut moves: Vec<f64> = Vec::new();
        let mut offer = |u: f64| {
            if u != here && !moves.contains(&u) {
                moves.push(u);
            }
        };
        let domain = self.domain(axis);
        if let (true, Some(n)) = (categorical, size) {
            (0..n).for_each(|k| offer((k as f64 + 0.5) / n as f64));
        } else {
            if let Some((n, k)) = size.zip(domain.level_of(&domain.at_unit(here))) {
                for k in [k.wrapping_sub(1), k + 1].into_iter().filter(|k| *k < n) {
                    offer(domain.to_unit(&domain.level(k)));
                }
            }
            for _ in 0..draws {
                offer(self.snapped(axis, (here + reach * crate::seed::normal(rng)).clamp(0.0, 1.0)));
            }
        }
        for u in moves {
            let from = into.len();
            into.extend(row);
            into[from + axis] = u;
            self.settle(&mut into[from..], rng);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::space::{Condition, Param};

    fn space() -> Arc<Space> {
        let param = |name: &str, text: &str| Param::new(name, Domain::parse(text).expect("a domain"));
        let when = |parent: &str, value: &str| {
            vec![Condition {
                parent: parent.into(),
                values: vec![Value::parse(value)],
            }]
        };
        let params = vec![
            param("kind", "{a,b,c}"),
            Param {
                when: when("kind", "a"),
                ..param("deep", "{p,q}")
            },
            Param {
                when: when("deep", "q"),
                ..param("x", "1e-3..10.0~log")
            },
            param("n", "1..512~log"),
            param("o", "2|4|8"),
            param("s", "0.5..4.0~step:0.5"),
            param("one", "7"),
        ];
        Arc::new(Space::new(params, vec![]).expect("a space"))
    }

    #[test]
    fn a_row_and_its_configuration_tell_the_same() {
        let rows = Rows::new(&space());
        let mut rng = Seed(1).rng();
        for _ in 0..200 {
            let row = rows.draw(&mut rng);
            let config = rows.config(&row);
            assert_eq!(space().check(&config), Ok(config.clone()));
            let again = rows.of(&config);
            assert!(
                row.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-12),
                "{row:?} {again:?}"
            );
            let reversed = Config(config.0.iter().rev().cloned().collect());
            assert_eq!(rows.of(&reversed), again, "in any order");
        }
    }

    #[test]
    fn neighbours_differ_in_one_parameter_and_what_depends_on_it() {
        let rows = Rows::new(&space());
        let mut rng = Seed(2).rng();
        for _ in 0..50 {
            let row = rows.draw(&mut rng);
            for axis in 0..rows.dim() {
                let mut found = Vec::new();
                rows.around(&row, axis, 4, 0.1, &mut rng, &mut found);
                let fixed = axis == 6 || row[axis] < 0.0;
                assert_eq!(found.is_empty(), fixed, "{axis} of {row:?}");
                for other in found.chunks(rows.dim()) {
                    let changed: Vec<usize> = (0..rows.dim()).filter(|i| row[*i] != other[*i]).collect();
                    let may = |i: &usize| *i == axis || axis < 2 && (1..3).contains(i);
                    assert!(
                        changed.contains(&axis) && changed.iter().all(may),
                        "{axis}: {changed:?}"
                    );
                    let config = rows.config(other);
                    assert_eq!(space().check(&config), Ok(config.clone()));
                }
            }
        }
    }
}
