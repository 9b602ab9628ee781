//! A multilayer perceptron: hidden layers of equal width, softmax on top, trained by stochastic gradients of the log loss.

mod network;
mod train;

use super::{Checkpoint, Fitted, Model, ModelKind, Params};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::scalar::{Dual, Scalar};
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};
use network::{Activation, Network};
use std::sync::Arc;
use train::{Data, Recipe, Schedule, State};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "mlp",
    title: "Multilayer perceptron",
    about: "Layers of units, each a weighted sum passed through a bend; trained by small steps against the gradient of the log loss, batch \
            by batch. The learning rate decides most. Features should be of similar size, so scale them; on raw ones training can diverge, \
            and says so. A share of the effort is a share of the epochs, and more of it continues from there.",
    formula: "h = f(W x + b) in every hidden layer, p(k | x) = softmax(V h + c)_k; loss = mean of -ln p(true class) + weight_decay / 2 · sum of \
              squared weights",
    paper: "D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986), Learning representations by back-propagating errors, Nature 323, 533-536. \
            D. P. Kingma and J. Ba (2015), Adam: a method for stochastic optimization, ICLR.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &[
    "learning_rate",
    "batch_size",
    "hidden_units",
    "hidden_layers",
    "dropout",
    "activation",
    "solver",
    "momentum",
    "weight_decay",
    "schedule",
    "epochs",
];

/// What may change while training goes on: all but the network's shape, the solver's memory and the length of an epoch's schedule.
const CHANGEABLE: [&str; 6] = [
    "learning_rate",
    "batch_size",
    "dropout",
    "momentum",
    "weight_decay",
    "schedule",
];

const DIFFERENTIABLE: [&str; 2] = ["learning_rate", "weight_decay"];

/// A network to be trained.
#[derive(Clone, Debug)]
struct Mlp {
    hidden: Vec<usize>,
    activation: Activation,
    rate: f64,
    decay: f64,
    recipe: Recipe,
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("mlp", NAMES, config)?;
    let within = |name, default, least, most| match params.count(name, default, least) {
        Ok(n) if n > most => Err(format!(
            "mlp: {name} cannot be {n}; accepted: a whole number from {least} to {most}"
        )),
        other => other,
    };
    let units = within("hidden_units", 64, 1, 4096)? as usize;
    let layers = within("hidden_layers", 1, 1, 16)? as usize;
    let positive = |v: f64| v > 0.0 && v <= 1e3;
    let share = |v: f64| (0.0..1.0).contains(&v);
    Ok(Box::new(Mlp {
        hidden: vec![units; layers],
        activation: params.word(
            "activation",
            Activation::Relu,
            &[
                ("relu", Activation::Relu),
                ("tanh", Activation::Tanh),
                ("logistic", Activation::Logistic),
            ],
        )?,
        rate: params.number("learning_rate", 0.003, "a number above 0, up to 1000", positive)?,
        decay: params.number("weight_decay", 1e-5, "a number from 0 to 1000", |v| {
            (0.0..=1e3).contains(&v)
        })?,
        recipe: Recipe {
            adam: params.word("solver", true, &[("adam", true), ("sgd", false)])?,
            schedule: params.word(
                "schedule",
                Schedule::Constant,
                &[
                    ("constant", Schedule::Constant),
                    ("cosine", Schedule::Cosine),
                    ("linear", Schedule::Linear),
                    ("step", Schedule::Step),
                ],
            )?,
            momentum: params.number("momentum", 0.9, "a number from 0, below 1", share)?,
            batch: params.count("batch_size", 32, 1)? as usize,
            epochs: within("epochs", 60, 1, 10_000)?,
            dropout: params.number("dropout", 0.0, "a number from 0, below 1", share)?,
        },
    }))
}

fn space() -> Space {
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    let log = |low, high| Domain::Float {
        low,
        high,
        log: true,
        step: None,
    };
    let words = |all: &[&str]| Domain::Categorical(all.iter().map(|word| Value::Text((*word).into())).collect());
    let text = |word: &str| Value::Text(word.into());
    let fixed = |name: &str, value: Value| param(name, Domain::Fixed(value.clone()), value);
    Space::new(
        vec![
            param("learning_rate", log(1e-4, 0.1), Value::Float(0.003)),
            param(
                "batch_size",
                Domain::Ordinal([8, 16, 32, 64, 128].map(Value::Int).into()),
                Value::Int(32),
            ),
            param(
                "hidden_units",
                Domain::Int {
                    low: 4,
                    high: 128,
                    log: true,
                    step: 1,
                },
                Value::Int(64),
            ),
            param("hidden_layers", Domain::int(1, 3), Value::Int(1)),
            param("dropout", Domain::float(0.0, 0.6), Value::Float(0.0)),
            param("activation", words(&["relu", "tanh", "logistic"]), text("relu")),
            fixed("solver", text("adam")),
            fixed("momentum", Value::Float(0.9)),
            param("weight_decay", log(1e-6, 0.1), Value::Float(1e-5)),
            fixed("schedule", text("constant")),
            fixed("epochs", Value::Int(60)),
        ],
        Vec::new(),
    )
    .expect("the network's own space is valid")
}

