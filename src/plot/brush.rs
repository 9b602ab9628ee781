//! Ranges brushed in parallel coordinates: which trials lie within all of them. Every picture keeps those bright and dims the rest.

use super::axis::Axis;
use super::finite;
use crate::protocol::Trial;
use crate::view::View;

/// A parameter, or what the value is, and the ends of a range on its axis, in [0, 1].
pub type Brush = (String, f64, f64);

/// Whether a trial lies within every brushed range, whoever's it is; what plays no part in it is not within.
pub fn brushed<'a>(view: &View, brush: &'a [Brush]) -> Box<dyn Fn(&Trial) -> bool + 'a> {
    if brush.is_empty() {
        return Box::new(|_| true);
    }
    let axes = axes(view);
    Box::new(move |trial| within(brush, &axes, trial))
}

/// What can be brushed, and what stands at a place in [0, 1] on its axis: name and reading for each.
pub fn readings(view: &View) -> Vec<(String, impl Fn(f64) -> String)> {
    let reading = |axis: Axis| (axis.name.clone(), move |u: f64| axis.read(u));
    axes(view).into_iter().map(reading).collect()
}

/// What is kept, in a sentence; nothing if nothing is brushed away.
pub(super) fn words(view: &View, brush: &[Brush]) -> String {
    if brush.is_empty() {
        return String::new();
    }
    let axes = axes(view);
    let range = |(name, low, high): &Brush| {
        let axis = axes.iter().find(|a| a.name == *name)?;
        Some(format!("{name} from {} to {}", axis.read(*low), axis.read(*high)))
    };
    let ranges: Vec<String> = brush.iter().filter_map(range).collect();
    let trials = || view.lanes.iter().flat_map(|l| &l.trials);
    format!(
        " Only {} of {} trials are kept bright: {}.",
        trials().filter(|t| within(brush, &axes, t)).count(),
        trials().count(),
        ranges.join(", ")
    )
}

pub(super) fn within(brush: &[Brush], axes: &[Axis], trial: &Trial) -> bool {
    brush.iter().all(|(param, low, high)| {
        let axis = axes.iter().find(|a| a.name == *param);
        axis.is_none_or(|a| place(a, trial).is_some_and(|u| u >= *low - 1e-9 && u <= *high + 1e-9))
    })
}

/// Where a trial lies on an axis.
pub(super) fn place(axis: &Axis, trial: &Trial) -> Option<f64> {
    match trial.job.config.get(&axis.name) {
        Some(value) => axis.place(value),
        None if !axis.is_param() => axis.at(finite(trial)?),
        None => None,
    }
}

/// An axis for each searched parameter, and one for the value.
pub(super) fn axes(view: &View) -> Vec<Axis> {
    let Some(study) = &view.study else { return Vec::new() };
    let params = study.space.params().iter().filter(|p| !p.domain.is_fixed());
    let mut axes: Vec<Axis> = params.filter_map(|p| Axis::of(&study.space, &p.name)).collect();
    let values = view.lanes.iter().flat_map(|l| &l.trials).filter_map(finite);
    axes.push(Axis::measured(study, values));
    axes
}
