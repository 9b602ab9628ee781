//! Multinomial logistic regression with an L2 penalty, and scikit-learn's parameters and semantics.

mod problem;

use super::{Fitted, Model, ModelKind, Params, STOPPED};
use crate::context::Context;
use crate::dataset::Table;
use crate::math::exp::softmax;
use crate::math::lbfgs::{self, Ended, Options};
use crate::math::rows::dot;
use crate::registry::Entry;
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space, Value};
use problem::{Problem, logistic};

pub(super) const ENTRY: Entry<ModelKind> = Entry {
    id: "logistic",
    title: "Logistic regression",
    about: "One weighted sum of the features a class, turned into probabilities; fitted to the least log loss plus a penalty of large weights, \
            which is all there is to tune. Borders between classes are straight. C may differ between features: with C_1, C_2, … up to C_16 \
            given, the features are cut, in their order, into as many equal groups as the largest number says, and each group has its own.",
    formula: "p(k | x) = softmax(W x + b)_k, W and b minimizing C · sum of -ln p(true class) + sum of squared W / 2",
    paper: "D. R. Cox (1958), The regression analysis of binary sequences, J. Royal Statistical Society B 20, 215-242. Semantics of scikit-learn's \
            LogisticRegression.",
    settings: &[],
    build: ModelKind {
        space,
        names: NAMES,
        build,
    },
};

/// Most groups of features with a strength of their own.
const MOST_GROUPS: usize = 16;

const NAMES: &[&str] = &[
    "C",
    "fit_intercept",
    "class_weight",
    "C_1",
    "C_2",
    "C_3",
    "C_4",
    "C_5",
    "C_6",
    "C_7",
    "C_8",
    "C_9",
    "C_10",
    "C_11",
    "C_12",
    "C_13",
    "C_14",
    "C_15",
    "C_16",
];

/// The inverse strength of the penalty: one for all features, or one a group.
#[derive(Clone, Debug)]
struct Strength {
    all: f64,
    /// Of groups 1 up to the last one given: their own, if they have one.
    own: Vec<Option<f64>>,
}

impl Strength {
    /// The group of a feature, of equally many in their order.
    fn group(&self, feature: usize, features: usize) -> usize {
        feature * self.own.len() / features.max(1)
    }

    fn of(&self, feature: usize, features: usize) -> f64 {
        let own = self.own.get(self.group(feature, features)).copied().flatten();
        own.unwrap_or(self.all)
    }
}

#[derive(Clone, Debug)]
struct Logistic {
    strength: Strength,
    intercept: bool,
    balanced: bool,
}

fn build(config: &Config) -> Result<Box<dyn Model>, String> {
    let params = Params::of("logistic", NAMES, config)?;
    let strength = |name: &str, default| {
        params.number(name, default, "a number from 1e-12 to 1e12", |c| {
            (1e-12..=1e12).contains(&c)
        })
    };
    let mut own = Vec::new();
    for group in 1..=MOST_GROUPS {
        let name = format!("C_{group}");
        if config.get(&name).is_some() {
            own.resize(group - 1, None);
            own.push(Some(strength(&name, 1.0)?));
        }
    }
    Ok(Box::new(Logistic {
        strength: Strength {
            all: strength("C", 1.0)?,
            own,
        },
        intercept: params.word("fit_intercept", true, &[("true", true), ("false", false)])?,
        balanced: params.balanced()?,
    }))
}

fn space() -> Space {
    let param = |name: &str, domain, default| Param {
        default: Some(default),
        ..Param::new(name, domain)
    };
    let strength = Domain::Float {
        low: 1e-4,
        high: 1e4,
        log: true,
        step: None,
    };
    let weights = Domain::Categorical(vec![Value::None, Value::Text("balanced".into())]);
    Space::new(
        vec![
            param("C", strength, Value::Float(1.0)),
            param("class_weight", weights, Value::None),
            param("fit_intercept", Domain::Fixed(Value::Bool(true)), Value::Bool(true)),
        ],
        Vec::new(),
    )
    .expect("the regression's own space is valid")
}

/// To where the gradient in the solver's own coordinates, where curvatures are about 1, is known to matter for no score.
const OPTIONS: Options = Options {
    iterations: 2000,
    gradient_tolerance: 1e-8,
    value_tolerance: 0.0,
};

impl Logistic {
    /// The problem of the rows, its solution, and what finding it cost.
    fn solve(
        &self,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Problem, Vec<f64>, f64), String> {
        if train.rows() == 0 {
            return Err("logistic: there are no rows to train on".into());
        }
        if self.strength.own.len() > train.features() {
            return Err(format!(
                "logistic: C_{} says that there are {0} groups, but there are only {} features",
                self.strength.own.len(),
                train.features()
            ));
        }
        let share;
        let train = if fidelity < 1.0 {
            share = train.share(fidelity, seed.derive("rows", 0));
            &share
        } else {
            train
        };
        let problem = Problem::new(train, &self.strength, self.intercept, self.balanced)?;
        let n = problem.len();
        let each = 4.0 * (train.rows() * n) as f64;
        if problem.present().len() < 2 {
            return Ok((problem, vec![0.0; n], each));
        }
        let value = |v: &[f64], gradient: &mut [f64]| match context.stopped() {
            true => f64::NAN,
            false => problem.value(v, gradient),
        };
        let found = lbfgs::minimize(
            value,
            &vec![0.0; n],
            &vec![(f64::NEG_INFINITY, f64::INFINITY); n],
            OPTIONS,
        );
        if context.stopped() {
            return Err(STOPPED.into());
        }
        if found.ended == Ended::BadStart {
            return Err("logistic: the loss overflows; are the features of similar size?".into());
        }
        let cost = each * found.evaluations as f64;
        Ok((problem, found.x, cost))
    }
}

