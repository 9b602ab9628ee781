//! How values are distributed: for every strategy the share of its trials that are at least as good as a value.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{alpha, look};
use super::panel::{only, words};
use super::pen::{Pen, Point, Rect};
use super::{Focus, finite, legend, name};
use crate::order;
use crate::protocol::Trial;
use crate::view::View;
use crate::view::why::rounded;

/// Full-effort values of a strategy with their trials, the best first.
fn sorted(view: &View, lane: usize, kept: &dyn Fn(&Trial) -> bool) -> Vec<(f64, u32)> {
    let direction = view.direction();
    let trials = view.lanes.get(lane).into_iter().flat_map(|l| &l.trials);
    let full = trials.filter(|t| t.job.fidelity >= 1.0 && kept(t));
    let mut values: Vec<(f64, u32)> = full.filter_map(|t| Some((finite(t)?, t.job.id))).collect();
    order::sort_by(&mut values, |a, b| {
        direction.minimized(a.0).total_cmp(&direction.minimized(b.0))
    });
    values
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let every: Vec<Vec<(f64, u32)>> = (0..view.lanes.len())
        .map(|lane| sorted(view, lane, &|_| true))
        .collect();
    let all = if focus.brush.is_empty() {
        every.clone()
    } else {
        let kept = super::brushed(view, &focus.brush);
        (0..view.lanes.len()).map(|lane| sorted(view, lane, &kept)).collect()
    };
    if every.iter().all(Vec::is_empty) {
        let whole = Rect {
            left: 0.0,
            top: 0.0,
            right: pen.size.0,
            bottom: pen.size.1,
        };
        return words(
            pen,
            whole,
            "No values yet",
            "The distribution of every strategy's values will be drawn here.",
        );
    }
    let title = view.study.as_ref().map_or("", |s| s.value_title.as_str());
    let x = Axis::values(title, every.iter().flatten().map(|p| p.0));
    let x = x.within(view.study.as_ref().map_or((None, None), |s| s.bounds));
    let y = Axis::range("share of trials at least as good", 0.0, 1.03);
    let below = if pen.alone {
        legend::height(view, pen.size.0)
    } else {
        0.0
    };
    let panel = only(pen, x, y, below);
    panel.draw_x_lines(pen);
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let mut order: Vec<usize> = (0..all.len()).filter(|&l| l != focus.lane).collect();
    order.extend((focus.lane < all.len()).then_some(focus.lane));
    // What is brushed away lies pale beneath.
    for lane in order.iter().filter(|_| !focus.brush.is_empty()) {
        let n = every[*lane].len() as f64;
        let corner = |(i, (value, _)): (usize, &(f64, u32))| {
            let u = panel.x.at(*value)?;
            Some([i as f64, i as f64 + 1.0].map(|share| panel.point(u, share / n / 1.03)))
        };
        let points: Vec<Point> = every[*lane].iter().enumerate().filter_map(corner).flatten().collect();
        pen.path(&points, alpha(look(view, *lane, pen.theme).color, 0.25), 1.4);
    }
    for lane in order {
        let n = all[lane].len() as f64;
        let mut points: Vec<Point> = Vec::new();
        let mut share = 0.0;
        for (i, (value, trial)) in all[lane].iter().enumerate() {
            let Some(u) = panel.x.at(*value) else { continue };
            points.push(panel.point(u, share / 1.03));
            share = (i as f64 + 1.0) / n;
            let at = panel.point(u, share / 1.03);
            points.push(at);
            chart.mark(at, lane, *trial);
        }
        let look = look(view, lane, pen.theme);
        pen.path(&points, alpha(look.color, 1.0), 2.2);
        // Shapes tell who is who where colours do not.
        if let Some(at) = points.get(points.len() / 2) {
            pen.marker(*at, look, 4.2, pen.palette.card, 1.0);
        }
        // A chosen trial that is brushed away stands on the pale line.
        let chosen = focus.trial.filter(|_| lane == focus.lane);
        let ringed = [&all[lane], &every[lane]].into_iter().find_map(|values| {
            let i = values.iter().position(|v| Some(v.1) == chosen)?;
            let share = (i as f64 + 1.0) / values.len() as f64;
            Some(panel.point(panel.x.at(values[i].0)?, share / 1.03))
        });
        if let Some(at) = ringed {
            pen.ring(at, 7.5, pen.palette.ink, pen.palette.card);
        }
    }
    if pen.alone {
        legend::draw(pen, view, pen.size.1 - below);
    }
}

pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let direction = view.direction();
    // What stands exactly here counts.
    let here = at.x_number?;
    let limit = direction.minimized(here) + here.abs() * 1e-9;
    let kept = super::brushed(view, &focus.brush);
    let mut text = format!("at least as good as {}", at.x_text);
    for lane in 0..view.lanes.len() {
        let values = sorted(view, lane, &kept);
        let good = values.iter().filter(|v| direction.minimized(v.0) <= limit).count();
        text += &format!("\n{}: {good} of {} trials", name(view, lane), values.len());
    }
    Some(text)
}

pub(super) fn tell(view: &View, _: &Focus) -> String {
    let one = |lane: usize| {
        let values = sorted(view, lane, &|_| true);
        let middle = values.get(values.len() / 2);
        match (values.first(), middle) {
            (Some(best), Some(middle)) => format!(
                "{}: {} values, the best {}, half of them at least as good as {}",
                name(view, lane),
                values.len(),
                rounded(best.0),
                rounded(middle.0)
            ),
            _ => format!("{}: no values yet", name(view, lane)),
        }
    };
    if view.lanes.is_empty() {
        return "No study yet: the distribution of values will be drawn here.".into();
    }
    let lanes: Vec<String> = (0..view.lanes.len()).map(one).collect();
    format!(
        "The share of each strategy's trials that are at least as good as a value. {}.",
        lanes.join("; ")
    )
}
