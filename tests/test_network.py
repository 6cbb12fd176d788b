"""network.py: order of the layers, one owner per array, summary, files, messages."""

from itertools import pairwise

import numpy as np
import pytest

from common.convolution import AveragePooling, MaxPooling
from common.functions import relu
from common.gradient_check import check_network, numerical_gradient, relative_error
from common.layers import Affine, Flatten, Layer, ReLU, Sigmoid, Tanh
from common.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from common.network import Sequential
from common.optimizers import SGD


def make(*sizes, activation=ReLU, seed=0):
    """Affine layers of the given sizes with an activation between them."""
    rng = np.random.default_rng(seed)
    layers = [layer for a, b in pairwise(sizes) for layer in (Affine(a, b, rng=rng), activation())]
    return Sequential(*layers[:-1])


def by_hand():
    network = make(2, 3, 2)
    network[0].W[:], network[0].b[:] = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]], [0.1, 0.2, 0.3]
    network[2].W[:], network[2].b[:] = [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]], [0.1, 0.2]
    return network


def test_three_layers_by_hand():
    network = make(2, 3, 2, 2)
    for layer, W, b in [
        (0, [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]], [0.1, 0.2, 0.3]),
        (2, [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]], [0.1, 0.2]),
        (4, [[0.1, 0.3], [0.2, 0.4]], [1, 2]),
    ]:
        network[layer].W[:], network[layer].b[:] = W, b
    x = np.array([[1, 2]])
    np.testing.assert_allclose(network[:1].forward(x), [[0.6, 1.3, 2.0]])
    np.testing.assert_allclose(network[:3].forward(x), [[1.02, 2.29]])
    np.testing.assert_allclose(network.forward(x), [[1.56, 3.222]])


def test_the_hand_checkable_step():
    network, loss, x, d = by_hand(), SoftmaxCrossEntropy(), np.array([[1, 5]]), np.array([[0, 1]])
    np.testing.assert_allclose(network[:1].forward(x), [[1.2, 2.5, 3.8]])
    u2 = network.forward(x, training=True)
    np.testing.assert_allclose(u2, [[1.86, 4.21]])
    np.testing.assert_allclose(loss.output(u2), [[0.08706577, 0.91293423]], atol=5e-9)
    E = loss.forward(u2, d)
    assert pytest.approx(0.0910914, abs=5e-8) == E
    delta2 = loss.backward()
    np.testing.assert_allclose(delta2, [[0.08706577, -0.08706577]], atol=5e-9)
    network.backward(delta2)
    grads = network.grads
    np.testing.assert_allclose(grads["b1"], [-0.02611973] * 3, atol=5e-9)
    np.testing.assert_allclose(grads["W1"], [[-0.02611973] * 3, [-0.13059866] * 3], atol=5e-9)
    SGD(lr=0.01).update(network.params, grads)
    np.testing.assert_allclose(network.params["W1"][0], [0.1002612, 0.3002612, 0.5002612], atol=5e-8)
    assert loss.forward(network.forward(x), d) < E


@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh])
@pytest.mark.parametrize(("loss", "K"), [(SquaredError(), 2), (SigmoidCrossEntropy(), 1), (SoftmaxCrossEntropy(), 3)])
def test_whole_networks_against_central_differences(activation, loss, K):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(6, 4))
    d = rng.integers(0, K, 6) if K == 3 else rng.random((6, K))
    network = make(4, 5, 3, K, activation=activation)
    errors = check_network(network, loss, x, d)
    assert list(errors) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert max(errors.values()) < 1e-7, errors


def test_backward_returns_dx():
    network, loss = make(4, 5, 3), SoftmaxCrossEntropy()
    x, d = np.random.default_rng(2).normal(size=(3, 4)), np.array([0, 2, 1])
    loss.forward(network.forward(x), d)
    dx = network.backward(loss.backward())
    assert relative_error(dx, numerical_gradient(lambda v: loss.forward(network.forward(v), d), x)) < 1e-7


