"""Layers: each knows its forward formula and how to pass a gradient back through it.

A layer's parameters are plain attributes (`W`); `backward` leaves their gradients beside them, with a d in
front (`dW`).
"""

import math

import numpy as np

from common.functions import relu, sigmoid, tanh
from common.initializers import he


class Layer:
    """What every layer has: `forward(x)`, `backward(dout)`, and the names of its parameters.

    backward takes dout = ∂E/∂(output) and returns dx = ∂E/∂(input), which has the shape of the input; it
    never writes into dout. A layer that works differently in training has an attribute `training`, set by
    `Sequential.forward`; by itself it starts in training mode. `statistics` names the arrays that a layer
    measures: saved with the parameters, but not trained. Where `needs_dx` is False, nobody wants dx: a layer may
    return None instead (the first layer in training, see `Sequential.backward`).
    """

    parameters = ()
    statistics = ()
    needs_dx = True

    def forward(self, x):
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, dout):
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def output_shape(self, shape):
        """One sample's output shape, given its input shape; raises ValueError if that does not fit."""
        return shape

    def multiply_adds(self, shape):
        """How many products one sample of this shape costs going forward: only those of matrix products count."""
        return 0

    def __repr__(self):
        return f"{type(self).__name__}()"


class Affine(Layer):
    """u = xW + b.

    x: (N, n_in), W: (n_in, n_out), b: (n_out,), u: (N, n_out). W is drawn from N(0, std²) with
    std = init(n_in, n_out); b starts at 0. rng: np.random.Generator.
    """

    parameters = ("W", "b")

    def __init__(self, n_in, n_out, init=he, *, rng, dtype=np.float64):
        self.W = rng.normal(0, init(n_in, n_out), (n_in, n_out)).astype(dtype, copy=False)
        self.b = np.zeros(n_out, dtype)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)  # b was added to every sample of the batch
        return dout @ self.W.T if self.needs_dx else None

    def output_shape(self, shape):
        n_in, n_out = self.W.shape
        if shape != (n_in,):
            remedy = ""
            if not shape:
                remedy = ": one sample is x[None, :]"
            elif math.prod(shape) == n_in:
                remedy = ": put Flatten() before it"
            raise ValueError(f"{self} takes x of shape (N, {n_in}), got {batch_shape(shape)}{remedy}")
        return (n_out,)

    def multiply_adds(self, shape):
        return self.W.size

    def __repr__(self):
        return f"Affine({self.W.shape[0]}, {self.W.shape[1]})"


class ReLU(Layer):
    """z = max(u, 0), dz/du = 1 where u > 0. Any shape."""

    def forward(self, u):
        self.positive = u > 0
        return relu(u)

    def backward(self, dout):
        return dout * self.positive


class Sigmoid(Layer):
    """z = 1 / (1 + e⁻ᵘ), dz/du = z (1 − z). Any shape."""

    def forward(self, u):
        self.z = sigmoid(u)
        return self.z

    def backward(self, dout):
        return dout * self.z * (1 - self.z)


class Tanh(Layer):
    """z = tanh(u), dz/du = 1 − z². Any shape."""

    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z**2)


class Dropout(Layer):
    """Training: z = x · kept / (1 − rate), each number kept with probability 1 − rate. Inference: z = x.

    Dividing by 1 − rate leaves the expected value as it is ("inverted" dropout), so that inference has nothing
    to do. Any shape. rng: np.random.Generator. Raises ValueError unless 0 ≤ rate < 1.

    Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting (2014).
    """

    training = True

    def __init__(self, rate, *, rng):
        if not 0 <= rate < 1:
            raise ValueError(f"rate is the share that is dropped, from 0 to below 1, got {rate}")
        self.rate, self.rng = rate, rng

    def forward(self, x):
        if not self.training:
            return x
        self.kept = np.empty_like(x, dtype=bool)  # in memory as x is
        self.kept[...] = self.rng.random(x.shape) >= self.rate
        return x * self.kept / (1 - self.rate)

    def backward(self, dout):
        return dout * self.kept / (1 - self.rate) if self.training else dout

    def __repr__(self):
        return f"Dropout({self.rate})"


class Flatten(Layer):
    """(N, C, H, W) → (N, C·H·W): one row per sample.

    After a convolution the batch lies innermost in memory (see convolution.py). It stays there, in both
    directions: the result is the transpose of (C·H·W, N), and nothing is copied.
    """

    def forward(self, x):
        self.shape, self.batch_innermost = x.shape, not x.flags.c_contiguous
        N, n = len(x), math.prod(x.shape[1:])  # −1 would not do for an empty batch
        return np.moveaxis(x, 0, -1).reshape(n, N).T if self.batch_innermost else x.reshape(N, n)

    def backward(self, dout):
        N, *rest = self.shape
        return np.moveaxis(dout.T.reshape(*rest, N), -1, 0) if self.batch_innermost else dout.reshape(self.shape)

    def output_shape(self, shape):
        return (math.prod(shape),)


def batch_shape(shape):
    """The shape of a batch as text: (64,) → '(N, 64)'."""
    return f"(N, {', '.join(map(str, shape))})" if shape else "(N,)"
