//! The question as it is written: study text, the preset it stands on, and the keys that only the page reads.
#![forbid(unsafe_code)]

use crate::protocol::{Catalog, CatalogEntry};
use crate::spec::{Call, PAGE_KEYS, Refusal, StudyText, is_of_parameter};

/// The preset of a page that is opened without hash.
pub const FIRST_PRESET: &str = "race-iris";

/// Keys of the study text with the values they get; `None` removes one.
pub type Changes = Vec<(String, Option<String>)>;

/// A study's text in the making. `text` is complete: the preset's keys are spelled out once the catalog is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// The preset it stands on, as long as it has all the preset's keys.
    pub preset: Option<String>,
    /// All keys of the study.
    pub text: StudyText,
    /// What only the page reads.
    pub page: StudyText,
}

impl Question {
    /// Reads a hash. What cannot be read is refused by name; the rest counts.
    pub fn read(hash: &str, catalog: &Catalog) -> (Question, Vec<Refusal>) {
        let (mut own, mut refused) = StudyText::parse(hash);
        let mut page = StudyText::default();
        for (key, _) in PAGE_KEYS {
            page.set(key, own.get(key));
            own.set(key, None);
        }
        own.set("v", None);
        let named = own.get("preset").map(str::to_string);
        own.set("preset", None);
        // A text with a question of its own stands on no preset.
        let id = named
            .clone()
            .or_else(|| (own.get("data").or(own.get("fn")).is_none()).then(|| FIRST_PRESET.into()));
        let base = id.as_deref().and_then(|id| base(catalog, id));
        if let (Some(name), None) = (&named, &base) {
            let known: Vec<_> = catalog.presets.iter().map(|p| p.id.as_str()).collect();
            refused.push(Refusal::new(
                name,
                format!("no preset of this name; accepted: {}", known.join(", ")),
            ));
        }
        // A wrong preset must not leave an empty page.
        let (id, mut base) = match base {
            Some(base) => (id, base),
            None if named.is_some() => (
                Some(FIRST_PRESET.to_string()),
                self::base(catalog, FIRST_PRESET).unwrap_or_default(),
            ),
            None => (None, StudyText::default()),
        };
        // Another problem has other parameters: the worker, too, drops the preset's domains and priors then.
        if own.is_other_problem(&base) {
            base.drop_parameters();
        }
        let question = Question {
            preset: id,
            text: own.over(&base),
            page,
        };
        (question, refused)
    }

    /// What the worker is sent: every key, without the page's.
    pub fn study(&self, catalog: &Catalog) -> String {
        self.short(catalog, &StudyText::default())
    }

    /// What the address shows: only what differs from the preset.
    pub fn hash(&self, catalog: &Catalog) -> String {
        self.short(catalog, &self.page)
    }

    /// The hash with other page keys.
    pub fn short(&self, catalog: &Catalog, page: &StudyText) -> String {
        let mut short = StudyText::default();
        let base = self.preset.as_deref().and_then(|id| base(catalog, id));
        match (&self.preset, base) {
            (Some(id), Some(base)) => {
                short.set("preset", Some(id));
                short = self.text.beyond(&base).over(&short);
                // Beside another model a preset's domains and priors are not meant: those that still hold are spelled out.
                if ["fn", "model", "prep"].iter().any(|key| short.get(key).is_some()) {
                    let kept = self.text.pairs().iter().filter(|(key, _)| is_of_parameter(key));
                    kept.for_each(|(key, value)| short.set(key, Some(value)));
                }
            }
            _ => short = self.text.clone(),
        }
        page.over(&short).to_string()
    }

    /// Sets or removes keys. A text that lacks a key of its preset stands on its own from then on: a preset's key can be
    /// overridden, not taken away.
    pub fn edit(&mut self, changes: &[(String, Option<String>)], catalog: &Catalog) {
        for (key, value) in changes {
            self.text.set(key, value.as_deref());
        }
        let base = self
            .preset
            .as_deref()
            .and_then(|id| base(catalog, id))
            .unwrap_or_default();
        if base.pairs().iter().any(|(key, _)| self.text.get(key).is_none()) {
            self.preset = None;
        }
    }

