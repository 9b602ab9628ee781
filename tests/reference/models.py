"""Reference values for models on seven data sets: python models.py (needs scikit-learn), writes models.json beside itself. Cases that
are stored already by the same versions on the same data are kept; delete the file to have all made anew.

Row i is validated in fold i mod 5. Values are whole numbers: distances between them are exact, so that ties are ties everywhere, and
scikit-learn's rounding to float32 in trees changes nothing. Machines that want small numbers divide by `unit`. Categories and gaps, -1,
are encoded inside each fold, as src/model/step/encode.rs does.
"""
import json
import pathlib
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


def penguins():
    """The rows that pack.py wrote, bill, flipper and weight in units of 0.1 mm, 1 mm and 25 g; then island and sex."""
    data = (pathlib.Path(__file__).parents[2] / "src/dataset/packed/penguins.bin").read_bytes() + bytes(8)
    state = {"at": 4, "range": 2**32 - 1, "code": int.from_bytes(data[:4], "big")}
    estimates = {}

    def above(bound, rest):
        bit = state["code"] >= bound
        state["code"] -= bound if bit else 0
        state["range"] = rest if bit else bound
        while state["range"] < 2**24:
            state["range"] <<= 8
            state["code"] = (state["code"] << 8 | data[state["at"]]) % 2**32
            state["at"] += 1
        return int(bit)

    def number(context, modelled, plain):
        node = 1
        for _ in range(modelled):
            e = estimates.setdefault((context, node), [2048, 2048])
            bound = (state["range"] >> 12) * ((e[0] + e[1]) >> 1)
            bit = above(bound, state["range"] - bound)
            for i, rate in enumerate((4, 7)):
                e[i] = e[i] - (e[i] >> rate) if bit else e[i] + ((4096 - e[i]) >> rate)
            node = 2 * node + bit
        value = node - 2**modelled
        for _ in range(plain):
            value = 2 * value + above(state["range"] >> 1, state["range"] >> 1)
        return value

    rows = [[number(0, 2, 0), number(1, 2, 0), number(2, 2, 0) - 1] + [number(3 + f, 6, 4) or -1 for f in range(4)] for _ in range(344)]
    rows = np.array(rows)
    assert np.bincount(rows[:, 0]).tolist() == [152, 68, 124] and (rows == -1).sum() == 19
    return rows[:, [3, 4, 5, 6, 1, 2]].astype(float), rows[:, 0]


# Levels of a category, or 0, and whether there are gaps.
PENGUINS = [(0, True)] * 4 + [(3, False), (2, True)]


def encoded(train, x, unit):
    """Numbers in units with the training rows' median in gaps and a mark of them, categories as zeros and ones."""
    if x.shape[1] != len(PENGUINS):
        return x / unit
    columns = []
    for f, (levels, gaps) in enumerate(PENGUINS):
        missing = x[:, f] == -1
        if levels == 0:
            known = train[train[:, f] != -1, f] / unit
            columns.append(np.where(missing, np.median(known), x[:, f] / unit))
        else:
            columns += [x[:, f] == level for level in (range(levels) if levels > 2 else [1])]
        columns += [missing] if gaps else []
    return np.column_stack(columns).astype(float)


# So many rows of the penguins that batches can all be of one size.
some = np.arange(344) % 8 != 7
peng_x, peng_y = (v[some][:300] for v in penguins())
MORE = {"cancer": (np.round(100 * cells[:500]), cancer.target[:500], 100), "moons": (np.round(100 * moons_x), moons_y, 100),
        "digits": (digits.data[:500], digits.target[:500], 16), "penguins": (peng_x, peng_y, 50)}


def validated(make, x, y, unit=1):
    """Probabilities of every row by the model that has not seen it."""
    p = np.zeros((len(y), y.max() + 1))
    votes = np.zeros(len(y), int)
    for fold in range(5):
        out = np.arange(len(y)) % 5 == fold
        train, rest = encoded(x[~out], x[~out], unit), encoded(x[~out], x[out], unit)
        model = make().fit(train, y[~out])
        votes[out] = model.predict(rest)
        p[out] = model.predict_proba(rest) if hasattr(model, "predict_proba") else np.eye(y.max() + 1)[votes[out]]
    return p, votes


def untied(k, metric, x, y):
    """Rows whose k nearest neighbours are no matter of choice."""
    fine = np.zeros(len(y), bool)
    for fold in range(5):
        out = np.arange(len(y)) % 5 == fold
        train, rest = encoded(x[~out], x[~out], 1), encoded(x[~out], x[out], 1)
        d, _ = NearestNeighbors(n_neighbors=k + 1, metric=metric, algorithm="brute").fit(train).kneighbors(rest)
        fine[out] = d[:, k] > d[:, k - 1]
    return fine


