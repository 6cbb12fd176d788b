"""The pictures of day2/02, the vanishing gradient."""

import numpy as np

from common.plotting.base import BACKWARD, BLUE, DARK, FORWARD, GREEN, ORANGE, PINK, SKY, figure
from common.plotting.curves import draw_band, draw_curves, name_lines
from common.plotting.layers import (
    draw_sizes,
    show_gradient_history,
    show_gradient_sizes,
    show_layer_histograms,
)

STARTS = {"0.01": ORANGE, "Xavier": BLUE, "He": GREEN, "1": PINK, "4/√n": SKY}  # one colour each, in the whole lesson


def show_three_starts(grid):
    """The hero: first gradients and losses of a ReLU network from three starts."""
    fig, (left, right) = figure(
        1, 2, size=(7.5, 3.5), title="One network, and ten powers of ten between its gradients",
        alt="""Left, the mean size of the first gradient in each of six layers, on a logarithmic axis. Weights of 0.01 give level dots near
        one hundred-millionth, weights of 0.14 dots near one hundredth, weights of 1 dots at some hundreds. Right, the loss over 60
        epochs: from 0.01 it stays at 2.3, from 0.14 it falls to 0 within some twenty epochs, and from 1 there is no curve.""",
    )  # fmt: skip
    names = {"0.01": "std 0.01", "He": "std 0.14", "1": "std 1"}
    colors = {names[start]: STARTS[start] for start in names}
    left.set_yscale("log")
    left.set_ylim(1e-10, 1e4)
    draw_sizes(left, {names[s]: grid[f"ReLU/{s}/gradients"][:, 0] for s in names}, colors=colors)
    left.set(title="The first gradients", ylabel="mean |dW|, by layer")
    right.set(title="What training makes of them", xlabel="epoch", ylabel="loss", ylim=(0, 2.6))
    draw_curves(right, {names[s]: grid[f"ReLU/{s}/loss"] for s in ("0.01", "He")}, colors=colors)
    right.text(12, 1.25, "std 1: lost\nwithin one epoch", color=STARTS["1"], fontsize=10)
    return fig


def show_travel(came_in, came_back, gradients):
    """What comes in, what comes back, and the gradients, layer by layer."""
    shrinks, steps = came_in[-1] < 0.01 * came_in[0], gradients["W6"] / gradients["W1"]
    title = (
        "Each shrinks on its own way, and the product is level"
        if shrinks
        else "Forward nothing is lost; coming back, almost everything"
    )
    return show_gradient_sizes(
        {"came in: x, z": came_in, "came back: δ": came_back, "mean |dW|": gradients},
        ylabel="size",
        colors={"came in: x, z": FORWARD, "came back: δ": BACKWARD, "mean |dW|": DARK},
        limits=(1e-13, 10),
        title=title,
        size=(6.6, 3.6),
        alt=f"""Three lines over the layers W1 to W6 on a logarithmic axis. What came in goes from {came_in[0]:.0e} at W1 to {came_in[-1]:.0e}
        at W6. What came back goes from {came_back[-1]:.0e} at W6 down to {came_back[0]:.0e} at W1. The gradients
        {"stay level at some billionths" if shrinks else f"climb by a factor of {steps:.0e} from W1 to W6, like a staircase"}.""",
    )  # fmt: skip


def show_twenty(sizes):
    """`{start: (seeds, 20)}`: the rms after each layer."""
    fig, ax = figure(
        size=(7.0, 3.8),
        alt="""The rms of the signal after each of 20 layers, on an axis of powers of two, with a band over 20 seeds. From 2 over root n it
        climbs in a straight line to about 2 to the power 10. From He's start it stays at 1. From Xavier's it falls in a straight line
        to about 2 to the power −10.""",
    )
    ax.set_yscale("log", base=2)
    ax.set(
        title="A factor of √2 in each layer is a thousand in twenty", xlabel="layer", ylabel="rms of z",
        ylim=(2.0**-12, 2.0**12), xticks=range(0, 21, 5), yticks=[2.0**k for k in (-10, -5, 0, 5, 10)],
    )  # fmt: skip
    colors = (PINK, STARTS["He"], STARTS["Xavier"])
    x = np.arange(1, 21)
    lines = [draw_band(ax, v, x=x, label=name, color=c) for (name, v), c in zip(sizes.items(), colors, strict=True)]
    name_lines(ax, lines)
    return fig


