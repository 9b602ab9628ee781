//! The two inner loops of all linear algebra here, written so that a compiler turns them into SIMD without reordering a sum.

/// Σ aᵢ bᵢ, summed in eight interleaved lanes that are added in a fixed order.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let (heads_a, rest_a) = a.as_chunks::<8>();
    let (heads_b, rest_b) = b.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for (p, q) in heads_a.iter().zip(heads_b) {
        for lane in 0..8 {
            lanes[lane] += p[lane] * q[lane];
        }
    }
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(p, q)| p * q).sum();
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (b + f)) + ((c + g) + (d + h)) + rest
}

/// `target += Σₖ coefficients[k] · rows[k]` for as many rows as there are coefficients, row `k` being `row(k)`,
/// at least as long as the target. Eight rows go in one pass over the target.
pub fn add_rows<'a>(target: &mut [f64], coefficients: &[f64], row: impl Fn(usize) -> &'a [f64]) {
    let n = target.len();
    let (groups, rest) = coefficients.as_chunks::<8>();
    for (g, c) in groups.iter().enumerate() {
        let r: [&[f64]; 8] = std::array::from_fn(|p| &row(8 * g + p)[..n]);
        for j in 0..n {
            target[j] += ((c[0] * r[0][j] + c[1] * r[1][j]) + (c[2] * r[2][j] + c[3] * r[3][j]))
                + ((c[4] * r[4][j] + c[5] * r[5][j]) + (c[6] * r[6][j] + c[7] * r[7][j]));
        }
    }
    for (p, c) in rest.iter().enumerate() {
        let r = &row(8 * groups.len() + p)[..n];
        for j in 0..n {
            target[j] += c * r[j];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_the_definition() {
        let a: Vec<f64> = (0..37).map(|i| f64::from(i) * 0.5 - 3.0).collect();
        let b: Vec<f64> = (0..37).map(|i| 7.0 - f64::from(i)).collect();
        let sum: f64 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        assert!((dot(&a, &b) - sum).abs() < 1e-9);

        let matrix: Vec<Vec<f64>> = (0..11).map(|k| a.iter().map(|x| x + f64::from(k)).collect()).collect();
        let coefficients: Vec<f64> = (0..11).map(f64::from).collect();
        let mut target = b.clone();
        add_rows(&mut target, &coefficients, |k| &matrix[k]);
        for j in 0..37 {
            let sum: f64 = b[j] + (0..11).map(|k| coefficients[k] * matrix[k][j]).sum::<f64>();
            assert!((target[j] - sum).abs() < 1e-9);
        }
    }
}
