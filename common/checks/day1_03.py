"""Feedback on day1/03, loss functions."""

import numpy as np

from common.checks.feedback import Lesson, rng
from common.functions import log_softmax, one_hot, softmax
from common.gradient_check import numerical_gradient

lesson = Lesson("day1/03")
exercise, quiz = lesson.check, lesson.answer


# --- squared error and its gradient -----------------------------------------------------------------------------------


def _outputs():
    draw = rng(3).standard_normal
    return [
        (np.array([[1.0, 2, 4]]), np.array([[1.5, 2, 1]])),
        (draw((5, 3)), draw((5, 3))),
        (draw((2, 4)), draw((2, 4))),
    ]


@lesson.exercise(cases=_outputs())
def squared_error_and_gradient(y, d):
    """The squared error E = 1/(2N) Σₙ Σₖ (y − d)² and its gradient ∂E/∂y, as a pair (E, dy).

    y, d: (N, K); E is a number, dy has the shape of y.
    """
    error = y - d
    return np.sum(error**2) / (2 * len(y)), error / len(y)


@squared_error_and_gradient.mistake(
    "`np.mean` divides by all N·K numbers, your gradient by N: they disagree by the factor K. Give both the same divisor, N."
)
def _(y, d):
    return np.mean((y - d) ** 2) / 2, (y - d) / len(y)


@squared_error_and_gradient.mistake(
    "loss and gradient agree, but both are divided by N·K. Our E adds up the K outputs of a sample and averages over the samples: len(y)."
)
def _(y, d):
    return np.mean((y - d) ** 2) / 2, (y - d) / y.size


@squared_error_and_gradient.mistake(
    "loss and gradient agree, in another convention (a mean over all N·K numbers, no ½: PyTorch's MSELoss). Ours is 1/(2N) Σ Σ."
)
def _(y, d):
    return np.mean((y - d) ** 2), 2 * (y - d) / y.size


@squared_error_and_gradient.mistake(
    "the ½ is missing in E. The slope of error² is 2·error; your gradient belongs to error²/2."
)
def _(y, d):
    return np.sum((y - d) ** 2) / len(y), (y - d) / len(y)


@squared_error_and_gradient.mistake("loss and gradient agree, but the ½ is missing: with it the 2 cancels.")
def _(y, d):
    return np.sum((y - d) ** 2) / len(y), 2 * (y - d) / len(y)


@squared_error_and_gradient.mistake("E has a ½, and it cancels the 2 from the exponent: no 2 is left in the gradient.")
def _(y, d):
    return np.sum((y - d) ** 2) / (2 * len(y)), 2 * (y - d) / len(y)


@squared_error_and_gradient.mistake(
    "loss and gradient agree, but both are sums: twice the batch would look twice as wrong. Divide both by N."
)
def _(y, d):
    return np.sum((y - d) ** 2) / 2, y - d


@squared_error_and_gradient.mistake(
    "E is a mean over N samples, so one sample moves it N times less: the gradient needs 1/N too."
)
def _(y, d):
    return np.sum((y - d) ** 2) / (2 * len(y)), y - d


@squared_error_and_gradient.mistake("the gradient is divided by N, and E is not: is its 1/N missing?")
def _(y, d):
    return np.sum((y - d) ** 2) / 2, (y - d) / len(y)


@squared_error_and_gradient.mistake(
    "the sign of the gradient. If y is too high, more y makes E larger, so the slope is positive: y − d. (The minus comes in the update.)"
)
def _(y, d):
    return np.sum((y - d) ** 2) / (2 * len(y)), (d - y) / len(y)


@squared_error_and_gradient.mistake(
    "each output has a slope of its own: the gradient has the shape of y. Do not add the errors up."
)
def _(y, d):
    return np.sum((y - d) ** 2) / (2 * len(y)), np.sum(y - d) / len(y)


@squared_error_and_gradient.mistake("that is E alone. Return both: `return E, dy`.")
def _(y, d):
    return np.sum((y - d) ** 2) / (2 * len(y))


