"""Feedback on day2/07, convolution."""

import numpy as np

from common.checks.compare import Raised, outcome, same
from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/07")
exercise, quiz = lesson.check, lesson.answer


# --- how many windows fit ---------------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[(6, 2, 1, 1), (28, 5, 1, 0), (7, 3, 2, 0), (224, 11, 4, 2), (28, 3, 1, 2), (8, 3, 3, 0), (5, 5, 1, 0)]
)
def output_size(size, window, stride, padding):
    """How many windows fit along one side of the image: OH from H, FH, S and P (whole numbers)."""
    return (size + 2 * padding - window) // stride + 1


@output_size.mistake("the margin is on both sides of the image: add the padding twice.")
def _(size, window, stride, padding):
    return (size + padding - window) // stride + 1


@output_size.mistake("the padding is missing: with a margin of P on each side, the image has become longer.")
def _(size, window, stride, padding):
    return (size - window) // stride + 1


@output_size.mistake("you counted the steps. Before the first step there is a window already: one more.")
def _(size, window, stride, padding):
    return (size + 2 * padding - window) // stride


@output_size.mistake("half a window is none: what `/` leaves behind the point must go. `//` rounds down.")
def _(size, window, stride, padding):
    return (size + 2 * padding - window) / stride + 1


@output_size.mistake("`//` binds stronger than +: you divide the window alone. Brackets around all that is divided.")
def _(size, window, stride, padding):
    return size + 2 * padding - window // stride + 1


@output_size.mistake(
    "rounding up lets the last window hang over the edge. A window that does not fit does not count: `//`."
)
def _(size, window, stride, padding):
    return -(-(size + 2 * padding - window) // stride) + 1


@output_size.mistake("the + 1 counts the first window, not a pixel: it belongs outside the division.")
def _(size, window, stride, padding):
    return (size + 2 * padding - window + 1) // stride


@output_size.mistake(
    "that divides the padded image into strides and forgets that the last window needs room for its own length."
)
def _(size, window, stride, padding):
    return (size + 2 * padding) // stride


@output_size.mistake("the stride is missing: with steps of S only every S-th place is visited.")
def _(size, window, stride, padding):
    return size + 2 * padding - window + 1


@output_size.mistake(
    "round() rounds up half of the time, and then the last window hangs over the edge. Round down: `//`."
)
def _(size, window, stride, padding):
    return round((size + 2 * padding - window) / stride) + 1


# --- windows as rows ----------------------------------------------------------------------------------------------------


GRID = np.array([[3.0, 4, 4, 2], [0, 8, 9, 2], [0, 4, 3, 1], [3, 3, 5, 7]])


@lesson.exercise(cases=[(GRID, 3, 3), (np.arange(20.0).reshape(4, 5), 2, 3), (rng(1).standard_normal((6, 4)), 3, 2)])
def windows_as_rows(x, FH, FW):
    """Every window of a grey image as a row: (H, W) → (OH·OW, FH·FW). Stride 1, no padding.

    The windows row by row, from left to right; the numbers within a window the same.
    """
    H, W = x.shape
    rows = []
    for p in range(H - FH + 1):
        for q in range(W - FW + 1):
            rows.append(x[p : p + FH, q : q + FW].ravel())
    return np.array(rows)


@windows_as_rows.mistake(
    "each window is a column now, and each pixel of a window a row. Turn it over: a row for a window."
)
def _(x, FH, FW):
    windows = np.lib.stride_tricks.sliding_window_view(x, (FH, FW))
    return windows.reshape(-1, FH * FW).T


@windows_as_rows.mistake(
    "the windows come column by column. The outer loop goes down, p; the inner one to the right, q."
)
def _(x, FH, FW):
    H, W = x.shape
    return np.array([x[p : p + FH, q : q + FW].ravel() for q in range(W - FW + 1) for p in range(H - FH + 1)])


@windows_as_rows.mistake("within a window the numbers run downwards. They should run as you read: .ravel() without .T.")
def _(x, FH, FW):
    windows = np.lib.stride_tricks.sliding_window_view(x, (FH, FW))
    return windows.transpose(0, 1, 3, 2).reshape(-1, FH * FW)


@windows_as_rows.mistake("the last window of each row and column is missing: H − FH + 1 places, not H − FH.")
def _(x, FH, FW):
    H, W = x.shape
    return np.array([x[p : p + FH, q : q + FW].ravel() for p in range(H - FH) for q in range(W - FW)])


@windows_as_rows.mistake("the windows are still lying there as little images: .ravel() makes a row of each.")
def _(x, FH, FW):
    windows = np.lib.stride_tricks.sliding_window_view(x, (FH, FW))
    return windows.reshape(-1, FH, FW)


@windows_as_rows.mistake("these are all the right rows, on a grid of four axes: reshape to (OH·OW, FH·FW).")
def _(x, FH, FW):
    return np.lib.stride_tricks.sliding_window_view(x, (FH, FW))


@windows_as_rows.mistake("these windows lie side by side. With stride 1 they overlap: the next begins one pixel on.")
def _(x, FH, FW):
    H, W = x.shape
    return np.array(
        [x[p : p + FH, q : q + FW].ravel() for p in range(0, H - FH + 1, FH) for q in range(0, W - FW + 1, FW)]
    )


@windows_as_rows.mistake("the slice ends at FH, not at p + FH: it shrinks as p grows. A window at p reaches to p + FH.")
def _(x, FH, FW):
    H, W = x.shape
    return np.array([x[p:FH, q:FW].ravel() for p in range(H - FH + 1) for q in range(W - FW + 1)])


@windows_as_rows.mistake("x.shape is rows first, then columns: H, W = x.shape. Yours are swapped.")
def _(x, FH, FW):
    W, H = x.shape
    return np.array([x[p : p + FH, q : q + FW].ravel() for p in range(H - FH + 1) for q in range(W - FW + 1)])


@windows_as_rows.mistake(
    "you begin a window at every pixel. Near the right and the lower rim it would hang over: H − FH + 1 places, W − FW + 1."
)
def _(x, FH, FW):
    H, W = x.shape
    return np.array([x[p : p + FH, q : q + FW].ravel() for p in range(H) for q in range(W)])


@windows_as_rows.mistake("this is one long line: a row for each window is wanted, (OH·OW, FH·FW).")
def _(x, FH, FW):
    return np.lib.stride_tricks.sliding_window_view(x, (FH, FW)).ravel()


# --- col2im, to be repaired ----------------------------------------------------------------------------------------------


def first_try(cols, shape, window, stride):
    """The windows' numbers, back at their pixels: cols (OH·OW, F·F) → an image of `shape`."""
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] = cols[p * OH + q].reshape(window, window)
    return x


