"""Feedback on day1/02, activation functions."""

from unittest import mock

import numpy as np

from common.checks.feedback import Lesson, rng
from common.functions import d_sigmoid, relu

lesson = Lesson("day1/02")
exercise, quiz = lesson.check, lesson.answer


# --- a stable sigmoid -----------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[
        np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),
        np.array([[-1000.0, 0.0, 1000.0], [3.0, -30.0, 0.5]]),
        np.array([-2, 0, 2]),
    ]
)
def stable_sigmoid(u):
    """1 / (1 + e⁻ᵘ) for an array u of any shape, with no overflow even at u = ±1000."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1 / (1 + e), e / (1 + e))


@stable_sigmoid.mistake(
    "e¹⁰⁰⁰ is inf, and inf / inf is nan. This form is the safe one where u is negative; for u ≥ 0 take 1 / (1 + e⁻ᵘ)."
)
def _(u):
    return np.exp(u) / (1 + np.exp(u))


@stable_sigmoid.mistake("yours falls as u grows: the minus sign of e⁻ᵘ got lost, or the two halves are swapped.")
def _(u):
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, e / (1 + e), 1 / (1 + e))


@stable_sigmoid.mistake(
    "with −|u| everywhere the right half mirrors the left. Only the exponential is the same on both sides: "
    "on the right it stands below 1, on the left it is divided itself."
)
def _(u):
    e = np.exp(-np.abs(u))
    return e / (1 + e)


@stable_sigmoid.mistake(
    "with |u| everywhere the left half mirrors the right: σ(−2) must be below ½. What do you get from "
    "multiplying above and below by eᵘ?"
)
def _(u):
    return 1 / (1 + np.exp(-np.abs(u)))


@stable_sigmoid.mistake(
    "`if` asks one question, but u has many entries. Let np.where or a mask (u >= 0) choose for each."
)
def _(u):
    if u >= 0:
        return 1 / (1 + np.exp(-u))
    return np.exp(u) / (1 + np.exp(u))


@stable_sigmoid.mistake(
    "a loop over u sees numbers only if u is one row. Let np.where or a mask (u >= 0) choose for each."
)
def _(u):
    return np.array([1 / (1 + np.exp(-v)) if v >= 0 else np.exp(v) / (1 + np.exp(v)) for v in u])


@stable_sigmoid.mistake(
    "right for floats, but for u = [-2, 0, 2] your empty array holds integers like u, and 0.88 was cut to 0: "
    "give it dtype=float."
)
def _(u):
    z = np.zeros_like(u)
    right = u >= 0
    z[right] = 1 / (1 + np.exp(-u[right]))
    z[~right] = np.exp(u[~right]) / (1 + np.exp(u[~right]))
    return z


@stable_sigmoid.test(of_right=True)
def _overflow(learners):
    left, right = (_overflows(learners, u) for u in (-1000.0, 1000.0))
    if left and right:
        return (
            "the values are right, but exp still overflows: np.where computes both of its branches for all of u, and drops "
            "what it does not need. Make the exponent negative on both sides first, with −|u|."
        )
    if left or right:
        return (
            f"the values are right, but exp overflows at u = {-1000 if left else 1000}. On that side multiply above and below "
            f"by {'eᵘ' if left else 'e⁻ᵘ'}: then the exponent is negative."
        )
    return None


def _overflows(f, u):
    """Whether exp becomes infinite on the way; a learner's np.errstate, which silences the warning, does not hide it."""
    seen = []
    with mock.patch.object(np, "exp", lambda *args, exp=np.exp, **kw: seen.append(exp(*args, **kw)) or seen[-1]):
        try:
            with np.errstate(over="raise", invalid="raise"):
                f(np.array([u]))
        except FloatingPointError:
            return True
    return any(np.any(np.isinf(e)) for e in seen)


# --- softmax --------------------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[
        np.array([[1.0, 2.0], [0.0, 0.0], [3.0, -1.0]]),
        np.array([1.0, 2.0, 4.0]),
        np.array([[1000.0, 1001.0, 1002.0, 999.0], [0.0, 1.0, -1.0, 0.5]]),
        np.array([[1000.0, -1000.0, 0.0], [0.0, 1.0, 2.0]]),
    ]
)
def stable_softmax(u):
    """Probabilities from scores u of one sample (K,) or a batch (N, K), even scores of ±1000."""
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@stable_softmax.mistake("the whole batch sums to 1 together; each *row* must. Sum along axis=-1, with keepdims=True.")
def _(u):
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e)


