"""The pictures of day1/03, loss functions."""

import numpy as np

from common.plotting.base import BLUE, DARK, GREEN, GREY, ORANGE, figure
from common.plotting.planes import grid

CROSS_ENTROPY, SQUARED = BLUE, ORANGE  # in this lesson


def show_two_networks(cautious, bold):
    """The probability that each of two networks gave to the right answer, for ten animals."""
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.1),
        sharey=True,
        title="Which network is better?",
        alt="""Two bar charts of the probability given to the right answer for ten animals. The cautious network: between 0.45 and 0.7
        every time, three of them below one half. The bold network: 0.99 nine times, and 0.001 for the seventh animal.""",
    )
    for ax, p, name in zip(axes, (cautious, bold), ("cautious", "bold"), strict=True):
        right = p > 0.5
        number = np.arange(1, len(p) + 1)
        ax.bar(number[right], p[right], color=BLUE)
        ax.bar(number[~right], p[~right], color=ORANGE, hatch="//", edgecolor="white")
        ax.axhline(0.5, color=DARK, linewidth=1, linestyle=":")
        for n, value in zip(number[p < 0.05], p[p < 0.05], strict=True):
            ax.text(n, 0.03, f"{value}", ha="center", va="bottom", color=ORANGE, rotation=90)
        ax.set(title=f"{name}: right {right.sum()} times of {len(p)}", xlabel="animal", xticks=number, ylim=(0, 1.02))
        ax.grid(False, axis="x")
    axes[0].set_ylabel("p of the right answer")
    return fig


def show_best_answer(answers, square, absolute, targets):
    """Two mean losses of one answer to several targets, and where each is smallest."""
    fig, ax = figure(
        size=(7.5, 3.6),
        alt="""Two curves over one answer in kilograms for five cats of 3, 4, 4, 5 and 9. The mean of half the squared error is a smooth
        bowl with its minimum at the mean, 5. The mean absolute error is made of straight pieces, with its minimum at the median, 4.""",
    )
    for y, color, style in ((square, SQUARED, "--"), (absolute, GREEN, "-")):
        ax.plot(answers, y, color=color, linestyle=style)
        ax.plot(answers[y.argmin()], y.min(), "*", color=color, markersize=15)
    ax.text(7.5, 6.2, "half the square", color=SQUARED, ha="right")
    ax.text(7.35, 2.2, "absolute value", color=GREEN)
    place, count = np.unique(targets, return_counts=True)
    for x, n in zip(place, count, strict=True):
        ax.plot([x] * n, 0.25 + 0.42 * np.arange(n), "o", color=DARK)
    ax.text(place[-1] + 0.18, 0.25, "the cats", va="center")
    ax.set(xlim=(2, 10.3), ylim=(0, 7.5), xticks=range(2, 11), xlabel="the answer for all five cats, in kg", ylabel="mean loss",
           title="The square goes to the mean, the absolute value to the median")  # fmt: skip
    return fig


def show_surprise(marked):
    """−log p, half the square of 1 − p, and the costs of some values of p."""
    p = np.geomspace(0.0005, 1, 300)
    fig, ax = figure(
        size=(7.5, 3.6),
        alt="""The cost of an answer against the probability p that it gave to the truth. Minus log p is 0 at p = 1, 0.105 at 0.9, 2.303 at
        0.1, 4.605 at 0.01 and 6.908 at 0.001, and rises without limit towards 0. Half the square of 1 − p, dashed, never exceeds one half.""",
    )
    ax.plot(p, np.abs(np.log(p)), color=CROSS_ENTROPY)
    ax.plot(p, (1 - p) ** 2 / 2, color=SQUARED, linestyle="--")
    for value in marked:
        ax.plot(value, -np.log(value), "o", color=CROSS_ENTROPY, markersize=8)
        ax.annotate(f"p = {value} costs {-np.log(value):.3f}", (value, -np.log(value)), xytext=(10, 7),
                    textcoords="offset points", ha="center" if value > 0.8 else "left")  # fmt: skip
    ax.text(0.34, 1.25, "cross-entropy: −log p", color=CROSS_ENTROPY)
    ax.text(0.03, 0.62, "squared: (1 − p)²/2", color=SQUARED)
    ax.set(xlim=(-0.02, 1.08), ylim=(-0.2, 7.9), xlabel="probability p given to the truth", ylabel="cost",
           title="Sure and wrong: each factor of ten costs 2.3 more")  # fmt: skip
    return fig


def show_yes_no(p, yes, no):
    """The cost of saying p when the truth is yes, and when it is no."""
    fig, ax = figure(
        size=(7.5, 3.4),
        alt="""Two mirrored curves over the output y from 0 to 1. If the truth is yes the cost falls from above 5 to 0; if it is no
        it rises from 0 to above 5. They cross at y = 0.5, where both cost 0.69.""",
    )
    ax.plot(p, yes, color=BLUE)
    ax.plot(p, no, color=ORANGE, linestyle="--")
    ax.text(0.06, 3.3, "truth is yes, d = 1\n−log y", color=BLUE)
    ax.text(0.94, 3.3, "truth is no, d = 0\n−log(1 − y)", color=ORANGE, ha="right")
    ax.plot(0.5, np.log(2), "o", color=DARK)
    ax.annotate("knows nothing:\nlog 2 = 0.69", (0.5, np.log(2)), xytext=(0, 38), textcoords="offset points", ha="center",
                arrowprops={"arrowstyle": "-", "color": GREY})  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 5.4), xlabel="output y: probability of yes", ylabel="cost",
           title="The target chooses which of two curves counts")  # fmt: skip
    return fig


