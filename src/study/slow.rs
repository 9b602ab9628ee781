//! A round in slow motion: proposed first, evaluated fold by fold, then recorded as in any other run.

use super::{Study, known_key, tasks};
use crate::protocol::{Fit, Proposal};
use crate::trial::{Job, Outcome};

impl Study {
    /// What comes next, and why; nothing is evaluated yet. `None` if nobody has anything left to do, or a person has to move. Strategies that
    /// have nothing left know it then.
    #[inline(never)]
    pub fn propose(&mut self) -> Option<Proposal> {
        while let Some((lane, _)) = self.turn().filter(|_| !self.waits()) {
            match self.round(lane) {
                Ok(jobs) => {
                    let l = &self.lanes[lane];
                    let asked = tasks(&l.history, l.need, &jobs);
                    let known = asked.iter().filter(|t| self.known.contains_key(&known_key(t))).count() as u32;
                    let folds = self.objective.folds() as u32;
                    return Some(Proposal {
                        lane,
                        jobs,
                        known,
                        folds,
                    });
                }
                Err(reason) => self.lanes[lane].finished = Some(reason),
            }
        }
        None
    }

    /// Evaluates what was proposed, job by job and fold by fold, and tells every fold as it is done. What is known already is not evaluated
    /// again. [`Study::step`] then records it, with the same outcomes as without this.
    #[inline(never)]
    pub fn train(&mut self, lane: usize, jobs: &[Job], mut told: impl FnMut(Fit)) {
        let Some(l) = self.lanes.get(lane) else { return };
        for task in tasks(&l.history, l.need, jobs) {
            let key = known_key(&task);
            if self.known.contains_key(&key) {
                continue;
            }
            let start = (self.clock)();
            let id = task.job.id;
            let outcome: Outcome = self
                .objective
                .evaluate_telling(&task, &self.context, &mut |fold, folds, value| {
                    let (fold, folds) = (fold as u32, folds as u32);
                    told(Fit {
                        lane,
                        id,
                        fold,
                        folds,
                        value,
                    });
                });
            self.known.insert(key, (outcome, (self.clock)() - start));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::study::Study;

    /// The trace in slow motion, and what was told of the folds.
    fn slowly(text: &str) -> (Vec<String>, Vec<String>) {
        let mut study = Study::prepare(text, || 0.0).expect("a study");
        let (mut lines, mut folds) = (Vec::new(), Vec::new());
        while let Some(proposal) = study.propose() {
            study.train(proposal.lane, &proposal.jobs, |fit| {
                folds.push(format!(
                    "{} {} {}/{} {}",
                    fit.lane, fit.id, fit.fold, fit.folds, fit.value
                ));
            });
            let trials = study.step(false);
            // What was proposed is what is recorded.
            assert_eq!(
                trials.iter().map(|t| &t.job).collect::<Vec<_>>(),
                proposal.jobs.iter().collect::<Vec<_>>()
            );
            lines.extend(trials.into_iter().map(|t| t.line));
        }
        assert!(study.is_finished());
        (lines, folds)
    }

    fn plainly(text: &str) -> Vec<String> {
        let mut study = Study::prepare(text, || 0.0).expect("a study");
        let mut lines = Vec::new();
        while !study.is_finished() {
            lines.extend(study.step(true).into_iter().map(|t| t.line));
        }
        lines
    }

    #[test]
    fn slow_motion_gives_the_same_trace_and_tells_every_fold_once() {
        for text in [
            "data=iris&model=knn&cv=4&metric=logloss&s=random,bayes&n=8&seed=2",
            "data=iris&model=mlp(epochs:4)&cv=3&metric=logloss&s=halving&n=4&seed=2&p.learning_rate=0.001..0.3~log",
            "data=wine&model=knn&cv=3&s=folds&n=4&seed=2",
            "fn=branin&s=grid,cmaes&n=6&batch=3&seed=2&stop=stagnation(trials:3)",
        ] {
            let (lines, folds) = slowly(text);
            assert_eq!(lines, plainly(text), "{text}");
            let mut once = folds.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), folds.len(), "{text}");
            assert!(!folds.is_empty());
        }
    }

    #[test]
    fn the_folds_told_are_those_of_the_score() {
        let mut study =
            Study::prepare("data=iris&model=knn&cv=4&metric=logloss&s=random&n=1&seed=2", || 0.0).expect("a study");
        let proposal = study.propose().expect("a proposal");
        assert_eq!((proposal.known, proposal.folds), (0, 4));
        let mut told = Vec::new();
        study.train(0, &proposal.jobs, |fit| told.push(fit.value));
        let trials = study.step(false);
        assert_eq!(crate::view::score(&trials[0]).map(|s| s.folds.clone()), Some(told));
    }
}
