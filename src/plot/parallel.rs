//! Parallel coordinates: an axis for each parameter and one for the value, a line for each trial.

use super::axis::Axis;
use super::chart::Chart;
use super::heat::Heat;
use super::palette::alpha;
use super::panel::{TICK, TITLE, words};
use super::pen::{Pen, Point, Rect};
use super::ticks::Room;
use super::{Focus, beneath, finite, headed, name, text};
use crate::order;
use crate::protocol::Trial;
use crate::view::View;
use plotters::style::text_anchor::HPos;

/// Least distance between two axes.
const APART: f64 = 64.0;

/// Most lines that are drawn: more would cover each other, and take longer than a frame.
const MOST: usize = 1000;

/// Whether a trial lies within every brushed range; what plays no part in it is not within.
fn within(brush: &[(String, f64, f64)], axes: &[Axis], trial: &Trial) -> bool {
    brush.iter().all(|(param, low, high)| {
        let axis = axes.iter().find(|a| a.name == *param);
        axis.is_none_or(|a| place(a, trial).is_some_and(|u| u >= *low - 1e-9 && u <= *high + 1e-9))
    })
}

/// Whether a trial lies within every brushed range, whoever's it is.
pub fn brushed<'a>(view: &View, brush: &'a [(String, f64, f64)]) -> Box<dyn Fn(&Trial) -> bool + 'a> {
    if brush.is_empty() {
        return Box::new(|_| true);
    }
    let axes = axes(view);
    Box::new(move |trial| within(brush, &axes, trial))
}

fn place(axis: &Axis, trial: &Trial) -> Option<f64> {
    match trial.job.config.get(&axis.name) {
        Some(value) => axis.place(value),
        None if axis.share().is_none() && !axis.is_param() => axis.at(finite(trial)?),
        None => None,
    }
}

