"""Activation functions, losses and their derivatives: each is its formula.

Derivatives take the pre-activation u, the same argument as the function itself: d_sigmoid(u), not
d_sigmoid(z). Every function keeps the dtype of a float array and takes scalars and lists as well.
"""

import numpy as np

# --- activation functions -----------------------------------------------------------------------------------


def step(u):
    """1 where u ≥ 0, else 0. Same shape as u."""
    return np.heaviside(u, 1)


def d_step(u):
    """0 everywhere (at the jump there is no derivative; 0 is a convention)."""
    return np.zeros_like(u)


def sigmoid(u):
    """σ(u) = 1 / (1 + e⁻ᵘ), written so that e is never raised to a positive number. Same shape as u."""
    return np.exp(np.minimum(u, 0)) / (1 + np.exp(-np.abs(u)))


def d_sigmoid(u):
    """σ′(u) = σ(u) (1 − σ(u)), at most 0.25."""
    z = sigmoid(u)
    return z * (1 - z)


def tanh(u):
    """tanh(u) = (eᵘ − e⁻ᵘ) / (eᵘ + e⁻ᵘ). Same shape as u."""
    return np.tanh(u)


def d_tanh(u):
    """tanh′(u) = 1 − tanh²(u)."""
    return 1 - np.tanh(u) ** 2


def relu(u):
    """max(u, 0). Same shape as u."""
    return np.maximum(u, 0)


def d_relu(u):
    """1 where u > 0, else 0 (at u = 0 the convention is 0)."""
    return np.heaviside(u, 0)


def identity(u):
    """u itself: the output function of regression."""
    return u


def d_identity(u):
    """1 everywhere."""
    return np.ones_like(u)


def softmax(u):
    """yₖ = e^uₖ / Σⱼ e^uⱼ over the last axis: (K,) or (N, K), each row sums to 1."""
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))  # subtracting the maximum changes nothing but prevents overflow
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(u):
    """log yₖ = uₖ − log Σⱼ e^uⱼ over the last axis, exact even where yₖ itself is too small for a float."""
    u = u - np.max(u, axis=-1, keepdims=True)
    return u - np.log(np.exp(u).sum(axis=-1, keepdims=True))


# --- targets ------------------------------------------------------------------------------------------------


def one_hot(labels, K):
    """dₙₖ = 1 where k is sample n's label, else 0.

    labels: integers 0 … K−1, shape (N,). Returns float64, shape (N, K).
    Raises TypeError for labels that are not integers and ValueError for labels out of range.
    """
    labels = np.asarray(labels)
    check_labels(labels, K)
    return np.equal(labels[..., None], np.arange(K)).astype(float)


# --- losses: the mean over the batch ------------------------------------------------------------------------


def squared_error(y, d):
    """E = 1/(2N) Σₙ Σⱼ (yₙⱼ − dₙⱼ)². y and d: (N, K)."""
    y, d = check_target(y, d)
    return np.sum((y - d) ** 2) / (2 * len(y))


def cross_entropy(y, d):
    """E = −1/N Σₙ Σₖ dₙₖ log yₙₖ, from probabilities y (N, K). d: labels (N,) or one-hot (N, K)."""
    y, d = check_classes(y, d)
    check_probabilities(y, "output")
    return -np.sum(d * np.log(np.where(d > 0, y, 1))) / len(y)  # 0·log 0 counts as 0


def binary_cross_entropy(y, d):
    """E = −1/N Σₙ (dₙ log yₙ + (1 − dₙ) log(1 − yₙ)), from probabilities y. y and d: (N, 1), d 0 or 1."""
    y, d = check_binary(y, d)
    check_probabilities(y, "output")
    return -np.sum(d * np.log(np.where(d > 0, y, 1)) + (1 - d) * np.log(np.where(d < 1, 1 - y, 1))) / len(y)


def softmax_cross_entropy(u, d):
    """Cross-entropy of softmax(u), from u (N, K) and therefore exact. d: labels (N,) or one-hot (N, K)."""
    u, d = check_classes(u, d)
    return -np.sum(d * log_softmax(u)) / len(u)


