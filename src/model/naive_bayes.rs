//! Gaussian naive Bayes with scikit-learn's parameters and semantics.

use super::{Fitted, Model, ModelKind, Params};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::exp::softmax;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "naive_bayes",
    title: "Gaussian naive Bayes",
    about: "Every feature of every class is a normal distribution of its own, as if features were independent. Fitted in one pass, \
            hard to overfit, and too sure of itself where features repeat each other. Only the smoothing of the variances is tuned.",
    formula: "p(k | x) ∝ p(k) Πⱼ N(xⱼ; mean_kj, variance_kj + var_smoothing · largest variance)",
    paper: "D. J. Hand & K. Yu (2001), Idiot's Bayes: not so stupid after all?, International Statistical Review 69, 385-398. Semantics of \
            scikit-learn's GaussianNB.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

const NAMES: &[&str] = &["var_smoothing"];

struct NaiveBayes {
    smoothing: f64,
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("naive_bayes", NAMES, config)?;
    let smoothing = params.number("var_smoothing", 1e-9, "a number from 0", |v| v >= 0.0)?;
    Ok(Box::new(NaiveBayes { smoothing }))
}

fn space() -> Space {
    let domain = Domain::Float {
        low: 1e-12,
        high: 1.0,
        log: true,
        step: None,
    };
    let smoothing = Param {
        default: Some(Value::Float(1e-9)),
        ..Param::new("var_smoothing", domain)
    };
    Space::new(vec![smoothing], Vec::new()).expect("the model's own space is valid")
}

/// What was learned of one class, if it had rows.
struct Class {
    index: usize,
    /// ln p(k) − ½ Σ ln(2π variance).
    constant: f64,
    means: Vec<f64>,
    /// 1 / (2 variance).
    weights: Vec<f64>,
}

struct Learned {
    classes: Vec<Class>,
    cost: f64,
}

impl Model for NaiveBayes {
    /// `fidelity` is the share of the rows.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, _: &Context) -> Result<Box<dyn Fitted>, String> {
        let fewer;
        let train = if fidelity < 1.0 {
            fewer = train.share(fidelity, seed.derive("rows", 0));
            &fewer
        } else {
            train
        };
        if train.rows() == 0 {
            return Err("naive_bayes: there are no rows to train on".into());
        }
        let all = moments(train, |_| true);
        let floor = self.smoothing * all.1.iter().copied().fold(0.0, f64::max);
        let mut classes = Vec::new();
        for (index, count) in train
            .class_counts()
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0)
        {
            let (means, variances) = moments(train, |class| class == index);
            let mut constant = libm::log(count as f64 / train.rows() as f64);
            let mut weights = Vec::with_capacity(means.len());
            for (feature, variance) in variances.iter().map(|variance| variance + floor).enumerate() {
                constant -= 0.5 * libm::log(2.0 * std::f64::consts::PI * variance);
                weights.push(0.5 / variance);
                if !(variance > 0.0 && variance < f64::INFINITY && weights[feature].is_finite()) {
                    return Err(format!(
                        "naive_bayes: {} has variance {variance} within a class; accepted: features that vary, or a larger \
                         var_smoothing; and numbers whose squares are finite",
                        train.feature(feature)
                    ));
                }
            }
            classes.push(Class {
                index,
                constant,
                means,
                weights,
            });
        }
        let cost = (2 * train.rows() * train.features()) as f64;
        Ok(Box::new(Learned { classes, cost }))
    }
}

/// Mean and variance of every feature over the rows of some classes.
fn moments(table: &Table, is_in: impl Fn(usize) -> bool) -> (Vec<f64>, Vec<f64>) {
    let rows = || {
        let rows = table.x().chunks_exact(table.features()).zip(table.y());
        rows.filter(|(_, class)| is_in(**class as usize)).map(|(row, _)| row)
    };
    let (mut means, mut variances) = (vec![0.0; table.features()], vec![0.0; table.features()]);
    let n = rows().count() as f64;
    for row in rows() {
        means.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    means.iter_mut().for_each(|mean| *mean /= n);
    for row in rows() {
        let deviations = row.iter().zip(&means).map(|(x, mean)| x - mean);
        variances.iter_mut().zip(deviations).for_each(|(sum, d)| *sum += d * d);
    }
    variances.iter_mut().for_each(|variance| *variance /= n);
    (means, variances)
}

impl Fitted for Learned {
    fn predict(&self, x: &Table) -> Vec<f64> {
        let mut all = Vec::with_capacity(x.rows() * x.classes());
        let mut scores = vec![0.0; self.classes.len()];
        for row in x.x().chunks_exact(x.features()) {
            for (score, class) in scores.iter_mut().zip(&self.classes) {
                let terms = row.iter().zip(&class.means).zip(&class.weights);
                let distance: f64 = terms.map(|((x, mean), weight)| (x - mean) * (x - mean) * weight).sum();
                *score = class.constant - distance;
            }
            softmax(&mut scores);
            let start = all.len();
            all.resize(start + x.classes(), 0.0);
            for (p, class) in scores.iter().zip(&self.classes) {
                all[start + class.index] = *p;
            }
        }
        all
    }

    fn cost(&self) -> f64 {
        self.cost
    }
}
