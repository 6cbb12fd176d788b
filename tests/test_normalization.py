"""normalization.py: batch norm by hand and against central differences, in both modes, for any layout of memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.gradient_check import check_layer, check_network
from common.layers import Affine, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.normalization import BatchNorm

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


def rng(seed=0):
    return np.random.default_rng(seed)


def batch_norm(n, training=True, seed=5, **options):
    """A layer in which every number is different, as after some training."""
    layer, r = BatchNorm(n, **options), rng(seed)
    layer.gamma, layer.beta = r.normal(1, 0.5, n), r.normal(size=n)
    layer.running_mean, layer.running_var = r.normal(size=n), r.uniform(0.5, 2, n)
    layer.training = training
    return layer


def batch_innermost(x):
    """The same numbers in the order C, H, W, N of memory."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "shape", [(5, 4), (3, 4), (9, 1), (2, 3, 4, 5), (1, 3, 2, 2), (4, 2, 1, 1), (2, 3, 7)], ids=str
)
def test_batch_norm_gradients_arguments_and_dtype(shape, training):
    errors = check_layer(batch_norm(shape[1], training), rng(1).normal(2, 3, size=shape), rng=rng(2))
    assert set(errors) == {"dx", "dgamma", "dbeta"}
    assert max(errors.values()) < 1e-7, errors


@repeatable
@given(st.integers(3, 6), st.integers(1, 4), st.integers(0, 99))
def test_batch_norm_of_any_size(N, D, seed):
    assert max(check_layer(batch_norm(D), rng(seed).normal(3, 2, (N, D)), rng=rng(seed + 1)).values()) < 1e-7


def test_batch_norm_by_hand():
    layer = BatchNorm(2, eps=0)
    layer.gamma, layer.beta = np.array([1.0, 10.0]), np.array([0.0, 5.0])
    np.testing.assert_allclose(layer.forward(np.array([[1.0, 0.0], [3.0, 4.0]])), [[-1, -5], [1, 15]])  # σ = 1 and 2
    dx = layer.backward(np.array([[1.0, 1.0], [1.0, 0.0]]))
    np.testing.assert_allclose(layer.dbeta, [2, 1])
    np.testing.assert_allclose(layer.dgamma, [0, -1])
    np.testing.assert_allclose(dx, np.zeros((2, 2)), atol=1e-12)  # two samples are always −1 and 1


def test_it_standardises_every_feature_over_the_batch():
    y = BatchNorm(3).forward(rng().normal([1, 10, -100], [0.1, 1, 30], (500, 3)))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-3)  # biased; ε takes a little away from the first


def test_epsilon_is_added_to_the_variance():
    x = np.array([[1.0], [-1.0]]) * 1e-3  # σ² = 1e-6
    np.testing.assert_allclose(BatchNorm(1, eps=3e-6).forward(x), [[0.5], [-0.5]])
    np.testing.assert_allclose(BatchNorm(1).forward(x)[0], 1 / np.sqrt(11))  # the default is 1e-5
    np.testing.assert_array_equal(BatchNorm(1).forward(np.full((4, 1), 7.0)), 0)  # a constant: no division by 0


def test_images_have_one_mean_and_variance_per_channel():
    x = rng().normal(3, 2, size=(4, 3, 5, 6))
    layer, flat = batch_norm(3), batch_norm(3)
    y, rows = layer.forward(x), flat.forward(x.transpose(0, 2, 3, 1).reshape(-1, 3))
    np.testing.assert_allclose(y.transpose(0, 2, 3, 1).reshape(-1, 3), rows)
    for name in ("running_mean", "running_var"):
        np.testing.assert_allclose(getattr(layer, name), getattr(flat, name))


@pytest.mark.parametrize("training", [True, False])
def test_the_order_of_memory_is_kept_and_changes_nothing(training):
    x, dout = (rng(seed).normal(size=(2, 3, 4, 5)) for seed in (1, 2))
    inner = batch_innermost(x)
    a, b = batch_norm(3, training), batch_norm(3, training)
    y, same = a.forward(x), b.forward(inner)
    np.testing.assert_allclose(same, y, rtol=1e-12)
    dx, also = a.backward(dout), b.backward(batch_innermost(dout))
    np.testing.assert_allclose(also, dx, rtol=1e-10, atol=1e-12)
    assert y.strides == dx.strides == x.strides
    assert same.strides == also.strides == inner.strides


