"""Functions of two inputs, drawn over the plane of inputs."""

import numpy as np
from matplotlib.colors import ListedColormap

from common.plotting.base import CLASSES, DARK, figure


def grid(low, high, points=121):
    """Points of a square: (points², 2), and the coordinates along one side."""
    side = np.linspace(low, high, points)
    return np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2), side


def draw_plane(ax, f, low=-3.0, high=3.0, *, levels=None, vmin=None, vmax=None, label="output", colorbar=True):
    """The values of f: (N, 2) → (N,) as colour, with contour lines at the given levels."""
    points, side = grid(low, high)
    values = np.reshape(f(points), (side.size, side.size))
    mesh = ax.pcolormesh(side, side, values, cmap="Blues", vmin=vmin, vmax=vmax, shading="gouraud")
    if levels is not None:
        ax.contour(side, side, values, levels=levels, colors=DARK, linewidths=1.5)
    if colorbar:
        ax.figure.colorbar(mesh, ax=ax, label=label)
    ax.grid(False)
    ax.set_aspect("equal")
    ax.set_xlabel("$x_0$")
    ax.set_ylabel("$x_1$")


def show_regions(classify, names, low, high, *, points=None, xlabel, ylabel, title=None, alt, size=(7.5, 4.2)):
    """The plane coloured by class: `classify` gives (N,) integers for (N, 2) inputs. points:
    {name: (x0, x1)} to mark; without them the regions are labelled."""
    fig, ax = figure(size=size, alt=alt)
    side = [np.linspace(low[i], high[i], 201) for i in range(2)]
    xy = np.stack(np.meshgrid(*side), axis=-1)
    classes = classify(xy.reshape(-1, 2)).reshape(xy.shape[:2])
    colors = ListedColormap(CLASSES[: len(names)])
    ax.pcolormesh(*side, classes, cmap=colors, vmin=-0.5, vmax=len(names) - 0.5, alpha=0.3)
    for k, name in enumerate(names):
        where = np.argwhere(classes == k)
        if len(where) and not points:
            row, column = where.mean(axis=0).astype(int)
            ax.text(side[0][column], side[1][row], name, ha="center", va="center", fontsize=13, fontweight="bold",
                    color=CLASSES[k])  # fmt: skip
    for name, (x0, x1) in (points or {}).items():
        ax.plot(x0, x1, "o", color=DARK, markeredgecolor="white", markersize=8)
        ax.annotate(name, (x0, x1), xytext=(8, 6), textcoords="offset points", fontsize=12)
    ax.grid(False)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    return fig
