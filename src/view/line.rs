//! The objective itself along a slice, as far as it is known.

use super::View;
use crate::protocol::Slice;

/// The objective along a parameter, through the configuration of a slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Places in the parameter's unit interval that are known, in order, and the value at each: NaN where there is none.
    pub points: Vec<(f64, f64)>,
    /// How many places there are to know.
    pub all: usize,
}

impl Line {
    /// Whether nothing is left to find out.
    pub fn is_whole(&self) -> bool {
        self.points.len() >= self.all
    }

    /// The value at the known place that is nearest to `u`, if nothing unknown lies nearer.
    pub fn at(&self, u: f64) -> Option<f64> {
        let off = |p: &(f64, f64)| (p.0 - u).abs();
        let nearest = self.points.iter().reduce(|a, b| if off(b) < off(a) { b } else { a })?;
        let near = 0.5 / self.all.saturating_sub(1).max(1) as f64 + 1e-9;
        (nearest.1.is_finite() && (self.is_whole() || off(nearest) <= near)).then_some(nearest.1)
    }
}

impl View {
    /// The objective along a slice: what came with it, where it is cheap, else what was evaluated for it.
    pub fn line(&self, slice: &Slice) -> Option<Line> {
        if let Some(truth) = &slice.truth {
            // Of what the space forbids no value is ever found.
            let of = |(i, v): (usize, &f64)| if slice.is_forbidden(i) { f64::NAN } else { *v };
            let truth = truth.iter().enumerate().map(of);
            let points: Vec<_> = slice.us.iter().copied().zip(truth).collect();
            let all = points.len();
            return Some(Line { points, all });
        }
        let others = slice.others();
        let own = |p: &&crate::protocol::Plane| {
            p.grid.is_line() && p.grid.x == slice.param && p.grid.through.as_ref() == Some(&others)
        };
        let plane = self.planes.iter().rev().find(own)?;
        let all = plane.grid.len();
        // Of what is not known yet and of what failed nothing is drawn; the former makes no gap.
        let is_known = |v: f64| v.is_finite() || plane.done >= all;
        let places = plane.grid.places(&self.study.as_ref()?.space).into_iter();
        let points = places.zip(plane.values.iter().copied()).filter(|p| is_known(p.1));
        Some(Line {
            points: points.collect(),
            all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_is_not_known_yet_a_pointer_is_told_nothing() {
        let line = |points: &[(f64, f64)]| Line {
            points: points.to_vec(),
            all: 5,
        };
        let half = line(&[(0.0, 1.0), (0.5, 2.0)]);
        assert_eq!([0.1, 0.25, 0.6].map(|u| half.at(u)), [Some(1.0), None, Some(2.0)]);
        let gap = line(&[(0.0, 1.0), (0.25, f64::NAN), (0.5, 2.0), (0.75, 3.0), (1.0, 4.0)]);
        assert_eq!([0.1, 0.2, 0.9].map(|u| gap.at(u)), [Some(1.0), None, Some(4.0)]);
    }
}
