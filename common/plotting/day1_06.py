"""The pictures of day1/06, the digit classifier."""

import numpy as np

from common.plotting.base import DARK, FORWARD, GREY, ORANGE, figure
from common.plotting.curves import show_curves
from common.plotting.images import show_confusion, show_images


def show_sixty(images):
    """The hero: sixty digits without a word."""
    return show_images(
        images,
        columns=15,
        title="Sixty digits, and no two of them are alike",
        alt="""Four rows of fifteen small grey images of 8 by 8 pixels. Each is a digit that somebody wrote by hand: round and
        slanted sixes, twos with and without a loop, and ones that are a stroke with a flag or nothing but a black block.""",
    )


def show_five(histories):
    """Loss and accuracy of several runs, (runs, epochs, piles, measures)."""
    loss, accuracy = ({"training": histories[:, :, 0, k], "validation": histories[:, :, 1, k]} for k in (0, 1))
    return show_curves(
        {"loss": loss, "accuracy": accuracy},
        limits={"loss": (0, 2.3), "accuracy": (0.5, 1.01)},
        titles=["The gap opens slowly", "and is clear in the end"],
        alt=f"""Two panels over 100 epochs, each with a mean curve and a band over {len(histories)} runs for the training and the validation
        pile. The loss falls steeply for 20 epochs and then slowly; validation stays above training and its band is wider. The accuracy
        rises above 0.9 within 20 epochs, and training ends about two points above validation.""",
    )


def show_starts(histories):
    """`{start: (runs, epochs, piles, measures)}`: training loss and validation accuracy."""
    return show_curves(
        {
            "training loss": {name: h[:, :, 0, 0] for name, h in histories.items()},
            "validation accuracy": {name: h[:, :, 1, 1] for name, h in histories.items()},
        },
        limits={"training loss": (0, 2.4), "validation accuracy": (0, 1.02)},
        titles=["Small weights wait on a plateau", "and catch up in the end"],
        alt="""Two panels over 100 epochs. Started from Xavier's or He's size, the loss falls at once and both curves lie on each other.
        Started with 0.01, the loss stays at 2.3 for about ten epochs, then falls as steeply, and ends only a little above the others; its
        accuracy follows with the same delay and ends at the same height.""",
    )


def show_rates(histories):
    """`{learning rate: (runs, epochs, piles, measures)}`: the training loss, on a log axis."""
    return show_curves(
        {"training loss": {f"ε = {name}": h[:, :, 0, 0] for name, h in histories.items()}},
        log=("training loss",),
        title="Too small does not move, and 1 is ahead of 0.1 all the way",
        size=(7.5, 3.6),
        alt="""The training loss over 100 epochs, on a logarithmic axis, for three learning rates, each with a band over five runs. With
        0.00001 it stays level at about 2.5. With 0.1 it falls to about 0.08, with 1 to about 0.004.""",
    )


def show_reading(image, z1, y, truth):
    """One image's way through the network: 64 pixels, the hidden units, ten probabilities."""
    said = int(np.argmax(y))
    verdict = "and it is right" if said == truth else f"but it is a {truth}"
    fig, (left, middle, right) = figure(
        1, 3, size=(7.5, 3.1), gridspec_kw={"width_ratios": [1, 1, 1.5]},
        title=f"It says {said}, with {100 * y[said]:.0f} %, {verdict}",
        alt=f"""An image of a {truth} on the left, the values of the hidden units as shades of blue in the middle ({np.sum(z1 > 0)} of
        {len(z1)} are not 0), and a bar for each of the ten probabilities on the right. The longest bar is that of {said},
        {100 * y[said]:.0f} %.""",
    )  # fmt: skip
    left.imshow(np.reshape(image, (8, 8)), vmin=0, vmax=1)
    left.set_title("x: 64 pixels")
    middle.pcolormesh(
        np.reshape(z1, (8, -1)), cmap="Blues", vmin=0, vmax=max(z1.max(), 1), edgecolors="white", linewidth=1
    )
    middle.set_title(f"z1: {len(z1)} units")
    middle.set_box_aspect(1)
    middle.invert_yaxis()
    for ax in (left, middle):
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(True)
    colors = [FORWARD if k == truth else ORANGE if k == said else GREY for k in range(len(y))]
    right.barh(np.arange(len(y)), y, color=colors)
    right.set(title="y: ten probabilities", xlim=(0, 1.02), yticks=np.arange(len(y)), xticks=[0, 0.5, 1])
    right.invert_yaxis()
    right.set_box_aspect(2 / 3)
    right.grid(False, axis="y")
    right.tick_params(axis="y", length=0, labelcolor=DARK)
    return fig


def show_weights(W1, W2):
    """The weights of each hidden unit as an image, the strongest first; below it the digit it speaks for and against."""
    order = np.argsort(-np.linalg.norm(W1, axis=0))
    labels = [f"+{W2[j].argmax()}  −{W2[j].argmin()}" for j in order]
    return show_images(
        W1.T[order],
        labels,
        signed=True,
        title="Purple: ink here excites the unit. Orange: ink here silences it",
        alt=f"""{len(order)} images of 8 by 8 weights, strongest first. The strong ones show purple strokes next to orange ones, often near
        the middle; the weakest look like noise. Below each stands the digit for which the unit speaks loudest and the digit it speaks
        against most.""",
    )


def show_confusions(matrix):
    """The confusion matrix of all ten splits."""
    wrong = matrix * (1 - np.eye(len(matrix), dtype=int))
    i, j = np.unravel_index(wrong.argmax(), wrong.shape)
    return show_confusion(
        matrix,
        title=f"{wrong.max()} of {wrong.sum()} mistakes: an {i} that is read as a {j}",
        alt=f"""A table of ten rows, what the digit is, and ten columns, what the network says. Nearly all of the {matrix.sum()} readings
        are on the diagonal. The darkest cell beside it is row {i}, column {j}, with {wrong[i, j]}; row {j}, column {i} has
        {wrong[j, i]}.""",
    )


def show_eights(images):
    """The eights that were read as a one."""
    return show_images(
        images,
        columns=11,
        title="Every one of these was read as a 1",
        alt=f"""{len(images)} images of an eight, narrow and dark. Of their two loops a light spot is left, or nothing; the rest is an
        upright stroke.""",
    )


def show_mistakes(images, y, d):
    """What was misread, with the probability of the answer and of the truth."""
    said = y.argmax(axis=1)
    labels = [f"says {s}: {100 * p[s]:.0f} %\nis {t}: {100 * p[t]:.0f} %" for p, s, t in zip(y, said, d, strict=True)]
    return show_images(
        images,
        labels,
        columns=5,
        title=f"All {len(d)} mistakes on 500 images",
        alt="Images of the digits that were misread. " + ", ".join(
            f"a {t} read as {s} with {100 * p[s]:.0f} %" for p, s, t in zip(y, said, d, strict=True)
        ) + ".",
    )  # fmt: skip