    /// The changes that turn this question into one about `target`: a data set or, if `function`, a test function.
    pub fn target(&self, target: &str, function: bool, catalog: &Catalog) -> Changes {
        let drop = |key: &str| (key.to_string(), None);
        let mut changes = self.without_space();
        if function {
            changes.extend(["data", "model", "prep", "split", "cv", "metric", "fidelity"].map(drop));
            changes.push(("fn".into(), Some(target.into())));
            return changes;
        }
        // The same model's domains hold for another data set.
        if self.text.get("model").is_some() {
            changes.clear();
        } else {
            changes.push(("model".into(), catalog.models.first().map(|m| m.id.clone())));
        }
        changes.push(drop("fn"));
        changes.push(("data".into(), Some(target.into())));
        changes
    }

    /// The changes that drop all that is said of parameters by name: another objective has others.
    pub fn without_space(&self) -> Changes {
        let keys = self.text.pairs().iter().map(|(key, _)| key);
        keys.filter(|key| is_of_parameter(key) || *key == "where")
            .map(|key| (key.clone(), None))
            .collect()
    }

    /// The value that a model's or step's own parentheses fix a parameter at.
    pub fn fixed(&self, name: &str) -> Option<String> {
        self.parts().into_iter().find_map(|part| part.fixed(name))
    }

    /// The changes that give a parameter this domain, or none of its own if it is empty: it takes the place of what parentheses fix.
    pub fn domain(&self, name: &str, domain: String) -> Changes {
        let mut changes = vec![(format!("p.{name}"), (!domain.is_empty()).then_some(domain))];
        let mut parts = self.parts();
        if let Some(part) = parts.iter_mut().find(|part| part.fixed(name).is_some()) {
            part.call
                .settings
                .retain(|(n, _)| name.strip_prefix(&part.prefix) != Some(n));
            let key = part.key;
            let calls: Vec<Call> = parts.into_iter().filter(|p| p.key == key).map(|p| p.call).collect();
            changes.push((key.into(), Some(join(&calls))));
        }
        changes
    }

    /// What has parameters: the test function, or the models and the steps before them.
    pub fn parts(&self) -> Vec<Part> {
        let is_joint = self.calls("model").len() > 1;
        let all = ["fn", "model", "prep"].into_iter();
        let parts = all.flat_map(|key| {
            self.calls(key).into_iter().map(move |call| Part {
                key,
                prefix: match key == "prep" || key == "model" && is_joint {
                    true => format!("{}.", call.id),
                    false => String::new(),
                },
                call,
            })
        });
        parts.collect()
    }

    /// The strategies as calls; none if the list cannot be read.
    pub fn strategies(&self) -> Vec<Call> {
        self.calls("s")
    }

    fn calls(&self, key: &str) -> Vec<Call> {
        let list = self.text.get(key).and_then(|list| Call::parse_list(list).ok());
        list.unwrap_or_default()
    }

    /// The entry called at `key`, with the settings given.
    pub fn call(&self, key: &str) -> Option<Call> {
        Call::parse(self.text.get(key)?).ok()
    }
}

/// A test function, a model or a step as it is called.
pub struct Part {
    /// The key of the list that calls it.
    pub key: &'static str,
    /// What stands before its parameters' names.
    pub prefix: String,
    /// With the settings that fix parameters.
    pub call: Call,
}

impl Part {
    fn fixed(&self, name: &str) -> Option<String> {
        // Settings of a function are no parameters of it.
        let name = name.strip_prefix(&self.prefix).filter(|_| self.key != "fn")?;
        let setting = self.call.settings.iter().find(|(n, _)| n == name)?;
        Some(setting.1.clone())
    }
}

/// A preset's text.
fn base(catalog: &Catalog, id: &str) -> Option<StudyText> {
    let mut text = StudyText::parse(&entry(&catalog.presets, id)?.text).0;
    text.set("v", None);
    text.set("preset", None);
    Some(text)
}

/// The entry with this id.
pub fn entry<'a>(entries: &'a [CatalogEntry], id: &str) -> Option<&'a CatalogEntry> {
    entries.iter().find(|e| e.id == id)
}

