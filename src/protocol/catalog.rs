//! What there is to choose.

use crate::space::Config;
use serde::{Deserialize, Serialize};

/// Everything there is to choose, for menus and forms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Strategies.
    pub strategies: Vec<CatalogEntry>,
    /// Models, with what they can tune.
    pub models: Vec<CatalogEntry>,
    /// Steps that prepare data for a model, with what they can tune.
    pub steps: Vec<CatalogEntry>,
    /// Data sets.
    pub datasets: Vec<CatalogEntry>,
    /// Test functions.
    pub functions: Vec<CatalogEntry>,
    /// Metrics.
    pub metrics: Vec<CatalogEntry>,
    /// Acquisition functions.
    pub acquisitions: Vec<CatalogEntry>,
    /// Rules that stop a strategy before its trials are used.
    #[serde(default)]
    pub stopping: Vec<CatalogEntry>,
    /// Pictures.
    pub plots: Vec<CatalogEntry>,
    /// Presets; `text` holds the study text.
    pub presets: Vec<CatalogEntry>,
}

/// One thing to choose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogEntry {
    /// Name in the study text.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// One paragraph.
    pub about: String,
    /// Formula, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// Paper or source, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paper: String,
    /// Settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<CatalogSetting>,
    /// A model's parameters, as domains in the study text's notation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(String, String)>,
    /// The values that these have where they are not searched, in the same order; empty where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<String>,
    /// What a model takes beyond its parameters, each with what it accepts in words: searched only where a study names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<(String, String)>,
    /// A test function's optimum, of the parameters as they stand here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimum: Option<Optimum>,
    /// A preset's study text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Where a test function is smallest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimum {
    /// Its value there.
    pub value: f64,
    /// Every configuration that has it.
    pub at: Vec<Config>,
}

/// One setting of an entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogSetting {
    /// Name in the study text.
    pub id: String,
    /// What it does and why its default is what it is.
    pub about: String,
    /// What is accepted, in words.
    pub accepted: String,
    /// The words to choose from, if it is a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Default.
    pub default: String,
}
