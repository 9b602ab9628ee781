//! The same landscape elsewhere: a function whose arguments are mirrored and stretched within their ranges.

use crate::registry::{Setting, SettingKind};
use crate::seed::{Seed, uniform};
use crate::space::{Domain, Param};

/// The setting that says which.
pub const VARIANT: Setting = Setting {
    id: "variant",
    about: "Which landscape: 0 is the function as published. Any other number mirrors some of its arguments and stretches each within its range, drawn from that number. The smallest value stays what it is and lies elsewhere, so that nobody knows where.",
    kind: SettingKind::Int(0, 1_000_000),
    default: "0",
};

/// How one argument is moved: a bijection of its range onto itself, smooth both ways. Where it lies outside its range it is only mirrored.
///
/// In units u of the range, mirrored or not: u ↦ u / (u + k (1 − u)), k > 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moved {
    low: f64,
    high: f64,
    mirrored: bool,
    k: f64,
}

impl Moved {
    /// How variant `number` moves each of the arguments; `None` for those that are words, whole numbers, or stay where they are.
    pub(super) fn all(own: &[Param], number: u64) -> Vec<Option<Moved>> {
        let one = |(i, param): (usize, &Param)| match param.domain {
            Domain::Float { low, high, .. } if number > 0 => {
                let mut rng = Seed(number).derive("variant", i as u64).rng();
                let mirrored = uniform(&mut rng) < 0.5;
                // Between a third more and three times as steep at one end: what stays near where it was is no other landscape.
                let steep = 0.3 + 0.8 * uniform(&mut rng);
                let log_k = if uniform(&mut rng) < 0.5 { steep } else { -steep };
                let k = libm::exp(log_k);
                Some(Moved { low, high, mirrored, k })
            }
            _ => None,
        };
        own.iter().enumerate().map(one).collect()
    }

    /// The function's own argument at `x`, and its derivative by `x`.
    pub(super) fn of(&self, x: f64) -> (f64, f64) {
        let width = self.high - self.low;
        let (u, sign) = match (x - self.low) / width {
            u if self.mirrored => (1.0 - u, -1.0),
            u => (u, 1.0),
        };
        let (moved, slope) = bend(u, self.k);
        (self.low + width * moved, sign * slope)
    }

    /// Where the function's own argument `x` lies now.
    pub(super) fn back(&self, x: f64) -> f64 {
        let width = self.high - self.low;
        let (u, _) = bend((x - self.low) / width, 1.0 / self.k);
        self.low + width * if self.mirrored { 1.0 - u } else { u }
    }
}

/// u / (u + k (1 − u)) and its derivative; outside of 0..1 nothing is bent.
fn bend(u: f64, k: f64) -> (f64, f64) {
    if u <= 0.0 || u >= 1.0 {
        return (u, 1.0);
    }
    let below = u + k * (1.0 - u);
    (u / below, k / (below * below))
}
