//! The logarithmic loss of scores, and its derivatives.

use super::sum::Slope;
use crate::math::exp::exp;

/// The loss of so many classes. Two classes share one score, the logarithm of the odds of the second; more have one each. Scores lie
/// class by class.
#[derive(Clone, Copy)]
pub(super) struct Loss {
    pub classes: usize,
}

impl Loss {
    /// Scores of a row.
    pub fn scores(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }

    /// The scores from which boosting begins: those of the classes' shares.
    pub fn baseline(&self, shares: &[f64]) -> Vec<f64> {
        let logs: Vec<f64> = shares.iter().map(|share| libm::log(*share)).collect();
        if self.classes == 2 {
            return vec![logs[1] - logs[0]];
        }
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        logs.iter().map(|log| log - mean).collect()
    }

    /// The probability of every class for all rows, class by class, from their scores.
    pub fn probabilities(&self, scores: &[f64], rows: usize) -> Vec<f64> {
        if self.classes == 2 {
            let mut p = vec![0.0; 2 * rows];
            let (first, second) = p.split_at_mut(rows);
            for ((score, a), b) in scores.iter().zip(first).zip(second) {
                // Through the smaller of the two, which so keeps all of its digits.
                let e = exp(-score.abs());
                let (small, large) = (e / (1.0 + e), 1.0 / (1.0 + e));
                (*a, *b) = if *score >= 0.0 { (small, large) } else { (large, small) };
            }
            return p;
        }
        let mut most = vec![f64::NEG_INFINITY; rows];
        for scores in scores.chunks_exact(rows) {
            most.iter_mut()
                .zip(scores)
                .for_each(|(most, s)| *most = if *s > *most { *s } else { *most });
        }
        let mut p = scores.to_vec();
        let mut sums = vec![0.0; rows];
        for p in p.chunks_exact_mut(rows) {
            for ((p, sum), most) in p.iter_mut().zip(&mut sums).zip(&most) {
                *p = exp(*p - most);
                *sum += *p;
            }
        }
        for p in p.chunks_exact_mut(rows) {
            p.iter_mut().zip(&sums).for_each(|(p, sum)| *p /= sum);
        }
        p
    }

    /// First and second derivatives by every score of every row, score by score. Rows weigh as much as their class.
    pub fn slopes(&self, scores: &[f64], y: &[u32], weights: &[f64], slopes: &mut Vec<Slope>) {
        let rows = y.len();
        let p = self.probabilities(scores, rows);
        slopes.clear();
        // Of two classes, the one score is the second's.
        let first = self.classes - self.scores();
        for class in first..self.classes {
            for (p, y) in p[class * rows..][..rows].iter().zip(y) {
                let (weight, is) = (weights[*y as usize], f64::from(u8::from(*y as usize == class)));
                slopes.push(Slope {
                    gradient: weight * (p - is),
                    hessian: weight * p * (1.0 - p),
                });
            }
        }
    }

    /// The mean loss, of rows that weigh as much as their class.
    pub fn mean(&self, scores: &[f64], y: &[u32], weights: &[f64]) -> f64 {
        let rows = y.len();
        let p = self.probabilities(scores, rows);
        let (mut sum, mut total) = (0.0, 0.0);
        for (row, &y) in y.iter().enumerate() {
            let weight = weights[y as usize];
            sum -= weight * libm::log(p[y as usize * rows + row].max(f64::MIN_POSITIVE));
            total += weight;
        }
        sum / total
    }
}
