//! Directions in which rows differ most.

use crate::math::rows::dot;

/// Rows that are looked at, at most.
const LOOKS: usize = 1000;

/// Share of the variance that may be left out.
const LEFT: f64 = 1e-3;

/// Orthonormal directions that hold nearly all variance of the centred, row-major `x`, the widest first, or roughly so: each is what two
/// power iterations make of the feature that varies most once the directions before it are taken out. The work grows with the cube of
/// the features, without the rounds of an eigendecomposition.
pub(super) fn axes(x: &[f64], features: usize) -> Vec<f64> {
    let every = (x.len() / features).div_ceil(LOOKS);
    let rows = || x.chunks_exact(features).step_by(every);
    let columns: Vec<Vec<f64>> = (0..features).map(|f| rows().map(|row| row[f]).collect()).collect();
    let mut covariance = vec![0.0; features * features];
    for i in 0..features {
        for j in 0..=i {
            let product = dot(&columns[i], &columns[j]);
            covariance[i * features + j] = product;
            covariance[j * features + i] = product;
        }
    }
    let enough = LEFT * trace(&covariance, features).1;
    let mut axes: Vec<f64> = Vec::new();
    while axes.len() < features * features {
        let (widest, left) = trace(&covariance, features);
        if left.is_nan() || left <= enough {
            break;
        }
        let times = |v: &[f64]| -> Vec<f64> { covariance.chunks_exact(features).map(|row| dot(row, v)).collect() };
        let mut axis = times(&unit(&covariance[widest * features..][..features]));
        for other in axes.chunks_exact(features) {
            let along = dot(other, &axis);
            axis.iter_mut().zip(other).for_each(|(a, o)| *a -= along * o);
        }
        let axis = unit(&axis);
        // (1 - a aᵀ) C (1 - a aᵀ)
        let image = times(&axis);
        let length = dot(&axis, &image);
        for (i, row) in covariance.chunks_exact_mut(features).enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry += (length * axis[j] - image[j]) * axis[i] - image[i] * axis[j];
            }
        }
        axes.extend(axis);
    }
    axes
}

/// The place of the largest entry of a diagonal, and its sum.
fn trace(matrix: &[f64], n: usize) -> (usize, f64) {
    let diagonal = || matrix.iter().step_by(n + 1).enumerate();
    let largest = diagonal().fold((0, f64::MIN), |most, (i, &v)| if v > most.1 { (i, v) } else { most });
    (largest.0, diagonal().map(|(_, v)| v).sum())
}

fn unit(vector: &[f64]) -> Vec<f64> {
    let length = dot(vector, vector).sqrt();
    vector.iter().map(|v| v / length).collect()
}
