"""A window that slides over a grid of numbers: convolution and pooling, one position at a time."""

import numpy as np
from matplotlib.patches import Rectangle

from common.plotting.base import BLUE, DARK, GREEN, blank, figure

SEEN, WEIGHT, RESULT, MARGIN = "#CFE6F5", "#FCE3C4", "#C3E8DB", "#EEEEEE"  # the window, the filter, the output, zeros
GAP = 1.1  # between two grids, in cells


def show_window(x, W, position=0, *, stride=1, padding=0, bias=0, digits=3, title=None, alt=None, size=None):
    """A filter W (FH, FW) at one position over x (H, W): window, filter, their products, the sum and its output cell.

    For small grids: the four of them together should not be wider than about 20 cells.

    position: the number of the window, counted row by row from 0 (after the last, the first again), or a pair (p, q).
    The output is filled in up to there.
    stride, padding: numbers. The margin's zeros are grey. bias is added to the sum.
    """
    W = np.asarray(W, dtype=float)
    cut = _Cut(x, W.shape, position, stride, padding)
    u = np.array([[np.sum(window * W) + bias for window in row] for row in cut.windows])
    total, came = np.sum(cut.window * W), u[cut.p, cut.q]
    added = f" {'−' if bias < 0 else '+'} {_number(abs(bias), digits)} = {_number(came, digits)}" if bias else ""
    middle = [
        ("×", W, f"W  ({_shape(W)})", WEIGHT, ""),
        ("=", cut.window * W, "products", "white", f"sum {_number(total, digits)}{added}"),
    ]
    words = f"""A filter of {_shape(W)} at window ({cut.p}, {cut.q}) of an input of {_shape(x)}: the products of window and filter{" and the bias" if bias else ""} add up to
        {_number(came, digits)}, which is written into that cell of the output of {_shape(u)}."""
    return _draw(cut, middle, u, "u", digits, title, alt or words, size)


def show_pooling(
    x, window, position=0, *, stride=None, padding=0, pool="max", digits=3, title=None, alt=None, size=None
):
    """Pooling at one position over x (H, W): the window, its largest number or its mean, and the output cell.

    window: a number or a pair. pool: "max", whose margin is −∞, or "average", whose margin is 0. position, stride and
    padding as in `show_window`; without a stride the windows lie side by side.
    """
    FH, FW = window if np.ndim(window) else (window, window)
    cut = _Cut(x, (FH, FW), position, FH if stride is None else stride, padding, -np.inf if pool == "max" else 0)
    z = (np.max if pool == "max" else np.mean)(cut.windows, axis=(2, 3))
    came = _number(z[cut.p, cut.q], digits)
    kind = "largest" if pool == "max" else "mean"
    seen = np.full((FH, FW), SEEN)
    if pool == "max":
        seen[np.unravel_index(cut.window.argmax(), (FH, FW))] = RESULT
    words = f"""{pool.capitalize()} pooling at window ({cut.p}, {cut.q}) of an input of {_shape(x)}: the {kind} of its numbers, {came}, is
        written into that cell of the output of {_shape(z)}."""
    middle = [("→", cut.window, "window", seen, f"{kind} {came}")]
    return _draw(cut, middle, z, "z", digits, title, alt or words, size)


def draw_grid(ax, values, left=0.0, top=0.0, *, colors="white", digits=3, fontsize=10, ink=DARK, name=None):
    """A grid of numbers from its upper left corner (left, top), one unit a cell. An empty cell is NaN.

    colors: of the cells, one for all or an array. name: above the grid.
    """
    values = np.asarray(values, dtype=float)
    colors = np.broadcast_to(colors, values.shape)
    for (i, j), value in np.ndenumerate(values):
        cell = Rectangle((left + j, top - i - 1), 1, 1, facecolor=colors[i, j], edgecolor="#BBBBBB", linewidth=0.8)
        ax.add_patch(cell)
        if not np.isnan(value):
            text = _number(value, digits)
            ax.text(left + j + 0.5, top - i - 0.53, text, ha="center", va="center", fontsize=fontsize, color=ink)
    if name:
        ax.text(left + values.shape[1] / 2, top + 0.22, name, ha="center", va="bottom", fontsize=10, color=DARK)


