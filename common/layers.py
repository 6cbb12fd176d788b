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
    `Sequential.forward`.
    """

    parameters = ()

    def forward(self, x):
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, dout):
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def output_shape(self, shape):
        """One sample's output shape, given its input shape; raises ValueError if that does not fit."""
        return shape

    def __repr__(self):
        return f"{type(self).__name__}()"


class Affine(Layer):
    """u = xW + b.

    x: (N, n_in), W: (n_in, n_out), b: (n_out,), u: (N, n_out). W is drawn from N(0, std²) with
    std = init(n_in, n_out); b starts at 0. rng: np.random.Generator.
    """

    parameters = ("W", "b")

    def __init__(self, n_in, n_out, init=he, *, rng, dtype=np.float64):
        self.W = (init(n_in, n_out) * rng.standard_normal((n_in, n_out))).astype(dtype)
        self.b = np.zeros(n_out, dtype)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)  # b was added to every sample of the batch
        return dout @ self.W.T

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


class Flatten(Layer):
    """(N, C, H, W) → (N, C·H·W): one row per sample, in the order of memory."""

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), math.prod(x.shape[1:]))  # −1 would not do for an empty batch

    def backward(self, dout):
        return dout.reshape(self.shape)

    def output_shape(self, shape):
        return (math.prod(shape),)


def batch_shape(shape):
    """The shape of a batch as text: (64,) → '(N, 64)'."""
    return f"(N, {', '.join(map(str, shape))})" if shape else "(N,)"