@squared_error_and_gradient.test
def _agree(learners):
    y, d = _outputs()[1]
    dy = learners(y.copy(), d)[1]
    nudged = numerical_gradient(lambda y: learners(y.copy(), d)[0], y.copy())
    if np.shape(dy) == y.shape and not np.allclose(dy, nudged, atol=1e-6):
        return (
            f"your gradient is not that of your E: nudging y[0, 0] changes E at the rate {nudged[0, 0]:.5f}, "
            f"and your dy[0, 0] is {dy[0, 0]:.5f}"
        )
    return None


# --- cross-entropy from labels ----------------------------------------------------------------------------------------


def _label_cases():
    draw = rng(4)
    return [
        (np.array([[0.7, 0.1, 0.15, 0.05], [0.03, 0.9, 0.05, 0.02], [0.1, 0.1, 0.3, 0.5]]), np.array([0, 1, 3])),
        (softmax(draw.standard_normal((5, 3))), np.array([2, 0, 0, 1, 2])),
        (softmax(draw.standard_normal((4, 4))), np.array([3, 1, 2, 1])),
        (np.array([[1 - 1e-9, 1e-9], [0.2, 0.8]]), np.array([1, 1])),
        (np.array([[1e-200, 1.0], [1e-200, 1.0]]), np.array([0, 0])),  # the product of both is 0
    ]


@lesson.exercise(cases=_label_cases())
def cross_entropy_from_labels(y, d):
    """The cross-entropy E, the mean over the batch.

    y: probabilities (N, K), d: integer labels (N,).
    """
    right = y[np.arange(len(y)), d]
    return -np.mean(np.log(right))


@cross_entropy_from_labels.mistake(
    "y[:, d] takes the columns of *all* labels from every row, N×N numbers. Pair row n with column d[n]: y[np.arange(N), d]."
)
def _(y, d):
    return -np.mean(np.log(y[:, d]))


@cross_entropy_from_labels.mistake(
    "y[:, d] has N×N entries, and you add them all up. One per sample is wanted, row n with column d[n]: y[np.arange(N), d]."
)
def _(y, d):
    return -np.sum(np.log(y[:, d])) / len(y)


@cross_entropy_from_labels.mistake("that is the sum over the batch; E is the mean, so that N does not matter.")
def _(y, d):
    return -np.sum(np.log(y[np.arange(len(y)), d]))


@cross_entropy_from_labels.mistake(
    "the minus is missing: the log of a probability is never positive, a loss never negative."
)
def _(y, d):
    return np.mean(np.log(y[np.arange(len(y)), d]))


@cross_entropy_from_labels.mistake(
    "the mean came before the log. The likelihood is a product, and its log is the sum of the logs: log first, then the mean."
)
def _(y, d):
    return -np.log(np.mean(y[np.arange(len(y)), d]))


@cross_entropy_from_labels.mistake("that is one cost per sample; the loss is their mean.")
def _(y, d):
    return -np.log(y[np.arange(len(y)), d])


@cross_entropy_from_labels.mistake(
    "1e-7 puts a ceiling of 16.118 on the loss; at p = 1e-9 the truth is 20.723. Leave it out."
)
def _(y, d):
    return -np.mean(np.log(y[np.arange(len(y)), d] + 1e-7))


@cross_entropy_from_labels.mistake(
    "1e-12 puts a ceiling of 27.631 on the loss; at p = 1e-200 the truth is 460.517. Leave it out."
)
def _(y, d):
    return -np.mean(np.log(y[np.arange(len(y)), d] + 1e-12))


@cross_entropy_from_labels.mistake(
    "clipping at 1e-7 puts a ceiling of 16.118 on the loss; at p = 1e-9 the truth is 20.723. Leave it out."
)
def _(y, d):
    return -np.mean(np.log(np.maximum(y[np.arange(len(y)), d], 1e-7)))


@cross_entropy_from_labels.mistake(
    "the product of many probabilities is too small for the computer and becomes 0. Take the logs first, then their mean."
)
def _(y, d):
    return -np.log(np.prod(y[np.arange(len(y)), d])) / len(y)


@cross_entropy_from_labels.mistake(
    "that is the probability of the network's favourite. It says how sure the network is, not how right: d must choose the column."
)
def _(y, d):
    return -np.mean(np.log(y.max(axis=1)))


@cross_entropy_from_labels.mistake(
    "the mask is right, but np.mean divides by all N·K entries of the masked array. Only the samples count: divide by N."
)
def _(y, d):
    return -np.mean(one_hot(d, y.shape[1]) * np.log(y))


