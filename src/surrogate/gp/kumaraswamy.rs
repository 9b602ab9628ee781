//! Warped inputs: an axis that is stretched at one end and squeezed at the other, so that one lengthscale fits all of it.

/// How far inputs stay away from 0 and 1, where slopes may be infinite.
const EDGE: f64 = 1e-4;

/// Kumaraswamy's distribution function w(u) = 1 − (1 − uᵃ)ᵇ on the unit interval; (1, 1) is the identity, up to the edge.
///
/// Snoek, Swersky, Zemel & Adams 2014, "Input warping for Bayesian optimization of non-stationary functions", use the Beta distribution's; this
/// one is alike and has a closed form.
pub fn warp([a, b]: [f64; 2], u: f64) -> f64 {
    1.0 - libm::pow(1.0 - libm::pow(inside(u), a), b)
}

fn inside(u: f64) -> f64 {
    EDGE + (1.0 - 2.0 * EDGE) * u
}

/// (∂w/∂u, ∂w/∂ ln a, ∂w/∂ ln b).
pub fn slopes([a, b]: [f64; 2], u: f64) -> (f64, f64, f64) {
    let v = inside(u);
    let power = libm::pow(v, a);
    let rest = 1.0 - power;
    let tail = libm::pow(rest, b);
    // ∂w/∂(uᵃ)
    let outer = b * tail / rest;
    (
        (1.0 - 2.0 * EDGE) * outer * a * power / v,
        outer * power * libm::log(v) * a,
        -tail * libm::log(rest) * b,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_from_zero_to_one_with_the_slopes_it_tells() {
        for (a, b) in [(1.0, 1.0), (0.4, 2.0), (3.0, 0.5)] {
            assert!(warp([a, b], 0.0) < 0.05 && warp([a, b], 1.0) > 0.95);
            for u in [0.0, 0.2, 0.7, 1.0] {
                let (by_u, by_a, by_b) = slopes([a, b], u);
                let by = |f: &dyn Fn(f64) -> f64| (f(1e-6) - f(-1e-6)) / 2e-6;
                let near = |slope: f64, difference: f64| (slope - difference).abs() < 1e-4 * (1.0 + difference.abs());
                assert!(near(by_u, by(&|h| warp([a, b], u + h))), "{a} {b} {u}");
                assert!(near(by_a, by(&|h| warp([a * libm::exp(h), b], u))), "{a} {b} {u}");
                assert!(near(by_b, by(&|h| warp([a, b * libm::exp(h)], u))), "{a} {b} {u}");
                assert!(by_u > 0.0);
            }
        }
        assert!((warp([1.0, 1.0], 0.3) - 0.3).abs() < 1e-4);
    }
}
