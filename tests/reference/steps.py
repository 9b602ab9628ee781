"""Reference values for the steps before a model: python steps.py > steps.json (needs scikit-learn)."""
import json
import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.feature_selection import f_classif
from sklearn.metrics import mutual_info_score
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, RobustScaler, StandardScaler

rng = np.random.default_rng(5)
# Features of several scales, one of them constant, one nearly a copy of another, one with an outlier.
x = rng.normal(size=(60, 7)) * [1, 10, 0.01, 1000, 1, 1, 1] + [0, 5, 1, -300, 0, 0, 0]
x[:, 4] = 0.1
x[:, 5] = x[:, 0] * 2 + 0.01 * x[:, 5]
x[3, 6] = 50
x = x.round(6)
y = ((x[:, 0] > 0).astype(int) + (x[:, 3] > 100)).astype(int)
train, other = x[:45], x[45:]
out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "x": x.tolist(), "y": y.tolist(), "train": 45}
steps = [
    ("scale", {"method": "standard"}, StandardScaler()),
    ("scale", {"method": "minmax"}, MinMaxScaler()),
    ("scale", {"method": "robust"}, RobustScaler()),
    ("polynomial", {"degree": 2, "interactions": False}, PolynomialFeatures(2, include_bias=False)),
    ("polynomial", {"degree": 2, "interactions": True}, PolynomialFeatures(2, interaction_only=True, include_bias=False)),
    ("pca", {"components": 3}, PCA(3)),
    ("pca", {"components": 0.9999}, PCA(0.9999)),
    ("pca", {"components": 0.5}, PCA(0.5)),
]
cases = []
for step, config, theirs in steps:
    theirs.fit(train)
    cases.append({"step": step, "config": config, "train": theirs.transform(train).tolist(), "other": theirs.transform(other).tolist()})
out["cases"] = cases
f, _ = f_classif(train, y[:45])
out["anova"] = [None if np.isnan(v) else float(v) for v in f]
out["mutual"] = [float(mutual_info_score(y[:45], np.searchsorted(np.quantile(c, np.arange(1, 10) / 10), c))) for c in train.T]
print(json.dumps(out))
