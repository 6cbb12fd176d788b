"""Feedback on day2/02, the vanishing gradient."""

import numpy as np

from common.checks.compare import show
from common.checks.feedback import Lesson, rng
from common.datasets import load_digits
from common.diagnostics import gradient_sizes
from common.initializers import constant
from common.initializers import xavier as package_xavier
from common.layers import Affine, ReLU, Sigmoid, Tanh
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential

lesson = Lesson("day2/02")
exercise, quiz = lesson.check, lesson.answer


# --- the two rules ----------------------------------------------------------------------------------------------------

LAYERS = [(100, 50), (64, 100), (256, 256), (9, 2)]


@lesson.exercise(cases=LAYERS)
def xavier(fan_in, fan_out):
    """The standard deviation of a layer's weights with which rms(u) = rms(x).

    fan_in: inputs of each unit. fan_out: units in the layer.
    """
    return np.sqrt(1 / fan_in)


@xavier.mistake("that is the variance, 1/n. `Affine` multiplies by a standard deviation: its root.")
def _(fan_in, fan_out):
    return 1 / fan_in


@xavier.mistake(
    "how many terms does u = x₀w₀ + x₁w₁ + … have? As many as a unit has inputs. How many other units stand beside it "
    "plays no part."
)
def _(fan_in, fan_out):
    return np.sqrt(1 / fan_out)


@xavier.mistake("upside down: more inputs make a larger sum, so their weights must be smaller.")
def _(fan_in, fan_out):
    return np.sqrt(fan_in)