/// An axis for each searched parameter, and one for the value.
fn axes(view: &View) -> Vec<Axis> {
    let Some(study) = &view.study else { return Vec::new() };
    let params = study.space.params().iter().filter(|p| !p.domain.is_fixed());
    let mut axes: Vec<Axis> = params.filter_map(|p| Axis::of(&study.space, &p.name)).collect();
    let values = view.lanes.iter().flat_map(|l| &l.trials).filter_map(finite);
    axes.push(Axis::values(&study.value_title, values));
    axes
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = beneath(pen);
    let top = whole.top;
    let Some(lane) = view.lanes.get(focus.lane) else {
        return words(pen, whole, "No study yet", "A line for each trial will be drawn here.");
    };
    headed(pen, view, focus);
    let Some(heat) = Heat::of_trials(view).filter(|_| lane.trials.iter().any(|t| finite(t).is_some())) else {
        return words(pen, whole, "", &format!("{} has no value yet.", name(view, focus.lane)));
    };
    let mut axes = axes(view);
    // The value's axis always has its place.
    let room = (((width - 40.0) / APART) as usize).max(2);
    let value = axes.pop();
    axes.truncate(room - 1);
    axes.extend(value);
    let n = axes.len();
    let each = width / n as f64;
    let rect = Rect {
        left: each * 0.5,
        top: top + 2.0 * TITLE + 12.0,
        right: width - each * 0.5,
        bottom: height - 16.0,
    };
    let x = |i: usize| each * (i as f64 + 0.5);
    for (i, axis) in axes.iter().enumerate() {
        chart.panel(
            Rect {
                left: x(i) - each * 0.5,
                right: x(i) + each * 0.5,
                ..rect
            },
            &Axis::range("trials", 0.0, 1.0),
            axis,
        );
    }
    // The best lie on top, and what is brushed away beneath.
    let kept = |t: &Trial| within(&focus.brush, &axes, t);
    let scored = lane.trials.iter().filter(|t| finite(t).is_some());
    let mut ranked: Vec<(bool, f64, &Trial)> = scored
        .map(|t| (kept(t), heat.at(finite(t).unwrap_or(f64::NAN)), t))
        .collect();
    order::sort_by(&mut ranked, |a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let hidden = ranked.len().saturating_sub(MOST);
    if hidden > 0 {
        let remark = format!("the best {MOST} of {} lines", ranked.len());
        pen.text(
            &remark,
            (width - 4.0, height - 3.0),
            TICK,
            pen.palette.soft,
            HPos::Right,
        );
    }
    for (on, _, trial) in ranked.split_off(hidden) {
        let color = heat
            .color(finite(trial).unwrap_or(f64::NAN))
            .unwrap_or(pen.palette.faint);
        let color = if on {
            alpha(color, 0.85)
        } else {
            alpha(pen.palette.line, 0.7)
        };
        let mut points: Vec<Point> = Vec::new();
        for (i, axis) in axes.iter().enumerate() {
            match place(axis, trial) {
                Some(u) => points.push((x(i), rect.bottom - u.clamp(0.0, 1.0) * rect.height())),
                // A parameter that plays no part leaves a gap.
                None => {
                    pen.path(&points, color, 1.5);
                    points.clear();
                }
            }
        }
        if let Some(at) = points.last().filter(|_| on) {
            chart.mark(*at, focus.lane, trial.job.id);
        }
        if focus.trial == Some(trial.job.id) {
            pen.path(&points, alpha(pen.palette.ink, 1.0), 3.6);
        }
        pen.path(&points, color, if on { 1.6 } else { 1.0 });
    }
    for (i, axis) in axes.iter().enumerate() {
        scale(pen, axis, x(i), each, &rect, focus);
    }
}

/// One axis with its name above, labels beside it, and the brushed range.
fn scale(pen: &mut Pen, axis: &Axis, x: f64, each: f64, rect: &Rect, focus: &Focus) {
    let (soft, faint, card) = (pen.palette.soft, pen.palette.faint, pen.palette.card);
    pen.hairline((x, rect.top), (x, rect.bottom), faint, 1.4);
    let title = text::fit(&axis.name, TITLE, each - 6.0);
    pen.text(&title, (x, rect.top - 10.0), TITLE, soft, HPos::Center);
    let room = Room {
        length: rect.height(),
        across: false,
        size: TICK,
        overhang: (6.0, 6.0),
    };
    for tick in axis.ticks(&room) {
        let (low, high) = room.extent(&tick);
        let y = rect.bottom - (low + high) / 2.0;
        let label = text::fit(&tick.label, TICK, each / 2.0 - 10.0);
        let wide = text::width(&label, TICK);
        let behind = Rect {
            left: x + 4.0,
            right: x + 7.0 + wide,
            top: y - TICK * 0.55,
            bottom: y + TICK * 0.55,
        };
        pen.fill(behind, alpha(card, 0.72));
        pen.text(&label, (x + 6.0, y + TICK * 0.36), TICK, soft, HPos::Left);
    }
    for (_, low, high) in focus.brush.iter().filter(|b| b.0 == axis.name) {
        let at = |u: f64| rect.bottom - u.clamp(0.0, 1.0) * rect.height();
        let band = Rect {
            left: x - 6.0,
            right: x + 6.0,
            top: at(*high),
            bottom: at(*low).max(at(*high) + 2.0),
        };
        pen.fill(band, alpha(pen.palette.acquisition, 0.5));
    }
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let Some(lane) = view.lanes.get(focus.lane) else {
        return "No study yet: a line for each trial will be drawn here.".into();
    };
    let axes = axes(view);
    let names: Vec<&str> = axes.iter().map(|a| a.name.as_str()).collect();
    let scored: Vec<&Trial> = lane.trials.iter().filter(|t| finite(t).is_some()).collect();
    let mut text = format!(
        "A line for each of {} trials of {} through {}",
        scored.len(),
        name(view, focus.lane),
        names.join(", ")
    );
    if !focus.brush.is_empty() {
        let within = scored.iter().filter(|t| within(&focus.brush, &axes, t)).count();
        text += &format!("; {within} of them lie within the brushed ranges");
    }
    if let Some((value, id)) = super::best::standing(lane, view.direction()) {
        text += &format!("; the best is {} at trial {}", crate::view::why::rounded(value), id + 1);
    }
    text + "."
}
