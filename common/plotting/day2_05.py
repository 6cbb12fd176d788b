"""The pictures of day2/05, overfitting."""

import numpy as np
from matplotlib.patches import Circle

from common.plotting.base import BLUE, DARK, GREEN, GREY, ORANGE, TEST, TRAIN, blank, figure
from common.plotting.curves import draw_band, name_lines
from common.plotting.images import show_images
from common.plotting.landscapes import draw_goal

METHOD_MARKS = dict(marker="o", linestyle="none", markersize=5)


def show_two_scores(curves, every):
    """Accuracy on the training labels and on test images: curves (seeds, points, 2), a point every so many epochs."""
    x = every * np.arange(1, curves.shape[1] + 1)
    train, test = 100 * np.moveaxis(curves, 2, 0)
    fig, ax = figure(
        size=(7.5, 3.9),
        title="One score keeps rising. The other one turns round",
        alt=f"""Two curves with bands over {x[-1]} epochs. The accuracy on the training labels rises to {train.mean(axis=0)[-1]:.0f} percent. The accuracy on
        new images rises to {test.mean(axis=0).max():.0f} percent and then falls to {test.mean(axis=0)[-1]:.0f} percent.""",
    )
    ax.set(xlabel="epoch", ylabel="accuracy, %", ylim=(20, 103))
    lines = [
        draw_band(ax, train, x=x, label="training", color=TRAIN),
        draw_band(ax, test, x=x, label="new images", color=TEST, linestyle="--"),
    ]
    name_lines(ax, lines)
    return fig


