//! Trials that a strategy has made of others, or with some of the effort.

use super::make::{accuracy, accuracy_of, scatter};
use crate::protocol::{Event, Trial};
use crate::trial::{ChosenOrigin, Job, Nominee, Origin, Outcome, Score};
use crate::view::View;

/// Adds a trial of the first strategy with some of the effort, with folds and a training score.
pub(super) fn climb(view: &mut View, point: &[f64], fidelity: f64, parent: Option<u32>, works: bool) {
    let config = view.study.as_ref().expect("a study").space.at_unit(point);
    let value = accuracy(point[0], point[1]);
    let score = Score {
        value,
        train: Some(value + 0.05),
        folds: vec![value - 0.03, value, value + 0.03],
        cost: Some(1e6 * fidelity),
        gradient: None,
    };
    let job = Job {
        id: view.lanes[0].trials.len() as u32,
        fidelity,
        parent,
        origin: Origin::Person,
        config,
    };
    let outcome = if works {
        Outcome::Value(score)
    } else {
        Outcome::failed("out of memory")
    };
    let trial = Trial {
        lane: 0,
        job,
        outcome,
        line: String::new(),
        seconds: 0.02,
    };
    view.fold(Event::Trials {
        run: 1,
        trials: vec![trial],
    });
}

/// Adds trials of the first strategy that were drawn from the proposals of others, the third of which has no luck; one is a person's.
pub(super) fn draw_from_members(view: &mut View, trials: u32) {
    let ids = ["bayes", "tpe", "cmaes"];
    for i in 0..trials {
        let config = |salt: u32| {
            let space = &view.study.as_ref().expect("a study").space;
            space.at_unit(&[scatter(i, salt), scatter(i, salt + 9)])
        };
        let odds = [0.45 + 0.2 * scatter(i, 3), 0.3, 0.05];
        let taken = usize::from(scatter(i, 4) > odds[0]);
        let named = |what: &str, v: [f64; 3]| {
            ids.map(|id| format!("{what}.{id}"))
                .into_iter()
                .zip(v)
                .collect::<Vec<_>>()
        };
        let nominees = (0..3).map(|m| Nominee {
            strategy: ids[m].into(),
            config: config(m as u32),
        });
        let chosen = ChosenOrigin {
            strategy: ids[taken].into(),
            why: "Drawn from 3 proposals.".into(),
            numbers: [named("gain", [0.4, 0.1, -2.0]), named("chance", odds)].concat(),
            nominees: nominees.collect(),
            origin: Origin::Random {
                without_replacement: false,
            },
        };
        let job = Job {
            id: i,
            fidelity: 1.0,
            parent: None,
            origin: if i == 7 {
                Origin::Person
            } else {
                Origin::Chosen(Box::new(chosen))
            },
            config: config(taken as u32),
        };
        let outcome = if i == 9 {
            Outcome::failed("out of memory")
        } else {
            accuracy_of(view, &job.config)
        };
        let trial = Trial {
            lane: 0,
            job,
            outcome,
            line: String::new(),
            seconds: 0.01,
        };
        let trials = vec![trial];
        view.fold(Event::Trials { run: 1, trials });
    }
}
