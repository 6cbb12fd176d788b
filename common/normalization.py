"""Layers that normalise: they keep the numbers inside a network at a scale that learns well."""

import numpy as np

from common.layers import Layer, batch_shape


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε): every feature gets mean 0 and variance 1 over the batch.

    x: (N, D), or (N, C, H, W), where a feature is a channel and the batch is all its N·H·W numbers. γ and β,
    (D,) or (C,), are trained. Training normalises with the batch's own mean and (biased) variance and keeps
    running ones for inference:

        running ← momentum · running + (1 − momentum) · batch,

    from mean 0 and variance 1 on, with the unbiased variance (divided by n − 1). PyTorch's momentum is
    1 − ours. Raises ValueError for one number per feature in training: its variance is 0, whatever it is.

    Ioffe and Szegedy, Batch normalization (2015).
    """

    parameters = ("gamma", "beta")
    statistics = ("running_mean", "running_var")
    training = True

    def __init__(self, n_features, momentum=0.9, eps=1e-5, dtype=np.float64):
        self.momentum, self.eps = momentum, eps
        self.gamma, self.beta = np.ones(n_features, dtype), np.zeros(n_features, dtype)
        self.running_mean, self.running_var = np.zeros(n_features, dtype), np.ones(n_features, dtype)

    def forward(self, x):
        x = np.moveaxis(x, 1, -1)  # (N, H, W, C): features last, where NumPy broadcasts γ and β
        mean, var = self._mean_and_var(x)
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean) / self.std
        return np.moveaxis(self.gamma * self.x_hat + self.beta, -1, 1)

    def _mean_and_var(self, x):
        if not self.training:
            return self.running_mean, self.running_var
        n, batch = x.size // len(self.gamma), tuple(range(x.ndim - 1))
        if n < 2:
            raise ValueError(
                f"{self} cannot train on one number per feature: x has {n} sample; "
                "choose a batch size that leaves no batch of one"
            )
        mean, var = x.mean(axis=batch), x.var(axis=batch)
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var * n / (n - 1)
        return mean, var

    def backward(self, dout):
        dout = np.moveaxis(dout, 1, -1)
        batch = tuple(range(dout.ndim - 1))
        self.dgamma = (dout * self.x_hat).sum(axis=batch)
        self.dbeta = dout.sum(axis=batch)
        dx = dout
        if self.training:  # x also moved the batch's mean and variance
            n = dout.size // len(self.gamma)
            dx = dout - self.dbeta / n - self.x_hat * self.dgamma / n
        return np.moveaxis(dx * self.gamma / self.std, -1, 1)

    def output_shape(self, shape):
        if not shape or shape[0] != len(self.gamma):
            raise ValueError(f"{self} takes x of shape (N, {len(self.gamma)}, …), got {batch_shape(shape)}")
        return shape

    def __repr__(self):
        return f"BatchNorm({len(self.gamma)})"


class LocalResponseNorm(Layer):
    """z_c = x_c / s_c^β with s_c = k + α Σ x²: the sum over channel c and its neighbours, n channels in all.

    A pixel that is bright in one channel damps the same pixel in the channels beside it; at the edges the sum
    has fewer terms. x: (N, C, H, W). α is the factor of the sum, as AlexNet writes it (PyTorch divides it by n).
    n: odd.

    Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks (2012).
    """

    def __init__(self, n=5, k=2.0, alpha=1e-4, beta=0.75):
        if n % 2 == 0 or n < 1:
            raise ValueError(f"n must be odd, a channel and as many neighbours on either side, got {n}")
        self.n, self.k, self.alpha, self.beta = n, k, alpha, beta

    def forward(self, x):
        self.x = x
        self.s = self.k + self.alpha * self._sum_of_neighbours(x**2)
        self.power = self.s**-self.beta
        return x * self.power

    def backward(self, dout):
        through_s = self._sum_of_neighbours(dout * self.x * self.power / self.s)
        return dout * self.power - 2 * self.alpha * self.beta * self.x * through_s

    def _sum_of_neighbours(self, a):
        total = a.copy(order="K")
        for i in range(1, self.n // 2 + 1):
            total[:, i:] += a[:, :-i]
            total[:, :-i] += a[:, i:]
        return total

    def output_shape(self, shape):
        if len(shape) != 3:
            raise ValueError(f"{self} takes images (N, C, H, W), got {batch_shape(shape)}")
        return shape

    def __repr__(self):
        return f"LocalResponseNorm({self.n})"
