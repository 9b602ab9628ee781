//! The trials in the picture of where a strategy looked: markers, crosses, projections, and what is pointed out.

use super::axis::Axis;
use super::chart::Chart;
use super::heat::Heat;
use super::palette::{Look, alpha};
use super::panel::Panel;
use super::pen::{Pen, Point, Rect};
use super::space::{RUG, STRIP, strip_across, strip_upwards};
use super::{best, finite};
use crate::protocol::Trial;
use crate::trial::Direction;
use crate::view::LaneView;
use std::collections::BTreeMap;

/// Radius of a trial's marker.
const RADIUS: f64 = 4.4;

/// From this many trials on they are plain dots: more markers would neither be told apart nor drawn in time.
const CROWD: usize = 1500;
/// Side of such a dot.
const DOT: f64 = 3.0;

/// A trial with its place on the axes; `None` where the parameter plays no part in it.
pub(super) struct Spot<'a> {
    pub(super) trial: &'a Trial,
    pub(super) u: Option<f64>,
    pub(super) v: Option<f64>,
}

impl<'a> Spot<'a> {
    /// `flat`: the value itself goes up.
    pub(super) fn of(trial: &'a Trial, x: &Axis, y: &Axis, flat: bool) -> Spot<'a> {
        let place = |axis: &Axis| trial.job.config.get(&axis.name).and_then(|v| axis.place(v));
        let v = if flat {
            finite(trial).and_then(|v| y.at(v))
        } else {
            place(y)
        };
        Spot { trial, u: place(x), v }
    }
}

/// How the trials are drawn.
pub(super) struct Scene<'a> {
    pub(super) lane: &'a LaneView,
    pub(super) look: Look,
    /// Colours by value, unless points have their strategy's colour.
    pub(super) tint: Option<Heat>,
    pub(super) mapped: bool,
    pub(super) flat: bool,
    /// Which strategy, by position.
    pub(super) number: usize,
    /// The selected trial.
    pub(super) selected: Option<u32>,
    pub(super) direction: Direction,
    /// Whether a trial lies within what is brushed.
    pub(super) kept: Box<dyn Fn(&Trial) -> bool + 'a>,
}

/// What an earlier run tried from where the two part: rings without filling.
pub(super) fn ghosts(pen: &mut Pen, panel: &Panel, spots: &[Spot]) {
    let (faint, card) = (alpha(pen.palette.soft, 0.9), alpha(pen.palette.card, 0.6));
    let radius = RADIUS * pen.growth();
    for at in spots.iter().filter_map(|s| Some(panel.point(s.u?, s.v?))) {
        pen.circle(at, radius, card, 3.0);
        pen.circle(at, radius, faint, 1.3);
    }
}

impl Scene<'_> {
    /// Draws all trials, and on top of them the best and the selected (or latest) one.
    pub(super) fn draw(&self, pen: &mut Pen, panel: &Panel, spots: &[Spot], chart: &mut Chart) {
        let scene = self;
        let (across, upwards, bottom) = (strip_across(panel), strip_upwards(panel), panel.rect.bottom);
        let place = |s: &Spot| -> Point {
            let (x, y) = panel.point(s.u.unwrap_or(0.0), s.v.unwrap_or(0.0));
            let x = if s.u.is_none() {
                (across.left + across.right) / 2.0
            } else {
                x
            };
            // Failed trials of a one-parameter space have no height: they stand on the floor.
            let y = if s.v.is_some() {
                y
            } else if scene.flat {
                bottom - 9.0
            } else {
                (upwards.top + upwards.bottom) / 2.0
            };
            (x, y)
        };
        rugs(pen, panel, spots, scene);
        let spread = spread(panel, spots, &spots.iter().map(place).collect::<Vec<_>>(), scene.flat);
        let edge = if scene.mapped {
            (255, 255, 255)
        } else {
            pen.palette.card
        };
        let best = best::standing(scene.lane, scene.direction).map(|(_, id)| id);
        let chosen = scene.selected.or(scene.lane.trials.last().map(|t| t.job.id));
        let radius = pen.growth() * if spots.len() > 400 { 3.2 } else { RADIUS };
        // Later trials are larger, and trials with less effort smaller.
        let size = |i: usize| {
            let order = i as f64 / (spots.len().max(2) - 1) as f64;
            radius * (0.78 + 0.3 * order) * (0.6 + 0.4 * spots[i].trial.job.fidelity.clamp(0.0, 1.0))
        };
        let fill = |i: usize| {
            let tint = scene.tint.and_then(|heat| heat.color(finite(spots[i].trial)?));
            Look {
                color: tint.unwrap_or(scene.look.color),
                ..scene.look
            }
        };
        let edge = match scene.tint {
            Some(_) if !scene.mapped => scene.look.color,
            _ => edge,
        };
        let draw = |pen: &mut Pen, i: usize| {
            let (s, at) = (&spots[i], spread[i]);
            let radius = size(i);
            if !(scene.kept)(s.trial) {
                // Brushed away: a trace of it stays.
                return pen.circle(at, radius * 0.6, alpha(pen.palette.soft, 0.45), 1.0);
            }
            if finite(s.trial).is_none() {
                pen.cross(
                    at,
                    4.0,
                    if scene.mapped { (20, 20, 20) } else { scene.look.color },
                    edge,
                );
            } else if s.u.is_none() || s.v.is_none() {
                pen.hollow(at, scene.look, radius);
            } else {
                pen.marker(at, fill(i), radius, edge, 1.0);
            }
        };
        if spots.len() < CROWD {
            (0..spots.len()).for_each(|i| draw(pen, i));
        } else {
            let failed = if scene.mapped { (20, 20, 20) } else { pen.palette.faint };
            let color = |i: usize| finite(spots[i].trial).map_or(failed, |_| fill(i).color);
            let dots: Vec<_> = (0..spots.len()).map(|i| (spread[i], color(i))).collect();
            pen.dots(&dots, DOT * pen.growth());
        }
        // What is spoken of lies on top.
        if let Some(i) = spots.iter().position(|s| Some(s.trial.job.id) == best) {
            let ink = pen.palette.ink;
            if scene.tint.is_some() {
                let look = fill(i);
                pen.marker(
                    spread[i],
                    Look { color: ink, ..look },
                    radius * 1.5 + 1.7,
                    pen.palette.card,
                    1.0,
                );
                pen.marker(spread[i], look, radius * 1.5, look.color, 1.0);
            } else if scene.mapped {
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
            pen.ring(spread[i], 10.0 * pen.growth(), color, halo);
        }
        for (s, at) in spots.iter().zip(&spread).filter(|(s, _)| (scene.kept)(s.trial)) {
            chart.mark(*at, scene.number, s.trial.job.id);
        }
    }
}

