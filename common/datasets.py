"""Data for the lessons: installed or generated, so that everything runs offline."""

import numpy as np


def load_digits(*, rng, validation=297, test=500, images=False):
    """1,797 handwritten digits of 8×8 pixels, shuffled with rng and split: training, validation, test.

    Returns (x, d), (x, d), (x, d): x float64 between 0 and 1, shape (N, 64), or (N, 1, 8, 8) with
    images=True; d integer labels 0 … 9, shape (N,). What validation and test leave, 1,000 samples by default,
    is for training.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), as bundled with
    scikit-learn.
    """
    from sklearn.datasets import load_digits as bundled  # here, because importing it takes a second and 70 MB

    x, d = bundled(return_X_y=True)
    train = len(x) - validation - test
    if min(train, validation, test) < 0 or train == 0:
        raise ValueError(
            f"there are {len(x)} digits: validation={validation} and test={test} leave {train} for training"
        )
    order = rng.permutation(len(x))
    x, d = x[order] / 16, d[order]
    if images:
        x = x.reshape(-1, 1, 8, 8)
    cuts = [train, train + validation]
    return tuple(zip(np.split(x, cuts), np.split(d, cuts), strict=True))


def regression(n, *, rng, low=0.0, high=1.0):
    """n points of f(x) = 3x₀ + 2x₁, with x uniform in [low, high)². Returns x (n, 2) and d (n, 1)."""
    x = rng.uniform(low, high, (n, 2))
    return x, x @ np.array([[3.0], [2.0]])


LOADERS = {"digits": load_digits, "regression": regression}


def load(name, *args, **options):
    """A dataset by its name: load("digits", rng=rng). An unknown name raises ValueError with the list."""
    if name not in LOADERS:
        raise ValueError(f"unknown dataset {name!r}: there are {', '.join(sorted(LOADERS))}")
    return LOADERS[name](*args, **options)
