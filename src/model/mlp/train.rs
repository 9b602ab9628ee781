//! Training by stochastic gradients, epoch by epoch.

use super::network::{Network, Scratch};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::scalar::Scalar;
use crate::model::STOPPED;
use crate::seed::{Seed, shuffle};

/// How the learning rate changes over all epochs, those not trained included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    Constant,
    Cosine,
    Linear,
    Step,
}

impl Schedule {
    /// The factor of the learning rate in epoch `epoch` of `epochs`.
    fn factor(self, epoch: u32, epochs: u32) -> f64 {
        let share = f64::from(epoch) / f64::from(epochs);
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine => 0.5 * (1.0 + libm::cos(std::f64::consts::PI * share)),
            Schedule::Linear => 1.0 - share,
            Schedule::Step if share < 0.5 => 1.0,
            Schedule::Step if share < 0.75 => 0.1,
            Schedule::Step => 0.01,
        }
    }
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe {
    pub adam: bool,
    pub schedule: Schedule,
    /// SGD's momentum; Adam's decay of the mean gradient.
    pub momentum: f64,
    pub batch: usize,
    /// Epochs of the full effort.
    pub epochs: u32,
    pub dropout: f64,
}

/// Adam's decay of the mean squared gradient, and what keeps its quotients finite (Kingma & Ba 2015).
const SQUARES: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// What is trained on.
#[derive(Clone, Copy)]
pub(super) struct Data<'a> {
    pub rows: &'a Table,
    pub seed: Seed,
    pub context: &'a Context,
}

/// Where training stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State<T> {
    pub parameters: Vec<T>,
    /// The velocity of SGD, or Adam's mean gradient.
    first: Vec<T>,
    /// Adam's mean squared gradient.
    second: Vec<T>,
    /// What is missing of Adam's means to their whole weight: the decays multiplied up.
    missing: [f64; 2],
    /// Epochs done.
    pub epochs: u32,
}

impl<T: Scalar> State<T> {
    pub fn new(network: &Network, adam: bool, seed: Seed) -> State<T> {
        let n = network.len();
        State {
            parameters: network.draw(seed).into_iter().map(T::of).collect(),
            first: vec![T::of(0.0); n],
            second: vec![T::of(0.0); if adam { n } else { 0 }],
            missing: [1.0; 2],
            epochs: 0,
        }
    }

    pub fn bytes(&self) -> usize {
        size_of::<T>() * (self.parameters.len() + self.first.len() + self.second.len()) + 64
    }

    /// Without derivatives.
    pub fn plain(&self) -> State<f64> {
        let plain = |numbers: &[T]| numbers.iter().map(|w| w.value()).collect();
        State {
            parameters: plain(&self.parameters),
            first: plain(&self.first),
            second: plain(&self.second),
            missing: self.missing,
            epochs: self.epochs,
        }
    }

    /// Goes on to the end of epoch `until`. Batches of an epoch depend on the seed and the epoch alone.
    ///
    /// # Errors
    /// In which epoch training diverged; [`STOPPED`] if the context asked to stop.
    pub fn train(
        &mut self,
        network: &Network,
        recipe: &Recipe,
        (rate, decay): (T, T),
        data: Data,
        until: u32,
    ) -> Result<(), String> {
        let mut scratch = network.scratch::<T>();
        let mut order: Vec<usize> = Vec::with_capacity(data.rows.rows());
        while self.epochs < until {
            if data.context.stopped() {
                return Err(STOPPED.into());
            }
            let mut rng = data.seed.derive("epoch", u64::from(self.epochs)).fast_rng();
            order.clear();
            order.extend(0..data.rows.rows());
            shuffle(&mut rng, &mut order);
            let rate = rate * T::of(recipe.schedule.factor(self.epochs, recipe.epochs));
            let mut loss = 0.0;
            for batch in order.chunks(recipe.batch) {
                scratch.take(data.rows, batch.iter().copied());
                network.forward(&self.parameters, &mut scratch, recipe.dropout, &mut rng);
                loss += scratch.loss(network.classes()).value();
                network.backward(&self.parameters, &mut scratch);
                self.step(network, recipe, rate, decay, &mut scratch);
            }
            self.epochs += 1;
            if !loss.is_finite() || self.parameters.iter().any(|w| !w.value().is_finite()) {
                return Err(format!(
                    "mlp: training diverged in epoch {}; a smaller learning_rate, or features of similar size, would help",
                    self.epochs
                ));
            }
        }
        Ok(())
    }

    /// One step along the gradient in `scratch`, with the L2 penalty of the weights added to it.
    fn step(&mut self, network: &Network, recipe: &Recipe, rate: T, decay: T, scratch: &mut Scratch<T>) {
        for layer in &network.layers {
            let weights = layer.start..layer.start + layer.inputs * layer.outputs;
            let pairs = scratch.gradient[weights.clone()]
                .iter_mut()
                .zip(&self.parameters[weights]);
            pairs.for_each(|(g, w)| *g = *g + decay * *w);
        }
        let momentum = T::of(recipe.momentum);
        let parameters = self.parameters.iter_mut().zip(&scratch.gradient).zip(&mut self.first);
        if !recipe.adam {
            // Nesterov's momentum: the step looks ahead along the velocity.
            for ((w, &g), velocity) in parameters {
                let step = rate * g;
                *velocity = momentum * *velocity - step;
                *w = *w + (momentum * *velocity - step);
            }
            return;
        }
        self.missing[0] *= recipe.momentum;
        self.missing[1] *= SQUARES;
        let rate = rate * T::of(f64::sqrt(1.0 - self.missing[1]) / (1.0 - self.missing[0]));
        let (fresh, squares, fresh_squares, epsilon) = (
            T::of(1.0 - recipe.momentum),
            T::of(SQUARES),
            T::of(1.0 - SQUARES),
            T::of(EPSILON),
        );
        for (((w, &g), mean), square) in parameters.zip(&mut self.second) {
            *mean = momentum * *mean + fresh * g;
            *square = squares * *square + fresh_squares * (g * g);
            *w = *w - rate * *mean / (square.sqrt() + epsilon);
        }
    }
}
