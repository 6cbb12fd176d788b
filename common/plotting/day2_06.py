"""The pictures of day2/06, convolution of signals."""

import numpy as np

from common.plotting.base import BLUE, CLASSES, DARK, GREEN, GREY, NEGATIVE, ORANGE, POSITIVE, blank, figure
from common.plotting.curves import draw_band, name_lines
from common.plotting.windows import MARGIN, RESULT, SEEN, WEIGHT, draw_frame, draw_grid

FORM_COLORS = (BLUE, ORANGE, GREEN)  # sine, square, sawtooth


def show_forms(x, d, names, columns=4):
    """Some signals x (N, 1, L) of each form, a row for each."""
    fig, axes = figure(
        len(names),
        columns,
        size=(7.5, 4.2),
        sharex=True,
        sharey=True,
        title="Each row is one form, begun at a random moment",
        alt=f"""{len(names)} rows of {columns} noisy signals of 64 samples: {", ".join(names)}. Within a row the number of periods, from two to six, and the
        place where the wave begins are different each time.""",
    )
    for k, (row, name) in enumerate(zip(axes, names)):
        for ax, signal in zip(row, x[d == k][:columns, 0]):
            ax.plot(signal, color=FORM_COLORS[k], linestyle="-", linewidth=1.6)
            ax.set(ylim=(-2.1, 2.1), yticks=[-1, 0, 1], xticks=[0, 32, 63])
        row[0].set_ylabel(name)
    for ax in axes[-1]:
        ax.set_xlabel("sample")
    return fig


def show_moved(windows, truth, y, names):
    """One signal, cut out at moments one sample apart: windows (K, L), and the probabilities y (K, 3) for each."""
    said = y.argmax(axis=1)
    fig, axes = figure(
        2,
        len(windows),
        size=(7.5, 3.1),
        sharey="row",
        height_ratios=(1.1, 1),
        title="One step aside, and the network changes its mind",
        alt=f"A {names[truth]} in windows that begin one sample later each time. They look almost the same. "
        + " ".join(f"Moved by {k}: the network says {names[s]}." for k, s in enumerate(said)),
    )
    for k, (ax, below) in enumerate(zip(*axes)):
        ax.plot(windows[k], color=FORM_COLORS[truth], linestyle="-", linewidth=1.3)
        ax.set(title=f"moved by {k}", xticks=[], yticks=[], ylim=(-2.1, 2.1))
        below.bar(range(3), y[k], color=[FORM_COLORS[j] if j == said[k] else "#CCCCCC" for j in range(3)])
        below.set_xticks(range(3), ["sine", "squ.", "saw"])
        below.set(ylim=(0, 1), yticks=[0, 0.5, 1])
        below.grid(False, axis="x")
    axes[1, 0].set_ylabel("probability")
    return fig


def show_positions(x, w, position=0, stride=1, padding=0):
    """A filter w (FL,) below each window of the signal x (L,), one row a position; one of them is worked out."""
    x, w = np.pad(x, padding), np.asarray(w)
    starts = np.arange(0, len(x) - len(w) + 1, stride)
    u = np.array([x[s : s + len(w)] @ w for s in starts])
    position %= len(u)  # a slider does not know how many there are
    now, L = starts[position], len(x)
    terms = " + ".join(f"{_number(a)}·{_bracket(c)}" for a, c in zip(x[now : now + len(w)], w))
    cell = min(0.46, 7.0 / (L + 4.8))
    rows = len(u) + 1.6
    fig, ax = figure(
        size=(7.5, cell * (rows + 1.8) + 0.45),
        title=f"Position {position}:  {terms} = {_number(u[position])}",
        alt=f"""A signal of {L - 2 * padding} numbers{f", with {padding} zeros added at both ends" * (padding > 0)}. Below it, in {len(u)} rows, the filter of {len(w)}
        numbers stands under each window, {stride} to the right each time, and at the end of the row is the sum: {", ".join(map(_number, u))}.
        Position {position} is marked.""",
    )
    blank(ax)
    colors = np.full((1, L), "#FFFFFF")
    colors[:, now : now + len(w)] = SEEN
    colors[:, :padding] = colors[:, L - padding :] = MARGIN
    draw_grid(ax, x[None], 0, 0, colors=colors, name=f"x, padded  ({L})" if padding else f"x  ({L})", fontsize=11)
    draw_frame(ax, now, 0, 1, len(w))
    ax.text(L + 1.9, 0.22, f"u  ({len(u)})", ha="center", va="bottom", fontsize=10, color=DARK)
    for p, start in enumerate(starts):
        top, here = -1.6 - p, p == position
        ink = DARK if here else "#888888"
        draw_grid(ax, w[None], start, top, colors=WEIGHT if here else "#FDF5EB", ink=ink, fontsize=11)
        draw_grid(ax, u[p : p + 1, None], L + 1.4, top, colors=RESULT if here else "#FFFFFF", ink=ink, fontsize=11)
        ax.text(-0.35, top - 0.53, f"p = {p}", ha="right", va="center", fontsize=10, color=ink)
    draw_frame(ax, now, -1.6 - position, 1, len(w), ORANGE)
    draw_frame(ax, L + 1.4, -1.6 - position, 1, 1, GREEN)
    arrow = {"arrowstyle": "-|>", "color": GREEN, "lw": 1.8}
    ax.annotate("", (L + 1.3, -2.1 - position), (now + len(w) + 0.15, -2.1 - position), arrowprops=arrow)
    ax.set(xlim=(-2.2, L + 2.6), ylim=(-rows - 0.1, 0.95))
    return fig


