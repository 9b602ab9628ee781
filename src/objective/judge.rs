//! What a trained model decides: a row of the data at a time, and over a plane through them.

use crate::dataset::{Column, Table};
use crate::math::eigen;
use crate::math::rows::dot;
use crate::protocol::Regions;

/// Cells along each side of the plane.
pub(super) const CELLS: usize = 48;
/// More features than this have no principal components here: their time grows as the cube.
const MOST: usize = 256;
/// How far the plane goes beyond the rows, as a share of their range.
const MARGIN: f64 = 0.06;

/// A plane through the rows: the two features themselves, or the two principal components of the standardized ones.
pub(super) struct Plane {
    mean: Vec<f64>,
    sd: Vec<f64>,
    axes: [Vec<f64>; 2],
    names: [String; 2],
    low: [f64; 2],
    high: [f64; 2],
}

impl Plane {
    /// The plane of `train`. A gap lies at its feature's mean.
    ///
    /// # Errors
    /// If there are too many features.
    pub(super) fn of(train: &Table, names: &[String]) -> Result<Plane, String> {
        let (n, d) = (train.rows(), train.features());
        if d > MOST {
            return Err(format!(
                "{d} features are too many for principal components; accepted: up to {MOST}"
            ));
        }
        let known = |f: usize| (0..n).map(move |row| train.row(row)[f]).filter(|v| v.is_finite());
        let mean: Vec<f64> = (0..d)
            .map(|f| known(f).sum::<f64>() / (known(f).count().max(1) as f64))
            .collect();
        let direct = d == 2;
        let spread = |f: usize| {
            let squares: f64 = known(f).map(|v| (v - mean[f]) * (v - mean[f])).sum();
            libm::sqrt(squares / known(f).count().max(1) as f64)
        };
        let (sd, axes, names) = if direct {
            let names = [0, 1].map(|f| names.get(f).cloned().unwrap_or_default());
            (vec![1.0; 2], [vec![1.0, 0.0], vec![0.0, 1.0]], names)
        } else {
            let sd: Vec<f64> = (0..d).map(spread).collect();
            let z: Vec<Vec<f64>> = (0..d)
                .map(|f| (0..n).map(|row| standard(train.row(row)[f], mean[f], sd[f])).collect())
                .collect();
            let mut covariance = vec![0.0; d * d];
            for i in 0..d {
                for j in 0..=i {
                    let c = dot(&z[i], &z[j]) / n.max(1) as f64;
                    (covariance[i * d + j], covariance[j * d + i]) = (c, c);
                }
            }
            let mut pairs = eigen::symmetric(covariance, d).into_iter().map(|(_, axis)| axis);
            let mut next = || pairs.next().unwrap_or_else(|| vec![0.0; d]);
            let names = ["first principal component", "second principal component"].map(String::from);
            (sd, [next(), next()], names)
        };
        let mut plane = Plane {
            mean: if direct { vec![0.0; 2] } else { mean },
            sd,
            axes,
            names,
            low: [f64::INFINITY; 2],
            high: [f64::NEG_INFINITY; 2],
        };
        for row in 0..n {
            let at = plane.place(train.row(row));
            for (k, at) in at.into_iter().enumerate() {
                plane.low[k] = plane.low[k].min(at);
                plane.high[k] = plane.high[k].max(at);
            }
        }
        for k in 0..2 {
            let pad = ((plane.high[k] - plane.low[k]) * MARGIN).max(1e-9);
            (plane.low[k], plane.high[k]) = (plane.low[k] - pad, plane.high[k] + pad);
        }
        Ok(plane)
    }

    /// Where a row lies.
    pub(super) fn place(&self, row: &[f64]) -> [f64; 2] {
        let z: Vec<f64> = (0..row.len())
            .map(|f| standard(row[f], self.mean[f], self.sd[f]))
            .collect();
        [dot(&self.axes[0], &z), dot(&self.axes[1], &z)]
    }

