"""trainer.py: every sample once, every sample counted, and networks that learn."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.initializers import constant
from common.layers import Affine, Dropout, ReLU, Sigmoid, Tanh
from common.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from common.network import Sequential
from common.normalization import BatchNorm
from common.optimizers import SGD
from common.trainer import EarlyStopping, Trainer, accuracy, minibatches

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


def rng(seed=0):
    return np.random.default_rng(seed)


def trainer(*sizes, loss, lr=0.1, activation=ReLU, seed=0):
    r = rng(seed)
    layers = [layer for a, b in pairwise(sizes) for layer in (Affine(a, b, rng=r), activation())]
    return Trainer(Sequential(*layers[:-1]), loss, SGD(lr), rng=r)


class Perfect:
    """A network that knows: sample n, whose input is its label, gets the label's score."""

    def __init__(self, K):
        self.K = K

    def predict(self, x):
        return np.eye(self.K)[x[:, 0].astype(int)]


@repeatable
@given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 99))
def test_minibatches_cover_the_data_once_and_keep_pairs_together(N, batch_size, seed):
    x, d = np.arange(2 * N).reshape(N, 2), np.arange(N)
    batches = list(minibatches(x, d, batch_size, rng(seed)))
    assert [len(b) for b, _ in batches] == [batch_size] * (N // batch_size) + [N % batch_size] * (N % batch_size > 0)
    seen = np.concatenate([t for _, t in batches])
    np.testing.assert_array_equal(np.sort(seen), d)
    np.testing.assert_array_equal(np.concatenate([b for b, _ in batches]), x[seen])
    np.testing.assert_array_equal(d, np.arange(N))  # the data itself is not shuffled


def test_minibatches_are_shuffled_anew_and_repeatable():
    x = np.arange(100)
    r = rng(5)
    first, second = (np.concatenate([b for b, _ in minibatches(x, x, 10, r)]) for _ in range(2))
    again = np.concatenate([b for b, _ in minibatches(x, x, 10, rng(5))])
    assert not np.array_equal(first, x) and not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("N", [1, 100, 150, 1001])
def test_accuracy_counts_every_sample(N):
    """Dropping the last partial batch would give a perfect network .667 on 150 samples."""
    d = rng().integers(0, 10, N)
    assert accuracy(Perfect(10), d[:, None], d) == 1
    assert accuracy(Perfect(10), d[:, None], np.eye(10)[d]) == 1
    wrong = d.copy()
    wrong[-1] = (d[-1] + 1) % 10
    assert accuracy(Perfect(10), d[:, None], wrong) == pytest.approx(1 - 1 / N)


def test_accuracy_of_one_output():
    class Half:
        def predict(self, x):
            return x

    x = np.array([[-1.0], [-0.1], [0.1], [2.0]])
    assert accuracy(Half(), x, np.array([[0], [1], [1], [1]])) == 0.75
    with pytest.raises(ValueError, match=r"got \(4, 1\) and \(4,\): write d\[:, None\]"):
        accuracy(Half(), x, np.array([0, 1, 1, 1]))


def test_a_train_step_is_the_formula():
    t = trainer(3, 2, loss=SquaredError(), lr=0.1)
    x, d = rng(1).normal(size=(5, 3)), rng(2).normal(size=(5, 2))
    W, b = t.network[0].W.copy(), t.network[0].b.copy()
    y = x @ W + b
    assert t.train_step(x, d) == pytest.approx(np.sum((y - d) ** 2) / 10)
    np.testing.assert_allclose(t.network[0].W, W - 0.1 * x.T @ (y - d) / 5)
    np.testing.assert_allclose(t.network[0].b, b - 0.1 * (y - d).mean(axis=0))


def test_the_least_squares_solution_is_found():
    x, d = rng(1).normal(size=(50, 3)), rng(2).normal(size=(50, 2))
    t = trainer(3, 2, loss=SquaredError(), lr=0.5)
    t.fit(x, d, epochs=200, batch_size=50)
    exact = np.linalg.lstsq(np.hstack([x, np.ones((50, 1))]), d, rcond=None)[0]
    np.testing.assert_allclose(np.vstack([t.network[0].W, t.network[0].b]), exact, atol=1e-8)


@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh])
@pytest.mark.parametrize("seed", range(3))
def test_twenty_samples_with_random_labels_are_learned_by_heart(activation, seed):
    x, d = rng(seed).normal(size=(20, 6)), rng(seed + 10).integers(0, 3, 20)
    t = trainer(6, 60, 3, loss=SoftmaxCrossEntropy(), lr=0.5, activation=activation, seed=seed)
    t.fit(x, d, epochs=1500, batch_size=20)
    loss, share = t.evaluate(x, d)
    assert share == 1 and loss < 0.1


