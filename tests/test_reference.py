"""The library against PyTorch, in float64 to 1e-10: every layer, loss, optimizer and regularizer, five steps of training.

PyTorch's numbers are in reference/core.npz; reference/core.py made them. Convolution: test_convolution.py.
"""

from pathlib import Path

import numpy as np
import pytest

from common import layers, losses, normalization, optimizers, regularizers
from common.layers import Affine, Dropout, Flatten, ReLU, Sigmoid, Tanh
from common.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from common.network import Sequential
from common.normalization import BatchNorm
from common.optimizers import SGD, AdaDelta, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from common.regularizers import L1, L2
from common.trainer import Trainer

FILE = Path(__file__).parent / "reference" / "core.npz"
STEPS = 5


class Drawn:
    """A generator whose next numbers are known: 1 where dropout is to keep, 0 where it is to drop."""

    def __init__(self, kept):
        self.kept = kept

    def random(self, shape):
        assert shape == self.kept.shape
        return self.kept.astype(float)


@pytest.fixture(scope="module")
def torch():
    """A function: the arrays of one case."""
    with np.load(FILE) as file:
        arrays = dict(file)

    def case(name):
        found = {key.partition("/")[2]: a for key, a in arrays.items() if key.partition("/")[0] == name}
        assert found, f"reference/core.npz has no case {name!r}"
        return found

    return case


def agree(ours, theirs, what):
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12, err_msg=what)


def rng():
    return np.random.default_rng(0)


LAYERS = {
    "affine": lambda a: Affine(4, 3, rng=rng()),
    "relu": lambda a: ReLU(),
    "sigmoid": lambda a: Sigmoid(),
    "tanh": lambda a: Tanh(),
    "flatten": lambda a: Flatten(),
    "dropout": lambda a: Dropout(0.3, rng=Drawn(a["kept"])),
    "batch norm 2-D": lambda a: BatchNorm(4),
    "batch norm 4-D": lambda a: BatchNorm(4),
    "batch norm 2-D, inference": lambda a: BatchNorm(4),
    "batch norm 4-D, inference": lambda a: BatchNorm(4),
}
LOSSES = {
    "squared error": SquaredError,
    "binary": SigmoidCrossEntropy,
    "multi-class": SoftmaxCrossEntropy,
    "multi-class, shares": SoftmaxCrossEntropy,
}
NETWORKS = {
    "network with relu": lambda a: ReLU(),
    "network with sigmoid": lambda a: Sigmoid(),
    "network with tanh": lambda a: Tanh(),
    "network with dropout": lambda a: Dropout(0.3, rng=Drawn(a["kept"])),
    "network with batch norm": lambda a: BatchNorm(6),
}
OPTIMIZERS = {
    "SGD": lambda: SGD(0.1),
    "Momentum": lambda: Momentum(0.1, momentum=0.9),
    "Nesterov": lambda: Nesterov(0.1, momentum=0.9),
    "AdaGrad": lambda: AdaGrad(0.1),
    "RMSprop": lambda: RMSprop(0.1, rho=0.9),
    "AdaDelta": lambda: AdaDelta(1.0, rho=0.9),
    "Adam": lambda: Adam(0.1),
    "Adam with large epsilon": lambda: Adam(0.1, eps=0.1),
}
REGULARIZERS = {"L1": L1(0.05), "L2": L2(0.05)}


@pytest.mark.parametrize("case", LAYERS)
def test_forward_and_backward_of_a_layer(case, torch):
    a = torch(case)
    layer = LAYERS[case](a)
    if case.endswith("inference"):
        layer.training = False
    for name in (*layer.parameters, *layer.statistics):
        setattr(layer, name, a[name])
    agree(layer.forward(a["x"]), a["out"], "output")
    agree(layer.backward(a["dout"]), a["dx"], "dx")
    for name in layer.parameters:
        agree(getattr(layer, "d" + name), a["d" + name], "d" + name)
    for name in layer.statistics:
        agree(getattr(layer, name), a["new " + name], name)


@pytest.mark.parametrize("case", LOSSES)
def test_a_loss_and_its_gradient_on_five_steps_downhill(case, torch):
    a, loss = torch(case), LOSSES[case]()
    u = a["u"]
    for step in range(STEPS):
        agree(loss.forward(u, a["d"]), a["E"][step], f"E, step {step}")
        agree(loss.backward(), a["du"][step], f"du, step {step}")
        u = u - loss.backward()


def five_steps(a, layer, optimizer, regularizer=None):
    network = Sequential(Affine(4, 6, rng=rng()), layer, Affine(6, 3, rng=rng()))
    for name, array in network.params.items():
        array[...] = a["start " + name]
    trainer = Trainer(network, SoftmaxCrossEntropy(), optimizer, rng=rng(), regularizer=regularizer)
    for step in range(STEPS):
        agree(trainer.train_step(a["x"], a["d"]), a["E"][step], f"E, step {step}")
        for name, array in network.params.items():
            agree(array, a[name][step], f"{name}, step {step}")
    for name in network.state.keys() - network.params.keys():
        agree(network.state[name], a[name], name)


@pytest.mark.parametrize("case", NETWORKS)
def test_five_steps_with_each_layer(case, torch):
    five_steps(torch(case), NETWORKS[case](torch(case)), SGD(0.5))


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_five_steps_of_each_optimizer(case, torch):
    five_steps(torch(case), Tanh(), OPTIMIZERS[case]())


@pytest.mark.parametrize("case", REGULARIZERS)
def test_five_steps_with_each_regularizer(case, torch):
    five_steps(torch(case), Tanh(), SGD(0.1), REGULARIZERS[case])


def test_nothing_is_left_out():
    """A new layer, loss, optimizer or regularizer needs its comparison, here or in test_convolution.py."""
    compared = {type(make({"kept": np.ones(1)})) for make in (*LAYERS.values(), *NETWORKS.values())}
    compared |= {*LOSSES.values(), *(type(make()) for make in OPTIMIZERS.values()), *map(type, REGULARIZERS.values())}
    compared |= {normalization.LocalResponseNorm}  # with convolution
    bases = {layers.Layer, losses.Loss, optimizers.Optimizer, regularizers.Regularizer}
    for module in (layers, normalization, losses, optimizers, regularizers):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, tuple(bases)) and thing not in bases:
                assert thing in compared, thing
