"""Answers to the exercises of day2/06 as learners type them."""

LOOPS = """
def convolve_loops(x, W, b):
    N, C, L = x.shape
    F, C, FL = W.shape
    u = np.zeros((N, F, PLACES))
    for n in range(N):
        for f in range(F):
            for p in range(RANGE):
                s = 0.0
                for c in range(CHANNELS):
                    for j in range(FL):
                        s += TERM
                u[n, f, p] = END
    return u
"""


def loops(places="L - FL + 1", run="L - FL + 1", channels="C", term="x[n, c, p + j] * W[f, c, j]", end="s + b[f]"):
    answer = LOOPS.replace("PLACES", places).replace("RANGE", run).replace("CHANNELS", channels)
    return answer.replace("TERM", term).replace("END", end)


FAST = """
def convolve(x, W, b):
    FL = W.shape[2]
    OL = x.shape[2] - FL + 1
    u = START
    for j in range(FL):
        TURN
    return END
"""


def fast(start="0", turn="u = u + W[:, :, j] @ x[:, :, j:j + OL]", end="u + b[:, None]"):
    return FAST.replace("START", start).replace("TURN", turn).replace("END", end)


BACK = """
def convolution_gradients(x, W, dout):
    N, F, OL = dout.shape
    FL = W.shape[2]
    dx = np.zeros(x.shape)
    dW = np.zeros(W.shape)
    for n in range(N):
        for f in range(F):
            for p in range(OL):
                TURN_W
                TURN_X
    db = DB
    return RETURN
"""


def back(
    turn_w="dW[f] += dout[n, f, p] * x[n, :, p:p + FL]",
    turn_x="dx[n, :, p:p + FL] += dout[n, f, p] * W[f]",
    db="np.sum(dout, axis=(0, 2))",
    end="dx, dW, db",
):
    return BACK.replace("TURN_W", turn_w).replace("TURN_X", turn_x).replace("DB", db).replace("RETURN", end)


def length(body):
    return f"def output_length(L, FL, stride=1, padding=0):\n    return {body}\n"


