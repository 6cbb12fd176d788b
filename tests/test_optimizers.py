"""optimizers.py: one formula each, applied in place, with its own memory for every parameter."""

import numpy as np
import pytest

from common import optimizers
from common.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    Momentum,
    Nesterov,
    Optimizer,
    RMSprop,
    exponential_decay,
    inverse_decay,
    step_decay,
)

ALL = [SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam]


def steps(optimizer, gradient, n=1, w=0.0):
    """Where n updates lead: the positions after each. gradient: a number, or a function of w."""
    w, path = np.array([w]), []
    for _ in range(n):
        g = gradient(w) if callable(gradient) else np.array([float(gradient)])
        optimizer.update({"w": w}, {"w": g})
        path.append(w[0])
    return np.array(path)


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


def test_every_optimizer_is_here():
    defined = [o for o in vars(optimizers).values() if isinstance(o, type) and issubclass(o, Optimizer)]
    assert set(defined) == {Optimizer, *ALL}


# --- first steps in closed form ------------------------------------------------------------------------------------


def test_momentum_adds_up_past_gradients():
    np.testing.assert_allclose(steps(Momentum(0.1, momentum=0.9), 2, 3), [-0.2, -0.2 - 0.38, -0.2 - 0.38 - 0.542])
    t = np.arange(1, 41)  # a constant gradient: v = g (1 − μᵗ)/(1 − μ), ten times g in the end
    np.testing.assert_allclose(steps(Momentum(0.1), 2, 40), -np.cumsum(0.2 * (1 - 0.9**t) / 0.1))
    np.testing.assert_allclose(steps(Momentum(0.1, momentum=0), 2, 3), steps(SGD(0.1), 2, 3))


def test_nesterov_on_a_parabola():
    """f = w² from w = 1: golden values of PyTorch's form."""
    path = steps(Nesterov(0.1, momentum=0.9), lambda w: 2 * w, 5, w=1.0)
    np.testing.assert_allclose(path, [0.620, 0.222, -0.108, -0.325, -0.416], atol=5e-4)


def test_nesterov_is_the_textbook_form_seen_from_where_that_looks():
    path = steps(Nesterov(0.1, momentum=0.9), lambda w: 2 * w, 5, w=1.0)
    w, v, textbook, ahead = 1.0, 0.0, [], []
    for _ in range(5):
        v = 0.9 * v - 0.1 * 2 * (w + 0.9 * v)  # the gradient where momentum is about to lead
        w = w + v
        textbook.append(w)
        ahead.append(w + 0.9 * v)
    np.testing.assert_allclose(textbook, [0.800, 0.496, 0.178, -0.087, -0.260], atol=5e-4)
    np.testing.assert_allclose(path, ahead)


@pytest.mark.parametrize("g", [3.0, -0.002])
def test_adagrads_steps_shrink_from_lr_on(g):
    """A constant gradient: h = t g², the step is lr/√t, whatever the size of g."""
    expected = -np.sign(g) * 0.1 * np.cumsum(1 / np.sqrt(np.arange(1, 6)))
    np.testing.assert_allclose(steps(AdaGrad(0.1), g, 5), expected, rtol=1e-6)


@pytest.mark.parametrize("g", [3.0, -0.02])
def test_rmsprops_steps_settle_at_lr(g):
    """A constant gradient: h = (1 − ρᵗ) g²; the first step is lr/√(1 − ρ)."""
    expected = -np.sign(g) * 0.1 * np.cumsum(1 / np.sqrt(1 - 0.9 ** np.arange(1, 6)))
    np.testing.assert_allclose(steps(RMSprop(0.1), g, 5), expected, rtol=1e-5)


@pytest.mark.parametrize("g", [3.0, -0.02])
def test_adams_steps_are_lr_from_the_first_on(g):
    """A constant gradient: m̂ = g and v̂ = g²; without the correction the first step would be 3.16 lr."""
    np.testing.assert_allclose(steps(Adam(0.1), g, 5), -np.sign(g) * 0.1 * np.arange(1, 6), rtol=1e-5)


def test_adam_by_hand():
    path = steps(Adam(lr=1, beta1=0.5, beta2=0.75, eps=0), lambda w: np.array([1.0]) if w[0] == 0 else -w, 2)
    # g = 1, then 1: w = −1 gives −w = 1
    np.testing.assert_allclose(path, [-1, -2])
    path = steps(Adam(lr=1, beta1=0.5, beta2=0.75, eps=0), lambda w: np.array([1.0]) if w[0] == 0 else 3 * w, 2)
    m_hat, v_hat = (0.5 * 0.5 + 0.5 * -3) / 0.75, (0.75 * 0.25 + 0.25 * 9) / (1 - 0.75**2)
    np.testing.assert_allclose(path, [-1, -1 - m_hat / np.sqrt(v_hat)])


