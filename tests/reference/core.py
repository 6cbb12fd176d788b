"""Make core.npz: what PyTorch computes for the course's layers, losses, optimizers and regularizers, in float64.

    python tests/reference/core.py        with PyTorch installed (`pip install -e .[bench]`)

tests/test_reference.py compares the library with these numbers and needs no PyTorch. Keys are "case/array"; five
steps of training are stacked along the first axis.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

STEPS = 5


def draw(seed, *shape):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def linear(seed, n_in, n_out):
    layer = nn.Linear(n_in, n_out, dtype=torch.float64)
    layer.weight.data, layer.bias.data = 0.7 * draw(seed, n_out, n_in), draw(seed + 1, n_out)
    return layer


def batch_norm(make, seed, n):
    layer = make(n, momentum=0.1, eps=1e-5, dtype=torch.float64)  # our momentum is 1 − PyTorch's: .9
    layer.weight.data, layer.bias.data = 1 + 0.5 * draw(seed, n), draw(seed + 1, n)
    return layer


def named(layer):
    """The layer's parameters, called as in the course; PyTorch keeps W transposed."""
    names = {nn.Linear: ("W", "b"), nn.BatchNorm1d: ("gamma", "beta"), nn.BatchNorm2d: ("gamma", "beta")}
    return dict(zip(names.get(type(layer), ()), layer.parameters()))


def value(p):
    return p.detach().clone().T if p.ndim == 2 else p.detach().clone()


def params(network):
    """{"W1": …, "b1": …, "gamma2": …} as Sequential.params counts them."""
    layers = [layer for layer in network if named(layer)]
    return {f"{name}{i}": value(p) for i, layer in enumerate(layers, 1) for name, p in named(layer).items()}


class Kept(nn.Module):
    """Dropout whose choice is known."""

    def __init__(self, rate, kept):
        super().__init__()
        self.rate, self.kept = rate, kept

    def forward(self, x):
        return x * self.kept / (1 - self.rate)


def one_layer(layer, x, training=True):
    """Forward and backward of one layer; what batch norm measures ("running_mean", …) before and after ("new …")."""
    layer.train(training)
    arrays = {"x": x.clone(), **{name: value(p) for name, p in named(layer).items()}}
    arrays |= {name: value(p) for name, p in layer.named_buffers() if "running" in name}
    layer.zero_grad()
    out = layer(x.requires_grad_())
    dout = draw(99, *out.shape)
    out.backward(dout)
    arrays |= {
        "out": out,
        "dout": dout,
        "dx": x.grad,
        **{f"d{name}": value(p.grad) for name, p in named(layer).items()},
    }
    return arrays | {f"new {name}": value(p) for name, p in layer.named_buffers() if "running" in name}


def layers():
    yield "affine", one_layer(linear(1, 4, 3), draw(2, 5, 4))
    yield "relu", one_layer(nn.ReLU(), draw(2, 5, 4))
    yield "sigmoid", one_layer(nn.Sigmoid(), 3 * draw(2, 5, 4))
    yield "tanh", one_layer(nn.Tanh(), 3 * draw(2, 5, 4))
    yield "flatten", one_layer(nn.Flatten(), draw(2, 3, 2, 4, 5))
    torch.manual_seed(0)
    kept = nn.functional.dropout(torch.ones(6, 7), 0.3) > 0
    torch.manual_seed(0)  # PyTorch's own dropout, and what it chose
    yield "dropout", one_layer(nn.Dropout(0.3), draw(2, 6, 7)) | {"kept": kept}
    for name, make, shape in [("2-D", nn.BatchNorm1d, (6, 4)), ("4-D", nn.BatchNorm2d, (3, 4, 2, 5))]:
        layer = batch_norm(make, 1, 4)
        yield f"batch norm {name}", one_layer(layer, 3 * draw(2, *shape) + 1)
        yield f"batch norm {name}, inference", one_layer(layer, draw(3, *shape), training=False)