def show_lies(curves, window=7):
    """What the network says about images with a right and with a wrong label: {name: (epochs,)} in percent, each epoch as a
    thin line, and its running mean over a window as a bold one."""
    styles = {"right labels": (TRAIN, "-"), "the truth": (GREEN, "--"), "the lie": (ORANGE, "-.")}
    fig, ax = figure(
        size=(7.5, 4.0),
        title="First it sees through the lies, then it learns them",
        alt=f"""Three curves over the epochs. The right labels are learnt quickly, to 100 percent. Of the images with a wrong label the network first
        reads {curves["the truth"].max():.0f} percent as what they really are; later this share falls to {curves["the truth"][-1]:.0f} percent, while the share for which it
        repeats the wrong label rises to {curves["the lie"][-1]:.0f} percent.""",
    )
    ax.set(xlabel="epoch", ylabel="share of the images, %", ylim=(-3, 103))
    epochs, lines = np.arange(1, len(curves["the lie"]) + 1), []
    for name, values in curves.items():
        color, style = styles[name]
        ax.plot(epochs, values, color=color, linestyle="-", linewidth=0.8, alpha=0.45)
        padded = np.pad(values, window // 2, mode="edge")
        mean = np.convolve(padded, np.ones(window) / window, mode="valid")
        lines.append(ax.plot(epochs, mean, color=color, linestyle=style, linewidth=2.4, label=name)[0])
    name_lines(ax, lines)
    return fig


def show_widths(widths, panels):
    """Training and test accuracy against the width: {title: (train, test)}, each (widths, seeds) in percent."""
    fig, axes = figure(
        1,
        len(panels),
        size=(7.5, 3.8),
        sharey=True,
        title="The widest network reads best",
        alt="Accuracy against the number of hidden units on a logarithmic axis. "
        + " ".join(
            f"{title}: the training accuracy goes from {train.mean(axis=1)[0]:.0f} to {train.mean(axis=1)[-1]:.0f} percent, the test accuracy "
            f"from {test.mean(axis=1)[0]:.0f} to {test.mean(axis=1)[-1]:.0f} percent."
            for title, (train, test) in panels.items()
        ),
    )
    for ax, (title, (train, test)) in zip(axes, panels.items()):
        ax.set(xscale="log", xlabel="hidden units", title=title, ylim=(20, 103))
        draw_band(ax, train.T, x=widths, label="training", color=TRAIN).set(marker="o", markersize=4)
        draw_band(ax, test.T, x=widths, label="new images", color=TEST, linestyle="--").set(marker="s", markersize=4)
        ax.set_xticks(widths, labels=[f"{w}" for w in widths])
        ax.minorticks_off()
    axes[0].set(ylabel="accuracy, %")
    axes[0].legend(loc="lower right")
    return fig


def show_constraint(E, minimum, regions):
    """Rings of the loss E: (N, 2) → (N,) that grow from its minimum until they touch a region.

    regions: {title: (corners or circle (M, 2), touching point (2,))}.
    """
    low, high, n = (-1.8, -1.4), (3.0, 3.2), 161
    sides = [np.linspace(low[k], high[k], n) for k in range(2)]
    values = E(np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)).reshape(n, n)
    words = " ".join(f"{t}: they touch at ({p[0]:.2f}, {p[1]:.2f})." for t, (_, p) in regions.items())
    fig, axes = figure(
        1,
        len(regions),
        size=(7.5, 4.5),
        sharey=True,
        title="The rings meet the diamond in a corner",
        alt=f"""Two panels with the same elliptic rings around a star at ({minimum[0]:g}, {minimum[1]:g}), and a region around 0, a circle on the left and a diamond on
        the right, both with radius 1. A dot marks where the growing rings first touch the region. {words}""",
    )
    for ax, (title, (outline, touch)) in zip(axes, regions.items()):
        ax.fill(*outline.T, color=BLUE, alpha=0.2, linewidth=0)
        ax.plot(*np.vstack([outline, outline[:1]]).T, color=BLUE, linestyle="-")
        first = E(touch[None])[0]
        ax.contour(*sides, values, levels=first * np.array([0.1, 0.4]), colors=GREY, linewidths=0.9)
        ax.contour(*sides, values, levels=[first], colors=ORANGE, linewidths=1.8)
        ax.axhline(0, color=DARK, linewidth=0.7, linestyle="-")
        ax.axvline(0, color=DARK, linewidth=0.7, linestyle="-")
        draw_goal(ax, minimum, size=13)
        ax.plot(*touch, "o", color=ORANGE, markeredgecolor="white", markersize=9, zorder=5)
        ax.annotate(
            f"({touch[0]:.2f}, {touch[1]:.2f})", touch, xytext=(-20, 11), textcoords="offset points", fontsize=11,
            ha="right", color=DARK,
        )  # fmt: skip
        ax.set(title=title, aspect="equal", xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="$w_0$")
    axes[0].set(ylabel="$w_1$")
    return fig


