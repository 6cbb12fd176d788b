"""Answers to the exercises of day1/04 as learners type them."""

SIGMOID = """
def sigmoid_gradients(network, x, d):
    W1, b1, W2, b2 = (network[name] for name in ("W1", "b1", "W2", "b2"))
    N = x.shape[0]
    u1 = np.dot(x, W1) + b1
    z1 = FORWARD
    u2 = np.dot(z1, W2) + b2
    y = softmax(u2)
    delta2 = DELTA2
    delta1 = DELTA1
    dW2 = DW2
    dW1 = np.dot(x.T, delta1)
    return {"W1": dW1, "b1": np.sum(delta1, axis=0), "W2": dW2, "b2": DB2}
"""


def sigmoid_answer(
    forward="sigmoid(u1)",
    delta2="(y - d) / N",
    delta1="np.dot(delta2, W2.T) * z1 * (1 - z1)",
    dW2="np.dot(z1.T, delta2)",
    db2="np.sum(delta2, axis=0)",
):
    source = SIGMOID.replace("FORWARD", forward).replace("= DELTA2", f"= {delta2}").replace("= DELTA1", f"= {delta1}")
    return source.replace("= DW2", f"= {dW2}").replace("DB2", db2)


DEEP = """
def deep_gradients(network, x, d):
    u1 = x @ network["W1"] + network["b1"]
    z1 = tanh(u1)
    u2 = z1 @ FORWARD + network["b2"]
    z2 = tanh(u2)
    y = softmax(z2 @ network["W3"] + network["b3"])

    delta3 = (y - d) / len(x)
    delta2 = DELTA2
    delta1 = DELTA1

    weights = {"W1": x.T @ delta1, "W2": z1.T @ delta2, "W3": z2.T @ delta3}
    biases = {"b1": delta1.sum(axis=0), "b2": delta2.sum(axis=0), "b3": delta3.sum(axis=0)}
    return weights | biases
"""


def deep_answer(delta2, delta1, forward='network["W2"]'):
    source = DEEP.replace("DELTA2", delta2).replace("DELTA1", delta1)
    return source.replace("FORWARD", forward)


BACK3 = 'delta3 @ network["W3"].T'
BACK2 = 'delta2 @ network["W2"].T'

