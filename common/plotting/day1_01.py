"""The pictures of day1/01, forward propagation."""

import numpy as np

from common.functions import relu, sigmoid, softmax
from common.plotting.base import DARK, figure
from common.plotting.diagrams import show_matrices, show_network
from common.plotting.planes import draw_plane, show_regions

# The animal classifier of the lesson: mass (log10 kg) and ears (share of the head) to mouse, rabbit, cat, horse.
ANIMALS = {
    "W1": np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]]),
    "b1": np.array([-1.0, -0.5, -0.7]),
    "W2": np.array([[0.0, 0.0, 0.0, 6.0], [6.0, 0.0, 0.0, 0.0], [0.0, 16.0, 0.0, 0.0]]),
    "b2": np.array([0.0, 0.0, 2.0, 0.0]),
}
KINDS = ["mouse", "rabbit", "cat", "horse"]
MEASURED = {
    "mouse": (-1.7, 0.6),
    "rabbit": (0.3, 1.0),
    "cat": (0.6, 0.5),
    "horse": (2.7, 0.4),
}  # rough, for the picture


def show_animals(kind="rabbit"):
    """The animal classifier with the values of one animal in its units."""
    x = np.array(MEASURED[kind])
    z = relu(x @ ANIMALS["W1"] + ANIMALS["b1"])
    y = softmax(z @ ANIMALS["W2"] + ANIMALS["b2"])
    return show_network(
        (2, 3, 4),
        weights=[ANIMALS["W1"], ANIMALS["W2"]],
        values=[x, np.round(z, 2), np.round(y, 2)],
        inputs=["mass", "ears"],
        outputs=[f"{k} {100 * p:.0f} %" for k, p in zip(KINDS, y, strict=True)],
        layers=["what is measured", "heavy, light, long ears", "which animal?"],
        title=f"Two measurements of a {kind} become four probabilities",
        alt=f"""A network of 2, 3 and 4 units. The two inputs, mass and ears of a {kind}, lead to three hidden units and these to
        four outputs: {", ".join(f"{k} {100 * p:.0f} %" for k, p in zip(KINDS, y, strict=True))}. Thick blue lines are large positive
        weights, the dashed orange line is a negative one.""",
    )


def show_unit(w0, w1, b):
    """One sigmoid unit over the plane of its two inputs, its boundary u = 0 and its weight vector."""
    fig, ax = figure(
        size=(6.0, 4.2),
        alt=f"""The output of a sigmoid unit with weights {w0:.1f} and {w1:.1f} and bias {b:.1f} over the plane of two inputs: near 0 on
        one side of a straight boundary and near 1 on the other; an arrow across the boundary shows the weights.""",
    )
    draw_plane(ax, lambda x: sigmoid(x @ [w0, w1] + b), vmin=0, vmax=1, levels=[0.5], label="z = sigmoid(u)")
    length = np.hypot(w0, w1)
    if length > 0:
        at = -b * np.array([w0, w1]) / length**2  # the point of the boundary nearest to the origin
        if np.abs(at).max() < 3:
            ax.annotate(
                "",
                at + np.array([w0, w1]) / length,
                at,
                arrowprops={"arrowstyle": "-|>", "lw": 2, "color": DARK},
            )
            ax.plot(*at, "o", color=DARK)
    ax.set(
        xlim=(-3, 3),
        ylim=(-3, 3),
        title=f"$u = {w0:.1f}\\,x_0 {w1:+.1f}\\,x_1 {b:+.1f}$,  the line is $u = 0$",
    )
    return fig


def show_layer(x, W, b):
    """A layer as an equation of matrices."""
    return show_matrices(
        [("x", x), "@", ("W", W), "+", ("b", b), "=", ("u", x @ W + b)],
        title="Each column of W is one unit",
        alt="""The row x of four numbers times the matrix W of four rows and three columns plus the row b of three numbers gives the row
        u of three numbers: 1.4, 2.2 and 3.""",
    )


def show_animal_regions(forward):
    """Which of the four animals the network names, for every mass and ear length."""
    return show_regions(
        lambda x: forward(x).argmax(axis=1),
        KINDS,
        (-3, 0),
        (4, 1.4),
        points=MEASURED,
        xlabel="mass (log10 of kg)",
        ylabel="ears (share of the head)",
        title="The network divides all possible animals into four regions",
        alt="""The plane of mass and ear length in four regions: mice on the left, where mass is small; horses on the right; rabbits in the
        middle above, where ears are long; cats in the middle below. One measured animal lies in each.""",
    )
