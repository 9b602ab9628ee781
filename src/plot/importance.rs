//! How much of the values' variance each parameter explains by itself, with the spread over the trees that say so.

use super::axis::Axis;
use super::chart::Chart;
use super::palette::{alpha, look};
use super::panel::{Panel, TICK, words};
use super::pen::{Pen, Rect};
use super::{Focus, beneath, best, headed, name, text};
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

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
    let most = importance
        .shares
        .iter()
        .map(|s| s.1 + s.2)
        .fold(0.0, f64::max)
        .clamp(0.05, 1.0);
    let panel = Panel {
        rect: Rect {
            left,
            top: top + 6.0,
            right: width - 46.0,
            bottom,
        },
        x: Axis::range("share of the variance explained alone", 0.0, most),
        y: Axis::range("", 0.0, 1.0),
        labels: left,
        gutter: 0.0,
    };
    panel.draw_x_lines(pen);
    panel.draw_x(pen, bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let each = panel.rect.height() / rows as f64;
    for (i, (param, mean, sd)) in importance.shares.iter().take(rows).enumerate() {
        let middle = panel.rect.top + each * (i as f64 + 0.5);
        let half = (each * 0.32).min(11.0);
        let x = |v: f64| panel.point(panel.x.at(v).unwrap_or(0.0).clamp(0.0, 1.0), 0.0).0;
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
        let value = format!("{:.0} %", mean * 100.0);
        pen.text(&value, (width - 6.0, middle + TICK * 0.36), TICK, soft, HPos::Right);
    }
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
            let one =
                |(param, mean, sd): &(String, f64, f64)| format!("{param} {:.0} ± {:.0} %", mean * 100.0, sd * 100.0);
            let all: Vec<String> = importance.shares.iter().map(one).collect();
            format!(
                "Of the variance of {title}'s {} values a forest explains by one parameter alone: {}; {standing}.",
                importance.trials,
                all.join(", ")
            )
        }
    }
}
