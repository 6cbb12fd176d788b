"""models.py: sizes and parameters as published, and every network runs both ways."""

import numpy as np
import pytest

from common import models
from common.convolution import MaxPooling
from common.layers import Dropout
from common.losses import SoftmaxCrossEntropy
from common.models import (
    VGG16,
    AlexNet,
    DeepConvNet,
    DoubleConvNet,
    LeNet5,
    ShapesOnly,
    SimpleConvNet,
    SmallAlexNet,
)
from common.optimizers import Adam
from common.trainer import Trainer

SMALL = [SimpleConvNet, DoubleConvNet, DeepConvNet, LeNet5, SmallAlexNet]


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        (SimpleConvNet(rng=rng()), 433_890),
        (DoubleConvNet(rng=rng()), 75_430),
        (DeepConvNet(rng=rng()), 123_552),
        (LeNet5(rng=rng()), 61_706),
        (LeNet5((1, 28, 28), padding=2, rng=rng()), 61_706),
        (SmallAlexNet(rng=rng()), 108_394),
        (AlexNet(rng=ShapesOnly(np.float64)), 62_378_344),
        (AlexNet(rng=ShapesOnly(), groups=2, dtype=np.float32), 60_965_224),
        (AlexNet((3, 224, 224), padding=2, rng=ShapesOnly(), dtype=np.float32), 62_378_344),
        (VGG16(rng=ShapesOnly()), 138_357_544),
    ],
)
def test_parameters(model, parameters):
    assert model.summary().parameters == parameters == sum(p.size for p in model.params.values())


def sizes(model, kinds):
    """The heights of the images behind the layers of these kinds."""
    return [row.output_shape[1] for row in model.summary() if row.layer.startswith(kinds)]


def test_size_walks():
    shapes = ShapesOnly()
    alexnet = AlexNet(rng=shapes, dtype=np.float32)
    assert sizes(alexnet, ("Convolution", "MaxPooling")) == [55, 27, 27, 13, 13, 13, 13, 6]
    pools = [layer for layer in alexnet if isinstance(layer, MaxPooling)]
    windows = [(pool.window, pool.stride) for pool in pools]
    assert windows == [((3, 3), (2, 2))] * 3  # 2×2 pools would give the same sizes
    assert (9216,) in [row.output_shape for row in alexnet.summary()]
    assert sizes(LeNet5(rng=rng()), ("Convolution", "AveragePooling")) == [28, 14, 10, 5, 1]
    assert sizes(DeepConvNet(rng=rng()), ("Convolution", "MaxPooling")) == [28, 28, 14, 14, 16, 8, 8, 8, 4]
    assert sizes(SmallAlexNet(rng=rng()), "MaxPooling") == [15, 7, 3]
    with pytest.raises(ValueError, match=r"layer 0: Convolution\(3, 96, 11, stride=4\) .* got \(N, 1, 227, 227\)"):
        alexnet.summary((1, 227, 227))


def test_a_ledger_takes_no_memory():
    for model in (VGG16(rng=ShapesOnly()), AlexNet(rng=ShapesOnly(), dtype=np.float32)):
        weights = [p for p in model.params.values() if p.ndim > 1]
        assert all(set(p.strides) == {0} for p in weights)  # all the same number


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("make", SMALL)
def test_it_learns_a_batch_by_heart(make, dtype):
    network = make(rng=rng(), dtype=dtype)
    x = rng(1).normal(size=(12, *network.input_shape)).astype(dtype)
    d = np.arange(12) % 10
    for layer in network:
        if isinstance(layer, Dropout):
            layer.rate = 0
    trainer = Trainer(network, SoftmaxCrossEntropy(), Adam(0.002), rng=rng(2))
    for _ in range(60):
        trainer.train_step(x, d)
    assert trainer.evaluate(x, d)[1] == 1
    assert {a.dtype for a in (network.forward(x), *network.grads.values())} == {np.dtype(dtype)}


@pytest.mark.parametrize("make", SMALL)
def test_other_images_and_classes(make):
    shape = (2, 32, 36)
    network = make(shape, 3, rng=rng())
    assert network.forward(np.zeros((2, *shape))).shape == (2, 3)
    assert network.summary().input_shape == shape


@pytest.mark.parametrize("make", SMALL)
def test_float32_starts_from_the_same_draw(make):
    a, b = make(rng=rng(3)), make(rng=rng(3), dtype=np.float32)
    for name, p in a.params.items():
        np.testing.assert_array_equal(p.astype(np.float32), b.params[name])


def test_every_model_is_tested():
    found = {
        name for name, value in vars(models).items() if isinstance(value, type) and value.__module__ == models.__name__
    }
    assert found == {"Model", "ShapesOnly", "AlexNet", "VGG16", *(make.__name__ for make in SMALL)}
