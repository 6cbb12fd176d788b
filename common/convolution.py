"""Convolution and pooling: layers that look at an image through a small window.

x: (N, C, H, W), N images of C channels. `im2col` and `col2im` are the textbook's way: every window becomes a
row of one large matrix. The layers compute the same numbers in another order, because a processor spends
its time on fetching numbers, not on multiplying them:

- Inside, the batch lies innermost in memory, (C, H, W, N): one pixel of all images side by side. Copying or
  comparing windows then works on long runs of numbers. What a layer returns is (N, C, H, W) all the same: a
  transposed view, not a copy, and the next layer finds its order again.
- The matrix of windows is never built as a whole but a block of output rows at a time, small enough to stay
  in the processor's cache. That takes a tenth of the memory too.
"""

import math

import numpy as np

from common.initializers import he
from common.layers import Layer, batch_shape

BLOCK = 2**20  # bytes of windows at a time: about the second-level cache of one processor core


# --- the textbook's way -------------------------------------------------------------------------------------------


def output_size(size, window, stride=1, padding=0):
    """OH = ⌊(H + 2P − FH)/S⌋ + 1: how many windows fit along one side of the image.

    Raises ValueError where none fits.
    """
    if window > size + 2 * padding or min(window, stride) < 1 or padding < 0:
        raise ValueError(f"window {window} with stride {stride} does not fit size {size} with padding {padding}")
    return (size + 2 * padding - window) // stride + 1


def im2col(x, window, stride=1, padding=0):
    """Every window of every image as one row: (N, C, H, W) → (N·OH·OW, C·FH·FW).

    window, stride, padding: a number, or a pair (vertical, horizontal). The rows go through the images, each
    row by row; the columns through channels, each row by row. The margin is filled with zeros.
    """
    (FH, FW), (SH, SW), (PH, PW) = pair(window), pair(stride), pair(padding)
    N, C, H, W = x.shape
    OH, OW = output_size(H, FH, SH, PH), output_size(W, FW, SW, PW)
    x = np.pad(x, ((0, 0), (0, 0), (PH, PH), (PW, PW)))
    cols = np.empty((N, OH, OW, C, FH, FW), x.dtype)
    for i in range(FH):
        for j in range(FW):  # pixel (i, j) of all windows at once
            pixels = x[:, :, i : i + SH * OH : SH, j : j + SW * OW : SW]
            cols[:, :, :, :, i, j] = pixels.transpose(0, 2, 3, 1)
    return cols.reshape(N * OH * OW, C * FH * FW)


def col2im(cols, shape, window, stride=1, padding=0):
    """The adjoint of im2col: add every window's numbers back to the pixels they came from.

    cols: (N·OH·OW, C·FH·FW); shape: of the images, (N, C, H, W), which is also the shape of the result. Where windows
    overlap, a pixel gets a sum: that is what makes ⟨im2col(x), c⟩ = ⟨x, col2im(c)⟩.
    """
    (FH, FW), (SH, SW), (PH, PW) = pair(window), pair(stride), pair(padding)
    N, C, H, W = shape
    OH, OW = output_size(H, FH, SH, PH), output_size(W, FW, SW, PW)
    cols = cols.reshape(N, OH, OW, C, FH, FW)
    x = np.zeros((N, C, H + 2 * PH, W + 2 * PW), cols.dtype)
    for i in range(FH):
        for j in range(FW):
            x[:, :, i : i + SH * OH : SH, j : j + SW * OW : SW] += cols[:, :, :, :, i, j].transpose(0, 3, 1, 2)
    return x[:, :, PH : PH + H, PW : PW + W]


def pair(number):
    """3 → (3, 3): the same vertically and horizontally."""
    return (number, number) if np.ndim(number) == 0 else tuple(number)


# --- the layers' way ----------------------------------------------------------------------------------------------


