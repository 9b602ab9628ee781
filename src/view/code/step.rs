//! What stands before a model.

use super::{Own, Python};
use crate::space::Value;

/// Categories and gaps, where the table has them.
pub(super) fn encode(python: &mut Python) {
    python.note("X is a pandas DataFrame: gaps of numbers become the median, with a column that says so; a category becomes a column a level.");
    python.import("sklearn.compose", "make_column_selector");
    python.import("sklearn.compose", "make_column_transformer");
    python.import("sklearn.impute", "SimpleImputer");
    python.import("sklearn.preprocessing", "OneHotEncoder");
    python.steps.push(
        r#"make_column_transformer(
        (SimpleImputer(strategy="median", add_indicator=True), make_column_selector(dtype_include="number")),
        (OneHotEncoder(drop="if_binary", handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
    )"#
        .into(),
    );
}

/// The step `id`, unless it changes nothing. `None` if there is no such step.
pub(super) fn write(python: &mut Python, id: &str, own: &Own) -> Option<()> {
    match id {
        "scale" => scale(python, own),
        "select" => select(python, own),
        "polynomial" => polynomial(python, own),
        "pca" => pca(python, own),
        _ => return None,
    }
    Some(())
}

fn scale(python: &mut Python, own: &Own) {
    let class = match own.get("method").map(Value::to_string).as_deref() {
        Some("none") => return,
        Some("minmax") => "MinMaxScaler",
        Some("robust") => "RobustScaler",
        _ => "StandardScaler",
    };
    python.call("sklearn.preprocessing", class, &[]);
}

/// How much is kept: a number, or a share of all.
enum Amount {
    All,
    Count(f64),
    Share(f64),
}

fn amount(own: &Own, name: &str, default: f64) -> Amount {
    match own.get(name) {
        None => Amount::Share(default),
        Some(Value::None | Value::Float(1.0)) => Amount::All,
        Some(value) => match value.number() {
            Some(share) if share < 1.0 => Amount::Share(share),
            Some(count) => Amount::Count(count),
            None => Amount::All,
        },
    }
}

fn select(python: &mut Python, own: &Own) {
    let amount = amount(own, "k", 0.5);
    if matches!(amount, Amount::All) {
        return;
    }
    let score = if own.is("score", "mutual") {
        python.note(
            "mutual_info_classif estimates the information from neighbours; the study cut features at their deciles.",
        );
        "mutual_info_classif"
    } else {
        "f_classif"
    };
    python.import("sklearn.feature_selection", score);
    let (class, kept) = match amount {
        Amount::Share(share) => {
            python.note("SelectPercentile rounds otherwise: it may keep one feature more or fewer than the study did.");
            // Times a hundred in decimals: 0.07 is 7, not 7.000000000000001.
            let percentile = format!("{:.10}", share * 100.0);
            let percentile = percentile.trim_end_matches('0').trim_end_matches('.');
            ("SelectPercentile", format!("percentile={percentile}"))
        }
        Amount::Count(k) => ("SelectKBest", format!("k={k}")),
        Amount::All => return,
    };
    python.call("sklearn.feature_selection", class, &[score.into(), kept]);
}

fn polynomial(python: &mut Python, own: &Own) {
    if own.get("degree").and_then(Value::number) == Some(1.0) {
        return;
    }
    let mut arguments = vec!["degree=2".to_string(), "include_bias=False".into()];
    if own.is("interactions", "true") {
        arguments.push("interaction_only=True".into());
    }
    python.call("sklearn.preprocessing", "PolynomialFeatures", &arguments);
}

fn pca(python: &mut Python, own: &Own) {
    let components = match amount(own, "components", 0.95) {
        Amount::All => return,
        Amount::Count(n) | Amount::Share(n) => n,
    };
    python.call("sklearn.decomposition", "PCA", &[format!("n_components={components}")]);
}
