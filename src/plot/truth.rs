//! The objective itself beside a belief along one parameter: every place is a real evaluation.

use super::Focus;
use super::palette::alpha;
use super::panel::Panel;
use super::pen::{Pen, Point};
use crate::protocol::Slice;
use crate::view::{Line, View};

/// The objective along a slice, as far as it is known and to be shown.
pub(super) fn truth(view: &View, focus: &Focus, slice: &Slice) -> Option<Line> {
    view.line(slice).filter(|_| focus.truth || slice.truth.is_some())
}

/// Half the length of what stands for one of `n` levels: `most`, and no longer than that neighbours stay apart.
pub(super) fn half(panel: &Panel, n: usize, most: f64) -> f64 {
    (panel.rect.width() / n.max(1) as f64 * most / 28.0).min(most)
}

/// A dotted line through the known places of `line`; of `levels` levels, if there are such, a bar each.
pub(super) fn draw(pen: &mut Pen, panel: &Panel, line: &[Point], levels: Option<usize>) {
    let soft = alpha(pen.palette.soft, 1.0);
    let place = |&(u, t): &Point| Some(panel.point(u, panel.y.at(t)?));
    // Where an evaluation failed the curve is broken.
    for piece in line.split(|p| !p.1.is_finite()) {
        let points: Vec<Point> = piece.iter().filter_map(place).collect();
        match levels {
            Some(n) => {
                let half = half(panel, n, 12.0);
                for (x, y) in points {
                    pen.path(&[(x - half, y), (x + half, y)], soft, 1.8);
                }
            }
            None => pen.dashes(&points, soft, 1.7, (2.0, 3.5)),
        }
    }
}
