"""Reference values for the Gaussian process and the normal tails: run with scikit-learn and mpmath, writes gp.json beside itself.

Inputs come from a fixed generator; outputs are a smooth function plus fixed ripples. The categorical column is one-hot encoded with
1/sqrt(2) for scikit-learn, so that its squared distance is the Hamming distance.
"""
import json
import pathlib

import mpmath
import numpy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, RationalQuadratic, WhiteKernel

rng = numpy.random.default_rng(20)


KERNELS = {
    "matern12": lambda scales: Matern(length_scale=scales, nu=0.5),
    "matern32": lambda scales: Matern(length_scale=scales, nu=1.5),
    "matern52": lambda scales: Matern(length_scale=scales, nu=2.5),
    "rbf": lambda scales: RBF(length_scale=scales),
    # scikit-learn's has one lengthscale for all axes, and its alpha is not searched here.
    "rq": lambda scales: RationalQuadratic(length_scale=scales[0], alpha=1.0, alpha_bounds="fixed"),
}


def case(n, categories, lengthscales, amplitude, noise, kernel_name="matern52"):
    d = len(lengthscales)
    x = rng.uniform(size=(n, d)).round(6)
    at = rng.uniform(size=(12, d)).round(6)
    if categories:
        x[:, -1] = rng.integers(categories, size=n)
        at[:, -1] = rng.integers(categories, size=12)
    y = (numpy.sin(5 * x[:, 0]) + (x ** 2).sum(1) * 0.3 + 0.1 * numpy.cos(40 * x[:, 0])).round(6)

    def encode(p):
        if not categories:
            return p
        hot = numpy.eye(categories)[p[:, -1].astype(int)] / numpy.sqrt(2)
        return numpy.hstack([p[:, :-1], hot])

    scales = list(lengthscales[:-1]) + [lengthscales[-1]] * (categories or 1)
    kernel = ConstantKernel(amplitude) * KERNELS[kernel_name](scales)
    # The noise as alpha, so that predicted standard deviations are the function's own.
    gp = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None).fit(encode(x), y)
    mean, sd = gp.predict(encode(at), return_std=True)
    noisy = GaussianProcessRegressor(kernel + WhiteKernel(noise), alpha=0.0, optimizer=None).fit(encode(x), y)
    value, gradient = noisy.log_marginal_likelihood(noisy.kernel_.theta, eval_gradient=True)
    # theta: ln amplitude, ln lengthscales, ln noise; here: lengthscales, amplitude, noise.
    lengths = gradient[1:-1]
    if categories:
        lengths = numpy.append(lengths[: d - 1], lengths[d - 1:].sum())
    return {
        "kernel": kernel_name,
        "categorical_last": bool(categories),
        "lengthscales": list(lengthscales), "amplitude": amplitude, "noise": noise,
        "x": x.tolist(), "y": y.tolist(), "at": at.tolist(),
        "mean": mean.tolist(), "sd": sd.tolist(),
        "log_marginal_likelihood": float(value),
        "gradient": [float(g) for g in [*lengths, gradient[0], gradient[-1]]],
    }


mpmath.mp.dps = 60


def tails(z):
    z = mpmath.mpf(z)
    phi = mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
    cdf = mpmath.erfc(-z / mpmath.sqrt(2)) / 2
    h = phi + z * cdf
    if z < -20:  # cancellation: 60 digits suffice up to here, more beyond
        with mpmath.workdps(400):
            # erfc underflows nowhere in mpmath, but subtraction needs digits
            zz = mpmath.mpf(z)
            phi = mpmath.exp(-zz * zz / 2) / mpmath.sqrt(2 * mpmath.pi)
            cdf = mpmath.erfc(-zz / mpmath.sqrt(2)) / 2
            h = phi + zz * cdf
            return [float(z), float(mpmath.log(h)), float(cdf / h), float(mpmath.log(cdf))]
    return [float(z), float(mpmath.log(h)), float(cdf / h), float(mpmath.log(cdf))]


points = [-1e5, -1e3, -300, -60, -38.5, -25, -10.5, -10, -9.9, -6, -4, -2.5, -2.0, -1.999, -1, -0.5, 0, 0.5, 1, 2, 5, 9, 30]
erfcx = [[x, float(mpmath.exp(mpmath.mpf(x) ** 2) * mpmath.erfc(x))] for x in [0, 0.3, 1, 1.4, 1.42, 2, 5, 7.5, 20]]
result = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "mpmath": mpmath.__version__},
    "cases": [
        case(12, 0, [0.4], 1.0, 1e-2),
        case(30, 0, [0.3, 0.9, 2.0], 1.7, 1e-3),
        case(25, 3, [0.5, 0.8, 1.3], 0.6, 1e-2),
        case(20, 0, [0.4, 1.1], 1.2, 1e-2, "matern12"),
        case(20, 0, [0.4, 1.1], 1.2, 1e-2, "matern32"),
        case(20, 0, [0.4, 1.1], 1.2, 1e-2, "rbf"),
        case(20, 0, [0.6], 1.2, 1e-2, "rq"),
    ],
    "tails_columns": ["z", "log_h", "log_h_slope", "log_cdf"],
    "tails": [tails(z) for z in points],
    "erfcx": erfcx,
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
