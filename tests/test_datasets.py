"""datasets.py: the right data, in the right shapes, reproducibly."""

import numpy as np
import pytest

from common import datasets


def rng(seed=0):
    return np.random.default_rng(seed)


def test_digits():
    parts = datasets.load_digits(rng=rng())
    assert [(x.shape, d.shape) for x, d in parts] == [((n, 64), (n,)) for n in (1000, 297, 500)]
    x, d = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    assert x.dtype == np.float64 and x.min() == 0 and x.max() == 1
    assert d.dtype.kind == "i" and set(d) == set(range(10))


def test_the_parts_are_disjoint_and_complete_and_pairs_stay_together():
    from sklearn.datasets import load_digits

    original = load_digits()
    pairs = sorted((*row, label) for row, label in zip(original.data, original.target, strict=True))
    parts = datasets.load_digits(rng=rng(3))
    ours = sorted((*(16 * row), label) for x, d in parts for row, label in zip(x, d, strict=True))
    assert ours == pairs


def test_the_generator_decides():
    first, again, other = (datasets.load_digits(rng=rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])


def test_images_are_the_same_digits():
    flat, images = datasets.load_digits(rng=rng()), datasets.load_digits(rng=rng(), images=True)
    assert [x.shape for x, _ in images] == [(1000, 1, 8, 8), (297, 1, 8, 8), (500, 1, 8, 8)]
    np.testing.assert_array_equal(images[2][0].reshape(500, 64), flat[2][0])


def test_other_splits():
    sizes = [len(x) for x, _ in datasets.load_digits(rng=rng(), validation=0, test=797)]
    assert sizes == [1000, 0, 797]
    for bad in ({"test": 1797}, {"test": 1500}, {"validation": -1}):
        with pytest.raises(ValueError, match=r"there are 1797 digits: validation=.* leave .* for training"):
            datasets.load_digits(rng=rng(), **bad)


def test_regression():
    x, d = datasets.regression(200, rng=rng(), low=-5, high=5)
    assert x.shape == (200, 2) and d.shape == (200, 1)
    np.testing.assert_allclose(d[:, 0], 3 * x[:, 0] + 2 * x[:, 1])
    assert -5 <= x.min() < -4 and 4 < x.max() < 5
    assert datasets.regression(200, rng=rng())[0].min() >= 0 and datasets.regression(200, rng=rng())[0].max() < 1


def test_by_name():
    by_name, direct = datasets.load("digits", rng=rng(), test=100), datasets.load_digits(rng=rng(), test=100)
    np.testing.assert_array_equal(by_name[2][1], direct[2][1])
    assert datasets.load("regression", 5, rng=rng())[0].shape == (5, 2)
    with pytest.raises(ValueError, match=r"unknown dataset 'mnsit': there are digits, .*regression"):
        datasets.load("mnsit", rng=rng())


def test_the_generator_is_required():
    for load in (datasets.load_digits, lambda: datasets.regression(5)):
        with pytest.raises(TypeError, match=r"rng"):
            load()
