"""Answers to the exercises of day2/05 as learners type them."""

RIDGE = """
def ridge_gradient(param, strength):
    gradient = GRADIENT
    return gradient
"""

LASSO = RIDGE.replace("ridge", "lasso")

DROPOUT = """
def dropout(x, rate, rng, training):
    if training:
        mask = MASK
        return TRAIN
    return INFER
"""

CROP = """
def random_crop(image, size, rng):
    h, w = size
    y = TOP
    x = LEFT
    return image[ROWS, COLUMNS]
"""


def ridge(gradient):
    return RIDGE.replace("GRADIENT", gradient)


def lasso(gradient):
    return LASSO.replace("GRADIENT", gradient)


def drop(mask="rng.random(x.shape) > rate", train="x * mask / (1 - rate)", infer="x"):
    return DROPOUT.replace("MASK", mask).replace("TRAIN", train).replace("INFER", infer)


def crop(
    top="rng.integers(image.shape[0] - h + 1)",
    left="rng.integers(image.shape[1] - w + 1)",
    rows="y:y + h",
    columns="x:x + w",
):
    return CROP.replace("TOP", top).replace("LEFT", left).replace("ROWS", rows).replace("COLUMNS", columns)


WRONG = [
    ("ridge_gradient", ridge("strength * 2 * param"), "twice too much"),
    ("ridge_gradient", ridge("strength * param / 2"), "half of it is missing"),
    ("ridge_gradient", ridge("strength * param / np.linalg.norm(param)"), "There is no root"),
    ("ridge_gradient", ridge("0.5 * strength * (param**2).sum()"), "that is the price itself"),
    ("ridge_gradient", ridge("strength * param.sum()"), "one number for all weights"),
    ("ridge_gradient", ridge("param"), "strength is missing"),
    ("ridge_gradient", ridge("strength * abs(param)"), "pulled *up* to 0"),
    ("ridge_gradient", ridge("-param * strength"), "the other way round"),
    ("ridge_gradient", ridge("np.sign(param) * strength"), "gradient of L1"),
    ("lasso_gradient", lasso("np.full(param.shape, strength)"), "every weight is pushed down"),
    ("lasso_gradient", lasso("abs(param) * strength"), "not its slope"),
    ("lasso_gradient", lasso("param * strength"), "gradient of L2"),
    ("lasso_gradient", lasso("strength * abs(param) / param"), "divides 0 by 0"),
    ("lasso_gradient", lasso("np.where(param < 0, -strength, strength)"), "exactly 0 is pushed away"),
    ("lasso_gradient", lasso("np.where(param > 0, strength, -strength)"), "exactly 0 is pushed away"),
    ("lasso_gradient", lasso("np.where(param > 0, strength, 0)"), "negative weights get nothing"),
    ("lasso_gradient", lasso("strength * np.sign(param).sum()"), "one number for all weights"),
    ("lasso_gradient", lasso("np.sign(param)"), "strength is missing"),
    ("lasso_gradient", lasso("-np.sign(param) * strength"), "the other way round"),
    ("dropout", drop(train="x * mask"), "what is kept is not made larger"),
    ("dropout", drop(train="x * mask * (1 - rate)"), "gets smaller still"),
    ("dropout", drop(train="x * mask / rate"), "divided by rate"),
    ("dropout", drop(train="x * mask * rate"), "multiplied by rate"),
    ("dropout", drop(mask="rng.random(x.shape) < rate"), "the share that goes"),
    ("dropout", drop(mask="rng.random(x.shape[1]) > rate"), "the same units are dropped for every sample"),
    ("dropout", drop(mask="rng.random((len(x), 1)) > rate"), "dropped whole or kept whole"),
    ("dropout", drop(mask="np.random.random(x.shape) > rate"), "not from np.random"),
    ("dropout", drop(mask="np.random.default_rng(0).random(x.shape) > rate"), "from the rng that comes in"),
    ("dropout", drop(mask="np.ones(x.shape)", train="x"), "nothing is dropped"),
    ("dropout", drop(infer="x * (1 - rate)"), "the older form"),
    ("dropout", drop(infer="None"), "is a `return` missing"),
    (
        "dropout",
        "def dropout(x, rate, rng, training):\n    return x * (rng.random(x.shape) >= rate) / (1 - rate)\n",
        "it drops in inference, too",
    ),
    (
        "dropout",
        """
def dropout(x, rate, rng, training):
    if training:
        x[rng.random(x.shape) < rate] = 0
        return x / (1 - rate)
    return x
""",
        "into x itself",
    ),
    ("random_crop", crop("rng.integers(0, image.shape[0] - h)", "rng.integers(0, image.shape[1] - w)"), "both included"),
    ("random_crop", crop("rng.integers(0, max(1, image.shape[0] - h))", "rng.integers(0, max(1, image.shape[1] - w))"), "never draws the last place"),
    ("random_crop", crop("rng.integers(1, max(2, image.shape[0] - h + 1)) if image.shape[0] > h else 0", "rng.integers(1, image.shape[1] - w + 1) if image.shape[1] > w else 0"), "never draws place 0"),
    ("random_crop", crop("(image.shape[0] - h) // 2", "(image.shape[1] - w) // 2"), "always at the same place"),
    ("random_crop", crop(left="y"), "along the diagonal"),
    ("random_crop", crop("rng.integers(image.shape[0])", "rng.integers(image.shape[1])"), "a window of 2×4 was asked for"),
    ("random_crop", crop(rows="y:y + w", columns="x:x + h"), "changed places"),
    ("random_crop", crop(rows="y:h", columns="x:w"), "a slice ends at top + h"),
    ("random_crop", crop("np.random.randint(image.shape[0] - h + 1)", "np.random.randint(image.shape[1] - w + 1)"), "not from np.random"),
    ("random_crop", "def random_crop(image, size, rng):\n    y = rng.integers(image.shape[0] - size[0] + 1)\n", "is a `return` missing"),
    ("ridge_gradient", """
def ridge_gradient(param, strength):
    return strength / 2 * param * param
""", "w² has the slope 2w"),
    ("ridge_gradient", """
def ridge_gradient(param, strength):
    return strength * param**2
""", "without its ½"),
]  # fmt: skip

RIGHT = [
    ("ridge_gradient", ridge("param * strength")),
    ("lasso_gradient", lasso("np.where(param > 0, strength, np.where(param < 0, -strength, 0))")),
    ("dropout", drop()),
    ("dropout", drop(mask="rng.random(x.shape) < 1 - rate")),
    ("dropout", drop(mask="rng.binomial(1, 1 - rate, x.shape)")),
    ("dropout", drop(train="np.where(mask, x / (1 - rate), 0)")),
    ("random_crop", crop()),
    ("random_crop", crop("rng.integers(0, image.shape[0] - h, endpoint=True)")),
    ("random_crop", crop(rows="np.arange(y, y + h)[:, None]", columns="np.arange(x, x + w)")),
    ("random_crop", crop("rng.choice(image.shape[0] - h + 1)")),
]
