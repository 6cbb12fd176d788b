"""convolution.py: equal to the textbook and to PyTorch, right gradients, for windows of any size."""

import importlib.util
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import convolution, normalization
from common.convolution import (
    AveragePooling,
    Convolution,
    Convolution1d,
    GlobalAveragePooling,
    GlobalMaxPooling,
    MaxPooling,
    col2im,
    im2col,
    output_size,
)
from common.gradient_check import adjoint_error, check_layer, check_network
from common.layers import Affine, Flatten, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.normalization import LocalResponseNorm

ROOT = Path(__file__).parent.parent


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = load(ROOT / "tests/reference/convolution.py")
textbook = load(ROOT / "benchmarks/textbook.py").textbook


def rng(seed=0):
    return np.random.default_rng(seed)


def normal(*shape, seed=0):
    return rng(seed).normal(size=shape)


# --- sizes, im2col, col2im ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((6, 2, 1, 1), 7), ((227, 11, 4), 55), ((224, 11, 4, 2), 55), ((55, 3, 2), 27), ((28, 5), 24), ((3, 3), 1)],
)
def test_output_size(arguments, expected):
    assert output_size(*arguments) == expected


@pytest.mark.parametrize("arguments", [(4, 5), (4, 7, 1, 1), (4, 2, 0), (4, 0), (4, 2, 1, -1)])
def test_what_does_not_fit(arguments):
    with pytest.raises(ValueError, match=rf"window {arguments[1]} .* size 4"):
        output_size(*arguments)


golden_x = np.array([[3, 4, 4, 2], [0, 8, 9, 2], [0, 4, 3, 1], [3, 3, 5, 7]])[None, None]
golden_W = np.array([[3, 1, 2], [8, 7, 5], [5, 4, 1]])


def test_golden_values():
    layer = Convolution(1, 1, 3, rng=rng())
    layer.W[...] = golden_W
    np.testing.assert_allclose(layer.forward(golden_x)[0, 0], [[141, 190], [101, 137]])
    np.testing.assert_array_equal(im2col(golden_x, 3) @ golden_W.ravel(), [141, 190, 101, 137])
    layer.padding = (1, 1)
    layer.b[:] = 100
    np.testing.assert_allclose(layer.forward(golden_x)[0, 0, 0], [149, 213, 248, 199])


