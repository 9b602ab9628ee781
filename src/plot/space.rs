//! Where one strategy looked: its trials over two parameters, or over one parameter and the value.

use super::axis::Axis;
use super::chart::Chart;
use super::heat::Heat;
use super::palette::{Look, Rgb, look};
use super::panel::{Panel, TITLE, left_room, words};
use super::pen::{Pen, Point, Rect};
use super::{Focus, heading, heading_space};
use crate::protocol::Trial;
use crate::view::{LaneView, View};
use plotters::style::text_anchor::HPos;

/// Length of the ticks that project points on the margins.
const RUG: f64 = 6.0;
/// Width of the strip in which trials without a parameter stand.
const STRIP: f64 = 22.0;
const RADIUS: f64 = 4.4;

/// A trial with its place on the axes; `None` where the parameter plays no part in it.
struct Spot<'a> {
    trial: &'a Trial,
    u: Option<f64>,
    v: Option<f64>,
}

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
    let over = focus
        .y
        .as_deref()
        .filter(|y| *y != focus.x)
        .and_then(|y| Axis::of(&study.space, y));
    let values = || lane.trials.iter().filter_map(|t| t.outcome.value());
    let truth = truth(view, focus);
    let flat = over.is_none();
    let y = over.unwrap_or_else(|| {
        // All strategies share the axis, so that their panels compare.
        let all = view
            .lanes
            .iter()
            .flat_map(|l| &l.trials)
            .filter_map(|t| t.outcome.value());
        Axis::values(&study.value_title, all.chain(truth.iter().flatten().map(|p| p.1)))
    });
    let spots: Vec<Spot> = lane.trials.iter().map(|t| spot(t, &x, &y, flat)).collect();
    let lacks_x = spots.iter().any(|s| s.u.is_none());
    let lacks_y = !flat && spots.iter().any(|s| s.v.is_none());
    let panel = layout(pen, x, y, (lacks_x, lacks_y), heading_space(pen));
    let look = look(view, focus.lane, pen.theme);
    if pen.alone {
        let best = lane
            .best(study.direction)
            .map(|(_, s)| format!("best {}", crate::view::why::rounded(s.value)));
        heading(pen, &lane.lane.title, look, &best.unwrap_or_default());
    }

    let mapped = !flat && heat_map(pen, view, focus, &panel);
    if !mapped {
        panel.draw_x_lines(pen);
        panel.frame(pen);
    }
    panel.draw_y(pen, !mapped);
    panel.draw_x(pen, panel.rect.bottom + if lacks_y { STRIP } else { 0.0 });
    panel.draw_y_title(pen);
    strips(pen, &panel, lacks_x, lacks_y);
    if let Some(truth) = &truth {
        let points: Vec<Point> = truth
            .iter()
            .filter_map(|&(u, v)| Some(panel.point(u, panel.y.at(v)?)))
            .collect();
        pen.dashes(&points, super::palette::alpha(pen.palette.soft, 1.0), 1.6, (2.0, 3.5));
    }
    let scene = Scene {
        lane,
        look,
        mapped,
        flat,
        focus,
        direction: study.direction,
    };
    points(pen, &panel, &spots, &scene, chart);
    if lane.trials.is_empty() && !mapped {
        let said = format!("{} has made no trial yet.", lane.lane.title);
        words(pen, panel.rect, "", &said);
    } else if flat && values().next().is_none() && truth.is_none() {
        words(pen, panel.rect, "", "No trial has given a value.");
    }
    chart.panel(panel.rect, &panel.x, &panel.y);
}

fn spot<'a>(trial: &'a Trial, x: &Axis, y: &Axis, flat: bool) -> Spot<'a> {
    let place = |axis: &Axis| trial.job.config.get(&axis.name).and_then(|v| axis.place(v));
    let v = if flat {
        trial.outcome.value().and_then(|v| y.at(v))
    } else {
        place(y)
    };
    Spot { trial, u: place(x), v }
}

