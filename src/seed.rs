//! Seeds and the named generators drawn from them. Nothing here asks the system for randomness.
//!
//! A seed is derived from its parent and a purpose, never from the order in which things happen to run, so that the same
//! study gives the same numbers natively, in one thread and in many.
#![forbid(unsafe_code)]

#[cfg(feature = "engine")]
use rand::SeedableRng;

/// A 64-bit seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed for the `index`-th use of `purpose` under this seed.
    ///
    /// SplitMix64's finalizer (Steele, Lea & Flood 2014) over an FNV-1a hash of the purpose: distinct purposes and indices give
    /// streams that are independent for all practical ends.
    #[must_use]
    pub fn derive(self, purpose: &str, index: u64) -> Seed {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in purpose.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Seed(mix(
            mix(self.0 ^ hash).wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        ))
    }

    /// ChaCha8 from this seed: the generator wherever speed is no concern.
    #[cfg(feature = "engine")]
    pub fn rng(self) -> rand_chacha::ChaCha8Rng {
        rand_chacha::ChaCha8Rng::seed_from_u64(self.0)
    }

    /// Xoshiro256++ from this seed: the generator of inner loops.
    #[cfg(feature = "engine")]
    pub fn fast_rng(self) -> rand_xoshiro::Xoshiro256PlusPlus {
        rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(self.0)
    }
}

fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A uniform draw from [0, 1): the top 53 bits of one output, the same on every target.
#[cfg(feature = "engine")]
pub fn uniform(rng: &mut impl rand::Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A uniform draw from 0..n without bias (Lemire 2019, by rejection). `n` must be positive.
#[cfg(feature = "engine")]
pub fn below(rng: &mut impl rand::Rng, n: u64) -> u64 {
    let threshold = n.wrapping_neg() % n;
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        if product as u64 >= threshold {
            return (product >> 64) as u64;
        }
    }
}

/// A standard normal draw (polar method, Marsaglia & Bray 1964), with `libm` so that every target agrees.
#[cfg(feature = "engine")]
pub fn normal(rng: &mut impl rand::Rng) -> f64 {
    loop {
        let (a, b) = (2.0 * uniform(rng) - 1.0, 2.0 * uniform(rng) - 1.0);
        let s = a * a + b * b;
        if s > 0.0 && s < 1.0 {
            return a * libm::sqrt(-2.0 * libm::log(s) / s);
        }
    }
}

/// Shuffles in place (Fisher & Yates), every order equally likely.
#[cfg(feature = "engine")]
pub fn shuffle<T>(rng: &mut impl rand::Rng, items: &mut [T]) {
    for i in (1..items.len()).rev() {
        items.swap(i, below(rng, i as u64 + 1) as usize);
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn derived_seeds_differ_by_purpose_and_index() {
        let root = Seed(7);
        let mut seen: Vec<u64> = (0..100)
            .flat_map(|i| ["split", "fit"].map(|p| root.derive(p, i).0))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 200);
    }

    #[test]
    fn normal_draws_have_unit_variance() {
        let mut rng = Seed(1).rng();
        let draws: Vec<f64> = (0..20_000).map(|_| normal(&mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
    }

    #[test]
    fn below_is_uniform() {
        let mut rng = Seed(2).fast_rng();
        let mut counts = [0u32; 5];
        (0..50_000).for_each(|_| counts[below(&mut rng, 5) as usize] += 1);
        assert!(counts.iter().all(|c| c.abs_diff(10_000) < 500), "{counts:?}");
    }
}
