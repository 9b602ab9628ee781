//! Axes: a parameter's domain or a range of values, mapped to [0, 1] and labelled.

use super::ticks::{Room, Tick, level_ticks, log_values, plain_label, power_label, round_values, value_label};
use crate::protocol::Prepared;
use crate::space::{Domain, Space, Value};

/// One axis of a picture.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// The parameter, or what the value is.
    pub(super) name: String,
    scale: Scale,
    /// Nothing is labelled beyond, because nothing can be there.
    bounds: Bounds,
}

/// The least and the greatest value there can be.
type Bounds = (Option<f64>, Option<f64>);

#[derive(Clone, Debug)]
enum Scale {
    Domain(Domain),
    Linear { low: f64, high: f64, whole: bool },
    Log { low: f64, high: f64 },
}

impl Axis {
    /// The axis of the parameter `name`, if the space has it.
    pub(super) fn of(space: &Space, name: &str) -> Option<Axis> {
        let param = space.params().get(space.index(name)?)?;
        let scale = Scale::Domain(param.domain.clone());
        Some(Axis {
            name: param.name.clone(),
            scale,
            bounds: (None, None),
        })
    }

    /// Names, each with an equal share.
    pub(super) fn levels(name: &str, names: Vec<String>) -> Axis {
        Axis {
            name: name.into(),
            scale: Scale::Domain(Domain::Ordinal(names.into_iter().map(Value::Text).collect())),
            bounds: (None, None),
        }
    }

    /// Values that include all of `values`, with a little room at both ends.
    pub(super) fn values(name: &str, values: impl IntoIterator<Item = f64>) -> Axis {
        let (low, high) = widened(values);
        let pad = (high - low) * 0.06;
        Axis {
            name: name.into(),
            scale: Scale::Linear {
                low: low - pad,
                high: high + pad,
                whole: false,
            },
            bounds: (None, None),
        }
    }

    /// Values of the objective, as [`Axis::values`], never beyond what they can be.
    pub(super) fn measured(study: &Prepared, values: impl IntoIterator<Item = f64>) -> Axis {
        Axis::values(&study.value_title, values).within(study.bounds)
    }

    /// What a model believes of the objective: it may believe more than can be, but only what can be is labelled.
    pub(super) fn believed(study: &Prepared, values: impl IntoIterator<Item = f64>) -> Axis {
        Axis {
            bounds: study.bounds,
            ..Axis::values(&study.value_title, values)
        }
    }

    /// The same axis, cut off at `bounds`.
    pub(super) fn within(mut self, bounds: Bounds) -> Axis {
        self.bounds = bounds;
        if let Scale::Linear { low, high, .. } = &mut self.scale {
            let (least, most) = (bounds.0.unwrap_or(f64::MIN), bounds.1.unwrap_or(f64::MAX));
            let (from, to) = (low.max(least), high.min(most));
            // Values that are beyond all the same, as an outside program's may be, stay in sight.
            if from < to {
                (*low, *high) = (from, to);
            }
        }
        self
    }

    /// Values from exactly `low` to exactly `high`.
    pub(super) fn range(name: &str, low: f64, high: f64) -> Axis {
        Axis {
            name: name.into(),
            scale: Scale::Linear {
                low,
                high,
                whole: false,
            },
            bounds: (None, None),
        }
    }

    /// Whole numbers from `low` to `high`.
    pub(super) fn counts(name: &str, low: f64, high: f64) -> Axis {
        Axis {
            name: name.into(),
            scale: Scale::Linear {
                low,
                high: high.max(low + 1.0),
                whole: true,
            },
            bounds: (None, None),
        }
    }

    /// Positive values on a logarithmic scale.
    pub(super) fn logarithmic(name: &str, low: f64, high: f64) -> Axis {
        let low = low.clamp(1e-300, 1e300);
        let high = high.clamp(low * 1.5, 1e301);
        let (a, b) = (libm::log(low), libm::log(high));
        let pad = (b - a) * 0.05;
        Axis {
            name: name.into(),
            scale: Scale::Log {
                low: libm::exp(a - pad),
                high: libm::exp(b + pad),
            },
            bounds: (None, None),
        }
    }

