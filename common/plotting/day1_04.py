"""The pictures of day1/04, back-propagation."""

import numpy as np
from matplotlib.patches import Circle

from common.functions import cross_entropy, d_relu, relu, softmax
from common.plotting.base import BACKWARD, DARK, FORWARD, GREY, blank, figure
from common.plotting.diagrams import show_graph

# The network that the lesson works out by hand, and its one sample; for the picture at the top.
NETWORK = {
    "W1": np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]),
    "b1": np.array([0.1, 0.2, 0.3]),
    "W2": np.array([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]),
    "b2": np.array([0.1, 0.2]),
}
X, D = np.array([[1.0, 5.0]]), np.array([[0.0, 1.0]])


def show_blame():
    """The network with its values in blue, what came back in orange, and each weight as wide as its gradient."""
    u1 = X @ NETWORK["W1"] + NETWORK["b1"]
    z1 = relu(u1)
    y = softmax(z1 @ NETWORK["W2"] + NETWORK["b2"])
    delta2 = y - D
    delta1 = delta2 @ NETWORK["W2"].T * d_relu(u1)
    gradients = [X.T @ delta1, z1.T @ delta2]
    largest = max(np.abs(g).max() for g in gradients)

    fig, ax = figure(
        size=(7.5, 3.9),
        title="One error, twelve weights: the thick lines are most to blame",
        alt="""A network of 2, 3 and 2 units with the loss E = 0.091 on its right. Each unit holds its value in blue and, from the
        hidden layer on, what came back to it in orange. The lines of the second layer, above all those from the lowest
        hidden unit, are the thickest; in the first layer those from the input 5 are thicker than those from the input 1.""",
    )
    blank(ax)
    columns = [[(0.0, 0.7), (0.0, -0.7)], [(2.5, 1.3), (2.5, 0.0), (2.5, -1.3)], [(5.0, 0.7), (5.0, -0.7)]]
    for left, right, gradient in zip(columns, columns[1:], gradients, strict=False):
        for (i, start), (j, end) in [(a, b) for a in enumerate(left) for b in enumerate(right)]:
            g = gradient[i, j]
            ax.plot(*zip(start, end, strict=True), color=BACKWARD, alpha=0.75, zorder=1,
                    linestyle="-" if g > 0 else (0, (2.5, 1.2)), linewidth=0.8 + 7 * abs(g) / largest)  # fmt: skip
    for x, y0 in columns[2]:
        ax.plot([x, 6.55], [y0, 0], "-", color=GREY, linewidth=1.2, zorder=1)
    for column, values, blames in zip(columns, (X, z1, y), (None, delta1, delta2), strict=True):
        for k, place in enumerate(column):
            ax.add_patch(Circle(place, 0.42, facecolor="white", edgecolor=DARK, linewidth=1.4, zorder=2))
            style = {"ha": "center", "va": "center", "fontweight": "bold", "zorder": 3}
            up = 0 if blames is None else 0.14
            ax.text(place[0], place[1] + up, f"{values[0, k]:.3g}", color=FORWARD, fontsize=11, **style)
            if blames is not None:
                ax.text(place[0], place[1] - 0.16, f"{blames[0, k]:.2g}".replace("-", "−"),
                        color=BACKWARD, fontsize=10, **style)  # fmt: skip
    ax.text(6.65, 0, f"E = {cross_entropy(y, D):.3f}", ha="left", va="center", fontsize=13)
    key = "solid: turn it up and E rises      dashed: turn it up and E falls"
    ax.text(2.5, -2.0, key, ha="center", va="center", color=BACKWARD)
    ax.set_xlim(-0.5, 7.6)
    ax.set_ylim(-2.2, 1.8)
    return fig


