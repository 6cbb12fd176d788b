"""The tables of day2/09: what training changes in a small convolutional network, and which pictures of it can tell."""

from copy import deepcopy

import numpy as np

from common.convolution import Convolution, GlobalMaxPooling
from common.datasets import load_translated_digits
from common.experiments import compare, generators
from common.layers import Affine, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import Adam
from common.trainer import Trainer, accuracy

SEEDS = range(5)
EPOCHS, BATCH, LR = 15, 20, 0.003
IMAGES = 200  # of the test pile, for the maps
PIXELS = 13  # 0 … 12 pixels are taken away
HERO = [4, 5, 6, 7, 12, 14, 17, 18]  # images of seed 0's test pile


def build(rng):
    return Sequential(
        Convolution(1, 16, 5, rng=rng),
        ReLU(),
        Convolution(16, 32, 5, rng=rng),
        ReLU(),
        GlobalMaxPooling(),
        Affine(32, 10, rng=rng),
    )


def one_layer(rng):
    return Sequential(Convolution(1, 32, 5, rng=rng), ReLU(), GlobalMaxPooling(), Affine(32, 10, rng=rng))


def fit(network, x, d, rng, epochs=EPOCHS):
    Trainer(network, SoftmaxCrossEntropy(), Adam(LR), rng=rng).fit(x, d, epochs=epochs, batch_size=BATCH)
    return network


# --- maps -------------------------------------------------------------------------------------------------------------


def answer_and_runner_up(u):
    """Rows of 1 at the answer, −1 at the runner-up, 0 elsewhere: u (N, 10) → (N, 10)."""
    order, rows, v = np.argsort(u, axis=1), np.arange(len(u)), np.zeros_like(u)
    v[rows, order[:, -1]], v[rows, order[:, -2]] = 1, -1
    return v


def gradient(network, x, v):
    network.forward(x)
    return network.backward(v)[:, 0]


def occlusion(network, x, v, size):
    """How much v·u falls when a square of zeros lies on the image: (N, 17 − size, 17 − size)."""
    before, places = np.sum(network.predict(x) * v, axis=1), x.shape[-1] - size + 1
    drop = np.empty((len(x), places, places))
    for i, j in np.ndindex(places, places):
        covered = x.copy()
        covered[:, :, i : i + size, j : j + size] = 0
        drop[:, i, j] = before - np.sum(network.predict(covered) * v, axis=1)
    return drop


def maps(network, x, v):
    g, ink = gradient(network, x, v), x[:, 0]
    found = {"gradient": g, "gradient × input": g * ink, "occlusion 3×3": occlusion(network, x, v, 3)}
    return found | {f"|{name}|": np.abs(m) for name, m in found.items()}


def correlation(a, b):
    """The mean over the images of the correlation of two maps."""
    return np.mean([np.corrcoef(p.ravel(), q.ravel())[0, 1] for p, q in zip(a, b)])


def unchanged(network, x, order):
    """The share of the answers that stay when the first n pixels of an order (N, 256) are emptied, for n = 0, 1, …"""
    before, shares = network.predict(x).argmax(axis=1), []
    for n in range(PIXELS):
        emptied = x.reshape(len(x), -1).copy()
        np.put_along_axis(emptied, order[:, :n], 0, axis=1)
        shares.append(np.mean(network.predict(emptied.reshape(x.shape)).argmax(axis=1) == before))
    return np.array(shares)


# --- what stands in which layer ---------------------------------------------------------------------------------------


def read_out(features, parts):
    """Test accuracy of a logistic regression on features(x); its strength is chosen on the validation pile."""
    from sklearn.linear_model import LogisticRegression

    piles = [(features(x), d) for x, d in parts]
    mean, std = piles[0][0].mean(axis=0), piles[0][0].std(axis=0) + 1e-9
    (z, d), (z_val, d_val), (z_test, d_test) = [((z - mean) / std, d) for z, d in piles]
    models = [LogisticRegression(C=C, max_iter=5000, tol=1e-6).fit(z, d) for C in (0.1, 1, 10)]
    return max(models, key=lambda m: m.score(z_val, d_val)).score(z_test, d_test)


def pooled(network, layers):
    return lambda x: Sequential(*network.layers[:layers], GlobalMaxPooling()).predict(x)


def filter_correlations(W, start):
    return np.array([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(W, start)])