def test_im2col_by_hand():
    x = np.arange(12).reshape(1, 1, 3, 4)
    assert im2col(x, (2, 3)).tolist() == [
        [0, 1, 2, 4, 5, 6],
        [1, 2, 3, 5, 6, 7],
        [4, 5, 6, 8, 9, 10],
        [5, 6, 7, 9, 10, 11],
    ]
    assert im2col(x, 2, stride=2, padding=1).tolist() == [[0, 0, 0, 0], [0, 0, 1, 2], [0, 0, 3, 0]] + [
        [0, 4, 0, 8],
        [5, 6, 9, 10],
        [7, 0, 11, 0],
    ]
    x = np.stack([x, 100 + x], axis=2)[0]  # two channels: theirs lie side by side in a row
    assert im2col(x, (3, 1))[0].tolist() == [0, 4, 8, 100, 104, 108]
    assert col2im(np.ones((4, 4)), (1, 1, 3, 3), 2)[0, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


@st.composite
def geometry(draw, groups=1):
    """(N, C, H, W), window, stride, padding that fit together; the two directions differ."""
    pairs = [draw(st.tuples(st.integers(1, most), st.integers(1, most))) for most in (4, 3)]
    padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    least = [max(1, F - 2 * P) for F, P in zip(pairs[0], padding)]
    H, W = (n + draw(st.integers(0, 6)) for n in least)
    return (draw(st.integers(1, 4)), groups * draw(st.integers(1, 3)), H, W), *pairs, padding


@given(geometry())
def test_im2col_and_col2im_are_adjoint(case):
    shape, *window = case
    x = normal(*shape)
    c = normal(*im2col(x, *window).shape, seed=1)
    assert adjoint_error(lambda x: im2col(x, *window), lambda c: col2im(c, shape, *window), x, c) < 1e-13


# --- the layers' way equals the textbook's ------------------------------------------------------------------------


def run(layer, x):
    out = layer.forward(x)
    dout = normal(*out.shape, seed=9).astype(out.dtype)
    return out, layer.backward(dout), *(getattr(layer, "d" + name) for name in layer.parameters)


@settings(deadline=None, max_examples=200)
@given(geometry(), st.integers(1, 4), st.sampled_from([1, 100, 1000, 2**20]))
def test_convolution_is_the_textbooks(case, filters, block):
    (N, C, H, W), *window = case
    layer = Convolution(C, filters, *window, rng=rng(1))
    layer.b[:] = normal(filters, seed=2)
    slow = textbook([deepcopy(layer)])[0]
    x = normal(N, C, H, W)
    kept, convolution.BLOCK = convolution.BLOCK, block
    try:
        found = run(layer, x)
    finally:
        convolution.BLOCK = kept
    for fast, expected in zip(found, run(slow, x), strict=True):
        np.testing.assert_allclose(fast, expected, rtol=1e-10, atol=1e-12)


@settings(deadline=None)
@given(geometry(groups=2), st.integers(1, 2))
def test_groups_are_convolutions_side_by_side(case, filters):
    (N, C, H, W), *window = case
    both = Convolution(C, 2 * filters, *window, groups=2, rng=rng(1))
    both.b[:] = normal(2 * filters, seed=2)
    x = normal(N, C, H, W)
    out = both.forward(x)
    dout = normal(*out.shape, seed=3)
    dx = both.backward(dout)
    for g in range(2):
        mine, channels = slice(g * filters, (g + 1) * filters), slice(g * C // 2, (g + 1) * C // 2)
        one = Convolution(C // 2, filters, *window, rng=rng(1))
        one.W, one.b = both.W[mine], both.b[mine]
        np.testing.assert_allclose(out[:, mine], one.forward(x[:, channels]), atol=1e-12)
        np.testing.assert_allclose(dx[:, channels], one.backward(dout[:, mine]), atol=1e-12)
        np.testing.assert_allclose(both.dW[mine], one.dW, atol=1e-12)
        np.testing.assert_allclose(both.db[mine], one.db, atol=1e-12)


@settings(deadline=None)
@given(geometry(), st.sampled_from([MaxPooling, AveragePooling]), st.booleans())
def test_pooling_is_the_textbooks(case, kind, ties):
    shape, window, stride, _ = case
    shape = (*shape[:2], *np.maximum(shape[2:], window))
    x = normal(*shape)
    x = np.round(x) if ties else x  # the first of several winners gets the gradient
    for fast, expected in zip(run(kind(window, stride), x), run(textbook([kind(window, stride)])[0], x)):
        np.testing.assert_allclose(fast, expected, atol=1e-12)


def test_max_pooling_never_picks_the_margin():
    layer = MaxPooling(2, stride=2, padding=1)
    np.testing.assert_array_equal(layer.forward(-np.ones((1, 1, 2, 2)))[0, 0], -np.ones((2, 2)))
    np.testing.assert_array_equal(layer.backward(np.ones((1, 1, 2, 2)))[0, 0], np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"more than half the window"):
        MaxPooling(2, padding=2)


def test_the_first_of_equal_winners_gets_all():
    for layer in (MaxPooling(2), GlobalMaxPooling()):
        out = layer.forward(np.ones((1, 1, 2, 2)))
        np.testing.assert_array_equal(layer.backward(np.full_like(out, 5.0))[0, 0], [[5, 0], [0, 0]])


def test_average_pooling_counts_the_margin():
    out = AveragePooling(2, padding=1).forward(np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(out[0, 0], np.full((2, 2), 0.25))


# --- gradients, PyTorch, dtype ------------------------------------------------------------------------------------

CASES = {
    "convolution": (lambda: Convolution(2, 3, 3, rng=rng()), (2, 2, 5, 4)),
    "one image": (lambda: Convolution(1, 2, (3, 2), rng=rng()), (1, 1, 4, 5)),
    "stride and padding": (lambda: Convolution(2, 3, (3, 2), (2, 3), (1, 2), rng=rng()), (3, 2, 6, 5)),
    "groups": (lambda: Convolution(4, 6, 3, 2, 1, groups=2, rng=rng()), (2, 4, 5, 6)),
    "signals": (lambda: Convolution1d(2, 3, 3, 2, 1, rng=rng()), (3, 2, 8)),
    "grouped signals": (lambda: Convolution1d(4, 2, 3, groups=2, rng=rng()), (3, 4, 5)),
    "max": (lambda: MaxPooling(2), (2, 3, 5, 4)),
    "overlapping max": (lambda: MaxPooling((3, 2), (2, 1), (1, 0)), (2, 2, 6, 5)),
    "max with gaps": (lambda: MaxPooling(2, stride=3), (2, 2, 6, 5)),
    "average": (lambda: AveragePooling(2), (2, 3, 5, 4)),
    "overlapping average": (lambda: AveragePooling((3, 2), (2, 1), (1, 1)), (1, 2, 6, 5)),
    "global average": (GlobalAveragePooling, (2, 3, 4, 5)),
    "global max": (GlobalMaxPooling, (2, 3, 4, 5)),
    "global average of signals": (GlobalAveragePooling, (2, 3, 6)),
    "global max of signals": (GlobalMaxPooling, (2, 3, 6)),
    "response norm": (lambda: LocalResponseNorm(alpha=0.3), (2, 7, 3, 2)),
    "response norm, few channels": (lambda: LocalResponseNorm(n=7, k=1.0, alpha=0.3, beta=0.5), (2, 2, 3, 2)),
}


@pytest.mark.parametrize("case", CASES)
def test_gradients_arguments_and_dtype(case):
    make, shape = CASES[case]
    layer = make()
    errors = check_layer(layer, normal(*shape, seed=1), rng=rng(2))
    assert set(errors) == {"dx", *("d" + name for name in layer.parameters)}
    assert max(errors.values()) < 1e-7, errors
    assert layer.forward(normal(*shape)).shape == (shape[0], *layer.output_shape(shape[1:]))
    assert layer.forward(np.empty((0, *shape[1:]))).shape == (0, *layer.output_shape(shape[1:]))


@settings(deadline=None, max_examples=30)
@given(geometry())
def test_gradients_of_any_geometry(case):
    shape, *window = case
    layer = Convolution(shape[1], 2, *window, rng=rng(1))
    assert max(check_layer(layer, normal(*shape), rng=rng(2)).values()) < 1e-7


@pytest.mark.parametrize("case", ["convolution", "stride and padding", "groups", "signals"])
def test_the_gradients_are_adjoint(case):
    """Without b, u is linear in x and in W: ⟨u, v⟩ = ⟨x, dx⟩ = ⟨W, dW⟩ for dout = v."""
    make, shape = CASES[case]
    layer, x = make(), normal(*shape)
    v = normal(*layer.forward(x).shape, seed=1)
    assert adjoint_error(layer.forward, layer.backward, x, v) < 1e-13
    assert np.sum(layer.W * layer.dW) == pytest.approx(np.sum(layer.forward(x) * v))


@pytest.mark.parametrize("case", reference.CASES)
def test_pytorch(case):
    kind, arguments, _ = reference.CASES[case]
    with np.load(reference.FILE) as file:
        frozen = {key.split(": ")[1]: file[key] for key in file if key.startswith(case + ": ")}
    if "W" in frozen:
        arguments = arguments | {"rng": rng()}
    layer = getattr(convolution, kind, None) or getattr(normalization, kind)
    layer = layer(**arguments)
    for name in layer.parameters:
        getattr(layer, name)[...] = frozen[name]
    np.testing.assert_allclose(layer.forward(frozen["x"]), frozen["out"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(layer.backward(frozen["dout"]), frozen["dx"], rtol=0, atol=1e-10)
    for name in layer.parameters:
        np.testing.assert_allclose(getattr(layer, "d" + name), frozen["d" + name], rtol=0, atol=1e-10)


# --- in a network -------------------------------------------------------------------------------------------------


def small(dtype=np.float64):
    conv = Convolution(1, 3, 3, padding=1, rng=rng(), dtype=dtype)
    return Sequential(conv, ReLU(), MaxPooling(2), Flatten(), Affine(12, 4, rng=rng(), dtype=dtype))


def test_a_network():
    errors = check_network(small(), SoftmaxCrossEntropy(), normal(3, 1, 5, 4), np.array([0, 3, 1]))
    assert max(errors.values()) < 1e-7, errors


def test_between_the_layers_nothing_is_copied():
    """The batch lies innermost from the first convolution to the last Affine, and back."""
    x, conv, relu, pool, flatten, _ = normal(5, 1, 5, 4), *small()
    u = conv.forward(x)
    z = pool.forward(relu.forward(u))
    assert all(a.transpose(1, 2, 3, 0).flags.c_contiguous for a in (u, relu.positive, z))
    assert np.shares_memory(flatten.forward(z), z)
    dz = flatten.backward(np.ones((5, 12)))
    assert pool.backward(dz).transpose(1, 2, 3, 0).flags.c_contiguous


def test_the_order_of_memory_changes_nothing():
    """Every layer takes any order of memory, and a batch of one, which has several."""
    for make, shape in CASES.values():
        x = normal(*shape)
        for other in (np.asfortranarray(x), np.moveaxis(np.moveaxis(x, 0, -1).copy(), -1, 0)):
            for a, b in zip(run(make(), x), run(make(), other), strict=True):
                np.testing.assert_allclose(a, b, atol=1e-13)


def test_float32():
    network, loss = small(np.float32), SoftmaxCrossEntropy()
    u = network.forward(normal(3, 1, 5, 4).astype(np.float32), training=True)
    loss.forward(u, np.array([0, 3, 1]))
    dx = network.backward(loss.backward())
    assert {a.dtype for a in (u, dx, *network.grads.values())} == {np.dtype(np.float32)}


def test_the_first_layer_need_not_compute_dx():
    network = small()
    x = normal(3, 1, 5, 4)
    dout = normal(*network.forward(x).shape)
    dx, grads = network.backward(dout), network.grads
    assert network.backward(dout, need_dx=False) is None
    for name, gradient in network.grads.items():
        np.testing.assert_array_equal(gradient, grads[name])
    dout1 = network[1:].backward(dout)
    np.testing.assert_array_equal(network[0].backward(dout1), dx)  # by itself it does again
    np.testing.assert_array_equal(network.backward(dout), dx)
    np.testing.assert_array_equal(network[:1].backward(network[1:].backward(dout)), dx)


def test_what_does_not_fit_is_refused():
    conv = Convolution(3, 8, 5, rng=rng())
    with pytest.raises(ValueError, match=r"Convolution\(3, 8, 5\) takes images of 3 channels .* got \(N, 1, 28, 28\)"):
        conv.output_shape((1, 28, 28))
    with pytest.raises(ValueError, match=r"takes images of 3 channels .* got \(N, 1, 28, 28\)"):
        conv.forward(np.ones((2, 1, 28, 28)))
    with pytest.raises(ValueError, match=r"takes images \(N, C, H, W\), got \(N, 784\)"):
        conv.output_shape((784,))
    with pytest.raises(ValueError, match=r"\(N, 3, 4, 9\): window 5 with stride 1 does not fit size 4 with padding 0"):
        conv.output_shape((3, 4, 9))
    with pytest.raises(ValueError, match=r"MaxPooling\(3\) on \(N, 1, 2, 2\): window 3"):
        MaxPooling(3).forward(np.ones((1, 1, 2, 2)))
    with pytest.raises(ValueError, match=r"Convolution1d\(2, 3, 5\) takes signals \(N, C, L\), got \(N, 2, 5, 5\)"):
        Convolution1d(2, 3, 5, rng=rng()).output_shape((2, 5, 5))
    with pytest.raises(ValueError, match=r"3 channels and 4 filters cannot be divided into 2 groups"):
        Convolution(3, 4, 3, groups=2, rng=rng())
    with pytest.raises(ValueError, match=r"n must be odd.*got 4"):
        LocalResponseNorm(n=4)
    with pytest.raises(ValueError, match=r"takes images .* got \(N, 5\)"):
        GlobalMaxPooling().output_shape((5,))


def test_names():
    assert (
        repr(Convolution(4, 6, (3, 2), 2, 1, 2, rng=rng()))
        == "Convolution(4, 6, (3, 2), stride=2, padding=1, groups=2)"
    )
    assert repr(Convolution1d(2, 3, 5, 2, 1, rng=rng())) == "Convolution1d(2, 3, 5, stride=2, padding=1)"
    assert repr(MaxPooling(3, stride=2)) == "MaxPooling(3, stride=2)" and repr(AveragePooling(2)) == "AveragePooling(2)"


def test_the_start_is_drawn_as_asked():
    layer = Convolution(4, 300, 5, groups=2, rng=rng())
    assert layer.W.shape == (300, 2, 5, 5) and np.all(layer.b == 0)
    assert layer.W.std() == pytest.approx(np.sqrt(2 / 50), rel=0.03)  # he: fan_in is C/groups · FH · FW
    seen = []
    Convolution(4, 6, (5, 3), groups=2, init=lambda *fans: seen.append(fans) or 1.0, rng=rng())
    assert seen == [(30, 45)]
    half = Convolution(4, 300, 5, groups=2, rng=rng(), dtype=np.float32)
    np.testing.assert_array_equal(half.W, layer.W.astype(np.float32))