/// A call list as text.
pub fn join(calls: &[Call]) -> String {
    calls.iter().map(Call::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let entry = |id: &str, text: &str| CatalogEntry {
            id: id.into(),
            text: text.into(),
            ..CatalogEntry::default()
        };
        Catalog {
            presets: vec![
                entry(
                    "race-iris",
                    "data=iris&model=forest&p.max_depth=1..9&s=grid,bayes&n=40&seed=7",
                ),
                entry("branin", "fn=branin&s=random&n=30"),
                entry(
                    "fixed",
                    "data=iris&model=forest(bootstrap:false,max_depth:3)&p.n_estimators=1..9&n=4",
                ),
            ],
            models: vec![entry("forest", "")],
            ..Catalog::default()
        }
    }

    #[test]
    fn the_address_shows_only_what_differs_from_the_preset() {
        let (mut question, refused) = Question::read("", &catalog());
        assert_eq!(
            (question.hash(&catalog()).as_str(), refused.len()),
            ("preset=race-iris", 0)
        );
        question.edit(&[("n".into(), Some("12".into()))], &catalog());
        assert_eq!(question.hash(&catalog()), "preset=race-iris&n=12");
        let (again, _) = Question::read(&question.hash(&catalog()), &catalog());
        assert_eq!(again, question);
    }

    #[test]
    fn a_domain_takes_the_place_of_what_the_parentheses_fix() {
        let (mut question, _) = Question::read("preset=fixed", &catalog());
        assert_eq!(question.fixed("bootstrap").as_deref(), Some("false"));
        let changes = question.domain("bootstrap", "=true".into());
        question.edit(&changes, &catalog());
        assert_eq!(question.text.get("model"), Some("forest(max_depth:3)"));
        // What the preset searched is still searched, beside a model that is called otherwise.
        assert_eq!(
            question.study(&catalog()),
            "preset=fixed&model=forest(max_depth:3)&p.bootstrap==true&p.n_estimators=1..9"
        );
        let changes = question.domain("max_depth", String::new());
        question.edit(&changes, &catalog());
        assert_eq!(question.text.get("model"), Some("forest"));
        assert_eq!(question.text.get("p.max_depth"), None);
    }

    #[test]
    fn what_a_step_or_one_of_several_models_fixes_is_found_by_its_prefix() {
        let text = "data=iris&model=svm(c:2),knn(k:3)&prep=scale,pca(components:2)&s=random";
        let (mut question, _) = Question::read(text, &catalog());
        assert_eq!(question.fixed("pca.components").as_deref(), Some("2"));
        assert_eq!(question.fixed("components"), None);
        assert_eq!(question.fixed("knn.k").as_deref(), Some("3"));
        for (name, domain) in [("pca.components", "1..4"), ("svm.c", "1..9")] {
            let changes = question.domain(name, domain.into());
            question.edit(&changes, &catalog());
        }
        assert_eq!(question.text.get("prep"), Some("scale,pca"));
        assert_eq!(question.text.get("model"), Some("svm,knn(k:3)"));
        assert_eq!(question.text.get("p.pca.components"), Some("1..4"));
    }

    #[test]
    fn another_model_than_the_presets_has_none_of_its_domains() {
        let (question, _) = Question::read("preset=race-iris&model=svm", &catalog());
        assert_eq!(question.text.get("p.max_depth"), None);
        assert_eq!(question.study(&catalog()), "preset=race-iris&model=svm");
    }

    #[test]
    fn a_text_without_a_key_of_its_preset_stands_on_its_own() {
        let (mut question, _) = Question::read("preset=race-iris&theme=dark", &catalog());
        let changes = question.target("branin", true, &catalog());
        question.edit(&changes, &catalog());
        assert_eq!(
            question.hash(&catalog()),
            "s=grid,bayes&n=40&seed=7&fn=branin&theme=dark"
        );
        assert_eq!(question.study(&catalog()), "s=grid,bayes&n=40&seed=7&fn=branin");
        let changes = question.target("iris", false, &catalog());
        question.edit(&changes, &catalog());
        assert_eq!(question.text.get("model"), Some("forest"));
        assert_eq!(question.text.get("fn"), None);
    }

    #[test]
    fn a_wrong_preset_is_named_and_the_first_one_opens() {
        let (question, refused) = Question::read("preset=nope&zzz=1&step=3", &catalog());
        assert_eq!(question.preset.as_deref(), Some(FIRST_PRESET));
        assert_eq!(question.page.get("step"), Some("3"));
        let named: Vec<_> = refused.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(named, ["zzz", "nope"]);
    }
}
