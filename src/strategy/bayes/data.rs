//! What a history teaches the model: inputs, standardized outputs, pending points and the last fitted hyperparameters.

use super::grounds::Grounds;
use crate::strategy::Tried;
use crate::surrogate::gp::Hyperparameters;
use crate::trial::{Direction, Event, History, Job, ModelOrigin, Origin, Outcome};

/// Data of one fit. Equal data give an equal fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Data {
    pub(super) x: Vec<Vec<f64>>,
    /// Minimized and standardized: mean 0, variance 1.
    pub(super) y: Vec<f64>,
    /// Hyperparameters to start the fit from.
    pub(super) warm: Option<Hyperparameters>,
}

/// A model's unit for the objective and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) direction: Direction,
    center: f64,
    spread: f64,
}

impl Scale {
    /// Standardizes `values` (minimized). Sums are taken of values divided by the largest magnitude, which cannot overflow.
    pub(super) fn of(direction: Direction, values: &[f64]) -> Scale {
        let size = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if size == 0.0 {
            return Scale {
                direction,
                center: 0.0,
                spread: 1.0,
            };
        }
        let n = values.len() as f64;
        let mean = values.iter().map(|v| v / size).sum::<f64>() / n;
        let variance = values.iter().map(|v| v / size - mean).map(|d| d * d).sum::<f64>() / n;
        let sd = libm::sqrt(variance);
        // Equal values have no spread of their own: their magnitude is the only unit at hand.
        let spread = if sd > 1e-12 { sd * size } else { size };
        Scale {
            direction,
            center: mean * size,
            spread,
        }
    }

    fn standardized(&self, minimized: f64) -> f64 {
        (minimized / self.spread) - (self.center / self.spread)
    }

    /// A mean in the model's unit as a value of the objective, in its own sign; never beyond the finite numbers.
    pub(super) fn value(&self, standardized: f64) -> f64 {
        let minimized = standardized * self.spread + self.center;
        self.direction.minimized(minimized.clamp(-f64::MAX, f64::MAX))
    }

    /// A standard deviation in the objective's unit.
    pub(super) fn sd(&self, standardized: f64) -> f64 {
        (standardized * self.spread).min(f64::MAX)
    }
}

/// A history as this strategy reads it. Only trials at full fidelity count: those at lower ones are not comparable.
pub(super) struct Reading {
    pub(super) data: Data,
    pub(super) scale: Scale,
    pub(super) pending: Vec<Vec<f64>>,
    /// Inputs of trials that failed.
    pub(super) failed: Vec<Vec<f64>>,
    /// All configurations asked.
    pub(super) tried: Tried,
    /// Trials asked, told, and told with a value.
    pub(super) asked: usize,
    pub(super) told: usize,
    pub(super) scored: usize,
}

/// A value that can be learned from; whatever else came of a trial is a failure.
fn finite(outcome: &Outcome) -> Option<f64> {
    outcome.value().filter(|v| v.is_finite())
}

fn full(job: &Job) -> bool {
    job.fidelity >= 1.0
}

impl Reading {
    /// The trials of `history` from number `from` on.
    pub(super) fn of(history: &History, grounds: &Grounds, from: u32) -> Reading {
        let direction = history.direction();
        let trials = || history.trials().filter(|(job, _)| full(job) && job.id >= from);
        let values: Vec<f64> = trials()
            .filter_map(|(_, outcome)| finite(outcome?))
            .map(|v| direction.minimized(v))
            .collect();
        let scale = Scale::of(direction, &values);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let (mut pending, mut failed) = (Vec::new(), Vec::new());
        for (job, outcome) in trials() {
            let input = grounds.input(&job.config);
            match outcome.map(finite) {
                None => pending.push(input),
                Some(None) => failed.push(input),
                Some(Some(value)) => {
                    x.push(input);
                    y.push(scale.standardized(direction.minimized(value)));
                }
            }
        }
        Reading {
            scale,
            tried: Tried::of(history),
            asked: trials().count(),
            told: x.len() + failed.len(),
            scored: values.len(),
            pending,
            failed,
            data: Data {
                x,
                y,
                warm: warm_start(history, grounds),
            },
        }
    }
}

/// The hyperparameters in the last model origin asked before the last outcome came in: so that asking for two jobs, and asking twice for
/// one, start alike.
fn warm_start(history: &History, grounds: &Grounds) -> Option<Hyperparameters> {
    let log = history.log();
    let last_told = log.iter().rposition(|event| matches!(event, Event::Told(..)))?;
    log[..last_told].iter().rev().find_map(|event| match event {
        Event::Asked(Job {
            origin: Origin::Model(origin),
            ..
        }) => read(origin, grounds),
        _ => None,
    })
}

fn read(origin: &ModelOrigin, grounds: &Grounds) -> Option<Hyperparameters> {
    let value = |name: &str| origin.hyperparameters.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
    // Rounded, so that a file that lost the last bit of a number continues to the same fit.
    let positive = |name: &str| {
        let v = value(name).filter(|v| *v > 0.0)?;
        Some(libm::exp(libm::round(libm::log(v) * 1e4) / 1e4))
    };
    Some(Hyperparameters {
        lengthscales: grounds
            .names()
            .map(|name| positive(&format!("lengthscale.{name}")))
            .collect::<Option<_>>()?,
        amplitude: positive("amplitude")?,
        noise: positive("noise")?,
        mean: 0.0,
    })
}

/// Hyperparameters by name, as origins carry them: in the model's units.
pub(super) fn named(hyper: &Hyperparameters, grounds: &Grounds) -> Vec<(String, f64)> {
    let lengthscales = grounds.names().zip(&hyper.lengthscales);
    lengthscales
        .map(|(name, v)| (format!("lengthscale.{name}"), *v))
        .chain(
            [
                ("amplitude", hyper.amplitude),
                ("noise", hyper.noise),
                ("mean", hyper.mean),
            ]
            .map(|(n, v)| (n.to_string(), v)),
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardizes_any_magnitude() {
        for values in [
            vec![1e308, -1e308, 0.0],
            vec![1e-300, 2e-300],
            vec![5.0; 4],
            vec![0.0; 3],
            vec![-7.0],
        ] {
            let scale = Scale::of(Direction::Maximize, &values);
            for v in &values {
                let s = scale.standardized(*v);
                assert!(s.is_finite() && s.abs() < 10.0, "{values:?}");
                assert!(
                    (scale.value(s) + v).abs() <= 1e-9 * v.abs().max(scale.spread),
                    "{values:?}"
                );
            }
        }
    }
}
