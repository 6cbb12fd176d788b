"""Answers to the exercises of day1/02 as learners type them."""

WRONG = [
    # --- stable_sigmoid ---
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return 1 / (1 + np.exp(-u))
""",
        "exp overflows at u = -1000",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    z = np.exp(u)
    return z / (z + 1)
""",
        "inf / inf is nan",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return np.where(u >= 0, 1 / (1 + np.exp(-u)), np.exp(u) / (1 + np.exp(u)))
""",
        "computes both of its branches",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    if u < 0:
        return np.exp(u) / (np.exp(u) + 1)
    else:
        return 1 / (1 + np.exp(-u))
""",
        "`if` asks one question",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    z = []
    for v in u:
        if v < 0:
            z.append(np.exp(v) / (np.exp(v) + 1))
        else:
            z.append(1 / (1 + np.exp(-v)))
    return z
""",
        "a loop over u sees numbers only if u is one row",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    z = np.empty_like(u)
    positive = u > 0
    z[positive] = 1 / (1 + np.exp(-u[positive]))
    e = np.exp(u[~positive])
    z[~positive] = e / (1 + e)
    return z
""",
        "give it dtype=float",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return 1 / (1 + np.exp(-abs(u)))
""",
        "the left half mirrors the right",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    a = np.exp(-abs(u))
    return a / (a + 1)
""",
        "the right half mirrors the left",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return np.where(u < 0, 1 / (1 + np.exp(-abs(u))), np.exp(-abs(u)) / (1 + np.exp(-abs(u))))
""",
        "falls as u grows",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return 1 / (1 + np.exp(u))
""",
        "falls as u grows",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    z = np.exp(np.minimum(u, 0)) / (1 + np.exp(-np.abs(u)))
""",
        "is a `return` missing?",
    ),
    # --- stable_softmax ---
    (
        "stable_softmax",
        """
def stable_softmax(u):
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)
""",
        "Subtract each row's maximum first",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    return np.exp(u) / np.sum(np.exp(u))
""",
        "each row needs its own maximum and sum",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u - np.max(u)
    return np.exp(u) / np.sum(np.exp(u))
""",
        "the whole batch sums to 1 together",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u - u.max()
    e = np.exp(u)
    return e / e.sum(-1, keepdims=True)
""",
        "largest entry of the whole batch",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u - u.max(axis=0)
    return np.exp(u) / np.exp(u).sum(axis=0)
""",
        "axis=0 runs down the columns",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    e = np.exp(u - u.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "has no axis 1",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    e = np.exp(u - u.max(axis=-1))
    return e / e.sum(axis=-1)
""",
        "keepdims=True makes it (N, 1)",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    e = np.exp(u - u.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)
""",
        "keepdims=True makes it (N, 1)",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    if u.ndim == 2:
        u = u - u.max(axis=1, keepdims=True)
        return np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)
""",
        "falls past the `if`",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    if u.ndim == 1:
        e = np.exp(u - u.max())
        return e / e.sum()
    e = np.exp(u - u.max(axis=1))
    return e / e.sum(axis=1)
""",
        "keepdims=True makes it (N, 1)",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u -= u.max(axis=-1, keepdims=True)
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)
""",
        "changes its argument in place",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    return u / u.sum(axis=-1, keepdims=True)
