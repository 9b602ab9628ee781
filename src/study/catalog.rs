//! The catalog: everything there is to choose, from the registries.

use super::PRESETS;
use crate::acquisition::ACQUISITIONS;
use crate::dataset::{DATASETS, METRICS};
use crate::model::{MODELS, STEPS};
use crate::objective::function::{FUNCTIONS, Function};
use crate::protocol::{Catalog, CatalogEntry, CatalogSetting, Optimum};
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::space::{Param, Value};
use crate::strategy::STRATEGIES;
use crate::strategy::stopping::STOPPING;

/// The catalog of this build, whole. `plots` are described by whoever draws.
pub fn catalog() -> Catalog {
    let mut catalog = choices();
    for (entry, model) in catalog.models.iter_mut().zip(MODELS) {
        entry.further = named(model.build.further());
    }
    for (entry, function) in catalog.functions.iter_mut().zip(FUNCTIONS) {
        entry.optimum = Some(optimum(function));
    }
    catalog
}

fn named(settings: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    settings.into_iter().map(|(n, a)| (n.to_string(), a)).collect()
}

/// Where a function is smallest, with its settings as they are by default.
pub(super) fn optimum(e: &Entry<Function>) -> Optimum {
    let params = e.build.params(&Settings::defaults(e.settings));
    Optimum {
        value: (e.build.minimum)(params.len()),
        at: e.build.best(&params),
    }
}

/// The catalog without what needs the code of each model and function: what a model's further settings accept, which it says where it
/// refuses, and where a function is smallest, which its study says.
pub fn choices() -> Catalog {
    let models = MODELS.iter().map(|e| CatalogEntry {
        further: named(e.build.beyond().into_iter().map(|n| (n, String::new())).collect()),
        ..listed(e, (e.build.space)().params())
    });
    let steps = STEPS.iter().map(|e| listed(e, (e.build.space)().params()));
    let functions = FUNCTIONS
        .iter()
        .map(|e| listed(e, &e.build.params(&Settings::defaults(e.settings))));
    Catalog {
        strategies: STRATEGIES.iter().map(entry).collect(),
        models: models.collect(),
        steps: steps.collect(),
        datasets: DATASETS.iter().map(entry).collect(),
        functions: functions.collect(),
        metrics: METRICS.iter().map(entry).collect(),
        acquisitions: ACQUISITIONS.iter().map(entry).collect(),
        stopping: STOPPING.iter().map(entry).collect(),
        plots: Vec::new(),
        presets: PRESETS
            .iter()
            .map(|e| CatalogEntry {
                text: e.build.into(),
                ..entry(e)
            })
            .collect(),
    }
}

/// An entry with what can be tuned.
fn listed<B>(e: &Entry<B>, params: &[Param]) -> CatalogEntry {
    let default = |p: &Param| p.default.as_ref().map(Value::to_string).unwrap_or_default();
    CatalogEntry {
        defaults: params.iter().map(default).collect(),
        params: params.iter().map(|p| (p.name.clone(), p.domain.to_string())).collect(),
        ..entry(e)
    }
}

/// One entry in the catalog's words.
pub fn entry<B>(e: &Entry<B>) -> CatalogEntry {
    CatalogEntry {
        id: e.id.into(),
        title: e.title.into(),
        about: e.about.into(),
        formula: e.formula.into(),
        paper: e.paper.into(),
        settings: e.settings.iter().map(setting).collect(),
        ..CatalogEntry::default()
    }
}

fn setting(s: &Setting) -> CatalogSetting {
    let choices = match s.kind {
        SettingKind::Choice(words) => words.iter().map(|w| w.to_string()).collect(),
        _ => Vec::new(),
    };
    CatalogSetting {
        id: s.id.into(),
        about: s.about.into(),
        accepted: s.kind.to_string(),
        choices,
        default: s.default.into(),
    }
}
