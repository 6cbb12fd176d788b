"""Feedback on day1/04, back-propagation."""

import numpy as np

from common.checks.compare import outcome, same
from common.checks.feedback import Lesson, rng
from common.functions import d_relu, d_sigmoid, d_tanh, one_hot, relu, sigmoid, softmax, tanh

lesson = Lesson("day1/04")
exercise, quiz = lesson.check, lesson.answer


def _case(*sizes, N=5, seed=0):
    """A random network of these sizes and a batch: (network, x, d)."""
    draw = rng(seed)
    network = {}
    for k, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), 1):
        network[f"W{k}"] = draw.standard_normal((n_in, n_out))
        network[f"b{k}"] = draw.standard_normal(n_out)
    return network, draw.standard_normal((N, sizes[0])), one_hot(draw.integers(0, sizes[-1], N), sizes[-1])


# --- the bias ---------------------------------------------------------------------------------------------------------


@lesson.exercise(cases=[rng(k).standard_normal(shape) for k, shape in enumerate([(4, 3), (1, 2), (3, 3)])])
def bias_gradient(delta):
    """∂E/∂b of a layer u = zW + b, shape (n_out,); delta is ∂E/∂u, shape (N, n_out)."""
    return delta.sum(axis=0)


@bias_gradient.mistake("b was added to every row of the batch, so it gets blame from every row: what do forks do?")
def _(delta):
    return delta


@bias_gradient.mistake(
    "that is a mean. δ comes from a loss that is a mean already, so the 1/N is in it; the blame from the rows adds up."
)
def _(delta):
    return delta.mean(axis=0)


@bias_gradient.mistake("axis=1 adds up over the units of one row. Each unit has a b of its own; the rows share it.")
def _(delta):
    return delta.sum(axis=1)


@bias_gradient.mistake("that adds up everything, over rows and units. Each unit keeps a b of its own.")
def _(delta):
    return delta.sum()


@bias_gradient.mistake(
    "the numbers are right, the shape is not: b is (n_out,), so db must be (n_out,), without keepdims."
)
def _(delta):
    return delta.sum(axis=0, keepdims=True)


@bias_gradient.mistake("that is the blame from the first row alone; with a batch of one you would never notice.")
def _(delta):
    return delta[0]


@bias_gradient.mistake("1 is ∂u/∂b, the local slope. Multiply it by what came back, δ, and add up over the rows.")
def _(delta):
    return np.ones(delta.shape[1])


@bias_gradient.mistake("that counts the rows: ∂u/∂b = 1, N times. What came back, δ, is missing.")
def _(delta):
    return np.full(delta.shape[1], len(delta))


# --- a sigmoid hidden layer -------------------------------------------------------------------------------------------


@lesson.exercise(cases=[_case(4, 6, 3, N=7), _case(4, 4, 4, seed=1), _case(2, 5, 3, N=1, seed=2)])
def sigmoid_gradients(network, x, d):
    """The gradients {"W1": …, "b1": …, "W2": …, "b2": …} of a network with a sigmoid hidden layer.

    Output softmax, loss cross-entropy (mean over the batch). x: (N, n_in), d: (N, K) one-hot.
    """
    u1 = x @ network["W1"] + network["b1"]
    z1 = sigmoid(u1)
    y = softmax(z1 @ network["W2"] + network["b2"])

    delta2 = (y - d) / len(x)
    delta1 = delta2 @ network["W2"].T * d_sigmoid(u1)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": z1.T @ delta2, "b2": delta2.sum(axis=0)}


def _sigmoid_variant(
    network, x, d, *, bend=sigmoid, slope=lambda u, z: d_sigmoid(u), error=lambda y, d: (y - d) / len(y),
    W2=lambda W: W.T, hidden=lambda u, z: z, db=lambda delta: delta.sum(axis=0),
):  # fmt: skip
    """sigmoid_gradients with one thing done otherwise."""
    u1 = x @ network["W1"] + network["b1"]
    z1 = bend(u1)
    y = softmax(z1 @ network["W2"] + network["b2"])
    delta2 = error(y, d)
    delta1 = delta2 @ W2(network["W2"]) * slope(u1, z1)
    return {"W1": x.T @ delta1, "b1": db(delta1), "W2": hidden(u1, z1).T @ delta2, "b2": db(delta2)}


@sigmoid_gradients.mistake(
    "the blame walks past the hidden layer as if there were no bend: multiply by its slope, d_sigmoid(u1)."
)
def _(*case):
    return _sigmoid_variant(*case, slope=lambda u, z: 1)


