"""The pictures of day2/03, batch normalisation."""

import numpy as np

from common.plotting.base import BLUE, DARK, GREEN, GREY, ORANGE, PINK, figure
from common.plotting.curves import draw_band, draw_curves
from common.plotting.diagrams import show_graph
from common.plotting.layers import draw_sizes

WITHOUT, WITH = GREY, BLUE  # the same network without and with batch norm, in all pictures of the lesson
COLORS = {"without": "#666666", "with": WITH}


def show_rescue(without, with_norm):
    """Training accuracy (seeds, epochs) of the network of day2/02 that did not start, without and with batch norm."""
    fig, ax = figure(
        size=(7.5, 3.5),
        title="Five layers more, and the hopeless network reads",
        alt="""Training accuracy in per cent against the epoch, mean and band over five seeds. Without batch norm it lies flat at 10 per
        cent for all 30 epochs. With batch norm it stays low for about four epochs, then climbs above 90 per cent and ends near 99.""",
    )
    ax.set(xlabel="epoch", ylabel="training accuracy (%)", ylim=(0, 103))
    curves = {"with\nbatch norm": 100 * with_norm, "without": 100 * without}
    draw_curves(ax, curves, colors={"with\nbatch norm": WITH, "without": "#666666"})
    return fig


def show_shape(x, x_hat):
    """Histograms of one feature before and after normalisation."""
    fig, axes = figure(
        1,
        2,
        size=(7.5, 2.9),
        title="Two humps go in, two humps come out",
        alt="""Two histograms. On the left a feature with two humps, at 10 and at 16. On the right the same feature normalised: the same two
        humps, now at about -1 and 1.""",
    )
    for ax, values, name, color in ((axes[0], x, "$x$", GREY), (axes[1], x_hat, r"$\hat x$", BLUE)):
        ax.hist(values, bins=40, color=color)
        mean, std = values.mean(), values.std()
        ax.axvline(mean, color=DARK, linestyle="-", linewidth=1.2)
        ax.axvspan(mean - std, mean + std, color=ORANGE, alpha=0.15, linewidth=0, zorder=0)
        ax.set(xlabel=name, title=f"mean {mean + 0.0:.2f}, variance {values.var():.2f}".replace("-0.00", "0.00"))
    axes[0].set_ylabel("samples")
    return fig


def show_batch_norm_graph(v, g):
    """The graph of batch norm for one feature. v, g: values and gradients by name; see the lesson's code."""

    def each(gradient):
        """The same number for every sample, written once."""
        return f"{gradient[0]:.3g}\neach".replace("-", "−")

    v, g = ({name: np.squeeze(array) for name, array in numbers.items()} for numbers in (v, g))
    nodes = {
        "x": (0, 1.9, "x"), "fork": (0, 0, ""), "mean": (0, -1.7, "mean"), "−": (1.1, 0, "−"),
        "fork2": (2.05, 0, ""), "²": (2.05, 1.9, "( )²"), "mean2": (3.2, 1.9, "mean"), "√": (4.3, 1.9, "√"),
        "÷": (4.3, 0, "÷"), "×": (5.3, 0, "×"), "γ": (5.3, 2.2, "γ"), "+": (6.2, 0, "+"), "β": (6.2, 2.2, "β"),
        "y": (7.0, 0, "y"),
    }  # fmt: skip
    edges = [
        ("x", "fork", v["x"], g["x"]),
        ("fork", "−", None, ""),
        ("fork", "mean", None, each(g["x, mean"])),
        ("mean", "−", ("μ", v["mean"]), g["mean"]),
        ("−", "fork2", v["c"], g["c"]),
        ("fork2", "÷", None, g["c, direct"]),
        ("fork2", "²", None, g["c, variance"]),
        ("²", "mean2", v["c"] ** 2, each(g["square"])),
        ("mean2", "√", ("σ²", v["var"]), g["var"]),
        ("√", "÷", ("σ", v["std"]), g["std"]),
        ("÷", "×", ("x̂", v["x_hat"]), g["x_hat"]),
        ("γ", "×", v["gamma"], g["gamma"]),
        ("×", "+", v["gamma"] * v["x_hat"], g["y"]),
        ("β", "+", v["beta"], g["beta"]),
        ("+", "y", v["y"], g["y"]),
    ]
    return show_graph(
        nodes,
        edges,
        column=1,
        digits=(3, 3),
        size=(7.5, 5.0),
        title="One output's gradient comes back to all four samples",
        alt="""The computational graph of batch norm. x forks to a mean node and a minus node; the difference forks to a square, mean and
        root on an upper branch and to a division; then come a product with gamma and a sum with beta. Values are blue. In orange
        a gradient of 1 for the first of four outputs flows back and reaches x as 0.104, -0.128, -0.072 and 0.096.""",
    )


