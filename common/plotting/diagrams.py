"""Drawings of networks and of the matrices in them."""

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch

from common.plotting.base import BLUE, DARK, DIVERGING, GREY, NEGATIVE, POSITIVE, blank, figure


def show_network(
    sizes,
    *,
    weights=None,
    values=None,
    inputs=None,
    outputs=None,
    layers=None,
    title=None,
    alt=None,
    size=None,
):
    """A network of fully connected layers, from left to right.

    sizes: units per layer, inputs first, as (2, 3, 4). weights: one (n_in, n_out) array per layer; a line is as wide as
    the weight is large, blue and solid where positive, orange and dashed where negative. values: one array per layer,
    written into the units. inputs, outputs: names beside the first and last layer. layers: names above the layers.
    """
    tall = max(sizes)
    size = size or (7.5, 1.1 + 0.72 * tall)
    fig, ax = figure(size=size, title=title, alt=alt or f"A network with layers of {_words(sizes)} units.")
    blank(ax)
    gap = 1.0 * (size[0] - 3.2) / (0.8 * max(len(sizes) - 1, 1))
    places = [[(gap * k, (n - 1) / 2 - i) for i in range(n)] for k, n in enumerate(sizes)]
    largest = max(np.abs(W).max() for W in weights) if weights else 1
    for k in range(len(sizes) - 1):
        for i, (x0, y0) in enumerate(places[k]):
            for j, (x1, y1) in enumerate(places[k + 1]):
                w = weights[k][i, j] if weights else 0
                color = GREY if w == 0 else POSITIVE if w > 0 else NEGATIVE
                width = 0.6 if w == 0 else 0.6 + 3.4 * abs(w) / largest
                style = "--" if w < 0 else "-"
                ax.plot([x0, x1], [y0, y1], color=color, linestyle=style, linewidth=width, alpha=0.7, zorder=1)
    for k, column in enumerate(places):
        for i, (x, y) in enumerate(column):
            ax.add_patch(Circle((x, y), 0.31, facecolor="white", edgecolor=DARK, linewidth=1.4, zorder=2))
            if values is not None:
                ax.text(x, y, f"{np.ravel(values[k])[i]:.3g}", ha="center", va="center", fontsize=10, zorder=3)
    for names, column, side in ((inputs, places[0], -1), (outputs, places[-1], 1)):
        for name, (x, y) in zip(names or [""] * len(column), column, strict=True):
            ax.text(x + 0.45 * side, y, name, ha="right" if side < 0 else "left", va="center")
    for k, name in enumerate(layers or []):
        ax.text(gap * k, tall / 2 + 0.15, name, ha="center", va="bottom", color=DARK, fontsize=10)
    left, right = (max((len(n) for n in names or [""]), default=0) for names in (inputs, outputs))
    ax.set_xlim(-0.55 - 0.125 * left, gap * (len(sizes) - 1) + 0.55 + 0.125 * right)
    ax.set_ylim(-tall / 2 - 0.1, tall / 2 + (0.6 if layers else 0.1))
    return fig


def _words(numbers):
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def show_matrices(terms, *, title=None, alt, size=None, digits=3):
    """An equation of matrices, drawn with their numbers: `[("x", x), "@", ("W", W), "+", ("b", b), "=", ("u", u)]`.

    Each array is at most two-dimensional; the shape stands below its name. Colour shows sign and size.
    """
    arrays = [np.atleast_2d(t[1]) for t in terms if not isinstance(t, str)]
    largest = max(np.abs(a).max() for a in arrays) or 1
    cell, rows = 0.62, max(a.shape[0] for a in arrays)
    fig, ax = figure(size=size or (7.5, 0.95 + 0.34 * rows), title=title, alt=alt)
    blank(ax)
    x = 0.0
    for term in terms:
        if isinstance(term, str):
            ax.text(x + 0.22, 0, {"@": "·"}.get(term, term), ha="center", va="center", fontsize=15)
            x += 0.5
            continue
        name, original = term
        a = np.atleast_2d(original)
        height, width = a.shape[0] * 0.5, a.shape[1] * cell
        ax.pcolormesh(
            x + cell * np.arange(a.shape[1] + 1), height / 2 - 0.5 * np.arange(a.shape[0] + 1), a,
            cmap=DIVERGING + "_r" if DIVERGING == "RdBu" else DIVERGING, vmin=-1.6 * largest, vmax=1.6 * largest,
            edgecolors="white", linewidth=1.5,
        )  # fmt: skip
        for (i, j), value in np.ndenumerate(a):
            ax.text(x + cell * (j + 0.5), height / 2 - 0.5 * (i + 0.5), f"{value:.{digits}g}",
                    ha="center", va="center", fontsize=9)  # fmt: skip
        shape = "×".join(map(str, np.shape(original))) or "1"
        label = f"{name}  ({shape})" if width > 1.3 else f"{name}\n({shape})"
        ax.text(x + width / 2, height / 2 + 0.12, label, ha="center", va="bottom", fontsize=10)
        x += width + 0.12
    ax.set_xlim(-0.1, x)
    ax.set_ylim(-0.5 * rows / 2 - 0.1, 0.5 * rows / 2 + 0.75)
    return fig


def show_shapes(steps, *, title=None, alt, size=None):
    """What an array's shape becomes on its way: `[("x", (4, 2)), ("· W1 + b1", (4, 3)), …]`, a chain of boxes."""
    fig, ax = figure(size=size or (7.5, 1.6), title=title, alt=alt)
    blank(ax)
    for k, (name, shape) in enumerate(steps):
        box = FancyBboxPatch((1.8 * k, -0.35), 1.3, 0.7, boxstyle="round,pad=0.05", facecolor="white", edgecolor=BLUE)
        ax.add_patch(box)
        ax.text(1.8 * k + 0.65, 0, f"{tuple(shape)}", ha="center", va="center")
        ax.text(1.8 * k + 0.65, 0.55, name, ha="center", va="bottom", fontsize=10)
        if k:
            ax.annotate("", (1.8 * k - 0.08, 0), (1.8 * k - 0.42, 0), arrowprops={"arrowstyle": "->", "color": DARK})
    ax.set_xlim(-0.2, 1.8 * len(steps) - 0.3)
    ax.set_ylim(-0.5, 0.95)
    return fig