impl Model for Logistic {
    /// `fidelity` is a share of the rows.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        let (problem, v, cost) = self.solve(train, fidelity, seed, context)?;
        Ok(Box::new(Line::new(&problem, &v, cost)))
    }

    fn differentiable(&self) -> Vec<String> {
        let own = (1..).zip(&self.strength.own);
        let groups = own.filter(|(_, c)| c.is_some()).map(|(group, _)| format!("C_{group}"));
        groups.chain(["C".into()]).collect()
    }

    /// By the implicit function theorem (Bengio 2000): at the minimum, dw/dλ = −H⁻¹ ∂∇F/∂λ, so that one linear system serves all groups.
    fn hypergradient(
        &self,
        train: &Table,
        validate: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<(Box<dyn Fitted>, Vec<f64>), String> {
        let (problem, v, cost) = self.solve(train, fidelity, seed, context)?;
        let line = Line::new(&problem, &v, cost);
        let (by_coefficients, by_intercepts) = line.loss_slopes(validate);
        let u = problem.solve(&v, &problem.scaled(&by_coefficients, &by_intercepts));
        let features = train.features();
        let mut groups = vec![0.0; self.strength.own.len()];
        let mut rest = 0.0;
        for (feature, by_penalty) in problem.by_penalty(&v, &u).into_iter().enumerate() {
            // λ = 1 / (C n), so dλ/dC = −λ / C.
            let c = self.strength.of(feature, features);
            let slope = -by_penalty / (c * c * problem.rows() as f64);
            let group = self.strength.group(feature, features);
            match self.strength.own.get(group) {
                Some(Some(_)) => groups[group] += slope,
                _ => rest += slope,
            }
        }
        let own = groups.into_iter().zip(&self.strength.own);
        let slopes = own.filter(|(_, c)| c.is_some()).map(|(slope, _)| slope).chain([rest]);
        Ok((Box::new(line), slopes.collect()))
    }
}

/// Weighted sums, fitted.
struct Line {
    present: Vec<usize>,
    /// One row of coefficients a logit.
    coefficients: Vec<f64>,
    intercepts: Vec<f64>,
    cost: f64,
}

impl Line {
    fn new(problem: &Problem, v: &[f64], cost: f64) -> Line {
        let (coefficients, intercepts) = problem.plain(v);
        Line {
            present: problem.present().to_vec(),
            coefficients,
            intercepts,
            cost,
        }
    }

    /// The probabilities of one row, of all classes.
    fn row(&self, x: &[f64], all: &mut [f64]) {
        let own = self.coefficients.chunks_exact(x.len()).zip(&self.intercepts);
        let mut scores: Vec<f64> = own.map(|(w, b)| b + dot(x, w)).collect();
        match (&self.present[..], &mut scores[..]) {
            (&[only], _) => all[only] = 1.0,
            (&[first, second], [score]) => {
                all[first] = logistic(-*score, 1).0;
                all[second] = logistic(*score, 1).0;
            }
            (present, scores) => {
                softmax(scores);
                present.iter().zip(scores).for_each(|(&class, p)| all[class] = *p);
            }
        }
    }

    /// How the mean log loss on the rows of `x` changes with coefficients and intercepts. Where a probability is clipped, it does not.
    fn loss_slopes(&self, x: &Table) -> (Vec<f64>, Vec<f64>) {
        let mut by_coefficients = vec![0.0; self.coefficients.len()];
        let mut by_intercepts = vec![0.0; self.intercepts.len()];
        let mut p = vec![0.0; x.classes()];
        for row in 0..x.rows() {
            p.fill(0.0);
            self.row(x.row(row), &mut p);
            let class = x.y()[row] as usize;
            if p[class] <= f64::EPSILON || p[class] >= 1.0 - f64::EPSILON {
                continue;
            }
            // One logit is that of the second of two classes.
            let logits = self.present.iter().skip(usize::from(self.present.len() == 2));
            let own = by_coefficients.chunks_exact_mut(x.features()).zip(&mut by_intercepts);
            for ((by, by_intercept), &k) in own.zip(logits) {
                let residual = (p[k] - f64::from(u8::from(k == class))) / x.rows() as f64;
                by.iter_mut().zip(x.row(row)).for_each(|(by, x)| *by += residual * x);
                *by_intercept += residual;
            }
        }
        (by_coefficients, by_intercepts)
    }
}

impl Fitted for Line {
    fn predict(&self, x: &Table) -> Vec<f64> {
        let mut all = vec![0.0; x.rows() * x.classes()];
        for (row, p) in all.chunks_exact_mut(x.classes()).enumerate() {
            self.row(x.row(row), p);
        }
        all
    }

    fn cost(&self) -> f64 {
        self.cost
    }
}
