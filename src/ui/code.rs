//! A configuration to take away: as text, JSON, or scikit-learn code.

use crate::space::{Config, Value};

/// The classes of scikit-learn whose parameters have the same names, by a model's id.
const CLASSES: &[(&str, &str, &str)] = &[
    ("forest", "sklearn.ensemble", "RandomForestClassifier"),
    ("extra", "sklearn.ensemble", "ExtraTreesClassifier"),
    ("tree", "sklearn.tree", "DecisionTreeClassifier"),
    ("svm", "sklearn.svm", "SVC"),
    ("logistic", "sklearn.linear_model", "LogisticRegression"),
    ("knn", "sklearn.neighbors", "KNeighborsClassifier"),
    ("naive_bayes", "sklearn.naive_bayes", "GaussianNB"),
];

/// JSON, or Python, whose words for nothing and truth differ.
fn literal(value: &Value, python: bool) -> String {
    match value.to_string().as_str() {
        "none" if python => "None".into(),
        "none" => "null".into(),
        "true" if python => "True".into(),
        "false" if python => "False".into(),
        word if value.number().is_some() || matches!(word, "true" | "false") => word.into(),
        word => format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The configuration as JSON.
pub fn json(config: &Config) -> String {
    let pair = |(name, value): &(String, Value)| format!("\"{name}\": {}", literal(value, false));
    format!("{{{}}}", config.0.iter().map(pair).collect::<Vec<_>>().join(", "))
}

/// The configuration as a call of the class that scikit-learn has for `model`, if it has one.
pub fn scikit_learn(model: &str, config: &Config) -> Option<String> {
    let (_, module, class) = CLASSES.iter().find(|c| c.0 == model)?;
    let argument = |(name, value): &(String, Value)| format!("{name}={}", literal(value, true));
    let arguments = config.0.iter().map(argument).collect::<Vec<_>>().join(", ");
    Some(format!(
        "from {module} import {class}\n\nmodel = {class}({arguments})\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_a_call() {
        let pair = |name: &str, value: Value| (name.to_string(), value);
        let config = Config(vec![
            pair("max_depth", Value::parse("none")),
            pair("n_estimators", Value::Int(40)),
            pair("criterion", Value::parse("gini")),
        ]);
        assert_eq!(
            json(&config),
            r#"{"max_depth": null, "n_estimators": 40, "criterion": "gini"}"#
        );
        let code = scikit_learn("forest", &config).unwrap_or_default();
        assert!(
            code.ends_with("model = RandomForestClassifier(max_depth=None, n_estimators=40, criterion=\"gini\")\n")
        );
        assert_eq!(scikit_learn("nothing", &config), None);
    }
}
