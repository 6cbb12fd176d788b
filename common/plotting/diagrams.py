"""Drawings of networks and of the matrices in them."""

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch

from common.plotting.base import BACKWARD, BLUE, DARK, DIVERGING, FORWARD, GREY, NEGATIVE, POSITIVE, blank, figure


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


def show_graph(nodes, edges, *, title=None, alt, size=None, column=1.45, row=1.0, digits=(3, 3)):
    """A computational graph: values flow forward along its edges in blue, gradients flow back in orange.

    nodes: {name: (column, row, text)}; rows count upwards. A node that edges both enter and leave is an operation and
    gets a frame; any other is a variable. An operation without text is a fork, drawn as a dot: a value that is used
    more than once.
    edges: [(from, to, value, gradient)], the value above the edge and the gradient below it (left and right of a
    vertical one). Each is text, a number, an array of one or two dimensions (a vector is stacked), or a pair of a name
    and one of these. None leaves it out; an edge without a gradient has one arrow.
    column, row: inches between neighbours. digits: significant digits of values and of gradients.
    """
    at = {name: np.array([column * x, row * y]) for name, (x, y, _) in nodes.items()}
    operations = {edge[0] for edge in edges} & {edge[1] for edge in edges}
    low, high = np.min(list(at.values()), axis=0) - (0.5, 0.4), np.max(list(at.values()), axis=0) + (0.5, 0.4)
    width, height = high - low + (0.1, 0.1)
    fig, ax = figure(size=size or (min(7.5, width), height + (0.35 if title else 0)), title=title, alt=alt)
    blank(ax)
    boxes = {name: _graph_node(ax, at[name], text, name in operations) for name, (_, _, text) in nodes.items()}
    for start, end, value, gradient in edges:
        along = (at[end] - at[start]) / np.hypot(*(at[end] - at[start]))
        left = np.array([-along[1], along[0]])  # above an edge that runs to the right
        near, far = (at[n] + sign * _graph_reach(nodes[n][2], along) for n, sign in ((start, 1), (end, -1)))
        apart = 0 * left if gradient is None else 0.045 * left
        _graph_arrow(ax, at[start] + apart, at[end] + apart, boxes[start], boxes[end], FORWARD)
        _graph_label(ax, (near + far) / 2, left, _graph_entry(value, digits[0]), FORWARD)
        if gradient is not None:
            _graph_arrow(ax, at[end] - apart, at[start] - apart, boxes[end], boxes[start], BACKWARD)
            _graph_label(ax, (near + far) / 2, -left, _graph_entry(gradient, digits[1]), BACKWARD)
    ax.set_xlim(low[0], high[0])
    ax.set_ylim(low[1], high[1])
    return fig


def _graph_node(ax, place, text, operation):
    """Write a node; returns the patch at which its arrows end."""
    frame = {"boxstyle": "round,pad=0.25", "facecolor": "none", "edgecolor": "none"}
    if operation:
        style = "circle,pad=0.3" if not text else "circle,pad=0.45" if len(text) == 1 else "round,pad=0.45"
        frame = {"boxstyle": style, "facecolor": "white" if text else DARK, "edgecolor": DARK, "linewidth": 1.3}
    label = ax.text(*place, text or ".", ha="center", va="center", color=DARK, fontsize=12 if text else 7, bbox=frame)
    return label.get_bbox_patch()


def _graph_reach(text, direction):
    """From a node's middle to where its frame ends in the given direction, in inches, by the length of its text."""
    lines = text.split("\n")
    half = np.array([0.055 * max(map(len, lines)), 0.09 * len(lines)]) + 0.08
    return direction * np.min(half / np.maximum(np.abs(direction), 1e-9))


def _graph_arrow(ax, tail, head, left, entered, color):
    """An arrow from the frame of the node that it leaves to that of the node it enters."""
    style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.45", "color": color, "linewidth": 1.5}
    ax.annotate("", head, tail, arrowprops=style | {"patchA": left, "patchB": entered, "shrinkA": 3, "shrinkB": 3})


def _graph_label(ax, place, direction, text, color, fontsize=10):
    """Write beside an edge, just far enough away in the given direction not to touch it."""
    lines = text.split("\n")
    half_width, half_height = 0.34 * fontsize * max(map(len, lines)), 0.6 * fontsize * len(lines)
    away = abs(direction[0]) * half_width + abs(direction[1]) * half_height + 5.5  # all in points
    style = {"ha": "center", "va": "center", "color": color, "fontsize": fontsize, "fontweight": "bold"}
    ax.annotate(text, place, direction * away, textcoords="offset points", **style)


def _graph_entry(entry, digits):
    """A value or gradient as text: a vector is stacked, a name stands above."""
    if entry is None or isinstance(entry, str):
        return entry or ""
    if isinstance(entry, tuple):
        return "\n".join([entry[0], _graph_entry(entry[1], digits)])
    rows = np.reshape(entry, (-1, 1)) if np.ndim(entry) < 2 else np.asarray(entry)
    cells = [[f"{v + 0.0:.{digits}g}".replace("-", "−") for v in values] for values in rows]
    widths = [max(map(len, cell)) if len(cells[0]) > 1 else 0 for cell in zip(*cells, strict=True)]
    # U+2007 is as wide as a digit, so that the columns of a matrix stand below each other
    return "\n".join("  ".join(c.rjust(w, "\u2007") for c, w in zip(r, widths, strict=True)) for r in cells)
