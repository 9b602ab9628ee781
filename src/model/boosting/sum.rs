//! Sums of gradients and Hessians that are the same in any order.
//!
//! What a row brings is rounded to a multiple of a power of two, so coarse that numbers hold all sums over rows exactly. So histograms may
//! be summed in any order and a child's made of its parent's, to the bit: what is taken away again leaves nothing behind.

use std::ops::{AddAssign, Sub, SubAssign};
use wide::f64x2;

/// Bits of a sum of gradients, and of one of Hessians, which are at most a quarter.
const GRADIENT_BITS: u32 = 52;
const HESSIAN_BITS: u32 = 41;

/// A sum over rows: of gradients and of Hessians, which are added together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum(f64x2);

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
    pub const ZERO: Sum = Sum(f64x2::ZERO);

    #[inline(always)]
    pub fn gradient(&self) -> f64 {
        self.0.to_array()[0]
    }

    #[inline(always)]
    pub fn hessian(&self) -> f64 {
        self.0.to_array()[1]
    }

    /// The gradients of two sums, and their Hessians.
    #[inline(always)]
    pub fn apart([a, b]: [Sum; 2]) -> (f64x2, f64x2) {
        (
            f64x2::new([a.gradient(), b.gradient()]),
            f64x2::new([a.hessian(), b.hessian()]),
        )
    }
}

/// How many steps one has, for gradients and for Hessians: powers of two, as large as sums over all rows allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    gradient: f64,
    hessian: f64,
}

impl Scale {
    /// For at most `rows` rows whose weights are at most `heaviest`: gradients at most that large, Hessians at most a quarter.
    pub fn new(rows: usize, heaviest: f64) -> Scale {
        let mut most = 1.0;
        while most < rows as f64 * heaviest {
            most *= 2.0;
        }
        let steps = |bits: u32| (1u64 << bits) as f64 / most;
        Scale {
            gradient: steps(GRADIENT_BITS),
            hessian: steps(HESSIAN_BITS),
        }
    }

    /// A row.
    #[inline(always)]
    pub fn row(&self, gradient: f64, hessian: f64) -> Sum {
        let whole = |value: f64, steps: f64| (value * steps) as i64 as f64 / steps;
        Sum(f64x2::new([
            whole(gradient, self.gradient),
            whole(hessian, self.hessian),
        ]))
    }
}
