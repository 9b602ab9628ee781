//! What a drawn picture remembers: where its points and axes are, so that a pointer can be read back.

use super::axis::Axis;
use super::pen::{Point, Rect};

/// A drawn picture's coordinate transforms and points, in device pixels.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    device: f64,
    marks: Vec<Mark>,
    panels: Vec<Face>,
}

/// A drawn trial.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Point,
    lane: usize,
    trial: u32,
}

#[derive(Clone, Debug)]
struct Face {
    rect: Rect,
    x: Axis,
    y: Axis,
}

/// What lies under a pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readout {
    /// Which of the picture's panels, in the order in which they are drawn.
    pub panel: usize,
    /// What is read across: a parameter's name, or "trials".
    pub x_name: String,
    /// Its value there.
    pub x_text: String,
    /// Its place in [0, 1] from the left.
    pub x_unit: f64,
    /// What is read upwards: a parameter's name, or what the value is.
    pub y_name: String,
    /// Its value there.
    pub y_text: String,
    /// Its place in [0, 1] from the bottom.
    pub y_unit: f64,
    /// The number across, where the axis has numbers.
    pub x_number: Option<f64>,
    /// How far across and up a pointer reaches, in the same units.
    pub reach: (f64, f64),
}

impl Readout {
    /// The nearest of `points`, in units, that the pointer reaches.
    pub(super) fn nearest<T>(&self, points: impl Iterator<Item = (f64, f64, T)>) -> Option<T> {
        let distance = |u: f64, v: f64| {
            libm::hypot(
                (u - self.x_unit) / self.reach.0.max(1e-9),
                (v - self.y_unit) / self.reach.1.max(1e-9),
            )
        };
        let near = points.map(|(u, v, of)| (distance(u, v), of)).filter(|(d, _)| *d <= 1.0);
        let nearest = near.reduce(|best, next| if next.0 < best.0 { next } else { best });
        nearest.map(|(_, of)| of)
    }
}

/// How far from a point a pointer may be, in CSS pixels: a fingertip's worth.
const REACH: f64 = 14.0;

impl Chart {
    pub(super) fn new(device: f64) -> Chart {
        Chart {
            device,
            ..Chart::default()
        }
    }

    /// Remembers a drawn trial.
    pub(super) fn mark(&mut self, at: Point, lane: usize, trial: u32) {
        self.marks.push(Mark { at, lane, trial });
    }

    /// Remembers a panel.
    pub(super) fn panel(&mut self, rect: Rect, x: &Axis, y: &Axis) {
        self.panels.push(Face {
            rect,
            x: x.clone(),
            y: y.clone(),
        });
    }

    /// The nearest drawn trial within reach of device pixel (`x`, `y`), as (lane, trial id); the topmost of equals.
    pub fn hit(&self, x: f64, y: f64) -> Option<(usize, u32)> {
        let (x, y) = (x / self.device, y / self.device);
        let distance = |m: &Mark| libm::hypot(m.at.0 - x, m.at.1 - y);
        let near = self.marks.iter().map(|m| (distance(m), m)).filter(|(d, _)| *d <= REACH);
        let nearest = near.reduce(|best, next| if next.0 <= best.0 { next } else { best });
        nearest.map(|(_, m)| (m.lane, m.trial))
    }

    /// Where a trial was drawn, in device pixels: for a cursor on a second canvas. The first of several places.
    pub fn position(&self, lane: usize, trial: u32) -> Option<(f64, f64)> {
        let mark = self.marks.iter().find(|m| m.lane == lane && m.trial == trial)?;
        Some((mark.at.0 * self.device, mark.at.1 * self.device))
    }

    /// Every drawn trial: (lane, trial id, x, y) in device pixels.
    pub fn points(&self) -> impl Iterator<Item = (usize, u32, f64, f64)> + '_ {
        self.marks
            .iter()
            .map(|m| (m.lane, m.trial, m.at.0 * self.device, m.at.1 * self.device))
    }

    /// What lies under device pixel (`x`, `y`), if it is inside a panel.
    pub fn data_at(&self, x: f64, y: f64) -> Option<Readout> {
        let at = (x / self.device, y / self.device);
        let (panel, face) = self.panels.iter().enumerate().find(|(_, p)| p.rect.contains(at))?;
        let x_unit = (at.0 - face.rect.left) / face.rect.width();
        let y_unit = (face.rect.bottom - at.1) / face.rect.height();
        if !(x_unit.is_finite() && y_unit.is_finite()) {
            return None;
        }
        Some(Readout {
            panel,
            x_name: face.x.name.clone(),
            x_text: face.x.read(x_unit),
            x_unit,
            y_name: face.y.name.clone(),
            y_text: face.y.read(y_unit),
            y_unit,
            x_number: face.x.number(x_unit),
            reach: (REACH / face.rect.width(), REACH / face.rect.height()),
        })
    }
}
