//! Distances between rows, in full and as they are screened.

/// A distance that grows feature by feature.
pub(super) trait Distance: Send + Sync + 'static {
    /// The distance so far, with one more difference. Never less than `sum`, also after rounding.
    fn add(sum: f64, difference: f64) -> f64;

    /// What the sum means as a length.
    fn length(sum: f64) -> f64;

    /// A query's value as [`Distance::screen`] takes it.
    fn asked(value: f32) -> f32 {
        value
    }

    /// Whether it stays the same when all rows are turned.
    const TURNS: bool = false;

    /// The same sum in single precision, less what [`Distance::apart`] says, with one more feature.
    fn screen(sum: f32, asked: f32, value: f32) -> f32;

    /// What a row or a query of this distance from the origin adds to all of its distances.
    fn apart(_size: f64) -> f64 {
        0.0
    }
}

pub(super) struct Euclidean;
pub(super) struct Manhattan;
pub(super) struct Chebyshev;

/// Screened as (q - x)² = q² + x² - 2 q x, of which the squares are known beforehand.
impl Distance for Euclidean {
    const TURNS: bool = true;

    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference * difference
    }

    fn length(sum: f64) -> f64 {
        sum.sqrt()
    }

    fn asked(value: f32) -> f32 {
        -2.0 * value
    }

    #[inline(always)]
    fn screen(sum: f32, asked: f32, value: f32) -> f32 {
        sum + asked * value
    }

    fn apart(size: f64) -> f64 {
        size
    }
}

impl Distance for Manhattan {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference.abs()
    }

    fn length(sum: f64) -> f64 {
        sum
    }

    #[inline(always)]
    fn screen(sum: f32, asked: f32, value: f32) -> f32 {
        sum + (asked - value).abs()
    }
}

impl Distance for Chebyshev {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        let difference = difference.abs();
        if difference > sum { difference } else { sum }
    }

    fn length(sum: f64) -> f64 {
        sum
    }

    #[inline(always)]
    fn screen(sum: f32, asked: f32, value: f32) -> f32 {
        let difference = (asked - value).abs();
        if difference > sum { difference } else { sum }
    }
}