@cross_entropy_from_labels.mistake("d already holds labels, shape (N,): argmax is for one-hot targets.")
def _(y, d):
    return -np.mean(np.log(y[np.arange(len(y)), d.argmax(axis=1)]))


@cross_entropy_from_labels.test
def _label_as_factor(learners):
    y, d = _label_cases()[2]  # N = K, so that NumPy does not complain
    came = learners(y, d)
    if np.any([np.allclose(came, -np.sum(d * np.log(y)) / n) for n in (1, len(y), y.size)]):
        return (
            "label 3 is a name, not a factor: d * log(y) needs one-hot targets. With labels, pick: y[np.arange(N), d]."
        )
    return None


# --- cross-entropy from u, with its gradient --------------------------------------------------------------------------


def _logit_cases():
    draw = rng(5).standard_normal
    return [
        (np.array([[2.0, 1, 0]]), np.array([0])),
        (draw((5, 3)), np.array([2, 0, 0, 1, 2])),
        (draw((3, 3)), np.array([1, 1, 0])),
        (np.array([[800.0, 0, 1], [-800, 3, 2]]), np.array([1, 2])),
    ]


@lesson.exercise(cases=_logit_cases())
def loss_from_logits(u, d):
    """Cross-entropy of softmax(u), exact for any u, and its gradient ∂E/∂u, as a pair (E, du).

    u: (N, K); d: integer labels (N,). E is the mean over the batch; du has the shape of u.
    """
    shifted = u - np.max(u, axis=1, keepdims=True)
    log_y = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    d = one_hot(d, u.shape[1])
    return -np.sum(d * log_y) / len(u), (np.exp(log_y) - d) / len(u)


def _exact(u, d):
    return -np.mean(log_softmax(u)[np.arange(len(u)), d])


@loss_from_logits.mistake("E is a mean over the batch; its gradient needs the same 1/N.")
def _(u, d):
    return _exact(u, d), softmax(u) - one_hot(d, u.shape[1])


@loss_from_logits.mistake(
    "du[:, d] -= 1 subtracts 1 in the columns of all labels, in every row. Each row has one right class: du[np.arange(N), d] -= 1."
)
def _(u, d):
    du = softmax(u)
    du[:, d] -= 1
    return _exact(u, d), du / len(u)


@loss_from_logits.mistake("label 2 is a name, not a number to subtract: y − d needs d one-hot.")
def _(u, d):
    return _exact(u, d), (softmax(u) - d[:, None]) / len(u)


@loss_from_logits.mistake("the sign of the gradient: more u for a wrong class makes E larger, so it is y − d.")
def _(u, d):
    return _exact(u, d), (one_hot(d, u.shape[1]) - softmax(u)) / len(u)


@loss_from_logits.mistake("E and gradient agree, but both are sums over the batch: divide both by N.")
def _(u, d):
    return _exact(u, d) * len(u), softmax(u) - one_hot(d, u.shape[1])


@loss_from_logits.mistake(
    "`np.mean` over the masked array divides by N·K, your gradient by N: they disagree by the factor K. E needs 1/N."
)
def _(u, d):
    return _exact(u, d) / u.shape[1], (softmax(u) - one_hot(d, u.shape[1])) / len(u)


@loss_from_logits.mistake("that is E alone. Return both: `return E, du`.")
def _(u, d):
    return _exact(u, d)


@loss_from_logits.mistake("the gradient of E with respect to u is not y alone: subtract the target, (y − d)/N.")
def _(u, d):
    return _exact(u, d), softmax(u) / len(u)


def _value(learners, u, d):
    result = learners(u.copy(), d.copy())
    return result[0] if isinstance(result, tuple) else result


@loss_from_logits.test
@np.errstate(all="ignore")  # an overflow shows in the values
def _far(learners):
    u, d = np.array([[800.0, 0.0]]), np.array([1])
    E = _value(learners, u, d)
    if np.isfinite(E) and abs(E - 16.118) < 1e-3:
        return "1e-7 puts a ceiling of 16.118 on the loss; with u = [800, 0] and label 1 it is 800. log_softmax(u) needs no 1e-7."
    if not np.isfinite(E):
        return (
            f"for u = [800, 0] and label 1 the loss is 800, and yours is {E}: softmax has rounded to 0 before the log, or "
            "e⁸⁰⁰ has overflowed. log_softmax(u) subtracts each row's largest u first, and never takes the log of a 0."
        )
    if not np.isfinite(_value(learners, np.array([[800.0, 0.0], [-800.0, -801.0]]), np.array([0, 0]))):
        return "with one maximum for the whole batch, nothing is left of a row that lies far below it: each row needs its own."
    return None