def _put_case(H, W, window, stride, seed):
    rows = ((H - window) // stride + 1) * ((W - window) // stride + 1)
    return rng(seed).standard_normal((rows, window * window)), (H, W), window, stride


PUT_CASES = [
    _put_case(6, 6, 3, 3, 1),
    _put_case(6, 6, 3, 1, 2),
    _put_case(6, 9, 3, 3, 3),
    _put_case(9, 6, 3, 2, 4),
    _put_case(4, 7, 2, 1, 5),
]


@lesson.exercise(cases=PUT_CASES, starter=first_try)
def put_windows_back(cols, shape, window, stride):
    """The windows' numbers, back at their pixels: cols (OH·OW, F·F) → an image of `shape`."""
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] += cols[p * OW + q].reshape(window, window)
    return x


def _put(cols, shape, window, stride, *, add=True, per_row="OW", overwrite=None, mean=False, turned=False, last=0):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x, count = np.zeros((H, W)), np.zeros((H, W))
    for p in range(OH - last):
        for q in range(OW - last):
            place = np.s_[p * stride : p * stride + window, q * stride : q * stride + window]
            block = cols[(p * OW + q) if per_row == "OW" else (p * OH + q) if per_row == "OH" else (q * OH + p)]
            block = block.reshape(window, window)
            x[place] = (x[place] if add else 0) + (block.T if turned else block)
            count[place] += 1
    return x / np.maximum(count, 1) if mean else x


@put_windows_back.mistake(
    "one found, one left. The overlaps add up now: the lines with stride 1 are mended. The images that are not square are"
    " still wrong: how many windows does a row of windows hold?"
)
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, per_row="OH")


@put_windows_back.mistake(
    "one found, one left. Images that are not square are right now, if the windows lie side by side. Where they overlap,"
    " the later window still wipes out what the earlier one brought."
)
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, add=False)


@put_windows_back.mistake(
    "that averages over the windows of a pixel. Gradients from several users of one number add up; nothing is divided."
)
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, mean=True)


@put_windows_back.mistake("q · OH + p counts the windows column by column; they were numbered row by row: p · OW + q.")
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, per_row="columns")


@put_windows_back.mistake(
    "within the window the numbers run downwards now. They were written as one reads: leave .T away."
)
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, turned=True)


@put_windows_back.mistake("the last row and column of windows stay in the matrix: p runs over OH places, q over OW.")
def _(cols, shape, window, stride):
    return _put(cols, shape, window, stride, last=1)


# --- max pooling ---------------------------------------------------------------------------------------------------------


def _pool_cases():
    draw = rng(3).standard_normal
    return [
        (np.array([[3.0, 4, 4, 2], [0, 8, 9, 2], [0, 4, 3, 1], [3, 3, 5, 7]]), 2, 2, 0),
        (draw((5, 7)), 3, 2, 0),
        (draw((6, 6)) - 5, 3, 2, 1),
        (draw((4, 6)) - 5, 2, 1, 1),
    ]