@xavier.mistake("that treats both numbers alike. It is Glorot's rule, further below; here only the way forward counts.")
def _(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


@xavier.mistake("with a 2 the signal grows by √2 in each layer. Solve n · std² = 1.")
def _(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


def _is_array(learners):
    if np.size(learners(9, 2)) > 1:
        return (
            "those are the weights themselves. Return one number, their standard deviation; `Affine` draws the weights."
        )
    return None


xavier.test(_is_array)


@lesson.exercise(cases=LAYERS)
def he(fan_in, fan_out):
    """The standard deviation with which rms(z) = rms(x), where z = relu(u).

    fan_in: inputs of each unit. fan_out: units in the layer.
    """
    return np.sqrt(2 / fan_in)


@he.mistake("that is Xavier's rule. ReLU then takes half of the mean square away, in every layer; make up for it.")
def _(fan_in, fan_out):
    return np.sqrt(1 / fan_in)


@he.mistake("ReLU halves the mean *square*, so the 2 belongs under the root: √(2/n). With 2/√n the signal grows by √2.")
def _(fan_in, fan_out):
    return 2 / np.sqrt(fan_in)


@he.mistake("that is the variance, 2/n. `Affine` multiplies by a standard deviation: its root.")
def _(fan_in, fan_out):
    return 2 / fan_in


@he.mistake("the half is on the wrong side. ½ · n · std² must be 1, so the variance is twice 1/n.")
def _(fan_in, fan_out):
    return np.sqrt(1 / (2 * fan_in))


@he.mistake("the root is missing on n: √2 / n is much smaller than √(2/n).")
def _(fan_in, fan_out):
    return np.sqrt(2) / fan_in


@he.mistake("a sum has as many terms as the unit has inputs: fan_in, not fan_out.")
def _(fan_in, fan_out):
    return np.sqrt(2 / fan_out)


@he.mistake("that is Glorot's rule, which knows nothing of ReLU. Only fan_in counts here.")
def _(fan_in, fan_out):
    return np.sqrt(2 / (fan_in + fan_out))


he.test(_is_array)


# --- the gain of tanh -------------------------------------------------------------------------------------------------


@lesson.exercise()
def tanh_gain():
    """Your gain g, a number.

    With std = g/√n, 20 tanh layers of 256 units must end with rms(z) ≥ 0.6 and a mean slope ≥ 0.5.
    """
    return 5 / 3


def _through_tanh(gain, seed, depth=20, n=256):
    """rms of z and mean slope after 20 layers."""
    draw = rng(seed)
    z = draw.standard_normal((100, n))
    for _ in range(depth):
        z = np.tanh(z @ (gain / np.sqrt(n) * draw.standard_normal((n, n))))
    return np.sqrt(np.mean(z**2)), np.mean(1 - z**2)


@tanh_gain.test
def _alive_and_not_flat(learners):
    gain = learners()
    if gain is None:
        return "it gives back None: is a `return` missing?"
    try:
        gain = float(gain)
    except (TypeError, ValueError):
        return f"a gain is one number; {show(gain)} came"
    if not gain > 0:
        return "a gain is a positive number: it multiplies a standard deviation"
    if gain < 0.2:
        return f"{gain:g} looks like a standard deviation. The gain is what multiplies 1/√n: std = g/16 for n = 256."
    if gain >= 15:
        return f"{gain:g} is a gain for weights with a standard deviation of about 1: the slopes are nearly all gone. Go down."
    size, slope = np.mean([_through_tanh(gain, seed) for seed in range(100, 103)], axis=0)
    if size < 0.595:
        why = "tanh makes every value a little smaller, and nothing makes up for it" if gain <= 1 else "a bit more"
        return f"with {gain:g} the signal ends with rms {size:.2f}, not 0.6: {why}"
    if slope < 0.495:
        return f"with {gain:g} the signal is strong ({size:.2f}), but the mean slope is {slope:.2f}: it saturates. Go down."
    return None


# --- reading a gradient plot ------------------------------------------------------------------------------------------

PATIENTS = {"A": (Tanh, package_xavier), "B": (Sigmoid, constant(0.01)), "C": (ReLU, constant(1)), "D": (ReLU, constant(0.01))}  # fmt: skip


def patients():
    """{letter: mean |dW| of six layers} of four networks on their first digits."""
    sizes = {}
    for letter, (activation, init) in PATIENTS.items():
        draw = rng(11)
        x, d = load_digits(rng=draw)[0]
        layers = []
        for n_in, n_out in zip([64, *[100] * 5], [*[100] * 5, 10]):
            layers += [Affine(n_in, n_out, init, rng=draw), activation()]
        network, loss = Sequential(*layers[:-1]), SoftmaxCrossEntropy()
        loss.forward(network.forward(x), d)
        network.backward(loss.backward())
        sizes[letter] = np.array(list(gradient_sizes(network).values()))
    return sizes


def _blank():
    """Whose gradients are they? Put "A", "B", "C" or "D" in place of the dots."""
    return {
        "sigmoid, std 0.01": ...,
        "ReLU, std 0.01": ...,
        "ReLU, std 1": ...,
        "tanh, Xavier": ...,
    }


@lesson.exercise(starter=_blank)
def diagnosis():
    """Whose gradients are they? Put "A", "B", "C" or "D" in place of the dots."""
    return {"sigmoid, std 0.01": "B", "ReLU, std 0.01": "D", "ReLU, std 1": "C", "tanh, Xavier": "A"}


@diagnosis.test
def _letters(learners):
    right, came = diagnosis.reference(), learners()
    if not isinstance(came, dict) or came.keys() != right.keys():
        return "return the dict of the stub, with its four names and a letter for each"
    if open_ones := [name for name in right if came[name] is ...]:
        return f"still without a letter: {', '.join(open_ones)}"
    letters = [c.strip().upper() if isinstance(c, str) else c for c in came.values()]
    if sorted(map(str, letters)) != sorted(right.values()):
        return f'each of "A", "B", "C" and "D" belongs to one network; {", ".join(map(show, letters))} came'
    given = dict(zip(came, letters))
    if given["sigmoid, std 0.01"] != "B":
        return (
            "look for the staircase. A sigmoid's signal stays near ½, so only the blame shrinks, by the same factor in "
            "each layer. The other three are level, more or less."
        )
    if given["ReLU, std 1"] != "C":
        return (
            "three of them are level, so their *height* decides. With std 1 a ReLU layer multiplies by about 7 in both "
            "directions: whose gradients are far too large?"
        )
    if given["tanh, Xavier"] != "A":
        return (
            "A and D have the same shape. Read the axis: at rate 0.1 and weights of 0.1, A moves a weight by a few thousandths "
            "of its size in an update. D's weights, of size 0.01, would need some seventy thousand updates to move as far."
        )
    return None


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "chain_rule",
    "A chain of two units: $u_1 = w_1 x$, $z_1 = f(u_1)$, $u_2 = w_2 z_1$, $y = f(u_2)$. What is $\\partial y/\\partial w_1$?",
    right="c",
    a=("$f'(u_2) + f'(u_1)\\,x$", "Slopes in a row multiply. They add up where paths run side by side."),
    b=("$f'(u_2)\\,f'(u_1)\\,x$", "On its way from y to u₁ the blame also passes the weight w₂."),
    c=(
        "$f'(u_2)\\,w_2\\,f'(u_1)\\,x$",
        "From y back: through the bend, through w₂, through the bend, times what came in. Each further layer brings one "
        "more f′ · w.",
    ),
    d=(
        "$f'(u_2)\\,w_2\\,f'(u_1)\\,w_1$",
        "The last factor is what came in to w₁, and that is x. w₁ itself would appear in ∂y/∂x.",
    ),
)

lesson.quiz(
    "one_sigmoid_wide",
    "A deep chain of sigmoid units, one unit per layer. How large must |w| be at least, so that the blame does not shrink "
    "from layer to layer?",
    right="d",
    a=("¼", "¼ is the sigmoid's largest slope. Then the factor is at most ¼ · ¼."),
    b=("1", "With w = 1 the factor is f′(u) itself, and that is at most ¼."),
    c=("2", "The factor f′(u) · w is then at most ½."),
    d=(
        "4",
        "The sigmoid's slope is at most ¼, at u = 0, so f′(u) · w reaches 1 only if |w| ≥ 4. And there is no room for "
        "u to move: away from 0 the slope is smaller still.",
    ),
)

lesson.quiz(
    "all_weights_zero",
    "All weights of a network of tanh layers are 0, all biases too. Which gradients differ from 0 in the first update?",
    right="b",
    a=("none: the gradient vanishes", "The output is wrong, and one parameter feels it without passing any weight."),
    b=(
        "only the last bias's",
        "tanh(0) = 0, so nothing came in to the last W, and W = 0 lets no blame through. After any number of updates the "
        "network still gives the same answer to everybody.",
    ),
    c=(
        "the last layer's W and b",
        "That would be so with sigmoids, which say ½. With tanh nothing comes in to the last layer: z = 0, and dW = zᵀδ.",
    ),
    d=("all, and they are equal within a layer", "Blame goes back through Wᵀ, and all of its entries are 0."),
)
