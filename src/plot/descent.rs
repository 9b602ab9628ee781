//! A descent, trial by trial: the value at each of its points, and beneath it the hypergradient there, which says where it goes on.

use super::axis::Axis;
use super::belief::layout;
use super::brush::Brush;
use super::chart::{Chart, Readout};
use super::palette::{Look, alpha};
use super::panel::Panel;
use super::pen::{Pen, Point};
use super::{brushed, finite};
use crate::mind::{Path, Waypoint};
use crate::view::why::rounded;
use crate::view::{View, score};

/// What is drawn.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View,
    pub(super) lane: usize,
    /// The parameter whose part of the hypergradient stands out.
    pub(super) param: &'a str,
    pub(super) look: Look,
    pub(super) selected: Option<u32>,
    pub(super) brush: &'a [Brush],
}

/// The derivatives of a trial's value by each parameter of the space, over its whole range.
pub(super) fn gradient(view: &View, lane: usize, id: u32) -> Option<&[f64]> {
    score(view.trial(lane, id)?)?.gradient.as_deref()
}

/// What is known of the trial at a place across.
pub(super) fn read(view: &View, lane: usize, param: &str, paths: &[Path], at: &Readout) -> Option<String> {
    let number = at.x_number?;
    let mut steps = paths.iter().flat_map(|p| &p.steps);
    let step = steps.find(|s| f64::from(s.id + 1) == number)?;
    let value = finite(view.trial(lane, step.id)?)?;
    let mut said = format!("trial {number}: {}", rounded(value));
    if !step.kept {
        said += "\nit had gone too far";
    }
    let index = view.study.as_ref()?.space.index(param)?;
    if let Some(slope) = gradient(view, lane, step.id).and_then(|g| g.get(index)) {
        said += &format!("\nhypergradient along {param}: {}", rounded(*slope));
    }
    Some(said)
}

impl Scene<'_> {
    pub(super) fn draw(&self, pen: &mut Pen, paths: &[Path], top: f64, chart: &mut Chart) {
        let Some(study) = &self.view.study else { return };
        let steps = || paths.iter().flat_map(|p| &p.steps);
        let last = steps().map(|s| s.id + 1).max().unwrap_or(1);
        let x = Axis::counts("trial", 1.0, f64::from(last));
        let values = steps().filter_map(|s| finite(self.view.trial(self.lane, s.id)?));
        let y = Axis::measured(study, values);
        let searched: Vec<usize> = (0..study.space.params().len())
            .filter(|&i| !study.space.params()[i].domain.is_fixed())
            .collect();
        let slopes = steps().filter_map(|s| gradient(self.view, self.lane, s.id));
        let slopes = slopes.flat_map(|g| searched.iter().filter_map(|&i| g.get(i).copied()));
        let title = format!("hypergradient over each whole range · {} in bold", self.param);
        let lower = Axis::values(&title, slopes.chain([0.0]));
        let (above, below) = layout(pen, top, x, y, Some(lower));
        above.draw_x_lines(pen);
        above.draw_y(pen, true);
        above.draw_y_head(pen, 9.0, pen.palette.soft);
        for path in paths {
            self.values(pen, &above, path, chart);
        }
        chart.panel(above.rect, &above.x, &above.y);
        let Some(below) = below else { return };
        below.draw_y_head(pen, 8.0, pen.palette.acquisition);
        below.draw_x_lines(pen);
        below.draw_y(pen, false);
        if let Some(v) = below.y.at(0.0) {
            let (_, y) = below.point(0.0, v);
            pen.hairline((below.rect.left, y), (below.rect.right, y), pen.palette.faint, 1.0);
        }
        let bold = study.space.index(self.param);
        // What stands out is drawn last.
        for i in searched.into_iter().filter(|i| Some(*i) != bold).chain(bold) {
            for path in paths {
                self.slopes(pen, &below, path, i, Some(i) == bold);
            }
        }
        chart.panel(below.rect, &below.x, &below.y);
        above.draw_x(pen, below.rect.bottom, "");
    }

    fn place(&self, panel: &Panel, id: u32, height: f64) -> Option<Point> {
        Some(panel.point(panel.x.at(f64::from(id + 1))?, panel.y.at(height)?))
    }

    /// The value at each point: a line through those from which it went on, and a branch to each that had gone too far.
    fn values(&self, pen: &mut Pen, panel: &Panel, path: &Path, chart: &mut Chart) {
        let place = |s: &Waypoint| self.place(panel, s.id, finite(self.view.trial(self.lane, s.id)?)?);
        let kept: Vec<Point> = path.steps.iter().filter(|s| s.kept).filter_map(place).collect();
        pen.path(&kept, alpha(self.look.color, 0.9), 1.8);
        let mut from = None;
        for step in &path.steps {
            let Some(at) = place(step) else { continue };
            if step.kept {
                from = Some(at);
            } else if let Some(from) = from {
                pen.dashes(&[from, at], alpha(self.look.color, 0.6), 1.1, (3.0, 3.0));
            }
        }
        let is_in = brushed(self.view, self.brush);
        for step in &path.steps {
            let (Some(at), Some(trial)) = (place(step), self.view.trial(self.lane, step.id)) else {
                continue;
            };
            if !is_in(trial) {
                pen.circle(at, 2.0, alpha(pen.palette.soft, 0.45), 1.0);
                continue;
            }
            if step.kept {
                pen.marker(at, self.look, 4.0 * pen.growth(), pen.palette.card, 1.0);
            } else {
                pen.hollow(at, self.look, 3.6 * pen.growth());
            }
            if self.selected == Some(step.id) {
                pen.ring(at, 8.0, pen.palette.ink, pen.palette.card);
            }
            chart.mark(at, self.lane, step.id);
        }
    }

    /// One part of the hypergradient along a descent, with a stem from nought where it stands out.
    fn slopes(&self, pen: &mut Pen, panel: &Panel, path: &Path, param: usize, bold: bool) {
        let place = |s: &Waypoint| {
            let slope = *gradient(self.view, self.lane, s.id)?.get(param)?;
            self.place(panel, s.id, slope)
        };
        let points: Vec<Point> = path.steps.iter().filter_map(place).collect();
        if !bold {
            return pen.path(&points, alpha(pen.palette.faint, 0.9), 1.2);
        }
        let color = pen.palette.acquisition;
        let nought = panel.y.at(0.0).map(|v| panel.point(0.0, v).1);
        for &(x, y) in &points {
            if let Some(nought) = nought {
                pen.path(&[(x, nought), (x, y)], alpha(color, 0.45), 2.0);
            }
            pen.circle((x, y), 2.2, alpha(color, 1.0), 1.6);
        }
        pen.path(&points, alpha(color, 1.0), 1.8);
    }
}
