"""The pictures of day1/02, activation functions."""

import numpy as np

from common.functions import relu
from common.plotting.base import AMBER, BACKWARD, BLUE, DARK, FORWARD, GREY, figure
from common.plotting.planes import draw_plane


def random_layers(sizes, rng):
    """A list of (W, b), one pair per layer, drawn so that the values keep their size from layer to layer."""
    return [
        (rng.standard_normal((n_in, n_out)) / np.sqrt(n_in), rng.standard_normal(n_out))
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def octagon():
    """A 2-8-1 network: each hidden unit looks in one of eight directions and wakes up at distance 1."""
    angles = np.pi / 4 * np.arange(8)
    return [(np.array([np.cos(angles), np.sin(angles)]), np.full(8, -1.0)), (np.ones((8, 1)), np.zeros(1))]


def riddle():
    """The two networks of the riddle: ten layers without activation, and 2-8-1 with ReLU."""
    return random_layers([2] + 9 * [20] + [1], np.random.default_rng(0)), octagon()


def show_riddle():
    """The outputs of both networks over the plane of inputs."""
    deep, shallow = riddle()

    def ten(x):
        for W, b in deep:
            x = x @ W + b
        return x[:, 0]

    def two(x):
        (W1, b1), (W2, b2) = shallow
        return (relu(x @ W1 + b1) @ W2 + b2)[:, 0]

    fig, axes = figure(
        1,
        2,
        size=(7.5, 4.0),
        title="One of these networks has ten layers, the other has two",
        alt="""Two networks' outputs over the plane of two inputs, as shades of blue with contour lines. On the left the contours are
        straight, parallel and evenly spaced. On the right they are eight-sided and closed, one around the other.""",
    )
    for ax, f in zip(axes, (ten, two), strict=True):
        draw_plane(ax, f, levels=8, colorbar=False)
    axes[1].set_ylabel("")
    return fig


def show_bends(target, network, units):
    """A curve and the broken line that a 1-n-1 network of ReLU units makes of it."""
    fig, ax = figure(
        size=(7.5, 3.4),
        alt=f"""The curve of the target over x from −3 to 3 and, on top of it, a broken line of {units} straight pieces that meets it at every
        corner.""",
    )
    x, knots = np.linspace(-3, 3, 601)[:, np.newaxis], np.linspace(-3, 3, units + 1)[:, np.newaxis]
    ax.plot(x, target(x), color=GREY, linestyle="-", linewidth=5, alpha=0.6, label="the curve")
    ax.plot(x, network(x), color=FORWARD, linestyle="-", label="the network")
    ax.plot(knots[:-1], network(knots[:-1]), "o", color=FORWARD, label="where a unit wakes up")
    pieces = f"{units} ReLU units make {units} straight pieces" if units > 1 else "1 ReLU unit makes 1 straight piece"
    ax.set(xlabel="x", ylabel="y", ylim=(-1.25, 1.25), title=pieces)
    ax.legend(loc="upper left")
    return fig


def show_xor(planes):
    """One panel for each {title: function of the plane}, with the four points of XOR."""
    fig, axes = figure(
        1,
        len(planes),
        size=(7.5, 3.1),
        alt="""Three planes with the four corner points (0,0), (0,1), (1,0) and (1,1). The first unit is 1 above a falling line that leaves only
        (0,0) below. The second is 1 above a parallel line that leaves only (1,1) above. The output is 1 in the band between the two lines,
        where (0,1) and (1,0) are.""",
        sharey=True,
    )
    for ax, (title, f) in zip(axes, planes.items(), strict=True):
        draw_plane(ax, f, -0.52, 1.52, vmin=0, vmax=1.6, colorbar=False)  # edges between the points of its grid
        for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
            one = f(np.array([corner]))[0] == 1
            ax.plot(*corner, "o", color=DARK if one else "white", markeredgecolor=DARK, markersize=16)
            ax.text(*corner, f"{int(one)}", ha="center", va="center_baseline", fontsize=11,
                    color="white" if one else DARK)  # fmt: skip
        ax.set(xticks=[0, 1], yticks=[0, 1], title=title)
    for ax in axes[1:]:
        ax.set_ylabel("")
    return fig


def _curve(ax, f, low, high, **style):
    """Plot f left and right of 0 apart, so that a jump at 0 is no line; a dot shows the value at the jump."""
    near = 1e-9
    pieces = np.linspace(low, -near, 200), np.linspace(near, high, 200)
    for u, label in zip(pieces, (style.pop("label", None), None), strict=True):
        ax.plot(u, f(u), label=label, **style)
    if abs(f(np.array(near)) - f(np.array(-near))) > 0.5:
        ax.plot(0, f(np.array(0.0)), "o", color=style["color"])


def show_tangent(name, f, derivative, u, low=-6.0, high=6.0):
    """An activation function with its tangent at u, and the derivative below the same axis."""
    value, slope = float(f(np.array(u))), float(derivative(np.array(u)))
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.4),
        title=f"{name} at u = {u:.2f}: value {value:.3f}, slope {slope + 0.0:.3f}",
        alt=f"""On the left the curve of {name} with its tangent at u = {u:.2f}, where its value is {value:.3f}. On the right the derivative of
        {name}, with the point {slope:.3f} marked, which is the slope of the tangent.""",
    )
    _curve(axes[0], f, low, high, color=FORWARD, linestyle="-")
    reach = 2.5 / np.hypot(1, slope)
    ends = np.array([u - reach, u + reach])
    axes[0].plot(ends, value + slope * (ends - u), color=BACKWARD, linestyle="--")
    axes[0].plot(u, value, "o", color=DARK, markersize=8)
    _curve(axes[1], derivative, low, high, color=BACKWARD, linestyle="--")
    axes[1].plot(u, slope, "o", color=DARK, markersize=8)
    inside = f(np.linspace(low, high, 200))
    axes[0].set(xlim=(low, high), ylim=(min(-1.2, inside.min()), max(1.2, inside.max())), title="value and tangent")
    axes[1].set(xlim=(low, high), ylim=(-0.1, 1.15), title="derivative: the slope of the tangent")
    for ax in axes:
        ax.set_xlabel("u")
    return fig


