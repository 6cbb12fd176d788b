"""layers.py: every backward against central differences, arguments untouched, dtype kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.functions import d_relu, d_sigmoid, d_tanh
from common.gradient_check import check_layer
from common.initializers import constant
from common.layers import Affine, Dropout, Flatten, Layer, ReLU, Sigmoid, Tanh

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


def rng(seed=0):
    return np.random.default_rng(seed)


CASES = {
    "affine": (lambda: Affine(4, 3, rng=rng()), (5, 4)),
    "affine, one sample": (lambda: Affine(4, 3, rng=rng()), (1, 4)),
    "affine to one unit": (lambda: Affine(3, 1, rng=rng()), (6, 3)),
    "relu": (ReLU, (5, 4)),
    "relu of images": (ReLU, (2, 3, 4, 5)),
    "sigmoid": (Sigmoid, (5, 4)),
    "tanh": (Tanh, (5, 4)),
    "dropout": (lambda: Dropout(0.3, rng=rng()), (5, 4)),
    "dropout of images": (lambda: Dropout(0.6, rng=rng()), (2, 3, 4, 5)),
    "dropout of nothing": (lambda: Dropout(0, rng=rng()), (5, 4)),
    "flatten": (Flatten, (3, 2, 4, 5)),
    "flatten of what is flat": (Flatten, (3, 4)),
}


@pytest.mark.parametrize("case", CASES)
def test_gradients_arguments_and_dtype(case):
    make, shape = CASES[case]
    errors = check_layer(make(), rng(1).normal(size=shape), rng=rng(2))
    assert set(errors) == {"dx", *("d" + name for name in make().parameters)}
    assert max(errors.values()) < 1e-7, errors


@repeatable
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))
def test_affine_of_any_size(N, n_in, n_out, seed):
    layer = Affine(n_in, n_out, constant(1.0), rng=rng(seed))
    layer.b = rng(seed + 1).normal(size=n_out)
    assert max(check_layer(layer, rng(seed + 2).normal(size=(N, n_in)), rng=rng(seed + 3)).values()) < 1e-7
    assert layer.output_shape((n_in,)) == (n_out,)


def test_affine_by_hand():
    layer = Affine(2, 3, rng=rng())
    layer.W, layer.b = np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([10.0, 20, 30])
    np.testing.assert_array_equal(layer.forward(np.array([[1.0, 1], [0, 2]])), [[15, 27, 39], [18, 30, 42]])
    dx = layer.backward(np.array([[1.0, 0, 0], [0, 1, -1]]))
    np.testing.assert_array_equal(dx, [[1, 4], [-1, -1]])
    np.testing.assert_array_equal(layer.dW, [[1, 0, 0], [1, 2, -2]])
    np.testing.assert_array_equal(layer.db, [1, 1, -1])


def test_affine_start():
    a, b = (Affine(4, 3, constant(0.1), rng=rng(7)) for _ in range(2))
    np.testing.assert_array_equal(a.W, b.W)
    np.testing.assert_allclose(a.W, 0.1 * rng(7).standard_normal((4, 3)))
    np.testing.assert_array_equal(a.b, np.zeros(3))
    small = Affine(4, 3, constant(0.1), rng=rng(7), dtype=np.float32)  # float32 starts from the same draw
    assert small.W.dtype == small.b.dtype == np.float32
    np.testing.assert_array_equal(small.W, a.W.astype(np.float32))


def test_the_generator_is_required():
    with pytest.raises(TypeError, match="rng"):
        Affine(4, 3)
    with pytest.raises(TypeError, match="rng"):
        Dropout(0.5)


@pytest.mark.parametrize(("layer", "derivative"), [(ReLU(), d_relu), (Sigmoid(), d_sigmoid), (Tanh(), d_tanh)])
def test_activations_agree_with_functions(layer, derivative):
    u, dout = rng(3).normal(scale=4, size=(2, 3, 5)), rng(4).normal(size=(2, 3, 5))
    layer.forward(u)
    np.testing.assert_allclose(layer.backward(dout), dout * derivative(u), rtol=1e-12)


def test_relu_at_zero():
    relu = ReLU()
    np.testing.assert_array_equal(relu.forward(np.array([[-1.0, 0.0, 2.0]])), [[0, 0, 2]])
    np.testing.assert_array_equal(relu.backward(np.array([[5.0, 6.0, 7.0]])), [[0, 0, 7]])


@repeatable
@given(st.floats(0, 0.95), st.integers(0, 99))
def test_dropout_sets_to_zero_or_scales_up(rate, seed):
    x = rng(seed + 1).normal(size=(6, 7)) + 10
    dropout = Dropout(rate, rng=rng(seed))
    z = dropout.forward(x)
    kept = z != 0
    np.testing.assert_allclose(z[kept], x[kept] / (1 - rate))
    dout = rng(seed + 2).normal(size=x.shape)
    np.testing.assert_allclose(dropout.backward(dout), np.where(kept, dout / (1 - rate), 0))


def test_dropout_keeps_the_expected_value_and_drops_the_share_that_was_asked_for():
    z = Dropout(0.2, rng=rng()).forward(np.ones((1000, 100)))
    assert np.mean(z == 0) == pytest.approx(0.2, abs=0.01)  # its standard deviation is .0013
    assert z.mean() == pytest.approx(1, abs=0.01)


def test_dropout_draws_anew_for_every_sample_and_every_batch():
    dropout = Dropout(0.5, rng=rng())
    first, second = (dropout.forward(np.ones((20, 30))) for _ in range(2))
    assert not np.array_equal(first, second)
    assert len({row.tobytes() for row in first}) == 20
    again = Dropout(0.5, rng=rng()).forward(np.ones((20, 30)))
    np.testing.assert_array_equal(again, first)


def test_dropout_does_nothing_in_inference():
    dropout = Dropout(0.5, rng=rng())
    dropout.training = False
    x, dout = rng(1).normal(size=(4, 5)), rng(2).normal(size=(4, 5))
    np.testing.assert_array_equal(dropout.forward(x), x)
    np.testing.assert_array_equal(dropout.backward(dout), dout)
    assert max(check_layer(dropout, x, rng=rng(3)).values()) < 1e-7
    assert dropout.rng.random() == rng().random()  # and draws nothing


def test_dropout_keeps_the_order_of_memory_and_draws_the_same_in_any():
    x = rng(1).normal(size=(2, 3, 4, 5))
    inner = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)  # batch innermost
    z, same = Dropout(0.5, rng=rng()).forward(x), (dropout := Dropout(0.5, rng=rng())).forward(inner)
    np.testing.assert_array_equal(same, z)
    assert same.strides == inner.strides and dropout.backward(inner).strides == inner.strides


def test_dropout_of_integers_is_not_rounded():
    assert set(np.unique(Dropout(0.2, rng=rng()).forward(np.full((9, 9), 3)))) == {0, 3.75}


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan")])
def test_dropout_of_more_than_there_is(rate):
    with pytest.raises(ValueError, match=r"rate is the share that is dropped, from 0 to below 1, got "):
        Dropout(rate, rng=rng())


@repeatable
@given(st.integers(0, 4), st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_flatten_there_and_back(N, shape):
    x = np.arange(N * np.prod(shape), dtype=float).reshape(N, *shape)
    flatten = Flatten()
    z = flatten.forward(x)
    assert z.shape == (N, np.prod(shape)) == (N, *flatten.output_shape(tuple(shape)))
    np.testing.assert_array_equal(flatten.backward(z), x)


def test_affine_refuses_what_does_not_fit():
    layer = Affine(64, 10, rng=rng())
    with pytest.raises(ValueError, match=r"Affine\(64, 10\) takes x of shape \(N, 64\), got \(N, 40\)$"):
        layer.output_shape((40,))
    with pytest.raises(ValueError, match=r"got \(N, 1, 8, 8\): put Flatten\(\) before it"):
        layer.output_shape((1, 8, 8))
    with pytest.raises(ValueError, match=r"got \(N,\): one sample is x\[None, :\]"):
        layer.output_shape(())


def test_what_is_still_to_be_written_says_so():
    class Half(Layer):
        pass

    with pytest.raises(NotImplementedError, match=r"Half\.forward"):
        Half().forward(np.ones((1, 2)))
    with pytest.raises(NotImplementedError, match=r"Half\.backward"):
        Half().backward(np.ones((1, 2)))
    assert repr(Half()) == "Half()" and repr(Affine(2, 3, rng=rng())) == "Affine(2, 3)"
    assert repr(Dropout(0.25, rng=rng())) == "Dropout(0.25)"