def test_params_and_grads_belong_to_the_layers():
    network = Sequential(Flatten(), *make(4, 3, 2))
    assert list(network.params) == ["W1", "b1", "W2", "b2"]
    assert network.params["W1"] is network[1].W and network.params["b2"] is network[3].b
    network.params["W2"] -= 1.0
    assert network.params["W2"] is network[3].W
    network.backward(np.ones_like(network.forward(np.ones((5, 2, 2)))))
    assert list(network.grads) == list(network.params)
    assert network.grads["b2"] is network[3].db
    network[1].W = np.zeros((4, 3))  # a new array in the layer is the parameter from now on
    assert network.params["W1"] is network[1].W


def test_no_gradients_before_backward():
    with pytest.raises(RuntimeError, match=r"no gradients yet: run forward and backward first"):
        _ = make(4, 3).grads


def test_forward_sets_the_mode():
    class Modal(Layer):
        training = None

        def forward(self, x):
            return x + 100 * self.training

    network = Sequential(Modal(), ReLU())
    x = np.ones((1, 2))
    assert network.forward(x, training=True)[0, 0] == 101
    assert network.forward(x)[0, 0] == 1
    network.forward(x, training=True)
    assert network.predict(x)[0, 0] == 1
    assert not hasattr(network[1], "training")


@pytest.mark.parametrize("batch_size", [1, 3, 7, 1000])
def test_predict_in_batches(batch_size):
    network, x = make(4, 5, 3), np.random.default_rng(0).normal(size=(7, 4))
    np.testing.assert_allclose(network.predict(x, batch_size), network.forward(x), rtol=1e-12)
    assert network.predict(x[:0], batch_size).shape == (0, 3)


def test_layers_can_be_listed():
    network = make(4, 5, 3)
    assert len(network) == 3 and [type(layer) for layer in network] == [Affine, ReLU, Affine]
    assert network[-1].W.shape == (5, 3)
    assert isinstance(network[:2], Sequential) and network[:2][0] is network[0]
    assert repr(network) == "Sequential(Affine(4, 5), ReLU(), Affine(5, 3))"


def test_summary():
    network = Sequential(Flatten(), *make(64, 40, 10))
    table = network.summary((1, 8, 8))
    assert [row.output_shape for row in table] == [(64,), (40,), (40,), (10,)]
    assert [row.parameters for row in table] == [0, 2600, 0, 410]
    assert table.parameters == 3010 == sum(p.size for p in network.params.values())
    assert "Affine(64, 40)" in repr(table) and "2,600" in repr(table)  # more in test_summary.py
    assert repr(make(64, 40, 10).summary(64)) == repr(make(64, 40, 10).summary((64,)))


@pytest.mark.parametrize("call", ["forward", "predict"])
def test_a_wrong_width_names_the_layer(call):
    rng = np.random.default_rng(0)
    network = Sequential(Affine(64, 40, rng=rng), ReLU(), Affine(50, 10, rng=rng))
    with pytest.raises(ValueError, match=r"layer 2: Affine\(50, 10\) takes x of shape \(N, 50\), got \(N, 40\)"):
        getattr(network, call)(np.ones((3, 64)))
    with pytest.raises(ValueError, match=r"layer 0: Affine\(64, 40\) .* got \(N, 1, 8, 8\): put Flatten\(\) before"):
        getattr(network, call)(np.ones((3, 1, 8, 8)))
    with pytest.raises(ValueError, match=r"layer 0: .* got \(N,\): one sample is x\[None, :\]"):
        getattr(network, call)(np.ones(64))
    with pytest.raises(ValueError, match=r"layer 2: Affine\(50, 10\)"):
        network.summary((64,))


def test_images_as_wide_as_the_layer_do_not_slip_through():
    """x @ W would take (N, 1, 8, 8) for W (8, 3) without a word."""
    with pytest.raises(ValueError, match=r"takes x of shape \(N, 8\), got \(N, 1, 8, 8\)"):
        make(8, 3).forward(np.ones((2, 1, 8, 8)))


