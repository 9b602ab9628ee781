"""The rows of src/dataset/wine.rs: python wine.py (needs scikit-learn, which carries the UCI wine data)."""
import numpy as np
from sklearn.datasets import load_wine

x, y = load_wine(return_X_y=True)
decimals = []
for column in x.T:
    decimals.append(next(d for d in range(4) if np.allclose(column * 10**d, np.round(column * 10**d), atol=1e-9)))
whole = np.round(x * 10.0 ** np.array(decimals)).astype(int)
assert whole.max() < 65536 and (np.diff(y) >= 0).all()
print("decimals", decimals, "rows of each class", np.bincount(y).tolist(), "sums", x.sum(0).round(6).tolist())
for row in whole:
    print("    " + ", ".join(map(str, row)) + ",")
