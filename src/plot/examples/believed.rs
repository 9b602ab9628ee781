//! The truth, and what strategies believe of it.

use super::make::accuracy;
use crate::mind::{Mind, Posterior};
use crate::protocol::{Event, Grid, Map, Plane, Slice};
use crate::view::View;

/// A plane of truth over two parameters.
pub(super) fn truth(view: &mut View, x: &str, y: &str, cells: u32, value: impl Fn(f64, f64) -> f64) {
    let middle = |i: u32| (f64::from(i) + 0.5) / f64::from(cells);
    let values = (0..cells * cells)
        .map(|i| value(middle(i % cells), middle(i / cells)))
        .collect();
    let plane = Plane {
        grid: grid(x, y, cells),
        done: (cells * cells) as usize,
        values,
    };
    view.fold(Event::Truth {
        run: 1,
        plane: Box::new(plane),
    });
}

fn grid(x: &str, y: &str, cells: u32) -> Grid {
    Grid {
        x: x.into(),
        y: y.into(),
        columns: cells as usize,
        rows: cells as usize,
        through: None,
    }
}

/// What `lane` believes over two parameters: mean as given, unsure towards one corner, the acquisition a hill.
pub(super) fn map(view: &mut View, lane: usize, x: &str, y: &str, mind: Mind, mean: impl Fn(f64, f64) -> f64) {
    let grid = grid(x, y, 20);
    let at = |value: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let cell = |i: usize| {
            let (u, v) = grid.middle(i);
            value(u, v)
        };
        (0..grid.len()).map(cell).collect()
    };
    let hill = |u: f64, v: f64| -20.0 * ((u - 0.7) * (u - 0.7) + (v - 0.3) * (v - 0.3)) - 1.0;
    let values = match &mind {
        Mind::Posterior(_) => [at(&mean), at(&|u, v| 0.01 + 0.1 * u * v), at(&hill)].concat(),
        Mind::Densities(_) => at(&|u, v| libm::exp(hill(u, v))),
        _ => Vec::new(),
    };
    let next = view.study.as_ref().map(|s| s.space.at_unit(&vec![0.7; s.space.dim()]));
    let map = Map {
        lane,
        trial: None,
        grid,
        mind,
        next,
        values,
    };
    view.fold(Event::Map {
        run: 1,
        map: Box::new(map),
    });
}

/// A belief along `param` that chose `trial`.
pub(super) fn belief(view: &mut View, lane: usize, trial: Option<u32>, param: &str, acquisition: &str) {
    let study = view.study.as_ref().expect("a study");
    let domain = study.space.params()[study.space.index(param).expect("the parameter")]
        .domain
        .clone();
    let through = match trial {
        Some(id) => view.trial(lane, id).expect("the trial").job.config.clone(),
        None => study.space.at_unit(&vec![0.5; study.space.dim()]),
    };
    let levels = domain.size().filter(|n| *n <= 24);
    let us: Vec<f64> = match levels {
        Some(n) => (0..n).map(|k| domain.to_unit(&domain.level(k))).collect(),
        None => (0..=96).map(|i| f64::from(i) / 96.0).collect(),
    };
    let mean: Vec<f64> = us.iter().map(|u| 0.75 + 0.2 * libm::sin(5.5 * u)).collect();
    let chosen = through.get(param).map_or(0.5, |v| domain.to_unit(v));
    let sd: Vec<f64> = us.iter().map(|u| 0.02 + 0.08 * (libm::sin(9.0 * u)).abs()).collect();
    let improvement = |u: &f64| 0.03 * libm::exp(-60.0 * (u - chosen) * (u - chosen)) + 0.004 * u;
    let log = acquisition.starts_with("log");
    let score = |u: &f64| if log { libm::log(improvement(u)) } else { improvement(u) };
    let waves = |k: u32| us.iter().map(move |u| 0.7 + 0.1 * libm::sin(7.0 * u + f64::from(k)));
    let samples = (0..3)
        .map(|k| waves(k).step_by(if levels.is_some() { 1 } else { 2 }).collect())
        .collect();
    let posterior = Posterior {
        acquisition: us.iter().map(score).collect(),
        mean,
        sd,
        acquisition_id: acquisition.into(),
        noise_sd: 0.01,
    };
    let truth = Some(us.iter().map(|u| accuracy(*u, 0.5)).collect());
    let mind = Mind::Posterior(posterior);
    // As `Study::believe` has it.
    let index = study.space.index(param).expect("the parameter");
    let forbidden = us
        .iter()
        .map(|u| !study.space.is_allowed(&study.space.moved(&through, &[(index, *u)])));
    let forbidden = if study.space.is_unrestricted() {
        vec![]
    } else {
        forbidden.collect()
    };
    let slice = Slice {
        lane,
        trial,
        param: param.into(),
        through,
        us,
        discrete: levels.is_some(),
        forbidden,
        mind,
        truth,
        samples,
    };
    view.fold(Event::Belief {
        run: 1,
        slice: Box::new(slice),
    });
}
