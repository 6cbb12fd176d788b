"""functions.py: values, derivatives, losses and the errors that replace NumPy's silence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from common import functions as fn
from common.gradient_check import numerical_gradient, relative_error

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)

ACTIVATIONS = ["step", "sigmoid", "tanh", "relu", "identity"]


def logits(min_side=2, high=30.0):
    shapes = st.tuples(st.integers(1, 6), st.integers(min_side, 6))
    return shapes.flatmap(lambda s: arrays(float, s, elements=st.floats(-high, high)))


# --- activations ------------------------------------------------------------------------------------------------


def test_golden_values_of_day_1():
    assert fn.relu(np.array([2, 3]) @ np.array([[0.1], [0.2]]) + 0.5) == pytest.approx(1.3)
    W = np.array([[0.1, 0.2, 0.3], [0.2, 0.3, 0.4], [0.3, 0.4, 0.5], [0.4, 0.5, 0.6]])
    u = np.array([1, 5, 2, -1]) @ W + [0.1, 0.2, 0.3]
    np.testing.assert_allclose(u, [1.4, 2.2, 3.0])
    np.testing.assert_allclose(fn.sigmoid(u), [0.80218, 0.90025, 0.95257], atol=5e-6)
    assert fn.sigmoid(10.0) == pytest.approx(0.99995, abs=5e-6)
    assert fn.d_sigmoid(10.0) == pytest.approx(4.5e-5, abs=5e-7)
    assert fn.d_sigmoid(0.0) == 0.25
    assert fn.softmax([1, 2])[1] / fn.softmax([1, 2])[0] == pytest.approx(np.e)
    assert fn.softmax([3, 0])[0] == pytest.approx(fn.sigmoid(3))


def test_three_layers_by_hand():
    W1, b1 = np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]), np.array([0.1, 0.2, 0.3])
    W2, b2 = np.array([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]), np.array([0.1, 0.2])
    W3, b3 = np.array([[0.1, 0.3], [0.2, 0.4]]), np.array([1, 2])
    u1 = np.array([1, 2]) @ W1 + b1
    u2 = fn.relu(u1) @ W2 + b2
    y = fn.identity(fn.relu(u2) @ W3 + b3)
    np.testing.assert_allclose(u1, [0.6, 1.3, 2.0])
    np.testing.assert_allclose(u2, [1.02, 2.29])
    np.testing.assert_allclose(y, [1.56, 3.222])


def test_conventions_at_zero():
    assert fn.step(0.0) == 1 and fn.step(-0.0) == 1
    np.testing.assert_array_equal(fn.step([-1, 0, 2]), [0, 1, 1])
    np.testing.assert_array_equal(fn.d_relu([-1.0, 0.0, 2.0]), [0, 0, 1])
    np.testing.assert_array_equal(fn.relu([-1.0, 0.0, 2.0]), [0, 0, 2])


def test_two_layers_of_steps_solve_xor():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    z = fn.step(x @ np.array([[1, 1], [1, 1]]) + [-0.5, -1.5])
    np.testing.assert_array_equal(fn.step(z @ [1, -1] - 0.5), [0, 1, 1, 0])


@pytest.mark.parametrize("u", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
def test_sigmoid_is_stable(u):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        z, mirrored = fn.sigmoid(np.array([u, -u]))
    assert z + mirrored == pytest.approx(1)
    if u == -40:  # the tail is right to the last digits, not 0
        assert z == pytest.approx(np.exp(-40.0), rel=1e-14, abs=0)


def test_softmax_is_stable():
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_array_equal(fn.softmax([1000.0, 0.0]), [1, 0])
        np.testing.assert_array_equal(fn.softmax([-1000.0, -1000.0]), [0.5, 0.5])
        np.testing.assert_array_equal(fn.log_softmax([1000.0, 0.0]), [0, -1000])


@repeatable
@given(logits())
def test_softmax_rows(u):
    y = fn.softmax(u)
    np.testing.assert_allclose(y.sum(axis=1), 1)
    np.testing.assert_allclose(y, fn.softmax(u + 7.0), rtol=1e-9)
    np.testing.assert_allclose(np.exp(fn.log_softmax(u)), y, rtol=1e-12)
    np.testing.assert_array_equal(y[0], fn.softmax(u[0]))  # one sample, (K,)
    np.testing.assert_array_equal(fn.log_softmax(u)[0], fn.log_softmax(u[0]))


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_are_kept(name, dtype):
    u = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)
    kept = u.copy()
    for f in (getattr(fn, name), getattr(fn, "d_" + name)):
        assert f(u).dtype == dtype and f(u).shape == u.shape
        assert np.isfinite(f(0.3))  # a number
    np.testing.assert_array_equal(u, kept)


@pytest.mark.parametrize("f", [fn.softmax, fn.log_softmax])
def test_softmax_keeps_float32(f):
    assert f(np.ones((2, 3), np.float32)).dtype == np.float32


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_matches_central_differences(name):
    u = np.random.default_rng(0).normal(scale=3, size=(4, 5))
    f, df = getattr(fn, name), getattr(fn, "d_" + name)
    dout = np.random.default_rng(1).normal(size=u.shape)
    numerical = numerical_gradient(lambda v: np.sum(f(v) * dout), u)
    assert relative_error(df(u) * dout, numerical) < 1e-7


# --- one-hot ----------------------------------------------------------------------------------------------------


@repeatable
@given(st.integers(2, 12).flatmap(lambda K: st.tuples(st.just(K), st.lists(st.integers(0, K - 1), max_size=9))))
def test_one_hot(case):
    K, labels = case
    d = fn.one_hot(np.array(labels, int), K)
    assert d.shape == (len(labels), K) and d.dtype == np.float64
    np.testing.assert_array_equal(d.sum(axis=1), 1)
    np.testing.assert_array_equal(d.argmax(axis=1), labels)


def test_one_hot_takes_bytes_and_single_labels():
    np.testing.assert_array_equal(fn.one_hot(np.array([2, 0], np.uint8), 3), [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(fn.one_hot(1, 3), [0, 1, 0])


@pytest.mark.parametrize("labels", [[0.0, 1.0], [True, False], ["1", "2"]])
def test_one_hot_refuses_labels_that_are_not_integers(labels):
    with pytest.raises(TypeError, match=r"labels must be integers, got .* of shape \(2,\): write d.astype\(int\)"):
        fn.one_hot(labels, 3)


@pytest.mark.parametrize(("labels", "seen"), [([0, 3], "0 to 3"), ([-1, 2], "-1 to 2")])
def test_one_hot_refuses_labels_out_of_range(labels, seen):
    with pytest.raises(ValueError, match=rf"between 0 and 2 \(K = 3\), got {seen}"):
        fn.one_hot(labels, 3)


# --- losses -----------------------------------------------------------------------------------------------------


def test_losses_by_hand():
    assert fn.squared_error([[1, 2], [3, 5]], [[0, 0], [3, 1]]) == (1 + 4 + 0 + 16) / 4
    assert fn.binary_cross_entropy([[0.9]], [[1]]) == pytest.approx(0.10536, abs=5e-6)
    assert fn.binary_cross_entropy([[0.9]], [[0]]) == pytest.approx(2.3026, abs=5e-5)
    y = [[0.1, 0.9], [0.5, 0.5]]
    assert fn.cross_entropy(y, [1, 0]) == pytest.approx(-(np.log(0.9) + np.log(0.5)) / 2)
    assert fn.cross_entropy(y, [[0.5, 0.5], [1, 0]]) == pytest.approx(
        -(np.log(0.1) / 2 + np.log(0.9) / 2 + np.log(0.5)) / 2
    )


def test_certain_and_right_costs_nothing():
    assert fn.cross_entropy([[0.0, 1.0]], [1]) == 0
    assert fn.binary_cross_entropy([[0.0], [1.0]], [[0], [1]]) == 0


@repeatable
@given(logits(), st.randoms())
def test_cross_entropy_from_u_equals_that_of_probabilities(u, random):
    labels = np.array([random.randrange(u.shape[1]) for _ in u])
    E = fn.softmax_cross_entropy(u, labels)
    assert pytest.approx(fn.cross_entropy(fn.softmax(u), labels), rel=1e-9, abs=1e-12) == E
    assert fn.softmax_cross_entropy(u, fn.one_hot(labels, u.shape[1])) == E


@repeatable
@given(logits(min_side=1, high=10))
def test_binary_cross_entropy_from_u_equals_that_of_probabilities(u):
    d = (np.arange(u.size).reshape(u.shape) % 3) / 2
    E = fn.sigmoid_cross_entropy(u, d)
    assert pytest.approx(fn.binary_cross_entropy(fn.sigmoid(u), d), rel=1e-9, abs=1e-12) == E


def test_from_u_it_is_exact():
    """log(y + 1e-7) would stop at 16.118."""
    assert fn.softmax_cross_entropy([[40.0, 0.0]], [1]) == pytest.approx(40, rel=1e-15)
    assert fn.sigmoid_cross_entropy([[40.0]], [[0]]) == pytest.approx(40, rel=1e-15)
    assert fn.sigmoid_cross_entropy([[40.0]], [[1]]) == pytest.approx(np.exp(-40.0), rel=1e-12, abs=0)
    assert fn.sigmoid_cross_entropy([[-1000.0]], [[1]]) == 1000


def test_binary_is_the_two_class_case():
    u = np.array([[-1.3], [0.4], [2.0]])
    d = np.array([[1], [0], [1]])
    two = fn.softmax_cross_entropy(np.hstack([np.zeros_like(u), u]), d[:, 0])
    assert fn.sigmoid_cross_entropy(u, d) == pytest.approx(two)


@pytest.mark.parametrize(
    ("f", "loss", "K"),
    [
        (fn.identity, fn.squared_error, 3),
        (fn.sigmoid, fn.sigmoid_cross_entropy, 1),
        (fn.softmax, fn.softmax_cross_entropy, 4),
    ],
)
@pytest.mark.parametrize("N", [1, 5])
def test_the_three_pairs_share_their_gradient(f, loss, K, N):
    rng = np.random.default_rng(N)
    u, d = rng.normal(size=(N, K)), fn.softmax(rng.normal(size=(N, K)))
    if K == 1:
        d = rng.random((N, 1))
    assert relative_error(fn.d_loss(f(u), d), numerical_gradient(lambda v: loss(v, d), u)) < 1e-7


@pytest.mark.parametrize(
    "loss",
    [fn.squared_error, fn.binary_cross_entropy, fn.sigmoid_cross_entropy, fn.cross_entropy, fn.softmax_cross_entropy],
)
def test_losses_keep_float32(loss):
    y = np.full((2, 2), 0.5, np.float32)
    assert loss(y, np.array([[0.0, 1.0], [1.0, 0.0]])).dtype == np.float32


# --- errors -----------------------------------------------------------------------------------------------------

SAME_SHAPE = [fn.squared_error, fn.binary_cross_entropy, fn.sigmoid_cross_entropy, fn.d_loss]
CLASSES = [fn.cross_entropy, fn.softmax_cross_entropy]
half = np.full((4, 2), 0.5)


@pytest.mark.parametrize("loss", SAME_SHAPE)
def test_shapes_that_would_broadcast(loss):
    with pytest.raises(ValueError, match=r"same shape, got \(4, 1\) and \(4,\): write d\[:, None\]"):
        loss(half[:, :1], np.ones(4))
    with pytest.raises(ValueError, match=r"got \(4, 2\) and \(4,\): labels become one-hot with one_hot\(d, 2\)"):
        loss(half, np.ones(4, int))
    with pytest.raises(ValueError, match=r"got \(4, 2\) and \(1, 2\)$"):
        loss(half, half[:1])


@pytest.mark.parametrize("loss", SAME_SHAPE + CLASSES)
def test_empty_batch_and_single_sample(loss):
    with pytest.raises(ValueError, match=r"empty batch: the output has shape \(0, 2\)"):
        loss(half[:0], half[:0])
    with pytest.raises(ValueError, match=r"shape \(N, K\), got \(2,\): one sample is y\[None, :\]"):
        loss(half[0], half[0])


@pytest.mark.parametrize("loss", SAME_SHAPE + CLASSES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_not_finite(loss, bad):
    broken = half.copy()
    broken[1, 1] = bad
    with pytest.raises(ValueError, match=r"target has 1 of 8 values that are nan or infinite"):
        loss(half, broken)
    with pytest.raises(FloatingPointError, match=r"output has 1 of 8 values .* diverged"):
        loss(broken, half)


@pytest.mark.parametrize("loss", CLASSES)
def test_what_a_multi_class_loss_refuses(loss):
    with pytest.raises(ValueError, match=r"K ≥ 2 classes, got \(4, 1\): for one column use the binary"):
        loss(half[:, :1], np.array([0, 1, 0, 0]))
    with pytest.raises(ValueError, match=r"K ≥ 2 classes, got \(4, 2, 1\)"):
        loss(half[:, :, None], np.array([0, 1, 0, 0]))
    with pytest.raises(ValueError, match=r"labels must have shape \(4,\), got \(4, 1\): write d\[:, 0\]"):
        loss(half, np.zeros((4, 1), int))
    with pytest.raises(ValueError, match=r"4 samples, shape \(4, 2\), but there are 3 labels"):
        loss(half, np.array([0, 1, 0]))
    with pytest.raises(TypeError, match=r"integers, got float64"):
        loss(half, np.array([0.0, 1, 0, 0]))
    with pytest.raises(ValueError, match=r"between 0 and 1 \(K = 2\), got 0 to 2"):
        loss(half, np.array([0, 1, 2, 0]))
    with pytest.raises(ValueError, match=r"sum to 1, got sums from 0.5 to 0.5"):
        loss(half, half / 2)
    with pytest.raises(ValueError, match=r"same shape, got \(4, 2\) and \(4, 3\)"):
        loss(half, np.eye(3)[[0, 1, 2, 0]])
    with pytest.raises(ValueError, match=r"target must lie between 0 and 1, got -1 to 2"):
        loss(half, np.array([[2.0, -1.0]] * 4))


@pytest.mark.parametrize("loss", [fn.binary_cross_entropy, fn.sigmoid_cross_entropy])
def test_binary_targets_out_of_range(loss):
    with pytest.raises(ValueError, match=r"target must lie between 0 and 1, got 0.5 to 2"):
        loss(half, half * [[1, 4]])


@pytest.mark.parametrize("loss", [fn.binary_cross_entropy, fn.cross_entropy])
def test_probabilities_that_are_none(loss):
    with pytest.raises(ValueError, match=r"output must lie between 0 and 1, got -3 to 0.5: apply softmax or sigmoid"):
        loss(np.array([[-3.0, 0.5]]), np.array([[0.0, 1.0]]))
