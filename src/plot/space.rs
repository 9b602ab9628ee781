//! Where one strategy looked: its trials over two parameters, or over one parameter and the value.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::heat::Heat;
use super::palette::{Rgb, look};
use super::panel::{Panel, TICK, TITLE, left_room, words};
use super::pen::{Pen, Point, Rect};
use super::points::{Scene, Spot};
use super::{Focus, best, finite, heading, heading_space, name, shape};
use crate::mind::Mind;
use crate::protocol::Map;
use crate::view::{Layer, View};
use plotters::style::text_anchor::HPos;

/// Length of the ticks that project points on the margins.
pub(super) const RUG: f64 = 6.0;
/// Width of the strip in which trials without a parameter stand.
pub(super) const STRIP: f64 = 20.0;
/// Width of the strip to the left with the gap beside it, which keeps the labels beneath apart.
const GUTTER: f64 = STRIP + 16.0;
/// Label of the strips.
const OFF: &str = "off";

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: width,
        bottom: height,
    };
    let (Some(study), Some(lane)) = (&view.study, view.lanes.get(focus.lane)) else {
        return words(pen, whole, "No study yet", "Each strategy's trials will be drawn here.");
    };
    let Some(x) = Axis::of(&study.space, &focus.x) else {
        return words(
            pen,
            whole,
            "No such parameter",
            &format!("The space has no parameter \"{}\".", focus.x),
        );
    };
    let over = upwards(focus).and_then(|y| Axis::of(&study.space, y));
    let values = || lane.trials.iter().filter_map(finite);
    let truth = truth(view, focus);
    let flat = over.is_none();
    let y = over.unwrap_or_else(|| {
        // All strategies share the axis, so that their panels compare.
        let all = view.lanes.iter().flat_map(|l| &l.trials).filter_map(finite);
        Axis::measured(study, all.chain(truth.iter().flatten().map(|p| p.1)))
    });
    let spots: Vec<Spot> = lane.trials.iter().map(|t| Spot::of(t, &x, &y, flat)).collect();
    let lacks_x = spots.iter().any(|s| s.u.is_none());
    let lacks_y = !flat && spots.iter().any(|s| s.v.is_none());
    let panel = layout(pen, x, y, (lacks_x, lacks_y), heading_space(pen));
    let look = look(view, focus.lane, pen.theme);
    if pen.alone {
        let best = best::standing(lane, study.direction).map(|(v, _)| format!("best {}", crate::view::why::rounded(v)));
        heading(pen, name(view, focus.lane), look, &best.unwrap_or_default());
    }

    let heat = if flat { None } else { heat_map(pen, view, focus, &panel) };
    let mapped = heat.is_some();
    if !mapped {
        panel.draw_x_lines(pen);
        panel.frame(pen);
    }
    panel.draw_y(pen, !mapped);
    let remark = |lacks: bool| if lacks { ", or off" } else { "" };
    panel.draw_x(
        pen,
        panel.rect.bottom + if lacks_y { STRIP + 2.0 } else { 0.0 },
        remark(lacks_x),
    );
    panel.draw_y_title(pen, remark(lacks_y));
    strips(pen, &panel, lacks_x, lacks_y);
    if let Some(truth) = &truth {
        let points: Vec<Point> = truth
            .iter()
            .filter_map(|&(u, v)| Some(panel.point(u, panel.y.at(v)?)))
            .collect();
        pen.dashes(&points, super::palette::alpha(pen.palette.soft, 1.0), 1.6, (2.0, 3.5));
    }
    if let Some(why) = lacking(view, focus).filter(|_| !mapped) {
        let why = super::text::fit(why, TICK, panel.rect.width() - 12.0);
        let drawn = drawn(
            &spots,
            &panel,
            view.map(focus.lane).is_some_and(|m| matches!(m.mind, Mind::Path(_))),
        );
        let at = free_corner(&panel, super::text::width(&why, TICK), &drawn);
        pen.text(&why, at, TICK, pen.palette.soft, HPos::Left);
    }
    let map = view.map(focus.lane).filter(|_| !flat);
    if let Some(map) = map {
        shape::draw(pen, &panel, map, focus, look, mapped);
        if let Mind::Path(paths) = &map.mind {
            shape::paths(pen, &panel, view, focus.lane, paths, look, mapped);
        }
    }
    // Where the objective itself lies beneath, it tells the values; and errors have no value's colours.
    let tint = match focus.layer {
        Layer::Mean => heat.or_else(|| Heat::of_trials(view)),
        Layer::Truth if mapped => None,
        _ => Heat::of_trials(view),
    };
    let scene = Scene {
        lane,
        look,
        tint: tint.filter(|_| !flat),
        mapped,
        flat,
        number: focus.lane,
        selected: focus.trial,
        direction: study.direction,
        kept: super::brushed(view, &focus.brush),
    };
    if let Some(ghost) = view.ghost_of(focus.lane) {
        let later = ghost.of.trials.iter().filter(|t| t.job.id >= ghost.from);
        let spots: Vec<Spot> = later.map(|t| Spot::of(t, &panel.x, &panel.y, flat)).collect();
        super::points::ghosts(pen, &panel, &spots);
    }
    scene.draw(pen, &panel, &spots, chart);
    let is_next = |m: &&Map| focus.trial.is_none() && m.trial.is_none_or(|id| id as usize == lane.trials.len());
    let coming = view
        .proposed(focus.lane)
        .or(map.filter(is_next).and_then(|m| m.next.as_ref()));
    let next = coming.and_then(|config| shape::place(&panel, config));
    if let Some(at) = next {
        shape::next(pen, at, mapped);
        if lane.trials.is_empty() && !mapped && lacking(view, focus).is_none() {
            first_point(pen, &panel, at);
        }
    }
    if let Some(at) = focus
        .point
        .as_ref()
        .filter(|_| !flat)
        .and_then(|config| shape::place(&panel, config))
    {
        shape::picked(pen, &panel, at, mapped);
    }
    // What slow motion proposes has a place before it has a value.
    let along = focus
        .point
        .as_ref()
        .or(view.proposed(focus.lane))
        .filter(|_| flat)
        .and_then(|c| c.get(&panel.x.name));
    if let Some(u) = along.and_then(|value| panel.x.place(value)) {
        shape::picked_along(pen, &panel, u);
    }
    let shown = focus.trial.or(lane.trials.last().map(|t| t.job.id));
    let other = view
        .choice
        .as_ref()
        .filter(|c| c.lane == focus.lane && c.trial == shown && !flat);
    if let Some(at) = other.and_then(|c| shape::place(&panel, &c.answer.as_ref().ok()?.config)) {
        shape::other(pen, at, mapped);
    }
    if lane.trials.is_empty() {
        // What has a place already says more.
        if !mapped && next.is_none() && focus.point.is_none() {
            words(pen, panel.rect, "", "No trial yet.");
        }
    } else if flat && values().next().is_none() && truth.is_none() {
        words(pen, panel.rect, "", "No trial has given a value.");
    }
    chart.panel(panel.rect, &panel.x, &panel.y);
}

