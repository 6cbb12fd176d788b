"""The course's named networks: each is a Sequential of layers, for images (N, C, H, W) and a softmax loss.

input_shape: of one image, (C, H, W). rng: np.random.Generator, for the weights and for dropout; with rng=ShapesOnly()
a network has no numbers, only shapes, for `summary`. dtype: np.float64 or np.float32.
"""

import numpy as np

from common.convolution import AveragePooling, Convolution, MaxPooling
from common.initializers import xavier
from common.layers import Affine, Dropout, Flatten, ReLU, Tanh
from common.network import Sequential
from common.normalization import LocalResponseNorm


class ShapesOnly:
    """Stands in for rng where a network is only to be counted: every weight is the same 0, one number in memory."""

    def __init__(self, dtype=np.float32):
        self.dtype = dtype  # that of the network, or it would be converted, which takes memory

    def normal(self, mean, std, shape):
        return np.broadcast_to(self.dtype(0), shape)


class Model(Sequential):
    """A Sequential that remembers the shape of the images it was built for."""

    def __init__(self, input_shape, *layers):
        super().__init__(*layers)
        self.input_shape = input_shape

    def summary(self, input_shape=None):
        return super().summary(input_shape or self.input_shape)


def size_after(layers, input_shape):
    """How many numbers the last of these layers gives for one image: what the next Affine takes."""
    return Sequential(*layers, Flatten()).summary(input_shape)[-1].output_shape[0]


class SimpleConvNet(Model):
    """conv 30 5×5 – ReLU – pool 2 – affine 100 – ReLU – affine 10: 433,890 parameters on 28×28."""

    def __init__(self, input_shape=(1, 28, 28), n_classes=10, *, rng, dtype=np.float64):
        features = [Convolution(input_shape[0], 30, 5, rng=rng, dtype=dtype), ReLU(), MaxPooling(2)]
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            Affine(size_after(features, input_shape), 100, rng=rng, dtype=dtype),
            ReLU(),
            Affine(100, n_classes, rng=rng, dtype=dtype),
        )


class DoubleConvNet(Model):
    """Two convolutions: 10 7×7 pad 1 and 20 3×3 pad 1, each – ReLU – pool 2, then affine 100: 75,430 on 28×28."""

    def __init__(self, input_shape=(1, 28, 28), n_classes=10, *, rng, dtype=np.float64):
        features = [
            *(Convolution(input_shape[0], 10, 7, padding=1, rng=rng, dtype=dtype), ReLU(), MaxPooling(2)),
            *(Convolution(10, 20, 3, padding=1, rng=rng, dtype=dtype), ReLU(), MaxPooling(2)),
        ]
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            Affine(size_after(features, input_shape), 100, rng=rng, dtype=dtype),
            ReLU(),
            Affine(100, n_classes, rng=rng, dtype=dtype),
        )


class DeepConvNet(Model):
    """3×3 filters 16-16-pool-32-32-pool-64-64-pool, affine 50 with dropout, affine 10: 123,552 on 28×28.

    The padding is 1, but 2 in the fourth convolution: 28 → 14 → 16 → 8 → 4.
    """

    def __init__(self, input_shape=(1, 28, 28), n_classes=10, *, rng, dtype=np.float64):
        features, channels = [], input_shape[0]
        for filters, padding, pool in [
            (16, 1, False),
            (16, 1, True),
            (32, 1, False),
            (32, 2, True),
            (64, 1, False),
            (64, 1, True),
        ]:
            features += [Convolution(channels, filters, 3, padding=padding, rng=rng, dtype=dtype), ReLU()]
            if pool:
                features.append(MaxPooling(2))
            channels = filters
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            Affine(size_after(features, input_shape), 50, rng=rng, dtype=dtype),
            ReLU(),
            Dropout(0.5, rng=rng),
            Affine(50, n_classes, rng=rng, dtype=dtype),
        )