def text(votes, fine=None):
    return "".join(str(v) if fine is None or fine[i] else "." for i, v in enumerate(votes))


def knn(config, x, y, unit):
    make = lambda: KNeighborsClassifier(algorithm="brute", **config)
    p, votes = validated(make, x, y)
    fine = untied(config["n_neighbors"], config["metric"], x, y)
    # Of rows without ties among the distances: the loss of certainty that is wrong, too.
    return {"votes": text(votes, fine), "p": p[::9].round(12).tolist(),
            "logloss": log_loss(y[fine], p[fine], labels=range(y.max() + 1))}


def naive_bayes(config, x, y, unit):
    p, votes = validated(lambda: GaussianNB(**config), x, y, unit)
    return {"votes": text(votes), "p": p[::9].tolist()}


def svm(config, x, y, unit):
    _, votes = validated(lambda: SVC(**config), x, y, unit)
    p, _ = validated(lambda: SVC(probability=True, random_state=0, **config), x, y, unit)
    return {"votes": text(votes), "logloss": log_loss(y, p)}


def over_seeds(make, seeds, x, y, unit=1):
    runs = [validated(lambda: make(seed), x, y, unit) for seed in range(seeds)]
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
    p, votes = validated(lambda: LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=10000, **config), x, y, unit)
    return {"votes": text(votes), "p": p[::9].round(9).tolist()}


class TwoOutputs(MLPClassifier):
    """Of two classes theirs has one output; ours has one a class, which is another network with another penalty."""

    def _validate_input(self, *args, **kwargs):
        x, y = super()._validate_input(*args, **kwargs)
        if y.shape[1] == 1:
            y = np.hstack([~y, y])
            self._label_binarizer.y_type_ = "multiclass"
        return x, y


def mlp(config, x, y, unit):
    c = {"solver": "adam", "weight_decay": 0.0, **config}
    # scikit-learn divides its penalty by the rows of a batch. Here every batch has as many, so that the two penalties are the same.
    assert len(y) % 5 == 0 and len(y) * 4 // 5 % c["batch_size"] == 0
    return over_seeds(lambda seed: TwoOutputs(
        (c["hidden_units"],) * c.get("hidden_layers", 1), activation=c.get("activation", "relu"), solver=c["solver"],
        alpha=c["weight_decay"] * c["batch_size"], batch_size=c["batch_size"], learning_rate_init=c["learning_rate"],
        max_iter=c["epochs"], tol=0.0, n_iter_no_change=10**6, random_state=seed), 6, x, y, unit)[1]


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
OTHERS = ["cancer", "moons", "digits", "penguins"]
# On the other sets; on the largest the first few where a fit takes long.
FEW = {
    knn: product(n_neighbors=[1, 5, 8, 15], weights=["uniform", "distance"], metric=["euclidean", "manhattan", "chebyshev"])[::2],
    naive_bayes: CONFIGS[naive_bayes],
    svm: product(kernel=["rbf"], C=[0.3, 10.0], gamma=["scale", 0.1])
    + [dict(kernel="linear", C=0.1), dict(kernel="poly", C=1.0, degree=2, coef0=1.0, gamma="scale"), dict(kernel="linear", C=10.0),
       dict(kernel="poly", C=0.3, degree=3, coef0=1.0, gamma=0.1), dict(kernel="rbf", C=1.0, gamma="auto", class_weight="balanced"),
       dict(kernel="linear", C=0.01, class_weight="balanced"), dict(kernel="rbf", C=100.0, gamma=0.01),
       dict(kernel="rbf", C=1.0, gamma=1.0)],
    tree: CONFIGS[tree],
    forest: [TREES[0], TREES[3], TREES[5], dict(max_features=None, max_depth=4)] + [c for i, c in enumerate(CONFIGS[forest]) if i not in
                                                                                    (0, 3, 5, 7)],
    extra: [TREES[0], TREES[3], TREES[5], dict(bootstrap=True, max_depth=6)] + [c for i, c in enumerate(CONFIGS[extra]) if i not in
                                                                                (0, 3, 5, 8)],
    boosting: [dict(max_iter=n, learning_rate=r, max_leaf_nodes=v, min_samples_leaf=m, l2_regularization=l)
               for n, r, v, m, l in ((50, 0.1, 31, 20, 0.0), (50, 0.1, 4, 20, 0.0), (20, 0.5, 8, 10, 1.0), (50, 0.1, 31, 5, 5.0))]
    + [CONFIGS[boosting][i] for i in (2, 5, 6, 7, 8, 9, 10, 11)],
}
SLOW = {svm: 6, forest: 6, extra: 6, boosting: 4, mlp: 5}
LINEAR = [dict(C=c, class_weight=w, fit_intercept=i) for c, w, i in (
    (0.001, None, True), (0.1, "balanced", True), (1.0, None, True), (10.0, "balanced", False), (100.0, None, True), (0.01, None, False),
    (0.01, "balanced", True), (0.3, None, True), (3.0, "balanced", True), (10.0, None, True), (30.0, None, False),
    (1000.0, "balanced", True))]
