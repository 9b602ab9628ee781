//! What is searched: named parameters, when each is active, which combinations are forbidden, and the map to the unit cube.
#![forbid(unsafe_code)]

mod constraint;
mod domain;
mod file;
mod prior;
mod slice;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub use constraint::{CONSTRAINT_NOTATION, Constraint};
pub use domain::Domain;
pub use file::{ParamFile, SpaceFile};
pub use prior::{PRIOR_NOTATION, Prior};
pub use text::DOMAIN_NOTATION;
pub use value::{Config, Value, number_text, rounded};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One parameter of a [`Space`].
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, unique in the space.
    pub name: String,
    /// The values it can take.
    pub domain: Domain,
    /// A sensible value, if one is known.
    pub default: Option<Value>,
    /// It is active only if all of these hold.
    pub when: Vec<Condition>,
    /// Where a person believes its good values to lie.
    pub prior: Option<Prior>,
}

impl Param {
    /// An unconditional parameter without default.
    pub fn new(name: &str, domain: Domain) -> Param {
        Param {
            name: name.to_string(),
            domain,
            default: None,
            when: Vec::new(),
            prior: None,
        }
    }
}

/// Holds if `parent` is active and has one of `values`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// An earlier parameter of the space.
    pub parent: String,
    /// The values that make the child active.
    pub values: Vec<Value>,
}

/// A search space: parameters (parents before children), forbidden combinations, and inequalities between parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    params: Vec<Param>,
    forbidden: Vec<Config>,
    constraints: Vec<Constraint>,
}

/// Finite spaces beyond this size are searched without listing every configuration.
const LISTABLE: u64 = 200_000;

impl Space {
    /// Checks and makes a space.
    ///
    /// # Errors
    /// The first thing that is wrong, by parameter name: an empty space, a repeated name, a bad domain, default,
    /// condition or forbidden combination, or a space in which nothing is allowed.
    pub fn new(params: Vec<Param>, forbidden: Vec<Config>) -> Result<Space, String> {
        if params.is_empty() {
            return Err("the space has no parameters; at least one is needed".into());
        }
        let mut space = Space {
            params: Vec::new(),
            forbidden: Vec::new(),
            constraints: Vec::new(),
        };
        for mut param in params {
            let name = param.name.clone();
            if name.is_empty() || space.index(&name).is_some() {
                return Err(format!("the parameter name \"{name}\" is empty or stands twice"));
            }
            param
                .domain
                .validate()
                .map_err(|why| format!("parameter {name}: {why}"))?;
            if let Some(default) = &param.default {
                param.default = Some(
                    param
                        .domain
                        .check(default)
                        .map_err(|why| format!("parameter {name}, default: {why}"))?,
                );
            }
            for condition in &mut param.when {
                let parent = space.index(&condition.parent).map(|i| &space.params[i]);
                let Some(parent) = parent else {
                    return Err(format!(
                        "parameter {name}: \"{}\" in its condition is no earlier parameter",
                        condition.parent
                    ));
                };
                for value in &mut condition.values {
                    *value = parent
                        .domain
                        .check(value)
                        .map_err(|why| format!("parameter {name}, condition on {}: {why}", parent.name))?;
                }
            }
            space.params.push(param);
        }
        for combination in forbidden {
            let mut checked = Vec::new();
            for (name, value) in combination.0 {
                let i = space
                    .index(&name)
                    .ok_or_else(|| format!("forbidden: \"{name}\" is no parameter"))?;
                checked.push((
                    name.clone(),
                    space.params[i]
                        .domain
                        .check(&value)
                        .map_err(|why| format!("forbidden, {name}: {why}"))?,
                ));
            }
            if checked.is_empty() {
                return Err("forbidden: an empty combination would forbid everything".into());
            }
            space.forbidden.push(Config(checked));
        }
        if space.is_listable() && space.list().next().is_none() {
            return Err("every configuration is forbidden".into());
        }
        Ok(space)
    }

    /// This space with inequalities that every configuration must satisfy.
    ///
    /// # Errors
    /// An inequality that names no parameter or one without numbers, or a space in which nothing is allowed.
    pub fn constrained(mut self, constraints: Vec<Constraint>) -> Result<Space, String> {
        constraints.iter().try_for_each(|c| c.check(&self.params))?;
        self.constraints = constraints;
        if self.is_listable() && self.list().next().is_none() {
            return Err("no configuration satisfies every inequality".into());
        }
        Ok(self)
    }

