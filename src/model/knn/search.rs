//! Finding the nearest rows, exactly, without computing most distances in full.
//!
//! Every distance is first bounded in single precision, many rows at once. Only the rows whose lower bound is not beyond the k-th smallest
//! upper one can be among the k nearest: their distances are computed in full, and decide.

use super::distance::Distance;
use super::lens::Lens;
use rayon::prelude::*;

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

/// Rows in which the nearest of others can be found.
pub(super) trait Search: Send + Sync {
    /// The `k` nearest rows of each row of the row-major `x`, nearest first. There must be at least `k` rows.
    fn nearest(&self, x: &[f64], k: usize) -> Vec<Near>;

    /// What the sum of a distance means as a length.
    fn length(&self, sum: f64) -> f64;
}

/// Rows of a block: screened together.
const LANES: usize = 16;

/// A bit for each of them.
const BITS: [u32; LANES] = {
    let mut bits = [0; LANES];
    let mut lane = 0;
    while lane < LANES {
        bits[lane] = 1 << lane;
        lane += 1;
    }
    bits
};

/// Rows in blocks, sorted by the first coordinate in which they are screened: the feature that varies most, or the widest direction. A
/// search goes outward from the query along it, and ends where the gap alone is too far.
pub(super) struct Index<D> {
    /// The features, those that vary most first.
    order: Vec<usize>,
    /// The rows, sorted, their features in order.
    rows: Vec<f64>,
    numbers: Vec<u32>,
    lens: Lens<D>,
    blocks: Vec<Block>,
    /// Blocks × coordinates × lanes.
    x: Vec<f32>,
    /// The largest error of a row.
    error: f32,
}

/// What a block has beside its rows' coordinates.
struct Block {
    /// Its smallest and largest first coordinate.
    ends: (f32, f32),
    /// What is added to what is screened of a row to make it a lower bound, and how far that may be below the distance. Infinite where the
    /// last block has no row.
    least: [f32; LANES],
    error: [f32; LANES],
    rest: [f32; LANES],
}

/// Memory of a search.
#[derive(Default)]
struct Scratch {
    /// The query's features in order; and its coordinates, as they are screened.
    query: Vec<f64>,
    centred: Vec<f64>,
    asked: Vec<f32>,
    /// The rows of the smallest upper bounds so far, in order.
    first: Vec<Open>,
    /// Other rows that may be near.
    others: Vec<Open>,
}

/// A row that may be near, its place among the sorted rows, and what its distance may be.
#[derive(Clone, Copy)]
struct Open {
    least: f32,
    most: f32,
    place: u32,
}

impl Open {
    const NONE: Open = Open {
        least: f32::INFINITY,
        most: f32::INFINITY,
        place: u32::MAX,
    };

    /// Whether it may be as near as that: what is no number is not known not to be.
    fn reaches(&self, most: f32) -> bool {
        let is_beyond = self.least > most;
        !is_beyond
    }
}

/// Puts an item among sorted ones, of which the last is lost.
#[inline(always)]
fn insert<T: Copy>(sorted: &mut [T], item: T, is_before: impl Fn(&T, &T) -> bool) {
    let mut place = sorted.len() - 1;
    while place > 0 && is_before(&item, &sorted[place - 1]) {
        sorted[place] = sorted[place - 1];
        place -= 1;
    }
    sorted[place] = item;
}

