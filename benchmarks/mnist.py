"""The course's experiments on MNIST at full size: python benchmarks/mnist.py (or `make bench-mnist`, which fetches the data)

Prints a table with what the original course published beside what we measure, mean ± standard deviation over seeds, and
stores the numbers in data/results/mnist.npz for the lessons. All networks compute in float32, which is twice as fast; on
another processor an accuracy may differ by .001 or so. Each part is kept in .cache/mnist as it finishes: a second start
goes on from there. --quick tries everything with a small budget and stores nothing.
"""

import argparse
import os
import sys
import time
from functools import cache
from itertools import chain, count, islice
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before NumPy is loaded

import numpy as np

from common import models
from common.datasets import noisy_labels, random_rotation, random_shift
from common.diagnostics import gradient_sizes
from common.experiments import compare, grid, mean_sd
from common.initializers import constant, he, xavier
from common.layers import Affine, Dropout, ReLU, Sigmoid
from common.losses import SoftmaxCrossEntropy
from common.mnist import DataError, load_mnist
from common.network import Sequential
from common.optimizers import SGD, AdaDelta, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from common.regularizers import L1, L2
from common.trainer import Trainer, accuracy, minibatches

ROOT = Path(__file__).resolve().parent.parent
STARTS = {"0.01": constant(0.01), "Xavier": xavier, "He": he}
BENDS = {"sigmoid": Sigmoid, "ReLU": ReLU}
OPTIMIZERS = {o.__name__: o for o in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam)}
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
NETWORKS = ("SimpleConvNet", "DoubleConvNet", "DeepConvNet")
BATCH = 100
WINDOW = 20  # a stored loss is the mean of so many updates

PUBLISHED = {  # test accuracy in the original course
    "mlp/0.01": ".921",
    "mlp/Xavier": ".924",
    "mlp/He": ".932",
    "rate/0.00001": ".096",
    "rate/100": ".089",
    "start/sigmoid/0.01": ".118",
    "start/sigmoid/Xavier": ".874",
    "start/sigmoid/He": ".897",
    "start/ReLU/0.01": ".915",
    "start/ReLU/Xavier": ".950",
    "start/ReLU/He": ".953",
    "optimizer/sigmoid/Adam": ".93",
    "5000/SimpleConvNet": ".954–.961",
    "5000/DeepConvNet": ".94–.97",
}


@cache
def data():
    """(x_train, d_train), (x_test, d_test): flat images, once in each process."""
    return load_mnist()


def dense(sizes, bend, init, rng, rate=0, noise=None):
    """Affine layers of these sizes with a bend behind each but the last; behind each bend dropout, if there is a rate."""
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Affine(n_in, n_out, init, rng=rng, dtype=np.float32), bend()]
        layers += [Dropout(rate, rng=noise)] if rate else []
    return Sequential(*layers[: -2 if rate else -1])


def train(network, optimizer, x, d, iterations, rng):
    """So many updates, epoch after epoch. Returns the losses, each the mean of WINDOW updates."""
    trainer = Trainer(network, SoftmaxCrossEntropy(), optimizer, rng=rng)
    epochs = (minibatches(x, d, BATCH, rng) for _ in count())
    for batch in islice(chain.from_iterable(epochs), iterations):
        trainer.train_step(*batch)
    return np.array(trainer.history["loss"]).reshape(-1, WINDOW).mean(axis=1)


# --- the experiments: each trains one network and returns its scores ------------------------------------------------


def mlp(rngs, sizes, bend, init, lr, iterations):
    """SGD on all 60,000 images; the gradients are mean |dW| of each layer on the first 1,000, before training."""
    (x, d), test = data()
    network = dense(sizes, BENDS[bend], STARTS[init], rngs.weights)
    loss = SoftmaxCrossEntropy()
    loss.forward(network.forward(x[:1000]), d[:1000])
    network.backward(loss.backward())
    gradients = list(gradient_sizes(network).values())
    losses = train(network, SGD(lr), x, d, iterations, rngs.order)
    return {"test": accuracy(network, *test), "losses": losses, "gradients": np.array(gradients)}


def optimized(rngs, bend, init, optimizer, lr, iterations):
    """784-40-20-10 on the first 50,000 images; the last 10,000 of the training set are for choosing lr."""
    (x, d), test = data()
    network = dense([784, 40, 20, 10], BENDS[bend], STARTS[init], rngs.weights)
    losses = train(network, OPTIMIZERS[optimizer](lr), x[:50000], d[:50000], iterations, rngs.order)
    if not np.isfinite(losses).all():
        raise FloatingPointError("the loss is no number any more")
    validation = accuracy(network, x[50000:], d[50000:])
    return {"validation": validation, "test": accuracy(network, *test), "losses": losses}


