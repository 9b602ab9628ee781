//! k nearest neighbours with scikit-learn's parameters and semantics.

mod axes;
mod distance;
mod lens;
mod search;
mod smallest;

use super::{Fitted, Model, ModelKind, Params};
use crate::context::Context;
use crate::dataset::{Key, Table};
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};
use distance::{Chebyshev, Euclidean, Manhattan};
use search::{Index, Near, Search};
use std::sync::Arc;

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "knn",
    title: "k nearest neighbours",
    about: "The classes of the nearest rows vote. Nothing is fitted, so what matters is the distance: features on larger scales count \
            more. Few neighbours follow every row, many smooth; of rows equally far away, the first in the table count. On a share of the \
            rows, as many of the neighbours vote: what smooths is their share of the rows.",
    formula: "p(k | x) = Σ wᵢ [yᵢ = k] / Σ wᵢ over the nearest rows i; w = 1 or 1 / distance",
    paper: "T. Cover & P. Hart (1967), Nearest neighbor pattern classification, IEEE Transactions on Information Theory 13, 21-27. Semantics \
            of scikit-learn's KNeighborsClassifier.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &["n_neighbors", "weights", "metric"];

#[derive(Clone, Copy)]
enum Metric {
    Euclidean,
    Manhattan,
    Chebyshev,
}

const METRICS: &[(&str, Metric)] = &[
    ("euclidean", Metric::Euclidean),
    ("manhattan", Metric::Manhattan),
    ("chebyshev", Metric::Chebyshev),
];

#[derive(Clone, Copy)]
struct Neighbours {
    k: u32,
    /// Whether near neighbours count more, by 1 / distance.
    by_distance: bool,
    metric: Metric,
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("knn", NAMES, config)?;
    Ok(Box::new(Neighbours {
        k: params.count("n_neighbors", 5, 1)?,
        by_distance: params.word("weights", false, &[("uniform", false), ("distance", true)])?,
        metric: params.word("metric", Metric::Euclidean, METRICS)?,
    }))
}

fn space() -> Space {
    let text = |word: &str| Value::Text(word.to_string());
    let words = |words: &[&str]| Domain::Categorical(words.iter().map(|word| text(word)).collect());
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    Space::new(
        vec![
            param("n_neighbors", Domain::int(1, 30), Value::Int(5)),
            param("weights", words(&["uniform", "distance"]), text("uniform")),
            param(
                "metric",
                words(&["euclidean", "manhattan", "chebyshev"]),
                text("euclidean"),
            ),
        ],
        Vec::new(),
    )
    .expect("the model's own space is valid")
}

struct Learned {
    settings: Neighbours,
    index: Box<dyn Search>,
    y: Vec<u32>,
    features: usize,
    /// The training table, where it has a number and all of its rows were taken.
    train: Option<u64>,
}

impl Model for Neighbours {
    /// `fidelity` is the share of the rows, and so of the neighbours.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, _: &Context) -> Result<Box<dyn Fitted>, String> {
        if fidelity < 1.0 {
            let fewer = train.share(fidelity, seed.derive("rows", 0));
            return self.learn(&fewer, train.rows(), None);
        }
        self.learn(train, train.rows(), train.id())
    }

    fn fit_share(&self, fewer: &Table, all: usize, _: Seed, _: &Context) -> Result<Box<dyn Fitted>, String> {
        self.learn(fewer, all, fewer.id())
    }
}

impl Neighbours {
    /// Learns `rows`, of `all`: of its neighbours as large a share, at least one.
    fn learn(&self, rows: &Table, all: usize, id: Option<u64>) -> Result<Box<dyn Fitted>, String> {
        if (self.k as usize) > all {
            return Err(format!(
                "knn: n_neighbors = {} are more than the {all} rows to choose from; accepted: up to {all}",
                self.k
            ));
        }
        let share = f64::from(self.k) * rows.rows() as f64 / all as f64;
        let settings = Neighbours {
            k: libm::round(share).max(1.0) as u32,
            ..*self
        };
        let (x, features) = (rows.x(), rows.features());
        let index: Box<dyn Search> = match self.metric {
            Metric::Euclidean => Box::new(Index::<Euclidean>::new(x, features)),
            Metric::Manhattan => Box::new(Index::<Manhattan>::new(x, features)),
            Metric::Chebyshev => Box::new(Index::<Chebyshev>::new(x, features)),
        };
        Ok(Box::new(Learned {
            settings,
            index,
            y: rows.y().to_vec(),
            features,
            train: id,
        }))
    }
}

/// The nearest so many rows of each row of a table, remembered for all smaller numbers.
struct Known {
    k: usize,
    near: Vec<Near>,
}

impl Learned {
    fn near(&self, x: &Table) -> Arc<Known> {
        let k = self.settings.k as usize;
        let key: Option<Key> = self
            .train
            .map(|train| ("neighbours", [train, self.settings.metric as u64, 0, 0, 0, 0, 0, 0]));
        let known = key.as_ref().and_then(|key| x.recall::<Known>(key));
        if let Some(known) = known.filter(|known| known.k >= k) {
            return known;
        }
        let near = self.index.nearest(x.x(), k);
        let found = Arc::new(Known { k, near });
        if let Some(key) = key {
            x.remember(key, Arc::clone(&found), size_of_val(&found.near[..]));
        }
        found
    }
}

impl Fitted for Learned {
    fn predict(&self, x: &Table) -> Vec<f64> {
        let known = self.near(x);
        let mut all = vec![0.0; x.rows() * x.classes()];
        for (votes, near) in all.chunks_exact_mut(x.classes()).zip(known.near.chunks_exact(known.k)) {
            let near = &near[..self.settings.k as usize];
            // Rows in the same place leave no weight to any other; nor do distances beyond all numbers, which all count the same.
            let same = near[0].distance == 0.0;
            let even = !self.settings.by_distance || near[0].distance == f64::INFINITY;
            let mut sum = 0.0;
            for near in near {
                let weight = match (even, same) {
                    (true, _) => 1.0,
                    (false, true) => f64::from(u8::from(near.distance == 0.0)),
                    (false, false) => 1.0 / self.index.length(near.distance),
                };
                votes[self.y[near.row as usize] as usize] += weight;
                sum += weight;
            }
            votes.iter_mut().for_each(|vote| *vote /= sum);
        }
        all
    }

    /// The values that are looked at for one row.
    fn cost(&self) -> f64 {
        (self.y.len() * self.features) as f64
    }
}
