//! The strategies' names and markers, in rows: pictures that leave the page need their own.

use super::palette::look;
use super::panel::TICK;
use super::pen::Pen;
use super::{name, text};
use crate::view::View;
use plotters::style::text_anchor::HPos;

/// Names and markers in rows: (lane, x, row).
fn places(view: &View, width: f64) -> Vec<(usize, f64, usize)> {
    let (mut x, mut row) = (10.0, 0);
    let mut places = Vec::new();
    for i in 0..view.lanes.len() {
        let need = 18.0 + text::width(name(view, i), TICK).min(width - 40.0) + 16.0;
        if x > 10.0 && x + need > width {
            (x, row) = (10.0, row + 1);
        }
        places.push((i, x, row));
        x += need;
    }
    places
}

/// Height of the legend.
pub(super) fn height(view: &View, width: f64) -> f64 {
    places(view, width)
        .last()
        .map_or(0.0, |p| (p.2 as f64 + 1.0) * 18.0 + 8.0)
}

/// Draws the legend beneath `top`.
pub(super) fn draw(pen: &mut Pen, view: &View, top: f64) {
    let width = pen.size.0;
    for (lane, x, row) in places(view, width) {
        let baseline = top + 16.0 + row as f64 * 18.0;
        let (look, card, soft) = (look(view, lane, pen.theme), pen.palette.card, pen.palette.soft);
        pen.marker((x + 6.0, baseline - 4.0), look, 4.4, card, 1.0);
        let title = text::fit(name(view, lane), TICK, width - x - 20.0);
        pen.text(&title, (x + 16.0, baseline), TICK, soft, HPos::Left);
    }
}
