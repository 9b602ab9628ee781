//! Support vector machine (C-SVC) with scikit-learn's parameters and semantics.

mod face;
mod kernel;
mod learned;
mod platt;
mod smo;

use super::params::whole;
use super::{Fitted, Model, ModelKind, Params};
use crate::context::Context;
use crate::dataset::Table;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Condition, Config, Domain, Param, Space, Value};
use kernel::{Cache, Kernel, Points};
use learned::{Learned, Pair};
use rayon::prelude::*;
use smo::Problem;

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "svm",
    title: "Support vector machine",
    about: "The widest margin between every two classes, in a space of features that the kernel spans. C is the price of a row on the wrong \
            side; gamma says how near rows must be to matter to each other: too small is a plane, too large an island around every row. \
            Both are searched on logarithmic scales, and features should be on similar ones.",
    formula: "f(x) = Σ βᵢ k(xᵢ, x) + b, |βᵢ| ≤ C; k = exp(−γ |x − x'|²), (γ x·x' + c₀)^degree or x·x'; pairs of classes vote",
    paper: "R.-E. Fan, P.-H. Chen & C.-J. Lin (2005), Working set selection using second order information for training support vector \
            machines, JMLR 6, 1889-1918. Semantics of scikit-learn's SVC.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &[
    "C",
    "kernel",
    "gamma",
    "degree",
    "coef0",
    "class_weight",
    "tol",
    "probability",
];

#[derive(Clone, Copy)]
enum Gamma {
    /// 1 / (features · variance of all values).
    Scale,
    /// 1 / features.
    Auto,
    Number(f64),
}

#[derive(Clone, Copy)]
enum Shape {
    Rbf,
    Linear,
    Polynomial,
}

#[derive(Clone, Copy)]
struct Machine {
    price: f64,
    shape: Shape,
    gamma: Gamma,
    degree: u32,
    offset: f64,
    balanced: bool,
    tolerance: f64,
    /// Whether decisions are calibrated to probabilities.
    calibrated: bool,
}

const MOST_DEGREE: u32 = 100;

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("svm", NAMES, config)?;
    let shapes = [
        ("rbf", Shape::Rbf),
        ("linear", Shape::Linear),
        ("poly", Shape::Polynomial),
    ];
    Ok(Box::new(Machine {
        price: params.number("C", 1.0, "a number above 0", |v| v > 0.0)?,
        shape: params.word("kernel", Shape::Rbf, &shapes)?,
        gamma: params.read(
            "gamma",
            Gamma::Scale,
            "scale, auto or a number above 0",
            |value| match value {
                Value::Text(word) if word == "scale" => Some(Gamma::Scale),
                Value::Text(word) if word == "auto" => Some(Gamma::Auto),
                value => value.number().filter(|v| *v > 0.0).map(Gamma::Number),
            },
        )?,
        degree: params.read("degree", 3, "a whole number from 0 to 100", |value| {
            whole(value).filter(|degree| *degree <= MOST_DEGREE)
        })?,
        offset: params.number("coef0", 0.0, "a number", |_| true)?,
        balanced: params.balanced()?,
        tolerance: params.number("tol", 1e-3, "a number above 0", |v| v > 0.0)?,
        calibrated: params.word("probability", true, &[("true", true), ("false", false)])?,
    }))
}

fn space() -> Space {
    let text = |word: &str| Value::Text(word.to_string());
    let log = |low, high| Domain::Float {
        low,
        high,
        log: true,
        step: None,
    };
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    let kernels = Domain::Categorical(vec![text("rbf"), text("linear"), text("poly")]);
    let when = |kernels: &[&str]| {
        vec![Condition {
            parent: "kernel".into(),
            values: kernels.iter().map(|k| text(k)).collect(),
        }]
    };
    Space::new(
        vec![
            param("C", log(1e-2, 1e3), Value::Float(1.0)),
            param("kernel", kernels, text("rbf")),
            Param {
                when: when(&["rbf", "poly"]),
                ..param("gamma", log(1e-4, 10.0), Value::Float(0.1))
            },
            Param {
                when: when(&["poly"]),
                ..param("degree", Domain::int(2, 5), Value::Int(3))
            },
        ],
        Vec::new(),
    )
    .expect("the model's own space is valid")
}

