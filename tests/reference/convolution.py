"""Makes convolution.npz, PyTorch's answers: python tests/reference/convolution.py, in an environment with PyTorch.

For every case the file holds x, dout, what the layer has (W, b), its output and its gradients, all float64.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".npz")

# name: (layer, arguments, shape of x). The window, stride and padding differ in the two directions.
CASES = {
    "convolution": ("Convolution", {"channels": 3, "filters": 4, "window": 3}, (2, 3, 6, 5)),
    "strided": (
        "Convolution",
        {"channels": 2, "filters": 3, "window": (3, 2), "stride": (2, 3), "padding": (1, 2)},
        (3, 2, 8, 7),
    ),
    "groups": (
        "Convolution",
        {"channels": 4, "filters": 6, "window": (2, 3), "stride": 2, "padding": 1, "groups": 2},
        (1, 4, 5, 7),
    ),
    "signals": (
        "Convolution1d",
        {"channels": 4, "filters": 6, "window": 3, "stride": 2, "padding": 2, "groups": 2},
        (3, 4, 9),
    ),
    "max": ("MaxPooling", {"window": 2}, (2, 3, 5, 6)),
    "overlapping max": ("MaxPooling", {"window": (3, 2), "stride": (2, 1), "padding": (1, 0)}, (2, 3, 7, 6)),
    "average": ("AveragePooling", {"window": 2}, (2, 3, 5, 6)),
    "overlapping average": ("AveragePooling", {"window": (3, 2), "stride": (2, 1), "padding": (1, 1)}, (2, 3, 7, 6)),
    "global average": ("GlobalAveragePooling", {}, (2, 3, 4, 5)),
    "global max": ("GlobalMaxPooling", {}, (2, 3, 4, 5)),
    "response norm": ("LocalResponseNorm", {"n": 5, "k": 2.0, "alpha": 0.3, "beta": 0.75}, (2, 7, 3, 4)),
    "response norm of three": ("LocalResponseNorm", {"n": 3, "k": 1.0, "alpha": 0.5, "beta": 0.5}, (2, 2, 3, 4)),
}


def torch_layer(kind, window=None, stride=None, padding=0, **a):
    from torch import nn

    if kind.startswith("Convolution"):
        layer = nn.Conv1d if kind.endswith("1d") else nn.Conv2d
        return layer(a["channels"], a["filters"], window, stride or 1, padding, groups=a.get("groups", 1)).double()
    return {
        "MaxPooling": lambda: nn.MaxPool2d(window, stride, padding),
        "AveragePooling": lambda: nn.AvgPool2d(window, stride, padding),
        "GlobalAveragePooling": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "GlobalMaxPooling": lambda: nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()),
        # PyTorch divides alpha by n; AlexNet's paper does not.
        "LocalResponseNorm": lambda: nn.LocalResponseNorm(a["n"], a["alpha"] * a["n"], a["beta"], a["k"]),
    }[kind]()


def main():
    import torch

    arrays = {}
    for i, (name, (kind, arguments, shape)) in enumerate(CASES.items()):
        rng = np.random.default_rng(i)
        x = torch.tensor(rng.normal(size=shape), requires_grad=True)
        layer = torch_layer(kind, **arguments)
        weights = dict(zip("Wb", layer.parameters()))
        for array in weights.values():
            array.data = torch.tensor(rng.normal(size=tuple(array.shape)))
        out = layer(x)
        dout = torch.tensor(rng.normal(size=tuple(out.shape)))
        out.backward(dout)
        found = {"x": x, "dout": dout, "out": out, "dx": x.grad, **weights}
        found |= {"d" + key: array.grad for key, array in weights.items()}
        arrays |= {f"{name}: {key}": array.detach().numpy() for key, array in found.items()}
    np.savez_compressed(FILE, **arrays)
    print(f"{FILE}: {len(CASES)} cases, {FILE.stat().st_size} bytes, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
