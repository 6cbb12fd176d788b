"""Answers to the exercises of day2/10 as learners type them."""

WALK = """
def size_walk(size, layers):
    out = []
    for f, s, p in layers:
        size = FORMULA
        out.append(size)
    return out
"""

GROUPED = """
def grouped_parameters(channels, filters, window, groups):
    return FORMULA
"""

LRN = """
def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    out = np.zeros(x.shape)
    half = n // 2
    C = x.shape[1]
    for c in range(C):
        total = TOTAL
        out[:, c] = RESULT
    return out
"""

SLICE = "(x[:, max(c - half, 0):min(c + half + 1, C)] ** 2).sum(axis=1)"


def walk(formula):
    return WALK.replace("FORMULA", formula)


def grouped(formula):
    return GROUPED.replace("FORMULA", formula)


def lrn(total=SLICE, result="x[:, c] / (k + alpha * total) ** beta"):
    return LRN.replace("TOTAL", total).replace("RESULT", result)


WRONG = [
    ("size_walk", walk("int((size - f) / s) + 1"), "the padding is missing"),
    ("size_walk", walk("(size - f + p) // s + 1"), "the padding counts once"),
    ("size_walk", walk("(size - f + 2 * p) // s"), "one too few"),
    ("size_walk", walk("(size - f + 2 * p) / s + 1"), "54.25"),
    ("size_walk", walk("int(np.ceil((size - f + 2 * p) / s)) + 1"), "hangs over the edge"),
    ("size_walk", walk("int(round((size - f + 2 * p) / s + 1))"), "half a window is no window"),
    ("size_walk", walk("(size - f + 2 * p + 1) // s"), "Mind the brackets"),
    ("size_walk", walk("(size - s + 2 * p) // f + 1"), "have changed places"),
    ("size_walk", walk("size - f + 2 * p // s + 1"), "was expected"),
    ("size_walk", walk("float((size - f + 2 * p) // s + 1)"), "not whole numbers"),
    ("size_walk", "def size_walk(size, layers):\n    return [(size + 2 * p - f) // s + 1 for f, s, p in layers]\n", "carry it along"),
    ("size_walk", "def size_walk(size, layers):\n    for f, s, p in layers:\n        size = (size + 2 * p - f) // s + 1\n    return size\n", "that is the last side"),
    ("size_walk", walk("(size - f + 2 * p) // s + 1").replace("[]", "[size]"), "the image itself is in the list"),
    ("size_walk", walk("(size - f + 2 * p) // s + 1").replace("return out", "print(out)"), "is a `return` missing"),
    ("grouped_parameters", grouped("filters * (window * window * channels + 1)"), "without groups"),
    ("grouped_parameters", grouped("filters // groups * (window ** 2 * channels // groups + 1)"), "that is one group"),
    ("grouped_parameters", grouped("filters * channels * window ** 2 // groups ** 2 + filters"), "divided twice"),
    ("grouped_parameters", grouped("filters * channels * window ** 2 // groups"), "the biases are missing"),
    ("grouped_parameters", grouped("filters * (channels * window ** 2 + 1) // groups"), "the biases are divided, too"),
    ("grouped_parameters", grouped("groups * (channels * window ** 2 + 1) * filters"), "the groups make it larger"),
    ("grouped_parameters", grouped("(channels // groups * window + 1) * filters"), "the window is square"),
    ("grouped_parameters", grouped("filters * channels / groups * (window ** 2 + 1)"), "one bias for every channel"),
    ("grouped_parameters", grouped("channels * (filters // groups * window ** 2 + 1)"), "have changed places"),
    ("lrn", lrn("(x[:, c - half:c + half + 1] ** 2).sum(axis=1)"), "begin at max(0, c - n // 2)"),
    ("lrn", lrn("(x[:, max(c - half, 0):c + half] ** 2).sum(axis=1)"), "a slice leaves out its end"),
    ("lrn", lrn("(x[:, max(c - n, 0):c + n + 1] ** 2).sum(axis=1)"), "n in all"),
    ("lrn", lrn("(x[:, c:c + n] ** 2).sum(axis=1)"), "in the middle"),
    ("lrn", lrn("x[:, c] ** 2"), "damps only itself"),
    ("lrn", lrn(SLICE + " - x[:, c] ** 2"), "not the channel itself"),
    ("lrn", lrn("(x ** 2).sum(axis=1)"), "Only n of them are neighbours"),
    ("lrn", lrn("x[:, max(c - half, 0):c + half + 1].sum(axis=1)"), "the square is missing"),
    ("lrn", lrn("x[:, max(c - half, 0):c + half + 1].sum(axis=1) ** 2"), "the square of the sum"),
    ("lrn", lrn(result="x[:, c] / (k + alpha / n * total) ** beta"), "PyTorch's form"),
    ("lrn", lrn("(x[:, max(c - half, 0):c + half + 1] ** 2).mean(axis=1)"), "the mean of the squares"),
    ("lrn", lrn(result="x[:, c] * (k + alpha * total) ** beta"), "Divide"),
    ("lrn", lrn(result="x[:, c] / (k + alpha * total)"), "beta is missing"),
    ("lrn", lrn(result="x[:, c] / (alpha * total) ** beta"), "k is missing"),
    ("lrn", lrn(result="k + alpha * total"), "that is s"),
    ("lrn", "def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):\n    return x / (k + alpha * (x ** 2).sum(axis=(2, 3), keepdims=True)) ** beta\n", "nearer to batch norm"),
    ("lrn", lrn().replace("np.zeros(x.shape)", "x.copy()").replace("total = (x[", "total = (out["), "damped already"),
    ("lrn", lrn().replace("np.zeros(x.shape)", "x"), "write into a new array"),
    ("lrn", lrn().replace("return out", "out"), "is a `return` missing"),
    ("size_walk", """
def size_walk(size, layers):
    sides = []
    for window, padding, stride in layers:
        size = (size + 2 * padding - window) // stride + 1
        sides.append(size)
    return sides
""", "(window, stride, padding), in this order"),
    ("lrn", """
def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    z = np.zeros_like(x)
    for c in range(x.shape[1]):
        s = np.sum(x[:, max(0, c - n // 2) : c + n // 2 + 1] ** 2, axis=1)
        z[:, c] = x[:, c] / (k + alpha * s**beta)
    return z
""", "k included"),
]  # fmt: skip

RIGHT = [
    ("size_walk", walk("int((size - f + 2 * p) / s + 1)")),
    ("size_walk", walk("int(np.floor((size - f + 2 * p) / s)) + 1")),
    ("size_walk", walk("len(range(0, size + 2 * p - f + 1, s))")),
    ("size_walk", "def size_walk(size, layers):\n    out = []\n    for f, s, p in layers:\n        size = output_size(size, f, s, p)\n        out.append(size)\n    return np.array(out)\n"),
    ("grouped_parameters", grouped("channels * window ** 2 * filters // groups + filters")),
    ("grouped_parameters", grouped("groups * (channels // groups * window ** 2 + 1) * (filters // groups)")),
    ("grouped_parameters", grouped("(channels / groups * window ** 2 + 1) * filters")),
    ("lrn", lrn()),
    ("lrn", lrn("sum(x[:, j] ** 2 for j in range(max(0, c - half), min(C, c + half + 1)))")),
    ("lrn", "def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):\n    return LocalResponseNorm(n, k, alpha, beta).forward(x)\n"),
]  # fmt: skip
