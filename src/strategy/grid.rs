//! Grid search: every combination of a few levels a parameter.

mod order;

use super::{Ask, Build, Plan, Strategy, Tried};
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::space::{Config, Domain, Param, Space, Value};
use crate::trial::{History, Job, Origin};
use std::sync::Arc;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "grid",
    title: "Grid search",
    about: "Tries every combination of the listed values; a range contributes evenly spaced levels, both ends included. \
        Thorough where the lists are short, but the number of cells grows exponentially with the parameters, and most of them repeat \
        the same few values of the parameter that matters.",
    formula: "levels₁ × levels₂ × …",
    paper: "Bergstra & Bengio 2012, Random search for hyper-parameter optimization, JMLR 13",
    settings: &[
        Setting {
            id: "levels",
            about: "Levels of each range. 0 takes as many as the trials allow, the same for each range as far as possible; lists are always taken whole.",
            kind: SettingKind::Int(0, 1000),
            default: "0",
        },
        Setting {
            id: "order",
            about: "Order of visiting: lexicographic, the last parameter fastest; random, which shows the whole space sooner; or coarse-to-fine, the middle first, then the ends, then what halves the gaps, so that a search cut short has covered the whole space with a coarser grid.",
            kind: SettingKind::Choice(&["lexicographic", "random", "coarse-to-fine"]),
            default: "lexicographic",
        },
    ],
    build: |space, settings, plan| Ok(Box::new(Grid::new(space, settings, plan)?)),
};

/// Most cells that can be put in another order.
const ORDERED: usize = 200_000;

struct Grid {
    space: Arc<Space>,
    levels: Vec<u64>,
    /// Number of cells, counted if there are few, else an upper bound.
    cells: u64,
    /// The first cells in the order of visiting, as far as they were needed.
    known: Vec<Config>,
    /// Whether `known` is in an order of its own and complete.
    complete: bool,
}

impl Grid {
    fn new(space: &Arc<Space>, settings: &Settings, plan: &Plan) -> Result<Grid, String> {
        let levels = levels(space, settings.int("levels") as u64, plan.trials as u64);
        let bound = levels.iter().fold(1u64, |n, &l| n.saturating_mul(l));
        let order = settings.choice("order");
        let mut grid = Grid {
            space: space.clone(),
            levels,
            cells: bound,
            known: Vec::new(),
            complete: false,
        };
        if bound <= ORDERED as u64 {
            grid.cells = grid.all().count() as u64;
        }
        if order != "lexicographic" {
            if bound > ORDERED as u64 {
                return Err(format!(
                    "a grid of {bound} cells is too large for order:{order}; at most {ORDERED} are accepted, so fewer levels or order:lexicographic"
                ));
            }
            grid.known = grid.all().collect();
            // Within a stage of coarse-to-fine too: its beginnings then cover the space by chance.
            crate::seed::shuffle(&mut plan.seed.derive("order", 0).rng(), &mut grid.known);
            if order == "coarse-to-fine" {
                let values = |(param, of): (&Param, &u64)| (0..*of).map(|k| level_value(param, k, *of)).collect();
                let values: Vec<Vec<Value>> = space.params().iter().zip(&grid.levels).map(values).collect();
                order::coarse_to_fine(space, &values, &mut grid.known);
            }
            grid.complete = true;
        }
        Ok(grid)
    }

    fn all(&self) -> impl Iterator<Item = Config> + '_ {
        self.space.combinations(self.levels.clone(), |param, level| {
            let i = self.space.index(&param.name).unwrap_or(0);
            level_value(param, level, self.levels[i])
        })
    }

    /// Cell number `k` in the order of visiting.
    fn cell(&mut self, k: usize) -> Option<Config> {
        if k >= self.known.len() && !self.complete {
            // Doubling keeps the total work of walking the cells linear.
            let wanted = (2 * k + 64).min(self.cells as usize);
            self.known = self.all().take(wanted).collect();
        }
        self.known.get(k).cloned()
    }
}

