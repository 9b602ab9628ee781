//! Rows as they are seen when they are screened.

use super::axes::axes;
use super::distance::{Distance, LONGEST};
use crate::math::rows::dot;
use std::marker::PhantomData;

/// Units are no larger and their inverse is not: so squares that overflow or vanish in double precision do so in single precision before.
const FARTHEST: f64 = 1e100;

/// Fewer features are seen as they are.
const TURNED: usize = 8;

/// How rows are seen when they are screened.
pub(super) struct Lens<D> {
    means: Vec<f64>,
    /// A power of two that brings all values, less their means, near one or below, where products of single precision are precise.
    unit: f64,
    /// Directions × features; where there is none, features are seen as they are.
    axes: Vec<f64>,
    pub coordinates: usize,
    /// The length of the longest row.
    reach: f64,
    distance: PhantomData<D>,
}

/// What a row adds to all of its distances when it is screened, and by how much they may be wrong.
pub(super) struct Seen {
    pub apart: f64,
    pub error: f64,
    /// How far it is from all directions.
    pub rest: f32,
    /// What makes whole numbers of its coordinates.
    pub scale: f64,
}

impl<D: Distance> Lens<D> {
    /// For the row-major `rows`.
    pub fn new(rows: &[f64], features: usize) -> Lens<D> {
        let n = (rows.len() / features) as f64;
        let mean = |feature: usize| rows[feature..].iter().step_by(features).sum::<f64>() / n;
        let mut lens = Lens {
            means: (0..features).map(mean).collect(),
            unit: 1.0,
            axes: Vec::new(),
            coordinates: features,
            reach: 0.0,
            distance: PhantomData,
        };
        let each = || rows.chunks_exact(features);
        let largest = each().fold(0.0, |most: f64, row| {
            lens.centred(row).fold(most, |most, v| most.max(v.abs()))
        });
        while largest * lens.unit > 1.0 && lens.unit > 1.0 / FARTHEST {
            lens.unit *= 0.5;
        }
        while largest * lens.unit < 0.5 && lens.unit < FARTHEST {
            lens.unit *= 2.0;
        }
        lens.reach = each()
            .map(|row| lens.size(lens.centred(row)))
            .fold(0.0, |most, size| most.max(D::length(size)));
        if D::TURNS && features >= TURNED {
            let centred: Vec<f64> = each().flat_map(|row| lens.centred(row)).collect();
            lens.axes = axes(&centred, features);
            // Beside the directions, how far a row is from all of them.
            if !lens.axes.is_empty() {
                lens.coordinates = lens.axes.len() / features + 1;
            }
        }
        lens
    }

    fn centred(&self, row: &[f64]) -> impl Iterator<Item = f64> {
        row.iter().zip(&self.means).map(|(v, mean)| (v - mean) * self.unit)
    }

    fn size(&self, centred: impl Iterator<Item = f64>) -> f64 {
        centred.fold(0.0, D::add)
    }

    /// Appends the coordinates of a row.
    ///
    /// Where they become numbers of single precision, with u = 2⁻²⁴ and s, t the distances of two rows from the origin: rounding the
    /// coordinates changes the distance of the rows by at most 4u (s + t), its sum over d coordinates by 2 (d + 1) u (s + t), the other
    /// operations by few u (s + t). Twice as much is allowed for; beside it, for what is too small for single precision. Directions are
    /// orthonormal to far more digits than that. Where they become whole numbers, it is less but for [`Distance::blur`].
    pub fn see(&self, row: &[f64], centred: &mut Vec<f64>, into: &mut Vec<f64>) -> Seen {
        centred.clear();
        centred.extend(self.centred(row));
        let size = self.size(centred.iter().copied());
        let length = D::length(size);
        let mut rest = 0.0;
        if self.axes.is_empty() {
            into.extend_from_slice(centred);
        } else {
            let mut left = size;
            for axis in self.axes.chunks_exact(centred.len()) {
                let along = dot(axis, centred);
                left -= along * along;
                into.push(along);
            }
            rest = left.max(0.0).sqrt();
            into.push(rest);
        }
        let rounding = size * (self.coordinates as f64 + 16.0) / f64::from(1 << 22) + 1e-30;
        Seen {
            apart: D::apart(size),
            error: rounding + D::blur(length, self.reach, self.coordinates),
            rest: rest as f32,
            scale: LONGEST / length.max(self.reach),
        }
    }
}
