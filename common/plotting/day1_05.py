"""The pictures of day1/05, stochastic gradient descent."""

import numpy as np

from common.datasets import regression
from common.plotting.base import BLUE, DARK, GREEN, GREY, ORANGE, figure
from common.plotting.curves import draw_band
from common.plotting.landscapes import draw_contours, draw_goal, draw_path, draw_paths, draw_walk, show_walks

LOW, HIGH = (-2, 0), (5, 6)  # the part of the plane of weights that is drawn
ONLINE, MINI, BATCH = ORANGE, GREEN, BLUE  # one colour for each, in the whole lesson


def show_two_walkers():
    """A unit with two weights learns 3x0 + 2x1: one walker asks all samples before each step, the other one sample."""
    rng = np.random.default_rng(0)
    x, d = regression(1000, rng=rng)
    ask_all, ask_one = [np.array([-1.0, 2.0])], [np.array([-1.0, 2.0])]
    for _ in range(200):
        n = rng.integers(1000)
        ask_all.append(ask_all[-1] - 0.3 * x.T @ (x @ ask_all[-1] - d[:, 0]) / 1000)
        ask_one.append(ask_one[-1] - 0.3 * x[n] * (x[n] @ ask_one[-1] - d[n, 0]))
    fig, ax = figure(
        size=(6.2, 4.9),
        title="Asking one sample is enough to get there",
        alt="""Two paths over the contours of a long valley, from a ring on the left to a star at its lowest point. The path of the walker
        who asks 1000 samples before each step is a smooth curve. The one who asks a single sample staggers around it with sharp
        corners. Both end at the star.""",
    )
    draw_paths(
        ax,
        lambda w: np.mean((x @ w.T - d) ** 2, axis=0) / 2,
        {"1000 samples": ask_all, "one sample": ask_one},
        low=LOW,
        high=HIGH,
        goal=(3, 2),
        colors={"1000 samples": BATCH, "one sample": ONLINE},
    )
    ax.text(-1.8, 1.1, "both start here\nand take 200 steps", color=DARK, fontsize=10)
    for words, at, tip, color in [
        ("asks one sample", (1.2, 4.6), (1.5, 3.5), ONLINE),
        ("asks 1000 samples", (0.9, 1.5), (0.6, 2.99), BATCH),
    ]:
        arrow = {"arrowstyle": "-", "color": color}
        ax.annotate(words, tip, xytext=at, color=color, fontsize=11, arrowprops=arrow, ha="left")
    return fig


def show_parabola(E, walks):
    """Three walks on the parabola with its bottom at 3, {rate: walk}."""
    findings = ("it settles", "to and fro", "out it goes")
    return show_walks(
        E,
        {f"ε = {rate}: {words}": walk for (rate, walk), words in zip(walks.items(), findings)},
        low=-2,
        high=8,
        goal=3,
        alt="""Three walks on a parabola whose lowest point is at 3, each from w = 0. With rate 0.5 the steps get shorter toward the
        bottom. With 1.5 each step lands on the other side, nearer to the bottom. With 2.5 each step lands on the other side and higher, and
        the second one leaves the picture.""",
    )


def show_bowl(loss, path, rate):
    """A path on the map of the loss of two weights, and the loss after each step."""
    E = loss(path)
    if E[-1] > E[0]:
        finding = "too large, it climbs out of the valley"
    elif E[-1] > 0.002 * E[0]:
        finding = "it has not arrived yet"
    else:
        finding = "it arrives"
    fig, (left, right) = figure(
        1,
        2,
        size=(7.5, 3.6),
        title=f"ε = {rate:.2f}, {len(path) - 1} steps: {finding}",
        width_ratios=[1.25, 1],
        alt=f"""Left, the contours of the loss of two weights, a long valley with a star at (3, 2), and a path of {len(path) - 1}
        steps with learning rate {rate:.2f} from (-1, 2). Right, the loss after each step on a logarithmic axis, from {E[0]:.2g} to
        {E[-1]:.2g}. In short: {finding}.""",
    )
    draw_contours(left, loss, LOW, HIGH)
    left.set_aspect("equal")
    draw_path(left, path)
    draw_goal(left, (3, 2))
    right.semilogy(E, color=BLUE, marker="o", markersize=3.5)
    right.set(xlabel="step", ylabel="loss $E$", ylim=(1e-6, 1e2))
    return fig


def show_learning(runs, running_mean):
    """The losses of several runs: a running mean each, and the single losses of the first."""
    fig, ax = figure(
        size=(7.5, 3.6),
        title="One sample at a time, the loss falls a thousandfold",
        alt=f"""The loss of {len(runs)} networks over {len(runs[0])} updates on a logarithmic axis. The single losses of one of them scatter over
        four powers of ten. The running means all fall from about 1 to below 0.002.""",
    )
    ax.semilogy(
        np.arange(1, len(runs[0]) + 1), runs[0], ".", color=GREY, markersize=3, label="single losses of one run"
    )
    for number, losses in enumerate(runs):
        mean = running_mean(losses)
        label = None if number else f"running means, {len(runs)} runs"
        ax.semilogy(
            np.arange(len(losses) - len(mean), len(losses)) + 1,
            mean,
            color=BLUE,
            linestyle="-",
            alpha=0.75,
            label=label,
        )
    ax.set(xlabel="update", ylabel="loss $E$", ylim=(1e-8, 1e2))
    ax.legend(loc="upper right", markerscale=4)
    return fig