@sigmoid_gradients.mistake(
    "the forward pass bends with the sigmoid, the backward pass with ReLU's slope. They must match."
)
def _(*case):
    return _sigmoid_variant(*case, slope=lambda u, z: d_relu(u))


@sigmoid_gradients.mistake("that is the ReLU network of the lesson. Here the hidden layer bends with the sigmoid.")
def _(*case):
    return _sigmoid_variant(*case, bend=relu, slope=lambda u, z: d_relu(u))


@sigmoid_gradients.mistake("the slope is the sigmoid's, but the forward pass still goes through relu.")
def _(*case):
    return _sigmoid_variant(*case, bend=relu)


@sigmoid_gradients.mistake("d_sigmoid takes the pre-activation u1; z1 has been through the sigmoid once already.")
def _(*case):
    return _sigmoid_variant(*case, slope=lambda u, z: d_sigmoid(z))


@sigmoid_gradients.mistake("u1·(1 − u1) is not the slope. In terms of the output it is z1·(1 − z1).")
def _(*case):
    return _sigmoid_variant(*case, slope=lambda u, z: u * (1 - u))


@sigmoid_gradients.mistake("sigmoid(u1) is the value of the bend, not its slope: d_sigmoid(u1).")
def _(*case):
    return _sigmoid_variant(*case, slope=lambda u, z: z)


@sigmoid_gradients.mistake("E is the mean over the batch, so δ2 = (y − d)/N. Yours is N times too large.")
def _(*case):
    return _sigmoid_variant(*case, error=lambda y, d: y - d)


@sigmoid_gradients.mistake("all signs are turned: δ2 is output minus target, (y − d)/N. This step would climb.")
def _(*case):
    return _sigmoid_variant(*case, error=lambda y, d: (d - y) / len(y))


@sigmoid_gradients.mistake(
    "y − d has the softmax in it already; times y·(1 − y) it goes through the output function twice."
)
def _(*case):
    return _sigmoid_variant(*case, error=lambda y, d: (y - d) / len(y) * y * (1 - y))


@sigmoid_gradients.mistake("the last layer bends with softmax, and y − d has its slope in it: no d_sigmoid at u2.")
def _(network, x, d):
    u2 = sigmoid(x @ network["W1"] + network["b1"]) @ network["W2"] + network["b2"]
    return _sigmoid_variant(network, x, d, error=lambda y, d: (y - d) / len(y) * d_sigmoid(u2))


@sigmoid_gradients.mistake("the blame of W2 is what came *in*, z1, times what came back; you used u1.")
def _(*case):
    return _sigmoid_variant(*case, hidden=lambda u, z: u)


@sigmoid_gradients.test
def _not_turned_over(learners):
    """Only a square W2 lets delta2 @ W2 through; otherwise it raises, in words that depend on how it was written."""
    case = _case(3, 4, 4, seed=1)
    came, wrong = outcome(learners, case), _sigmoid_variant(*case, W2=lambda W: W)
    if same(came, wrong, 1e-6):
        return "δ2 goes back through W2 turned over: delta2 @ W2.T adds up over the outputs that z1 feeds."
    return None


@sigmoid_gradients.test
def _entry_by_entry(learners):
    """A slip in one gradient only: recognised whatever the others are."""
    network, x, d = _case(4, 6, 3, N=7)
    delta = {}

    def keep(rows):
        delta[f"b{2 if rows.shape[1] == 3 else 1}"] = rows
        return rows.sum(axis=0)

    right, came = _sigmoid_variant(network, x, d, db=keep), outcome(learners, (network, x, d))
    if not isinstance(came, dict) or came.keys() != right.keys():
        return None
    for name, rows in delta.items():
        slips = {
            f"{name}: db is one number per unit: add up the rows of δ, delta.sum(axis=0).": rows,
            f"{name}: a sum over the rows, not a mean: the 1/N is in δ2 already.": rows.mean(axis=0),
            f"{name}: add up the rows of the batch, axis=0; axis=1 adds up the units.": rows.sum(axis=1),
            f"{name}: the numbers are right, but b has the shape (n_out,): without keepdims.": rows.sum(axis=0)[None],
        }
        if hint := next((hint for hint, slip in slips.items() if same(came[name], slip, 1e-6)), None):
            return hint
    for name in ("W1", "W2"):
        if same(came[name], right[name].T, 1e-6):
            return f"{name}: dW must have the shape of W: (n_in, n_out) comes from the input turned over, times delta."
        if same(came[name], right[name] / len(x), 1e-6):
            return (
                f"{name}: the 1/N stands in δ2, and all that is made from it inherits it. You divided by N once more."
            )
    return _where(came, right)


