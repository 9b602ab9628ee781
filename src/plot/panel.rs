//! One panel: a plotting area with two axes, grid lines, ticks and titles.

use super::axis::Axis;
use super::palette::Rgb;
use super::pen::{Pen, Point, Rect};
use super::text;
use super::ticks::{Room, Tick};
use plotters::style::text_anchor::HPos;

/// Size of tick labels.
pub(super) const TICK: f64 = 11.0;
/// Size of axis titles.
pub(super) const TITLE: f64 = 12.0;

/// A plotting area with its axes.
pub(super) struct Panel {
    /// Where [0, 1] × [0, 1] lies.
    pub(super) rect: Rect,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Room that the labels of `y` have.
    pub(super) labels: f64,
    /// Width of what stands between those labels and the plotting area.
    pub(super) gutter: f64,
}

/// Room to the left that the labels of `y` need in `width`.
pub(super) fn left_room(y: &Axis, height: f64, width: f64) -> f64 {
    let room = Room {
        length: height,
        across: false,
        size: TICK,
        overhang: (4.0, 4.0),
    };
    let widest = y
        .ticks(&room)
        .iter()
        .map(|t| text::width(&t.label, TICK))
        .fold(0.0, f64::max);
    widest.min((width * 0.28).max(30.0)) + 8.0
}

/// The panel of a picture that has only one, with the title of `y` above it; `below` is left free beneath.
pub(super) fn only(pen: &mut Pen, x: Axis, y: Axis, below: f64) -> Panel {
    let (width, height) = pen.size;
    let top = super::heading_space(pen) + TITLE + 12.0;
    let bottom = (height - 42.0 - below).max(top + 20.0);
    let left = left_room(&y, bottom - top, width) + 4.0;
    let rect = Rect {
        left,
        top,
        right: (width - 14.0).max(left + 20.0),
        bottom,
    };
    let panel = Panel {
        rect,
        x,
        y,
        labels: left,
        gutter: 0.0,
    };
    panel.draw_y_head(pen, 10.0, pen.palette.soft);
    panel
}

impl Panel {
    /// Where a point of the unit square lies.
    pub(super) fn point(&self, u: f64, v: f64) -> Point {
        (
            self.rect.left + u * self.rect.width(),
            self.rect.bottom - v * self.rect.height(),
        )
    }

    /// Grid lines and labels upwards.
    pub(super) fn draw_y(&self, pen: &mut Pen, lines: bool) {
        let room = Room {
            length: self.rect.height(),
            across: false,
            size: TICK,
            overhang: (4.0, 4.0),
        };
        for tick in self.y.ticks(&room) {
            let (_, y) = self.point(0.0, tick.at);
            if lines {
                pen.hairline((self.rect.left, y), (self.rect.right, y), pen.palette.line, 1.0);
            }
            let (low, high) = room.extent(&tick);
            let baseline = self.rect.bottom - (low + high) / 2.0 + TICK * 0.36;
            let label = text::fit(&tick.label, TICK, self.labels - 6.0);
            pen.text(
                &label,
                (self.rect.left - self.gutter - 6.0, baseline),
                TICK,
                pen.palette.soft,
                HPos::Right,
            );
        }
    }

    /// The labels across and where they stand.
    fn x_ticks(&self, pen: &Pen) -> (Room, Vec<Tick>) {
        // What stands in the gutter has a label of its own there.
        let left = if self.gutter > 0.0 {
            14.0
        } else {
            (self.rect.left - 2.0).min(40.0)
        };
        let overhang = (left, pen.size.0 - self.rect.right - 2.0);
        let room = Room {
            length: self.rect.width(),
            across: true,
            size: TICK,
            overhang,
        };
        let ticks = self.x.ticks(&room);
        (room, ticks)
    }

    /// Grid lines upwards without labels: of a panel beside another one on the same axis.
    pub(super) fn draw_y_lines(&self, pen: &mut Pen) {
        let room = Room {
            length: self.rect.height(),
            across: false,
            size: TICK,
            overhang: (4.0, 4.0),
        };
        for tick in self.y.ticks(&room) {
            let (_, y) = self.point(0.0, tick.at);
            pen.hairline((self.rect.left, y), (self.rect.right, y), pen.palette.line, 1.0);
        }
    }

    /// Labels and title beneath that keep within the panel's own width: of panels beside each other.
    pub(super) fn draw_x_within(&self, pen: &mut Pen, bottom: f64) {
        let room = Room {
            length: self.rect.width(),
            across: true,
            size: TICK,
            overhang: (0.0, 0.0),
        };
        for tick in self.x.ticks(&room) {
            let (low, high) = room.extent(&tick);
            let label = text::fit(&tick.label, TICK, self.rect.width());
            let at = (self.rect.left + (low + high) / 2.0, bottom + 5.0 + TICK);
            pen.text(&label, at, TICK, pen.palette.soft, HPos::Center);
        }
        // The end of a name tells it from its neighbours.
        let title = text::fit_end(&self.x.title(), TITLE, self.rect.width());
        let middle = (self.rect.left + self.rect.right) / 2.0;
        pen.text(
            &title,
            (middle, bottom + 5.0 + TICK + 5.0 + TITLE),
            TITLE,
            pen.palette.soft,
            HPos::Center,
        );
    }

    /// Grid lines across the panel.
    pub(super) fn draw_x_lines(&self, pen: &mut Pen) {
        for tick in self.x_ticks(pen).1 {
            let (x, _) = self.point(tick.at, 0.0);
            pen.hairline((x, self.rect.top), (x, self.rect.bottom), pen.palette.line, 1.0);
        }
    }

