"""Experiments that take too long to run in a lesson: their stored results."""

from pathlib import Path

import numpy as np

RESULTS = Path(__file__).resolve().parent.parent / "data" / "results"


def stored(name):
    """The results of notebooks/experiments/NAME.py as a dict of arrays, as `make experiments` last computed them."""
    path = RESULTS / f"{name}.npz"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in RESULTS.glob("*.npz"))) or "none"
        raise FileNotFoundError(f"no stored experiment {name!r}; there are: {there}. `make experiments` computes them")
    with np.load(path, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive if key != "made_from"}
