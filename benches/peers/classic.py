"""The classic job by scikit-learn, on all cores; prints seconds. classic.py grid|random"""

import sys
import time

from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, train_test_split

SPACE = {
    "n_estimators": [10, 50, 100, 200],
    "max_depth": [None, 10, 20, 30],
    "min_samples_split": [2, 5, 10],
    "min_samples_leaf": [1, 2, 4],
}

what = sys.argv[1]
x, y = load_iris(return_X_y=True)
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=42)
forest = RandomForestClassifier(random_state=42)
search = GridSearchCV(forest, SPACE, cv=5, n_jobs=-1)
if what == "random":
    search = RandomizedSearchCV(forest, SPACE, n_iter=100, cv=5, n_jobs=-1, random_state=42)
start = time.perf_counter()
search.fit(x, y)
print(time.perf_counter() - start)