def show_zeros(z, W):
    """Where an array of activations and an array of weights are exactly 0."""
    fig, axes = figure(
        1,
        2,
        size=(7.5, 3.4),
        alt="""Two squares of small cells, white where a number is zero. The left one, activations of 40 samples in 40 units, is white in half of
        its cells, without order. The right one, 40 by 40 of the weights, has no white cell at all.""",
    )
    for ax, values, title in zip(
        axes, (z, W), ("activations z: half are exactly 0 (white)", "weights W: none is white"), strict=True
    ):
        side = np.arange(values.shape[0] + 1)
        ax.pcolormesh(side, side, values != 0, cmap="Blues", vmin=0, vmax=1.4)
        ax.grid(False)
        ax.invert_yaxis()
        ax.set(aspect="equal", title=title, xlabel="unit", xticks=[0, 20, 40], yticks=[0, 20, 40])
    axes[0].set_ylabel("sample")
    axes[1].set_ylabel("input")
    return fig


def show_shares(panels):
    """Softmax as bars: {title: (u, y)}."""
    fig, axes = figure(
        1,
        len(panels),
        size=(7.5, 3.1),
        sharey=True,
        alt="Bars of the three probabilities that softmax gives. "
        + " ".join(f"{title}: {', '.join(f'{p:.3f}' for p in y)}." for title, (_, y) in panels.items()),
    )
    for ax, (title, (u, y)) in zip(axes, panels.items(), strict=True):
        ax.bar(range(len(y)), y, color=[GREY, AMBER, BLUE])
        for k, p in enumerate(y):
            ax.text(k, p + 0.02, f"{p:.3f}", ha="center", va="bottom", fontsize=10)
        ax.set_xticks(range(len(y)), [f"{v:g}" for v in u])
        ax.set(ylim=(0, 1.12), xlabel="score", title=title)
        ax.grid(False)
    axes[0].set_ylabel("y = softmax(u)")
    return fig


def show_family(family):
    """Small multiples: {title: (function, derivative)}, six of them."""
    fig, axes = figure(
        2,
        3,
        size=(7.5, 5.4),
        title="All but the identity bend: where is a slope left?",
        sharex=True,
        sharey=True,
        alt="""Six panels with a function in blue and its derivative dashed in orange. Identity: a straight line, derivative 1. Step: 0 then 1,
        derivative 0. ReLU: 0, then the straight line; derivative 0, then 1. Sigmoid: an S from 0 to 1, derivative a low hump of height a quarter.
        Tanh: an S from −1 to 1, derivative a hump of height 1. Softmax's first output for (u, 0, 0): an S from 0 to 1 that is a third at 0.""",
    )
    for ax, (title, (f, derivative)) in zip(axes.flat, family.items(), strict=True):
        _curve(ax, f, -4, 4, color=FORWARD, linestyle="-", label="value f(u)")
        _curve(ax, derivative, -4, 4, color=BACKWARD, linestyle="--", label="derivative f′(u)")
        ax.set(ylim=(-1.3, 2.3), xlim=(-4, 4), xticks=[-4, -2, 0, 2, 4], yticks=[-1, 0, 1, 2], title=title)
    for ax in axes[1]:
        ax.set_xlabel("u")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig
