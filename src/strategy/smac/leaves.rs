//! How many values a leaf needs: one where values can be trusted, more where they are noisy.

use crate::seed::Seed;
use crate::surrogate::forest::{Forest, Kind};

/// Rows of the smallest leaves under noise: a lucky value is averaged with two of its neighbours at least.
const AVERAGED: usize = 3;
/// They are taken where they predict better than single values, by this share of the squared error.
const MARGIN: f64 = 0.2;
/// With fewer values than this nobody can say.
const ENOUGH: usize = 20;
/// Parts of the cross-validation, and trees of its forests.
const FOLDS: usize = 5;
const TREES: usize = 10;

/// The fewest rows of a leaf, by cross-validation on the row-major `x` and the values `y`: every fifth row is predicted from the others.
///
/// A tree that splits until each value has a leaf of its own finds the exact best of an exact objective, but under noise it believes every
/// value. The search then stays beside the luckiest one.
pub(super) fn least_rows(x: &[f64], y: &[f64], kinds: &[Kind], seed: Seed) -> usize {
    if y.len() < ENOUGH {
        return 1;
    }
    let dim = kinds.len();
    let mut errors = [0.0; 2];
    for fold in 0..FOLDS {
        let part = |held: bool| {
            let rows: Vec<usize> = (0..y.len()).filter(|i| (i % FOLDS == fold) == held).collect();
            let inputs: Vec<f64> = rows.iter().flat_map(|i| &x[i * dim..(i + 1) * dim]).copied().collect();
            let values: Vec<f64> = rows.iter().map(|i| y[*i]).collect();
            (inputs, values)
        };
        let ((inputs, values), (others, truth)) = (part(false), part(true));
        let seed = seed.derive("fold", fold as u64);
        for (error, leaf) in errors.iter_mut().zip([1, AVERAGED]) {
            let forest = Forest::fit(&inputs, &values, kinds, TREES, 2 * leaf, leaf, seed);
            let told = forest.predict(&others);
            *error += told
                .iter()
                .zip(&truth)
                .map(|((mean, _), v)| (mean - v) * (mean - v))
                .sum::<f64>();
        }
    }
    if errors[1] < (1.0 - MARGIN) * errors[0] {
        AVERAGED
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{normal, uniform};

    /// How often in 20 sets of 60 values of a bowl with this noise leaves average.
    fn averaged(noise: f64) -> usize {
        let one = |seed: u64| {
            let mut rng = Seed(seed).rng();
            let x: Vec<f64> = (0..120).map(|_| uniform(&mut rng)).collect();
            let bowl = |p: &[f64]| (p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.6) * (p[1] - 0.6);
            let y: Vec<f64> = x.chunks(2).map(|p| bowl(p) + noise * normal(&mut rng)).collect();
            least_rows(&x, &y, &[Kind::Ordered; 2], Seed(seed)) > 1
        };
        (0..20).filter(|seed| one(*seed)).count()
    }

    #[test]
    fn leaves_average_where_values_are_noisy() {
        let [exact, noisy] = [0.0, 0.5].map(averaged);
        assert!(exact == 0 && noisy >= 5, "{exact} and {noisy}");
    }

    #[test]
    fn few_values_are_no_comparison() {
        assert_eq!(least_rows(&[0.5], &[1.0], &[Kind::Ordered], Seed(1)), 1);
    }
}