def smoothness(W):
    """The correlation of a weight with its neighbour to the right or below, over all filters (F, C, FH, FW)."""
    W = W - W.mean(axis=(2, 3), keepdims=True)
    across, down = W[:, :, :, 1:] * W[:, :, :, :-1], W[:, :, 1:] * W[:, :, :-1]
    return np.concatenate([across.ravel(), down.ravel()]).mean() / np.mean(W**2)


def look_inside(rngs):
    parts = load_translated_digits(rng=rngs.data)
    (x, d), _, (x_test, d_test) = parts
    start = build(rngs.weights)
    network = fit(deepcopy(start), x, d, deepcopy(rngs.order))
    results = {
        "train": accuracy(network, x, d),
        "test": accuracy(network, x_test, d_test),
        "filters of layer 1": filter_correlations(network[0].W, start[0].W),
        "filters of layer 2": filter_correlations(network[2].W, start[2].W),
        "smoothness": np.array([smoothness(start[0].W), smoothness(network[0].W)]),
        "pixels": read_out(lambda x: x.reshape(len(x), -1), parts),
        "layer 1, untrained": read_out(pooled(start, 2), parts),
        "layer 2, untrained": read_out(pooled(start, 4), parts),
        "layer 1": read_out(pooled(network, 2), parts),
        "layer 2": read_out(pooled(network, 4), parts),
    }
    put_back = Sequential(*start.layers[:2], *network.layers[2:])
    above = fit(deepcopy(start)[2:], start[:2].predict(x), d, deepcopy(rngs.order))  # layer 1 is never trained
    results["layer 1 put back"] = accuracy(put_back, x_test, d_test)
    results["layer 1 frozen"] = accuracy(Sequential(*start.layers[:2], *above.layers), x_test, d_test)
    single = fit(one_layer(rngs.weights), x, d, rngs.order)
    results |= {"one layer, train": accuracy(single, x, d), "one layer": accuracy(single, x_test, d_test)}

    shuffled = rngs.noise.permutation(d)
    others = {
        "second network": fit(build(rngs.noise), x, d, rngs.order),
        "shuffled labels": fit(build(rngs.noise), x, shuffled, rngs.order, epochs=40),
        "untrained": build(rngs.noise),
    }
    results["shuffled, train"] = accuracy(others["shuffled labels"], x, shuffled)
    results |= {f"test/{name}": accuracy(other, x_test, d_test) for name, other in others.items()}
    return results | compare_maps(network, others, x_test[:IMAGES], rngs.noise)


def compare_maps(network, others, x, rng):
    """The maps of one network against those of others; and whose pixels, when they are taken away, change the answer."""
    v = answer_and_runner_up(network.predict(x))
    ours, theirs = maps(network, x, v), {name: maps(other, x, v) for name, other in others.items()}
    results = {
        f"correlation/{name}/{kind}": correlation(ours[kind], found[kind])
        for name, found in theirs.items()
        for kind in ours
    }
    ink, g = x[:, 0], gradient(network, x, v)
    ranked = {
        "gradient × input": g * ink,
        "occlusion": occlusion(network, x, v, 1),
        "|gradient × input|": np.abs(g) * ink,
        "the darkest": ink,
        "at random": rng.random(ink.shape),
        "shuffled labels": gradient(others["shuffled labels"], x, v) * ink,
    }
    for name, scores in ranked.items():
        order = np.argsort(-np.where(ink > 0, scores, -np.inf).reshape(len(x), -1), axis=1, kind="stable")
        results[f"unchanged/{name}"] = unchanged(network, x, order)
    hero = [ours["|gradient × input|"], *(found["|gradient × input|"] for found in theirs.values())]
    return results | {"hero": np.array(hero)[:, HERO], "images": x[HERO, 0]}


def compute():
    results = {}
    arrays = compare(look_inside, {"": {}}, seeds=SEEDS, jobs=1).arrays()
    for key, array in arrays.items():
        name = key.removeprefix("/")
        results[name] = array[0] if name in ("hero", "images") else array
    return results | {"networks": np.array(["trained", "second network", "shuffled labels", "untrained"])}


if __name__ == "__main__":
    for name, value in look_inside(generators(0)).items():
        print(name, np.shape(value) if np.size(value) > 40 else np.round(value, 3))
