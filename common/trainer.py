"""Training: the six-step cycle, repeated over shuffled mini-batches."""

import numpy as np

from common.functions import identity
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

    regularizer: L1 or L2, or None. history: "loss" per update, what the update minimises (with the
    regularizer's); per epoch, without it, "train_loss", "train_accuracy" and, with validation data,
    "validation_loss", "validation_accuracy" (accuracies are None for regression).
    """

    def __init__(self, network, loss, optimizer, *, rng, regularizer=None):
        self.network, self.loss, self.optimizer, self.rng = network, loss, optimizer, rng
        self.regularizer = regularizer
        keys = ("loss", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
        self.history = {key: [] for key in keys}

    def train_step(self, x, d):  # 1. input
        u = self.network.forward(x, training=True)  # 2. forward
        E = self.loss.forward(u, d)  # 3. output y = f(u), 4. loss
        self.network.backward(self.loss.backward(), need_dx=False)  # 5. backward
        params, grads = self.network.params, self.network.grads
        if self.regularizer:
            E += self.regularizer.loss(params)
            self.regularizer.add_gradients(params, grads)
        self.optimizer.update(params, grads)  # 6. update
        self.history["loss"].append(E)
        return E

    def fit(self, x, d, *, epochs, batch_size, validation=None, early_stopping=None, augment=identity, progress=iter):
        """Train for some epochs (passes over the data), evaluating after each; returns the history.

        validation: a pair (x, d). early_stopping: EarlyStopping(patience=…), which watches the validation loss.
        augment: a function x → x, applied to every training batch. progress: wraps the range of epochs, as a
        progress bar does.
        """
        check_data(x, d)
        if early_stopping and validation is None:
            raise ValueError("early stopping watches the validation loss: give fit validation=(x, d)")
        for _ in progress(range(epochs)):
            for x_batch, d_batch in minibatches(x, d, batch_size, self.rng):
                self.train_step(augment(x_batch), d_batch)
            self._record("train", x, d)
            if validation is not None:
                self._record("validation", *validation)
            if early_stopping and early_stopping.stop(self.network, self.history["validation_loss"]):
                break
        if early_stopping:
            early_stopping.restore(self.network)
        return self.history

    def evaluate(self, x, d):
        """(loss, accuracy) over all of x and d, in inference mode; accuracy is None for regression."""
        check_data(x, d)
        u = self.network.predict(x)
        return self.loss.forward(u, d), self.loss.accuracy(u, d)

    def _record(self, which, x, d):
        for key, value in zip(("loss", "accuracy"), self.evaluate(x, d), strict=True):
            self.history[f"{which}_{key}"].append(value)


class EarlyStopping:
    """Stops when the validation loss has not fallen for `patience` epochs, and restores the best state.

    The best state is that with the lowest validation loss, batch norm's running statistics included; `best_epoch`
    counts from 0, as the history does. One object serves one training. Prechelt, Early stopping — but when? (1998).
    """

    def __init__(self, patience):
        self.patience = patience
        self.best_epoch = None

    def stop(self, network, losses):
        """Is it time? losses: the validation losses so far, the last one being the network's."""
        now = len(losses) - 1
        if self.best_epoch is None or losses[now] < losses[self.best_epoch]:
            self.best_epoch = now
            self.best = {name: array.copy() for name, array in network.state.items()}
        return now - self.best_epoch >= self.patience

    def restore(self, network):
        """Put the best state back, in place; before the first epoch there is none."""
        if self.best_epoch is None:
            return
        for name, array in network.state.items():
            array[...] = self.best[name]


def check_data(x, d):
    """Raise unless there is data and x and d have the same number of samples."""
    if len(x) != len(d):
        raise ValueError(f"x and d must have the same length, got shapes {np.shape(x)} and {np.shape(d)}")
    if len(x) == 0:
        raise ValueError(f"no data: x has shape {np.shape(x)}")
