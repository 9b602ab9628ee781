//! Votes, probabilities, and how they come to agree.

use super::kernel::{Kernel, Points};
use super::platt::{couple, probability};
use crate::dataset::Table;
use crate::model::Fitted;
use crate::order;
use rayon::prelude::*;

/// The machine between two classes.
pub(super) struct Pair {
    /// The class of positive decisions and that of the others.
    pub classes: [usize; 2],
    /// Rows and their β, other than 0.
    pub beta: Vec<(usize, f64)>,
    pub offset: f64,
    pub sigmoid: [f64; 2],
}

/// What was learned. [`Fitted::predict`] gives calibrated probabilities whose most probable class is the one that most pairs vote for, as
/// scikit-learn's `predict` decides: calibration can move the point of even odds away from the decision boundary, and accuracy must
/// not depend on it. Where they disagree, the probabilities are moved as little as makes the voted class the most probable.
pub(super) struct Learned {
    kernel: Kernel,
    /// The support vectors of all pairs, and where they stood among the training rows.
    points: Points,
    features: usize,
    present: Vec<usize>,
    /// With positions among the support vectors instead of rows.
    pairs: Vec<Pair>,
    cost: f64,
}

/// How much more probable a voted class is made than those it shares with.
const AHEAD: f64 = 1e-9;

impl Learned {
    pub fn new(train: &Table, kernel: Kernel, present: Vec<usize>, mut pairs: Vec<Pair>, cost: f64) -> Learned {
        let mut support: Vec<usize> = pairs.iter().flat_map(|pair| &pair.beta).map(|(row, _)| *row).collect();
        support.sort_unstable();
        support.dedup();
        for (row, _) in pairs.iter_mut().flat_map(|pair| &mut pair.beta) {
            *row = support.partition_point(|other| other < row);
        }
        Learned {
            kernel,
            points: Points::new(train, &support),
            features: train.features(),
            present,
            pairs,
            cost,
        }
    }

    /// The probabilities of one row, by class of the table.
    fn row(&self, x: &[f64], kernels: &mut [f64], result: &mut [f64]) {
        self.points.kernels(self.kernel, x, kernels);
        let k = self.present.len();
        let place = |class: usize| self.present.partition_point(|&other| other < class);
        let mut votes = vec![0; k];
        let mut r = vec![vec![0.5; k]; k];
        for pair in &self.pairs {
            let sum: f64 = pair.beta.iter().map(|&(point, beta)| beta * kernels[point]).sum();
            let decision = sum + pair.offset;
            let [a, b] = pair.classes.map(place);
            votes[if decision > 0.0 { a } else { b }] += 1;
            let p = probability(pair.sigmoid, decision).clamp(1e-7, 1.0 - 1e-7);
            (r[a][b], r[b][a]) = (p, 1.0 - p);
        }
        let mut p = if k == 2 { vec![r[0][1], r[1][0]] } else { couple(&r) };
        let first_of_most = (0..k).fold(0, |best, i| if votes[i] > votes[best] { i } else { best });
        lead(&mut p, first_of_most);
        for (p, class) in p.into_iter().zip(&self.present) {
            result[*class] = p;
        }
    }
}

/// The probabilities nearest to `p` in which `first` is the most probable: it and all that are above end at their common mean.
fn lead(p: &mut [f64], first: usize) {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| i != first && p[i] >= p[first]).collect();
    if order.is_empty() {
        return;
    }
    order::sort_by(&mut order, |&a, &b| p[b].total_cmp(&p[a]));
    // The largest first: each that is above the mean so far joins it.
    let (mut sum, mut count) = (p[first], 1);
    for &i in &order {
        if p[i] * f64::from(count) < sum {
            break;
        }
        sum += p[i];
        count += 1;
    }
    let mean = sum / f64::from(count);
    for &i in &order[..count as usize - 1] {
        p[i] = mean * (1.0 - AHEAD);
    }
    p[first] = mean * (1.0 + AHEAD * f64::from(count - 1));
}

impl Fitted for Learned {
    fn predict(&self, x: &Table) -> Vec<f64> {
        const BLOCK: usize = 64;
        let mut all = vec![0.0; x.rows() * x.classes()];
        let block = |(x_block, results): (&[f64], &mut [f64])| {
            let mut kernels = vec![0.0; self.points.len()];
            let rows = x_block
                .chunks_exact(self.features)
                .zip(results.chunks_exact_mut(x.classes()));
            rows.for_each(|(row, result)| self.row(row, &mut kernels, result));
        };
        let blocks = x.x().par_chunks(BLOCK * self.features);
        blocks.zip(all.par_chunks_mut(BLOCK * x.classes())).for_each(block);
        all
    }

    fn cost(&self) -> f64 {
        self.cost
    }
}

#[cfg(test)]
mod tests {
    use super::lead;

    #[test]
    fn the_voted_class_leads_and_little_else_changes() {
        let mut p = [0.5, 0.2, 0.3];
        lead(&mut p, 0);
        assert_eq!(p, [0.5, 0.2, 0.3]);
        for (first, expected) in [(1, [0.35, 0.35, 0.3]), (2, [0.4, 0.2, 0.4])] {
            let mut p = [0.5, 0.2, 0.3];
            lead(&mut p, first);
            assert!(p.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-8), "{p:?}");
            assert!((0..3).all(|i| i == first || p[i] < p[first]), "{p:?}");
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        let mut even = [0.25; 4];
        lead(&mut even, 2);
        assert!(even[2] > even[0] && (even.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
