//! The catalog: everything there is to choose, from the registries.

use super::PRESETS;
use crate::acquisition::ACQUISITIONS;
use crate::dataset::{DATASETS, METRICS};
use crate::model::{MODELS, STEPS};
use crate::objective::function::FUNCTIONS;
use crate::protocol::{Catalog, CatalogEntry, CatalogSetting};
use crate::registry::{Entry, Setting, SettingKind};
use crate::space::Space;
use crate::strategy::STRATEGIES;
use crate::strategy::stopping::STOPPING;

/// The catalog of this build. `plots` are described by whoever draws.
pub fn catalog() -> Catalog {
    let models = MODELS.iter().map(|e| tuned(e, (e.build.space)()));
    let steps = STEPS.iter().map(|e| tuned(e, (e.build.space)()));
    let functions = FUNCTIONS.iter().map(|e| {
        let domain = |(name, low, high): &(&str, f64, f64)| {
            (name.to_string(), crate::space::Domain::float(*low, *high).to_string())
        };
        CatalogEntry {
            params: e.build.domain.iter().map(domain).collect(),
            ..entry(e)
        }
    });
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

/// An entry that is tuned, with its parameters.
fn tuned<B>(e: &Entry<B>, space: Space) -> CatalogEntry {
    let params = space.params().iter();
    CatalogEntry {
        params: params.map(|p| (p.name.clone(), p.domain.to_string())).collect(),
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
