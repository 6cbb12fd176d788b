"""The tables of day2/03: bad starts, learning rates and wrong labels, with and without batch normalisation."""

import numpy as np

from common.datasets import load_digits, noisy_labels
from common.experiments import compare
from common.initializers import constant, he, xavier
from common.layers import Affine, ReLU, Sigmoid
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.normalization import BatchNorm
from common.optimizers import SGD
from common.trainer import Trainer, accuracy

RATES = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
GROUPS = [100, 20, 10, 5]
SIZES = [64, 100, 100, 100, 100, 100]


class GroupedBatchNorm(BatchNorm):
    """Batch norm whose mean and variance in training come from groups of `size` samples, not from the whole batch."""

    def __init__(self, n_features, size):
        super().__init__(n_features)
        self.size = size

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        outputs, self.kept = [], []
        for group in np.split(x, len(x) // self.size):
            outputs.append(super().forward(group))
            self.kept.append((self.x_hat, self.std))
        return np.concatenate(outputs)

    def backward(self, dout):
        dx, dgamma, dbeta = [], 0, 0
        for group, (x_hat, std) in zip(np.split(dout, len(self.kept)), self.kept, strict=True):
            self.x_hat, self.std = x_hat, std
            dx.append(super().backward(group))
            dgamma, dbeta = dgamma + self.dgamma, dbeta + self.dbeta
        self.dgamma, self.dbeta = dgamma, dbeta
        return np.concatenate(dx)


def deep(activation, init, norm, rng, place="before"):
    """Five hidden layers of 100; norm: a function n_features → layer, or None."""
    layers = []
    for n_in, n_out in zip(SIZES, SIZES[1:], strict=False):
        hidden = [activation()]
        if norm:
            hidden.insert(0 if place == "before" else 1, norm(n_out))
        layers += [Affine(n_in, n_out, init, rng=rng), *hidden]
    return Sequential(*layers, Affine(SIZES[-1], 10, init, rng=rng))


def from_start(rngs, activation, init, place):
    train, _, test = load_digits(rng=rngs.data)
    network = deep(activation, init, BatchNorm if place else None, rngs.weights, place)
    history = Trainer(network, SoftmaxCrossEntropy(), SGD(0.1), rng=rngs.order).fit(*train, epochs=30, batch_size=100)
    curve = history["train_accuracy"]
    return {"curve": curve, "train": curve[-1], "test": accuracy(network, *test)}


def at_rate(rngs, norm, lr):
    train, validation, _ = load_digits(rng=rngs.data)
    network = deep(ReLU, he, norm, rngs.weights)
    Trainer(network, SoftmaxCrossEntropy(), SGD(lr), rng=rngs.order).fit(*train, epochs=20, batch_size=100)
    if accuracy(network, *train) < 0.5:  # where such a run ends depends on the last bit of the first step
        raise FloatingPointError("it has come to nothing")
    return {"validation": accuracy(network, *validation)}


def with_labels(rngs, group, n, wrong, lr, epochs):
    (x, d), _, test = load_digits(rng=rngs.data)
    x, d = x[:n], noisy_labels(d[:n], wrong, rng=rngs.data, K=10)
    norm = (lambda n_features: GroupedBatchNorm(n_features, group)) if group else None
    network = deep(ReLU, he, norm, rngs.weights)
    Trainer(network, SoftmaxCrossEntropy(), SGD(lr), rng=rngs.order).fit(x, d, epochs=epochs, batch_size=100)
    return {"train": accuracy(network, x, d), "test": accuracy(network, *test)}


def compute():
    start_points = {"sigmoid/0.01": (Sigmoid, constant(0.01)), "sigmoid/Xavier": (Sigmoid, xavier),
                    "ReLU/0.01": (ReLU, constant(0.01)), "ReLU/He": (ReLU, he)}  # fmt: skip
    places = {"none": None, "before": "before", "after": "after"}
    starts = {
        f"{start}/{place}": {"activation": activation, "init": init, "place": places[place]}
        for start, (activation, init) in start_points.items()
        for place in places
    }
    rates = {
        f"rate/{name}/{lr}": {"norm": norm, "lr": lr}
        for name, norm in (("none", None), ("batch norm", BatchNorm))
        for lr in RATES
    }
    noisy = {"n": 300, "wrong": 0.2, "lr": 0.03, "epochs": 100}
    clean = {"n": 1000, "wrong": 0, "lr": 0.1, "epochs": 30}
    labels = {f"noisy/{group}": {"group": group, **noisy} for group in (None, *GROUPS)}
    labels |= {"noisy/None, 3 times as long": {"group": None, **noisy, "epochs": 300}}
    labels |= {f"clean/{group}": {"group": group, **clean} for group in (None, 100)}
    results = compare(from_start, starts, seeds=range(5), jobs=1).arrays()
    results |= compare(at_rate, rates, seeds=range(5), jobs=1).arrays()
    results |= compare(with_labels, labels, seeds=range(10), jobs=1).arrays()
    return {"rates": np.array(RATES), "groups": np.array(GROUPS)} | results