def batch_innermost(x):
    """(N, C, H, W) → (C, H, W, N), contiguous in memory: no copy where x comes from one of these layers."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def batch_first(x):
    """(C, H, W, N) → (N, C, H, W), a view."""
    return x.transpose(3, 0, 1, 2)


class Window(Layer):
    """What convolution and pooling share: a window that moves over the padded image in steps of `stride`."""

    def __init__(self, window, stride, padding):
        self.window, self.stride, self.padding = pair(window), pair(stride), pair(padding)

    def output_shape(self, shape):
        if len(shape) != 3:
            raise ValueError(f"{self} takes images (N, C, H, W), got {batch_shape(shape)}")
        try:
            return (shape[0], *map(output_size, shape[1:], self.window, self.stride, self.padding))
        except ValueError as error:
            raise ValueError(f"{self} on {batch_shape(shape)}: {error}") from None

    def pad(self, x, value=0):
        """(N, C, H, W) → (C, H + 2PH, W + 2PW, N)."""
        (PH, PW), (N, C, H, W) = self.padding, x.shape
        if PH == PW == 0:
            return batch_innermost(x)
        padded = np.full((C, H + 2 * PH, W + 2 * PW, N), value, x.dtype)
        padded[:, PH : PH + H, PW : PW + W] = x.transpose(1, 2, 3, 0)
        return padded

    def crop(self, x):
        """The inverse of pad: (C, H + 2PH, W + 2PW, N) → (N, C, H, W)."""
        (PH, PW), (_, H, W, _) = self.padding, x.shape
        return batch_first(x[:, PH : H - PH, PW : W - PW])

    def pixels(self, x, top=0, bottom=None):
        """Yield pixel (i, j) of all windows, for every i and j; or of those of the output rows top … bottom − 1.

        x: padded, (C, H + 2PH, W + 2PW, N). Yields views of it, (C, OH, OW, N).
        """
        (FH, FW), (SH, SW) = self.window, self.stride
        OH, OW = output_size(x.shape[1], FH, SH), output_size(x.shape[2], FW, SW)
        bottom = OH if bottom is None else bottom
        for i in range(FH):
            for j in range(FW):
                yield x[:, i + SH * top : i + SH * bottom : SH, j : j + SW * OW : SW]

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(self.arguments())})"

    def arguments(self):
        """Those of __init__ that are not the default, as text."""
        shown = [self.short(self.window)]
        shown += [f"stride={self.short(self.stride)}"] * (self.stride != self.usual_stride())
        return shown + [f"padding={self.short(self.padding)}"] * (self.padding != (0, 0))

    def usual_stride(self):
        return self.window

    def short(self, numbers):
        """(3, 3) → '3', (3, 5) → '(3, 5)'."""
        return str(numbers[0]) if numbers[0] == numbers[1] else str(numbers)


class Convolution(Window):
    """u[n, f, p, q] = b[f] + Σ_c,i,j x[n, c, p·S + i, q·S + j] W[f, c, i, j]: F filters slide over C channels.

    x: (N, C, H, W), W: (F, C/groups, FH, FW), b: (F,), u: (N, F, OH, OW) with OH = ⌊(H + 2P − FH)/S⌋ + 1.
    window, stride, padding: a number or a pair (vertical, horizontal). With groups, channels and filters are
    divided into so many parts, and each part sees only its own (AlexNet's two graphics cards). W is drawn from
    N(0, std²) with std = init(fan_in, fan_out), fan_in = C/groups · FH · FW, fan_out = F/groups · FH · FW; b
    starts at 0. The filter is not turned round: strictly speaking, this is a cross-correlation.
    """

    parameters = ("W", "b")

    def __init__(self, channels, filters, window, stride=1, padding=0, groups=1, init=he, *, rng, dtype=np.float64):
        super().__init__(window, stride, padding)
        if channels % groups or filters % groups:
            raise ValueError(f"{channels} channels and {filters} filters cannot be divided into {groups} groups")
        self.groups = groups
        FH, FW = self.window
        std = init(channels // groups * FH * FW, filters // groups * FH * FW)
        self.W = rng.normal(0, std, (filters, channels // groups, FH, FW)).astype(dtype, copy=False)
        self.b = np.zeros(filters, dtype)

    def forward(self, x):
        self.x = self.pad(x)
        W, G, (F, OH, OW) = self.matrix(), self.groups, Convolution.output_shape(self, x.shape[1:])
        u = np.empty((G, F // G, OH, OW, len(x)), np.result_type(W, x))
        for top, bottom, cols in self.blocks(u):
            np.matmul(W, cols, out=flat(u[:, :, top:bottom]))
        return batch_first(u.reshape(F, OH, OW, len(x)))

    def backward(self, dout):
        G, (N, F, OH, OW) = self.groups, dout.shape
        dout = batch_innermost(dout).reshape(G, F // G, OH, OW, N)
        W = self.matrix()
        dW, dx = np.zeros_like(W), np.zeros(self.x.shape if self.needs_dx else 0, dout.dtype)
        for top, bottom, cols in self.blocks(dout):
            dblock = flat(dout[:, :, top:bottom])
            dW += (cols @ dblock.transpose(0, 2, 1)).transpose(0, 2, 1)  # dblock @ cols.T, but faster so
            if self.needs_dx:
                dcols = np.matmul(W.transpose(0, 2, 1), dblock, out=cols)  # in the same memory
                for pixels, dpixels in self.corresponding(dx, dcols, top, bottom):
                    pixels += dpixels
        self.dW, self.db = dW[:, :, :-1].reshape(self.W.shape), dW[:, :, -1].reshape(F)
        return self.crop(dx) if self.needs_dx else None

    def matrix(self):
        """W with b as its last column, the weight of an input that is always 1. Shape (G, F/G, K + 1)."""
        F, G = len(self.W), self.groups
        return np.concatenate([self.W.reshape(F, -1), self.b[:, None]], axis=1).reshape(G, F // G, -1)

    def blocks(self, u):
        """Yield (top, bottom, cols): the windows of output rows top … bottom − 1 as columns, above a row of ones.

        u: (G, F/G, OH, OW, N); cols: (G, K + 1, (bottom − top)·OW·N), K = C/G · FH · FW, always the same memory.
        """
        (G, _, OH, OW, N), K = u.shape, self.W[0].size
        rows = min(OH, 1 + BLOCK // max(1, G * (K + 1) * OW * N * u.itemsize))
        memory = np.empty((G, K + 1, rows * OW * N), u.dtype)
        for top in range(0, OH, rows):
            bottom = min(top + rows, OH)
            cols = memory[:, :, : (bottom - top) * OW * N]
            cols[:, -1] = 1
            for pixels, column in self.corresponding(self.x, cols, top, bottom):
                column[...] = pixels
            yield top, bottom, cols

    def corresponding(self, x, cols, top, bottom):
        """Yield pixel (i, j) of the windows as a view of the images and as a view of the columns: (G, C/G, …)."""
        G, C = self.groups, self.W.shape[1]
        for k, pixels in enumerate(self.pixels(x, top, bottom)):
            shape = pixels.shape[1:]
            yield pixels.reshape(G, C, *shape), cols[:, :-1].reshape(G, C, math.prod(self.window), *shape)[:, :, k]

    def output_shape(self, shape):
        F, C = len(self.W), self.W.shape[1] * self.groups
        if len(shape) == 3 and shape[0] != C:
            raise ValueError(f"{self} takes images of {C} channels (N, {C}, H, W), got {batch_shape(shape)}")
        return (F, *super().output_shape(shape)[1:])

    def multiply_adds(self, shape):
        _, OH, OW = Convolution.output_shape(self, shape)
        return self.W.size * OH * OW  # every weight is used once at every position

    def usual_stride(self):
        return (1, 1)

    def arguments(self):
        F, C = self.W.shape[:2]
        groups = [f"groups={self.groups}"] * (self.groups > 1)
        return [str(C * self.groups), str(F), *super().arguments(), *groups]


def flat(a):
    """(G, F, OH, OW, N) → (G, F, OH·OW·N), a view."""
    return a.reshape(*a.shape[:2], -1)


class Convolution1d(Convolution):
    """u[n, f, p] = b[f] + Σ_c,j x[n, c, p·S + j] W[f, c, j]: filters slide along a signal.

    x: (N, C, L), W: (F, C/groups, FL), b: (F,), u: (N, F, OL) with OL = ⌊(L + 2P − FL)/S⌋ + 1. All else as in
    Convolution: a signal is an image that is one pixel high.
    """

    def __init__(self, channels, filters, window, stride=1, padding=0, groups=1, init=he, *, rng, dtype=np.float64):
        window, stride, padding = (1, window), (1, stride), (0, padding)
        super().__init__(channels, filters, window, stride, padding, groups, init, rng=rng, dtype=dtype)
        self.W = self.W[:, :, 0]

    def forward(self, x):
        return super().forward(x[:, :, None])[:, :, 0]

    def backward(self, dout):
        dx = super().backward(dout[:, :, None])
        return dx[:, :, 0] if self.needs_dx else None

    def output_shape(self, shape):
        if len(shape) != 2:
            raise ValueError(f"{self} takes signals (N, C, L), got {batch_shape(shape)}")
        F, _, OL = super().output_shape((shape[0], 1, shape[1]))
        return (F, OL)

    def multiply_adds(self, shape):
        return super().multiply_adds((shape[0], 1, shape[1]))

    def short(self, numbers):
        return str(numbers[1])


class MaxPooling(Window):
    """z[n, c, p, q] = max_i,j x[n, c, p·S + i, q·S + j]: the largest number in every window.

    x: (N, C, H, W), z: (N, C, OH, OW). Without a stride the windows lie side by side. The margin is −∞ and never
    wins. The gradient goes to the winner alone, where several are equal to the first of them.
    """

    def __init__(self, window, stride=None, padding=0):
        super().__init__(window, window if stride is None else stride, padding)
        if any(2 * P > F for P, F in zip(self.padding, self.window)):
            raise ValueError(f"{self}: a padding of more than half the window leaves windows without a pixel")

    def forward(self, x):
        self.output_shape(x.shape[1:])
        x = self.pad(x, -np.inf)
        self.padded_shape = x.shape
        first, *others = self.pixels(x)
        z, count = first.copy(), np.min_scalar_type(len(others))
        self.winner = np.zeros(z.shape, count)  # which pixel of its window: a byte instead of x itself
        for k, pixels in enumerate(others, 1):
            np.maximum(self.winner, (pixels > z).astype(count) * k, out=self.winner)
            np.maximum(z, pixels, out=z)
        return batch_first(z)

    def backward(self, dout):
        dout, dx = batch_innermost(dout), np.zeros(self.padded_shape, dout.dtype)
        for k, dpixels in enumerate(self.pixels(dx)):
            dpixels += dout * (self.winner == k)
        return self.crop(dx)


class AveragePooling(Window):
    """z[n, c, p, q] = 1/(FH·FW) Σ_i,j x[n, c, p·S + i, q·S + j]: the mean of every window.

    x: (N, C, H, W), z: (N, C, OH, OW). Without a stride the windows lie side by side. The margin counts as
    zeros.
    """

    def __init__(self, window, stride=None, padding=0):
        super().__init__(window, window if stride is None else stride, padding)

    def forward(self, x):
        self.output_shape(x.shape[1:])
        x = self.pad(x)
        self.padded_shape = x.shape
        first, *others = self.pixels(x)
        z = first.copy()
        for pixels in others:
            z += pixels
        return batch_first(z / math.prod(self.window))

    def backward(self, dout):
        dout = batch_innermost(dout) / math.prod(self.window)
        dx = np.zeros(self.padded_shape, dout.dtype)
        for dpixels in self.pixels(dx):
            dpixels += dout
        return self.crop(dx)


class GlobalPooling(Layer):
    """One number for each channel: where in the image, or when in the signal, something is does not matter."""

    def output_shape(self, shape):
        if len(shape) < 2:
            raise ValueError(f"{self} takes images (N, C, H, W) or signals (N, C, L), got {batch_shape(shape)}")
        return shape[:1]


class GlobalAveragePooling(GlobalPooling):
    """z[n, c] = the mean of channel c of sample n. Images (N, C, H, W) or signals (N, C, L) → (N, C)."""

    def forward(self, x):
        self.x_shape = x.shape
        return x.mean(axis=tuple(range(2, x.ndim)))

    def backward(self, dout):
        N, C, *size = self.x_shape
        return np.broadcast_to((dout / math.prod(size)).reshape(N, C, *[1] * len(size)), self.x_shape)


class GlobalMaxPooling(GlobalPooling):
    """z[n, c] = the largest number in channel c of sample n. Images (N, C, H, W) or signals (N, C, L) → (N, C).

    The gradient goes to the winner alone, where several are equal to the first of them.
    """

    def forward(self, x):
        N, C, *size = self.x_shape = x.shape
        x = np.moveaxis(x, 0, -1).reshape(C, math.prod(size), N)
        self.winner = x.argmax(axis=1, keepdims=True)
        return np.take_along_axis(x, self.winner, axis=1)[:, 0].T

    def backward(self, dout):
        N, C, *size = self.x_shape
        dx = np.zeros((C, math.prod(size), N), dout.dtype)
        np.put_along_axis(dx, self.winner, dout.T[:, None], axis=1)
        return np.moveaxis(dx.reshape(C, *size, N), -1, 0)