@loss_from_logits.test
def _with_respect_to_u(learners):
    u, d = _logit_cases()[1]
    du = learners(u.copy(), d.copy())[1]
    mask = one_hot(d, u.shape[1])
    if np.shape(du) == u.shape and np.any([np.allclose(du, -mask / softmax(u) / n) for n in (1, len(u))]):
        return "−d/y is the slope with respect to y. Asked for is the one with respect to u, and there softmax joins in: (y − d)/N."
    return None


@loss_from_logits.test
def _gradient_agrees(learners):
    u, d = _logit_cases()[1]
    du = learners(u.copy(), d.copy())[1]
    nudged = numerical_gradient(lambda u: _value(learners, u, d), u.copy())
    if np.shape(du) == u.shape and not np.allclose(du, nudged, atol=1e-6):
        return (
            f"your gradient is not that of your E: nudging u[0, 0] changes E at the rate {nudged[0, 0]:.5f}, "
            f"and your du[0, 0] is {du[0, 0]:.5f}"
        )
    return None


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "line_of_cross_entropy",
    r"Which line computes $E = -\frac1N \sum_n \sum_k d_{nk} \log y_{nk}$, for one-hot $d$ of shape $(N, K)$?",
    right="b",
    a=(
        "`-np.mean(d * np.log(y))`",
        "np.mean divides by all N·K entries, so the loss is K times too small. The formula has 1/N.",
    ),
    b=(
        "`-np.sum(d * np.log(y)) / len(y)`",
        "both sums are np.sum, and len(y) is the number of rows, N.",
    ),
    c=(
        "`-np.sum(y * np.log(d)) / len(y)`",
        "y and d have changed places, and log(0) is what most entries of d give. The log belongs to the probability.",
    ),
    d=(
        "`-np.log(np.sum(d * y)) / len(y)`",
        "the log came last. The likelihood is a product; its log is a sum of logs, so take the log of each before adding.",
    ),
)

lesson.quiz(
    "formula_of_the_line",
    "And the other way round: what does `np.sum((y - d) ** 2) / (2 * len(y))` compute, for y and d of shape (N, K)?",
    right="c",
    a=(
        r"$\frac{1}{2NK} \sum_n \sum_k (y_{nk} - d_{nk})^2$",
        "len(y) is the length of the first axis only, N. The K outputs of a sample are added, not averaged.",
    ),
    b=(
        r"$\frac12 \sum_n \sum_k (y_{nk} - d_{nk})^2$",
        "that is without the mean. What does len(y) do in the line?",
    ),
    c=(
        r"$\frac{1}{2N} \sum_n \sum_k (y_{nk} - d_{nk})^2$",
        "sum over everything, divided by 2N: the outputs of a sample add up, the samples are averaged.",
    ),
    d=(
        r"$\frac{1}{2N} \left( \sum_n \sum_k (y_{nk} - d_{nk}) \right)^2$",
        "the square stands inside np.sum, so each error is squared before adding. Otherwise they would cancel.",
    ),
)

lesson.quiz(
    "loss_of_2_3",
    "You train a network for ten digits. After a while its cross-entropy is 2.303. What does that tell you?",
    right="a",
    a=(
        "it does no better than giving 1/10 to every class",
        "that costs log 10 = 2.303. Most likely it has not begun to learn; count its right answers to be sure.",
    ),
    b=(
        "it is right 2.3 times out of 10",
        "the loss does not count answers. It is −log of a probability: exp(−2.303) is 0.1, for ten classes.",
    ),
    c=(
        "it is sure of wrong answers",
        "then it would cost more than 1/10 for every class does, and that is log 10 = 2.303.",
    ),
    d=(
        "nothing, without knowing N",
        "the mean over the batch makes it independent of N. What matters is K: who knows nothing pays log K.",
    ),
)
