"""initializers.py: the formulas, and that they do what they are for."""

import numpy as np
import pytest

from common.functions import relu
from common.initializers import constant, glorot, he, xavier
from common.layers import Affine


def test_formulas():
    assert constant(0.01)(784, 10) == 0.01
    assert xavier(25, 7) == 0.2
    assert glorot(30, 20) == 0.2
    assert he(50, 7) == 0.2


@pytest.mark.parametrize("init", [constant(0.3), xavier, glorot, he])
def test_a_layer_draws_with_that_standard_deviation(init):
    W = Affine(200, 300, init, rng=np.random.default_rng(0)).W
    assert W.std() == pytest.approx(init(200, 300), rel=0.02)
    assert abs(W.mean()) < 5 * init(200, 300) / np.sqrt(W.size)


def test_he_keeps_a_relu_signal_alive_and_xavier_halves_its_square():
    """Through 20 layers of 256 the rms is about 1 with He and about 2⁻¹⁰ with Xavier."""

    def rms(init, seed):
        rng = np.random.default_rng(seed)
        z = rng.standard_normal((100, 256))
        for _ in range(20):
            u = Affine(256, 256, init, rng=rng).forward(z)
            z = relu(u)
        return np.sqrt(np.mean(z**2))  # E[relu(u)²] = Var(u)/2, and He starts from E[x²] = 1

    he_rms = np.exp(np.mean([np.log(rms(he, s)) for s in range(8)]))
    xavier_rms = np.exp(np.mean([np.log(rms(xavier, s)) for s in range(8)]))
    assert 0.5 < he_rms < 1.5
    assert xavier_rms == pytest.approx(he_rms / 2**10, rel=1e-6)  # the same draws, each layer √½ smaller