def show_weight_paths(strengths, paths):
    """Weights against λ: {title: (λs, weights)}."""
    zero = {title: int((path[len(path) // 2] == 0).sum()) for title, path in paths.items()}
    fig, axes = figure(
        1,
        len(paths),
        size=(7.5, 3.6),
        sharey=True,
        title="Lasso's weights arrive at 0, Ridge's only come near",
        alt="Weights against λ on a logarithmic axis, a line for each pixel. "
        + " ".join(f"{t}: in the middle of the axis {zero[t]} of {path.shape[1]} weights are exactly 0." for t, path in paths.items()),
    )  # fmt: skip
    for ax, (title, path) in zip(axes, paths.items()):
        ax.plot(strengths[title], path, linestyle="-", linewidth=1, alpha=0.8)
        ax.set(xscale="log", title=title, xlabel="λ")
    axes[0].set(ylabel="weight")
    return fig


def show_weights(layers):
    """Histograms of weights on a logarithmic count axis: {title: weights}."""
    limit = 0.8
    edges = np.linspace(-limit, limit, 65)
    fig, axes = figure(
        1,
        len(layers),
        size=(7.5, 3.2),
        sharey=True,
        alt="Histograms of all weights on a logarithmic axis. "
        + " ".join(f"{t}: {100 * np.mean(np.abs(w) < 0.001):.0f} percent lie within 0.001 of 0." for t, w in layers.items()),
        title="L2 makes the bell narrow, L1 leaves a needle",
    )  # fmt: skip
    for ax, (title, w) in zip(axes, layers.items()):
        ax.hist(w, edges, color=BLUE)
        ax.set(yscale="log", title=title, xlabel="weight")
    axes[0].set(ylabel="how many")
    return fig


def show_thinned(masks, outputs, whole):
    """Every network that dropout can make of three hidden units: masks (8, 3), outputs (8,), and the output of all."""
    fig, axes = figure(
        2,
        4,
        size=(7.5, 4.2),
        title=f"Eight networks in one; their mean is {outputs.mean():.2f}, the whole says {whole:.2f}",
        alt=f"""Eight small drawings of a network with two inputs, three hidden units and one output. In each another set of hidden units is crossed out, from none
        to all three. Below each stands its output, from {outputs.min():.2f} to {outputs.max():.2f}.""",
    )
    for ax, mask, y in zip(axes.flat, masks, outputs):
        blank(ax)
        places = [[(0, 0.5), (0, 1.5)], [(1, 0), (1, 1), (1, 2)], [(2, 1)]]
        for k, (px, py) in enumerate(places[1]):
            for qx, qy in places[0] + places[2]:
                if mask[k]:
                    ax.plot([px, qx], [py, qy], color=GREY, linestyle="-", linewidth=1.3, zorder=1)
        for k, layer in enumerate(places):
            for j, place in enumerate(layer):
                kept = k != 1 or mask[j]
                ax.add_patch(
                    Circle(
                        place, 0.2, facecolor="#D6E6F2" if kept else "white", edgecolor=BLUE if kept else GREY, zorder=2
                    )
                )
                if not kept:
                    ax.plot(*place, marker="x", color=ORANGE, markersize=9, markeredgewidth=2, zorder=3)
        ax.text(1, -0.45, f"y = {y:.2f}".replace("-", "−"), ha="center", va="top", fontsize=11)
        ax.set(xlim=(-0.4, 2.4), ylim=(-1, 2.4))
    return fig


def show_augmented(rows):
    """Rows of images: {name: (n, 8, 8)}; the name stands below the first of each row."""
    images = np.concatenate(list(rows.values()))
    columns = len(next(iter(rows.values())))
    labels = [name if k == 0 else "" for name in rows for k in range(columns)]
    return show_images(
        images,
        labels,
        columns=columns,
        title="Still the same digits, and never the same pixels",
        alt="Rows of small images of handwritten digits: " + ", ".join(rows) + ".",
    )


def show_verdicts(scores, words):
    """One row for each method: test accuracy and gap of every seed, and the mean: {name: (test, gap)} in percent."""
    names = list(scores)
    fig, axes = figure(
        1,
        2,
        size=(7.5, 4.6),
        sharey=True,
        width_ratios=[1.2, 1],
        title="What helps, and what does not",
        alt="Left the test accuracy, right the gap; a row for each method, a dot for each seed and a bar at the mean. "
        + " ".join(f"{n}: test {t.mean():.1f}, gap {g.mean():.1f}, {words.get(n, 'the baseline')}." for n, (t, g) in scores.items()),
    )  # fmt: skip
    for column, (ax, xlabel) in enumerate(zip(axes, ("test accuracy, %", "gap: training − test, points"))):
        base = scores[names[0]][column].mean()
        ax.axvline(base, color=GREY, linestyle="--", linewidth=1.2)
        for row, name in enumerate(names):
            values = scores[name][column]
            color = {"better": GREEN, "worse": ORANGE}.get(words.get(name), DARK)
            ax.plot(values, np.full(len(values), row), color=color, alpha=0.45, **METHOD_MARKS)
            ax.plot(values.mean(), row, marker="|", markersize=18, markeredgewidth=3, color=color)
        ax.set(xlabel=xlabel)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    axes[0].grid(axis="y")
    return fig
