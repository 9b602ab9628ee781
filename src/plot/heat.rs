//! The colours of a map of values: viridis, the better the brighter.

use super::palette::{Rgb, mix};
use crate::trial::Direction;
use crate::view::{Layer, View};

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

/// Ends and middle of the colours of an error: below, none, above.
const BALANCE: [Rgb; 3] = [(0x2f, 0x6f, 0xc0), (0xf1, 0xf1, 0xee), (0xc9, 0x5b, 0x1e)];

/// How values become colours: bright is good whichever direction that is, or much of what a layer shows. The scale is bent so that the
/// middle value of a skewed objective is neither all dark nor all bright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heat {
    /// The value shown darkest.
    pub worst: f64,
    /// The value shown brightest.
    pub best: f64,
    bend: f64,
    /// Whether colours tell signs: both ends are equally far from none.
    balanced: bool,
}

/// A logarithm falls without end where nothing is to be gained: its last e-folds tell all.
const FOLDS: f64 = 12.0;

impl Heat {
    /// The scale of `layer` over `x` and `y`, if there is something to show: the same for every strategy's panel, but for acquisitions, each of
    /// which has a unit of its own.
    pub fn of(view: &View, layer: Layer, lane: usize, x: &str, y: &str) -> Option<Heat> {
        let lanes = || 0..view.lanes.len();
        let of = |layer: Layer, lane: usize| view.cells(layer, lane, x, y).map(|c| c.values).unwrap_or_default();
        let mut values = match layer {
            Layer::Plain => return Heat::of_trials(view),
            Layer::Truth => of(Layer::Truth, lane),
            // A mean is seen on the scale of what it is of, if that is known.
            Layer::Mean => match of(Layer::Truth, lane) {
                truth if truth.is_empty() => lanes().flat_map(|l| of(layer, l)).chain(values(view)).collect(),
                truth => truth,
            },
            Layer::Acquisition => of(layer, lane),
            Layer::Sd | Layer::Error => lanes().flat_map(|l| of(layer, l)).collect(),
        };
        match layer {
            Layer::Sd => Heat::bent(values, Direction::Maximize),
            Layer::Acquisition => {
                let highest = values
                    .iter()
                    .copied()
                    .filter(|v| v.is_finite())
                    .fold(f64::MIN, f64::max);
                let is_log = values.iter().any(|v| *v < 0.0);
                if is_log {
                    values.iter_mut().for_each(|v| *v = v.max(highest - FOLDS));
                }
                Heat::bent(values, Direction::Maximize)
            }
            Layer::Error => {
                let most = values
                    .iter()
                    .filter(|v| v.is_finite())
                    .fold(0.0, |m: f64, v| m.max(v.abs()));
                (most > 0.0).then_some(Heat {
                    worst: -most,
                    best: most,
                    bend: 1.0,
                    balanced: true,
                })
            }
            _ => Heat::bent(values, view.direction()),
        }
    }

    /// The scale of the values of all trials.
    pub fn of_trials(view: &View) -> Option<Heat> {
        Heat::bent(values(view).collect(), view.direction())
    }

    fn bent(mut values: Vec<f64>, direction: Direction) -> Option<Heat> {
        values.retain(|v| v.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let (&low, &high) = (values.first()?, values.last()?);
        let (worst, best) = match direction {
            Direction::Minimize => (high, low),
            Direction::Maximize => (low, high),
        };
        let plain = Heat {
            worst,
            best,
            bend: 1.0,
            balanced: false,
        };
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

    /// The colour at brightness `t`.
    pub fn tint(&self, t: f64) -> Rgb {
        if !self.balanced {
            return viridis(t);
        }
        let [below, none, above] = BALANCE;
        let t = t.clamp(0.0, 1.0) * 2.0 - 1.0;
        mix(none, if t < 0.0 { below } else { above }, t.abs())
    }

    /// The colour of `value`, in steps fine enough that none shows.
    pub(super) fn color(&self, value: f64) -> Option<Rgb> {
        value
            .is_finite()
            .then(|| self.tint((self.at(value) * 96.0).round() / 96.0))
    }
}

/// The values of all trials.
fn values(view: &View) -> impl Iterator<Item = f64> {
    view.lanes.iter().flat_map(|l| &l.trials).filter_map(super::finite)
}