def show_responses(x, responses, *, title, alt, titles=None, marks=()):
    """Signals and, below, what filters answer at each position: x (K, L) in K columns, {name: (K, OL)} in rows.

    An answer is drawn at the middle of its window. titles: of the columns. marks: (sample, text) above the first signal.
    """
    x = np.atleast_2d(x)
    K, L = x.shape
    fig, axes = figure(
        1 + len(responses),
        K,
        size=(7.5, 1.3 + 1.05 * len(responses)),
        sharex=True,
        sharey="row",
        squeeze=False,
        title=title,
        alt=alt,
    )
    for k in range(K):
        axes[0, k].plot(x[k], color=DARK, linestyle="-", linewidth=1.5, marker="o", markersize=2.5)
        if titles:
            axes[0, k].set_title(titles[k])
        for ax, values in zip(axes[1:, k], responses.values()):
            u = np.atleast_2d(values)[k]
            at = np.arange(len(u)) + (L - len(u)) / 2
            ax.axhline(0, color=GREY, linewidth=0.8, linestyle="-")
            ax.vlines(at, 0, u, colors=np.where(u >= 0, POSITIVE, NEGATIVE), linewidth=2.6)
            ax.margins(y=0.15)
        axes[-1, k].set_xlabel("sample")
    for ax, name in zip(axes[:, 0], ["signal", *responses]):
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    low, high = axes[0, 0].get_ylim()
    for sample, text in marks:
        axes[0, 0].text(sample, high, text, ha="center", va="bottom", fontsize=10, color=DARK)
    axes[0, 0].set_ylim(low, high + (0.32 * (high - low) if marks else 0))
    return fig


def show_band(x, T, u):
    """x (L,) · T (L, OL) = u (OL,): an affine layer without bias that is a convolution."""
    L, OL = T.shape
    wide = 2 * OL + L + 3.4
    cell = 7.3 / wide
    fig, ax = figure(
        size=(7.5, cell * (L + 1.5) + 0.45),
        title="The same filter in every column, one step further down",
        alt=f"""The row x of {L} numbers times a matrix of {L} rows and {OL} columns gives the row u of {OL} numbers. In each column of the matrix stand the
        numbers −1, 0 and 1 of the filter, one row lower than in the column before; all other {L * OL - 3 * OL} entries are 0 and pale.""",
    )
    blank(ax)
    left = L + 1.5
    draw_grid(ax, x[None], 0, 0.5, colors=SEEN, name=f"x  ({L})")
    ax.text(L + 0.75, 0, "·", ha="center", va="center", fontsize=18)
    inside = np.array([[0 <= i - p <= L - OL for p in range(OL)] for i in range(L)])
    colors = np.where(inside, WEIGHT, "#FFFFFF")
    draw_grid(ax, np.where(inside, T, np.nan), left, L / 2, colors=colors, name=f"T  ({L}×{OL})")
    for i, p in zip(*np.nonzero(~inside)):
        ax.text(left + p + 0.5, L / 2 - i - 0.53, "0", ha="center", va="center", fontsize=10, color="#BBBBBB")
    ax.text(left + OL + 0.75, 0, "=", ha="center", va="center", fontsize=15)
    draw_grid(ax, u[None], left + OL + 1.5, 0.5, colors=RESULT, name=f"u  ({OL})")
    ax.set(xlim=(-0.2, left + 2 * OL + 1.7), ylim=(-L / 2 - 0.1, L / 2 + 1.1))
    return fig


