//! The standard normal distribution, and the logarithm of h(z) = φ(z) + z Φ(z) that expected improvement is made of,
//! accurate in the far tails.

/// ½ ln 2π.
pub const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;
/// √2.
const SQRT_2: f64 = std::f64::consts::SQRT_2;
/// √(2/π).
const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;

/// Below this, tails are computed by continued fractions. There `φ + zΦ` has lost less than one digit to cancellation.
const TAIL: f64 = -2.0;

/// Density φ(z) = exp(−z²/2) / √(2π).
pub fn pdf(z: f64) -> f64 {
    libm::exp(-0.5 * z * z - HALF_LN_2PI)
}

/// Distribution function Φ(z), with full relative accuracy in the lower tail.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// ln Φ(z), finite for every finite z.
pub fn log_cdf(z: f64) -> f64 {
    if z > TAIL {
        return libm::log(cdf(z));
    }
    // Φ(−t) = φ(t) R(t) with Mills' ratio R(t) = 1 / (t + c(t)).
    let t = -z;
    -0.5 * t * t - HALF_LN_2PI - libm::log(t + mills_fraction(t))
}

/// erfcx(x) = exp(x²) erfc(x), without overflow or underflow for x ≥ 0.
pub fn erfcx(x: f64) -> f64 {
    let t = x * SQRT_2;
    if t < -TAIL {
        libm::exp(x * x) * libm::erfc(x)
    } else {
        SQRT_2_OVER_PI / (t + mills_fraction(t))
    }
}

/// The z at which Φ(z) is `p`, for p in (0, 1); infinite at 0 and 1.
pub fn quantile(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return if p > 0.5 { f64::INFINITY } else { f64::NEG_INFINITY };
    }
    // The lower tail has the digits.
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    let (mut low, mut high) = (-40.0, 0.0);
    let mut z = -1.0;
    // Newton on ln Φ, which is concave, with the bracket as a guard.
    for _ in 0..100 {
        let off = log_cdf(z) - libm::log(p);
        if off > 0.0 {
            high = z
        } else {
            low = z
        }
        let step = off / inverse_mills(z);
        let next = z - step;
        if libm::fabs(step) < 1e-14 * (1.0 + libm::fabs(z)) {
            break;
        }
        z = if next > low && next < high {
            next
        } else {
            0.5 * (low + high)
        };
    }
    z
}

/// φ(z) / Φ(z), the derivative of [`log_cdf`].
pub fn inverse_mills(z: f64) -> f64 {
    if z > TAIL {
        pdf(z) / cdf(z)
    } else {
        -z + mills_fraction(-z)
    }
}

/// ln h(z) and its derivative Φ(z) / h(z), where h(z) = φ(z) + z Φ(z); both finite for every finite z.
///
/// With Mills' ratio R(t) = Φ(−t)/φ(t) = 1 / (t + c), h(−t) = φ(t) (1 − t R) = φ(t) c / (t + c): the cancellation is done on paper
/// (the problem, and a solution by `erfcx`: Ament et al. 2023, "Unexpected improvements to expected improvement").
pub fn log_h(z: f64) -> (f64, f64) {
    if z > TAIL {
        let h = pdf(z) + z * cdf(z);
        return (libm::log(h), cdf(z) / h);
    }
    let t = -z;
    let c = mills_fraction(t);
    (-0.5 * t * t - HALF_LN_2PI + libm::log(c / (t + c)), 1.0 / c)
}

/// c(t) = 1/(t + 2/(t + 3/(t + …))), Laplace's continued fraction of Mills' ratio without its first level, for t ≥ 2.
///
/// It converges like exp(−2t√(2·depth)): far from zero a few levels are enough.
fn mills_fraction(t: f64) -> f64 {
    let depth = if t > 10.0 { 24 } else { 96 };
    let mut tail = t;
    for level in (2..depth).rev() {
        tail = t + level as f64 / tail;
    }
    1.0 / tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_meet_the_body() {
        let (a, b) = (-2.0 - 1e-12, -2.0 + 1e-12);
        assert!((log_h(a).0 - log_h(b).0).abs() < 1e-11);
        assert!((log_h(a).1 - log_h(b).1).abs() < 1e-10);
        assert!((log_cdf(a) - log_cdf(b)).abs() < 1e-11);
        assert!((erfcx(-a / SQRT_2) - erfcx(-b / SQRT_2)).abs() < 1e-12);
    }

    #[test]
    fn derivatives_match_differences() {
        for z in [-1e3, -40.0, -9.0, -2.5, -1.9, -0.3, 0.0, 0.7, 3.0, 12.0] {
            let step = 1e-6 * (1.0 + f64::abs(z));
            let slope = |f: fn(f64) -> f64| (f(z + step) - f(z - step)) / (2.0 * step);
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + b.abs());
            assert!(near(log_h(z).1, slope(|z| log_h(z).0)), "log h at {z}");
            assert!(near(inverse_mills(z), slope(log_cdf)), "log cdf at {z}");
            assert!(near(pdf(z), slope(cdf)), "cdf at {z}");
        }
    }

    #[test]
    fn quantiles_invert_the_distribution() {
        for p in [1e-300, 1e-12, 0.001, 0.02, 0.3, 0.5, 0.7, 0.999, 1.0 - 1e-12] {
            assert!((cdf(quantile(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
        // The 97.5 % point.
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn stays_finite_far_out() {
        for z in [-1e8, -1e5, -1e3, 1e3, 1e8] {
            let (value, slope) = log_h(z);
            assert!(value.is_finite() && slope.is_finite() && slope > 0.0, "{z}");
        }
    }
}
