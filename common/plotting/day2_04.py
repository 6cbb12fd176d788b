"""The pictures of day2/04, optimizers."""

import numpy as np

from common.optimizers import SGD, Adam, Momentum
from common.plotting.base import AMBER, BLUE, DARK, GREEN, GREY, ORANGE, PINK, SKY, figure
from common.plotting.curves import draw_band, name_lines
from common.plotting.landscapes import draw_contours, draw_goal, draw_path, draw_paths

COLORS = {
    "SGD": DARK, "Momentum": BLUE, "Nesterov": SKY, "AdaGrad": GREEN, "RMSprop": ORANGE, "AdaDelta": AMBER, "Adam": PINK,
}  # fmt: skip
DASHES = {
    "SGD": "-", "Momentum": "--", "Nesterov": ":", "AdaGrad": "--", "RMSprop": "-.", "AdaDelta": ":", "Adam": "-",
}  # fmt: skip
FAMILIES = (("SGD",), ("Momentum", "Nesterov"), ("AdaGrad", "RMSprop"), ("AdaDelta", "Adam"))


def show_three_walkers():
    """A long valley and three walkers: SGD, Momentum and Adam, 20 steps each."""
    curvatures, paths = np.array([0.02, 2.0]), {}
    for name, optimizer in {"SGD": SGD(0.9), "Momentum": Momentum(0.3), "Adam": Adam(1.0)}.items():
        w = np.array([-7.0, 2.0])
        path = [w.copy()]
        for _ in range(20):
            optimizer.update({"w": w}, {"w": curvatures * w})
            path.append(w.copy())
        paths[name] = np.array(path)
    fig, axes = figure(
        3,
        1,
        size=(7.5, 6.6),
        sharex=True,
        title="Twenty steps down the same valley",
        alt="""Three panels with the contours of a valley that is long from left to right and narrow from top to bottom, and a path of 20
        steps in each, from a ring at the left to a star. SGD jumps from one side of the valley to the other and covers a third of the way. Momentum
        swings in waves and covers more than half. Adam leaves diagonally, goes past the star and turns back.""",
    )
    words = {
        "SGD": "SGD, lr 0.9: the valley's sides, again and again",
        "Momentum": "Momentum, lr 0.3: it swings too, and gets on",
        "Adam": "Adam, lr 1: as if the valley were round",
    }
    for ax, (name, path) in zip(axes, paths.items()):
        draw_paths(
            ax, lambda w: w**2 @ curvatures / 2, {name: path}, low=(-8, -2.4), high=(4, 2.4), goal=(0, 0), colors=COLORS
        )
        ax.set(title=words[name], aspect="auto")
        ax.label_outer()
    return fig


def show_path(E, path, name, low, high, goals, title):
    """One path on a map, and its height after every step."""
    heights = E(path)
    fig, (left, right) = figure(
        1,
        2,
        size=(7.5, 3.5),
        title=title,
        width_ratios=[1.3, 1],
        alt=f"""Left, the contours of a landscape and on it the path of {name}, {len(path) - 1} steps, from a ring; stars mark the lowest points.
        Right, the height after each step: it begins at {heights[0]:.3g} and ends at {heights[-1]:.3g}.""",
    )
    draw_contours(left, E, low, high)
    for goal in goals:
        draw_goal(left, goal)
    draw_path(left, np.clip(path, -1e3, 1e3), color=COLORS[name])
    right.plot(np.clip(heights, -1e3, 1e3), color=COLORS[name], marker="o", markersize=3, linestyle="-")
    top = max(heights[0], 0.1)
    right.set(xlabel="step", ylabel="$E$", ylim=(min(E(np.array(goals, float))) - 0.1 * top, 1.4 * top))
    return fig


def show_families(landscapes, paths, rates):
    """Landscapes below each other, families of optimizers side by side: {name: (E, gradient, start, low, high, goals)},
    {name: {optimizer: path}}, {name: {optimizer: rate}}."""
    fig, axes = figure(
        len(paths),
        len(FAMILIES),
        size=(7.5, 2.45 * len(paths)),
        title="Three places, seven walkers, each at its best rate",
        alt="""Small maps, one row for each landscape (ravine, saddle, double well) and four columns: SGD; Momentum and Nesterov; AdaGrad and
        RMSprop; AdaDelta and Adam, with 40 steps each at its best learning rate. In the ravine SGD creeps along the floor, Momentum swings in waves,
        Nesterov hardly swings, AdaGrad and RMSprop go nearly straight to the star, Adam circles it, AdaDelta has hardly left. From the saddle all
        go to the upper goal; AdaDelta is on its way. In the double well Momentum, Nesterov, AdaGrad and Adam end in the deeper well on the left, SGD and
        RMSprop in the dip on the right.""",
    )
    for row, (place, walks) in enumerate(paths.items()):
        E, _, _, low, high, goals = landscapes[place]
        for ax, family in zip(axes[row], FAMILIES):
            draw_contours(ax, E, low, high, levels=10)
            for goal in goals:
                draw_goal(ax, goal, size=9)
            for name, mark in zip(family, "os"):
                line = draw_path(ax, walks[name], color=COLORS[name], marker=mark)
                line.set(markersize=2.5, linewidth=1.1)
                line.set_label(f"{name} {rates[place][name]:g}")
            ax.set(xlabel=None, ylabel=place if ax is axes[row, 0] else None)
            ax.tick_params(labelbottom=False, labelleft=False)
            ax.legend(
                loc="lower center", bbox_to_anchor=(0.5, 0.98), fontsize=10, handlelength=1.0, borderpad=0,
                labelspacing=0.15,
            )  # fmt: skip
    return fig


