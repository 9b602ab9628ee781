//! Products of matrices, blocked so that sums stay in registers and a compiler computes several of them at once.

use super::scalar::Scalar;

/// Rows of a block.
const ROWS: usize = 4;

/// C += A B. `a` holds A, m × k, entry (i, p) at `i · strides.0 + p · strides.1`, so that it may be read transposed; `b` holds B, k × n,
/// and `c` holds C, m × n, both row-major. Every sum goes over p in order, whatever the block it stands in. `panel` is scratch.
pub fn add_product<T: Scalar>(
    [m, k, n]: [usize; 3],
    a: &[T],
    strides: (usize, usize),
    b: &[T],
    c: &mut [T],
    panel: &mut Vec<T>,
) {
    if n == 0 || k == 0 {
        return;
    }
    let whole = m - m % ROWS;
    for i in (0..whole).step_by(ROWS) {
        panel.clear();
        for p in 0..k {
            for r in 0..ROWS {
                panel.push(a[(i + r) * strides.0 + p * strides.1]);
            }
        }
        row_of_blocks::<T, ROWS>(n, panel, b, &mut c[i * n..][..ROWS * n]);
    }
    for i in whole..m {
        panel.clear();
        panel.extend((0..k).map(|p| a[i * strides.0 + p * strides.1]));
        row_of_blocks::<T, 1>(n, panel, b, &mut c[i * n..][..n]);
    }
}

/// R rows of C, block by block; `panel` holds the columns of those rows of A one after the other.
fn row_of_blocks<T: Scalar, const R: usize>(n: usize, panel: &[T], b: &[T], c: &mut [T]) {
    let mut j = 0;
    while j + 4 <= n {
        block::<T, R, 4>(n, j, panel, b, c);
        j += 4;
    }
    match n - j {
        3 => block::<T, R, 3>(n, j, panel, b, c),
        2 => block::<T, R, 2>(n, j, panel, b, c),
        1 => column::<T, R>(n, j, panel, b, c),
        _ => {}
    }
}

/// Up to four columns of those rows, side by side.
#[inline(always)]
fn block<T: Scalar, const R: usize, const C: usize>(n: usize, j: usize, panel: &[T], b: &[T], c: &mut [T]) {
    let four = |values: &[T]| T::four(std::array::from_fn(|q| if q < C { values[q] } else { T::of(0.0) }));
    let mut sums: [T::Four; R] = std::array::from_fn(|r| four(&c[r * n + j..][..C]));
    for (column, row) in panel.as_chunks::<R>().0.iter().zip(b.chunks_exact(n)) {
        let row = four(&row[j..j + C]);
        for (sum, factor) in sums.iter_mut().zip(column) {
            *sum = *sum + T::four([*factor; 4]) * row;
        }
    }
    for (r, sums) in sums.into_iter().enumerate() {
        c[r * n + j..][..C].copy_from_slice(&T::each(sums)[..C]);
    }
}

/// One column of those rows.
#[inline(always)]
fn column<T: Scalar, const R: usize>(n: usize, j: usize, panel: &[T], b: &[T], c: &mut [T]) {
    let mut sums: [T; R] = std::array::from_fn(|r| c[r * n + j]);
    for (column, row) in panel.as_chunks::<R>().0.iter().zip(b.chunks_exact(n)) {
        for (sum, factor) in sums.iter_mut().zip(column) {
            *sum = *sum + *factor * row[j];
        }
    }
    for (r, sum) in sums.into_iter().enumerate() {
        c[r * n + j] = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_to_the_bit() {
        let number = |i: usize| libm::sin(i as f64 * 1.7) * 3.0;
        let mut panel = Vec::new();
        for m in 1..10 {
            for n in 1..10 {
                for k in [0, 1, 5, 8] {
                    let a: Vec<f64> = (0..m * k).map(number).collect();
                    let b: Vec<f64> = (0..k * n).map(|i| number(i + 100)).collect();
                    let start: Vec<f64> = (0..m * n).map(|i| number(i + 200)).collect();
                    for strides in [(k, 1), (1, m)] {
                        let mut c = start.clone();
                        add_product([m, k, n], &a, strides, &b, &mut c, &mut panel);
                        for i in 0..m {
                            for j in 0..n {
                                let term = |p: usize| a[i * strides.0 + p * strides.1] * b[p * n + j];
                                let sum = (0..k).fold(start[i * n + j], |sum, p| sum + term(p));
                                assert_eq!(c[i * n + j], sum, "{m} x {k} x {n}");
                            }
                        }
                    }
                }
            }
        }
    }
}