    /// This space with a person's prior for the parameter `name`.
    ///
    /// # Errors
    /// If there is no such parameter, or the prior does not fit it.
    pub fn believed(mut self, name: &str, prior: &str) -> Result<Space, String> {
        let Some(i) = self.index(name) else {
            let known: Vec<_> = self.params.iter().map(|p| p.name.as_str()).collect();
            return Err(format!("unknown parameter \"{name}\"; accepted: {}", known.join(", ")));
        };
        self.params[i].prior = Some(Prior::parse(prior, &self.params[i].domain)?);
        Ok(self)
    }

    /// Whether some parameter has a prior.
    pub fn has_prior(&self) -> bool {
        self.params.iter().any(|p| p.prior.is_some())
    }

    /// ln of the prior density at a configuration by its largest value, over the active parameters: 0 at best.
    pub fn log_prior(&self, config: &Config) -> f64 {
        let of = |p: &Param| {
            let (prior, value) = (p.prior.as_ref()?, config.get(&p.name)?);
            Some(prior.log_density(p.domain.to_unit(value)))
        };
        self.params.iter().filter_map(of).sum()
    }

    /// The point of the unit cube below whose coordinates these shares of the priors lie: uniform shares give draws from the prior.
    #[cfg(feature = "engine")]
    pub fn by_prior(&self, shares: &[f64]) -> Vec<f64> {
        let coordinate = |(p, share): (&Param, &f64)| p.prior.as_ref().map_or(*share, |prior| prior.quantile(*share));
        self.params.iter().zip(shares).map(coordinate).collect()
    }

    /// The inequalities.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Whether every combination of values is allowed.
    pub fn is_unrestricted(&self) -> bool {
        self.forbidden.is_empty() && self.constraints.is_empty()
    }

    /// The parameters, parents before children.
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// The forbidden combinations.
    pub fn forbidden(&self) -> &[Config] {
        &self.forbidden
    }

    /// Number of parameters.
    pub fn dim(&self) -> usize {
        self.params.len()
    }

