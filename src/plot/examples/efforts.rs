//! Trials with some of the effort, and what is found out of them and their models afterwards.

use super::believed::belief;
use super::grown::{climb, draw_from_members};
use super::make::{scatter, svm};
use super::{LONG, Push, focus};
use crate::mind::{Bracket, Fate, Member, Mind, Rung};
use crate::plot::{Across, Focus};
use crate::protocol::{HeldOut, Importance, Judged, Learning, Report, Tested};

pub(super) fn add(push: &mut Push) {
    let mut view = svm(&["hyperband", "random"]);
    for (i, (fidelity, parent)) in [
        (1.0 / 9.0, None),
        (1.0 / 9.0, None),
        (1.0 / 9.0, None),
        (1.0 / 3.0, Some(1)),
        (1.0, Some(3)),
        (1.0, None),
    ]
    .into_iter()
    .enumerate()
    {
        climb(&mut view, &[0.2 + 0.1 * i as f64, 0.6], fidelity, parent, i != 2);
    }
    belief(&mut view, 0, Some(4), "C", "ei");
    let member = |id: u32, fate: Fate| Member {
        id,
        value: (fate != Fate::Failed && fate != Fate::Pending).then_some(0.6 + 0.05 * f64::from(id)),
        fate,
    };
    let rung = |fidelity: f64, members: Vec<Member>| Rung { fidelity, members };
    let bracket = |title: &str| Bracket {
        title: title.into(),
        rungs: vec![
            rung(
                1.0 / 9.0,
                vec![
                    member(0, Fate::Stays),
                    member(1, Fate::Promoted),
                    member(2, Fate::Failed),
                ],
            ),
            rung(1.0 / 3.0, vec![member(3, Fate::Promoted)]),
            rung(1.0, vec![member(4, Fate::Stays), member(5, Fate::Pending)]),
        ],
    };
    for (name, count) in [("rungs", 1), ("many brackets", 9)] {
        if let Some(slice) = &mut view.slice {
            slice.mind = Mind::Rungs((0..count).map(|i| bracket(&format!("bracket {}", i + 1))).collect());
        }
        push(
            name,
            view.clone(),
            Focus {
                trial: Some(3),
                ..focus(0, "C", Some("gamma"))
            },
        );
    }
    view.importance = Some(Importance {
        lane: 0,
        trials: 5,
        shares: vec![
            ("gamma".into(), 0.61, 0.2),
            (LONG.into(), 0.2, 0.4),
            ("C".into(), 0.0, 0.0),
        ],
    });
    let brush = vec![("C".to_string(), 0.2, 0.45)];
    for (name, across, regret) in [
        ("over cost", Across::Cost, None),
        ("over seconds", Across::Seconds, Some(true)),
    ] {
        push(
            name,
            view.clone(),
            Focus {
                across,
                regret,
                brush: brush.clone(),
                ..focus(0, "C", Some("gamma"))
            },
        );
    }

    let best = crate::plot::best::standing(&view.lanes[0], view.direction()).map_or(0, |(_, id)| id);
    for (name, learning) in [
        (
            "learning curve",
            Some(
                (1..=40)
                    .map(|i| (i, 1.1 / f64::from(i), 0.4 + scatter(i, 5) * 0.02))
                    .collect(),
            ),
        ),
        ("one stage", Some(vec![(1, 0.7, 0.8)])),
        ("no stages", None),
    ] {
        view.judged = Some(Judged {
            lane: 0,
            trial: best,
            classes: ["a", "b"].map(String::from).into(),
            held_out: true,
            counts: vec![9, 1, 2, 8],
            curve: true,
            learning: learning.map(|stages| Learning {
                unit: "epoch".into(),
                stages,
            }),
            ..Judged::default()
        });
        push(name, view.clone(), focus(0, "C", Some("gamma")));
    }

    let mut view = svm(&["portfolio", "tpe"]);
    draw_from_members(&mut view, 24);
    push(
        "portfolio",
        view,
        Focus {
            trial: Some(5),
            ..focus(0, "C", Some("gamma"))
        },
    );

    tested(push);
}

/// Full trials with folds and training scores, of which each new best is tested; a few far worse than the rest.
fn tested(push: &mut Push) {
    let mut view = svm(&["bayes", "random"]);
    if let Some(study) = &mut view.study {
        (study.cheap, study.test_rows) = (false, 30);
    }
    for i in 0..24 {
        let u = if i % 8 == 7 { 0.02 } else { 0.3 + 0.012 * f64::from(i) };
        climb(&mut view, &[u, 0.6], 1.0, None, i != 5);
    }
    let best = &view.lanes[0].best_so_far;
    let is_new = |i: &u32| {
        let before = i.checked_sub(1).and_then(|b| best[b as usize]);
        best[*i as usize].is_some() && best[*i as usize] != before
    };
    let test = |i: u32| Tested {
        trial: i,
        value: best[i as usize].unwrap_or(0.0) - 0.04,
        low: best[i as usize].unwrap_or(0.0) - 0.2,
        high: best[i as usize].unwrap_or(0.0) + 0.02,
        failed: None,
    };
    let tests: Vec<Tested> = (0..24).filter(is_new).map(test).collect();
    let held_out = HeldOut {
        lane: 0,
        wanted: tests.len() as u32 + 1,
        tests,
    };
    view.held_out = vec![held_out];
    view.lanes[0].report = Some(Report {
        lane: 0,
        finished: None,
        best: Some(22),
        ties: 1,
        recommended: Some((20, 0.9, 0.01)),
        one_standard_error: Some(3),
        test: None,
        test_failed: None,
    });
    push(
        "tested",
        view.clone(),
        Focus {
            trial: Some(2),
            ..focus(0, "C", Some("gamma"))
        },
    );
    push("not yet tested", view.clone(), focus(1, "C", Some("gamma")));
    let brush = vec![("C".to_string(), 0.35, 0.45), ("gamma".to_string(), 0.0, 0.9)];
    push(
        "brushed",
        view,
        Focus {
            brush,
            ..focus(0, "C", Some("gamma"))
        },
    );
}
