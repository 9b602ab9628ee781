//! Where a trained model decides for which class.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::confusion::{judged, waiting, whose};
use super::palette::{Rgb, class, mix};
use super::panel::{TICK, only, words};
use super::pen::Pen;
use super::{Focus, beneath, headed, text};
use crate::view::View;
use plotters::style::text_anchor::HPos;

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    headed(pen, view, focus);
    let whole = beneath(pen);
    let Some(judged) = judged(view, focus).filter(|j| j.regions.columns > 0) else {
        return words(pen, whole, "", &waiting(view, focus));
    };
    let regions = &judged.regions;
    let axis = |k: usize| Axis::range(&regions.names[k], regions.low[k], regions.high[k]);
    let panel = only(pen, axis(0), axis(1), 20.0);
    let (card, theme) = (pen.palette.card, pen.theme);
    let columns = regions.columns;
    let rows = regions.cells.len() / columns;
    // Rows come from the bottom, pictures from the top.
    let color = |i: usize| -> Option<Rgb> {
        let decided = regions.cells[(rows - 1 - i / columns) * columns + i % columns];
        Some(mix(card, class(decided as usize, theme).color, 0.28))
    };
    let cells: Vec<Option<Rgb>> = (0..rows * columns).map(color).collect();
    pen.cells(panel.rect, columns, &cells);
    panel.frame(pen);
    panel.draw_y(pen, false);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let ink = pen.palette.ink;
    for (x, y, is, said) in &regions.rows {
        let (Some(u), Some(v)) = (panel.x.at(*x), panel.y.at(*y)) else {
            continue;
        };
        if !(0.0..=1.0).contains(&u) || !(0.0..=1.0).contains(&v) {
            continue;
        }
        let at = panel.point(u, v);
        pen.marker(at, class(*is as usize, theme), 3.4, card, 1.0);
        if is != said {
            pen.ring(at, 6.5, ink, card);
        }
    }
    // Who is who, as far as there is room.
    let mut x = 8.0;
    for (i, title) in judged.classes.iter().enumerate() {
        let wide = text::width(title, TICK) + 24.0;
        if x + wide > pen.size.0 {
            break;
        }
        pen.marker((x, pen.size.1 - 8.0), class(i, theme), 4.0, card, 1.0);
        pen.text(title, (x + 8.0, pen.size.1 - 4.0), TICK, pen.palette.soft, HPos::Left);
        x += wide;
    }
}

/// The class decided at a place, and the row there, if there is one.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let judged = judged(view, focus)?;
    let regions = &judged.regions;
    let rows = regions.cells.len().checked_div(regions.columns)?;
    let index = |u: f64, n: usize| ((u * n as f64) as usize).min(n.saturating_sub(1));
    let cell = index(at.y_unit, rows) * regions.columns + index(at.x_unit, regions.columns);
    let title = |class: u32| judged.classes.get(class as usize);
    let decided = title(*regions.cells.get(cell)?)?;
    let unit = |k: usize, v: f64| (v - regions.low[k]) / (regions.high[k] - regions.low[k]);
    let near = at.nearest(regions.rows.iter().map(|r| (unit(0, r.0), unit(1, r.1), r)));
    let row = near.and_then(|r| Some(format!("\na row of {}, taken for {}", title(r.2)?, title(r.3)?)));
    Some(format!(
        "decided on the plane: {decided}\n{} = {}, {} = {}{}",
        at.x_name,
        at.x_text,
        at.y_name,
        at.y_text,
        row.unwrap_or_default()
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let Some(judged) = judged(view, focus) else {
        return waiting(view, focus);
    };
    let regions = &judged.regions;
    let share = |k: usize| {
        let cells = regions.cells.iter().filter(|c| **c as usize == k).count();
        100.0 * cells as f64 / regions.cells.len().max(1) as f64
    };
    let parts = judged.classes.iter().enumerate().map(|(k, title)| (share(k), title));
    let parts: Vec<String> = parts
        .filter(|p| p.0 > 0.0)
        .map(|(s, title)| format!("{title} {s:.0} %"))
        .collect();
    let wrong = regions.rows.iter().filter(|r| r.2 != r.3).count();
    format!(
        "Where the model of {}, decides for which class over {} and {}: {} of the plane. {wrong} of {} rows shown are taken for another class.",
        whose(view, focus, judged),
        regions.names[0],
        regions.names[1],
        parts.join(", "),
        regions.rows.len()
    )
}
