//! From observed values to the unit of a process: warped by Yeo and Johnson's transform, then mean 0 and variance 1.

/// t = (ψ_λ(v) − center) / spread.
///
/// ψ_λ(v) = ((1 + v)^λ − 1)/λ for v ≥ 0 and −((1 − v)^(2−λ) − 1)/(2 − λ) below, with logarithms where the exponent is 0: below λ = 1 it
/// squeezes large values and stretches small ones (Yeo & Johnson 2000).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    lambda: f64,
    center: f64,
    spread: f64,
}

/// (eᵉˡ − 1)/e for l = ln(1 + |v|): l at e = 0.
fn grow(exponent: f64, l: f64) -> f64 {
    if (exponent * l).abs() < 1e-9 {
        l
    } else {
        libm::expm1(exponent * l) / exponent
    }
}

/// The l that [`grow`] takes to `t`; infinite beyond its range.
fn shrink(exponent: f64, t: f64) -> f64 {
    let product = exponent * t;
    if product.abs() < 1e-9 {
        t
    } else if product <= -1.0 {
        f64::INFINITY
    } else {
        libm::log1p(product) / exponent
    }
}

/// ψ_λ(v).
fn warped(lambda: f64, v: f64) -> f64 {
    match () {
        () if lambda == 1.0 => v,
        () if v >= 0.0 => grow(lambda, libm::log1p(v)),
        () => -grow(2.0 - lambda, libm::log1p(-v)),
    }
}

impl Output {
    /// Standardizes what `values` are warped to. Equal values keep their unit.
    pub fn of(lambda: f64, values: &[f64]) -> Output {
        let n = values.len().max(1) as f64;
        let warped: Vec<f64> = values.iter().map(|v| warped(lambda, *v)).collect();
        let center = warped.iter().sum::<f64>() / n;
        let variance = warped.iter().map(|w| (w - center) * (w - center)).sum::<f64>() / n;
        let sd = libm::sqrt(variance);
        let spread = if sd > 1e-9 * center.abs().max(1e-3) { sd } else { 1.0 };
        Output { lambda, center, spread }
    }

    /// The process's unit of a value.
    pub fn apply(&self, value: f64) -> f64 {
        (warped(self.lambda, value) - self.center) / self.spread
    }

    /// The value of a number in the process's unit: infinite where no value gives it.
    pub fn invert(&self, t: f64) -> f64 {
        let w = t * self.spread + self.center;
        match () {
            () if self.lambda == 1.0 => w,
            () if w >= 0.0 => libm::expm1(shrink(self.lambda, w)),
            () => -libm::expm1(shrink(2.0 - self.lambda, -w)),
        }
    }

    /// ln dt/dv at a value.
    fn log_slope(&self, value: f64) -> f64 {
        let sign = if value >= 0.0 { 1.0 } else { -1.0 };
        (self.lambda - 1.0) * sign * libm::log1p(value.abs()) - libm::log(self.spread)
    }

    /// dv/dt at a number in the process's unit.
    pub fn inverse_slope(&self, t: f64) -> f64 {
        libm::exp(-self.log_slope(self.invert(t)))
    }

    /// Σ ln dt/dv: what turns a density of warped values into one of the values themselves, so that warps can be compared.
    pub fn log_jacobian(&self, values: &[f64]) -> f64 {
        values.iter().map(|v| self.log_slope(*v)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 7] = [-2.5, -0.7, -0.1, 0.0, 0.4, 1.3, 9.0];

    #[test]
    fn goes_there_and_back_with_the_slope_it_tells() {
        for lambda in [-1.0, -0.3, 0.0, 0.5, 1.0, 1.7, 2.0, 3.0] {
            let output = Output::of(lambda, &VALUES);
            let all: Vec<f64> = VALUES.iter().map(|v| output.apply(*v)).collect();
            assert!(all.windows(2).all(|w| w[0] < w[1]));
            assert!(all.iter().sum::<f64>().abs() < 1e-9);
            assert!((all.iter().map(|t| t * t).sum::<f64>() - 7.0).abs() < 1e-9);
            for (v, t) in VALUES.iter().zip(&all) {
                assert!((output.invert(*t) - v).abs() < 1e-9, "{lambda}: {v}");
                let difference = (output.apply(v + 1e-6) - output.apply(v - 1e-6)) / 2e-6;
                assert!((output.inverse_slope(*t) * difference - 1.0).abs() < 1e-6);
                assert!((libm::exp(output.log_jacobian(&[*v])) / difference - 1.0).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn equal_values_and_unreachable_numbers_are_told_apart() {
        let output = Output::of(0.5, &[3.0; 4]);
        assert!(output.apply(3.0) == 0.0 && output.apply(4.0).is_finite());
        assert!(Output::of(-1.0, &VALUES).invert(50.0).is_infinite());
        assert!(Output::of(1.0, &[]).apply(2.0) == 2.0);
    }
}
