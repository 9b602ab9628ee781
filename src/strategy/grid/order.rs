//! Coarse to fine: an order of which every beginning covers the space.
//!
//! Stage 0 takes the middle level of each range, stage t ≥ 1 the levels nearest to the fractions j / 2ᵗ, j = 0 … 2ᵗ, so that each stage
//! holds the one before. A cell belongs to the first stage that has all its levels; categories, which have no coarser form, are
//! whole from the beginning. After each stage a full grid of half the spacing has been visited.

use crate::order;
use crate::space::{Config, Domain, Space, Value};
use std::collections::BTreeMap;

/// Puts `cells` in the order of their stages; within a stage they keep their order. `values` are the levels of each parameter.
pub(super) fn coarse_to_fine(space: &Space, values: &[Vec<Value>], cells: &mut [Config]) {
    let stages: Vec<BTreeMap<String, u32>> = space
        .params()
        .iter()
        .zip(values)
        .map(|(param, values)| match param.domain {
            Domain::Categorical(_) => BTreeMap::new(),
            _ => stages(values),
        })
        .collect();
    let stage = |config: &Config| {
        let of = |(name, value): &(String, Value)| {
            let known = space.index(name).and_then(|i| stages[i].get(&value.to_string()));
            known.copied().unwrap_or(0)
        };
        config.0.iter().map(of).max().unwrap_or(0)
    };
    let mut staged: Vec<(u32, Config)> = cells.iter().map(|config| (stage(config), config.clone())).collect();
    order::sort_by(&mut staged, |a, b| a.0.cmp(&b.0));
    for (cell, (_, config)) in cells.iter_mut().zip(staged) {
        *cell = config;
    }
}

/// The stage at which each value of a range first comes up.
fn stages(values: &[Value]) -> BTreeMap<String, u32> {
    let mut stages = BTreeMap::new();
    let last = values.len() - 1;
    stages.insert(values[last / 2].to_string(), 0);
    let mut parts = 1;
    for stage in 1.. {
        parts *= 2;
        for j in 0..=parts {
            // Rounded to the nearest level, halves down, as the middle is: the same fraction gives the same level at every stage.
            let level = (2 * j * last + parts - 1) / (2 * parts);
            stages.entry(values[level].to_string()).or_insert(stage);
        }
        if parts >= last {
            break;
        }
    }
    stages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_halve_the_spacing() {
        let values: Vec<Value> = (0..9).map(Value::Int).collect();
        let stages = stages(&values);
        let of = |level: usize| stages[&level.to_string()];
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8].map(of), [1, 3, 2, 3, 0, 3, 2, 3, 1]);
    }

    #[test]
    fn every_level_has_a_stage() {
        for count in 1..200 {
            let values: Vec<Value> = (0..count).map(Value::Int).collect();
            assert_eq!(stages(&values).len(), count as usize);
        }
    }
}
