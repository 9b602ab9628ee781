//! Rows as they are seen in single precision.

use super::axes::axes;
use super::distance::Distance;
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
    distance: PhantomData<D>,
}

/// What a row adds to all of its distances when it is screened, and by how much they may be wrong.
pub(super) struct Seen {
    pub apart: f64,
    pub error: f64,
    /// How far it is from all directions.
    pub rest: f32,
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
            distance: PhantomData,
        };
        let mut largest: f64 = 0.0;
        for row in rows.chunks_exact(features) {
            largest = lens.centred(row).fold(largest, |most, v| most.max(v.abs()));
        }
        while largest * lens.unit > 1.0 && lens.unit > 1.0 / FARTHEST {
            lens.unit *= 0.5;
        }
        while largest * lens.unit < 0.5 && lens.unit < FARTHEST {
            lens.unit *= 2.0;
        }
        if D::TURNS && features >= TURNED {
            let centred: Vec<f64> = rows.chunks_exact(features).flat_map(|row| lens.centred(row)).collect();
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

    /// Appends the coordinates of a row.
    ///
    /// With u = 2⁻²⁴ and s, t the distances of two rows from the origin: rounding the coordinates changes the distance of the rows by at
    /// most 4u (s + t), its sum over d coordinates by 2 (d + 1) u (s + t), the other operations by few u (s + t). Twice as much is allowed
    /// for; beside it, for what is too small for single precision. Directions are orthonormal to far more digits than that.
    pub fn see(&self, row: &[f64], centred: &mut Vec<f64>, into: &mut Vec<f32>) -> Seen {
        centred.clear();
        centred.extend(self.centred(row));
        let size = centred.iter().fold(0.0, |sum, v| D::add(sum, *v));
        let start = into.len();
        let mut beside = 0.0;
        if self.axes.is_empty() {
            into.extend(centred.iter().map(|v| *v as f32));
        } else {
            let mut rest = size;
            for axis in self.axes.chunks_exact(centred.len()) {
                let along = dot(axis, centred);
                rest -= along * along;
                into.push(along as f32);
            }
            beside = rest.max(0.0).sqrt() as f32;
            into.push(beside);
        }
        let seen = into[start..].iter().fold(0.0, |sum, v| D::add(sum, f64::from(*v)));
        Seen {
            apart: D::apart(seen),
            error: size * (self.coordinates as f64 + 16.0) / f64::from(1 << 22) + 1e-30,
            rest: beside,
        }
    }
}
