//! Cholesky factor of a symmetric positive definite matrix, its inverse, and growing it by rows.
//!
//! Own loops instead of nalgebra's: a Gaussian process needs L⁻¹ and K⁻¹ in every step of its fit, and grows them by a row when a
//! trial is told. A test holds them to nalgebra's factor.

use super::rows::{add_rows, dot};

/// K = L Lᵀ with L lower triangular, and L⁻¹.
#[derive(Clone, Debug)]
pub struct Cholesky {
    n: usize,
    /// Row-major n × n: row i holds column i of L from its diagonal on (that is, Lᵀ).
    upper: Vec<f64>,
    /// Row-major n × n: L⁻¹, zero above the diagonal.
    inverse: Vec<f64>,
}

impl Cholesky {
    /// Factors the n × n matrix given by its upper triangle, row-major; what stands below the diagonal is not read. n³/3 operations,
    /// and as many for L⁻¹.
    ///
    /// Returns `None` if it is not positive definite to working precision.
    pub fn new(n: usize, mut upper: Vec<f64>) -> Option<Cholesky> {
        for block in (0..n).step_by(8) {
            let end = (block + 8).min(n);
            for k in block..end {
                // Rows of this block before k, then scale: row k becomes column k of L.
                let (done, rest) = upper.split_at_mut(k * n);
                let row = &mut rest[k..n];
                let coefficients: Vec<f64> = (block..k).map(|p| -done[p * n + k]).collect();
                add_rows(row, &coefficients, |p| &done[(block + p) * n + k..(block + p + 1) * n]);
                let pivot = row[0];
                if !(pivot > 0.0 && pivot.is_finite()) {
                    return None;
                }
                let scale = 1.0 / libm::sqrt(pivot);
                row.iter_mut().for_each(|v| *v *= scale);
            }
            let (done, rest) = upper.split_at_mut(end * n);
            for i in end..n {
                let coefficients: [f64; 8] = std::array::from_fn(|p| -done[(block + p) * n + i]);
                let row = &mut rest[(i - end) * n + i..(i - end + 1) * n];
                add_rows(row, &coefficients, |p| &done[(block + p) * n + i..(block + p + 1) * n]);
            }
        }
        let inverse = invert(n, &upper);
        Some(Cholesky { n, upper, inverse })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// ln det K = 2 Σ ln Lᵢᵢ.
    pub fn log_determinant(&self) -> f64 {
        2.0 * (0..self.n).map(|i| libm::log(self.upper[i * self.n + i])).sum::<f64>()
    }

    /// Row i of L⁻¹, up to its diagonal.
    pub fn inverse_row(&self, i: usize) -> &[f64] {
        &self.inverse[i * self.n..i * self.n + i + 1]
    }

    /// L⁻¹ b.
    pub fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        (0..self.n).map(|i| dot(self.inverse_row(i), b)).collect()
    }

    /// L z: from independent standard normal numbers to ones of covariance K.
    pub fn half_product(&self, z: &[f64]) -> Vec<f64> {
        let mut result = vec![0.0; self.n];
        for (k, z) in z.iter().enumerate() {
            let column = &self.upper[k * self.n + k..(k + 1) * self.n];
            result[k..].iter_mut().zip(column).for_each(|(r, l)| *r += z * l);
        }
        result
    }

    /// L⁻ᵀ v, so that `solve_transposed(half_solve(b))` is K⁻¹ b.
    pub fn solve_transposed(&self, v: &[f64]) -> Vec<f64> {
        let mut result = vec![0.0; self.n];
        // Entries above the diagonal of L⁻¹ are zeros: whole rows are as good as triangles, and vectorize better.
        add_rows(&mut result, v, |i| &self.inverse[i * self.n..(i + 1) * self.n]);
        result
    }

    /// L⁻¹ B for a block of right-hand sides: row i of `b` (`width` long) holds component i of each.
    pub fn half_solve_block(&self, b: &[f64], width: usize) -> Vec<f64> {
        let mut result = vec![0.0; self.n * width];
        for (i, row) in result.chunks_exact_mut(width.max(1)).enumerate() {
            add_rows(row, self.inverse_row(i), |k| &b[k * width..(k + 1) * width]);
        }
        result
    }

    /// Row i of K⁻¹ = L⁻ᵀ L⁻¹ up to its diagonal, into `row` (i + 1 long).
    pub fn precision_row(&self, i: usize, row: &mut [f64]) {
        row.fill(0.0);
        let coefficients: Vec<f64> = (i..self.n).map(|k| self.inverse[k * self.n + i]).collect();
        add_rows(row, &coefficients, |k| {
            &self.inverse[(i + k) * self.n..(i + k + 1) * self.n]
        });
    }

