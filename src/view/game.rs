//! A game: a person against the strategies, with a trial for a trial.

use super::View;
use super::why::rounded;
use crate::protocol::YOU;
use crate::trial::{Outcome, price};

/// How a participant stands after as many full trials as the person made.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which participant, by position.
    pub lane: usize,
    /// 1 for the best value; equal values share a rank. `None` where there is no value.
    pub rank: Option<u32>,
    /// The best value at full fidelity, and the trial at which it was first found.
    pub best: Option<(f64, u32)>,
    /// Its distance from the optimum, where that is known.
    pub regret: Option<f64>,
}

/// Where the person is among the lanes, if one takes part.
pub fn player(view: &View) -> Option<usize> {
    view.lanes.iter().position(|l| l.lane.id == YOU)
}

/// What a person may see before the end: their own trials. Nothing of the others, of the objective itself, or of its optimum.
#[must_use]
pub fn blindfolded(view: &View) -> View {
    let mut blind = View {
        running: view.running,
        finished: view.finished,
        error: view.error.clone(),
        refused: view.refused.clone(),
        ..View::new(view.run)
    };
    let Some(own) = player(view) else { return blind };
    blind.study = view.study.clone().map(|mut study| {
        study.lanes = study.lanes.get(own).cloned().into_iter().collect();
        (study.optimum, study.minimum) = (None, None);
        study
    });
    blind.lanes = vec![view.lanes[own].clone()];
    blind.order = view.order.iter().filter(|o| o.0 == own).map(|o| (0, o.1)).collect();
    for trial in &mut blind.lanes[0].trials {
        trial.lane = 0;
    }
    blind.under_way = view.under_way.filter(|u| u.0 == own).map(|u| (0, u.1));
    blind
}

/// The person's trials: those made, and those there are.
pub fn turns(view: &View) -> (usize, usize) {
    let own = player(view).map(|i| &view.lanes[i]);
    own.map_or((0, 0), |l| (l.trials.len(), l.lane.trials as usize))
}

