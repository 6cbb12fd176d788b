"""Feedback on day2/09, what a CNN sees."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/09")
exercise, quiz = lesson.check, lesson.answer


# --- most_exciting_patch ----------------------------------------------------------------------------------------------

IMAGES = rng(1).uniform(0, 1, (4, 7, 9))
MAPS = rng(2).standard_normal((4, 5, 7))
MAPS[0, 3, 1] = -9.0  # strongly negative: that is no excitement
LAST = np.zeros((4, 3, 5))
LAST[2, 2, 4], LAST[0, 1, 1] = 2.0, 1.5  # the last place of all, in image 2


@lesson.exercise(cases=[(MAPS, IMAGES, 3), (LAST, IMAGES, 5), (MAPS[:1, :3, :5], IMAGES[:1], 5)])
def most_exciting_patch(maps, images, size):
    """The square of size × size pixels at which one filter's output is largest in all the images.
    maps: (N, OH, OW), the filter's output. images: (N, H, W). Stride 1, no padding."""
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    return images[n, p : p + size, q : q + size]


@most_exciting_patch.mistake(
    "row and column have changed places: after unravel_index the order is image, row, column, as in the shape of maps."
)
def _(maps, images, size):
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    return images[n, q : q + size, p : p + size]


@most_exciting_patch.mistake(
    "(p, q) is taken for the middle of the square. Without padding, output (0, 0) looks at rows and columns 0 … size − 1: "
    "(p, q) is the upper left corner."
)
def _(maps, images, size):
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    p, q = max(p - size // 2, 0), max(q - size // 2, 0)
    return images[n, p : p + size, q : q + size]


@most_exciting_patch.mistake(
    "a strongly negative output was taken for excitement. ReLU will make it 0: look for the largest, not for the largest "
    "absolute value."
)
def _(maps, images, size):
    n, p, q = np.unravel_index(np.abs(maps).argmax(), maps.shape)
    return images[n, p : p + size, q : q + size]


@most_exciting_patch.mistake("that is the best place of the first image. The search goes over all of them.")
def _(maps, images, size):
    p, q = np.unravel_index(maps[0].argmax(), maps[0].shape)
    return images[0, p : p + size, q : q + size]


@most_exciting_patch.mistake(
    "that is a patch for every image. One is asked for: the place of the largest number in all of maps."
)
def _(maps, images, size):
    places = [np.unravel_index(m.argmax(), m.shape) for m in maps]
    return np.array([x[p : p + size, q : q + size] for x, (p, q) in zip(images, places)])


@most_exciting_patch.mistake(
    "that is the place where it is. What stands there, in the image, is asked for: images[n, p : p + size, …]."
)
def _(maps, images, size):
    return np.unravel_index(maps.argmax(), maps.shape)


@most_exciting_patch.mistake("that is cut out of the map, which holds the filter's output. Cut it out of the image.")
def _(maps, images, size):
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    return maps[n, p : p + size, q : q + size]


@most_exciting_patch.mistake("the square is one pixel too small: p : p + size holds the rows p … p + size − 1.")
def _(maps, images, size):
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    return images[n, p : p + size - 1, q : q + size - 1]


@most_exciting_patch.mistake("the square is one pixel too large: p : p + size holds the rows p … p + size − 1.")
def _(maps, images, size):
    n, p, q = np.unravel_index(maps.argmax(), maps.shape)
    return images[n, p : p + size + 1, q : q + size + 1]


# --- occlusion_map ----------------------------------------------------------------------------------------------------

CANVAS = rng(3).uniform(0.1, 1, (3, 5, 6))
TOUCHES = rng(4).standard_normal((5, 6))


def a_score(images):
    """(N, 5, 6) → (N,): not linear, so that no other computation gives the same by chance."""
    return np.sum(images * TOUCHES, axis=(1, 2)) + images.max(axis=(1, 2)) ** 2 + images[:, 2, 3] * images[:, 0, 0]


@lesson.exercise(cases=[(a_score, CANVAS, 2), (a_score, CANVAS[:1], 3), (a_score, CANVAS, 1)])
def occlusion_map(score, x, size):
    """By how much a score falls when size × size zeros lie at each place where they fit.
    score: function of images (N, H, W) → (N,). x: (N, H, W).
    Returns (N, H − size + 1, W − size + 1)."""
    before, (N, H, W) = score(x), x.shape
    drop = np.empty((N, H - size + 1, W - size + 1))
    for i, j in np.ndindex(drop.shape[1:]):
        covered = x.copy()
        covered[:, i : i + size, j : j + size] = 0
        drop[:, i, j] = before - score(covered)
    return drop


def covering(keep=lambda before, after: before - after, last=1, value=0.0, swap=False, pile=False, pixel=False):
    """The map with one thing done otherwise."""

    def wrong(score, x, size):
        before, (N, H, W) = score(x), x.shape
        drop = np.zeros((N, H - size + last, W - size + last))
        covered = x.copy()
        for i, j in np.ndindex(drop.shape[1:]):
            covered = covered if pile else x.copy()
            p, q, s = (j, i, size) if swap else (i, j, size)
            covered[:, p : p + (1 if pixel else s), q : q + (1 if pixel else s)] = value
            drop[:, i, j] = keep(before, score(covered))
        return drop

    return wrong


for hint, wrong in (
    (
        "the sign is turned round. Where the square takes evidence away the score falls, and the map should be positive "
        "there: before − after.",
        covering(keep=lambda before, after: after - before),
    ),
    (
        "that is the score of the covered images. By how much did it fall? before − after.",
        covering(keep=lambda before, after: after),
    ),
    (
        "the sign is lost. Covering can also *help* an answer, and that is worth knowing: no absolute value.",
        covering(keep=lambda before, after: np.abs(before - after)),
    ),
    (
        "that is the fall as a share of the score. A score near 0 would blow it up: take the difference.",
        covering(keep=lambda before, after: (before - after) / before),
    ),
    (
        "the squares pile up: each new one is laid on an image that still has the old ones. Begin every place with "
        "x.copy().",
        covering(pile=True),
    ),
    (
        "the last row and column of places are missing: the square fits at 0 … H − size, and that is H − size + 1 places.",
        covering(last=0),
    ),
    ("row and column have changed places: rows come first, in the image and in the map.", covering(swap=True)),
    (
        "a single pixel is covered, whatever the size. The square reaches from i to i + size, and from j to j + size.",
        covering(pixel=True),
    ),
    ("the square is black, and ink is evidence itself. Empty paper is 0 here.", covering(value=1.0)),
    (
        "the square is grey, and grey is half ink: it adds strokes that nobody wrote. Empty paper is 0 here.",
        covering(value=0.5),
    ),
    (
        "x itself was covered, so both scores are those of the covered images, and nothing falls: cover x.copy(), at every "
        "place.",
        lambda score, x, size: 0 * occlusion_map(score, x, size),
    ),
):
    occlusion_map.mistake(hint)(wrong)


@occlusion_map.mistake(
    "the square jumps by its own size. Let it slide pixel by pixel: the map has one number for every place where it fits."
)
def _(score, x, size):
    before, (N, H, W) = score(x), x.shape
    drop = np.empty((N, len(range(0, H - size + 1, size)), len(range(0, W - size + 1, size))))
    for i, j in np.ndindex(drop.shape[1:]):
        covered = x.copy()
        covered[:, i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drop[:, i, j] = before - score(covered)
    return drop


# --- take_away --------------------------------------------------------------------------------------------------------

PICTURES = rng(5).uniform(0.2, 1, (3, 4, 4))
VALUES = rng(6).standard_normal((3, 4, 4))


@lesson.exercise(
    cases=[(PICTURES, VALUES, 3), (PICTURES, VALUES, 0), (PICTURES[:1], VALUES[:1], 1), (PICTURES, VALUES, 7)]
)
def take_away(x, maps, n):
    """Copies of the images in which the n pixels with the largest values of their map are 0.
    x and maps: (N, H, W), a map for each image. n: from 0 to H·W."""
    emptied = x.reshape(len(x), -1).copy()
    order = np.argsort(-maps.reshape(len(x), -1), axis=1)
    np.put_along_axis(emptied, order[:, :n], 0, axis=1)
    return emptied.reshape(x.shape)


def taking(chosen, fill=0.0, of="x"):
    """chosen: function of (values (N, H·W), n) → the places to empty, (N, any)."""

    def wrong(x, maps, n):
        emptied = (x if of == "x" else maps).reshape(len(x), -1).copy()
        np.put_along_axis(emptied, chosen(maps.reshape(len(x), -1), n), fill, axis=1)
        return emptied.reshape(x.shape)

    return wrong


for hint, wrong in (
    (
        "those are the pixels with the *smallest* values. np.argsort puts the smallest first: sort −maps, or take the end.",
        taking(lambda v, n: np.argsort(v, axis=1)[:, :n]),
    ),
    (
        "right, except for n = 0: `order[:, -0:]` is the whole row, and the image is empty. Sort −maps and take [:, :n].",
        taking(lambda v, n: np.argsort(v, axis=1)[:, -n:]),
    ),
    (
        "the largest *absolute* values: pixels that speak against the answer go, too. Its sign is what a map knows.",
        taking(lambda v, n: np.argsort(-np.abs(v), axis=1)[:, :n]),
    ),
    ("one pixel too many goes: [:, :n] has n entries.", taking(lambda v, n: np.argsort(-v, axis=1)[:, : n + 1])),
    (
        "only the n-th pixel goes. All those before it have to go, too: [:, :n].",
        taking(lambda v, n: np.argsort(-v, axis=1)[:, n : n + 1]),
    ),
    ("the n best are kept, and all the others go.", taking(lambda v, n: np.argsort(-v, axis=1)[:, n:])),
    ("black pixels are ink. Empty paper is 0.", taking(lambda v, n: np.argsort(-v, axis=1)[:, :n], fill=1.0)),
    (
        "the pixels are emptied in the map. It is the image that the network reads.",
        taking(lambda v, n: np.argsort(-v, axis=1)[:, :n], of="maps"),
    ),
    (
        "the same pixels go in all the images. Every image has a map of its own: sort along axis 1.",
        taking(lambda v, n: np.repeat(np.argsort(-v[:1], axis=1)[:, :n], len(v), axis=0)),
    ),
):
    take_away.mistake(hint)(wrong)


@take_away.mistake(
    "that takes the n largest of all the images together: some lose many pixels, others none. Sort every image's own "
    "values: reshape to (N, H·W), axis=1."
)
def _(x, maps, n):
    emptied = x.copy().ravel()
    emptied[np.argsort(-maps.ravel())[:n]] = 0
    return emptied.reshape(x.shape)


# --- receptive_field --------------------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[
        ([(5, 1), (5, 1)],),
        ([(3, 1), (3, 1), (3, 1)],),
        ([(5, 1), (2, 2), (5, 1), (2, 2)],),
        ([(11, 4)],),
        ([(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)],),
    ]
)
def receptive_field(layers):
    """How many pixels wide is what one unit of the last layer sees?
    layers: [(window, stride), …] of convolutions and poolings, from the first to the last."""
    size, step = 1, 1  # step: how many pixels apart two neighbours of this layer look
    for window, stride in layers:
        size += (window - 1) * step
        step *= stride
    return size


