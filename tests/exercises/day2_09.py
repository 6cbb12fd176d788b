"""Answers to the exercises of day2/09 as learners type them."""

PATCH = """
def most_exciting_patch(maps, images, size):
    place = PLACE
    RESULT
"""
BEST = "np.argwhere(maps == np.max(maps))[0]"


def patch(result, place=BEST):
    return PATCH.replace("PLACE", place).replace("RESULT", result)


OCCLUSION = """
def occlusion_map(score, x, size):
    N, H, W = x.shape
    start = score(x)
    result = np.zeros((N, ROWS, COLUMNS))
    for r in range(ROWS):
        for c in range(COLUMNS):
            image = COPY
            image[SQUARE] = VALUE
            result[:, r, c] = DROP
    return result
"""


def occlusion(
    rows="H - size + 1",
    columns="W - size + 1",
    copy="np.array(x)",
    square=":, r:r + size, c:c + size",
    value="0",
    drop="start - score(image)",
):
    text = OCCLUSION.replace("ROWS", rows).replace("COLUMNS", columns).replace("COPY", copy)
    return text.replace("SQUARE", square).replace("VALUE", value).replace("DROP", drop)


TAKE = """
def take_away(x, maps, n):
    result = x.copy()
    for image, m in zip(result, maps):
        places = ORDER
        for place in places:
            image[np.unravel_index(place, image.shape)] = VALUE
    return result
"""


def take(order="np.argsort(m.ravel())[::-1][:n]", value="0"):
    return TAKE.replace("ORDER", order).replace("VALUE", value)


FIELD = """
def receptive_field(layers):
    width, jump = START, 1
    for k, s in layers:
        BODY
    return width
"""


def field(*body, start="1"):
    return FIELD.replace("START", start).replace("BODY", "\n        ".join(body))


