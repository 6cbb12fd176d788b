"""Optimizers: from gradients to better parameters, in place."""

from types import SimpleNamespace

import numpy as np


class Optimizer:
    """Calls `step(w, g, s)` for every parameter w with gradient g; an optimizer is its step.

    `memory` names the arrays that the formula remembers from step to step: s.v, … start at 0, one set per
    parameter. `t` counts the updates. One optimizer belongs to one network.
    """

    memory = ()

    def __init__(self, lr=0.01):
        self.lr = lr
        self.t = 0
        self.state = {}

    def update(self, params, grads):
        """Change every array of params in place. Raises ValueError where a gradient has another shape."""
        self.t += 1
        for name, w in params.items():
            if grads[name].shape != w.shape:
                raise ValueError(f"{name} has shape {w.shape}, its gradient {grads[name].shape}")
            if name not in self.state:
                self.state[name] = SimpleNamespace(**{slot: np.zeros_like(w) for slot in self.memory})
            self.step(w, grads[name], self.state[name])

    def step(self, w, g, s):
        raise NotImplementedError(f"{type(self).__name__}.step")


class SGD(Optimizer):
    """w ← w − lr · g. Robbins and Monro (1951)."""

    def step(self, w, g, s):
        w -= self.lr * g
