//! Short remarks beneath a picture, as many beside each other as have room: each is drawn, and so translated, by itself.

use super::panel::TITLE;
use super::pen::Pen;
use super::text;
use plotters::style::text_anchor::HPos;

/// Height of a line.
const LINE: f64 = TITLE + 6.0;
/// Before the first of a line, and between two.
const EDGE: f64 = 6.0;
const BETWEEN: &str = " · ";

/// Remarks in lines.
pub(super) struct Remarks(Vec<Vec<String>>);

impl Remarks {
    /// Lines that are not wider than `width`.
    pub(super) fn of(all: impl IntoIterator<Item = String>, width: f64) -> Remarks {
        let room = width - 2.0 * EDGE;
        let between = text::width(BETWEEN, TITLE);
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut taken = 0.0;
        for remark in all {
            let remark = text::fit(&remark, TITLE, room);
            let wide = text::width(&remark, TITLE);
            match lines.last_mut() {
                Some(line) if taken + between + wide <= room => {
                    taken += between + wide;
                    line.push(remark);
                }
                _ => {
                    taken = wide;
                    lines.push(vec![remark]);
                }
            }
        }
        Remarks(lines)
    }

    /// Height of all lines.
    pub(super) fn height(&self) -> f64 {
        LINE * self.0.len() as f64
    }

    /// Draws them at the very bottom.
    pub(super) fn draw(&self, pen: &mut Pen) {
        let soft = pen.palette.soft;
        for (i, line) in self.0.iter().rev().enumerate() {
            let y = pen.size.1 - 6.0 - LINE * i as f64;
            let mut x = EDGE;
            for (k, remark) in line.iter().enumerate() {
                if k > 0 {
                    pen.text(BETWEEN.trim_end(), (x, y), TITLE, soft, HPos::Left);
                    x += text::width(BETWEEN, TITLE);
                }
                pen.text(remark, (x, y), TITLE, soft, HPos::Left);
                x += text::width(remark, TITLE);
            }
        }
    }
}
