"""The pictures of day2/10, AlexNet."""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from common.plotting.base import AMBER, BLUE, DARK, GREEN, GREY, ORANGE, blank, figure

FRONT, SIDE, TOP = "#D6E6F2", "#A9C9E2", "#E9F2F9"


def show_errors(entries, person):
    """A bar for each entry: {(year, name): top-5 error in percent}, convolutional from AlexNet on; and a person's error."""
    names = list(entries)
    first = next(k for k, (_, name) in enumerate(names) if name == "AlexNet")
    fig, ax = figure(
        size=(7.5, 3.9),
        title="One entry leaves all others eleven points behind",
        alt="Bars of the best top-5 errors on ImageNet by year. "
        + " ".join(f"{year}, {name}: {error:g} percent." for (year, name), error in entries.items())
        + f" A dashed line marks a trained person at {person:g} percent.",
    )
    colors = [BLUE if k >= first else "#777777" for k in range(len(names))]
    ax.bar(range(len(names)), entries.values(), color=colors, width=0.72)
    for k, error in enumerate(entries.values()):
        ax.text(k, error - 0.5, f"{error:g}", ha="center", va="top", fontsize=11, color="white", weight="bold")
    ax.axhline(person, color=ORANGE, linestyle="--", linewidth=1.6, zorder=0.9)
    ax.annotate("a trained\nperson:\n" + f"{person:g}", (1.01, person), xycoords=("axes fraction", "data"),
                va="center", color=ORANGE, fontsize=10)  # fmt: skip
    ax.text(first - 0.55, 31.5, "features made by hand", color="#666666", ha="right", fontsize=11)
    ax.text(first - 0.45, 31.5, "convolutional networks", color=BLUE, ha="left", fontsize=11)
    ax.set_xticks(range(len(names)), [f"{year}\n{name}" for year, name in names])
    ax.set(ylabel="top-5 error, %", ylim=(0, 34), xlim=(-0.55, len(names) - 0.45))
    ax.grid(axis="x", visible=False)
    ax.tick_params(axis="x", length=0)
    return fig


def show_boxes(summary, photo):
    """A network as boxes, to scale: the height is the side of the maps, the thickness the number of channels.

    summary: of `Sequential.summary`. photo: (3, H, W), the input, drawn on the first box.
    """
    steps, shape = [("photograph", summary.input_shape)], summary.input_shape
    for row in summary:
        kind, _, arguments = row.layer.removesuffix(")").partition("(")
        if row.parameters or (kind.endswith("Pooling") and row.output_shape != shape):
            window = arguments.split(", ")[2 if kind == "Convolution" else 0]
            steps.append(({"Convolution": f"conv\n{window}×{window}", "Affine": "affine"}.get(kind, "pool"), row.output_shape))  # fmt: skip
        shape = row.output_shape
    words = ", ".join(f"{name.split()[0]} {'×'.join(map(str, s))}" for name, s in steps)
    fig, ax = figure(
        size=(7.5, 3.6),
        title="The image becomes smaller and thicker, then a row of numbers",
        alt=f"The shapes of one photograph on its way through the network, drawn as boxes: {words}.",
    )
    blank(ax)
    pixel, channel, slant, gap = 0.0073, 0.00105, 0.34, 0.07  # inches; the depth of a box is drawn at an angle
    left = 0.0
    for k, (name, shape) in enumerate(steps):
        thick, side = (0.06, 0.0) if len(shape) == 1 else (max(channel * shape[0], 0.03), pixel * shape[1])
        tall = 0.00028 * shape[0] + 0.3 if len(shape) == 1 else side
        deep = slant * side
        low = -tall / 2 - deep / 2
        room = max(thick + deep, 0.8 if k == 0 else 0.49)  # a box may be narrower than its name
        middle, start = left + room / 2, left + (room - thick - deep) / 2
        _box(ax, start, low, thick, tall, deep)
        if k == 0:
            _on_the_side(ax, photo, start + thick, low, deep, tall)
        ax.text(middle, 1.18, name, ha="center", va="bottom", fontsize=10, color=DARK, linespacing=1.1)
        size = f"{shape[0]:,}" if len(shape) == 1 else f"{shape[1]}×{shape[2]}\n×{shape[0]}"
        ax.text(middle, -1.18, size, ha="center", va="top", fontsize=10, color=BLUE, linespacing=1.1)
        left += room + gap
    ax.set(xlim=(-0.08, left - gap), ylim=(-1.56, 1.52))
    return fig


def _box(ax, left, low, thick, tall, deep):
    """Front (the channels, seen from the edge), top, and the side that carries the map."""
    right, high = left + thick, low + tall
    options = {"edgecolor": BLUE, "linewidth": 0.8}
    ax.add_patch(Rectangle((left, low), thick, tall, facecolor=FRONT, **options))
    if deep:
        top = [(left, high), (right, high), (right + deep, high + deep), (left + deep, high + deep)]
        ax.add_patch(Polygon(top, facecolor=TOP, **options))
        side = [(right, low), (right + deep, low + deep), (right + deep, high + deep), (right, high)]
        ax.add_patch(Polygon(side, facecolor=SIDE, **options))


def _on_the_side(ax, photo, left, low, deep, tall):
    """The photograph on the slanted side of a box: sheared by a mesh of its pixels."""
    small = photo[:, ::3, ::3].transpose(1, 2, 0)
    rows, columns = small.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(1, 0, rows + 1))
    ax.pcolormesh(left + deep * across, low + tall * down + deep * across, small, zorder=3)