def show_step_sizes(sizes):
    """The length of each step in units of lr, for a gradient that is always the same: {optimizer: (steps,)}."""
    fig, ax = figure(
        size=(6.6, 3.7),
        title="AdaGrad's steps shrink for ever, RMSprop's settle",
        alt="""The length of the steps for a constant gradient, in units of the learning rate, over 1000 updates, both axes logarithmic.
        AdaGrad's fall along a straight line from 1 to 0.03. RMSprop's begin at 3.2 and settle at 1. Adam's are 1 all along. Momentum's grow
        from 1 to 10.""",
    )
    lines = []
    ax.set(xscale="log", yscale="log", xlabel="update", ylabel="step / lr", ylim=(0.02, 20))
    for name, values in sizes.items():
        lines.append(draw_band(ax, values, label=name, color=COLORS[name], linestyle=DASHES[name]))
    ax.set_yticks([0.03, 0.1, 0.3, 1, 3, 10], labels=["0.03", "0.1", "0.3", "1", "3", "10"])
    ax.minorticks_off()
    name_lines(ax, lines)
    return fig


def show_losses(curves, window, title):
    """Training losses with bands over seeds, {optimizer: (seeds, updates / window)}."""
    fig, ax = figure(
        size=(7.5, 4.3),
        title=title,
        alt=f"""The training loss of seven optimizers on digits over {window * len(next(iter(curves.values()))[0])} updates on a logarithmic axis,
        each at its chosen learning rate, as means with bands over the seeds. All start at the same loss. In the order of their last values:
        {", ".join(sorted(curves, key=lambda name: curves[name][:, -1].mean()))}.""",
    )
    ax.set_yscale("log")
    ax.set(xlabel="update", ylabel=f"loss (means of {window})")
    lines = [
        draw_band(
            ax, values, x=window * (np.arange(values.shape[1]) + 0.5), label=name, color=COLORS[name],
            linestyle=DASHES[name],
        )
        for name, values in curves.items()
    ]  # fmt: skip
    name_lines(ax, lines)
    return fig


def show_sensitivity(scores, rates, title):
    """A heat map: scores (optimizers, rates) in percent, nan where a run diverged: {optimizer: (rates,)}."""
    table = np.array(list(scores.values()))
    fig, ax = figure(
        size=(7.5, 3.9),
        title=title,
        alt=f"""A table of colours: seven optimizers, {len(rates)} learning rates from {rates[0]:g} to {rates[-1]:g}, and in each field the validation
        accuracy. Each row has a dark stretch of good rates. SGD's is far to the right, Momentum's and Nesterov's one field to its left,
        the adaptive ones' farther left; AdaDelta's is at the right edge. A cross marks what diverged.""",
    )
    ax.pcolormesh(np.ma.masked_invalid(table), cmap="Blues", vmin=0, vmax=115, edgecolors="white", linewidth=1.5)
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            words, best = "×" if np.isnan(value) else f"{value:.0f}", value == np.nanmax(row)
            color = GREY if np.isnan(value) else "white" if value > 65 else DARK
            ax.text(
                j + 0.5, i + 0.5, words, ha="center", va="center", fontsize=11, color=color,
                weight="bold" if best else "normal",
            )  # fmt: skip
            if best:
                ax.plot(j + np.array([0.05, 0.95, 0.95, 0.05, 0.05]), i + np.array([0.07, 0.07, 0.93, 0.93, 0.07]), color=ORANGE, linestyle="-", linewidth=1.8)  # fmt: skip
    ax.set_xticks(np.arange(len(rates)) + 0.5, labels=[f"{rate:g}" for rate in rates])
    ax.set_yticks(np.arange(len(scores)) + 0.5, labels=list(scores))
    ax.invert_yaxis()
    ax.set(xlabel="learning rate")
    ax.tick_params(length=0)
    ax.grid(False)
    return fig


def show_decay(rates, errors):
    """Left the rates, right the squared distance to the goal: {name: (updates,)} each."""
    fig, (left, right) = figure(
        1,
        2,
        size=(7.5, 3.7),
        title="Large steps to get there, small ones to settle",
        width_ratios=[1, 1],
        alt="""Left, four learning rates over 3000 updates, both axes logarithmic: two constant ones, one that falls like 1/t, and one that halves every
        three updates. Right, the mean squared distance to the goal: the large constant rate falls at once and stays high, the small one
        falls late and stays lower, 1/t keeps falling, and the fast decay stops on the way.""",
    )
    palette = dict(zip(rates, ((DARK, "-"), (BLUE, "--"), (GREEN, "-"), (ORANGE, "-."))))
    for ax, curves in ((left, rates), (right, errors)):
        for name, values in curves.items():
            color, style = palette[name]
            ax.loglog(np.arange(1, len(values) + 1), values, color=color, linestyle=style, label=name)
        ax.set(xlabel="update")
    left.set(ylabel="learning rate", ylim=(1e-4, 200))
    right.set(ylabel="mean of $w^2$")
    left.legend(loc="upper right", ncols=2)
    return fig
