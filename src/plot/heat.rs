//! The colours of a map of values: viridis, the better the brighter.

use super::palette::{Rgb, mix};
use crate::trial::Direction;
use crate::view::View;

/// Nine points of matplotlib's viridis (CC0), evenly spaced.
const VIRIDIS: [Rgb; 9] = [
    (0x44, 0x01, 0x54),
    (0x47, 0x2d, 0x7b),
    (0x3b, 0x52, 0x8b),
    (0x2c, 0x72, 0x8e),
    (0x21, 0x91, 0x8c),
    (0x28, 0xae, 0x80),
    (0x5e, 0xc9, 0x62),
    (0xad, 0xdc, 0x30),
    (0xfd, 0xe7, 0x25),
];

/// The colour at `t` in [0, 1].
pub fn viridis(t: f64) -> Rgb {
    let t = t.clamp(0.0, 1.0) * 8.0;
    let i = (t as usize).min(7);
    mix(VIRIDIS[i], VIRIDIS[i + 1], t - i as f64)
}

/// How values become colours: bright is good whichever direction that is. The scale is bent so that the middle value of
/// a skewed objective is neither all dark nor all bright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heat {
    /// The value shown darkest.
    pub worst: f64,
    /// The value shown brightest.
    pub best: f64,
    bend: f64,
}

impl Heat {
    /// The scale of the truth shown in `view`, if there is one: the same for every strategy's panel.
    pub fn of(view: &View) -> Option<Heat> {
        let plane = view.plane.as_ref()?;
        let mut values: Vec<f64> = plane.values.iter().copied().filter(|v| v.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (&low, &high) = (values.first()?, values.last()?);
        let (worst, best) = match view.direction() {
            Direction::Minimize => (high, low),
            Direction::Maximize => (low, high),
        };
        let plain = Heat { worst, best, bend: 1.0 };
        let middle = plain.at(values[values.len() / 2]).clamp(1e-3, 0.999);
        let bend = (libm::log(0.45) / libm::log(middle)).clamp(0.25, 6.0);
        Some(Heat {
            bend: if (0.3..=0.7).contains(&middle) { 1.0 } else { bend },
            ..plain
        })
    }

    /// Brightness of `value` in [0, 1].
    pub fn at(&self, value: f64) -> f64 {
        let span = self.best / 2.0 - self.worst / 2.0;
        if span == 0.0 {
            return 0.5;
        }
        libm::pow(((value / 2.0 - self.worst / 2.0) / span).clamp(0.0, 1.0), self.bend)
    }

    /// The value that has brightness `t`: for the labels of a colour bar.
    pub fn value(&self, t: f64) -> f64 {
        let t = libm::pow(t.clamp(0.0, 1.0), 1.0 / self.bend);
        self.worst * (1.0 - t) + self.best * t
    }

    /// The colour of `value`, in steps fine enough that none shows.
    pub(super) fn color(&self, value: f64) -> Option<Rgb> {
        value
            .is_finite()
            .then(|| viridis((self.at(value) * 96.0).round() / 96.0))
    }
}