    /// Position of the parameter `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|p| p.name == name)
    }

    /// Whether `param` is active given the values of the parameters before it.
    fn is_active(param: &Param, before: &Config) -> bool {
        param.when.iter().all(|c| {
            before
                .get(&c.parent)
                .is_some_and(|v| c.values.iter().any(|w| w.same(v)))
        })
    }

    /// Whether no forbidden combination and every inequality holds in `config`.
    pub fn is_allowed(&self, config: &Config) -> bool {
        let holds = |f: &Config| {
            f.0.iter()
                .all(|(name, value)| config.get(name).is_some_and(|v| v.same(value)))
        };
        !self.forbidden.iter().any(holds) && self.constraints.iter().all(|c| c.holds(config))
    }

    /// The configuration at a point of the unit cube: one coordinate a parameter, in order; coordinates of inactive parameters
    /// are ignored. It may be forbidden.
    pub fn at_unit(&self, point: &[f64]) -> Config {
        let mut config = Config(Vec::with_capacity(self.params.len()));
        for (param, &u) in self.params.iter().zip(point) {
            if Space::is_active(param, &config) {
                config.0.push((param.name.clone(), param.domain.at_unit(u)));
            }
        }
        config
    }

    /// The point of the unit cube for a configuration; inactive parameters lie at 0.5.
    pub fn to_unit(&self, config: &Config) -> Vec<f64> {
        let place = |p: &Param| config.get(&p.name).map_or(0.5, |v| p.domain.to_unit(v));
        self.params.iter().map(place).collect()
    }

    /// Checks a configuration and gives it in the space's order and types.
    ///
    /// # Errors
    /// The first thing that is wrong: an unknown, missing or inactive parameter, a value outside its domain, a forbidden combination.
    pub fn check(&self, config: &Config) -> Result<Config, String> {
        if let Some((name, _)) = config.0.iter().find(|(name, _)| self.index(name).is_none()) {
            let known: Vec<_> = self.params.iter().map(|p| p.name.as_str()).collect();
            return Err(format!("unknown parameter \"{name}\"; accepted: {}", known.join(", ")));
        }
        let mut checked = Config(Vec::with_capacity(self.params.len()));
        for param in &self.params {
            match (Space::is_active(param, &checked), config.get(&param.name)) {
                (true, Some(value)) => {
                    let value = param
                        .domain
                        .check(value)
                        .map_err(|why| format!("parameter {}: {why}", param.name))?;
                    checked.0.push((param.name.clone(), value));
                }
                (true, None) => {
                    return Err(format!(
                        "parameter {} is missing; accepted: {}",
                        param.name,
                        param.domain.accepted()
                    ));
                }
                (false, Some(_)) => {
                    return Err(format!("parameter {} is not active in this configuration", param.name));
                }
                (false, None) => {}
            }
        }
        if let Some(broken) = self.constraints.iter().find(|c| !c.holds(&checked)) {
            return Err(format!("the configuration {checked} does not satisfy {broken}"));
        }
        if !self.is_allowed(&checked) {
            return Err(format!("the combination {checked} is forbidden"));
        }
        Ok(checked)
    }

    /// An allowed configuration drawn uniformly from the unit cube.
    ///
    /// Forbidden draws are repeated. If a thousand draws in a row are forbidden, a listable space draws from its list; another gives `None`.
    #[cfg(feature = "engine")]
    pub fn sample(&self, rng: &mut impl rand::Rng) -> Option<Config> {
        for _ in 0..1000 {
            let point: Vec<f64> = self.params.iter().map(|_| crate::seed::uniform(rng)).collect();
            let config = self.at_unit(&point);
            if self.is_allowed(&config) {
                return Some(config);
            }
        }
        let all: Vec<Config> = if self.is_listable() {
            self.list().collect()
        } else {
            Vec::new()
        };
        (!all.is_empty()).then(|| all[crate::seed::below(rng, all.len() as u64) as usize].clone())
    }

    /// An upper bound of the number of configurations, if every domain is finite: the product of the domains' sizes.
    pub fn size_bound(&self) -> Option<u64> {
        self.params
            .iter()
            .try_fold(1u64, |n, p| p.domain.size().map(|s| n.saturating_mul(s)))
    }

    /// Whether the space is finite and small enough to list.
    pub fn is_listable(&self) -> bool {
        self.size_bound().is_some_and(|n| n <= LISTABLE)
    }

    /// Number of allowed configurations, if the space is finite and small enough to count.
    pub fn size(&self) -> Option<u64> {
        let bound = self.size_bound().filter(|_| self.is_listable())?;
        let is_product = self.is_unrestricted() && self.params.iter().all(|p| p.when.is_empty());
        Some(if is_product { bound } else { self.list().count() as u64 })
    }

    /// All allowed configurations of a finite space, in lexicographic order: the last parameter varies fastest. Continuous parameters
    /// contribute their low end only.
    pub fn list(&self) -> impl Iterator<Item = Config> + '_ {
        let sizes: Vec<u64> = self.params.iter().map(|p| p.domain.size().unwrap_or(1)).collect();
        self.combinations(sizes, |param, level| param.domain.level(level))
    }

    /// All allowed combinations of levels: `sizes` levels a parameter, whose values `value` gives. The last parameter varies fastest;
    /// levels of inactive parameters are not told apart, so that no configuration comes twice.
    pub fn combinations<'a>(
        &'a self,
        sizes: Vec<u64>,
        value: impl Fn(&Param, u64) -> Value + 'a,
    ) -> impl Iterator<Item = Config> + 'a {
        let mut levels = Some(vec![0u64; sizes.len()]);
        std::iter::from_fn(move || {
            loop {
                let now = levels.clone()?;
                let mut config = Config(Vec::with_capacity(now.len()));
                let mut active = vec![false; now.len()];
                for (i, param) in self.params.iter().enumerate() {
                    active[i] = Space::is_active(param, &config);
                    if active[i] {
                        config.0.push((param.name.clone(), value(param, now[i])));
                    }
                }
                // Count on at the last active parameter; an inactive one has only its level 0.
                let mut next = now;
                levels = (0..next.len())
                    .rev()
                    .find(|&i| active[i] && next[i] + 1 < sizes[i])
                    .map(|i| {
                        next[i] += 1;
                        next[i + 1..].fill(0);
                        next
                    });
                if self.is_allowed(&config) {
                    return Some(config);
                }
            }
        })
    }
}

impl Serialize for Space {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SpaceFile::of(self, crate::trial::Direction::Minimize).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Space {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Space, D::Error> {
        SpaceFile::deserialize(deserializer)?
            .space()
            .map_err(serde::de::Error::custom)
    }
}
