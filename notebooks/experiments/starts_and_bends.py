"""day2/02: networks with five hidden layers of 100, every activation from every start, five seeds each."""

import numpy as np

from common.datasets import load_digits
from common.diagnostics import gradient_sizes
from common.initializers import constant, he, xavier
from common.layers import Affine, ReLU, Sigmoid, Tanh
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import SGD
from common.trainer import Trainer

EPOCHS = 60
SEEDS = range(5)
STARTS = {"0.01": constant(0.01), "Xavier": xavier, "He": he, "1": constant(1)}
GRID = [(activation, start) for activation in (Sigmoid, Tanh, ReLU) for start in STARTS] + [(Sigmoid, "4/√n")]


def deep(activation, init, rng):
    sizes = [64, *[100] * 5, 10]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Affine(n_in, n_out, init, rng=rng), activation()]
    return Sequential(*layers[:-1])


def run(activation, init, seed):
    """Training loss per epoch, mean |dW| per layer before each epoch, and accuracy on training and test images."""
    rng = np.random.default_rng(seed)
    training, _, test = load_digits(rng=rng)
    network = deep(activation, init, rng)
    trainer = Trainer(network, SoftmaxCrossEntropy(), SGD(0.1), rng=rng)
    losses, gradients = np.full(EPOCHS, np.nan), np.full((EPOCHS + 1, 6), np.nan)
    try:
        for epoch in range(EPOCHS + 1):
            trainer.loss.forward(network.forward(training[0]), training[1])
            network.backward(trainer.loss.backward())
            gradients[epoch] = list(gradient_sizes(network).values())
            if epoch < EPOCHS:
                losses[epoch] = trainer.fit(*training, epochs=1, batch_size=100)["train_loss"][-1]
    except FloatingPointError:  # it has exploded
        return {"loss": losses, "gradients": gradients, "train": np.nan, "test": np.nan}
    accuracies = {name: trainer.evaluate(*pile)[1] for name, pile in (("train", training), ("test", test))}
    return {"loss": losses, "gradients": gradients} | accuracies


def compute():
    arrays = {}
    with np.errstate(all="ignore"):
        for activation, start in GRID:
            init = STARTS.get(start, lambda fan_in, fan_out: 4 / np.sqrt(fan_in))
            runs = [run(activation, init, seed) for seed in SEEDS]
            for name in runs[0]:
                arrays[f"{activation.__name__}/{start}/{name}"] = np.array([r[name] for r in runs])
    return arrays
