//! Wilcoxon's signed-rank test (Wilcoxon 1945): whether paired differences lie on one side of zero.

use crate::order;

/// Two-sided p-value of "the differences are symmetric about 0", exact over all ways to give the ranks their signs. Differences of 0 say
/// nothing and are left out; equal sizes share the mean of their ranks. 1 where nothing is left, NaN for more than 1000 differences.
pub fn p_value(differences: &[f64]) -> f64 {
    let mut sizes: Vec<(f64, bool)> = differences
        .iter()
        .filter(|d| **d != 0.0)
        .map(|d| (d.abs(), *d > 0.0))
        .collect();
    if sizes.len() > 1000 {
        return f64::NAN;
    }
    order::sort_by(&mut sizes, |a, b| a.0.total_cmp(&b.0));
    // Twice the ranks, which are whole numbers even where sizes are equal.
    let mut ranks = vec![0usize; sizes.len()];
    let mut from = 0;
    while from < sizes.len() {
        let equal = sizes[from..].iter().take_while(|s| s.0 == sizes[from].0).count();
        ranks[from..from + equal].fill(2 * from + equal + 1);
        from += equal;
    }
    let total: usize = ranks.iter().sum();
    let positive: usize = ranks.iter().zip(&sizes).filter(|(_, s)| s.1).map(|(r, _)| r).sum();
    // Share of the sign patterns for each sum of the positive ranks.
    let mut share = vec![0.0; total + 1];
    share[0] = 1.0;
    let mut reached = 0;
    for rank in ranks {
        reached += rank;
        for sum in (0..=reached).rev() {
            let with = if sum >= rank { share[sum - rank] } else { 0.0 };
            share[sum] = 0.5 * (share[sum] + with);
        }
    }
    let tail: f64 = share[..=positive.min(total - positive)].iter().sum();
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_are_counted_by_hand() {
        // All of one sign: 2 of the 2⁵ patterns are as extreme.
        assert_eq!(p_value(&[1.0, 2.0, 3.0, 4.0, 5.0]), 2.0 / 32.0);
        // Positive ranks 1 only: sums 0 and 1 below, twice.
        assert_eq!(p_value(&[1.0, -2.0, -3.0, -4.0]), 2.0 * 2.0 / 16.0);
        assert_eq!(p_value(&[0.0, 0.0]), 1.0);
        assert_eq!(p_value(&[]), 1.0);
        // Two of one size share rank 1.5: + sums 0 (1 pattern) and 1.5 (2 patterns) of 8.
        assert_eq!(p_value(&[1.0, -1.0, -2.0]), 2.0 * 3.0 / 8.0);
    }

    #[test]
    fn it_agrees_with_the_normal_approximation_for_many() {
        let differences: Vec<f64> = (0..60)
            .map(|i| f64::from(i + 1) * if i % 3 == 0 { -1.0 } else { 1.0 })
            .collect();
        let n = 60.0;
        let positive: f64 = differences.iter().filter(|d| **d > 0.0).sum();
        let z = (positive - n * (n + 1.0) / 4.0) / libm::sqrt(n * (n + 1.0) * (2.0 * n + 1.0) / 24.0);
        let normal = 2.0 * crate::math::normal::cdf(-z.abs());
        assert!((p_value(&differences) - normal).abs() < 1e-3);
    }
}
