//! What a strategy believes along one parameter: its surrogate's mean and band, and its acquisition beneath.

use super::axis::Axis;
use super::brush::Brush;
use super::chart::{Chart, Readout};
use super::light::{Light, strength};
use super::palette::{Look, alpha, look, mix};
use super::panel::{Panel, TICK, TITLE, left_room, words};
use super::pen::{Pen, Point, Rect};
use super::{Focus, beneath, brushed, densities, descent, finite, headed, name, rungs, text, truth};
use crate::mind::{Densities, Gaussian, Mind, Posterior};
use crate::protocol::{Slice, Trial};
use crate::space::Config;
use crate::view::View;
use crate::view::why::{acquisition, rounded};
use plotters::style::text_anchor::HPos;

/// Everything that is drawn, checked for length.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View,
    pub(super) slice: &'a Slice,
    pub(super) posterior: &'a Posterior,
    pub(super) look: Look,
    pub(super) light: Option<Light>,
    pub(super) brush: &'a [Brush],
    /// The objective along the slice: places and values.
    pub(super) truth: Vec<(f64, f64)>,
    /// Number of positions that have a mean and a standard deviation.
    pub(super) n: usize,
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let whole = beneath(pen);
    let top = whole.top;
    let (Some(study), Some(_)) = (&view.study, view.lanes.get(focus.lane)) else {
        return words(
            pen,
            whole,
            "No study yet",
            "What the chosen strategy believes will be drawn here.",
        );
    };
    let look = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    // The heading names it already.
    let title = if pen.alone { "" } else { name(view, focus.lane) };
    let Some(slice) = view.slice.as_ref().filter(|s| s.lane == focus.lane) else {
        let said = match focus.x.as_str() {
            "" => "What it believes will be drawn here when it has chosen a trial.".to_string(),
            x => format!("What it believes along {x} will be drawn here when it has chosen a trial."),
        };
        return words(pen, whole, title, &said);
    };
    let posterior = match &slice.mind {
        Mind::Densities(_) | Mind::Gaussian(_) => {
            let (densities, title) = match &slice.mind {
                Mind::Gaussian(gaussian) => (next_points(gaussian, slice), "density of its next points"),
                Mind::Densities(densities) => (Some(densities.clone()), "density: good trials, the others grey"),
                _ => (None, ""),
            };
            let (Some(x), Some(densities)) = (Axis::of(&study.space, &slice.param), densities) else {
                return words(pen, whole, title, "Nothing is known along this parameter.");
            };
            let scene = densities::Scene {
                view,
                slice,
                densities: &densities,
                look,
                light: focus.light,
                brush: &focus.brush,
                title,
                truth: truth::truth(view, focus, slice)
                    .map(|line| line.points)
                    .unwrap_or_default(),
            };
            return scene.draw(pen, study, x, top, chart);
        }
        Mind::Posterior(posterior) => posterior,
        Mind::Rungs(brackets) if brackets.iter().flat_map(|b| &b.rungs).any(|r| !r.members.is_empty()) => {
            let scene = rungs::Scene {
                view,
                lane: focus.lane,
                look,
                selected: focus.trial,
                brush: &focus.brush,
            };
            return scene.draw(pen, brackets, top, chart);
        }
        Mind::Path(paths) if paths.iter().any(|p| !p.steps.is_empty()) => {
            let scene = descent::Scene {
                view,
                lane: focus.lane,
                param: &slice.param,
                look,
                selected: focus.trial,
                brush: &focus.brush,
            };
            return scene.draw(pen, paths, top, chart);
        }
        other => return words(pen, whole, title, &other.words().unwrap_or_default()),
    };
    let n = slice.us.len().min(posterior.mean.len()).min(posterior.sd.len());
    let Some(x) = Axis::of(&study.space, &slice.param).filter(|_| n > 0) else {
        let said = format!("Nothing is known of its belief along {}.", slice.param);
        return words(pen, whole, title, &said);
    };
    let scene = Scene {
        view,
        slice,
        posterior,
        look,
        light: focus.light,
        brush: &focus.brush,
        truth: truth::truth(view, focus, slice)
            .map(|line| line.points)
            .unwrap_or_default(),
        n,
    };
    let y = Axis::believed(study, scene.heights());
    let scored = posterior.acquisition.len() >= n && posterior.acquisition.iter().take(n).any(|a| a.is_finite());
    let (above, below) = layout(pen, top, x, y, scored.then(|| scene.acquisition_axis()));
    above.draw_x_lines(pen);
    shade(pen, slice, &above, below.as_ref());
    above.draw_y(pen, true);
    above.draw_y_head(pen, 9.0, pen.palette.soft);
    scene.band(pen, &above);
    truth::draw(pen, &above, &scene.truth, slice.discrete.then_some(n));
    if focus.samples {
        scene.samples(pen, &above);
    }
    scene.mean(pen, &above);
    scene.points(pen, &above, chart);
    chart.panel(above.rect, &above.x, &above.y);
    if let Some(below) = &below {
        below.draw_y_head(pen, 8.0, pen.palette.acquisition);
        scene.acquisition(pen, below);
        chart.panel(below.rect, &below.x, &below.y);
    }
    let floor = below.as_ref().map_or(above.rect.bottom, |b| b.rect.bottom);
    above.draw_x(pen, floor, "");
    scene.choice(pen, &above, below.as_ref(), chart);
}