/// Every participant after as many full trials as the person made, the best first, those without a value last.
pub fn standings(view: &View) -> Vec<Standing> {
    let direction = view.direction();
    let budget = player(view).map_or(0.0, |i| view.lanes[i].spent) + 1e-9;
    let optimum = view.study.as_ref().and_then(|s| s.optimum);
    let standing = |(lane, of): (usize, &super::LaneView)| {
        let mut spent = 0.0;
        let mut best: Option<(f64, u32)> = None;
        for trial in &of.trials {
            let parent = trial.job.parent.and_then(|id| of.trial(id));
            spent += price(&trial.job, parent.map(|t| &t.job));
            if spent > budget {
                break;
            }
            let value = trial
                .outcome
                .value()
                .filter(|v| trial.job.fidelity >= 1.0 && v.is_finite());
            if let Some(value) = value.filter(|v| best.is_none_or(|(b, _)| direction.better(*v, b))) {
                best = Some((value, trial.job.id));
            }
        }
        let distance = |(value, _): (f64, u32)| Some(direction.minimized(value) - direction.minimized(optimum?));
        Standing {
            lane,
            rank: None,
            best,
            regret: best.and_then(distance),
        }
    };
    let mut all: Vec<Standing> = view.lanes.iter().enumerate().map(standing).collect();
    let key = |s: &Standing| s.best.map(|(value, _)| direction.minimized(value));
    all.sort_by(|a, b| match (key(a), key(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    for i in 0..all.len() {
        all[i].rank = match (i.checked_sub(1), key(&all[i])) {
            (_, None) => None,
            (Some(before), own) if key(&all[before]) == own => all[before].rank,
            (_, Some(_)) => Some(i as u32 + 1),
        };
    }
    all
}

/// Who won, in a sentence.
pub fn verdict(view: &View, standings: &[Standing]) -> String {
    let Some(own) = player(view).and_then(|you| standings.iter().find(|s| s.lane == you)) else {
        return String::new();
    };
    let name = |s: &Standing| view.lanes[s.lane].lane.title.as_str();
    let winners: Vec<&Standing> = standings.iter().filter(|s| s.rank == Some(1)).collect();
    match (own.rank, &winners[..]) {
        (None, _) if turns(view).0 == 0 => "You made no trial: nobody is ahead of anybody.".into(),
        (Some(1), [_]) => "You won: nobody else found a value as good.".into(),
        (Some(1), _) => "A draw: you share the best value.".into(),
        (Some(rank), [winner, ..]) => format!("{} won. You are number {rank} of {}.", name(winner), standings.len()),
        (None, [winner, ..]) => format!("{} won. None of your trials gave a value.", name(winner)),
        (_, []) => "Nobody found a value.".into(),
    }
}

/// The person's latest trial and where they stand, in a sentence or two.
pub fn told(view: &View) -> String {
    let (done, all) = turns(view);
    let Some(own) = player(view).map(|i| &view.lanes[i]) else {
        return String::new();
    };
    let Some(last) = own.trials.last() else {
        return format!("No trial yet: {all} to go.");
    };
    let result = match &last.outcome {
        Outcome::Value(score) => format!("Trial {done} of {all} gave {}.", rounded(score.value)),
        Outcome::Failed { failed } => format!("Trial {done} of {all} failed: {failed}."),
    };
    match own.best(view.direction()) {
        Some((trial, score)) => format!(
            "{result} Your best is {}, from trial {}.",
            rounded(score.value),
            trial.job.id + 1
        ),
        None => format!("{result} You have no value yet."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, Lane, Plane, Prepared, Trial};
    use crate::space::{Config, Domain, Param, Space, Value};
    use crate::trial::{Direction, Job, Origin};

    fn view(direction: Direction, values: &[(usize, f64)]) -> View {
        let names = [YOU, "random", "bayes"];
        let lane = |id: &str| Lane {
            id: id.into(),
            label: id.into(),
            title: id.into(),
            trials: 3,
        };
        let space = Space::new(vec![Param::new("x", Domain::float(0.0, 1.0))], Vec::new()).expect("a space");
        let study = Prepared {
            text: "fn=forrester".into(),
            optimum: Some(-1.0),
            ..Prepared::example(space, direction, names.map(lane).to_vec(), 3)
        };
        let mut view = View::new(1);
        view.fold(Event::Prepared {
            run: 1,
            study: Box::new(study),
        });
        for &(lane, value) in values {
            let id = view.lanes[lane].trials.len() as u32;
            let config = Config(vec![("x".into(), Value::Float(0.5))]);
            let outcome = if value.is_nan() {
                Outcome::failed("no")
            } else {
                Outcome::of(value)
            };
            let trial = Trial {
                lane,
                job: Job::full(id, config, Origin::Person),
                outcome,
                line: String::new(),
                seconds: 0.0,
            };
            let trials = vec![trial];
            view.fold(Event::Trials { run: 1, trials });
        }
        view
    }

    #[test]
    fn ranks_are_by_the_best_value_after_as_many_trials_as_the_person_made() {
        // The third trial of random, 0.0, comes after the person's two.
        let view = view(
            Direction::Minimize,
            &[(0, 2.0), (1, 5.0), (2, 1.0), (0, 1.5), (1, 1.5), (2, 3.0), (1, 0.0)],
        );
        let all = standings(&view);
        let said: Vec<_> = all.iter().map(|s| (s.lane, s.rank, s.best, s.regret)).collect();
        assert_eq!(
            said,
            [
                (2, Some(1), Some((1.0, 0)), Some(2.0)),
                (0, Some(2), Some((1.5, 1)), Some(2.5)),
                (1, Some(2), Some((1.5, 1)), Some(2.5)),
            ]
        );
        assert_eq!(verdict(&view, &all), "bayes won. You are number 2 of 3.");
        assert_eq!(told(&view), "Trial 2 of 3 gave 1.5. Your best is 1.5, from trial 2.");
    }

    #[test]
    fn who_is_alone_at_the_top_wins_and_equals_draw() {
        let won = view(Direction::Maximize, &[(0, 0.9), (1, 0.8), (2, f64::NAN)]);
        let all = standings(&won);
        assert_eq!((all[0].lane, all[2].lane, all[2].rank), (0, 2, None));
        assert_eq!(verdict(&won, &all), "You won: nobody else found a value as good.");
        let drawn = view(Direction::Maximize, &[(0, 0.9), (1, 0.9)]);
        assert_eq!(verdict(&drawn, &standings(&drawn)), "A draw: you share the best value.");
        let none = view(Direction::Minimize, &[]);
        assert_eq!(
            verdict(&none, &standings(&none)),
            "You made no trial: nobody is ahead of anybody."
        );
        let failed = view(Direction::Minimize, &[(0, f64::NAN), (1, 2.0)]);
        assert_eq!(
            verdict(&failed, &standings(&failed)),
            "random won. None of your trials gave a value."
        );
        assert_eq!(told(&failed), "Trial 1 of 3 failed: no. You have no value yet.");
    }

    #[test]
    fn a_blindfold_leaves_the_persons_own_trials_alone() {
        let mut open = view(Direction::Minimize, &[(0, 2.0), (1, 5.0), (2, 1.0), (0, 1.5)]);
        open.planes.push(Plane::default());
        let blind = blindfolded(&open);
        assert_eq!(blind.lanes, open.lanes[..1]);
        assert_eq!((blind.order.clone(), blind.planes.len()), (vec![(0, 0), (0, 1)], 0));
        assert_eq!(blind.value_range(), Some((1.5, 2.0)));
        let study = blind.study.as_ref().expect("a study");
        assert_eq!((study.lanes.len(), study.optimum), (1, None));
        assert_eq!(turns(&blind), turns(&open));
    }
}
