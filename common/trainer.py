"""Training: the six-step cycle, repeated over shuffled mini-batches."""

import numpy as np

from common.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy


def minibatches(x, d, batch_size, rng):
    """Yield (x, d) batches in a random order: every sample exactly once, the last batch may be smaller."""
    check_data(x, d)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        chosen = order[start : start + batch_size]
        yield x[chosen], d[chosen]


def accuracy(network, x, d):
    """The share of all N samples that the network classifies correctly.

    d: labels (N,) or one-hot (N, K) for K ≥ 2 outputs, 0 or 1 of shape (N, 1) for one output.
    """
    check_data(x, d)
    u = network.predict(x)
    loss = SigmoidCrossEntropy() if u.shape[1] == 1 else SoftmaxCrossEntropy()
    return loss.accuracy(u, d)


class Trainer:
    """Trains a network: `fit` for whole epochs, `train_step` for one batch. rng shuffles the batches.

    history: "loss" per update; per epoch "train_loss", "train_accuracy" and, with validation data,
    "validation_loss", "validation_accuracy" (accuracies are None for regression).
    """

    def __init__(self, network, loss, optimizer, *, rng):
        self.network, self.loss, self.optimizer, self.rng = network, loss, optimizer, rng
        keys = ("loss", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
        self.history = {key: [] for key in keys}

    def train_step(self, x, d):  # 1. input
        u = self.network.forward(x, training=True)  # 2. forward
        E = self.loss.forward(u, d)  # 3. output y = f(u), 4. loss
        self.network.backward(self.loss.backward())  # 5. backward
        self.optimizer.update(self.network.params, self.network.grads)  # 6. update
        self.history["loss"].append(E)
        return E

    def fit(self, x, d, *, epochs, batch_size, validation=None, progress=iter):
        """Train for some epochs (passes over the data), evaluating after each; returns the history.

        validation: a pair (x, d). progress: wraps the range of epochs, as a progress bar does.
        """
        check_data(x, d)
        for _ in progress(range(epochs)):
            for batch in minibatches(x, d, batch_size, self.rng):
                self.train_step(*batch)
            self._record("train", x, d)
            if validation is not None:
                self._record("validation", *validation)
        return self.history

    def evaluate(self, x, d):
        """(loss, accuracy) over all of x and d, in inference mode; accuracy is None for regression."""
        check_data(x, d)
        u = self.network.predict(x)
        return self.loss.forward(u, d), self.loss.accuracy(u, d)

    def _record(self, which, x, d):
        for key, value in zip(("loss", "accuracy"), self.evaluate(x, d), strict=True):
            self.history[f"{which}_{key}"].append(value)


def check_data(x, d):
    """Raise unless there is data and x and d have the same number of samples."""
    if len(x) != len(d):
        raise ValueError(f"x and d must have the same length, got shapes {np.shape(x)} and {np.shape(d)}")
    if len(x) == 0:
        raise ValueError(f"no data: x has shape {np.shape(x)}")
