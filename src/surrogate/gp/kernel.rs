//! What every kernel here is: a stationary function of a scaled squared distance.
//!
//! With axes i and lengthscales ℓᵢ, r² = Σᵢ Δᵢ² / ℓᵢ², where Δᵢ is the difference of coordinates or, on a categorical axis, 0 for equal
//! categories and 1 for others (Hamming distance). A kernel is amplitude · f(r²) with f(0) = 1.

/// What one coordinate of an input means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// A number: coordinates differ by their difference.
    Numeric,
    /// A category: coordinates are the same or not.
    Categorical,
}

impl Axis {
    /// Δ between two coordinates.
    pub fn difference(self, a: f64, b: f64) -> f64 {
        match self {
            Axis::Numeric => a - b,
            Axis::Categorical => f64::from(u8::from(a != b)),
        }
    }
}

/// A correlation f(r²) with f(0) = 1.
pub trait Kernel: Send + Sync {
    /// Replaces each r² by f(r²).
    fn correlate(&self, squared: &mut [f64]);

    /// Replaces each r² by f(r²) and writes the derivative df/d(r²) beside it.
    fn correlate_with_slope(&self, squared: &mut [f64], slope: &mut [f64]);
}
