"""The pictures of day2/07, convolution."""

import numpy as np
from matplotlib.patches import Rectangle

from common.plotting.base import BLUE, DARK, DIVERGING, GREEN, blank, figure
from common.plotting.windows import RESULT, SEEN, WEIGHT, draw_frame, draw_grid

UPRIGHT = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def show_edges(grey):
    """The photograph, nine numbers, and what they make of it."""
    windows = np.lib.stride_tricks.sliding_window_view(grey, (3, 3))
    fig, axes = figure(
        1, 3, size=(7.5, 3.2), width_ratios=[1, 0.44, 1], title="Nine numbers find every upright edge",
        alt="""A grey photograph of a temple, a grid of nine numbers with columns −1, −2, −1 and 0, 0, 0 and 1, 2, 1, and the result:
        pillars, walls and roof tips stand out in purple and orange, while sky and everything level is white.""",
    )  # fmt: skip
    image(axes[0], grey)
    ax = blank(axes[1])
    draw_grid(ax, UPRIGHT, 0, 3, colors=WEIGHT, fontsize=12)
    ax.set(xlim=(-0.2, 3.2), ylim=(-0.2, 3.2))
    image(axes[2], np.sum(windows * UPRIGHT, axis=(2, 3)), signed=True)
    return fig


def show_filters(grey, filters, results):
    """Filters above, what each makes of the photograph below."""
    fig, axes = figure(
        2, len(filters), size=(7.5, 4.3), height_ratios=[0.62, 1], title="A filter of sum 0 does not see the sky",
        alt=f"""Four filters of nine numbers each and their results on the photograph of the temple: {", ".join(filters)}. Blur smooths the
        leaves; one edge filter shows pillars, the other eaves and floors; sharpen exaggerates every contour.""",
    )  # fmt: skip
    for (name, W), (above, below) in zip(filters.items(), axes.T):
        ax = blank(above)
        draw_grid(ax, W, 0, 3, colors=WEIGHT, digits=2, fontsize=10)
        ax.set(xlim=(-0.6, 3.6), ylim=(-0.05, 3.1), title=name)
        image(below, results[name], signed=np.sum(W) == 0)
    return fig


def show_bank(x, W, b, u, names):
    """A bank of filters: three channels on top, one row for each filter with a slice for each channel, its bias and its map."""
    F, C = W.shape[:2]
    fig, axes = figure(
        F + 1, C + 2, size=(7.5, 7.6), width_ratios=[1] * C + [0.55, 1.2],
        title="Every filter reads all channels, and makes one",
        alt=f"""A photograph of an orange dahlia as three channels, red, green and blue, and below it {F} rows, one for each filter: three
        grids of numbers, one for each channel, a bias and the resulting map. {"; ".join(names)}.""",
    )  # fmt: skip
    for c, channel in enumerate(("red", "green", "blue")):
        image(axes[0, c], x[c])
        axes[0, c].set_title(f"channel {c}: {channel}", fontsize=10.5)
    blank(axes[0, C])
    image(axes[0, C + 1], x.transpose(1, 2, 0))
    axes[0, C + 1].set_title("together", fontsize=10.5)
    for f in range(F):
        for c in range(C):
            ax = blank(axes[f + 1, c])
            draw_grid(ax, W[f, c], 0, 3, colors=WEIGHT, digits=2)
            ax.set(xlim=(-0.2, 3.2), ylim=(-0.1, 3.1))
            ax.set_title(f"W[{f}, {c}]", fontsize=10.5, loc="center")
        ax = blank(axes[f + 1, C])
        draw_grid(ax, [[b[f]]], 0, 1, colors=WEIGHT, digits=2, name=f"b[{f}]")
        ax.set(xlim=(-0.6, 1.6), ylim=(-1.0, 2.0))
        image(axes[f + 1, C + 1], u[f], signed=u[f].min() < 0)
        axes[f + 1, C + 1].set_title(names[f], fontsize=10.5)
    return fig


def show_rows(x, cols, W, row):
    """im2col in one picture: a window of x is a row of the matrix; the filter is a column; the product is all of u."""
    FH, FW = W.shape
    OW = x.shape[1] - FW + 1
    u = (cols @ W.reshape(-1, 1)).astype(float)
    fig, ax = figure(
        size=(7.5, 3.9), title="Four windows, four rows, one product",
        alt=f"""An input of {x.shape[0]} by {x.shape[1]} numbers with one window framed; the same nine numbers as row {row} of a matrix of
        {len(cols)} rows and {cols.shape[1]} columns; the filter standing as a column of {W.size} numbers; their product, a column of {len(u)}
        numbers, the output.""",
    )  # fmt: skip
    blank(ax)
    p, q = divmod(row, OW)
    shades = np.full(x.shape, "#FFFFFF")
    shades[p : p + FH, q : q + FW] = SEEN
    draw_grid(ax, x, 0, 2, colors=shades, name="x  (4×4)")
    draw_frame(ax, q, 2 - p, FH, FW)
    shades = np.full(cols.shape, "#FFFFFF")
    shades[row] = SEEN
    left = 5.1
    draw_grid(ax, cols, left, 2, colors=shades, name=f"cols  ({len(cols)}×{cols.shape[1]})")
    draw_frame(ax, left, 2 - row, 1, cols.shape[1])
    ax.annotate(
        "",
        (left - 0.12, 1.5 - row),
        (q + FW + 0.1, 1.5 - row),
        arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.8},
    )
    ax.text(left + 9.45, 0, "·", ha="center", va="center", fontsize=16)
    draw_grid(ax, W.reshape(-1, 1), left + 9.9, 4.5, colors=WEIGHT, name="W  (9×1)")
    ax.text(left + 11.45, 0, "=", ha="center", va="center", fontsize=15)
    shades = np.full(u.shape, "#FFFFFF")
    shades[row] = RESULT
    draw_grid(ax, u, left + 12, 2, colors=shades, name="u  (4×1)")
    draw_frame(ax, left + 12, 2 - row, 1, 1, GREEN)
    ax.set(xlim=(-0.2, left + 13.3), ylim=(-4.7, 5.4))
    return fig


def show_pooled(edges, pooled):
    """A map and what pooling leaves of it, every picture at the same size on the page."""
    fig, axes = figure(
        1, 1 + len(pooled), size=(7.5, 3.3), title="The largest keeps the edges, the mean fades them",
        alt="""The strength of upright edges in the photograph of the temple, and the same pooled over windows of 4 by 4. After max pooling the
        pillars and the outline of the roofs are coarse but as dark as before; after average pooling they are pale.""",
    )  # fmt: skip
    for ax, (name, a) in zip(axes, {"before": edges, **pooled}.items()):
        image(ax, a, vmin=0, vmax=np.max(edges), cmap="gray_r")
        ax.set_title(f"{name}: {a.shape[0]}×{a.shape[1]}")
    return fig


def image(ax, a, signed=False, **options):
    """A picture without frame: grey, in colour (H, W, 3), or signed values around white."""
    most = np.abs(a).max()
    if not options:
        options = {"vmin": -most, "vmax": most, "cmap": DIVERGING} if signed else {"vmin": 0, "vmax": 1, "cmap": "gray"}
    ax.imshow(a, **options)
    blank(ax)
    H, W = a.shape[:2]
    ax.add_patch(Rectangle((-0.5, -0.5), W, H, fill=False, edgecolor=DARK, linewidth=0.6, clip_on=False))
