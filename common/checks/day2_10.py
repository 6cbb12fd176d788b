"""Feedback on day2/10, AlexNet."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/10")
exercise, quiz = lesson.check, lesson.answer


# --- size_walk --------------------------------------------------------------------------------------------------------

PAPER = [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0)]
WALKS = [
    (227, PAPER),
    (224, [(11, 4, 2), (3, 2, 0), (5, 1, 2)]),
    (31, [(3, 1, 1), (3, 2, 0), (5, 3, 2)]),
    (26, [(2, 2, 0), (4, 3, 1)]),
]


@lesson.exercise(cases=WALKS)
def size_walk(size, layers):
    """The side of the maps behind each layer, as a list. size: the side of the image.
    layers: (window, stride, padding) of each convolution or pool, as in [(11, 4, 0), (3, 2, 0)]."""
    sides = []
    for window, stride, padding in layers:
        size = (size + 2 * padding - window) // stride + 1
        sides.append(size)
    return sides


def walk(formula):
    """The sides by a (wrong) formula for one layer."""

    def sides(size, layers):
        found = []
        for window, stride, padding in layers:
            size = formula(size, window, stride, padding)
            found.append(size)
        return found

    return sides


@size_walk.mistake("the padding is missing: it makes the image larger on both sides, by 2 · padding.")
def _(size, layers):
    return walk(lambda n, w, s, p: (n - w) // s + 1)(size, layers)


@size_walk.mistake("the padding counts once. It is put on the left *and* on the right: 2 · padding.")
def _(size, layers):
    return walk(lambda n, w, s, p: (n + p - w) // s + 1)(size, layers)


@size_walk.mistake(
    "one too few behind every layer. The division counts the steps of the window; it also has a place where it starts: + 1."
)
def _(size, layers):
    return walk(lambda n, w, s, p: (n + 2 * p - w) // s)(size, layers)


@size_walk.mistake("a side of 54.25 pixels? A window that does not fit is left out: round down, with //.")
def _(size, layers):
    return walk(lambda n, w, s, p: (n + 2 * p - w) / s + 1)(size, layers)


@size_walk.mistake(
    "rounded up or to the nearest: then the last window hangs over the edge. A window that does not fit is left out, so "
    "round down."
)
def _(size, layers):
    return walk(lambda n, w, s, p: -((n + 2 * p - w) // -s) + 1)(size, layers)


@size_walk.mistake("rounded to the nearest number: half a window is no window. Round down, with //.")
def _(size, layers):
    return walk(lambda n, w, s, p: round((n + 2 * p - w) / s) + 1)(size, layers)


@size_walk.mistake("every layer gets the image here. A layer's input is what the layer before it gave: carry it along.")
def _(size, layers):
    return [(size + 2 * padding - window) // stride + 1 for window, stride, padding in layers]


@size_walk.mistake("a layer is (window, stride, padding), in this order.")
def _(size, layers):
    return walk(lambda n, w, s, p: (n + 2 * s - w) // p + 1)(size, layers)


@size_walk.mistake("that is the last side. The walk has one for every layer: collect them in a list.")
def _(size, layers):
    return size_walk.reference(size, layers)[-1]


@size_walk.mistake("the image itself is in the list. Begin with the side *behind* the first layer.")
def _(size, layers):
    return [size, *size_walk.reference(size, layers)]


@size_walk.mistake(
    "the stride divides too much: first the room that the window can move in, size + 2 · padding − window, then the division, "
    "then + 1. Mind the brackets."
)
def _(size, layers):
    return walk(lambda n, w, s, p: (n + 2 * p - w + 1) // s)(size, layers)


@size_walk.mistake("window and stride have changed places: a layer is (window, stride, padding).")
def _(size, layers):
    return walk(lambda n, w, s, p: (n + 2 * p - s) // w + 1)(size, layers)


@size_walk.test(of_right=True)
def _whole(learners):
    sides = learners(227, PAPER)
    if any(not isinstance(side, int | np.integer) for side in np.ravel(np.asarray(sides, dtype=object))):
        return (
            "the numbers are right here, but they are not whole numbers: with another image / would give 54.25. Use //."
        )
    return None


# --- grouped_parameters -----------------------------------------------------------------------------------------------


@lesson.exercise(cases=[(96, 256, 5, 2), (384, 384, 3, 2), (256, 384, 3, 1), (6, 12, 3, 3)])
def grouped_parameters(channels, filters, window, groups):
    """How many weights and biases a convolution has whose filters are dealt out to groups: a filter
    sees only the channels of its own group. window: the side of the square window."""
    return (channels // groups * window**2 + 1) * filters


@grouped_parameters.mistake(
    "that is a convolution without groups. A filter of one group sees only channels / groups channels."
)
def _(channels, filters, window, groups):
    return (channels * window**2 + 1) * filters


@grouped_parameters.mistake(
    "that is one group of them. All groups together have all the filters; only the channels that each one sees are fewer."
)
def _(channels, filters, window, groups):
    return (channels // groups * window**2 + 1) * (filters // groups)


@grouped_parameters.mistake(
    "divided twice: neither do all the filters see all the channels, nor are there fewer filters. Count one filter first: "
    "how many channels does it see, and has it a bias?"
)
def _(channels, filters, window, groups):
    return channels // groups * window**2 * (filters // groups) + filters


@grouped_parameters.mistake("the biases are missing: one for every filter.")
def _(channels, filters, window, groups):
    return channels // groups * window**2 * filters


@grouped_parameters.mistake(
    "the biases are divided, too. Each filter has one, in whatever group it is: only the weights become fewer."
)
def _(channels, filters, window, groups):
    return (channels * window**2 + 1) * filters / groups


@grouped_parameters.mistake("the groups make it larger here. A filter sees *fewer* channels: channels / groups.")
def _(channels, filters, window, groups):
    return (channels * window**2 + 1) * filters * groups


@grouped_parameters.mistake("the window is square: window · window weights for each channel that a filter sees.")
def _(channels, filters, window, groups):
    return (channels // groups * window + 1) * filters


@grouped_parameters.mistake(
    "one bias for every channel? The bias belongs to the filter: one number is added to all that it gives."
)
def _(channels, filters, window, groups):
    return channels // groups * (window**2 + 1) * filters


@grouped_parameters.mistake(
    "filters and channels have changed places: every filter has channels / groups · window² weights and one bias."
)
def _(channels, filters, window, groups):
    return (filters // groups * window**2 + 1) * channels


# --- lrn --------------------------------------------------------------------------------------------------------------

MAPS = [
    (rng(1).uniform(0, 300, (2, 8, 2, 3)), 5, 2.0, 1e-4, 0.75),
    (rng(2).uniform(0, 200, (1, 7, 3, 2)), 3, 1.5, 1e-3, 0.5),
    (rng(3).uniform(-1, 1, (1, 6, 2, 2)), 5, 2.0, 0.1, 1.0),
]


@lesson.exercise(cases=MAPS)
def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    """x / s**beta for maps (N, C, H, W), with s = k + alpha · Σ x²: the sum over a channel and its
    neighbours, n channels in all (n is odd); at the edges, as many of them as there are."""
    z = np.empty_like(x)
    for c in range(x.shape[1]):
        neighbours = x[:, max(0, c - n // 2) : c + n // 2 + 1]
        z[:, c] = x[:, c] / (k + alpha * np.sum(neighbours**2, axis=1)) ** beta
    return z


def damped(total, power=lambda s, beta: s**-beta):
    """Wrong versions: with another sum over the channels, total(x, c, n)."""

    def version(x, n, k, alpha, beta):
        z = np.empty_like(x)
        for c in range(x.shape[1]):
            z[:, c] = x[:, c] * power(k + alpha * total(x, c, n), beta)
        return z

    return version


def right_sum(x, c, n):
    return np.sum(x[:, max(0, c - n // 2) : c + n // 2 + 1] ** 2, axis=1)


@lrn.mistake(
    "the first channels are damped by nobody. x[:, c - n // 2 : …] with a negative start counts from the end and comes out "
    "empty: begin at max(0, c - n // 2)."
)
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: np.sum(x[:, c - n // 2 : c + n // 2 + 1] ** 2, axis=1))(x, n, k, alpha, beta)


@lrn.mistake("beta is the power of the sum alone here. It belongs to all of s, k included: (k + alpha * …) ** beta.")
def _(x, n, k, alpha, beta):
    z = np.empty_like(x)
    for c in range(x.shape[1]):
        z[:, c] = x[:, c] / (k + alpha * right_sum(x, c, n) ** beta)
    return z


@lrn.mistake("the last neighbour is missing: a slice leaves out its end, so it takes c + n // 2 + 1.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: np.sum(x[:, max(0, c - n // 2) : c + n // 2] ** 2, axis=1))(x, n, k, alpha, beta)


@lrn.mistake("n channels on either side, 2n + 1 in all. It should be n in all: n // 2 on either side.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: np.sum(x[:, max(0, c - n) : c + n + 1] ** 2, axis=1))(x, n, k, alpha, beta)


@lrn.mistake("the n channels from c on. The channel should stand in the middle of its neighbours: from c − n // 2.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: np.sum(x[:, c : c + n] ** 2, axis=1))(x, n, k, alpha, beta)


@lrn.mistake("the channel damps only itself. Its neighbours count as well: that is the idea.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: x[:, c] ** 2)(x, n, k, alpha, beta)


@lrn.mistake("its neighbours damp the channel, but not the channel itself. It is one of the n.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: right_sum(x, c, n) - x[:, c] ** 2)(x, n, k, alpha, beta)


@lrn.mistake("the sum runs over all channels. Only n of them are neighbours.")
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: np.sum(x**2, axis=1))(x, n, k, alpha, beta)


@lrn.mistake("the square is missing: Σ x², or channels of both signs would cancel.")
def _(x, n, k, alpha, beta):
    total = damped(lambda x, c, n: np.sum(x[:, max(0, c - n // 2) : c + n // 2 + 1], axis=1))
    return total(x, n, k, alpha, beta)


@lrn.mistake("the square of the sum, where the sum of the squares was asked for: square each x first.")
def _(x, n, k, alpha, beta):
    total = damped(lambda x, c, n: np.sum(x[:, max(0, c - n // 2) : c + n // 2 + 1], axis=1) ** 2)
    return total(x, n, k, alpha, beta)


@lrn.mistake(
    "alpha is divided by n: that is PyTorch's form. AlexNet's formula has alpha as the factor of the sum itself."
)
def _(x, n, k, alpha, beta):
    return damped(lambda x, c, n: right_sum(x, c, n) / n)(x, n, k, alpha, beta)


@lrn.mistake("the mean of the squares, where the formula has their sum.")
def _(x, n, k, alpha, beta):
    total = damped(lambda x, c, n: np.mean(x[:, max(0, c - n // 2) : c + n // 2 + 1] ** 2, axis=1))
    return total(x, n, k, alpha, beta)


@lrn.mistake("multiplied by s**beta: the bright get brighter. Divide.")
def _(x, n, k, alpha, beta):
    return damped(right_sum, lambda s, beta: s**beta)(x, n, k, alpha, beta)


@lrn.mistake("beta is missing: the sum is raised to the power beta before it divides.")
def _(x, n, k, alpha, beta):
    return damped(right_sum, lambda s, beta: 1 / s)(x, n, k, alpha, beta)


@lrn.mistake("k is missing: a dark pixel among dark neighbours would be divided by next to nothing.")
def _(x, n, k, alpha, beta):
    return damped(right_sum)(x, n, 0.0, alpha, beta)


@lrn.mistake("that is s. What is asked for is x / s**beta.")
def _(x, n, k, alpha, beta):
    return np.stack([k + alpha * right_sum(x, c, n) for c in range(x.shape[1])], axis=1)


@lrn.mistake("each channel is normalised by itself, over its pixels: that is nearer to batch norm. Sum over channels, axis 1.")  # fmt: skip
def _(x, n, k, alpha, beta):
    return x / (k + alpha * np.sum(x**2, axis=(2, 3), keepdims=True)) ** beta


@lrn.mistake(
    "a channel sees neighbours that have been damped already. Sum over the x that came in, and write into a new array."
)
def _(x, n, k, alpha, beta):
    z = x.copy()
    for c in range(x.shape[1]):
        z[:, c] = z[:, c] / (k + alpha * right_sum(z, c, n)) ** beta
    return z


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "what_lenet_had",
    "Which of these was *not* in LeNet-5 in 1998?",
    right="c",
    a=("filters that are shared by all places", "they are what makes it a convolutional network; Fukushima had them in 1980."),
    b=("weights learnt by back-propagation, from the pixels to the answer", "it had that, too: back-propagation went all the way to the pixels."),
    c=("dropout", "dropout came in 2012, and AlexNet was one of the first large networks to use it."),
    d=("pooling", "LeNet had it: it pools by averages. AlexNet's pools take the maximum, and that is older than AlexNet, too."),
)  # fmt: skip

lesson.quiz(
    "instead_of_flatten",
    "In AlexNet, somebody replaces `Flatten()` by `GlobalAveragePooling()` and fits the first affine layer to it. How many "
    "parameters has that layer, which had 37,752,832?",
    right="b",
    a=("as many as before", "its input was 9,216 numbers, one for each channel *and* place. How many are left?"),
    b=("1,052,672", "256 channels are left, one number each: (256 + 1) · 4096. Lesson 8's trick saves 37 million parameters."),
    c=("256", "that is how many numbers come in. Each of the 4,096 units has a weight for each, and a bias."),
    d=("151,552", "(36 + 1) · 4096 keeps the places and averages over the channels. It is the places that go."),
)  # fmt: skip

lesson.quiz(
    "turned_shapes",
    "For the shapes above (disc, ring, square, frame, triangle, star, plus, cross, moon, heart; tilted by at most 15°), "
    "somebody augments with rotations by up to 45°. What happens?",
    right="d",
    a=("nothing bad: more variety is always good", "only if the label stays true. Turn each of the ten by 45° in your head."),
    b=("the discs suffer", "a disc turned is the same disc. It is the only one, with the ring, that cannot suffer."),
    c=("all classes suffer alike", "most are merely shown in ways that never come in the test. Two of them lose their names."),
    d=(
        "plus and cross get each other's labels",
        "a plus turned by 45° is a cross, and the label still says plus. It is the 6 and the 9 of these data.",
    ),
)  # fmt: skip