def test_xor_with_one_output():
    x, d = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    t = trainer(2, 8, 1, loss=SigmoidCrossEntropy(), lr=0.5, activation=Tanh)
    t.fit(x, d, epochs=1000, batch_size=4)
    assert t.evaluate(x, d)[1] == 1 and t.history["train_accuracy"][-1] == 1


def test_zero_weights_stay_equal():
    """The symmetry problem: with zero weights the hidden gradients are exactly 0, and the units stay the same."""
    r = rng()
    network = Sequential(Affine(4, 5, constant(0), rng=r), Sigmoid(), Affine(5, 3, constant(0), rng=r))
    t = Trainer(network, SoftmaxCrossEntropy(), SGD(0.1), rng=r)
    t.train_step(r.normal(size=(8, 4)), r.integers(0, 3, 8))
    assert not network.grads["W1"].any() and network.grads["W2"].any()
    np.testing.assert_array_equal(network.params["W2"], np.tile(network.params["W2"][:1], (5, 1)))


def test_history_and_progress():
    x, d = rng(1).normal(size=(25, 4)), rng(2).integers(0, 3, 25)
    t, seen = trainer(4, 3, loss=SoftmaxCrossEntropy()), []

    def progress(epochs):
        for epoch in epochs:
            seen.append(epoch)
            yield epoch

    history = t.fit(x, d, epochs=3, batch_size=10, validation=(x[:7], d[:7]), progress=progress)
    assert history is t.history and seen == [0, 1, 2]
    assert {key: len(values) for key, values in history.items()} == {
        "loss": 9,
        "train_loss": 3,
        "train_accuracy": 3,
        "validation_loss": 3,
        "validation_accuracy": 3,
    }
    assert (history["train_loss"][-1], history["train_accuracy"][-1]) == t.evaluate(x, d)
    assert (history["validation_loss"][-1], history["validation_accuracy"][-1]) == t.evaluate(x[:7], d[:7])
    assert accuracy(t.network, x, d) == history["train_accuracy"][-1]
    t.fit(x, d, epochs=1, batch_size=10)  # goes on, without validation data
    assert len(history["train_loss"]) == 4 and len(history["validation_loss"]) == 3


def test_regression_has_no_accuracy():
    t = trainer(2, 1, loss=SquaredError())
    x = rng(1).random((6, 2))
    history = t.fit(x, x[:, :1], epochs=1, batch_size=4)
    assert history["train_accuracy"] == [None] and t.evaluate(x, x[:, :1])[1] is None


def test_the_same_seed_gives_the_same_run():
    x, d = rng(1).normal(size=(25, 4)), rng(2).integers(0, 3, 25)
    a, b = (trainer(4, 5, 3, loss=SoftmaxCrossEntropy(), seed=7).fit(x, d, epochs=2, batch_size=4) for _ in range(2))
    assert a == b


def test_evaluation_changes_nothing():
    x, d = rng(1).normal(size=(25, 4)), rng(2).integers(0, 3, 25)
    t = trainer(4, 5, 3, loss=SoftmaxCrossEntropy())
    before = {name: array.copy() for name, array in t.network.params.items()}
    t.evaluate(x, d)
    for name, array in t.network.params.items():
        np.testing.assert_array_equal(array, before[name])
    assert t.history["loss"] == []


def test_errors():
    x, d = np.ones((5, 4)), np.zeros(5, int)
    t = trainer(4, 3, loss=SoftmaxCrossEntropy())
    calls = [
        lambda x, d: t.fit(x, d, epochs=1, batch_size=2),
        lambda x, d: t.fit(np.ones((5, 4)), np.zeros(5, int), epochs=1, batch_size=5, validation=(x, d)),
        lambda x, d: t.evaluate(x, d),
        lambda x, d: accuracy(t.network, x, d),
        lambda x, d: next(minibatches(x, d, 2, rng())),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"same length, got shapes \(5, 4\) and \(4,\)"):
            call(x, d[:4])
        with pytest.raises(ValueError, match=r"no data: x has shape \(0, 4\)"):
            call(x[:0], d[:0])
    with pytest.raises(ValueError, match="batch_size must be at least 1, got -2"):
        t.fit(x, d, epochs=1, batch_size=-2)
    with pytest.raises(TypeError, match="rng"):
        Trainer(t.network, t.loss, t.optimizer)
    with pytest.raises(ValueError, match=r"layer 0: Affine\(4, 3\) takes x of shape \(N, 4\), got \(N, 6\)"):
        t.fit(np.ones((5, 6)), d, epochs=1, batch_size=2)


