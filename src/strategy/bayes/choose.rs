//! From a belief to a ranking of untried configurations, and to the origin that tells why the first was chosen.

use super::data::Reading;
use super::grounds::Place;
use super::judge::{Judge, Score};
use super::maximize::{Found, largest_difference, maximize};
use super::repeats::Repeats;
use super::trust::Trust;
use super::{Bayes, Thought};
use crate::order;
use crate::space::Config;
use crate::trial::{ModelOrigin, Origin, RunnerUp};

/// Runners-up told in an origin, and how different from the point and each other they must be, in unit coordinates.
const RUNNERS_UP: usize = 3;
pub(super) const DIFFERENT: f64 = 0.05;
/// Results of the search that are looked at for untried ones.
const CONSIDERED: usize = 60;
/// Closer than this to a pending point, in every unit coordinate, nothing is proposed if there is another choice. A believer in its own
/// fantasies sees no reason not to: around a pending point of low mean, all uncertainty is gone and the mean is low.
const APART: f64 = 0.02;

impl Bayes {
    /// The best untried points by the acquisition, best first: exactly if the space is small, else by search.
    pub(super) fn best(&self, judge: &Judge, reading: &Reading, repeats: &Repeats, id: u32) -> Vec<(Config, Found)> {
        let mut searched: Vec<(Config, Vec<f64>)> = match &self.listed {
            Some(all) => {
                let untried = || all.iter().filter(|(c, _)| !reading.tried.contains(c)).cloned();
                let inside: Vec<_> = untried()
                    .filter(|(_, x)| judge.field.contains(x, &self.grounds))
                    .collect();
                if inside.is_empty() { untried().collect() } else { inside }
            }
            None => {
                let found = maximize(judge, &self.grounds, self.plan.seed.derive("proposal", u64::from(id)));
                // Points too close to a pending one come last: its outcome will tell what they could.
                let close = |a: &Vec<f64>, b: &Vec<f64>| largest_difference(a, b) < APART;
                let crowded = |f: &Found| reading.pending.iter().any(|input| close(input, &f.place.input));
                let (late, early): (Vec<Found>, Vec<Found>) = found.into_iter().partition(crowded);
                let ordered = if early.is_empty() { late } else { early };
                let configs = ordered
                    .into_iter()
                    .take(CONSIDERED)
                    .map(|f| self.grounds.config(&f.place.raw));
                let mut seen = reading.tried.clone();
                let new = configs.filter(|c| self.space.is_allowed(c) && seen.insert(c));
                new.map(|c| (self.grounds.input(&c), c))
                    .map(|(x, c)| (c, x))
                    .collect::<Vec<_>>()
            }
        };
        searched.extend(repeats.open().map(|c| (c.clone(), self.grounds.input(c))));
        let inputs: Vec<Vec<f64>> = searched.iter().map(|(_, input)| input.clone()).collect();
        let scores = judge.scores(&inputs);
        let found = searched.into_iter().zip(scores).map(|((config, input), score)| {
            let place = Place {
                raw: input.clone(),
                input,
            };
            (config, Found { place, score })
        });
        let mut found: Vec<(Config, Found)> = found.collect();
        order::sort_by(&mut found, |a, b| b.1.score.utility.total_cmp(&a.1.score.utility));
        found
    }

    /// The reasons for the first of `ranked`, with runners-up that really differ.
    pub(super) fn origin(&self, judge: &Judge, ranked: &[(Config, Found)], thought: &Thought, note: &str) -> Origin {
        let mut shown: Vec<usize> = vec![0];
        for (i, (_, found)) in ranked.iter().enumerate().skip(1) {
            if shown.len() > RUNNERS_UP {
                break;
            }
            if shown
                .iter()
                .all(|k| largest_difference(&ranked[*k].1.place.input, &found.place.input) > DIFFERENT)
            {
                shown.push(i);
            }
        }
        let told = |score: Score| {
            (
                judge.value(score),
                judge.scale.value(score.mean),
                judge.scale.sd(score.mean, score.sd),
            )
        };
        let runner_up = |i: &usize| {
            let (config, found) = &ranked[*i];
            let (value, mean, sd) = told(found.score);
            RunnerUp {
                config: config.clone(),
                value,
                mean,
                sd,
            }
        };
        let (value, mean, sd) = told(ranked[0].1.score);
        Origin::Model(Box::new(ModelOrigin {
            acquisition: self.acquisition_id.to_string(),
            value,
            mean,
            sd,
            incumbent: judge.scale.value(judge.target()),
            runners_up: shown[1..].iter().map(runner_up).collect(),
            hyperparameters: (thought.hyperparameters.iter().cloned())
                .chain(thought.trust.iter().flat_map(Trust::numbers))
                .collect(),
            factors: judge.factors(&ranked[0].1.place.input),
            note: note.to_string(),
        }))
    }
}
