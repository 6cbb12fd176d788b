"""Is a backward pass right? Compare it with nudging the inputs, or with the definition of the adjoint."""

from copy import deepcopy

import numpy as np

FLOOR = 1e-3  # a gradient that is exactly 0 leaves rounding noise of about 1e-11 in the numerical one


def numerical_gradient(f, x, h=1e-5):
    """∂f/∂xᵢ ≈ (f(x + h eᵢ) − f(x − h eᵢ)) / 2h for every element: central differences, error of order h².

    f: function of x that returns a number. x: float64 array of any shape; it is changed in place, one element
    at a time, and restored, so that f may also read it from where it lives: numerical_gradient(lambda _:
    loss(), network.params["W1"]). Returns an array of the shape of x. Raises TypeError for other dtypes: an
    integer array would truncate x + h.
    """
    x = np.asarray(x)
    if x.dtype != np.float64:
        raise TypeError(f"numerical_gradient needs float64, got {x.dtype}: write x.astype(float)")
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        value = x[i]
        try:
            x[i] = value + h
            above = f(x)
            x[i] = value - h
            below = f(x)
        finally:
            x[i] = value
        gradient[i] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b, floor=0.0):
    """‖a − b‖ / (‖a‖ + ‖b‖), from 0 (equal) to 1 (opposite, or one of them all zeros): one number.

    One norm over the array, not the worst element, because a tiny element among large ones has no correct
    digits in a numerical gradient. Two zero arrays are equal. floor: the least denominator. Raises ValueError
    for different shapes.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"cannot compare shapes {a.shape} and {b.shape}")
    scale = max(np.linalg.norm(a) + np.linalg.norm(b), floor)
    return float(np.linalg.norm(a - b) / scale) if scale != 0 else 0.0


def check_layer(layer, x, *, rng):
    """Relative errors of a layer's backward against central differences: {"dx": …, "dW": …}; < 1e-7 is right.

    The output is projected on a random dout, drawn independently of x: a plain sum cannot see errors in
    softmax or batch norm, whose outputs have a constant sum. Every evaluation uses a fresh copy of the layer,
    so that layers with random or running numbers repeat themselves. x: float64 (N, …). Raises AssertionError
    where backward or forward writes into its argument or does not keep the dtype.
    """
    x = np.array(x)
    dout = rng.standard_normal(deepcopy(layer).forward(x.copy()).shape)
    gradients = _gradients(deepcopy(layer), x, dout)
    _gradients(_converted(layer, np.float32), x.astype(np.float32), dout.astype(np.float32))

    def projected(_):
        return np.sum(deepcopy(layer).forward(x) * dout)

    numerical = {"dx": numerical_gradient(projected, x)}
    for name in layer.parameters:
        numerical["d" + name] = numerical_gradient(projected, getattr(layer, name))
    return {name: relative_error(gradients[name], numerical[name], FLOOR) for name in numerical}


def _gradients(layer, x, dout):
    kept_x, kept_dout = x.copy(), dout.copy()
    out = layer.forward(x)
    gradients = {"dx": layer.backward(dout)}
    gradients |= {"d" + name: getattr(layer, "d" + name) for name in layer.parameters}
    assert np.array_equal(x, kept_x), f"{layer} writes into its input x"
    assert np.array_equal(dout, kept_dout), f"{layer}.backward writes into dout"
    for name, array in {"output": out, **gradients}.items():
        assert array.dtype == x.dtype, f"{layer}: {name} is {array.dtype} for {x.dtype} input"
    return gradients


def _converted(layer, dtype):
    layer = deepcopy(layer)
    for name in (*layer.parameters, *layer.statistics):
        setattr(layer, name, getattr(layer, name).astype(dtype))
    return layer


def check_network(network, loss, x, d):
    """Relative errors of the gradients of a network with its loss: {"W1": …, "b1": …}; < 1e-7 is right."""
    net = deepcopy(network)
    loss = deepcopy(loss)
    loss.forward(net.forward(x, training=True), d)
    net.backward(loss.backward())

    def E(_):
        return loss.forward(deepcopy(network).forward(x, training=True), d)

    grads = net.grads
    return {
        name: relative_error(grads[name], numerical_gradient(E, array), FLOOR) for name, array in network.params.items()
    }


def adjoint_error(forward, adjoint, x, y):
    """How far ⟨A x, y⟩ = ⟨x, Aᵀ y⟩ is missed, for a linear map A and its adjoint Aᵀ (im2col and col2im).

    x and y: random arrays of the shapes that A takes and gives. Returns the difference relative to the size
    of the terms.
    """
    Ax, Aty = forward(x), adjoint(y)
    if Ax.shape != y.shape or Aty.shape != x.shape:
        raise ValueError(f"A x has shape {Ax.shape}, y {y.shape}; Aᵀ y has shape {Aty.shape}, x {x.shape}")
    size = np.sum(np.abs(Ax * y)) + np.sum(np.abs(x * Aty))
    return float(abs(np.sum(Ax * y) - np.sum(x * Aty)) / size) if size else 0.0
