//! Test functions whose optimum is known: for seeing a surrogate clearly, and for judging strategies.

mod branin;
mod forrester;

use super::Objective;
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, normal};
use crate::space::{Config, Domain, Param, Space};
use crate::trial::{Direction, Job, Outcome, Score};
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
}

/// Every test function, in the order of menus.
pub static FUNCTIONS: &[Entry<Function>] = &[forrester::ENTRY, branin::ENTRY];

/// Settings every test function has.
pub const SETTINGS: &[Setting] = &[Setting {
    id: "noise",
    about: "Standard deviation of normal noise added to each value. The same point gets the same noise wherever it appears in a study, so that comparisons are paired.",
    kind: SettingKind::Float(0.0, 1e9),
    default: "0",
}];

/// A test function as the objective of a study.
pub struct FunctionObjective {
    function: Function,
    space: Arc<Space>,
    noise: f64,
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
            seed,
        })
    }

    /// The value at `config` without noise.
    pub fn truth(&self, config: &Config) -> f64 {
        let x: Vec<f64> = self
            .function
            .domain
            .iter()
            .map(|(name, _, _)| config.number(name).unwrap_or(f64::NAN))
            .collect();
        (self.function.value)(&x)
    }
}

impl Objective for FunctionObjective {
    fn space(&self) -> &Arc<Space> {
        &self.space
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn evaluate(&self, job: &Job, _context: &Context) -> Outcome {
        let mut value = self.truth(&job.config);
        if self.noise > 0.0 {
            value += self.noise * normal(&mut self.seed.derive(&job.config.key(), 0).rng());
        }
        if !value.is_finite() {
            return Outcome::failed(format!("the function is {value} there"));
        }
        Outcome::Value(Score {
            value,
            train: None,
            folds: Vec::new(),
            cost: Some(1.0),
            gradient: None,
        })
    }

    fn optimum(&self) -> Option<f64> {
        // A changed box may leave the minimum out.
        let holds = |x: &&[f64]| {
            self.space
                .params()
                .iter()
                .zip(*x)
                .all(|(p, v)| p.domain.check(&crate::space::Value::Float(*v)).is_ok())
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
                objective.evaluate(&job(0), &Context::new()),
                objective.evaluate(&job(7), &Context::new()),
            );
            assert_eq!(a, b);
            squares += (a.value().expect("a value") - truth) * (a.value().expect("a value") - truth);
        }
        let sd = (squares / 2000.0_f64).sqrt();
        assert!((sd - 0.5).abs() < 0.03, "{sd}");
    }
}
