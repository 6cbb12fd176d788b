"""diagnostics.py: each number where its value is known."""

import numpy as np
import pytest

from common import diagnostics
from common.initializers import constant
from common.layers import Affine, Dropout, ReLU, Sigmoid, Tanh
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.normalization import BatchNorm
from common.optimizers import SGD
from common.trainer import Trainer


def rng(seed=0):
    return np.random.default_rng(seed)


def network():
    r = rng()
    return Sequential(Affine(4, 6, rng=r), BatchNorm(6), ReLU(), Dropout(0.5, rng=r), Affine(6, 3, rng=r))


x, d = rng(1).normal(size=(20, 4)), np.arange(20) % 3


def test_activations_are_those_of_inference_and_change_nothing():
    net = network()
    before = {name: array.copy() for name, array in net.state.items()}
    outputs = diagnostics.activations(net, x)
    assert len(outputs) == 5
    np.testing.assert_array_equal(outputs[-1], net.forward(x))
    np.testing.assert_array_equal(outputs[2], np.maximum(outputs[1], 0))
    for name, array in net.state.items():
        np.testing.assert_array_equal(array, before[name])


def test_activation_statistics():
    net = Sequential(Affine(2, 2, rng=rng()), ReLU())
    net[0].W[:], net[0].b[:] = np.eye(2), [0, -1]
    rows = diagnostics.activation_statistics(net, np.array([[1.0, 0.0], [3.0, 4.0]]))  # u = [1, −1], [3, 3]
    assert [row["layer"] for row in rows] == ["Affine(2, 2)", "ReLU()"]
    assert [row["mean"] for row in rows] == [1.5, 1.75]
    assert rows[0]["std"] == pytest.approx(np.std([1, -1, 3, 3]))
    assert [row["zeros"] for row in rows] == [0, 0.25]


def test_dead_relus():
    net = Sequential(Affine(4, 5, rng=rng()), ReLU(), Affine(5, 3, rng=rng()), Sigmoid())
    assert diagnostics.dead_relus(net, x) == {1: 0}
    net[0].b[:2] = -100
    assert diagnostics.dead_relus(net, x) == {1: 0.4}


def test_in_images_a_channel_is_dead_when_it_is_so_everywhere():
    images = -np.ones((2, 4, 3, 3))
    images[1, 0, 2, 2] = images[0, 1] = 1
    assert diagnostics.dead_relus(Sequential(ReLU()), images) == {0: 0.5}


def test_saturated_units():
    u = np.array([[0.0, 3.5, -3.8, 10.0]])
    assert diagnostics.saturated(Sequential(ReLU(), Sigmoid()), u) == {1: 0.25}  # ReLU made 0 of −3.8
    assert diagnostics.saturated(Sequential(Sigmoid()), u) == {0: 0.5}
    assert diagnostics.saturated(Sequential(Tanh()), u) == {0: 0.75}
    # A slope of less than a tenth of the largest, which is ¼ for the sigmoid and 1 for tanh.
    assert diagnostics.saturated(Sequential(Tanh()), np.array([[1.7, 1.9, 2.3, 0.0]])) == {0: 0.5}
    assert diagnostics.saturated(Sequential(Sigmoid()), u, below=0.2) == {0: 0.75}


def test_gradient_sizes():
    net, loss = network(), SoftmaxCrossEntropy()
    with pytest.raises(RuntimeError, match="no gradients yet"):
        diagnostics.gradient_sizes(net)
    loss.forward(net.forward(x, training=True), d)
    net.backward(loss.backward())
    sizes = diagnostics.gradient_sizes(net)
    assert list(sizes) == ["W1", "W3"]
    assert sizes["W3"] == pytest.approx(np.abs(net[4].dW).mean())


def test_what_never_moved():
    net = network()
    trainer = Trainer(net, SoftmaxCrossEntropy(), SGD(0.1), rng=rng())
    assert diagnostics.never_moved(net.params, lambda: trainer.train_step(x, d), n=3) == []
    assert len(trainer.history["loss"]) == 3

    def all_but_the_last_layer():
        net.backward(trainer.loss.backward())
        for name in ("W1", "b1", "gamma2", "beta2", "W3"):
            net.params[name] -= 0.1 * net.grads[name] + 1

    assert diagnostics.never_moved(net.params, all_but_the_last_layer, n=2) == ["b3"]


def test_update_ratios():
    net = Sequential(Affine(4, 6, rng=rng()), Affine(6, 3, constant(0), rng=rng()))

    def step():
        net[0].W *= 1.01
        net[1].W += 1

    ratios = diagnostics.update_ratios(net.params, step)
    assert ratios == {"W1": pytest.approx(0.01), "W2": np.inf}
    assert all(isinstance(r, float) for r in ratios.values())


def test_the_dead_network_of_zero_weights_is_found():
    """The symmetry problem in three numbers: hidden weights without gradient, which never move."""
    r = rng()
    net = Sequential(Affine(4, 5, constant(0), rng=r), Sigmoid(), Affine(5, 3, constant(0), rng=r))
    trainer = Trainer(net, SoftmaxCrossEntropy(), SGD(0.1), rng=r)
    assert diagnostics.never_moved(net.params, lambda: trainer.train_step(x, d), n=1) == ["W1", "b1"]
    assert diagnostics.gradient_sizes(net)["W1"] == 0
