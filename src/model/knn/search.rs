//! Finding the nearest rows, exactly, without computing most distances in full.
//!
//! Every distance is first bounded roughly, many rows at once. Only the rows whose lower bound is not beyond the k-th smallest
//! upper one can be among the k nearest: their distances are computed in full, and decide.

use super::distance::{Distance, LANES, Packed};
use super::lens::Lens;
use super::smallest::Smallest;
use rayon::prelude::*;
use wide::{bytemuck::cast, f32x4};

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

/// Rows in blocks, sorted by the first coordinate in which they are screened: the feature that varies most, or the widest direction. A
/// search goes outward from the query along it, and ends where the gap alone is too far.
pub(super) struct Index<D: Distance> {
    /// The features, those that vary most first.
    order: Vec<usize>,
    /// The rows, sorted, their features in order.
    rows: Vec<f64>,
    numbers: Vec<u32>,
    lens: Lens<D>,
    blocks: Vec<Block>,
    /// Blocks × coordinates, or pairs of them.
    x: Vec<D::Lanes>,
    /// What makes whole numbers of the rows' coordinates.
    scale: f64,
    /// The largest error of a row.
    error: f32,
}

/// What a block has beside its rows' coordinates.
struct Block {
    /// Its smallest and largest first coordinate.
    ends: (f32, f32),
    /// What is added to what is screened of a row to make it a lower bound, and how far that may be below the distance. Infinite where the
    /// last block has no row.
    least: [f32x4; LANES / 4],
    error: [f32x4; LANES / 4],
    rest: [f32x4; LANES / 4],
}

/// What a query has beside its coordinates, as it is seen.
struct Own {
    least: f32,
    error: f32,
    rest: f32,
    /// What its products with rows, both in whole numbers, are multiplied by.
    factor: f32,
}

/// Bounds of the distances of a block's rows.
#[derive(Default)]
struct Bounds {
    least: [f32; LANES],
    most: [f32; LANES],
}

/// A query's coordinate or two.
type Asked<D> = <<D as Distance>::Lanes as Packed>::Asked;

/// Memory of a search.
struct Scratch<A> {
    /// The query's features in order; and its coordinates, as they are screened.
    query: Vec<f64>,
    centred: Vec<f64>,
    coordinates: Vec<f64>,
    asked: Vec<A>,
    /// The smallest upper bounds so far.
    most: Smallest,
    /// Rows that may be near.
    open: Vec<Open>,
}

impl<A> Scratch<A> {
    fn new() -> Scratch<A> {
        Scratch {
            query: Vec::new(),
            centred: Vec::new(),
            coordinates: Vec::new(),
            asked: Vec::new(),
            most: Smallest::new(),
            open: Vec::new(),
        }
    }
}

