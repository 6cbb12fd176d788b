"""Sliders for a person, a still picture otherwise; the progress bar is silent where nobody looks."""

import sys
from types import SimpleNamespace

import pytest

from common import live


def test_without_a_person_the_start_values_are_drawn_once():
    assert live.explore(lambda a, kind: (a, kind), a=(1.5, 0.0, 3.0), kind=["x", "y"]) == (1.5, "x")


@pytest.fixture
def person(monkeypatch):
    """A kernel that allows input, and what is displayed."""
    shown = []
    monkeypatch.setattr(live, "person_present", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display", lambda item, **_: shown.append(item) or SimpleNamespace(update=shown.append)
    )
    return shown


def test_a_person_gets_a_slider_for_each_control_and_a_picture_that_follows(person):
    drawn = []
    result = live.explore(lambda **values: drawn.append(values), rate=(0.5, 0.0, 1.0), steps=(3, 1, 9), kind=["x", "y"])
    assert result is None
    box = next(item for item in person if hasattr(item, "children"))
    rate, steps, kind = box.children[:3]
    assert (rate.value, rate.min, rate.max, steps.value, kind.options) == (0.5, 0.0, 1.0, 3, ("x", "y"))
    assert type(steps).__name__ == "IntSlider"
    rate.value, kind.value = 0.8, "y"
    assert drawn[0] == {"rate": 0.5, "steps": 3, "kind": "x"}
    assert drawn[-1] == {"rate": 0.8, "steps": 3, "kind": "y"}


@pytest.mark.parametrize("control", [(2.0, 0.05, 3.6), (5.0, 0.0, 3.0), (2, 1, 9, 2)])
def test_a_start_where_a_slider_cannot_stand_is_refused_also_without_a_person(control):
    with pytest.raises(ValueError, match="rate: .* is not .* plus a multiple of"):
        live.explore(lambda rate: rate, rate=control)


def test_a_person_is_who_may_be_asked_for_input(monkeypatch):
    import IPython

    assert not live.person_present()
    for allowed in (True, False):
        shell = SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=allowed))
        monkeypatch.setattr(IPython, "get_ipython", lambda shell=shell: shell)
        assert live.person_present() is allowed


def test_in_the_browser_there_is_always_a_person(monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=object()))
    assert not live.person_present()
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert live.person_present()


def test_progress_passes_everything_on_in_silence(capsys):
    assert list(live.progress([1, 2, 3], "epochs")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_progress_rewrites_one_line_in_a_terminal_without_times(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert list(live.progress(iter("ab"), "runs", total=2)) == ["a", "b"]
    assert capsys.readouterr().out == "\rruns 1/2\rruns 2/2\n"


def test_progress_moves_a_bar_for_a_person(person):
    assert list(live.progress("abc", "epochs")) == ["a", "b", "c"]
    assert (person[0].value, person[0].max, person[0].description) == (3, 3, "epochs")
    assert person[-1].data == ""  # and takes it away


def test_progress_takes_the_bar_away_when_something_fails(person):
    bar = live.progress("abc")
    next(bar)
    bar.close()
    assert person[-1].data == ""
