//! Roughly what splits gain, before what is taken from it and in steps: in single precision, four at once.

use super::sum::{Scale, Sum};
use wide::{bytemuck::cast, f32x4, i32x4};

/// A hair below one: what is above a number is above so much of it by an estimate, too. An estimate adds up what is positive, so that each
/// of its dozen roundings makes an error of 2⁻²⁴ at most.
pub(super) const ALMOST: f32 = 1.0 - 2e-6;

/// No child has a smaller Hessian: its value would be anything.
const LEAST_HESSIAN: f64 = 1e-3;

/// Steps of L2 beyond which it outweighs all Hessians, whatever it is; so far single precision holds its products.
const MOST_L2: f64 = 1e18;

/// A node of which splits are looked at.
pub(super) struct Estimate {
    sum: (i32x4, i32x4),
    l2: f32x4,
    /// A side has a larger Hessian.
    least: i32x4,
}

impl Estimate {
    #[inline(always)]
    pub fn new(sum: Sum, scale: Scale, l2: f64) -> Estimate {
        let steps = scale.hessian;
        Estimate {
            sum: (i32x4::splat(sum.gradient()), i32x4::splat(sum.hessian())),
            l2: f32x4::splat((l2 * steps).min(MOST_L2) as f32),
            least: i32x4::splat((LEAST_HESSIAN * steps) as i32),
        }
    }

    /// As fractions, `(g²·b + g'²·a) / (a·b)` with `a` and `b` the Hessians of both sides plus L2, and where both are large enough.
    #[inline(always)]
    fn fractions(&self, left: &[Sum; 4]) -> (f32x4, f32x4, i32x4) {
        let (g, h) = (
            i32x4::from(left.map(Sum::gradient)),
            i32x4::from(left.map(Sum::hessian)),
        );
        let (other_g, other_h) = (self.sum.0 - g, self.sum.1 - h);
        let (left, right) = (g.round_float(), other_g.round_float());
        let (a, b) = (h.round_float() + self.l2, other_h.round_float() + self.l2);
        let may = h.simd_gt(self.least) & other_h.simd_gt(self.least);
        (left * left * b + right * right * a, a * b, may)
    }

    /// Whether any is above a bar: without a division.
    #[inline(always)]
    pub fn any_exceeds(&self, left: &[[Sum; 4]], bar: f32) -> bool {
        let bar = f32x4::splat(bar);
        let mut any = f32x4::ZERO;
        for left in left {
            let (above, below, _) = self.fractions(left);
            any |= above.simd_gt(bar * below);
        }
        any.any()
    }

    /// All of them, 0 where a side is too small; and the most.
    #[inline(always)]
    pub fn all(&self, left: &[[Sum; 4]], estimates: &mut [[f32; 4]]) -> f32 {
        let mut most = f32x4::ZERO;
        for (left, estimate) in left.iter().zip(estimates) {
            let (above, below, may) = self.fractions(left);
            let gain: f32x4 = cast(cast::<_, i32x4>(above / below) & may);
            most = most.fast_max(gain);
            *estimate = gain.to_array();
        }
        most.to_array().into_iter().fold(0.0, f32::max)
    }
}
