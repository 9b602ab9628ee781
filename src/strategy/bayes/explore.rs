//! When a point looks beyond what is known instead of promising the most: where a valley is measured out, and on plateaus.

use super::data::Data;
use crate::registry::{Setting, SettingKind};

pub(super) const SETTING: Setting = Setting {
    id: "explore",
    about: "For logei: where no point promises to improve by more than a ten-thousandth of the values' spread, the valley is measured \
            out, and every so many-th point counts only improvements of more than a twentieth: it looks where a better valley may be. \
            Where the best value has come three times in a space that is not small and finite, it is a plateau, and every point counts \
            only improvements of more than a tenth, twice as much with each further time. 0 is never.",
    kind: SettingKind::Int(0, 1000),
    default: "2",
};

/// Expected improvement, in standard deviations of the values, below which a valley is measured out; and what an exploring point has to
/// improve by.
pub(super) const MEASURED_OUT: f64 = 1e-4;
pub(super) const EXPLORED: f64 = 0.05;
/// So many configurations of the best value, exactly, are a plateau. What the next point has to improve by, and at most.
const PLATEAU: usize = 3;
const BEYOND: f64 = 0.1;
const FARTHEST: f64 = 1.0;

/// What an origin says of an exploring point.
pub(super) const ELSEWHERE: &str = "No point promises more than a ten-thousandth of the values' spread, so this one looks for a better \
                                    valley: only improvements of more than a twentieth of the spread count.";
pub(super) const BEYOND_PLATEAU: &str = "The best value has come several times, exactly: a plateau. So this one looks beyond it: only \
                                         improvements of more than a tenth of the values' spread count, twice as much with each further \
                                         time.";

/// What a point has to improve by if the best values are a plateau, as accuracies of few rows and thresholds of integers make them: a model
/// of smooth functions expects a little more beside each of its points, wherever on it they are, and never learns otherwise.
pub(super) fn beyond_plateau(data: &Data) -> Option<f64> {
    let best = data.values.iter().copied().fold(f64::INFINITY, f64::min);
    let tied: Vec<&Vec<f64>> = data
        .x
        .iter()
        .zip(&data.values)
        .filter(|(_, value)| **value == best)
        .map(|(x, _)| x)
        .collect();
    // A configuration told twice says nothing of its neighbours.
    let distinct = (0..tied.len()).filter(|i| !tied[..*i].contains(&tied[*i])).count();
    let doublings = distinct.checked_sub(PLATEAU)?;
    Some((BEYOND * libm::pow(2.0, doublings as f64)).min(FARTHEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin(points: &[(f64, f64)]) -> Option<f64> {
        beyond_plateau(&Data {
            x: points.iter().map(|p| vec![p.0]).collect(),
            values: points.iter().map(|p| p.1).collect(),
            noise: None,
            warm: None,
        })
    }

    #[test]
    fn ties_of_the_best_are_a_plateau() {
        let mut points = vec![(0.0, 2.0), (0.1, 1.0), (0.2, 1.0), (0.2, 1.0), (0.9, 2.0), (0.8, 2.0)];
        assert_eq!(margin(&points), None, "the same point twice is one");
        points.push((0.3, 1.0));
        assert_eq!(margin(&points), Some(0.1));
        points.extend([(0.4, 1.0), (0.5, 1.0)]);
        assert_eq!(margin(&points), Some(0.4));
        points.extend((0..2000).map(|i| (2.0 + f64::from(i), 1.0)));
        assert_eq!(margin(&points), Some(1.0));
        points.push((0.6, 0.9));
        assert_eq!(margin(&points), None, "a better value ends it");
    }
}
