//! What is tuned: one model or a choice of several, behind steps that prepare the data. One space for all their parameters.
//!
//! A single model's parameters keep their names. Those of one of several models, and of every step, stand behind its id: `svm.gamma`,
//! `scale.method`; and those of a model are active only where the parameter `model` names it.

use crate::model::{Encode, MODELS, Model, Pipeline, STEPS, Step, beyond};
use crate::objective::BuildModel;
use crate::registry::{Entry, find, ids};
use crate::space::{Condition, Config, Domain, Param, Space, Value};
use crate::spec::Call;

/// The parameter that says which model, where there are several.
const CHOICE: &str = "model";

/// What is tuned.
pub(super) struct Recipe {
    /// At least one.
    pub(super) models: Vec<Part>,
    /// In the order in which the data go through them.
    pub(super) steps: Vec<Part>,
}

/// A model or a step.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) id: &'static str,
    title: &'static str,
    /// What the names of its parameters begin with in the whole space: `svm.`, or nothing.
    prefix: String,
    /// What its settings fix, by its own names.
    fixed: Config,
    /// What it can tune, by its own names.
    space: Space,
    /// What it takes, by its own names; no more than the space has, if empty.
    names: &'static [&'static str],
    /// Whether a configuration of it can be built.
    check: fn(&'static str, &Config) -> Result<(), String>,
}

/// Reads the models of a study: `forest`, `forest,svm(kernel:rbf)`. Settings fix parameters.
///
/// # Errors
/// An unknown or repeated model, or a setting that it does not take.
pub(super) fn models(text: &str) -> Result<Vec<Part>, String> {
    let check = |id, config: &Config| build_model(id, config).map(|_| ());
    let mut parts = parts("model", text, MODELS, |kind| ((kind.space)(), kind.names), check)?;
    if let [only] = &mut parts[..] {
        only.prefix.clear();
    }
    Ok(parts)
}

/// Reads the steps before the models: `scale,pca(components:0.9)`, or `none`.
///
/// # Errors
/// An unknown or repeated step, or a setting that it does not take.
pub(super) fn steps(text: &str) -> Result<Vec<Part>, String> {
    if text == "none" {
        return Ok(Vec::new());
    }
    let check = |id, config: &Config| build_step(id, config).map(|_| ());
    parts("step", text, STEPS, |kind| ((kind.space)(), &[]), check)
}

/// As [`steps`], of data with so many features.
///
/// # Errors
/// As [`steps`]; or a step whose settings make it impossible on so many features, whatever is searched.
pub(super) fn fitting_steps(text: &str, features: usize) -> Result<Vec<Part>, String> {
    let parts = steps(text)?;
    width(&parts, features)?;
    Ok(parts)
}

/// How many features the steps make of so many, where that is known.
///
/// # Errors
/// A step that is impossible on as many as it gets, whatever is searched.
fn width(steps: &[Part], features: usize) -> Result<Option<usize>, String> {
    let mut known = Some(features);
    for step in steps {
        let Some(features) = known else { break };
        known = step.width(features)?;
    }
    Ok(known)
}

fn parts<B>(
    what: &str,
    text: &str,
    registry: &'static [Entry<B>],
    takes: fn(&B) -> (Space, &'static [&'static str]),
    check: fn(&'static str, &Config) -> Result<(), String>,
) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    for call in Call::parse_list(text)? {
        let entry = find(registry, &call.id);
        let entry = entry.ok_or_else(|| format!("unknown {what} \"{}\"; accepted: {}", call.id, ids(registry)))?;
        if parts.iter().any(|part| part.id == entry.id) {
            return Err(format!("the {what} {} stands twice", entry.id));
        }
        let fixed = call
            .settings
            .iter()
            .map(|(name, value)| (name.clone(), Value::parse(value)));
        let fixed = Config(fixed.collect());
        check(entry.id, &fixed)?;
        let (space, names) = takes(&entry.build);
        parts.push(Part {
            id: entry.id,
            title: entry.title,
            prefix: format!("{}.", entry.id),
            fixed,
            space,
            names,
            check,
        });
    }
    Ok(parts)
}

