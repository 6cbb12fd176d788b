"""gradient_check.py: right for what is right, and red for what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from common.functions import softmax
from common.gradient_check import adjoint_error, check_layer, check_network, numerical_gradient, relative_error
from common.layers import Affine, Layer, ReLU, Sigmoid
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


def rng(seed=0):
    return np.random.default_rng(seed)


x = rng(1).normal(size=(5, 4))


# --- numerical_gradient -------------------------------------------------------------------------------------------


@repeatable
@given(arrays(float, array_shapes(min_dims=0, max_dims=4, max_side=3), elements=st.floats(-3, 3)))
def test_any_shape(a):
    kept = a.copy()
    gradient = numerical_gradient(lambda v: np.sum(v**3), a)
    assert gradient.shape == a.shape
    np.testing.assert_allclose(gradient, 3 * kept**2, rtol=1e-7, atol=1e-7)
    np.testing.assert_array_equal(a, kept)


def test_elements_that_interact():
    assert relative_error(numerical_gradient(lambda v: np.sin(v).prod(), x), np.sin(x).prod() / np.tan(x)) < 1e-7


def test_parameters_are_nudged_where_they_live():
    layer, dout = Affine(4, 3, rng=rng()), rng(2).normal(size=(5, 3))
    gradient = numerical_gradient(lambda _: np.sum(layer.forward(x) * dout), layer.W)
    np.testing.assert_allclose(gradient, x.T @ dout, atol=1e-8)


def test_the_step_is_central():
    """(f(x+h) − f(x−h))/2h of x³ is 3x² + h² exactly: the forward difference would give 3x² + 3xh + h²."""
    assert numerical_gradient(lambda v: v[0] ** 3, np.array([2.0]), h=0.1)[0] == pytest.approx(12.01, rel=1e-12)


@pytest.mark.parametrize("bad", [np.array([1, 2]), [[1, 2]], np.ones(2, np.float32)])
def test_other_dtypes_are_refused(bad):
    with pytest.raises(TypeError, match=r"needs float64, got (int64|int32|float32): write x.astype\(float\)"):
        numerical_gradient(np.sum, bad)


def test_x_is_restored_after_an_error():
    a = np.ones(3)
    with pytest.raises(ZeroDivisionError):
        numerical_gradient(lambda v: 1 / 0, a)
    np.testing.assert_array_equal(a, np.ones(3))


# --- relative_error -----------------------------------------------------------------------------------------------


def test_relative_error():
    assert relative_error([3.0, 4.0], [3.0, 4.0]) == 0
    assert relative_error([1.0, 0.0], [-1.0, 0.0]) == 1
    assert relative_error([2.0], [1.0]) == pytest.approx(1 / 3)  # a factor of 2
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error([1e-12], [0.0]) == 1
    assert relative_error([1e-12], [0.0], floor=1e-3) == pytest.approx(1e-9)
    assert np.isnan(relative_error([np.nan], [1.0]))  # and nan < 1e-7 is False
    assert isinstance(relative_error([1.0], [2.0]), float)
    with pytest.raises(ValueError, match=r"cannot compare shapes \(2, 1\) and \(2,\)"):
        relative_error(np.ones((2, 1)), np.ones(2))


# --- check_layer: it must see what is wrong ------------------------------------------------------------------------


class WrongFactor(ReLU):
    def backward(self, dout):
        return 1.001 * super().backward(dout)


class SigmoidBackward(ReLU):
    """ReLU forward with sigmoid backward: the bug in circulation."""

    def backward(self, dout):
        return dout * 0.25


class MeanBias(Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = dout.mean(axis=0)
        return dx


class NoSoftmax(Layer):
    """Backward set to 0: a check that sums the outputs (always 1) cannot see it."""

    def forward(self, u):
        return softmax(u)

    def backward(self, dout):
        return 0 * dout


class Softmax(Layer):
    def forward(self, u):
        self.y = softmax(u)
        return self.y

    def backward(self, dout):
        return self.y * (dout - np.sum(dout * self.y, axis=-1, keepdims=True))


class Noisy(Layer):
    """Draws in forward, as dropout does: it must draw the same in every evaluation."""

    def __init__(self):
        self.rng = rng(3)

    def forward(self, u):
        self.mask = self.rng.random(u.shape) < 0.5
        return u * self.mask

    def backward(self, dout):
        return dout * self.mask


class Centred(Affine):
    """Subtracts the batch mean, as batch norm does: the gradient of b is 0, the numerical one rounding noise."""

    def forward(self, x):
        u = super().forward(x)
        return u - u.mean(axis=0)

    def backward(self, dout):
        return super().backward(dout - dout.mean(axis=0))


class NoParameterGradient(Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = np.zeros_like(self.W)
        return dx


@pytest.mark.parametrize(
    "layer", [ReLU(), Softmax(), Noisy(), Affine(4, 3, rng=rng()), Centred(4, 3, rng=rng())], ids=repr
)
def test_right_layers_pass(layer):
    assert max(check_layer(layer, x, rng=rng(5)).values()) < 1e-7


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (WrongFactor(), "dx"),
        (SigmoidBackward(), "dx"),
        (NoSoftmax(), "dx"),
        (MeanBias(4, 3, rng=rng()), "db"),
        (NoParameterGradient(4, 3, rng=rng()), "dW"),
    ],
    ids=repr,
)
def test_wrong_layers_are_seen_and_named(layer, name):
    errors = check_layer(layer, x, rng=rng(5))
    assert errors[name] > 1e-4
    assert all(error < 1e-7 for other, error in errors.items() if other != name)


class WritesIntoDout(ReLU):
    def backward(self, dout):
        dout *= self.positive
        return dout


class WritesIntoInput(ReLU):
    def forward(self, u):
        self.positive = u > 0
        u *= self.positive
        return u


class Doubles(ReLU):
    """Always float64."""

    def backward(self, dout):
        return super().backward(dout).astype(float)


class DoublesForward(Sigmoid):
    def forward(self, u):
        self.z = 1 / (1 + np.exp(-u.astype(float)))
        return self.z


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (WritesIntoDout(), r"WritesIntoDout\(\).backward writes into dout"),
        (WritesIntoInput(), r"WritesIntoInput\(\) writes into its input x"),
        (Doubles(), "dx is float64 for float32 input"),
        (DoublesForward(), "output is float64 for float32 input"),
    ],
)
def test_bad_manners_are_reported(layer, message):
    with pytest.raises(AssertionError, match=message):
        check_layer(layer, x, rng=rng(5))


def test_the_layer_and_x_are_left_alone():
    layer, a = Affine(4, 3, rng=rng()), x.copy()
    W = layer.W.copy()
    check_layer(layer, a, rng=rng(5))
    np.testing.assert_array_equal(layer.W, W)
    np.testing.assert_array_equal(a, x)
    assert layer.W.dtype == np.float64 and not hasattr(layer, "dW")


# --- check_network ------------------------------------------------------------------------------------------------


def test_check_network_names_the_wrong_parameter():
    r = rng()
    d = np.array([0, 1, 2, 0, 1])
    right = Sequential(Affine(4, 6, rng=r), Sigmoid(), Affine(6, 3, rng=r))
    assert max(check_network(right, SoftmaxCrossEntropy(), x, d).values()) < 1e-7
    wrong = Sequential(Affine(4, 6, rng=r), Sigmoid(), MeanBias(6, 3, rng=r))
    errors = check_network(wrong, SoftmaxCrossEntropy(), x, d)
    assert errors["b2"] > 0.1 and max(errors[name] for name in ("W1", "b1", "W2")) < 1e-7


# --- adjoint_error ------------------------------------------------------------------------------------------------


def test_adjoint():
    A, y = rng(2).normal(size=(4, 7)), rng(3).normal(size=(5, 7))
    assert adjoint_error(lambda v: v @ A, lambda w: w @ A.T, x, y) < 1e-14
    assert adjoint_error(lambda v: v @ A, lambda w: 1.01 * w @ A.T, x, y) > 1e-4
    assert adjoint_error(lambda v: 0 * v, lambda w: 0 * w, x, x) == 0
    with pytest.raises(ValueError, match=r"A x has shape \(5, 7\), y \(5, 4\)"):
        adjoint_error(lambda v: v @ A, lambda w: w, x, x)