def show_shares(columns):
    """A column of horizontal bars for each quantity: {name: {layer: number}}, in percent of its total."""
    fig, axes = figure(
        1,
        len(columns),
        size=(7.5, 3.5),
        sharey=True,
        title="The parameters sit at the end, the work in the convolutions",
        alt="Horizontal bars for the layers with weights, in percent of the total. "
        + " ".join(
            f"{name}: " + ", ".join(f"{k} {100 * v / sum(values.values()):.1f}" for k, v in values.items()) + "."
            for name, values in columns.items()
        ),
    )
    for ax, (name, values) in zip(axes, columns.items()):
        shares = 100 * np.array(list(values.values())) / sum(values.values())
        layers = list(values)
        ax.barh(range(len(layers)), shares, color=[AMBER if n.startswith("affine") else BLUE for n in layers])
        for k, share in enumerate(shares):
            ax.text(share + 1.5, k, f"{share:.1f}" if share < 10 else f"{share:.0f}", va="center", fontsize=10, color=DARK)  # fmt: skip
        ax.set(title=name, xlim=(0, 78), xlabel="% of the total")
        ax.grid(axis="y", visible=False)
        ax.set_xticks([0, 25, 50, 75])
    axes[0].set_yticks(range(len(layers)), layers)
    axes[0].invert_yaxis()
    return fig


def show_damping(panels):
    """Numbers of neighbouring channels before and after: {title: (x (C,), z (C,))}, and the share that is left."""
    fig, axes = figure(
        1,
        len(panels),
        size=(7.5, 3.4),
        title="Small numbers are only scaled; large ones damp their neighbours",
        alt="Two panels with bars for eleven neighbouring channels, before and after local response normalisation. "
        + " ".join(
            f"{title}: of the brightest channel {100 * z[x.argmax()] / x.max():.0f} percent is left, of the "
            f"first one {100 * z[0] / x[0]:.0f} percent."
            for title, (x, z) in panels.items()
        ),
    )
    for ax, (title, (x, z)) in zip(axes, panels.items()):
        places = np.arange(len(x))
        ax.bar(places, x, width=0.8, color="#DDDDDD", label="before")
        ax.bar(places, z, width=0.5, color=BLUE, label="after")
        for k in places:
            ax.text(k, x[k] + 0.02 * x.max(), f"{100 * z[k] / x[k]:.0f}", ha="center", va="bottom", fontsize=10)
        ax.set(
            title=f"{title}: above each bar,\nthe percentage that is left", xlabel="channel", ylim=(0, 1.16 * x.max())
        )
        ax.set_xticks(places[::2])
        ax.grid(axis="x", visible=False)
    axes[0].set_ylabel("output of the ReLU")
    axes[0].legend(loc="upper left")
    return fig


def show_changed(rows, names):
    """Rows of colour images: {what was done: (n, 3, H, W)}, and below each column what it shows."""
    first = next(iter(rows.values()))
    count, _, H, W = first.shape
    gap = 3
    mosaic = np.ones((len(rows) * (H + gap) - gap, count * (W + gap) - gap, 3))
    for i, images in enumerate(rows.values()):
        for k, image in enumerate(images):
            top, left = i * (H + gap), k * (W + gap)
            mosaic[top : top + H, left : left + W] = image.transpose(1, 2, 0)
    width = 7.5
    fig, ax = figure(
        size=(width, 0.75 + 0.64 * len(rows)),
        title="Ten shapes, and three ways to make new ones",
        alt=f"A grid of small colour images of light shapes on dark ground. The columns show {', '.join(names)}; the rows: "
        + "; ".join(rows)
        + ".",
    )
    blank(ax)
    ax.imshow(mosaic)
    for i, name in enumerate(rows):
        ax.text(-4, i * (H + gap) + H / 2, name, ha="right", va="center", fontsize=10, color=DARK)
    for k, name in enumerate(names):
        ax.text(k * (W + gap) + W / 2, len(rows) * (H + gap), name, ha="center", va="top", fontsize=10, color=DARK)
    ax.set(xlim=(-60, mosaic.shape[1]), ylim=(mosaic.shape[0] + 16, -2))
    return fig


def show_worth(scores, words, groups):
    """A row for each change: a dot for each seed and a bar at the mean of the test accuracy: {name: (seeds,)} in percent.

    words: {name: verdict}. groups: {heading: names}, the order of the rows.
    """
    rows, headings, place = {}, {}, 0.0
    for heading, names in groups.items():
        headings[heading] = place
        for name in names:
            place += 1
            rows[name] = place
        place += 1.25
    plain = next(iter(scores.values())).mean()
    fig, ax = figure(
        size=(7.5, 4.9),
        title="Shifts and a global maximum help most; dropout needs time",
        alt="A row for each change, a dot for each seed and a bar at the mean. "
        + " ".join(f"{name}: {scores[name].mean():.1f} percent, {words.get(name, 'the baseline')}." for name in rows),
    )
    ax.axvline(plain, color=GREY, linestyle="--", linewidth=1.2)
    for name, y in rows.items():
        color = {"better": GREEN, "worse": ORANGE}.get(words.get(name), DARK)
        ax.plot(
            scores[name], np.full(len(scores[name]), y), "o", linestyle="none", color=color, alpha=0.45, markersize=5
        )
        ax.plot(scores[name].mean(), y, marker="|", markersize=15, markeredgewidth=3, color=color)
        ax.annotate(words.get(name, "the baseline"), (1.01, y), xycoords=("axes fraction", "data"), va="center",
                    fontsize=10, color=color)  # fmt: skip
    for heading, y in headings.items():
        ax.annotate(heading, (0.005, y), xycoords=("axes fraction", "data"), va="center", fontsize=10, color=DARK, weight="bold")  # fmt: skip
    ax.set_yticks(list(rows.values()), list(rows))
    ax.grid(axis="y", visible=False)
    ax.set(xlabel="test accuracy, %", xlim=(30, 100), ylim=(place - 0.6, -0.7))
    return fig
