"""Every figure of the course starts here: one style, one palette, and a text twin of what it shows.

A picture cannot be compared between matplotlib versions (all text moves), nor be read by a screen reader. So a figure
carries an alternative text, written by hand, and a description of its data, made from the artists: nbval compares the
description, and a changed curve turns the test red.
"""

import io
import warnings
from pathlib import Path

import numpy as np
from matplotlib import rc_params_from_file, rcParams
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# For the whole session: what a learner draws beside our figures should look like them.
rcParams.update(rc_params_from_file(Path(__file__).with_name("course.mplstyle"), use_default_template=False))


# One quantity, one colour, in the whole course (Okabe and Ito's palette, safe for colour-blind readers).
BLUE, ORANGE, GREEN, PINK, AMBER, SKY, GREY, DARK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999", "#333333"
)  # fmt: skip
FORWARD, BACKWARD = BLUE, ORANGE  # values flow forward in blue, gradients back in orange
TRAIN, VALIDATION, TEST = BLUE, ORANGE, GREEN
POSITIVE, NEGATIVE = BLUE, ORANGE  # weights and other signed quantities; DIVERGING is their colour map
DIVERGING = "PuOr"
CLASSES = (BLUE, ORANGE, GREEN, PINK, AMBER, SKY, GREY, "#000000", "#8C510A", "#6A3D9A")


class CourseFigure(Figure):
    """A matplotlib figure that shows itself in a notebook, with its alternative text and its description."""

    alt = ""

    def _repr_mimebundle_(self, include=None, exclude=None):
        buffer = io.BytesIO()
        self.savefig(buffer, format="png")
        metadata = {"image/png": {"alt": self.alt, "width": round(96 * self.get_figwidth())}}
        return {"image/png": buffer.getvalue(), "text/plain": describe(self)}, metadata

    def __str__(self):
        return describe(self)


def figure(rows=1, columns=1, *, alt, size=None, title=None, **options):
    """A figure in the course's style and its axes, as `matplotlib.pyplot.subplots` gives them.

    alt: what a reader who cannot see the picture needs to know (required). size: (width, height) in inches; 7.5 wide
    fills the page. title: one bold line above all axes. Other options go to `Figure.subplots`.
    Put the figure on a cell's last line to show it.
    """
    fig = CourseFigure(figsize=size)
    fig.alt = " ".join(alt.split())
    axes = fig.subplots(rows, columns, **options)
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig, axes


def blank(ax):
    """Take the frame, ticks and grid off an axes that holds a drawing, and keep its proportions; returns it."""
    ax.set_axis_off()
    ax.set_aspect("equal")
    return ax


# --- the text twin ----------------------------------------------------------------------------------------------------


def describe(fig):
    """What the figure plots, in words and numbers: titles, labels, and per line, image, bar or marks the count, range,
    mean and an order-sensitive checksum, each rounded to a thousandth of the range."""
    lines = [f"Figure: {getattr(fig, 'alt', '') or 'no description'}"]
    if fig.get_suptitle():
        lines.append(f"title {_quote(fig.get_suptitle())}")
    for number, ax in enumerate(fig.axes, 1):
        named = [
            ("", ax.get_title("left") or ax.get_title()),
            ("x ", ax.get_xlabel()),
            ("y ", ax.get_ylabel()),
        ]
        lines.append("; ".join([f"axes {number}"] + [f"{name}{_quote(text)}" for name, text in named if text]))
        lines += [f"  {entry}" for entry in _artists(ax)]
    return "\n".join(lines)


def _artists(ax):
    log_x, log_y = ax.get_xscale() == "log", ax.get_yscale() == "log"
    for line in ax.lines:
        x, y = line.get_data()
        yield f"line{_label(line)} x {_numbers(x, log_x)} y {_numbers(y, log_y)}"
    for image in ax.images:
        yield f"image {_numbers(image.get_array())}"
    for collection in ax.collections:
        yield _collection(collection, log_x, log_y)
    bars = [p.get_bbox().bounds for p in ax.patches if isinstance(p, Rectangle)]
    if bars:
        yield "bars " + " ".join(f"{n} {_numbers(v)}" for n, v in zip("xywh", np.array(bars).T, strict=True))
    shapes = [p for p in ax.patches if not isinstance(p, Rectangle)]
    if shapes:
        # The bounding box of the path in data coordinates; the layout of the page plays no part in it.
        paths = [p.get_patch_transform().transform_path(p.get_path()).vertices for p in shapes]
        yield f"shapes {len(shapes)} {_numbers(np.concatenate(paths).ravel())}"
    texts = [t.get_text() for t in ax.texts if t.get_text()]
    if texts:
        yield "text " + " ".join(_quote(t) for t in texts)


def _collection(collection: Collection, log_x, log_y):
    values = collection.get_array()
    kind = type(collection).__name__.removeprefix("FillBetween")  # matplotlib 3.9 has no such class of its own
    if isinstance(collection, ContourSet):  # where a contour runs follows from its levels and values
        z = np.array([collection.zmin, collection.zmax])
        return f"{kind} levels {_numbers(collection.levels)} values {_numbers(z)}"
    if isinstance(collection, QuadMesh):
        return f"{kind} {_numbers(values)}"
    if isinstance(collection, PathCollection):
        points = np.ma.filled(collection.get_offsets(), np.nan)
    else:
        points = np.concatenate([p.vertices for p in collection.get_paths()] or [np.zeros((0, 2))])
        if hasattr(collection, "U"):  # arrows: where they start and what they point along
            points, values = collection.get_offsets(), np.hypot(collection.U, collection.V)
    words = f"{kind}{_label(collection)} x {_numbers(points[:, 0], log_x)} y {_numbers(points[:, 1], log_y)}"
    return words if values is None else f"{words} values {_numbers(values)}"


def _label(artist):
    label = str(artist.get_label())
    return "" if label.startswith("_") else f" {_quote(label)}"


def _quote(text):
    return '"' + " ".join(text.split()) + '"'


def _numbers(values, log=False):
    """`n=5 from 0.0 to 2.5, mean 1.2, checksum 0.417`: rounded so that a last-bit difference does not show."""
    v = np.asarray(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)).ravel()
    if log:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            v = np.log10(v)
    finite = v[np.isfinite(v)]
    count = f"n={v.size}" + (f" ({v.size - finite.size} not finite)" if finite.size < v.size else "")
    if not finite.size:
        return count
    low, high = finite.min(), finite.max()
    span = high - low if high - low > 1e-9 * max(abs(low), abs(high), 1e-300) else abs(high)
    decimals = int(np.clip(3 - np.floor(np.log10(span)), 0, 12)) if span > 1e-12 else 3

    def show(value):
        return f"{round(float(value), decimals) + 0.0:.{decimals}f}"

    name = "log10 " if log else ""
    if high - low <= 1e-9 * max(abs(high), 1e-300):
        return f"{count} {name}all {show(high)}"
    # Weights without a pattern, so that any change of order or value moves the sum.
    weights = (np.arange(1, v.size + 1) * 0.6180339887498949) % 1
    checksum = np.mean(weights * (np.where(np.isfinite(v), v, high) - low)) / (high - low)
    return f"{count} {name}from {show(low)} to {show(high)}, mean {show(finite.mean())}, checksum {checksum:.3f}"
