//! The margin of discrete coordinates: the distribution never becomes so narrow that one value alone can be drawn.
//!
//! Hamano, Saito, Nomura & Shirakawa 2022, "CMA-ES with margin", GECCO: after each generation, where a discrete coordinate would leave its
//! present value with less than probability α = 1 / (λ d), its mean and its stretch are corrected to make it α.

use super::distribution::Distribution;
use crate::math::normal::cdf;
use crate::strategy::cube::Cube;

/// Corrects the coordinates with levels. `numeric` are their axes in the cube.
pub(super) fn keep(distribution: &mut Distribution, cube: &Cube, numeric: &[usize], population: usize) {
    let alpha = 1.0 / (population * numeric.len().max(1)) as f64;
    for (i, axis) in numeric.iter().enumerate() {
        let (mean, sd) = (distribution.mean[i], distribution.sd(i));
        if sd.is_nan() || sd <= 0.0 {
            continue;
        }
        match cube.borders(*axis, mean) {
            (None, None) => {}
            // At an end of the scale the mean is held close enough to the one border.
            (Some(border), None) => distribution.mean[i] = mean.min(border + sd * tail(alpha)),
            (None, Some(border)) => distribution.mean[i] = mean.max(border - sd * tail(alpha)),
            (Some(low), Some(high)) => {
                let (below, above) = (cdf((low - mean) / sd), cdf((mean - high) / sd));
                let inside = 1.0 - below - above;
                let half = 0.5 * alpha;
                if below >= half && above >= half {
                    continue;
                }
                // Raise the lacking sides, and take it from all in proportion to what they have to spare.
                let (raised_below, raised_above) = (below.max(half), above.max(half));
                let total = raised_below + raised_above + inside;
                let taken = (1.0 - total) / (total - 3.0 * half);
                let spare = |p: f64| p + taken * (p - half);
                let (a, b) = (tail(spare(raised_below)), tail(spare(raised_above)));
                if a + b > 0.0 {
                    let corrected = (high - low) / (a + b);
                    distribution.mean[i] = low + corrected * a;
                    distribution.stretch[i] *= corrected / sd;
                }
            }
        }
    }
}

/// z with 1 − Φ(z) = p, for p in (0, 1), by halving: a few microseconds, and right to the last bits.
fn tail(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        if cdf(-middle) > p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::space;

    #[test]
    fn the_tail_is_that_of_the_normal_distribution() {
        assert!((tail(0.025) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((tail(0.5)).abs() < 1e-12 && (tail(0.975) + 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn a_narrow_distribution_keeps_a_chance_for_neighbouring_values() {
        let cube = Cube::new(&space(&[("a", "1..10"), ("b", "1..2"), ("x", "0.0..1.0")]));
        let mut distribution = Distribution::new(vec![0.43, 0.9, 0.3], 1e-6);
        keep(&mut distribution, &cube, &[0, 1, 2], 8);
        let alpha = 1.0 / 24.0;
        let chance = |i: usize, border: f64| cdf(-libm::fabs(distribution.mean[i] - border) / distribution.sd(i));
        let both = chance(0, 0.4) + chance(0, 0.5);
        assert!((both - alpha).abs() < 1e-6, "{both}");
        assert!((chance(1, 0.5) - alpha).abs() < 1e-6);
        assert!(distribution.mean[2] == 0.3 && distribution.sd(2) == 1e-6);
    }
}