/// The objective along `focus.x`, where the latest slice brings it along.
fn truth(view: &View, focus: &Focus) -> Option<Vec<(f64, f64)>> {
    let slice = view.slice.as_ref().filter(|s| s.param == focus.x)?;
    let one = view
        .study
        .as_ref()
        .is_some_and(|s| s.space.params().iter().filter(|p| !p.domain.is_fixed()).count() < 2);
    let truth = slice.truth.as_ref().filter(|_| one)?;
    Some(
        slice
            .us
            .iter()
            .copied()
            .zip(truth.iter().copied())
            .filter(|(_, v)| v.is_finite())
            .collect(),
    )
}

fn layout(pen: &Pen, x: Axis, y: Axis, (lacks_x, lacks_y): (bool, bool), heading: f64) -> Panel {
    let (width, height) = pen.size;
    let strip = |lacks: bool| if lacks { STRIP } else { 0.0 };
    let top = heading + RUG + 6.0;
    let bottom = (height - 42.0 - strip(lacks_y)).max(top + 20.0);
    let labels = left_room(&y, bottom - top, width);
    let left = TITLE + 8.0 + labels + strip(lacks_x);
    let right = (width - RUG - 8.0).max(left + 20.0);
    Panel {
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

/// The truth beneath the points, if the view has it for these axes.
fn heat_map(pen: &mut Pen, view: &View, focus: &Focus, panel: &Panel) -> bool {
    let (Some(plane), Some(heat)) = (&view.plane, Heat::of(view)) else {
        return false;
    };
    let n = plane.cells as usize;
    if n == 0 || plane.values.len() < n * n {
        return false;
    }
    let at = |column: usize, row: usize| -> Option<Rgb> {
        // Rows come from the bottom, pictures from the top; a plane with swapped axes is turned.
        let row = n - 1 - row;
        let i = if plane.x == focus.x {
            row * n + column
        } else {
            column * n + row
        };
        heat.color(plane.values[i])
    };
    let fits = plane.x == focus.x && Some(&plane.y) == focus.y.as_ref();
    let turned = plane.y == focus.x && Some(&plane.x) == focus.y.as_ref();
    if !fits && !turned {
        return false;
    }
    let cells: Vec<Option<Rgb>> = (0..n * n).map(|i| at(i % n, i / n)).collect();
    pen.cells(panel.rect, n, &cells);
    true
}

fn strips(pen: &mut Pen, panel: &Panel, lacks_x: bool, lacks_y: bool) {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = panel.rect;
    let (line, soft) = (pen.palette.line, pen.palette.soft);
    if lacks_x {
        pen.fill(
            Rect {
                left: left - STRIP + 4.0,
                top,
                right: left - 3.0,
                bottom,
            },
            super::palette::alpha(line, 0.55),
        );
        pen.upwards(
            "inactive",
            (left - STRIP / 2.0 + 4.5, top + 4.0),
            11.0,
            soft,
            HPos::Right,
        );
    }
    if lacks_y {
        let strip = Rect {
            left,
            top: bottom + 3.0,
            right,
            bottom: bottom + STRIP - 4.0,
        };
        pen.fill(strip, super::palette::alpha(line, 0.55));
        pen.text(
            "inactive",
            (right - 4.0, bottom + STRIP / 2.0 + 3.5),
            11.0,
            soft,
            HPos::Right,
        );
    }
}

struct Scene<'a> {
    lane: &'a LaneView,
    look: Look,
    mapped: bool,
    flat: bool,
    focus: &'a Focus,
    direction: crate::trial::Direction,
}

fn points(pen: &mut Pen, panel: &Panel, spots: &[Spot], scene: &Scene, chart: &mut Chart) {
    let Rect { left, bottom, .. } = panel.rect;
    let place = |s: &Spot| -> Point {
        let (x, y) = panel.point(s.u.unwrap_or(0.0), s.v.unwrap_or(0.0));
        let x = if s.u.is_none() { left - STRIP / 2.0 + 0.5 } else { x };
        // Failed trials of a one-parameter space have no height: they stand on the floor.
        let y = if s.v.is_some() {
            y
        } else if scene.flat {
            bottom - 9.0
        } else {
            bottom + STRIP / 2.0 - 0.5
        };
        (x, y)
    };
    rugs(pen, panel, spots, scene);
    let spread = spread(panel, &spots.iter().map(place).collect::<Vec<_>>());
    let edge = if scene.mapped {
        (255, 255, 255)
    } else {
        pen.palette.card
    };
    let best = scene.lane.best(scene.direction).map(|(t, _)| t.job.id);
    let chosen = scene.focus.trial.or(scene.lane.trials.last().map(|t| t.job.id));
    let radius = if spots.len() > 400 { 3.2 } else { RADIUS };
    let draw = |pen: &mut Pen, i: usize| {
        let (s, at) = (&spots[i], spread[i]);
        if s.trial.outcome.value().is_none() {
            pen.cross(
                at,
                4.0,
                if scene.mapped { (20, 20, 20) } else { scene.look.color },
                edge,
            );
        } else if s.u.is_none() || s.v.is_none() {
            pen.hollow(at, scene.look, radius);
        } else {
            pen.marker(at, scene.look, radius, edge, 1.0);
        }
    };
    (0..spots.len()).for_each(|i| draw(pen, i));
    // What is spoken of lies on top.
    if let Some(i) = spots.iter().position(|s| Some(s.trial.job.id) == best) {
        let ink = pen.palette.ink;
        if scene.mapped {
            pen.marker(spread[i], scene.look, radius * 1.5 + 1.4, (0x11, 0x11, 0x11), 1.0);
            pen.marker(spread[i], scene.look, radius * 1.5, (255, 255, 255), 1.0);
        } else {
            pen.marker(spread[i], scene.look, radius * 1.5, ink, 1.0);
        }
    }
    if let Some(i) = spots.iter().position(|s| Some(s.trial.job.id) == chosen) {
        if Some(spots[i].trial.job.id) != best {
            draw(pen, i);
        }
        let (ink, card) = (pen.palette.ink, pen.palette.card);
        let (color, halo) = if scene.mapped {
            ((255, 255, 255), (0x11, 0x11, 0x11))
        } else {
            (ink, card)
        };
        pen.ring(spread[i], 10.0, color, halo);
    }
    for (s, at) in spots.iter().zip(&spread) {
        chart.mark(*at, scene.focus.lane, s.trial.job.id);
    }
}

/// Every value that was tried, on both margins: what a grid repeats and a random draw does not.
fn rugs(pen: &mut Pen, panel: &Panel, spots: &[Spot], scene: &Scene) {
    let Rect { top, right, .. } = panel.rect;
    let color = scene.look.color;
    for s in spots {
        if let Some(u) = s.u {
            let (x, _) = panel.point(u, 0.0);
            pen.hairline((x, top - 3.0 - RUG), (x, top - 3.0), color, 1.6);
        }
        if let Some(v) = s.v {
            let (_, y) = panel.point(0.0, v);
            pen.hairline((right + 3.0, y), (right + 3.0 + RUG, y), color, 1.6);
        }
    }
}

/// Points that share a place are moved apart on a sunflower's spiral, the first one staying: so that repeats on discrete
/// axes can be counted. Where a level has little room the spiral is tighter.
fn spread(panel: &Panel, places: &[Point]) -> Vec<Point> {
    let cell = |axis: &Axis, length: f64| axis.share().map_or(f64::MAX, |s| s * length * 0.42);
    let room = cell(&panel.x, panel.rect.width())
        .min(cell(&panel.y, panel.rect.height()))
        .clamp(3.0, 40.0);
    let key = |p: &Point| ((p.0 * 2.0).round() as i64, (p.1 * 2.0).round() as i64);
    let mut seen: std::collections::BTreeMap<(i64, i64), usize> = Default::default();
    let mut total = seen.clone();
    places.iter().for_each(|p| *total.entry(key(p)).or_default() += 1);
    let apart = |p: &Point| {
        let k = seen.entry(key(p)).or_default();
        let among = total.get(&key(p)).copied().unwrap_or(1) as f64;
        let step = (2.0 * RADIUS * 0.62).min(room / libm::sqrt(among));
        let (radius, angle) = (step * libm::sqrt(*k as f64), *k as f64 * 2.399_963);
        *k += 1;
        (p.0 + radius * libm::cos(angle), p.1 + radius * libm::sin(angle))
    };
    places.iter().map(apart).collect()
}
