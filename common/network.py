"""A network is a sequence of layers."""

import math
import os
import zipfile
from collections import namedtuple

import numpy as np

from common.layers import batch_shape


class Sequential:
    """Layers one after the other: the output of each is the input of the next.

    `params` and `grads` are dicts {"W1": array, "b1": …} over the layers that have parameters, counted from
    1. The arrays belong to the layers: change them in place. `network[0]` is a layer, `network[:2]` a network
    that shares its layers.
    """

    def __init__(self, *layers):
        for layer in layers:
            if isinstance(layer, type) or not hasattr(layer, "output_shape"):
                raise TypeError(f"Sequential takes layers, as in Sequential(Affine(…), ReLU()), got {layer!r}")
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("the same layer object appears twice: its gradients would overwrite each other")
        self.layers = list(layers)

    def forward(self, x, training=False):
        """x (N, …) → output (N, …). The only place that sets the layers' mode (training or inference)."""
        x = np.asarray(x)
        if x.dtype.kind in "biu":  # pixels 0 … 255, say: sums of them would overflow their type
            x = x.astype(float)
        for layer in self.layers:
            self._shape_after(layer, x.shape[1:])
            if hasattr(layer, "training"):
                layer.training = training
            x = layer.forward(x)
        return x

    def backward(self, dout, need_dx=True):
        """∂E/∂(output) → ∂E/∂x; on the way every layer keeps the gradients of its parameters.

        Training changes parameters, not x: with need_dx=False the first layer that has any is the last to be
        asked, and need not compute its dx. Returns None then.
        """
        first = next((layer for layer in self.layers if layer.parameters), None)
        for layer in reversed(self.layers):
            layer.needs_dx = need_dx or layer is not first
            dout = layer.backward(dout)
            if not layer.needs_dx:
                layer.needs_dx = True
                return None
        return dout

    def predict(self, x, batch_size=1000):
        """The output for x in inference mode, computed in batches to save memory. Shape (N, …)."""
        starts = range(0, max(len(x), 1), batch_size)
        return np.concatenate([self.forward(x[i : i + batch_size]) for i in starts])

    @property
    def params(self):
        return {f"{name}{i}": getattr(layer, name) for i, layer, name in self._named()}

    @property
    def grads(self):
        try:
            return {f"{name}{i}": getattr(layer, "d" + name) for i, layer, name in self._named()}
        except AttributeError as error:
            raise RuntimeError(f"no gradients yet: run forward and backward first ({error})") from None

    @property
    def state(self):
        """What `save` writes: `params`, and what layers measured in training ("running_mean1", …)."""
        measured = {f"{name}{i}": getattr(layer, name) for i, layer, name in self._named("statistics")}
        return self.params | measured

    def _named(self, kind="parameters"):
        with_parameters = [layer for layer in self.layers if layer.parameters]
        return [(i, layer, name) for i, layer in enumerate(with_parameters, 1) for name in getattr(layer, kind)]

    def astype(self, dtype):
        """Convert all parameters, e.g. to np.float32 (convert x as well). Returns the network."""
        for _, layer, name in self._named() + self._named("statistics"):
            setattr(layer, name, getattr(layer, name).astype(dtype))
        return self

    def summary(self, input_shape):
        """A table of layers, output shapes, parameters, multiply-adds and memory. input_shape: of one sample: 64.

        multiply_adds: products that one sample costs going forward. memory: bytes of the layer's output for one
        sample, which training must keep for the way back. A layer that neither has parameters nor changes the
        number of values (ReLU, Flatten, Dropout) could work in place: it counts 0. Returns a list of such rows
        that prints as a table, with the totals as attributes.
        """
        shape = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
        rows = Summary(shape, next(iter(self.params.values()), np.empty(0)).itemsize)
        for layer in self.layers:
            before, shape = shape, self._shape_after(layer, shape)
            parameters = sum(getattr(layer, name).size for name in layer.parameters)
            values = math.prod(shape) if parameters or math.prod(shape) != math.prod(before) else 0
            rows.append(Row(repr(layer), shape, parameters, layer.multiply_adds(before), values * rows.itemsize))
        return rows

    def _shape_after(self, layer, shape):
        try:
            return layer.output_shape(shape)
        except ValueError as error:
            raise ValueError(f"layer {self.layers.index(layer)}: {error}") from None

    def save(self, path):
        """Write `state` to an .npz file (the suffix is added if missing)."""
        np.savez(path, **self.state)

    def load(self, path):
        """Read what `save` wrote for the same layers; if it differs, change nothing. Returns the network."""
        path = str(path) if str(path).endswith(".npz") else f"{path}.npz"
        if os.path.exists(path) and not zipfile.is_zipfile(path):
            raise ValueError(f"{path} is damaged, or not a file that save wrote")
        with np.load(path, allow_pickle=False) as file:  # a pickle could run any program
            stored = dict(file)
        state = self.state
        problems = [f"{name} is missing in the file" for name in state.keys() - stored.keys()]
        problems += [f"{name} is not in the network" for name in stored.keys() - state.keys()]
        for name in state.keys() & stored.keys():
            if state[name].shape != stored[name].shape:
                problems.append(f"{name} has shape {state[name].shape} here, {stored[name].shape} in the file")
        if problems:
            raise ValueError(f"{path} does not fit this network: {'; '.join(sorted(problems))}")
        for name, array in state.items():
            array[...] = stored[name]
        return self

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers)

    def __getitem__(self, index):
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __repr__(self):
        return f"Sequential({', '.join(map(repr, self.layers))})"


Row = namedtuple("Row", "layer output_shape parameters multiply_adds memory")


class Summary(list):
    """The rows of `Sequential.summary`; prints as a table. Its totals: parameters, multiply_adds, memory, activations.

    memory (bytes) and activations (numbers) are those of one sample, its input included.
    """

    def __init__(self, input_shape, itemsize):
        super().__init__()
        self.input_shape, self.itemsize = input_shape, itemsize

    @property
    def parameters(self):
        return sum(row.parameters for row in self)

    @property
    def multiply_adds(self):
        return sum(row.multiply_adds for row in self)

    @property
    def memory(self):
        return math.prod(self.input_shape) * self.itemsize + sum(row.memory for row in self)

    @property
    def activations(self):
        return self.memory // self.itemsize

    def __repr__(self):
        total = Row("total", (), self.parameters, self.multiply_adds, self.memory)
        first = Row("input", self.input_shape, "", "", math.prod(self.input_shape) * self.itemsize)
        table = [("layer", "output shape", "parameters", "multiply-adds", "memory, kB")]
        for row in [first, *self, total]:
            shape = "" if row is total else batch_shape(row.output_shape)
            table.append(
                (row.layer, shape, *(f"{n:,}" if n != "" else n for n in row[2:4]), f"{row.memory / 1e3:,.1f}")
            )
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        aligned = [f"{{:{'<' if i < 2 else '>'}{width}}}" for i, width in enumerate(widths)]
        return "\n".join("  ".join(aligned).format(*line).rstrip() for line in table)