impl<D: Distance> Index<D> {
    /// An index of the row-major `x` of `features` > 0 features.
    pub fn new(x: &[f64], features: usize) -> Index<D> {
        let n = x.len() / features;
        let spread = |feature: usize| {
            let column = || x[feature..].iter().step_by(features);
            let mean = column().sum::<f64>() / n as f64;
            column().map(|v| (v - mean) * (v - mean)).sum::<f64>()
        };
        let spreads: Vec<f64> = (0..features).map(spread).collect();
        let mut order: Vec<usize> = (0..features).collect();
        order.sort_by(|&a, &b| spreads[b].total_cmp(&spreads[a]));
        let ordered = |row: usize| order.iter().map(move |feature| x[row * features + feature]);
        let rows: Vec<f64> = (0..n).flat_map(ordered).collect();
        let lens = Lens::<D>::new(&rows, features);
        let (mut seen, mut coordinates, mut centred) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows.chunks_exact(features) {
            seen.push(lens.see(row, &mut centred, &mut coordinates));
        }
        let at = |row: usize| &coordinates[row * lens.coordinates..][..lens.coordinates];
        let mut numbers: Vec<usize> = (0..n).collect();
        numbers.sort_by(|&a, &b| at(a)[0].total_cmp(&at(b)[0]));
        let (mut blocks, mut lanes) = (Vec::new(), Vec::new());
        for members in numbers.chunks(LANES) {
            let mut block = Block {
                ends: (at(members[0])[0], at(members[members.len() - 1])[0]),
                least: [f32::INFINITY; LANES],
                error: [0.0; LANES],
                rest: [0.0; LANES],
            };
            let start = lanes.len();
            lanes.resize(start + LANES * lens.coordinates, 0.0);
            for (lane, &row) in members.iter().enumerate() {
                block.least[lane] = (seen[row].apart - seen[row].error) as f32;
                block.error[lane] = seen[row].error as f32;
                block.rest[lane] = seen[row].rest;
                let own = lanes[start + lane..].iter_mut().step_by(LANES);
                own.zip(at(row)).for_each(|(lane, &value)| *lane = value);
            }
            blocks.push(block);
        }
        Index {
            rows: numbers.iter().flat_map(|&row| ordered(row)).collect(),
            numbers: numbers.iter().map(|&row| row as u32).collect(),
            error: seen.iter().fold(0.0, |most, seen| f64::max(most, seen.error)) as f32,
            order,
            lens,
            blocks,
            x: lanes,
        }
    }

    fn search(&self, row: &[f64], best: &mut [Near], scratch: &mut Scratch) {
        let Scratch {
            query,
            centred,
            asked,
            first,
            others,
        } = scratch;
        query.clear();
        query.extend(self.order.iter().map(|&feature| row[feature]));
        asked.clear();
        let seen = self.lens.see(query, centred, asked);
        let origin = asked[0];
        asked.iter_mut().for_each(|value| *value = D::asked(*value));
        let (least, error) = ((seen.apart - seen.error) as f32, seen.error as f32);
        others.clear();
        first.clear();
        first.resize(best.len(), Open::NONE);
        let last = best.len() - 1;
        let mut right = self.blocks.partition_point(|block| block.ends.1 < origin);
        let mut left = right;
        loop {
            // A gap of the wrong sign is none: the query lies within the block.
            let gap = |difference: f32| D::add(0.0, f64::from(difference.max(0.0))) as f32;
            let below = left
                .checked_sub(1)
                .map(|block| (gap(origin - self.blocks[block].ends.1), block));
            let above = self.blocks.get(right).map(|block| (gap(block.ends.0 - origin), right));
            let (gap, at) = match (below, above) {
                (Some(below), Some(above)) if below.0 < above.0 => below,
                (_, Some(above)) => above,
                (Some(below), None) => below,
                (None, None) => break,
            };
            let worst = first[last].most;
            if gap > worst + (error + self.error) {
                break;
            }
            if at < left {
                left = at;
            } else {
                right += 1;
            }
            let block = &self.blocks[at];
            let mut bounds = [0.0; LANES];
            let x = &self.x.as_chunks::<LANES>().0[at * asked.len()..][..asked.len()];
            for (&asked, x) in asked.iter().zip(x) {
                for lane in 0..LANES {
                    bounds[lane] = D::screen(bounds[lane], asked, x[lane]);
                }
            }
            let added = bounds.iter_mut().zip(&block.least);
            added.for_each(|(bound, own)| *bound = *bound + own + least);
            // What is no number is not known to be too far.
            let mut near = 0;
            for lane in 0..LANES {
                near |= if bounds[lane] > worst { 0 } else { BITS[lane] };
            }
            near &= u32::MAX >> (32 - LANES.min(self.numbers.len() - at * LANES));
            while near != 0 {
                let lane = near.trailing_zeros() as usize % LANES;
                near &= near - 1;
                // Beside the directions, two rows may lie on opposite sides: (s + t)² = (s - t)² + 4 s t.
                let width = 2.0 * (block.error[lane] + error) + 4.0 * seen.rest * block.rest[lane];
                let open = Open {
                    least: bounds[lane],
                    most: bounds[lane] + width,
                    place: (at * LANES + lane) as u32,
                };
                let mut other = open;
                if open.most < first[last].most {
                    other = first[last];
                    insert(first, open, |a, b| a.most < b.most);
                }
                if other.reaches(first[last].most) {
                    others.push(other);
                }
            }
        }
        let worst = first[last].most;
        others.retain(|open| open.reaches(worst));
        for open in first.iter().chain(others.iter()).filter(|open| open.place != u32::MAX) {
            let row = &self.rows[open.place as usize * query.len()..][..query.len()];
            let found = Near {
                distance: query.iter().zip(row).fold(0.0, |sum, (q, x)| D::add(sum, q - x)),
                row: self.numbers[open.place as usize],
            };
            if found.is_before(&best[last]) {
                insert(best, found, Near::is_before);
            }
        }
    }
}