@receptive_field.mistake(
    "the windows are added up, but they overlap: each layer adds window − 1 to what there is, not window."
)
def _(layers):
    return sum(window for window, _ in layers)


@receptive_field.mistake(
    "right for stride 1. After a stride of 2, neighbours look at places two pixels apart: from then on every window "
    "reaches twice as far."
)
def _(layers):
    return 1 + sum(window - 1 for window, _ in layers)


@receptive_field.mistake(
    "a layer's own stride comes too early: it spreads the units that *this* layer makes, so it counts for the windows "
    "after it."
)
def _(layers):
    size, step = 1, 1
    for window, stride in layers:
        step *= stride
        size += (window - 1) * step
    return size


@receptive_field.mistake(
    "the strides do multiply, but each window is widened by the strides *before* it, not by its own alone."
)
def _(layers):
    return 1 + sum((window - 1) * stride for window, stride in layers)


@receptive_field.mistake("the windows are multiplied. Two 5×5 in a row see 9, not 25: the second adds 4 on the border.")
def _(layers):
    return int(np.prod([window for window, _ in layers]))


@receptive_field.mistake(
    "the strides add up instead of multiplying: a step of 2 in units that are 2 pixels apart is 4 pixels."
)
def _(layers):
    size, step = 1, 1
    for window, stride in layers:
        size += (window - 1) * step
        step += stride - 1
    return size


