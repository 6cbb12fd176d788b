"""Feedback on day2/08, convolutional networks."""

import numpy as np

from common.checks.feedback import Lesson, rng
from common.convolution import Convolution, MaxPooling
from common.layers import Affine, Flatten, ReLU
from common.network import Sequential

lesson = Lesson("day2/08")
exercise, quiz = lesson.check, lesson.answer


# --- a network from its specification ---------------------------------------------------------------------------------


def described(version, channels, side, blocks, hidden):
    """The layers of a network and the shapes after them, as text."""
    network = version(channels, side, blocks, hidden, rng(0))
    if not isinstance(network, Sequential):
        return network
    return [f"{row.layer} gives {row.output_shape}" for row in network.summary((channels, side, side))]


BLOCKS = [(1, 16, [[8], [16]], 40), (3, 12, [[4, 6]], 20), (1, 32, [[4, 4], [8, 6], [10]], 30)]


@lesson.exercise(cases=BLOCKS, use=described)
def build(channels, side, blocks, hidden, rng):
    """[[CONV → RELU]×N → POOL]×M → FC → RELU → FC: a Sequential for (N, channels, side, side).
    blocks: filters of each CONV, block by block, as [[8, 8], [16]]; 3×3 with padding 1.
    POOL: MaxPooling(2). hidden: units of the first FC. The last FC has 10."""
    layers = []
    for block in blocks:
        for filters in block:
            layers += [Convolution(channels, filters, 3, padding=1, rng=rng), ReLU()]
            channels = filters
        layers.append(MaxPooling(2))
        side = side // 2
    n_in = channels * side**2
    return Sequential(*layers, Flatten(), Affine(n_in, hidden, rng=rng), ReLU(), Affine(hidden, 10, rng=rng))


def built(
    channels, side, blocks, hidden, rng, *, bend=True, pool_each=False, padding=1, flatten=True, bend_fc=True, last=(),
    follow=True, shrink=True, n_in=None, pools=True,
):  # fmt: skip
    """`build` with a mistake in it."""
    layers, first = [], channels
    for block in blocks:
        for filters in block:
            layers.append(Convolution(channels, filters, 3, padding=padding, rng=rng))
            layers += [ReLU()] if bend else []
            if pool_each:
                layers.append(MaxPooling(2))
                side = side // 2 if shrink else side
            channels = filters if follow else first
        if pools and not pool_each:
            layers.append(MaxPooling(2))
            side = side // 2 if shrink else side
    filters = blocks[-1][-1]
    n_in = n_in(filters, side) if n_in else filters * side**2
    layers += [Flatten()] if flatten else []
    layers.append(Affine(n_in, hidden, rng=rng))
    layers += [ReLU()] if bend_fc else []
    return Sequential(*layers, Affine(hidden, 10, rng=rng), *last)


@build.mistake("there is no ReLU behind the convolutions. Two of them in a row would be one: see the mistakes below.")
def _(*case):
    return built(*case, bend=False)


@build.mistake("no ReLU between the two FC: without a bend between them, two affine layers are one.")
def _(*case):
    return built(*case, bend_fc=False)


@build.mistake("a ReLU behind the last FC cuts off every negative score. The loss takes u as it is: end with Affine.")
def _(*case):
    return built(*case, last=(ReLU(),))


@build.mistake("you pool after every convolution. POOL stands outside the inner bracket: once for each block.")
def _(*case):
    return built(*case, pool_each=True)


@build.mistake("a side is a whole number of pixels: halve it with //, which rounds down. / gives 4.0.")
def _(*case):
    return built(*case, n_in=lambda filters, side: filters * float(side) ** 2)


@build.mistake("no pooling: a MaxPooling(2) closes each block.")
def _(*case):
    return built(*case, pools=False)


@build.mistake(
    "every convolution takes the channels of the image. It reads what the layer before it made: after a convolution, "
    "channels is that one's number of filters."
)
def _(*case):
    return built(*case, follow=False)


@build.mistake(
    "the first FC is made for a map as large as the image, but every pool halves the side: side = side // 2, once for "
    "each block."
)
def _(*case):
    return built(*case, shrink=False)


@build.mistake("the first FC takes one number per channel. Flatten gives channels · side · side of them.")
def _(*case):
    return built(*case, n_in=lambda filters, side: filters)


@build.mistake("the first FC takes side numbers per channel. A map has side · side: side**2.")
def _(*case):
    return built(*case, n_in=lambda filters, side: filters * side)


@build.mistake("the first FC has forgotten that there are several maps: channels · side · side.")
def _(*case):
    return built(*case, n_in=lambda filters, side: side**2)


@build.mistake("Flatten() is missing between the maps (N, C, H, W) and the rows (N, n) that an Affine takes.")
def _(*case):
    return built(*case, flatten=False)


@build.mistake("a 3×3 filter without padding takes off a row on each side. The specification says padding 1.")
def _(*case):
    return built(*case, padding=0)


@build.test
def _is_a_network(learners):
    if isinstance(learners(1, 8, [[2]], 5, rng()), list):
        return "a list of layers is no network yet: Sequential(*layers)."
    return None