def show_blame(x, w, dout):
    """How dout (OL,) comes home: row p is what position p sends to x (left) and to w (right); the columns add up."""
    L, FL, OL = len(x), len(w), len(dout)
    to_x, to_w = np.full((OL, L), np.nan), np.empty((OL, FL))
    for p in range(OL):
        to_x[p, p : p + FL] = dout[p] * w
        to_w[p] = dout[p] * x[p : p + FL]
    dx, dW = np.nansum(to_x, axis=0), to_w.sum(axis=0)
    gap = 1.6
    wide = 1 + gap + L + gap + FL
    cell = min(0.42, 7.3 / (wide + 2.4))
    fig, ax = figure(
        size=(7.5, cell * (OL + 4.1) + 0.45),
        title="Each position sends its blame home, and the columns add up",
        alt=f"""Three blocks with a row for each of {OL} positions. Left the gradient that came back: {_list(dout)}. Middle: each of these times the filter,
        under the window of its position; the column sums are dx: {_list(dx)}. Right: each times the {FL} samples of its window; the column sums are dw:
        {_list(dW)}.""",
    )
    blank(ax)
    awake = np.where(dout != 0, RESULT, "#FFFFFF")[:, None]
    draw_grid(ax, dout[:, None], 0, 0, colors=awake, name=f"dout  ({OL})")
    for left, block, shade, sums, words in (
        (1 + gap, to_x, WEIGHT, dx, ("dout$_p$ · w, below its window", "dx")),
        (1 + gap + L + gap, to_w, SEEN, dW, ("dout$_p$ · window", "dw")),
    ):
        colors = np.where((dout != 0)[:, None] & ~np.isnan(block), shade, "#FFFFFF")
        draw_grid(ax, block, left, 0, colors=colors)
        ax.text(left + block.shape[1] / 2, 0.22, words[0], ha="center", va="bottom", fontsize=10, color=DARK)
        draw_grid(ax, sums[None], left, -OL - 0.9, colors=RESULT)
        ax.text(left + block.shape[1] / 2, -OL - 0.45, "+", ha="center", va="center", fontsize=14, color=DARK)
        ax.text(
            left + block.shape[1] / 2, -OL - 2.1, f"{words[1]}  ({len(sums)})", ha="center", va="top", fontsize=10,
            color=DARK,
        )  # fmt: skip
    ax.set(xlim=(-1.0, wide + 1.2), ylim=(-OL - 2.9, 1.1))
    return fig


def show_needed(counts, scores):
    """Test accuracy in per cent against the number of training signals: {name: (seeds, counts)}."""
    ends = " ".join(
        f"{name}: from {v.mean(axis=0)[0]:.0f} to {v.mean(axis=0)[-1]:.0f} per cent." for name, v in scores.items()
    )
    fig, ax = figure(
        size=(7.5, 3.5),
        title="The CNN is content with 100 signals, the MLP wants thousands",
        alt=f"""Test accuracy against the number of training signals, from {counts[0]} to {counts[-1]} on a logarithmic axis, mean and band over five
        seeds. {ends}""",
    )
    ax.set(xscale="log", xlabel="training signals", ylabel="test accuracy, %", ylim=(30, 103))
    lines = []
    for (name, values), color, dash, mark in zip(scores.items(), CLASSES, ("-", "--"), "os"):
        lines.append(draw_band(ax, values, x=counts, label=name, color=color, linestyle=dash))
        lines[-1].set(marker=mark, markersize=5)
    ax.axhline(100 / 3, color=GREY, linewidth=1, linestyle=":")
    ax.text(counts[-1], 34.5, "guessing", ha="right", va="bottom", color="#666666", fontsize=10)
    ax.set_xticks(counts, [f"{n:,}" for n in counts])
    ax.minorticks_off()
    name_lines(ax, lines)
    return fig


def show_filters(W, V, names, strength):
    """Filters W (F, FL) as bars, the strongest first, and the form each speaks for, by its row of V (F, 3)."""
    order = np.argsort(-strength)
    lean = V - V.mean(axis=1, keepdims=True)
    words = [f"for {names[v.argmax()]},\nagainst {names[v.argmin()]}" for v in lean[order]]
    fig, axes = figure(
        2,
        len(W) // 2,
        size=(7.5, 4.0),
        sharex=True,
        sharey=True,
        title="Nobody told them to look for jumps",
        alt="Eight filters of seven weights as bars, the strongest first. "
        + " ".join(f"{_list(W[f].round(1))}: {w}.".replace("\n", " ") for f, w in zip(order, words)),
    )
    for ax, f, text in zip(axes.flat, order, words):
        ax.axhline(0, color=GREY, linewidth=0.8, linestyle="-")
        ax.bar(range(W.shape[1]), W[f], color=np.where(W[f] >= 0, POSITIVE, NEGATIVE), width=0.8)
        ax.set_title(text, fontsize=10)
        ax.set_xticks(range(W.shape[1]))
        ax.grid(False, axis="x")
    for ax in axes[:, 0]:
        ax.set_ylabel("weight")
    for ax in axes[-1]:
        ax.set_xlabel("j")
    return fig


def _number(value):
    return f"{value + 0.0:.3g}".replace("-", "−")


def _bracket(value):
    return f"({_number(value)})" if value < 0 else _number(value)


def _list(values):
    return ", ".join(map(_number, values))