def show_values(layers, activation, gain):
    """Histograms of up to five of the layers."""
    chosen = np.unique(np.linspace(0, len(layers) - 1, 5).round().astype(int))
    shown = [layers[k] for k in chosen]
    sizes = [np.sqrt(np.mean(z**2)) for z in shown]
    limits = {"tanh": (-1, 1), "sigmoid": (0, 1)}.get(activation, (0, 3))
    return show_layer_histograms(
        shown,
        names=[f"layer {k + 1}" for k in chosen],
        notes=[f"rms {size:.2g}" for size in sizes],
        limits=limits,
        top=0.25,
        title=f"{activation}, gain {gain:.3g}",
        alt=f"""Histograms of the values of {activation} layers {", ".join(str(k + 1) for k in chosen)}, with weights of standard
        deviation {gain:.3g}/√n. The rms is {", ".join(f"{size:.2g}" for size in sizes)}.""",
    )


def show_grid(grid):
    """The training loss of all recipes, a panel for each activation."""
    fig, axes = figure(
        1, 3, size=(7.5, 3.6), sharey=True, title="The start decides, and each bend wants another one",
        alt="""The training loss over 60 epochs in three panels, with bands over five seeds. Sigmoid: from 0.01, Xavier and He it stays at 2.3;
        from 4 over root n and from 1 it falls, to about 0.3 and 0.1. Tanh: from 0.01 it stays at 2.3, from Xavier and He it falls to
        0, from 1 it stays noisy around 0.5. ReLU: from 0.01 it stays at 2.3, from Xavier and He it falls to 0; from 1 it explodes.""",
    )  # fmt: skip
    for ax, activation in zip(axes, ("Sigmoid", "Tanh", "ReLU"), strict=True):
        ax.set(title=activation if activation == "ReLU" else activation.lower(), xlabel="epoch", ylim=(0, 2.6))
        losses = {s: grid[f"{activation}/{s}/loss"] for s in STARTS if f"{activation}/{s}/loss" in grid}
        exploded = [s for s, v in losses.items() if np.isnan(v).any()]
        draw_curves(ax, {s: v for s, v in losses.items() if s not in exploded}, colors=STARTS)
        for start in exploded:
            ax.text(18, 1.6, f"{start}: explodes", color=STARTS[start], fontsize=10)
    axes[0].set_ylabel("training loss")
    return fig


def show_during_training(grid):
    """The gradients of every layer before each epoch, for three recipes."""
    names = {"sigmoid, 0.01": "Sigmoid/0.01", "tanh, Xavier": "Tanh/Xavier", "ReLU, He": "ReLU/He"}
    return show_gradient_history(
        {words: grid[f"{name}/gradients"] for words, name in names.items()},
        limits=(1e-13, 1),
        title="A hundred million apart, or together",
        alt="""The gradient sizes of six layers over 60 epochs on a logarithmic axis, means of five seeds, in three panels. Sigmoid from 0.01:
        six lines far apart, W1 lowest and W6 highest, for all 60 epochs. Tanh from Xavier and ReLU from He: all six lines lie close
        together and fall together.""",
    )


def show_patients(patients):
    """Four networks without their names."""
    return show_gradient_sizes(
        {letter: {"mean |dW|": sizes} for letter, sizes in patients.items()},
        title="Four networks, and one of them will learn",
        size=(7.5, 3.2),
        colors={"mean |dW|": DARK},
        alt="Four panels with the gradient sizes of six layers on one logarithmic axis. "
        + " ".join(
            f"{k}: from {v[0]:.0e} at W1 over {v[2]:.0e} at W3 to {v[-1]:.0e} at W6." for k, v in patients.items()
        ),
    )