def show_case(runs, words):
    """Runs of one setting, some of which may have ended early because they diverged; both axes are logarithmic."""
    gone = sum(len(losses) < 1000 for losses in runs)
    if gone:
        finding = f"{gone} of {len(runs)} diverge"
        cross = "A cross marks where a run was stopped because its loss had passed a million."
    else:
        finding = f"all {len(runs)} end near {np.mean([losses[-100:].mean() for losses in runs]):.2g}"
        cross = "Grey dots are single losses, lines are running means; none comes near a million."
    fig, ax = figure(
        size=(7.5, 3.5),
        title=f"{words}: {finding}",
        alt=f"""The loss of {len(runs)} networks over the updates, both axes logarithmic. Setting: {words}. {finding}. {cross}""",
    )
    for losses in runs:
        t = np.arange(1, len(losses) + 1)
        if len(losses) < 1000:
            ax.loglog(t, losses, color=ORANGE, linestyle="-", linewidth=1.4)
            ax.loglog(t[-1], losses[-1], "x", color=ORANGE, markersize=9, markeredgewidth=2)
        else:
            window = np.ones(50) / 50
            ax.loglog(t, losses, ".", color=GREY, markersize=2.5, alpha=0.5)
            ax.loglog(t[49:], np.convolve(losses, window, "valid"), color=BLUE, linestyle="-", alpha=0.8)
    ax.set(xlabel="update", ylabel="loss $E$", xlim=(0.9, 1100), ylim=(1e-6, 1e16))
    ax.axhline(1e6, color=DARK, linestyle=":", linewidth=1)
    ax.text(1000, 2e6, "stopped above this line", ha="right", va="bottom", fontsize=10, color=DARK)
    return fig


def show_three_ways(marks, errors):
    """Errors of batch, mini-batch and online learning, {N_t: (seeds, marks)}, against updates and samples seen."""
    names = {1: ("online", ONLINE, "-"), 32: ("mini-batch", MINI, "--"), 1000: ("batch", BATCH, "-.")}
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.7),
        sharey=True,
        width_ratios=[1, 1.12],
        alt="""The error of online, mini-batch and batch learning, mean and band over five seeds, on logarithmic axes. Left, against updates:
        the three fall together at first; then online stays highest, batch and mini-batch go on lower. Right, against samples seen: online
        falls first, mini-batch after 32 times as many samples, and batch after 1000 times as many.""",
    )
    titles = "per update: the larger, the better", "per sample: the smaller, the sooner"
    for ax, title, xlabel in zip(axes, titles, ("updates", "samples seen")):
        for size, values in errors.items():
            name, color, style = names[size]
            x = marks * (size if ax is axes[1] else 1)
            draw_band(ax, values, x=x, label=name, color=color, linestyle=style)
        ax.set(xscale="log", yscale="log", xlabel=xlabel, title=title)
    axes[0].set_ylabel("error against the truth")
    axes[0].legend()
    return fig


def show_noise(sizes, noise):
    """The noise of the gradient for each batch size."""
    sizes, noise = np.asarray(sizes), np.asarray(noise)
    fig, ax = figure(
        size=(6.2, 3.6),
        title="Four times the samples, half the noise",
        alt="""The noise of the gradient against the number of samples in the batch, both axes logarithmic. The measured points lie on a straight
        line that falls by half for each factor of four, 1 over the square root of the batch size.""",
    )
    ax.loglog(sizes, np.mean(noise * np.sqrt(sizes)) / np.sqrt(sizes), "--", color=GREY, label="$1/\\sqrt{N_t}$")
    ax.loglog(sizes, noise, "o", color=MINI, label="measured")
    ax.set(xlabel="samples in the batch, $N_t$", ylabel="noise of the gradient")
    ax.set_xticks([1, 4, 16, 64, 256], labels=["1", "4", "16", "64", "256"])
    ax.set_yticks([0.25, 0.5, 1, 2, 4], labels=["0.25", "0.5", "1", "2", "4"])
    ax.minorticks_off()
    ax.legend()
    return fig


def show_dips(f, walks, rates, ends):
    """Above, some walks, {title: places}; below, in which of the two valleys each method ends for each rate, {method: places}."""
    fig, axes = figure(
        2,
        len(walks),
        size=(7.5, 5.6),
        title="What escapes is the step, not the method",
        height_ratios=[1.25, 1],
        alt="""Above, four walks on a curve with two valleys, a higher one on the right and a deeper one on the left, all from the far right. SGD,
        momentum and RMSProp with rate 0.01 end in the right valley; momentum with 0.05 rolls over into the left one. Below, for each method
        and rates up to 0.25, the valley where it ends: RMSProp always in the right one, SGD in the left one above 0.18, momentum
        in the left one from 0.02 to 0.1, then in either, in no order.""",
    )
    for ax, (name, path) in zip(axes[0], walks.items()):
        draw_walk(ax, f, path, low=-1.75, high=1.75, names=("$x$", "$f$"), dots=1000)
        ax.plot(path[-1], f(path[-1]), "*", color=DARK, markersize=13, markeredgecolor="white", zorder=5)
        ax.set_title(name.replace(", ", "\n"), fontsize=11)
        ax.set_xticks([-1, 0, 1])
        if ax is not axes[0, 0]:
            ax.set(ylabel=None)
            ax.tick_params(labelleft=False)
    spec = axes[1, 0].get_gridspec()
    for ax in axes[1]:
        ax.remove()
    ax = fig.add_subplot(spec[1, :])
    for row, places in enumerate(ends.values()):
        for near, color, mark in ((0.96, GREY, "o"), (-1.036, ORANGE, "s")):
            there = np.abs(places - near) < 0.12
            ax.plot(rates[there], np.full(there.sum(), -row), mark, color=color, markersize=3.4)
    ax.set_yticks([0, -1, -2], labels=list(ends))
    ax.set(xlabel="learning rate ε", ylim=(-2.6, 0.6))
    ax.set_title("Where it ends: in the dip (grey), in the deeper valley (orange), nowhere (gap)", fontsize=11)
    ax.grid(False)
    return fig
