"""Feedback on day2/03, batch normalisation."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/03")
exercise, quiz = lesson.check, lesson.answer


# --- forward ----------------------------------------------------------------------------------------------------------


def _batch(N, D, seed):
    """(x, gamma, beta); the last feature hardly varies, so that it shows where ε stands."""
    draw = rng(seed)
    x = draw.normal(2.0, 3.0, (N, D))
    x[:, -1] *= 0.001
    return x, draw.uniform(0.5, 2.0, D), draw.standard_normal(D)


_HAND = (np.array([[1.0, 110.0], [7, 170], [9, 190], [15, 250]]), np.array([1.0, 2.0]), np.array([0.0, 3.0]))


@lesson.exercise(cases=[_HAND, _batch(6, 4, 1), _batch(5, 5, 2)])
def batch_norm(x, gamma, beta, eps=1e-5):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε); μ and σ² of each feature, over the batch.

    x: (N, D), gamma and beta: (D,). Returns y, (N, D).
    """
    mean, var = x.mean(axis=0), x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta


def _variant(x, gamma, beta, eps=1e-5, *, axis=0, mean=np.mean, scale=None, ddof=0, end=None):
    """batch_norm with one thing done otherwise."""
    var = x.var(axis=axis, keepdims=True, ddof=ddof)
    root = np.sqrt(var + eps) if scale is None else scale(var, eps)
    x_hat = (x - mean(x, axis=axis, keepdims=True)) / root
    return gamma * x_hat + beta if end is None else end(x, x_hat, gamma, beta)


@batch_norm.mistake(
    "axis=1 normalises each sample over its features. A feature is a column: compare it with the same feature of "
    "the other samples, over axis 0."
)
def _(*args):
    return _variant(*args, axis=1)


@batch_norm.mistake(
    "that is one mean and one variance for the whole array. Each feature has its own, so both need shape (D,)."
)
def _(*args):
    return _variant(*args, axis=None)


@batch_norm.mistake("that divides by the variance. Its unit is the square of x's; the standard deviation is its root.")
def _(*args):
    return _variant(*args, scale=lambda var, eps: var + eps)


@batch_norm.mistake(
    "ε stands outside the root. It belongs to the variance: √(σ² + ε), so that the slope at σ = 0 stays finite."
)
def _(*args):
    return _variant(*args, scale=lambda var, eps: np.sqrt(var) + eps)


@batch_norm.mistake(
    "ε is missing. A feature that is constant in the batch then gives 0/0; add ε to the variance, under the root."
)
def _(*args):
    return _variant(*args, scale=lambda var, eps: np.sqrt(var))


@batch_norm.mistake(
    "ε reaches the root squared. A feature whose σ² is smaller than ε shows it: it is the variance that gets ε."
)
def _(*args):
    return _variant(*args, scale=lambda var, eps: np.sqrt(var + eps**2))


