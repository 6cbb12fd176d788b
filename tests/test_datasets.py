"""datasets.py: the right data, in the right shapes, reproducibly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import datasets

# The same examples in every run, and no clock: a busy machine must not turn a test red.
repeatable = settings(derandomize=True, deadline=None)


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


def test_translated_digits_are_the_digits_somewhere_on_a_canvas():
    plain = datasets.load_digits(rng=rng(), images=True)
    moved = datasets.load_translated_digits(rng=rng())
    for (x, d), (canvas, labels) in zip(plain, moved, strict=True):
        assert canvas.shape == (len(x), 1, 16, 16)
        np.testing.assert_array_equal(labels, d)
        np.testing.assert_allclose(canvas.sum(axis=(1, 2, 3)), x.sum(axis=(1, 2, 3)))


def test_pasting_reaches_every_place_and_keeps_the_image():
    x = np.full((2000, 2, 3, 2), 7.0, np.float32)
    canvas = datasets.paste(x, 5, rng=rng())
    assert canvas.shape == (2000, 2, 5, 5) and canvas.dtype == np.float32
    corners = set()
    for image in canvas:
        rows, columns = np.nonzero(image[1])
        assert (len(rows), np.ptp(rows), np.ptp(columns)) == (6, 2, 1)
        corners.add((rows[0], columns[0]))
    assert corners == {(r, c) for r in range(3) for c in range(4)}
    np.testing.assert_array_equal(datasets.paste(x, 3, rng=rng()).sum(), x.sum())
    with pytest.raises(ValueError, match=r"images of 3×2 do not fit on a canvas of 2×2"):
        datasets.paste(x, 2, rng=rng())


def test_photographs():
    for name in datasets.PHOTOGRAPHS:
        x = datasets.load_photograph(name)
        assert x.shape == (3, 427, 640) and x.dtype == np.float64 and 0 <= x.min() < 0.1 and 0.9 < x.max() <= 1
    red, green, blue = datasets.load_photograph("flower")[:, 213, 250]
    assert red > green > blue  # the flower is orange, so the channels come first and in this order
    with pytest.raises(ValueError, match=r"unknown photograph 'cat': there are china, flower"):
        datasets.load_photograph("cat")


def test_waves():
    x, d = datasets.waves(600, rng=rng(), noise=0)
    assert x.shape == (600, 1, 64) and set(d) == {0, 1, 2} and abs(x).max() <= 1
    sine, square, sawtooth = (x[d == k, 0] for k in range(3))
    assert set(np.unique(square)) == {-1.0, 1.0}
    steps = np.diff(sawtooth, axis=1)  # falls evenly, then jumps up by 2
    slope = np.median(steps, axis=1, keepdims=True)
    assert np.all(np.isclose(steps, slope) | np.isclose(steps, slope + 2))
    assert np.all(abs(np.diff(sine, axis=1)) < 2 * np.pi * 6 / 64 + 1e-9) and abs(np.diff(sine, axis=1)).max() > 0.55
    crossings = (np.diff(np.sign(square), axis=1) != 0).sum(axis=1)
    assert crossings.min() >= 3 and crossings.max() <= 12  # two to six periods
    assert abs(x[:, 0, 0].mean()) < 0.1  # a random phase
    noisy, again = datasets.waves(600, rng=rng(), noise=0.3)
    np.testing.assert_array_equal(again, d)
    np.testing.assert_allclose((noisy - x).std(), 0.3, rtol=0.02)
    assert datasets.waves(5, rng=rng(), length=20)[0].shape == (5, 1, 20)


def test_shapes():
    x, d = datasets.shapes(400, rng=rng(), noise=0)
    assert x.shape == (400, 3, 32, 32) and set(d) == set(range(10)) and x.min() >= 0 and x.max() <= 1
    low, high = x.min(axis=(2, 3)), x.max(axis=(2, 3))
    assert low.max() <= 0.4 and high.min() >= 0.5  # light shapes on dark ground
    covered = (x - low[:, :, None, None]) / (high - low)[:, :, None, None]
    np.testing.assert_allclose(covered[:, 0], covered[:, 2], atol=1e-12)  # one shape in all channels
    border = [covered[:, 0, 0], covered[:, 0, -1], covered[:, 0, :, 0], covered[:, 0, :, -1]]
    assert max(b.mean() for b in border) < 0.05  # it lies inside the image
    areas = dict(zip(datasets.SHAPES, [covered[d == k, 0].mean() for k in range(10)], strict=True))
    assert areas["disc"] > areas["ring"] and areas["square"] > areas["frame"]
    assert all(0.05 < area < 0.35 for area in areas.values())
    rows = covered[d == list(datasets.SHAPES).index("triangle"), 0].sum(axis=2)
    widest, middle = rows.argmax(axis=1), (rows * np.arange(32)).sum(axis=1) / rows.sum(axis=1)
    assert np.all(widest > middle)  # it stands on its base
    noisy = datasets.shapes(400, rng=rng(), noise=0.05)[0]
    inside = (x > 0.2) & (x < 0.8)  # where nothing is clipped
    np.testing.assert_allclose((noisy - x)[inside].std(), 0.05, rtol=0.02)
    assert datasets.shapes(2, rng=rng(), size=20)[0].shape == (2, 3, 20, 20)


@pytest.mark.parametrize("name", datasets.SHAPES)
def test_every_shape_is_symmetric_but_for_the_moon(name):
    points = np.linspace(-1.203, 1.203, 98)
    inside = datasets.SHAPES[name](points, points[:, None])
    turned = {"moon": inside[::-1]}.get(name, inside[:, ::-1])  # the moon's horns are above each other
    assert (inside != turned).mean() < 0.005
    assert 0.1 < inside.mean() < 0.5


def test_polygon():
    inside = datasets.polygon(datasets.corners(3, 1))  # a triangle on its base: y points down
    y = np.array([-0.9, -0.6, 0.4, 0.6])
    np.testing.assert_array_equal(inside(np.zeros(4), y), [True, True, True, False])
    np.testing.assert_array_equal(inside(np.array([-0.9, 0.7, 0.9]), np.full(3, 0.4)), [False, True, False])


def test_by_name():
    by_name, direct = datasets.load("digits", rng=rng(), test=100), datasets.load_digits(rng=rng(), test=100)
    np.testing.assert_array_equal(by_name[2][1], direct[2][1])
    assert datasets.load("regression", 5, rng=rng())[0].shape == (5, 2)
    with pytest.raises(ValueError, match=r"unknown dataset 'mnsit': there are .*MNIST, digits, .*regression"):
        datasets.load("mnsit", rng=rng())


def test_the_generator_is_required():
    loaders = (datasets.load_digits, datasets.load_translated_digits)
    makers = (datasets.regression, datasets.waves, datasets.shapes)
    for load in (*loaders, *(lambda make=make: make(5) for make in makers)):
        with pytest.raises(TypeError, match=r"rng"):
            load()


# --- noisy labels -------------------------------------------------------------------------------------------------


@repeatable
@given(st.integers(1, 200), st.floats(0, 1), st.integers(2, 10), st.integers(0, 99))
def test_noisy_labels_are_wrong_and_exactly_as_many_as_asked_for(N, share, K, seed):
    d = rng(seed).integers(0, K, N)
    kept = d.copy()
    noisy = datasets.noisy_labels(d, share, K=K, rng=rng(seed + 1))
    assert np.sum(noisy != d) == round(share * N)
    assert noisy.dtype == d.dtype and noisy.min() >= 0 and noisy.max() < K
    np.testing.assert_array_equal(d, kept)


def test_every_wrong_class_is_equally_likely():
    noisy = datasets.noisy_labels(np.full(40_000, 2), 1, K=5, rng=rng())
    np.testing.assert_allclose(np.bincount(noisy), [10_000, 10_000, 0, 10_000, 10_000], atol=450)  # 5 σ


def test_the_number_of_classes_is_what_the_labels_show():
    assert set(datasets.noisy_labels(np.arange(300) % 3, 0.9, rng=rng())) == {0, 1, 2}
    with pytest.raises(ValueError, match=r"share must lie between 0 and 1, got 20"):
        datasets.noisy_labels(np.arange(5), 20, rng=rng())
    with pytest.raises(ValueError, match=r"at least 2 classes, got K = 1"):
        datasets.noisy_labels(np.zeros(5, int), 0.2, rng=rng())


# --- augmentation -------------------------------------------------------------------------------------------------


def numbered(N, *shape):
    """Images in which every pixel has its own number."""
    return np.arange(N * np.prod(shape), dtype=float).reshape(N, *shape)


def test_crops_are_windows_at_every_position_and_no_other():
    x = numbered(2000, 2, 5, 4)
    crops = datasets.random_crop(x, (3, 4), rng=rng())
    assert crops.shape == (2000, 2, 3, 4)
    top = ((crops[:, 0, 0, 0] - x[:, 0, 0, 0]) / 4).astype(int)
    assert set(top) == {0, 1, 2}  # 0 … H − h, both included
    np.testing.assert_array_equal(crops, [image[:, t : t + 3] for image, t in zip(x, top)])


def test_a_crop_of_the_whole_image_is_the_image():
    x = numbered(3, 1, 4, 4)
    np.testing.assert_array_equal(datasets.random_crop(x, (4, 4), rng=rng()), x)
    with pytest.raises(ValueError, match=r"a window of 5×4 does not fit into images of 4×4"):
        datasets.random_crop(x, (5, 4), rng=rng())


def test_shifts_move_up_to_the_given_distance_and_fill_with_0():
    x = np.zeros((3000, 1, 5, 7))
    x[:, 0, 2, 3] = 1
    shifted = datasets.random_shift(x, 2, rng=rng())
    assert shifted.shape == x.shape and np.all(shifted.sum(axis=(1, 2, 3)) == 1)
    _, _, rows, columns = np.nonzero(shifted)
    assert {(r, c) for r, c in zip(rows, columns)} == {(r, c) for r in range(5) for c in range(1, 6)}
    np.testing.assert_array_equal(datasets.random_shift(x, 0, rng=rng()), x)


def test_a_shifted_image_keeps_what_stays_inside():
    x = numbered(1, 3, 4) + 1
    shifted = datasets.random_shift(np.repeat(x, 500, axis=0), 1, rng=rng())
    expected = np.zeros((3, 4))
    expected[1:, 1:] = x[0, :-1, :-1]  # one down and one to the right
    assert any(np.array_equal(s, expected) for s in shifted)


def test_a_shift_may_fill_with_the_edge():
    x = np.full((50, 3, 4, 4), 0.3)
    np.testing.assert_array_equal(datasets.random_shift(x, 2, rng=rng(), fill="edge"), x)


def test_flips_mirror_half_of_the_images():
    x = numbered(1000, 2, 3, 4)
    flipped = datasets.random_flip(x, rng=rng())
    same, mirrored = ((flipped == y).all(axis=(1, 2, 3)) for y in (x, x[..., ::-1]))
    assert np.all(same ^ mirrored) and 430 < mirrored.sum() < 570


def test_rotations_turn_about_the_centre_by_small_angles():
    x = np.zeros((200, 1, 9, 9))
    x[:, 0, 4, 4] = x[:, 0, 4, 8] = 1  # the centre, and 4 to the right of it
    turned = datasets.random_rotation(x, 20, rng=rng())
    assert turned.shape == x.shape and turned.dtype == x.dtype
    np.testing.assert_allclose(turned[:, 0, 4, 4], 1)
    right = turned[:, 0, :, 6:]
    rows = (right.sum(axis=2) * (np.arange(9) - 4)).sum(axis=1) / right.sum(axis=(1, 2))
    assert -4 * np.sin(np.radians(20)) - 0.01 < rows.min() < -1 and 1 < rows.max() < 4 * np.sin(np.radians(20)) + 0.01
    np.testing.assert_allclose(datasets.random_rotation(x, 0, rng=rng()), x, atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 6, 6), (4, 1, 6, 6), (4, 3, 6, 6)])
def test_augmentation_keeps_shape_dtype_and_its_argument(shape):
    x = rng(1).random(shape).astype(np.float32)
    kept = x.copy()
    for change in (
        lambda x, r: datasets.random_shift(x, 1, rng=r),
        lambda x, r: datasets.random_rotation(x, 10, rng=r),
        lambda x, r: datasets.random_crop(x, (6, 6), rng=r),
        lambda x, r: datasets.random_flip(x, rng=r),
    ):
        changed = change(x, rng(2))
        assert changed.shape == shape and changed.dtype == np.float32
        np.testing.assert_array_equal(changed, change(x, rng(2)))
        np.testing.assert_array_equal(x, kept)


def test_all_channels_of_an_image_move_together():
    x = np.repeat(rng(1).random((5, 1, 6, 6)), 3, axis=1)
    for moved in (datasets.random_shift(x, 2, rng=rng(2)), datasets.random_rotation(x, 15, rng=rng(2))):
        np.testing.assert_array_equal(moved[:, 0], moved[:, 2])
        assert not np.array_equal(moved, x)
