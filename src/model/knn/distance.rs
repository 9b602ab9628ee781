//! Distances between rows, in full and as they are screened.

use wide::{bytemuck::cast, f32x4, i16x8, i32x4};

/// Rows that are screened together.
pub(super) const LANES: usize = 16;

/// A coordinate or two of [`LANES`] rows.
pub(super) trait Packed: Copy + Send + Sync {
    /// The same of a query.
    type Asked: Copy + Send;

    /// Appends up to [`LANES`] rows of so many `coordinates`, each times `scale` where they become whole numbers.
    fn pack(rows: &[f64], coordinates: usize, scale: f64, into: &mut Vec<Self>);

    /// Appends a query's coordinates.
    fn ask(query: &[f64], scale: f64, into: &mut Vec<Self::Asked>);
}

/// One coordinate in single precision.
impl Packed for [f32; LANES] {
    type Asked = f32;

    fn pack(rows: &[f64], coordinates: usize, _: f64, into: &mut Vec<Self>) {
        for coordinate in 0..coordinates {
            let mut lanes = [0.0; LANES];
            let column = rows[coordinate..].iter().step_by(coordinates);
            lanes
                .iter_mut()
                .zip(column)
                .for_each(|(lane, &value)| *lane = value as f32);
            into.push(lanes);
        }
    }

    fn ask(query: &[f64], _: f64, into: &mut Vec<f32>) {
        into.extend(query.iter().map(|v| *v as f32));
    }
}

/// Two coordinates in whole numbers, four rows to a vector; a query's two stand there four times.
impl Packed for [i16x8; LANES / 4] {
    type Asked = i16x8;

    fn pack(rows: &[f64], coordinates: usize, scale: f64, into: &mut Vec<Self>) {
        for pair in (0..coordinates).step_by(2) {
            let mut lanes = [[0; 8]; LANES / 4];
            for (lane, row) in rows.chunks_exact(coordinates).enumerate() {
                for (side, &value) in row[pair..].iter().take(2).enumerate() {
                    lanes[lane / 4][lane % 4 * 2 + side] = (value * scale) as i16;
                }
            }
            into.push(lanes.map(i16x8::new));
        }
    }

    fn ask(query: &[f64], scale: f64, into: &mut Vec<i16x8>) {
        into.extend(query.chunks(2).map(|pair| {
            let first = (pair[0] * scale) as i16;
            let second = pair.get(1).map_or(0, |value| (value * scale) as i16);
            i16x8::new([first, second, first, second, first, second, first, second])
        }));
    }
}

/// A distance that grows feature by feature.
pub(super) trait Distance: Send + Sync + 'static {
    /// The distance so far, with one more difference. Never less than `sum`, also after rounding.
    fn add(sum: f64, difference: f64) -> f64;

    /// What the sum means as a length.
    fn length(sum: f64) -> f64;

    /// Whether it stays the same when all rows are turned.
    const TURNS: bool = false;

    /// How rows are packed to be screened.
    type Lanes: Packed;

    /// The sums of the distances, less what [`Distance::apart`] says; products of whole numbers times `factor`.
    fn screen(asked: &[<Self::Lanes as Packed>::Asked], x: &[Self::Lanes], factor: f32) -> [f32x4; LANES / 4];

    /// What a row or a query of this distance from the origin adds to all of its distances.
    fn apart(_size: f64) -> f64 {
        0.0
    }

    /// By how much whole numbers may be wrong for a row or query of this length, where the longest row has the length `reach`.
    fn blur(_length: f64, _reach: f64, _coordinates: usize) -> f64 {
        0.0
    }
}

pub(super) struct Euclidean;
pub(super) struct Manhattan;
pub(super) struct Chebyshev;

/// The longest row, or a longer query, in whole numbers: less than 2¹⁵ by more than rounding.
pub(super) const LONGEST: f64 = 30000.0;

/// Screened as (q - x)² = q² + x² - 2 q x, of which the squares are known beforehand, and q x is computed in whole numbers of 16 bits: an
/// instruction multiplies eight of them and adds pairs. No vector is longer than [`LONGEST`], so no sum is beyond 32 bits.
impl Distance for Euclidean {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference * difference
    }

    fn length(sum: f64) -> f64 {
        sum.sqrt()
    }

    const TURNS: bool = true;

    type Lanes = [i16x8; LANES / 4];

    #[inline(always)]
    fn screen(asked: &[i16x8], x: &[Self::Lanes], factor: f32) -> [f32x4; LANES / 4] {
        let mut sums = [i32x4::ZERO; LANES / 4];
        for (asked, x) in asked.iter().zip(x) {
            for part in 0..LANES / 4 {
                sums[part] += asked.dot(x[part]);
            }
        }
        sums.map(|sums| f32x4::from_i32x4(sums) * (-2.0 * factor))
    }

    fn apart(size: f64) -> f64 {
        size
    }

    /// With d coordinates, s and t the lengths of row and query, r = `reach` and L = [`LONGEST`]: a row's numbers are wrong by less than
    /// r / L each, a query's by max(t, r) / L, so that 2 q x is wrong by less than 2 √d (s max(t, r) + t r) / L, but for products of
    /// errors. Since s ≤ r, that is no more than what is returned here for s and for t; a tenth is added for the products.
    fn blur(length: f64, reach: f64, coordinates: usize) -> f64 {
        2.2 * (coordinates as f64).sqrt() / LONGEST * reach * (length + (length - reach).max(0.0))
    }
}

/// Differences in single precision, one by one.
#[inline(always)]
fn screen(asked: &[f32], x: &[[f32; LANES]], add: impl Fn(f32, f32) -> f32) -> [f32x4; LANES / 4] {
    let mut sums = [0.0; LANES];
    for (&asked, x) in asked.iter().zip(x) {
        for lane in 0..LANES {
            sums[lane] = add(sums[lane], (asked - x[lane]).abs());
        }
    }
    cast(sums)
}

impl Distance for Manhattan {
    #[inline(always)]
    fn add(sum: f64, difference: f64) -> f64 {
        sum + difference.abs()
    }

    fn length(sum: f64) -> f64 {
        sum
    }

    type Lanes = [f32; LANES];

    #[inline(always)]
    fn screen(asked: &[f32], x: &[Self::Lanes], _: f32) -> [f32x4; LANES / 4] {
        screen(asked, x, |sum, difference| sum + difference)
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

    type Lanes = [f32; LANES];

    #[inline(always)]
    fn screen(asked: &[f32], x: &[Self::Lanes], _: f32) -> [f32x4; LANES / 4] {
        screen(
            asked,
            x,
            |sum, difference| if difference > sum { difference } else { sum },
        )
    }
}
