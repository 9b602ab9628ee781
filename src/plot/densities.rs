//! Densities along one parameter: where a strategy sees good and bad trials, with the ratio that chooses beneath; or where it draws its
//! next points.

use super::axis::Axis;
use super::belief::{layout, shade};
use super::brush::Brush;
use super::chart::{Chart, Readout};
use super::light::{Light, strength};
use super::palette::{Look, Rgb, alpha};
use super::panel::{Panel, TITLE, left_room};
use super::pen::{Pen, Point, Rect};
use super::{brushed, finite, truth};
use crate::mind::Densities;
use crate::protocol::{Prepared, Slice, Trial};
use crate::space::Config;
use crate::view::View;
use crate::view::why::rounded;

/// Share of the picture that the objective's values take above the densities.
const VALUES: f64 = 0.3;

/// What is drawn: a slice through the densities, and whose they are.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View,
    pub(super) slice: &'a Slice,
    pub(super) densities: &'a Densities,
    pub(super) look: Look,
    pub(super) light: Option<Light>,
    pub(super) brush: &'a [Brush],
    /// What the densities are of.
    pub(super) title: &'a str,
    /// The objective along the slice, as far as it is known and to be shown.
    pub(super) truth: Vec<Point>,
}

/// The axis of the ratio, with room for all candidates.
fn ratios(d: &Densities) -> Axis {
    let highest = |values: &mut dyn Iterator<Item = f64>| values.filter(|v| v.is_finite()).fold(0.0, f64::max);
    let most = highest(&mut d.ratio.iter().copied()).max(highest(&mut d.candidates.iter().map(|c| c.1)));
    let title = if d.candidates.is_empty() {
        "ratio good : bad"
    } else {
        "ratio good : bad · rings: candidates"
    };
    Axis::range(title, 0.0, (most * 1.14).max(1e-9))
}

/// The candidate at a place, in words.
pub(super) fn candidate(slice: &Slice, d: &Densities, x: &Axis, at: &Readout) -> Option<String> {
    let y = ratios(d);
    let place = |(config, ratio): &(Config, f64)| {
        let u = x.place(config.get(&slice.param)?)?;
        Some((u, y.at(*ratio)?.clamp(0.0, 1.0), (config.clone(), *ratio)))
    };
    let (config, ratio) = at.nearest(d.candidates.iter().filter_map(place))?;
    Some(format!("candidate {config}: ratio {}", rounded(ratio)))
}

