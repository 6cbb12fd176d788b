"""Feedback on day2/01, layers and networks."""

import copy

import numpy as np

from common.checks.feedback import Lesson, rng
from common.functions import d_tanh, tanh
from common.layers import Layer

lesson = Lesson("day2/01")
exercise, quiz = lesson.check, lesson.answer


def run_layer(layer_class, x, dout):
    """What a layer gives on its way forward and back, copied at once, so that a later write does not change it."""
    layer = layer_class()
    forward = copy.deepcopy(layer.forward(x))
    return {"forward": forward, "backward": copy.deepcopy(layer.backward(dout))}


# --- a Tanh layer -----------------------------------------------------------------------------------------------------


class TanhStarter(Layer):
    def forward(self, u):
        """u: any shape. Returns z = tanh(u), and keeps what backward will need."""
        ...

    def backward(self, dout):
        """dout = ∂E/∂z. Returns ∂E/∂u, of the same shape."""
        ...


def run_tanh(layer_class, u, dout):
    return run_layer(layer_class, u, dout)


def _tanh_cases():
    draw = rng(1).standard_normal
    return [
        (np.array([[0.5, -2.0]]), np.array([[1.0, 10.0]])),
        (draw((5, 3)), draw((5, 3))),
        (draw((3, 3)), draw((3, 3))),
        (draw((2, 3, 4, 5)), draw((2, 3, 4, 5))),
    ]


@lesson.exercise(cases=_tanh_cases(), starter=TanhStarter, use=run_tanh)
class Tanh(Layer):
    """z = tanh(u), dz/du = 1 − z². Any shape."""

    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z**2)


@Tanh.mistake("forward computes z and lets it go. backward runs later and sees only dout: keep z, as self.z = ….")
class _(Layer):
    def forward(self, u):
        return tanh(u)

    def backward(self, dout):
        return dout * (1 - self.z**2)


@Tanh.mistake(
    "`z = …` is a variable of forward alone, gone when forward returns. backward finds what is in self: self.z."
)
class _(Layer):
    def forward(self, u):
        return tanh(u)

    def backward(self, dout):
        return dout * (1 - z**2)  # noqa: F821


@Tanh.mistake("1 − u² is the slope's formula with the wrong letter: it is 1 − z², so keep what comes *out* of tanh.")
class _(Layer):
    def forward(self, u):
        self.u = u
        return tanh(u)

    def backward(self, dout):
        return dout * (1 - self.u**2)


@Tanh.mistake("z (1 − z) is the sigmoid's slope. That of tanh is 1 − z².")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * self.z * (1 - self.z)


@Tanh.mistake("1 − z without the square: at z = −1, where tanh is flat, that would be a slope of 2.")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z)


@Tanh.mistake("a slip of the brackets: (1 − z)² is not 1 − z².")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z) ** 2


@Tanh.mistake("the slope is right; what came back, dout, has got lost. In a row slopes multiply: dout times it.")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return 1 - self.z**2


@Tanh.mistake("d_tanh takes u, and it got z: tanh was applied twice. From z itself the slope is just 1 − z².")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * d_tanh(self.z)


@Tanh.mistake("the slope is taken at dout, the blame. It belongs to the point of the way forward: keep z and use that.")
class _(Layer):
    def forward(self, u):
        return tanh(u)

    def backward(self, dout):
        return dout * (1 - tanh(dout) ** 2)


@Tanh.mistake("dout went back as it came: a layer without a slope. Multiply by tanh's, 1 − z².")
class _(Layer):
    def forward(self, u):
        return tanh(u)

    def backward(self, dout):
        return dout


@Tanh.mistake("`@` adds up over units. A bend works entry by entry, and so does its slope: `*`.")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout @ (1 - self.z**2)