/// What stands in the part of a slice that the space forbids.
const FORBIDDEN: &str = "not allowed";

/// Shades what the space forbids, in both panels, and says what the shade means.
pub(super) fn shade(pen: &mut Pen, slice: &Slice, above: &Panel, below: Option<&Panel>) {
    let color = alpha(pen.palette.soft, 0.14);
    let stretches = slice.forbidden_stretches();
    for panel in [Some(above), below].into_iter().flatten() {
        let at = |u: f64| panel.point(u, 0.0).0;
        for (low, high) in &stretches {
            let rect = Rect {
                left: at(*low).max(panel.rect.left),
                right: at(*high).min(panel.rect.right),
                ..panel.rect
            };
            pen.fill(rect, color);
            for x in [rect.left, rect.right] {
                pen.hairline((x, rect.top), (x, rect.bottom), pen.palette.faint, 1.0);
            }
        }
    }
    // Once, where there is most room: nothing is drawn there in the lower panel.
    let widest = stretches
        .into_iter()
        .reduce(|a, b| if b.1 - b.0 > a.1 - a.0 { b } else { a });
    let Some((low, high)) = widest else { return };
    let (left, right) = (above.point(low, 0.0).0, above.point(high, 0.0).0);
    if text::width(FORBIDDEN, TICK) + 8.0 <= right - left {
        let at = ((left + right) / 2.0, below.unwrap_or(above).rect.top + TICK + 2.0);
        pen.text(FORBIDDEN, at, TICK, pen.palette.soft, HPos::Center);
    }
}

/// What is believed at a place along the slice.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let slice = view.slice.as_ref().filter(|s| s.lane == focus.lane)?;
    if matches!(slice.mind, Mind::Rungs(_)) {
        return Some(format!(
            "{} of the effort: {}, {} {}",
            at.x_text, at.x_name, at.y_name, at.y_text
        ));
    }
    if let Mind::Path(paths) = &slice.mind {
        return descent::read(view, focus.lane, &slice.param, paths, at);
    }
    let near = slice.us.iter().enumerate();
    let distance = |u: f64| (u - at.x_unit).abs();
    let (i, u) = near.min_by(|a, b| distance(*a.1).total_cmp(&distance(*b.1)))?;
    let axis = Axis::of(&view.study.as_ref()?.space, &slice.param)?;
    let mut lines = vec![format!("{} = {}", slice.param, axis.read(*u))];
    // Where nothing may be tried nothing is chosen.
    let chosen_by = |values: &[f64]| {
        if slice.is_forbidden(i) {
            Vec::new()
        } else {
            values.to_vec()
        }
    };
    if slice.is_forbidden(i) {
        lines.push(FORBIDDEN.into());
    }
    let mut say = |what: &str, values: &[f64]| {
        let value = values.get(i).filter(|v| v.is_finite());
        lines.extend(value.map(|v| format!("{what} {}", rounded(*v))));
    };
    match &slice.mind {
        Mind::Posterior(p) => {
            say("mean", &p.mean);
            say("sd", &p.sd);
            say(&acquisition(&p.acquisition_id), &chosen_by(&p.acquisition));
        }
        Mind::Densities(d) => {
            say("density of good trials", &d.good);
            say("density of the others", &d.bad);
            say("ratio", &chosen_by(&d.ratio));
            if at.panel == 1 {
                lines.extend(densities::candidate(slice, d, &axis, at));
            }
        }
        Mind::Gaussian(g) => say("density", &g.density(&slice.param, &slice.us).unwrap_or_default()),
        _ => return None,
    }
    // An acquisition or a ratio is no value of the objective.
    let beneath = at.panel == 1 && !matches!(slice.mind, Mind::Gaussian(_));
    if let Some(line) = truth::truth(view, focus, slice).filter(|_| !beneath) {
        lines.extend(line.at(*u).map(|v| format!("truth {}", rounded(v))));
    }
    Some(lines.join("\n"))
}