def test_running_statistics_start_at_0_and_1_and_follow_the_batches():
    layer = BatchNorm(1, momentum=0.9)
    np.testing.assert_array_equal([layer.running_mean, layer.running_var], [[0], [1]])
    layer.forward(np.array([[1.0], [3.0]]))  # mean 2, variance 1 (biased), 2 (unbiased)
    np.testing.assert_allclose([layer.running_mean, layer.running_var], [[0.2], [1.1]])
    layer.forward(np.array([[1.0], [3.0]]))
    np.testing.assert_allclose([layer.running_mean, layer.running_var], [[0.38], [1.19]])
    images = BatchNorm(1, momentum=0.5)
    images.forward(np.array([1.0, 3.0, 1.0, 3.0]).reshape(1, 1, 2, 2))  # four numbers: unbiased 4/3
    np.testing.assert_allclose([images.running_mean, images.running_var], [[1], [0.5 + 0.5 * 4 / 3]])


def test_inference_after_one_step_has_the_right_scale():
    """From a running variance of 0 the output would have a standard deviation of √10 = 3.16."""
    x, layer = rng().normal(size=(1000, 1)), BatchNorm(1, momentum=0.9)
    layer.forward(x)
    layer.training = False
    assert layer.forward(x).std() == pytest.approx(1, abs=0.05)


def test_inference_uses_the_running_statistics_and_leaves_them_alone():
    layer = batch_norm(2, training=False)
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    x = rng().normal(size=(1, 2))  # one sample will do
    expected = layer.gamma * (x - mean) / np.sqrt(var + layer.eps) + layer.beta
    np.testing.assert_allclose(layer.forward(x), expected)
    np.testing.assert_array_equal(layer.running_mean, mean)
    np.testing.assert_array_equal(layer.running_var, var)
    assert layer.forward(x[:0]).shape == (0, 2)


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
def test_a_batch_of_one_cannot_be_normalised(shape):
    layer = BatchNorm(3)
    with pytest.raises(ValueError, match=r"BatchNorm\(3\) cannot train on one number per feature: .* no batch of one"):
        layer.forward(np.ones(shape))
    np.testing.assert_array_equal(layer.running_var, np.ones(3))


def test_what_does_not_fit():
    for shape, text in [((4,), r"\(N, 4\)"), ((), r"\(N,\)"), ((1, 3, 3), r"\(N, 1, 3, 3\)")]:
        with pytest.raises(ValueError, match=rf"BatchNorm\(3\) takes x of shape \(N, 3, …\), got {text}"):
            BatchNorm(3).output_shape(shape)
    assert BatchNorm(3).output_shape((3, 8, 8)) == (3, 8, 8) and BatchNorm(3).output_shape((3,)) == (3,)


# --- in a network -------------------------------------------------------------------------------------------------


def network(seed=0):
    r = rng(seed)
    return Sequential(Affine(4, 6, rng=r), BatchNorm(6), ReLU(), Affine(6, 3, rng=r))


def test_gamma_and_beta_are_parameters_of_the_network():
    net, x, d = network(), rng(1).normal(size=(8, 4)), np.arange(8) % 3
    assert list(net.params) == ["W1", "b1", "gamma2", "beta2", "W3", "b3"]
    errors = check_network(net, SoftmaxCrossEntropy(), x, d)
    assert max(errors.values()) < 1e-7, errors


def test_a_bias_before_it_has_no_gradient():
    net, loss = network(), SoftmaxCrossEntropy()
    loss.forward(net.forward(rng(1).normal(size=(8, 4)), training=True), np.arange(8) % 3)
    net.backward(loss.backward())
    np.testing.assert_allclose(net.grads["b1"], 0, atol=1e-15)


def test_running_statistics_are_saved_loaded_and_converted(tmp_path):
    net, other, x = network(1), network(2), rng(3).normal(2, 3, (50, 4))
    net.forward(x, training=True)
    assert list(net.state) == [*net.params, "running_mean2", "running_var2"]
    assert "running_var2" not in net.params
    net.save(tmp_path / "net.npz")
    np.testing.assert_array_equal(other.load(tmp_path / "net.npz").forward(x), net.forward(x))
    assert net.astype(np.float32).forward(x.astype(np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="beta2 is not in the network; gamma2 is not .*; running_mean2 is not"):
        r = rng()
        Sequential(Affine(4, 6, rng=r), ReLU(), Affine(6, 3, rng=r)).load(tmp_path / "net.npz")
