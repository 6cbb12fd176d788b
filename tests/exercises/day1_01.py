"""Answers to the exercises of day1/01 as learners type them."""

WRONG = [
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return sigmoid(np.dot(x, W))
""", "adds its own b"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return sigmoid(W @ x + b)
""", "a row comes first"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    u = np.dot(x, W) + b
    return u
""", "bend is missing"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    u = x @ W + b
    z = sigmoid(u)
""", "is a `return` missing"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return sigmoid(x @ W) + b
""", "after the bend"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return np.maximum(x @ W + b, 0)
""", "this one has sigmoid units"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return [1 / (1 + np.exp(-(x @ W[:, j] + b[j]))) for j in range(W.shape[1])]
""", "shape (3, 5) came, (5, 3) was expected"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return sigmoid(x * W + b)
""", "matrix product"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return segmoid(x @ W + b)
""", "NameError"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z1 = relu(x @ network["W1"] + network["b1"])
    z2 = relu(z1 @ network["W2"] + network["b2"])
    return z2
""", "that is z2"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z1 = np.maximum(0, x @ network["W1"] + network["b1"])
    z2 = np.maximum(0, z1 @ network["W2"] + network["b2"])
    y = np.maximum(0, z2 @ network["W3"] + network["b3"])
    return y
""", "may answer a negative number"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z1 = x @ network["W1"] + network["b1"]
    z2 = z1 @ network["W2"] + network["b2"]
    return z2 @ network["W3"] + network["b3"]
""", "do not bend"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    u1 = x @ network["W1"] + network["b1"]
    z1 = relu(u1)
    u2 = u1 @ network["W2"] + network["b2"]
    z2 = relu(u2)
    return z2 @ network["W3"] + network["b3"]
""", "layer 2 should read z1"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z1 = relu(x @ network["W1"] + network["b1"])
    z2 = relu(z1 @ network["W2"] + network["b2"])
    y = z2 @ network["W3"] + network["b3"]
    return z1
""", "that is z1"),
    ("count_parameters", """
def count_parameters(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1]
    return total
""", "each unit after the inputs has a bias"),
    ("count_parameters", """
def count_parameters(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1]
    return total + sum(sizes)
""", "inputs are given"),
    ("count_parameters", """
def count_parameters(sizes):
    total = 0
    for i in range(len(sizes) - 2):
        total += (sizes[i] + 1) * sizes[i + 1]
    return total
""", "output layer learns too"),
    ("count_parameters", """
def count_parameters(sizes):
    return 119
""", "came, 17 was expected"),
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    u = x @ W + b
    return 1 / (1 + np.exp(u))
""", "falls as u grows"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z = relu(x @ network["W1"]) + network["b1"]
    z = relu(z @ network["W2"]) + network["b2"]
    return z @ network["W3"] + network["b3"]
""", "b belongs inside relu"),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z = x
    for k in "12":
        z = relu(z @ network["W" + k] + network["b" + k])
    u = z @ network["W3"] + network["b3"]
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)
""", "softmax makes shares"),
]  # fmt: skip

RIGHT = [
    ("sigmoid_layer", """
def sigmoid_layer(x, W, b):
    return 1 / (1 + np.exp(-(np.dot(x, W) + b)))
"""),
    ("three_layer_forward", """
def three_layer_forward(network, x):
    z = x
    for k in "123":
        u = np.matmul(z, network["W" + k]) + network["b" + k]
        z = np.where(u > 0, u, 0) if k != "3" else u
    return z
"""),
    ("count_parameters", """
def count_parameters(sizes):
    total = 0
    for n_in, n_out in zip(sizes, sizes[1:]):
        total += n_in * n_out + n_out
    return total
"""),
]  # fmt: skip
