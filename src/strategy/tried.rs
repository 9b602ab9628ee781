//! Which configurations stand in a history already, and when a finite space is exhausted.

use super::Ask;
use crate::space::{Config, Space};
use crate::trial::{History, Job};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The configurations asked at full fidelity, pending and failed ones included.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// Those of a history, shared with it.
    before: Arc<BTreeSet<String>>,
    /// Those added since.
    added: BTreeSet<String>,
}

impl Tried {
    /// Those of `history`.
    pub fn of(history: &History) -> Tried {
        Tried {
            before: Arc::clone(history.tried()),
            added: BTreeSet::new(),
        }
    }

    /// Those of `history` at whatever fidelity.
    pub fn at_any_fidelity(history: &History) -> Tried {
        Tried {
            before: Arc::default(),
            added: history.jobs().iter().map(|job| job.config.key()).collect(),
        }
    }

    /// Whether `config` is among them.
    pub fn contains(&self, config: &Config) -> bool {
        let key = config.key();
        self.before.contains(&key) || self.added.contains(&key)
    }

    /// Adds `config`; `false` if it was there.
    pub fn insert(&mut self, config: &Config) -> bool {
        let key = config.key();
        !self.before.contains(&key) && self.added.insert(key)
    }

    /// Number of distinct configurations tried.
    pub fn len(&self) -> usize {
        self.before.len() + self.added.len()
    }

    /// Whether nothing has been tried.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Why there is nothing left to propose, if a space of `size` configurations is exhausted.
    pub fn exhausted(&self, size: Option<u64>) -> Option<String> {
        let size = size?;
        (self.len() as u64 >= size).then(|| match size {
            1 => "the only configuration has been tried".into(),
            n => format!("all {n} configurations have been tried"),
        })
    }

    /// What a strategy without rounds answers when no configuration was found for another job: the jobs found before, or the end.
    pub fn answer(&self, jobs: Vec<Job>, size: Option<u64>) -> Ask {
        if !jobs.is_empty() {
            return Ask::Jobs(jobs);
        }
        let reason = self.exhausted(size);
        Ask::Finished(reason.unwrap_or_else(|| "no allowed and untried configuration was found".into()))
    }

    /// An untried, allowed configuration drawn uniformly from the unit cube, draws of tried ones repeated. After `draws`
    /// of them in a row a listable space draws from the list of untried ones. `None` if there is none, or none was found.
    pub fn sample_untried(&self, space: &Space, rng: &mut impl rand::Rng, draws: u32) -> Option<Config> {
        for _ in 0..draws {
            let Some(config) = space.sample(rng) else { continue };
            if !self.contains(&config) {
                return Some(config);
            }
        }
        let left: Vec<Config> = if space.is_listable() {
            space.list().filter(|c| !self.contains(c)).collect()
        } else {
            Vec::new()
        };
        (!left.is_empty()).then(|| left[crate::seed::below(rng, left.len() as u64) as usize].clone())
    }
}
