//! Hyperparameters from data: the most probable ones, or draws from all that are probable.

use super::hyper::{Coordinates, Hyperparameters, Priors};
use super::kernel::{Axis, Kernel};
use super::likelihood::Data;
use super::observations::Observations;
use super::slice;
use crate::math::lbfgs::{self, Options};
use crate::math::normal::HALF_LN_2PI;
use crate::seed::Seed;

/// The most probable hyperparameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitting {
    /// They themselves.
    pub hyperparameters: Hyperparameters,
    /// ln of their density given the data, with the hyperparameters that only warp integrated out by Laplace's approximation along each:
    /// what fits with different warps are compared by.
    pub log_evidence: f64,
}

/// Steps of the difference by which curvatures of the posterior are taken.
const CURVATURE_STEP: f64 = 1e-3;

/// Whose hyperparameters are looked for.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// What the coordinates of inputs mean.
    pub axes: &'a [Axis],
    /// The kernel.
    pub kernel: &'static dyn Kernel,
    /// The data.
    pub observations: &'a Observations,
    /// What is believed beforehand.
    pub priors: &'a Priors,
    /// Which hyperparameters are looked for.
    pub coordinates: &'a Coordinates,
}

impl<'a> Problem<'a> {
    fn data(&self) -> Data<'a> {
        Data::new(self.axes, self.kernel, self.observations, self.coordinates)
    }

    /// The maximum a posteriori over `coordinates`: L-BFGS from each of `starts`, of which the best result is kept.
    ///
    /// # Errors
    /// If the covariance is singular at every start.
    pub fn fit(&self, starts: &[Hyperparameters]) -> Result<Fitting, String> {
        let (coordinates, priors) = (self.coordinates, self.priors);
        let mut data = self.data();
        let bounds = coordinates.bounds(priors);
        let options = Options {
            iterations: 60,
            gradient_tolerance: 1e-2,
            value_tolerance: 1e-6,
        };
        let mut best: Option<lbfgs::Minimum> = None;
        for start in starts {
            let objective = |point: &[f64], gradient: &mut [f64]| match data.log_posterior(point, priors, gradient) {
                Some((value, _)) => {
                    gradient.iter_mut().for_each(|g| *g = -*g);
                    -value
                }
                None => f64::INFINITY,
            };
            let found = lbfgs::minimize(objective, &coordinates.of(start), &bounds, options);
            if found.value.is_finite() && best.as_ref().is_none_or(|b| found.value < b.value) {
                best = Some(found);
            }
        }
        let point = best.ok_or("no hyperparameters make the covariance regular")?.x;
        let mut gradient = vec![0.0; point.len()];
        let (value, mean) = data
            .log_posterior(&point, priors, &mut gradient)
            .ok_or("the covariance became singular")?;
        let mut log_evidence = value;
        let warps = self.axes.len() + 2..coordinates.count();
        for i in warps {
            let mut moved = point.clone();
            // Towards the middle, so as to stay inside.
            moved[i] += if moved[i] > 0.5 * (bounds[i].0 + bounds[i].1) {
                -CURVATURE_STEP
            } else {
                CURVATURE_STEP
            };
            let step = moved[i] - point[i];
            let mut there = vec![0.0; point.len()];
            let curvature = data
                .log_posterior(&moved, priors, &mut there)
                .map_or(1.0, |_| (gradient[i] - there[i]) / step);
            // Data do not make the prior wider; where they seem to, this is no maximum.
            log_evidence += HALF_LN_2PI - 0.5 * libm::log(curvature.max(1.0));
        }
        Ok(Fitting {
            hyperparameters: coordinates.at(&point, mean),
            log_evidence,
        })
    }

    /// `count` draws of the hyperparameters given the data, from `start` on (Snoek, Larochelle & Adams 2012). All have its λ, so that
    /// their means are in one unit.
    ///
    /// The density is the one that [`Problem::fit`] maximizes, as a density of the coordinates, so that its mode is what that finds. As
    /// one of the hyperparameters themselves it would have the derivatives of their logarithms beside it, which move the priors' weight
    /// from a noise of 0.003 to one of 0.03, and from lengthscales of 0.6 to 1.6: few values cannot say otherwise, and an exact objective
    /// is searched like a noisy one.
    pub fn sample(&self, start: &Hyperparameters, count: usize, seed: Seed) -> Vec<Hyperparameters> {
        let (coordinates, priors) = (self.coordinates, self.priors);
        let mut data = self.data();
        let mut density = |point: &[f64]| data.log_posterior_value(point, priors).unwrap_or(f64::NEG_INFINITY);
        let start = coordinates.of(start);
        let mut bounds = coordinates.bounds(priors);
        if coordinates.output {
            bounds[coordinates.lambda()] = (start[coordinates.lambda()], start[coordinates.lambda()]);
        }
        let draws = slice::sample(&mut density, &start, &bounds, 1.0, count, 2, seed);
        draws.iter().map(|point| coordinates.at(point, 0.0)).collect()
    }
}
