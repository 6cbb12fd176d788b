"""The table of day2/10: what each part of AlexNet is worth, in a small one with few images to learn from."""

import numpy as np

from common.convolution import Convolution, GlobalAveragePooling, GlobalMaxPooling, MaxPooling
from common.datasets import random_flip, random_shift, shapes
from common.experiments import compare
from common.initializers import he, xavier
from common.layers import Affine, Dropout, Flatten, ReLU, Tanh
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.normalization import LocalResponseNorm
from common.optimizers import Adam
from common.trainer import Trainer, accuracy, minibatches

N, TEST, BATCH = 200, 1000, 10
PLAN = [(0.001, 15), (0.0001, 3)]  # Adam's rate, epochs
SEEDS = range(5)


def small(rngs, bend=ReLU, end="flatten", lrn=False, rate=0.0):
    """SmallAlexNet with one part exchanged. Without dropout, unless a rate is given."""
    options = {"rng": rngs.weights, "init": xavier if bend is Tanh else he}
    layers, n_in = [], 3
    for filters, pooled in ((16, True), (32, True), (48, False), (48, False), (32, end == "flatten")):
        layers += [Convolution(n_in, filters, 3, padding=1, **options), bend()]
        if lrn and filters in (16, 32) and n_in < filters:  # behind the first two, as in AlexNet
            layers.append(LocalResponseNorm())
        if pooled:
            layers.append(MaxPooling(3, stride=2))
        n_in = filters
    layers.append({"flatten": Flatten, "average": GlobalAveragePooling, "max": GlobalMaxPooling}[end]())
    n_in = Sequential(*layers).summary((3, 32, 32))[-1].output_shape[0]
    for _ in range(2):
        layers += [Affine(n_in, 128, **options), bend()] + ([Dropout(rate, rng=rngs.noise)] if rate else [])
        n_in = 128
    return Sequential(*layers, Affine(128, 10, **options))


def changed(x, how, rng):
    """A batch (N, 3, 32, 32) of slightly other images."""
    if "shift" in how:
        x = random_shift(x, 4, rng=rng, fill="edge")
    if "flip" in how:
        x = random_flip(x, rng=rng)
    if "colours" in how:
        x = np.clip(x * rng.uniform(0.7, 1.3, (len(x), 3, 1, 1)), 0, 1)
    return x


def train(rngs, *, augment=(), times=1, **parts):
    x, d = shapes(N, rng=rngs.data)
    test = shapes(TEST, rng=rngs.data)
    network, optimizer = small(rngs, **parts), Adam()
    trainer = Trainer(network, SoftmaxCrossEntropy(), optimizer, rng=rngs.order)
    for optimizer.lr, epochs in PLAN:
        for _ in range(times * epochs):
            for x_batch, d_batch in minibatches(x, d, BATCH, rngs.order):
                trainer.train_step(changed(x_batch, augment, rngs.noise), d_batch)
    losses = np.reshape(trainer.history["loss"], (-1, N // BATCH)).mean(axis=1)  # of every epoch
    return {"train": accuracy(network, x, d), "test": accuracy(network, *test), "losses": losses}


CHANGES = {
    "plain": {},
    "flips": {"augment": ["flip"]},
    "shifts": {"augment": ["shift"]},
    "colours": {"augment": ["colours"]},
    "all three": {"augment": ["shift", "flip", "colours"]},
    "global max": {"end": "max"},
    "global average": {"end": "average"},
    "LRN": {"lrn": True},
    "tanh": {"bend": Tanh},
    "dropout": {"rate": 0.5},
    "dropout, twice as long": {"rate": 0.5, "times": 2},
}


def compute():
    return compare(train, CHANGES, seeds=SEEDS, jobs=1).arrays()