def show_three_terms(direct, mean, variance):
    """The three parts of ∂y₀/∂x for each sample as bars, and their sum as a mark."""
    fig, ax = figure(
        size=(7.5, 3.4),
        title="Of the direct effect of 0.4, about a quarter is left",
        alt="""Bars for four samples. The direct term is 0.4 for the first sample and 0 for the others. The mean term is -0.1 for all. The
        variance term is -0.196, -0.028, 0.028 and 0.196. The sums are 0.104, -0.128, -0.072 and 0.096.""",
    )
    places = np.arange(len(direct))
    for k, (name, term, color) in enumerate(
        (("direct", direct, ORANGE), ("through the mean", mean, GREY), ("through the variance", variance, PINK))
    ):
        ax.bar(places + 0.18 * (k - 2), term, 0.17, color=color, label=name)
    total = direct + mean + variance
    ax.bar(places + 0.26, total, 0.17, color=DARK, label="sum")
    for place, value in zip(places, total, strict=True):
        up = 0.012 if value > 0 else -0.012
        ax.text(
            place + 0.26, value + up, f"{value:.3f}".replace("-", "−"), ha="center", va="bottom" if value > 0 else "top"
        )
    ax.axhline(0, color=DARK, linewidth=0.8, linestyle="-")
    ax.set_xticks(places, [f"$x_{n}$" for n in places])
    ax.set(ylabel="slope of $y_0$", ylim=(-0.26, 0.46))
    ax.grid(axis="x", visible=False)
    ax.legend(ncols=2, loc="upper right")
    return fig


def show_running(curves):
    """The spread of the inference output against the batches seen. curves: {name: (batches + 1,)}."""
    fig, ax = figure(
        size=(7.5, 3.5),
        title="The stored variance needs time, and a start at 0 overshoots",
        alt="""The standard deviation of the output in inference, on a logarithmic axis, against the number of batches seen, from 1 to 100. For a
        feature of variance 1: started at 1 it stays at 1; started at 0 it begins at 3.16 and falls to 1 within some 20 batches.
        For a feature of variance 0.001 and a start at 1 it begins near 0.03 and reaches 1 after some 80 batches.""",
    )
    ax.set_yscale("log")
    ax.set(xlabel="batches seen", ylabel="std of the output in inference", ylim=(0.02, 6))
    for (name, values), color, dash, (x, y, va) in zip(
        curves.items(),
        (ORANGE, BLUE, GREEN),
        ("--", "-", "-."),
        ((12, 1.75, "bottom"), (12, 0.9, "top"), (40, 0.13, "top")),
        strict=True,
    ):
        ax.plot(np.arange(1, len(values) + 1), values, color=color, linestyle=dash)
        ax.text(x, y, name, color=color, va=va, fontweight="bold")
    ax.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
    ax.minorticks_off()
    return fig


def show_gradients(sizes):
    """mean |dW| per layer at the first step. sizes: {start: {"without": (seeds, layers), "with": (seeds, layers)}}."""
    fig, axes = figure(
        1,
        len(sizes),
        size=(7.5, 3.3),
        sharey=True,
        title="With batch norm all layers get a gradient of about the same size",
        alt=f"""Panels for {", ".join(sizes)}: the mean size of the gradient of each of six weight matrices, on a logarithmic axis, without and
        with batch norm. For the sigmoid with 0.01 it falls by millions from the last layer to the first without batch norm; for ReLU with
        0.01 all layers lie near 1e-8. With batch norm all lines run between 0.003 and 0.03. For ReLU with He both do.""",
    )
    axes[0].set_ylim(1e-11, 0.1)
    for ax, (start, lines) in zip(axes, sizes.items(), strict=True):
        draw_sizes(ax, {name: lines[name] for name in ("with", "without")}, colors=COLORS, labels=False)
        ax.set_title(start)
    axes[0].set_ylabel("mean |dW|")
    axes[-1].legend(title="batch norm", loc="lower right")
    return fig


def show_rates(rates, without, with_norm):
    """Validation accuracy (rates, seeds) against the learning rate, without and with batch norm."""
    fig, ax = figure(
        size=(7.5, 3.6),
        title="Batch norm moves the cliff to rates ten times as large",
        alt="""Validation accuracy against the learning rate from 0.003 to 10, mean and band over five seeds. Without batch norm it rises to 96 per
        cent at 0.1 and 0.3 and falls to about 10 per cent at 1. With batch norm it stays at 97 per cent up to 3 and falls to 10 per cent at 10.""",
    )
    ax.set_xscale("log")
    ax.set(xlabel="learning rate", ylabel="validation accuracy (%)", ylim=(0, 103))
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.minorticks_off()
    for name, values, marker, x, y in (
        ("without", without, "s", 0.42, 50),
        ("with batch norm", with_norm, "o", 4.2, 60),
    ):
        color = COLORS[name.split()[0]]
        line = draw_band(ax, 100 * values.T, x=rates, color=color, linestyle="--" if name == "without" else "-")
        line.set_marker(marker)
        ax.text(x, y, name, color=color, fontweight="bold", ha="right")
    return fig
