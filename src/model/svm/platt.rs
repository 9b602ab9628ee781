//! From decisions to probabilities.

use super::smo::Problem;
use crate::seed::{Seed, shuffle};

/// Parts that are held out in turn.
const FOLDS: usize = 5;

/// The decision of every row by a machine that has not seen it: what a row counts for is only known from outside. All machines share the
/// kernels that are computed already. Errors as [`Problem::solve`].
pub(super) fn held_out(
    problem: &mut Problem,
    signs: &[f64],
    seed: Seed,
    stopped: &dyn Fn() -> bool,
) -> Result<Vec<f64>, String> {
    let mut fold_of = vec![0; signs.len()];
    let mut dealt = 0;
    for (class, sign) in [1.0, -1.0].into_iter().enumerate() {
        let mut members: Vec<usize> = (0..signs.len()).filter(|&row| signs[row] == sign).collect();
        shuffle(&mut seed.derive("calibration", class as u64).rng(), &mut members);
        for row in members {
            fold_of[row] = dealt % FOLDS;
            dealt += 1;
        }
    }
    let mut decisions = vec![0.0; signs.len()];
    for fold in 0..FOLDS {
        let taken: Vec<bool> = fold_of.iter().map(|&f| f != fold).collect();
        let solved = problem.solve(&taken, stopped)?;
        for (row, decision) in decisions.iter_mut().enumerate().filter(|(row, _)| !taken[*row]) {
            *decision = solved.decisions[row];
        }
    }
    Ok(decisions)
}

/// `[a, b]` of p(+ | f) = 1 / (1 + exp(a f + b)) that are most likely for these decisions, rows counting a little for the other class
/// too (Platt 1999), by Newton's method with backtracking on the form that loses no digits (Lin, Lin & Weng 2007).
pub(super) fn sigmoid(decisions: &[f64], signs: &[f64]) -> [f64; 2] {
    let positive = signs.iter().filter(|sign| **sign > 0.0).count() as f64;
    let negative = signs.len() as f64 - positive;
    let (high, low) = ((positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0));
    let target = |sign: f64| if sign > 0.0 { high } else { low };
    let rows = || decisions.iter().copied().zip(signs.iter().map(|sign| target(*sign)));
    let loss = |[a, b]: [f64; 2]| -> f64 {
        let term = |(f, t): (f64, f64)| {
            let z = a * f + b;
            let extra = if z >= 0.0 { t * z } else { (t - 1.0) * z };
            extra + libm::log1p(libm::exp(-z.abs()))
        };
        rows().map(term).sum()
    };
    let mut at = [0.0, libm::log((negative + 1.0) / (positive + 1.0))];
    let mut value = loss(at);
    for _ in 0..100 {
        // A ridge keeps the Hessian positive definite.
        let (mut aa, mut bb, mut ab) = (1e-12, 1e-12, 0.0);
        let mut gradient = [0.0; 2];
        for (f, t) in rows() {
            let p = probability(at, f);
            let (weight, slope) = (p * (1.0 - p), t - p);
            aa += f * f * weight;
            bb += weight;
            ab += f * weight;
            gradient[0] += f * slope;
            gradient[1] += slope;
        }
        if gradient.iter().all(|g| g.abs() < 1e-5) {
            break;
        }
        let determinant = aa * bb - ab * ab;
        let step = [
            -(bb * gradient[0] - ab * gradient[1]) / determinant,
            -(aa * gradient[1] - ab * gradient[0]) / determinant,
        ];
        let slope = gradient[0] * step[0] + gradient[1] * step[1];
        let mut length = 1.0;
        loop {
            let next = [at[0] + length * step[0], at[1] + length * step[1]];
            let below = loss(next);
            if below < value + 1e-4 * length * slope {
                (at, value) = (next, below);
                break;
            }
            length /= 2.0;
            if length < 1e-10 {
                return at;
            }
        }
    }
    at
}

/// 1 / (1 + exp(a f + b)).
pub(super) fn probability([a, b]: [f64; 2], decision: f64) -> f64 {
    let z = a * decision + b;
    if z >= 0.0 {
        let e = libm::exp(-z);
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + libm::exp(z))
    }
}

/// Probabilities of k classes from those of pairs, `r[i][j]` = p(i | i or j): they minimize Σᵢ Σ_{j≠i} (rⱼᵢ pᵢ − rᵢⱼ pⱼ)² (Wu, Lin & Weng 2004, their
/// second method), class by class until no optimality condition is off by more than 0.005 / k.
pub(super) fn couple(r: &[Vec<f64>]) -> Vec<f64> {
    let k = r.len();
    let q = |t: usize, j: usize| {
        if t == j {
            (0..k).filter(|&s| s != t).map(|s| r[s][t] * r[s][t]).sum::<f64>()
        } else {
            -r[j][t] * r[t][j]
        }
    };
    let q: Vec<Vec<f64>> = (0..k).map(|t| (0..k).map(|j| q(t, j)).collect()).collect();
    let mut p = vec![1.0 / k as f64; k];
    for _ in 0..k.max(100) {
        let mut qp: Vec<f64> = q
            .iter()
            .map(|row| row.iter().zip(&p).map(|(q, p)| q * p).sum())
            .collect();
        let mut pqp: f64 = p.iter().zip(&qp).map(|(p, qp)| p * qp).sum();
        if qp.iter().all(|qp| (qp - pqp).abs() < 0.005 / k as f64) {
            break;
        }
        for t in 0..k {
            let step = (pqp - qp[t]) / q[t][t];
            p[t] += step;
            let norm = 1.0 + step;
            pqp = (pqp + step * (step * q[t][t] + 2.0 * qp[t])) / (norm * norm);
            for j in 0..k {
                qp[j] = (qp[j] + step * q[t][j]) / norm;
                p[j] /= norm;
            }
        }
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sigmoid_is_found_again() {
        let truth = [-2.0, 0.5];
        let decisions: Vec<f64> = (0..4000).map(|i| f64::from(i) / 500.0 - 4.0).collect();
        let mut rng = Seed(1).rng();
        let mut draw = |f: &f64| {
            if crate::seed::uniform(&mut rng) < probability(truth, *f) {
                1.0
            } else {
                -1.0
            }
        };
        let signs: Vec<f64> = decisions.iter().map(&mut draw).collect();
        let [a, b] = sigmoid(&decisions, &signs);
        assert!((a - truth[0]).abs() < 0.15 && (b - truth[1]).abs() < 0.15, "{a} {b}");
        // Perfectly separated decisions stay short of certainty.
        let [a, b] = sigmoid(&[1.0, 1.0, -1.0, -1.0], &[1.0, 1.0, -1.0, -1.0]);
        assert!(
            a < 0.0 && b.abs() < 1e-3 && (probability([a, b], 1.0) - 0.75).abs() < 1e-3,
            "{a} {b}"
        );
    }

    #[test]
    fn coupling_finds_probabilities_that_agree_with_all_pairs() {
        let truth = [0.5, 0.3, 0.15, 0.05];
        let r: Vec<Vec<f64>> = (0..4)
            .map(|i| (0..4).map(|j| truth[i] / (truth[i] + truth[j])).collect())
            .collect();
        let p = couple(&r);
        assert!(p.iter().zip(truth).all(|(p, t)| (p - t).abs() < 0.01), "{p:?}");
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