/// A row that may be near, its place among the sorted rows, and what its distance is at least.
#[derive(Clone, Copy)]
struct Open {
    least: f32,
    place: u32,
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
        let scale = seen.iter().fold(f64::INFINITY, |least, seen| least.min(seen.scale));
        let (mut blocks, mut lanes, mut together) = (Vec::new(), Vec::new(), Vec::new());
        for members in numbers.chunks(LANES) {
            let mut block = Block {
                ends: (at(members[0])[0] as f32, at(members[members.len() - 1])[0] as f32),
                least: [f32x4::splat(f32::INFINITY); LANES / 4],
                error: [f32x4::ZERO; LANES / 4],
                rest: [f32x4::ZERO; LANES / 4],
            };
            together.clear();
            for (lane, &row) in members.iter().enumerate() {
                let set = |to: &mut [f32x4], value| to[lane / 4].as_mut_array()[lane % 4] = value;
                set(&mut block.least, (seen[row].apart - seen[row].error) as f32);
                set(&mut block.error, seen[row].error as f32);
                set(&mut block.rest, seen[row].rest);
                together.extend_from_slice(at(row));
            }
            D::Lanes::pack(&together, lens.coordinates, scale, &mut lanes);
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
            scale,
        }
    }

    /// Bounds the distances of a block's rows from a query. A bit for each row that is not known to be farther than `worst`; without one,
    /// bounds are not told.
    ///
    /// A function of its own for the sake of wasm: what is in one function shares too few registers.
    #[inline(never)]
    fn screen(&self, at: usize, asked: &[Asked<D>], own: &Own, worst: f32, bounds: &mut Bounds) -> u32 {
        let block = &self.blocks[at];
        let mut least = D::screen(asked, &self.x[at * asked.len()..][..asked.len()], own.factor);
        let mut far = 0;
        for (part, least) in least.iter_mut().enumerate() {
            *least = *least + block.least[part] + own.least;
            far |= least.simd_gt(worst).to_bitmask() << (4 * part);
        }
        // What is no number is not known to be too far; the last block may have fewer rows.
        let near = !far & (u32::MAX >> (32 - LANES.min(self.numbers.len() - at * LANES)));
        if near != 0 {
            let mut most = least;
            for (part, most) in most.iter_mut().enumerate() {
                // Beside the directions, two rows may lie on opposite sides: (s + t)² = (s - t)² + 4 s t.
                *most += (block.error[part] + own.error) * 2.0 + block.rest[part] * (4.0 * own.rest);
            }
            *bounds = Bounds {
                least: cast(least),
                most: cast(most),
            };
        }
        near
    }

    fn search(&self, row: &[f64], best: &mut [Near], scratch: &mut Scratch<Asked<D>>) {
        let Scratch {
            query,
            centred,
            coordinates,
            asked,
            most,
            open,
        } = scratch;
        query.clear();
        query.extend(self.order.iter().map(|&feature| row[feature]));
        coordinates.clear();
        let seen = self.lens.see(query, centred, coordinates);
        asked.clear();
        D::Lanes::ask(coordinates, seen.scale, asked);
        let origin = coordinates[0] as f32;
        let own = Own {
            least: (seen.apart - seen.error) as f32,
            error: seen.error as f32,
            rest: seen.rest,
            factor: (1.0 / (self.scale * seen.scale)) as f32,
        };
        let slack = own.error + self.error;
        open.clear();
        most.clear(best.len());
        let mut right = self.blocks.partition_point(|block| block.ends.1 < origin);
        let mut left = right;
        // A gap of the wrong sign is none: the query lies within the block.
        let gap = |difference: f32| Some(D::add(0.0, f64::from(difference.max(0.0))) as f32);
        let to_left = |left: usize| gap(origin - self.blocks[left.checked_sub(1)?].ends.1);
        let to_right = |right: usize| gap(self.blocks.get(right)?.ends.0 - origin);
        let (mut below, mut above) = (to_left(left), to_right(right));
        let mut bounds = Bounds::default();
        loop {
            let is_left = match (below, above) {
                (Some(below), Some(above)) => below < above,
                (below, _) => below.is_some(),
            };
            let worst = most.last();
            match if is_left { below } else { above } {
                Some(gap) if gap > worst + slack => break,
                Some(_) => {}
                None => break,
            }
            let at;
            if is_left {
                left -= 1;
                at = left;
                below = to_left(left);
            } else {
                at = right;
                right += 1;
                above = to_right(right);
            }
            let mut near = self.screen(at, asked, &own, worst, &mut bounds);
            while near != 0 {
                let lane = near.trailing_zeros() as usize % LANES;
                near &= near - 1;
                most.insert(bounds.most[lane]);
                open.push(Open {
                    least: bounds.least[lane],
                    place: (at * LANES + lane) as u32,
                });
            }
        }
        let (worst, last) = (most.last(), best.len() - 1);
        for open in open.iter() {
            // Again: what is no number is not known to be too far.
            if open.least > worst {
                continue;
            }
            let row = &self.rows[open.place as usize * query.len()..][..query.len()];
            let found = Near {
                distance: query.iter().zip(row).fold(0.0, |sum, (q, x)| D::add(sum, q - x)),
                row: self.numbers[open.place as usize],
            };
            if found.is_before(&best[last]) {
                let mut place = last;
                while place > 0 && found.is_before(&best[place - 1]) {
                    best[place] = best[place - 1];
                    place -= 1;
                }
                best[place] = found;
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
        parts.for_each_init(Scratch::new, |scratch, (x, all)| {
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
