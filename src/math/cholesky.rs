//! Cholesky factor of a symmetric positive definite matrix and its inverse, made row by row.
//!
//! Row i of L and of L⁻¹ is a fixed sequence of operations on the rows before it. So a factor that grew by a row when a trial was told has
//! the same bits as one made anew, and growing costs n² operations instead of n³.
//!
//! Own loops instead of nalgebra's, which cannot grow a factor. A test holds them to nalgebra's.

use super::rows::add_rows;
use wide::f64x4;

/// K = L Lᵀ with L lower triangular, and L⁻¹.
///
/// Rows are stored in a staircase: those of a group of eight have the length of the group's last one, zeros beyond the diagonal. Every
/// inner loop then runs over a multiple of eight numbers and needs no remainder, and a new row is appended.
#[derive(Clone, Debug, Default)]
pub struct Cholesky {
    n: usize,
    lower: Vec<f64>,
    inverse: Vec<f64>,
}

/// Writes the first i + 1 entries of row i of a symmetric matrix.
pub type Fill<'a> = &'a mut dyn FnMut(usize, &mut [f64]);

/// Stored length of row i.
fn stride(i: usize) -> usize {
    8 * (i / 8 + 1)
}

/// Where row i begins.
fn offset(i: usize) -> usize {
    let group = i / 8;
    32 * group * (group + 1) + i % 8 * stride(i)
}

fn row(rows: &[f64], i: usize) -> &[f64] {
    let start = offset(i);
    &rows[start..start + stride(i)]
}

/// Dot products of `R` rows with `b`, over its length, a multiple of four: one pass over `b`. The same bits for each row whatever `R` is.
fn dots<const R: usize>(a: [&[f64]; R], b: &[f64]) -> [f64; R] {
    let (b, _) = b.as_chunks::<4>();
    let a = a.map(|row| &row.as_chunks::<4>().0[..b.len()]);
    let mut lanes = [f64x4::ZERO; R];
    for (i, q) in b.iter().enumerate() {
        let q = f64x4::new(*q);
        for r in 0..R {
            lanes[r] += f64x4::new(a[r][i]) * q;
        }
    }
    lanes.map(|lanes| {
        let [a, b, c, d] = lanes.to_array();
        (a + c) + (b + d)
    })
}

impl Cholesky {
    /// Factors the n × n matrix given by its upper triangle, row-major; what stands below the diagonal is not read.
    ///
    /// Returns `None` if it is not positive definite to working precision.
    pub fn new(n: usize, upper: &[f64]) -> Option<Cholesky> {
        Cholesky::by_rows(n, &mut |i, row| (0..=i).for_each(|j| row[j] = upper[j * n + i]))
    }

    /// Factors the n × n matrix whose rows `fill` writes. n³/6 multiplications and additions, and as many for L⁻¹.
    ///
    /// Returns `None` if it is not positive definite to working precision.
    pub fn by_rows(n: usize, fill: Fill) -> Option<Cholesky> {
        let mut factor = Cholesky::default();
        factor.extend(n, fill).then_some(factor)
    }

    /// Grows to `n` rows, of which `fill` writes the new ones. Returns `false`, and stays as it was, if the grown matrix is not positive
    /// definite to working precision.
    pub fn extend(&mut self, n: usize, fill: Fill) -> bool {
        let before = self.n;
        self.lower.resize(offset(n.max(before)), 0.0);
        self.inverse.resize(offset(n.max(before)), 0.0);
        let mut matrix = vec![0.0; 4 * stride(n)];
        while self.n < n {
            // Up to four rows of one group at a time.
            let end = (self.n / 4 * 4 + 4).min(n);
            if !self.block(self.n, end, &mut matrix, fill) {
                self.truncate(before);
                return false;
            }
            self.n = end;
        }
        true
    }

    /// Only the first `n` rows: the factor of that part of the matrix.
    pub fn truncate(&mut self, n: usize) {
        self.n = self.n.min(n);
        self.lower.truncate(offset(self.n));
        self.inverse.truncate(offset(self.n));
    }

