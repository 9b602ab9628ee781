//! From a sequence of evenly spread points to untried configurations: what the quasi-random strategies share.
//!
//! The unit cube gives every category and every value of a discrete domain a share of its own, equally long where the scale is
//! linear, so that evenly spread points visit them equally often. Coordinates of inactive parameters are ignored.

use super::cube::Cube;
use super::{Ask, Plan, Strategy, Tried};
use crate::context::Context;
use crate::mind::Mind;
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::trial::{History, Job, MoveOrigin, Origin};
use std::sync::Arc;

/// A sequence of points of the unit cube.
pub(super) trait Sequence: Send {
    /// Point number `index`, from 0.
    fn point(&mut self, index: u32) -> Vec<f64>;

    /// What kind of point that is, as a sentence for its origin.
    fn why(&self, index: u32) -> String;
}

/// How many points are looked at for one that is allowed and new.
const PATIENCE: u32 = 2000;

/// A strategy that takes the points of a sequence in their order, and leaves out those whose configuration is forbidden or tried.
pub(super) struct Spread {
    name: &'static str,
    cube: Cube,
    size: Option<u64>,
    seed: Seed,
    sequence: Box<dyn Sequence>,
}

impl Spread {
    /// `name` stands in the origins: "Sobol point".
    pub(super) fn new(name: &'static str, space: &Arc<Space>, plan: &Plan, sequence: Box<dyn Sequence>) -> Spread {
        Spread {
            name,
            cube: Cube::new(space),
            size: space.size(),
            seed: plan.seed,
            sequence,
        }
    }

    /// The number of the point behind the last one that was proposed.
    fn next(&self, history: &History) -> u32 {
        let own = history.jobs().iter().rev().find_map(|job| match &job.origin {
            Origin::Move(m) if m.name.starts_with(self.name) => m.numbers.first(),
            _ => None,
        });
        own.map_or(0, |(_, point)| *point as u32 + 1)
    }

    fn origin(&self, index: u32) -> Origin {
        Origin::Move(Box::new(MoveOrigin {
            name: format!("{} {}", self.name, index + 1),
            why: self.sequence.why(index),
            from: Vec::new(),
            numbers: vec![("point".into(), f64::from(index))],
        }))
    }
}

impl Strategy for Spread {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let space = self.cube.space().clone();
        let mut next = self.next(history);
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room && tried.exhausted(self.size).is_none() {
            let id = history.next_id() + jobs.len() as u32;
            let mut points = (next..next.saturating_add(PATIENCE)).map(|i| (i, self.sequence.point(i)));
            let found = points.find_map(|(index, point)| {
                let config = self.cube.config(&point);
                (space.is_allowed(&config) && !tried.contains(&config)).then_some((index, config))
            });
            let (config, origin) = if let Some((index, config)) = found {
                next = index + 1;
                (config, self.origin(index))
            } else {
                let mut rng = self.seed.derive("untried", u64::from(id)).rng();
                let Some(config) = tried.sample_untried(&space, &mut rng, 1000) else {
                    break;
                };
                let reason = format!("the next {PATIENCE} points of the sequence have all been tried or are forbidden");
                (config, Origin::Fallback { reason })
            };
            tried.insert(&config);
            jobs.push(Job::full(id, config, origin));
        }
        Ok(tried.answer(jobs, self.size))
    }

    fn mind(&mut self, _history: &History, _at: &[Config]) -> Mind {
        Mind::Nothing("its points were laid out before the first trial: it does not learn from outcomes".into())
    }

    fn is_adaptive(&self) -> bool {
        false
    }

    fn at_most(&self) -> Option<u64> {
        self.size
    }
}
