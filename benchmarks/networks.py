"""The course's networks against PyTorch (CPU) and against the textbook's im2col: python benchmarks/networks.py

A training step (forward, loss, backward, Adam) and inference on a batch of 100, and the peak of the memory that a
training step takes. All three run alternately in one process with the same numbers, dtype and number of threads; the
table shows medians. With one thread the processor's time is measured, which other programs on the machine disturb
least; with more, the clock's. PyTorch runs in either order of memory (contiguous and channels_last) with its fused Adam,
and the faster one counts.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from copy import deepcopy
from itertools import pairwise

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("names", nargs="*", help="networks (default: all)")
parser.add_argument("--dtype", choices=["float32", "float64"], action="append", help="default: both")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--seconds", type=float, default=6, help="per network, dtype and kind of measurement")
parser.add_argument("--memory-of", help=argparse.SUPPRESS)  # one implementation, in a process of its own
options = parser.parse_args()
os.environ.update(dict.fromkeys(THREADS, str(options.threads)))  # before NumPy is imported

import numpy as np  # noqa: E402
from textbook import textbook  # noqa: E402

from common import convolution, layers  # noqa: E402
from common.layers import Affine, ReLU  # noqa: E402
from common.losses import SoftmaxCrossEntropy  # noqa: E402
from common.models import DeepConvNet, DoubleConvNet, LeNet5, Model, SimpleConvNet, SmallAlexNet  # noqa: E402
from common.optimizers import Adam  # noqa: E402
from common.trainer import Trainer  # noqa: E402

BATCH = 100
clock = time.process_time if options.threads == 1 else time.perf_counter


def mlp(*sizes):
    def make(rng):
        both = [layer for a, b in pairwise(sizes) for layer in (Affine(a, b, rng=rng), ReLU())]
        return Model(sizes[:1], *both[:-1])

    return make


NETWORKS = {
    "MLP 64-50-10": mlp(64, 50, 10),
    "MLP 784-100×5-10": mlp(784, *[100] * 5, 10),
    "SimpleConvNet": lambda rng: SimpleConvNet(rng=rng),
    "DoubleConvNet": lambda rng: DoubleConvNet(rng=rng),
    "DeepConvNet": lambda rng: DeepConvNet(rng=rng),
    "LeNet-5": lambda rng: LeNet5(rng=rng),
    "small AlexNet": lambda rng: SmallAlexNet(rng=rng),
}
NOT_IN_THE_MEAN = {"DoubleConvNet"}  # the mean is over those that the aim was set for


def rng():
    return np.random.default_rng(0)


def ours(network, x, d):
    """(training step, inference) as functions without arguments."""
    trainer = Trainer(network, SoftmaxCrossEntropy(), Adam(), rng=rng())
    return lambda: trainer.train_step(x, d), lambda: network.forward(x)


def pytorch(network, x, d, channels_last=False):
    """The same as `ours` for a copy of the network in PyTorch, with the same parameters."""
    import torch

    torch.set_num_threads(options.threads)
    net, x, d = torch.nn.Sequential(*map(torch_layer, network)), torch.tensor(x), torch.tensor(d)
    if channels_last and x.ndim == 4:
        net, x = (a.to(memory_format=torch.channels_last) for a in (net, x))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)
    loss = torch.nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss(net.train()(x), d).backward()
        optimizer.step()

    def inference():
        with torch.inference_mode():
            net.eval()(x)

    return step, inference


def torch_layer(layer):
    from torch import nn, tensor

    kind = type(layer).__name__
    if kind in ("ReLU", "Tanh", "Flatten", "Dropout"):
        arguments = {"ReLU": [True], "Dropout": [getattr(layer, "rate", 0)]}  # ReLU in place
        return getattr(nn, kind)(*arguments.get(kind, []))
    if isinstance(layer, convolution.MaxPooling):
        return nn.MaxPool2d(layer.window, layer.stride, layer.padding)
    if isinstance(layer, convolution.AveragePooling):
        return nn.AvgPool2d(layer.window, layer.stride, layer.padding)
    if isinstance(layer, layers.Affine):
        made, W = nn.Linear(*layer.W.shape), layer.W.T
    else:
        made = nn.Conv2d(layer.W.shape[1] * layer.groups, *layer.W.shape[:1], layer.window, layer.stride, layer.padding)
        W = layer.W
    made.weight.data, made.bias.data = tensor(W.copy()), tensor(layer.b.copy())
    return made


def prepare(name, dtype):
    network = NETWORKS[name](rng()).astype(dtype)
    x = rng().normal(size=(BATCH, *network.input_shape)).astype(dtype)
    return network, x, rng().integers(0, 10, BATCH)


def alternately(functions, seconds):
    """The median time of each in ms: called in turn, so that a slow moment of the machine hits all of them."""
    times = [[] for _ in functions]
    for f in functions:
        f()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for f, t in zip(functions, times, strict=True):
            start = clock()
            f()
            t.append(clock() - start)
    return [1000 * np.median(t) for t in times]


def measure(name, dtype, seconds):
    network, x, d = prepare(name, dtype)
    convolutional = x.ndim == 4
    versions = [ours(deepcopy(network), x, d), pytorch(network, x, d)]
    versions += [pytorch(network, x, d, channels_last=True)] * convolutional
    row = {}
    for kind, functions in zip(("step", "inference"), zip(*versions, strict=True), strict=True):
        mine, *torchs = alternately(functions, seconds)
        row[kind] = mine, min(torchs)
    if convolutional:
        slow = ours(textbook(deepcopy(network)), x, d)
        row["textbook"] = alternately(slow[:1], seconds / 2)[0]
    first, *rest = network.summary()  # forward, dW and dx are as expensive, but nobody needs the first layer's dx
    first, rest = first.multiply_adds, sum(layer.multiply_adds for layer in rest)
    row["gflops"] = 2e-6 * BATCH * (2 * first + 3 * rest) / row["step"][0]
    row["memory"] = [memory(name, dtype, who) for who in ("ours", "pytorch", "textbook")[: 3 if convolutional else 2]]
    return row


def memory(name, dtype, who):
    """MB that training steps take at their peak, beyond what there is before the first, in a fresh process."""
    command = [sys.executable, __file__, name, "--dtype", dtype, "--memory-of", who]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def own_memory(name, dtype, who):
    network, x, d = prepare(name, dtype)
    make = pytorch if who == "pytorch" else ours
    step, _ = make(textbook(network) if who == "textbook" else network, x, d)
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # the peak starts anew
        before = status("VmRSS")
        step()
        step()
        return (status("VmHWM") - before) / 1000
    except OSError:  # only Linux can tell
        return None


def status(key):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key))


def matrix_product(dtype):
    """GFLOP/s of the product of two large matrices: the most that this machine can do."""
    a = rng().random((1000, 1000)).astype(dtype)
    times = []
    for _ in range(10):
        start = clock()
        a @ a
        times.append(clock() - start)
    return 2 / min(times)


def main():
    names = options.names or list(NETWORKS)
    dtypes = options.dtype or ["float64", "float32"]
    if options.memory_of:
        print(json.dumps(own_memory(names[0], dtypes[0], options.memory_of)))
        return
    import torch

    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, {options.threads} thread(s), batch {BATCH}")
    for dtype in dtypes:
        peak = matrix_product(dtype)
        print(f"\n{dtype}; the matrix product reaches {peak:.0f} GFLOP/s")
        print(f"{'':18}{'training step, ms':^40}{'inference, ms':^30}{'times':>10}{'% of':>10}{'memory, MB':^30}")
        columns = ("ours", "PyTorch", "ratio", "textbook", "ours", "PyTorch", "ratio", "textbook", "peak")
        print(f"{'':18}" + "".join(f"{c:>10}" for c in (*columns, "ours", "PyTorch", "textbook")))
        ratios = {}
        for name in names:
            row = measure(name, dtype, options.seconds)
            (a, b), (c, d), slow = row["step"], row["inference"], row.get("textbook")
            ratios[name] = a / b, c / d
            cells = [f"{a:.2f}", f"{b:.2f}", f"{a / b:.2f}", f"{slow:.0f}" if slow else "–"]
            cells += [f"{c:.2f}", f"{d:.2f}", f"{c / d:.2f}", f"{slow / a:.1f}" if slow else "–"]
            cells += [f"{100 * row['gflops'] / peak:.0f}", *("–" if m is None else f"{m:.1f}" for m in row["memory"])]
            print(f"{name:18}" + "".join(f"{cell:>10}" for cell in cells), flush=True)
        means = np.exp(np.mean([np.log(r) for name, r in ratios.items() if name not in NOT_IN_THE_MEAN], axis=0))
        which = f"without {', '.join(NOT_IN_THE_MEAN & ratios.keys())}" if NOT_IN_THE_MEAN & ratios.keys() else ""
        print(f"geometric mean of the ratios: training step {means[0]:.2f}, inference {means[1]:.2f} {which}".rstrip())


if __name__ == "__main__":
    main()
