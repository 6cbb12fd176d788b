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


def noisy_labels(d, share, *, rng, K=None):
    """Replace a share of the labels by a wrong class, each of the other K − 1 equally likely. Returns a new array.

    d: integer labels (N,). Exactly round(share · N) of them change. K: number of classes, by default as many as
    d shows.
    """
    check_share(share)
    d = np.array(d)
    K = K or d.max() + 1
    if K < 2:
        raise ValueError(f"a wrong class needs at least 2 classes, got K = {K}")
    chosen = rng.choice(len(d), round(share * len(d)), replace=False)
    d[chosen] = (d[chosen] + rng.integers(1, K, len(chosen))) % K  # a step of 1 … K − 1 never ends where it began
    return d


# --- augmentation: slightly other images that mean the same ---------------------------------------------------


def random_crop(x, size, *, rng):
    """A window of size (h, w) of every image, at a random position of its own: 0 … H − h, both included.

    x: (N, …, H, W) → (N, …, h, w). Raises ValueError where the window does not fit.
    """
    (H, W), (h, w) = x.shape[-2:], size
    if h > H or w > W:
        raise ValueError(f"a window of {h}×{w} does not fit into images of {H}×{W}")
    top, left = rng.integers(0, H - h + 1, len(x)), rng.integers(0, W - w + 1, len(x))
    return np.stack([image[..., t : t + h, l : l + w] for image, t, l in zip(x, top, left)])


def random_shift(x, most, *, rng):
    """Move every image by −most … most pixels down and to the right; what comes in is 0. x: (N, …, H, W)."""
    border = [(0, 0)] * (x.ndim - 2) + [(most, most)] * 2
    return random_crop(np.pad(x, border), x.shape[-2:], rng=rng)


def random_rotation(x, degrees, *, rng):
    """Turn every image about its centre by an angle between −degrees and degrees. x: (N, …, H, W).

    Values between pixels are interpolated linearly; what comes in is 0.
    """
    from scipy.ndimage import rotate

    angles = rng.uniform(-degrees, degrees, len(x))
    turned = [rotate(image, angle, axes=(-1, -2), reshape=False, order=1) for image, angle in zip(x, angles)]
    return np.stack(turned)


def check_share(share):
    """Raise unless share lies between 0 and 1."""
    if not 0 <= share <= 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")


LOADERS = {"digits": load_digits, "regression": regression}


def load(name, *args, **options):
    """A dataset by its name: load("digits", rng=rng). An unknown name raises ValueError with the list."""
    if name not in LOADERS:
        raise ValueError(f"unknown dataset {name!r}: there are {', '.join(sorted(LOADERS))}")
    return LOADERS[name](*args, **options)