def show_pairs(matched, mixed, slope):
    """Loss and slope over the pre-activation of a sigmoid output whose truth is yes, for two losses."""
    u = np.linspace(-10, 4, 281)
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.4),
        alt="""Two panels over the pre-activation u from −10 to 4, for a sample whose truth is yes. Left, the loss: the cross-entropy falls in
        a straight line from 10 to 0, the squared error is flat at 0.5 and falls to 0 only around u = 0. Right, the strength of the slope: the
        cross-entropy's is 1 on the left and falls to 0; the squared error's is a small bump near −0.7, and 0 at −10.""",
    )
    for f, color, style, name in (
        (matched, CROSS_ENTROPY, "-", "cross-entropy"),
        (mixed, SQUARED, "--", "squared error"),
    ):
        axes[0].plot(u, f(u), color=color, linestyle=style, label=name)
        axes[1].plot(u, -slope(f, u), color=color, linestyle=style)
    axes[0].legend(loc="upper right")
    axes[0].set(title="Mixed, the loss goes flat", xlabel="u   (the truth is yes)", ylabel="E", xticks=range(-10, 5, 2))
    axes[1].set(
        title="and its pull is gone", xlabel="u   (the truth is yes)", ylabel="pull, −∂E/∂u", xticks=range(-10, 5, 2)
    )
    return fig


def show_landscape(left, right, label, u2):
    """Two losses of softmax over the logits u0 and u1, with the downhill direction as arrows.

    left, right: functions (u, label) → (N,), cross-entropy and squared error, for u of shape (N, 3).
    """
    points, side = grid(-5, 5, 101)
    coarse, _ = grid(-4.2, 4.2, 7)
    fig, axes = figure(
        1,
        2,
        size=(7.5, 4.4),
        alt=f"""Two losses over the plane of the logits u0 and u1, with u2 = {u2:.1f} and right class {label}. Left, the cross-entropy: an even
        slope wherever the class is wrong, with long arrows downhill, and a flat low region where it is right. Right, the squared error of softmax: a
        plateau without arrows where the class is wrong, and one steep band where it changes.""",
    )

    def at(xy):
        return np.column_stack([xy, np.full(len(xy), float(u2))])

    titles = ("Cross-entropy: downhill", "Squared error: a plateau")
    for ax, f, title in zip(axes, (left, right), titles, strict=True):
        values = f(at(points), label).reshape(side.size, side.size)
        mesh = ax.pcolormesh(side, side, values, cmap="Blues", vmin=0, shading="gouraud")
        fig.colorbar(mesh, ax=ax, orientation="horizontal", label="loss", shrink=0.62)
        h = 1e-4
        downhill = np.column_stack([f(at(coarse - h * e), label) - f(at(coarse + h * e), label) for e in np.eye(2)])
        ax.quiver(*coarse.T, *downhill.T / (2 * h), angles="xy", scale_units="xy", scale=1.0, color="white", edgecolor=DARK,
                  linewidth=0.7, width=0.014)  # fmt: skip
        ax.set(xlim=(-5, 5), ylim=(-5, 5), xlabel="$u_0$", ylabel="$u_1$", title=title)
        ax.grid(False)
        ax.set_aspect("equal")
    fig.suptitle(f"Right class: {label},  $u_2 = {u2:.1f}$", x=0.01, ha="left")
    return fig


def show_epsilon(ahead, true, stuck, slopes):
    """The exact cross-entropy, the one with log(y + 1e-7), and the slopes of both."""
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.4),
        alt="""Two panels over how far the wrong class is ahead, from 0 to 40. Left, the loss: the exact one rises to 40 in a straight line, the one
        with 1e-7 bends at 16 and stays at 16.118. Right, the slope: the exact one rises from one half to 1 and stays there, the one with 1e-7
        falls to 0 between 12 and 22.""",
    )
    axes[0].plot(ahead, true, color=CROSS_ENTROPY, label="exact")
    axes[0].plot(ahead, stuck, color=ORANGE, linestyle="--", label="log(y + 1e-7)")
    axes[0].axhline(-np.log(1e-7), color=GREY, linewidth=1, linestyle=":")
    axes[0].legend(loc="upper left")
    axes[0].set(title="With 1e-7 the loss stops at 16.118", xlabel="wrong class is ahead by", ylabel="E")
    axes[1].plot(ahead, 1 / (1 + np.exp(-ahead)), color=CROSS_ENTROPY)
    axes[1].plot(ahead, np.round(slopes, 6), color=ORANGE, linestyle="--")
    axes[1].set(title="and its slope dies", xlabel="wrong class is ahead by", ylabel="slope of E", ylim=(-0.03, 1.08))
    return fig
