"""Grids of images, and tables of who was taken for whom."""

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from common.plotting.base import BLUE, DARK, DIVERGING, blank, figure

LINE = 0.19  # inches that a line of a label takes


def show_images(images, labels=None, *, columns=10, colors=None, signed=False, width=7.5, title=None, alt):
    """Images side by side, row by row, each with its label below.

    images: (N, H, W), (N, 64) for squares, (N, 1, H, W), or in colour (N, 3, H, W), all between 0 (white) and 1 (ink; in
    colour: light). signed: values of both signs, such as weights: orange is negative, white 0, purple positive, on one
    scale for all images. labels: a text for each image, of one or more lines. colors: of the labels.
    """
    images = as_grid(images)
    count, height, pixels = images.shape[:3]
    rows = -(-count // columns)
    gap = max(1, round(0.15 * pixels))
    pixel = width / (columns * (pixels + gap))  # inches
    lines = 1 + max(label.count("\n") for label in labels) if labels is not None else 0
    below = max(gap, round((LINE * lines + 0.14) / pixel)) if lines else gap
    shape = (rows * (height + below) - (0 if lines else gap), columns * (pixels + gap) - gap, *images.shape[3:])
    mosaic = np.full(shape, 1.0 if images.ndim == 4 else np.nan)
    corners = [(k // columns * (height + below), k % columns * (pixels + gap)) for k in range(count)]
    for image, (top, left) in zip(images, corners, strict=True):
        mosaic[top : top + height, left : left + pixels] = image
    fig, ax = figure(size=(width, shape[0] * pixel + (0.4 if title else 0.05)), title=title, alt=alt)
    blank(ax)
    largest = np.abs(images).max() or 1.0
    ax.imshow(mosaic, vmin=-largest if signed else 0, vmax=largest if signed else 1, cmap=DIVERGING if signed else None)
    frames = [Rectangle((left - 0.5, top - 0.5), pixels, height) for top, left in corners]
    ax.add_collection(PatchCollection(frames, facecolor="none", edgecolor="#CCCCCC", linewidth=0.6))
    for k, (top, left) in enumerate(corners if labels is not None else ()):
        ax.text(
            left + pixels / 2 - 0.5, top + height - 0.5 + 0.05 / pixel, labels[k], ha="center", va="top", fontsize=10,
            color=colors[k] if colors is not None else DARK,
        )  # fmt: skip
    ax.set(xlim=(-0.6, shape[1] - 0.4), ylim=(shape[0] - 0.4, -0.6))
    return fig


def as_grid(images):
    """Images as (N, H, W) or, in colour, (N, H, W, 3). Raises ValueError for other shapes."""
    images = np.asarray(images, dtype=float)
    side = round(images.shape[-1] ** 0.5)
    if images.ndim == 2 and side**2 == images.shape[1]:
        return images.reshape(-1, side, side)
    if images.ndim == 4 and images.shape[1] in (1, 3):
        return images[:, 0] if images.shape[1] == 1 else images.transpose(0, 2, 3, 1)
    if images.ndim == 3:
        return images
    raise ValueError(f"images have shape (N, H, W), (N, 1, H, W), (N, 3, H, W) or (N, side²), got {images.shape}")


def show_confusion(matrix, names=None, *, xlabel="the network says", ylabel="it is", title=None, alt, size=(6.4, 5.4)):
    """A table of counts (K, K), rows what it is, columns what it was taken for. The diagonal, what is right, is blue; the
    mistakes are the redder the more there are; no number stands for 0."""
    matrix = np.asarray(matrix)
    K = len(matrix)
    names = range(K) if names is None else names
    fig, ax = figure(size=size, alt=alt)
    mistakes = np.where(np.eye(K, dtype=bool) | (matrix == 0), np.nan, matrix)
    most = np.nanmax(mistakes, initial=1)
    ax.pcolormesh(mistakes, cmap="Oranges", vmin=0, vmax=1.6 * most, edgecolors="#E6E6E6", linewidth=0.8)
    ax.add_collection(
        PatchCollection([Rectangle((k + 0.03, k + 0.03), 0.94, 0.94) for k in range(K)], facecolor=BLUE, alpha=0.22)
    )
    for (i, j), count in np.ndenumerate(matrix):
        if count:
            ax.text(j + 0.5, i + 0.5, f"{count:g}", ha="center", va="center", fontsize=10)
    ticks = np.arange(K) + 0.5
    ax.set_xticks(ticks, names)
    ax.set_yticks(ticks, names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    ax.set(xlim=(0, K), ylim=(K, 0), aspect="equal", xlabel=xlabel, ylabel=ylabel, title=title)
    return fig
