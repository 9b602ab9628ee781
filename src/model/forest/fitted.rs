//! A grown forest's predictions.

use super::grove::Segment;
use crate::dataset::{Key, Table};
use crate::math::tree::{Classes, Cut, Router};
use crate::model::Fitted;
use rayon::prelude::*;
use std::sync::Arc;

pub(super) struct Grown<const L: usize, const B: usize> {
    pub segments: Vec<Arc<Segment<L, B>>>,
    pub trees: usize,
    pub cut: Cut,
    pub cost: f64,
    /// Of the classes, where they are not all 1.
    pub weights: Option<Vec<f64>>,
    /// The training table and the name of the grove, where predictions may be remembered.
    pub train: Option<(u64, [u64; 4])>,
}

/// Leaf shares summed over the first so many trees, for a few numbers of trees, ascending: a forest of 200 continues from 100.
struct Sums(Vec<(usize, Arc<Vec<f64>>)>);

impl<const L: usize, const B: usize> Fitted for Grown<L, B> {
    fn predict(&self, x: &Table) -> Vec<f64> {
        let key: Option<Key> = self.train.map(|(train, [seed, flags, leaf, features])| {
            let cut = u64::from(self.cut.depth) << 32 | u64::from(self.cut.split);
            ("forest sums", [train, seed, flags, leaf, features, cut, 0, 0])
        });
        let known = key.as_ref().and_then(|key| x.recall::<Sums>(key));
        let start = known
            .as_ref()
            .and_then(|sums| sums.0.iter().rev().find(|(trees, _)| *trees <= self.trees));
        let mean = |sums: &[f64]| sums.iter().map(|sum| sum / self.trees as f64).collect();
        if let Some((trees, sums)) = start
            && *trees == self.trees
        {
            return mean(sums);
        }
        let (from, mut sums) = match start {
            Some((trees, sums)) => (*trees, sums.to_vec()),
            None => (0, vec![0.0; x.rows() * x.classes()]),
        };
        self.add(from, x, &mut sums);
        let result = mean(&sums);
        if let Some(key) = key {
            let mut all = known.map_or_else(Vec::new, |known| known.0.clone());
            let place = all.partition_point(|(trees, _)| *trees <= self.trees);
            all.insert(place, (self.trees, Arc::new(sums)));
            let bytes = all.iter().map(|(_, sums)| sums.len() * 8 + 32).sum();
            x.remember(key, Arc::new(Sums(all)), bytes);
        }
        result
    }

    fn cost(&self) -> f64 {
        self.cost
    }
}

impl<const L: usize, const B: usize> Grown<L, B> {
    /// Adds the trees from `from` on, in order, so that the sums don't depend on how rows are dealt to threads.
    pub(super) fn add(&self, from: usize, x: &Table, sums: &mut [f64]) {
        const BLOCK: usize = 256;
        let (features, classes) = (x.features(), x.classes());
        let block = |(rows, sums): (&[f64], &mut [f64])| {
            let mut router = Router::default();
            let mut share = vec![0.0; classes];
            let trees = self
                .segments
                .iter()
                .flat_map(|s| s.roots.iter().map(move |&root| (s, root)));
            for (segment, root) in trees.take(self.trees).skip(from) {
                router.route::<Classes<'_, L, B>>(
                    &segment.nodes,
                    root as usize,
                    self.cut,
                    rows,
                    features,
                    |cell, rows| {
                        cell.shares(self.weights.as_deref(), &mut share);
                        for &row in rows {
                            let sums = &mut sums[row as usize * classes..][..classes];
                            sums.iter_mut().zip(&share).for_each(|(sum, share)| *sum += share);
                        }
                    },
                );
            }
        };
        if x.rows() <= BLOCK {
            block((x.x(), sums));
        } else {
            let rows = x.x().par_chunks(BLOCK * features);
            rows.zip(sums.par_chunks_mut(BLOCK * classes)).for_each(block);
        }
    }
}
