"""What is wrong with a network that does not learn? Numbers to look at, layer by layer.

`network` is a Sequential, x a batch. Everything runs in inference mode and changes nothing, except where it says
that it trains.
"""

import numpy as np

from common.layers import ReLU, Sigmoid, Tanh


def activations(network, x):
    """The output of every layer for x, in inference mode: a list as long as the network."""
    outputs = []
    for i in range(len(network)):
        x = network[i : i + 1].forward(x)
        outputs.append(x)
    return outputs


def activation_statistics(network, x):
    """A row per layer: {"layer": …, "mean": …, "std": …, "zeros": share of zeros}, over the batch and all units."""
    return [
        {"layer": repr(layer), "mean": float(z.mean()), "std": float(z.std()), "zeros": float(np.mean(z == 0))}
        for layer, z in zip(network, activations(network, x))
    ]


def dead_relus(network, x):
    """The share of units that are 0 for every sample of x: {index of the ReLU in the network: share}.

    Such a unit has no gradient. In images a unit is a channel: its weights are shared over all positions.
    """
    shares = {}
    for i, (layer, z) in enumerate(zip(network, activations(network, x))):
        if isinstance(layer, ReLU):
            alive = np.any(z > 0, axis=(0, *range(2, z.ndim)))
            shares[i] = float(np.mean(~alive))
    return shares


def saturated(network, x, below=0.1):
    """The share of sigmoid and tanh outputs whose derivative is less than a tenth (`below`) of its maximum.

    {index of the layer in the network: share}. A tenth is reached at |u| = 3.6 (sigmoid) and 1.8 (tanh).
    """
    shares = {}
    for i, (layer, z) in enumerate(zip(network, activations(network, x))):
        if isinstance(layer, Sigmoid | Tanh):
            largest = 0.25 if isinstance(layer, Sigmoid) else 1
            shares[i] = float(np.mean(layer.backward(np.ones_like(z)) < below * largest))
    return shares


def gradient_sizes(network):
    """mean |dW| of every weight after a backward pass: {"W1": …, "W2": …}."""
    return {name: float(np.abs(g).mean()) for name, g in network.grads.items() if name.startswith("W")}


def never_moved(params, step, n=100):
    """The names of the parameters that n calls of step() leave as they were. It trains.

    params: {"W1": array, …}, changed in place by step, e.g. lambda: trainer.train_step(x, d).
    """
    before = {name: array.copy() for name, array in params.items()}
    for _ in range(n):
        step()
    return [name for name, array in params.items() if np.array_equal(array, before[name])]


def update_ratios(params, step):
    """‖ΔW‖ / ‖W‖ of one call of step(), for every weight: {"W1": …}. It trains. About 1e-3 is healthy (Karpathy).

    Weights that were all 0 have no ratio: inf.
    """
    before = {name: array.copy() for name, array in params.items() if name.startswith("W")}
    step()
    sizes = {name: (np.linalg.norm(params[name] - W), np.linalg.norm(W)) for name, W in before.items()}
    return {name: float(change / size) if size else np.inf for name, (change, size) in sizes.items()}