    /// A row for the middle of each cell, row by row from the bottom; a category is the nearest there is.
    ///
    /// # Errors
    /// If a number is not finite.
    pub(super) fn cells(&self, like: &Table) -> Result<Table, String> {
        let d = like.features();
        let columns = like.columns();
        let mut x = Vec::with_capacity(CELLS * CELLS * d);
        for i in 0..CELLS * CELLS {
            let share = |k: usize| (k as f64 + 0.5) / CELLS as f64;
            let along = |k: usize, s: f64| self.low[k] + s * (self.high[k] - self.low[k]);
            let (a, b) = (along(0, share(i % CELLS)), along(1, share(i / CELLS)));
            for f in 0..d {
                let v = self.mean[f] + self.sd[f] * (a * self.axes[0][f] + b * self.axes[1][f]);
                let levels = columns.map_or(0, |c| c[f].levels);
                x.push(if levels > 0 {
                    libm::round(v).clamp(0.0, f64::from(levels - 1))
                } else {
                    v
                });
            }
        }
        match columns {
            Some(columns) => {
                let columns: Vec<Column> = columns.to_vec();
                Table::raw(x, vec![0; CELLS * CELLS], columns, like.classes())
            }
            None => Table::unlabelled(x, d, like.classes()),
        }
    }

    /// What is decided over the plane, with the rows of `shown` on it.
    pub(super) fn regions(self, cells: Vec<u32>, shown: &Table, decided: &[u32], most: usize) -> Regions {
        let rows = (0..shown.rows().min(most)).map(|i| {
            let [x, y] = self.place(shown.row(i));
            (x, y, shown.y()[i], decided[i])
        });
        Regions {
            rows: rows.collect(),
            names: self.names,
            low: self.low,
            high: self.high,
            columns: CELLS,
            cells,
        }
    }
}

fn standard(v: f64, mean: f64, sd: f64) -> f64 {
    if v.is_finite() && sd > 0.0 {
        (v - mean) / sd
    } else {
        0.0
    }
}

/// The likeliest class of each row, the first of equals.
pub(super) fn decisions(probabilities: &[f64], classes: usize) -> Vec<u32> {
    let best = |row: &[f64]| (1..row.len()).fold(0, |best, k| if row[k] > row[best] { k } else { best }) as u32;
    probabilities.chunks_exact(classes.max(1)).map(best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_features_are_their_own_plane_and_more_are_seen_along_their_spread() {
        let names = ["a", "b", "c"].map(String::from);
        let x = vec![0.0, 10.0, 1.0, 20.0, 2.0, 40.0];
        let flat = Table::new(x, vec![0, 1, 1], 2, 2).expect("a table");
        let plane = Plane::of(&flat, &names).expect("a plane");
        assert_eq!((plane.place(&[1.5, 30.0]), &plane.names[1][..]), ([1.5, 30.0], "b"));
        let cells = plane.cells(&flat).expect("cells");
        assert_eq!((cells.rows(), cells.features()), (CELLS * CELLS, 2));
        assert!(cells.row(0)[0] < 0.0 && cells.row(CELLS - 1)[0] > 2.0 && cells.row(CELLS * CELLS - 1)[1] > 40.0);
        // Three features that are one thing: all of it lies along the first component.
        let x: Vec<f64> = (0..12)
            .flat_map(|i| [f64::from(i), 3.0 * f64::from(i), -f64::from(i)])
            .collect();
        let line = Table::new(x, (0..12).map(|i| i % 2).collect(), 3, 2).expect("a table");
        let plane = Plane::of(&line, &names).expect("a plane");
        assert!((0..12).all(|i| plane.place(line.row(i))[1].abs() < 1e-9));
        let ends = [0, 11].map(|i| plane.place(line.row(i))[0]);
        assert!((ends[0] + ends[1]).abs() < 1e-9 && ends[1].abs() > 2.0, "{ends:?}");
    }

    #[test]
    fn the_likeliest_class_is_decided() {
        assert_eq!(decisions(&[0.2, 0.5, 0.3, 0.4, 0.2, 0.4], 3), [1, 0]);
    }
}
