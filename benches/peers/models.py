"""Milliseconds of one fit by scikit-learn, the quickest of several, for the lines of benches/models.rs: models.py MODEL."""

import os
import sys
import time
import warnings

# Before OpenMP is loaded: one thread, as ours.
os.environ["OMP_NUM_THREADS"] = "1"

from sklearn.datasets import load_iris, make_classification
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
MODELS = {
    "forest": lambda: RandomForestClassifier(100, random_state=1),
    "extra": lambda: ExtraTreesClassifier(100, random_state=1),
    "tree": lambda: DecisionTreeClassifier(random_state=1),
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=100, early_stopping=False),
    "mlp": lambda: MLPClassifier((64,), batch_size=32, max_iter=200, tol=0.0, n_iter_no_change=10**6, random_state=1),
    "logistic": lambda: LogisticRegression(),
    "svm": lambda: SVC(),
    "knn": lambda: KNeighborsClassifier(5),
    "naive_bayes": lambda: GaussianNB(),
}


def milliseconds(job):
    times = []
    while len(times) < 3 or sum(times) < 0.5:
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


x, y = load_iris(return_X_y=True)
kept = [i for i in range(150) if i % 5 != 4]
cube_x, cube_y = make_classification(1000, 20, n_informative=2, n_redundant=10, random_state=42)
for name, x, y in (("iris 120 x 4", x[kept], y[kept]), ("hypercube 800 x 20", cube_x[:800], cube_y[:800])):
    make = MODELS[sys.argv[1]]
    if sys.argv[1] == "knn":
        # What takes time is the prediction.
        fitted = make().fit(x, y)
        job = lambda: fitted.predict_proba(x)
    else:
        job = lambda: make().fit(x, y)
    print(f"{sys.argv[1]:<12} {name:<19} {milliseconds(job):>9.3f} ms by scikit-learn")