@lesson.exercise(cases=_pool_cases())
def max_pooling(x, window, stride, padding):
    """The largest number in every window of a grey image: (H, W) → (OH, OW).

    The margin must never win.
    """
    H, W = x.shape
    OH, OW = (H + 2 * padding - window) // stride + 1, (W + 2 * padding - window) // stride + 1
    x = np.pad(x, padding, constant_values=-np.inf)
    z = np.empty((OH, OW))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            z[p, q] = x[top : top + window, left : left + window].max()
    return z


def _pool(x, window, stride, padding, *, margin=-np.inf, of=np.max, step=None, size_padding=None, pad=None):
    H, W = x.shape
    extra = padding if size_padding is None else size_padding
    OH, OW = (H + 2 * extra - window) // stride + 1, (W + 2 * extra - window) // stride + 1
    x = np.pad(x, padding if pad is None else pad, constant_values=margin)
    step = step or stride
    z = np.empty((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = of(x[p * step : p * step + window, q * step : q * step + window])
    return z


@max_pooling.mistake(
    "np.pad fills the margin with 0, and where all pixels are negative 0 wins: a number that is not in the image. Pad with −∞."
)
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, margin=0)


@max_pooling.mistake(
    "the output's size forgets the padding, so that the last windows are never looked at: H + 2 · padding."
)
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, size_padding=0)


@max_pooling.mistake("the image has not been padded: the size reckons with a margin that is not there.")
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, pad=0)


@max_pooling.mistake("the padding does nothing yet: neither is the image padded, nor does the size reckon with it.")
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, size_padding=0, pad=0)


@max_pooling.mistake("the margin is 0, and the output's size forgets it: pad with −∞, and use H + 2 · padding.")
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, margin=0, size_padding=0)


@max_pooling.mistake("that is the mean of every window. The largest is asked for.")
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, margin=0, of=np.mean)


@max_pooling.mistake(
    "the window moves by one pixel. The window of output cell (p, q) begins at (p · stride, q · stride)."
)
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, step=1)


@max_pooling.mistake("that takes the smallest of each window.")
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, margin=np.inf, of=np.min)


@max_pooling.mistake("the windows lie side by side. How far the next is away, the stride says, not the window.")
def _(x, window, stride, padding):
    H, W = (n + 2 * padding for n in x.shape)
    x = np.pad(x, padding, constant_values=-np.inf)
    return np.array(
        [
            [x[i : i + window, j : j + window].max() for j in range(0, W - window + 1, window)]
            for i in range(0, H - window + 1, window)
        ]
    )


@max_pooling.mistake(
    "you multiply p and q by the window. How far the next window is away, the stride says: p · stride."
)
def _(x, window, stride, padding):
    return _pool(x, window, stride, padding, step=window)


@max_pooling.test
def _margin_never_wins(learners):
    x = np.full((2, 2), -1e12)
    came = outcome(learners, (x, 2, 1, 1))
    if not isinstance(came, Raised) and not same(came, np.full((3, 3), -1e12), 1e-9):
        return (
            "the margin must lose against every pixel, however negative: on an image that is −10¹² everywhere, so is z."
        )
    return None


lesson.quiz(
    "shapes_of_a_layer",
    "A layer of 16 filters, 5×5, stride 1, without padding, reads images (N, 3, 32, 32). Which shapes have W and u?",
    right="c",
    a=(
        "W (16, 5, 5) and u (N, 16, 28, 28)",
        "a filter reads all 3 channels at once, with other weights for each: it has a slice of 5×5 for every channel.",
    ),
    b=(
        "W (16, 3, 5, 5) and u (N, 48, 28, 28)",
        "the three slices of a filter are added up into one map. How many maps do 16 filters make?",
    ),
    c=(
        "W (16, 3, 5, 5) and u (N, 16, 28, 28)",
        "one slice for each channel, one map for each filter, and 32 − 5 + 1 = 28 places.",
    ),
    d=(
        "W (16, 3, 5, 5) and u (N, 16, 32, 32)",
        "without padding the window cannot stand everywhere: the last place along a side of 32 begins at 27.",
    ),
)

lesson.quiz(
    "parameters_of_a_bank",
    "Ten filters of 7×7 read images of 3 channels, 32×32. How many parameters has the layer?",
    right="d",
    a=("490", "that is 7 · 7 · 10: each filter has such a square for every one of the 3 channels, and a bias."),
    b=("1,470", "those are all the weights. Each filter has a bias, too."),
    c=("1,471", "one bias for the whole bank is too few: each filter has its own."),
    d=("1,480", "(7 · 7 · 3 + 1) · 10. How large the image is does not matter: the filter is the same everywhere."),
    e=(
        "8,230",
        "a bias for each of the 26 · 26 places would treat places differently: a filter has one bias for all its map.",
    ),
)
