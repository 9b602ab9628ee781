//! Parameters without order beside the normal distribution: a probability for each category, moved towards those of the better points.
//!
//! After Hamano, Saito, Nomura, Uchida & Shirakawa 2024, "CatCMA", GECCO: categories have no distances, so no normal distribution over codes
//! of them can mean anything; their own distribution follows the same ranks, and a margin keeps every category possible. Where
//! CatCMA adapts its learning rate, this takes the share that μ_eff points weigh against the free probabilities.

use super::rates::Rates;
use crate::seed::uniform;
use rand::Rng;

pub(super) struct Categories {
    /// For each categorical axis of the cube, its probabilities.
    axes: Vec<(usize, Vec<f64>)>,
}

impl Categories {
    /// Of axes with their numbers of categories: all equally likely.
    pub(super) fn new(axes: Vec<(usize, usize)>) -> Categories {
        let even = |(axis, count): (usize, usize)| (axis, vec![1.0 / count as f64; count]);
        Categories {
            axes: axes.into_iter().map(even).collect(),
        }
    }

    pub(super) fn axes(&self) -> impl Iterator<Item = usize> + '_ {
        self.axes.iter().map(|(axis, _)| *axis)
    }

    /// All equally likely again.
    pub(super) fn forget(&mut self) {
        for (_, shares) in &mut self.axes {
            let even = 1.0 / shares.len() as f64;
            shares.fill(even);
        }
    }

    /// One category of each axis.
    pub(super) fn sample(&self, rng: &mut impl Rng) -> Vec<usize> {
        let one = |(_, shares): &(usize, Vec<f64>)| {
            let mut left = uniform(rng);
            let below = |share: &f64| {
                left -= share;
                left < 0.0
            };
            shares.iter().position(below).unwrap_or(shares.len() - 1)
        };
        self.axes.iter().map(one).collect()
    }

    /// Moves the probabilities towards the choices of a generation, best first.
    pub(super) fn update(&mut self, ranked: &[&[usize]], rates: &Rates) {
        let free: usize = self.axes.iter().map(|(_, shares)| shares.len() - 1).sum();
        let rate = rates.effective / (rates.effective + 2.0 + free as f64);
        let axes = self.axes.len() as f64;
        for (i, (_, shares)) in self.axes.iter_mut().enumerate() {
            shares.iter_mut().for_each(|share| *share *= 1.0 - rate);
            for (choices, weight) in ranked.iter().zip(&rates.weights).take(rates.parents()) {
                shares[choices[i]] += rate * weight;
            }
            // With probability 0.73 a point has no other than the likeliest categories, as in CatCMA.
            let least = (1.0 - libm::pow(0.73, 1.0 / axes)) / (shares.len() - 1) as f64;
            shares.iter_mut().for_each(|share| *share = share.max(least));
            let spare: f64 = shares.iter().map(|share| share - least).sum();
            let over = shares.iter().sum::<f64>() - 1.0;
            if spare > 0.0 {
                shares
                    .iter_mut()
                    .for_each(|share| *share -= over * (*share - least) / spare);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn the_better_category_becomes_likely_and_none_impossible() {
        let mut categories = Categories::new(vec![(0, 3), (2, 2)]);
        let rates = Rates::new(2, 8);
        let (good, bad) = ([1usize, 0], [2usize, 1]);
        let ranked: Vec<&[usize]> = (0..8).map(|k| if k < 4 { &good[..] } else { &bad[..] }).collect();
        (0..50).for_each(|_| categories.update(&ranked, &rates));
        for (_, shares) in &categories.axes {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(shares.iter().all(|s| *s > 0.05), "{shares:?}");
        }
        assert!(categories.axes[0].1[1] > 0.8 && categories.axes[1].1[0] > 0.8);
        let drawn = categories.sample(&mut Seed(1).rng());
        assert!(drawn[0] < 3 && drawn[1] < 2);
    }
}