/// The density of a search distribution along the slice, if it is over that parameter.
fn next_points(gaussian: &Gaussian, slice: &Slice) -> Option<Densities> {
    let good = gaussian.density(&slice.param, &slice.us)?;
    Some(Densities {
        good,
        ..Densities::default()
    })
}

/// The upper panel and, if there is an acquisition, the lower one, above each other on the same axis.
pub(super) fn layout(pen: &Pen, top: f64, x: Axis, y: Axis, lower: Option<Axis>) -> (Panel, Option<Panel>) {
    let (width, height) = pen.size;
    let top = top + TITLE + 11.0;
    let floor = (height - 42.0).max(top + 30.0);
    let (split, second) = match &lower {
        // The gap holds the lower panel's title.
        Some(_) => {
            let gap = TITLE + 16.0;
            let share = (floor - top - gap).max(20.0);
            (top + share * 0.7, top + share * 0.7 + gap)
        }
        None => (floor, floor),
    };
    let left = left_room(&y, split - top, width) + 4.0;
    let right = (width - 14.0).max(left + 20.0);
    let below = lower.map(|y| Panel {
        labels: left,
        gutter: 0.0,
        rect: Rect {
            left,
            top: second,
            right,
            bottom: floor,
        },
        x: x.clone(),
        y,
    });
    (
        Panel {
            labels: left,
            gutter: 0.0,
            rect: Rect {
                left,
                top,
                right,
                bottom: split,
            },
            x,
            y,
        },
        below,
    )
}

