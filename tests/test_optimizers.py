"""optimizers.py: one formula each, applied in place, with its own memory for every parameter."""

import numpy as np
import pytest

from common.optimizers import SGD, Optimizer


def test_sgd_by_hand_and_in_place():
    w = np.array([1.0, -2.0])
    params = {"W1": w}
    SGD(lr=0.1).update(params, {"W1": np.array([10.0, 5.0])})
    np.testing.assert_allclose(w, [0, -2.5])
    assert params["W1"] is w


def test_sgd_on_a_parabola_in_closed_form():
    """E = ½ c w²: w is multiplied by 1 − lr·c in every step."""
    w = np.array([1.0, 1.0])
    c = np.array([1.0, 12.0])
    sgd = SGD(lr=0.13)
    for _ in range(25):
        sgd.update({"w": w}, {"w": c * w})
    np.testing.assert_allclose(w, (1 - 0.13 * c) ** 25)
    assert sgd.t == 25


def test_defaults_gradients_untouched_and_dtype():
    assert SGD().lr == 0.01
    w, g = np.ones((2, 3), np.float32), np.ones((2, 3), np.float32)
    SGD(0.5).update({"w": w}, {"w": g})
    assert w.dtype == np.float32
    np.testing.assert_array_equal(w, np.full((2, 3), 0.5))
    np.testing.assert_array_equal(g, np.ones((2, 3)))


def test_memory_is_kept_per_parameter():
    class Sum(Optimizer):
        memory = ("total",)

        def step(self, w, g, s):
            s.total = s.total + g
            w -= self.lr * s.total

    params = {"a": np.zeros(2), "b": np.zeros(3, np.float32)}
    optimizer = Sum(lr=1)
    for _ in range(2):
        optimizer.update(params, {"a": np.ones(2), "b": np.full(3, 10, np.float32)})
    np.testing.assert_array_equal(params["a"], [-3, -3])
    np.testing.assert_array_equal(params["b"], [-30, -30, -30])
    assert optimizer.state["b"].total.dtype == np.float32


def test_errors():
    with pytest.raises(ValueError, match=r"W1 has shape \(2, 3\), its gradient \(3,\)"):
        SGD().update({"W1": np.ones((2, 3))}, {"W1": np.ones(3)})
    with pytest.raises(KeyError, match="b1"):
        SGD().update({"b1": np.ones(3)}, {})
    with pytest.raises(NotImplementedError, match=r"Mine\.step"):
        type("Mine", (Optimizer,), {})().update({"w": np.ones(1)}, {"w": np.ones(1)})