    /// Rows `start..end`, all of one group: Lᵢⱼ = (Kᵢⱼ − Σₖ Lᵢₖ Lⱼₖ) / Lⱼⱼ. `matrix` is room for four rows.
    fn block(&mut self, start: usize, end: usize, matrix: &mut [f64], fill: Fill) -> bool {
        let length = stride(start);
        for (i, k) in (start..end).zip(matrix.chunks_exact_mut(length)) {
            fill(i, &mut k[..=i]);
        }
        let first = offset(start);
        let (done, rest) = self.lower.split_at_mut(first);
        let rest = &mut rest[..(end - start) * length];
        // In one pass over the columns of earlier rows. What is not computed yet is zero, so whole stored rows can be multiplied.
        for j in 0..start {
            let column = row(done, j);
            let scale = self.inverse[offset(j) + j];
            if end - start == 4 {
                let (a, b) = rest.split_at(2 * length);
                let sums = dots([&a[..length], &a[length..], &b[..length], &b[length..]], column);
                (0..4).for_each(|r| rest[r * length + j] = (matrix[r * length + j] - sums[r]) * scale);
            } else {
                for (own, k) in rest.chunks_exact_mut(length).zip(matrix.chunks_exact(length)) {
                    let [sum] = dots([&*own], column);
                    own[j] = (k[j] - sum) * scale;
                }
            }
        }
        for i in start..end {
            let at = (i - start) * length;
            for j in start..i {
                let from = (j - start) * length;
                let [sum] = dots([&rest[at..at + length]], &rest[from..from + length]);
                rest[at + j] = (matrix[at + j] - sum) * self.inverse[offset(j) + j];
            }
            let own = &rest[at..at + length];
            let [sum] = dots([own], own);
            let pivot = matrix[at + i] - sum;
            if !(pivot > 0.0 && pivot.is_finite()) {
                return false;
            }
            let corner = libm::sqrt(pivot);
            rest[at + i] = corner;
            // Row i of L⁻¹ is (eᵢ − Σ_{k<i} Lᵢₖ · row k) / Lᵢᵢ.
            let scale = 1.0 / corner;
            let (known, new) = self.inverse.split_at_mut(offset(i));
            let target = &mut new[..length];
            let mut factors = [0.0; 8];
            for group in (0..i).step_by(8) {
                let count = (i - group).min(8);
                (0..count).for_each(|p| factors[p] = -rest[at + group + p] * scale);
                add_rows(&mut target[..group + 8], &factors[..count], |p| row(known, group + p));
            }
            target[i] = scale;
        }
        true
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
        2.0 * (0..self.n).map(|i| libm::log(self.lower[offset(i) + i])).sum::<f64>()
    }

    /// Row i of L⁻¹, up to its diagonal.
    pub fn inverse_row(&self, i: usize) -> &[f64] {
        &row(&self.inverse, i)[..=i]
    }

    /// Each row of `rows` times `v`.
    fn product(&self, rows: &[f64], v: &[f64]) -> Vec<f64> {
        let mut padded = v[..self.n].to_vec();
        padded.resize(stride(self.n), 0.0);
        let mut result = Vec::with_capacity(self.n);
        let whole = self.n / 4 * 4;
        for i in (0..whole).step_by(4) {
            let four = [row(rows, i), row(rows, i + 1), row(rows, i + 2), row(rows, i + 3)];
            result.extend(dots(four, &padded[..stride(i)]));
        }
        result.extend((whole..self.n).map(|i| dots([row(rows, i)], &padded[..stride(i)])[0]));
        result
    }

