"""Optimizers: from gradients to better parameters, in place."""

from types import SimpleNamespace

import numpy as np

BLOCK = 2**14  # numbers that are updated at a time


class Optimizer:
    """Calls `step(w, g, s)` for every parameter w with gradient g; an optimizer is its step, element by element.

    `memory` names the arrays that the formula remembers from step to step: s.v, … start at 0, one set per
    parameter. `t` counts the updates. lr: a number, or a function of t = 1, 2, … (learning-rate decay, see
    `step_decay`). One optimizer belongs to one network.
    """

    memory = ()

    def __init__(self, lr=0.01):
        self.schedule = lr if callable(lr) else None
        self.lr = lr(1) if callable(lr) else lr
        self.t = 0
        self.state = {}

    def update(self, params, grads):
        """Change every array of params in place. Raises ValueError where a gradient has another shape."""
        self.t += 1
        if self.schedule:
            self.lr = self.schedule(self.t)
        for name, w in params.items():
            if grads[name].shape != w.shape:
                raise ValueError(f"{name} has shape {w.shape}, its gradient {grads[name].shape}")
            if name not in self.state:
                self.state[name] = SimpleNamespace(**{slot: np.zeros_like(w) for slot in self.memory})
            if w.size <= BLOCK:
                self.step(w, grads[name], self.state[name])
            else:
                self._step_by_step(w, grads[name], self.state[name])

    def _step_by_step(self, w, g, s):
        """step, on a few rows at a time: its intermediate results stay in the processor's cache, which is faster."""
        rows = max(1, BLOCK * len(w) // w.size)
        for i in range(0, len(w), rows):
            few = slice(i, i + rows)
            part = SimpleNamespace(**{slot: array[few] for slot, array in vars(s).items()})
            self.step(w[few], g[few], part)
            for slot, array in vars(part).items():
                getattr(s, slot)[few] = array

    def step(self, w, g, s):
        raise NotImplementedError(f"{type(self).__name__}.step")


class SGD(Optimizer):
    """w ← w − lr · g. Robbins and Monro (1951)."""

    def step(self, w, g, s):
        w -= self.lr * g


class Momentum(Optimizer):
    """v ← momentum · v + g, w ← w − lr · v. Polyak (1964).

    v adds up the past gradients, each weighted by momentum to the power of its age.
    """

    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s):
        s.v = self.momentum * s.v + g
        w -= self.lr * s.v


class Nesterov(Momentum):
    """v ← momentum · v + g, w ← w − lr · (g + momentum · v). Nesterov (1983).

    In the form of Sutskever et al. (2013) that needs no gradient at another point, as PyTorch writes it: w is
    already where the textbook form looks ahead to.
    """

    def step(self, w, g, s):
        s.v = self.momentum * s.v + g
        w -= self.lr * (g + self.momentum * s.v)


class AdaGrad(Optimizer):
    """h ← h + g², w ← w − lr · g / (√h + ε). Duchi, Hazan and Singer (2011).

    Every parameter has its own step, which only gets smaller. The first one is lr · sign(g).
    """

    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h = s.h + g**2
        w -= self.lr * g / (np.sqrt(s.h) + self.eps)


class RMSprop(Optimizer):
    """h ← ρ · h + (1 − ρ) · g², w ← w − lr · g / (√h + ε). Hinton, lecture 6 of his course (2012).

    AdaGrad that forgets: h is a running mean of g². The first step is lr · sign(g) / √(1 − ρ).
    """

    memory = ("h",)

    def __init__(self, lr=0.01, rho=0.9, eps=1e-8):
        super().__init__(lr)
        self.rho, self.eps = rho, eps

    def step(self, w, g, s):
        s.h = self.rho * s.h + (1 - self.rho) * g**2
        w -= self.lr * g / (np.sqrt(s.h) + self.eps)


class AdaDelta(Optimizer):
    """h ← ρ · h + (1 − ρ) · g², Δ = g · √(r + ε) / √(h + ε), r ← ρ · r + (1 − ρ) · Δ², w ← w − lr · Δ.

    r is a running mean of the past steps: their size takes the place of a learning rate, and Δ has the unit
    of w. lr is PyTorch's addition; the paper's is 1. Zeiler (2012).
    """

    memory = ("h", "r")

    def __init__(self, lr=1.0, rho=0.9, eps=1e-6):
        super().__init__(lr)
        self.rho, self.eps = rho, eps

    def step(self, w, g, s):
        s.h = self.rho * s.h + (1 - self.rho) * g**2
        delta = g * np.sqrt(s.r + self.eps) / np.sqrt(s.h + self.eps)
        s.r = self.rho * s.r + (1 - self.rho) * delta**2
        w -= self.lr * delta


class Adam(Optimizer):
    """m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − lr · m̂ / (√v̂ + ε). Kingma and Ba (2015).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) correct the start from 0: the first step is lr · sign(g).
    """

    memory = ("m", "v")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
        m_hat = s.m / (1 - self.beta1**self.t)
        v_hat = s.v / (1 - self.beta2**self.t)
        w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# --- learning-rate decay: functions of the update t = 1, 2, …, to be given as lr -----------------------------------


def step_decay(lr, factor=0.5, every=1000):
    """lr, multiplied by factor after every so many updates: lr · factor^⌊(t − 1)/every⌋."""
    return lambda t: lr * factor ** ((t - 1) // every)


def exponential_decay(lr, half_life=1000):
    """lr that halves smoothly: lr · 2^(−(t − 1)/half_life)."""
    return lambda t: lr * 0.5 ** ((t - 1) / half_life)


def inverse_decay(lr, rate=0.001):
    """lr / (1 + rate · (t − 1)): slow enough to get anywhere, fast enough to settle. Robbins and Monro (1951)."""
    return lambda t: lr / (1 + rate * (t - 1))
