//! Every parameter against the value: a small panel each, all trials of one strategy.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{Look, look, mix};
use super::panel::{Panel, TICK, TITLE, left_room, words};
use super::pen::{Pen, Rect};
use super::{Focus, beneath, best, finite, headed, name, text};
use crate::protocol::Trial;
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

/// Width of the strip in which trials without a parameter stand, with the gap beside it.
const OFF: f64 = 20.0;
/// Least width and height of a panel.
const SMALL: (f64, f64) = (150.0, 130.0);

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = beneath(pen);
    let top = whole.top;
    let (Some(study), Some(lane)) = (&view.study, view.lanes.get(focus.lane)) else {
        return words(
            pen,
            whole,
            "No study yet",
            "Every parameter against the value will be drawn here.",
        );
    };
    let look = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let params: Vec<&str> = study
        .space
        .params()
        .iter()
        .filter(|p| !p.domain.is_fixed())
        .map(|p| p.name.as_str())
        .collect();
    if lane.trials.iter().all(|t| finite(t).is_none()) || params.is_empty() {
        return words(pen, whole, "", &format!("{} has no value yet.", name(view, focus.lane)));
    }
    let y = Axis::measured(study, lane.trials.iter().filter_map(finite));
    let title = text::fit(&y.title(), TITLE, width - 10.0);
    pen.text(&title, (4.0, top + TITLE + 2.0), TITLE, pen.palette.soft, HPos::Left);
    let top = top + TITLE + 12.0;
    // As many as can be read; the most important come first in most spaces.
    // Whatever height a panel gets in the end.
    let labels = |height: f64| left_room(&y, height, width);
    let tall = height - top - 48.0;
    let left = [90.0, tall / 2.0, tall].into_iter().map(labels).fold(0.0, f64::max) + 4.0;
    let columns = (((width - left) / SMALL.0) as usize).clamp(1, params.len());
    let rows = params
        .len()
        .div_ceil(columns)
        .min((((height - top) / SMALL.1) as usize).max(1));
    let columns = columns.min(params.len());
    let (each, high) = ((width - left - 8.0) / columns as f64, (height - top) / rows as f64);
    let best = best::standing(lane, study.direction).map(|(_, id)| id);
    let kept = super::brushed(view, &focus.brush);
    for (i, param) in params.iter().take(columns * rows).enumerate() {
        let Some(x) = Axis::of(&study.space, param) else {
            continue;
        };
        let start = (left + each * (i % columns) as f64, top + high * (i / columns) as f64);
        let lacks = |t: &&Trial| finite(t).is_some() && t.job.config.get(param).is_none();
        let off = if lane.trials.iter().any(|t| lacks(&t)) {
            OFF
        } else {
            0.0
        };
        let panel = Panel {
            rect: Rect {
                left: start.0 + off,
                top: start.1 + 6.0,
                right: (start.0 + each - 24.0).max(start.0 + 10.0),
                bottom: (start.1 + high - 42.0).max(start.1 + 20.0),
            },
            x,
            y: y.clone(),
            labels: left,
            gutter: off,
        };
        if i % columns == 0 {
            panel.draw_y(pen, true);
        } else {
            panel.draw_y_lines(pen);
        }
        panel.draw_x_within(pen, panel.rect.bottom);
        chart.panel(panel.rect, &panel.x, &panel.y);
        let card = pen.palette.card;
        if off > 0.0 {
            let strip = Rect {
                left: start.0,
                right: start.0 + OFF - 4.0,
                ..panel.rect
            };
            pen.fill(strip, super::palette::alpha(pen.palette.line, 0.55));
            let at = ((strip.left + strip.right) / 2.0, panel.rect.bottom + 5.0 + TICK);
            pen.text("off", at, TICK, pen.palette.soft, HPos::Center);
        }
        let mut ringed = None;
        // The best lies on top.
        let last = lane.trials.iter().filter(|t| Some(t.job.id) == best);
        for trial in lane.trials.iter().filter(|t| Some(t.job.id) != best).chain(last) {
            let Some(v) = finite(trial).and_then(|v| panel.y.at(v)) else {
                continue;
            };
            // What plays no part stands in the strip.
            let u = trial.job.config.get(param).and_then(|v| panel.x.place(v));
            let at = match u {
                Some(u) => panel.point(u, v),
                None => (start.0 + OFF / 2.0 - 2.0, panel.point(0.0, v).1),
            };
            // Early trials are pale.
            let age = 1.0 - f64::from(trial.job.id) / (lane.trials.len().max(2) - 1) as f64;
            if !kept(trial) {
                pen.circle(at, 2.0, super::palette::alpha(pen.palette.soft, 0.45), 1.0);
                continue;
            }
            let shade = Look {
                color: mix(look.color, card, 0.6 * age.clamp(0.0, 1.0)),
                ..look
            };
            let size = if Some(trial.job.id) == best { 5.4 } else { 3.4 };
            if u.is_some() {
                pen.marker(at, shade, size, card, 1.0);
            } else {
                pen.hollow(at, shade, 3.0);
            }
            chart.mark(at, focus.lane, trial.job.id);
            if focus.trial == Some(trial.job.id) {
                ringed = Some(at);
            }
        }
        if let Some(at) = ringed {
            pen.ring(at, 7.0, pen.palette.ink, card);
        }
    }
}

pub(super) fn read(_: &View, _: &Focus, at: &Readout) -> Option<String> {
    Some(format!("{} = {}, {} = {}", at.x_name, at.x_text, at.y_name, at.y_text))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let (Some(study), Some(lane)) = (&view.study, view.lanes.get(focus.lane)) else {
        return "No study yet: every parameter against the value will be drawn here.".into();
    };
    let params = study.space.params().iter().filter(|p| !p.domain.is_fixed());
    let names: Vec<&str> = params.map(|p| p.name.as_str()).collect();
    let scored = lane.trials.iter().filter(|t| finite(t).is_some()).count();
    let best = best::standing(lane, study.direction);
    let best = best.map_or("none has given a value".into(), |(v, id)| {
        format!("the best {} at trial {}", rounded(v), id + 1)
    });
    format!(
        "{} against {} for {scored} trials of {}: {best}.",
        study.value_title,
        names.join(", "),
        name(view, focus.lane)
    )
}
