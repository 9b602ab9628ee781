//! What a strategy's model looks like over two parameters beside its values: the ellipse of a search distribution, the path of a descent, and
//! the next point.

use super::palette::{Look, alpha};
use super::panel::Panel;
use super::pen::{Pen, Point};
use super::{Focus, descent};
use crate::mind::{Gaussian, Mind, Path};
use crate::protocol::Map;
use crate::space::Config;
use crate::view::View;
use plotters::style::RGBAColor;

/// Corners of an ellipse.
const CORNERS: usize = 72;

/// The ellipse of `gaussian` over `x` and `y` at `sds` standard deviations, in unit coordinates: m + sds · L (cos t, sin t), with L Lᵀ the two
/// rows and columns of σ²C. `None` if it is not over both.
pub(super) fn ellipse(gaussian: &Gaussian, x: &str, y: &str, sds: f64) -> Option<Vec<Point>> {
    let index = |name: &str| gaussian.params.iter().position(|p| p == name);
    let (i, j) = (index(x)?, index(y)?);
    let covariance = |a: usize, b: usize| gaussian.covariance.get(a).and_then(|row| row.get(b)).copied();
    let (a, b, c) = (covariance(i, i)?, covariance(i, j)?, covariance(j, j)?);
    let first = libm::sqrt(a.max(0.0));
    let across = if first > 0.0 { b / first } else { 0.0 };
    let second = libm::sqrt((c - across * across).max(0.0));
    let (u, v) = (*gaussian.mean.get(i)?, *gaussian.mean.get(j)?);
    let scale = sds * gaussian.sigma;
    let corner = |k: usize| {
        let t = std::f64::consts::TAU * k as f64 / CORNERS as f64;
        let (cos, sin) = (libm::cos(t), libm::sin(t));
        (u + scale * first * cos, v + scale * (across * cos + second * sin))
    };
    let corners: Vec<Point> = (0..=CORNERS).map(corner).collect();
    corners
        .iter()
        .all(|p| p.0.is_finite() && p.1.is_finite())
        .then_some(corners)
}

/// The parts of a closed line that lie within the unit square.
fn within(line: &[Point]) -> Vec<Vec<Point>> {
    let inside = |p: &Point| (0.0..=1.0).contains(&p.0) && (0.0..=1.0).contains(&p.1);
    let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
    for p in line {
        match pieces.last_mut() {
            Some(piece) if inside(p) => piece.push(*p),
            Some(piece) if !piece.is_empty() => pieces.push(Vec::new()),
            _ => {}
        }
    }
    pieces
}

/// Ellipses at one and two standard deviations around a cross in their middle.
pub(super) fn draw(pen: &mut Pen, panel: &Panel, map: &Map, focus: &Focus, look: Look, mapped: bool) {
    let (Mind::Gaussian(gaussian), Some(y)) = (&map.mind, &focus.y) else {
        return;
    };
    let halo = if mapped { (0x11, 0x11, 0x11) } else { pen.palette.card };
    let color = if mapped { (255, 255, 255) } else { look.color };
    for (sds, opacity) in [(2.0, 0.55), (1.0, 1.0)] {
        let Some(line) = ellipse(gaussian, &focus.x, y, sds) else {
            return;
        };
        for piece in within(&line) {
            let points: Vec<Point> = piece.iter().map(|p| panel.point(p.0, p.1)).collect();
            pen.path(&points, alpha(halo, 0.5 * opacity), 3.6);
            pen.path(&points, alpha(color, opacity), 1.8);
        }
    }
    let index = |name: &str| gaussian.params.iter().position(|p| p == name);
    if let (Some(i), Some(j)) = (index(&focus.x), index(y)) {
        let (x, y) = panel.point(gaussian.mean[i], gaussian.mean[j]);
        for (color, width) in [(halo, 4.0), (color, 1.8)] {
            pen.path(&[(x - 5.0, y), (x + 5.0, y)], alpha(color, 1.0), width);
            pen.path(&[(x, y - 5.0), (x, y + 5.0)], alpha(color, 1.0), width);
        }
    }
}

/// Length of a gradient's arrow.
const ARROW: f64 = 20.0;

/// An arrow from `from` to `to`.
fn arrow(pen: &mut Pen, from: Point, to: Point, color: RGBAColor, width: f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = libm::hypot(dx, dy);
    if length < 2.0 {
        return;
    }
    let (dx, dy) = (dx / length, dy / length);
    let head = (length * 0.6).min(7.0);
    let corner = |side: f64| {
        (
            to.0 - head * dx + side * head * 0.5 * dy,
            to.1 - head * dy - side * head * 0.5 * dx,
        )
    };
    pen.path(&[from, to], color, width);
    pen.polygon(&[to, corner(1.0), corner(-1.0)], color);
}

