//! Random search: every proposal is a uniform draw.

use super::{Ask, Build, Plan, Strategy, Tried};
use crate::context::Context;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::trial::{History, Job, Origin};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "random",
    title: "Random search",
    about: "Every proposal is an independent uniform draw from the space (uniform in the logarithm on logarithmic scales). \
        Where only a few parameters matter it tries many more distinct values of each than a grid of the same size. On a finite \
        space it draws without replacement.",
    formula: "x ~ U(space)",
    paper: "Bergstra & Bengio 2012, Random search for hyper-parameter optimization, JMLR 13",
    settings: &[],
    build: |space, _settings, plan: &Plan| {
        Ok(Box::new(Random {
            seed: plan.seed,
            size: space.size(),
        }))
    },
};

struct Random {
    seed: Seed,
    /// Number of configurations, if finite and countable.
    size: Option<u64>,
}

impl Strategy for Random {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let mut jobs = Vec::new();
        for id in (history.next_id()..).take(room) {
            if tried.exhausted(self.size).is_some() {
                break;
            }
            let mut rng = self.seed.derive("proposal", u64::from(id)).rng();
            // A continuous space practically never repeats; a finite one too large to list may at worst.
            let drawn = tried.sample_untried(history.space(), &mut rng, 1000);
            let config = drawn.ok_or("no allowed and untried configuration was found in a thousand draws")?;
            tried.insert(&config);
            let origin = Origin::Random {
                without_replacement: self.size.is_some(),
            };
            jobs.push(Job::full(id, config, origin));
        }
        match tried.exhausted(self.size) {
            Some(reason) if jobs.is_empty() => Ok(Ask::Finished(reason)),
            _ => Ok(Ask::Jobs(jobs)),
        }
    }

    fn is_adaptive(&self) -> bool {
        false
    }

    fn at_most(&self) -> Option<u64> {
        self.size
    }
}
