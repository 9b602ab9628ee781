//! A person's prior as a factor of the acquisition: π(x)^(β/n).

use super::grounds::Grounds;
use super::judge::Factor;
use std::sync::Arc;

pub(super) struct Person {
    pub(super) grounds: Arc<Grounds>,
    /// β/n.
    pub(super) power: f64,
}

impl Factor for Person {
    fn name(&self) -> &'static str {
        "prior"
    }

    fn logs(&self, inputs: &[Vec<f64>]) -> Vec<f64> {
        inputs
            .iter()
            .map(|x| self.power * self.grounds.log_prior(x, None))
            .collect()
    }

    fn add_gradient(&self, input: &[f64], gradient: &mut [f64]) -> f64 {
        let mut own = vec![0.0; gradient.len()];
        let log = self.grounds.log_prior(input, Some(&mut own));
        gradient
            .iter_mut()
            .zip(own)
            .for_each(|(slot, slope)| *slot += self.power * slope);
        self.power * log
    }
}
