//! Two numbers: what lies beneath the points, and what of a model is drawn over them.

use super::believed::{belief, map, truth};
use super::make::{accuracy, accuracy_of, fill, svm};
use super::{Push, focus};
use crate::mind::{Gaussian, Mind, Path, Posterior, Waypoint};
use crate::plot::Focus;
use crate::trial::Outcome;
use crate::view::{Layer, View};

pub(super) fn add(push: &mut Push) {
    let three = ["grid", "random", "bayes"];
    push("empty", View::new(1), focus(0, "x", None));
    push("prepared", svm(&three), focus(1, "C", Some("gamma")));
    for (name, first) in [("first point", [0.05, 0.03]), ("first point at the end", [0.97, 0.98])] {
        let mut view = svm(&three);
        let mind = Mind::Nothing("this strategy keeps no model".into());
        map(&mut view, 1, "C", "gamma", mind, |_, _| 0.0);
        view.maps[0].next = Some(view.study.as_ref().expect("a study").space.at_unit(&first));
        push(name, view, focus(1, "C", Some("gamma")));
    }

    let mut view = svm(&three);
    fill(&mut view, 1, &|v, _, c| accuracy_of(v, c));
    push("one", view, focus(1, "C", Some("gamma")));

    let mut view = svm(&three);
    fill(&mut view, 16, &|v, _, c| accuracy_of(v, c));
    push("svm", view.clone(), focus(0, "C", Some("gamma")));
    belief(&mut view, 2, Some(12), "C", "logei");
    truth(&mut view, "C", "gamma", 40, accuracy);
    push("svm mapped", view.clone(), focus(2, "C", Some("gamma")));
    push("svm turned", view.clone(), focus(1, "gamma", Some("C")));
    belief(&mut view, 2, Some(12), "gamma", "ei");
    push("svm other slice", view.clone(), focus(2, "C", Some("gamma")));
    push(
        "samples",
        view.clone(),
        Focus {
            samples: true,
            ..focus(2, "C", Some("gamma"))
        },
    );
    if let Some(slice) = &mut view.slice {
        slice.through = view.study.as_ref().expect("a study").space.at_unit(&[0.1, 0.9]);
    }
    push("slice through another point", view, focus(2, "C", Some("gamma")));

    let mut view = svm(&three);
    fill(&mut view, 16, &|v, _, c| accuracy_of(v, c));
    truth(&mut view, "C", "gamma", 40, accuracy);
    map(
        &mut view,
        2,
        "C",
        "gamma",
        Mind::Posterior(Posterior::default()),
        |u, v| accuracy(u, v) + 0.05 * (u - v),
    );
    for (layer, title) in [
        (Layer::Plain, "layer: plain"),
        (Layer::Mean, "layer: mean"),
        (Layer::Sd, "layer: sd"),
        (Layer::Acquisition, "layer: acquisition"),
        (Layer::Error, "layer: error"),
    ] {
        let point = view.study.as_ref().map(|s| s.space.at_unit(&[0.2, 0.8]));
        push(
            title,
            view.clone(),
            Focus {
                layer,
                point,
                ..focus(2, "C", Some("gamma"))
            },
        );
    }
    push(
        "layer of one without model",
        view.clone(),
        Focus {
            layer: Layer::Mean,
            ..focus(1, "C", Some("gamma"))
        },
    );
    map(
        &mut view,
        1,
        "gamma",
        "C",
        Mind::Nothing("this strategy keeps no model".into()),
        |_, _| 0.0,
    );
    push(
        "layer of nothing",
        view.clone(),
        Focus {
            layer: Layer::Mean,
            ..focus(1, "C", Some("gamma"))
        },
    );
    let gaussian = Gaussian {
        params: vec!["gamma".into(), "C".into()],
        mean: vec![0.3, 0.9],
        covariance: vec![vec![1.0, 0.6], vec![0.6, 1.0]],
        sigma: 0.15,
    };
    map(&mut view, 2, "C", "gamma", Mind::Gaussian(gaussian), |_, _| 0.0);
    push("ellipse", view.clone(), focus(2, "C", Some("gamma")));
    let step = |id: u32, kept: bool| Waypoint { id, kept };
    let descent = Path {
        steps: vec![
            step(0, true),
            step(5, true),
            step(6, false),
            step(9, true),
            step(99, true),
        ],
    };
    map(
        &mut view,
        1,
        "C",
        "gamma",
        Mind::Path(vec![descent, Path::default()]),
        |_, _| 0.0,
    );
    push("descent", view.clone(), focus(1, "C", Some("gamma")));
    view.planes.clear();
    push(
        "ellipse on nothing",
        view,
        Focus {
            layer: Layer::Plain,
            ..focus(2, "C", Some("gamma"))
        },
    );

    let mut view = svm(&three);
    fill(&mut view, 3, &|_, _, _| Outcome::failed("did not converge"));
    belief(&mut view, 2, Some(2), "C", "ei");
    push("failed", view, focus(2, "C", Some("gamma")));
}