impl<D: Distance> Search for Index<D> {
    fn nearest(&self, x: &[f64], k: usize) -> Vec<Near> {
        const QUERIES: usize = 64;
        let features = self.order.len();
        let mut all = vec![Near::NOWHERE; x.len() / features * k];
        let parts = x.par_chunks(QUERIES * features).zip(all.par_chunks_mut(QUERIES * k));
        parts.for_each_init(Scratch::default, |scratch, (x, all)| {
            for (row, best) in x.chunks_exact(features).zip(all.chunks_exact_mut(k)) {
                self.search(row, best, scratch);
            }
        });
        all
    }

    fn length(&self, sum: f64) -> f64 {
        D::length(sum)
    }
}
#[cfg(test)]
mod tests {
    use super::super::distance::{Chebyshev, Euclidean, Manhattan};
    use super::*;
    use crate::seed::{Seed, below};

    fn brute<D: Distance>(x: &[f64], features: usize, query: &[f64], order: &[usize], k: usize) -> Vec<(u64, u32)> {
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
        all.iter().take(k).map(|(sum, row)| (sum.to_bits(), *row)).collect()
    }

    /// Compares with looking at all rows: the same rows and the same bits of their distances, for every distance.
    fn check<D: Distance>(x: &[f64], queries: &[f64], features: usize, k: usize) {
        let index = Index::<D>::new(x, features);
        let found = index.nearest(queries, k);
        for (query, near) in queries.chunks(features).zip(found.chunks(k)) {
            let near: Vec<(u64, u32)> = near.iter().map(|near| (near.distance.to_bits(), near.row)).collect();
            assert_eq!(near, brute::<D>(x, features, query, &index.order, k));
        }
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
            (500, 20, 1 << 40, 5),
        ] {
            // Values near and far from the origin, close together and wide apart, up to where squares overflow.
            for (origin, step) in [
                (0.0, 0.1),
                (1e9, 1e-3),
                (-3.0, 1e-12),
                (0.0, 1e-180),
                (0.0, 1e150),
                (1e308, 1e295),
            ] {
                let mut value = || origin + below(&mut rng, levels) as f64 * step;
                let mut x: Vec<f64> = (0..rows * features).map(|_| value()).collect();
                if features == 20 {
                    // Features that hardly vary are left out of the directions, but not of the distance.
                    let narrow = |(i, v): (usize, &mut f64)| *v = origin + (*v - origin) / (1 + i % 20 * 20) as f64;
                    x.iter_mut().enumerate().for_each(narrow);
                }
                let mut queries: Vec<f64> = (0..9 * features).map(|_| value()).collect();
                queries[..features].iter_mut().for_each(|v| *v *= 1e3);
                queries[features..2 * features].fill(0.0);
                queries.iter_mut().for_each(|v| *v = v.clamp(f64::MIN, f64::MAX));
                queries.extend(&x[..features]);
                check::<Euclidean>(&x, &queries, features, k);
                check::<Manhattan>(&x, &queries, features, k);
                check::<Chebyshev>(&x, &queries, features, k);
            }
        }
    }
}
