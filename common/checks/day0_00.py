"""Feedback on 00, start here, and a look at the learner's machine."""

import importlib.metadata
import os
import re
import sys
from pathlib import Path

import numpy as np

from common.checks.feedback import Lesson

lesson = Lesson("00")
exercise, quiz = lesson.check, lesson.answer


@lesson.exercise(cases=[(np.array([3.0, 1.0, 2.0]),), (np.array([-1.0, 4.0, 0.0]),), (np.array([5.0]),)])
def centred(values):
    """The values minus their mean, so that they sum to 0; values: (n,)."""
    return values - values.mean()


@centred.mistake("that is the mean itself. Subtract it from the values.")
def _(values):
    return values.mean()


@centred.mistake("the sign is turned round: values minus mean, not mean minus values.")
def _(values):
    return values.mean() - values


@centred.mistake("that is the median, the value in the middle. Minus the median, the values need not sum to 0.")
def _(values):
    return values - np.median(values)


@centred.mistake("that subtracts the sum; the mean is the sum divided by how many there are.")
def _(values):
    return values - values.sum()


lesson.quiz(
    "shape_of_a_product",
    "`a` has shape (4, 3) and `b` has shape (3, 2). Which shape has `a @ b`?",
    right="b",
    a=("(3, 3)", "the two inner numbers, 3 and 3, must be equal, and they vanish. Which two are left?"),
    b=("(4, 2)", "the inner numbers, 3 and 3, agree and vanish; 4 and 2 are left."),
    c=("(4, 3, 2)", "a matrix product of two matrices is a matrix: the inner numbers vanish."),
    d=("none: the shapes do not fit", "they fit: the last number of a and the first of b are both 3."),
)


def check_environment():
    """Print one line for each thing that the course needs: ✓, or ✗ with what was found and what to do."""
    checks = [_python, *(lambda n=name: _package(n) for name in ("numpy", "matplotlib", "scikit-learn", "ipywidgets"))]
    for check in [*checks, _writable, _course]:
        print(check())


def _python():
    found = ".".join(map(str, sys.version_info[:3]))
    return _line(
        sys.version_info >= (3, 11), "Python 3.11 or newer", f"this is {found}; install a newer one, then make lab"
    )


def _package(name):
    """The bound of pyproject.toml, as the installed course states it."""
    needed = next(
        r for r in importlib.metadata.requires("deep-learning-course") if re.match(rf"{name}\b", r) and "extra" not in r
    )
    bound = needed.partition(">=")[2]
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return _line(False, f"{name} {bound} or newer", "not installed; pip install -r requirements.txt")
    remedy = f"this is {found}; pip install --upgrade {name}"
    return _line(_numbers(found) >= _numbers(bound), f"{name} {bound} or newer", remedy)


def _writable():
    return _line(os.access(Path.cwd(), os.W_OK), "your copy of the notebooks can be saved", "this folder is read-only")


def _course():
    data = Path(__file__).resolve().parents[2] / "data"
    return _line(
        data.is_dir(), "the course's stored results", "data/ is missing; clone the whole course, not one notebook"
    )


def _numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)[:2]]


def _line(good, what, remedy):
    return f"✓ {what}" if good else f"✗ {what}: {remedy}"