fn build_model(id: &str, config: &Config) -> Result<Box<dyn Model>, String> {
    let entry = find(MODELS, id).ok_or_else(|| format!("unknown model \"{id}\"; accepted: {}", ids(MODELS)))?;
    (entry.build.build)(config)
}

fn build_step(id: &str, config: &Config) -> Result<Box<dyn Step>, String> {
    let entry = find(STEPS, id).ok_or_else(|| format!("unknown step \"{id}\"; accepted: {}", ids(STEPS)))?;
    (entry.build.build)(config)
}

impl Recipe {
    /// Whether the model itself is chosen.
    pub(super) fn is_joint(&self) -> bool {
        self.models.len() > 1
    }

    /// The models' ids, for messages.
    pub(super) fn ids(&self) -> String {
        let ids: Vec<&str> = self.models.iter().map(|part| part.id).collect();
        ids.join(", ")
    }

    /// Titles for people: of the models, and of the steps in their order, if there are any.
    pub(super) fn titles(&self) -> (String, Option<String>) {
        let titles = |parts: &[Part], by| parts.iter().map(|part| part.title).collect::<Vec<_>>().join(by);
        let steps = (!self.steps.is_empty()).then(|| titles(&self.steps, " → "));
        (titles(&self.models, " or "), steps)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.models.iter().chain(&self.steps)
    }

