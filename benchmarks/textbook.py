"""Convolution and pooling as textbooks write them: one large im2col matrix, (N, C, H, W) in memory.

What the fast layers of common/convolution.py are compared with, in speed here and in value in tests/.
"""

import numpy as np

from common import convolution
from common.convolution import col2im, im2col


class Convolution(convolution.Convolution):
    """The same layer with the same parameters (groups = 1), its windows one matrix of shape (N·OH·OW, C·FH·FW)."""

    def forward(self, x):
        F, OH, OW = self.output_shape(x.shape[1:])
        self.shape = x.shape
        self.cols = im2col(x, self.window, self.stride, self.padding)
        u = self.cols @ self.W.reshape(F, -1).T + self.b
        return u.reshape(len(x), OH, OW, F).transpose(0, 3, 1, 2)

    def backward(self, dout):
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, len(self.W))
        self.dW = (dout.T @ self.cols).reshape(self.W.shape)
        self.db = dout.sum(axis=0)
        dcols = dout @ self.W.reshape(len(self.W), -1)
        return col2im(dcols, self.shape, self.window, self.stride, self.padding)


class MaxPooling(convolution.MaxPooling):
    """The same layer by im2col (without padding): every window of every channel a row, of which the maximum is taken."""

    def forward(self, x):
        C, OH, OW = self.output_shape(x.shape[1:])
        self.shape = x.shape
        windows = im2col(x, self.window, self.stride).reshape(len(x) * OH * OW * C, -1)
        self.winner = windows.argmax(axis=1)
        self.columns = windows.shape[1]
        return windows.max(axis=1).reshape(len(x), OH, OW, C).transpose(0, 3, 1, 2)

    def backward(self, dout):
        dout = dout.transpose(0, 2, 3, 1)
        dwindows = np.zeros((dout.size, self.columns), dout.dtype)
        dwindows[np.arange(dout.size), self.winner] = dout.ravel()
        cols = dwindows.reshape(dout.shape[0] * dout.shape[1] * dout.shape[2], -1)
        return col2im(cols, self.shape, self.window, self.stride)


class AveragePooling(convolution.AveragePooling):
    """The same layer by im2col (without padding)."""

    def forward(self, x):
        C, OH, OW = self.output_shape(x.shape[1:])
        self.shape = x.shape
        windows = im2col(x, self.window, self.stride).reshape(len(x) * OH * OW * C, -1)
        self.columns = windows.shape[1]
        return windows.mean(axis=1).reshape(len(x), OH, OW, C).transpose(0, 3, 1, 2)

    def backward(self, dout):
        dout = dout.transpose(0, 2, 3, 1)
        cols = np.repeat(dout.reshape(-1, 1) / self.columns, self.columns, axis=1)
        return col2im(cols.reshape(-1, dout.shape[3] * self.columns), self.shape, self.window, self.stride)


def textbook(network):
    """Let the layers of this network compute the textbook's way from now on. Returns the network."""
    for layer in network:
        for slow in (Convolution, MaxPooling, AveragePooling):
            if type(layer) is slow.__base__:
                layer.__class__ = slow
    return network