impl Machine {
    /// The kernel for some rows.
    fn kernel(&self, train: &Table) -> Kernel {
        let gamma = match self.gamma {
            Gamma::Number(gamma) => gamma,
            Gamma::Auto => 1.0 / train.features() as f64,
            Gamma::Scale => {
                let n = train.x().len() as f64;
                let mean = train.x().iter().sum::<f64>() / n;
                let variance = train.x().iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
                // Of constant features any will do; scikit-learn takes 1.
                if variance > 0.0 {
                    1.0 / (train.features() as f64 * variance)
                } else {
                    1.0
                }
            }
        };
        match self.shape {
            Shape::Linear => Kernel::Linear,
            Shape::Rbf => Kernel::Rbf { gamma },
            Shape::Polynomial => Kernel::Polynomial {
                gamma,
                offset: self.offset,
                degree: self.degree,
            },
        }
    }

    /// The machine between two classes, and the operations it took.
    fn pair(
        &self,
        train: &Table,
        kernel: Kernel,
        classes: [usize; 2],
        prices: [f64; 2],
        seed: Seed,
        context: &Context,
    ) -> Result<(Pair, f64), String> {
        let is = |row: &usize| classes.contains(&(train.y()[*row] as usize));
        let members: Vec<usize> = (0..train.rows()).filter(is).collect();
        let signs: Vec<f64> = members
            .iter()
            .map(|&row| {
                if train.y()[row] as usize == classes[0] {
                    1.0
                } else {
                    -1.0
                }
            })
            .collect();
        let points = Points::new(train, &members);
        let mut cache = Cache::new(kernel, &points);
        let stopped = || context.stopped();
        let mut problem = Problem::new(&signs, prices, self.tolerance, &mut cache);
        let solved = problem.solve(&vec![true; signs.len()], &stopped)?;
        let sigmoid = if self.calibrated {
            let decisions = platt::held_out(&mut problem, &signs, seed, &stopped)?;
            platt::sigmoid(&decisions, &signs)
        } else {
            // As if a decision were a logarithm of odds.
            [-1.0, 0.0]
        };
        let cost = problem.cost();
        if !solved.is_finite() {
            return Err("svm: the kernel is beyond all numbers; accepted: features on a smaller scale, or a smaller degree or gamma".into());
        }
        let beta = members
            .iter()
            .copied()
            .zip(solved.beta)
            .filter(|(_, beta)| *beta != 0.0);
        let pair = Pair {
            classes,
            beta: beta.collect(),
            offset: solved.offset,
            sigmoid,
        };
        Ok((pair, cost))
    }
}

impl Model for Machine {
    /// `fidelity` is the share of the rows.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let fewer;
        let train = if fidelity < 1.0 {
            fewer = train.share(fidelity, seed.derive("rows", 0));
            &fewer
        } else {
            train
        };
        let counts = train.class_counts();
        let present: Vec<usize> = (0..counts.len()).filter(|&class| counts[class] > 0).collect();
        if present.len() < 2 {
            let classes = present
                .first()
                .map_or("no rows".into(), |class| format!("rows of class {class} only"));
            return Err(format!(
                "svm: there are {classes}; accepted: rows of at least two classes"
            ));
        }
        let price = |class: usize| {
            let weight = train.rows() as f64 / (present.len() * counts[class]) as f64;
            self.price * if self.balanced { weight } else { 1.0 }
        };
        let kernel = self.kernel(train);
        let couples = present.iter().enumerate();
        let couples: Vec<[usize; 2]> = couples
            .flat_map(|(i, &a)| present[i + 1..].iter().map(move |&b| [a, b]))
            .collect();
        let solved: Result<Vec<(Pair, f64)>, String> = couples
            .par_iter()
            .enumerate()
            .map(|(i, &classes)| {
                let prices = classes.map(price);
                self.pair(train, kernel, classes, prices, seed.derive("pair", i as u64), context)
            })
            .collect();
        let (pairs, costs): (Vec<Pair>, Vec<f64>) = solved?.into_iter().unzip();
        let cost = costs.iter().sum();
        Ok(Box::new(Learned::new(train, kernel, present, pairs, cost)))
    }
}