WRONG = [
    ("bias_gradient", """
def bias_gradient(delta):
    return np.mean(delta, axis=0)
""", "the 1/N is in it"),
    ("bias_gradient", """
def bias_gradient(delta):
    db = delta.sum(axis=0) / len(delta)
    return db
""", "the 1/N is in it"),
    ("bias_gradient", """
def bias_gradient(delta):
    return np.sum(delta)
""", "Each unit keeps a b"),
    ("bias_gradient", """
def bias_gradient(delta):
    return np.array([sum(row) for row in delta])
""", "axis=1 adds up over the units"),
    ("bias_gradient", """
def bias_gradient(delta):
    return 1 * delta
""", "what do forks do"),
    ("bias_gradient", """
def bias_gradient(delta):
    return np.ones((1, len(delta))) @ delta
""", "without keepdims"),
    ("bias_gradient", """
def bias_gradient(delta):
    return delta[0, :]
""", "the first row alone"),
    ("bias_gradient", """
def bias_gradient(delta):
    return np.ones(delta.shape[-1])
""", "the local slope"),
    ("bias_gradient", """
def bias_gradient(delta):
    return np.ones_like(delta).sum(axis=0)
""", "that counts the rows"),
    ("bias_gradient", """
def bias_gradient(delta):
    db = delta.sum(axis=0)
""", "is a `return` missing"),
    ("sigmoid_gradients", sigmoid_answer(delta1="np.dot(delta2, W2.T)"), "as if there were no bend"),
    ("sigmoid_gradients", sigmoid_answer(delta1="delta2 @ W2.T * (u1 > 0)"), "ReLU's slope"),
    ("sigmoid_gradients", sigmoid_answer(forward="relu(u1)", delta1="delta2 @ W2.T * d_relu(u1)"), "ReLU network of the lesson"),
    ("sigmoid_gradients", sigmoid_answer(forward="np.maximum(u1, 0)", delta1="delta2 @ W2.T * d_sigmoid(u1)"), "still goes through relu"),
    ("sigmoid_gradients", sigmoid_answer(delta1="d_sigmoid(z1) * (delta2 @ W2.T)"), "takes the pre-activation u1"),
    ("sigmoid_gradients", sigmoid_answer(delta1="delta2 @ W2.T * u1 * (1 - u1)"), "it is z1·(1 − z1)"),
    ("sigmoid_gradients", sigmoid_answer(delta1="delta2 @ W2.T * sigmoid(u1)"), "not its slope"),
    ("sigmoid_gradients", sigmoid_answer(delta2="y - d"), "N times too large"),
    ("sigmoid_gradients", sigmoid_answer(delta2="(d - y) / N"), "all signs are turned"),
    ("sigmoid_gradients", sigmoid_answer(delta2="(y - d) * d_sigmoid(u2) / N"), "no d_sigmoid at u2"),
    ("sigmoid_gradients", sigmoid_answer(delta2="(y - d) * y * (1 - y) / N"), "output function twice"),
    ("sigmoid_gradients", sigmoid_answer(delta1="delta2 @ W2 * d_sigmoid(u1)"), "W2 turned over"),
    ("sigmoid_gradients", sigmoid_answer(delta1="np.dot(delta2, W2) * z1 * (1 - z1)"), "W2 turned over"),
    ("sigmoid_gradients", sigmoid_answer(dW2="u1.T @ delta2"), "what came *in*, z1"),
    ("sigmoid_gradients", sigmoid_answer(dW2="z1.T @ delta2 / N"), "divided by N once more"),
    ("sigmoid_gradients", sigmoid_answer(db2="delta2"), "one number per unit"),
    ("sigmoid_gradients", sigmoid_answer(db2="delta2.mean(axis=0)"), "not a mean"),
    ("sigmoid_gradients", sigmoid_answer(db2="delta2.sum(axis=1)"), "axis=1 adds up the units"),
    ("sigmoid_gradients", sigmoid_answer(dW2="delta2.T @ z1"), "the shape of W"),
    ("sigmoid_gradients", sigmoid_answer(db2="delta2.sum(axis=0, keepdims=True)"), "without keepdims"),
    ("sigmoid_gradients", sigmoid_answer(delta1="delta2 @ W2.T * (1 - z1)"), "layer 2 is right, layer 1 is not"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", f"{BACK2} * d_sigmoid(u1)"), "layer 2 is right, layer 1 is not"),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - z2)", f"{BACK2} * d_tanh(u1)"), "layer 3 is right, layer 2 is not"),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - tanh(z2) ** 2)", 'delta2 @ network["W2"] * d_tanh(u1)'), "the same numbers"),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - z2**2)", 'delta2 @ network["W2"] * d_tanh(u1)'), "second bug"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(z2)", f"{BACK2} * (1 - z1 * z1)"), "inherits a wrong delta2"),
    ("deep_gradients", deep_answer(BACK3, 'delta2 @ network["W2"] * d_tanh(u1)'), "And delta1?"),
    ("deep_gradients", deep_answer(BACK3, f"{BACK2} * d_tanh(u1)"), "lost its bend altogether"),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - u2**2)", f"{BACK2} * d_tanh(u1)"), "mixes two forms"),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - u2**2)", 'delta2 @ network["W2"] * d_tanh(u1)'), "After that, look at delta1"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(z2)", 'delta2 @ network["W2"] * d_tanh(z1)'), "was right before"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", f"{BACK2} * d_tanh(z1)"), "it took u1, rightly"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", BACK2), "lost its bend: times"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", f'{BACK3} @ network["W2"].T * d_tanh(u1)'), "jumps from delta3"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", 'delta2 @ network["W2"] * d_tanh(u1)', 'network["W2"].T'), "*is* the network"),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", 'delta2 @ network["W1"].T * d_tanh(u1)'), "it raised ValueError"),
]  # fmt: skip

RIGHT = [
    ("bias_gradient", """
def bias_gradient(delta):
    return np.ones(len(delta)) @ delta
"""),
    ("bias_gradient", """
def bias_gradient(delta):
    total = np.zeros(delta.shape[1])
    for row in delta:
        total += row
    return total
"""),
    ("sigmoid_gradients", sigmoid_answer()),
    ("sigmoid_gradients", sigmoid_answer(delta1="(W2 @ delta2.T).T * d_sigmoid(u1)", dW2="(delta2.T @ z1).T")),
    ("sigmoid_gradients", sigmoid_answer(forward="1 / (1 + np.exp(-u1))", db2="np.einsum('nk->k', delta2)")),
    ("deep_gradients", deep_answer(f"{BACK3} * (1 - z2**2)", f"{BACK2} * (1 - z1**2)")),
    ("deep_gradients", deep_answer(f"{BACK3} * d_tanh(u2)", "(network['W2'] @ delta2.T).T * d_tanh(u1)")),
]  # fmt: skip