""",
        "that keeps ratios",
    ),
    # --- merge ---
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for W2, b2 in layers[1:]:
        W = W @ W2
        b = b + b2
    return W, b
""",
        "b also goes through the next layer",
    ),
    (
        "merge",
        """
def merge(layers):
    W = layers[0][0]
    for V, b in layers[1:]:
        W = W.dot(V)
    return W, b
""",
        "Only the last bias is left",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers[1:]:
        W = np.dot(W, V)
        b = np.dot(b, V)
    return W, b
""",
        "there the next layer adds its own",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers[1:]:
        W = W @ V
        b = b @ W + c
    return W, b
""",
        "not of the merged one",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers[1:]:
        b = b @ V + c
        W = V @ W
    return W, b
""",
        "the first W stands first",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers[1:]:
        b = V @ b + c
        W = V @ W
    return W, b
""",
        "the order of column vectors",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers[1:]:
        b = b @ V + c
        W = W * V
    return W, b
""",
        "`*` multiplies entry by entry",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = layers[0]
    for V, c in layers:
        W, b = W @ V, b @ V + c
    return W, b
""",
        "the first layer is in twice",
    ),
    (
        "merge",
        """
def merge(layers):
    W1, b1 = layers[0]
    W2, b2 = layers[1]
    return W1 @ W2, b1 @ W2 + b2
""",
        "the first two layers alone",
    ),
    (
        "merge",
        """
def merge(layers):
    W, b = np.eye(2), 0
    for V, c in layers:
        W = W @ V
    x = np.zeros(2)
    for V, c in layers:
        x = x @ V + c
    return W, x[:1]
""",
        "shape",
    ),
    # --- slope_from_output ---
    (
        "slope_from_output",
        """
def slope_from_output(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)
""",
        "you send it through once more",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2
""",
        "you send it through once more",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return 1 - z * z
""",
        "that is tanh's",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return z * z - z
""",
        "only rises",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return -np.log(1 / z - 1)
""",
        "that is u, recovered",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return 1 - z
""",
        "half of the product",
    ),
    # --- xor_with_relu ---
    (
        "xor_with_relu",
        """
def xor_with_relu():
    W1 = np.array([[1, 1], [1, 1]])
    b1 = np.array([-0.5, -1.5])
    W2 = np.array([[1], [-1]])
    b2 = np.array([-0.5])
    return W1, b1, W2, b2
""",
        "the numbers of the step network",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([0, -1]), np.array([[1], [-1]]), np.array([0])
""",
        "that is OR",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([0, -1]), np.array([[0], [1]]), np.array([0])
""",
        "that is AND",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.eye(2), np.zeros(2), np.ones((2, 1)), np.zeros(1)
""",
        "your network counts",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([0, -1]), np.array([[-1], [2]]), np.array([1])
""",
        "upside down",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([-1, -1]), np.array([[-1], [0]]), np.array([1])
""",
        "that is NAND",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([0, -1]), np.array([[-1], [1]]), np.array([1])
""",
        "that is NOR",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([-2, -2]), np.array([[1], [-2]]), np.array([0])
""",
        "does any hidden unit wake up?",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    return np.ones((2, 2)), np.array([0, -1]), np.array([1, -2]), np.array([0])
""",
        "W2 must have shape (2, 1)",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    W1, b1 = np.ones((2, 2)), np.array([0, -1])
    W2, b2 = np.array([[1], [-2]]), np.array([0])
""",
        "return four arrays",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u - u.mean(axis=-1, keepdims=True)
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)
""",
        "minus the mean leaves",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u - u.max(axis=-1, keepdims=True)
    return np.exp(u)
""",
        "divide by its sum",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    e = np.exp(-(u - u.max(axis=-1, keepdims=True)))
    return e / e.sum(axis=-1, keepdims=True)
""",
        "the sign is turned",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    m = u.max(axis=-1, keepdims=True)
    return np.exp(u - m) / np.exp(u).sum(axis=-1, keepdims=True)
""",
        "in both places",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-np.asarray(u, float)))
""",
        "exp overflows at u = -1000",
    ),
]

RIGHT = [
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    z = np.zeros(u.shape)
    right = u >= 0
    z[right] = 1 / (1 + np.exp(-u[right]))
    e = np.exp(u[~right])
    z[~right] = e / (1 + e)
    return z
""",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return (1 + np.tanh(u / 2)) / 2
""",
    ),
    (
        "stable_sigmoid",
        """
def stable_sigmoid(u):
    return 1 / (1 + np.exp(-np.clip(u, -500, 500)))
""",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    u = u.T
    u = u - np.max(u, axis=0)
    return (np.exp(u) / np.sum(np.exp(u), axis=0)).T
""",
    ),
    (
        "stable_softmax",
        """
def stable_softmax(u):
    if u.ndim == 1:
        e = np.exp(u - max(u))
        return e / sum(e)
    return np.array([stable_softmax(row) for row in u])
""",
    ),
    (
        "merge",
        """
def merge(layers):
    def run(x):
        for W, b in layers:
            x = x @ W + b
        return x

    n = len(layers[0][0])
    b = run(np.zeros(n))
    return run(np.eye(n)) - b, b
""",
    ),
    (
        "merge",
        """
def merge(layers):
    if len(layers) == 1:
        return layers[0]
    W, b = merge(layers[1:])
    return layers[0][0] @ W, layers[0][1] @ W + b
""",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    return z - z**2
""",
    ),
    (
        "slope_from_output",
        """
def slope_from_output(z):
    u = np.log(z / (1 - z))
    return np.exp(-u) / (1 + np.exp(-u)) ** 2
""",
    ),
    (
        "xor_with_relu",
        """
def xor_with_relu():
    W1 = [[1, -1], [-1, 1]]
    b1 = [0, 0]
    W2 = [[1], [1]]
    b2 = [0]
    return W1, b1, W2, b2
""",
    ),
]
