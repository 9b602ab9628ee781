//! Numbers that computations are written over: plain ones, and ones that carry derivatives along.

use super::exp::exp;
use std::ops::{Add, Div, Mul, Sub};
use wide::f64x4;

/// What a computation needs of its numbers. Written once over this trait, it gives the same values with and without derivatives.
pub trait Scalar:
    Copy + Send + Sync + 'static + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Four numbers side by side: each sum and product the same as of the numbers one by one, to the bit.
    type Four: Copy + Add<Output = Self::Four> + Mul<Output = Self::Four>;

    /// Four numbers.
    fn four(values: [Self; 4]) -> Self::Four;

    /// The numbers of four.
    fn each(four: Self::Four) -> [Self; 4];

    /// A constant.
    fn of(value: f64) -> Self;

    /// The number itself.
    fn value(self) -> f64;

    /// The root; a root of 0 is taken as constant.
    #[must_use]
    fn sqrt(self) -> Self;

    /// The exponential function.
    #[must_use]
    fn exp(self) -> Self;

    /// The natural logarithm.
    #[must_use]
    fn log(self) -> Self;
}

impl Scalar for f64 {
    // A compiler for WebAssembly leaves blocks of plain numbers as they are, and takes twice the time.
    type Four = f64x4;

    #[inline(always)]
    fn four(values: [f64; 4]) -> f64x4 {
        f64x4::new(values)
    }

    #[inline(always)]
    fn each(four: f64x4) -> [f64; 4] {
        four.to_array()
    }

    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn exp(self) -> f64 {
        exp(self)
    }

    fn log(self) -> f64 {
        libm::log(self)
    }
}

/// A number with its derivatives by `N` variables: forward-mode differentiation (Wengert 1964).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const N: usize> {
    /// The number.
    pub value: f64,
    /// Its derivatives.
    pub slopes: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// The variable `index` at `value`.
    pub fn variable(value: f64, index: usize) -> Dual<N> {
        let slopes = std::array::from_fn(|i| if i == index { 1.0 } else { 0.0 });
        Dual { value, slopes }
    }

    /// f(a, b), where f changes by `da` and `db` with its arguments.
    #[inline(always)]
    fn chain(value: f64, a: Dual<N>, da: f64, b: Dual<N>, db: f64) -> Dual<N> {
        Dual {
            value,
            slopes: std::array::from_fn(|i| da * a.slopes[i] + db * b.slopes[i]),
        }
    }

    /// f(a), where f changes by `slope` with its argument.
    #[inline(always)]
    fn scaled(self, value: f64, slope: f64) -> Dual<N> {
        Dual {
            value,
            slopes: self.slopes.map(|s| slope * s),
        }
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Dual<N>;

    #[inline(always)]
    fn add(self, other: Dual<N>) -> Dual<N> {
        Dual::chain(self.value + other.value, self, 1.0, other, 1.0)
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Dual<N>;

    #[inline(always)]
    fn sub(self, other: Dual<N>) -> Dual<N> {
        Dual::chain(self.value - other.value, self, 1.0, other, -1.0)
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Dual<N>;

    #[inline(always)]
    fn mul(self, other: Dual<N>) -> Dual<N> {
        Dual::chain(self.value * other.value, self, other.value, other, self.value)
    }
}

impl<const N: usize> Div for Dual<N> {
    type Output = Dual<N>;

    #[inline(always)]
    fn div(self, other: Dual<N>) -> Dual<N> {
        let value = self.value / other.value;
        Dual::chain(value, self, 1.0 / other.value, other, -value / other.value)
    }
}

/// Four numbers that no processor takes together.
#[derive(Clone, Copy)]
pub struct Apart<T>([T; 4]);

impl<T: Copy + Add<Output = T>> Add for Apart<T> {
    type Output = Apart<T>;

    #[inline(always)]
    fn add(self, other: Apart<T>) -> Apart<T> {
        Apart(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl<T: Copy + Mul<Output = T>> Mul for Apart<T> {
    type Output = Apart<T>;

    #[inline(always)]
    fn mul(self, other: Apart<T>) -> Apart<T> {
        Apart(std::array::from_fn(|i| self.0[i] * other.0[i]))
    }
}

impl<const N: usize> Scalar for Dual<N> {
    type Four = Apart<Dual<N>>;

    #[inline(always)]
    fn four(values: [Dual<N>; 4]) -> Apart<Dual<N>> {
        Apart(values)
    }

    #[inline(always)]
    fn each(four: Apart<Dual<N>>) -> [Dual<N>; 4] {
        four.0
    }

    fn of(value: f64) -> Dual<N> {
        Dual {
            value,
            slopes: [0.0; N],
        }
    }

    fn value(self) -> f64 {
        self.value
    }

    fn sqrt(self) -> Dual<N> {
        let root = self.value.sqrt();
        self.scaled(root, if root == 0.0 { 0.0 } else { 0.5 / root })
    }

    fn exp(self) -> Dual<N> {
        let power = exp(self.value);
        self.scaled(power, power)
    }

    fn log(self) -> Dual<N> {
        self.scaled(libm::log(self.value), 1.0 / self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f<T: Scalar>(a: T, b: T) -> T {
        (a * b + (a / b).sqrt()).log() - (b - a).exp() * T::of(0.3)
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        let (a, b) = (1.3, 0.7);
        let dual = f(Dual::<2>::variable(a, 0), Dual::variable(b, 1));
        assert_eq!(dual.value, f(a, b));
        let h = 1e-6;
        let by_a = (f(a + h, b) - f(a - h, b)) / (2.0 * h);
        let by_b = (f(a, b + h) - f(a, b - h)) / (2.0 * h);
        assert!((dual.slopes[0] - by_a).abs() < 1e-9 && (dual.slopes[1] - by_b).abs() < 1e-9);
        assert_eq!(Dual::<1>::variable(0.0, 0).sqrt().slopes, [0.0]);
    }
}