def test_adadelta_by_hand():
    optimizer = AdaDelta(rho=0.9, eps=1e-6)
    g, h1 = 2.0, 0.1 * 4
    first = g * np.sqrt(1e-6) / np.sqrt(h1 + 1e-6)  # r is still 0
    h2, r1 = 0.9 * h1 + 0.1 * 4, 0.1 * first**2
    second = g * np.sqrt(r1 + 1e-6) / np.sqrt(h2 + 1e-6)
    np.testing.assert_allclose(steps(optimizer, g, 2), [-first, -first - second])
    np.testing.assert_allclose(steps(AdaDelta(lr=0.5), g), -first / 2)


@pytest.mark.parametrize(
    ("optimizer", "g", "step"),
    [
        (AdaGrad(lr=1, eps=1), 1, 1 / (1 + 1)),
        (RMSprop(lr=1, rho=0.75, eps=1), 2, 2 / (1 + 1)),
        (Adam(lr=1, eps=1), 1, 1 / (1 + 1)),
        (AdaDelta(rho=0.75, eps=3), 2, 2 * np.sqrt(3) / np.sqrt(1 + 3)),
    ],
    ids=lambda v: type(v).__name__,
)
def test_where_epsilon_is_added(optimizer, g, step):
    np.testing.assert_allclose(steps(optimizer, g), -step)


# --- what holds for all of them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", ALL)
def test_in_place_gradients_untouched_and_dtype_kept(make):
    w = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
    g = np.random.default_rng(1).normal(size=(2, 3)).astype(np.float32)
    params, before, kept, optimizer = {"w": w}, w.copy(), g.copy(), make()
    for _ in range(3):
        optimizer.update(params, {"w": g})
    assert params["w"] is w and w.dtype == np.float32
    assert np.all(np.sign(before - w) == np.sign(g))  # downhill
    np.testing.assert_array_equal(g, kept)
    assert all(a.dtype == np.float32 for a in vars(optimizer.state["w"]).values())


@pytest.mark.parametrize("make", ALL)
def test_parameters_do_not_disturb_each_other(make):
    r = np.random.default_rng(0)
    together, alone = {"a": np.zeros(3), "b": np.zeros(3)}, {"a": np.zeros(3), "b": np.zeros(3)}
    both, separate = make(), {"a": make(), "b": make()}
    for _ in range(4):
        grads = {"a": r.normal(size=3), "b": 10 + r.normal(size=3)}
        both.update(together, grads)
        for name in alone:
            separate[name].update({name: alone[name]}, grads)
    for name in alone:
        np.testing.assert_allclose(together[name], alone[name], rtol=1e-14)


@pytest.mark.parametrize("make", ALL)
def test_a_gradient_of_zero_moves_nothing(make):
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(steps(make(), 0, 3, w=1.0), [1, 1, 1])


@pytest.mark.parametrize("make", ALL)
def test_a_bowl_is_descended(make):
    optimizer = make(1.0) if make is AdaDelta else make(0.1)
    path = steps(optimizer, lambda w: w, 2000, w=1.0)
    assert abs(path[-1]) < (0.5 if make in (AdaDelta, RMSprop) else 0.01)  # RMSprop never settles, AdaDelta is slow


# --- learning-rate decay ---------------------------------------------------------------------------------------------


def test_schedules():
    half = step_decay(0.8, factor=0.5, every=3)
    np.testing.assert_allclose([half(t) for t in range(1, 8)], [0.8] * 3 + [0.4] * 3 + [0.2])
    np.testing.assert_allclose([exponential_decay(0.8, half_life=10)(t) for t in (1, 11, 21)], [0.8, 0.4, 0.2])
    np.testing.assert_allclose([inverse_decay(0.8, rate=0.1)(t) for t in (1, 11, 31)], [0.8, 0.4, 0.2])


@pytest.mark.parametrize("make", ALL)
def test_a_schedule_is_followed_update_by_update(make):
    scheduled, by_hand = make(step_decay(0.1, 0.5, every=2)), make(0.1)
    w, v = np.ones(1), np.ones(1)
    for lr in (0.1, 0.1, 0.05, 0.05, 0.025):
        by_hand.lr = lr
        by_hand.update({"w": v}, {"w": v.copy()})
        scheduled.update({"w": w}, {"w": w.copy()})
        assert scheduled.lr == lr
        np.testing.assert_array_equal(w, v)


def test_before_the_first_update_lr_is_the_schedules_first():
    assert Adam(inverse_decay(0.3)).lr == 0.3


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("block", [1, 7, 12, 59])
def test_a_large_array_is_updated_a_few_rows_at_a_time(make, block, monkeypatch):
    """To the last bit as all at once, for any order of memory."""
    rng = np.random.default_rng(0)
    start, grads = rng.normal(size=(5, 3, 4)), rng.normal(size=(3, 5, 3, 4))
    whole, parts = {"w": start.copy()}, {"w": np.asfortranarray(start)}
    optimizers = make(), make()
    for g in grads:
        optimizers[0].update(whole, {"w": g})
        with monkeypatch.context() as patch:
            patch.setattr("common.optimizers.BLOCK", block)
            optimizers[1].update(parts, {"w": g})
    np.testing.assert_array_equal(whole["w"], parts["w"])


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
