//! Sums of gradients and Hessians in whole numbers.
//!
//! Whole numbers add up to the same in any order, and what is taken away again leaves nothing behind. So histograms may be summed in any
//! order and a child's made of its parent's, to the bit.

use std::ops::{AddAssign, Sub, SubAssign};

/// Bits of the Hessian below the number of rows.
const HESSIAN_BITS: u32 = 40;

/// A sum over rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    gradient: i64,
    /// The Hessian, and above it the number of rows.
    rest: u64,
}

impl AddAssign for Sum {
    #[inline(always)]
    fn add_assign(&mut self, other: Sum) {
        self.gradient = self.gradient.wrapping_add(other.gradient);
        self.rest = self.rest.wrapping_add(other.rest);
    }
}

impl SubAssign for Sum {
    #[inline(always)]
    fn sub_assign(&mut self, other: Sum) {
        self.gradient = self.gradient.wrapping_sub(other.gradient);
        self.rest = self.rest.wrapping_sub(other.rest);
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
    pub const ZERO: Sum = Sum { gradient: 0, rest: 0 };

    /// The gradient without its sign, as it is summed.
    #[inline(always)]
    pub fn gradient_size(&self) -> u64 {
        self.gradient.unsigned_abs()
    }

    #[inline(always)]
    pub fn rows(&self) -> u32 {
        (self.rest >> HESSIAN_BITS) as u32
    }
}

/// What one stands for: powers of two, as large as sums over all rows allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    gradient: f64,
    hessian: f64,
    /// One over them, which is exact.
    gradient_unit: f64,
    hessian_unit: f64,
}

impl Scale {
    /// For at most `rows` rows, below 2²⁴, whose weights are at most `heaviest`: gradients at most that large, Hessians at most a quarter.
    pub fn new(rows: usize, heaviest: f64) -> Scale {
        let mut most = 1.0;
        while most < rows as f64 * heaviest {
            most *= 2.0;
        }
        // Sums of gradients stay below 2⁵², which numbers hold exactly.
        let (gradient, hessian) = ((1u64 << 52) as f64 / most, (1u64 << (HESSIAN_BITS + 1)) as f64 / most);
        Scale {
            gradient,
            hessian,
            gradient_unit: 1.0 / gradient,
            hessian_unit: 1.0 / hessian,
        }
    }

    /// A row.
    #[inline(always)]
    pub fn row(&self, gradient: f64, hessian: f64) -> Sum {
        Sum {
            gradient: (gradient * self.gradient) as i64,
            rest: (hessian * self.hessian) as i64 as u64 | 1 << HESSIAN_BITS,
        }
    }

    #[inline(always)]
    pub fn gradient(&self, sum: &Sum) -> f64 {
        sum.gradient as f64 * self.gradient_unit
    }

    /// A sum of gradients' sizes, which are at most the rows.
    #[inline(always)]
    pub fn size(&self, size: u64) -> f64 {
        size as i64 as f64 * self.gradient_unit
    }

    #[inline(always)]
    pub fn hessian(&self, sum: &Sum) -> f64 {
        (sum.rest & ((1 << HESSIAN_BITS) - 1)) as i64 as f64 * self.hessian_unit
    }
}
