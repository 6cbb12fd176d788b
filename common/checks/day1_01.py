"""Feedback on day1/01, forward propagation."""

import numpy as np

from common.checks.feedback import Lesson, rng
from common.functions import relu, sigmoid, softmax

lesson = Lesson("day1/01")
exercise, quiz = lesson.check, lesson.answer


def _layer_cases():
    draw = rng(1).standard_normal
    return [
        (np.array([1.0, 5, 2, -1]), np.arange(1, 13).reshape(4, 3) / 10, np.array([0.1, 0.2, 0.3])),
        (draw((5, 4)), draw((4, 3)), draw(3)),
        (draw((3, 3)), draw((3, 3)), draw(3)),
    ]


@lesson.exercise(cases=_layer_cases())
def sigmoid_layer(x, W, b):
    """The output z of a layer of sigmoid units.

    x: (n_in,) or (N, n_in), W: (n_in, n_out), b: (n_out,); z: (n_out,) or (N, n_out).
    """
    u = x @ W + b
    return sigmoid(u)


@sigmoid_layer.mistake("that is u, the weighted sum. The bend is missing: z = sigmoid(u).")
def _(x, W, b):
    return x @ W + b


@sigmoid_layer.mistake("every unit also adds its own b before the sigmoid.")
def _(x, W, b):
    return sigmoid(x @ W)


@sigmoid_layer.mistake("b went in after the bend. It belongs to u, inside: sigmoid(x @ W + b).")
def _(x, W, b):
    return sigmoid(x @ W) + b


@sigmoid_layer.mistake("`*` multiplies entry by entry and adds nothing up; the weighted sum is the matrix product `@`.")
def _(x, W, b):
    return sigmoid(x * W + b)


@sigmoid_layer.mistake("W @ x is the book's column-vector form. Here x is a row, and a row comes first: x @ W.")
def _(x, W, b):
    return sigmoid(W @ x + b)


@sigmoid_layer.mistake("np.dot(W, x) is W @ x, the column-vector form. Here the row comes first: np.dot(x, W).")
def _(x, W, b):
    return sigmoid(np.dot(W, x) + b)


@sigmoid_layer.mistake("the minus in e^(−u) goes before the whole u, the bias included: np.exp(-(x @ W + b)).")
def _(x, W, b):
    return 1 / (1 + np.exp(-x @ W + b))


@sigmoid_layer.mistake("yours falls as u grows: the minus of e⁻ᵘ is missing.")
def _(x, W, b):
    return 1 / (1 + np.exp(x @ W + b))


@sigmoid_layer.mistake("with W.T each row of W becomes a unit; here each *column* is one: x @ W.")
def _(x, W, b):
    return sigmoid(x @ W.T + b)


@sigmoid_layer.mistake("that layer bends with ReLU; this one has sigmoid units.")
def _(x, W, b):
    return relu(x @ W + b)


def three_layers(rows):
    """The parameters of the 2-3-2-2 network of the lesson, and a batch of inputs."""
    network = {
        "W1": np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]),
        "b1": np.array([0.1, 0.2, 0.3]),
        "W2": np.array([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]),
        "b2": np.array([0.1, 0.2]),
        "W3": np.array([[0.1, 0.3], [0.2, 0.4]]),
        "b3": np.array([1.0, 2.0]),
    }
    return network, np.array(rows, dtype=float)


def _random_layers():
    """All weights of the lesson's network are positive, so its u2 never is negative: here it is."""
    network, x = three_layers([[1, 2], [-3, 1], [2, -4], [-1, -1]])
    draw = rng(2).standard_normal
    return {name: draw(p.shape) for name, p in network.items()}, x


@lesson.exercise(cases=[three_layers([1, 2]), three_layers([[1, 2], [-3, 1]]), _random_layers()])
def three_layer_forward(network, x):
    """The output y of a network of three layers: ReLU, ReLU, and nothing (the identity) at the end.

    network: dict of W1, b1, W2, b2, W3, b3; x: (2,) or (N, 2).
    """
    z1 = relu(x @ network["W1"] + network["b1"])
    z2 = relu(z1 @ network["W2"] + network["b2"])
    return z2 @ network["W3"] + network["b3"]


@three_layer_forward.mistake(
    "that is z1, what the first hidden layer says. The network's answer is y, from the last layer."
)
def _(network, x):
    return relu(x @ network["W1"] + network["b1"])


@three_layer_forward.mistake("that is z2. One layer is still to come: y = z2 @ W3 + b3.")
def _(network, x):
    return relu(relu(x @ network["W1"] + network["b1"]) @ network["W2"] + network["b2"])


@three_layer_forward.mistake("the hidden layers do not bend: wrap u1 and u2 in relu.")
def _(network, x):
    z2 = (x @ network["W1"] + network["b1"]) @ network["W2"] + network["b2"]
    return z2 @ network["W3"] + network["b3"]