WRONG = [
    ("convolve_loops", loops(term="x[n, c, p + j] * W[f, c, FL - 1 - j]"), "the filter is turned round"),
    ("convolve_loops", loops(term="x[n, c, p + j] * W[f, c, -j - 1]"), "the filter is turned round"),
    ("convolve_loops", loops(end="s"), "the bias is missing"),
    ("convolve_loops", loops(term="x[n, c, p + j] * W[f, c, j] + b[f]", end="s"), "comes in with every product"),
    ("convolve_loops", loops(channels="1"), "only the first channel"),
    ("convolve_loops", loops(places="L - FL", run="L - FL"), "one position is missing"),
    ("convolve_loops", loops(run="L - FL"), "the last position stays 0"),
    ("convolve_loops", loops(end="s / (C * FL) + b[f]"), "mean of the products"),
    ("convolve_loops", loops(term="x[n, c, p + j] * W[f, c, j]").replace("s += ", "s = "), "replaces the one before"),
    ("convolve_loops", loops(places="L", run="L"), "it raised IndexError"),
    ("convolve_loops", loops().replace("    return u\n", ""), "is a `return` missing"),
    ("convolve_loops", """
def convolve_loops(x, W, b):
    N, C, L = x.shape
    F, _, FL = W.shape
    u = np.zeros((N, F, L - FL + 1))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                u[n, f] += np.correlate(x[n, c], W[f, c], "valid") + b[f]
    return u
""", "once for every channel"),
    ("convolve_loops", """
def convolve_loops(x, W, b):
    u = np.zeros((len(x), len(W), x.shape[2] - W.shape[2] + 1))
    for n in range(len(x)):
        for f in range(len(W)):
            for c in range(x.shape[1]):
                u[n, f] += np.convolve(x[n, c], W[f, c], mode="valid")
            u[n, f] += b[f]
    return u
""", "the filter is turned round"),
    ("convolve", fast(end="u"), "the bias is missing"),
    ("convolve", fast(end="u + b"), "lines it up with the last axis"),
    ("convolve", fast(turn="u = u + W[:, :, j] @ x[:, :, j:j + OL] + b[:, None]", end="u"), "FL times"),
    ("convolve", fast(turn="u = u + W[:, :, FL - 1 - j] @ x[:, :, j:j + OL]"), "the filter is turned round"),
    ("convolve", fast(turn="u = W[:, :, j] @ x[:, :, j:j + OL]"), "only the last weight is left"),
    ("convolve", fast(turn="u = u + W[:, :1, j] @ x[:, :1, j:j + OL]"), "only the first channel"),
    ("convolve", fast(end="(u + b[:, None]).swapaxes(1, 2)"), "the axes are (N, OL, F)"),
    ("convolve", loops().replace("convolve_loops", "convolve"), "the numbers are right, but"),
    ("convolve", """
def convolve(x, W, b):
    N, C, L = x.shape
    F, _, FL = W.shape
    u = np.zeros((N, F, L - FL + 1))
    for p in range(L - FL + 1):
        window = x[:, :, p:p + FL].reshape(N, -1)
        u[:, :, p] = window @ W.reshape(F, -1).T + b
    return u
""", "the numbers are right, but"),
    ("output_length", length("(L - FL + 2 * padding) // stride"), "the first window is not counted"),
    ("output_length", length("1 + (L + padding - FL) // stride"), "at both ends"),
    ("output_length", length("1 + (L - FL) // stride"), "the padding is forgotten"),
    ("output_length", length("L - FL + 2 * padding + 1"), "the stride is forgotten"),
    ("output_length", length("(L + 2 * padding - FL + 1) // stride"), "the + 1 is divided too"),
    ("output_length", length("1 + (L + 2 * padding - FL) / stride"), "half a window"),
    ("output_length", length("int(np.ceil((L + 2 * padding - FL) / stride)) + 1"), "rounds up"),
    ("output_length", length("round((L + 2 * padding - FL) / stride + 1)"), "rounds to the nearest"),
    ("convolution_gradients", back(turn_x="dx[n, :, p:p + FL] = dout[n, f, p] * W[f]"), "other windows and other filters"),
    ("convolution_gradients", """
def convolution_gradients(x, W, dout):
    dx, FL, OL = np.zeros_like(x), W.shape[-1], dout.shape[-1]
    dW = np.stack([np.einsum("nfp,ncp->fc", dout, x[:, :, j:j + OL]) for j in range(FL)], axis=-1)
    for p in range(OL):
        dx[:, :, p:p + FL] = np.tensordot(dout[:, :, p], W, axes=1)
    return dx, dW, dout.sum(axis=(0, 2))
""", "windows overlap"),
    ("convolution_gradients", back(turn_x="dx[n, :, p:p + FL] += dout[n, f, p] * W[f, :, ::-1]"), "turned round"),
    ("convolution_gradients", back(turn_w="dW[f] += dout[n, f, p] * x[n, :, p:p + FL][:, ::-1]"), "in reverse order"),
    ("convolution_gradients", back(end="dx, dW / N, db"), "divided by N"),
    ("convolution_gradients", back(end="dx, dW / OL, db"), "a mean over the positions"),
    ("convolution_gradients", back(turn_w="dW[f] += dout[n, f, p] * x[n, :, p:p + FL] * (n == N - 1)"), "last sample of the batch"),
    ("convolution_gradients", back(db="dout.sum(0)"), "sum over axes 0 and 2"),
    ("convolution_gradients", back(db="np.sum(dout)"), "one number for all filters"),
    ("convolution_gradients", back(db="np.mean(dout, axis=(0, 2))"), "db is a mean"),
    ("convolution_gradients", back(end="dW, db, dx"), "in another order"),
    ("convolution_gradients", back(end="dW, dx, db"), "have changed places"),
    ("convolution_gradients", """
def convolution_gradients(x, W, dout):
    dx, dW, OL = np.zeros_like(x), np.zeros_like(W), dout.shape[-1]
    for j in range(W.shape[-1]):
        dW[..., j] = np.tensordot(dout, x[..., j:j + OL], axes=([0, 2], [0, 2]))
        dx[..., j:j + OL] = np.swapaxes(W[..., j], 0, 1) @ dout
    return dx, dW, dout.sum(axis=(0, 2))
""", "overwrites what the turn before"),
    ("output_length", """
def output_length(L, FL, stride=1, padding=0):
    return L + 2 * padding - FL // stride + 1
""", "binds stronger"),
    ("output_length", """
def output_length(L, FL, stride=1, padding=0):
    return (L + 2 * padding) // stride - FL + 1
""", "and not the signal"),
]  # fmt: skip

RIGHT = [
    ("convolve_loops", loops()),
    ("convolve_loops", """
def convolve_loops(x, W, b):
    u = []
    for signal in x:
        rows = []
        for w, bias in zip(W, b):
            rows.append(sum(np.correlate(a, v, "valid") for a, v in zip(signal, w)) + bias)
        u.append(rows)
    return np.array(u)
"""),
    ("convolve", fast()),
    ("convolve", """
def convolve(x, W, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape[2], axis=2)
    return np.einsum("ncpj,fcj->nfp", windows, W) + b.reshape(1, -1, 1)
"""),
    ("convolve", """
def convolve(x, W, b):
    F, C, FL = W.shape
    places = np.arange(x.shape[2] - FL + 1)[:, None] + np.arange(FL)
    cols = x[:, :, places].transpose(0, 2, 1, 3).reshape(len(x), len(places), C * FL)
    return (cols @ W.reshape(F, -1).T + b).transpose(0, 2, 1)
"""),
    ("output_length", length("1 + (L - FL + 2 * padding) // stride")),
    ("output_length", length("int(np.floor((L + 2 * padding - FL) / stride)) + 1")),
    ("output_length", length("len(range(0, L + 2 * padding - FL + 1, stride))")),
    ("convolution_gradients", back()),
    ("convolution_gradients", """
def convolution_gradients(x, W, dout):
    FL = W.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, FL, axis=-1)
    dW = np.einsum("nfp,ncpj->fcj", dout, windows)
    padded = np.pad(dout, ((0, 0), (0, 0), (FL - 1, FL - 1)))
    around = np.lib.stride_tricks.sliding_window_view(padded, FL, axis=-1)
    dx = np.einsum("nfij,fcj->nci", around, W[:, :, ::-1])
    return dx, dW, np.einsum("nfp->f", dout)
"""),
]  # fmt: skip
