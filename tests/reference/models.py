"""Reference values for models on six data sets: python models.py > models.json (needs scikit-learn).

Row i is validated in fold i mod 5. Values are whole numbers: distances between them are exact, so that ties are ties everywhere, and
scikit-learn's rounding to float32 in trees changes nothing. Machines that want small numbers divide by `unit`.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine, make_classification, make_moons
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
iris, wine, cancer, digits = load_iris(), load_wine(), load_breast_cancer(), load_digits()
cube_x, cube_y = make_classification(400, 10, n_informative=4, n_redundant=2, n_classes=3, n_clusters_per_class=1, flip_y=0.05,
                                     random_state=7)
moons_x, moons_y = make_moons(300, noise=0.25, random_state=7)
standard = (wine.data - wine.data.mean(0)) / wine.data.std(0)
cells = (cancer.data - cancer.data.mean(0)) / cancer.data.std(0)
DATA = {"iris": (np.round(10 * iris.data), iris.target, 10), "wine": (np.round(100 * standard), wine.target, 100),
        "cube": (np.round(100 * cube_x), cube_y, 100)}
# With a handful of configurations each.
MORE = {"cancer": (np.round(100 * cells[:500]), cancer.target[:500], 100), "moons": (np.round(100 * moons_x), moons_y, 100),
        "digits": (digits.data[:500], digits.target[:500], 16)}


def validated(make, x, y):
    """Probabilities of every row by the model that has not seen it."""
    p = np.zeros((len(y), y.max() + 1))
    votes = np.zeros(len(y), int)
    for fold in range(5):
        out = np.arange(len(y)) % 5 == fold
        model = make().fit(x[~out], y[~out])
        votes[out] = model.predict(x[out])
        p[out] = model.predict_proba(x[out]) if hasattr(model, "predict_proba") else np.eye(y.max() + 1)[votes[out]]
    return p, votes


def untied(k, metric, x, y):
    """Rows whose k nearest neighbours are no matter of choice."""
    fine = np.zeros(len(y), bool)
    for fold in range(5):
        out = np.arange(len(y)) % 5 == fold
        d, _ = NearestNeighbors(n_neighbors=k + 1, metric=metric, algorithm="brute").fit(x[~out]).kneighbors(x[out])
        fine[out] = d[:, k] > d[:, k - 1]
    return fine


def text(votes, fine=None):
    return "".join(str(v) if fine is None or fine[i] else "." for i, v in enumerate(votes))


def knn(config, x, y, unit):
    make = lambda: KNeighborsClassifier(algorithm="brute", **config)
    p, votes = validated(make, x, y)
    fine = untied(config["n_neighbors"], config["metric"], x, y)
    return {"votes": text(votes, fine), "p": p[::9].round(12).tolist()}


def naive_bayes(config, x, y, unit):
    p, votes = validated(lambda: GaussianNB(**config), x / unit, y)
    return {"votes": text(votes), "p": p[::9].tolist()}


def svm(config, x, y, unit):
    _, votes = validated(lambda: SVC(**config), x / unit, y)
    p, _ = validated(lambda: SVC(probability=True, random_state=0, **config), x / unit, y)
    return {"votes": text(votes), "logloss": log_loss(y, p)}


def over_seeds(make, seeds, x, y):
    runs = [validated(lambda: make(seed), x, y) for seed in range(seeds)]
    accuracy = [np.mean(v == y) for _, v in runs]
    loss = [log_loss(y, p) for p, _ in runs]
    error = lambda values: np.std(values, ddof=1) / len(values) ** 0.5
    return runs, {"accuracy": [np.mean(accuracy), error(accuracy)], "logloss": [np.mean(loss), error(loss)]}


def tree(config, x, y, unit):
    runs, result = over_seeds(lambda seed: DecisionTreeClassifier(random_state=seed, **config), 8, x, y)
    fine = np.all([v == runs[0][1] for _, v in runs], axis=0)
    return {"votes": text(runs[0][1], fine), **result}


def forest(config, x, y, unit):
    return over_seeds(lambda seed: RandomForestClassifier(25, random_state=seed, **config), 6, x, y)[1]


def extra(config, x, y, unit):
    return over_seeds(lambda seed: ExtraTreesClassifier(25, random_state=seed, **config), 6, x, y)[1]


def boosting(config, x, y, unit):
    p, votes = validated(lambda: HistGradientBoostingClassifier(early_stopping=False, **config), x, y)
    return {"votes": text(votes), "logloss": log_loss(y, p)}


def logistic(config, x, y, unit):
    # Solved far beyond the default tolerance: what is compared is the minimum.
    p, votes = validated(lambda: LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=10000, **config), x / unit, y)
    return {"votes": text(votes), "p": p[::9].round(9).tolist()}


def mlp(config, x, y, unit):
    c = {"solver": "adam", "weight_decay": 0.0, **config}
    # scikit-learn divides its penalty by the rows of a batch. Here every batch has as many, so that the two penalties are the same.
    assert len(y) % 5 == 0 and len(y) * 4 // 5 % c["batch_size"] == 0
    return over_seeds(lambda seed: MLPClassifier(
        (c["hidden_units"],) * c.get("hidden_layers", 1), activation=c.get("activation", "relu"), solver=c["solver"],
        alpha=c["weight_decay"] * c["batch_size"], batch_size=c["batch_size"], learning_rate_init=c["learning_rate"],
        max_iter=c["epochs"], tol=0.0, n_iter_no_change=10**6, random_state=seed), 6, x / unit, y)[1]


def product(**lists):
    configs = [{}]
    for name, values in lists.items():
        configs = [{**c, name: v} for c in configs for v in values]
    return configs


TREES = [dict(criterion=c, max_depth=d, min_samples_leaf=l, class_weight=w)
         for c, d, l, w in (("gini", None, 1, None), ("entropy", None, 1, None), ("gini", 3, 1, None), ("gini", None, 5, None),
                            ("entropy", 4, 3, None), ("gini", None, 1, "balanced"), ("gini", 3, 5, "balanced"),
                            ("entropy", 3, 2, "balanced"))]
CONFIGS = {
    knn: product(n_neighbors=[1, 4, 9], weights=["uniform", "distance"], metric=["euclidean", "manhattan", "chebyshev"]),
    naive_bayes: product(var_smoothing=[0.0, 1e-9, 1e-3, 0.1, 1.0]),
    svm: product(kernel=["rbf"], C=[0.1, 1.0, 100.0], gamma=["scale", "auto", 0.01, 1.0])
    + product(kernel=["linear"], C=[0.01, 1.0])
    + product(kernel=["poly"], C=[0.1, 1.0], gamma=["scale", 0.1], degree=[2, 3], coef0=[1.0])
    + product(kernel=["rbf", "linear"], C=[0.1], class_weight=["balanced"]),
    tree: TREES + [dict(min_samples_split=20), dict(min_samples_split=8, criterion="entropy"), dict(max_depth=1),
                   dict(max_depth=6, min_samples_leaf=2)],
    forest: TREES[:7] + [dict(max_features=None, min_samples_leaf=3), dict(bootstrap=False, max_depth=5), dict(max_features=0.5),
                         dict(min_samples_split=10), dict(max_features=1)],
    extra: TREES[:7] + [dict(max_features=None), dict(bootstrap=True), dict(max_depth=6), dict(min_samples_split=10),
                        dict(max_features=1)],
    boosting: [dict(max_iter=n, learning_rate=r, max_leaf_nodes=v, min_samples_leaf=m, l2_regularization=l, max_depth=d)
               for n, r, v, m, l, d in ((50, 0.1, 31, 20, 0.0, None), (100, 0.1, 31, 20, 0.0, None), (30, 0.3, 31, 20, 0.0, None),
                                        (50, 0.1, 4, 20, 0.0, None), (50, 0.1, 31, 5, 0.0, None), (50, 0.1, 31, 20, 5.0, None),
                                        (50, 0.1, 31, 20, 0.0, 1), (50, 0.1, 31, 20, 0.0, 3), (20, 0.5, 8, 10, 1.0, 4),
                                        (80, 0.05, 6, 30, 0.0, None), (50, 0.1, 31, 1, 10.0, 2), (10, 1.0, 3, 20, 1.0, None))],
}
FEW = {
    knn: (["cancer", "moons", "digits"], [dict(n_neighbors=k, weights=w, metric=m) for k, w, m in (
        (1, "uniform", "euclidean"), (5, "uniform", "manhattan"), (8, "distance", "euclidean"), (15, "distance", "chebyshev"))]),
    naive_bayes: (["cancer", "moons", "digits"], product(var_smoothing=[1e-9, 1e-3, 0.1])),
    svm: (["cancer", "moons", "digits"], product(kernel=["rbf"], C=[0.3, 10.0], gamma=["scale", 0.1])
          + [dict(kernel="linear", C=0.1), dict(kernel="poly", C=1.0, degree=2, coef0=1.0, gamma="scale")]),
    tree: (["cancer", "moons", "digits"], TREES),
    forest: (["cancer", "moons", "digits"], [TREES[0], TREES[3], TREES[5], dict(max_features=None, max_depth=4)]),
    extra: (["cancer", "moons", "digits"], [TREES[0], TREES[3], TREES[5], dict(bootstrap=True, max_depth=6)]),
    boosting: (["cancer", "moons", "digits"], [
        dict(max_iter=n, learning_rate=r, max_leaf_nodes=v, min_samples_leaf=m, l2_regularization=l)
        for n, r, v, m, l in ((50, 0.1, 31, 20, 0.0), (50, 0.1, 4, 20, 0.0), (20, 0.5, 8, 10, 1.0), (50, 0.1, 31, 5, 5.0))]),
    logistic: (["cancer", "moons", "digits"], [dict(C=c, class_weight=w, fit_intercept=i) for c, w, i in (
        (0.001, None, True), (0.1, "balanced", True), (1.0, None, True), (10.0, "balanced", False), (100.0, None, True))]),
    # Of two classes theirs has one output and ours has two: another network, with another penalty.
    mlp: (["iris", "cube", "digits"], [
        {"hidden_units": 32, "learning_rate": 0.01, "batch_size": 40, "epochs": 20, "weight_decay": 0.03},
        {"hidden_units": 16, "learning_rate": 0.01, "batch_size": 20, "epochs": 15, "weight_decay": 0.3},
        {"hidden_units": 16, "hidden_layers": 2, "learning_rate": 0.003, "batch_size": 20, "epochs": 15, "weight_decay": 0.01,
         "activation": "tanh"},
        {"hidden_units": 32, "learning_rate": 0.1, "batch_size": 40, "epochs": 15, "weight_decay": 0.1, "solver": "sgd"},
        {"hidden_units": 32, "learning_rate": 0.003, "batch_size": 40, "epochs": 20}]),
}

out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "data": {}, "models": {}}
for name, (x, y, unit) in {**DATA, **MORE}.items():
    out["data"][name] = {"x": x.astype(int).tolist(), "y": y.tolist(), "unit": unit}
for run, configs in CONFIGS.items():
    out["models"][run.__name__] = [{"data": name, "config": config, **run(config, *data)}
                                   for config in configs for name, data in DATA.items()]
for run, (names, configs) in FEW.items():
    # Pixels have few values, so that many splits are equally good; weights that are no whole numbers break such ties by their rounding.
    told = [(config, name) for config in configs for name in names
            if not (run is tree and name == "digits" and config["class_weight"])]
    out["models"].setdefault(run.__name__, []).extend({"data": name, "config": config, **run(config, *{**DATA, **MORE}[name])}
                                                      for config, name in told)
print(json.dumps(out, separators=(",", ":")))
