//! What pictures draw with: plotters' elements, in CSS pixels.

use super::palette::{Look, Palette, Rgb, alpha};
use super::surface::Surface;
use super::{Frame, Theme, text};
use plotters::coord::Shift;
use plotters::prelude::{Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle};

pub(super) type Point = (f64, f64);

/// Nothing is drawn farther out: coordinates stay whole numbers of 32 bits.
const FAR: f64 = 2e4;

/// A rectangle in CSS pixels, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn contains(&self, (x, y): Point) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }
}

/// Draws in CSS pixels whatever the resolution; what it is asked after an error is not drawn, and `finish` tells.
pub(super) struct Pen<'a> {
    pub(super) area: DrawingArea<Surface<'a>, Shift>,
    /// Device pixels for each CSS pixel.
    pub(super) device: f64,
    fine: u32,
    error: Option<String>,
    /// The theme's tokens.
    pub(super) palette: Palette,
    /// Light or dark.
    pub(super) theme: Theme,
    /// Size of the whole picture.
    pub(super) size: (f64, f64),
    /// Whether the picture leaves the page, and so needs its own heading and legend.
    pub(super) alone: bool,
}

impl<'a> Pen<'a> {
    /// `fine`: units of the surface for each device pixel.
    pub(super) fn new(surface: Surface<'a>, frame: &Frame, fine: u32, alone: bool) -> Pen<'a> {
        let device = if frame.scale > 0.0 && frame.scale.is_finite() {
            frame.scale
        } else {
            1.0
        };
        Pen {
            area: surface.into_drawing_area(),
            device,
            fine,
            error: None,
            palette: frame.palette(),
            theme: frame.theme,
            size: (f64::from(frame.width) / device, f64::from(frame.height) / device),
            alone,
        }
    }

    /// The card beneath: pictures are redrawn as a whole.
    pub(super) fn background(&mut self) {
        let card = self.palette.card;
        self.fill(
            Rect {
                left: 0.0,
                top: 0.0,
                right: self.size.0,
                bottom: self.size.1,
            },
            alpha(card, 1.0),
        );
    }

    /// How much larger markers are than on a picture of ordinary size, so that they are seen from afar on a large one.
    pub(super) fn growth(&self) -> f64 {
        (self.size.0.min(self.size.1) / 380.0).clamp(0.9, 1.5)
    }

    pub(super) fn finish(self) -> Result<(), String> {
        match self.error {
            Some(why) => Err(why),
            None => self.area.present().map_err(|e| e.to_string()),
        }
    }

    pub(super) fn at(&self, (x, y): Point) -> (i32, i32) {
        let unit = self.device * f64::from(self.fine);
        let (x, y) = (x.clamp(-FAR, FAR), y.clamp(-FAR, FAR));
        ((x * unit).round() as i32, (y * unit).round() as i32)
    }

    /// A length in the surface's units, at least one device pixel.
    fn length(&self, css: f64) -> u32 {
        ((css * self.device * f64::from(self.fine)).round() as u32).max(self.fine)
    }

    pub(super) fn keep<E: std::fmt::Display>(&mut self, drawn: Result<(), E>) {
        if let Err(why) = drawn {
            self.error.get_or_insert(why.to_string());
        }
    }

    pub(super) fn path(&mut self, points: &[Point], color: RGBAColor, width: f64) {
        if points.len() < 2 {
            return;
        }
        let style = ShapeStyle::from(color).stroke_width(self.length(width));
        let points: Vec<_> = points.iter().map(|&p| self.at(p)).collect();
        let drawn = self
            .area
            .draw(&PathElement::new(points, style))
            .map_err(|e| e.to_string());
        self.keep(drawn);
    }

    /// A line of dashes of `on` pixels and gaps of `off`, going on around the corners.
    pub(super) fn dashes(&mut self, points: &[Point], color: RGBAColor, width: f64, (on, off): (f64, f64)) {
        let mut walked = 0.0;
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = libm::hypot(x1 - x0, y1 - y0);
            let place = |t: f64| (x0 + (x1 - x0) * t / length, y0 + (y1 - y0) * t / length);
            let mut t = 0.0;
            while t < length {
                let phase = (walked + t) % (on + off);
                let until = if phase < on {
                    t + on - phase
                } else {
                    t + on + off - phase
                };
                let end = until.min(length);
                if phase < on {
                    self.path(&[place(t), place(end)], color, width);
                }
                // Rounding must not stop the walk.
                t = if until > t { until } else { t + on };
            }
            walked += length;
        }
    }

    pub(super) fn polygon(&mut self, points: &[Point], color: RGBAColor) {
        if points.len() < 3 {
            return;
        }
        let points: Vec<_> = points.iter().map(|&p| self.at(p)).collect();
        let polygon = Polygon::new(points, ShapeStyle::from(color).filled());
        let drawn = self.area.draw(&polygon).map_err(|e| e.to_string());
        self.keep(drawn);
    }

