//! Test functions whose optimum is known: for seeing a surrogate clearly, and for judging strategies.

mod branin;
mod forrester;

use super::{Objective, Task};
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, normal};
use crate::space::{Config, Domain, Param, Space};
use crate::trial::{Direction, Need, Outcome, Score};
use std::sync::Arc;

/// A function to be minimized over a box.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Name and range of each argument.
    pub domain: &'static [(&'static str, f64, f64)],
    /// Its value.
    pub value: fn(&[f64]) -> f64,
    /// Where it is smallest: every global minimizer.
    pub minimizers: &'static [&'static [f64]],
    /// Its smallest value.
    pub minimum: f64,
    /// Its gradient, by each argument.
    pub gradient: fn(&[f64]) -> Vec<f64>,
    /// Its cheap form at a fidelity below 1: biased, the less the closer to 1, where it is the function itself. Without one, every fidelity
    /// gives the same value.
    pub low: Option<fn(&[f64], f64) -> f64>,
}

/// Every test function, in the order of menus.
pub static FUNCTIONS: &[Entry<Function>] = &[forrester::ENTRY, branin::ENTRY];

/// Settings every test function has.
pub const SETTINGS: &[Setting] = &[
    Setting {
        id: "noise",
        about: "Standard deviation of normal noise added to each value. The same point gets the same noise wherever it appears in a study, so that comparisons are paired.",
        kind: SettingKind::Float(0.0, 1e9),
        default: "0",
    },
    Setting {
        id: "low",
        about: "What a trial below full fidelity z shows: own, a cheap form of the function whose bias goes to nothing at full fidelity; \
            reversed, (2z − 1) times the function, so that below half of the effort good looks bad: what misleads every method that eliminates early.",
        kind: SettingKind::Choice(&["own", "reversed"]),
        default: "own",
    },
];

