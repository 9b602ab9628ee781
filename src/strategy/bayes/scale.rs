//! From the objective's unit to one in which nothing is too large, and on to the model's.

use crate::surrogate::gp::Output;
use crate::trial::Direction;

/// Values further than this from the median, in robust standard deviations, are moved in, the order kept.
const FAR: f64 = 30.0;

/// A unit for the values of a history, and one for the model.
///
/// First z = (v − median) / s of minimized values, s being the interquartile range by 1.349 (that of a normal distribution is its standard
/// deviation). Beyond ±30, where a diverged learner's 1e300 would leave all others equal, z grows with the logarithm only. Then the model's
/// own warp and standardization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) direction: Direction,
    center: f64,
    spread: f64,
    output: Output,
}

fn moved_in(z: f64) -> f64 {
    let size = z.abs();
    if size <= FAR {
        z
    } else {
        libm::copysign(FAR * (1.0 + libm::log((size / FAR).min(f64::MAX))), z)
    }
}

impl Scale {
    /// The unit of finite minimized `values`, with the model's standardization but no warp.
    pub(super) fn of(direction: Direction, values: &[f64]) -> Scale {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let rank = |share: f64| {
            let at = share * (sorted.len().max(1) - 1) as f64;
            let low = libm::floor(at) as usize;
            let (a, b) = (sorted.get(low), sorted.get(low + 1));
            let a = a.copied().unwrap_or(0.0);
            let part = at - libm::floor(at);
            a * (1.0 - part) + b.copied().unwrap_or(a) * part
        };
        // Halves cannot overflow where their difference could.
        let quartiles = (0.5 * rank(0.75) - 0.5 * rank(0.25)) * 2.0 / 1.349;
        let center = rank(0.5);
        let n = values.len().max(1) as f64;
        let size = sorted
            .iter()
            .fold(0.0_f64, |m, v| m.max((0.5 * v - 0.5 * center).abs()));
        let deviation = values
            .iter()
            .map(|v| (0.5 * v - 0.5 * center).abs() / size)
            .sum::<f64>()
            / n
            * size
            * 2.0;
        // More than half of the values may be the same, or all: then their magnitude is the only unit at hand.
        let least = 1e-12 * center.abs();
        let found = [quartiles, deviation, center.abs()]
            .into_iter()
            .find(|s| *s > least && *s > 0.0 && s.is_finite());
        let mut scale = Scale {
            direction,
            center,
            spread: found.unwrap_or(if size > 0.0 { f64::MAX } else { 1.0 }),
            output: Output::of(1.0, &[]),
        };
        let scaled: Vec<f64> = values.iter().map(|v| scale.scaled(*v)).collect();
        scale.output = Output::of(1.0, &scaled);
        scale
    }

    /// z of a minimized value.
    pub(super) fn scaled(&self, minimized: f64) -> f64 {
        moved_in((minimized / self.spread) - (self.center / self.spread))
    }

    /// The same with the model's warp.
    pub(super) fn with(self, output: Output) -> Scale {
        Scale { output, ..self }
    }

    /// A variance of values of the objective in the model's unit.
    pub(super) fn standardized_variance(&self, variance: f64) -> f64 {
        let sd = libm::sqrt(variance) / self.spread / self.output.inverse_slope(0.0);
        sd * sd
    }

    /// A mean in the model's unit as a value of the objective, in its own sign: its median, if outputs are warped. Never beyond the finite numbers.
    pub(super) fn value(&self, standardized: f64) -> f64 {
        let z = self.output.invert(standardized);
        let size = z.abs();
        let z = if size <= FAR {
            z
        } else {
            libm::copysign(FAR * libm::exp(size / FAR - 1.0), z)
        };
        self.direction
            .minimized((z * self.spread + self.center).clamp(-f64::MAX, f64::MAX))
    }

    /// A standard deviation in the objective's unit, of something with this mean: to first order.
    pub(super) fn sd(&self, mean: f64, standardized: f64) -> f64 {
        let far = (self.output.invert(mean).abs() / FAR).max(1.0);
        let slope = self.output.inverse_slope(mean) * libm::exp(far - 1.0);
        let sd = standardized * slope * self.spread;
        if sd.is_nan() { f64::MAX } else { sd.min(f64::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardizes_any_magnitude_and_finds_back() {
        for values in [
            vec![1e308, -1e308, 0.0],
            vec![1e-300, 2e-300],
            vec![5.0; 4],
            vec![0.0; 3],
            vec![-7.0],
            vec![0.3, 0.31, 0.28, 0.35, 1e300],
            vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0],
            vec![f64::MAX, f64::MAX, -f64::MAX],
        ] {
            let plain = Scale::of(Direction::Maximize, &values);
            let scaled: Vec<f64> = values.iter().map(|v| plain.scaled(*v)).collect();
            for lambda in [1.0, 0.3] {
                let scale = plain.with(Output::of(lambda, &scaled));
                let output = Output::of(lambda, &scaled);
                for (v, z) in values.iter().zip(&scaled) {
                    let t = output.apply(*z);
                    assert!(t.is_finite() && t.abs() < 10.0, "{values:?}");
                    let back = scale.value(t);
                    assert!(
                        (0.5 * back + 0.5 * v).abs() <= 1e-7 * v.abs().max(scale.spread),
                        "{values:?}: {back}"
                    );
                    assert!(scale.sd(t, 1.0) >= 0.0 && scale.sd(t, 1.0).is_finite());
                }
            }
        }
        // One that diverged does not make the others equal.
        let scale = Scale::of(Direction::Minimize, &[0.3, 0.31, 0.28, 0.35, 1e300]);
        assert!((scale.scaled(0.31) - scale.scaled(0.28)) > 0.1);
    }
}
