//! What a strategy believes, for pictures and for outside programs.
#![forbid(unsafe_code)]

use crate::space::Config;
use serde::{Deserialize, Deserializer, Serialize};

/// A strategy's belief at a list of configurations, from its own model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mind {
    /// It has none, and why.
    Nothing(String),
    /// A posterior over the objective and the acquisition that chooses by it.
    Posterior(Posterior),
    /// Where good and bad trials are dense.
    Densities(Densities),
    /// The normal distribution that its next points are drawn from. It is the same whatever is asked about.
    Gaussian(Gaussian),
    /// Brackets of rungs, in the order they were begun: who is where, and who was promoted. It says nothing about other configurations.
    Rungs(Vec<Bracket>),
    /// Where a descent went: a path a start, in order. It says nothing about other configurations.
    Path(Vec<Path>),
}

impl Mind {
    /// Why there is nothing to draw along a parameter, if there is not.
    pub fn words(&self) -> Option<String> {
        match self {
            Mind::Nothing(why) => Some(why.clone()),
            Mind::Posterior(_) | Mind::Densities(_) | Mind::Gaussian(_) => None,
            Mind::Rungs(brackets) => {
                let rungs = || brackets.iter().flat_map(|b| &b.rungs);
                let promoted = rungs()
                    .flat_map(|r| &r.members)
                    .filter(|m| m.fate == Fate::Promoted)
                    .count();
                Some(format!(
                    "it compares trials with each other and expects nothing of untried ones ({} brackets, {promoted} promotions so far).",
                    brackets.len()
                ))
            }
            Mind::Path(paths) => {
                let steps: usize = paths.iter().map(|p| p.steps.len()).sum();
                Some(format!(
                    "it goes downhill by the gradient where it stands and expects nothing of other places ({} starts, {steps} points so far).",
                    paths.len()
                ))
            }
        }
    }
}

/// The points of one descent, in order. Where they lie and which gradients they had stands in the trials themselves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// From the start on.
    pub steps: Vec<Waypoint>,
}

/// A point of a descent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waypoint {
    /// The trial.
    pub id: u32,
    /// Whether the descent went on from here; it did not if the step had gone too far.
    pub kept: bool,
}

/// Trials that compete with each other, from rung to rung.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bracket {
    /// Name for people.
    pub title: String,
    /// Its rungs, the lowest fidelity first.
    pub rungs: Vec<Rung>,
}

/// Trials at one fidelity that are compared with each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// Share of the full effort.
    pub fidelity: f64,
    /// Its trials, by id.
    pub members: Vec<Member>,
}

/// A trial in a rung.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The trial.
    pub id: u32,
    /// Its value, in the objective's own sign, if it has one.
    pub value: Option<f64>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a trial in its rung, so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Its outcome has not come in.
    Pending,
    /// It failed.
    Failed,
    /// It has not gone on.
    Stays,
    /// Another trial continues it.
    Promoted,
}

/// Densities by unit coordinate at each configuration asked about, in order; 1 is uniform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Densities {
    /// Of good trials.
    #[serde(deserialize_with = "numbers")]
    pub good: Vec<f64>,
    /// Of the others.
    #[serde(deserialize_with = "numbers")]
    pub bad: Vec<f64>,
    /// Good by bad: larger is more worth trying.
    #[serde(deserialize_with = "numbers")]
    pub ratio: Vec<f64>,
    /// The candidates that the next point is chosen among, each with its ratio. None where it is not chosen by densities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<(Config, f64)>,
}

/// A normal search distribution N(m, σ² C) in unit coordinates. Its ellipse over two parameters i and j at one standard deviation is
/// {x : (x − m)ᵀ (σ² C)⁻¹ (x − m) = 1} for these two rows and columns. Points beyond the unit cube are not proposed, and parameters
/// without order are not part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gaussian {
    /// Names of the parameters it is over, in the order of the coordinates.
    pub params: Vec<String>,
    /// m: the centre, each coordinate in [0, 1].
    pub mean: Vec<f64>,
    /// C: the shape, by rows, symmetric.
    pub covariance: Vec<Vec<f64>>,
    /// σ: the overall step size.
    pub sigma: f64,
}

impl Gaussian {
    /// Centre and standard deviation of the coordinate of `param`; `None` if the distribution is not over it.
    pub fn marginal(&self, param: &str) -> Option<(f64, f64)> {
        let i = self.params.iter().position(|name| name == param)?;
        let variance = self.covariance.get(i)?.get(i)?;
        Some((*self.mean.get(i)?, self.sigma * libm::sqrt(*variance)))
    }

    /// Density of that coordinate at each of `us`, whatever the others are; 1 is uniform.
    pub fn density(&self, param: &str, us: &[f64]) -> Option<Vec<f64>> {
        let (mean, sd) = self.marginal(param)?;
        let scale = 1.0 / (sd * libm::sqrt(2.0 * std::f64::consts::PI));
        let at = |u: &f64| scale * libm::exp(-0.5 * (u - mean) * (u - mean) / (sd * sd));
        Some(us.iter().map(at).collect())
    }
}

/// A posterior at each configuration asked about, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// Mean of the objective, in its own sign and unit.
    #[serde(deserialize_with = "numbers")]
    pub mean: Vec<f64>,
    /// Standard deviation of the objective, without the noise of an observation.
    #[serde(deserialize_with = "numbers")]
    pub sd: Vec<f64>,
    /// Acquisition value: larger is more worth trying.
    #[serde(deserialize_with = "numbers")]
    pub acquisition: Vec<f64>,
    /// Id of the acquisition function.
    pub acquisition_id: String,
    /// Standard deviation of the noise of one observation, in the objective's unit.
    pub noise_sd: f64,
}

/// Numbers as JSON has them: infinities and NaN are written as null, and read as NaN, which pictures leave out.
pub(crate) fn numbers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let values = Vec::<Option<f64>>::deserialize(from)?;
    Ok(values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marginal_density_is_that_of_its_own_coordinate() {
        let gaussian = Gaussian {
            params: vec!["a".into(), "b".into()],
            mean: vec![0.3, 0.6],
            covariance: vec![vec![4.0, 1.0], vec![1.0, 0.25]],
            sigma: 0.1,
        };
        assert_eq!(gaussian.marginal("b"), Some((0.6, 0.05)));
        let density = gaussian.density("a", &[0.3, 0.5]).expect("a density");
        let top = 1.994_711_402_007_163_6;
        assert!((density[0] - top).abs() < 1e-12 && (density[1] - top * libm::exp(-0.5)).abs() < 1e-12);
        assert_eq!(gaussian.density("c", &[0.3]), None);
    }
}
