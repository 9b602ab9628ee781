//! Sobol' sequences with Owen scrambling: points that fill the unit cube more evenly than chance.

use super::joe_kuo::DIRECTIONS;
use crate::seed::Seed;

/// Most dimensions that are covered evenly; coordinates beyond are independent uniform draws.
pub const DIMENSIONS: usize = DIRECTIONS.len() + 1;

/// A scrambled Sobol' sequence in [0, 1)^d (Sobol' 1967; direction numbers of Joe & Kuo 2008). The first 2^k points are a digital net.
///
/// Scrambling is Owen's (1995) nested uniform one, by hashing (Burley 2020, "Practical hash-based Owen scrambling"): each coordinate is
/// uniform, and any point of the sequence can be computed by its number alone.
#[derive(Clone, Debug)]
pub struct Sobol {
    directions: Vec<[u32; 32]>,
    seeds: Vec<u32>,
    dimensions: usize,
    seed: Seed,
}

impl Sobol {
    /// A sequence in `dimensions` dimensions, scrambled by `seed`.
    pub fn new(dimensions: usize, seed: Seed) -> Sobol {
        let even = dimensions.min(DIMENSIONS);
        Sobol {
            directions: (0..even).map(directions).collect(),
            seeds: (0..even)
                .map(|d| (seed.derive("sobol", d as u64).0 >> 32) as u32)
                .collect(),
            dimensions,
            seed,
        }
    }

    /// Point number `index`, from 0.
    pub fn point(&self, index: u32) -> Vec<f64> {
        let net = self.directions.iter().zip(&self.seeds).map(|(directions, seed)| {
            // The middle of the cell: never 0 nor 1, where scales may end.
            (f64::from(scramble(coordinate(directions, index), *seed)) + 0.5) / 4_294_967_296.0
        });
        let rest = (self.directions.len()..self.dimensions).map(|d| {
            let seed = self
                .seed
                .derive("beyond sobol", d as u64)
                .derive("point", u64::from(index));
            crate::seed::uniform(&mut seed.fast_rng())
        });
        net.chain(rest).collect()
    }
}

/// The direction integers of one dimension, as fractions of 2³².
fn directions(dimension: usize) -> [u32; 32] {
    let mut v = [0u32; 32];
    if dimension == 0 {
        (0..32).for_each(|k| v[k] = 1 << (31 - k));
        return v;
    }
    let (polynomial, first) = DIRECTIONS[dimension - 1];
    let degree = first.len();
    for k in 0..32 {
        v[k] = if k < degree {
            first[k] << (31 - k)
        } else {
            let start = v[k - degree] ^ (v[k - degree] >> degree);
            (1..degree)
                .filter(|j| polynomial >> (degree - j) & 1 == 1)
                .fold(start, |sum, j| sum ^ v[k - j])
        };
    }
    v
}

fn coordinate(directions: &[u32; 32], index: u32) -> u32 {
    let bit = |k: &usize| index >> k & 1 == 1;
    (0..32).filter(bit).fold(0, |sum, k| sum ^ directions[k])
}

/// Flips each bit by a hash of the bits above it.
fn scramble(x: u32, seed: u32) -> u32 {
    let mut x = x.reverse_bits();
    x = x.wrapping_add(seed);
    for factor in [0x6c50_b47c_u32, 0xb82f_1e52, 0xc7af_e638, 0x8d22_f6e6] {
        x ^= x.wrapping_mul(factor);
    }
    x.reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_stratified() {
        let sobol = Sobol::new(DIMENSIONS, Seed(3));
        let points: Vec<Vec<f64>> = (0..256).map(|i| sobol.point(i)).collect();
        for d in 0..DIMENSIONS {
            let mut cells: Vec<usize> = points.iter().map(|p| (p[d] * 256.0) as usize).collect();
            cells.sort_unstable();
            assert!(cells.into_iter().eq(0..256), "dimension {d}");
        }
    }

    #[test]
    fn pairs_of_early_dimensions_are_stratified_too() {
        let sobol = Sobol::new(2, Seed(9));
        let mut cells: Vec<usize> = (0..64)
            .map(|i| sobol.point(i))
            .map(|p| (p[0] * 8.0) as usize * 8 + (p[1] * 8.0) as usize)
            .collect();
        cells.sort_unstable();
        assert!(cells.into_iter().eq(0..64));
    }

    #[test]
    fn unscrambled_points_are_those_of_scipy() {
        // (dimension from 0, index in binary order, coordinate), by scipy.stats.qmc.Sobol 1.17.1.
        let expected = [
            (1, 6, 0.375),
            (2, 6, 0.625),
            (20, 6, 0.125),
            (63, 6, 0.125),
            (1, 77, 0.4765625),
            (2, 77, 0.9921875),
            (20, 77, 0.2265625),
            (63, 77, 0.4921875),
            (1, 1000, 0.1611328125),
            (2, 1000, 0.4501953125),
            (20, 1000, 0.2626953125),
            (63, 1000, 0.9990234375),
        ];
        for (dimension, index, value) in expected {
            let ours = f64::from(coordinate(&directions(dimension), index)) / 4_294_967_296.0;
            assert_eq!(ours, value, "dimension {dimension}, point {index}");
        }
    }

    #[test]
    fn goes_on_beyond_its_dimensions() {
        let point = Sobol::new(DIMENSIONS + 3, Seed(1)).point(5);
        assert_eq!(point.len(), DIMENSIONS + 3);
        assert!(point.iter().all(|u| *u > 0.0 && *u < 1.0));
    }
}