/// Where something is drawn: the trials, and if they are `joined` what lies between one and the next.
fn drawn(spots: &[Spot], panel: &Panel, joined: bool) -> Vec<Point> {
    let at: Vec<Point> = spots.iter().filter_map(|s| Some(panel.point(s.u?, s.v?))).collect();
    let between = |pair: &[Point]| {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        (1..16)
            .map(move |k| f64::from(k) / 16.0)
            .map(move |t| (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t))
    };
    let path: Vec<Point> = if joined {
        at.windows(2).flat_map(between).collect()
    } else {
        Vec::new()
    };
    [at, path].concat()
}

/// Where a line of `width` begins that lies in the corner in which it covers the least.
fn free_corner(panel: &Panel, width: f64, drawn: &[Point]) -> Point {
    let (left, right) = (panel.rect.left + 6.0, panel.rect.right - 6.0 - width);
    let (top, bottom) = (panel.rect.top + TICK + 4.0, panel.rect.bottom - 6.0);
    let covers = |&(x, y): &Point| {
        let is_near = |p: &&Point| p.0 > x - 6.0 && p.0 < x + width + 6.0 && p.1 > y - TICK - 6.0 && p.1 < y + 8.0;
        drawn.iter().filter(is_near).count()
    };
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let least = corners
        .into_iter()
        .reduce(|a, b| if covers(&b) < covers(&a) { b } else { a });
    least.unwrap_or((left, top))
}

