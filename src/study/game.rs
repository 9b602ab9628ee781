//! A person who takes part in a study: with as many trials as every strategy, and the first to move; or beside the plan, with points that
//! no strategy learns from.

use super::{Lane, Study};
use crate::protocol::{self, YOU};
use crate::strategy::stopping::Stops;
use crate::strategy::{Person, Plan};
use crate::trial::{History, Need};

impl Study {
    /// Lets a person take part, as the first of the lanes. Their turns wait for [`Study::attempt`]; so no strategy is ever ahead of them, and
    /// what each strategy does is what it does without them.
    #[inline(never)]
    pub fn invite(&mut self) {
        if self.lanes.iter().any(|l| l.by_hand) {
            return;
        }
        let Some(first) = self.lanes.first() else { return };
        let trials = self.prepared.trials;
        let most = self
            .prepared
            .configurations
            .map_or(trials, |n| n.min(u64::from(trials)) as u32);
        let own = Lane {
            plan: Plan {
                trials: most as usize,
                ..first.plan.clone()
            },
            trials: most,
            by_hand: true,
            ..Lane::of_a_person(first)
        };
        self.prepared.lanes.insert(0, person(most));
        self.lanes.insert(0, own);
    }

    /// The place of a person's own points that no strategy learns from: a lane beside the plan, the last one, without turns or limit.
    /// Strategies do what they do without it. In a game it is the person's own lane.
    #[inline(never)]
    pub fn join(&mut self) -> usize {
        if let Some(own) = self.lanes.iter().position(|l| l.by_hand || l.aside) {
            return own;
        }
        let Some(first) = self.lanes.first() else { return 0 };
        let own = Lane {
            aside: true,
            ..Lane::of_a_person(first)
        };
        self.prepared.lanes.push(person(0));
        self.lanes.push(own);
        self.lanes.len() - 1
    }

    /// Whether it is a person's turn.
    pub fn waits(&self) -> bool {
        self.turn().is_some_and(|(lane, _)| self.lanes[lane].by_hand)
    }

    /// Whether a person takes part.
    pub fn is_game(&self) -> bool {
        self.lanes.iter().any(|l| l.by_hand)
    }

    /// The person makes no more trials: the strategies go on to their ends.
    #[inline(never)]
    pub fn give_up(&mut self) {
        for lane in self.lanes.iter_mut().filter(|l| l.by_hand && l.finished.is_none()) {
            lane.finished = Some(format!(
                "given up after {} of {} trials",
                lane.history.next_id(),
                lane.trials
            ));
        }
    }
}

impl Lane {
    /// A person's, beside another one: nothing done yet, and no limit.
    fn of_a_person(other: &Lane) -> Lane {
        Lane {
            label: YOU.into(),
            strategy: Box::new(Person),
            plan: other.plan.clone(),
            history: History::new(other.history.space().clone(), other.history.direction()),
            trials: u32::MAX,
            need: Need::Value,
            stops: Stops::default(),
            finished: None,
            by_hand: false,
            aside: false,
        }
    }
}

/// A person among those who take part, with so many trials planned.
fn person(trials: u32) -> protocol::Lane {
    protocol::Lane {
        id: YOU.into(),
        label: YOU.into(),
        title: "You".into(),
        trials,
    }
}

#[cfg(test)]
mod tests {
    use crate::protocol::{Crashed, TrialLine};
    use crate::space::{Config, Value};
    use crate::study::Study;
    use crate::trial::Origin;

    fn at(x: f64) -> Config {
        Config(vec![("x".into(), Value::Float(x))])
    }

    fn lines(study: &mut Study) -> Vec<String> {
        let mut lines = Vec::new();
        while !study.is_finished() && !study.waits() {
            lines.extend(study.step(true).into_iter().map(|t| t.line));
        }
        lines
    }

