"""The tables of day2/08: digits at random places, read by MLPs and by small convolutional networks."""

import numpy as np

from common.convolution import Convolution, GlobalMaxPooling, MaxPooling
from common.datasets import load_digits, load_translated_digits
from common.experiments import compare
from common.layers import Affine, Flatten, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import Adam
from common.trainer import Trainer, accuracy, minibatches

SEEDS, FEW_SEEDS = range(5), range(3)
LR, BATCH, EPOCHS = (0.003, 0.01), 20, 10  # MLPs get twice as many epochs
HIDDEN = {"none": (), "100": (100,), "400": (400,), "1000": (1000,), "200-100": (200, 100), "400-200": (400, 200)}
SHOWN = 10  # test images whose answers are kept for the lesson's first figure


def mlp(n_in, hidden, rng):
    layers = [Flatten()]
    for n_out in hidden:
        layers += [Affine(n_in, n_out, rng=rng), ReLU()]
        n_in = n_out
    return Sequential(*layers, Affine(n_in, 10, rng=rng))


def conv(side, rng, window=5, pools=(True, True), end="flatten"):
    """Two convolutions of 8 and 16 filters that keep the size, each with or without a pool; flatten or global max."""
    layers = []
    for channels, filters, pool in ((1, 8, pools[0]), (8, 16, pools[1])):
        layers += [Convolution(channels, filters, window, padding=window // 2, rng=rng), ReLU()]
        if pool:
            layers.append(MaxPooling(2))
            side //= 2
    last = [GlobalMaxPooling()] if end == "global" else [Flatten()]
    return Sequential(*layers, *last, Affine(16 if end == "global" else 16 * side**2, 10, rng=rng))


def run(rngs, *, lr, hidden=None, translated=True, permuted=False, epochs=EPOCHS, **architecture):
    parts = load_translated_digits(rng=rngs.data) if translated else load_digits(rng=rngs.data, images=True)
    side = parts[0][0].shape[-1]
    if permuted:  # one order of the pixels for all images of this seed
        order = rngs.noise.permutation(side**2)
        parts = [(x.reshape(len(x), -1)[:, order].reshape(x.shape), d) for x, d in parts]
    (x, d), validation, test = parts
    if hidden is None:
        network = conv(side, rngs.weights, **architecture)
    else:
        network, epochs = mlp(side**2, HIDDEN[hidden], rngs.weights), 2 * epochs
    trainer = Trainer(network, SoftmaxCrossEntropy(), Adam(lr), rng=rngs.order)
    for _ in range(epochs):
        for batch in minibatches(x, d, BATCH, rngs.order):
            trainer.train_step(*batch)
    scores = {"train": (x, d), "validation": validation, "test": test}
    scores = {name: accuracy(network, *data) for name, data in scores.items()}
    return scores | {"answers": network.predict(test[0][:SHOWN]).argmax(axis=1)}


def rates(**settings):
    return [settings | {"lr": lr} for lr in LR]


def compute():
    outcomes = {}

    def ask(seeds, **configurations):
        outcomes.update(compare(run, configurations, seeds=seeds, jobs=1))

    def rate(name):
        return outcomes[name].settings["lr"]

    flat, free = {"end": "flatten"}, {"end": "global", "pools": (False, False)}
    ask(SEEDS, **{f"mlp/{name}": rates(hidden=name) for name in HIDDEN})
    ask(SEEDS, **{"cnn": rates(**flat), "global": rates(**free)})
    best = max((n for n in outcomes if n.startswith("mlp/")), key=lambda n: outcomes[n].scores["validation"].mean())
    for name, settings in (("best mlp", outcomes[best].settings), ("cnn", flat), ("global", free)):
        settings = settings | {"lr": rate(best if name == "best mlp" else name)}
        ask(SEEDS, **{f"permuted/{name}": settings | {"permuted": True}})
    for name, settings in (("mlp", {"hidden": "100"}), ("cnn", flat)):
        ask(SEEDS, **{f"plain/{name}": rates(**settings, translated=False)})
    ask(
        SEEDS,
        **{"plain/permuted cnn": flat | {"lr": rate("plain/cnn"), "translated": False, "permuted": True}},
    )
    pools = {"one": (True, False), "none": (False, False)}
    ask(SEEDS, **{f"pools/{name}": rates(pools=p, **flat) for name, p in pools.items()})
    ask(FEW_SEEDS, **{f"window/{w}": {"window": w, "lr": rate("global"), **free} for w in (1, 3, 7)})
    results = {f"{name}/{score}": a for name, o in outcomes.items() for score, a in o.scores.items()}
    chosen = [f"{name}: lr {o.settings['lr']}" for name, o in outcomes.items()]
    return results | {"best mlp": best.removeprefix("mlp/"), "settings": np.array(chosen)}