def few(rngs, wrong, epochs, l1=0, l2=0, rate=0, shift=0, degrees=0):
    """784 and six layers of 100 on 300 images, a share of whose labels is wrong; 1,000 others are for choosing."""
    (x, d), test = data()
    chosen = rngs.data.permutation(len(x))[:1300]
    x, validation = x[chosen[:300]], (x[chosen[300:]], d[chosen[300:]])
    given = noisy_labels(d[chosen[:300]], wrong, rng=rngs.data, K=10)

    def augment(batch):
        images = batch.reshape(-1, 28, 28)
        images = random_shift(images, shift, rng=rngs.noise) if shift else images
        images = random_rotation(images, degrees, rng=rngs.noise) if degrees else images
        return images.reshape(batch.shape)

    network = dense([784, *[100] * 6, 10], ReLU, he, rngs.weights, rate, rngs.noise)
    regularizer = L1(l1) if l1 else L2(l2) if l2 else None
    trainer = Trainer(network, SoftmaxCrossEntropy(), SGD(0.05), rng=rngs.order, regularizer=regularizer)
    trainer.fit(x, given, epochs=epochs, batch_size=50, augment=augment)
    scores = {"train": accuracy(network, x, given), "test": accuracy(network, *test)}
    return scores | {"validation": accuracy(network, *validation), "gap": scores["train"] - scores["test"]}


