"""The pictures of day2/08, convolutional networks."""

import numpy as np
from matplotlib.patches import Rectangle

from common.plotting.base import BLUE, DARK, GREY, ORANGE, blank, figure
from common.plotting.curves import name_lines
from common.plotting.images import show_images

CNN, MLP = BLUE, ORANGE
SHEET = "#D6E6F2"


def show_moved(images, d, answers):
    """Images, each with what two networks say: answers {name: (N,)}, and what it is, d (N,)."""
    labels = [
        "\n".join(f"{name}: {said[k]:.0f} {'✓' if said[k] == d[k] else '✗'}" for name, said in answers.items())
        for k in range(len(d))
    ]
    right = {name: int(np.sum(said == d)) for name, said in answers.items()}
    return show_images(
        images,
        labels,
        columns=5,
        width=6.6,
        title="Moved about: hard for one network, easy for the other",
        alt=f"{len(d)} images of 16 by 16 pixels. Each shows a small handwritten digit at another place of an empty canvas. Below stand the answers of "
        + " and ".join(f"the {name}, right for {n} of them," for name, n in right.items())
        + " each with a tick or a cross.",
    )


def show_plan(summary):
    """The shapes that an image takes on its way through a network: maps as sheets of paper, rows of numbers as strips.

    summary: of `Sequential.summary`.
    """
    steps, shape = [("input", summary.input_shape)], summary.input_shape
    for row in summary:
        name, _, arguments = row.layer.removesuffix(")").partition("(")
        if row.output_shape == shape and not row.parameters:
            steps[-1] = (f"{steps[-1][0]}\n{name}", shape)
        else:
            steps.append((_named(name, arguments.split(", ")), row.output_shape))
        shape = row.output_shape
    words = "; then ".join(f"{' '.join(name.split())}: {_shape(s)}" for name, s in steps)
    fig, ax = figure(
        size=(7.5, 2.6),
        title="Ever smaller maps, ever more of them",
        alt=f"The shapes of one image on its way through a network, drawn as piles of sheets that become smaller and higher. {words}.",
    )
    blank(ax)
    pixel, offset, gap = 0.056, 0.04, 0.26  # inches
    left, end = 0.0, None  # of this step's place, and of the pile before
    for name, shape in steps:
        sheets, height, width = shape if len(shape) == 3 else (1, max(shape[0] / 16, 4), 1.4)
        depth = offset * (sheets - 1)
        w, h = pixel * width, pixel * height
        room = max(w + depth, 0.08 * max(map(len, name.split())))  # a pile may be narrower than its name
        middle, start = left + room / 2, left + (room - w - depth) / 2
        for sheet in reversed(range(sheets)):
            place = start + offset * sheet, offset * sheet - (h + depth) / 2
            ax.add_patch(Rectangle(place, w, h, facecolor=SHEET, edgecolor=BLUE, linewidth=0.7))
        ax.text(middle, 0.78, name, ha="center", va="bottom", fontsize=10, color=DARK, linespacing=1.15)
        ax.text(middle, -0.78, _shape(shape).replace(" by ", "×"), ha="center", va="top", fontsize=10, color=BLUE)
        if end is not None:
            style = {"arrowstyle": "->", "color": GREY, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (start - 0.05, 0), (end + 0.05, 0), arrowprops=style)
        left, end = left + room + gap, start + w + depth
    ax.set(xlim=(-0.05, left - gap + 0.05), ylim=(-1.05, 1.35))
    return fig


def _named(name, arguments):
    if name == "Convolution":
        return f"conv {arguments[1]}\n{arguments[2]}×{arguments[2]}"
    if name == "MaxPooling":
        return f"pool\n{arguments[0]}×{arguments[0]}"
    return {"Affine": "affine", "GlobalMaxPooling": "global\nmax", "Flatten": "flatten"}.get(name, name)


def _shape(shape):
    return " by ".join(map(str, shape))


def show_scores(scores, *, title, colors=None, xlabel="accuracy on the test digits, %", limits=(0, 103)):
    """One row for each configuration: a dot for each seed and a bar at their mean: {name: (seeds,) in percent}.

    colors: {name: colour}.
    """
    names = list(scores)
    means = {name: np.mean(values) for name, values in scores.items()}
    fig, ax = figure(
        size=(7.5, 1.25 + 0.36 * len(names)),
        title=title,
        alt="A row for each network, a dot for each seed and a bar at the mean of the test accuracy. "
        + " ".join(f"{' '.join(name.split())}: {mean:.1f} percent." for name, mean in means.items()),
    )
    for row, name in enumerate(names):
        color = (colors or {}).get(name, CNN)
        ax.plot(scores[name], np.full(len(scores[name]), row), "o", color=color, alpha=0.45, markersize=6)
        ax.plot(means[name], row, marker="|", markersize=17, markeredgewidth=3, color=color)
    ax.set(xlabel=xlabel, xlim=limits, ylim=(len(names) - 0.4, -0.6))
    ax.set_yticks(range(len(names)), names)
    return fig


def show_places(shares):
    """How many digits of a hundred are read at each place of the canvas: {name: (rows, columns) in percent}."""
    fig, axes = figure(
        1,
        len(shares),
        size=(7.5, 3.25),
        sharey=True,
        title="Where a digit stands matters less and less",
        alt="For each network a grid of 9 by 9 places, coloured by how many percent of the digits are read correctly there. "
        + " ".join(
            f"{' '.join(name.split())}: from {share.min():.0f} to {share.max():.0f} percent, on average {share.mean():.0f}."
            for name, share in shares.items()
        ),
    )
    for ax, (name, share) in zip(axes, shares.items()):
        image = ax.imshow(share, vmin=0, vmax=100, cmap="cividis")
        ax.set(title=f"{name}\n{share.mean():.0f} % on average", xlabel="columns from the left")
        ax.title.set_fontsize(11)
        ax.grid(False)
        ax.set_xticks([0, 4, 8])
        ax.set_yticks([0, 4, 8])
    axes[0].set_ylabel("rows from the top")
    fig.colorbar(image, ax=axes, label="read correctly, %", shrink=0.8)
    return fig


def _with_rim(fig):
    """A little more room on the right: the last frame's line would be cut in half."""
    low, high = fig.axes[0].get_xlim()
    fig.axes[0].set_xlim(low - 0.3, high + 0.3)
    return fig


def show_shuffled(images, shuffled, d):
    """Images above, the same with shuffled pixels below."""
    fig = show_images(
        np.concatenate([images, shuffled]),
        [str(label) for label in d] * 2,
        columns=len(images),
        title="The same pixels in another order: the same for all images",
        alt=f"""Two rows of {len(images)} images. Above, a handwritten digit at some place of each canvas. Below, the same images with their pixels shuffled: a
        sprinkle of grey dots without any form.""",
    )
    return _with_rim(fig)


def show_scrambled(images, scrambled):
    """Colour images above, and below what a reshape makes of them."""
    fig = show_images(
        np.concatenate([images, scrambled]),
        ["transpose"] + [""] * (len(images) - 1) + ["reshape"] + [""] * (len(images) - 1),
        columns=len(images),
        width=6.6,
        title="The right shape, and the pixels are somewhere else",
        alt=f"""Two rows of {len(images)} colour images. Above, light shapes on a dark ground, such as a ring and a star. Below, the same numbers after a reshape:
        coloured stripes without any form.""",
    )
    return _with_rim(fig)


def show_learning(curves):
    """Accuracy over the epochs: {"MLP, training": (epochs,), …} in percent, for MLP and CNN, training and validation."""
    fig, ax = figure(
        size=(7.5, 3.7),
        title="Both learn their digits. One can read new ones",
        alt="Accuracy over the epochs. "
        + " ".join(f"{name}: from {values[0]:.0f} to {values[-1]:.0f} percent." for name, values in curves.items()),
    )
    ax.set(xlabel="epoch", ylabel="accuracy, %", ylim=(0, 103))
    lines = []
    for name, values in curves.items():
        style = {"color": MLP if name.startswith("MLP") else CNN, "linestyle": "-" if "training" in name else "--"}
        lines += ax.plot(np.arange(1, len(values) + 1), values, label=name, **style)
    name_lines(ax, lines)
    return fig
