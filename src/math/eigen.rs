//! Eigenvalues and eigenvectors of a symmetric matrix.

use crate::order;

/// Most rounds over all pairs; six to ten are enough in practice.
const ROUNDS: usize = 60;

/// The eigenvalues of the symmetric `a` (d × d, row-major), the largest first, each with its unit eigenvector, whose entry of largest
/// magnitude is positive, the first of equals. By Jacobi's rotations in a fixed order (Golub & Van Loan 2013, Matrix Computations, 8.5).
pub fn symmetric(mut a: Vec<f64>, d: usize) -> Vec<(f64, Vec<f64>)> {
    // Rows of `v` are the eigenvectors in the end: a rotation then works on two whole rows.
    let mut v = vec![0.0; d * d];
    (0..d).for_each(|i| v[i * d + i] = 1.0);
    let size: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..ROUNDS {
        let off: f64 = (0..d)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i * d + j] * a[i * d + j])
            .sum();
        if off.is_nan() || off <= 1e-32 * size {
            break;
        }
        for p in 0..d {
            for q in p + 1..d {
                let apq = a[p * d + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[q * d + q] - a[p * d + p]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
                let c = 1.0 / libm::sqrt(t * t + 1.0);
                let s = t * c;
                rotate(&mut a, d, p, q, c, s);
                // The same from the other side; symmetry spares the arithmetic, but columns are far apart: set them from the rows.
                let (app, apq, aqp, aqq) = (a[p * d + p], a[p * d + q], a[q * d + p], a[q * d + q]);
                for k in 0..d {
                    a[k * d + p] = a[p * d + k];
                    a[k * d + q] = a[q * d + k];
                }
                a[p * d + p] = c * app - s * apq;
                a[q * d + q] = s * aqp + c * aqq;
                (a[p * d + q], a[q * d + p]) = (0.0, 0.0);
                rotate(&mut v, d, p, q, c, s);
            }
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = (0..d)
        .map(|i| {
            let mut axis = v[i * d..(i + 1) * d].to_vec();
            let largest = axis
                .iter()
                .fold(0.0f64, |best, &x| if x.abs() > best.abs() { x } else { best });
            if largest < 0.0 {
                axis.iter_mut().for_each(|x| *x = -*x);
            }
            (a[i * d + i], axis)
        })
        .collect();
    order::sort_by(&mut pairs, |x, y| y.0.total_cmp(&x.0));
    pairs
}

/// Rows `p` < `q` of `m` become c·p − s·q and s·p + c·q.
fn rotate(m: &mut [f64], d: usize, p: usize, q: usize, c: f64, s: f64) {
    let (head, tail) = m.split_at_mut(q * d);
    for (x, y) in head[p * d..(p + 1) * d].iter_mut().zip(&mut tail[..d]) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, normal};

    #[test]
    fn pairs_are_orthonormal_and_give_the_matrix_back() {
        let mut rng = Seed(3).rng();
        for d in [1, 2, 3, 17, 40] {
            let mut a = vec![0.0; d * d];
            for i in 0..d {
                for j in 0..=i {
                    let x = normal(&mut rng);
                    (a[i * d + j], a[j * d + i]) = (x, x);
                }
            }
            let pairs = symmetric(a.clone(), d);
            for i in 0..d {
                assert!(i == 0 || pairs[i].0 <= pairs[i - 1].0);
                for j in 0..d {
                    let inner: f64 = pairs[i].1.iter().zip(&pairs[j].1).map(|(x, y)| x * y).sum();
                    assert!((inner - f64::from(u8::from(i == j))).abs() < 1e-12);
                    let back: f64 = pairs.iter().map(|(value, axis)| value * axis[i] * axis[j]).sum();
                    assert!((back - a[i * d + j]).abs() < 1e-12 * d as f64, "{d}: {i} {j}");
                }
            }
        }
        // Nothing to turn, and nothing that could be turned.
        assert_eq!(symmetric(vec![0.0; 4], 2)[0], (0.0, vec![1.0, 0.0]));
        assert!(symmetric(vec![f64::NAN; 4], 2)[0].0.is_nan());
    }
}