class LeNet5(Model):
    """Tanh and average pooling, 32 → 28 → 14 → 10 → 5 → 120 → 84 → 10: 61,706 parameters. For 28×28: padding=2.

    LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998), without its
    trainable pooling and its partly connected second convolution.
    """

    def __init__(self, input_shape=(1, 32, 32), n_classes=10, padding=0, *, rng, dtype=np.float64):
        options = {"init": xavier, "rng": rng, "dtype": dtype}
        features = [
            *(Convolution(input_shape[0], 6, 5, padding=padding, **options), Tanh(), AveragePooling(2)),
            *(Convolution(6, 16, 5, **options), Tanh(), AveragePooling(2)),
            *(Convolution(16, 120, 5, **options), Tanh()),
        ]
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            *(Affine(size_after(features, input_shape), 84, **options), Tanh()),
            Affine(84, n_classes, **options),
        )


class AlexNet(Model):
    """The network that won ImageNet in 2012: 62,378,344 parameters, with its two groups 60,965,224.

    227 → 55 → 27 → 13 → 6, flatten 9,216, 4096-4096-1000. For 224×224 images: padding=2. Krizhevsky, Sutskever and
    Hinton, ImageNet classification with deep convolutional neural networks (2012).
    """

    def __init__(self, input_shape=(3, 227, 227), n_classes=1000, padding=0, groups=1, *, rng, dtype=np.float64):
        options = {"rng": rng, "dtype": dtype}
        features = [
            *(Convolution(input_shape[0], 96, 11, stride=4, padding=padding, **options), ReLU()),
            *(LocalResponseNorm(), MaxPooling(3, stride=2)),
            *(Convolution(96, 256, 5, padding=2, groups=groups, **options), ReLU()),
            *(LocalResponseNorm(), MaxPooling(3, stride=2)),
            *(Convolution(256, 384, 3, padding=1, **options), ReLU()),
            *(Convolution(384, 384, 3, padding=1, groups=groups, **options), ReLU()),
            *(Convolution(384, 256, 3, padding=1, groups=groups, **options), ReLU(), MaxPooling(3, stride=2)),
        ]
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            *(Affine(size_after(features, input_shape), 4096, **options), ReLU(), Dropout(0.5, rng=rng)),
            *(Affine(4096, 4096, **options), ReLU(), Dropout(0.5, rng=rng)),
            Affine(4096, n_classes, **options),
        )


class SmallAlexNet(Model):
    """AlexNet's plan for 32×32: 3×3 filters 16-32-48-48-32, three overlapping pools, twice affine 128 with dropout."""

    def __init__(self, input_shape=(3, 32, 32), n_classes=10, *, rng, dtype=np.float64):
        options = {"rng": rng, "dtype": dtype}
        features = [
            *(Convolution(input_shape[0], 16, 3, padding=1, **options), ReLU(), MaxPooling(3, stride=2)),
            *(Convolution(16, 32, 3, padding=1, **options), ReLU(), MaxPooling(3, stride=2)),
            *(Convolution(32, 48, 3, padding=1, **options), ReLU()),
            *(Convolution(48, 48, 3, padding=1, **options), ReLU()),
            *(Convolution(48, 32, 3, padding=1, **options), ReLU(), MaxPooling(3, stride=2)),
        ]
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            *(Affine(size_after(features, input_shape), 128, **options), ReLU(), Dropout(0.5, rng=rng)),
            *(Affine(128, 128, **options), ReLU(), Dropout(0.5, rng=rng)),
            Affine(128, n_classes, **options),
        )


class VGG16(Model):
    """Nothing but 3×3 filters, 64-64, 128-128, three times 256, 512 and 512, and pools of 2: 138,357,544 parameters.

    Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition (2014).
    """

    def __init__(self, input_shape=(3, 224, 224), n_classes=1000, *, rng, dtype=np.float32):
        options = {"rng": rng, "dtype": dtype}
        features, channels = [], input_shape[0]
        for convolutions, filters in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]:
            for _ in range(convolutions):
                features += [Convolution(channels, filters, 3, padding=1, **options), ReLU()]
                channels = filters
            features.append(MaxPooling(2))
        super().__init__(
            input_shape,
            *features,
            Flatten(),
            *(Affine(size_after(features, input_shape), 4096, **options), ReLU(), Dropout(0.5, rng=rng)),
            *(Affine(4096, 4096, **options), ReLU(), Dropout(0.5, rng=rng)),
            Affine(4096, n_classes, **options),
        )