def _where(came, right):
    """Which layer is the first wrong one, from the end."""
    layers = sorted({name[1:] for name in right}, reverse=True)
    wrong = [k for k in layers if not all(same(came[n + k], right[n + k], 1e-6) for n in "Wb")]
    if not wrong:
        return None
    k = wrong[0]
    W, b = (same(came[n + k], right[n + k], 1e-6) for n in "Wb")
    if b:
        return f"b{k} is right, so delta{k} is. W{k} is what came in to layer {k}, turned over, times delta{k}: check both factors."
    if W:
        return f"W{k} is right, so delta{k} is. b{k} is the sum of its rows."
    if k != layers[0]:
        return f"layer {layers[layers.index(k) - 1]} is right, layer {k} is not: look at what lies between, delta{k}."
    return None


# --- find the bug -----------------------------------------------------------------------------------------------------


def _deep(
    network, x, d, *, slope2=lambda u, z: d_tanh(u), slope1=lambda u, z: d_tanh(u), W2=lambda W: W.T,
    forward_W2=lambda W: W, through=lambda delta, W3, bend: delta @ W3.T * bend,
):  # fmt: skip
    """deep_gradients with one thing done otherwise."""
    u1 = x @ network["W1"] + network["b1"]
    z1 = tanh(u1)
    u2 = z1 @ forward_W2(network["W2"]) + network["b2"]
    z2 = tanh(u2)
    y = softmax(z2 @ network["W3"] + network["b3"])
    delta3 = (y - d) / len(x)
    delta2 = delta3 @ network["W3"].T * slope2(u2, z2)
    delta1 = through(delta3, network["W3"], slope2(u2, z2)) @ W2(network["W2"]) * slope1(u1, z1)
    weights = {"W1": x.T @ delta1, "W2": z1.T @ delta2, "W3": z2.T @ delta3}
    biases = {"b1": delta1.sum(axis=0), "b2": delta2.sum(axis=0), "b3": delta3.sum(axis=0)}
    return weights | biases


def her_gradients(network, x, d):
    """Repair: the gradients of a 3-6-6-4 network with tanh, tanh and softmax."""
    u1 = x @ network["W1"] + network["b1"]
    z1 = tanh(u1)
    u2 = z1 @ network["W2"] + network["b2"]
    z2 = tanh(u2)
    y = softmax(z2 @ network["W3"] + network["b3"])

    delta3 = (y - d) / len(x)
    delta2 = delta3 @ network["W3"].T * d_tanh(z2)
    delta1 = delta2 @ network["W2"] * d_tanh(u1)

    weights = {"W1": x.T @ delta1, "W2": z1.T @ delta2, "W3": z2.T @ delta3}
    biases = {"b1": delta1.sum(axis=0), "b2": delta2.sum(axis=0), "b3": delta3.sum(axis=0)}
    return weights | biases


@lesson.exercise(cases=[_case(3, 6, 6, 4), _case(3, 6, 6, 4, N=1, seed=1)], starter=her_gradients)
def deep_gradients(network, x, d):
    """Repair: the gradients of a 3-6-6-4 network with tanh, tanh and softmax."""
    u1 = x @ network["W1"] + network["b1"]
    z1 = tanh(u1)
    u2 = z1 @ network["W2"] + network["b2"]
    z2 = tanh(u2)
    y = softmax(z2 @ network["W3"] + network["b3"])

    delta3 = (y - d) / len(x)
    delta2 = delta3 @ network["W3"].T * d_tanh(u2)
    delta1 = delta2 @ network["W2"].T * d_tanh(u1)

    weights = {"W1": x.T @ delta1, "W2": z1.T @ delta2, "W3": z2.T @ delta3}
    biases = {"b1": delta1.sum(axis=0), "b2": delta2.sum(axis=0), "b3": delta3.sum(axis=0)}
    return weights | biases


@deep_gradients.mistake(
    "other words, the same numbers. The check says that layer 3 is right and layer 2 is not: only one line lies between."
)
def _(*case):
    return her_gradients(*case)


@deep_gradients.mistake(
    "layers 3 and 2 are right now. A second bug was hidden behind the first: go one line further back, to delta1."
)
def _(*case):
    return _deep(*case, W2=lambda W: W)


@deep_gradients.mistake("delta1 is repaired, but it inherits a wrong delta2. What does d_tanh take: u2 or z2?")
def _(*case):
    return _deep(*case, slope2=lambda u, z: d_tanh(z))


@deep_gradients.mistake(
    "without the bend delta2 is wrong in another way: it needs tanh's slope, taken at u2. And delta1?"
)
def _(*case):
    return _deep(*case, slope2=lambda u, z: 1, W2=lambda W: W)


