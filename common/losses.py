"""Losses as objects: from the last pre-activation u and the target d to one number, and back to ∂E/∂u.

The output function (identity, sigmoid, softmax) belongs to the loss, because only together are they exact and
is their gradient simply (y − d)/N. The network ends with u; `output(u)` gives y.
"""

import numpy as np

from common.functions import (
    check_binary,
    check_classes,
    check_target,
    identity,
    log_softmax,
    sigmoid,
    softmax,
)


class Loss:
    """`forward(u, d)` → E, the mean over the batch; `backward()` → ∂E/∂u, shape (N, K); `output(u)` → y."""

    def backward(self):
        return (self.y - self.d) / len(self.y)

    def accuracy(self, u, d):
        """The share of correct decisions; None where there is nothing to decide (regression)."""
        return None

    def __repr__(self):
        return f"{type(self).__name__}()"


class SquaredError(Loss):
    """y = u, E = 1/(2N) Σₙ Σⱼ (yₙⱼ − dₙⱼ)². u and d: (N, K)."""

    def output(self, u):
        return identity(u)

    def forward(self, u, d):
        self.y, self.d = check_target(u, d)
        return np.sum((self.y - self.d) ** 2) / (2 * len(self.y))


class SigmoidCrossEntropy(Loss):
    """y = σ(u), E = −1/N Σₙ (dₙ log yₙ + (1 − dₙ) log(1 − yₙ)). u: (N, 1); d: 0 or 1, shape (N, 1)."""

    def output(self, u):
        return sigmoid(u)

    def forward(self, u, d):
        u, self.d = check_binary(u, d)
        self.y = sigmoid(u)
        return np.sum(self.d * np.logaddexp(0, -u) + (1 - self.d) * np.logaddexp(0, u)) / len(u)

    def accuracy(self, u, d):
        u, d = check_binary(u, d)
        return np.mean((u > 0) == (d > 0.5))


class SoftmaxCrossEntropy(Loss):
    """y = softmax(u), E = −1/N Σₙ Σₖ dₙₖ log yₙₖ. u: (N, K), K ≥ 2; d: labels (N,) or one-hot (N, K)."""

    def output(self, u):
        return softmax(u)

    def forward(self, u, d):
        u, self.d = check_classes(u, d)
        log_y = log_softmax(u)
        self.y = np.exp(log_y)
        return -np.sum(self.d * log_y) / len(u)

    def accuracy(self, u, d):
        u, d = check_classes(u, d)
        return np.mean(u.argmax(axis=1) == d.argmax(axis=1))
