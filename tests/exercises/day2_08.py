"""Answers to the exercises of day2/08 as learners type them."""

BUILD = """
def build(channels, side, blocks, hidden, rng):
    layers = []
    c = channels
    for filters_of_block in blocks:
        for f in filters_of_block:
            layers.append(CONV)
            c = NEXT
            BEND
            INNER
        OUTER
    layers.append(Flatten())
    layers.append(Affine(SIZE, hidden, rng=rng))
    layers.append(ReLU())
    layers.append(Affine(hidden, 10, rng=rng))
    LAST
    return RESULT
"""


def build(**changes):
    parts = {
        "CONV": "Convolution(c, f, 3, padding=1, rng=rng)",
        "NEXT": "f",
        "BEND": "layers.append(ReLU())",
        "INNER": "pass",
        "OUTER": "layers.append(MaxPooling(2))",
        "SIZE": "c * (side // 2 ** len(blocks)) ** 2",
        "LAST": "pass",
        "RESULT": "Sequential(*layers)",
    }
    source = BUILD
    for name, code in (parts | changes).items():
        source = source.replace(name, code)
    return source


LEDGER = """
def ledger(shape, layers):
    result = []
    for layer in layers:
        if layer[0] == "conv":
            filters, F, P = layer[1:]
            C, H, W = shape
            number = WEIGHTS
            shape = (filters, ROWS, COLUMNS)
        elif layer[0] == "pool":
            F = layer[1]
            C, H, W = shape
            number = POOL_WEIGHTS
            shape = POOLED
        else:
            units = layer[1]
            n = INPUTS
            number = AFFINE
            shape = (units,)
        result.append((shape, number))
    return result
"""


def ledger(**changes):
    parts = {
        "POOL_WEIGHTS": "0",
        "WEIGHTS": "filters * (C * F * F + 1)",
        "ROWS": "(H + 2 * P - F) // 1 + 1",
        "COLUMNS": "(W + 2 * P - F) // 1 + 1",
        "POOLED": "(C, (H - F) // F + 1, (W - F) // F + 1)",
        "INPUTS": "shape[0] * shape[1] * shape[2] if len(shape) == 3 else shape[0]",
        "AFFINE": "n * units + units",
    }
    source = LEDGER
    for name in parts:
        source = source.replace(name, {**parts, **changes}[name])
    return source


def shuffled(result):
    return f"def shuffled_weights(W, order):\n    return {result}\n"