@deep_gradients.mistake("delta1 is repaired; delta2 lost its bend altogether. It needs tanh's slope, taken at u2.")
def _(*case):
    return _deep(*case, slope2=lambda u, z: 1)


@deep_gradients.mistake("1 − u2² mixes two forms of the slope: it is d_tanh(u2), or 1 − z2².")
def _(*case):
    return _deep(*case, slope2=lambda u, z: 1 - u**2)


@deep_gradients.mistake(
    "1 − u2² mixes two forms of the slope: it is d_tanh(u2), or 1 − z2². After that, look at delta1."
)
def _(*case):
    return _deep(*case, slope2=lambda u, z: 1 - u**2, W2=lambda W: W)


@deep_gradients.mistake(
    "d_tanh(u1) was right before you changed it to z1. Layer 2 is the one that took the wrong argument."
)
def _(*case):
    return _deep(*case, slope2=lambda u, z: d_tanh(z), slope1=lambda u, z: d_tanh(z), W2=lambda W: W)


@deep_gradients.mistake("delta2 and the transpose are right, but now d_tanh takes z1 in layer 1; it took u1, rightly.")
def _(*case):
    return _deep(*case, slope1=lambda u, z: d_tanh(z))


@deep_gradients.mistake("delta2 and the transpose are right, but delta1 has lost its bend: times d_tanh(u1).")
def _(*case):
    return _deep(*case, slope1=lambda u, z: 1)


@deep_gradients.mistake(
    "delta1 jumps from delta3 past the bend of layer 2. It starts from delta2, which has that bend in it."
)
def _(*case):
    return _deep(*case, through=lambda delta, W3, bend: delta @ W3.T)


@deep_gradients.mistake(
    "you bent the forward pass to fit the backward one. The forward pass *is* the network: leave it, and repair delta1."
)
def _(*case):
    return _deep(*case, forward_W2=lambda W: W.T, W2=lambda W: W)


@deep_gradients.test
def _first_wrong_layer(learners):
    case = _case(3, 6, 6, 4)
    came, right = outcome(learners, case), _deep(*case)
    return _where(came, right) if isinstance(came, dict) and came.keys() == right.keys() else None


lesson.quiz(
    "which_line_is_which",
    r"One line of `gradients` is $\frac{\partial E}{\partial y}\frac{\partial y}{\partial u}$, another "
    r"$\frac{\partial E}{\partial y}\frac{\partial y}{\partial u}\frac{\partial u}{\partial w}$, all for the last layer. Which?",
    right="b",
    a=(
        "`y = softmax(…)`, then `delta2 = (y - d) / len(x)`",
        "the first computes y itself, on the way forward. Derivatives begin at the loss.",
    ),
    b=(
        "`delta2 = (y - d) / len(x)`, then `z1.T @ delta2`",
        "δ2 is loss and output function in one step; the factor ∂u/∂w is what came in, z1, and makes it dW2.",
    ),
    c=(
        "`delta2 = (y - d) / len(x)`, then `delta2 @ W2.T`",
        "the first is right. The second goes on to z1, ∂u/∂z = W; asked for is ∂u/∂w, the way to the weight.",
    ),
    d=(
        "`z1.T @ delta2`, then `delta2 = (y - d) / len(x)`",
        "the other way round: the longer product is the one that has z1 in it as well.",
    ),
)

lesson.quiz(
    "what_is_reused",
    "Which result of the backward pass is computed once and used three times?",
    right="c",
    a=("E, the loss", "E is not used at all: the backward pass starts from y − d. Look for a δ."),
    b=("dW2", "dW2 is an end product: the update takes it, no other gradient does."),
    c=(
        "δ2",
        "δ2 makes dW2, db2 and δ1. That everything further back hangs on it is why one pass back is enough.",
    ),
    d=("δ1", "almost: δ1 makes dW1 and db1. Which one has a layer behind it as well?"),
)

lesson.quiz(
    "a_value_used_twice",
    "A hidden value z = 5 feeds two units. From one comes back the gradient 3, from the other −4. What is ∂E/∂z?",
    right="a",
    a=("−1", "both ways count, so the gradients add up: 3 − 4 = −1. What z is does not matter here."),
    b=("−12", "one after the other they would multiply. These two ways lie side by side."),
    c=("−½", "that is the mean. If z rises by 1, E changes by 3 on one way and by −4 on the other, together."),
    d=("−5", "−1 is the answer's core, but z's own value 5 enters only the gradients of the weights it meets."),
)
