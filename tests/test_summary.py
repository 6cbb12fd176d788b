"""The ledger of a network: shapes, parameters, multiply-adds, memory."""

import numpy as np

from common.convolution import AveragePooling, Convolution, Convolution1d, GlobalAveragePooling, MaxPooling
from common.layers import Affine, Dropout, Flatten, ReLU
from common.models import VGG16, AlexNet, ShapesOnly
from common.network import Sequential
from common.normalization import BatchNorm, LocalResponseNorm


def rng(seed=0):
    return np.random.default_rng(seed)


def test_by_hand():
    network = Sequential(
        Convolution(3, 4, 5, stride=2, padding=1, rng=rng()),
        BatchNorm(4),
        ReLU(),
        LocalResponseNorm(),
        MaxPooling(2),
        Flatten(),
        Dropout(0.5, rng=rng()),
        Affine(16, 10, rng=rng()),
    )
    table = network.summary((3, 9, 11))
    assert [row.output_shape for row in table] == [(4, 4, 5)] * 4 + [(4, 2, 2), (16,), (16,), (10,)]
    assert [row.parameters for row in table] == [4 * 76, 8, 0, 0, 0, 0, 0, 170]
    assert [row.multiply_adds for row in table] == [4 * 75 * 20, 0, 0, 0, 0, 0, 0, 160]
    assert [row.memory for row in table] == [8 * n for n in (80, 80, 0, 0, 16, 0, 0, 10)]
    assert (table.parameters, table.multiply_adds) == (4 * 76 + 8 + 170, 6000 + 160)
    assert table.activations == 297 + 80 + 80 + 16 + 10 and table.memory == 8 * table.activations
    assert network.astype(np.float32).summary((3, 9, 11)).memory == 4 * table.activations


def test_multiply_adds_count_the_products_of_the_sum():
    """Every multiplication of W with a pixel, counted where W and x are ones and nothing is padded."""
    for layer, shape in [
        (Convolution(4, 6, (3, 2), (2, 1), groups=2, rng=rng()), (4, 7, 5)),
        (Convolution1d(4, 6, 3, 2, groups=2, rng=rng()), (4, 9)),
        (Affine(5, 3, rng=rng()), (5,)),
    ]:
        layer.W[...] = 1
        assert layer.multiply_adds(shape) == layer.forward(np.ones((1, *shape))).sum()
    assert AveragePooling(2).multiply_adds((1, 4, 4)) == GlobalAveragePooling().multiply_adds((1, 4, 4)) == 0


def test_vgg_16():
    table = VGG16(rng=ShapesOnly()).summary()
    assert table.parameters == 138_357_544
    assert table.activations == 15_237_608  # input and pools counted
    assert round(table.memory / 1e6, 2) == 60.95
    assert table.multiply_adds == 15_470_264_320


def test_alexnet():
    """The paper's two groups save a third of the products."""
    whole, groups = (AlexNet(rng=ShapesOnly(), dtype=np.float32, groups=g).summary() for g in (1, 2))
    assert whole.multiply_adds == 1_135_256_096 and groups.multiply_adds == 724_406_816
    assert [row.multiply_adds for row in whole if row.layer.startswith("Conv")] == [
        55 * 55 * 96 * 363,
        27 * 27 * 256 * 2400,
        13 * 13 * 384 * 2304,
        13 * 13 * 384 * 3456,
        13 * 13 * 256 * 3456,
    ]


def test_it_prints_as_a_table():
    lines = repr(Sequential(Flatten(), Affine(64, 10, rng=rng()), ReLU()).summary((1, 8, 8))).splitlines()
    assert lines[0].split() == ["layer", "output", "shape", "parameters", "multiply-adds", "memory,", "kB"]
    assert lines[1].split() == ["input", "(N,", "1,", "8,", "8)", "0.5"]
    assert lines[3].split() == ["Affine(64,", "10)", "(N,", "10)", "650", "640", "0.1"]
    assert lines[-1].split() == ["total", "650", "640", "0.6"]
    assert len({len(line) for line in lines}) == 1  # the last column is flush right


def test_a_network_without_parameters():
    assert Sequential(Flatten()).summary((2, 3)).memory == 8 * 6