@batch_norm.mistake("γ and β act on x. What was the normalisation for, then? y = γ x̂ + β.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: gamma * x + beta)


@batch_norm.mistake("x̂ comes out without γ and β: y = γ x̂ + β.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: x_hat)


@batch_norm.mistake("β is missing: y = γ x̂ + β.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: gamma * x_hat)


@batch_norm.mistake("γ is missing: y = γ x̂ + β.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: x_hat + beta)


@batch_norm.mistake("γ multiplies β too. First stretch, then shift: γ x̂ + β, without brackets around x̂ + β.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: gamma * (x_hat + beta))


@batch_norm.mistake("γ and β have changed places: γ stretches, β shifts.")
def _(*args):
    return _variant(*args, end=lambda x, x_hat, gamma, beta: beta * x_hat + gamma)


@batch_norm.mistake("the mean is still in it: x̂ = (x − μ) / √(σ² + ε) is 0 on average.")
def _(*args):
    return _variant(*args, mean=lambda x, axis, keepdims: 0)


@batch_norm.mistake(
    "that is the unbiased variance, divided by N − 1. This batch is normalised by its own, divided by N; the N − 1 "
    "comes when we estimate for other data."
)
def _(*args):
    return _variant(*args, ddof=1)


@batch_norm.mistake("the squares are summed and not averaged: the variance is their mean over the batch.")
def _(*args):
    return _variant(*args, scale=lambda var, eps: np.sqrt(len(args[0]) * var + eps))


@batch_norm.mistake(
    "a slip of the brackets: the mean has to go off before you divide. (x − μ) / √(σ² + ε), not x − μ / √(σ² + ε)."
)
def _(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps)) + beta


@batch_norm.mistake(
    "a slip of the brackets: γ multiplies all of x̂, so x − μ needs brackets before you multiply and divide."
)
def _(x, gamma, beta, eps=1e-5):
    return gamma * x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps) + beta


@batch_norm.test
def _constant_feature(learners):
    y = learners(np.array([[2.0, 1.0], [2.0, 3.0]]), np.ones(2), np.zeros(2))
    if not np.all(np.isfinite(y)):
        return "a feature that is the same in the whole batch gives 0/0: where is ε?"
    return None


@batch_norm.test
def _other_eps(learners):
    wide = [part[..., :-1] for part in _batch(6, 4, 1)]  # where σ² is so large that ε does not count
    if not np.allclose(learners(*wide), batch_norm(*wide), rtol=1e-3):
        return None  # something else is wrong
    x = np.array([[1.0], [3.0]])
    if not np.allclose(learners(x, np.ones(1), np.zeros(1), eps=3.0), [[-0.5], [0.5]]):
        return "it uses an ε of its own; take the argument `eps`."
    return None


# --- running statistics -----------------------------------------------------------------------------------------------


def _running(N, D, momentum, seed):
    draw = rng(seed)
    return draw.standard_normal(D), draw.uniform(0.5, 2.0, D), draw.normal(1.0, 2.0, (N, D)), momentum


@lesson.exercise(
    cases=[
        (np.zeros(1), np.ones(1), np.array([[1.0], [7], [9], [15]]), 0.9),
        _running(6, 4, 0.9, 3),
        _running(3, 3, 0.7, 4),
    ]
)
def update_running(running_mean, running_var, x, momentum=0.9):
    """New running mean and variance, each: momentum · running + (1 − momentum) · batch.

    x: (N, D). The batch's variance is the unbiased one, divided by N − 1. Returns (mean, var).
    """
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    var = momentum * running_var + (1 - momentum) * x.var(axis=0, ddof=1)
    return mean, var


def _running_variant(
    running_mean,
    running_var,
    x,
    momentum=0.9,
    *,
    axis=0,
    spread=lambda x, axis: x.var(axis=axis, ddof=1),
    old=None,
    new=None,
):
    old, new = momentum if old is None else old(momentum), 1 - momentum if new is None else new(momentum)
    return old * running_mean + new * x.mean(axis=axis), old * running_var + new * spread(x, axis)


@update_running.mistake(
    "the weights are swapped: 0.1 of the old and 0.9 of this batch forgets everything but the last few batches."
)
def _(*args):
    return _running_variant(*args, old=lambda m: 1 - m, new=lambda m: m)


@update_running.mistake(
    "the batch comes with weight 1. The two weights must add up to 1, or the mean drifts to ten times its value."
)
def _(*args):
    return _running_variant(*args, new=lambda m: 1)


@update_running.mistake("that is this batch alone; nothing of the past is kept.")
def _(*args):
    return _running_variant(*args, old=lambda m: 0, new=lambda m: 1)


@update_running.mistake("the old value keeps weight 1, so the running numbers grow with every batch.")
def _(*args):
    return _running_variant(*args, old=lambda m: 1)


@update_running.mistake(
    "that is the batch's own variance, divided by N. A sample underestimates the spread of what it was drawn from; "
    "divide by N − 1 (`ddof=1`)."
)
def _(*args):
    return _running_variant(*args, spread=lambda x, axis: x.var(axis=axis))


@update_running.mistake(
    "that averages standard deviations. It is the variance that is kept; the root comes when it is used."
)
def _(*args):
    return _running_variant(*args, spread=lambda x, axis: x.std(axis=axis, ddof=1))


@update_running.mistake("that averages standard deviations, and biased ones. Keep the variance, divided by N − 1.")
def _(*args):
    return _running_variant(*args, spread=lambda x, axis: x.std(axis=axis))


@update_running.mistake("the correction is upside down: n/(n − 1) makes the variance larger, not smaller.")
def _(*args):
    return _running_variant(*args, spread=lambda x, axis: x.var(axis=axis) * (len(x) - 1) / len(x))


@update_running.mistake("axis=1 averages over the features of a sample. Each feature has its own mean, over the batch.")
def _(*args):
    return _running_variant(*args, axis=1)


@update_running.mistake("one number for all features: take mean and variance over axis 0.")
def _(*args):
    return _running_variant(*args, axis=None)


# --- folding ----------------------------------------------------------------------------------------------------------


def _folding(n_in, n_out, seed):
    draw = rng(seed)
    W, b, gamma, beta, mean = (draw.standard_normal(s) for s in ((n_in, n_out), n_out, n_out, n_out, n_out))
    var = draw.uniform(0.5, 2.0, n_out)
    var[0] = 2e-5  # so that ε counts
    return W, b, gamma, beta, mean, var


@lesson.exercise(cases=[_folding(3, 4, 5), _folding(3, 3, 6), (*_folding(2, 3, 7), 0.5)])
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    """(W, b) of one Affine that does what Affine(W, b) and then batch norm do in inference.

    W: (n_in, n_out), all others (n_out,); mean and var are the running ones.
    """
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


def _folded(W, b, gamma, beta, mean, var, eps=1e-5, *, scale=None, W2=None, b2=None):
    s = gamma / np.sqrt(var + eps) if scale is None else scale(gamma, var, eps)
    return (W * s if W2 is None else W2(W, s)), ((b - mean) * s + beta if b2 is None else b2(b, mean, s, beta))


@fold.mistake("b is not scaled: batch norm divides the whole u = xW + b, the bias included.")
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: b - mean * s + beta)


@fold.mistake("the running mean is missing: batch norm subtracts it from u, before it scales.")
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: b * s + beta)


@fold.mistake("the mean is subtracted unscaled. It goes off u, and then everything is scaled: (b − μ) · scale.")
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: b * s - mean + beta)


