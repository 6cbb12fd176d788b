"""The text twin of a figure: it changes with the data and only with the data; every figure has an alternative text."""

import base64
import json

import numpy as np
import pytest

from common.plotting import describe, figure, show_matrices, show_network
from common.plotting.base import CourseFigure, _numbers
from common.plotting.windows import show_window

x = np.linspace(0, 6, 50)


def twin(draw, **options):
    fig, ax = figure(alt="A picture for a test.", **options)
    draw(ax)
    return describe(fig)


DRAWINGS = {
    "line": lambda ax, v: ax.plot(x, v),
    "scatter": lambda ax, v: ax.scatter(x, v),
    "bars": lambda ax, v: ax.bar(range(50), v),
    "image": lambda ax, v: ax.imshow(v.reshape(5, 10)),
    "mesh": lambda ax, v: ax.pcolormesh(v.reshape(5, 10)),
    "band": lambda ax, v: ax.fill_between(x, v, 2),
    "contour": lambda ax, v: ax.contour(v.reshape(5, 10)),
    "arrows": lambda ax, v: ax.quiver(x, x, v, v),
    "text": lambda ax, v: ax.text(0, 0, f"{v[7]:.3f}"),
    "segments": lambda ax, v: ax.vlines(x, 0, v),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_changed_data_change_the_twin_and_rounding_does_not(kind):
    y = np.sin(x)
    stored = twin(lambda ax: DRAWINGS[kind](ax, y))
    assert stored == twin(lambda ax: DRAWINGS[kind](ax, y * (1 + 1e-14)))
    assert stored != twin(lambda ax: DRAWINGS[kind](ax, np.sin(1.01 * x)))


def test_order_counts():
    y = np.sin(x)
    swapped = y.copy()
    swapped[[3, 30]] = y[[30, 3]]
    assert twin(lambda ax: ax.plot(x, y)) != twin(lambda ax: ax.plot(x, swapped))


def test_titles_labels_and_legends_are_in_it():
    def draw(ax):
        ax.plot(x, x, label="identity")
        ax.set(title="The finding", xlabel="epochs", ylabel="loss")

    text = twin(draw, title="Above all")
    for words in ("A picture for a test.", "Above all", "The finding", "epochs", "loss", "identity"):
        assert words in text


def test_small_values_on_a_log_axis_count():
    def draw(v):
        return lambda ax: (ax.set_yscale("log"), ax.plot(v))

    small = np.array([1e-8, 1e-4, 1.0])
    assert twin(draw(small)) != twin(draw(small * [2, 1, 1]))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "n=0"),
        ([3.0, 3.0], "n=2 all 3.000"),
        ([np.nan, 1.0, 2.0], "n=3 (1 not finite) from 1.000 to 2.000, mean 1.500"),
        ([0.0, 1e-17], "n=2 from"),
    ],
)
def test_numbers_that_are_special(values, words):
    assert _numbers(values).startswith(words)


def test_a_figure_shows_itself_with_alt_text_and_the_same_bytes_twice():
    fig, ax = figure(alt="A   straight\n line.", size=(5, 3))
    ax.plot(x, x)
    bundle, metadata = fig._repr_mimebundle_()
    assert metadata["image/png"] == {"alt": "A straight line.", "width": 480}
    assert bundle["image/png"][:4] == b"\x89PNG"
    assert bundle["image/png"] == fig._repr_mimebundle_()[0]["image/png"]
    assert bundle["text/plain"] == describe(fig)
    json.dumps(base64.b64encode(bundle["image/png"]).decode())


def test_a_figure_needs_an_alternative_text():
    with pytest.raises(TypeError, match="alt"):
        figure()


def test_shared_drawings_describe_what_they_are_given():
    W = [np.array([[1.0, -2.0], [0.0, 3.0]])]
    one = show_network((2, 2), weights=W, values=[[1, 2], [3, 4]], inputs=["a", "b"])
    other = show_network((2, 2), weights=W, values=[[1, 2], [3, 5]], inputs=["a", "b"])
    assert isinstance(one, CourseFigure)
    assert describe(one) != describe(other)
    assert "layers of 2 and 2 units" in describe(one)
    assert '"a" "b"' in describe(one)
    assert "2×2" in describe(show_matrices([("W", W[0])], alt="A matrix of two rows and two columns."))


def test_beyond_the_last_window_a_slider_begins_again():
    x, W = np.arange(16.0).reshape(4, 4), np.eye(3)
    words = [describe(show_window(x, W, position)) for position in range(5)]  # there are four
    assert len({*words}) == 4 and words[4] == words[0]