    /// A rectangle filled, its edges on whole device pixels.
    pub(super) fn fill(&mut self, rect: Rect, color: RGBAColor) {
        let snap = |v: f64| (v.clamp(-FAR, FAR) * self.device).round() as i32 * self.fine as i32;
        let corners = [(snap(rect.left), snap(rect.top)), (snap(rect.right), snap(rect.bottom))];
        let drawn = self
            .area
            .draw(&Rectangle::new(corners, ShapeStyle::from(color).filled()));
        let drawn = drawn.map_err(|e| e.to_string());
        self.keep(drawn);
    }

    /// A thin horizontal or vertical line on whole device pixels: crisp.
    pub(super) fn hairline(&mut self, from: Point, to: Point, color: Rgb, width: f64) {
        let thick = (width * self.device).round().max(1.0) / self.device;
        let (left, top) = (from.0.min(to.0), from.1.min(to.1));
        let (right, bottom) = (from.0.max(to.0), from.1.max(to.1));
        let rect = if right - left >= bottom - top {
            Rect {
                left,
                top: top - thick / 2.0,
                right,
                bottom: top + thick / 2.0,
            }
        } else {
            Rect {
                left: left - thick / 2.0,
                top,
                right: left + thick / 2.0,
                bottom,
            }
        };
        // Both edges rounded on their own could meet: the far one is counted from the near one.
        let snap = |v: f64| (v * self.device).round() / self.device;
        let near = (snap(rect.left), snap(rect.top));
        let rect = if right - left >= bottom - top {
            Rect {
                top: near.1,
                bottom: near.1 + thick,
                ..rect
            }
        } else {
            Rect {
                left: near.0,
                right: near.0 + thick,
                ..rect
            }
        };
        self.fill(rect, alpha(color, 1.0));
    }

    pub(super) fn circle(&mut self, center: Point, radius: f64, color: RGBAColor, width: f64) {
        let style = ShapeStyle::from(color).stroke_width(self.length(width));
        let drawn = Circle::new(self.at(center), self.length(radius), style);
        let drawn = self.area.draw(&drawn).map_err(|e| e.to_string());
        self.keep(drawn);
    }

    /// A ring that stands out on whatever lies beneath.
    pub(super) fn ring(&mut self, center: Point, radius: f64, color: Rgb, halo: Rgb) {
        self.circle(center, radius, alpha(halo, 0.9), 4.6);
        self.circle(center, radius, alpha(color, 1.0), 2.2);
    }

    /// A strategy's marker with an outline.
    pub(super) fn marker(&mut self, center: Point, look: Look, radius: f64, edge: Rgb, opacity: f64) {
        let shape = |r: f64| -> Vec<Point> {
            let corners = look.marker.corners();
            corners
                .iter()
                .map(|(x, y)| (center.0 + x * r, center.1 + y * r))
                .collect()
        };
        if edge != look.color {
            self.polygon(&shape(radius + 1.3), alpha(edge, opacity));
        }
        self.polygon(&shape(radius), alpha(look.color, opacity));
    }

    /// A strategy's marker, hollow.
    pub(super) fn hollow(&mut self, center: Point, look: Look, radius: f64) {
        let inside = Look {
            color: self.palette.card,
            ..look
        };
        self.marker(center, inside, radius - 0.4, look.color, 1.0);
    }

    /// An ×: a trial that failed.
    pub(super) fn cross(&mut self, (x, y): Point, radius: f64, color: Rgb, halo: Rgb) {
        let r = radius;
        for (color, width) in [(halo, 4.2), (color, 2.0)] {
            self.path(&[(x - r, y - r), (x + r, y + r)], alpha(color, 1.0), width);
            self.path(&[(x - r, y + r), (x + r, y - r)], alpha(color, 1.0), width);
        }
    }

    /// Text with its baseline at `at`.
    pub(super) fn text(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos) {
        self.write(text, at, size, color, anchor, (false, false));
    }

    /// Text that is in its words already, such as a part of a name.
    pub(super) fn verbatim(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos) {
        self.set(&text::clean(text), at, size, color, anchor, (false, false));
    }

    pub(super) fn bold(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos) {
        self.write(text, at, size, color, anchor, (true, false));
    }

    /// Text that runs upwards, its baseline to the right of it.
    pub(super) fn upwards(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos) {
        self.write(text, at, size, color, anchor, (false, true));
    }

    fn write(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos, (bold, up): (bool, bool)) {
        let text = text::clean(&text::said(text));
        self.set(&text, at, size, color, anchor, (bold, up));
    }

    fn set(&mut self, text: &str, at: Point, size: f64, color: Rgb, anchor: HPos, (bold, up): (bool, bool)) {
        if text.is_empty() {
            return;
        }
        let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = size * self.device * f64::from(self.fine);
        let turn = if up {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        };
        let font = FontDesc::new(FontFamily::Name(super::surface::FONT), size, style).transform(turn);
        let color = alpha(color, 1.0);
        let look = TextStyle::from(font).color(&color).pos(Pos::new(anchor, VPos::Bottom));
        let drawn = self
            .area
            .draw(&Text::new(text.to_string(), self.at(at), look))
            .map_err(|e| e.to_string());
        self.keep(drawn);
    }
}
