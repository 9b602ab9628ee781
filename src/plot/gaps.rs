//! Training, validation and test score over the run: how much better a model does on what it has seen.

use super::axis::Axis;
use super::chart::Chart;
use super::palette::{alpha, look, mix};
use super::panel::{TITLE, only, words};
use super::pen::{Pen, Point};
use super::{Focus, beneath, best, finite, headed, name, text};
use crate::view::why::rounded;
use crate::view::{View, score};
use plotters::style::text_anchor::HPos;

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let whole = beneath(pen);
    let look = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let trials = || view.lanes.get(focus.lane).into_iter().flat_map(|l| &l.trials);
    let pairs: Vec<(u32, f64, Option<f64>)> = trials()
        .filter_map(|t| Some((t.job.id, finite(t)?, score(t)?.train.filter(|v| v.is_finite()))))
        .collect();
    let (Some(study), true) = (&view.study, pairs.iter().any(|p| p.2.is_some())) else {
        let said = format!("{} has trained no model yet.", name(view, focus.lane));
        return words(pen, whole, "", &said);
    };
    let test = view
        .lanes
        .get(focus.lane)
        .and_then(|l| l.report.as_ref())
        .and_then(|r| r.test);
    let heights = pairs.iter().flat_map(|p| [Some(p.1), p.2]).flatten();
    let y = Axis::values(&study.value_title, heights.chain(test.map(|t| t.0)));
    let x = Axis::counts("trial", 1.0, pairs.last().map_or(2.0, |p| f64::from(p.0) + 1.0));
    let panel = only(pen, x, y, 18.0);
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let (card, soft, green) = (pen.palette.card, pen.palette.soft, pen.palette.acquisition);
    let place =
        |id: u32, v: f64| -> Option<Point> { Some(panel.point(panel.x.at(f64::from(id) + 1.0)?, panel.y.at(v)?)) };
    for (id, value, train) in &pairs {
        let (Some(at), below) = (place(*id, *value), train.and_then(|v| place(*id, v))) else {
            continue;
        };
        if let Some(seen) = below {
            pen.path(&[seen, at], alpha(mix(look.color, card, 0.5), 1.0), 1.2);
            pen.hollow(seen, look, 3.2);
        }
        pen.marker(at, look, 3.6, card, 1.0);
        chart.mark(at, focus.lane, *id);
        if focus.trial == Some(*id) {
            pen.ring(at, 7.5, pen.palette.ink, card);
        }
    }
    if let Some(v) = test.and_then(|t| panel.y.at(t.0)) {
        let line = [panel.point(0.0, v), panel.point(1.0, v)];
        pen.dashes(&line, alpha(green, 1.0), 2.0, (6.0, 4.0));
    }
    let key = "filled: validation · hollow: training · dashes: test of the best";
    let key = text::fit(key, TITLE, pen.size.0 - 12.0);
    pen.text(&key, (6.0, pen.size.1 - 6.0), TITLE, soft, HPos::Left);
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    let lane = view.lanes.get(focus.lane);
    let best = lane.and_then(|l| best::standing(l, view.direction()).and_then(|(v, id)| Some((v, l.trial(id)?))));
    let Some((value, trial)) = best else {
        return format!("{title}: no trial has given a value yet.");
    };
    let train = score(trial).and_then(|s| s.train).filter(|v| v.is_finite());
    let train = train.map_or("no training score".into(), |v| {
        format!("{} on what it was trained on", rounded(v))
    });
    let test = lane.and_then(|l| l.report.as_ref()).and_then(|r| r.test);
    let test = test.map_or("not tested yet".into(), |t| {
        format!("{} on held-out rows", rounded(t.0))
    });
    format!(
        "Training, validation and test over the run of {title}: its best trial {} has {} in validation, {train}, {test}.",
        trial.job.id + 1,
        rounded(value)
    )
}
