//! Scores on rows that no trial has seen: of the best configuration, and of those that were the best before it. Nothing is chosen by
//! them: no strategy, no stopping rule and no trace knows of them.

use super::{Key, Study, known_key};
use crate::objective::{Task, TestScore};
use crate::protocol::{HeldOut, Tested};
use crate::trial::Job;
use std::collections::BTreeMap;

/// What was tested already: training on all rows takes as long as a trial, and a configuration tests the same wherever it comes from.
pub(super) type Tests = BTreeMap<Key, Result<Option<TestScore>, String>>;

impl Study {
    /// The full-effort trials that were the best when they came in, in their order.
    fn incumbents(&self, lane: usize) -> Vec<&Job> {
        let Some(lane) = self.lanes.get(lane) else {
            return Vec::new();
        };
        let direction = lane.history.direction();
        let mut best: Option<f64> = None;
        let full = lane.history.scored().filter(|(job, _)| job.fidelity >= 1.0);
        let new = full.filter(|(_, score)| {
            let is_new = score.value.is_finite() && best.is_none_or(|b| direction.better(score.value, b));
            best = if is_new { Some(score.value) } else { best };
            is_new
        });
        new.map(|(job, _)| job).collect()
    }

    /// The score of a trial's configuration on the rows held out, trained on all others with the whole effort.
    ///
    /// # Errors
    /// Why training failed, or that there is no such trial.
    pub(super) fn test_of(&mut self, lane: usize, id: u32) -> Result<Option<TestScore>, String> {
        let l = self.lanes.get(lane).ok_or("there is no such strategy")?;
        let job = l.history.jobs().get(id as usize).ok_or("there is no such trial")?;
        let task: Task = l.task(job);
        let key = known_key(&task);
        if let Some(known) = self.tests.get(&key) {
            return known.clone();
        }
        let result = self.objective.test(&task, &self.context);
        self.tests.insert(key, result.clone());
        result
    }

    /// Tests the first configuration that was a strategy's best and is not tested yet. Says whether there was one.
    #[inline(never)]
    pub fn test_next(&mut self, lane: usize) -> bool {
        if self.prepared.test_rows == 0 {
            return false;
        }
        let l = self.lanes.get(lane);
        let next = self.incumbents(lane).into_iter().find(|job| {
            let key = l.map(|l| known_key(&l.task(job)));
            key.is_some_and(|key| !self.tests.contains_key(&key))
        });
        let Some(id) = next.map(|job| job.id) else { return false };
        // What failed is told with the others.
        let _ = self.test_of(lane, id);
        true
    }

    /// What is known of the tests of a strategy's best configurations, the earliest first.
    #[inline(never)]
    pub fn tested(&self, lane: usize) -> HeldOut {
        let incumbents = self.incumbents(lane);
        let known = |job: &&Job| {
            let result = self.tests.get(&known_key(&self.lanes.get(lane)?.task(job)))?;
            let (score, failed) = match result {
                Ok(score) => ((*score)?, None),
                Err(why) => (TestScore::default(), Some(why.clone())),
            };
            Some(Tested {
                trial: job.id,
                value: score.value,
                low: score.low,
                high: score.high,
                failed,
            })
        };
        HeldOut {
            lane,
            wanted: incumbents.len() as u32,
            tests: incumbents.iter().filter_map(known).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(text: &str) -> Study {
        Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"))
    }

    fn ran(text: &str) -> (Study, Vec<String>) {
        let mut study = study(text);
        let mut lines = Vec::new();
        while !study.is_finished() {
            lines.extend(study.step(false).into_iter().map(|t| t.line));
        }
        (study, lines)
    }

    const STUDIES: [&str; 4] = [
        "data=iris&model=forest(n_estimators:5)&cv=3&p.max_depth=1..6&p.min_samples_leaf=1..9&s=bayes,random&n=10&seed=4",
        "data=iris&model=forest(n_estimators:5)&cv=hold:0.3&p.max_depth=1..6&p.min_samples_leaf=1..9&s=bayes,random&n=10&seed=4",
        "data=iris&model=mlp&metric=logloss&cv=3&s=hyperband&n=6&seed=2",
        "data=iris&model=mlp&metric=logloss&cv=3&p.learning_rate=1e-4..0.3~log&p.dropout=0..0.5&s=pbt(population:4)&n=6&seed=2",
    ];

    #[test]
    fn every_new_best_is_tested_as_if_the_run_had_ended_there() {
        for text in STUDIES {
            let (mut whole, lines) = ran(text);
            while whole.test_next(0) {}
            let known = whole.tested(0);
            assert_eq!(known.tests.len() as u32, known.wanted, "{text}");
            assert!(known.wanted > 0, "{text}");
            // A study that ended with that trial reports the same test of its best.
            for test in &known.tests {
                let mut cut = study(text);
                let own = lines.iter().map(|l| crate::protocol::TrialLine::read(l));
                let own: Vec<_> = own
                    .filter(|l| {
                        let first = l.as_ref().is_ok_and(|l| l.strategy == whole.prepared.lanes[0].label);
                        first && l.as_ref().is_ok_and(|l| l.job.id <= test.trial)
                    })
                    .collect();
                let (_, refused) = cut.restore(own, None);
                assert_eq!(refused, Vec::<String>::new(), "{text}");
                let report = cut.report(0).expect("a report");
                assert_eq!(report.best, Some(test.trial), "{text}");
                assert_eq!(
                    report.test.map(|t| (t.0, t.1, t.2)),
                    Some((test.value, test.low, test.high)),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn testing_on_the_way_changes_no_byte_of_the_trace() {
        for text in STUDIES {
            let (_, plain) = ran(text);
            let mut study = study(text);
            let mut lines = Vec::new();
            while !study.is_finished() {
                lines.extend(study.step(false).into_iter().map(|t| t.line));
                for lane in 0..study.prepared.lanes.len() {
                    while study.test_next(lane) {}
                }
            }
            assert_eq!(lines, plain, "{text}");
        }
    }

    #[test]
    fn without_rows_held_out_nothing_is_tested() {
        for text in ["fn=branin&s=random&n=4", "data=iris&model=knn&split=0&s=random&n=3"] {
            let (mut study, _) = ran(text);
            assert_eq!(study.prepared.test_rows, 0, "{text}");
            assert!(!study.test_next(0), "{text}");
            assert_eq!(study.tested(0).tests, vec![], "{text}");
        }
    }
}
