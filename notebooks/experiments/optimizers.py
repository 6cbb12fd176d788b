"""The tables of day2/04: seven optimizers on digits, each at every learning rate of one grid; a start that is stuck."""

import numpy as np

from common.datasets import load_digits
from common.experiments import compare
from common.initializers import constant, he
from common.layers import Affine, ReLU, Sigmoid
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import SGD, AdaDelta, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from common.trainer import Trainer, accuracy, minibatches

OPTIMIZERS = {o.__name__: o for o in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam)}
RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
SEEDS = range(5)
WINDOW = 10  # the stored loss is the mean of so many updates


def train(rngs, optimizer, sizes, activation, init, epochs):
    train, validation, test = load_digits(rng=rngs.data)
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [Affine(n_in, n_out, init, rng=rngs.weights), activation()]
    network = Sequential(*layers[:-1])
    trainer = Trainer(network, SoftmaxCrossEntropy(), optimizer, rng=rngs.order)
    for _ in range(epochs):
        for x, d in minibatches(*train, 100, rngs.order):
            if not np.isfinite(trainer.train_step(x, d)):
                raise FloatingPointError("the loss is no number any more")
    losses = np.array(trainer.history["loss"])
    scores = {"losses": losses.reshape(-1, WINDOW).mean(axis=1), "first": losses[0]}
    return scores | {"validation": accuracy(network, *validation), "test": accuracy(network, *test)}


def deep(rngs, optimizer, lr):
    return train(rngs, OPTIMIZERS[optimizer](lr), [64, 100, 100, 100, 100, 100, 10], ReLU, he, epochs=30)


def small_start(rngs, optimizer, lr, hidden, epochs):
    """Sigmoid layers whose weights begin at N(0, 0.01)."""
    return train(rngs, OPTIMIZERS[optimizer](lr), [64, *hidden, 10], Sigmoid, constant(0.01), epochs)


def compute():
    deeps = {f"deep/{name}/{lr}": {"optimizer": name, "lr": lr} for name in OPTIMIZERS for lr in RATES}
    two = [("SGD", 0.1), ("SGD", 1), ("SGD", 3), ("Momentum", 0.3), ("Adam", 0.001), ("Adam", 0.01)]
    five = [("SGD", 0.1), ("SGD", 1), ("SGD", 10), ("Momentum", 1), ("RMSprop", 0.01), ("Adam", 0.001), ("Adam", 0.003)]
    starts = {
        f"{layers}/{name}/{lr}": {"optimizer": name, "lr": lr, "hidden": hidden, "epochs": epochs}
        for layers, runs, hidden, epochs in (("two", two, [40, 20], 200), ("five", five, [100] * 5, 100))
        for name, lr in runs
    }
    results = compare(deep, deeps, seeds=SEEDS, jobs=1).arrays()
    # Lists of losses of other lengths: compared apart.
    for layers in ("two", "five"):
        chosen = {name: settings for name, settings in starts.items() if name.startswith(layers)}
        results |= compare(small_start, chosen, seeds=SEEDS, jobs=1).arrays()
    return {"rates": np.array(RATES)} | results