WRONG = [
    ("build", build(BEND="pass"), "no ReLU behind the convolutions"),
    ("build", build(LAST="layers.append(ReLU())"), "cuts off every negative score"),
    ("build", build(INNER="layers.append(MaxPooling(2))", OUTER="pass", SIZE="c * (side // 2 ** sum(map(len, blocks))) ** 2"), "once for each block"),
    ("build", build(OUTER="pass", SIZE="c * side * side"), "a MaxPooling(2) closes each block"),
    ("build", build(NEXT="channels"), "the channels of the image"),
    ("build", build(SIZE="c * side * side"), "every pool halves the side"),
    ("build", build(SIZE="c"), "one number per channel"),
    ("build", build(SIZE="(side // 2 ** len(blocks)) ** 2"), "several maps"),
    ("build", build(SIZE="c * (side // 2 ** len(blocks))"), "side · side"),
    ("build", build().replace("    layers.append(Flatten())\n", ""), "Flatten() is missing"),
    ("build", build(CONV="Convolution(c, f, 3, rng=rng)"), "padding 1"),
    ("build", build().replace("hidden, rng=rng))\n    layers.append(ReLU())", "hidden, rng=rng))"), "two affine layers are one"),
    ("build", build(RESULT="layers"), "no network yet"),
    ("build", build(RESULT="None"), "is a `return` missing"),
    ("build", build(CONV="Convolution(c, f, 3, padding=1, rng=np.random.default_rng(0))"), "another rng gives the same weights"),
    ("build", build(CONV="Convolution(c, f, 3, padding=1, rng=np.random.default_rng())"), "the same rng gives other weights"),
    ("build", build(BEND="layers.append(bend)").replace("    c = channels", "    c = channels\n    bend = ReLU()"), "the same layer object appears twice"),
    ("ledger", ledger(WEIGHTS="filters * C * F * F", AFFINE="n * units"), "the biases are missing"),
    ("ledger", ledger(AFFINE="n * units"), "the affine layers lack"),
    ("ledger", ledger(WEIGHTS="filters * C * F * F"), "the convolutions lack"),
    ("ledger", ledger(WEIGHTS="filters * C * F * F + 1"), "one for the whole layer"),
    ("ledger", ledger(WEIGHTS="filters * F * F + filters"), "a slice for every channel"),
    ("ledger", ledger(WEIGHTS="filters * (C * F + 1)"), "not F."),
    ("ledger", ledger(ROWS="H + P - F + 1", COLUMNS="W + P - F + 1"), "on both sides"),
    ("ledger", ledger(ROWS="H - F + 1", COLUMNS="W - F + 1"), "no effect on your sizes"),
    ("ledger", ledger(ROWS="H + 2 * P - F", COLUMNS="W + 2 * P - F"), "one place is missing"),
    ("ledger", ledger(ROWS="H", COLUMNS="W"), "keep the size of the image"),
    ("ledger", ledger(POOLED="(C, H - F + 1, W - F + 1)"), "divides the side by 2"),
    ("ledger", ledger(POOLED="(C, (H + F - 1) // F, (W + F - 1) // F)"), "rounded down"),
    ("ledger", ledger(POOLED="(C, H / F, W / F)"), "rounds down"),
    ("ledger", ledger(POOL_WEIGHTS="F * F"), "nothing to learn"),
    ("ledger", ledger(INPUTS="shape[0]"), "not one per channel"),
    ("ledger", ledger().replace("result.append((shape, number))", "result.append((shape[1:] + shape[:1], number))"), "channels first"),
    ("shuffled_weights", shuffled("W[np.argsort(order), :]"), "the way back"),
    ("shuffled_weights", shuffled("W[:, order]"), "which are units"),
    ("shuffled_weights", shuffled("W * 1"), "W as it was"),
    ("shuffled_weights", shuffled("W.T[order]"), "transposed"),
    ("ledger", """
def ledger(shape, layers):
    C, H, W = shape
    out = []
    for layer in layers:
        if layer[0] == "conv":
            _, f, k, p = layer
            out.append(((f, H + 2 * p - k + 1, W + 2 * p - k + 1), (k * k * C + 1) * f))
        elif layer[0] == "pool":
            out.append(((C, H // layer[1], W // layer[1]), 0))
        else:
            out.append(((layer[1],), (C * H * W + 1) * layer[1]))
    return out
""", "not that of the image"),
    ("ledger", """
def ledger(shape, layers):
    out = []
    for kind, n, *more in layers:
        p = 0
        if kind == "conv":
            p = (more[0] ** 2 * shape[0] + 1) * n
            shape = (n, *(s + 2 * more[1] - more[0] + 1 for s in shape[1:]))
        elif kind == "pool":
            shape = (shape[0], shape[1] // n, shape[2] // n)
        else:
            p = (int(np.prod(shape)) + 1) * n
            shape = (n,)
        out.append((p, shape))
    return out
""", "the shape comes first"),
    ("build", """
def build(channels, side, blocks, hidden, rng):
    layers = []
    for block in blocks:
        for f in block:
            layers += [Convolution(channels, f, 3, padding=1, rng=rng), ReLU()]
            channels = f
        layers += [MaxPooling(2)]
        side = side / 2
    layers += [Flatten(), Affine(channels * side * side, hidden, rng=rng), ReLU(), Affine(hidden, 10, rng=rng)]
    return Sequential(*layers)
""", "halve it with //"),
]  # fmt: skip

RIGHT = [
    ("build", build()),
    ("build", build(SIZE="size_after(layers[:-1], (channels, side, side))").replace("    layers = []", "    from common.models import size_after\n    layers = []", 1)),
    ("ledger", ledger()),
    ("ledger", ledger(INPUTS="int(np.prod(shape))")),
    ("shuffled_weights", shuffled("W[order, :]")),
    ("shuffled_weights", shuffled("np.take(W, order, axis=0)")),
    ("shuffled_weights", shuffled("np.array([W[k] for k in order])")),
    ("shuffled_weights", shuffled("np.eye(len(order))[order] @ W")),
]  # fmt: skip
