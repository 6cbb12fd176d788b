"""The pictures of day2/01, layers and networks."""

import re

import numpy as np
from matplotlib.patches import FancyBboxPatch

from common.plotting.base import BACKWARD, DARK, FORWARD, GREY, PINK, blank, figure
from common.plotting.curves import show_curves

# The digit classifier in pieces: name, what it owns, what it keeps from the way forward, what it leaves on the way back,
# and the width of its box.
PIECES = [
    ("Affine", "W, b", "its input", "dW, db", 1.36),
    ("ReLU", "", "where u > 0", "", 1.3),
    ("Affine", "W, b", "its input", "dW, db", 1.36),
    ("Softmax-\nCrossEntropy", "", "y, d", "", 1.46),
]
FLOW = {"x": "100×64", "u1": "100×40", "z1": "100×40", "u2": "100×10", "E": ""}  # around them, and the shapes
GAP = 0.66


def show_layers():
    """The digit classifier as four boxes: what flows forward and back, and what each of them keeps."""
    fig, ax = figure(
        size=(7.5, 2.85),
        title="Each piece keeps what its own way back will need",
        alt="""Four boxes in a row: Affine, ReLU, Affine and SoftmaxCrossEntropy. Blue arrows lead forward through them, carrying x of 100
        by 64, u1 of 100 by 40, z1 of the same shape, u2 of 100 by 10, and at last E. Orange arrows lead back, carrying gradients
        of the same shapes. In each box stands what it keeps from the way forward: an Affine its input, the ReLU where u was
        positive, the loss y and d. The Affine boxes own W and b and leave dW and db.""",
    )
    blank(ax)
    style = {"ha": "center", "va": "center", "fontsize": 10}
    box = {"boxstyle": "round,pad=0.03", "facecolor": "white", "edgecolor": DARK, "linewidth": 1.4}
    left = 0.0
    for k, (name, shape) in enumerate(FLOW.items()):
        middle = left - GAP / 2
        _arrow(ax, (left - GAP + 0.07, 0.42), (left - 0.07, 0.42), FORWARD)
        _arrow(ax, (left - 0.07, -0.42), (left - GAP + 0.07, -0.42), BACKWARD)
        ax.text(middle, 1.3, f"{name}\n{shape}" if shape else name, color=FORWARD, **style)
        ax.text(middle, -1.3, f"d{name}\n{shape}" if shape else "1", color=BACKWARD, **style)
        if k < len(PIECES):
            title, owns, keeps, leaves, width = PIECES[k]
            ax.add_patch(FancyBboxPatch((left, -1), width, 2, **box))
            middle = left + width / 2
            ax.text(middle, 0.68, title, color=DARK, fontweight="bold", **style)
            ax.text(middle, 0.25, f"owns {owns}" if owns else "", color=DARK, **style)
            ax.text(middle, -0.2, f"keeps\n{keeps}", color=FORWARD, **style)
            ax.text(middle, -0.76, f"leaves {leaves}" if leaves else "", color=BACKWARD, **style)
            left += width + GAP
    ax.set(xlim=(-GAP - 0.15, left + 0.15), ylim=(-1.6, 1.6))
    return fig


def _arrow(ax, tail, head, color):
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)


def show_programs(programs):
    """Programs as one sees them from far away: a bar for each line, as long as the line. programs: {title: lines}; lines
    that name a layer by its number are pink."""
    counts = {title: (len(lines), numbered_names(lines)) for title, lines in programs.items()}
    fig, axes = figure(
        1,
        len(programs),
        size=(7.5, 4.6),
        sharey=True,
        title="By hand the program grows with the network",
        alt="Programs drawn as bars, one for each line. " + " ".join(
            f"{title.capitalize()}: {lines} lines with {names} numbered names." for title, (lines, names) in counts.items()
        ),
    )  # fmt: skip
    tallest = max(map(len, programs.values()))
    widest = max(len(line) for lines in programs.values() for line in lines)
    for ax, (title, lines) in zip(axes, programs.items(), strict=True):
        indent = np.array([len(line) - len(line.lstrip()) for line in lines])
        length = np.array([len(line) for line in lines]) - indent
        colors = [PINK if numbered_names([line]) else GREY for line in lines]
        ax.barh(np.arange(len(lines)), length, left=indent, height=0.7, color=colors)
        ax.set(xlim=(0, widest), ylim=(tallest, -1), xticks=[], yticks=[])
        ax.set_title("\n".join(title.split(", ")), fontsize=11)
        ax.spines[:].set_visible(False)
        ax.grid(False)
        count, names = counts[title]
        ax.set_xlabel(f"{count} lines\n{names} numbered\nnames", color=DARK, loc="left")
    return fig


def numbered_names(lines):
    """How often a variable with a number at its end, as W1 or delta2, occurs in the lines of a program."""
    return sum(len(re.findall(r"(?<![.\w])[A-Za-z]+\d+\b", line)) for line in lines)


def show_forgotten(histories):
    """`{which layer is not updated: histories}`: training loss and validation accuracy, (seeds, epochs) each."""
    return show_curves(
        {
            "training loss": {name: h["train_loss"] for name, h in histories.items()},
            "validation accuracy": {name: h["validation_accuracy"] for name, h in histories.items()},
        },
        limits={"training loss": (0, 2.4), "validation accuracy": (0.4, 1.0)},
        titles=["All three learn", "and two are not what they seem"],
        alt="""Two panels over 100 epochs with a band over five seeds each. The training loss falls smoothly for all three programs: the
        complete one lowest, then the one that never updates layer 2, then the one that never updates layer 1.""",
    )