def draw_frame(ax, left, top, height, width, color=BLUE, **options):
    """A thick frame around cells of a grid."""
    ax.add_patch(Rectangle((left, top - height), width, height, fill=False, edgecolor=color, linewidth=2.4, **options))


class _Cut:
    """All windows of a grid and one of them."""

    def __init__(self, x, window, position, stride, padding, margin=0):
        self.x = np.pad(np.asarray(x, dtype=float), padding, constant_values=margin)
        self.inside = np.pad(np.ones(np.shape(x), dtype=bool), padding)
        self.windows = np.lib.stride_tricks.sliding_window_view(self.x, window)[::stride, ::stride]
        rows, columns = self.windows.shape[:2]
        p, q = position if np.ndim(position) else divmod(position % (rows * columns), columns)
        self.p, self.q = min(p, rows - 1), min(q, columns - 1)
        self.top, self.left = self.p * stride, self.q * stride
        self.window = self.windows[self.p, self.q]


def _draw(cut, middle, output, letter, digits, title, alt, size):
    H, W = cut.x.shape
    FH, FW = cut.window.shape
    OH, OW = output.shape
    gaps = [GAP] * len(middle) + [1.5]
    wide = W + len(middle) * FW + OW + sum(gaps)
    above, below = max(H, OH, FH) / 2 + 0.95, max(H / 2 + 0.2, OH / 2 + 0.2, FH / 2 + 1.1)
    cell = min(0.46, 7.3 / (wide + 0.4))
    height = cell * (above + below) + (0.4 if title else 0.1)
    fig, ax = figure(size=size or (cell * (wide + 0.4) + 0.2, height), title=title, alt=alt)
    blank(ax)
    colors = np.where(cut.inside, "#FFFFFF", MARGIN)
    colors[cut.top : cut.top + FH, cut.left : cut.left + FW] = SEEN
    name = f"x  ({_shape(cut.x)})" if cut.inside.all() else f"x, padded  ({_shape(cut.x)})"
    draw_grid(ax, cut.x, 0, H / 2, colors=colors, digits=digits, name=name)
    draw_frame(ax, cut.left, H / 2 - cut.top, FH, FW)
    left = W
    for sign, values, title_of, shade, words in middle:
        ax.text(left + GAP / 2, 0, sign, ha="center", va="center", fontsize=15)
        draw_grid(ax, values, left + GAP, FH / 2, colors=shade, digits=digits, name=title_of)
        place = {"ha": "center", "va": "top", "color": GREEN, "fontweight": "bold", "fontsize": 11}
        ax.text(left + GAP + FW / 2, -FH / 2 - 0.3, words, **place)
        left += GAP + FW
    ax.annotate("", (left + 1.3, 0), (left + 0.2, 0), arrowprops={"arrowstyle": "-|>", "color": GREEN, "lw": 1.8})
    done = np.arange(OH * OW).reshape(OH, OW) <= cut.p * OW + cut.q
    shades = np.full((OH, OW), "#FFFFFF")
    shades[cut.p, cut.q] = RESULT
    filled = np.where(done, output, np.nan)
    draw_grid(ax, filled, left + 1.5, OH / 2, colors=shades, digits=digits, name=f"{letter}  ({_shape(output)})")
    draw_frame(ax, left + 1.5 + cut.q, OH / 2 - cut.p, 1, 1, GREEN)
    ax.set(xlim=(-0.2, wide + 0.2), ylim=(-below, above))
    return fig


def _number(value, digits):
    """A number in few characters, with a real minus sign."""
    if np.isinf(value):
        return "−∞" if value < 0 else "∞"
    text = f"{value:.0f}" if abs(value) < 1e5 and value == round(value) else f"{value:.{digits}g}"
    return "0" if float(text) == 0 else text.replace("-", "−")


def _shape(a):
    return "×".join(map(str, np.shape(a)))
