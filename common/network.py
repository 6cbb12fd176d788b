"""A network is a sequence of layers."""

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
            if isinstance(layer, (type, list, tuple)):
                raise TypeError(f"Sequential takes layers, as in Sequential(Affine(…), ReLU()), got {layer!r}")
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("the same layer object appears twice: its gradients would overwrite each other")
        self.layers = list(layers)

    def forward(self, x, training=False):
        """x (N, …) → output (N, …). The only place that sets the layers' mode (training or inference)."""
        x = np.asarray(x)
        for layer in self.layers:
            self._shape_after(layer, x.shape[1:])
            if hasattr(layer, "training"):
                layer.training = training
            x = layer.forward(x)
        return x

    def backward(self, dout):
        """∂E/∂(output) → ∂E/∂x; on the way every layer keeps the gradients of its parameters."""
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
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

    def _named(self):
        with_parameters = [layer for layer in self.layers if layer.parameters]
        return [(i, layer, name) for i, layer in enumerate(with_parameters, 1) for name in layer.parameters]

    def astype(self, dtype):
        """Convert all parameters, e.g. to np.float32 (convert x as well). Returns the network."""
        for _, layer, name in self._named():
            setattr(layer, name, getattr(layer, name).astype(dtype))
        return self

    def summary(self, input_shape):
        """A table of layers, output shapes and numbers of parameters. input_shape: of one sample, e.g. (64,).

        Returns a list of rows (layer, output_shape, parameters) that prints as a table.
        """
        shape = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
        rows = Summary(shape)
        for layer in self.layers:
            shape = self._shape_after(layer, shape)
            rows.append(Row(repr(layer), shape, sum(getattr(layer, name).size for name in layer.parameters)))
        return rows

    def _shape_after(self, layer, shape):
        try:
            return layer.output_shape(shape)
        except ValueError as error:
            raise ValueError(f"layer {self.layers.index(layer)}: {error}") from None

    def save(self, path):
        """Write all parameters to an .npz file (the suffix is added if missing)."""
        np.savez(path, **self.params)

    def load(self, path):
        """Read what `save` wrote for the same layers; if it differs, change nothing. Returns the network."""
        path = str(path) if str(path).endswith(".npz") else f"{path}.npz"
        with np.load(path, allow_pickle=False) as file:  # a pickle could run any program
            stored = dict(file)
        params = self.params
        problems = [f"{name} is missing in the file" for name in params.keys() - stored.keys()]
        problems += [f"{name} is not in the network" for name in stored.keys() - params.keys()]
        for name in params.keys() & stored.keys():
            if params[name].shape != stored[name].shape:
                problems.append(f"{name} has shape {params[name].shape} here, {stored[name].shape} in the file")
        if problems:
            raise ValueError(f"{path} does not fit this network: {'; '.join(sorted(problems))}")
        for name, array in params.items():
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


Row = namedtuple("Row", "layer output_shape parameters")


class Summary(list):
    """The rows of `Sequential.summary`; prints as a table."""

    def __init__(self, input_shape):
        super().__init__()
        self.input_shape = input_shape

    @property
    def parameters(self):
        return sum(row.parameters for row in self)

    def __repr__(self):
        table = [("layer", "output shape", "parameters"), ("input", batch_shape(self.input_shape), "")]
        table += [(row.layer, batch_shape(row.output_shape), f"{row.parameters:,}") for row in self]
        table.append(("total", "", f"{self.parameters:,}"))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in table)
