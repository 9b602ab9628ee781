//! A fully connected network: its output and its gradient, over plain numbers or such that carry derivatives.

use crate::dataset::Table;
use crate::math::product::add_product;
use crate::math::scalar::Scalar;
use crate::seed::{Seed, uniform};
use rand::Rng;

/// More weights and biases than this are refused: a browser tab trains several networks at once.
pub(super) const MOST_WEIGHTS: usize = 1 << 20;

/// What a hidden unit makes of its sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    Relu,
    Tanh,
    Logistic,
}

/// One layer: where its weights (inputs × outputs) stand among all parameters, its biases right behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    pub start: usize,
    pub inputs: usize,
    pub outputs: usize,
}

impl Layer {
    fn biases(&self) -> usize {
        self.start + self.inputs * self.outputs
    }

    fn end(&self) -> usize {
        self.biases() + self.outputs
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Network {
    pub layers: Vec<Layer>,
    activation: Activation,
}

/// Room for one batch, used again by every batch.
pub(super) struct Scratch<T> {
    /// The input, then the output of every layer; the last are probabilities.
    outputs: Vec<Vec<T>>,
    /// How every hidden output changes with its sum, the dropout included.
    slopes: Vec<Vec<T>>,
    /// How the loss changes with the sums of a layer, and of the layer before.
    delta: Vec<T>,
    before: Vec<T>,
    transposed: Vec<T>,
    panel: Vec<T>,
    /// How the loss changes with every parameter.
    pub gradient: Vec<T>,
    y: Vec<u32>,
}

impl<T: Scalar> Scratch<T> {
    /// Takes rows of a table as the batch.
    pub fn take(&mut self, table: &Table, rows: impl Iterator<Item = usize>) {
        self.y.clear();
        self.outputs[0].clear();
        for row in rows {
            self.outputs[0].extend(table.row(row).iter().map(|&x| T::of(x)));
            self.y.push(table.y()[row]);
        }
    }

    /// Probabilities after [`Network::forward`], rows × classes.
    pub fn probabilities(&self) -> &[T] {
        self.outputs.last().map_or(&[], |p| p)
    }

    /// The sum over the batch of −ln p of the true class, p clipped as the log loss metric clips it.
    pub fn loss(&self, classes: usize) -> T {
        let rows = self.probabilities().chunks_exact(classes).zip(&self.y);
        rows.fold(T::of(0.0), |sum, (p, &class)| {
            let p = p[class as usize];
            let clipped = p.value().clamp(f64::EPSILON, 1.0 - f64::EPSILON);
            let p = if p.value() == clipped { p } else { T::of(clipped) };
            sum - p.log()
        })
    }
}

impl Network {
    /// Layers of `hidden` units between features and classes.
    ///
    /// # Errors
    /// If it would have too many weights.
    pub fn new(features: usize, hidden: &[usize], classes: usize, activation: Activation) -> Result<Network, String> {
        let (mut layers, mut inputs, mut start) = (Vec::new(), features, 0);
        for &outputs in hidden.iter().chain([&classes]) {
            let layer = Layer { start, inputs, outputs };
            if inputs * outputs > MOST_WEIGHTS || layer.end() > MOST_WEIGHTS {
                return Err(format!(
                    "mlp: {features} features and hidden layers of {hidden:?} units make more than {MOST_WEIGHTS} weights"
                ));
            }
            (inputs, start) = (outputs, layer.end());
            layers.push(layer);
        }
        Ok(Network { layers, activation })
    }

    /// Number of weights and biases.
    pub fn len(&self) -> usize {
        self.layers.last().map_or(0, Layer::end)
    }

    pub fn classes(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }

    /// Weights and biases to begin with: uniform within ±√(6 / (inputs + outputs)), for logistic units within ±√(2 / …), as Glorot &
    /// Bengio (2010) derive.
    pub fn draw(&self, seed: Seed) -> Vec<f64> {
        let mut rng = seed.derive("weights", 0).fast_rng();
        let factor = if self.activation == Activation::Logistic {
            2.0
        } else {
            6.0
        };
        let mut parameters = Vec::with_capacity(self.len());
        for layer in &self.layers {
            let bound = f64::sqrt(factor / (layer.inputs + layer.outputs) as f64);
            parameters.extend((layer.start..layer.end()).map(|_| bound * (2.0 * uniform(&mut rng) - 1.0)));
        }
        parameters
    }

    pub fn scratch<T: Scalar>(&self) -> Scratch<T> {
        let empty = || self.layers.iter().map(|_| Vec::new()).collect::<Vec<Vec<T>>>();
        let mut outputs = empty();
        outputs.push(Vec::new());
        Scratch {
            outputs,
            slopes: empty(),
            delta: Vec::new(),
            before: Vec::new(),
            transposed: Vec::new(),
            panel: Vec::new(),
            gradient: vec![T::of(0.0); self.len()],
            y: Vec::new(),
        }
    }

    /// The probabilities of the batch. A share `dropout` of the hidden outputs is set to 0 and the others grow to make up for it.
    pub fn forward<T: Scalar>(&self, parameters: &[T], s: &mut Scratch<T>, dropout: f64, rng: &mut impl Rng) {
        let rows = s.y.len();
        for (l, layer) in self.layers.iter().enumerate() {
            let (inputs, outputs) = s.outputs.split_at_mut(l + 1);
            let (input, output) = (&inputs[l], &mut outputs[0]);
            output.clear();
            for _ in 0..rows {
                output.extend_from_slice(&parameters[layer.biases()..layer.end()]);
            }
            add_product(
                [rows, layer.inputs, layer.outputs],
                input,
                (layer.inputs, 1),
                &parameters[layer.start..layer.biases()],
                output,
                &mut s.panel,
            );
            if l + 1 == self.layers.len() {
                output.chunks_exact_mut(layer.outputs).for_each(softmax);
                return;
            }
            let slopes = &mut s.slopes[l];
            slopes.resize(output.len(), T::of(0.0));
            activate(self.activation, output, slopes);
            if dropout > 0.0 {
                let (kept, grown) = (T::of(0.0), T::of(1.0 / (1.0 - dropout)));
                for (output, slope) in output.iter_mut().zip(slopes) {
                    let factor = if uniform(rng) < dropout { kept } else { grown };
                    (*output, *slope) = (*output * factor, *slope * factor);
                }
            }
        }
    }

    /// Writes the gradient of the batch's mean log loss after [`Network::forward`].
    pub fn backward<T: Scalar>(&self, parameters: &[T], s: &mut Scratch<T>) {
        let (rows, classes) = (s.y.len(), self.classes());
        let share = T::of(1.0 / rows as f64);
        s.delta.clear();
        s.delta.extend_from_slice(&s.outputs[self.layers.len()]);
        for (delta, &class) in s.delta.chunks_exact_mut(classes).zip(&s.y) {
            delta[class as usize] = delta[class as usize] - T::of(1.0);
            delta.iter_mut().for_each(|d| *d = *d * share);
        }
        for (l, layer) in self.layers.iter().enumerate().rev() {
            let Layer { inputs, outputs, .. } = *layer;
            let gradient = &mut s.gradient[layer.start..layer.end()];
            gradient.fill(T::of(0.0));
            let (weights, biases) = gradient.split_at_mut(inputs * outputs);
            add_product(
                [inputs, rows, outputs],
                &s.outputs[l],
                (1, inputs),
                &s.delta,
                weights,
                &mut s.panel,
            );
            for delta in s.delta.chunks_exact(outputs) {
                biases.iter_mut().zip(delta).for_each(|(b, d)| *b = *b + *d);
            }
            if l == 0 {
                return;
            }
            s.transposed.clear();
            for unit in 0..outputs {
                s.transposed
                    .extend((0..inputs).map(|input| parameters[layer.start + input * outputs + unit]));
            }
            s.before.clear();
            s.before.resize(rows * inputs, T::of(0.0));
            add_product(
                [rows, outputs, inputs],
                &s.delta,
                (outputs, 1),
                &s.transposed,
                &mut s.before,
                &mut s.panel,
            );
            s.before
                .iter_mut()
                .zip(&s.slopes[l - 1])
                .for_each(|(d, slope)| *d = *d * *slope);
            std::mem::swap(&mut s.delta, &mut s.before);
        }
    }
}

/// Replaces sums by outputs and writes how they change.
fn activate<T: Scalar>(activation: Activation, sums: &mut [T], slopes: &mut [T]) {
    let (zero, one) = (T::of(0.0), T::of(1.0));
    // Powers of what is at most 0, which never overflow.
    let power = |x: T, times: f64| (x * T::of(if x.value() < 0.0 { times } else { -times })).exp();
    let pairs = sums.iter_mut().zip(slopes);
    match activation {
        Activation::Relu => pairs.for_each(|(x, slope)| {
            // A NaN stays one: what went astray must be seen.
            let off = x.value() <= 0.0;
            *slope = if off { zero } else { one };
            *x = if off { zero } else { *x };
        }),
        Activation::Tanh => pairs.for_each(|(x, slope)| {
            let power = power(*x, 2.0);
            let size = (one - power) / (one + power);
            let y = if x.value() < 0.0 { zero - size } else { size };
            (*x, *slope) = (y, one - y * y);
        }),
        Activation::Logistic => pairs.for_each(|(x, slope)| {
            let power = power(*x, 1.0);
            let y = if x.value() < 0.0 { power } else { one } / (one + power);
            (*x, *slope) = (y, y * (one - y));
        }),
    }
}

fn softmax<T: Scalar>(scores: &mut [T]) {
    let most = scores.iter().fold(
        f64::NEG_INFINITY,
        |most, s| if s.value() > most { s.value() } else { most },
    );
    let most = T::of(most);
    let mut sum = T::of(0.0);
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum = sum + *score;
    }
    scores.iter_mut().for_each(|score| *score = *score / sum);
}