/// Levels of each parameter: lists whole; ranges `given`, or as many as let the cells fit into `trials`, but at least 2.
fn levels(space: &Space, given: u64, trials: u64) -> Vec<u64> {
    let sizes: Vec<Option<u64>> = space.params().iter().map(|p| p.domain.size()).collect();
    let is_list = |p: &Param| !matches!(p.domain, Domain::Float { .. } | Domain::Int { .. });
    let most = |i: usize| sizes[i].unwrap_or(u64::MAX);
    let whole = sizes.iter().try_fold(1u64, |n, s| s.and_then(|s| n.checked_mul(s)));
    if given == 0 && whole.is_some_and(|n| n <= trials) {
        return sizes.iter().map(|s| s.unwrap_or(1)).collect();
    }
    let start = if given == 0 { 2 } else { given };
    let mut levels: Vec<u64> = space
        .params()
        .iter()
        .enumerate()
        .map(|(i, p)| if is_list(p) { most(i) } else { start.min(most(i)) })
        .collect();
    if given > 0 {
        return levels;
    }
    let ranges: Vec<usize> = (0..levels.len()).filter(|&i| !is_list(&space.params()[i])).collect();
    let product = |levels: &[u64]| levels.iter().fold(1u64, |n, &l| n.saturating_mul(l));
    // Raise the range with the fewest levels, the first of equals, while the cells still fit.
    loop {
        let fewest = ranges
            .iter()
            .copied()
            .filter(|&i| levels[i] < most(i))
            .min_by_key(|&i| levels[i]);
        let Some(i) = fewest else { return levels };
        levels[i] += 1;
        if product(&levels) > trials {
            levels[i] -= 1;
            return levels;
        }
    }
}

/// Value of level `level` of `of` evenly spaced ones from end to end, on the parameter's own scale.
fn level_value(param: &Param, level: u64, of: u64) -> Value {
    let domain = &param.domain;
    if domain.size() == Some(of) {
        return domain.level(level);
    }
    let (first, last) = match domain {
        Domain::Float { low, high, .. } => (Value::Float(*low), Value::Float(*high)),
        Domain::Int { low, high, .. } => (Value::Int(*low), Value::Int(*high)),
        _ => return domain.level(level),
    };
    if of == 1 {
        return domain.at_unit(0.5);
    }
    // The ends exactly, whatever rounding the scale brings.
    match level {
        0 => domain.check(&first).unwrap_or_else(|_| domain.at_unit(0.0)),
        k if k + 1 == of => domain.check(&last).unwrap_or_else(|_| domain.at_unit(1.0)),
        k => {
            let (a, b) = (domain.to_unit(&first), domain.to_unit(&last));
            domain.at_unit(a + (b - a) * k as f64 / (of - 1) as f64)
        }
    }
}

impl Strategy for Grid {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let own = history.jobs().iter().filter_map(|job| match job.origin {
            Origin::Grid { cell, .. } => Some(cell + 1),
            _ => None,
        });
        let mut next = own.max().unwrap_or(0);
        let mut jobs = Vec::new();
        while jobs.len() < room {
            let Some(config) = self.cell(next as usize) else { break };
            // A cell that somebody else tried needs no second visit.
            if tried.insert(&config) {
                let id = history.next_id() + jobs.len() as u32;
                let origin = Origin::Grid {
                    cell: next,
                    cells: self.cells,
                };
                jobs.push(Job::full(id, config, origin));
            }
            next += 1;
        }
        match (jobs.is_empty(), tried.exhausted(self.space.size())) {
            (false, _) => Ok(Ask::Jobs(jobs)),
            (true, Some(reason)) => Ok(Ask::Finished(reason)),
            (true, None) => Ok(Ask::Finished(format!(
                "all {} cells of the grid have been tried",
                self.cells
            ))),
        }
    }

    fn is_adaptive(&self) -> bool {
        false
    }

    fn at_most(&self) -> Option<u64> {
        Some(self.cells)
    }
}

#[cfg(test)]
mod tests;
