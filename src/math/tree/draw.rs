//! Small uniform integers, fast.

use rand::Rng;

/// A uniform draw from 0..n without bias, by 32 × 32-bit multiplication (Lemire 2019), which wasm does in one instruction where
/// `seed::below` needs a 128-bit product. `n` must be positive.
#[inline]
pub fn below(rng: &mut impl Rng, n: u32) -> u32 {
    loop {
        // The upper half of xoshiro256++'s output.
        let product = (rng.next_u64() >> 32) * u64::from(n);
        let low = product as u32;
        // The remainder is only needed in the rare case that the draw might be refused.
        if low >= n || low >= n.wrapping_neg() % n {
            return (product >> 32) as u32;
        }
    }
}

/// How often each of `weights.len()` rows comes up in as many draws with replacement.
pub fn bootstrap(rng: &mut impl Rng, weights: &mut [u32]) {
    weights.fill(0);
    let n = weights.len() as u32;
    for _ in 0..n {
        weights[below(rng, n) as usize] += 1;
    }
}
