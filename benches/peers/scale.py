"""Seconds of the processor for one fit by scikit-learn on 1,000 to 100,000 rows x 20, one thread, for the lines of benches/scale.rs: scale.py MODEL."""

import os
import sys
import time

# Before OpenMP is loaded.
os.environ["OMP_NUM_THREADS"] = "1"

from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

MODELS = {
    "forest": lambda: RandomForestClassifier(100, random_state=1),
    "tree": lambda: DecisionTreeClassifier(random_state=1),
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=100, early_stopping=False),
}

for rows in (1_000, 3_000, 10_000, 30_000, 100_000):
    x, y = make_classification(rows, 20, n_informative=2, n_redundant=10, random_state=42)
    # The quickest of a few short fits: the first one of all loads what it needs.
    times = []
    while sum(times) < 0.5 and len(times) < 5:
        start = time.process_time()
        MODELS[sys.argv[1]]().fit(x, y)
        times.append(time.process_time() - start)
    print(f"{sys.argv[1]:<10} {rows:>7} rows {min(times):>10.4f} s by scikit-learn", flush=True)