/// The points of each descent joined by arrows, dashed where it did not go on from; and from each point the way that its gradient calls downhill.
pub(super) fn paths(pen: &mut Pen, panel: &Panel, view: &View, lane: usize, paths: &[Path], look: Look, mapped: bool) {
    let (halo, color) = if mapped {
        ((0x11, 0x11, 0x11), (255, 255, 255))
    } else {
        (pen.palette.card, look.color)
    };
    let index = |name: &str| view.study.as_ref().and_then(|s| s.space.index(name));
    let (Some(i), Some(j)) = (index(&panel.x.name), index(&panel.y.name)) else {
        return;
    };
    let green = pen.palette.acquisition;
    for path in paths {
        let mut last: Option<Point> = None;
        for step in &path.steps {
            let Some(trial) = view.trial(lane, step.id) else {
                continue;
            };
            let Some(at) = place(panel, &trial.job.config) else {
                continue;
            };
            if let Some(from) = last {
                if step.kept {
                    pen.path(&[from, at], alpha(halo, 0.7), 4.0);
                    arrow(pen, from, at, alpha(color, 1.0), 1.8);
                } else {
                    pen.dashes(&[from, at], alpha(color, 0.8), 1.2, (3.0, 3.0));
                }
            }
            let gradient = descent::gradient(view, lane, step.id);
            if let Some((gx, gy)) = gradient.and_then(|g| Some((*g.get(i)?, *g.get(j)?))) {
                // Downhill in what is minimized; upwards in the picture is downwards in pixels.
                let sign = -view.direction().minimized(1.0);
                let (dx, dy) = (sign * gx * panel.rect.width(), -sign * gy * panel.rect.height());
                let length = libm::hypot(dx, dy);
                if length > 0.0 && length.is_finite() {
                    let to = (at.0 + dx / length * ARROW, at.1 + dy / length * ARROW);
                    arrow(pen, at, to, alpha(green, 1.0), 1.6);
                }
            }
            if step.kept {
                last = Some(at);
            }
        }
    }
}

/// Where a configuration lies, if both parameters play a part in it.
pub(super) fn place(panel: &Panel, config: &Config) -> Option<Point> {
    let at = |axis: &super::axis::Axis| config.get(&axis.name).and_then(|v| axis.place(v));
    Some(panel.point(at(&panel.x)?, at(&panel.y)?))
}

/// The point that comes next: a ring of dashes around nothing yet.
pub(super) fn next(pen: &mut Pen, at: Point, mapped: bool) {
    let (color, halo) = if mapped {
        ((255, 255, 255), (0x11, 0x11, 0x11))
    } else {
        (pen.palette.ink, pen.palette.card)
    };
    let radius = 8.5 * pen.growth();
    let corner = |k: usize| {
        let t = std::f64::consts::TAU * k as f64 / 48.0;
        (at.0 + radius * libm::cos(t), at.1 + radius * libm::sin(t))
    };
    let ring: Vec<Point> = (0..=48).map(corner).collect();
    pen.path(&ring, alpha(halo, 0.85), 4.2);
    pen.dashes(&ring, alpha(color, 1.0), 2.2, (4.0, 3.4));
}

/// The point that another strategy would have chosen: a hollow diamond.
pub(super) fn other(pen: &mut Pen, at: Point, mapped: bool) {
    let (color, halo) = if mapped {
        ((255, 255, 255), (0x11, 0x11, 0x11))
    } else {
        (pen.palette.ink, pen.palette.card)
    };
    let r = 9.0 * pen.growth();
    let line = [
        (at.0, at.1 - r),
        (at.0 + r, at.1),
        (at.0, at.1 + r),
        (at.0 - r, at.1),
        (at.0, at.1 - r),
    ];
    pen.path(&line, alpha(halo, 0.85), 4.4);
    pen.path(&line, alpha(color, 1.0), 2.2);
}

/// A point picked by hand: hair lines through the whole panel and a small ring.
pub(super) fn picked(pen: &mut Pen, panel: &Panel, at: Point, mapped: bool) {
    let (color, halo) = if mapped {
        ((255, 255, 255), (0x11, 0x11, 0x11))
    } else {
        (pen.palette.ink, pen.palette.card)
    };
    let rect = panel.rect;
    for line in [
        [(at.0, rect.top), (at.0, rect.bottom)],
        [(rect.left, at.1), (rect.right, at.1)],
    ] {
        pen.dashes(&line, alpha(color, 0.75), 1.1, (3.0, 3.0));
    }
    pen.ring(at, 5.0, color, halo);
}

/// A point picked by hand where its value goes up, which nobody knows yet: a hair line at its place.
pub(super) fn picked_along(pen: &mut Pen, panel: &Panel, u: f64) {
    let (x, _) = panel.point(u, 0.0);
    let line = [(x, panel.rect.top), (x, panel.rect.bottom)];
    pen.dashes(&line, alpha(pen.palette.ink, 0.85), 1.4, (3.0, 3.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipse_lies_one_standard_deviation_from_its_middle() {
        let gaussian = Gaussian {
            params: vec!["a".into(), "b".into(), "c".into()],
            mean: vec![0.4, 0.5, 0.6],
            covariance: vec![vec![2.0, 0.3, 0.8], vec![0.3, 1.0, 0.1], vec![0.8, 0.1, 0.5]],
            sigma: 0.1,
        };
        let line = ellipse(&gaussian, "a", "c", 1.0).expect("an ellipse");
        // (x − m)ᵀ (σ² C)⁻¹ (x − m) = 1 with the inverse of [[2, 0.8], [0.8, 0.5]].
        for (x, y) in line {
            let (p, q) = ((x - 0.4) / 0.1, (y - 0.6) / 0.1);
            let distance = (0.5 * p * p - 1.6 * p * q + 2.0 * q * q) / (2.0 * 0.5 - 0.64);
            assert!((distance - 1.0).abs() < 1e-9, "{distance}");
        }
        assert_eq!(ellipse(&gaussian, "a", "other", 1.0), None);
    }
}
