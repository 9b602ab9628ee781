//! Sums of gradients and Hessians in whole steps, which are the same in any order.
//!
//! What a row brings is rounded to a multiple of a step, so coarse that 31 bits hold the sums over all rows. So both fit in one number,
//! histograms may be summed in any order, and a child's made of its parent's: what is taken away again leaves nothing behind. Splits are
//! chosen by these sums and leaves valued by the unrounded ones, as with the quantized gradients of Y. Shi et al. (2022), Quantized
//! training of gradient boosting decision trees, NeurIPS 35, which are far coarser.

use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Steps that the absolute gradients of all rows make together, and their Hessians: what rounding adds to them leaves them below 2³¹.
const STEPS: f64 = (1u64 << 30) as f64;

/// The derivatives of the loss by a row's score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Slope {
    pub gradient: f64,
    pub hessian: f64,
}

impl Add for Slope {
    type Output = Slope;

    #[inline(always)]
    fn add(self, other: Slope) -> Slope {
        Slope {
            gradient: self.gradient + other.gradient,
            hessian: self.hessian + other.hessian,
        }
    }
}

/// A sum over rows: steps of the gradient times 2³², and of the Hessian, which are added together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum(i64);

impl AddAssign for Sum {
    #[inline(always)]
    fn add_assign(&mut self, other: Sum) {
        self.0 += other.0;
    }
}

impl SubAssign for Sum {
    #[inline(always)]
    fn sub_assign(&mut self, other: Sum) {
        self.0 -= other.0;
    }
}

impl Sub for Sum {
    type Output = Sum;

    #[inline(always)]
    fn sub(mut self, other: Sum) -> Sum {
        self -= other;
        self
    }
}

impl Sum {
    pub const ZERO: Sum = Sum(0);

    #[inline(always)]
    pub fn new(gradient: i32, hessian: i32) -> Sum {
        Sum((i64::from(gradient) << 32) + i64::from(hessian))
    }

    /// In steps.
    #[inline(always)]
    pub fn gradient(self) -> i32 {
        (self.0 >> 32) as i32
    }

    /// In steps, which are never negative.
    #[inline(always)]
    pub fn hessian(self) -> i32 {
        self.0 as i32
    }
}

/// How many steps one has, for gradients and for Hessians.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub gradient: f64,
    pub hessian: f64,
}

impl Scale {
    /// As many as sums over these rows allow. Slopes that come to less than one together need no finer steps.
    pub fn of(slopes: &[Slope]) -> Scale {
        let (mut gradient, mut hessian) = (1.0, 1.0);
        for slope in slopes {
            gradient += slope.gradient.abs();
            hessian += slope.hessian;
        }
        Scale {
            gradient: STEPS / gradient,
            hessian: STEPS / hessian,
        }
    }

    #[inline(always)]
    pub fn round(self, slope: Slope) -> Sum {
        // Added to a number below 2³¹, it leaves the nearest whole one in the lowest bits.
        const SHIFT: f64 = (3u64 << 51) as f64;
        let whole = |steps: f64| (steps + SHIFT).to_bits() as i32;
        Sum::new(
            whole(slope.gradient * self.gradient),
            whole(slope.hessian * self.hessian),
        )
    }

    /// The gradient and the Hessian of a sum.
    pub fn apart(self, sum: Sum) -> (f64, f64) {
        (
            f64::from(sum.gradient()) / self.gradient,
            f64::from(sum.hessian()) / self.hessian,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_holds_all_rows_to_within_half_a_step_each_in_any_order() {
        let slope = |i: i32| Slope {
            gradient: f64::from(i * 617 % 1000 - 500) / 500.0,
            hessian: f64::from(i * 311 % 1000) / 4000.0,
        };
        let slopes: Vec<Slope> = (0..100_000).map(slope).collect();
        let scale = Scale::of(&slopes);
        let total = |slopes: &mut dyn Iterator<Item = &Slope>| {
            let mut total = Sum::ZERO;
            slopes.for_each(|slope| total += scale.round(*slope));
            total
        };
        // Only those that go down, so that nothing cancels.
        let falling: Vec<Slope> = slopes.iter().copied().filter(|slope| slope.gradient < 0.0).collect();
        let sum = total(&mut falling.iter());
        assert_eq!(sum, total(&mut falling.iter().rev()));
        let exact = falling.iter().fold(Slope::default(), |sum, slope| sum + *slope);
        let (gradient, hessian) = scale.apart(sum);
        let rows = falling.len() as f64;
        assert!(
            (gradient - exact.gradient).abs() <= 0.5 * rows / scale.gradient,
            "{gradient}"
        );
        assert!(
            (hessian - exact.hessian).abs() <= 0.5 * rows / scale.hessian,
            "{hessian}"
        );
        assert!(gradient < -20_000.0 && hessian > 5_000.0);
    }
}