    /// The part that has a parameter, and its own name for it.
    fn owner<'a>(&self, name: &'a str) -> Option<(&Part, &'a str)> {
        // Beyond its space a part may take parameters that are not searched unless asked for.
        let own = |part: &Part| {
            name.strip_prefix(&part.prefix)
                .filter(|own| part.space.index(own).is_some() || part.names.contains(own))
        };
        self.parts().find_map(|part| own(part).map(|own| (part, own)))
    }

    /// The domain of a parameter in the study text's notation: every listed value and the ends of a range are accepted, and one at least is
    /// possible on data of so many features.
    ///
    /// # Errors
    /// Why not, with what is accepted.
    pub(super) fn domain(&self, name: &str, text: &str, features: usize) -> Result<Domain, String> {
        let Some((part, own)) = self.owner(name) else {
            let names = |part: &Part| {
                let searched = part.space.params().iter().map(|p| p.name.as_str());
                let all = searched.chain(beyond(&part.space, part.names).map(|name| -> &str { name }));
                all.map(|name| format!("{}{name}", part.prefix)).collect()
            };
            let all: Vec<Vec<String>> = self.parts().map(names).collect();
            let titles: Vec<&str> = self.parts().map(|part| part.id).collect();
            return Err(format!(
                "{} has no such parameter; accepted: {}",
                titles.join(", "),
                all.concat().join(", ")
            ));
        };
        if let Some(value) = part.fixed.get(own) {
            return Err(format!("{}({own}:{value}) has fixed it", part.id));
        }
        let domain = part.read(own, text)?;
        let values: Vec<Value> = match &domain {
            Domain::Ordinal(values) | Domain::Categorical(values) => values.clone(),
            Domain::Fixed(value) => vec![value.clone()],
            Domain::Float { low, high, .. } => vec![Value::Float(*low), Value::Float(*high)],
            Domain::Int { low, high, .. } => vec![Value::Int(*low), Value::Int(*high)],
        };
        let alone = |value: &Value| Config(vec![(own.to_string(), value.clone())]);
        values
            .iter()
            .try_for_each(|value| (part.check)(part.id, &alone(value)))?;
        if let Some(place) = self.steps.iter().position(|step| std::ptr::eq(step, part)) {
            let with = |value: &Value| {
                let fixed = Config([&part.fixed.0[..], &alone(value).0].concat());
                let step = Part { fixed, ..part.clone() };
                width(&[&self.steps[..place], &[step]].concat(), features)
            };
            // Each one's reason, if all have one.
            let impossible: Option<Vec<String>> = values.iter().map(|value| with(value).err()).collect();
            if let Some(why) = impossible.and_then(|all| all.into_iter().next()) {
                return Err(why);
            }
        }
        Ok(domain)
    }

    /// The space of everything that is searched. The domains given of a part are exactly what is searched of it; one of which none is
    /// given is searched as a whole.
    ///
    /// # Errors
    /// A parameter that could never be active, or a space without parameters.
    pub(super) fn space(&self, given: &[(String, Domain)]) -> Result<Space, String> {
        let (mut params, mut forbidden) = (Vec::new(), Vec::new());
        if self.is_joint() {
            let ids: Vec<Value> = self.models.iter().map(|part| Value::Text(part.id.into())).collect();
            params.push(Param {
                default: ids.first().cloned(),
                ..Param::new(CHOICE, Domain::Categorical(ids))
            });
        }
        for (place, part) in self.parts().enumerate() {
            let own: Vec<(String, Domain)> = given
                .iter()
                .filter_map(|(name, domain)| {
                    let (owner, own) = self.owner(name)?;
                    (owner.id == part.id && owner.prefix == part.prefix).then(|| (own.to_string(), domain.clone()))
                })
                .collect();
            let chosen = (self.is_joint() && place < self.models.len()).then(|| Condition {
                parent: CHOICE.into(),
                values: vec![Value::Text(part.id.into())],
            });
            let searched = part.searched(&own)?;
            let named = |name: &str| format!("{}{name}", part.prefix);
            let kept = |f: &&Config| {
                f.0.iter().all(|(name, value)| {
                    searched
                        .iter()
                        .any(|p| p.name == *name && p.domain.check(value).is_ok())
                })
            };
            let renamed = |f: &Config| Config(f.0.iter().map(|(name, value)| (named(name), value.clone())).collect());
            forbidden.extend(part.space.forbidden().iter().filter(kept).map(renamed));
            params.extend(searched.into_iter().map(|p| {
                let when = p.when.into_iter().map(|c| Condition {
                    parent: named(&c.parent),
                    ..c
                });
                Param {
                    name: named(&p.name),
                    when: chosen.clone().into_iter().chain(when).collect(),
                    ..p
                }
            }));
        }
        Space::new(params, forbidden)
    }

    /// Makes the model of a configuration of the space, behind the steps; `raw` data are encoded before all else.
    pub(super) fn build(&self, raw: bool) -> BuildModel {
        let (models, steps) = (self.models.clone(), self.steps.clone());
        std::sync::Arc::new(move |config| {
            let chosen =
                |part: &&Part| models.len() == 1 || config.get(CHOICE).is_none_or(|id| id.to_string() == part.id);
            let part = models
                .iter()
                .find(chosen)
                .ok_or("the configuration names no model of the study")?;
            let is_own = |name: &str| !steps.iter().any(|step| name.starts_with(&step.prefix));
            let model = build_model(part.id, &part.own(config, is_own))?;
            let mut built: Vec<Box<dyn Step>> = Vec::new();
            if raw {
                built.push(Box::new(Encode));
            }
            for step in &steps {
                built.push(build_step(step.id, &step.own(config, |_| true))?);
            }
            if built.is_empty() {
                return Ok(model);
            }
            Ok(Box::new(Pipeline::new(built, model)))
        })
    }
}

impl Part {
    /// The domain of its parameter `own`. A range with whole ends is of all numbers where the parameter takes them: its own domain says so,
    /// or, without a range of its own, the part accepts a number between.
    fn read(&self, own: &str, text: &str) -> Result<Domain, String> {
        let real = Domain::parse_real(text);
        let known = self.space.params().iter().find(|p| p.name == own);
        let takes_all = match (known.map(|p| &p.domain), &real) {
            (Some(Domain::Float { .. }), _) => true,
            (Some(Domain::Int { .. }), _) => false,
            (_, Ok(Domain::Float { low, high, .. })) => {
                let between = Value::Float(low + (high - low) * 0.382);
                (self.check)(self.id, &Config(vec![(own.to_string(), between)])).is_ok()
            }
            _ => false,
        };
        if takes_all { real } else { Domain::parse(text) }
    }

