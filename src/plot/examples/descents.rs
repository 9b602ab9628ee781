//! Descents with the hypergradients they went by.

use super::believed::belief;
use super::make::{self, accuracy, scatter, svm};
use super::{Push, focus};
use crate::mind::{Mind, Path, Waypoint};
use crate::plot::Focus;
use crate::trial::{Outcome, Score};

pub(super) fn add(push: &mut Push) {
    let mut view = svm(&["gradient", "random"]);
    for i in 0..14 {
        let point = [scatter(i, 3), 0.3 + 0.04 * f64::from(i)];
        let slope = |of: usize| {
            let mut far = point;
            far[of] += 1e-6;
            (accuracy(far[0], far[1]) - accuracy(point[0], point[1])) / 1e-6
        };
        let score = Score {
            value: accuracy(point[0], point[1]),
            train: None,
            folds: Vec::new(),
            cost: None,
            gradient: Some(vec![slope(0), slope(1)]),
        };
        make::add(&mut view, 0, &point, |_| match i {
            11 => Outcome::failed("did not converge"),
            _ => Outcome::Value(score.clone()),
        });
        make::add(&mut view, 1, &[scatter(i, 8), scatter(i, 9)], |_| Outcome::of(0.6));
    }
    belief(&mut view, 0, Some(13), "gamma", "ei");
    let path = |from: u32, to: u32| Path {
        steps: (from..to).map(|id| Waypoint { id, kept: id % 4 != 3 }).collect(),
    };
    if let Some(slice) = &mut view.slice {
        slice.mind = Mind::Path(vec![path(0, 8), path(8, 13), Path::default()]);
    }
    push(
        "went down",
        view.clone(),
        Focus {
            trial: Some(4),
            ..focus(0, "gamma", Some("C"))
        },
    );
    if let Some(slice) = &mut view.slice {
        slice.mind = Mind::Path(Vec::new());
    }
    push("to go down", view, focus(0, "gamma", Some("C")));
}
