//! Test functions whose optimum is known: for seeing a surrogate clearly, and for judging strategies.

mod ackley;
mod branin;
mod camel;
mod forrester;
mod goldstein_price;
mod griewank;
mod hartmann6;
mod michalewicz;
mod mixed;
mod needle;
mod one_matters;
mod rastrigin;
mod styblinski_tang;
mod variant;

use super::{Objective, Task};
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, normal};
use crate::space::{Config, Domain, Param, Space, Value};
use crate::trial::{Direction, Need, Outcome, Score};
use std::sync::Arc;
use variant::{Moved, VARIANT};

/// A function to be minimized.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// What it takes.
    pub arguments: Arguments,
    /// Its value: numbers as they are, a word by its place in its domain, not a number what is not active.
    pub value: fn(&[f64]) -> f64,
    /// Its gradient, by each argument; 0 along words and whole numbers.
    pub gradient: fn(&[f64]) -> Vec<f64>,
    /// Where it is smallest, of so many arguments: every global minimizer.
    pub minimizers: fn(usize) -> Vec<Vec<f64>>,
    /// Its smallest value, of so many arguments.
    pub minimum: fn(usize) -> f64,
    /// Its cheap form at a fidelity below 1: biased, the less the closer to 1, where it is the function itself. Without one, every fidelity
    /// gives the same value.
    pub low: Option<fn(&[f64], f64) -> f64>,
}

/// What a function takes.
#[derive(Clone, Copy, Debug)]
pub enum Arguments {
    /// Numbers: name and range of each.
    Named(&'static [(&'static str, f64, f64)]),
    /// As many numbers from `low` to `high` as the setting `d` says: x1, x2, …
    Any {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Parameters of any kind, parents before children.
    Params(fn() -> Vec<Param>),
}

impl Function {
    /// Its arguments under `settings`.
    pub fn params(&self, settings: &Settings) -> Vec<Param> {
        match self.arguments {
            Arguments::Named(list) => {
                let param = |(name, low, high): &(&str, f64, f64)| Param::new(name, Domain::float(*low, *high));
                list.iter().map(param).collect()
            }
            Arguments::Any { low, high } => (1..=settings.int("d").max(1))
                .map(|i| Param::new(&format!("x{i}"), Domain::float(low, high)))
                .collect(),
            Arguments::Params(params) => params(),
        }
    }

    /// Where it is smallest, of its arguments `params`: every global minimizer.
    pub fn best(&self, params: &[Param]) -> Vec<Config> {
        let typed = |(name, value): (String, Value)| {
            let own = params.iter().find(|p| p.name == name);
            let value = own.and_then(|p| p.domain.check(&value).ok()).unwrap_or(value);
            (name, value)
        };
        let all = (self.minimizers)(params.len());
        all.iter()
            .map(|x| Config(config(params, x).0.into_iter().map(typed).collect()))
            .collect()
    }
}

/// Every test function, in the order of menus.
pub static FUNCTIONS: &[Entry<Function>] = &[
    forrester::ENTRY,
    branin::ENTRY,
    camel::ENTRY,
    goldstein_price::ENTRY,
    hartmann6::ENTRY,
    ackley::ENTRY,
    rastrigin::ENTRY,
    griewank::ENTRY,
    styblinski_tang::ENTRY,
    michalewicz::ENTRY,
    needle::ENTRY,
    one_matters::ENTRY,
    mixed::ENTRY,
];

const NOISE: Setting = Setting {
    id: "noise",
    about: "Standard deviation of normal noise added to each value. The same point gets the same noise wherever it appears in a study, so that comparisons are paired.",
    kind: SettingKind::Float(0.0, 1e9),
    default: "0",
};

const LOW: Setting = Setting {
    id: "low",
    about: "What a trial below full fidelity z shows: own, a cheap form of the function whose bias goes to nothing at full fidelity; \
        reversed, (2z − 1) times the function, so that below half of the effort good looks bad: what misleads every method that eliminates early.",
    kind: SettingKind::Choice(&["own", "reversed"]),
    default: "own",
};

/// Settings every test function has.
pub const SETTINGS: &[Setting] = &[NOISE, LOW, VARIANT];

/// Settings of a function of any number of arguments.
const SIZED: &[Setting] = &[
    Setting {
        id: "d",
        about: "Number of arguments: the more, the emptier the box, whatever the number of trials.",
        kind: SettingKind::Int(1, 100),
        default: "2",
    },
    NOISE,
    LOW,
    VARIANT,
];

/// A test function as the objective of a study.
pub struct FunctionObjective {
    function: Function,
    /// The function's own arguments.
    own: Vec<Param>,
    /// Where they lie in this variant.
    moved: Vec<Option<Moved>>,
    space: Arc<Space>,
    noise: f64,
    reversed: bool,
    seed: Seed,
}

impl FunctionObjective {
    /// `entry` with `settings` over its own box, in which `domains` replace those of the same name.
    ///
    /// # Errors
    /// The first domain that is wrong, by name.
    pub fn new(
        entry: &Entry<Function>,
        settings: &Settings,
        domains: &[(String, Domain)],
        seed: Seed,
    ) -> Result<FunctionObjective, String> {
        let own = entry.build.params(settings);
        let mut params = own.clone();
        for param in &mut params {
            let Some((_, domain)) = domains.iter().find(|(name, _)| *name == param.name) else {
                continue;
            };
            let values = match domain {
                Domain::Ordinal(values) | Domain::Categorical(values) => &values[..],
                Domain::Fixed(value) => std::slice::from_ref(value),
                _ => &[],
            };
            let is_words = param.domain.is_categorical();
            let fits = if is_words {
                !values.is_empty() && values.iter().all(|v| param.domain.check(v).is_ok())
            } else {
                values.iter().all(|v| v.number().is_some())
            };
            if !fits {
                let accepted = if is_words {
                    param.domain.accepted()
                } else {
                    "numbers".into()
                };
                return Err(format!("{} of {} takes {accepted} only", param.name, entry.id));
            }
            (param.domain, param.default) = (domain.clone(), None);
        }
        let space = Arc::new(Space::new(params, Vec::new())?);
        Ok(FunctionObjective {
            function: entry.build,
            moved: Moved::all(&own, settings.int("variant").max(0) as u64),
            own,
            space,
            noise: settings.float("noise"),
            reversed: settings.choice("low") == "reversed",
            seed,
        })
    }