/// A test function as the objective of a study.
pub struct FunctionObjective {
    function: Function,
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
        let own = |(name, low, high): &(&str, f64, f64)| {
            let given = domains.iter().find(|(n, _)| n == name);
            Param::new(name, given.map_or(Domain::float(*low, *high), |(_, d)| d.clone()))
        };
        let params: Vec<Param> = entry.build.domain.iter().map(own).collect();
        for param in &params {
            let numeric = match &param.domain {
                Domain::Ordinal(values) | Domain::Categorical(values) => values.iter().all(|v| v.number().is_some()),
                Domain::Fixed(value) => value.number().is_some(),
                _ => true,
            };
            if !numeric {
                return Err(format!("{} of {} takes numbers only", param.name, entry.id));
            }
        }
        let space = Arc::new(Space::new(params, Vec::new())?);
        Ok(FunctionObjective {
            function: entry.build,
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
        let names = self.function.domain.iter().map(|(name, _, _)| *name);
        names.map(|name| config.number(name).unwrap_or(f64::NAN)).collect()
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
        let slopes = self.space.params().iter().map(|p| {
            let value = config.number(&p.name).unwrap_or(f64::NAN);
            p.domain.slope(value)
        });
        own.iter().zip(slopes).map(|(g, slope)| g * slope).collect()
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
        let holds = |x: &&[f64]| {
            let values = x.iter().map(|v| crate::space::Value::Float(*v));
            let names = self.space.params().iter().map(|p| p.name.clone());
            self.space.check(&Config(names.zip(values).collect())).is_ok()
        };
        self.function
            .minimizers
            .iter()
            .any(holds)
            .then_some(self.function.minimum)
    }

    fn truth(&self, config: &Config) -> Option<f64> {
        Some(FunctionObjective::truth(self, config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::uniform;
    use crate::trial::Job;

    #[test]
    fn every_function_is_smallest_at_its_minimizers_and_nowhere_smaller() {
        for entry in FUNCTIONS {
            let f = entry.build;
            for x in f.minimizers {
                let value = (f.value)(x);
                assert!((value - f.minimum).abs() < 1e-6, "{} at {x:?}: {value}", entry.id);
                // A minimizer inside the box is stationary: small steps do not go down.
                for i in 0..x.len() {
                    for step in [-1e-3, 1e-3] {
                        let mut near = x.to_vec();
                        near[i] += step;
                        assert!((f.value)(&near) >= value - 1e-9, "{} near {x:?}", entry.id);
                    }
                }
            }
            let mut rng = Seed(1).rng();
            for _ in 0..20_000 {
                let x: Vec<f64> = f
                    .domain
                    .iter()
                    .map(|(_, low, high)| low + (high - low) * uniform(&mut rng))
                    .collect();
                assert!((f.value)(&x) >= f.minimum - 1e-9, "{} at {x:?}", entry.id);
            }
        }
    }

    fn job(config: Config, fidelity: f64) -> Job {
        Job {
            id: 0,
            config,
            fidelity,
            parent: None,
            origin: crate::trial::Origin::Person,
        }
    }

    #[test]
    fn gradients_agree_with_finite_differences_in_unit_coordinates() {
        for entry in FUNCTIONS {
            // One argument on a logarithmic scale, where the box allows it, is another map to the unit cube.
            let logarithmic = entry.build.domain.iter().map(|(name, _, high)| {
                let domain = Domain::Float {
                    low: high / 100.0,
                    high: *high,
                    log: true,
                    step: None,
                };
                (name.to_string(), domain)
            });
            for domains in [Vec::new(), logarithmic.collect()] {
                let settings = Settings::defaults(SETTINGS);
                let f = FunctionObjective::new(entry, &settings, &domains, Seed(1)).expect("an objective");
                let mut rng = Seed(2).rng();
                for _ in 0..50 {
                    let u: Vec<f64> = f
                        .space()
                        .params()
                        .iter()
                        .map(|_| 0.01 + 0.98 * uniform(&mut rng))
                        .collect();
                    let outcome = {
                        let job = job(f.space().at_unit(&u), 1.0);
                        let task = Task {
                            need: Need::Gradient,
                            ..Task::new(&job)
                        };
                        f.evaluate(&task, &Context::new())
                    };
                    let Outcome::Value(score) = outcome else {
                        panic!("{}", entry.id)
                    };
                    for (i, g) in score.gradient.expect("a gradient").iter().enumerate() {
                        let at = |shift: f64| {
                            let mut near = u.clone();
                            near[i] += shift;
                            f.truth(&f.space().at_unit(&near))
                        };
                        let difference = (at(1e-6) - at(-1e-6)) / 2e-6;
                        assert!(
                            (g - difference).abs() <= 1e-4 * (1.0 + g.abs()),
                            "{} at {u:?}: {g} {difference}",
                            entry.id
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn low_fidelity_is_biased_ever_less_or_reversed_on_purpose() {
        for entry in FUNCTIONS.iter().filter(|e| e.build.low.is_some()) {
            let value = |low: &str, u: f64, fidelity: f64| {
                let (settings, _) = Settings::check("f", SETTINGS, &[("low".into(), low.into())]);
                let f = FunctionObjective::new(entry, &settings, &[], Seed(1)).expect("an objective");
                let config = f.space().at_unit(&vec![u; f.space().dim()]);
                let outcome = f.evaluate(&Task::new(&job(config, fidelity)), &Context::new());
                outcome.value().expect("a value")
            };
            for i in 0..20 {
                let u = (f64::from(i) + 0.5) / 20.0;
                let bias = |fidelity| (value("own", u, fidelity) - value("own", u, 1.0)).abs();
                assert!(bias(1.0 - 1e-9) < 1e-6 && bias(0.9) <= bias(0.1), "{} at {u}", entry.id);
                assert_eq!(value("reversed", u, 0.25), -0.5 * value("own", u, 1.0));
                assert_eq!(value("reversed", u, 1.0), value("own", u, 1.0));
            }
        }
    }

    #[test]
    fn noise_has_its_standard_deviation_and_belongs_to_the_point() {
        let entry = &FUNCTIONS[0];
        let (settings, _) = Settings::check("f", SETTINGS, &[("noise".into(), "0.5".into())]);
        let objective = FunctionObjective::new(entry, &settings, &[], Seed(9)).expect("an objective");
        let mut squares = 0.0;
        for i in 0..2000 {
            let config = objective.space().at_unit(&[f64::from(i) / 2000.0]);
            let truth = objective.truth(&config);
            let job = |id| Job {
                id,
                config: config.clone(),
                fidelity: 1.0,
                parent: None,
                origin: crate::trial::Origin::Person,
            };
            let (a, b) = (
                objective.evaluate(&Task::new(&job(0)), &Context::new()),
                objective.evaluate(&Task::new(&job(7)), &Context::new()),
            );
            assert_eq!(a, b);
            squares += (a.value().expect("a value") - truth) * (a.value().expect("a value") - truth);
        }
        let sd = (squares / 2000.0_f64).sqrt();
        assert!((sd - 0.5).abs() < 0.03, "{sd}");
    }
}