    /// Labels beneath `bottom` and, beneath them, the title, with `remark`.
    pub(super) fn draw_x(&self, pen: &mut Pen, bottom: f64, remark: &str) {
        let (room, ticks) = self.x_ticks(pen);
        for tick in &ticks {
            let (low, high) = room.extent(tick);
            let at = (self.rect.left + (low + high) / 2.0, bottom + 5.0 + TICK);
            pen.text(&tick.label, at, TICK, pen.palette.soft, HPos::Center);
        }
        self.draw_x_title(pen, bottom + 5.0 + TICK + 5.0 + TITLE, remark);
    }

    fn draw_x_title(&self, pen: &mut Pen, baseline: f64, remark: &str) {
        let room = pen.size.0 - 8.0 - text::width(remark, TITLE);
        let title = text::fit(&self.x.title(), TITLE, room) + remark;
        let half = text::width(&title, TITLE) / 2.0;
        let middle = (self.rect.left + self.rect.right) / 2.0;
        let middle = middle.clamp(
            (half + 4.0).min(pen.size.0 / 2.0),
            (pen.size.0 - half - 4.0).max(pen.size.0 / 2.0),
        );
        pen.text(&title, (middle, baseline), TITLE, pen.palette.soft, HPos::Center);
    }

    /// The title of the axis upwards, so far above the panel, at the left.
    pub(super) fn draw_y_head(&self, pen: &mut Pen, above: f64, color: Rgb) {
        let title = text::fit(&self.y.title(), TITLE, pen.size.0 - 10.0);
        pen.text(&title, (4.0, self.rect.top - above), TITLE, color, HPos::Left);
    }

    /// The title of the axis upwards, running up the left edge.
    pub(super) fn draw_y_title(&self, pen: &mut Pen, remark: &str) {
        let room = self.rect.height() - text::width(remark, TITLE);
        let title = text::fit(&self.y.title(), TITLE, room) + remark;
        let middle = (self.rect.top + self.rect.bottom) / 2.0;
        pen.upwards(&title, (TITLE + 2.0, middle), TITLE, pen.palette.soft, HPos::Center);
    }

    /// A frame of thin lines.
    pub(super) fn frame(&self, pen: &mut Pen) {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = self.rect;
        let color = pen.palette.line;
        for (from, to) in [
            ((left, top), (right, top)),
            ((left, bottom), (right, bottom)),
            ((left, top), (left, bottom)),
            ((right, top), (right, bottom)),
        ] {
            pen.hairline(from, to, color, 1.0);
        }
    }

    /// The part of a line that lies between the panel's top and bottom, in pieces.
    pub(super) fn clipped(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let (top, bottom) = (self.rect.top, self.rect.bottom);
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            let Some((a, b)) = clip(pair[0], pair[1], top, bottom) else {
                open = false;
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if open => piece.push(b),
                _ => pieces.push(vec![a, b]),
            }
            open = b == pair[1];
        }
        pieces
    }
}

/// The part of a straight line between two heights.
fn clip(a: Point, b: Point, top: f64, bottom: f64) -> Option<(Point, Point)> {
    let cross = |y: f64| (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y);
    let inside = |p: Point| p.1 >= top && p.1 <= bottom;
    let moved = |p: Point| match p.1 {
        y if y < top => cross(top),
        y if y > bottom => cross(bottom),
        _ => p,
    };
    let apart = (a.1 < top && b.1 < top) || (a.1 > bottom && b.1 > bottom);
    let finite = [a.0, a.1, b.0, b.1].iter().all(|v| v.is_finite());
    (finite && !apart).then(|| {
        (
            if inside(a) { a } else { moved(a) },
            if inside(b) { b } else { moved(b) },
        )
    })
}

/// Words in the middle of a rectangle, wrapped, under a heading.
pub(super) fn words(pen: &mut Pen, rect: Rect, heading: &str, body: &str) {
    let room = (rect.width() - 24.0).clamp(40.0, 460.0);
    let size = 13.0;
    let line = size * 1.45;
    let most = (rect.height() / line).max(1.0) as usize;
    let mut lines: Vec<(String, bool)> = Vec::new();
    // Bold is wider than the table says.
    lines.extend(text::wrap(heading, size * 1.1, room).into_iter().map(|l| (l, true)));
    lines.extend(text::wrap(body, size, room).into_iter().map(|l| (l, false)));
    if lines.len() > most {
        lines.truncate(most);
        if let Some((last, _)) = lines.last_mut() {
            *last = text::fit(&format!("{last} …"), size, room);
        }
    }
    let middle = ((rect.left + rect.right) / 2.0, (rect.top + rect.bottom) / 2.0);
    let first = middle.1 - line * lines.len() as f64 / 2.0 + size * 1.1;
    let widest = lines
        .iter()
        .map(|(l, bold)| text::width(l, if *bold { size * 1.1 } else { size }))
        .fold(0.0, f64::max);
    let beneath = Rect {
        left: middle.0 - widest / 2.0 - 6.0,
        top: first - size * 1.2,
        right: middle.0 + widest / 2.0 + 6.0,
        bottom: first + line * (lines.len() as f64 - 1.0) + size * 0.5,
    };
    // Grid lines must not run through the words.
    pen.fill(beneath, super::palette::alpha(pen.palette.card, 1.0));
    for (i, (words, bold)) in lines.iter().enumerate() {
        let at = (middle.0, first + line * i as f64);
        if *bold {
            pen.bold(words, at, size, pen.palette.ink, HPos::Center);
        } else {
            pen.text(words, at, size, pen.palette.soft, HPos::Center);
        }
    }
}
