"""Median milliseconds of one suggestion by other optimizers, for the lines of benches/ask.rs about one strategy: asks.py STRATEGY.

The trials before are random, of the same function; then suggestions follow, each told.
"""

import statistics
import sys
import time

import egobox
import numpy
import optuna

DIMENSIONS = 4
TRIALS = {"bayes": (50, 100, 200, 400), "tpe": (50, 100, 200, 400, 1000), "smac": ()}
optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(x):
    return float(((x - 0.3) ** 2).sum() + 0.1 * numpy.sin(9 * x[0]))


def timed(asked, suggest):
    """The median over so many suggestions; the first one brings in what is loaded late."""
    times = []
    for _ in range(asked + 1):
        start = time.perf_counter()
        suggest()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[1:])


def with_egobox(x):
    # It takes no history over: every suggestion is made from all points, with a process fitted from nothing.
    points, values = list(x), [[objective(p)] for p in x]
    optimizer = egobox.Egor([[0.0, 1.0]] * DIMENSIONS, seed=1)

    def suggest():
        there = optimizer.suggest(numpy.array(points), numpy.array(values))[0]
        points.append(there)
        values.append([objective(there)])

    return timed(3, suggest)


def with_optuna_tpe(x):
    names = [f"x{i}" for i in range(DIMENSIONS)]
    space = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in names}
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1, multivariate=True))
    for p in x:
        study.add_trial(optuna.create_trial(params=dict(zip(names, map(float, p))), distributions=space, value=objective(p)))

    def suggest():
        trial = study.ask(space)
        study.tell(trial, objective(numpy.array([trial.params[name] for name in names])))

    return timed(20, suggest)


OPTIMIZERS = {"bayes": [("egobox", with_egobox)], "tpe": [("Optuna TPE", with_optuna_tpe)], "smac": []}
strategy = sys.argv[1]
for trials in TRIALS[strategy]:
    x = numpy.random.default_rng(2).random((trials, DIMENSIONS))
    for name, suggestion in OPTIMIZERS[strategy]:
        print(f"{strategy:<12} {trials:>4} trials, {suggestion(x):>9.3f} ms by {name}")