    /// The factor of K with one more row and column: covariances `cross` with the rows before and `diagonal` with itself. n² operations.
    ///
    /// Returns `None` if the grown matrix is not positive definite to working precision.
    pub fn grown(&self, cross: &[f64], diagonal: f64) -> Option<Cholesky> {
        let (n, m) = (self.n, self.n + 1);
        let column = self.half_solve(cross);
        let pivot = diagonal - dot(&column, &column);
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        let corner = libm::sqrt(pivot);
        let (mut upper, mut inverse) = (vec![0.0; m * m], vec![0.0; m * m]);
        for i in 0..n {
            upper[i * m..i * m + n].copy_from_slice(&self.upper[i * n..(i + 1) * n]);
            upper[i * m + n] = column[i];
            inverse[i * m..i * m + n].copy_from_slice(&self.inverse[i * n..(i + 1) * n]);
        }
        upper[m * m - 1] = corner;
        for (slot, v) in inverse[n * m..].iter_mut().zip(self.solve_transposed(&column)) {
            *slot = -v / corner;
        }
        inverse[m * m - 1] = 1.0 / corner;
        Some(Cholesky { n: m, upper, inverse })
    }
}

/// L⁻¹ row by row: row i is (eᵢ − Σ_{k<i} Lᵢₖ · row k) / Lᵢᵢ.
fn invert(n: usize, upper: &[f64]) -> Vec<f64> {
    let mut inverse = vec![0.0; n * n];
    let mut coefficients = Vec::with_capacity(n);
    for i in 0..n {
        let scale = 1.0 / upper[i * n + i];
        coefficients.clear();
        coefficients.extend((0..i).map(|k| -upper[k * n + i] * scale));
        let (done, rest) = inverse.split_at_mut(i * n);
        // Group by group of eight rows, each as long as its last row.
        for (g, group) in coefficients.chunks(8).enumerate() {
            let length = (8 * g + 8).min(i);
            add_rows(&mut rest[..length], group, |p| {
                &done[(8 * g + p) * n..(8 * g + p + 1) * n]
            });
        }
        rest[i] = scale;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, normal};

    fn random_spd(n: usize) -> Vec<f64> {
        let mut rng = Seed(n as u64).rng();
        let a: Vec<f64> = (0..n * n).map(|_| normal(&mut rng)).collect();
        let entry =
            |i: usize, j: usize| dot(&a[i * n..(i + 1) * n], &a[j * n..(j + 1) * n]) + if i == j { 0.5 } else { 0.0 };
        (0..n * n).map(|p| entry(p / n, p % n)).collect()
    }

    #[test]
    fn solves_and_inverts() {
        for n in [1, 2, 7, 8, 9, 16, 33, 50] {
            let k = random_spd(n);
            let factor = Cholesky::new(n, k.clone()).expect("positive definite");
            let b: Vec<f64> = (0..n).map(|i| i as f64 - 2.5).collect();
            let x = factor.solve_transposed(&factor.half_solve(&b));
            for i in 0..n {
                assert!((dot(&k[i * n..(i + 1) * n], &x) - b[i]).abs() < 1e-7, "size {n}");
                let mut row = vec![0.0; i + 1];
                factor.precision_row(i, &mut row);
                let column: Vec<f64> = (0..n).map(|j| if j == i { 1.0 } else { 0.0 }).collect();
                let whole = factor.solve_transposed(&factor.half_solve(&column));
                assert!(row.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-7));
            }
            let there_and_back = factor.half_solve(&factor.half_product(&b));
            assert!(there_and_back.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-7));
            let block = factor.half_solve_block(&b, 1);
            assert!(
                block
                    .iter()
                    .zip(factor.half_solve(&b))
                    .all(|(a, b)| (a - b).abs() < 1e-9)
            );
        }
    }

    #[test]
    fn agrees_with_nalgebra() {
        let n = 40;
        let k = random_spd(n);
        let theirs = nalgebra::Cholesky::new(nalgebra::DMatrix::from_row_slice(n, n, &k)).expect("positive definite");
        let ours = Cholesky::new(n, k).expect("positive definite");
        let determinant: f64 = theirs.l().diagonal().iter().map(|v| 2.0 * libm::log(*v)).sum();
        assert!((ours.log_determinant() - determinant).abs() < 1e-9);
    }

    #[test]
    fn growing_equals_factoring_anew() {
        let n = 20;
        let k = random_spd(n);
        let small: Vec<f64> = (0..n - 1).flat_map(|i| k[i * n..i * n + n - 1].to_vec()).collect();
        let cross: Vec<f64> = (0..n - 1).map(|i| k[i * n + n - 1]).collect();
        let grown = Cholesky::new(n - 1, small)
            .expect("pd")
            .grown(&cross, k[n * n - 1])
            .expect("pd");
        let anew = Cholesky::new(n, k).expect("pd");
        assert!((grown.log_determinant() - anew.log_determinant()).abs() < 1e-9);
        let row = |c: &Cholesky| c.inverse_row(n - 1).to_vec();
        assert!(row(&grown).iter().zip(row(&anew)).all(|(a, b)| (a - b).abs() < 1e-8));
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        assert!(Cholesky::new(2, vec![1.0, 2.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(1, vec![f64::NAN]).is_none());
    }
}
