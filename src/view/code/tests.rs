//! What is written of a configuration.

use super::*;

/// The code of a configuration, `a=1,b=none`, of the study with this model and preparation.
fn code(model: &str, prep: &str, config: &str) -> String {
    let text = StudyText::parse(&format!("data=iris&model={model}&prep={prep}")).0;
    scikit_learn(&text, false, &read(config)).expect("code")
}

fn read(config: &str) -> Config {
    let pairs = config.split(',').filter_map(|pair| pair.split_once('='));
    Config(
        pairs
            .map(|(name, value)| (name.to_string(), Value::parse(value)))
            .collect(),
    )
}

#[test]
fn a_model_alone_is_a_call() {
    let config = read("max_depth=none,n_estimators=40,criterion=gini");
    assert_eq!(
        json(&config),
        r#"{"max_depth": null, "n_estimators": 40, "criterion": "gini"}"#
    );
    let text = StudyText::parse("data=iris&model=forest").0;
    assert_eq!(
        scikit_learn(&text, false, &config).as_deref(),
        Some(
            "from sklearn.ensemble import RandomForestClassifier\n\n\
             model = RandomForestClassifier(max_depth=None, n_estimators=40, criterion=\"gini\")\n"
        )
    );
    // A share is no number of features.
    assert!(code("forest", "none", "max_features=1.0").contains("max_features=1.0)"));
    assert!(code("forest", "none", "max_features=1").contains("max_features=1)"));
    let none = StudyText::parse("fn=branin").0;
    assert_eq!(scikit_learn(&none, false, &config), None);
}

#[test]
fn steps_stand_before_the_model_in_their_order_with_what_is_fixed() {
    assert_eq!(
        code(
            "knn",
            "scale,select,pca",
            "n_neighbors=7,scale.method=minmax,select.k=0.2578,select.score=anova,pca.components=0.95"
        ),
        "from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectPercentile
from sklearn.feature_selection import f_classif
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

# SelectPercentile rounds otherwise: it may keep one feature more or fewer than the study did.
model = make_pipeline(
    MinMaxScaler(),
    SelectPercentile(f_classif, percentile=25.78),
    PCA(n_components=0.95),
    KNeighborsClassifier(n_neighbors=7),
)
"
    );
    let fixed = code(
        "tree(max_depth:3)",
        "scale(method:robust),select(k:2,score:mutual),polynomial(interactions:true)",
        "",
    );
    for line in [
        "    RobustScaler(),\n    SelectKBest(mutual_info_classif, k=2),\n",
        "    PolynomialFeatures(degree=2, include_bias=False, interaction_only=True),\n    DecisionTreeClassifier(max_depth=3),\n",
    ] {
        assert!(fixed.contains(line), "{fixed}");
    }
    // What changes nothing is left out, as a step's defaults are written out.
    let config = "pca.components=none,select.k=1,polynomial.degree=1";
    let plain = code(
        "naive_bayes",
        "scale(method:none),pca,select,polynomial",
        &config.replace("k=1", "k=1.0"),
    );
    assert!(
        plain.ends_with("model = GaussianNB()\n") && !plain.contains("pipeline"),
        "{plain}"
    );
    let whole = code("naive_bayes", "scale,pca", "");
    assert!(
        whole.contains("StandardScaler(),\n    PCA(n_components=0.95),"),
        "{whole}"
    );
}

#[test]
fn of_several_models_the_chosen_one_is_written() {
    let config = "model=svm,svm.C=2,svm.kernel=rbf,scale.method=standard";
    let text = code("forest,svm(class_weight:balanced),knn", "scale", config);
    assert!(
        text.contains("CalibratedClassifierCV(SVC(class_weight=\"balanced\", C=2, kernel=\"rbf\"), ensemble=False)"),
        "{text}"
    );
    assert!(
        text.contains("    StandardScaler(),\n") && !text.contains("Forest"),
        "{text}"
    );
}

#[test]
fn what_scikit_learn_does_otherwise_is_said() {
    let net = code(
        "mlp(epochs:27,schedule:cosine)",
        "none",
        "learning_rate=0.01,batch_size=16,hidden_units=8,hidden_layers=2,dropout=0.25,weight_decay=1e-4,epochs=27",
    );
    assert!(
        net.contains("# dropout=0.25 has no equivalent") && net.contains("# The cosine schedule has no equivalent"),
        "{net}"
    );
    assert!(
        net.contains("MLPClassifier(hidden_layer_sizes=(8,) * 2, activation=\"relu\", solver=\"adam\", learning_rate_init=0.01, alpha=0.0001 * 16, batch_size=16, beta_1=0.9, max_iter=27, n_iter_no_change=27)"),
        "{net}"
    );
    let sgd = code("mlp(solver:sgd)", "none", "dropout=0");
    assert!(sgd.contains("momentum=0.9") && !sgd.contains("no equivalent"), "{sgd}");
    let boosted = code("boosting(max_features:1)", "none", "max_iter=20,subsample=0.7");
    assert!(boosted.contains("# subsample=0.7 has no equivalent"), "{boosted}");
    assert!(
        boosted.contains("HistGradientBoostingClassifier(max_iter=20, max_features=1.0)"),
        "{boosted}"
    );
    let groups = code("logistic", "scale", "C_1=0.5,C_3=2,class_weight=none");
    assert!(groups.starts_with("import numpy as np\nfrom "), "{groups}");
    assert!(groups.contains("strengths = np.array([0.5, 1.0, 2])"), "{groups}");
    assert!(
        groups.ends_with(
            "    StandardScaler(),\n    FunctionTransformer(by_group),\n    LogisticRegression(C=1.0, class_weight=None, max_iter=2000),\n)\n"
        ),
        "{groups}"
    );
}

#[test]
fn a_table_with_gaps_or_categories_is_encoded_first() {
    let text = StudyText::parse("data=penguins&model=knn&prep=scale").0;
    let code = scikit_learn(&text, true, &Config::default()).expect("code");
    let place = |what: &str| code.find(what).unwrap_or_else(|| panic!("no {what} in {code}"));
    assert!(place("SimpleImputer(strategy=\"median\"") < place("OneHotEncoder(drop"));
    assert!(place("OneHotEncoder(drop") < place("    StandardScaler(),"));
}