WRONG = [
    (
        "most_exciting_patch",
        patch("return images[place[0], place[2]:place[2] + size, place[1]:place[1] + size]"),
        "changed places",
    ),
    (
        "most_exciting_patch",
        patch("n, p, q = place\n    h = size // 2\n    p, q = max(0, p - h), max(0, q - h)\n    return images[n][p:p + size, q:q + size]"),
        "for the middle",
    ),
    (
        "most_exciting_patch",
        patch("n, p, q = place\n    return images[n, p:p + size, q:q + size]", "np.argwhere(abs(maps) == abs(maps).max())[0]"),
        "largest absolute value",
    ),
    (
        "most_exciting_patch",
        patch("p, q = place\n    return images[0][p:p + size, q:q + size]", "np.argwhere(maps[0] == maps[0].max())[0]"),
        "of the first image",
    ),
    ("most_exciting_patch", patch("return tuple(place)"), "where it is"),
    (
        "most_exciting_patch",
        patch("n, p, q = place\n    return maps[n, p:p + size, q:q + size]"),
        "cut out of the map",
    ),
    (
        "most_exciting_patch",
        patch("n, p, q = place\n    return images[n, p:p + size - 1, q:q + size - 1]"),
        "one pixel too small",
    ),
    (
        "most_exciting_patch",
        patch("return np.array([x[np.argmax(m) // m.shape[1]:np.argmax(m) // m.shape[1] + size, np.argmax(m) % m.shape[1]:np.argmax(m) % m.shape[1] + size] for x, m in zip(images, maps)])"),
        "for every image",
    ),
    ("most_exciting_patch", patch("n, p, q = np.argmax(maps)"), "it raised"),
    ("most_exciting_patch", patch("n, p, q = place"), "is a `return` missing"),
    ("occlusion_map", occlusion(drop="score(image) - start"), "turned round"),
    ("occlusion_map", occlusion(drop="score(image)"), "By how much did it fall"),
    ("occlusion_map", occlusion(drop="abs(score(image) - start)"), "the sign is lost"),
    ("occlusion_map", occlusion(drop="1 - score(image) / start"), "as a share"),
    ("occlusion_map", occlusion(copy="x"), "pile up"),
    ("occlusion_map", occlusion("H - size", "W - size"), "are missing"),
    ("occlusion_map", occlusion(square=":, c:c + size, r:r + size"), "changed places"),
    ("occlusion_map", occlusion(square=":, r, c"), "a single pixel"),
    ("occlusion_map", occlusion(value="1"), "black"),
    ("occlusion_map", occlusion(value=".5"), "grey"),
    (
        "occlusion_map",
        occlusion("(H - size) // size + 1", "(W - size) // size + 1", square=":, r * size:r * size + size, c * size:c * size + size"),
        "jumps by its own size",
    ),
    ("take_away", take("np.argsort(m.ravel())[:n]"), "*smallest*"),
    ("take_away", take("m.ravel().argsort()[-n:]"), "n = 0"),
    ("take_away", take("(-abs(m)).ravel().argsort()[:n]"), "*absolute*"),
    ("take_away", take("(-m).ravel().argsort()[:n + 1]"), "one pixel too many"),
    ("take_away", take("(-m).ravel().argsort()[n:]"), "are kept"),
    ("take_away", take("[(-m).ravel().argsort()[n]]"), "n-th pixel"),
    ("take_away", take(value="1"), "black pixels are ink"),
    ("take_away", take("(-maps[0]).ravel().argsort()[:n]"), "the same pixels go"),
    (
        "take_away",
        """
def take_away(x, maps, n):
    limit = np.sort(maps.ravel())[::-1][n]
    return np.where(maps > limit, 0, x)
""",
        "all the images together",
    ),
    (
        "take_away",
        """
def take_away(x, maps, n):
    for k in range(len(x)):
        x[k].ravel()[np.argsort(-maps[k].ravel())[:n]] = 0
    return x
""",
        "in place",
    ),
    ("receptive_field", field("width += k", start="0"), "they overlap"),
    ("receptive_field", field("width += k - 1"), "right for stride 1"),
    ("receptive_field", field("jump *= s", "width += (k - 1) * jump"), "comes too early"),
    ("receptive_field", field("width += (k - 1) * s"), "*before* it"),
    ("receptive_field", field("width *= k"), "multiplied"),
    ("receptive_field", field("width += (k - 1) * jump", "jump += s - 1"), "instead of multiplying"),
    ("receptive_field", field("width += (k - 1) * jump", "jump *= s", start="0"), "a single pixel"),
    ("receptive_field", field("width *= s"), "how far apart"),
    ("most_exciting_patch", """
def most_exciting_patch(maps, images, size):
    n, p, q = np.unravel_index(np.argmax(maps), maps.shape)
    return images[n, p : p + size + 1, q : q + size + 1]
""", "one pixel too large"),
    ("occlusion_map", """
def occlusion_map(score, x, size):
    N, H, W = x.shape
    result = np.zeros((N, H - size + 1, W - size + 1))
    for i in range(H - size + 1):
        for j in range(W - size + 1):
            covered = x
            covered[:, i : i + size, j : j + size] = 0
            result[:, i, j] = score(x) - score(covered)
    return result
""", "x itself was covered"),
]  # fmt: skip

RIGHT = [
    ("most_exciting_patch", patch("n, p, q = place\n    return images[n][p:p + size, q:q + size].copy()")),
    ("occlusion_map", occlusion()),
    ("occlusion_map", occlusion(value="np.zeros((size, size))")),
    ("take_away", take()),
    (
        "take_away",
        """
def take_away(x, maps, n):
    rank = np.argsort(np.argsort(-maps.reshape(len(maps), -1), axis=1), axis=1).reshape(maps.shape)
    return np.where(rank < n, 0, x)
""",
    ),
    ("receptive_field", field("width += (k - 1) * jump", "jump *= s")),
    (
        "receptive_field",
        """
def receptive_field(layers):
    width = 1
    for k, s in reversed(layers):
        width = (width - 1) * s + k
    return width
""",
    ),
]
