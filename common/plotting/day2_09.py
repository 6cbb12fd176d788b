"""The pictures of day2/09, what a CNN sees."""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from common.plotting.base import BLUE, DARK, DIVERGING, GREEN, GREY, ORANGE, PINK, SKY, blank, figure
from common.plotting.curves import draw_curves

INK, HEAT = "gray_r", "Oranges"
FRAME = "#CCCCCC"


def mosaic(images, columns, gap):
    """(N, H, W) → one array with the images in rows of so many, and the upper left corners; nan between them."""
    N, H, W = images.shape
    rows = -(-N // columns)
    grid = np.full((rows * (H + gap) - gap, columns * (W + gap) - gap), np.nan)
    corners = [(k // columns * (H + gap), k % columns * (W + gap)) for k in range(N)]
    for image, (top, left) in zip(images, corners):
        grid[top : top + H, left : left + W] = image
    return grid, corners


def draw_images(ax, images, columns, *, gap=2, cmap=INK, low=0.0, high=1.0):
    """Images (N, H, W) side by side in frames; returns their corners."""
    grid, corners = mosaic(np.asarray(images, float), columns, gap)
    blank(ax)
    shown = ax.imshow(grid, cmap=cmap, vmin=low, vmax=high)
    height, width = np.shape(images)[1:]
    for top, left in corners:
        ax.add_patch(
            Rectangle((left - 0.5, top - 0.5), width, height, facecolor="none", edgecolor=FRAME, linewidth=0.6)
        )
    ax.set(xlim=(-0.8, grid.shape[1] - 0.2), ylim=(grid.shape[0] - 0.2, -0.8))
    return shown, corners


def name_rows(ax, corners, names, columns, height):
    """The name of each row at its left."""
    for (top, left), name in zip(corners[::columns], names):
        ax.text(left - 2, top + height / 2 - 0.5, name, ha="right", va="center", fontsize=11, color=DARK)


def show_four_networks(images, maps):
    """images (n, H, W), maps {name: (n, H, W)}: each map on a scale of its own."""
    n, side = len(images), images.shape[-1]
    fig, ax = figure(
        size=(7.5, 4.7),
        title="Four networks, and what each of them looks at",
        alt=f"""A row of {n} handwritten digits on canvases of {side} by {side} pixels. Below it are four rows of heat maps, A to D, one for each network.
        In every map of every row the digit can be recognised, in uneven shades of orange; the rows look alike.""",
    )
    rows = [m / m.max(axis=(1, 2), keepdims=True) for m in maps.values()]
    _, corners = draw_images(ax, np.concatenate([np.zeros_like(images), *rows]), n, cmap=HEAT)
    ink = np.where(np.arange(side * 5 + 8)[:, None] < side, mosaic(images, n, 2)[0][:1] * np.nan, np.nan)
    ink[:side] = mosaic(images, n, 2)[0]
    ax.imshow(ink, cmap=INK, vmin=0, vmax=1)
    name_rows(ax, corners, ["image", *maps], n, side)
    return fig


def show_filters(rows):
    """Rows of 5×5 filters (16, 5, 5), each filter on a scale of its own."""
    W = np.concatenate(list(rows.values()))
    count = len(next(iter(rows.values())))
    W = W / np.abs(W).max(axis=(1, 2), keepdims=True)
    fig, ax = figure(
        size=(7.5, 1.9),
        title="Edges, corners and spots, wherever you look",
        alt=f"""Three rows, {", ".join(rows)}, of {count} filters of 5 by 5 weights, purple for positive and orange for negative. In each row some look like edges,
        corners or spots. Two of the rows look nearly the same, filter by filter.""",
    )
    _, corners = draw_images(ax, W, count, gap=1, cmap=DIVERGING, low=-1, high=1)
    for (top, left), name in zip(corners[::count], rows):
        ax.text(left - 1.2, top + 2, name, ha="right", va="center", fontsize=12, color=DARK)
    return fig


def show_feature_maps(image, z1, z2, title):
    """An image (16, 16), the maps of layer 1 (16, 12, 12) and of layer 2 (32, 8, 8); one scale for each layer; a dot where a
    map of layer 2 is largest."""
    fig, (left, middle, right) = figure(
        1, 3, size=(7.5, 3.2), width_ratios=[0.85, 1.1, 2],
        title=title,
        alt=f"""An image of a digit on the left. In the middle {len(z1)} maps of 12 by 12 numbers, in which the digit can be recognised again and again. On the right
        {len(z2)} maps of 8 by 8 numbers, most of them with a few bright spots; a dot marks the largest number of each. The scales reach to {z1.max():.1f} and
        {z2.max():.1f}.""",
    )  # fmt: skip
    draw_images(left, image[None], 1)
    left.set(title="x", anchor="N")
    shown, _ = draw_images(middle, z1, 4, high=z1.max(), cmap="Blues")
    fig.colorbar(shown, ax=middle, location="bottom", shrink=0.9, aspect=25)
    middle.set(title="layer 1: 12×12", anchor="N")
    shown, corners = draw_images(right, z2, 8, high=z2.max(), cmap="Blues")
    fig.colorbar(shown, ax=right, location="bottom", shrink=0.9, aspect=32)
    right.set(title="layer 2: 8×8, a dot at the largest", anchor="N")
    for (top, left_), z in zip(corners, z2):
        if z.max() > 0:
            p, q = np.unravel_index(z.argmax(), z.shape)
            right.plot(left_ + q, top + p, ".", color=ORANGE, markersize=4)
    return fig


def show_favourites(rows, d):
    """One filter of each layer: {name: (patches that excite it most, their digits, largest output in every image)}."""
    fig, axes = figure(
        len(rows), 2, size=(7.5, 5.6), width_ratios=[1, 1.1],
        title="The favourites are the tip, not the whole",
        alt=" ".join(
            f"{name}: the {len(labels)} patches that excite it most come from images of {', '.join(map(str, labels))}." for name, (_, labels, _) in rows.items()
        ) + " Beside them, a column of dots for each digit, one dot for the largest output in every test image; the columns overlap.",
    )  # fmt: skip
    rng = np.random.default_rng(0)  # moves the dots aside, so that they do not hide each other
    for (left, right), (name, (patches, labels, strength)) in zip(axes, rows.items()):
        columns, size = 4, patches.shape[-1]
        gap = round(0.5 * size)
        _, corners = draw_images(left, patches, columns, gap=gap)
        for (top, x), label in zip(corners, labels):
            left.text(
                x + size / 2 - 0.5, top + 1.07 * size - 0.5, str(label), ha="center", va="top", fontsize=10, color=DARK
            )
        left.set_ylim(left.get_ylim()[0] + gap, -0.8)
        left.set_title(f"{name}: its favourites")
        right.plot(d + rng.uniform(-0.28, 0.28, len(d)), strength, ".", color=BLUE, markersize=3.5, alpha=0.6)
        limit = np.sort(strength)[-len(patches)]
        right.axhline(limit, color=ORANGE, linestyle="--", linewidth=1.2)
        right.set(
            xticks=range(10), ylabel="largest output", xlim=(-0.6, 9.6), title="the favourites are above the line"
        )
        right.grid(False, axis="x")
    axes[-1, 1].set_xlabel("digit")
    return fig


def show_winners(image, places, contributions, answer, other, size=9):
    """Where the 32 filters found their maximum, places (32, 2), and what each adds to the margin, contributions (32,)."""
    order = np.argsort(-contributions)
    best, worst = order[0], order[-1]
    fig, (left, right) = figure(
        1, 2, size=(7.5, 3.7), width_ratios=[1, 1.35],
        title=f"Why a {answer} and not a {other}: {len(places)} summands, and nothing else",
        alt=f"""Left: the image of a {answer} with a dot in the middle of every place where a filter has its maximum; larger dots add more to the margin, purple for the
        {answer}, orange for the {other}; squares of {size} by {size} pixels show what the strongest on either side see. Right: the {len(places)} contributions as
        bars, sorted, from {contributions.max():.1f} to {contributions.min():.1f}. Their sum is {contributions.sum():.1f}.""",
    )  # fmt: skip
    purple, orange = "#5E4FA2", ORANGE
    draw_images(left, image[None], 1)
    left.images[0].set_alpha(0.45)
    spread = {}
    for k in order:  # the strongest first, so that small dots lie on large ones
        p, q = places[k]
        here = spread[(p, q)] = spread.get((p, q), -1) + 1
        turn = 2.4 * here
        x, y = q + size // 2 + 0.3 * np.sqrt(here) * np.cos(turn), p + size // 2 + 0.3 * np.sqrt(here) * np.sin(turn)
        radius = 0.08 + 0.42 * np.sqrt(abs(contributions[k]) / np.abs(contributions).max())
        left.add_patch(
            Circle(
                (x, y),
                radius,
                facecolor=purple if contributions[k] > 0 else orange,
                alpha=0.75,
                edgecolor="white",
                lw=0.5,
            )
        )
    for k, color in ((best, purple), (worst, orange)):
        p, q = places[k]
        left.add_patch(Rectangle((q - 0.5, p - 0.5), size, size, facecolor="none", edgecolor=color, linewidth=1.6))
    values = contributions[order]
    right.bar(np.arange(len(values)), values, color=np.where(values > 0, purple, orange), width=0.8)
    right.axhline(0, color=DARK, linewidth=0.8)
    right.text(
        0.97, 0.95, f"for the {answer}: +{values[values > 0].sum():.1f}\nfor the {other}: −{-values[values < 0].sum():.1f}\n"
        f"together: {values.sum():+.1f}".replace("-", "−"), transform=right.transAxes, ha="right", va="top", fontsize=11, color=DARK,
    )  # fmt: skip
    right.set(xlabel="filters of layer 2, sorted", ylabel="adds to the margin", xticks=[])
    right.grid(False, axis="x")
    return fig


def show_maps(image, maps, title):
    """An image and maps {title: (H, W)} of it, positive purple and negative orange; each panel has its own scale beside it."""
    fig, axes = figure(
        1, 1 + len(maps), size=(7.5, 2.9),
        title=title,
        alt="An image of a digit, and beside it "
        + ", ".join(f"the map “{' '.join(name.split())}” from {m.min():.1f} to {m.max():.1f}" for name, m in maps.items())
        + "; purple is positive, orange negative.",
    )  # fmt: skip
    draw_images(axes[0], image[None], 1)
    axes[0].set(title="x", anchor="N")
    side = len(image)
    for ax, (name, m) in zip(axes[1:], maps.items()):
        blank(ax)
        margin = (side - len(m)) / 2
        extent = (margin - 0.5, side - margin - 0.5, side - margin - 0.5, margin - 0.5)
        limit = np.abs(m).max() or 1.0
        shown = ax.imshow(m, cmap=DIVERGING, vmin=-limit, vmax=limit, extent=extent)
        ax.add_patch(Rectangle((-0.5, -0.5), side, side, facecolor="none", edgecolor=FRAME, linewidth=0.6))
        fine = np.kron(image > 0.3, np.ones((8, 8)))  # so that the outline follows the pixels
        ax.contour(fine, levels=[0.5], colors=GREY, linewidths=0.7, extent=(-0.5, side - 0.5, -0.5, side - 0.5))
        ax.set(title=name, xlim=(-0.8, side - 0.2), ylim=(side - 0.2, -0.8), anchor="N")
        fig.colorbar(shown, ax=ax, location="bottom", shrink=0.85, aspect=22)
    return fig


def show_taking_away(curves):
    """The share of unchanged answers against the number of pixels: {name: (seeds, n)} in percent."""
    colors = dict(zip(curves, (ORANGE, BLUE, PINK, DARK, GREEN, GREY)))
    fig, ax = figure(
        size=(7.5, 4.1),
        title="A signed map finds the pixels that carry the answer",
        alt="Curves with bands of the share of unchanged answers against the number of emptied pixels, 0 to 12. At four pixels: "
        + ", ".join(f"{name} {v[:, 4].mean():.0f} percent" for name, v in curves.items())
        + ".",
    )
    ax.set(xlabel="pixels taken away, in the order of …", ylabel="answers unchanged, %", ylim=(0, 102), xlim=(0, 12))
    draw_curves(ax, curves, x=np.arange(next(iter(curves.values())).shape[1]), colors=colors)
    return fig


def show_same_test(correlations):
    """Correlation of one network's maps with those of others: {kind of map: {network: (seeds,)}}."""
    fig, ax = figure(
        size=(7.5, 3.4),
        title="Without its sign, a map resembles an ignorant one's, too",
        alt="For each kind of map the correlation with the maps of three other networks, a dot for each seed. "
        + " ".join(
            f"{kind}: " + ", ".join(f"{name} {v.mean():.2f}" for name, v in networks.items()) + "."
            for kind, networks in correlations.items()
        ),
    )
    styles = {"second network": (BLUE, "o"), "shuffled labels": (ORANGE, "s"), "untrained": (SKY, "^")}
    for row, networks in enumerate(correlations.values()):
        for k, (name, values) in enumerate(networks.items()):
            color, marker = styles[name]
            ax.plot(
                values, np.full(len(values), row + 0.22 * (k - 1)), linestyle="none", marker=marker, color=color, alpha=0.7,
                markersize=6, label=name if row == 0 else None,
            )  # fmt: skip
    ax.axvline(0, color=GREY, linewidth=1)
    ax.set_yticks(range(len(correlations)), correlations)
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    ax.set(xlabel="correlation with the map of the trained network", xlim=(-0.15, 1))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), title="map of", alignment="left")
    return fig


def show_mistakes(images, maps, said, truth, columns=10):
    """Every misread digit above its map: purple speaks for the answer, orange for the truth. One scale for all maps."""
    side, n = images.shape[-1], len(images)
    blocks, limit = -(-n // columns), np.abs(maps).max()
    fig, axes = figure(
        blocks, size=(7.5, 0.35 + 1.75 * blocks), squeeze=False,
        title=f"All {n} mistakes: purple for the answer, orange for the truth",
        alt="Misread digits, and below each a map of its pixels, those that speak for the answer in purple and those that speak for the truth in orange: "
        + ", ".join(f"a {t} read as {s}" for s, t in zip(said, truth)) + ".",
    )  # fmt: skip
    gap = 3
    for block, ax in enumerate(axes[:, 0]):
        chosen = slice(block * columns, (block + 1) * columns)
        row = images[chosen]
        empty = np.zeros((columns - len(row), side, side))
        m = np.concatenate([np.zeros((columns, side, side)), maps[chosen] / limit * 1.6, empty])
        _, corners = draw_images(ax, m, columns, gap=gap, cmap=DIVERGING, low=-1, high=1)
        ink = np.full((side, (side + gap) * columns - gap), np.nan)
        ink[:, :] = mosaic(np.concatenate([row, empty]), columns, gap)[0]
        ax.imshow(ink, cmap=INK, vmin=0, vmax=1, extent=(-0.5, ink.shape[1] - 0.5, side - 0.5, -0.5))
        for k, (top, left) in enumerate(corners[columns : columns + len(row)]):
            ax.text(
                left + side / 2 - 0.5, top + side + 0.5, f"{said[chosen][k]}, is {truth[chosen][k]}", ha="center", va="top",
                fontsize=10, color=DARK,
            )  # fmt: skip
        ax.set(xlim=(-0.8, ink.shape[1] - 0.2), ylim=(2 * side + gap + 5.5, -0.8))
    return fig
