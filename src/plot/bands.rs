//! The spread over seeds behind the lines of one run: between the quartiles a band, the median dashed.

use super::best::{Measure, Step};
use super::palette::{alpha, look};
use super::panel::Panel;
use super::pen::{Pen, Point};
use crate::protocol::Band;
use crate::view::View;

/// Quartiles as lines of no trial in particular, so that the axes have room for them.
pub(super) fn edges(view: &View) -> Vec<Vec<Step>> {
    let lanes = view.comparison.iter().flat_map(|c| &c.lanes);
    let step = |(spent, value)| Step {
        spent,
        value,
        best: 0,
        trial: 0,
    };
    let line = |values: &Vec<f64>| steps(values).map(step).collect();
    lanes.flat_map(|band| [line(&band.low), line(&band.high)]).collect()
}

/// Values that are there, with the number of trials after which they hold.
fn steps(values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let counted = values.iter().enumerate().map(|(i, v)| ((i + 1) as f64, *v));
    counted.filter(|(_, v)| v.is_finite())
}

pub(super) fn draw(pen: &mut Pen, view: &View, measure: &Measure, panel: &Panel) {
    let Some(comparison) = &view.comparison else { return };
    let place = |values: &[f64]| -> Vec<Point> {
        let at = |(x, v)| {
            let (u, v) = (panel.x.at(x)?, panel.y.at(measure.height(v))?);
            Some(panel.point(u, v.clamp(0.0, 1.0)))
        };
        stairs(&steps(values).filter_map(at).collect::<Vec<_>>())
    };
    for (lane, Band { low, median, high, .. }) in comparison.lanes.iter().enumerate() {
        let color = look(view, lane, pen.theme).color;
        let mut outline = place(low);
        outline.extend(place(high).into_iter().rev());
        if outline.len() > 2 {
            pen.polygon(&outline, alpha(color, 0.13));
        }
        pen.dashes(&place(median), alpha(color, 0.8), 1.4, (5.0, 4.0));
    }
}

/// The best value holds until the next one: a step, not a slope.
fn stairs(points: &[Point]) -> Vec<Point> {
    let mut stairs: Vec<Point> = Vec::new();
    for &(x, y) in points {
        if let Some(&(_, before)) = stairs.last().filter(|last| last.1 != y) {
            stairs.push((x, before));
        }
        stairs.push((x, y));
    }
    stairs
}