def losses():
    """E and ∂E/∂u while u itself walks downhill, five steps with lr 1."""
    labels = torch.arange(6) % 4
    cases = {
        "squared error": (lambda u, d: nn.functional.mse_loss(u, d, reduction="sum") / (2 * len(u)), draw(3, 6, 4)),
        "binary": (nn.functional.binary_cross_entropy_with_logits, torch.from_numpy((np.arange(6.0) % 2)[:, None])),
        "multi-class": (nn.functional.cross_entropy, labels),
        "multi-class, shares": (nn.functional.cross_entropy, torch.softmax(draw(3, 6, 4), dim=1)),
    }
    for name, (loss, d) in cases.items():
        u = 4 * draw(2, 6, 1 if name == "binary" else 4)
        arrays = {"u": u.clone(), "d": d, "E": [], "du": []}
        for _ in range(STEPS):
            u = u.detach().requires_grad_()
            E = loss(u, d)
            E.backward()
            arrays["E"].append(E)
            arrays["du"].append(u.grad)
            u = u - u.grad
        yield name, arrays


def train(network, make_optimizer, penalty=None):
    """Five steps of training on one batch: the loss before, and all parameters after each."""
    x, d = draw(11, 12, 4), torch.arange(12) % 3
    arrays = {"x": x, "d": d, "E": []}
    arrays |= {f"start {name}": p for name, p in params(network).items()}
    optimizer = make_optimizer(network.parameters())
    for _ in range(STEPS):
        optimizer.zero_grad()
        E = nn.functional.cross_entropy(network(x), d)
        if penalty:
            E = E + sum(penalty(layer.weight) for layer in network if isinstance(layer, nn.Linear))
        E.backward()
        optimizer.step()
        arrays["E"].append(E)
        for name, p in params(network).items():
            arrays.setdefault(name, []).append(p)
    measured = network[1].named_buffers()
    return arrays | {f"{name}2": value(p) for name, p in measured if "running" in name}


def networks():
    kept = torch.from_numpy((np.random.default_rng(5).random((12, 6)) >= 0.3).astype(float))
    middles = {
        "relu": nn.ReLU(),
        "sigmoid": nn.Sigmoid(),
        "tanh": nn.Tanh(),
        "dropout": Kept(0.3, kept),
        "batch norm": batch_norm(nn.BatchNorm1d, 7, 6),
    }
    for name, layer in middles.items():
        arrays = train(nn.Sequential(linear(1, 4, 6), layer, linear(3, 6, 3)), lambda p: torch.optim.SGD(p, lr=0.5))
        yield f"network with {name}", arrays | ({"kept": kept} if name == "dropout" else {})


def optimizers():
    opt = torch.optim
    for name, make in {
        "SGD": lambda p: opt.SGD(p, lr=0.1),
        "Momentum": lambda p: opt.SGD(p, lr=0.1, momentum=0.9),
        "Nesterov": lambda p: opt.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "AdaGrad": lambda p: opt.Adagrad(p, lr=0.1, eps=1e-10),
        "RMSprop": lambda p: opt.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-8),
        "AdaDelta": lambda p: opt.Adadelta(p, lr=1.0, rho=0.9, eps=1e-6),
        "Adam": lambda p: opt.Adam(p, lr=0.1, betas=(0.9, 0.999), eps=1e-8),
        "Adam with large epsilon": lambda p: opt.Adam(p, lr=0.1, eps=0.1),
    }.items():
        yield name, train(nn.Sequential(linear(1, 4, 6), nn.Tanh(), linear(3, 6, 3)), make)


def regularizers():
    for name, penalty in {"L1": lambda W: 0.05 * W.abs().sum(), "L2": lambda W: 0.05 / 2 * (W**2).sum()}.items():
        network = nn.Sequential(linear(1, 4, 6), nn.Tanh(), linear(3, 6, 3))
        yield name, train(network, lambda p: torch.optim.SGD(p, lr=0.1), penalty)


def as_array(value):
    values = [v.detach().numpy() for v in (value if isinstance(value, list) else [value])]
    return np.stack(values) if isinstance(value, list) else values[0]


if __name__ == "__main__":
    cases = [*layers(), *losses(), *networks(), *optimizers(), *regularizers()]
    arrays = {f"{case}/{name}": as_array(value) for case, found in cases for name, value in found.items()}
    target = Path(__file__).with_name("core.npz")
    np.savez_compressed(target, torch=torch.__version__, **arrays)
    print(f"{target}: {len(arrays)} arrays, {target.stat().st_size // 1024} kB, PyTorch {torch.__version__}")