    #[test]
    fn strategies_do_beside_a_person_what_they_do_alone_and_never_get_ahead() {
        let text = "fn=forrester(variant:3)&s=bayes,random&n=6&seed=4";
        let mut alone = Study::prepare(text, || 0.0).expect("a study");
        let expected = lines(&mut alone);
        let mut study = Study::prepare(text, || 0.0).expect("a study");
        study.invite();
        study.invite();
        assert_eq!(study.prepared().lanes.len(), 3);
        assert!(study.waits() && study.is_game() && study.step(true).is_empty());
        let mut found = Vec::new();
        for k in 0..6 {
            let own = study.attempt(0, &at(f64::from(k) / 6.0)).expect("a trial");
            assert_eq!((own.job.id, &own.job.origin), (k, &Origin::Person));
            assert!(own.line.contains("\"strategy\":\"you\""));
            found.extend(lines(&mut study));
            assert_eq!(found.len() as u32, 2 * (k + 1));
        }
        assert!(study.is_finished() && study.attempt(0, &at(0.5)).is_err());
        assert_eq!(found, expected);
    }

    #[test]
    fn points_beside_the_plan_change_no_strategy_and_come_back_from_their_lines() {
        let text = "fn=forrester&s=bayes,random&n=6&seed=4";
        let mut alone = Study::prepare(text, || 0.0).expect("a study");
        let expected = lines(&mut alone);
        let mut study = Study::prepare(text, || 0.0).expect("a study");
        let mut all: Vec<String> = study.step(true).into_iter().map(|t| t.line).collect();
        assert_eq!(study.join(), 2);
        // The best point there is, so that a strategy that saw it would go elsewhere.
        all.push(study.attempt(2, &at(0.757_249)).expect("a trial").line);
        all.extend(lines(&mut study));
        // Beyond the plan, too.
        assert!(study.is_finished());
        all.push(study.attempt(2, &at(0.25)).expect("a trial").line);
        assert_eq!((study.join(), study.prepared().lanes[2].trials), (2, 0));
        let is_own = |line: &String| line.contains("\"strategy\":\"you\"");
        let of_strategies: Vec<&String> = all.iter().filter(|line| !is_own(line)).collect();
        assert_eq!(of_strategies, expected.iter().collect::<Vec<_>>());
        assert_eq!(all.len(), expected.len() + 2);
        let mut again = Study::prepare(text, || 0.0).expect("a study");
        let known = all.iter().map(|line| TrialLine::read(line)).collect();
        let (trials, refused) = again.restore(known, None);
        assert_eq!(refused, Vec::<String>::new());
        let back: Vec<&String> = trials.iter().map(|t| &t.line).collect();
        assert_eq!(back, all.iter().collect::<Vec<_>>());
        assert!(again.is_finished() && !again.is_game());
    }

    #[test]
    fn a_point_beside_the_plan_that_killed_its_worker_is_recorded() {
        let mut study = Study::prepare("fn=forrester&s=random&n=2", || 0.0).expect("a study");
        let crashed = Crashed {
            lane: 1,
            id: 0,
            config: Some(at(0.5)),
        };
        let (trials, _) = study.restore(Vec::new(), Some(crashed));
        assert_eq!(trials.len(), 1);
        assert!(trials[0].lane == 1 && trials[0].outcome.value().is_none());
        assert_eq!(lines(&mut study).len(), 2);
    }

    #[test]
    fn who_gives_up_lets_the_strategies_go_on() {
        let mut study = Study::prepare("fn=branin&s=random,grid&n=5", || 0.0).expect("a study");
        study.invite();
        study.give_up();
        lines(&mut study);
        assert!(study.is_finished());
        assert_eq!(study.history(0).map(|h| h.next_id()), Some(0));
        assert_eq!(study.history(1).map(|h| h.next_id()), Some(5));
        let report = study.report(0).expect("a report");
        assert_eq!(report.finished.as_deref(), Some("given up after 0 of 5 trials"));
    }
}