@Tanh.mistake("that sums over the batch, as db does. u is not shared by the samples: each entry has its own blame.")
class _(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return (dout * (1 - self.z**2)).sum(axis=0)


@Tanh.mistake("the methods need `self` as their first argument: forward(self, u), backward(self, dout).")
class _(Layer):
    def forward(u):
        return tanh(u)

    def backward(dout):
        return dout


def _attribute_is_missing(learners, x, dout):
    try:
        layer = learners()
        layer.forward(x)
        layer.backward(dout)
    except AttributeError as error:
        if error.obj is layer:
            return f"backward looks for self.{error.name}, but forward has not kept it: self.{error.name} = …."
    except Exception:  # the comparison of the results says it better
        return None
    return None


def _runs(learners, x, dout):
    """Whether both methods give arrays, so that it makes sense to look closer."""
    try:
        return all(isinstance(array, np.ndarray) for array in run_layer(learners, x, dout).values())
    except Exception:
        return False


@Tanh.test
def _keeps_what_it_needs(learners):
    return _attribute_is_missing(learners, np.ones((2, 3)), np.ones((2, 3)))


@Tanh.test
def _arguments_stay(learners):
    u, dout = rng(2).standard_normal((2, 4, 3))
    if not _runs(learners, u.copy(), dout.copy()):
        return None
    layer = learners()
    kept_u, kept_dout = u.copy(), dout.copy()
    z = layer.forward(u)
    if not np.array_equal(u, kept_u):
        return "forward writes into u. That array belongs to the layer before, which may still need it: make a new one."
    kept_z = np.copy(z)
    layer.backward(dout)
    if not np.array_equal(dout, kept_dout):
        return "backward writes into dout. That array is not yours, and somebody else may still read it: dout * …, not dout *= …."
    if not np.array_equal(z, kept_z):
        return "backward writes into z, which forward gave away: the next layer has kept it. Make a new array."
    return None


@Tanh.test
def _layers_do_not_share(learners):
    u, dout = rng(4).standard_normal((2, 4, 3))
    if not _runs(learners, u.copy(), dout.copy()):
        return None
    first, second = learners(), learners()
    alone = learners()
    alone.forward(u)
    expected = np.copy(alone.backward(dout))
    second.forward(first.forward(u))
    second.backward(dout)
    if not np.allclose(first.backward(dout), expected):
        return "with two Tanh layers in a network, the second overwrites what the first has kept. Keep it in self, not outside."
    return None


@Tanh.test
def _is_a_layer(learners):
    if not hasattr(learners, "parameters"):
        return "write `class Tanh(Layer):`. From Layer it inherits that it has no parameters, which Sequential asks."
    return None


# --- a Flatten layer --------------------------------------------------------------------------------------------------


class FlattenStarter(Layer):
    def forward(self, x):
        """x: (N, …), for example N images (N, H, W). Returns them as rows, (N, H·W)."""
        ...

    def backward(self, dout):
        """dout: of the shape that forward returned. Returns ∂E/∂x, of the shape of x."""
        ...


def run_flatten(layer_class, x, dout):
    return run_layer(layer_class, x, dout)


def _flatten_cases():
    draw = rng(5).standard_normal
    return [
        (np.arange(8.0).reshape(2, 2, 2), np.arange(8.0, 16).reshape(2, 4)),
        (draw((3, 2, 4, 5)), draw((3, 40))),
        (draw((5, 4)), draw((5, 4))),
        (draw((1, 3, 3)), draw((1, 9))),
    ]


@lesson.exercise(cases=_flatten_cases(), starter=FlattenStarter, use=run_flatten)
class Flatten(Layer):
    """(N, …) → (N, product of the rest), and back."""

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake(
    "that strings the whole batch into one row. The samples must stay apart: the first axis keeps its length N."
)
class _(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(-1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake("(−1, N) makes N the number of *columns*, and mixes the samples. Each row is a sample: (N, −1).")
class _(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(-1, len(x))

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake("after .T the samples are on the last axis, and reshape reads across them. Leave out the .T.")
class _(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.T.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake("dout goes back flat. The layer before gave images and expects its blame in the shape of images.")
class _(Layer):
    def forward(self, x):
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout


@Flatten.mistake(
    "backward has to know the shape that x had, and dout does not tell. Keep it in forward: self.shape = x.shape."
)
class _(Layer):
    def forward(self, x):
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake("the shape of *one* sample is kept; dout has N of them. Keep all of x.shape.")
class _(Layer):
    def forward(self, x):
        self.shape = x.shape[1:]
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.mistake("`shape = …` is a variable of forward alone. backward finds what is in self: self.shape.")
class _(Layer):
    def forward(self, x):
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(shape)  # noqa: F821


@Flatten.mistake(
    "an array has no method that changes its rows alone: x.flatten() takes no shape. Use x.reshape(len(x), …)."
)
class _(Layer):
    def forward(self, x):
        return x.flatten(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


@Flatten.test
def _keeps_the_shape(learners):
    return _attribute_is_missing(learners, np.ones((2, 3, 4)), np.ones((2, 12)))


@Flatten.test
def _any_size_of_batch(learners):
    if not _runs(learners, np.ones((5, 2, 3)), np.ones((5, 6))):
        return None
    layer = learners()
    layer.forward(np.ones((5, 2, 3)))
    layer.forward(np.ones((2, 2, 3)))
    try:
        right = np.shape(layer.backward(np.ones((2, 6)))) == (2, 2, 3)
    except ValueError:
        right = False
    if not right:
        return "after a batch of 5 came one of 2, and backward still has the old shape. Keep it anew in every forward."
    return None


# --- counting ---------------------------------------------------------------------------------------------------------


def _params(*shapes, names="Wb"):
    draw = rng(6).standard_normal
    return {f"{names[k % len(names)]}{k // len(names) + 1}": draw(shape) for k, shape in enumerate(shapes)}


@lesson.exercise(
    cases=[
        (_params((64, 40), (40,), (40, 10), (10,)),),
        (_params((2, 3), (3,)),),
        (_params((16, 3, 5, 5), (16,), (400, 10), (10,)),),
        ({"W1": np.ones((4, 3)), "b1": np.zeros(3), "gamma2": np.ones(3), "beta2": np.ones(3)},),
    ]
)
def count_parameters(params):
    """How many numbers a network has to learn.

    params: {"W1": array, "b1": array, …}, arrays of any shape.
    """
    return sum(array.size for array in params.values())


@count_parameters.mistake("that counts arrays. Each of them holds many numbers: array.size.")
def _(params):
    return len(params)


@count_parameters.mistake("len of a matrix is its number of *rows*. All its numbers together: array.size.")
def _(params):
    return sum(len(array) for array in params.values())


@count_parameters.mistake("the biases are learnt too: take every array, whatever its name.")
def _(params):
    return sum(array.size for name, array in params.items() if name.startswith("W"))


@count_parameters.mistake("only W and b are counted; later layers have parameters of other names. Take every array.")
def _(params):
    return sum(array.size for name, array in params.items() if name[0] in "Wb" and "beta" not in name)


@count_parameters.mistake("a loop over a dict goes through its *names*. The arrays are in params.values().")
def _(params):
    return sum(name.size for name in params)


@count_parameters.mistake(
    "len(name) is the length of a name: a loop over a dict goes through its names. Use params.values()."
)
def _(params):
    return sum(len(name) for name in params)


@count_parameters.mistake("rows *plus* columns. A matrix has rows *times* columns; array.size knows it for any shape.")
def _(params):
    return sum(sum(array.shape) for array in params.values())


@count_parameters.mistake("a bias has one axis, a filter bank four: not every array has two. array.size works for all.")
def _(params):
    return sum(array.shape[0] * array.shape[1] for array in params.values())


@count_parameters.mistake("that adds up the numbers themselves. How *many* there are is array.size.")
def _(params):
    return sum(array.sum() for array in params.values())


@count_parameters.mistake("a bias of 0 is a parameter too, and will not stay 0. size counts all entries.")
def _(params):
    return sum(np.count_nonzero(array) for array in params.values())


@count_parameters.mistake("nbytes counts bytes, and a float64 has eight of them.")
def _(params):
    return sum(array.nbytes for array in params.values())


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "second_loss_differs",
    "You rewrite a training program. With the same seed its first loss equals the old one to the last bit, and its second loss "
    "differs in the third digit. Where do you look?",
    right="c",
    a=(
        "nowhere: it is rounding",
        "rounding touches the sixteenth digit, not the third. Which parts of the program has the first loss not seen?",
    ),
    b=(
        "in the start: other random weights or other batches",
        "then the first loss would differ already: it depends on the weights and on the batch.",
    ),
    c=(
        "in the backward pass and the update",
        "the first loss has seen only the start, the first batch and the forward pass. What came between it and the second is left.",
    ),
    d=(
        "in the forward pass and the loss",
        "both ran before the first loss was known, and it is right. What ran after it?",
    ),
)

lesson.quiz(
    "one_relu_twice",
    "ReLU has no parameters. To save memory, somebody makes one object, bend = ReLU(), and puts it behind both hidden layers: "
    "Sequential(Affine(…), bend, Affine(…), bend, Affine(…)). What happens?",
    right="b",
    a=(
        "nothing bad: there is nothing to train in it",
        "it has no parameters, but it has a memory. What does it remember after the second of its two forward calls?",
    ),
    b=(
        "forward is right, backward is wrong at the first bend",
        "its second forward overwrites the mask of the first, and the way back uses the wrong one. Our Sequential would not say so; the package's refuses.",
    ),
    c=(
        "forward is wrong at the second bend",
        "forward depends on what comes in and on nothing that is kept. Who reads what is kept?",
    ),
    d=(
        "backward is wrong at the second bend",
        "the second bend finds its own mask: it was the last to write. Whose mask is gone?",
    ),
)

lesson.quiz(
    "w_equals_w",
    "In SGD.step somebody writes w = w - self.lr * g instead of w -= self.lr * g. What does training do?",
    right="c",
    a=(
        "the same: both subtract lr · g",
        "both compute the same numbers. But where are they put, and does the layer see it?",
    ),
    b=(
        "it goes uphill",
        "the sign is right. What is the question after `w = …`: which array does the layer hold?",
    ),
    c=(
        "nothing: the loss stays where it is",
        "w = … makes a new array and calls it w, inside step alone; the layer keeps the old one. -= changes the layer's own array. never_moved names all parameters.",
    ),
    d=(
        "it raises an error",
        "it is correct Python: a name may be given to another array at any time. Who else holds the old array?",
    ),
)
