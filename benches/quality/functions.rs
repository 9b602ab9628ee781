//! Test functions of the three sets, in their usual coordinates. All are minimized.

use std::f64::consts::{E, PI};

fn square(v: f64) -> f64 {
    v * v
}

// The suite, with known figures of other optimizers.

/// Branin on [−5, 10] × [0, 15]; minimum 0.397887.
pub fn branin(x: &[f64]) -> f64 {
    let a = x[1] - 5.1 / (4.0 * PI * PI) * x[0] * x[0] + 5.0 / PI * x[0] - 6.0;
    a * a + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::cos(x[0]) + 10.0
}

/// Six-hump camel on [−3, 3] × [−2, 2]; minimum −1.0316285.
pub fn camel6(x: &[f64]) -> f64 {
    let (a, b) = (x[0] * x[0], x[1] * x[1]);
    (4.0 - 2.1 * a + a * a / 3.0) * a + x[0] * x[1] + (4.0 * b - 4.0) * b
}

const HARTMANN: [f64; 4] = [1.0, 1.2, 3.0, 3.2];

/// Hartmann-6 on the unit cube; minimum −3.322368.
pub fn hartmann6(x: &[f64]) -> f64 {
    const A: [[f64; 6]; 4] = [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ];
    const P: [[f64; 6]; 4] = [
        [1312.0, 1696.0, 5569.0, 124.0, 8283.0, 5886.0],
        [2329.0, 4135.0, 8307.0, 3736.0, 1004.0, 9991.0],
        [2348.0, 1451.0, 3522.0, 2883.0, 3047.0, 6650.0],
        [4047.0, 8828.0, 8732.0, 5743.0, 1091.0, 381.0],
    ];
    let term = |i: usize| -> f64 { (0..6).map(|j| A[i][j] * square(x[j] - 1e-4 * P[i][j])).sum() };
    HARTMANN.iter().enumerate().map(|(i, c)| -c * libm::exp(-term(i))).sum()
}

/// Ackley's function of `x` shifted by (3.7, −8.1, 12.4, −2.9, 6.3) on [−32.768, 32.768]⁵; minimum 0.
pub fn ackley5s(x: &[f64]) -> f64 {
    const SHIFT: [f64; 5] = [3.7, -8.1, 12.4, -2.9, 6.3];
    let z: Vec<f64> = x.iter().zip(SHIFT).map(|(x, s)| x - s).collect();
    let squares: f64 = z.iter().map(|v| v * v).sum();
    let waves: f64 = z.iter().map(|v| libm::cos(2.0 * PI * v)).sum();
    -20.0 * libm::exp(-0.2 * libm::sqrt(squares / 5.0)) - libm::exp(waves / 5.0) + 20.0 + E
}

// For tuning.

/// The logarithm of Goldstein and Price's function on [−2, 2]²; minimum ln 3 at (0, −1).
pub fn goldstein_log(x: &[f64]) -> f64 {
    let (a, b) = (x[0], x[1]);
    let first = 1.0 + square(a + b + 1.0) * (19.0 - 14.0 * a + 3.0 * a * a - 14.0 * b + 6.0 * a * b + 3.0 * b * b);
    let second =
        30.0 + square(2.0 * a - 3.0 * b) * (18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b - 36.0 * a * b + 27.0 * b * b);
    libm::log(first * second)
}

/// Hartmann-3 on the unit cube; minimum −3.86278.
pub fn hartmann3(x: &[f64]) -> f64 {
    const A: [[f64; 3]; 4] = [
        [3.0, 10.0, 30.0],
        [0.1, 10.0, 35.0],
        [3.0, 10.0, 30.0],
        [0.1, 10.0, 35.0],
    ];
    const P: [[f64; 3]; 4] = [
        [3689.0, 1170.0, 2673.0],
        [4699.0, 4387.0, 7470.0],
        [1091.0, 8732.0, 5547.0],
        [381.0, 5743.0, 8828.0],
    ];
    let term = |i: usize| -> f64 { (0..3).map(|j| A[i][j] * square(x[j] - 1e-4 * P[i][j])).sum() };
    HARTMANN.iter().enumerate().map(|(i, c)| -c * libm::exp(-term(i))).sum()
}

/// Rastrigin's function of `x` shifted by (1.3, −0.8, 0.4) on [−5.12, 5.12]³; minimum 0.
pub fn rastrigin3(x: &[f64]) -> f64 {
    let z = x.iter().zip([1.3, -0.8, 0.4]).map(|(x, s)| x - s);
    30.0 + z.map(|v| v * v - 10.0 * libm::cos(2.0 * PI * v)).sum::<f64>()
}