@fold.mistake(
    "the old bias is lost. In training the batch's mean would take it out, but here the mean is a fixed number."
)
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: beta - mean * s)


@fold.mistake("β is scaled too. It comes after the scaling: (b − μ) · scale + β.")
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: (b - mean + beta) * s)


@fold.mistake("β is missing: what comes last is + β.")
def _(*args):
    return _folded(*args, b2=lambda b, mean, s, beta: (b - mean) * s)


@fold.mistake(
    "that scales the rows of W. A unit is a column: scale its n_in weights by the unit's own number, W * scale."
)
def _(*args):
    return _folded(*args, W2=lambda W, s: W * s[:, None])


@fold.mistake("divide by the standard deviation, √(σ² + ε), not by the variance.")
def _(*args):
    return _folded(*args, scale=lambda gamma, var, eps: gamma / (var + eps))


@fold.mistake("ε is missing: √(σ² + ε). One unit in the test varies so little that it shows.")
def _(*args):
    return _folded(*args, scale=lambda gamma, var, eps: gamma / np.sqrt(var))


@fold.mistake("γ is missing in the scale: γ / √(σ² + ε).")
def _(*args):
    return _folded(*args, scale=lambda gamma, var, eps: 1 / np.sqrt(var + eps))


@fold.mistake("it uses an ε of its own; take the argument `eps`.")
def _(*args):
    return _folded(*args[:6])


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "two_effects",
    "Which two effects of batch norm did the experiments of this lesson show?",
    right="c",
    a=(
        "The numbers inside become normally distributed, and the loss gets smaller.",
        "Mean and variance are all that it sets. Two humps went in and two humps came out.",
    ),
    b=(
        "It replaces other regularisation, and it makes a step cheaper.",
        "On wrong labels the plain network did better at the same budget, and the extra layers cost time.",
    ),
    c=(
        "A poor start no longer decides, and larger learning rates work.",
        "Both follow from one thing: the scale of the weights before it drops out of the forward pass.",
    ),
    d=(
        "The network no longer needs random weights, and no learning rate has to be chosen.",
        "Equal weights stay equal, with or without it, and at rate 10 it failed too.",
    ),
)

lesson.quiz(
    "add_three_to_the_bias",
    "You add 3 to every bias of an Affine that stands directly before a BatchNorm. What happens to the network's output in training?",
    right="a",
    a=(
        "Nothing.",
        "The batch's mean rises by 3 as well, and x − μ stays what it was. That is why this bias has gradient 0.",
    ),
    b=("It rises by 3.", "It would without the BatchNorm. What does the batch's mean do when all values rise by 3?"),
    c=(
        "It rises by 3γ/σ.",
        "That is what happens in inference, where the mean is a stored number. In training the mean moves along.",
    ),
    d=(
        "It cannot be said without the data.",
        "It can: whatever the data, every value and their mean rise by the same 3.",
    ),
)

lesson.quiz(
    "why_not_the_batch",
    "Why does batch norm not use the batch's mean and variance in inference?",
    right="b",
    a=("Because that takes longer.", "It hardly does. Think of what the answer for *your* image would then depend on."),
    b=(
        "Because the answer for one image would depend on the other images in its batch.",
        "Sorted by class, the test images were read at about the level of guessing. Alone, an image would become all β.",
    ),
    c=(
        "Because the running statistics are more exact than those of any batch.",
        "Early in training they are far off. The reason is another one: who else is in the batch?",
    ),
    d=(
        "Because γ and β are no longer trained.",
        "They are fixed in inference, true, but that says nothing about μ and σ.",
    ),
)
