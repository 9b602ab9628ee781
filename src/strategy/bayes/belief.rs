//! Fitting the model to what is known.

use super::data::Data;
use super::grounds::Grounds;
use crate::surrogate::gp::{Gp, Hyperparameters, Matern52, Priors};

static KERNEL: Matern52 = Matern52;

/// With more data than this, one good start is enough, and more would be slow.
const MANY: usize = 60;

/// The processes that are held possible after the data: one, of the most probable hyperparameters.
///
/// # Errors
/// If the covariance stays singular.
pub(super) fn fit(data: &Data, grounds: &Grounds) -> Result<Vec<Gp>, String> {
    let d = grounds.dim();
    let priors = Priors::default_for(d);
    let fresh = priors.start(d);
    let mut starts: Vec<Hyperparameters> = data.warm.iter().cloned().collect();
    if data.x.len() <= MANY || starts.is_empty() {
        starts.extend([fresh.clone(), rough(&fresh)]);
    } else if data.x.len().is_multiple_of(10) {
        starts.push(fresh);
    }
    Ok(vec![Gp::fit(
        &grounds.axes,
        &KERNEL,
        &data.x,
        &data.y,
        &priors,
        &starts,
    )?])
}

/// A process for standardized values of something else than the objective.
///
/// # Errors
/// If the covariance stays singular.
pub(super) fn plain(x: &[Vec<f64>], y: &[f64], grounds: &Grounds) -> Result<Gp, String> {
    let priors = Priors::default_for(grounds.dim());
    let fresh = priors.start(grounds.dim());
    Gp::fit(&grounds.axes, &KERNEL, x, y, &priors, &[rough(&fresh), fresh])
}

/// Short and noisy: where a fit goes that sees little structure.
fn rough(fresh: &Hyperparameters) -> Hyperparameters {
    Hyperparameters {
        lengthscales: vec![0.2; fresh.lengthscales.len()],
        noise: 0.1,
        ..fresh.clone()
    }
}
