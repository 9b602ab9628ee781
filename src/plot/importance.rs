//! How much of the values' variance each parameter explains by itself, with the spread over the trees that say so.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{alpha, look};
use super::panel::{Panel, TICK, words};
use super::pen::{Pen, Rect};
use super::{Focus, beneath, best, headed, name, text};
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

/// In how many of a strategy's trials a parameter plays a part, and of how many, if not in all.
fn part(view: &View, focus: &Focus, param: &str) -> Option<(usize, usize)> {
    let trials = &view.lanes.get(focus.lane)?.trials;
    let active = trials.iter().filter(|t| t.job.config.get(param).is_some()).count();
    (active < trials.len()).then_some((active, trials.len()))
}

fn one(view: &View, focus: &Focus, (param, mean, sd): &(String, f64, f64)) -> String {
    let part = part(view, focus, param).map(|(active, all)| format!(" (plays a part in {active} of {all} trials)"));
    format!(
        "{param} {:.0} ± {:.0} %{}",
        mean * 100.0,
        sd * 100.0,
        part.unwrap_or_default()
    )
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = beneath(pen);
    let top = whole.top;
    let look = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let known = view
        .importance
        .as_ref()
        .filter(|i| i.lane == focus.lane && !i.shares.is_empty());
    let Some(importance) = known else {
        let said = "What each parameter explains of the values will be drawn here once several differ.";
        return words(pen, whole, "", said);
    };
    let widest = importance
        .shares
        .iter()
        .map(|s| text::width(&s.0, TICK))
        .fold(0.0, f64::max);
    let left = widest.min(width * 0.4) + 16.0;
    let bottom = (height - 42.0).max(top + 40.0);
    let rows = (((bottom - top) / 20.0) as usize).clamp(1, importance.shares.len());
    let shown = &importance.shares[..rows];
    let most = importance
        .shares
        .iter()
        .map(|s| s.1 + s.2)
        .fold(0.0, f64::max)
        .clamp(0.05, 1.0);
    // Where there is room: in how many trials a parameter plays a part.
    let parts: Vec<Option<(usize, usize)>> = shown.iter().map(|s| part(view, focus, &s.0)).collect();
    let wide = width > 560.0 && parts.iter().any(Option::is_some);
    let title = match importance.shares.len() - rows {
        0 => "% of the variance explained alone".to_string(),
        less => format!("% of the variance explained alone · {less} more parameters explain less"),
    };
    let panel = Panel {
        rect: Rect {
            left,
            top: top + 6.0,
            right: width - if wide { 150.0 } else { 46.0 },
            bottom,
        },
        x: Axis::range(&title, 0.0, most * 100.0),
        // The first stands at the top.
        y: Axis::levels("parameter", shown.iter().rev().map(|s| s.0.clone()).collect()),
        labels: left,
        gutter: 0.0,
    };
    panel.draw_x_lines(pen);
    panel.draw_x(pen, bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let each = panel.rect.height() / rows as f64;
    for (i, (param, mean, sd)) in shown.iter().enumerate() {
        let middle = panel.rect.top + each * (i as f64 + 0.5);
        let half = (each * 0.32).min(11.0);
        let x = |v: f64| panel.point(panel.x.at(v * 100.0).unwrap_or(0.0).clamp(0.0, 1.0), 0.0).0;
        let bar = Rect {
            left,
            top: middle - half,
            right: x(*mean).max(left + 1.0),
            bottom: middle + half,
        };
        pen.fill(bar, alpha(look.color, 0.55));
        pen.path(
            &[(x(mean - sd), middle), (x(mean + sd), middle)],
            alpha(pen.palette.ink, 1.0),
            1.6,
        );
        let (ink, soft) = (pen.palette.ink, pen.palette.soft);
        let label = text::fit(param, TICK, left - 14.0);
        pen.text(&label, (left - 8.0, middle + TICK * 0.36), TICK, ink, HPos::Right);
        let value = match parts[i] {
            Some((active, all)) if wide => format!("{:.0} % · in {active} of {all} trials", mean * 100.0),
            _ => format!("{:.0} %", mean * 100.0),
        };
        pen.text(&value, (width - 6.0, middle + TICK * 0.36), TICK, soft, HPos::Right);
    }
}

/// The share of a row.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let importance = view.importance.as_ref().filter(|i| i.lane == focus.lane)?;
    let share = importance.shares.iter().find(|s| s.0 == at.y_text)?;
    Some(format!(
        "{} of the variance\nby {} values",
        one(view, focus, share),
        importance.trials
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    let lane = view.lanes.get(focus.lane);
    let standing = lane.and_then(|l| best::standing(l, view.direction()));
    let standing = standing.map_or("no value yet".into(), |(v, _)| {
        format!("its best value is {}", rounded(v))
    });
    match view
        .importance
        .as_ref()
        .filter(|i| i.lane == focus.lane && !i.shares.is_empty())
    {
        None => format!("What each parameter explains of the values of {title} is not known yet; {standing}."),
        Some(importance) => {
            let all: Vec<String> = importance.shares.iter().map(|s| one(view, focus, s)).collect();
            format!(
                "Of the variance of {title}'s {} values a forest explains by one parameter alone: {}; {standing}.",
                importance.trials,
                all.join(", ")
            )
        }
    }
}