    /// How many features a step makes of so many, where all that is searched of it makes the same.
    ///
    /// # Errors
    /// Why it is impossible on so many, whatever is searched.
    fn width(&self, features: usize) -> Result<Option<usize>, String> {
        let open = self.searched(&[])?.len();
        if open == 0 {
            return build_step(self.id, &self.fixed)?.width(features);
        }
        let at = |i: usize| self.space.at_unit(&vec![(i as f64 + 0.5) / 16.0; self.space.dim()]);
        let fixed = |config: Config| {
            let own = config.0.into_iter().filter(|(name, _)| self.fixed.get(name).is_none());
            Config(self.fixed.0.iter().cloned().chain(own).collect())
        };
        let width = |i: usize| build_step(self.id, &fixed(at(i))).and_then(|step| step.width(features));
        let widths: Vec<Result<Option<usize>, String>> = (0..16).map(width).collect();
        if widths.iter().all(Result::is_err) {
            return widths.into_iter().next().unwrap_or(Ok(None));
        }
        let first = widths[0].clone().unwrap_or_default();
        Ok(first.filter(|first| widths.iter().all(|width| *width == Ok(Some(*first)))))
    }

    /// The part's own configuration: what is fixed, and the parameters behind its prefix that it shares with nobody.
    fn own(&self, config: &Config, is_own: impl Fn(&str) -> bool) -> Config {
        let pairs = config.0.iter().filter(|(name, _)| is_own(name));
        let own = pairs.filter_map(|(name, value)| Some((name.strip_prefix(&self.prefix)?.to_string(), value.clone())));
        Config(self.fixed.0.iter().cloned().chain(own).collect())
    }

    /// The parameters that are searched, parents before children, with the conditions that are left to decide.
    fn searched(&self, given: &[(String, Domain)]) -> Result<Vec<Param>, String> {
        let whole = self.space.params();
        let when = |name: &str| {
            whole
                .iter()
                .find(|p| p.name == name)
                .map_or(Vec::new(), |p| p.when.clone())
        };
        let mut open: Vec<Param> = if given.is_empty() {
            whole
                .iter()
                .filter(|p| self.fixed.get(&p.name).is_none())
                .cloned()
                .collect()
        } else {
            let param = |(name, domain): &(String, Domain)| Param {
                when: when(name),
                ..Param::new(name, domain.clone())
            };
            given.iter().map(param).collect()
        };
        let (mut placed, mut never): (Vec<Param>, Vec<String>) = (Vec::new(), Vec::new());
        while !open.is_empty() {
            let waits = |p: &Param| p.when.iter().any(|c| open.iter().any(|o| o.name == c.parent));
            let mut param = open.remove(open.iter().position(|p| !waits(p)).unwrap_or(0));
            let mut can_be = true;
            param.when.retain_mut(|c| {
                if let Some(parent) = placed.iter().find(|p| p.name == c.parent) {
                    c.values.retain(|value| parent.domain.check(value).is_ok());
                    can_be &= !c.values.is_empty();
                    return true;
                }
                // A parent that is not searched has the value that is fixed, or its default.
                let default = whole
                    .iter()
                    .find(|p| p.name == c.parent)
                    .and_then(|p| p.default.as_ref());
                let value = self.fixed.get(&c.parent).or(default);
                can_be &= !never.contains(&c.parent) && value.is_some_and(|v| c.values.iter().any(|w| w.same(v)));
                false
            });
            if can_be {
                placed.push(param);
            } else if given.is_empty() {
                never.push(param.name);
            } else {
                let wanted = when(&param.name)
                    .iter()
                    .map(|c| {
                        let values: Vec<String> = c.values.iter().map(Value::to_string).collect();
                        format!("{}{} is {}", self.prefix, c.parent, values.join(" or "))
                    })
                    .collect::<Vec<_>>();
                return Err(format!(
                    "{}{} counts only where {}",
                    self.prefix,
                    param.name,
                    wanted.join(" and ")
                ));
            }
        }
        Ok(placed)
    }
}
