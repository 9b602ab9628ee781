//! Where the acquisition is highest: random points, and local search from the best trials and the best of those.

use super::model::Model;
use super::rows::Rows;
use crate::acquisition::Acquisition;
use crate::order;
use crate::seed::shuffle;
use crate::space::{Config, Space};
use crate::strategy::Tried;

/// Random points.
const DRAWS: usize = 600;
/// Trials, and random points, from which local search starts.
pub(super) const STARTS: usize = 8;
const DRAWN_STARTS: usize = 2;
/// Neighbours of a point along each ordered parameter, and how far they lie.
const NEIGHBOURS: usize = 4;
const REACH: f64 = 0.1;
/// Steps of a local search, and parameters that one of them looks at.
const STEPS: usize = 20;
const LOOKS: usize = 24;
/// Spaces of at most this many configurations are searched completely.
const LISTED: u64 = 1000;

/// A configuration with what the model says of it.
pub(super) struct Candidate {
    pub(super) config: Config,
    pub(super) mean: f64,
    pub(super) sd: f64,
    pub(super) utility: f64,
}

/// The allowed rows of a space of `size` configurations, if they are few.
pub(super) fn listed(space: &Space, size: Option<u64>, rows: &Rows) -> Option<Vec<f64>> {
    size.filter(|n| *n <= LISTED)
        .map(|_| space.list().flat_map(|config| rows.of(&config)).collect())
}

/// Rows that have been scored, one beside the other.
#[derive(Default)]
struct Pool {
    rows: Vec<f64>,
    scores: Vec<Score>,
}

#[derive(Clone, Copy)]
struct Score {
    mean: f64,
    sd: f64,
    utility: f64,
}

/// One search.
pub(super) struct Search<'a> {
    pub(super) rows: &'a Rows,
    pub(super) model: &'a Model,
    pub(super) acquisition: &'a dyn Acquisition,
    /// The power to which a person's prior multiplies the acquisition; `None` without one.
    pub(super) prior: Option<f64>,
}

impl Search<'_> {
    fn scores(&self, rows: &[f64]) -> Vec<Score> {
        let score = |(mean, sd): (f64, f64)| Score {
            mean,
            sd,
            utility: self.acquisition.utility(mean, sd.max(1e-9), self.model.target).0,
        };
        let mut scores: Vec<Score> = self.model.forest.predict(rows).into_iter().map(score).collect();
        if let Some(power) = self.prior {
            for (score, row) in scores.iter_mut().zip(rows.chunks_exact(self.rows.dim().max(1))) {
                score.utility += power * self.rows.log_prior(row);
            }
        }
        scores
    }

    /// What the model says of each of `configs`.
    pub(super) fn at(&self, configs: &[Config]) -> Vec<Candidate> {
        let rows: Vec<f64> = configs.iter().flat_map(|config| self.rows.of(config)).collect();
        let told = configs.iter().zip(self.scores(&rows));
        told.map(|(config, score)| score.candidate(config.clone())).collect()
    }

    /// The `count` best untried candidates, the best first; of all configurations, if they are `listed`.
    pub(super) fn best(
        &self,
        listed: Option<&[f64]>,
        tried: &Tried,
        count: usize,
        rng: &mut impl rand::Rng,
    ) -> Vec<Candidate> {
        let dim = self.rows.dim();
        let mut pool = Pool::default();
        match listed {
            Some(all) => pool.rows.extend(all),
            None => {
                let draws = (0..DRAWS).map(|_| self.rows.draw(rng));
                pool.rows = draws.filter(|row| self.rows.is_allowed(row)).flatten().collect();
            }
        }
        pool.scores = self.scores(&pool.rows);
        if listed.is_none() {
            let mut starts = self.model.best.clone();
            starts.extend(
                pool.order()
                    .iter()
                    .take(DRAWN_STARTS)
                    .map(|i| pool.row(*i, dim).to_vec()),
            );
            for start in starts {
                self.climb(start, &mut pool, rng);
            }
        }
        let mut best: Vec<Candidate> = Vec::new();
        for i in pool.order() {
            let config = self.rows.config(pool.row(i, dim));
            if !tried.contains(&config) && best.iter().all(|c| c.config != config) {
                best.push(pool.scores[i].candidate(config));
            }
            if best.len() == count {
                break;
            }
        }
        best
    }

    /// Local search: to the best neighbour as long as it is better. The points on the way go to the pool.
    fn climb(&self, start: Vec<f64>, pool: &mut Pool, rng: &mut impl rand::Rng) {
        let dim = self.rows.dim();
        let mut axes: Vec<usize> = (0..dim).collect();
        let mut height = self.scores(&start)[0].utility;
        let mut here = start;
        for _ in 0..STEPS {
            if dim > LOOKS {
                shuffle(rng, &mut axes);
            }
            let mut around = Pool::default();
            for &axis in axes.iter().take(LOOKS) {
                self.rows.around(&here, axis, NEIGHBOURS, REACH, rng, &mut around.rows);
            }
            around.scores = self.scores(&around.rows);
            let allowed = |i: &usize| self.rows.is_allowed(around.row(*i, dim));
            let Some(next) = around.order().into_iter().find(allowed) else {
                break;
            };
            if around.scores[next].utility <= height {
                break;
            }
            height = around.scores[next].utility;
            here = around.row(next, dim).to_vec();
            pool.rows.extend(&here);
            pool.scores.push(around.scores[next]);
        }
    }
}

impl Pool {
    fn row(&self, i: usize, dim: usize) -> &[f64] {
        &self.rows[i * dim..(i + 1) * dim]
    }

    /// The numbers of the rows, the highest utility first, the earlier of equals.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.scores.len()).collect();
        order::sort_by(&mut order, |&a, &b| {
            self.scores[b].utility.total_cmp(&self.scores[a].utility)
        });
        order
    }
}

impl Score {
    fn candidate(self, config: Config) -> Candidate {
        Candidate {
            config,
            mean: self.mean,
            sd: self.sd,
            utility: self.utility,
        }
    }
}