    /// This objective over `space`, which has the same parameters.
    #[must_use]
    pub fn within(mut self, space: Space) -> FunctionObjective {
        self.space = Arc::new(space);
        self
    }

    /// The value at `config` without noise.
    pub fn truth(&self, config: &Config) -> f64 {
        (self.function.value)(&self.arguments(config))
    }

    fn arguments(&self, config: &Config) -> Vec<f64> {
        let value = |param: &Param| {
            let value = config.get(&param.name)?;
            match &param.domain {
                Domain::Categorical(_) => param.domain.level_of(value).map(|level| level as f64),
                _ => value.number(),
            }
        };
        let moved = |(param, moved): (&Param, &Option<Moved>)| {
            let x = value(param).unwrap_or(f64::NAN);
            moved.map_or(x, |moved| moved.of(x).0)
        };
        self.own.iter().zip(&self.moved).map(moved).collect()
    }

    /// The value without noise at a share of the effort.
    fn at_fidelity(&self, config: &Config, fidelity: f64) -> f64 {
        match self.function.low {
            _ if fidelity >= 1.0 => self.truth(config),
            _ if self.reversed => (2.0 * fidelity - 1.0) * self.truth(config),
            Some(low) => low(&self.arguments(config), fidelity),
            None => self.truth(config),
        }
    }

    /// The gradient in unit-cube coordinates; 0 along what is not continuous.
    fn unit_gradient(&self, config: &Config) -> Vec<f64> {
        let own = (self.function.gradient)(&self.arguments(config));
        let slopes = self
            .space
            .params()
            .iter()
            .map(|p| config.number(&p.name).map_or(0.0, |value| p.domain.slope(value)));
        let moves = self.own.iter().zip(&self.moved).map(|(param, moved)| match moved {
            Some(moved) => config.number(&param.name).map_or(0.0, |x| moved.of(x).1),
            None => 1.0,
        });
        let product = |((g, slope), by): ((&f64, f64), f64)| if slope == 0.0 { 0.0 } else { g * slope * by };
        own.iter().zip(slopes).zip(moves).map(product).collect()
    }
}

impl Objective for FunctionObjective {
    fn space(&self) -> &Arc<Space> {
        &self.space
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    /// The gradient is the noiseless function's, at full fidelity.
    fn evaluate(&self, task: &Task, _context: &Context) -> Outcome {
        let job = task.job;
        let mut value = self.at_fidelity(&job.config, job.fidelity);
        if self.noise > 0.0 {
            value += self.noise * normal(&mut self.seed.derive(&job.config.key(), 0).rng());
        }
        if !value.is_finite() {
            return Outcome::failed(format!("the function is {value} there"));
        }
        let wanted = task.need == Need::Gradient && job.fidelity >= 1.0;
        let gradient = wanted.then(|| self.unit_gradient(&job.config));
        Outcome::Value(Score {
            value,
            train: None,
            folds: Vec::new(),
            cost: Some(job.fidelity),
            gradient: gradient.filter(|slopes| slopes.iter().all(|slope| slope.is_finite())),
        })
    }

    fn meets(&self, need: Need) -> Result<(), String> {
        match need {
            Need::Value | Need::Gradient => Ok(()),
            Need::Folds => Err("a test function has no folds; a model validated on several folds does".into()),
            Need::Lineage => Err("a test function learns nothing that could be continued; a model does".into()),
        }
    }

    fn optimum(&self) -> Option<f64> {
        // A changed box, or an inequality, may leave the minimum out.
        let d = self.own.len();
        let place = |x: Vec<f64>| -> Vec<f64> {
            let back = |(x, moved): (f64, &Option<Moved>)| moved.map_or(x, |moved| moved.back(x));
            x.into_iter().zip(&self.moved).map(back).collect()
        };
        let holds = |x: Vec<f64>| self.space.check(&config(&self.own, &place(x))).is_ok();
        let minimizers = (self.function.minimizers)(d);
        minimizers.into_iter().any(holds).then(|| (self.function.minimum)(d))
    }

    fn truth(&self, config: &Config) -> Option<f64> {
        Some(FunctionObjective::truth(self, config))
    }
}

/// The configuration of a function's arguments.
fn config(params: &[Param], x: &[f64]) -> Config {
    let active = params.iter().zip(x).filter(|(_, v)| !v.is_nan());
    let pair = |(param, v): (&Param, &f64)| {
        let value = match &param.domain {
            Domain::Categorical(_) => param.domain.level(*v as u64),
            _ => Value::Float(*v),
        };
        (param.name.clone(), value)
    };
    Config(active.map(pair).collect())
}

/// `shifts` over and over.
fn shifted(x: &[f64], shifts: &[f64]) -> Vec<f64> {
    x.iter()
        .zip(shifts.iter().cycle())
        .map(|(x, shift)| x - shift)
        .collect()
}

/// The point that `shifts` moves to the origin.
fn origin(d: usize, shifts: &[f64]) -> Vec<Vec<f64>> {
    vec![shifts.iter().cycle().take(d).copied().collect()]
}

#[cfg(test)]
mod tests;
