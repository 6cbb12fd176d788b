"""Importing is cheap: a lesson must not wait for what it does not use."""

import subprocess
import sys

HEAVY = ("sklearn", "matplotlib", "scipy", "joblib", "IPython", "ipywidgets", "torch", "pooch", "requests")
CORE = [
    "functions",
    "initializers",
    "layers",
    "normalization",
    "losses",
    "network",
    "optimizers",
    "regularizers",
    "trainer",
    "gradient_check",
    "diagnostics",
    "datasets",
    "mnist",
    "experiments",
]


def run(code):
    """What a fresh interpreter prints for this code."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_import_common_is_cheap():
    code = "import numpy, time; start = time.perf_counter(); import common; print(time.perf_counter() - start)"
    assert min(float(run(code)[0]) for _ in range(3)) < 0.25


def test_the_core_modules_are_cheap():
    imports = "; ".join(f"import common.{name}" for name in CORE)
    code = f"import numpy, time; start = time.perf_counter(); {imports}; print(time.perf_counter() - start)"
    assert min(float(run(code)[0]) for _ in range(3)) < 0.25


def test_nothing_heavy_is_imported():
    imports = "; ".join(f"import common.{name}" for name in CORE)
    loaded = run(f"import sys, common; {imports}; print(*(m for m in {HEAVY} if m in sys.modules))")
    assert loaded == []
