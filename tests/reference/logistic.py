"""Reference values for logistic regression: python logistic.py > logistic.json (needs scikit-learn).

Row i is validated in fold i mod 5. Solved far beyond scikit-learn's default tolerance: what is compared is the minimum.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_iris, load_wine
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "cases": []}
for name, load in (("iris", load_iris), ("wine", load_wine)):
    x, y = load(return_X_y=True)
    for two in (False, True):
        # Two classes: the middle one against the others.
        labels = (y == 1).astype(int) if two else y
        for strength, weight, intercept in ((0.001, None, True), (0.1, "balanced", True), (1.0, None, True), (1.0, "balanced", False),
                                            (10.0, "balanced", True), (100.0, None, True), (1000.0, None, False)):
            p = np.zeros((len(y), labels.max() + 1))
            for fold in range(5):
                held = np.arange(len(y)) % 5 == fold
                model = LogisticRegression(C=strength, class_weight=weight, fit_intercept=intercept, solver="newton-cholesky",
                                           tol=1e-12, max_iter=10000)
                p[held] = model.fit(x[~held], labels[~held]).predict_proba(x[held])
            out["cases"].append({"data": name, "two": two, "C": strength, "balanced": weight is not None, "intercept": intercept,
                                 "accuracy": float(np.mean(p.argmax(1) == labels)), "p": p[::6].round(9).tolist()})
print(json.dumps(out))
