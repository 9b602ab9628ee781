//! Draws from a density known up to a factor.

use crate::seed::{Seed, uniform};

/// Most steps by which an interval is widened, and most times it is shrunk.
const PATIENCE: usize = 12;

/// `count` draws, one every `sweeps` sweeps after twice as many to forget the start: each coordinate in turn from the slice of the density
/// above a uniform level, its interval stepped out and shrunk (Neal 2003, "Slice sampling", figures 3 and 5). `width` is the first interval's.
/// A coordinate whose bounds are both where it starts stays there.
pub(super) fn sample(
    log_density: &mut dyn FnMut(&[f64]) -> f64,
    start: &[f64],
    bounds: &[(f64, f64)],
    width: f64,
    count: usize,
    sweeps: usize,
    seed: Seed,
) -> Vec<Vec<f64>> {
    let mut rng = seed.rng();
    let mut x = start.to_vec();
    let mut now = log_density(&x);
    let mut draws = Vec::with_capacity(count);
    let mut sweep = 0;
    while draws.len() < count {
        for i in 0..x.len() {
            let (low, high) = bounds[i];
            // 1 − u is never 0.
            let level = now + libm::log(1.0 - uniform(&mut rng));
            let own = x[i];
            let mut left = own - width * uniform(&mut rng);
            let mut right = left + width;
            let mut inside = |v: f64, x: &mut Vec<f64>| {
                x[i] = v;
                let density = log_density(x);
                (density >= level).then_some(density)
            };
            for _ in 0..PATIENCE {
                if left <= low || inside(left, &mut x).is_none() {
                    break;
                }
                left -= width;
            }
            for _ in 0..PATIENCE {
                if right >= high || inside(right, &mut x).is_none() {
                    break;
                }
                right += width;
            }
            (left, right) = (left.max(low), right.min(high));
            let mut found = None;
            for _ in 0..3 * PATIENCE {
                let v = left + (right - left) * uniform(&mut rng);
                found = inside(v, &mut x).map(|density| (v, density));
                if found.is_some() {
                    break;
                }
                if v < own { left = v } else { right = v }
            }
            (x[i], now) = found.unwrap_or((own, now));
        }
        sweep += 1;
        if sweep > 2 * sweeps && (sweep - 2 * sweeps).is_multiple_of(sweeps) {
            draws.push(x.clone());
        }
    }
    draws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_densitys_moments() {
        // A correlated normal density, cut off on one side.
        let mut density = |x: &[f64]| -0.5 * (x[0] * x[0] + (x[1] - 0.8 * x[0]) * (x[1] - 0.8 * x[0]) / 0.36);
        let wide = [(-9.0, 9.0); 2];
        let draws = sample(&mut density, &[3.0, -3.0], &wide, 1.0, 4000, 2, Seed(4));
        let mean = |f: &dyn Fn(&Vec<f64>) -> f64| draws.iter().map(f).sum::<f64>() / 4000.0;
        assert!(mean(&|x| x[0]).abs() < 0.1 && mean(&|x| x[1]).abs() < 0.1);
        assert!((mean(&|x| x[1] * x[1]) - 1.0).abs() < 0.15 && (mean(&|x| x[0] * x[1]) - 0.8).abs() < 0.15);
        let half = sample(
            &mut density,
            &[1.0, 0.0],
            &[(0.0, 9.0), (-9.0, 9.0)],
            1.0,
            3000,
            1,
            Seed(5),
        );
        let average = half.iter().map(|x| x[0]).sum::<f64>() / 3000.0;
        assert!(
            half.iter().all(|x| x[0] >= 0.0) && (average - 0.798).abs() < 0.08,
            "{average}"
        );
    }
}
