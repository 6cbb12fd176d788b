"""Answers to the exercises of day2/02 as learners type them."""

WRONG = [
    ("xavier", """
def xavier(fan_in, fan_out):
    return 1.0 / fan_in
""", "that is the variance"),
    ("xavier", """
def xavier(fan_in, fan_out):
    n = fan_out
    return n ** -0.5
""", "How many other units stand beside it"),
    ("xavier", """
def xavier(fan_in, fan_out):
    return fan_in**0.5
""", "upside down"),
    ("xavier", """
def xavier(fan_in, fan_out):
    mean = (fan_in + fan_out) / 2
    return np.sqrt(1 / mean)
""", "Glorot's rule"),
    ("xavier", """
def xavier(fan_in, fan_out):
    return np.sqrt(2) / np.sqrt(fan_in)
""", "Solve n · std² = 1"),
    ("xavier", """
def xavier(fan_in, fan_out):
    rng = np.random.default_rng(0)
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)
""", "those are the weights themselves"),
    ("xavier", """
def xavier(fan_in, fan_out):
    std = np.sqrt(1 / fan_in)
""", "is a `return` missing"),
    ("he", """
def he(fan_in, fan_out):
    return fan_in**-0.5
""", "that is Xavier's rule"),
    ("he", """
def he(fan_in, fan_out):
    return 2 / fan_in**0.5
""", "the 2 belongs under the root"),
    ("he", """
def he(fan_in, fan_out):
    var = 2 / fan_in
    return var
""", "that is the variance, 2/n"),
    ("he", """
def he(fan_in, fan_out):
    return np.sqrt(0.5 / fan_in)
""", "the half is on the wrong side"),
    ("he", """
def he(fan_in, fan_out):
    return 2**0.5 / fan_in
""", "much smaller than √(2/n)"),
    ("he", """
def he(fan_in, fan_out):
    return (2 / fan_out) ** 0.5
""", "fan_in, not fan_out"),
    ("he", """
def he(fan_in, fan_out):
    return (2 / (fan_in + fan_out)) ** 0.5
""", "knows nothing of ReLU"),
    ("he", """
def he(fan_in, fan_out):
    return (2 / fan_in) ** 0.5 * np.ones((fan_in, fan_out))
""", "Return one number"),
    ("tanh_gain", """
def tanh_gain():
    return 1
""", "tanh makes every value a little smaller"),
    ("tanh_gain", """
def tanh_gain():
    return np.sqrt(2)
""", "ends with rms 0.56, not 0.6: a bit more"),
    ("tanh_gain", """
def tanh_gain():
    return 2.4
""", "it saturates"),
    ("tanh_gain", """
def tanh_gain():
    return 16.0
""", "the slopes are nearly all gone"),
    ("tanh_gain", """
def tanh_gain():
    return 5 / 3 / 16
""", "looks like a standard deviation"),
    ("tanh_gain", """
def tanh_gain():
    g = 5 / 3
""", "is a `return` missing"),
    ("tanh_gain", """
def tanh_gain():
    return [1.6, 1.7]
""", "a gain is one number"),
    ("tanh_gain", """
def tanh_gain():
    return -1.7
""", "a positive number"),
    ("diagnosis", """
def diagnosis():
    return {"sigmoid, std 0.01": "D", "ReLU, std 0.01": "B", "ReLU, std 1": "C", "tanh, Xavier": "A"}
""", "look for the staircase"),
    ("diagnosis", """
def diagnosis():
    return {"sigmoid, std 0.01": "B", "ReLU, std 0.01": "D", "ReLU, std 1": "A", "tanh, Xavier": "C"}
""", "whose gradients are far too large"),
    ("diagnosis", """
def diagnosis():
    return {"sigmoid, std 0.01": "b", "ReLU, std 0.01": "a", "ReLU, std 1": "c", "tanh, Xavier": "d"}
""", "Read the axis"),
    ("diagnosis", """
def diagnosis():
    return {"sigmoid, std 0.01": "B", "ReLU, std 0.01": "B", "ReLU, std 1": "C", "tanh, Xavier": "A"}
""", "belongs to one network"),
    ("diagnosis", """
def diagnosis():
    return {"sigmoid, std 0.01": "B", "ReLU, std 0.01": ..., "ReLU, std 1": "C", "tanh, Xavier": ...}
""", "still without a letter: ReLU, std 0.01, tanh, Xavier"),
]  # fmt: skip

RIGHT = [
    ("xavier", """
def xavier(fan_in, fan_out):
    return fan_in**-0.5
"""),
    ("he", """
def he(fan_in, fan_out):
    from math import sqrt
    return sqrt(2) / sqrt(fan_in)
"""),
    ("tanh_gain", """
def tanh_gain():
    return 1.6
"""),
    ("tanh_gain", """
def tanh_gain():
    return np.array(1.75)
"""),
    ("diagnosis", """
def diagnosis():
    answers = {"sigmoid, std 0.01": "b", "ReLU, std 0.01": "d"}
    return answers | {"ReLU, std 1": "C ", "tanh, Xavier": "A"}
"""),
]  # fmt: skip