@three_layer_forward.mistake("u1 goes straight into layer 2; layer 2 should read z1 = relu(u1).")
def _(network, x):
    z2 = relu((x @ network["W1"] + network["b1"]) @ network["W2"] + network["b2"])
    return z2 @ network["W3"] + network["b3"]


@three_layer_forward.mistake("u2 goes straight into layer 3; layer 3 should read z2 = relu(u2).")
def _(network, x):
    z1 = relu(x @ network["W1"] + network["b1"])
    return (z1 @ network["W2"] + network["b2"]) @ network["W3"] + network["b3"]


@three_layer_forward.mistake("the sigmoid belongs to another example; here the hidden layers use relu.")
def _(network, x):
    z1 = sigmoid(x @ network["W1"] + network["b1"])
    z2 = sigmoid(z1 @ network["W2"] + network["b2"])
    return z2 @ network["W3"] + network["b3"]


@three_layer_forward.mistake("b belongs inside relu: it is a part of u.")
def _(network, x):
    z1 = relu(x @ network["W1"]) + network["b1"]
    z2 = relu(z1 @ network["W2"]) + network["b2"]
    return z2 @ network["W3"] + network["b3"]


@three_layer_forward.mistake(
    "the last layer stays unbent here: y may be any number, and a sigmoid squeezes it into 0 … 1."
)
def _(network, x):
    return sigmoid(three_layer_forward(network, x))


@three_layer_forward.mistake(
    "the last layer stays unbent here: y may be any numbers, and softmax makes shares of them."
)
def _(network, x):
    return softmax(three_layer_forward(network, x))


@three_layer_forward.test
def _negative_output(learners):
    network, x = three_layers([1, 2])
    network["b3"] = np.array([-9.0, -9.0])
    if np.all(learners(network, x) == 0):
        return "a regression may answer a negative number; a relu on the last layer cuts it off to 0. Leave y unbent."
    return None


@lesson.exercise(cases=[([3, 10, 5, 4],), ([2, 3, 2],), ([5, 1],), ([64, 40, 10],)])
def count_parameters(sizes):
    """How many numbers a network of these layer sizes has to learn: all weights and all biases.

    sizes: units per layer, inputs first, as [3, 10, 5, 4].
    """
    return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes[:-1], sizes[1:]))


@count_parameters.mistake("those are the weights alone; each unit after the inputs has a bias as well.")
def _(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))


@count_parameters.mistake("the inputs are given, not computed: they have no bias.")
def _(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes)


@count_parameters.mistake("one bias per layer is too few: each unit has its own.")
def _(sizes):
    return sum(a * b + 1 for a, b in zip(sizes[:-1], sizes[1:]))


@count_parameters.mistake("the last pair of layers is left out: the output layer learns too.")
def _(sizes):
    return sum((a + 1) * b for a, b in zip(sizes[:-2], sizes[1:-1]))


@count_parameters.mistake(
    "the + 1 went to the wrong side: each of the n_out units has n_in weights and one bias, (n_in + 1) · n_out."
)
def _(sizes):
    return sum(a * (b + 1) for a, b in zip(sizes[:-1], sizes[1:]))


@count_parameters.mistake("the biases of the output layer are missing; its units have them too.")
def _(sizes):
    return sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:])) - sizes[-1]


@count_parameters.mistake("that counts units. A unit has one weight for each unit of the layer before it, and a bias.")
def _(sizes):
    return sum(sizes)


lesson.quiz(
    "what_training_searches",
    "Training a network means searching. For what?",
    right="c",
    a=("x, the inputs", "x is given: it is what you measured. Training never touches the data."),
    b=(
        "y, the outputs",
        "y follows from x once everything else is fixed. What is it that training may turn?",
    ),
    c=(
        "W and b, the weights and biases",
        "W and b are all that training may change; everything else follows from them.",
    ),
    d=(
        "u and z, the values inside",
        "u and z are recomputed for each x. They change because something else does.",
    ),
    e=(
        "the learning rate",
        "the learning rate says how fast to search. You choose it; it is not what is searched for.",
    ),
)

lesson.quiz(
    "parameters_of_2_3_3_1",
    "A network has layers of 2, 3, 3 and 1 units. How many weights has it, and how many parameters in all?",
    right="b",
    a=(
        "9 weights, 16 parameters",
        "9 is the number of units. Count the lines between neighbouring layers instead.",
    ),
    b=("18 weights, 25 parameters", "2·3 + 3·3 + 3·1 = 18 weights, and 3 + 3 + 1 = 7 biases."),
    c=(
        "18 weights, 27 parameters",
        "18 is right. The 2 inputs have no bias, so 7 biases come on top, not 9.",
    ),
    d=(
        "18 weights, 21 parameters",
        "18 is right. Three layers have biases, but each of their 7 units has its own.",
    ),
)
