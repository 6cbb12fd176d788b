"""The pictures of 00, start here."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from common.plotting.base import BACKWARD, DARK, FORWARD, GREY, blank, figure


def show_learning_to_read(image, label, probabilities):
    """One digit, and what the network says it is after so many updates: {updates: (10,) probabilities}."""
    first, *_, last = probabilities.values()
    fig, axes = figure(
        1,
        1 + len(probabilities),
        size=(7.5, 2.5),
        title="The same digit, asked four times while the network learns",
        width_ratios=[1.25] + [1] * len(probabilities),
        alt=f"""A handwritten {label} of 8 by 8 pixels, and the network's ten probabilities for it at {len(probabilities)} moments of
        training: {100 * first[label]:.0f} % for the right answer at first, {100 * last[label]:.0f} % at the end.""",
    )
    axes[0].imshow(np.reshape(image, (8, 8)))
    axes[0].set_title("What is it?")
    axes[0].set_axis_off()
    for ax, (updates, y) in zip(axes[1:], probabilities.items(), strict=True):
        ax.barh(range(10), y, color=[FORWARD if k == label else GREY for k in range(10)])
        ax.set(xlim=(0, 1), xticks=[0, 1], yticks=range(10), title=f"{updates:,} updates" if updates else "untrained")
        ax.invert_yaxis()
        ax.tick_params(length=0)
        ax.grid(False)
        if ax is not axes[1]:
            ax.set_yticklabels([])
    axes[1].set_ylabel("digit")
    axes[2].set_xlabel("probability that the network gives")
    return fig


def show_cycle():
    """The six steps of learning, as a cycle."""
    fig, ax = figure(
        size=(7.5, 2.9),
        alt="""Six boxes in a cycle: input x, forward pass, output y, loss E, gradient dE/dW, update of W and b, and from there back to
        the input. The forward steps are blue, the backward steps orange.""",
    )
    blank(ax)
    steps = [
        ("1  input", "a batch x", FORWARD),
        ("2  forward", "u = xW + b, z = f(u)", FORWARD),
        ("3  output", "y", FORWARD),
        ("4  loss", "E: how wrong is y?", BACKWARD),
        ("5  gradient", "∂E/∂W: what to blame", BACKWARD),
        ("6  update", "W ← W − ε ∂E/∂W", BACKWARD),
    ]
    places = [(0, 1), (1, 1), (2, 1), (2, 0), (1, 0), (0, 0)]
    width, height, dx, dy = 2.5, 0.8, 3.3, 1.6
    for (name, detail, color), (column, row) in zip(steps, places, strict=True):
        x, y = column * dx, row * dy
        box = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0.06", facecolor="white", edgecolor=color, lw=2)
        ax.add_patch(box)
        ax.text(x + width / 2, y + 0.55, name, ha="center", va="center", fontweight="bold", color=color)
        ax.text(x + width / 2, y + 0.22, detail, ha="center", va="center", fontsize=10, color=DARK)
    middle, side = height / 2, 0.1
    arrows = [
        ((width + side, dy + middle), (dx - side, dy + middle)),
        ((dx + width + side, dy + middle), (2 * dx - side, dy + middle)),
        ((2 * dx + width / 2, dy - side), (2 * dx + width / 2, height + side)),
        ((2 * dx - side, middle), (dx + width + side, middle)),
        ((dx - side, middle), (width + side, middle)),
        ((width / 2, height + side), (width / 2, dy - side)),
    ]
    for start, end in arrows:
        ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=16, color=DARK))
    ax.set_xlim(-0.2, 2 * dx + width + 0.2)
    ax.set_ylim(-0.2, dy + height + 0.2)
    return fig


def show_broadcasting(a, b):
    """A column of numbers plus a row of numbers, as NumPy stretches them."""
    from common.plotting.diagrams import show_matrices

    return show_matrices(
        [("a", a), "+", ("b", b), "=", ("a + b", a + b)],
        title="Broadcasting: b is added to every row",
        alt="A matrix of three rows and two columns, plus a row of two numbers, equals a matrix in which the row was added to each row.",
    )


def show_slope(f, x, slope):
    """A curve and its tangent at x."""
    t = np.linspace(-1, 4, 100)
    fig, ax = figure(
        size=(5.2, 3.0),
        alt=f"A parabola and its tangent at x = {x:g}, which rises {slope:g} for each step to the right.",
    )
    ax.plot(t, f(t), label="f(x) = x²")
    ax.plot(t, f(x) + slope * (t - x), color=BACKWARD, label=f"tangent, slope {slope:g}")
    ax.plot([x], [f(x)], "o", color=DARK)
    ax.set(xlabel="x", ylim=(-4, 16), title=f"At x = {x:g} the curve climbs {slope:g} for each unit of x")
    ax.legend(loc="upper left")
    return fig