impl Scene<'_> {
    pub(super) fn draw(&self, pen: &mut Pen, study: &Prepared, x: Axis, top: f64, chart: &mut Chart) {
        let d = self.densities;
        let finite = |values: &[f64]| values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
        let highest = finite(&d.good).max(finite(&d.bad));
        let y = Axis::range(self.title, 0.0, (highest * 1.08).max(1e-9));
        let values = (!self.truth.is_empty()).then(|| self.values(study));
        let strip = values.as_ref().map_or(0.0, |_| ((pen.size.1 - top) * VALUES).max(64.0));
        let (mut above, mut below) = layout(pen, top + strip, x, y, (!d.ratio.is_empty()).then(|| ratios(d)));
        let values = values.map(|y| {
            // All panels begin where the widest labels end.
            let left = (left_room(&y, strip, pen.size.0) + 4.0).max(above.rect.left);
            for panel in [Some(&mut above), below.as_mut()].into_iter().flatten() {
                (panel.rect.left, panel.labels) = (left, left);
            }
            let rect = Rect {
                top: top + TITLE + 11.0,
                bottom: top + strip - 8.0,
                ..above.rect
            };
            let x = above.x.clone();
            Panel {
                rect,
                x,
                y,
                labels: left,
                gutter: 0.0,
            }
        });
        above.draw_x_lines(pen);
        shade(pen, self.slice, &above, below.as_ref());
        above.draw_y(pen, true);
        above.draw_y_head(pen, 9.0, pen.palette.soft);
        self.curve(pen, &above, &d.bad, pen.palette.soft, 0.10, Light::Others);
        self.curve(pen, &above, &d.good, self.look.color, 0.17, Light::Good);
        chart.panel(above.rect, &above.x, &above.y);
        if let Some(below) = &below {
            let color = pen.palette.acquisition;
            below.draw_y_head(pen, 8.0, color);
            // Where nothing may be tried nothing is chosen.
            let allowed = |(i, v): (usize, &f64)| if self.slice.is_forbidden(i) { f64::NAN } else { *v };
            let ratio: Vec<f64> = d.ratio.iter().enumerate().map(allowed).collect();
            self.curve(pen, below, &ratio, color, 0.26, Light::Acquisition);
            self.candidates(pen, below);
            chart.panel(below.rect, &below.x, &below.y);
        }
        let floor = below.as_ref().map_or(above.rect.bottom, |b| b.rect.bottom);
        above.draw_x(pen, floor, "");
        self.trials(pen, &above, chart);
        if let Some(values) = &values {
            values.draw_x_lines(pen);
            values.draw_y(pen, true);
            values.draw_y_head(pen, 9.0, pen.palette.soft);
            truth::draw(
                pen,
                values,
                &self.truth,
                self.slice.discrete.then_some(self.slice.us.len()),
            );
            chart.panel(values.rect, &values.x, &values.y);
        }
        self.choice(pen, &above, [values.as_ref(), below.as_ref()]);
        // Over the line at the choice, which often goes through one of them.
        if let Some(values) = &values {
            self.outcomes(pen, values, chart);
        }
    }

    /// The axis of the objective's values: the truth, and the trials known then.
    fn values(&self, study: &Prepared) -> Axis {
        let trials = self.known().filter_map(finite);
        let mut axis = Axis::measured(study, self.truth.iter().map(|p| p.1).chain(trials));
        axis.name = format!("{}: the truth dotted", axis.name);
        axis
    }

    /// The trials known then at their values, those on the slice at full size.
    fn outcomes(&self, pen: &mut Pen, panel: &Panel, chart: &mut Chart) {
        let (good, others) = (self.good(), self.slice.others());
        let kept = brushed(self.view, self.brush);
        for trial in self.known().filter(|t| kept(t)) {
            let u = trial.job.config.get(&self.slice.param).and_then(|v| panel.x.place(v));
            let (Some(u), Some(v)) = (u, finite(trial).and_then(|v| panel.y.at(v))) else {
                continue;
            };
            let at = panel.point(u, v);
            let color = if good.contains(&trial.job.id) {
                self.look.color
            } else {
                pen.palette.faint
            };
            let is_on_slice = trial.job.config.without(&self.slice.param) == others;
            let size = if is_on_slice { 4.0 } else { 2.8 };
            let look = Look { color, ..self.look };
            pen.marker(
                at,
                look,
                size * pen.growth(),
                pen.palette.card,
                if is_on_slice { 1.0 } else { 0.75 },
            );
            chart.mark(at, self.slice.lane, trial.job.id);
        }
    }

    /// The trials that were known when the densities were formed.
    fn known(&self) -> impl Iterator<Item = &Trial> {
        let until = self.slice.trial.unwrap_or(u32::MAX);
        let trials = self.view.lanes.get(self.slice.lane).into_iter().flat_map(|l| &l.trials);
        trials.take_while(move |t| t.job.id < until)
    }

    /// Ids of those that counted as good.
    fn good(&self) -> &[u32] {
        let chosen = self.slice.trial.and_then(|id| self.view.trial(self.slice.lane, id));
        match chosen.map(|t| t.job.origin.own()) {
            Some(crate::trial::Origin::Move(origin)) => &origin.from,
            _ => &[],
        }
    }

    /// One density, filled down to the floor; bars for the levels of a discrete parameter.
    fn curve(&self, pen: &mut Pen, panel: &Panel, values: &[f64], color: Rgb, fill: f64, part: Light) {
        let lit = strength(self.light, part);
        let fill = fill * lit.opacity;
        let place = |(u, v): (f64, f64)| Some(panel.point(u, panel.y.at(v)?.clamp(0.0, 1.0)));
        let bottom = panel.rect.bottom;
        if self.slice.discrete {
            let half = (panel.rect.width() / self.slice.us.len().max(1) as f64 * 0.28).min(9.0);
            let pairs = self.slice.us.iter().copied().zip(values.iter().copied());
            for (x, y) in pairs.filter(|(_, v)| v.is_finite()).filter_map(place) {
                pen.polygon(
                    &[(x - half, bottom), (x - half, y), (x + half, y), (x + half, bottom)],
                    alpha(color, fill),
                );
                pen.hairline((x - half, y), (x + half, y), color, 2.0);
            }
            return;
        }
        let pairs: Vec<(f64, f64)> = self.slice.us.iter().copied().zip(values.iter().copied()).collect();
        for piece in pairs.split(|p| !p.1.is_finite()) {
            let points: Vec<Point> = piece.iter().copied().filter_map(place).collect();
            let mut area = points.clone();
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                area.extend([(last.0, bottom), (first.0, bottom)]);
            }
            pen.polygon(&area, alpha(color, fill));
            pen.path(&points, alpha(color, lit.opacity.min(1.0)), 2.0 * lit.width);
        }
    }

    /// The trials known then, on the floor: filled where they counted as good.
    fn trials(&self, pen: &mut Pen, panel: &Panel, chart: &mut Chart) {
        let good = self.good();
        let kept = brushed(self.view, self.brush);
        for trial in self.known() {
            let value = trial.job.config.get(&self.slice.param);
            let Some(u) = value.and_then(|v| panel.x.place(v)) else {
                continue;
            };
            let (x, y) = panel.point(u, 0.0);
            let at = (x, y - 6.0);
            if !kept(trial) {
                pen.circle(at, 1.8, alpha(pen.palette.soft, 0.45), 1.0);
                continue;
            }
            if good.contains(&trial.job.id) {
                pen.marker(at, self.look, 4.2 * pen.growth(), pen.palette.card, 1.0);
            } else {
                let grey = Look {
                    color: pen.palette.faint,
                    ..self.look
                };
                pen.marker(at, grey, 3.2 * pen.growth(), pen.palette.card, 0.8);
            }
            chart.mark(at, self.slice.lane, trial.job.id);
        }
    }

    /// The candidates at their own ratios: off the curve where they differ from the point in other parameters, too.
    fn candidates(&self, pen: &mut Pen, panel: &Panel) {
        for (config, ratio) in &self.densities.candidates {
            let place = config.get(&self.slice.param).and_then(|v| panel.x.place(v));
            if let (Some(u), Some(v)) = (place, panel.y.at(*ratio)) {
                let at = panel.point(u, v.clamp(0.0, 1.0));
                pen.circle(at, 3.0, alpha(pen.palette.ink, 0.75), 1.2);
            }
        }
    }

    /// A line through all panels at the trial that was chosen by them.
    fn choice(&self, pen: &mut Pen, above: &Panel, [values, below]: [Option<&Panel>; 2]) {
        let chosen = self.slice.through.get(&self.slice.param);
        let Some(u) = chosen.and_then(|v| above.x.place(v)) else {
            return;
        };
        let (x, _) = above.point(u, 0.0);
        let faint = alpha(pen.palette.faint, 1.0);
        for panel in [Some(above), below, values].into_iter().flatten() {
            pen.dashes(&[(x, panel.rect.top), (x, panel.rect.bottom)], faint, 1.3, (3.0, 3.0));
        }
        let nearest = self
            .slice
            .us
            .iter()
            .enumerate()
            .min_by(|a, b| (a.1 - u).abs().total_cmp(&(b.1 - u).abs()));
        if let (Some(below), Some((i, _))) = (below, nearest)
            && let Some(v) = self.densities.ratio.get(i).and_then(|r| below.y.at(*r))
        {
            pen.ring(
                below.point(u, v.clamp(0.0, 1.0)),
                6.5,
                pen.palette.ink,
                pen.palette.card,
            );
        }
    }
}
