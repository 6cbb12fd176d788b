"""What goes on in the layers of a deep network: sizes per layer, gradients during training, histograms of values."""

import matplotlib
import numpy as np

from common.plotting.base import BLUE, CLASSES, DARK, figure
from common.plotting.curves import DASHES, name_lines

MARKS = ("o", "s", "^", "D", "v", "P")


def layer_colors(count):
    """A colour for each layer, from light (the first) to dark (the last)."""
    return [matplotlib.colormaps["viridis_r"](v) for v in np.linspace(0.18, 1, count)]


def per_layer(sizes):
    """(seeds, layers) from {"W1": 0.1, …}, from (layers,), or from (seeds, layers)."""
    return np.atleast_2d(list(sizes.values()) if isinstance(sizes, dict) else sizes)


def draw_sizes(ax, sizes, *, names=None, colors=None, labels=True):
    """One number for each layer on a logarithmic axis, a line for each of `{name: sizes}`.

    sizes: (layers,), (seeds, layers), or what `diagnostics.gradient_sizes` gives. Of several seeds the line is their
    geometric mean, the whiskers reach from the smallest to the largest. Set the limits of the axes before.
    """
    ax.set_yscale("log")
    lines = []
    for k, (name, values) in enumerate(sizes.items()):
        values = per_layer(values)
        x, middle = np.arange(1, values.shape[1] + 1), np.exp(np.log(values).mean(axis=0))
        color = (colors or {}).get(name, CLASSES[k % len(CLASSES)])
        (line,) = ax.plot(
            x, middle, marker=MARKS[k % len(MARKS)], label=str(name), color=color, linestyle=DASHES[k % len(DASHES)]
        )
        lines.append(line)
        if len(values) > 1:
            ax.vlines(x, values.min(axis=0), values.max(axis=0), color=color, linewidth=3, alpha=0.4)
    ax.set_xticks(x, names or [f"W{layer}" for layer in x])
    ax.set_xlim(0.7, len(x) + 0.3)
    ax.minorticks_off()
    if labels:
        name_lines(ax, lines)


def show_gradient_sizes(
    panels, *, ylabel="mean |dW|", names=None, colors=None, limits=None, title=None, alt, size=(7.5, 3.6)
):
    """Sizes per layer on one logarithmic axis: panels `{title: {name: sizes}}`, see `draw_sizes`; or one panel alone,
    `{name: sizes}`. names: of the layers, by default W1, W2, …; colors: {name: colour}; limits: (low, high)."""
    if not all(isinstance(v, dict) and _is_panel(v) for v in panels.values()):
        panels = {None: panels}
    fig, axes = figure(1, len(panels), size=size, title=title, alt=alt, sharey=True, squeeze=False)
    axes[0, 0].set_yscale("log")
    for ax, sizes in zip(axes[0], panels.values()):  # before the labels, whose places depend on the limits
        values = np.concatenate([per_layer(v).ravel() for v in sizes.values()])
        ax.update_datalim(np.column_stack([np.ones(values.size), values]))
    axes[0, 0].autoscale_view()
    if limits:
        axes[0, 0].set_ylim(limits)
    for ax, (words, sizes) in zip(axes[0], panels.items(), strict=True):
        ax.set_title(words)
        draw_sizes(ax, sizes, names=names, colors=colors, labels=len(sizes) > 1)
    axes[0, 0].set_ylabel(ylabel)
    return fig


def _is_panel(values):
    return all(np.ndim(v) > 0 or isinstance(v, dict) for v in values.values())


def show_gradient_history(
    panels, *, x=None, xlabel="epoch", ylabel="mean |dW|", names=None, limits=None, title=None, alt, size=(7.5, 3.8)
):
    """How large the gradients of every layer are while the network trains: panels `{title: (steps, layers)}` or
    (seeds, steps, layers), of which the geometric mean is drawn. The first layer is light, the last one dark."""
    fig, axes = figure(1, len(panels), size=size, title=title, alt=alt, sharey=True, squeeze=False)
    if limits:
        axes[0, 0].set_ylim(limits)
    axes[0, 0].set_ylabel(ylabel)
    for ax, (words, values) in zip(axes[0], panels.items(), strict=True):
        values = np.asarray(values)
        if values.ndim == 3:
            values = np.exp(np.log(values).mean(axis=0))
        steps = np.arange(len(values)) if x is None else x
        ax.set_yscale("log")
        ax.set(title=words, xlabel=xlabel)
        ax.minorticks_off()
        layers = values.shape[1]
        labels = names or [f"W{layer}" for layer in range(1, layers + 1)]
        lines = [
            ax.plot(steps, values[:, k], color=color, linestyle="-", linewidth=1.6, label=labels[k])[0]
            for k, color in enumerate(layer_colors(layers))
        ]
        ax.get_ylim()
        ends = np.sort(
            ax.transLimits.transform(ax.transScale.transform([line.get_xydata()[-1] for line in lines]))[:, 1]
        )
        crowded = np.min(np.diff(ends), initial=1) < 0.03  # then the colours must do, between first and last
        name_lines(ax, [lines[0], lines[-1]] if crowded else lines)
    return fig


def show_layer_histograms(
    layers, *, names=None, notes=None, limits=None, top=0.4, bins=31, title=None, xlabel="z", alt, size=(7.5, 2.7)
):
    """The values of every layer as a histogram, side by side on the same axes; layers: a list of arrays.

    A bar is the share of the values in its bin. One that is higher than `top` is cut off, and its share written beside it.
    notes: a line of text below each name. limits: (low, high) of the values, by default those of all layers; what lies
    outside counts in the outermost bins.
    """
    names = names or [f"layer {k}" for k in range(1, len(layers) + 1)]
    if limits is None:
        limits = min(np.min(v) for v in layers), max(np.max(v) for v in layers)
        limits = limits if limits[1] > limits[0] else (limits[0] - 1, limits[1] + 1)
    edges = np.linspace(*limits, bins + 1)
    fig, axes = figure(1, len(layers), size=size, title=title, alt=alt, sharey=True, squeeze=False)
    for k, (ax, values) in enumerate(zip(axes[0], layers, strict=True)):
        values = np.clip(np.ravel(values), *limits)
        shares = np.histogram(values, edges)[0] / values.size
        ax.bar(edges[:-1], shares, np.diff(edges), align="edge", color=BLUE)
        for bar in np.flatnonzero(shares > top):
            left = bar > bins / 2
            ax.annotate(
                f"{100 * shares[bar]:.0f} %", ((edges[bar] + edges[bar + 1]) / 2, 0.93 * top),
                xytext=(-5 if left else 5, 0), textcoords="offset points", ha="right" if left else "left",
                fontsize=10, color=DARK,
            )  # fmt: skip
        ax.set(xlim=limits, ylim=(0, top), xlabel=xlabel)
        ax.set_title(names[k] + (f"\n{notes[k]}" if notes else ""), fontsize=11)
        ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(2, min_n_ticks=2))
        ax.grid(False, axis="x")
    axes[0, 0].set_ylabel("share")
    axes[0, 0].yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=0))
    return fig
