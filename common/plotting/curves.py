"""Curves over the course of training: one line for each thing compared, with a band where several seeds were run."""

import numpy as np

from common.plotting.base import CLASSES, TEST, TRAIN, VALIDATION, figure

COLORS = {"training": TRAIN, "validation": VALIDATION, "test": TEST}  # known names keep their colour
DASHES = ("-", "--", "-.", ":")


def draw_band(ax, values, *, x=None, label=None, color=None, linestyle=None):
    """The mean of values (seeds, steps) as a line, and around it a band of one standard deviation (nowhere beyond the
    lowest and the highest seed). One row, or values (steps,), is a line alone. Returns the line."""
    values = np.atleast_2d(values)
    x = np.arange(1, values.shape[1] + 1) if x is None else x
    mean = values.mean(axis=0)
    (line,) = ax.plot(x, mean, label=label, color=color, linestyle=linestyle)
    if len(values) > 1:
        sd = values.std(axis=0, ddof=1)
        low, high = np.maximum(mean - sd, values.min(axis=0)), np.minimum(mean + sd, values.max(axis=0))
        ax.fill_between(x, low, high, color=line.get_color(), alpha=0.2, linewidth=0)
    return line


def draw_curves(ax, curves, *, x=None, colors=None):
    """Several bands, `{name: values}`, each with its name at its right end. Set scale and limits of the axes before."""
    colors = COLORS | (colors or {})
    lines = []
    for k, (name, values) in enumerate(curves.items()):
        color = colors.get(name, CLASSES[k % len(CLASSES)])
        lines.append(draw_band(ax, values, x=x, label=str(name), color=color, linestyle=DASHES[k % len(DASHES)]))
    name_lines(ax, lines)


def name_lines(ax, lines, apart=0.075):
    """Write each line's label beside its last point, in its colour; `apart` (of the height) keeps labels from touching.
    Unlike a legend this hides no data and needs no looking up."""
    ax.get_ylim()  # settles the limits
    ends = np.array([ax.transLimits.transform(ax.transScale.transform(line.get_xydata()[-1]))[1] for line in lines])
    order = np.argsort(ends)
    places = spread(ends[order], apart)
    for line, place in zip([lines[i] for i in order], places, strict=True):
        ax.annotate(
            line.get_label(), (1.015, place), xycoords="axes fraction", va="center", color=line.get_color(),
            fontsize=10, annotation_clip=False,
        )  # fmt: skip


def spread(places, apart):
    """Sorted places, moved as little as is needed to be `apart`, within 0 … 1 if there is room."""
    places = np.clip(places, 0, 1)
    for _ in range(100):
        gaps = np.diff(places)
        near = np.flatnonzero(gaps < apart - 1e-9)
        if not near.size:
            break
        for i in near:
            middle = (places[i] + places[i + 1]) / 2
            places[i], places[i + 1] = middle - apart / 2, middle + apart / 2
        places = np.sort(places)
        places += max(0, -places[0]) - max(0, places[-1] - 1)
    return places


def show_curves(
    panels, *, x=None, xlabel="epoch", log=(), limits=None, colors=None, titles=None, title=None, alt, size=None
):
    """Panels side by side, `{y label: {name: values}}`, values (seeds, steps) or (steps,).

    log: the y labels of panels with a logarithmic axis. limits: {y label: (low, high)}. colors: {name: colour}. titles: one
    for each panel; title: one above all.
    """
    fig, axes = figure(1, len(panels), size=size or (7.5, 3.4), title=title, alt=alt, squeeze=False)
    for k, (ax, (ylabel, curves)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        ax.set(xlabel=xlabel, ylabel=ylabel, title=titles[k] if titles else None)
        if ylabel in log:
            ax.set_yscale("log")
        if limits and ylabel in limits:
            ax.set_ylim(limits[ylabel])
        draw_curves(ax, curves, x=x, colors=colors)
    return fig
