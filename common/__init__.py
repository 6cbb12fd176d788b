"""The course's library: neural networks in plain NumPy, one subject a file.

>>> from common.layers import Affine, ReLU
>>> from common.network import Sequential

Importing the package itself loads nothing: each lesson imports the files it needs.

Shapes and symbols: x (N, n_in) or (N, C, H, W) input · W (n_in, n_out), b (n_out,) · u = xW + b · z = f(u)
hidden output · y (N, K) network output · d target, (N, K) or (N,) integer labels · E loss · dW = ∂E/∂W, and
so on.
"""
