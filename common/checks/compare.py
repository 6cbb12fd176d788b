"""Comparing what a learner's version gives with what was expected, and saying the difference in words."""

import copy
import inspect
import warnings

import numpy as np

SHOWN = 12  # an array of more entries is not printed


class Raised:
    """The outcome of a call that raised."""

    def __init__(self, error):
        self.error = error

    def __str__(self):
        return f"it raised {type(self.error).__name__}: {self.error}"


def outcome(function, arguments, copied=True):
    """What function(*arguments) gives, or a Raised. A generator becomes a list."""
    arguments = copy.deepcopy(arguments) if copied else arguments
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an overflow shows in the values; the notebook must stay without stderr
            result = function(*arguments)
            return list(result) if inspect.isgenerator(result) else result
    except Exception as error:
        return Raised(error)


def same(a, b, rtol):
    """Whether two outcomes agree: the same shape, and values within rtol of the largest."""
    if isinstance(a, Raised) or isinstance(b, Raised):
        return type(a) is type(b) and str(a) == str(b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k], rtol) for k in b)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(same(x, y, rtol) for x, y in zip(a, b, strict=True))
    if isinstance(b, np.random.Generator):
        return isinstance(a, np.random.Generator)
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None or callable(b):
        return a is b or (isinstance(a, str) and isinstance(b, str) and a == b)
    try:
        x, y = np.asarray(a), np.asarray(b)
        if x.shape != y.shape or x.dtype.kind not in "biuf" or y.dtype.kind not in "biuf":
            return x.shape == y.shape and x.dtype.kind == y.dtype.kind and bool(np.all(x == y))
        scale = np.max(np.abs(y[np.isfinite(y)]), initial=0)
        return bool(np.allclose(x, y, rtol=0, atol=rtol * scale, equal_nan=True))
    except (TypeError, ValueError):
        return False


def difference(came, expected, rtol):
    """How two outcomes differ, as `… came, … was expected`, or None."""
    if same(came, expected, rtol):
        return None
    if isinstance(came, Raised):
        return str(came)
    if came is None:
        return "it gives back None: is a `return` missing?"
    if isinstance(expected, tuple | list) and isinstance(came, tuple | list) and len(came) == len(expected):
        i = next(i for i in range(len(expected)) if not same(came[i], expected[i], rtol))
        return f"item {i} of the result: {difference(came[i], expected[i], rtol)}"
    if isinstance(expected, dict) and isinstance(came, dict):
        if came.keys() != expected.keys():
            return f"keys {list(came)} came, {list(expected)} were expected"
        key = next(k for k in expected if not same(came[k], expected[k], rtol))
        return f"entry {key!r}: {difference(came[key], expected[key], rtol)}"
    try:
        differ = np.shape(came) != np.shape(expected)
        shapes = f"shape {np.shape(came)} came, {np.shape(expected)} was expected: " if differ else ""
    except ValueError:  # a ragged list, or a pair of a number and an array, has no shape
        differ, shapes = True, ""
    if not differ and np.size(expected) > SHOWN:  # too many to print: the entry that is most wrong
        i = np.unravel_index(np.argmax(np.nan_to_num(np.abs(came - expected), nan=np.inf)), np.shape(expected))
        where = ", ".join(map(str, i))
        return f"entry [{where}]: {show(np.asarray(came)[i])} came, {show(np.asarray(expected)[i])} was expected"
    came_as, expected_as = show(came), show(expected)
    rounded = ": they differ in further digits (did you round?)" if came_as == expected_as else ""
    return f"{shapes}{came_as} came, {expected_as} was expected{rounded}"


def show(value, shown=SHOWN):
    """A value in few characters, for a message; an array of more than so many entries as its shape."""
    if isinstance(value, np.ndarray):
        if value.size > shown:
            return f"array{value.shape}"
        text = np.array2string(value, precision=5, suppress_small=False, separator=", ", floatmode="maxprec")
        return " ".join(text.split())
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, int | np.integer | np.bool_):
        return str(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(show(v, shown) for v in value[:4]) + (", …" if len(value) > 4 else "")
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {show(v, shown)}" for k, v in list(value.items())[:4]) + "}"
    if isinstance(value, np.random.Generator):
        return "rng"
    text = getattr(value, "__name__", None) or repr(value)
    return text if len(text) < 60 else text[:57] + "…"
