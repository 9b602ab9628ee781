//! One parameter: its belief, search distributions and densities, and values that are hard to scale.

use super::believed::belief;
use super::make::{accuracy_of, fill, prepared, scatter, space, svm};
use super::{Push, focus};
use crate::mind::{Densities, Gaussian, Mind};
use crate::protocol::Slice;
use crate::space::Domain;
use crate::trial::{Direction, Outcome};

pub(super) fn add(push: &mut Push) {
    let three = ["grid", "random", "bayes"];
    let one = || {
        prepared(
            space(vec![("x", Domain::float(0.0, 1.0))]),
            Direction::Minimize,
            "forrester",
            &three,
            20,
        )
    };
    let forrester = |u: f64| (6.0 * u - 2.0) * (6.0 * u - 2.0) * libm::sin(12.0 * u - 4.0);
    let mut view = one();
    view.study.as_mut().expect("a study").optimum = Some(-6.020_740);
    fill(&mut view, 9, &|_, i, c| match i {
        4 => Outcome::failed("nan"),
        _ => Outcome::of(forrester(c.number("x").unwrap_or(0.0))),
    });
    belief(&mut view, 2, Some(6), "x", "logei");
    if let Some(slice) = &mut view.slice {
        slice.truth = Some(slice.us.iter().map(|u| forrester(*u)).collect());
        if let Mind::Posterior(p) = &mut slice.mind {
            p.mean = slice.us.iter().map(|u| forrester(*u) * 0.8 + 1.0).collect();
            p.sd = slice.us.iter().map(|u| 3.0 * libm::sin(9.0 * u).abs() + 0.1).collect();
        }
    }
    push("one parameter", view.clone(), focus(2, "x", None));
    view.slice.as_mut().expect("a slice").mind = Mind::Nothing(
        "Random search has no model: every draw is made without looking at what earlier trials found.".into(),
    );
    push("no mind", view.clone(), focus(2, "x", None));
    for (name, param, sigma) in [
        ("search distribution", "x", 0.2),
        ("search distribution, converged", "x", 1e-9),
        ("search distribution of others", "y", 0.2),
    ] {
        view.slice.as_mut().expect("a slice").mind = Mind::Gaussian(Gaussian {
            params: vec![param.into()],
            mean: vec![0.7],
            covariance: vec![vec![1.0]],
            sigma,
        });
        push(name, view.clone(), focus(2, "x", None));
    }

    for (name, value) in [
        ("equal", 0.5),
        ("zero", 0.0),
        ("huge", 1.7e308),
        ("tiny", 3e-310),
        ("not a number", f64::NAN),
        ("infinite", f64::INFINITY),
    ] {
        let mut view = one();
        fill(&mut view, 12, &|_, i, _| {
            Outcome::of(if i == 5 && value == 1.7e308 { -value } else { value })
        });
        belief(&mut view, 2, Some(6), "x", "ei");
        if let Some(Slice {
            mind: Mind::Posterior(p),
            ..
        }) = &mut view.slice
        {
            p.mean.iter_mut().for_each(|m| *m = value);
            p.sd.iter_mut()
                .for_each(|s| *s = if value.is_finite() { 0.0 } else { value });
            p.acquisition.iter_mut().for_each(|a| *a = value);
        }
        push(name, view, focus(2, "x", None));
    }

    let mut view = svm(&["tpe", "random"]);
    fill(&mut view, 12, &|v, _, c| accuracy_of(v, c));
    belief(&mut view, 0, Some(11), "C", "ei");
    if let (Some(slice), Some(study)) = (&mut view.slice, &view.study) {
        let hill = |at: f64| {
            slice
                .us
                .iter()
                .map(|u| libm::exp(-20.0 * (u - at) * (u - at)))
                .collect::<Vec<_>>()
        };
        let (good, bad) = (hill(0.4), hill(0.7));
        let candidate = |i: u32| {
            let config = study.space.at_unit(&[0.3 + 0.3 * scatter(i, 2), scatter(i, 3)]);
            (config, 4.0 * scatter(i, 4))
        };
        slice.mind = Mind::Densities(Densities {
            ratio: good.iter().zip(&bad).map(|(g, b)| g / (b + 0.1)).collect(),
            good,
            bad,
            candidates: (0..24).map(candidate).collect(),
        });
    }
    push("densities with candidates", view, focus(0, "C", Some("gamma")));
}