/// Says what the ring is, beside it on the side that has more room.
fn first_point(pen: &mut Pen, panel: &Panel, at: Point) {
    let leftmost = at.0 < (panel.rect.left + panel.rect.right) / 2.0;
    let (x, anchor) = if leftmost {
        (at.0 + 13.0, HPos::Left)
    } else {
        (at.0 - 13.0, HPos::Right)
    };
    let y = (at.1 + TICK * 0.36).clamp(panel.rect.top + TICK, panel.rect.bottom - 4.0);
    pen.text("its first point", (x, y), TICK, pen.palette.soft, anchor);
}

/// The values on the axes at a place, and what the layer beneath says there.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    if upwards(focus).is_none() {
        return Some(along(view, focus, at));
    }
    let place = format!("{} = {}, {} = {}", at.x_name, at.x_text, at.y_name, at.y_text);
    let beneath = || {
        let cells = view.cells(focus.layer, focus.lane, &focus.x, focus.y.as_deref()?)?;
        let share = |u: f64, n: usize| ((u * n as f64) as usize).min(n.saturating_sub(1));
        let cell = share(at.y_unit, cells.rows) * cells.columns + share(at.x_unit, cells.columns);
        let value = cells.values.get(cell).filter(|v| v.is_finite());
        let title = Layer::ALL.iter().find(|l| l.0 == focus.layer)?.1;
        let value = value.map_or("none".into(), |v| crate::view::why::rounded(*v));
        Some(format!("{title} {value}\n"))
    };
    Some(beneath().unwrap_or_default() + &place)
}

/// The parameter that goes up; with none the value does.
fn upwards(focus: &Focus) -> Option<&str> {
    focus.y.as_deref().filter(|y| *y != focus.x)
}

/// The place along the one parameter, and the objective there: the height of a pointer is nobody's value.
fn along(view: &View, focus: &Focus, at: &Readout) -> String {
    let truth = truth(view, focus).unwrap_or_default();
    let off = |u: f64| (u - at.x_unit).abs();
    let nearest = truth.into_iter().reduce(|a, b| if off(b.0) < off(a.0) { b } else { a });
    let beneath = nearest.map_or(String::new(), |(_, v)| {
        format!("truth {}\n", crate::view::why::rounded(v))
    });
    format!("{beneath}{} = {}", at.x_name, at.x_text)
}

/// The objective along `focus.x`, where it is known along the latest slice.
fn truth(view: &View, focus: &Focus) -> Option<Vec<(f64, f64)>> {
    let slice = view.slice.as_ref().filter(|s| s.param == focus.x)?;
    let one = view
        .study
        .as_ref()
        .is_some_and(|s| s.space.params().iter().filter(|p| !p.domain.is_fixed()).count() < 2);
    let line = super::truth::truth(view, focus, slice).filter(|_| one)?;
    Some(line.points.into_iter().filter(|(_, v)| v.is_finite()).collect())
}