/// Shekel's ten foxholes on [0, 10]⁴: a flat plain with holes, the deepest beside others nearly as deep; minimum −10.536410 near (4, 4, 4, 4).
pub fn shekel4(x: &[f64]) -> f64 {
    const A: [[f64; 4]; 10] = [
        [4.0, 4.0, 4.0, 4.0],
        [1.0, 1.0, 1.0, 1.0],
        [8.0, 8.0, 8.0, 8.0],
        [6.0, 6.0, 6.0, 6.0],
        [3.0, 7.0, 3.0, 7.0],
        [2.0, 9.0, 2.0, 9.0],
        [5.0, 5.0, 3.0, 3.0],
        [8.0, 1.0, 8.0, 1.0],
        [6.0, 2.0, 6.0, 2.0],
        [7.0, 3.6, 7.0, 3.6],
    ];
    const C: [f64; 10] = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];
    let hole = |(a, c): (&[f64; 4], &f64)| -1.0 / (c + (0..4).map(|j| square(x[j] - a[j])).sum::<f64>());
    A.iter().zip(&C).map(hole).sum()
}

/// Salomon's function of `x` shifted by (3, −11, 7, −2, 5) on [−25, 25]⁵: ripples on a cone; minimum 0.
pub fn salomon5(x: &[f64]) -> f64 {
    let z = x.iter().zip([3.0, -11.0, 7.0, -2.0, 5.0]).map(|(x, s)| x - s);
    let distance = libm::sqrt(z.map(|v| v * v).sum());
    1.0 - libm::cos(2.0 * PI * distance) + 0.1 * distance
}

/// Trid on [−36, 36]⁶, its logarithm above the minimum of −50: a long quadratic valley; minimum 0.
pub fn trid6(x: &[f64]) -> f64 {
    let own: f64 = x.iter().map(|v| square(v - 1.0)).sum();
    let next: f64 = x.windows(2).map(|w| w[0] * w[1]).sum();
    libm::log1p((own - next + 50.0).max(0.0))
}

/// Two wells in the unit cube⁶, a wide one at 0.3 everywhere and a narrower, deeper one at 0.75; minimum −1.077473 near 0.7313 everywhere.
pub fn wells6(x: &[f64]) -> f64 {
    let square_distance = |c: f64| x.iter().map(|v| square(v - c)).sum::<f64>();
    -0.8 * libm::exp(-square_distance(0.3) / 0.5) - libm::exp(-square_distance(0.75) / 0.25)
}

/// A tilted bowl in the unit cube¹⁵ as a logarithm, of whose coordinates each next counts for a third less; minimum 0 at 0.2 + 0.6 (7i mod 15)/14.
pub fn bowl15(x: &[f64]) -> f64 {
    let z: Vec<f64> = (0..15).map(|i| x[i] - 0.2 - 0.6 * (7 * i % 15) as f64 / 14.0).collect();
    let mut weight = 100.0;
    let mut sum = 0.0;
    for i in 0..15 {
        let next = if i + 1 < 15 { 0.5 * z[i + 1] } else { 0.0 };
        sum += weight * square(z[i] + next);
        weight *= 2.0 / 3.0;
    }
    libm::log1p(sum)
}

// For judging.

/// Rosenbrock's valley on [−2, 3]⁴, as a logarithm; minimum 0 at (1, 1, 1, 1).
pub fn rosenbrock4(x: &[f64]) -> f64 {
    let valley = |i: usize| 100.0 * square(x[i + 1] - x[i] * x[i]) + square(1.0 - x[i]);
    libm::log1p((0..3).map(valley).sum())
}

/// Levy's function on [−10, 10]⁴; minimum 0 at (1, 1, 1, 1).
pub fn levy4(x: &[f64]) -> f64 {
    let w: Vec<f64> = x.iter().map(|v| 1.0 + (v - 1.0) / 4.0).collect();
    let middle = |v: &f64| square(v - 1.0) * (1.0 + 10.0 * square(libm::sin(PI * v + 1.0)));
    let last = square(w[3] - 1.0) * (1.0 + square(libm::sin(2.0 * PI * w[3])));
    square(libm::sin(PI * w[0])) + w[..3].iter().map(middle).sum::<f64>() + last
}

/// Styblinski and Tang's function on [−5, 5]⁵; minimum −195.830828 at −2.903534 everywhere.
pub fn styblinski5(x: &[f64]) -> f64 {
    x.iter().map(|v| (v * v * v * v - 16.0 * v * v + 5.0 * v) / 2.0).sum()
}

/// Griewank's function of `x` shifted by (17, −9, 31) on [−60, 60]³; minimum 0.
pub fn griewank3(x: &[f64]) -> f64 {
    let z: Vec<f64> = x.iter().zip([17.0, -9.0, 31.0]).map(|(x, s)| x - s).collect();
    let squares: f64 = z.iter().map(|v| v * v).sum::<f64>() / 4000.0;
    let waves: f64 = z
        .iter()
        .enumerate()
        .map(|(i, v)| libm::cos(v / libm::sqrt(i as f64 + 1.0)))
        .product();
    squares - waves + 1.0
}

/// Dixon and Price's function on [−4, 4]³, as a logarithm; minimum 0.
pub fn dixon3(x: &[f64]) -> f64 {
    let step = |i: usize| (i + 1) as f64 * square(2.0 * x[i] * x[i] - x[i - 1]);
    libm::log1p(square(x[0] - 1.0) + step(1) + step(2))
}
