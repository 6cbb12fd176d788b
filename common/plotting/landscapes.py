"""Walks downhill: steps along a curve f(x), and paths over the contours of a function of two variables."""

import numpy as np

from common.plotting.base import AMBER, BLUE, DARK, GREEN, GREY, ORANGE, PINK, figure

WALKERS = (BLUE, ORANGE, GREEN, PINK, AMBER)
MARKS = ("o", "s", "^", "D", "v")


def draw_contours(ax, f, low, high, *, levels=14, names=("$w_0$", "$w_1$"), points=61):
    """Contours of f: (N, 2) → (N,) between the corners low and high, light, so that paths stand out.

    levels: their heights, or how many; then they lie closer together near the lowest point, so that a bowl has evenly
    spaced rings.
    """
    sides = [np.linspace(low[i], high[i], points) for i in range(2)]
    mesh = np.stack(np.meshgrid(*sides), axis=-1)
    values = np.reshape(f(mesh.reshape(-1, 2)), mesh.shape[:2])
    if np.ndim(levels) == 0:
        levels = values.min() + np.ptp(values) * np.linspace(0.08, 1, levels) ** 2
    ax.contourf(*sides, values, levels=[values.min(), *levels], cmap="Greys_r", alpha=0.18, extend="max")
    ax.contour(*sides, values, levels=levels, colors=GREY, linewidths=0.7, alpha=0.7)
    ax.grid(False)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel=names[0], ylabel=names[1])


def draw_path(ax, path, *, color=BLUE, marker="o", label=None, dots=60):
    """A walk over the plane, (steps + 1, 2): a mark for each step (none on longer walks than `dots`), a ring at the
    start."""
    path = np.asarray(path)
    mark = marker if len(path) <= dots + 1 else ""
    line, *_ = ax.plot(*path.T, color=color, linestyle="-", linewidth=1.4, marker=mark, markersize=3.5, label=label)
    ax.plot(*path[0], "o", markersize=9, markerfacecolor="white", markeredgecolor=DARK, markeredgewidth=1.6, zorder=4)
    return line


def draw_goal(ax, point, size=15):
    """A star on the lowest point."""
    ax.plot(*point, "*", color=DARK, markersize=size, markeredgecolor="white", zorder=5)


def draw_paths(ax, f, paths, *, low, high, goal=None, colors=None, **options):
    """Contours of f with walks on them: one (steps + 1, 2), or `{name: walk}`, which are named in a legend.

    goal: where to put a star. colors: {name: colour}. Other options go to draw_contours. Returns the lines.
    """
    draw_contours(ax, f, low, high, **options)
    ax.set_aspect("equal")
    if goal is not None:
        draw_goal(ax, goal)
    if not isinstance(paths, dict):
        return [draw_path(ax, paths)]
    colors = dict(zip(paths, WALKERS)) | (colors or {})
    return [
        draw_path(ax, path, color=colors[name], marker=mark, label=name)
        for (name, path), mark in zip(paths.items(), MARKS * len(paths))
    ]


def show_descents(f, panels, *, low, high, goal=None, columns=3, title=None, alt, size=None, **options):
    """Walks on the contours of f: (N, 2) → (N,), a panel for each: `{panel title: walk}`, `{panel title: {name: walk}}`.

    A walk is (steps + 1, 2) points; low and high are the corners of the map; goal: where to put a star.
    """
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    side = 7.5 / columns
    height = 0.75 + rows * (0.5 + (side - 0.5) * (high[1] - low[1]) / (high[0] - low[0]))
    fig, axes = figure(
        rows, columns, size=size or (7.5, min(height, 8)), title=title, alt=alt, squeeze=False, sharex=True, sharey=True
    )
    for ax, (name, paths) in zip(axes.flat, panels.items()):
        draw_paths(ax, f, paths, low=low, high=high, goal=goal, **options)
        ax.set_title(name)
        ax.label_outer()
        if isinstance(paths, dict):
            ax.legend()
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    return fig


def draw_walk(ax, f, path, *, low, high, color=BLUE, goal=None, names=("$w$", "$E$"), dots=60):
    """The curve of f, and a walk (steps + 1,) along it: its marks on the curve, lines from step to step, a ring at the
    start. Steps that leave the window are cut off there."""
    side = np.linspace(low, high, 201)
    values = f(side)
    ax.plot(side, values, color=GREY, linestyle="-", linewidth=2)
    margin = 0.08 * np.ptp(values)
    path = np.asarray(path)
    mark = "o" if len(path) <= dots + 1 else ""
    heights = f(np.clip(path, low - (high - low), high + (high - low)))
    ax.plot(path, heights, color=color, linestyle="-", linewidth=1.2, marker=mark, markersize=4)
    ax.plot(
        path[0], heights[0], "o", markersize=9, markerfacecolor="white", markeredgecolor=DARK, markeredgewidth=1.6,
        zorder=4,
    )  # fmt: skip
    if goal is not None:
        draw_goal(ax, (goal, f(np.asarray(goal))), size=11)
    ax.set(xlim=(low, high), ylim=(values.min() - margin, values.max() + margin), xlabel=names[0], ylabel=names[1])


def show_walks(f, walks, *, low, high, goal=None, columns=3, names=("$w$", "$E$"), title=None, alt, size=None):
    """Walks along the curve of f, a panel for each: `{panel title: walk}`, a walk being (steps + 1,) places."""
    columns = min(columns, len(walks))
    rows = -(-len(walks) // columns)
    fig, axes = figure(
        rows, columns, size=size or (7.5, 0.6 + 2.3 * rows), title=title, alt=alt, squeeze=False, sharex=True,
        sharey=True,
    )  # fmt: skip
    for ax, (name, walk) in zip(axes.flat, walks.items()):
        draw_walk(ax, f, walk, low=low, high=high, goal=goal, names=names)
        ax.set_title(name)
        ax.label_outer()
    for ax in axes.flat[len(walks) :]:
        ax.set_axis_off()
    return fig
