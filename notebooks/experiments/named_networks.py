"""The table of day2/08: the four named networks and an MLP on digits of 28×28 pixels, enlarged or at random places."""

import numpy as np

from common.datasets import load_digits, load_translated_digits
from common.experiments import compare
from common.layers import Affine, Flatten, ReLU
from common.losses import SoftmaxCrossEntropy
from common.models import DeepConvNet, DoubleConvNet, LeNet5, SimpleConvNet
from common.network import Sequential
from common.optimizers import Adam
from common.trainer import Trainer, accuracy, minibatches

SEEDS, LR, BATCH, EPOCHS = range(3), 0.001, 20, 8


def mlp(rng):
    return Sequential(Flatten(), Affine(784, 100, rng=rng), ReLU(), Affine(100, 10, rng=rng))


NETWORKS = {
    "MLP": lambda rngs: mlp(rngs.weights),
    "LeNet5": lambda rngs: LeNet5((1, 28, 28), padding=2, rng=rngs.weights),
    "SimpleConvNet": lambda rngs: SimpleConvNet(rng=rngs.weights),
    "DoubleConvNet": lambda rngs: DoubleConvNet(rng=rngs.weights),
    "DeepConvNet": lambda rngs: DeepConvNet(rng=rngs.weights),
}


def enlarged(x):
    """Every pixel becomes 3×3, with a margin of 2: (N, 1, 8, 8) → (N, 1, 28, 28)."""
    return np.pad(x.repeat(3, axis=2).repeat(3, axis=3), ((0, 0), (0, 0), (2, 2), (2, 2)))


def run(rngs, name, translated):
    if translated:
        parts = load_translated_digits(rng=rngs.data, size=28)
    else:
        parts = [(enlarged(x), d) for x, d in load_digits(rng=rngs.data, images=True)]
    (x, d), _, test = parts
    network = NETWORKS[name](rngs)
    trainer = Trainer(network, SoftmaxCrossEntropy(), Adam(LR), rng=rngs.order)
    for _ in range(EPOCHS):
        for batch in minibatches(x, d, BATCH, rngs.order):
            trainer.train_step(*batch)
    return {"train": accuracy(network, x, d), "test": accuracy(network, *test)}


def compute():
    configurations = {
        f"{where}/{name}": {"name": name, "translated": where == "translated"}
        for where in ("enlarged", "translated")
        for name in NETWORKS
    }
    return compare(run, configurations, seeds=SEEDS, jobs=1).arrays()
