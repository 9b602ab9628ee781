//! The space file: domains and conditions as JSON, the second encoding beside the study text.

use super::{Condition, Constraint, Domain, Param, Prior, Space, Value};
use crate::trial::Direction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A space as it stands in a file: `{"direction":"minimize","params":[…],"forbidden":[…],"where":["units*layers<=512"]}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceFile {
    /// Whether smaller or larger values are better.
    #[serde(default)]
    pub direction: Direction,
    /// The parameters, parents before their children.
    pub params: Vec<ParamFile>,
    /// Combinations that are not allowed: each an object of names and values that must not hold together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<super::Config>,
    /// Inequalities that every configuration must satisfy: `units*layers<=512`.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
}

/// One parameter in a [`SpaceFile`]. Which fields belong to it depends on its type; others are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamFile {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<Value>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    log: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_value")]
    value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_value")]
    default: Option<Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    when: BTreeMap<String, Vec<Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prior: Option<String>,
}

/// A `null` that stands in the file is a value, not an absence.
fn some_value<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(d).map(Some)
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Float,
    Int,
    Categorical,
    Ordinal,
    Fixed,
}

impl ParamFile {
    fn domain(&mut self) -> Result<Domain, String> {
        let lacks = |field: &str| format!("it needs \"{field}\"");
        let domain = match self.kind {
            Kind::Float => Domain::Float {
                low: number(self.low.take(), "low")?,
                high: number(self.high.take(), "high")?,
                log: std::mem::take(&mut self.log),
                step: self.step.take().map(|s| number(Some(s), "step")).transpose()?,
            },
            Kind::Int => Domain::Int {
                low: whole(self.low.take(), "low")?,
                high: whole(self.high.take(), "high")?,
                log: std::mem::take(&mut self.log),
                step: self.step.take().map_or(Ok(1), |s| whole(Some(s), "step"))?,
            },
            Kind::Categorical => Domain::Categorical(self.choices.take().ok_or_else(|| lacks("choices"))?),
            Kind::Ordinal => Domain::Ordinal(self.values.take().ok_or_else(|| lacks("values"))?),
            Kind::Fixed => Domain::Fixed(self.value.take().ok_or_else(|| lacks("value"))?),
        };
        // Whatever its type did not take does not belong to it.
        let left = [
            ("low", self.low.is_some()),
            ("high", self.high.is_some()),
            ("log", self.log),
            ("step", self.step.is_some()),
            ("choices", self.choices.is_some()),
            ("values", self.values.is_some()),
            ("value", self.value.is_some()),
        ];
        match left.iter().find(|(_, is_left)| *is_left) {
            Some((field, _)) => Err(format!("\"{field}\" does not belong to its type")),
            None => Ok(domain),
        }
    }
}

fn number(value: Option<Value>, field: &str) -> Result<f64, String> {
    value
        .and_then(|v| v.number())
        .ok_or_else(|| format!("it needs a number as \"{field}\""))
}

fn whole(value: Option<Value>, field: &str) -> Result<i64, String> {
    let v = number(value, field)?;
    // Beyond 2^52 a JSON number may no longer be exact.
    let fits = libm::floor(v) == v && libm::fabs(v) <= (1u64 << 52) as f64;
    if fits {
        Ok(v as i64)
    } else {
        Err(format!("\"{field}\" must be a whole number"))
    }
}

impl SpaceFile {
    /// The space it describes.
    ///
    /// # Errors
    /// The first thing that is wrong, by parameter name.
    pub fn space(self) -> Result<Space, String> {
        let params = self.params.into_iter().map(|mut p| {
            let domain = p.domain().map_err(|why| format!("parameter {}: {why}", p.name))?;
            let prior = p.prior.as_deref().map(|text| Prior::parse(text, &domain)).transpose();
            let prior = prior.map_err(|why| format!("parameter {}, prior: {why}", p.name))?;
            let when = p
                .when
                .into_iter()
                .map(|(parent, values)| Condition { parent, values })
                .collect();
            Ok(Param {
                name: p.name,
                domain,
                default: p.default,
                when,
                prior,
            })
        });
        let space = Space::new(params.collect::<Result<_, String>>()?, self.forbidden)?;
        let constraints = self.constraints.iter().map(|text| Constraint::parse(text));
        space.constrained(constraints.collect::<Result<_, String>>()?)
    }

    /// Describes `space`.
    pub fn of(space: &Space, direction: Direction) -> SpaceFile {
        SpaceFile {
            direction,
            params: space.params().iter().map(describe).collect(),
            forbidden: space.forbidden().to_vec(),
            constraints: space.constraints().iter().map(Constraint::to_string).collect(),
        }
    }
}

fn describe(param: &Param) -> ParamFile {
    let mut file = ParamFile {
        name: param.name.clone(),
        kind: Kind::Fixed,
        low: None,
        high: None,
        log: param.domain.is_log(),
        step: None,
        choices: None,
        values: None,
        value: None,
        default: param.default.clone(),
        when: param
            .when
            .iter()
            .map(|c| (c.parent.clone(), c.values.clone()))
            .collect(),
        prior: param.prior.as_ref().map(Prior::to_string),
    };
    match param.domain.clone() {
        Domain::Float { low, high, step, .. } => {
            (file.kind, file.low, file.high) = (Kind::Float, Some(Value::Float(low)), Some(Value::Float(high)));
            file.step = step.map(Value::Float);
        }
        Domain::Int { low, high, step, .. } => {
            (file.kind, file.low, file.high) = (Kind::Int, Some(Value::Int(low)), Some(Value::Int(high)));
            file.step = (step != 1).then_some(Value::Int(step));
        }
        Domain::Categorical(choices) => (file.kind, file.choices) = (Kind::Categorical, Some(choices)),
        Domain::Ordinal(values) => (file.kind, file.values) = (Kind::Ordinal, Some(values)),
        Domain::Fixed(value) => file.value = Some(value),
    }
    file
}