impl Mlp {
    fn network(&self, train: &Table) -> Result<Network, String> {
        if train.rows() == 0 {
            return Err("mlp: there are no rows to train on".into());
        }
        Network::new(train.features(), &self.hidden, train.classes(), self.activation)
    }

    fn epochs(&self, fidelity: f64) -> u32 {
        // A hair less before rounding up: 0.1 of 30 epochs are 3, though the product is a little more.
        libm::ceil(fidelity * f64::from(self.recipe.epochs) - 1e-9).max(1.0) as u32
    }

    /// The network trained on from `state` to the share `fidelity` of its epochs.
    fn on(
        &self,
        network: Network,
        mut state: State<f64>,
        data: Data,
        fidelity: f64,
    ) -> Result<Box<dyn Fitted>, String> {
        let tuned = (self.rate, self.decay);
        state.train(&network, &self.recipe, tuned, data, self.epochs(fidelity))?;
        Ok(Box::new(Trained::new(network, state, data.rows.rows())))
    }
}

impl Model for Mlp {
    /// `fidelity` is the share of the epochs.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let network = self.network(train)?;
        let state = State::new(&network, self.recipe.adam, seed);
        let data = Data {
            rows: train,
            seed,
            context,
        };
        self.on(network, state, data, fidelity)
    }

    fn resume(
        &self,
        from: &Checkpoint,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        let network = self.network(train)?;
        match from.state::<(Network, State<f64>)>() {
            Some((known, state)) if *known == network && state.epochs <= self.epochs(fidelity) => {
                let data = Data {
                    rows: train,
                    seed,
                    context,
                };
                self.on(network, state.clone(), data, fidelity)
            }
            _ => self.fit(train, fidelity, seed, context),
        }
    }

    fn changeable(&self) -> Vec<String> {
        CHANGEABLE.map(String::from).into()
    }

    fn stages(&self) -> Option<(&'static str, u32)> {
        Some(("epoch", self.recipe.epochs))
    }

    fn differentiable(&self) -> Vec<String> {
        DIFFERENTIABLE.map(String::from).into()
    }

    /// Forward-mode derivatives carried through every step of training (Franceschi et al. 2017).
    fn hypergradient(
        &self,
        train: &Table,
        validate: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Box<dyn Fitted>, Vec<f64>), String> {
        let network = self.network(train)?;
        let mut state = State::<Dual<2>>::new(&network, self.recipe.adam, seed);
        let tuned = (Dual::variable(self.rate, 0), Dual::variable(self.decay, 1));
        let data = Data {
            rows: train,
            seed,
            context,
        };
        state.train(&network, &self.recipe, tuned, data, self.epochs(fidelity))?;
        let mut scratch = network.scratch();
        let mut sum = Dual::of(0.0);
        for first in (0..validate.rows()).step_by(BLOCK) {
            scratch.take(validate, first..validate.rows().min(first + BLOCK));
            network.forward(&state.parameters, &mut scratch, 0.0, &mut seed.fast_rng());
            sum = sum + scratch.loss(network.classes());
        }
        let slopes = sum.slopes.map(|slope| slope / validate.rows() as f64);
        let trained = Trained::new(network, state.plain(), train.rows());
        Ok((Box::new(trained), slopes.into()))
    }
}

/// Rows predicted at once.
const BLOCK: usize = 256;

struct Trained {
    at: Arc<(Network, State<f64>)>,
    cost: f64,
}

impl Trained {
    fn new(network: Network, state: State<f64>, rows: usize) -> Trained {
        // Forwards, backwards to the inputs and backwards to the weights: a product and a sum each.
        let cost = 6.0 * network.len() as f64 * rows as f64 * f64::from(state.epochs);
        Trained {
            at: Arc::new((network, state)),
            cost,
        }
    }
}

impl Fitted for Trained {
    fn predict(&self, x: &Table) -> Vec<f64> {
        let (network, state) = &*self.at;
        let mut scratch = network.scratch();
        let mut all = Vec::with_capacity(x.rows() * network.classes());
        for first in (0..x.rows()).step_by(BLOCK) {
            scratch.take(x, first..x.rows().min(first + BLOCK));
            network.forward(&state.parameters, &mut scratch, 0.0, &mut Seed(0).fast_rng());
            all.extend_from_slice(scratch.probabilities());
        }
        all
    }

    fn cost(&self) -> f64 {
        self.cost
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        let bytes = self.at.1.bytes();
        Some(Checkpoint::new(Arc::clone(&self.at), bytes))
    }
}
