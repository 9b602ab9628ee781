//! What boosted trees predict.

use super::grow::score;
use super::loss::Loss;
use super::train::Iteration;
use crate::dataset::Table;
use crate::model::{Checkpoint, Fitted};
use rayon::prelude::*;
use std::sync::Arc;

pub(super) struct Learned {
    pub loss: Loss,
    /// The classes that had rows.
    pub present: Vec<usize>,
    pub baseline: Vec<f64>,
    pub iterations: Vec<Arc<Iteration>>,
    pub cost: f64,
    pub checkpoint: Checkpoint,
}

impl Fitted for Learned {
    fn predict(&self, x: &Table) -> Vec<f64> {
        const BLOCK: usize = 128;
        let (features, classes) = (x.features(), x.classes());
        let mut all = vec![0.0; x.rows() * classes];
        let block = |(x, all): (&[f64], &mut [f64])| {
            let n = x.len() / features;
            let mut scores: Vec<f64> = self.baseline.iter().flat_map(|s| std::iter::repeat_n(*s, n)).collect();
            for iteration in &self.iterations {
                for (nodes, scores) in iteration.iter().zip(scores.chunks_exact_mut(n)) {
                    for (x, sum) in x.chunks_exact(features).zip(scores) {
                        *sum += score(nodes, |node| {
                            let value = x[usize::from(node.feature)];
                            value <= node.threshold || (value.is_nan() && node.missing_left)
                        });
                    }
                }
            }
            let p = self.loss.probabilities(&scores, n);
            for (p, class) in p.chunks_exact(n).zip(&self.present) {
                p.iter()
                    .zip(all.chunks_exact_mut(classes))
                    .for_each(|(p, row)| row[*class] = *p);
            }
        };
        let blocks = x.x().par_chunks(BLOCK * features);
        blocks.zip(all.par_chunks_mut(BLOCK * classes)).for_each(block);
        all
    }

    fn cost(&self) -> f64 {
        self.cost
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        Some(self.checkpoint.clone())
    }
}
