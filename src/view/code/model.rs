//! The model at the end.

use super::{Own, Python, literal};
use crate::space::Value;

/// The model `id`. `None` if there is no such model.
pub(super) fn write(python: &mut Python, id: &str, own: &Own) -> Option<()> {
    match id {
        "forest" => same(python, "sklearn.ensemble", "RandomForestClassifier", own),
        "extra" => same(python, "sklearn.ensemble", "ExtraTreesClassifier", own),
        "tree" => same(python, "sklearn.tree", "DecisionTreeClassifier", own),
        "knn" => same(python, "sklearn.neighbors", "KNeighborsClassifier", own),
        "naive_bayes" => same(python, "sklearn.naive_bayes", "GaussianNB", own),
        "boosting" => boosting(python, own),
        "mlp" => mlp(python, own),
        "logistic" => logistic(python, own),
        "svm" => svm(python, own),
        _ => return None,
    }
    Some(())
}

/// A class whose settings have the names and meanings that they have here.
fn same(python: &mut Python, module: &str, class: &str, own: &Own) {
    python.call(module, class, &arguments(own, &[]));
}

/// All settings but some.
fn arguments(own: &Own, without: &[&str]) -> Vec<String> {
    let kept = own.0.iter().filter(|(name, _)| !without.contains(&name.as_str()));
    kept.map(|(name, value)| format!("{name}={}", argument(name, value)))
        .collect()
}

fn argument(name: &str, value: &Value) -> String {
    match value {
        // All features, where 1 is a single one.
        Value::Float(1.0) if name == "max_features" => "1.0".into(),
        value => literal(value, true),
    }
}

fn boosting(python: &mut Python, own: &Own) {
    let of = |name| own.get(name).and_then(Value::number);
    if let Some(share) = of("subsample").filter(|share| *share < 1.0) {
        python.note(format!(
            "subsample={share} has no equivalent: here every tree sees all rows."
        ));
    }
    let mut all = arguments(own, &["subsample", "max_features"]);
    if let Some(share) = of("max_features") {
        all.push(format!("max_features={share:?}"));
    }
    python.call("sklearn.ensemble", "HistGradientBoostingClassifier", &all);
}

fn mlp(python: &mut Python, own: &Own) {
    let (batch, epochs) = (own.or("batch_size", "32"), own.or("epochs", "60"));
    let momentum = own.or("momentum", "0.9");
    if let Some(dropout) = own.get("dropout").and_then(Value::number).filter(|d| *d > 0.0) {
        python.note(format!(
            "dropout={dropout} has no equivalent: here no unit is ever left out."
        ));
    }
    if let Some(schedule) = own.get("schedule").filter(|s| s.to_string() != "constant") {
        python.note(format!(
            "The {schedule} schedule has no equivalent: here the learning rate stays what it is."
        ));
    }
    python.note("alpha is divided by the rows of a batch, so the weight decay is multiplied by them. It ends after max_iter epochs, as the study did, and warns of that.");
    let sgd = own.is("solver", "sgd");
    python.call(
        "sklearn.neural_network",
        "MLPClassifier",
        &[
            format!(
                "hidden_layer_sizes=({},) * {}",
                own.or("hidden_units", "64"),
                own.or("hidden_layers", "1")
            ),
            format!("activation={}", own.or("activation", "\"relu\"")),
            format!("solver={}", own.or("solver", "\"adam\"")),
            format!("learning_rate_init={}", own.or("learning_rate", "0.003")),
            format!("alpha={} * {batch}", own.or("weight_decay", "1e-5")),
            format!("batch_size={batch}"),
            format!("{}={momentum}", if sgd { "momentum" } else { "beta_1" }),
            format!("max_iter={epochs}"),
            format!("n_iter_no_change={epochs}"),
        ],
    );
}

fn logistic(python: &mut Python, own: &Own) {
    let group = |(name, _): &&(String, Value)| name.strip_prefix("C_").and_then(|g| g.parse::<usize>().ok());
    let groups = own.0.iter().filter_map(|pair| group(&pair)).max().unwrap_or(0);
    let mut all = arguments(own, &["C"]);
    all.retain(|argument| !argument.starts_with("C_"));
    let strength = own.or("C", "1.0");
    if groups == 0 {
        all.insert(0, format!("C={strength}"));
    } else {
        let of = |group: usize| own.or(&format!("C_{group}"), &strength);
        let strengths: Vec<String> = (1..=groups).map(of).collect();
        python.imports.push("import numpy as np".into());
        python.before = format!(
            r#"
# The C of each group of features, of equally many in their order. Columns times the root of theirs, and C=1, are penalized alike.
strengths = np.array([{}])


def by_group(X):
    X = np.asarray(X)
    features = X.shape[1]
    return X * np.sqrt(strengths[np.arange(features) * len(strengths) // features])

"#,
            strengths.join(", ")
        );
        python.call("sklearn.preprocessing", "FunctionTransformer", &["by_group".into()]);
        all.insert(0, "C=1.0".into());
    }
    // The study's own solver goes on for so long.
    all.push("max_iter=2000".into());
    python.call("sklearn.linear_model", "LogisticRegression", &all);
}

fn svm(python: &mut Python, own: &Own) {
    let svc = format!("SVC({})", arguments(own, &["probability"]).join(", "));
    python.import("sklearn.svm", "SVC");
    if own.is("probability", "false") {
        return python.steps.push(svc);
    }
    python.note(
        "Probabilities by Platt's method, as in the study; SVC alone is enough where classes are all that is wanted.",
    );
    python.call(
        "sklearn.calibration",
        "CalibratedClassifierCV",
        &[svc, "ensemble=False".into()],
    );
}
