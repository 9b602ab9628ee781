//! A configuration to take away: as JSON, or as scikit-learn code of the whole pipeline that it stands for.

mod model;
mod step;
#[cfg(test)]
mod tests;

use crate::order;
use crate::space::{Config, Value};
use crate::spec::{Call, StudyText};

/// The configuration as JSON.
pub fn json(config: &Config) -> String {
    let pair = |(name, value): &(String, Value)| format!("\"{name}\": {}", literal(value, false));
    format!("{{{}}}", config.0.iter().map(pair).collect::<Vec<_>>().join(", "))
}

/// What a configuration of a study stands for, as Python that scikit-learn runs: every step and the model, with what the study fixes, and
/// in comments whatever scikit-learn does otherwise. `raw` says that the table has categories or gaps. `None` where nothing is trained.
pub fn scikit_learn(study: &StudyText, raw: bool, config: &Config) -> Option<String> {
    let models = Call::parse_list(study.get("model")?).ok()?;
    let steps = match study.get("prep") {
        None | Some("none") => Vec::new(),
        Some(text) => Call::parse_list(text).ok()?,
    };
    let mut python = Python::default();
    if raw {
        step::encode(&mut python);
    }
    for call in &steps {
        step::write(&mut python, &call.id, &Own::of(call, Some(&call.id), config))?;
    }
    let chosen = config.get("model").map(Value::to_string);
    let model = match &models[..] {
        [only] => (only, None),
        several => {
            let is = |call: &&Call| chosen.as_ref().is_none_or(|id| *id == call.id);
            let call = several.iter().find(is)?;
            (call, Some(call.id.as_str()))
        }
    };
    model::write(&mut python, &model.0.id, &Own::of(model.0, model.1, config))?;
    Some(python.text())
}

/// A value as JSON, or as Python, whose words for nothing and truth differ.
fn literal(value: &Value, python: bool) -> String {
    match value {
        Value::None if python => "None".into(),
        Value::None => "null".into(),
        Value::Bool(true) if python => "True".into(),
        Value::Bool(false) if python => "False".into(),
        Value::Text(word) => format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")),
        value => value.to_string(),
    }
}

/// What one part of a study is set to, by its own names: what the study fixes, then what the configuration says.
struct Own(Vec<(String, Value)>);

impl Own {
    /// Of the part `call`, whose parameters stand behind `prefix`; the only model's have none.
    fn of(call: &Call, prefix: Option<&str>, config: &Config) -> Own {
        let fixed = call.settings.iter();
        let mut own: Vec<(String, Value)> = fixed.map(|(name, v)| (name.clone(), Value::parse(v))).collect();
        for (name, value) in &config.0 {
            let name = match (prefix, name.split_once('.')) {
                (None, None) => name,
                (Some(prefix), Some((of, name))) if of == prefix => name,
                _ => continue,
            };
            own.retain(|(known, _)| known != name);
            own.push((name.to_string(), value.clone()));
        }
        Own(own)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value at `name` in Python, or `default`.
    fn or(&self, name: &str, default: &str) -> String {
        self.get(name)
            .map_or_else(|| default.to_string(), |value| literal(value, true))
    }

    /// Whether the value at `name` is this word.
    fn is(&self, name: &str, word: &str) -> bool {
        self.get(name).is_some_and(|value| value.to_string() == word)
    }
}

/// A program in the making.
#[derive(Default)]
struct Python {
    imports: Vec<String>,
    /// What scikit-learn does otherwise, a comment each.
    notes: Vec<String>,
    /// What the steps call.
    before: String,
    /// The steps, the model last.
    steps: Vec<String>,
}

impl Python {
    fn import(&mut self, module: &str, name: &str) {
        self.imports.push(format!("from {module} import {name}"));
    }

    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// One step more: a call of `name`, which `module` has.
    fn call(&mut self, module: &str, name: &str, arguments: &[String]) {
        self.import(module, name);
        self.steps.push(format!("{name}({})", arguments.join(", ")));
    }

    fn text(mut self) -> String {
        let made = match &self.steps[..] {
            [model] => model.clone(),
            steps => {
                let lines: String = steps.iter().map(|step| format!("    {step},\n")).collect();
                self.imports.push("from sklearn.pipeline import make_pipeline".into());
                format!("make_pipeline(\n{lines})")
            }
        };
        order::sort_by(&mut self.imports, |a, b| {
            b.starts_with("import")
                .cmp(&a.starts_with("import"))
                .then_with(|| a.cmp(b))
        });
        self.imports.dedup();
        let notes: String = self.notes.iter().map(|note| format!("# {note}\n")).collect();
        let imports = self.imports.join("\n");
        format!("{imports}\n{}\n{notes}model = {made}\n", self.before)
    }
}