def test_what_is_no_layer():
    with pytest.raises(TypeError, match=r"Sequential takes layers.*got <class .*ReLU"):
        Sequential(ReLU)
    with pytest.raises(TypeError, match=r"Sequential takes layers.*got \[ReLU\(\)\]"):
        Sequential([ReLU()])
    with pytest.raises(TypeError, match=r"Sequential takes layers.*got <function relu"):
        Sequential(ReLU(), relu)
    with pytest.raises(TypeError, match=r"Sequential takes layers.*got Sequential\(ReLU\(\)\)"):
        Sequential(Sequential(ReLU()))
    twice = ReLU()
    with pytest.raises(ValueError, match=r"the same layer object appears twice"):
        Sequential(twice, twice)


def test_astype():
    network, loss = make(4, 5, 3).astype(np.float32), SoftmaxCrossEntropy()
    assert {p.dtype for p in network.params.values()} == {np.dtype(np.float32)}
    u = network.forward(np.ones((2, 4), np.float32), training=True)
    loss.forward(u, np.array([0, 1]))
    dx = network.backward(loss.backward())
    SGD().update(network.params, network.grads)
    arrays = [u, dx, *network.params.values(), *network.grads.values()]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}
    assert network.astype(np.float64).forward(np.ones((2, 4))).dtype == np.float64


@pytest.mark.parametrize("name", ["net.npz", "net", "net.v2"])
def test_save_and_load(tmp_path, name):
    network, other = make(4, 5, 3, seed=1), make(4, 5, 3, seed=2)
    network.save(tmp_path / name)
    owner = other[0].W
    assert other.load(tmp_path / name) is other
    assert other[0].W is owner  # filled, not replaced: whoever holds the array sees the new values
    for key, array in network.params.items():
        np.testing.assert_array_equal(other.params[key], array)
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_array_equal(network.forward(x), other.forward(x))


def test_load_says_what_differs_and_changes_nothing(tmp_path):
    make(4, 5, 3).save(tmp_path / "net.npz")
    for network, message in [
        (make(4, 6, 3), r"W1 has shape \(4, 6\) here, \(4, 5\) in the file; W2 has shape \(6, 3\) here, \(5, 3\)"),
        (make(4, 5, 3, 2), "W3 is missing in the file; b3 is missing in the file"),
        (make(4, 5), "W2 is not in the network; b2 is not in the network"),
    ]:
        before = {name: array.copy() for name, array in network.params.items()}
        with pytest.raises(ValueError, match=message):
            network.load(tmp_path / "net.npz")
        for name, array in network.params.items():
            np.testing.assert_array_equal(array, before[name])


def test_load_of_another_file(tmp_path):
    (tmp_path / "notes.npz").write_text("hello")
    with pytest.raises(ValueError, match=r"notes\.npz is damaged, or not a file that save wrote"):
        make(4, 5).load(tmp_path / "notes.npz")
    with pytest.raises(FileNotFoundError, match="nothing.npz"):
        make(4, 5).load(tmp_path / "nothing")


def test_whole_numbers_do_not_overflow():
    """Four pixels of 200 add up to 800, which no byte holds; a margin of −∞ neither."""
    pixels = np.full((1, 1, 2, 2), 200, np.uint8)
    assert Sequential(AveragePooling(2)).forward(pixels).item() == 200
    np.testing.assert_array_equal(Sequential(MaxPooling(2, padding=1)).forward(-pixels.astype(np.int16)), -200)
    assert Sequential(Sigmoid()).forward(np.array([[False]])).dtype == np.float64


def test_load_runs_no_pickle(tmp_path):
    np.savez(tmp_path / "evil.npz", W1=np.array([print], dtype=object))
    with pytest.raises(ValueError, match=r"allow_pickle=False"):
        make(4, 5).load(tmp_path / "evil.npz")