/// Every value that was tried, on both margins: what a grid repeats and a random draw does not.
fn rugs(pen: &mut Pen, panel: &Panel, spots: &[Spot], scene: &Scene) {
    let Rect { top, right, .. } = panel.rect;
    let color = scene.look.color;
    // However many trials there are, a pixel is marked once.
    let once = |places: &mut Vec<f64>| {
        places.sort_unstable_by(f64::total_cmp);
        places.dedup_by(|a, b| (*a * pen.device).round() == (*b * pen.device).round());
    };
    let mut across: Vec<f64> = spots
        .iter()
        .filter_map(|s| s.u)
        .map(|u| panel.point(u, 0.0).0)
        .collect();
    let mut upwards: Vec<f64> = spots
        .iter()
        .filter_map(|s| s.v)
        .map(|v| panel.point(0.0, v).1)
        .collect();
    once(&mut across);
    once(&mut upwards);
    for x in across {
        pen.hairline((x, top - 3.0 - RUG), (x, top - 3.0), color, 1.6);
    }
    for y in upwards {
        pen.hairline((right + 3.0, y), (right + 3.0 + RUG, y), color, 1.6);
    }
}

/// Points that share a place are moved apart on a sunflower's spiral, the first one staying, so that repeats on discrete
/// axes can be counted. Each stays in its cell: the spiral is flattened and tightened to the room there is.
fn spread(panel: &Panel, spots: &[Spot], places: &[Point], flat: bool) -> Vec<Point> {
    let cell =
        |axis: &Axis, length: f64, free: f64| axis.share().map_or(free, |s| (s * length * 0.42).clamp(2.0, 40.0));
    // A height that is read as a value stays, and so does its place on an axis without steps.
    let (across, upwards) = if flat { (0.0, 0.0) } else { (40.0, 40.0) };
    let wide = cell(&panel.x, panel.rect.width(), across);
    let high = cell(&panel.y, panel.rect.height(), upwards);
    let strip = STRIP / 2.0 - RADIUS;
    let key = |p: &Point| ((p.0 * 2.0).round() as i64, (p.1 * 2.0).round() as i64);
    let mut seen: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut total = seen.clone();
    places.iter().for_each(|p| *total.entry(key(p)).or_default() += 1);
    let apart = |(p, s): (&Point, &Spot)| {
        let k = seen.entry(key(p)).or_default();
        let among = total.get(&key(p)).copied().unwrap_or(1) as f64;
        let reach = (2.0 * RADIUS * 0.62) * libm::sqrt(among);
        let (wide, high) = (
            if s.u.is_none() { strip } else { wide },
            if s.v.is_none() { strip } else { high },
        );
        let radius = libm::sqrt(*k as f64 / among);
        let angle = *k as f64 * 2.399_963;
        *k += 1;
        (
            p.0 + radius * reach.min(wide) * libm::cos(angle),
            p.1 + radius * reach.min(high) * libm::sin(angle),
        )
    };
    places.iter().zip(spots).map(apart).collect()
}
