"""The full AlexNet in float32: the time of a forward pass and of a training step, and the peak of the memory.

OPENBLAS_NUM_THREADS=2 python benchmarks/alexnet.py
"""

import os
import sys
import time

import numpy as np

from common.losses import SoftmaxCrossEntropy
from common.models import AlexNet
from common.optimizers import Momentum
from common.trainer import Trainer

BATCH = 8


def seconds(f, times):
    """The median of some calls, the first left out."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        f()
        taken.append(time.perf_counter() - start)
    return np.median(taken[1:])


rng = np.random.default_rng(0)
network = AlexNet(rng=rng, dtype=np.float32)
trainer = Trainer(network, SoftmaxCrossEntropy(), Momentum(lr=0.01), rng=rng)
x, d = rng.random((BATCH, 3, 227, 227), np.float32), rng.integers(0, 1000, BATCH)
print(f"\nAlexNet, float32, {os.environ.get('OPENBLAS_NUM_THREADS', 'all')} thread(s)")
print(f"forward, one image:          {seconds(lambda: network.forward(x[:1]), 10):.3f} s")
print(f"training step, batch of {BATCH}:    {seconds(lambda: trainer.train_step(x, d), 4):.2f} s")
try:
    from resource import RUSAGE_SELF, getrusage

    unit = 1e9 if sys.platform == "darwin" else 1e6  # bytes there, kilobytes elsewhere
    print(f"peak of the process's memory: {getrusage(RUSAGE_SELF).ru_maxrss / unit:.2f} GB")
except ImportError:  # not on Windows
    pass
