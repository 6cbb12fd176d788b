"""The tables of day2/05: a big network on few digits, with right and with wrong labels, and what is said to help."""

import numpy as np

from common.datasets import load_digits, noisy_labels, random_rotation, random_shift
from common.experiments import compare
from common.layers import Affine, Dropout, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import SGD, Adam
from common.regularizers import L1, L2
from common.trainer import EarlyStopping, Trainer, accuracy

N, WRONG, LR, EPOCHS, BATCH = 300, 0.3, 0.05, 120, 50
SEEDS = range(5)
EVERY = 3  # epochs between two points of a curve
WIDTHS = [5, 10, 20, 50, 100, 400]


def big(rngs, rate=0, width=100, hidden=6):
    """64 inputs, six hidden layers of 100, 10 outputs; dropout behind every hidden layer."""
    layers, n_in = [], 64
    for _ in range(hidden):
        layers += [Affine(n_in, width, rng=rngs.weights), ReLU()]
        if rate:
            layers.append(Dropout(rate, rng=rngs.noise))
        n_in = width
    return Sequential(*layers, Affine(n_in, 10, rng=rngs.weights))


def changed(x, shift, degrees, rng):
    """A batch (N, 64) of slightly other images."""
    images = x.reshape(-1, 8, 8)
    images = random_shift(images, shift, rng=rng) if shift else images
    images = random_rotation(images, degrees, rng=rng) if degrees else images
    return images.reshape(x.shape)


def train(rngs, *, n=N, wrong=WRONG, lr=LR, epochs=EPOCHS, rate=0, l1=0, l2=0, patience=None, shift=0, degrees=0):
    (x, d), validation, test = load_digits(rng=rngs.data)
    x, d = x[:n], d[:n]
    given = noisy_labels(d, wrong, rng=rngs.data, K=10)
    network = big(rngs, rate)
    regularizer = L1(l1) if l1 else L2(l2) if l2 else None
    trainer = Trainer(network, SoftmaxCrossEntropy(), SGD(lr), rng=rngs.order, regularizer=regularizer)
    curve = []
    if patience:
        stopping = EarlyStopping(patience)
        trainer.fit(x, given, epochs=epochs, batch_size=BATCH, validation=validation, early_stopping=stopping)
    else:
        options = {"augment": lambda x: changed(x, shift, degrees, rngs.noise)} if shift or degrees else {}
        for _ in range(epochs // EVERY):
            trainer.fit(x, given, epochs=EVERY, batch_size=BATCH, **options)
            curve.append([accuracy(network, x, given), accuracy(network, *test)])
    scores = {"train": accuracy(network, x, given), "test": accuracy(network, *test)}
    scores |= {"gap": scores["train"] - scores["test"], "validation": accuracy(network, *validation)}
    return scores | ({"curve": np.array(curve)} if curve else {})


def of_width(rngs, width, wrong):
    """One hidden layer of this width, trained by Adam until it has learnt what it can."""
    (x, d), _, test = load_digits(rng=rngs.data)
    given = noisy_labels(d[:N], wrong, rng=rngs.data, K=10)
    network = big(rngs, width=width, hidden=1)
    Trainer(network, SoftmaxCrossEntropy(), Adam(0.01), rng=rngs.order).fit(x[:N], given, epochs=200, batch_size=BATCH)
    return {"train": accuracy(network, x[:N], given), "test": accuracy(network, *test)}


def grid(**values):
    (name, candidates), *more = values.items()
    return [{name: v} | rest for v in candidates for rest in (grid(**dict(more)) if more else [{}])]


METHODS = {
    "none": {},
    "L2": grid(l2=[0.003, 0.01, 0.03, 0.1]),
    "L1": grid(l1=[0.0003, 0.001, 0.003, 0.01]),
    "dropout": grid(rate=[0.05, 0.1, 0.2, 0.3]),
    "dropout + L2": grid(rate=[0.1, 0.2], l2=[0.003, 0.01]),
    "dropout + L1": grid(rate=[0.1, 0.2], l1=[0.0003, 0.001]),
    "augmentation": [*grid(shift=[1, 2]), *grid(degrees=[10, 20])],
}


def compute():
    few = {f"few/{n}": {"n": n, "wrong": 0} for n in (50, 100, 200, 300)}
    clean = {f"clean/{name}": [s | {"wrong": 0} for s in METHODS[name][1:3]] for name in ("L2", "dropout")}
    clean["clean/augmentation"] = [{"wrong": 0, "shift": 1}, {"wrong": 0, "degrees": 10}]
    jump = {
        f"jump/{name}/{lr}": {"l1": l1, "lr": lr, "wrong": 0, "epochs": 30}
        for name, l1 in (("none", 0), ("L1", 0.0003))
        for lr in (0.003, 0.03)
    }
    widths = {f"width/{wrong}/{w}": {"width": w, "wrong": wrong} for wrong in (0, WRONG) for w in WIDTHS}
    results, settings = {}, []
    for part in ({f"noisy/{k}": v for k, v in METHODS.items()}, few | clean, jump):
        outcomes = compare(train, part, seeds=SEEDS, jobs=1)
        results |= outcomes.arrays()
        settings += [f"{name}: {', '.join(f'{k}={v}' for k, v in o.settings.items())}" for name, o in outcomes.items()]
    stopping = {"noisy/early stopping": grid(patience=[5, 10, 20, 40])}
    outcomes = compare(train, stopping, seeds=SEEDS, jobs=1)
    results |= outcomes.arrays() | compare(of_width, widths, seeds=SEEDS, jobs=1).arrays()
    settings += [f"{name}: patience={o.settings['patience']}" for name, o in outcomes.items()]
    return {"widths": np.array(WIDTHS), "settings": np.array(settings)} | results