NETWORKS = [
    {"hidden_units": 32, "learning_rate": 0.01, "batch_size": 40, "epochs": 20, "weight_decay": 0.03},
    {"hidden_units": 16, "learning_rate": 0.01, "batch_size": 20, "epochs": 15, "weight_decay": 0.3},
    {"hidden_units": 16, "hidden_layers": 2, "learning_rate": 0.003, "batch_size": 20, "epochs": 15, "weight_decay": 0.01,
     "activation": "tanh"},
    {"hidden_units": 32, "learning_rate": 0.1, "batch_size": 40, "epochs": 15, "weight_decay": 0.1, "solver": "sgd"},
    {"hidden_units": 32, "learning_rate": 0.003, "batch_size": 40, "epochs": 20},
    {"hidden_units": 8, "learning_rate": 0.03, "batch_size": 40, "epochs": 10},
    {"hidden_units": 32, "hidden_layers": 2, "learning_rate": 0.003, "batch_size": 40, "epochs": 12},
    {"hidden_units": 16, "learning_rate": 0.01, "batch_size": 40, "epochs": 15, "activation": "logistic"},
    {"hidden_units": 16, "learning_rate": 0.01, "batch_size": 20, "epochs": 10, "activation": "tanh", "weight_decay": 0.1},
    {"hidden_units": 16, "learning_rate": 0.03, "batch_size": 20, "epochs": 12, "solver": "sgd"},
    {"hidden_units": 4, "learning_rate": 0.01, "batch_size": 20, "epochs": 15, "weight_decay": 0.01},
    {"hidden_units": 16, "hidden_layers": 3, "learning_rate": 0.003, "batch_size": 40, "epochs": 12, "weight_decay": 0.03},
]
# Where batches can all be of one size; wine is compared in mlp.py.
EVEN = ["iris", "cube", "cancer", "moons", "digits", "penguins"]


def cases():
    """Model, data set and configuration of every case."""
    for run, configs in CONFIGS.items():
        yield from ((run, name, config) for config in configs for name in DATA)
    # Pixels have few values, so that many splits are equally good; weights that are no whole numbers break such ties by their rounding.
    tied = lambda run, name, config: run is tree and name == "digits" and config.get("class_weight")
    # Without smoothing, pixels and words that never change in a class divide by nothing.
    undefined = lambda run, name, config: run is naive_bayes and name in ("digits", "penguins") and not config["var_smoothing"]
    for run, configs in FEW.items():
        for name in OTHERS:
            yield from ((run, name, config) for config in configs[:SLOW.get(run) if name == "digits" else None]
                        if not tied(run, name, config) and not undefined(run, name, config))
    for config in LINEAR:
        yield from ((logistic, name, config) for name in [*DATA, *OTHERS])
    for name in EVEN:
        yield from ((mlp, name, config) for config in NETWORKS[:SLOW[mlp] if name == "digits" else None])


out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "data": {}, "models": {}}
for name, (x, y, unit) in {**DATA, **MORE}.items():
    out["data"][name] = {"x": x.astype(int).tolist(), "y": y.tolist(), "unit": unit}
path = pathlib.Path(__file__).with_suffix(".json")
old = json.loads(path.read_text()) if path.exists() else {}
stored = {}
if old.get("versions") == out["versions"]:
    for model, made in old["models"].items():
        stored |= {(model, c["data"], json.dumps(c["config"])): c for c in made if old["data"][c["data"]] == out["data"][c["data"]]}
for run, name, config in cases():
    case = stored.get((run.__name__, name, json.dumps(config)))
    if case is None:
        case = {"data": name, "config": config, **run(config, *{**DATA, **MORE}[name])}
    out["models"].setdefault(run.__name__, []).append(case)
path.write_text(json.dumps(out, separators=(",", ":"), allow_nan=False) + "\n")