@receptive_field.mistake("each layer adds window − 1 steps, and you begin with a single pixel: 1, not 0.")
def _(layers):
    size, step = 0, 1
    for window, stride in layers:
        size += (window - 1) * step
        step *= stride
    return size


@receptive_field.mistake("that is how far apart neighbours look, the product of the strides. How wide does one look?")
def _(layers):
    return int(np.prod([stride for _, stride in layers]))


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "looks_like_an_edge",
    "You open a trained network. Several 5×5 filters of its first layer look like edges. What may you conclude?",
    right="c",
    a=(
        "it has learnt to find edges",
        "random 5×5 filters look like edges now and then. Did you see them before training?",
    ),
    b=(
        "nothing: filters are always random",
        "too far. They can be compared with their start, and with noise, and then there is something to conclude.",
    ),
    c=(
        "not much, until you compare with the start and with smoothed noise",
        "an eye finds edges in anything that is a little smooth. The comparison is a number.",
    ),
    d=(
        "the first layer is the one that matters",
        "a picture of a layer says nothing about how much of the answer depends on it. That takes an experiment.",
    ),
)

lesson.quiz(
    "the_map_shows_the_digit",
    "|gradient × input| shows a digit clearly, and the network was trained on shuffled labels. Where does the digit come from?",
    right="b",
    a=(
        "the network has learnt what digits look like, although the labels were wrong",
        "an untrained network gives as good a picture.",
    ),
    b=(
        "from the factor x: the map is 0 wherever the paper is empty",
        "multiply noise by a digit, and you see a digit.",
    ),
    c=(
        "the gradient is large wherever the network looks",
        "the gradient alone is not 0 on the empty paper around the digit: look at its picture.",
    ),
    d=("from the test pile: it leaked into training", "no test image was used. Look at the formula of the map."),
)

lesson.quiz(
    "covered_and_unchanged",
    "A network reads a 7. You cover a stroke, and the margin stays as it was. Was the stroke unimportant?",
    right="d",
    a=(
        "yes: importance is what changes when it is gone",
        "one thing at a time hides what has a substitute: if either of two strokes is enough, covering one shows nothing.",
    ),
    b=("no: every stroke is important", "some are not. The question is what this experiment can tell."),
    c=("yes, if the square was grey instead of white", "grey is half ink, and adds evidence of its own."),
    d=(
        "one cannot say: another part may stand in for it",
        "the global maximum takes the next best place. To see that, cover both.",
    ),
)
