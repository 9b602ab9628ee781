//! Parallel coordinates: an axis for each parameter and one for the value, a line for each trial.

use super::axis::Axis;
use super::brush::{axes, place, within};
use super::chart::{Chart, Readout};
use super::heat::Heat;
use super::palette::{alpha, mix};
use super::panel::{TICK, TITLE, words};
use super::pen::{Pen, Point, Rect};
use super::ticks::Room;
use super::{Focus, Theme, beneath, finite, headed, name, text};
use crate::order;
use crate::protocol::Trial;
use crate::view::View;
use plotters::style::text_anchor::HPos;

/// Least distance between two axes, and on a phone.
const APART: (f64, f64) = (64.0, 56.0);

/// Height of a line of a name above an axis.
const LINE: f64 = TITLE + 2.0;
/// Lines that a name may have.
const LINES: usize = 4;
/// Room beneath the axes for what plays no part.
const OFF: f64 = 18.0;

/// Most lines that are drawn: more would cover each other, and take longer than a frame.
const MOST: usize = 1000;

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
    let all = axes(view);
    let mut axes = all.clone();
    // The value's axis always has its place.
    let apart = if width < 500.0 { APART.1 } else { APART.0 };
    let room = (((width - 40.0) / apart) as usize).max(2);
    let value = axes.pop();
    axes.truncate(room - 1);
    axes.extend(value);
    let n = axes.len();
    let each = width / n as f64;
    let set = |size: f64| -> Vec<Vec<String>> { axes.iter().map(|a| title(&a.name, size, each - 5.0)).collect() };
    // Smaller before anything is cut.
    let is_cut = |titles: &Vec<Vec<String>>| titles.iter().flatten().any(|line| line.ends_with('…'));
    let size = if is_cut(&set(TITLE)) { TICK } else { TITLE };
    let titles = set(size);
    let tallest = titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
    // What plays no part in a trial is passed beneath its axis.
    let absent = |a: &Axis| lane.trials.iter().any(|t| finite(t).is_some() && place(a, t).is_none());
    let lacking: Vec<bool> = axes.iter().map(absent).collect();
    let below = if lacking.contains(&true) { OFF } else { 0.0 };
    let rect = Rect {
        left: each * 0.5,
        top: top + tallest * LINE + 14.0,
        right: width - each * 0.5,
        bottom: (height - 16.0 - below).max(top + tallest * LINE + 40.0),
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
    let kept = |t: &Trial| within(&focus.brush, &all, t);
    let scored = lane.trials.iter().filter(|t| finite(t).is_some());
    let mut ranked: Vec<(bool, f64, &Trial)> = scored
        .map(|t| (kept(t), heat.at(finite(t).unwrap_or(f64::NAN)), t))
        .collect();
    order::sort_by(&mut ranked, |a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let hidden = ranked.len().saturating_sub(MOST);
    let lines = (hidden > 0).then(|| format!("the best {MOST} of {} lines", ranked.len()));
    let fewer = (n < all.len()).then(|| format!("{} of {} parameters have room", n - 1, all.len() - 1));
    let remark: Vec<String> = [fewer, lines].into_iter().flatten().collect();
    if !remark.is_empty() {
        let remark = text::fit(&remark.join(" · "), TICK, width - 8.0);
        pen.text(
            &remark,
            (width - 4.0, height - 3.0),
            TICK,
            pen.palette.soft,
            HPos::Right,
        );
    }
    for (on, _, trial) in ranked.split_off(hidden) {
        let value = finite(trial).unwrap_or(f64::NAN);
        let color = heat.color(value).unwrap_or(pen.palette.faint);
        // The darkest colours would not be seen on a dark card.
        let color = match pen.theme {
            Theme::Light => color,
            Theme::Dark => mix(color, pen.palette.ink, 0.4 * (1.0 - heat.at(value))),
        };
        let color = if on {
            alpha(color, 0.85)
        } else {
            alpha(pen.palette.line, 0.7)
        };
        let mut points: Vec<Point> = Vec::new();
        for (i, axis) in axes.iter().enumerate() {
            let y = match place(axis, trial) {
                Some(u) => rect.bottom - u.clamp(0.0, 1.0) * rect.height(),
                None => rect.bottom + OFF * 0.6,
            };
            points.push((x(i), y));
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
        for (line, words) in titles[i].iter().rev().enumerate() {
            let y = rect.top - 10.0 - LINE * line as f64;
            pen.verbatim(words, (x(i), y), size, pen.palette.soft, HPos::Center);
        }
        if lacking[i] {
            let y = rect.bottom + OFF * 0.6;
            pen.circle((x(i), y), 2.4, alpha(pen.palette.faint, 1.0), 1.4);
            pen.text("off", (x(i) + 6.0, y + TICK * 0.36), TICK, pen.palette.soft, HPos::Left);
        }
    }
}

/// A name in as few lines as fit, broken after its underscores, dots and spaces.
fn title(name: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in text::said(name).split_inclusive(['_', '.', ' ', '-']) {
        match lines.last_mut() {
            Some(line) if text::measure(&format!("{line}{part}"), size) <= room => line.push_str(part),
            _ => lines.push(part.to_string()),
        }
    }
    if lines.len() > LINES {
        let rest = lines.split_off(LINES - 1).concat();
        lines.push(rest);
    }
    lines
        .iter()
        .map(|line| text::cut(line.trim_end(), size, room))
        .collect()
}

/// One axis with labels beside it, and the brushed range.
fn scale(pen: &mut Pen, axis: &Axis, x: f64, each: f64, rect: &Rect, focus: &Focus) {
    let (soft, faint, card) = (pen.palette.soft, pen.palette.faint, pen.palette.card);
    pen.hairline((x, rect.top), (x, rect.bottom), faint, 1.4);
    let room = Room {
        length: rect.height(),
        across: false,
        size: TICK,
        overhang: (6.0, 6.0),
    };
    for tick in axis.ticks(&room) {
        let (low, high) = room.extent(&tick);
        let y = rect.bottom - (low + high) / 2.0;
        let label = text::fit(&tick.label, TICK, (each - 16.0).min(pen.size.0 - x - 8.0));
        let wide = text::width(&label, TICK);
        let behind = Rect {
            left: x + 4.0,
            right: x + 7.0 + wide,
            top: y - TICK * 0.55,
            bottom: y + TICK * 0.55,
        };
        pen.fill(behind, alpha(card, 0.82));
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

pub(super) fn read(_: &View, _: &Focus, at: &Readout) -> Option<String> {
    Some(format!("{} = {}", at.y_name, at.y_text))
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
    if let Some((value, id)) = super::best::standing(lane, view.direction()) {
        text += &format!("; the best is {} at trial {}", crate::view::why::rounded(value), id + 1);
    }
    text + "."
}
