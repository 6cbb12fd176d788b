"""Feedback on day2/05, overfitting."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/05")
exercise, quiz = lesson.check, lesson.answer

WEIGHTS = [
    (np.array([[0.5, -2.0], [0.0, 3.0]]), 0.1),
    (np.array([-1.0, 0.25, 4.0]), 0.03),
    (rng(1).standard_normal((3, 2, 2)), 2.0),
]


# --- ridge_gradient ---------------------------------------------------------------------------------------------------


@lesson.exercise(cases=WEIGHTS)
def ridge_gradient(param, strength):
    """The gradient of strength/2 · Σ param² with respect to param, an array of any shape."""
    return strength * param


@ridge_gradient.mistake(
    "twice too much. The square brings down a 2, and the ½ in front of the sum takes it away again."
)
def _(param, strength):
    return 2 * strength * param


@ridge_gradient.mistake("half of it is missing: the square brings down a 2, which cancels the ½.")
def _(param, strength):
    return strength / 2 * param


@ridge_gradient.mistake(
    "that is the gradient of the *length* ‖param‖, with a root. There is no root in the price: without it the pull "
    "grows with the weight."
)
def _(param, strength):
    return strength * param / np.sqrt(np.sum(param**2))


@ridge_gradient.mistake("that is the price itself. Its gradient has one number for every weight.")
def _(param, strength):
    return strength / 2 * np.sum(param**2)


@ridge_gradient.mistake("that is the price of each weight, not its slope: w² has the slope 2w.")
def _(param, strength):
    return strength / 2 * param**2


@ridge_gradient.mistake("that is the price of each weight, without its ½, and not its slope: w² has the slope 2w.")
def _(param, strength):
    return strength * param**2


@ridge_gradient.mistake("one number for all weights. ∂/∂w of the sum sees only the term with this w: keep the shape.")
def _(param, strength):
    return strength * np.sum(param)


@ridge_gradient.mistake("strength is missing: ten times the price has ten times the gradient.")
def _(param, strength):
    return param


@ridge_gradient.mistake("the sign of param counts: a negative weight has to be pulled *up* to 0.")
def _(param, strength):
    return strength * np.abs(param)


@ridge_gradient.mistake(
    "the other way round. This is the gradient, which points uphill; the minus is in the optimizer's step."
)
def _(param, strength):
    return -strength * param


@ridge_gradient.mistake("that is the gradient of L1. A square's slope grows with the weight.")
def _(param, strength):
    return strength * np.sign(param)


# --- lasso_gradient ---------------------------------------------------------------------------------------------------


@lesson.exercise(cases=WEIGHTS)
def lasso_gradient(param, strength):
    """The gradient of strength · Σ |param| with respect to param, an array of any shape.
    Where param is 0, let it be 0."""
    return strength * np.sign(param)


@lasso_gradient.mistake(
    "every weight is pushed down, the negative ones away from 0. Left of 0, |w| falls: its slope there is −1."
)
def _(param, strength):
    return strength * np.ones_like(param)


@lasso_gradient.mistake("that is the price of each weight, not its slope. |w| has slope 1 or −1, however large w is.")
def _(param, strength):
    return strength * np.abs(param)


@lasso_gradient.mistake("that is the gradient of L2, which fades near 0. The slope of |w| does not.")
def _(param, strength):
    return strength * param


@lasso_gradient.mistake(
    "right, except at 0, where it divides 0 by 0. A weight that is 0 stays there: its gradient is 0."
)
def _(param, strength):
    return strength * param / np.abs(param)


@lasso_gradient.mistake("a weight that is exactly 0 is pushed away from 0. At 0 the gradient is 0.")
def _(param, strength):
    return strength * np.where(param >= 0, 1.0, -1.0)


@lasso_gradient.mistake("a weight that is exactly 0 is pushed away from 0. At 0 the gradient is 0, on either side ±1.")
def _(param, strength):
    return strength * np.where(param > 0, 1.0, -1.0)


@lasso_gradient.mistake("negative weights get nothing. Left of 0 the slope of |w| is −1, not 0.")
def _(param, strength):
    return strength * (param > 0)


@lasso_gradient.mistake("one number for all weights. Each has a sign of its own: keep the shape.")
def _(param, strength):
    return strength * np.sum(np.sign(param))


@lasso_gradient.mistake("strength is missing: ten times the price has ten times the slope.")
def _(param, strength):
    return np.sign(param)


@lasso_gradient.mistake(
    "the other way round. This is the gradient, which points uphill; the minus is in the optimizer's step."
)
def _(param, strength):
    return -strength * np.sign(param)


# --- dropout ----------------------------------------------------------------------------------------------------------


@lesson.exercise()
def dropout(x, rate, rng, training):
    """In training: each number of x becomes 0 with probability rate; divide the rest by 1 − rate.
    In inference (training=False): x as it is. x has any shape; draw with rng.random(shape)."""
    if not training:
        return x
    kept = rng.random(x.shape) >= rate
    return x * kept / (1 - rate)


@dropout.test
def _returns_an_array(learners):
    for training in (True, False):
        y = learners(np.ones((4, 3)), 0.25, rng(), training)
        if y is None:
            return f"with training={training} it gives back None: is a `return` missing?"
        if np.shape(y) != (4, 3):
            return f"x of shape (4, 3) came back with shape {np.shape(y)}; dropout changes no shape."
    return None


@dropout.test
def _inference(learners):
    x = rng(2).standard_normal((200, 50))
    y = learners(x.copy(), 0.25, rng(), False)
    if np.array_equal(y, x):
        return None
    if np.any(y == 0):
        return "it drops in inference, too: the same image would get another answer every time. There, return x."
    if np.allclose(y, 0.75 * x):
        return (
            "in inference it multiplies by 1 − rate. That is the older form, and belongs to a training that does not "
            "divide. This one divides in training, and inference has nothing to do."
        )
    return "in inference x has to come back as it is."


@dropout.test
def _one_by_one(learners):
    zeros = learners(np.ones((200, 300)), 0.2, rng(3), True) == 0
    if not zeros.any():
        return "in training nothing is dropped."
    if np.all(zeros == zeros[0]):
        return "the same units are dropped for every sample. Draw one number for every entry of x: rng.random(x.shape)."
    if np.all(zeros == zeros[:, :1]):
        return "a sample is dropped whole or kept whole. Draw one number for every entry of x: rng.random(x.shape)."
    return None


@dropout.test
def _share(learners):
    x = np.ones((200, 300))
    y = learners(x.copy(), 0.2, rng(3), True)
    share = np.mean(y == 0)
    if abs(share - 0.8) < 0.02:
        return "80 % are dropped with rate = 0.2. rate is the share that goes, not the share that stays."
    if abs(share - 0.2) > 0.02:
        return f"with rate = 0.2 it drops {100 * share:.0f} % of the numbers in training."
    return None


@dropout.test
def _scale(learners):
    x = rng(4).uniform(1, 2, (100, 100))
    y = learners(x.copy(), 0.2, rng(5), True)
    kept = y[y != 0] / x[y != 0]
    for factor, hint in (
        (
            1.0,
            "what is kept is not made larger: on average a fifth of the signal is missing in training, and comes back in "
            "inference. Divide by 1 − rate.",
        ),
        (0.8, "what is kept gets smaller still. Divide by 1 − rate, don't multiply: it has to speak for the dropped."),
        (5.0, "divided by rate: at rate 0.2 five times too large. A share of 1 − rate is left, so divide by that."),
        (0.2, "multiplied by rate; divide by 1 − rate: what is left has to speak for what is dropped."),
    ):
        if np.allclose(kept, factor):
            return hint
    return None if np.allclose(kept, 1.25) else "at rate 0.2, what is kept should be 1 / 0.8 = 1.25 times its value."


@dropout.test
def _randomness(learners):
    x = np.ones((20, 20))
    first, again, other = (learners(x.copy(), 0.5, rng(seed), True) for seed in (6, 6, 7))
    if not np.array_equal(first, again):
        return "the same rng gives another result each time: draw from rng, not from np.random."
    if np.array_equal(first, other):
        return "another rng drops the same numbers: draw from the rng that comes in."
    return None


@dropout.test
def _own_array(learners):
    x = np.ones((5, 5))
    learners(x, 0.5, rng(), True)
    return None if np.all(x == 1) else "it writes the zeros into x itself, which others still need. Make a new array."


# --- random_crop ------------------------------------------------------------------------------------------------------


@lesson.exercise()
def random_crop(image, size, rng):
    """A window of size (h, w) of an image (H, W), at a random place.
    Every place where it fits is equally likely. rng.integers(low, high) draws from low to high − 1."""
    (H, W), (h, w) = image.shape, size
    top, left = rng.integers(0, H - h + 1), rng.integers(0, W - w + 1)
    return image[top : top + h, left : left + w]


NUMBERED = np.arange(5 * 7).reshape(5, 7)


@random_crop.test
def _shape(learners):
    try:
        windows = [learners(NUMBERED.copy(), (2, 4), rng(seed)) for seed in range(30)]
    except Exception as error:
        return f"a window of 2×4 from an image of 5×7: it raised {type(error).__name__}: {error}"
    if windows[0] is None:
        return "it gives back None: is a `return` missing?"
    shapes = [np.shape(window) for window in windows]
    if (4, 2) in shapes:
        return "height and width have changed places: size is (h, w), and rows come first."
    if any(0 in shape for shape in shapes):
        return "where the window begins further down or right nothing is left of it: a slice ends at top + h, not at h."
    if shapes != [(2, 4)] * 30:
        other = next(shape for shape in shapes if shape != (2, 4))
        return f"a window of 2×4 was asked for; one of shape {other} came."
    if not all(np.array_equal(v, v[0, 0] + np.arange(2)[:, None] * 7 + np.arange(4)) for v in windows):
        return "what came is no connected window of the image: slice rows top … top+h and columns left … left+w."
    return None


@random_crop.test
def _whole(learners):
    try:
        whole = learners(NUMBERED.copy(), (5, 7), rng())
    except Exception as error:
        return (
            f"a window as large as the image has one place, 0, but it raised {type(error).__name__}: {error}. The places "
            "are 0 … H − h, both included: how many is that?"
        )
    return None if np.array_equal(whole, NUMBERED) else "a window as large as the image has to be the image."


@random_crop.test
def _places(learners):
    generator = rng(8)
    corners = [int(learners(NUMBERED.copy(), (2, 4), generator)[0, 0]) for _ in range(1600)]
    tops, lefts = np.divmod(corners, 7)
    if len(set(corners)) == 1:
        return "the window is always at the same place."
    if tops.max() < 3 or lefts.max() < 3:
        return (
            "it never draws the last place. A window of 2 fits into 5 rows at 0, 1, 2 and 3: that is H − h + 1 places, and "
            "rng.integers leaves out its upper end."
        )
    if tops.min() > 0 or lefts.min() > 0:
        return "it never draws place 0: the window may begin at the very edge."
    if np.all(tops == lefts):
        return "row and column are the same number: the window moves along the diagonal. Draw twice."
    counts = np.bincount(4 * tops + lefts, minlength=16)
    if counts.min() < 60 or counts.max() > 150:
        return f"the 16 places are not equally likely: of 1600 windows {counts.min()} … {counts.max()} begin at one."
    return None


@random_crop.test
def _from_rng(learners):
    first = [int(learners(NUMBERED.copy(), (2, 2), generator)[0, 0]) for generator in [rng(9)] for _ in range(20)]
    again = [int(learners(NUMBERED.copy(), (2, 2), generator)[0, 0]) for generator in [rng(9)] for _ in range(20)]
    return None if first == again else "the same rng gives another window each time: draw from rng, not from np.random."


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "which_is_lasso",
    "Two pictures: (1) the allowed region is a circle, (2) it is a diamond. Which one is Lasso (L1), and why does it set "
    "weights to 0?",
    right="d",
    a=(
        "(1): the circle is round, so the ring touches it on an axis",
        "on an axis only by chance; a circle's points are all alike.",
    ),
    b=("(1): the circle is smaller", "how large the region is depends on λ. It is the shape that differs."),
    c=(
        "(2): the diamond lies inside the circle",
        "true for these sizes, and not the reason. Look at where a ring first touches it.",
    ),
    d=(
        "(2): the diamond has corners, and they lie on the axes",
        "the growing ring meets a corner first from many directions, and in a corner one weight is exactly 0.",
    ),
)

lesson.quiz(
    "dropout_at_test_time",
    "A network was trained with inverted dropout, rate 0.5. What does the dropout layer do at test time?",
    right="c",
    a=(
        "it drops half of the units, as in training",
        "then the same image could get another answer each time. Dropout is for training.",
    ),
    b=(
        "it multiplies by 0.5, because twice as many units are active now",
        "that was the older form. Inverted dropout has doubled what it kept, in training; scaling again would halve the signal.",
    ),
    c=("nothing: x goes through", "the scaling was done in training, so that the expected value is right already."),
    d=(
        "it doubles x",
        "the doubling belongs to training, where half of the units are missing. Here nobody is missing.",
    ),
)

lesson.quiz(
    "test_above_train",
    "With dropout and 30 % wrong labels, a network scores 70 % on its training data and 88 % on test data. What has gone wrong?",
    right="b",
    a=(
        "the test data leaked into training",
        "a leak would raise the test score, but it does not explain 70 % on the data it was trained on.",
    ),
    b=(
        "nothing: it reads most of the wrongly labelled digits correctly, and the training score counts that as errors",
        "whoever does not believe the 30 % wrong labels cannot score much above 70 % on them.",
    ),
    c=(
        "it underfits: the network is too small",
        "look at the 88 %. What it could still learn on the training data are lies.",
    ),
    d=(
        "dropout was left on during the test",
        "that would lower the test score. And the training score is measured without dropout as well.",
    ),
)