def test_divergence_is_reported():
    x = rng(1).normal(size=(20, 3))
    t = trainer(3, 1, loss=SquaredError(), lr=1e6)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="has the training diverged"):
        t.fit(x, x[:, :1], epochs=200, batch_size=20)


# --- early stopping and augmentation ------------------------------------------------------------------------------


class Scripted(SoftmaxCrossEntropy):
    """A loss whose value over the validation data, the only batch of 7, is read from a list."""

    def __init__(self, values):
        self.values = iter(values)

    def forward(self, u, d):
        E = super().forward(u, d)
        return next(self.values) if len(u) == 7 else E


@pytest.mark.parametrize(
    ("losses", "patience", "epochs", "best"),
    [
        ([3, 2, 1, 1.5, 1.2, 9], 2, 5, 2),  # two epochs without a new low
        ([3, 2, 2, 1, 5, 6], 2, 6, 3),  # an equal loss is no progress, but one epoch is not two
        ([1, 2, 3, 4, 5, 6], 1, 2, 0),
        ([6, 5, 4, 3, 2, 1], 3, 6, 5),  # the epochs end first
        ([1, 2, 3, 4, 5, 6], 99, 6, 0),  # and then the best is restored, too
    ],
)
def test_early_stopping(losses, patience, epochs, best):
    x, d = rng(1).normal(size=(20, 4)), rng(2).integers(0, 3, 20)
    r = rng()
    net = Sequential(Affine(4, 5, rng=r), BatchNorm(5), ReLU(), Affine(5, 3, rng=r))
    states = []

    def progress(epochs):
        for epoch in epochs:
            yield epoch
            states.append({name: array.copy() for name, array in net.state.items()})

    t, stopping = Trainer(net, Scripted(losses), SGD(0.1), rng=r), EarlyStopping(patience)
    owner = net[0].W
    history = t.fit(x, d, epochs=6, batch_size=5, validation=(x[:7], d[:7]), early_stopping=stopping, progress=progress)
    assert len(history["validation_loss"]) == len(history["train_loss"]) == epochs
    assert stopping.best_epoch == best and history["validation_loss"][best] == min(losses[:epochs])
    for name, array in net.state.items():
        np.testing.assert_array_equal(array, states[best][name])
    assert net[0].W is owner


def test_early_stopping_needs_validation_data():
    t = trainer(4, 3, loss=SoftmaxCrossEntropy())
    with pytest.raises(ValueError, match=r"early stopping watches the validation loss: give fit validation=\(x, d\)"):
        t.fit(np.ones((5, 4)), np.zeros(5, int), epochs=1, batch_size=5, early_stopping=EarlyStopping(1))
    assert t.history["loss"] == []  # before the first update


def test_early_stopping_before_the_first_epoch_has_nothing_to_put_back():
    t, x, d = trainer(4, 3, loss=SoftmaxCrossEntropy()), np.ones((5, 4)), np.zeros(5, int)
    W = t.network[0].W.copy()
    t.fit(x, d, epochs=0, batch_size=5, validation=(x, d), early_stopping=EarlyStopping(1))
    np.testing.assert_array_equal(t.network[0].W, W)


def test_augmentation_changes_what_is_trained_on_and_nothing_else():
    x, d = rng(1).normal(size=(20, 4)), rng(2).integers(0, 3, 20)
    t, same = (trainer(4, 5, 3, loss=SoftmaxCrossEntropy()) for _ in range(2))
    seen = []

    def augment(x):
        seen.append(x)
        return 2 * x

    kept = x.copy()
    history = t.fit(x, d, epochs=1, batch_size=8, validation=(x, d), augment=augment)
    assert [len(batch) for batch in seen] == [8, 8, 4]
    np.testing.assert_array_equal(x, kept)
    expected = same.fit(2 * x, d, epochs=1, batch_size=8)
    assert history["loss"] == expected["loss"] and history["train_loss"] != expected["train_loss"]
    assert history["train_loss"] == history["validation_loss"]


def test_training_and_evaluation_each_in_their_mode():
    """Dropout is at work while training and only then, in a network that is nothing but dropout."""
    x, d = rng(1).normal(size=(20, 3)) + 9, rng(2).integers(0, 3, 20)
    t = Trainer(Sequential(Dropout(0.5, rng=rng())), SoftmaxCrossEntropy(), SGD(), rng=rng())
    assert t.train_step(x, d) != t.loss.forward(x, d)
    assert t.evaluate(x, d)[0] == t.loss.forward(x, d)