    /// L⁻¹ b.
    pub fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        self.product(&self.inverse, b)
    }

    /// L z: from independent standard normal numbers to ones of covariance K.
    pub fn half_product(&self, z: &[f64]) -> Vec<f64> {
        self.product(&self.lower, z)
    }

    /// L⁻ᵀ v, so that `solve_transposed(half_solve(b))` is K⁻¹ b.
    pub fn solve_transposed(&self, v: &[f64]) -> Vec<f64> {
        let mut result = vec![0.0; stride(self.n)];
        for group in (0..self.n).step_by(8) {
            let end = (group + 8).min(self.n);
            add_rows(&mut result[..group + 8], &v[group..end], |p| {
                row(&self.inverse, group + p)
            });
        }
        result.truncate(self.n);
        result
    }

    /// L⁻¹ B for a block of right-hand sides, into `result`: row i of both (`width` long) holds component i of each.
    pub fn half_solve_block(&self, b: &[f64], width: usize, result: &mut [f64]) {
        for (i, target) in result.chunks_exact_mut(width.max(1)).take(self.n).enumerate() {
            target.fill(0.0);
            add_rows(target, self.inverse_row(i), |k| &b[k * width..(k + 1) * width]);
        }
    }

    /// Row i of K⁻¹ = L⁻ᵀ L⁻¹ up to its diagonal, into `target` (i + 1 long).
    pub fn precision_row(&self, i: usize, target: &mut [f64]) {
        target.fill(0.0);
        let mut factors = [0.0; 8];
        let mut k = i;
        while k < self.n {
            let count = (self.n - k).min(8);
            (0..count).for_each(|p| factors[p] = self.inverse[offset(k + p) + i]);
            add_rows(target, &factors[..count], |p| row(&self.inverse, k + p));
            k += count;
        }
    }

    /// The factor of K with one more row and column: covariances `cross` with the rows before and `diagonal` with itself.
    ///
    /// Returns `None` if the grown matrix is not positive definite to working precision.
    pub fn grown(&self, cross: &[f64], diagonal: f64) -> Option<Cholesky> {
        let mut grown = self.clone();
        let mut fill = |i: usize, row: &mut [f64]| {
            row[..i].copy_from_slice(&cross[..i]);
            row[i] = diagonal;
        };
        grown.extend(self.n + 1, &mut fill).then_some(grown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rows::dot;
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
            let factor = Cholesky::new(n, &k).expect("positive definite");
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
            let mut block = vec![0.0; n];
            factor.half_solve_block(&b, 1, &mut block);
            let single = factor.half_solve(&b);
            assert!(block.iter().zip(single).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }

    #[test]
    fn agrees_with_nalgebra() {
        let n = 40;
        let k = random_spd(n);
        let theirs = nalgebra::Cholesky::new(nalgebra::DMatrix::from_row_slice(n, n, &k)).expect("positive definite");
        let ours = Cholesky::new(n, &k).expect("positive definite");
        let determinant: f64 = theirs.l().diagonal().iter().map(|v| 2.0 * libm::log(*v)).sum();
        assert!((ours.log_determinant() - determinant).abs() < 1e-9);
    }

    #[test]
    fn growing_gives_the_same_bits_as_factoring_anew() {
        let n = 29;
        let k = random_spd(n);
        let whole = Cholesky::new(n, &k).expect("pd");
        for steps in [vec![1, 2, 9, 29], vec![16, 29], (1..=29).collect()] {
            let mut grown = Cholesky::default();
            for m in steps {
                assert!(grown.extend(m, &mut |i, row| (0..=i).for_each(|j| row[j] = k[j * n + i])));
            }
            assert_eq!((&grown.lower, &grown.inverse), (&whole.lower, &whole.inverse));
        }
        let mut cut = whole.clone();
        cut.truncate(28);
        let cross: Vec<f64> = (0..28).map(|j| k[j * n + 28]).collect();
        let grown = cut.grown(&cross, k[n * n - 1]).expect("pd");
        assert_eq!((&grown.lower, &grown.inverse), (&whole.lower, &whole.inverse));
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        assert!(Cholesky::new(2, &[1.0, 2.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(1, &[f64::NAN]).is_none());
        let mut factor = Cholesky::new(1, &[4.0]).expect("pd");
        assert!(factor.grown(&[2.0], 1.0).is_none());
        assert!(!factor.extend(2, &mut |_, row| row.fill(4.0)));
        assert!(factor.len() == 1 && factor.half_solve(&[2.0]) == [1.0]);
    }
}