def show_error_of_nudging(h, one_sided, central):
    """The error of two estimates of a slope against the size of the nudge."""
    h = np.array(h)
    fig, ax = figure(
        size=(7.5, 4.0),
        title="Smaller is better, until it is not",
        alt="""The error of a slope against the nudge h on logarithmic axes. The central difference falls along h squared to about 1e-11
        near h = 1e-5 and then rises again along 1e-16 divided by h, jumping up and down: a U. The one-sided difference falls only
        along h, turns near 1e-8 and joins the other on the way up.""",
    )
    ax.loglog(h, one_sided, "s", color=GREY, markersize=5)
    ax.loglog(h, central, "o", color=BACKWARD)
    ax.loglog(h[h >= 1e-6], h[h >= 1e-6] ** 2, "-", color=DARK, linewidth=1.2)
    ax.loglog(h[h <= 1e-4], 1e-16 / h[h <= 1e-4], "--", color=DARK, linewidth=1.2)
    ax.text(6e-4, 3e-9, "central\ndifference", color=BACKWARD, fontweight="bold")
    ax.text(3e-6, 3e-4, "one-sided", color="#666666", fontweight="bold", ha="center")
    ax.text(6e-4, 1e-10, "truncation: $h^2$", color=DARK, ha="left")
    ax.text(2e-11, 3e-9, "round-off:\nabout $10^{-16}/h$", color=DARK, ha="right")
    ax.annotate("best: about $10^{-5}$", (6e-6, 1.2e-11), (2e-9, 1.2e-12), color=DARK, va="center", ha="center",
                arrowprops={"arrowstyle": "->", "color": DARK})  # fmt: skip
    ax.set(xlabel="size of the nudge $h$", ylabel="error of the slope", ylim=(2e-13, 10))
    return fig


def show_unit(numbers):
    """One sigmoid unit with its loss as a graph. numbers: {name: (value, gradient)} of x, w, t, b, u, y and E;
    they are rounded to three decimals."""
    w, b, E = (numbers[name][0] for name in "wbE")
    ends = {"x": "x×", "w": "w×", "t": "×+", "b": "b+", "u": "+σ", "y": ["σ", "½(y − 1)²"], "E": ["½(y − 1)²", "E"]}
    places = {
        "x": (0, 1),
        "w": (1, 0),
        "×": (1, 1),
        "b": (2.3, 0),
        "+": (2.3, 1),
        "σ": (3.2, 1),
        "½(y − 1)²": (4.3, 1),
        "E": (5.3, 1),
    }
    return show_graph(
        {name: (*place, name) for name, place in places.items()},
        [(start, end, *np.round(numbers[name], 3)) for name, (start, end) in ends.items()],
        column=1.2,
        row=1.2,
        title=f"With w = {w:.1f} and b = {b:.1f} the error is {E:.2f}".replace("-", "−"),
        alt=f"""The graph of one sigmoid unit with its loss, at w = {w:.1f} and b = {b:.1f}. Forward, u is {numbers["u"][0]:.3g} and y is
        {numbers["y"][0]:.3g}; {numbers["y"][1]:.3g} comes back to y, {numbers["u"][1]:.3g} to u and {numbers["w"][1]:.3g} to w.""",
    )