impl Scene<'_> {
    /// The trials that were known when the belief was formed.
    fn known(&self) -> impl Iterator<Item = &Trial> {
        let until = self.slice.trial.unwrap_or(u32::MAX);
        let trials = self.view.lanes.get(self.slice.lane).into_iter().flat_map(|l| &l.trials);
        trials.take_while(move |t| t.job.id < until)
    }

    fn heights(&self) -> Vec<f64> {
        let p = self.posterior;
        let mut heights = Vec::new();
        for (mean, sd) in p.mean.iter().zip(&p.sd).take(self.n) {
            heights.extend([mean - 2.0 * sd, mean + 2.0 * sd]);
        }
        heights.extend(self.truth.iter().map(|p| p.1));
        heights.extend(
            self.known()
                .filter(|t| t.job.config.get(&self.slice.param).is_some())
                .filter_map(finite),
        );
        heights.extend(
            self.slice
                .trial
                .and_then(|id| self.view.trial(self.slice.lane, id))
                .and_then(finite),
        );
        heights
    }

    /// The posterior at the positions in order, as (u, mean, sd).
    fn beliefs(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let p = self.posterior;
        let all = self.slice.us.iter().zip(&p.mean).zip(&p.sd).take(self.n);
        all.map(|((u, m), s)| (*u, *m, s.abs()))
            .filter(|(u, m, s)| u.is_finite() && m.is_finite() && s.is_finite())
    }

    fn band(&self, pen: &mut Pen, panel: &Panel) {
        let edge = |u: f64, h: f64| panel.y.at(h).map(|v| panel.point(u, v.clamp(-0.2, 1.2)));
        let lit = strength(self.light, Light::Sd);
        let color = alpha(self.look.color, 0.17 * lit.opacity);
        if self.slice.discrete {
            let half = (panel.rect.width() / self.n.max(1) as f64 * 0.28).min(9.0);
            for (u, mean, sd) in self.beliefs() {
                if let (Some(a), Some(b)) = (edge(u, mean + 2.0 * sd), edge(u, mean - 2.0 * sd)) {
                    let bar = Rect {
                        left: a.0 - half,
                        top: a.1,
                        right: a.0 + half,
                        bottom: b.1.max(a.1 + 1.0),
                    };
                    pen.fill(bar, color);
                    for y in [bar.top, bar.bottom] {
                        pen.hairline((bar.left, y), (bar.right, y), self.look.color, 1.0);
                    }
                }
            }
            return;
        }
        let mut around: Vec<Point> = self.beliefs().filter_map(|(u, m, s)| edge(u, m + 2.0 * s)).collect();
        let lower: Vec<Point> = self.beliefs().filter_map(|(u, m, s)| edge(u, m - 2.0 * s)).collect();
        around.extend(lower.into_iter().rev());
        pen.polygon(&around, color);
    }

    /// Functions drawn from the posterior: each is one way the objective might run.
    fn samples(&self, pen: &mut Pen, panel: &Panel) {
        let step = if self.slice.discrete { 1 } else { 2 };
        for (k, sample) in self.slice.samples.iter().enumerate() {
            let color = alpha(mix(self.look.color, pen.palette.ink, 0.12 * k as f64), 0.6);
            let pairs = self
                .slice
                .us
                .iter()
                .step_by(step)
                .zip(sample)
                .filter(|(_, v)| v.is_finite());
            let points: Vec<Point> = pairs
                .filter_map(|(u, v)| Some(panel.point(*u, panel.y.at(*v)?)))
                .collect();
            if self.slice.discrete {
                for (x, y) in points.into_iter().filter(|p| panel.rect.contains(*p)) {
                    pen.path(&[(x - 5.0, y), (x + 5.0, y)], color, 1.2);
                }
                continue;
            }
            for piece in panel.clipped(&points) {
                pen.path(&piece, color, 1.2);
            }
        }
    }

    fn mean(&self, pen: &mut Pen, panel: &Panel) {
        let place = |(u, m, _): (f64, f64, f64)| Some(panel.point(u, panel.y.at(m)?));
        let points: Vec<Point> = self.beliefs().filter_map(place).collect();
        let lit = strength(self.light, Light::Mean);
        let color = alpha(self.look.color, lit.opacity.min(1.0));
        if self.slice.discrete {
            for (x, y) in points {
                let half = truth::half(panel, self.n, 8.0);
                pen.path(&[(x - half, y), (x + half, y)], color, 2.6 * lit.width);
            }
        } else {
            pen.path(&points, color, 2.4 * lit.width);
        }
    }

    /// Whether a trial lies on the cut: every other parameter is as in the configuration the cut goes through.
    fn on_slice(&self, trial: &Trial, others: &Config) -> bool {
        trial.job.config.without(&self.slice.param) == *others
    }

    fn points(&self, pen: &mut Pen, panel: &Panel, chart: &mut Chart) {
        let card = pen.palette.card;
        // What lies on the cut is drawn over what is only projected on it.
        let others = self.slice.others();
        let (above, beneath): (Vec<&Trial>, Vec<&Trial>) = self.known().partition(|t| self.on_slice(t, &others));
        let beneath = beneath.into_iter().map(|t| (t, false));
        let kept = brushed(self.view, self.brush);
        for (trial, is_on_slice) in beneath.chain(above.into_iter().map(|t| (t, true))) {
            let u = trial.job.config.get(&self.slice.param).and_then(|v| panel.x.place(v));
            let (Some(u), Some(value)) = (u, finite(trial)) else {
                continue;
            };
            let Some(v) = panel.y.at(value) else { continue };
            let at = panel.point(u, v);
            if !kept(trial) {
                pen.circle(at, 2.0, alpha(pen.palette.soft, 0.45), 1.0);
                continue;
            }
            if is_on_slice {
                pen.marker(at, self.look, 4.4 * pen.growth(), card, 1.0);
            } else {
                let faded = Look {
                    color: mix(self.look.color, card, 0.35),
                    ..self.look
                };
                pen.marker(at, faded, 3.4 * pen.growth(), card, 0.8);
            }
            chart.mark(at, self.slice.lane, trial.job.id);
        }
    }
}
