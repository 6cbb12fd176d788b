"""Regularizers: a price on large weights, added to the loss, and its gradient, added to the weights' gradients.

Weights only, of all layers: the parameters called "W…". Biases and batch norm's γ and β cost nothing.
"""

import numpy as np


class Regularizer:
    """`loss(params)` adds up `penalty(W)`, `add_gradients(params, grads)` adds `gradient(W)`, over all weights.

    strength: λ ≥ 0; 0 changes nothing.
    """

    def __init__(self, strength):
        if strength < 0:
            raise ValueError(f"strength must not be negative: it would reward large weights, got {strength}")
        self.strength = strength

    def loss(self, params):
        """What the weights cost: a number to add to the loss E."""
        return sum(self.penalty(W) for name, W in params.items() if name.startswith("W"))

    def add_gradients(self, params, grads):
        """Add ∂(loss)/∂W to grads, in place."""
        for name, W in params.items():
            if name.startswith("W"):
                grads[name] += self.gradient(W)

    def __repr__(self):
        return f"{type(self).__name__}({self.strength})"


class L1(Regularizer):
    """λ ‖W‖₁ = λ Σ |w|, gradient λ sign(W): draws every weight to 0 with the same force. Tibshirani (1996)."""

    def penalty(self, W):
        return self.strength * np.sum(np.abs(W))

    def gradient(self, W):
        return self.strength * np.sign(W)


class L2(Regularizer):
    """λ/2 ‖W‖² = λ/2 Σ w², gradient λ W: draws large weights more. Hoerl and Kennard (1970); weight decay."""

    def penalty(self, W):
        return self.strength / 2 * np.sum(W**2)

    def gradient(self, W):
        return self.strength * W