def show_step(values, gradients):
    """The hand-checkable step as a graph of arrays. values, gradients: dicts by name, of one sample each."""
    nodes = {
        "x": (0, 0, "x"), "layer 1": (0.95, 0, "x·W1\n+ b1"), "relu": (2.3, 0, "ReLU"),
        "layer 2": (3.65, 0, "z1·W2\n+ b2"), "loss": (5.1, 0, "softmax,\nloss"), "E": (6.3, 0, "E"),
        "b1": (0.95, 2.1, "b1"), "W1": (0.95, -1.95, "W1"),
        "W2": (3.65, 2.1, "W2"), "b2": (3.65, -1.95, "b2"), "d": (5.1, 1.4, "d"),
    }  # fmt: skip
    v = {name: np.squeeze(value) for name, value in values.items()}
    g = {name: np.squeeze(gradient) for name, gradient in gradients.items()}
    edges = [
        ("x", "layer 1", v["x"], None),
        ("b1", "layer 1", v["b1"], ("db1", g["b1"])),
        ("W1", "layer 1", v["W1"], ("dW1", g["W1"])),
        ("layer 1", "relu", ("u1", v["u1"]), ("δ1", g["u1"])),
        ("relu", "layer 2", ("z1", v["z1"]), ("dz1", g["z1"])),
        ("W2", "layer 2", v["W2"], ("dW2", g["W2"])),
        ("b2", "layer 2", v["b2"], ("db2", g["b2"])),
        ("layer 2", "loss", ("u2", v["u2"]), ("δ2", g["u2"])),
        ("d", "loss", v["d"], None),
        ("loss", "E", v["E"], 1),
    ]
    return show_graph(
        nodes,
        edges,
        column=1,
        digits=(3, 2),
        title="The whole step: blue forward, orange back",
        alt="""The 2-3-2 network as a graph of arrays, from x over layer 1, ReLU, layer 2, softmax and loss to E. Above each arrow stand the
        values that flow forward, below it the gradients that flow back: 1 at E, 0.087 and minus 0.087 at u2, minus 0.026
        three times at z1 and u1. W1, b1, W2 and b2 enter their layers and receive gradients of their own shapes.""",
    )


def show_cost(widths, nudging, back_propagation):
    """Multiply-adds for one gradient against the width of the hidden layer."""
    fig, ax = figure(
        size=(7.5, 3.8),
        title="Ten times wider: nudging costs a hundred times more",
        alt="""Multiply-adds for one gradient against the number of hidden units, both on logarithmic axes. Back-propagation is a straight line
        that rises by one decade per decade of width; nudging starts far above it and rises by two.""",
    )
    ax.loglog(widths, nudging, "s--", color=GREY)
    ax.loglog(widths, back_propagation, "o-", color=BACKWARD)
    ax.text(widths[0], nudging[8], "nudging every parameter: slope 2", color="#666666", fontweight="bold")
    ax.text(widths[3], back_propagation[0], "back-propagation: slope 1", color=BACKWARD, fontweight="bold")
    k = len(widths) - 3
    ax.annotate("", (widths[k], nudging[k] / 1.6), (widths[k], back_propagation[k] * 1.6),
                arrowprops={"arrowstyle": "<->", "color": DARK})  # fmt: skip
    middle = np.sqrt(float(nudging[k]) * float(back_propagation[k]))
    ax.text(widths[k] / 1.15, middle, f"{nudging[k] / back_propagation[k]:,.0f} times", ha="right", va="center")
    ax.set(xlabel="hidden units", ylabel="multiply-adds per sample")
    return fig


def show_agreement(nudged, versions):
    """Gradients from a backward pass against nudged ones. nudged: {name: array}; versions: {title: {name: array}}."""
    fig, axes = figure(
        1,
        len(versions),
        size=(7.5, 3.7),
        sharey=True,
        title="Each dot is a parameter: on the line, backward and nudging agree",
        alt=f"""{len(versions)} panels, {" and ".join(versions)}: the gradient of each parameter from the backward pass against the one found
        by nudging. With the right derivative all dots lie on the diagonal. With the wrong one those of the second layer
        do and those of the first do not.""",
    )
    for ax, (title, gradients) in zip(axes, versions.items(), strict=True):
        for names, marker, color, label in (
            (("W1", "b1"), "o", BACKWARD, "layer 1"),
            (("W2", "b2"), "s", FORWARD, "layer 2"),
        ):
            pairs = [np.concatenate([source[n].ravel() for n in names]) for source in (nudged, gradients)]
            ax.plot(*pairs, marker, color=color, label=label, alpha=0.8, markersize=7)
        ax.axline((0, 0), slope=1, color=DARK, linewidth=1, zorder=1)
        ax.set(xlabel="by nudging", title=title)
    axes[0].set_ylabel("by the backward pass")
    axes[0].legend(loc="upper left")
    return fig