    /// Whether it is logarithmic.
    pub(super) fn is_log(&self) -> bool {
        match &self.scale {
            Scale::Domain(domain) => domain.is_log(),
            Scale::Linear { .. } => false,
            Scale::Log { .. } => true,
        }
    }

    /// The name, with the kind of scale where it is not linear.
    pub(super) fn title(&self) -> String {
        if self.is_log() {
            format!("{} (log)", self.name)
        } else {
            self.name.clone()
        }
    }

    /// Whether it is a parameter's.
    pub(super) fn is_param(&self) -> bool {
        matches!(self.scale, Scale::Domain(_))
    }

    /// The kind of scale, in a word.
    pub(super) fn kind(&self) -> &'static str {
        match &self.scale {
            Scale::Domain(Domain::Categorical(_)) => "categorical",
            Scale::Domain(Domain::Ordinal(_)) => "ordered list",
            Scale::Domain(Domain::Fixed(_)) => "fixed",
            _ if self.is_log() => "log scale",
            _ => "linear scale",
        }
    }

    /// Length of one level in [0, 1], if the values are discrete.
    pub(super) fn share(&self) -> Option<f64> {
        match &self.scale {
            Scale::Domain(domain) => domain.size().map(|n| 1.0 / n.max(1) as f64),
            _ => None,
        }
    }

    /// Where a parameter's value lies in [0, 1].
    pub(super) fn place(&self, value: &Value) -> Option<f64> {
        match &self.scale {
            Scale::Domain(domain) => Some(domain.to_unit(value)),
            _ => self.at(value.number()?),
        }
    }

    /// Where a number lies, if it has a place: within [0, 1] if it is in range.
    pub(super) fn at(&self, v: f64) -> Option<f64> {
        let at = match &self.scale {
            Scale::Domain(domain) => domain.to_unit(&Value::Float(v)),
            Scale::Linear { low, high, .. } => (v.clamp(-HUGE, HUGE) / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0),
            Scale::Log { low, high } => (libm::log(v) - libm::log(*low)) / (libm::log(*high) - libm::log(*low)),
        };
        // Far beyond the ends is far enough.
        at.is_finite().then_some(at.clamp(-4.0, 5.0))
    }

    /// What stands at `u` in [0, 1], in words.
    pub(super) fn read(&self, u: f64) -> String {
        match &self.scale {
            Scale::Domain(domain) => match domain.at_unit(u) {
                Value::Float(v) => plain_label(v),
                other => other.to_string(),
            },
            Scale::Linear { low, high, whole: true } => plain_label((low + u * (high - low)).round()),
            Scale::Linear { low, high, .. } => plain_label(low + u * (high - low)),
            Scale::Log { low, high } => {
                plain_label(libm::exp(libm::log(*low) + u * (libm::log(*high) - libm::log(*low))))
            }
        }
    }

    /// The number that stands at `u` in [0, 1], unless words stand there.
    pub(super) fn number(&self, u: f64) -> Option<f64> {
        match &self.scale {
            Scale::Domain(domain) => domain.at_unit(u).number(),
            Scale::Linear { low, high, whole } => {
                let v = low + u * (high - low);
                Some(if *whole { v.round() } else { v })
            }
            Scale::Log { low, high } => Some(libm::exp(libm::log(*low) + u * (libm::log(*high) - libm::log(*low)))),
        }
    }

    /// Labels that have room: as many as are calm, at least one.
    pub(super) fn ticks(&self, room: &Room) -> Vec<Tick> {
        let found = match &self.scale {
            Scale::Domain(Domain::Categorical(values)) => return level_ticks(&names(values), room, false),
            Scale::Domain(Domain::Ordinal(values)) => return level_ticks(&names(values), room, true),
            Scale::Domain(Domain::Fixed(value)) => {
                return level_ticks(&names(std::slice::from_ref(value)), room, false);
            }
            Scale::Domain(Domain::Float {
                low, high, log: true, ..
            }) => self.log_ticks(*low, *high, room, false),
            Scale::Domain(Domain::Int {
                low, high, log: true, ..
            }) => self.log_ticks(*low as f64, *high as f64, room, true),
            Scale::Domain(Domain::Float { low, high, .. }) => self.linear_ticks(*low, *high, 0.0, room),
            Scale::Domain(Domain::Int { low, high, .. }) => self.linear_ticks(*low as f64, *high as f64, 1.0, room),
            Scale::Linear { low, high, whole } => self.linear_ticks(*low, *high, if *whole { 1.0 } else { 0.0 }, room),
            Scale::Log { low, high } => self.log_ticks(*low, *high, room, false),
        };
        found.unwrap_or_else(|| {
            vec![Tick {
                at: 0.5,
                label: self.read(0.5),
            }]
        })
    }

    fn linear_ticks(&self, low: f64, high: f64, least: f64, room: &Room) -> Option<Vec<Tick>> {
        let tried = |count: usize| {
            let (mut values, step) = round_values(low, high, count, least);
            let most = self.bounds.1.map_or(f64::MAX, |most| most + step * 1e-9);
            let lowest = self.bounds.0.map_or(f64::MIN, |least| least - step * 1e-9);
            values.retain(|v| (lowest..=most).contains(v));
            let largest = low.abs().max(high.abs());
            let tick = |v: &f64| {
                Some(Tick {
                    at: self.at(*v)?,
                    label: value_label(*v, step, largest),
                })
            };
            let mut ticks: Vec<Tick> = values.iter().filter_map(tick).collect();
            // Counting begins at one, which no round step meets.
            if least == 1.0 && low == 1.0 && values.first() != Some(&1.0) {
                ticks.insert(
                    0,
                    Tick {
                        at: self.at(1.0).unwrap_or(0.0),
                        label: "1".into(),
                    },
                );
            }
            ticks
        };
        let most = if room.across { 9 } else { 7 };
        let fitting = (1..=most)
            .rev()
            .map(tried)
            .find(|t| !t.is_empty() && room.calm(t.len()) && room.fits(t));
        fitting.or_else(|| {
            let middle = Tick {
                at: 0.5,
                label: self.read(0.5),
            };
            room.fits(std::slice::from_ref(&middle)).then(|| vec![middle])
        })
    }

    fn log_ticks(&self, low: f64, high: f64, room: &Room, whole: bool) -> Option<Vec<Tick>> {
        let candidates = log_values(low, high).into_iter().map(|(values, powers)| {
            let label = |v: f64| {
                if powers && !whole {
                    power_label(libm::round(libm::log10(v)) as i32)
                } else {
                    plain_label(v)
                }
            };
            let tick = |v: &f64| {
                Some(Tick {
                    at: self.at(*v)?,
                    label: label(*v),
                })
            };
            values.iter().filter_map(tick).collect::<Vec<_>>()
        });
        let candidates: Vec<_> = candidates.collect();
        let calm = candidates
            .iter()
            .find(|t| t.len() >= 2 && room.calm(t.len()) && room.fits(t));
        calm.or_else(|| candidates.iter().find(|t| room.fits(t))).cloned()
    }
}

fn names(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}

/// Beyond this, differences overflow.
const HUGE: f64 = 5e307;

/// A range with an inside, around all finite `values`; equal or no values get one of their own size.
fn widened(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = values
        .into_iter()
        .filter(|v| v.is_finite())
        .map(|v| v.clamp(-HUGE, HUGE));
    let range = finite.fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((f64::min(low, v), f64::max(high, v))),
    });
    let Some((low, high)) = range else { return (0.0, 1.0) };
    let least = low.abs().max(high.abs()) * 1e-9;
    if high - low > least {
        return (low, high);
    }
    let half = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
    (low - half, high + half)
}
