"""Reference values for forests, trees, metrics: python forest.py > forest.json (needs scikit-learn)."""
import json
import numpy as np
import sklearn
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import (accuracy_score, balanced_accuracy_score, brier_score_loss, f1_score, log_loss,
                             roc_auc_score)
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.tree import DecisionTreeClassifier

x, y = load_iris(return_X_y=True)
# In whole tenths. scikit-learn rounds values to float32, and a value midway between two others then falls to the side that its rounding
# error says, in all trees alike: on Iris in centimetres that alone moves the log loss by 5 %. Whole numbers have no such error.
x = np.round(10 * x)
out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}}

# Mean 5-fold accuracy and log loss of 50 trees on the training part of Iris, over 30 seeds of split, folds and forest.
for name, stratify in (("plain", None), ("stratified", y)):
    scores = {"accuracy": [], "neg_log_loss": []}
    for seed in range(30):
        xt, _, yt, _ = train_test_split(x, y, test_size=0.2, random_state=seed, stratify=stratify)
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        for metric in scores:
            forest = RandomForestClassifier(n_estimators=50, min_samples_leaf=2, random_state=seed)
            scores[metric].append(cross_val_score(forest, xt, yt, cv=folds, scoring=metric).mean())
    out["iris " + name] = {m: [float(np.mean(s)), float(np.std(s, ddof=1) / len(s) ** 0.5)] for m, s in scores.items()}

# Single trees on data without ties between features or splits: continuous noise, all features, no bootstrap.
rng = np.random.default_rng(7)
tx = rng.normal(size=(200, 4)).round(6)
ty = ((tx[:, 0] + tx[:, 1] * tx[:, 2] > 0).astype(int) + (tx[:, 3] > 0.5)).astype(int)
qx = rng.normal(size=(100, 4)).round(6)
trees = []
for criterion in ("gini", "entropy"):
    for depth, split, leaf in ((None, 2, 5), (3, 2, 1), (5, 20, 3), (2, 2, 1)):
        # One answer for every order of the features, or it is a tie and proves nothing.
        fits = [DecisionTreeClassifier(criterion=criterion, max_depth=depth, min_samples_split=split, min_samples_leaf=leaf,
                                       random_state=s).fit(tx, ty).predict_proba(qx) for s in range(20)]
        untied = np.all([np.allclose(f, fits[0]) for f in fits])
        trees.append({"criterion": criterion, "max_depth": depth, "min_samples_split": split, "min_samples_leaf": leaf,
                      "untied": bool(untied), "probabilities": fits[0].round(12).tolist()})
out["trees"] = {"x": tx.tolist(), "y": ty.tolist(), "query": qx.tolist(), "fits": trees}

p = rng.dirichlet([1, 1, 1], size=20)
p[0] = [1, 0, 0]
p[1] = [0, 1, 0]
labels = rng.integers(0, 3, 20)
labels[0], labels[1] = 1, 1
z = 1.959963984540054
def wilson(k, n):
    s, z2 = k / n, z * z / n
    h = z * ((s * (1 - s) + z2 / 4) / n) ** 0.5
    return [(s + z2 / 2 - h) / (1 + z2), (s + z2 / 2 + h) / (1 + z2)]
correct = int((p.argmax(1) == labels).sum())
out["metrics"] = {"p": p.tolist(), "y": labels.tolist(), "accuracy": accuracy_score(labels, p.argmax(1)),
                  "logloss": log_loss(labels, p, labels=[0, 1, 2]), "wilson": wilson(correct, 20),
                  "balanced": balanced_accuracy_score(labels, p.argmax(1)),
                  "f1": f1_score(labels, p.argmax(1), average="macro"),
                  "auc": roc_auc_score(labels, p, multi_class="ovr"),
                  "brier": brier_score_loss(labels, p, labels=[0, 1, 2])}
print(json.dumps(out))
