//! The exponential function of many numbers at once.
//!
//! `libm::exp` takes its arguments one by one, with branches. This one is straight arithmetic, so that a compiler computes several
//! together, and still the same bits everywhere.

/// Beyond these, results are those at the bounds: the smallest is about 3e-308, the largest about 8e307.
const LOW: f64 = -708.0;
const HIGH: f64 = 709.0;

/// ln 2 in two parts, the first short enough for its product with any exponent to be exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// Adding and subtracting 1.5 · 2⁵² rounds to whole numbers, which then stand in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 1 / n! for n = 13 down to 0: on |r| ≤ ln 2 / 2 the rest of the series is below 5e-18.
const SERIES: [f64; 14] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

/// eˣ within two units in the last place, for x from −708 to 709; NaN for NaN.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = if x < LOW { LOW } else { x };
    let x = if x > HIGH { HIGH } else { x };
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = (x - whole * LN_2_HIGH) - whole * LN_2_LOW;
    let mut sum = SERIES[0];
    for term in &SERIES[1..] {
        sum = sum * r + term;
    }
    // 2 to the whole part, by its exponent bits.
    let scale = f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52);
    sum * scale
}

/// Replaces a row of scores by their softmax, exp(sᵢ) / Σ exp(sⱼ).
#[inline]
pub fn softmax(scores: &mut [f64]) {
    let most = scores
        .iter()
        .fold(f64::NEG_INFINITY, |most, &s| if s > most { s } else { most });
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - most);
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_libm() {
        for i in -70_800..=70_900 {
            let x = f64::from(i) * 0.01 + 1e-5;
            let (ours, theirs) = (exp(x.min(709.0)), libm::exp(x.min(709.0)));
            assert!((ours / theirs - 1.0).abs() < 4.5e-16, "{x}: {ours} and {theirs}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f64::NEG_INFINITY) < 1e-300 && exp(f64::INFINITY) > 1e307 && exp(f64::NAN).is_nan());
    }

    #[test]
    fn softmax_sums_to_one_whatever_the_scale() {
        let mut scores = [1e300, 1e300, -1e300];
        softmax(&mut scores);
        assert!((scores[0] - 0.5).abs() < 1e-15 && scores[2] < 1e-300);
    }
}
