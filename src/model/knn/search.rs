//! Finding the nearest rows, exactly, without looking at all of them.

use rayon::prelude::*;

/// A distance that grows feature by feature.
pub(super) trait Distance {
    /// The distance so far, with one more difference. Never less than `sum`, also after rounding.
    fn add(sum: f64, difference: f64) -> f64;

    /// What the sum means as a length.
    fn length(sum: f64) -> f64;
}

pub(super) struct Euclidean;
pub(super) struct Manhattan;
pub(super) struct Chebyshev;

impl Distance for Euclidean {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference * difference
    }

    fn length(sum: f64) -> f64 {
        sum.sqrt()
    }
}

impl Distance for Manhattan {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference.abs()
    }

    fn length(sum: f64) -> f64 {
        sum
    }
}

impl Distance for Chebyshev {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        let difference = difference.abs();
        if difference > sum { difference } else { sum }
    }

    fn length(sum: f64) -> f64 {
        sum
    }
}

/// A neighbour. Of two that are equally far, the one with the smaller row is nearer.
#[derive(Clone, Copy)]
pub(super) struct Near {
    /// As the distance sums it: squared, for the Euclidean one.
    pub distance: f64,
    pub row: u32,
}

impl Near {
    const NOWHERE: Near = Near {
        distance: f64::INFINITY,
        row: u32::MAX,
    };

    #[inline(always)]
    fn is_before(&self, other: &Near) -> bool {
        self.distance < other.distance || (self.distance == other.distance && self.row < other.row)
    }
}

/// Rows of a block: computed together.
const LANES: usize = 8;

/// Features after which a block is given up if all of its rows are too far already.
const STRIDE: usize = 4;

/// Rows in blocks, sorted by the feature that varies most. A search goes outward from the query along that feature, and ends where the
/// gap alone is too far. Within a block it ends where the features seen so far are.
pub(super) struct Index {
    /// The features, those that vary most first.
    order: Vec<usize>,
    /// Blocks × features × lanes, infinite where the last block has no row.
    x: Vec<f64>,
    rows: Vec<[u32; LANES]>,
    /// Smallest and largest first feature of each block.
    ends: Vec<(f64, f64)>,
}

