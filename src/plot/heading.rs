//! The heading of a picture that leaves the page, and the room it takes.

use super::palette::{Look, look};
use super::pen::{Pen, Rect};
use super::{Focus, name, text};
use crate::view::View;
use plotters::style::text_anchor::HPos;

/// Height of a heading.
const HEADING: f64 = 26.0;

/// Room that the heading takes: only pictures that leave the page have one.
pub(super) fn heading_space(pen: &Pen) -> f64 {
    if pen.alone { HEADING } else { 0.0 }
}

/// What the heading leaves of the picture.
pub(super) fn beneath(pen: &Pen) -> Rect {
    Rect {
        left: 0.0,
        top: heading_space(pen),
        right: pen.size.0,
        bottom: pen.size.1,
    }
}

/// The heading of a picture about one strategy, where it has one.
pub(super) fn headed(pen: &mut Pen, view: &View, focus: &Focus) {
    if pen.alone {
        heading(pen, name(view, focus.lane), look(view, focus.lane, pen.theme), "");
    }
}

/// A strategy's marker and name on the left, a remark on the right.
pub(super) fn heading(pen: &mut Pen, title: &str, look: Look, remark: &str) {
    let (ink, soft, card, width) = (pen.palette.ink, pen.palette.soft, pen.palette.card, pen.size.0);
    let remark = text::fit(remark, 12.0, width * 0.4);
    let room = width - 36.0 - text::width(&remark, 12.0) - 12.0;
    pen.marker((13.0, 15.0), look, 4.8, card, 1.0);
    // Bold is wider than the table says.
    pen.bold(&text::fit(title, 14.3, room), (24.0, 20.0), 13.0, ink, HPos::Left);
    pen.text(&remark, (width - 10.0, 20.0), 12.0, soft, HPos::Right);
}