def sigmoid_cross_entropy(u, d):
    """Binary cross-entropy of sigmoid(u), from u (N, 1) and therefore exact. d: 0 or 1, shape (N, 1).

    −log σ(u) = log(1 + e⁻ᵘ) and −log(1 − σ(u)) = log(1 + eᵘ); logaddexp(0, u) is log(e⁰ + eᵘ) without
    overflow.
    """
    u, d = check_binary(u, d)
    return np.sum(d * np.logaddexp(0, -u) + (1 - d) * np.logaddexp(0, u)) / len(u)


def d_loss(y, d):
    """∂E/∂u = (y − d)/N, the same for all three pairs of output function and loss. y and d (one-hot): (N, K).

    The pairs: identity with squared error, sigmoid with binary cross-entropy, softmax with cross-entropy.
    """
    y, d = check_target(y, d)
    return (y - d) / len(y)


# --- checks: where NumPy would go on silently and compute something else ------------------------------------


def check_target(y, d):
    """Return y and d as float arrays of one dtype; raise unless both have the same shape (N, K).

    NumPy would broadcast (N, 1) against (N,) to (N, N). Also refused: an empty batch and numbers that are not
    finite.
    """
    y, d = np.asarray(y), np.asarray(d)
    _check_output(y)
    if y.shape != d.shape:
        remedy = ""
        if d.ndim == 1 and len(d) == len(y):
            remedy = (
                ": write d[:, None]" if y.shape[1] == 1 else f": labels become one-hot with one_hot(d, {y.shape[1]})"
            )
        raise ValueError(f"output and target must have the same shape, got {y.shape} and {d.shape}{remedy}")
    if not np.isfinite(d).all():
        raise ValueError(f"the target has {_not_finite(d)}")
    dtype = y.dtype if y.dtype.kind == "f" else float
    return y.astype(dtype, copy=False), d.astype(dtype, copy=False)


def check_classes(y, d):
    """Like check_target for K ≥ 2 classes: labels (N,) are turned into one-hot; rows of d must sum to 1."""
    y, d = np.asarray(y), np.asarray(d)
    _check_output(y)
    if y.ndim != 2 or y.shape[1] < 2:
        raise ValueError(
            f"a multi-class loss needs an output of shape (N, K) with K ≥ 2 classes, got {y.shape}: "
            "for one column use the binary cross-entropy (sigmoid), whose loss depends on the label"
        )
    if d.shape == (len(y), 1):
        raise ValueError(f"labels must have shape ({len(y)},), got {d.shape}: write d[:, 0]")
    if d.ndim == 1:
        if len(d) != len(y):
            raise ValueError(f"the output has {len(y)} samples, shape {y.shape}, but there are {len(d)} labels")
        return check_target(y, one_hot(d, y.shape[1]))
    y, d = check_target(y, d)
    check_probabilities(d, "target")
    if not np.allclose(d.sum(axis=1), 1, atol=1e-4):
        sums = d.sum(axis=1)
        raise ValueError(f"each row of the target must sum to 1, got sums from {sums.min():g} to {sums.max():g}")
    return y, d


def check_binary(y, d):
    """Like check_target for targets between 0 and 1."""
    y, d = check_target(y, d)
    check_probabilities(d, "target")
    return y, d


def check_probabilities(p, what):
    """Raise unless all numbers lie between 0 and 1."""
    if p.min() < 0 or p.max() > 1:
        remedy = ": apply softmax or sigmoid first, or use the loss that starts from u" if what == "output" else ""
        raise ValueError(f"the {what} must lie between 0 and 1, got {p.min():g} to {p.max():g}{remedy}")


def check_labels(labels, K):
    """Raise unless labels are integers from 0 to K − 1."""
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got {labels.dtype} of shape {labels.shape}: write d.astype(int)")
    if labels.size and (labels.min() < 0 or labels.max() >= K):
        raise ValueError(f"labels must lie between 0 and {K - 1} (K = {K}), got {labels.min()} to {labels.max()}")


def _check_output(y):
    if y.ndim < 2:
        raise ValueError(f"the output must have shape (N, K), got {y.shape}: one sample is y[None, :]")
    if y.size == 0:
        raise ValueError(f"empty batch: the output has shape {y.shape}")
    if not np.isfinite(y).all():
        raise FloatingPointError(
            f"the output has {_not_finite(y)}: has the training diverged? Try a smaller learning rate"
        )


def _not_finite(a):
    return f"{np.sum(~np.isfinite(a))} of {a.size} values that are nan or infinite"
