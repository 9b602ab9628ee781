"""Reference values for the multilayer perceptron: python mlp.py > mlp.json (needs scikit-learn).

Row i is validated in fold i mod 5, over 8 seeds; features are standardized over all rows. scikit-learn divides its penalty by the
batch, so its alpha is the weight decay times the batch; in the last batch of an epoch, which is smaller, its penalty is larger.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_iris, load_wine
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
SEEDS = 8
CONFIGS = [
    {"hidden_units": 64, "hidden_layers": 1, "learning_rate": 0.003, "batch_size": 32, "epochs": 40},
    {"hidden_units": 16, "hidden_layers": 1, "learning_rate": 0.003, "batch_size": 32, "epochs": 20},
    {"hidden_units": 16, "hidden_layers": 2, "learning_rate": 0.01, "batch_size": 16, "epochs": 20},
    {"hidden_units": 32, "hidden_layers": 1, "learning_rate": 0.001, "batch_size": 16, "epochs": 20, "activation": "tanh"},
    {"hidden_units": 32, "hidden_layers": 2, "learning_rate": 0.003, "batch_size": 32, "epochs": 20, "activation": "tanh"},
    {"hidden_units": 32, "hidden_layers": 1, "learning_rate": 0.01, "batch_size": 32, "epochs": 30, "activation": "logistic"},
    {"hidden_units": 8, "hidden_layers": 1, "learning_rate": 0.1, "batch_size": 16, "epochs": 10, "solver": "sgd"},
    {"hidden_units": 32, "hidden_layers": 1, "learning_rate": 0.03, "batch_size": 32, "epochs": 20, "solver": "sgd", "momentum": 0.5},
    {"hidden_units": 32, "hidden_layers": 1, "learning_rate": 0.1, "batch_size": 64, "epochs": 20, "solver": "sgd", "momentum": 0.0},
    {"hidden_units": 32, "hidden_layers": 1, "learning_rate": 0.01, "batch_size": 32, "epochs": 30, "weight_decay": 0.03},
    {"hidden_units": 4, "hidden_layers": 1, "learning_rate": 0.0003, "batch_size": 64, "epochs": 60, "momentum": 0.5},
    {"hidden_units": 32, "hidden_layers": 3, "learning_rate": 0.003, "batch_size": 64, "epochs": 20, "weight_decay": 0.01},
]


def model(c, seed):
    solver, momentum = c.get("solver", "adam"), c.get("momentum", 0.9)
    return MLPClassifier((c["hidden_units"],) * c["hidden_layers"], activation=c.get("activation", "relu"), solver=solver,
                         alpha=c.get("weight_decay", 1e-5) * c["batch_size"], batch_size=c["batch_size"],
                         learning_rate_init=c["learning_rate"], max_iter=c["epochs"], momentum=momentum,
                         beta_1=momentum if solver == "adam" else 0.9, tol=0.0, n_iter_no_change=10**6, random_state=seed)


out = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "cases": []}
for name, load in (("iris", load_iris), ("wine", load_wine)):
    x, y = load(return_X_y=True)
    x = (x - x.mean(0)) / x.std(0)
    for config in CONFIGS:
        accuracy, loss = [], []
        for seed in range(SEEDS):
            p = np.zeros((len(y), 3))
            for fold in range(5):
                held = np.arange(len(y)) % 5 == fold
                p[held] = model(config, seed).fit(x[~held], y[~held]).predict_proba(x[held])
            accuracy.append(np.mean(p.argmax(1) == y))
            loss.append(np.mean(-np.log(np.clip(p[np.arange(len(y)), y], 2.2e-16, 1))))
        values = lambda v: [float(np.mean(v)), float(np.std(v, ddof=1))]
        out["cases"].append({"data": name, "config": config, "accuracy": values(accuracy), "logloss": values(loss)})
print(json.dumps(out))
