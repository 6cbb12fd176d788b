"""Feedback on day2/06, convolution of signals."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day2/06")
exercise, quiz = lesson.check, lesson.answer


def _layer(N, C, L, F, FL, seed):
    """(x, W, b) of a convolution."""
    draw = rng(seed)
    return draw.standard_normal((N, C, L)), draw.standard_normal((F, C, FL)), draw.standard_normal(F)


_JUMPS = (np.array([[[1.0, 1, 1, 4, 4, 4, 2, 2]]]), np.array([[[-1.0, 0, 1]]]), np.array([0.5]))
_FORWARD = [_JUMPS, _layer(2, 3, 7, 2, 4, 1), _layer(3, 2, 5, 3, 3, 2)]  # in the last one F = OL


# --- forward with loops -----------------------------------------------------------------------------------------------


@lesson.exercise(cases=_FORWARD)
def convolve_loops(x, W, b):
    """u[n, f, p] = b[f] + Σ_c Σ_j x[n, c, p + j] W[f, c, j], one number at a time.

    x: (N, C, L), W: (F, C, FL), b: (F,). Returns u (N, F, OL) with OL = L − FL + 1.
    """
    (N, _, L), (F, _, FL) = x.shape, W.shape
    u = np.zeros((N, F, L - FL + 1))
    for n in range(N):
        for f in range(F):
            for p in range(L - FL + 1):
                u[n, f, p] = np.sum(x[n, :, p : p + FL] * W[f]) + b[f]
    return u


def _windows(x, W):
    """(N, 1, C, OL, FL)"""
    return np.lib.stride_tricks.sliding_window_view(x, W.shape[2], axis=2)[:, None]


def _forward(x, W, b, *, end=None):
    u = np.sum(_windows(x, W) * W[:, :, None], axis=(2, 4))
    return u + b[:, None] if end is None else end(u, b)


_FLIPPED = "the filter is turned round: that is the mathematicians' convolution. Weight j meets sample p + j."
_NO_BIAS = "the bias is missing: each filter adds its own b[f] to every position."


def _flipped(x, W, b):
    return _forward(x, W[:, :, ::-1], b)


def _no_bias(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u)


def _first_channel(x, W, b):
    return _forward(x[:, :1], W[:, :1], b)


@convolve_loops.mistake(_FLIPPED)
def _(*args):
    return _flipped(*args)


@convolve_loops.mistake(_NO_BIAS)
def _(*args):
    return _no_bias(*args)


@convolve_loops.mistake(
    "the bias comes in with every product. It is added once for each number of u, after the sum over c and j."
)
def _(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u + W[0].size * b[:, None])


@convolve_loops.mistake("the bias comes in once for every channel. A filter has one bias, whatever the channels.")
def _(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u + W.shape[1] * b[:, None])


@convolve_loops.mistake("only the first channel is heard. A filter spans all of them, and adds them up.")
def _(*args):
    return _first_channel(*args)


@convolve_loops.mistake(
    "one position is missing. With 8 samples and 3 weights the window can begin at 0, 1, …, 5: L − FL + 1 places."
)
def _(*args):
    return _forward(*args)[:, :, :-1]


@convolve_loops.mistake("the last position stays 0: the loop ends one early. p runs over all L − FL + 1 places.")
def _(*args):
    u = _forward(*args)
    u[:, :, -1] = 0
    return u


@convolve_loops.mistake("that is the mean of the products. A filter adds them up; its weights say how much.")
def _(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u / W[0].size + b[:, None])


@convolve_loops.mistake("every assignment replaces the one before: add up over c and j, then add the bias once.")
def _(x, W, b):
    return _windows(x, W)[:, :, -1, :, -1] * W[:, -1, -1][:, None] + b[:, None]


# --- forward without a loop over positions ----------------------------------------------------------------------------


@lesson.exercise(cases=[*_FORWARD, _layer(2, 2, 40, 3, 4, 3)])
def convolve(x, W, b):
    """The same u, (N, F, OL), without a loop over samples, filters or positions.

    x: (N, C, L), W: (F, C, FL), b: (F,). A loop over the FL weights is allowed.
    """
    FL = W.shape[2]
    OL = x.shape[2] - FL + 1
    u = b[:, np.newaxis]
    for j in range(FL):
        u = u + W[:, :, j] @ x[:, :, j : j + OL]  # (F, C) @ (N, C, OL)
    return u


@convolve.mistake(_FLIPPED)
def _(*args):
    return _flipped(*args)


@convolve.mistake(_NO_BIAS)
def _(*args):
    return _no_bias(*args)


@convolve.mistake(
    "b has shape (F,), and `+ b` lines it up with the last axis, the positions. A filter's bias belongs to axis 1: "
    "b[:, np.newaxis] has shape (F, 1)."
)
def _(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u + b)


@convolve.mistake("the bias comes in FL times, once for every weight. Add it once, outside the loop.")
def _(x, W, b):
    return _forward(x, W, b, end=lambda u, b: u + W.shape[2] * b[:, None])


@convolve.mistake("only the first channel is heard. A filter spans all of them, and adds them up.")
def _(*args):
    return _first_channel(*args)


@convolve.mistake("the axes are (N, OL, F): filters come second, as channels do: (N, F, OL).")
def _(*args):
    return _forward(*args).transpose(0, 2, 1)


@convolve.mistake("only the last weight is left: each turn of the loop must add to u, not replace it.")
def _(x, W, b):
    OL = x.shape[2] - W.shape[2] + 1
    return W[:, :, -1] @ x[:, :, -OL:] + b[:, None]


class _Counted(np.ndarray):
    """An array that counts how often somebody takes a part of it."""

    reads = 0

    def __getitem__(self, key):
        _Counted.reads += 1
        return np.asarray(self)[key]


@convolve.test(of_right=True)
def _no_loop_over_positions(learners):
    x, W, b = _layer(30, 1, 60, 30, 3, 4)
    _Counted.reads = 0
    learners(x.view(_Counted), W, b)
    if _Counted.reads > 25:
        return (
            f"the numbers are right, but with FL = 3 it reads x {_Counted.reads} times: one by one, in a loop over positions, "
            "samples or filters. Weight j meets x[:, :, j : j + OL], in one slice."
        )
    return None


# --- the length of the output -----------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[(8, 3), (64, 7), (8, 3, 1, 1), (9, 3, 2), (9, 4, 3, 1), (64, 5, 4, 2), (10, 3, 4, 1), (7, 7), (28, 5, 3, 0)]
)
def output_length(L, FL, stride=1, padding=0):
    """How many windows of FL fit into L samples, with `padding` zeros added at both ends?"""
    return (L + 2 * padding - FL) // stride + 1


@output_length.mistake("the first window is not counted: from it there are ⌊(L + 2P − FL)/S⌋ steps, so that many + 1.")
def _(L, FL, stride=1, padding=0):
    return (L + 2 * padding - FL) // stride


@output_length.mistake("the padding stands at both ends: L grows by 2P.")
def _(L, FL, stride=1, padding=0):
    return (L + padding - FL) // stride + 1


@output_length.mistake("the padding is forgotten: the windows slide over L + 2P samples.")
def _(L, FL, stride=1, padding=0):
    return (L - FL) // stride + 1


@output_length.mistake("the stride is forgotten: with S = 2 only every second window counts.")
def _(L, FL, stride=1, padding=0):
    return L + 2 * padding - FL + 1


@output_length.mistake(
    "the + 1 is divided too. The first window needs no step: count the steps, ⌊(L + 2P − FL)/S⌋, then add it."
)
def _(L, FL, stride=1, padding=0):
    return (L + 2 * padding - FL + 1) // stride


@output_length.mistake("half a window does not count: round down, `//`, not to a fraction.")
def _(L, FL, stride=1, padding=0):
    return (L + 2 * padding - FL) / stride + 1


@output_length.mistake("that rounds up, and the last window would stick out of the signal: round down.")
def _(L, FL, stride=1, padding=0):
    return -(-(L + 2 * padding - FL) // stride) + 1


@output_length.mistake("`//` binds stronger than `+` and `-`: here only FL is divided. Put the sum in brackets.")
def _(L, FL, stride=1, padding=0):
    return L + 2 * padding - FL // stride + 1


@output_length.mistake("the stride divides the steps that the window can take, L + 2P − FL, and not the signal.")
def _(L, FL, stride=1, padding=0):
    return (L + 2 * padding) // stride - FL + 1


@output_length.mistake("that rounds to the nearest, and sometimes up: the last window would stick out. Round down.")
def _(L, FL, stride=1, padding=0):
    return round((L + 2 * padding - FL) / stride) + 1


# --- the way back -----------------------------------------------------------------------------------------------------


def _back(N, C, L, F, FL, seed):
    draw = rng(seed)
    x, W, _ = _layer(N, C, L, F, FL, seed)
    return x, W, draw.standard_normal((N, F, L - FL + 1))


_BY_HAND = (_JUMPS[0], _JUMPS[1], np.array([[[0.0, 0, 1, 0, -2, 0]]]))


@lesson.exercise(cases=[_BY_HAND, _back(2, 3, 7, 2, 4, 5), _back(3, 2, 5, 2, 2, 6)])
def convolution_gradients(x, W, dout):
    """(dx, dW, db), in the shapes of x, W and b, for the u of `convolve`.

    x: (N, C, L), W: (F, C, FL), dout = ∂E/∂u: (N, F, OL).
    """
    dx, dW = np.zeros_like(x), np.zeros_like(W)
    OL = dout.shape[2]
    for j in range(W.shape[2]):
        met = x[:, :, j : j + OL]  # the samples that weight j met, one for each position
        dW[:, :, j] = (dout @ met.transpose(0, 2, 1)).sum(axis=0)
        dx[:, :, j : j + OL] += W[:, :, j].T @ dout
    return dx, dW, dout.sum(axis=(0, 2))


def _gradients(x, W, dout, *, dx=None, dW=None, db=None):
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape[2], axis=2)
    came = np.einsum("nfp,ncpj->fcj", dout, windows) if dW is None else dW(x, W, dout, windows)
    back = _spread(W, dout) if dx is None else dx(x, W, dout)
    return back, came, dout.sum(axis=(0, 2)) if db is None else db(dout)


def _spread(W, dout, add=True):
    (_, C, FL), (N, _, OL) = W.shape, dout.shape
    dx = np.zeros((N, C, OL + FL - 1))
    for p in range(OL):
        part = np.einsum("nf,fcj->ncj", dout[:, :, p], W)
        dx[:, :, p : p + FL] = dx[:, :, p : p + FL] + part if add else part
    return dx


@convolution_gradients.mistake(
    "dx: windows overlap, and each one overwrites what the one before has sent. A sample that is used more than once "
    "gets blame from all sides: add, `+=`."
)
def _(*args):
    return _gradients(*args, dx=lambda x, W, dout: _spread(W, dout, add=False))


def _overwritten_by_filter(x, W, dout):
    dx = np.zeros_like(x)
    for n, f, p in np.ndindex(dout.shape):
        dx[n, :, p : p + W.shape[2]] = dout[n, f, p] * W[f]
    return dx


@convolution_gradients.mistake(
    "dx: every assignment replaces what other windows and other filters have sent to the same samples. All of them used "
    "these samples, so all their blame adds up: `+=`."
)
def _(*args):
    return _gradients(*args, dx=_overwritten_by_filter)


def _overwritten_by_weight(x, W, dout):
    dx, OL = np.zeros_like(x), dout.shape[2]
    for j in range(W.shape[2]):
        dx[:, :, j : j + OL] = W[:, :, j].T @ dout
    return dx


@convolution_gradients.mistake(
    "dx: each turn of the loop over j overwrites what the turn before has sent. A sample meets several weights, and gets "
    "blame from each: add, `+=`."
)
def _(*args):
    return _gradients(*args, dx=_overwritten_by_weight)


@convolution_gradients.mistake(
    "dx: the filter is turned round. Position p read x[p + j] with W[j], so it sends dout[p]·W[j] back to x[p + j]: the same j."
)
def _(*args):
    return _gradients(*args, dx=lambda x, W, dout: _spread(W[:, :, ::-1], dout))


@convolution_gradients.mistake(
    "dW: its weights are in reverse order. Weight j met x[p + j], so dW[j] = Σ_p dout[p]·x[p + j]."
)
def _(*args):
    return _gradients(*args, dW=lambda x, W, dout, windows: np.einsum("nfp,ncpj->fcj", dout, windows)[:, :, ::-1])


@convolution_gradients.mistake(
    "dW is divided by N. The mean over the batch is in dout already, the loss has divided; here the blame adds up."
)
def _(*args):
    return _gradients(*args, dW=lambda x, W, dout, windows: np.einsum("nfp,ncpj->fcj", dout, windows) / len(x))


@convolution_gradients.mistake(
    "dW is a mean over the positions. The weight is used at each of them, and slopes of branches add up: a sum."
)
def _(*args):
    return _gradients(*args, dW=lambda x, W, dout, windows: np.einsum("nfp,ncpj->fcj", dout, windows) / dout.shape[2])


@convolution_gradients.mistake("dW comes from the last sample of the batch only: add up over n.")
def _(*args):
    return _gradients(*args, dW=lambda x, W, dout, windows: np.einsum("fp,cpj->fcj", dout[-1], windows[-1]))


@convolution_gradients.mistake("db: b[f] was added to every sample and at every position, so sum over axes 0 and 2.")
def _(*args):
    return _gradients(*args, db=lambda dout: dout.sum(axis=0))


@convolution_gradients.mistake(
    "db is one number for all filters: each has a bias of its own. Sum over axes 0 and 2 only."
)
def _(*args):
    return _gradients(*args, db=lambda dout: dout.sum())


@convolution_gradients.mistake("db is a mean. b[f] is used at every position of every sample: its blame is the sum.")
def _(*args):
    return _gradients(*args, db=lambda dout: dout.mean(axis=(0, 2)))


@convolution_gradients.mistake("the gradients are right, in another order: the task asks for (dx, dW, db).")
def _(*args):
    dx, dW, db = _gradients(*args)
    return dW, db, dx


@convolution_gradients.mistake("dx and dW have changed places: the task asks for (dx, dW, db).")
def _(*args):
    dx, dW, db = _gradients(*args)
    return dW, dx, db


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "count_the_weights",
    "Stereo sound, 2 channels of 44,100 samples a second. How many parameters has a layer of 16 filters that are 9 samples long?",
    right="b",
    a=("160", "That is 16 · 9 + 16. Each filter listens to both channels and has 9 weights for each."),
    b=("304", "16 filters of 2 · 9 weights, and a bias each: 16 · 18 + 16. The length of the signal plays no part."),
    c=("288", "Those are the weights, 16 · 2 · 9. Each filter has a bias, too."),
    d=(
        "That depends on how long the recording is.",
        "The output does. The weights are shared by all positions, however many there are.",
    ),
)

lesson.quiz(
    "which_output_moves",
    "A wave begins five samples later, well inside the recording. What changes in convolution – ReLU – global max pooling – affine?",
    right="c",
    a=(
        "Nothing at all, in no layer.",
        "The answer stays. But look at the convolution: it finds the jump where it is now.",
    ),
    b=(
        "Everything, but only a little.",
        "The answers of the filters are the very same numbers. They only stand elsewhere, until something forgets where.",
    ),
    c=(
        "The outputs of the convolution and the ReLU move by five; from the pooling on, nothing changes.",
        "Equivariant up to the pooling, invariant after it. (What enters and leaves at the ends may still change something.)",
    ),
    d=(
        "The convolution's output stays, because its weights are shared; the pooling's moves.",
        "The other way round: shared weights find the same thing elsewhere, and the maximum forgets where.",
    ),
)
