"""losses.py: the objects agree with the plain functions, and their gradient with central differences."""

import numpy as np
import pytest

from common import functions as fn
from common.gradient_check import numerical_gradient, relative_error
from common.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError

CASES = {
    "squared error": (SquaredError, fn.squared_error, fn.identity, (5, 3)),
    "squared error, one sample": (SquaredError, fn.squared_error, fn.identity, (1, 1)),
    "binary": (SigmoidCrossEntropy, fn.sigmoid_cross_entropy, fn.sigmoid, (5, 1)),
    "binary, several columns": (SigmoidCrossEntropy, fn.sigmoid_cross_entropy, fn.sigmoid, (5, 3)),
    "multi-class": (SoftmaxCrossEntropy, fn.softmax_cross_entropy, fn.softmax, (5, 4)),
    "multi-class, one sample of two": (SoftmaxCrossEntropy, fn.softmax_cross_entropy, fn.softmax, (1, 2)),
}


def data(case, seed=0):
    """u and a target that suits every loss: each row positive with sum 1, or a probability if there is one column."""
    shape = CASES[case][3]
    rng = np.random.default_rng(seed)
    return rng.normal(scale=2, size=shape), rng.random(shape) if shape[1] == 1 else fn.softmax(rng.normal(size=shape))


@pytest.mark.parametrize("case", CASES)
def test_value_gradient_and_arguments(case):
    Loss, function, output, _ = CASES[case]
    u, d = data(case)
    kept = u.copy(), d.copy()
    loss = Loss()
    assert loss.forward(u, d) == pytest.approx(function(u, d), rel=1e-14)
    gradient = loss.backward()
    assert relative_error(gradient, numerical_gradient(lambda v: Loss().forward(v, d), u)) < 1e-7
    np.testing.assert_allclose(gradient, fn.d_loss(output(u), d), rtol=1e-12)
    np.testing.assert_array_equal(loss.output(u), output(u))
    gradient *= 0  # whoever changes the gradient must not reach u or d
    np.testing.assert_array_equal(u, kept[0])
    np.testing.assert_array_equal(d, kept[1])


@pytest.mark.parametrize("case", CASES)
def test_dtype_is_kept(case):
    u, d = data(case)
    loss = CASES[case][0]()
    assert loss.forward(u.astype(np.float32), d).dtype == np.float32
    assert loss.backward().dtype == np.float32
    assert loss.output(u.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("case", CASES)
def test_the_batch_is_averaged(case):
    """Twice the same batch: the same loss, half the gradient for each sample."""
    u, d = data(case)
    once, twice = CASES[case][0](), CASES[case][0]()
    assert once.forward(u, d) == pytest.approx(twice.forward(np.vstack([u, u]), np.vstack([d, d])))
    np.testing.assert_allclose(twice.backward()[: len(u)], once.backward() / 2)


def test_labels_and_one_hot_are_the_same():
    u = np.random.default_rng(0).normal(size=(3, 4))
    labels, one_hot = np.array([3, 0, 1], np.uint8), np.eye(4)[[3, 0, 1]]
    a, b = SoftmaxCrossEntropy(), SoftmaxCrossEntropy()
    assert a.forward(u, labels) == b.forward(u, one_hot)
    np.testing.assert_array_equal(a.backward(), b.backward())


def test_exact_where_probabilities_saturate():
    for loss, u, d, true in [
        (SoftmaxCrossEntropy(), [[1000.0, 0.0]], [1], 1000),
        (SoftmaxCrossEntropy(), [[1000.0, 0.0]], [0], 0),
        (SigmoidCrossEntropy(), [[1000.0]], [[0]], 1000),
        (SigmoidCrossEntropy(), [[-1000.0]], [[0]], 0),
    ]:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert loss.forward(np.array(u), np.array(d)) == true
            assert np.isfinite(loss.backward()).all()
    tail = SigmoidCrossEntropy().forward(np.array([[40.0]]), np.array([[1]]))
    assert tail == pytest.approx(np.exp(-40.0), rel=1e-12, abs=0)  # small, and right to the last digits


def test_accuracy():
    u = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 2.0], [5.0, 9.0, 8.0]])
    assert SoftmaxCrossEntropy().accuracy(u, np.array([0, 2, 2])) == pytest.approx(2 / 3)
    assert SoftmaxCrossEntropy().accuracy(u, np.eye(3)[[0, 2, 1]]) == 1
    assert (
        SigmoidCrossEntropy().accuracy(np.array([[-0.1], [0.1], [3.0], [-2.0]]), np.array([[0], [0], [1], [0]])) == 0.75
    )
    assert SquaredError().accuracy(u, u) is None


@pytest.mark.parametrize(
    ("loss", "u", "d", "error", "message"),
    [
        (SquaredError(), np.ones((4, 1)), np.ones(4), ValueError, r"got \(4, 1\) and \(4,\): write d\[:, None\]"),
        (SigmoidCrossEntropy(), np.ones((4, 1)), np.ones(4), ValueError, r"got \(4, 1\) and \(4,\)"),
        (SigmoidCrossEntropy(), np.ones((4, 1)), np.full((4, 1), 7), ValueError, "between 0 and 1, got 7 to 7"),
        (SoftmaxCrossEntropy(), np.ones((4, 1)), np.zeros(4, int), ValueError, r"got \(4, 1\): for one column"),
        (SoftmaxCrossEntropy(), np.ones((4, 2)), np.zeros(4), TypeError, "got float64"),
        (SoftmaxCrossEntropy(), np.ones((4, 2)), np.full(4, 2), ValueError, "got 2 to 2"),
        (SoftmaxCrossEntropy(), np.ones((4, 2)), np.full((4, 2), np.nan), ValueError, "target has 8 of 8 values"),
        (SoftmaxCrossEntropy(), np.full((4, 2), np.nan), np.zeros(4, int), FloatingPointError, "output has 8 of 8"),
        (SquaredError(), np.ones((2, 1)), np.full((2, 1), np.nan), ValueError, "target has 2 of 2 values"),
        (SquaredError(), np.ones((0, 1)), np.ones((0, 1)), ValueError, r"empty batch: the output has shape \(0, 1\)"),
    ],
)
def test_errors(loss, u, d, error, message):
    with pytest.raises(error, match=message):
        loss.forward(u, d)