@stable_softmax.mistake(
    "maximum and sum run over everything, so the whole batch sums to 1 together; each *row* must: axis=-1, keepdims=True."
)
def _(u):
    e = np.exp(u - np.max(u))
    return e / np.sum(e)


@stable_softmax.mistake(
    "axis=0 runs down the columns: it makes the samples of a batch share one probability. A row is a sample: axis=-1."
)
def _(u):
    e = np.exp(u - np.max(u, axis=0))
    return e / np.sum(e, axis=0)


@stable_softmax.mistake(
    "the maximum is each row's, but the sum (axis=0) runs down the columns. A row is a sample: axis=-1."
)
def _(u):
    e = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=0)


@stable_softmax.mistake("one sample (K,) has no axis 1. axis=-1, the last one, exists in both: (K,) and (N, K).")
def _(u):
    e = np.exp(u - np.max(u, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@stable_softmax.mistake(
    "one sample (K,) has no axis 1: take axis=-1, the last one. And e¹⁰⁰⁰ is inf: subtract each row's maximum first."
)
def _(u):
    e = np.exp(u)
    return e / np.sum(e, axis=1, keepdims=True)


@stable_softmax.mistake("one number per row, shape (N,), does not line up with (N, K): keepdims=True makes it (N, 1).")
def _(u):
    e = np.exp(u - np.max(u, axis=-1))
    return e / np.sum(e, axis=-1)


@stable_softmax.mistake(
    "e¹⁰⁰⁰ is inf, and inf / inf is nan. Subtract each row's maximum first: it changes nothing else."
)
def _(u):
    e = np.exp(u)
    return e / np.sum(e, axis=-1, keepdims=True)


@stable_softmax.mistake(
    "e¹⁰⁰⁰ is inf, and summing the whole batch mixes the samples: each row needs its own maximum and sum."
)
def _(u):
    e = np.exp(u)
    return e / np.sum(e)


@stable_softmax.mistake(
    "that is the largest entry of the whole batch. It leaves nothing of the row [0, 1, …] but 0 / 0: each row needs its own."
)
def _(u):
    e = np.exp(u - np.max(u))
    return e / np.sum(e, axis=-1, keepdims=True)


@stable_softmax.mistake(
    "one sample (K,) falls past the `if` and nothing is returned. axis=-1 needs no case for each shape."
)
def _(u):
    if np.ndim(u) == 2:
        e = np.exp(u - np.max(u, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)
    return None


@stable_softmax.mistake(
    "that keeps ratios, and −1 becomes a negative share. Softmax divides powers: e^u first, then the sum."
)
def _(u):
    return u / np.sum(u, axis=-1, keepdims=True)


@stable_softmax.mistake(
    "minus the mean leaves a positive exponent, here 1000: subtract the row's *largest* entry, and none is above 0."
)
def _(u):
    e = np.exp(u - np.mean(u, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@stable_softmax.mistake("the row does not sum to 1 yet: divide by its sum.")
def _(u):
    return np.exp(u - np.max(u, axis=-1, keepdims=True))


@stable_softmax.mistake("the sign is turned: the largest score gets the least. u minus its maximum, not the other way.")
def _(u):
    e = np.exp(np.max(u, axis=-1, keepdims=True) - u)
    return e / np.sum(e, axis=-1, keepdims=True)


@stable_softmax.mistake("shifted above the line, but not below it: use the same e in both places.")
def _(u):
    return np.exp(u - np.max(u, axis=-1, keepdims=True)) / np.sum(np.exp(u), axis=-1, keepdims=True)


@stable_softmax.test(of_right=True)
def _any_size(learners):
    y = learners(np.array([[-2000.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    if not np.allclose(np.asarray(y)[0], [0, 0.5, 0.5]):
        return "for the row [-2000, 0, 0] two equal entries must share everything: y = [0, ½, ½]."
    if not np.allclose(learners(np.full((2, 2), -1000.0)), 0.5):
        return "a row of −1000 everywhere should give equal shares; subtract the row's maximum, whatever its sign."
    return None


# --- ten layers in one ----------------------------------------------------------------------------------------


def _square_layers(depth, seed):
    draw = rng(seed).standard_normal
    return [(draw((2, 2)), draw(2)) for _ in range(depth)]


# Square layers only: then a wrong order of factors is a wrong number, in whatever words NumPy would refuse other shapes.
@lesson.exercise(cases=[(_square_layers(2, 0),), (_square_layers(3, 1),)])
def merge(layers):
    """The one layer (W, b) that does what these layers do in a row, without activation.

    layers: list of any number of pairs (W, b), the first layer first.
    """
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


@merge.mistake("W is right. But b also goes through the next layer, as everything does: b @ W_next + b_next.")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, b + b_next
    return W, b


@merge.mistake("W is right. Only the last bias is left: the earlier ones do not vanish, they pass through the next W.")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, b_next
    return W, b


@merge.mistake("W is right, and b went through the next layer; but there the next layer adds its own b_next.")
def _(layers):
    W, b = layers[0]
    for W_next, _ in layers[1:]:
        W, b = W @ W_next, b @ W_next
    return W, b


@merge.mistake(
    "the W came first when b went through the next layer: b must meet the W of the *next* layer, not of the merged one."
)
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W @ W_next
        b = b @ W + b_next
    return W, b


@merge.mistake("b is right. x meets the first W first, so the first W stands first: W @ W_next.")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, b @ W_next + b_next
    return W, b


@merge.mistake("W_next @ W is the order of column vectors. Here x is a row and meets the first W first: W @ W_next.")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@merge.mistake("`*` multiplies entry by entry. A layer after a layer is a matrix product: W @ W_next.")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W * W_next, b @ W_next + b_next
    return W, b


@merge.mistake("the first layer is in twice: you start with it, so the loop goes over layers[1:].")
def _(layers):
    W, b = layers[0]
    for W_next, b_next in layers:
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


@merge.mistake("those are the first two layers alone. The result is a layer like any other: merge it with the third.")
def _(layers):
    (W1, b1), (W2, b2) = layers[:2]
    return W1 @ W2, b1 @ W2 + b2


@merge.test(of_right=True)
def _other_sizes(learners):
    draw = rng(2).standard_normal
    layers = [(draw((2, 3)), draw(3)), (draw((3, 1)), draw(1))]
    (W, b), (W_right, b_right) = learners(layers), merge.reference(layers)
    if np.shape(W) != W_right.shape or np.shape(b) != b_right.shape:
        return f"for 2-3-1 the one layer must have W {W_right.shape} and b {b_right.shape}; {np.shape(W)} and {np.shape(b)} came."
    if not (np.allclose(W, W_right) and np.allclose(b, b_right)):
        return "right for layers of two units, wrong for 2-3-1."
    if not np.allclose(learners(layers[:1])[0], layers[0][0]):
        return "a list of one layer is that layer."
    return None


# --- the slope from the output --------------------------------------------------------------------------------


@lesson.exercise(cases=[np.array([0.1, 0.25, 0.5, 0.9]), np.array([[0.99, 0.01], [0.6, 0.3]])])
def slope_from_output(z):
    """The derivative σ′(u) of the sigmoid, when all you know is its output z = σ(u)."""
    return z * (1 - z)


@slope_from_output.mistake("z has been through the sigmoid already; you send it through once more. z itself is σ(u).")
def _(z):
    return d_sigmoid(z)


@slope_from_output.mistake("that is tanh's: 1 − z². The sigmoid's has its two limits, 0 and 1, as factors.")
def _(z):
    return 1 - z**2


@slope_from_output.mistake("a negative slope? The sigmoid only rises: the second factor is 1 − z, not z − 1.")
def _(z):
    return z * (z - 1)


@slope_from_output.mistake(
    "that is u, recovered from z: right so far, but the slope at u was asked for, and it needs no u."
)
def _(z):
    return np.log(z / (1 - z))


@slope_from_output.mistake("that is half of the product. Near z = 0 the sigmoid is flat as well: which factor says so?")
def _(z):
    return 1 - z


# --- XOR with ReLU --------------------------------------------------------------------------------------------


@lesson.exercise()
def xor_with_relu():
    """A 2-2-1 network that answers XOR exactly: ReLU in the middle, no bend at the end.

    Return W1, b1, W2, b2 of shapes (2, 2), (2,), (2, 1), (1,).
    """
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    b1 = np.array([0.0, -1.0])
    W2 = np.array([[1.0], [-2.0]])
    b2 = np.array([0.0])
    return W1, b1, W2, b2


XOR_HINTS = {
    (
        0,
        1,
        1,
        2,
    ): "your network counts: 0, 1, 1, 2. The sum is right up to 1; a second unit must wake up at 1 and bend it down.",
    (0, 1, 1, 1): "that is OR. From x0 + x1 = 1 to 2 the output must not stay level but fall by 1: bend twice as hard.",
    (0, 0, 0, 1): "that is AND. Only the corner at (1, 1) is seen; another unit has to answer for (0, 1) and (1, 0).",
    (1, 1, 1, 0): "that is NAND: right at three corners, but (0, 0) must give 0.",
    (1, 0, 0, 1): "that is XOR upside down. Turn the sign of W2 around and adjust b2.",
    (1, 0, 0, 0): "that is NOR. As x0 + x1 goes from 0 to 1 to 2, the output has to rise first and fall then.",
    (
        -0.5,
        0,
        0,
        0.5,
    ): "those are the numbers of the step network. A step says only whether u is above 0; ReLU passes on *how far* "
    "above, so OR's unit is three times as loud at (1, 1) as at (0, 1). Start from x0 + x1.",
    (0, 0, 0, 0): "0 everywhere: does any hidden unit wake up? Its u must be positive at one of the corners.",
}


@xor_with_relu.test
def _xor(learners):
    parts = learners()
    if not isinstance(parts, tuple | list) or len(parts) != 4:
        return "return four arrays: W1, b1, W2, b2."
    W1, b1, W2, b2 = (np.asarray(p, dtype=float) for p in parts)
    shapes, wanted = [p.shape for p in (W1, b1, W2, b2)], [(2, 2), (2,), (2, 1), (1,)]
    if shapes != wanted:
        name, came, right = next(t for t in zip(("W1", "b1", "W2", "b2"), shapes, wanted, strict=True) if t[1] != t[2])
        return f"{name} must have shape {right}; {came} came."
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = (relu(x @ W1 + b1) @ W2 + b2)[:, 0]
    if np.allclose(y, [0, 1, 1, 0]):
        return None
    said = (
        f"at (0, 0), (0, 1), (1, 0), (1, 1) yours answers {', '.join(f'{v + 0.0:.3g}' for v in y)}; XOR is 0, 1, 1, 0."
    )
    hint = next((text for answers, text in XOR_HINTS.items() if np.allclose(y, answers)), None)
    return f"{hint}\n  {said}" if hint else said


# --- quizzes --------------------------------------------------------------------------------------------------

lesson.quiz(
    "which_is_linear",
    "Which of these functions is linear?",
    right="c",
    a=(
        "f(u) = 2u + 1",
        "its graph is straight, but f(0) = 1, and twice the input is not twice the output: it is affine.",
    ),
    b=("f(u) = max(u, 0)", "two straight pieces are not one: max(1 + (−1), 0) = 0, and max(1, 0) + max(−1, 0) = 1."),
    c=(
        "f(u) = −u/2",
        "it adds and it scales: f(u + v) = f(u) + f(v), f(cu) = c f(u). A negative slope is no obstacle.",
    ),
    d=("f(u) = |u|", "|1 + (−1)| = 0, but |1| + |−1| = 2: it has a corner, as ReLU has."),
)

lesson.quiz(
    "largest_slope",
    "Where is the sigmoid's derivative largest, and how large is it there?",
    right="b",
    a=("at u = 0, and it is 0.15", "the place is right, the slope is too small. There z = ½; what is z (1 − z)?"),
    b=(
        "at u = 0, and it is 0.25",
        "at u = 0 the output is ½, and ½ · ½ = ¼. Every layer of sigmoids scales the slope by at most that.",
    ),
    c=("at u = 0, and it is 0.35", "the place is right. But z (1 − z) with z = ½ is not 0.35."),
    d=("at u = 0, and it is 0.45", "the place is right. 0.45 is nearly z itself there; the slope is z (1 − z)."),
    e=(
        "far to the right, and it is 1",
        "there the *value* is nearly 1, and nothing moves any more: the slope is nearly 0.",
    ),
)

lesson.quiz(
    "shifted_scores",
    "softmax([2, 1]) is [0.731, 0.269]. What is softmax([12, 11])?",
    right="a",
    a=(
        "[0.731, 0.269], the same",
        "the difference is still 1, and only differences count: adding 10 multiplies every e^u alike.",
    ),
    b=(
        "[0.522, 0.478], because 12 and 11 are nearly equal",
        "that is 12/23 and 11/23: ratios of the scores. Softmax sees differences.",
    ),
    c=(
        "[1.000, 0.000], because the scores are larger",
        "larger *differences* make it surer. What is the difference here?",
    ),
    d=("an overflow", "e¹² is 162,755, no problem. And a softmax that subtracts the maximum computes e⁰ and e⁻¹."),
)

lesson.quiz(
    "flaw_of_the_step",
    "Why do networks that learn not use the step function?",
    right="d",
    a=(
        "a network of steps cannot solve XOR",
        "one unit cannot, whatever its bend; a network of three steps did, in this lesson.",
    ),
    b=("its value at 0 is not defined", "it is once you choose it; the choice matters only where u is exactly 0."),
    c=("it is slow to compute", "it is one comparison, cheaper than an exponential."),
    d=(
        "its derivative is 0",
        "a small change of a weight changes nothing in the output, so nothing tells which way to turn the weight.",
    ),
)