def convolutional(rngs, network, n_train, n_test, iterations, every, shuffled=False):
    """Adam on the first n_train images; the curve is the accuracy on the first n_test test images. shuffled: the pixels
    of all images are in one random order."""
    order = rngs.data.permutation(28 * 28) if shuffled else np.arange(28 * 28)
    (x, d), (x_test, d_test) = ((x[:, order].reshape(-1, 1, 28, 28), d) for x, d in data())
    network = getattr(models, network)(rng=rngs.weights, dtype=np.float32)
    optimizer, curve, losses = Adam(), [], []
    for _ in range(iterations // every):
        losses.append(train(network, optimizer, x[:n_train], d[:n_train], every, rngs.order))
        curve.append(accuracy(network, x_test[:n_test], d_test[:n_test]))
    scores = {"test": curve[-1], "first": curve[0], "curve": np.array(curve), "losses": np.concatenate(losses)}
    return scores | {"all": accuracy(network, x_test, d_test)}


def parts(quick):
    """{part: (run, configurations, seeds)}; a part is computed and kept as one."""
    cut = 50 if quick else 1
    three, five = (range(2), range(2)) if quick else (range(3), range(5))
    wide = {"sizes": [784, 40, 10], "bend": "ReLU", "iterations": 1000 // cut}
    mlps = {f"mlp/{init}": wide | {"init": init, "lr": 0.1} for init in STARTS}
    mlps |= {f"rate/{lr}": wide | {"init": "He", "lr": float(lr)} for lr in ("0.00001", "1", "100")}
    deep = {"sizes": [784, 40, 20, 10], "lr": 0.1, "iterations": 2000 // cut}
    starts = {f"start/{s['bend']}/{s['init']}": deep | s for s in grid(bend=BENDS, init=STARTS)}
    chosen = {"mlp": (mlp, mlps, five), "starts": (mlp, starts, five)}
    rates = grid(lr=RATES[2:5] if quick else RATES)
    for bend, init in (("ReLU", "He"), ("sigmoid", "0.01")):
        fixed = {"bend": bend, "init": init, "iterations": 2000 // cut}
        candidates = {f"optimizer/{bend}/{o}": [fixed | {"optimizer": o} | r for r in rates] for o in OPTIMIZERS}
        chosen[f"optimizers, {bend}"] = (optimized, candidates, three)
    methods = {
        "none": [{}],
        "L2": grid(l2=[0.003, 0.01, 0.03, 0.1]),
        "L1": grid(l1=[0.0003, 0.001, 0.003, 0.01]),
        "dropout": grid(rate=[0.05, 0.1, 0.2, 0.3]),
        "dropout + L2": grid(rate=[0.1, 0.2], l2=[0.003, 0.01]),
        "augmentation": [*grid(shift=[1, 2]), *grid(degrees=[10, 20])],
    }
    for wrong in (0, 0.3):
        fixed = {"wrong": wrong, "epochs": 120 // cut}
        candidates = {f"few/{wrong}/{m}": [fixed | s for s in settings] for m, settings in methods.items()}
        chosen[f"300 images, {wrong:.0%} of the labels wrong"] = (few, candidates, five)
    steps = WINDOW if quick else 100
    for name in NETWORKS:
        split = {"network": name, "n_train": 5000, "n_test": 1000, "iterations": 2 * steps if quick else 1000}
        split["every"] = steps
        chosen[f"{name}, 5,000 images"] = (convolutional, {f"5000/{name}": split}, five)
    shuffled = {"shuffled/SimpleConvNet": split | {"network": "SimpleConvNet", "shuffled": True}}
    chosen["SimpleConvNet, 5,000 images, shuffled pixels"] = (convolutional, shuffled, five)
    epoch = WINDOW if quick else 600
    for name in NETWORKS:
        epochs = 5 if name == "SimpleConvNet" else 1
        full = {"network": name, "n_train": 60000, "n_test": 10000, "iterations": epochs * epoch, "every": epoch}
        chosen[f"{name}, 60,000 images"] = (convolutional, {f"60000/{name}": full}, three)
    return chosen


# --- running them, and the table ------------------------------------------------------------------------------------


def compute_part(run, configurations, seeds, jobs):
    """The scores as arrays {"name/score": (seeds, …)}, and as text the settings that were chosen."""
    comparison = compare(run, configurations, seeds=seeds, jobs=jobs)
    settings = {f"{name}/settings": describe(name, configurations, comparison[name].settings) for name in comparison}
    return comparison.arrays() | {key: np.array(text) for key, text in settings.items() if text}


def describe(name, configurations, settings):
    """What was chosen of the candidates: 'lr=0.1'; '' where there was no choice."""
    candidates = configurations[name] if isinstance(configurations[name], list) else [configurations[name]]
    varied = {k for s in candidates for k in s if any(s.get(k) != other.get(k) for other in candidates)}
    return ", ".join(f"{k}={v}" for k, v in settings.items() if k in varied)


def kept(file, code):
    """What an earlier start has computed with the same code, or None."""
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as archive:
        arrays = dict(archive)
    return arrays if str(arrays.pop("made_from")) == code else None


def keep(file, arrays, code):
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new.npz")
    np.savez_compressed(new, made_from=code, **arrays)
    new.replace(file)


def lines(arrays):
    """One line for each configuration: published, ours, the number of seeds, what was chosen."""
    for key in arrays:
        name, _, score = key.rpartition("/")
        if score == "test":
            settings = str(arrays.get(f"{name}/settings", ""))
            yield f"{name:28}{PUBLISHED.get(name, '–'):>12}{score_of(arrays[key]):>16}{len(arrays[key]):>6}  {settings}"
        elif score == "all" and name.startswith(("5000", "shuffled")):
            yield f"{'  on all 10,000 test images':40}{score_of(arrays[key]):>16}"
        elif score == "first" and arrays[f"{name}/curve"].shape[1] == 5:
            yield f"{'  after the first epoch of five':40}{score_of(arrays[key]):>16}"


def score_of(accuracies):
    return "diverged" if np.isnan(accuracies).any() else mean_sd(accuracies)


def main():
    sys.path.append(str(ROOT / "tools"))
    import experiments

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small budget; nothing is stored")
    parser.add_argument("--jobs", type=int, default=2, help="processes, each with one thread (default: 2)")
    options = parser.parse_args()
    try:
        data()
    except DataError as error:
        return str(error)
    code, began, results = experiments.made_from("mnist"), time.perf_counter(), {}
    todo = parts(options.quick)
    print(f"{'test accuracy':28}{'published':>12}{'ours':>16}{'seeds':>6}")
    for number, (part, (run, configurations, seeds)) in enumerate(todo.items(), 1):
        file = ROOT / ".cache" / ("mnist-quick" if options.quick else "mnist") / f"{number:02}.npz"
        arrays = kept(file, code)
        if arrays is None:
            start = time.perf_counter()
            arrays = compute_part(run, configurations, seeds, options.jobs)
            arrays["seconds"] = np.array(time.perf_counter() - start)
            keep(file, arrays, code)
        results[f"seconds/{part}"] = arrays.pop("seconds")
        print(
            f"\n[{number}/{len(todo)}] {part}: {results[f'seconds/{part}']:.0f} s", *lines(arrays), sep="\n", flush=True
        )
        results |= arrays
    minutes = sum(seconds for key, seconds in results.items() if key.startswith("seconds/")) / 60
    print(f"\n{minutes:.1f} minutes in all; {time.perf_counter() - began:.0f} s of them in this run")
    if not options.quick:
        experiments.store("mnist", results, code)
        print("stored in data/results/mnist.npz")
    return 0


if __name__ == "__main__":
    from mnist import main  # by its name, so that the other processes find the experiments

    sys.exit(main())