@build.test
def _from_rng(learners):
    first, again, other = (learners(1, 8, [[2]], 5, rng(seed)).params["W1"] for seed in (0, 0, 1))
    if not np.array_equal(first, again):
        return "the same rng gives other weights each time: pass the rng that comes in on to every layer."
    if np.array_equal(first, other):
        return "another rng gives the same weights: pass the rng that comes in on to every layer."
    return None


# --- the ledger by hand -----------------------------------------------------------------------------------------------

SIMPLE = [("conv", 30, 5, 0), ("pool", 2), ("affine", 100), ("affine", 10)]
DOUBLE = [("conv", 10, 7, 1), ("pool", 2), ("conv", 20, 3, 1), ("pool", 2), ("affine", 100), ("affine", 10)]


@lesson.exercise(cases=[((1, 28, 28), SIMPLE), ((1, 28, 28), DOUBLE), ((3, 20, 15), [*SIMPLE[:2], *DOUBLE[2:]])])
def ledger(shape, layers):
    """A list of (output shape, parameters), one for each layer, for images of shape (C, H, W).
    Layers: ("conv", filters, window, padding) with stride 1, ("pool", window) with the window
    as its stride, ("affine", units)."""
    rows = []
    for kind, n, *more in layers:
        parameters = 0
        if kind == "conv":
            (window, padding), (C, H, W) = more, shape
            shape = (n, H + 2 * padding - window + 1, W + 2 * padding - window + 1)
            parameters = (window**2 * C + 1) * n
        elif kind == "pool":
            shape = (shape[0], shape[1] // n, shape[2] // n)
        else:
            parameters = (np.prod(shape) + 1) * n
            shape = (n,)
        rows.append((shape, parameters))
    return rows


def ledger_with(
    shape, layers, *, size=lambda n, F, P: n + 2 * P - F + 1, pooled=lambda n, F: n // F,
    weights=lambda F, C, n: (F**2 * C + 1) * n, affine=lambda shape, n: (int(np.prod(shape)) + 1) * n,
    pool_weights=lambda F, C: 0, last_channels=False,
):  # fmt: skip
    """`ledger` with a mistake in it."""
    rows = []
    for kind, n, *more in layers:
        if kind == "conv":
            (F, P), (C, H, W) = more, shape
            rows.append(((n, size(H, F, P), size(W, F, P)), weights(F, C, n)))
        elif kind == "pool":
            C, H, W = shape
            rows.append(((C, pooled(H, n), pooled(W, n)), pool_weights(n, C)))
        else:
            rows.append(((n,), affine(shape, n)))
        shape = rows[-1][0]
    if last_channels:
        return [((*s[1:], s[0]) if len(s) == 3 else s, p) for s, p in rows]
    return rows


@ledger.mistake("each layer reads the shape that the one before it gave, not that of the image: carry it along.")
def _(shape, layers):
    return [ledger(shape, [layer])[0] for layer in layers]


@ledger.mistake("the shape comes first, then the parameters.")
def _(shape, layers):
    return [row[::-1] for row in ledger(shape, layers)]


@ledger.mistake("the biases are missing: one for each filter, and one for each unit.")
def _(shape, layers):
    return ledger_with(
        shape, layers, weights=lambda F, C, n: F**2 * C * n, affine=lambda shape, n: int(np.prod(shape)) * n
    )


@ledger.mistake("the affine layers lack their biases, one for each unit: (n_in + 1) · units.")
def _(shape, layers):
    return ledger_with(shape, layers, affine=lambda shape, n: int(np.prod(shape)) * n)


@ledger.mistake("the convolutions lack their biases, one for each filter: (F · F · C + 1) · filters.")
def _(shape, layers):
    return ledger_with(shape, layers, weights=lambda F, C, n: F**2 * C * n)


@ledger.mistake(
    "a convolution has one bias for each filter, not one for the whole layer: the + 1 is inside the bracket."
)
def _(shape, layers):
    return ledger_with(shape, layers, weights=lambda F, C, n: F**2 * C * n + 1)


@ledger.mistake("a filter has a slice for every channel it reads: F · F · C weights. One grey image hides it, C is 1.")
def _(shape, layers):
    return ledger_with(shape, layers, weights=lambda F, C, n: (F**2 + 1) * n)


@ledger.mistake("a filter of window F has F · F weights per channel, not F.")
def _(shape, layers):
    return ledger_with(shape, layers, weights=lambda F, C, n: (F * C + 1) * n)


@ledger.mistake("the margin is on both sides: H + 2P − F + 1.")
def _(shape, layers):
    return ledger_with(shape, layers, size=lambda n, F, P: n + P - F + 1)


@ledger.mistake("the padding has no effect on your sizes: H + 2P − F + 1.")
def _(shape, layers):
    return ledger_with(shape, layers, size=lambda n, F, P: n - F + 1)


@ledger.mistake("one place is missing: H + 2P − F steps lead to one place more than steps.")
def _(shape, layers):
    return ledger_with(shape, layers, size=lambda n, F, P: n + 2 * P - F)


@ledger.mistake("your convolutions keep the size of the image. They do so only where 2P = F − 1.")
def _(shape, layers):
    return ledger_with(shape, layers, size=lambda n, F, P: n)


@ledger.mistake("a pool of window 2 moves by 2: it divides the side by 2, instead of taking 1 off.")
def _(shape, layers):
    return ledger_with(shape, layers, pooled=lambda n, F: n - F + 1)


@ledger.mistake("with an odd side, the last row does not fill a window: the result is rounded down, side // window.")
def _(shape, layers):
    return ledger_with(shape, layers, pooled=lambda n, F: -(-n // F))


@ledger.mistake("pooling has nothing to learn: 0 parameters.")
def _(shape, layers):
    return ledger_with(shape, layers, pool_weights=lambda F, C: F**2)


@ledger.mistake("an affine layer behind maps takes all of their numbers, C · H · W, and not one per channel.")
def _(shape, layers):
    return ledger_with(shape, layers, affine=lambda shape, n: (shape[0] + 1) * n)


@ledger.mistake("the order of a shape is (C, H, W): channels first.")
def _(shape, layers):
    return ledger_with(shape, layers, last_channels=True)


@ledger.test
def _half_a_pixel(learners):
    if learners((1, 5, 5), [("pool", 2)])[0][0][1] == 2.5:
        return "a side of 2.5 pixels? Half a window does not fit: use //, which rounds down."
    return None


# --- weights for shuffled pixels --------------------------------------------------------------------------------------

ORDER = rng(5).permutation(6)  # not its own inverse


@lesson.exercise(cases=[(rng(1).standard_normal((6, 4)), ORDER), (rng(2).standard_normal((6, 6)), ORDER)])
def shuffled_weights(W, order):
    """W (n_in, n_out) belongs to a first layer that reads x. Now the pixels come as x[:, order].
    Return a matrix that gives the same u as before: x[:, order] @ result = x @ W."""
    return W[order]


@shuffled_weights.mistake(
    "that is the way back. Pixel order[k] now arrives at place k, so row k must be the one that belongs to it: "
    "row order[k] of W."
)
def _(W, order):
    return W[np.argsort(order)]


@shuffled_weights.mistake("that shuffles the columns, which are units. The pixels are the rows of W.")
def _(W, order):
    return W[:, order]


@shuffled_weights.mistake("W as it was: the pixel at place k is another one now, and meets the weights of the old one.")
def _(W, order):
    return W


@shuffled_weights.mistake("transposed, the pixels would be columns. Only the rows of W change places.")
def _(W, order):
    return W.T[order]


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "pattern_of_deep_conv_net",
    "DeepConvNet is conv 16 – conv 16 – pool – conv 32 – conv 32 – pool – conv 64 – conv 64 – pool – affine 50 – affine 10, with "
    "a ReLU behind every layer but the last. Which N, M and K has it in [[CONV → RELU]×N → POOL]×M → [FC → RELU]×K → FC?",
    right="b",
    a=("N = 6, M = 3, K = 2", "six convolutions in all, but N counts those between two pools; and the last FC stands outside."),
    b=("N = 2, M = 3, K = 1", "two convolutions, then a pool, three times; one FC with a bend, and the last one without."),
    c=("N = 3, M = 2, K = 1", "N and M are swapped: the inner bracket is what comes between two pools."),
    d=("N = 2, M = 3, K = 2", "the last FC is not followed by a ReLU, so it is not counted in K."),
)  # fmt: skip

lesson.quiz(
    "why_not_flatten",
    "Two convolutions, no pool, then Flatten and Affine: 68 % of the moved digits. With GlobalMaxPooling in place of Flatten: "
    "97 %. What was wrong with Flatten?",
    right="c",
    a=("it loses information, and the maximum keeps it", "it is the other way round: Flatten keeps every number, the maximum one per channel."),
    b=("it has parameters that are hard to train", "Flatten has no parameters at all. Look at the layer behind it."),
    c=(
        "nothing, but behind it the Affine has a weight for every place, and must learn each class anew at each of them",
        "the filters find the parts everywhere, and then the last layer asks where they were found. 1,000 samples cannot fill 81 places.",
    ),
    d=("it shuffles the pixels", "it lays them in a row, always in the same order; an Affine does not mind the order."),
)  # fmt: skip

lesson.quiz(
    "where_a_cnn_helps",
    "Which of these data has no neighbourhood that a convolution could use?",
    right="d",
    a=("a second of sound, 16,000 samples in a row", "samples that follow each other make the wave: a convolution along time."),
    b=("a photograph", "neighbouring pixels make edges: a convolution in two directions."),
    c=("the temperature of every hour of a year", "hours follow each other, and a cold front looks the same in May and in June."),
    d=(
        "a table of patients: age, weight, blood pressure, and seven more columns",
        "you could swap the columns without losing anything. What does not mind being shuffled has no neighbours: take an MLP.",
    ),
)  # fmt: skip
