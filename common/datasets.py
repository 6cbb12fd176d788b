"""Data for the lessons: installed or generated, so that everything runs offline."""

import numpy as np

from common.mnist import load_fashion_mnist, load_mnist


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


def load_translated_digits(*, rng, size=16, validation=297, test=500):
    """The digits of `load_digits`, each pasted at a random place of an empty canvas: x (N, 1, size, size).

    Returns training, validation and test data as `load_digits` does.
    """
    parts = load_digits(rng=rng, validation=validation, test=test, images=True)
    return tuple((paste(x, size, rng=rng), d) for x, d in parts)


def paste(x, size, *, rng):
    """Every image at a random place of its own on a canvas of zeros: (N, C, H, W) → (N, C, size, size)."""
    N, C, H, W = x.shape
    if size < max(H, W):
        raise ValueError(f"images of {H}×{W} do not fit on a canvas of {size}×{size}")
    canvas = np.zeros((N, C, size, size), x.dtype)
    tops, lefts = rng.integers(0, size - H + 1, N), rng.integers(0, size - W + 1, N)
    for place, image, top, left in zip(canvas, x, tops, lefts):
        place[:, top : top + H, left : left + W] = image
    return canvas


PHOTOGRAPHS = ("china", "flower")


def load_photograph(name):
    """A real photograph in colour, "china" (a temple) or "flower": x (3, 427, 640), float64 between 0 and 1.

    Source: danielbuechele (china) and vultilion (flower) on Flickr, CC BY 2.0, as bundled with scikit-learn.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"unknown photograph {name!r}: there are {', '.join(PHOTOGRAPHS)}")
    from sklearn.datasets import load_sample_image

    return load_sample_image(f"{name}.jpg").transpose(2, 0, 1) / 255


def regression(n, *, rng, low=0.0, high=1.0):
    """n points of f(x) = 3x₀ + 2x₁, with x uniform in [low, high)². Returns x (n, 2) and d (n, 1)."""
    x = rng.uniform(low, high, (n, 2))
    return x, x @ np.array([[3.0], [2.0]])


WAVES = ("sine", "square", "sawtooth")


def waves(n, *, rng, length=64, noise=0.3):
    """n signals of two to six periods, each beginning at a random phase: which form do they have?

    Returns x (n, 1, length), between −1 and 1 but for the noise, and d (n,), the index of the form in WAVES.
    noise: standard deviation of what is added to every sample.
    """
    d = rng.integers(0, len(WAVES), n)
    periods, start = rng.uniform(2, 6, (n, 1)), rng.uniform(0, 1, (n, 1))
    phase = (periods * np.arange(length) / length + start) % 1
    forms = [np.sin(2 * np.pi * phase), np.where(phase < 0.5, 1.0, -1.0), 1 - 2 * phase]
    x = np.choose(d[:, None], forms) + rng.normal(0, noise, (n, length))
    return x[:, None], d


def polygon(points):
    """Is (x, y) inside the polygon? A function of two arrays: a ray to the left crosses its sides an odd number of times."""

    def inside(x, y):
        odd = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0)):
            if y0 != y1:
                odd ^= ((y0 > y) != (y1 > y)) & (x > x0 + (x1 - x0) * (y - y0) / (y1 - y0))
        return odd

    return inside


def corners(n, radius, start=90.0):
    """n points on a circle, the first at `start` degrees (90 is the top; y points down as in images): (n, 2)."""
    angle = np.deg2rad(start + 360 * np.arange(n) / n)
    return radius * np.stack([np.cos(angle), -np.sin(angle)], axis=1)


STAR = np.stack([corners(5, 1.1), corners(5, 0.46, start=90 + 36)], axis=1).reshape(10, 2)  # tips and dents in turn

# Is (x, y) part of the shape? In units of the shape's radius, from its centre, y down.
SHAPES = {
    "disc": lambda x, y: np.hypot(x, y) < 0.9,
    "ring": lambda x, y: abs(np.hypot(x, y) - 0.78) < 0.18,
    "square": lambda x, y: np.maximum(abs(x), abs(y)) < 0.8,
    "frame": lambda x, y: abs(np.maximum(abs(x), abs(y)) - 0.69) < 0.17,
    "triangle": polygon(corners(3, 1.05)),
    "star": polygon(STAR),
    "plus": lambda x, y: (np.minimum(abs(x), abs(y)) < 0.28) & (np.maximum(abs(x), abs(y)) < 0.95),
    "cross": lambda x, y: (np.minimum(abs(x + y), abs(x - y)) < 0.4) & (np.maximum(abs(x), abs(y)) < 0.85),
    "moon": lambda x, y: (np.hypot(x, y) < 0.95) & (np.hypot(x - 0.45, y) > 0.75),
    "heart": lambda x, y: (x**2 + (1.15 * y - 0.15) ** 2 - 0.55) ** 3 < -1.6 * x**2 * (1.15 * y - 0.15) ** 3,
}


def shapes(n, *, rng, size=32, noise=0.05):
    """n colour images of a light shape on dark ground: place, size, tilt and the two colours are drawn at random.

    Returns x (n, 3, size, size) between 0 and 1, and d (n,), the index of the shape's name in tuple(SHAPES). The radius
    is 0.24 to 0.38 of the side, the tilt at most 15°. noise: standard deviation of what is added to every pixel.
    """
    d = rng.integers(0, len(SHAPES), n)
    radius, tilt = rng.uniform(0.24, 0.38, n), np.deg2rad(rng.uniform(-15, 15, n))
    centre = 0.5 + rng.uniform(-1, 1, (2, n)) * (0.5 - radius)
    light, dark = rng.uniform(0.5, 1, (n, 3)), rng.uniform(0, 0.4, (n, 3))
    kinds, points = list(SHAPES.values()), (np.arange(2 * size) + 0.5) / (2 * size)  # 2×2 points in every pixel
    share = np.empty((n, size, size))  # of every pixel that the shape covers
    for k in range(n):
        x, y = (points - centre[0, k]) / radius[k], (points[:, None] - centre[1, k]) / radius[k]
        cos, sin = np.cos(tilt[k]), np.sin(tilt[k])
        covered = kinds[d[k]](cos * x + sin * y, cos * y - sin * x)
        share[k] = covered.reshape(size, 2, size, 2).mean(axis=(1, 3))
    dark, light = dark[:, :, None, None], light[:, :, None, None]
    x = dark + (light - dark) * share[:, None]
    return np.clip(x + rng.normal(0, noise, x.shape), 0, 1), d


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


def random_shift(x, most, *, rng, fill="constant"):
    """Move every image by −most … most pixels down and to the right. x: (N, …, H, W).

    What comes in is 0, or with fill="edge" what the border shows, as `numpy.pad` does it.
    """
    border = [(0, 0)] * (x.ndim - 2) + [(most, most)] * 2
    return random_crop(np.pad(x, border, mode=fill), x.shape[-2:], rng=rng)


def random_flip(x, *, rng):
    """Mirror every second image, on average: left becomes right. x: (N, …, H, W)."""
    mirrored = rng.random((len(x),) + (1,) * (x.ndim - 1)) < 0.5
    return np.where(mirrored, x[..., ::-1], x)


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


LOADERS = {
    "digits": load_digits,
    "translated digits": load_translated_digits,
    "photograph": load_photograph,
    "MNIST": load_mnist,
    "Fashion-MNIST": load_fashion_mnist,
    "regression": regression,
    "waves": waves,
    "shapes": shapes,
}


def load(name, *args, **options):
    """A dataset by its name: load("digits", rng=rng). An unknown name raises ValueError with the list."""
    if name not in LOADERS:
        raise ValueError(f"unknown dataset {name!r}: there are {', '.join(sorted(LOADERS))}")
    return LOADERS[name](*args, **options)