fn layout(pen: &Pen, x: Axis, y: Axis, (lacks_x, lacks_y): (bool, bool), heading: f64) -> Panel {
    let (width, height) = pen.size;
    let gutter = if lacks_x { GUTTER } else { 0.0 };
    let top = heading + RUG + 6.0;
    let bottom = (height - 42.0 - if lacks_y { STRIP + 2.0 } else { 0.0 }).max(top + 20.0);
    let off = if lacks_y {
        super::text::width(OFF, TICK) + 8.0
    } else {
        0.0
    };
    let labels = left_room(&y, bottom - top, width).max(off);
    let left = TITLE + 6.0 + labels + gutter;
    let right = (width - RUG - 8.0).max(left + 20.0);
    Panel {
        labels,
        gutter,
        rect: Rect {
            left,
            top,
            right,
            bottom,
        },
        x,
        y,
    }
}

/// The layer beneath the points, if the view has it for these axes; with its scale.
fn heat_map(pen: &mut Pen, view: &View, focus: &Focus, panel: &Panel) -> Option<Heat> {
    let y = focus.y.as_deref()?;
    let cells = view.cells(focus.layer, focus.lane, &focus.x, y)?;
    let heat = Heat::of(view, focus.layer, focus.lane, &focus.x, y)?;
    let (columns, rows) = (cells.columns, cells.rows);
    // Rows come from the bottom, pictures from the top.
    let at = |i: usize| -> Option<Rgb> { heat.color(cells.values[(rows - 1 - i / columns) * columns + i % columns]) };
    let colors: Vec<Option<Rgb>> = (0..columns * rows).map(at).collect();
    pen.cells(panel.rect, columns, &colors);
    Some(heat)
}

/// Why a layer of beliefs has nothing to show.
fn lacking(view: &View, focus: &Focus) -> Option<&'static str> {
    if !focus.layer.needs_mind() {
        return None;
    }
    let map = view.map(focus.lane)?;
    match &map.mind {
        Mind::Posterior(_) => None,
        Mind::Densities(_) if focus.layer == Layer::Acquisition => None,
        Mind::Nothing(why) if why.starts_with("this strategy") => Some("no model"),
        Mind::Nothing(_) => Some("no model yet"),
        _ => Some("no such model"),
    }
}

/// Where trials stand that have no value across.
pub(super) fn strip_across(panel: &Panel) -> Rect {
    let Rect { left, top, bottom, .. } = panel.rect;
    Rect {
        left: left - GUTTER + 1.0,
        top,
        right: left - GUTTER + 1.0 + STRIP,
        bottom,
    }
}

/// Where trials stand that have no value upwards.
pub(super) fn strip_upwards(panel: &Panel) -> Rect {
    let Rect {
        left, right, bottom, ..
    } = panel.rect;
    Rect {
        left,
        top: bottom + 3.0,
        right,
        bottom: bottom + 3.0 + STRIP,
    }
}

fn strips(pen: &mut Pen, panel: &Panel, lacks_x: bool, lacks_y: bool) {
    let (line, soft) = (pen.palette.line, pen.palette.soft);
    let (across, upwards) = (strip_across(panel), strip_upwards(panel));
    if lacks_x {
        pen.fill(across, super::palette::alpha(line, 0.55));
        let floor = panel.rect.bottom + if lacks_y { STRIP + 2.0 } else { 0.0 };
        pen.text(
            OFF,
            ((across.left + across.right) / 2.0, floor + 5.0 + TICK),
            TICK,
            soft,
            HPos::Center,
        );
    }
    if lacks_y {
        pen.fill(upwards, super::palette::alpha(line, 0.55));
        let at = (
            panel.rect.left - panel.gutter - 6.0,
            (upwards.top + upwards.bottom) / 2.0 + TICK * 0.36,
        );
        pen.text(OFF, at, TICK, soft, HPos::Right);
    }
    if lacks_x && lacks_y {
        let corner = Rect {
            left: across.left,
            right: across.right,
            ..upwards
        };
        pen.fill(corner, super::palette::alpha(line, 0.55));
    }
}