impl Index {
    /// An index of the row-major `x` of `features` > 0 features.
    pub fn new(x: &[f64], features: usize) -> Index {
        let n = x.len() / features;
        let spread = |feature: usize| {
            let column = || x[feature..].iter().step_by(features);
            let mean = column().sum::<f64>() / n as f64;
            column().map(|v| (v - mean) * (v - mean)).sum::<f64>()
        };
        let spreads: Vec<f64> = (0..features).map(spread).collect();
        let mut order: Vec<usize> = (0..features).collect();
        order.sort_by(|&a, &b| spreads[b].total_cmp(&spreads[a]));
        let first = |row: usize| x[row * features + order[0]];
        let mut sorted: Vec<usize> = (0..n).collect();
        sorted.sort_by(|&a, &b| first(a).total_cmp(&first(b)));
        let (mut blocks, mut rows, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for members in sorted.chunks(LANES) {
            for &feature in &order {
                let start = blocks.len();
                blocks.extend(members.iter().map(|row| x[row * features + feature]));
                blocks.resize(start + LANES, f64::INFINITY);
            }
            let mut lanes = [u32::MAX; LANES];
            lanes
                .iter_mut()
                .zip(members)
                .for_each(|(lane, &row)| *lane = row as u32);
            rows.push(lanes);
            ends.push((first(members[0]), first(members[members.len() - 1])));
        }
        Index {
            order,
            x: blocks,
            rows,
            ends,
        }
    }

    /// The `k` nearest rows of each row of the row-major `x`, nearest first. There must be at least `k` rows.
    pub fn nearest<D: Distance>(&self, x: &[f64], k: usize) -> Vec<Near> {
        const QUERIES: usize = 64;
        let features = self.order.len();
        let mut all = vec![Near::NOWHERE; x.len() / features * k];
        let search = |(x, all): (&[f64], &mut [Near])| {
            let mut query = vec![0.0; features];
            for (row, best) in x.chunks_exact(features).zip(all.chunks_exact_mut(k)) {
                query
                    .iter_mut()
                    .zip(&self.order)
                    .for_each(|(q, &feature)| *q = row[feature]);
                self.search::<D>(&query, best);
            }
        };
        let parts = x.par_chunks(QUERIES * features).zip(all.par_chunks_mut(QUERIES * k));
        parts.for_each(search);
        all
    }

    fn search<D: Distance>(&self, query: &[f64], best: &mut [Near]) {
        let mut right = self.ends.partition_point(|(_, high)| *high < query[0]);
        let mut left = right;
        loop {
            // A gap of the wrong sign is none: the query lies within the block.
            let gap = |difference: f64| D::add(0.0, difference.max(0.0));
            let below = left
                .checked_sub(1)
                .map(|block| (gap(query[0] - self.ends[block].1), block));
            let above = self.ends.get(right).map(|(low, _)| (gap(low - query[0]), right));
            let (gap, block) = match (below, above) {
                (Some(below), Some(above)) if below.0 < above.0 => below,
                (_, Some(above)) => above,
                (Some(below), None) => below,
                (None, None) => return,
            };
            if gap > best[best.len() - 1].distance {
                return;
            }
            if block < left {
                left = block;
            } else {
                right += 1;
            }
            self.visit::<D>(block, query, best);
        }
    }

    #[inline(always)]
    fn visit<D: Distance>(&self, block: usize, query: &[f64], best: &mut [Near]) {
        let worst = best[best.len() - 1].distance;
        let x = &self.x.as_chunks::<LANES>().0[block * query.len()..][..query.len()];
        let mut sums = [0.0; LANES];
        let mut from = 0;
        while from < query.len() {
            let to = query.len().min(from + STRIDE);
            for feature in from..to {
                let (q, x) = (query[feature], &x[feature]);
                for lane in 0..LANES {
                    sums[lane] = D::add(sums[lane], q - x[lane]);
                }
            }
            let mut near = false;
            for sum in sums {
                near |= sum <= worst;
            }
            if !near {
                return;
            }
            from = to;
        }
        for (&distance, &row) in sums.iter().zip(&self.rows[block]) {
            let found = Near { distance, row };
            if found.is_before(&best[best.len() - 1]) {
                let place = best.partition_point(|other| other.is_before(&found));
                best.copy_within(place..best.len() - 1, place + 1);
                best[place] = found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, below};

    fn brute<D: Distance>(x: &[f64], features: usize, query: &[f64], order: &[usize], k: usize) -> Vec<u32> {
        let mut all: Vec<(f64, u32)> = x
            .chunks(features)
            .enumerate()
            .map(|(row, x)| {
                (
                    order.iter().fold(0.0, |sum, &f| D::add(sum, query[f] - x[f])),
                    row as u32,
                )
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all.iter().take(k).map(|(_, row)| *row).collect()
    }

    #[test]
    fn finds_what_looking_at_all_rows_finds() {
        let mut rng = Seed(4).rng();
        for (rows, features, levels, k) in [
            (1, 1, 3, 1),
            (40, 3, 4, 40),
            (333, 9, 3, 7),
            (100, 2, 1, 3),
            (64, 5, 900, 1),
        ] {
            let x: Vec<f64> = (0..rows * features)
                .map(|_| below(&mut rng, levels) as f64 * 0.1)
                .collect();
            let index = Index::new(&x, features);
            let check = |found: Vec<Near>, expected: &dyn Fn(&[f64]) -> Vec<u32>| {
                for (query, near) in x.chunks(features).zip(found.chunks(k)) {
                    assert_eq!(near.iter().map(|n| n.row).collect::<Vec<_>>(), expected(query));
                }
            };
            let order = &index.order;
            check(index.nearest::<Euclidean>(&x, k), &|q| {
                brute::<Euclidean>(&x, features, q, order, k)
            });
            check(index.nearest::<Manhattan>(&x, k), &|q| {
                brute::<Manhattan>(&x, features, q, order, k)
            });
            check(index.nearest::<Chebyshev>(&x, k), &|q| {
                brute::<Chebyshev>(&x, features, q, order, k)
            });
        }
    }
}
