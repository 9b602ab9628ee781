//! The scrambled Halton sequence as a search.

use super::spread::{Sequence, Spread};
use super::{Build, cube::Cube};
use crate::registry::Entry;
use crate::seed::{Seed, shuffle};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "halton",
    title: "Halton sequence",
    about: "Points of a randomly scrambled Halton sequence: each parameter counts in a prime base of its own, with the digits reversed. Even \
        after any number of points, not only after powers of two as Sobol's, and slightly less so in pairs of parameters. It does not \
        learn. Beyond some twenty parameters the large primes need very many points before they are even.",
    formula: "xᵢⱼ = Σₖ πⱼₖ(digitₖ of i in base pⱼ) · pⱼ⁻ᵏ",
    paper: "Halton 1960; Owen 2017, A randomized Halton algorithm in R, arXiv:1706.02808 (scrambling)",
    settings: &[],
    build: |space, _settings, plan| {
        let sequence = Halton::new(Cube::new(space).dim(), plan.seed.derive("halton", 0));
        Ok(Box::new(Spread::new("Halton point", space, plan, Box::new(sequence))))
    },
};

/// Digits are drawn until the rest is below this.
const RESOLUTION: f64 = 1e-12;

/// A Halton sequence with an independent random permutation of the digits at every place.
struct Halton {
    /// For each dimension its prime, and the permutation at each place behind the point.
    axes: Vec<(u32, Vec<Vec<u32>>)>,
}

impl Halton {
    fn new(dimensions: usize, seed: Seed) -> Halton {
        let axis = |(d, prime): (usize, u32)| {
            let mut rng = seed.derive("digits", d as u64).rng();
            let (mut places, mut rest) = (Vec::new(), 1.0);
            while rest > RESOLUTION {
                let mut digits: Vec<u32> = (0..prime).collect();
                shuffle(&mut rng, &mut digits);
                places.push(digits);
                rest /= f64::from(prime);
            }
            (prime, places)
        };
        Halton {
            axes: primes().take(dimensions).enumerate().map(axis).collect(),
        }
    }
}

fn primes() -> impl Iterator<Item = u32> {
    (2u32..).filter(|n| (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

impl Sequence for Halton {
    fn point(&mut self, index: u32) -> Vec<f64> {
        let coordinate = |(prime, places): &(u32, Vec<Vec<u32>>)| {
            let (mut left, mut share, mut sum) = (index, 1.0, 0.0);
            for digits in places {
                share /= f64::from(*prime);
                sum += share * f64::from(digits[(left % prime) as usize]);
                left /= prime;
            }
            // The middle of the cell: never 0 nor 1, where scales may end.
            sum + 0.5 * share
        };
        self.axes.iter().map(coordinate).collect()
    }

    fn why(&self, index: u32) -> String {
        format!(
            "Point {} of a scrambled Halton sequence, which fills the space evenly; what earlier trials found plays no part.",
            index + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_stratified_in_its_base() {
        let mut halton = Halton::new(5, Seed(2));
        for (d, prime) in [2u32, 3, 5, 7, 11].into_iter().enumerate() {
            let n = prime * prime;
            let mut cells: Vec<u32> = (0..n).map(|i| (halton.point(i)[d] * f64::from(n)) as u32).collect();
            cells.sort_unstable();
            assert!(cells.into_iter().eq(0..n), "base {prime}");
        }
    }

    #[test]
    fn two_hundred_dimensions_stay_inside() {
        let mut halton = Halton::new(200, Seed(1));
        assert!((0..50).all(|i| halton.point(i).iter().all(|u| *u > 0.0 && *u < 1.0)));
    }
}
