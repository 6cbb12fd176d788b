"""regularizers.py: loss and gradient agree, weights only, all layers; and what training makes of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.gradient_check import numerical_gradient, relative_error
from common.layers import Affine, ReLU
from common.losses import SoftmaxCrossEntropy, SquaredError
from common.network import Sequential
from common.normalization import BatchNorm
from common.optimizers import SGD
from common.regularizers import L1, L2
from common.trainer import Trainer

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


def rng(seed=0):
    return np.random.default_rng(seed)


def network(seed=0):
    r = rng(seed)
    net = Sequential(Affine(4, 6, rng=r), BatchNorm(6), ReLU(), Affine(6, 5, rng=r), ReLU(), Affine(5, 3, rng=r))
    net[3].b[:] = r.normal(size=5)  # a sample that is 0 after the first ReLU would meet the kink of the second
    return net


def data(N=8):
    return rng(1).normal(size=(N, 4)), np.arange(N) % 3


@pytest.mark.parametrize(
    ("regularizer", "loss", "gradient"),
    [(L1(0.1), 0.7, [[0.1, -0.1], [0.0, 0.1]]), (L2(0.1), 1.05, [[0.1, -0.2], [0.0, 0.4]])],
    ids=str,
)
def test_by_hand(regularizer, loss, gradient):
    params = {"W1": np.array([[1.0, -2.0], [0.0, 4.0]]), "b1": np.array([100.0, 100.0])}
    grads = {"W1": np.zeros((2, 2)), "b1": np.zeros(2)}
    assert regularizer.loss(params) == pytest.approx(loss)
    regularizer.add_gradients(params, grads)
    np.testing.assert_allclose(grads["W1"], gradient)
    np.testing.assert_array_equal(grads["b1"], 0)


@pytest.mark.parametrize("regularizer", [L1(0.3), L2(0.3)], ids=repr)
def test_loss_and_gradient_agree_in_every_layer(regularizer):
    params = network().params
    grads = {name: np.zeros_like(array) for name, array in params.items()}
    regularizer.add_gradients(params, grads)
    for name, array in params.items():
        numerical = numerical_gradient(lambda _: regularizer.loss(params), array)
        assert relative_error(grads[name], numerical, floor=1e-3) < 1e-7, name
        assert grads[name].any() == name.startswith("W"), name


@repeatable
@given(st.floats(0, 10), st.floats(0.1, 3), st.integers(0, 99))
def test_both_grow_as_norms_do(strength, factor, seed):
    W = {"W1": rng(seed).normal(size=(3, 2)), "W2": rng(seed + 1).normal(size=(2, 2))}
    scaled = {name: factor * w for name, w in W.items()}
    assert L1(strength).loss(scaled) == pytest.approx(factor * L1(strength).loss(W))
    assert L2(strength).loss(scaled) == pytest.approx(factor**2 * L2(strength).loss(W))
    assert L1(2 * strength).loss(W) == pytest.approx(2 * L1(strength).loss(W))
    assert L2(2 * strength).loss(W) == pytest.approx(2 * L2(strength).loss(W))


def test_dtype_is_kept_and_it_costs_nothing_without_weights():
    w = {"W1": np.ones((2, 2), np.float32)}
    grads = {"W1": np.zeros((2, 2), np.float32)}
    for regularizer in (L1(0.1), L2(0.1)):
        regularizer.add_gradients(w, grads)
        assert grads["W1"].dtype == np.float32 and regularizer.loss(w).dtype == np.float32
        assert regularizer.loss({"b1": np.ones(3)}) == 0
    assert repr(L2(0.1)) == "L2(0.1)"


def test_a_negative_strength():
    for make in (L1, L2):
        with pytest.raises(ValueError, match=r"strength must not be negative: .* got -0.1"):
            make(-0.1)


# --- in training --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regularizer", [L1(0.1), L2(0.1)], ids=repr)
def test_the_trainer_minimises_loss_and_penalty_together(regularizer):
    """The gradients that the optimizer gets are those of the loss that the trainer reports."""
    (x, d), net, loss = data(), network(), SoftmaxCrossEntropy()

    def E(_):
        return loss.forward(net.forward(x, training=True), d) + regularizer.loss(net.params)

    expected = {name: numerical_gradient(E, array) for name, array in net.params.items()}
    before = E(None)
    trainer = Trainer(net, loss, SGD(0), rng=rng(), regularizer=regularizer)
    assert trainer.train_step(x, d) == pytest.approx(before)
    assert trainer.history["loss"] == [pytest.approx(before)]
    for name, gradient in net.grads.items():
        assert relative_error(gradient, expected[name], floor=1e-3) < 1e-6, name


def test_evaluation_leaves_the_penalty_out():
    (x, d), net = data(), network()
    with_penalty = Trainer(net, SoftmaxCrossEntropy(), SGD(0), rng=rng(), regularizer=L2(100))
    assert with_penalty.evaluate(x, d) == Trainer(net, SoftmaxCrossEntropy(), SGD(0), rng=rng()).evaluate(x, d)


def linear(regularizer, x, d, epochs=3000):
    net = Sequential(Affine(x.shape[1], 1, rng=rng()))
    trainer = Trainer(net, SquaredError(), SGD(0.05), rng=rng(), regularizer=regularizer)
    trainer.fit(x, d, epochs=epochs, batch_size=len(x))
    return net[0].W[:, 0]


def test_l2_finds_the_ridge_solution():
    """E = 1/2N ‖xW + b − d‖² + λ/2 ‖W‖² has its minimum where (xᵀx/N + λ)W = xᵀd/N, x and d centred."""
    x = rng(1).normal(size=(40, 3))
    d = x @ [[1.0], [0.0], [-2.0]] + 0.1 * rng(2).normal(size=(40, 1)) + 5
    c, e = x - x.mean(axis=0), d - d.mean()
    exact = np.linalg.solve(c.T @ c / 40 + 0.5 * np.eye(3), c.T @ e / 40)[:, 0]
    np.testing.assert_allclose(linear(L2(0.5), x, d), exact, atol=1e-8)


def test_l1_draws_useless_weights_to_zero_as_lasso_does():
    from sklearn.linear_model import Lasso

    x = rng(1).normal(size=(40, 3))
    d = x @ [[1.0], [0.0], [-2.0]] + 0.1 * rng(2).normal(size=(40, 1))
    exact = Lasso(alpha=0.2).fit(x, d[:, 0]).coef_  # minimises the same E
    assert exact[1] == 0
    np.testing.assert_allclose(linear(L1(0.2), x, d), exact, atol=0.02)  # subgradient steps rattle about 0 by lr·λ
