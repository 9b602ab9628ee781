//! The lower half of a belief: the acquisition function, and the trial that was chosen by it.

use super::axis::Axis;
use super::belief::Scene;
use super::chart::Chart;
use super::light::{Light, strength};
use super::palette::{Look, Marker, alpha};
use super::panel::{Panel, TITLE};
use super::pen::{Pen, Point, Rect};
use super::{finite, text};
use crate::protocol::Trial;
use crate::trial::{ModelOrigin, Origin};
use crate::view::why;

impl Scene<'_> {
    fn acquisition_values(&self) -> impl Iterator<Item = (f64, f64)> {
        let all = self.slice.us.iter().zip(&self.posterior.acquisition).take(self.n);
        // Where nothing may be tried nothing is to be gained.
        all.enumerate()
            .filter(|(i, _)| !self.slice.is_forbidden(*i))
            .map(|(_, (u, a))| (*u, *a))
            .filter(|(u, a)| u.is_finite() && a.is_finite())
    }

    /// The axis of the acquisition values.
    pub(super) fn acquisition_axis(&self) -> Axis {
        let (low, high) = self
            .acquisition_values()
            .fold((f64::MAX, f64::MIN), |(l, h), (_, a)| (l.min(a), h.max(a)));
        let high = self.model().map_or(high, |m| {
            m.runners_up
                .iter()
                .map(|r| r.value)
                .chain([m.value])
                .fold(high, f64::max)
        });
        let title = why::acquisition(&self.posterior.acquisition_id);
        // A logarithm falls without end where nothing is to be gained: its last e-folds tell all.
        let low = if self.posterior.acquisition_id.starts_with("log") {
            low.max(high - 12.0)
        } else {
            low
        };
        let low = if low >= 0.0 && low < high * 0.5 { 0.0 } else { low };
        let span = if high - low > 0.0 && (high - low).is_finite() {
            high - low
        } else {
            high.abs().max(1e-12)
        };
        Axis::range(
            &title,
            low - if low == 0.0 { 0.0 } else { span * 0.05 },
            high + span * 0.14,
        )
    }

    /// The acquisition function, filled down to the floor.
    pub(super) fn acquisition(&self, pen: &mut Pen, panel: &Panel) {
        let color = pen.palette.acquisition;
        let lit = strength(self.light, Light::Acquisition);
        let place = |(u, a): (f64, f64)| Some(panel.point(u, panel.y.at(a)?.clamp(0.0, 1.0)));
        let Rect {
            left, right, bottom, ..
        } = panel.rect;
        pen.hairline((left, bottom), (right, bottom), pen.palette.line, 1.0);
        if self.slice.discrete {
            let half = (panel.rect.width() / self.n.max(1) as f64 * 0.28).min(9.0);
            for (x, y) in self.acquisition_values().filter_map(place) {
                pen.fill(
                    Rect {
                        left: x - half,
                        top: y,
                        right: x + half,
                        bottom,
                    },
                    alpha(color, 0.3 * lit.opacity),
                );
                pen.hairline((x - half, y), (x + half, y), color, 2.0);
            }
            return;
        }
        let acquisition = self.posterior.acquisition.iter().take(self.n).copied();
        for piece in self.slice.pieces(acquisition) {
            let points: Vec<Point> = piece.into_iter().filter_map(place).collect();
            let mut area = points.clone();
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                area.extend([(last.0, bottom), (first.0, bottom)]);
            }
            pen.polygon(&area, alpha(color, 0.26 * lit.opacity));
            pen.path(&points, alpha(color, lit.opacity.min(1.0)), 1.9 * lit.width);
        }
    }

    /// Mean or acquisition between the positions.
    fn between(&self, u: f64, values: &[f64]) -> Option<f64> {
        let pairs: Vec<(f64, f64)> = self
            .slice
            .us
            .iter()
            .copied()
            .zip(values.iter().copied())
            .take(self.n)
            .collect();
        let after = pairs
            .iter()
            .position(|p| p.0 >= u)
            .unwrap_or(pairs.len().saturating_sub(1));
        let (a, b) = (pairs.get(after.saturating_sub(1))?, pairs.get(after)?);
        let t = if b.0 > a.0 {
            ((u - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        Some(a.1 + (b.1 - a.1) * t)
    }

    /// The trial that this belief chose.
    fn explained(&self) -> Option<&Trial> {
        self.slice.trial.and_then(|id| self.view.trial(self.slice.lane, id))
    }

    /// Its reasons, where a model's acquisition of this kind gave them and the cut goes through it.
    fn model(&self) -> Option<&ModelOrigin> {
        let trial = self.explained().filter(|t| t.job.config == self.slice.through)?;
        match &trial.job.origin {
            Origin::Model(m) if m.acquisition == self.posterior.acquisition_id => {
                let known = m.runners_up.iter().map(|r| r.value).chain([m.value]);
                known.into_iter().all(f64::is_finite).then_some(&**m)
            }
            _ => None,
        }
    }

    /// The candidates that came next, at their own acquisition: they need not lie on the cut.
    fn runners_up(&self, pen: &mut Pen, below: &Panel) {
        let Some(model) = self.model() else { return };
        let look = Look {
            color: pen.palette.acquisition,
            marker: Marker::Circle,
        };
        for other in &model.runners_up {
            let u = other.config.get(&self.slice.param).and_then(|v| below.x.place(v));
            if let (Some(u), Some(v)) = (u, below.y.at(other.value)) {
                pen.hollow(below.point(u, v.clamp(0.0, 1.0)), look, 3.6);
            }
        }
    }

    /// The trial this belief chose: a line through both panels, rings on the mean and on the acquisition's maximum.
    pub(super) fn choice(&self, pen: &mut Pen, above: &Panel, below: Option<&Panel>, chart: &mut Chart) {
        let (ink, card, faint) = (pen.palette.ink, pen.palette.card, pen.palette.faint);
        // What was chosen, at its own value; the top of the curve where that is not known.
        let own = self.model().zip(self.explained()).and_then(|(m, t)| {
            let u = t.job.config.get(&self.slice.param).and_then(|v| above.x.place(v))?;
            Some((u, m.value))
        });
        let highest = own.or_else(|| {
            self.acquisition_values()
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
        });
        if let (Some(below), Some((u, a))) = (below, highest)
            && let Some(v) = below.y.at(a)
        {
            pen.ring(below.point(u, v.clamp(0.0, 1.0)), 5.5, pen.palette.acquisition, card);
        }
        if let Some(below) = below {
            self.runners_up(pen, below);
        }
        // A cut through another point does not show what was chosen.
        let trial = self.explained().filter(|t| t.job.config == self.slice.through);
        let chosen = trial.map_or(&self.slice.through, |t| &t.job.config);
        let Some(u) = chosen.get(&self.slice.param).and_then(|v| above.x.place(v)) else {
            return;
        };
        let floor = below.map_or(above.rect.bottom, |b| b.rect.bottom);
        let (x, _) = above.point(u, 0.0);
        // Not through the lower panel's title.
        let named = below.filter(|b| x < 10.0 + text::width(&b.y.title(), TITLE));
        let pieces = match named {
            Some(below) => vec![(above.rect.top, above.rect.bottom), (below.rect.top, floor)],
            None => vec![(above.rect.top, floor)],
        };
        for (top, bottom) in pieces {
            pen.dashes(&[(x, top), (x, bottom)], alpha(faint, 1.0), 1.3, (3.0, 3.0));
        }
        let mean = self.between(u, &self.posterior.mean).and_then(|m| above.y.at(m));
        if let Some(v) = mean {
            pen.ring(above.point(u, v), 8.0, ink, card);
        }
        let Some(trial) = trial else { return };
        // What came of it was not known then: hollow.
        let outcome = finite(trial).and_then(|v| above.y.at(v));
        if let Some(v) = outcome {
            pen.hollow(above.point(u, v), self.look, 4.2);
        }
        if let Some(v) = outcome.or(mean) {
            chart.mark(above.point(u, v), self.slice.lane, trial.job.id);
        }
    }
}
