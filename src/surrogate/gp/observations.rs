//! What a process learns from: distinct points, each observed once or several times.

use super::output::Output;
use std::collections::BTreeMap;

/// Points and observed values.
///
/// Equal points are one point. The mean of its c observations has the noise σ²/c, and how they scatter about it tells σ² itself: the
/// likelihood of all observations falls apart into that of the means and
/// −½ (N − n) ln 2πσ² − W/2σ² − ½ Σ ln cᵢ, W being the sum of squares within points.
#[derive(Clone, Debug, PartialEq)]
pub struct Observations {
    /// The distinct points, in the order of their first observation.
    pub(super) points: Vec<Vec<f64>>,
    /// How often each was observed.
    pub(super) counts: Vec<f64>,
    values: Vec<f64>,
    /// Which point each value was observed at.
    place: Vec<usize>,
    /// Whether values are put into the process's unit here.
    standardize: bool,
}

/// The means of the points' observations, in the process's unit, and what else their likelihood needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Targets {
    pub(super) means: Vec<f64>,
    /// W.
    pub(super) within: f64,
    /// ln of how much the outputs' unit is squeezed.
    pub(super) log_jacobian: f64,
}

impl Observations {
    /// Values observed at points, in the process's unit already.
    pub fn new(x: &[Vec<f64>], values: &[f64]) -> Observations {
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut all = Observations {
            points: Vec::new(),
            counts: Vec::new(),
            values: values.to_vec(),
            place: Vec::with_capacity(x.len()),
            standardize: false,
        };
        for point in x {
            // −0 is 0.
            let key = point.iter().map(|v| (v + 0.0).to_bits()).collect();
            let place = *known.entry(key).or_insert(all.points.len());
            if place == all.points.len() {
                all.points.push(point.clone());
                all.counts.push(0.0);
            }
            all.counts[place] += 1.0;
            all.place.push(place);
        }
        all
    }

    /// Values that still have to be warped and standardized, as λ says.
    #[must_use]
    pub fn standardized(mut self) -> Observations {
        self.standardize = true;
        self
    }

    /// The unit of the process under λ.
    pub(super) fn output(&self, lambda: f64) -> Option<Output> {
        self.standardize.then(|| Output::of(lambda, &self.values))
    }

    /// Observations beyond the first of each point.
    pub(super) fn repeats(&self) -> f64 {
        (self.values.len() - self.points.len()) as f64
    }

    /// What the process is conditioned on under λ.
    pub(super) fn targets(&self, lambda: f64) -> Targets {
        let output = self.output(lambda);
        let unit = |v: &f64| output.map_or(*v, |output| output.apply(*v));
        let values: Vec<f64> = self.values.iter().map(unit).collect();
        let mut means = vec![0.0; self.points.len()];
        self.place.iter().zip(&values).for_each(|(i, v)| means[*i] += v);
        means.iter_mut().zip(&self.counts).for_each(|(m, c)| *m /= c);
        let mut within = 0.0;
        if self.repeats() > 0.0 {
            let off = self.place.iter().zip(&values).map(|(i, v)| v - means[*i]);
            within = off.map(|d| d * d).sum();
        }
        Targets {
            means,
            within,
            log_jacobian: output.map_or(0.0, |output| output.log_jacobian(&self.values)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_points_are_one() {
        let x = vec![vec![0.5, 0.0], vec![0.1, 1.0], vec![0.5, -0.0], vec![0.5, 0.0]];
        let all = Observations::new(&x, &[1.0, 7.0, 2.0, 6.0]);
        assert_eq!(
            (all.points.len(), all.counts.clone(), all.repeats()),
            (2, vec![3.0, 1.0], 2.0)
        );
        let targets = all.targets(1.0);
        assert_eq!((targets.means, targets.within), (vec![3.0, 7.0], 14.0));
    }
}
