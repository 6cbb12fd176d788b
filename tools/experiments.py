"""Compute the stored results of the experiments that are too slow to run in a lesson.

    python tools/experiments.py                 compute what is stale: its script or the library behind it changed
    python tools/experiments.py NAME ...        compute these
    python tools/experiments.py --check         say what is stale (exit 1)
    python tools/experiments.py --recompute --check    compute all again and compare with what is stored (exit 1)

A script `notebooks/experiments/NAME.py` has a function `compute()` that returns a dict of arrays. They go to
`data/results/NAME.npz`, together with the hash of all code they follow from.

What needs downloaded data and half an hour (BY_HAND) is not computed here, but by its own script. It is stale if that
script has changed; if the library has, this is only noted, because nobody could mend it without the data.
"""

import argparse
import hashlib
import importlib.util
import os
import sys
import time

# Before NumPy is loaded: the course's matrices are small, and one thread gives the same numbers everywhere.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import numpy as np
from fingerprint import ROOT, fingerprint, normalized

SCRIPTS = ROOT / "notebooks" / "experiments"
RESULTS = ROOT / "data" / "results"
BY_HAND = {"mnist": ROOT / "benchmarks" / "mnist.py"}
TOLERANCE = 1e-6  # relative; what a processor's last bits may grow to in a long training


def names():
    return sorted(p.stem for p in SCRIPTS.glob("*.py"))


def made_from(name):
    if name in BY_HAND:
        code = BY_HAND[name].read_text(encoding="utf-8")
        return f"{hashlib.sha256(normalized(code).encode()).hexdigest()[:16]} {fingerprint(code)}"
    return fingerprint((SCRIPTS / f"{name}.py").read_text(encoding="utf-8"))


def load(name):
    path = RESULTS / f"{name}.npz"
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def stale(name):
    """Why the stored result does not belong to its script, or None."""
    result = load(name)
    if name in BY_HAND:
        if result is None:
            return f"{name}: never computed; run {BY_HAND[name].name} by hand"
        if str(result["made_from"]).split()[0] != made_from(name).split()[0]:
            return f"{name}: its script changed since it was computed; run it by hand"
        return None
    if result is None:
        return f"{name}: never computed; run `make experiments`"
    if str(result["made_from"]) != made_from(name):
        return f"{name}: its script or the library changed since it was computed; run `make experiments`"
    return None


def notes():
    """What was computed by hand with another version of the library."""
    there = {name: load(name) for name in BY_HAND}
    return [
        f"note: the library changed since {name} was computed by hand"
        for name, result in there.items()
        if result and str(result["made_from"]) != made_from(name)
    ]


def orphans():
    return [
        f"data/results/{p.name}: no script makes it"
        for p in sorted(RESULTS.glob("*.npz"))
        if p.stem not in (*names(), *BY_HAND)
    ]


def compute(name):
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return {key: np.asarray(value) for key, value in script.compute().items()}


def store(name, arrays, code):
    """code: `made_from(name)` as it was when the computation began; somebody may edit the library meanwhile."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(RESULTS / f"{name}.npz", made_from=code, **arrays)


def differences(name, arrays):
    """Which arrays differ from the stored ones."""
    old = load(name) or {}
    for key in sorted((arrays.keys() | old.keys()) - {"made_from"}):
        a, b = old.get(key), arrays.get(key)
        if a is None or b is None or a.shape != b.shape:
            yield f"{name}: {key} is {'missing' if b is None else 'new or of another shape'}"
        elif not (np.allclose(a, b, rtol=TOLERANCE, equal_nan=True) if b.dtype.kind == "f" else np.array_equal(a, b)):
            yield f"{name}: {key} is not what is stored"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--recompute", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.names) - set(names()):
        raise SystemExit(f"no experiment is called {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
    problems = orphans()
    for name in options.names or names():
        if options.check and not options.recompute:
            problems += filter(None, [stale(name)])
        elif options.names or options.recompute or stale(name):
            began, code = time.perf_counter(), made_from(name)
            arrays = compute(name)
            if options.check:
                problems += differences(name, arrays)
            else:
                store(name, arrays, code)
            print(f"computed {name} in {time.perf_counter() - began:.0f} s", flush=True)
    if not options.names:
        problems += [problem for name in BY_HAND if load(name) and (problem := stale(name))]
        print("".join(f"{note}\n" for note in notes()), end="")
    print("\n".join(problems) or "all stored results belong to their scripts")
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main())
